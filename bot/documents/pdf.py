"""Pages → PDF, by Typst from `templates/guide/guide.typ` with the fonts of `templates/fonts/`.

Tagged, with an outline, the document's language and a date that is the guide's: the same pages give the same bytes.
"""

from __future__ import annotations

import json
import re
from dataclasses import asdict
from functools import cache
from importlib.resources import as_file, files
from typing import TYPE_CHECKING, Any

from bot.documents.pages import Item, Leaf, Pages
from flows.i18n import base

if TYPE_CHECKING:
    import typst

_IN_TABLE = 21  # letters that a narrow column holds
_IN_LINE = 59
_WORD = re.compile(r"[^\s\u200b]+")
_AFTER_MARK = re.compile(r"(?<=[-/._@,;:&?=])")
_BREAK = "\u200b"  # a place where a line may end; takes no room
_KINDS = {"Heading": "heading", "Text": "text", "Entries": "entries", "Grid": "grid"}


def to_pdf(pages: Pages) -> bytes:
    """The pages as one PDF file."""
    import typst

    with as_file(files("templates").joinpath("guide", "guide.typ")) as template:
        made: bytes = typst.compile(
            str(template),
            root=str(template.parent),
            font_paths=_fonts(),
            sys_inputs={"pages": json.dumps(_data(pages), ensure_ascii=False)},
            timestamp=int(pages.compiled_at.timestamp()),
            format="pdf",
        )
    return made


@cache
def _fonts() -> typst.Fonts:
    import typst

    with as_file(files("templates").joinpath("fonts")) as folder:
        return typst.Fonts(include_system_fonts=False, font_paths=[str(folder)])


def _data(pages: Pages) -> dict[str, Any]:
    data = {
        "language": _code(pages.language),
        "country": pages.country,
        "title": pages.title,
        "subtitle": pages.subtitle,
        "status": pages.status,
        "compiled": pages.compiled,
        "withheld": pages.withheld,
        "labels": dict(pages.labels),
        "leaves": [_leaf(leaf) for leaf in pages.leaves],
        "sources_heading": asdict(pages.sources_heading),
        "references": [asdict(reference) for reference in pages.references],
    }
    return {
        **_breakable(data, _IN_LINE),
        "made": list(pages.compiled_at.timetuple()[:6]),
        "known": sorted(pages.known),
        "has_headings": bool(pages.headings()),
        "name": pages.title,
    }


def _leaf(leaf: Leaf) -> dict[str, Any]:
    return {"landscape": leaf.landscape, "items": [_item(item) for item in leaf.items]}


def _item(item: Item) -> dict[str, Any]:
    data = {"kind": _KINDS[type(item).__name__], **asdict(item, dict_factory=_dict)}
    return data if data["kind"] != "grid" else _breakable(data, _IN_TABLE)


def _dict(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if "rtl" in found:
        found["language"] = _code(found["language"])
    return found


def _breakable(value: Any, room: int) -> Any:
    """`value` with its words of more than `room` letters made breakable; anchors stay as they are."""
    if isinstance(value, str):
        return _WORD.sub(lambda word: _broken(word[0], room), value) if len(value) > room else value
    if isinstance(value, dict):
        return {key: one if key == "anchor" else _breakable(one, room) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [_breakable(one, room) for one in value]
    return value


def _broken(word: str, room: int) -> str:
    """A long word, breakable after its punctuation, and anywhere where that is not enough."""
    if len(word) <= room:
        return word
    parts = _AFTER_MARK.split(word)
    return _BREAK.join(_BREAK.join(part) if len(part) > room else part for part in parts if part)


def _code(language: str) -> str:
    """A language code of the two or three letters that Typst takes."""
    code = base(language)
    return code if re.fullmatch("[a-z]{2,3}", code) else "und"
