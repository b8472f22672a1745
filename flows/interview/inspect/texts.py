"""Texts that are missing, not translated, too long for a button, or alike."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from xml.etree.ElementTree import Element

from flows.interview.inspect.document import XFORMS, Document
from flows.interview.inspect.problems import Problem
from flows.interview.replies.folding import fold

LONGEST_BUTTON = 40  # letters; beyond, a telephone shows the beginning only
_ITEXT = re.compile(r"jr:itext\('([^']*)'\)")
_COLUMNS = {
    "label": "label", "hint": "hint", "jr:constraintMsg": "constraint_message", "jr:requiredMsg": "required_message",
    "jr:noAppErrorString": "no_app_error_string",
}  # fmt: skip
_MEDIA = ("image", "big-image", "audio", "video")
_FORM_COLUMNS = {"guidance": "guidance_hint", **{form: form for form in _MEDIA}}


def check_texts(document: Document) -> Iterator[Problem]:
    yield from _untranslated(document)
    yield from _unlabelled(document)
    yield from _media(document)
    yield from _choices(document)


def _untranslated(document: Document) -> Iterator[Problem]:
    """A text that one language has and another has not: pyxform writes "-" in its place."""
    every: dict[str, set[str]] = {}
    for entries in document.texts.values():
        for key, forms in entries.items():
            every.setdefault(key, set()).update(forms)
    for language, entries in document.texts.items():
        for key, known in every.items():
            for form in sorted(known):
                text = entries.get(key, {}).get(form, "").strip()
                others = [texts.get(key, {}).get(form, "").strip() for texts in document.texts.values()]
                if text in ("", "-") and any(other not in ("", "-") for other in others):
                    path, column, list_name, name = _place(key, form, document)
                    values = {"language": language, "name": name}
                    yield Problem(
                        "warning",
                        "choice_untranslated" if list_name else "untranslated",
                        values | ({"list": list_name} if list_name else {}),
                        path,
                        sheet="choices" if list_name else "",
                        column=f"{column}::{language}",
                    )


def _place(key: str, form: str, document: Document) -> tuple[str, str, str, str]:
    """Path, column, choice list and choice name of a text id."""
    path, _, part = key.rpartition(":")
    if part.startswith(("constraintMsg", "requiredMsg", "noAppErrorString")):
        path, part = path.rpartition(":")[0], f"jr:{part}"
    column = _FORM_COLUMNS.get(form) or _COLUMNS.get(part, "label")
    if path in document.order:
        return path, column, "", path.rpartition("/")[2]
    list_name, _, number = key.rpartition("-")
    items = document.lists.get(list_name, ())
    name = items[int(number)].get("name", "") if number.isdigit() and int(number) < len(items) else ""
    return path if path.startswith("/") else "", column, list_name, name


def _unlabelled(document: Document) -> Iterator[Problem]:
    for control in document.controls:
        label = control.element.find(f"{XFORMS}label")
        if control.tag == "repeat":
            outer = [one for one in document.controls if one.tag == "group" and one.path == control.path]
            if not any(_has_text(one.element.find(f"{XFORMS}label")) for one in outer):
                yield Problem("warning", "repeat_unlabelled", {}, control.path, column="label")
        elif "/reserved_name_for_field_list_labels_" in control.path:
            continue  # the heading row that pyxform makes of a table
        elif control.tag != "group" and not _has_text(label) and control.element.find(f"{XFORMS}hint") is None:
            yield Problem("warning", "unlabelled", {}, control.path, column="label")


def _has_text(label: Element | None) -> bool:
    return label is not None and bool(label.get("ref") or "".join(label.itertext()).strip() or len(label))


def _media(document: Document) -> Iterator[Problem]:
    seen: set[tuple[str, str]] = set()
    for entries in document.texts.values():
        for key, forms in entries.items():
            for form in _MEDIA:
                path, column, list_name, name = _place(key, form, document)
                if form in forms and forms[form] not in ("", "-") and (place := (key, column)) not in seen:
                    seen.add(place)
                    yield Problem(
                        "warning", "media", {"name": name}, path, sheet="choices" if list_name else "", column=column
                    )


def _choices(document: Document) -> Iterator[Problem]:
    for list_name, items in document.lists.items():
        for language in document.texts or {"": {}}:
            seen: dict[str, str] = {}
            for item in items:
                label, name = _label(item, language, document), item.get("name", "")
                where = {"list": list_name, "name": name, "language": language, "label": label}
                column = f"label::{language}" if language and "itextId" in item else "label"
                if len(label) > LONGEST_BUTTON:
                    values = where | {"length": str(len(label)), "most": str(LONGEST_BUTTON)}
                    yield Problem("note", "choice_long", values, sheet="choices", column=column)
                alike = (fold(label), *(value for key, value in sorted(item.items()) if key not in _OWN_CELLS))
                other = seen.setdefault("\0".join(alike), name)
                if label and label != "-" and other != name:
                    yield Problem("warning", "choices_alike", where | {"other": other}, sheet="choices", column=column)


_OWN_CELLS = frozenset({"name", "label", "itextId"})


def _label(item: Mapping[str, str], language: str, document: Document) -> str:
    if "itextId" in item:
        return document.texts.get(language, {}).get(item["itextId"], {}).get("", "")
    return item.get("label", "")
