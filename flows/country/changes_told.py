"""Changes between two versions in words: as lines for a chat, and as a paper of its own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from flows.country.changes import Change, Counts, changes, counted
from flows.country.comparing import Span
from flows.country.guide import Block, Cell, Guide, Paragraph, Row, Section, Statement, Table
from flows.i18n import FALLBACK, base, languages, text

MOST_LINES = 12
ROOM = 160  # letters of a text that a line of a chat may show
_AROUND = 40  # letters shown before what changed
_PLACES = {"": "place_cover", "sources": "place_sources", "experts": "place_experts"}
_WITHOUT_TEXT = frozenset({"experts", "form"})
_OWN_WORDS = frozenset({"section", "title", "caption", "source", "withheld"})  # kinds of thing that have own sentences


def summary(found: Sequence[Change], language: str) -> str:
    """How much changed, in one sentence."""
    if not found:
        return _text("nothing", language)
    counts = counted(found)
    return _text("summary", language, counts=_counts(counts, language))


def _counts(counts: Counts, language: str) -> str:
    from babel.lists import format_list

    parts = [
        _text(f"count_{name}", language, n=getattr(counts, name))
        for name in ("added", "removed", "changed", "moved", "attributed")
        if getattr(counts, name)
    ]
    return format_list(parts, locale="en_GB" if base(language) == "en" else base(language))


def lines(found: Sequence[Change], language: str, most: int = MOST_LINES) -> tuple[str, ...]:
    """The changes as lines of plain text, long texts cut to what changed in them; the last line says how many more
    there are."""
    language = _spoken(language)
    told = [_line(change, language) for change in found[:most]]
    if len(found) > most:
        told.append(_text("more", language, n=len(found) - most))
    return tuple(told)


def _line(change: Change, language: str) -> str:
    before, after = (_excerpt(spans or (Span(whole, False),), ROOM) for spans, whole in _both(change))
    return _text("line", language, place=_place(change, language), change=_said(change, before, after, language))


def _both(change: Change) -> tuple[tuple[tuple[Span, ...], str], tuple[tuple[Span, ...], str]]:
    if change.kind == "attributed":
        return ((), change.before), ((), change.after)
    return (change.old, change.before), (change.new, change.after)


def _place(change: Change, language: str) -> str:
    return change.section or _text(_PLACES.get(change.anchor, "place_cover"), language)


def _said(change: Change, before: str, after: str, language: str) -> str:
    if change.what in _WITHOUT_TEXT:
        return _text(f"changed_{change.what}", language)
    if change.kind == "attributed":
        whole = _excerpt(change.new, ROOM)
        return _text("attributed", language, text=whole, before=before or "–", after=after or "–")
    name = f"{change.kind}_{change.what}" if change.what in _OWN_WORDS else f"{change.kind}_text"
    return _text(name, language, before=before, after=after)


def _excerpt(spans: tuple[Span, ...], room: int) -> str:
    """A text cut to at most `room` letters around what changed in it."""
    whole = "".join(span.text for span in spans)
    if len(whole) > room:
        same = len(spans[0].text) if spans[0].same else 0
        start = max(min(same - _AROUND, len(whole) - room), 0)
        cut = whole[start : start + room].strip()
        whole = f"{'…' if start else ''}{cut}{'…' if start + room < len(whole) else ''}"
    return " ".join(whole.split())


# ---- the paper ------------------------------------------------------------------------------------------------------
def report(old: Guide, new: Guide) -> Guide:
    """All changes with both texts whole, by section, as a document without a cover. Changed words stand in brackets."""
    language = _spoken(new.language)
    found = changes(old, new)
    by_place = groupby(found, key=lambda change: (change.anchor, _place(change, language)))
    blocks: list[Block] = [Paragraph((Statement(summary(found, language)),))]
    if any(change.old or change.new for change in found):
        blocks.append(Paragraph((Statement(_text("brackets", language)),), "note"))
    return replace(
        new,
        title=_text("title", language),
        subtitle=new.title,
        status=_text("status", language, before=old.status, after=new.status),
        summary=tuple(blocks),
        sections=tuple(
            Section(anchor or "cover", "", place, (_table(f"{anchor}-{number}", changed, language),))
            for number, ((anchor, place), changed) in enumerate(by_place, start=1)
        ),
        sources=(),
        withheld=0,
        front=(),
        cover=False,
    )


def _table(anchor: str, found: Iterable[Change], language: str) -> Table:
    columns = tuple(_text(f"column_{name}", language) for name in ("change", "before", "after"))
    return Table(f"table-{anchor}", "", columns, tuple(_rows(found, language)), (0.16, 0.42, 0.42))


def _rows(found: Iterable[Change], language: str) -> Iterator[Row]:
    for change in found:
        if change.what in _WITHOUT_TEXT:
            yield Row((Cell((Statement(_text(f"changed_{change.what}", language)),)),), span=True)
            continue
        name = f"{change.kind}_{change.what}" if change.what in _OWN_WORDS else change.kind
        before, after = _marked(change.old) or change.before, _marked(change.new) or change.after
        if change.kind == "attributed":
            what = Cell((Statement(_text(f"label_{name}", language)), Statement(_marked(change.new))))
            before, after = change.before, change.after
        else:
            what = Cell((Statement(_text(f"label_{name}", language)),))
        yield Row((what, *(Cell((Statement(whole),)) if whole else Cell(gap="–") for whole in (before, after))))


def _marked(spans: tuple[Span, ...]) -> str:
    """The text with what changed in brackets."""
    parts = []
    for span in spans:
        inner = span.text.strip()
        if span.same or not inner:
            parts.append(span.text)
        else:
            start = span.text.index(inner)
            parts.append(f"{span.text[:start]}[{inner}]{span.text[start + len(inner) :]}")
    return "".join(parts)


def _spoken(language: str) -> str:
    return language if base(language) in languages() else FALLBACK


def _text(key: str, language: str, /, n: int | None = None, **values: object) -> str:
    return text(f"versions.{key}", _spoken(language), n, **values)
