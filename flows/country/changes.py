"""What changed from one version of a guide to another: statement by statement, row by row, word by word.

Sources that only got other numbers are no change. What is for the experts of a draft is compared as one.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal, TypeVar

from flows.country.comparing import ALIKE, Span, likeness, matched, spans
from flows.country.dates import written
from flows.country.guide import Bullets, Figure, Guide, Paragraph, Section, Source, Statement, Table
from flows.country.guide_json import content
from flows.country.walking import EXPERTS, changed, sections, titled

Kind = Literal["added", "removed", "changed", "moved", "attributed"]
What = Literal["text", "row", "section", "title", "caption", "source", "note", "withheld", "experts", "form"]
_MOST_COMPARED = 2_500  # pairs of texts

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Change:
    """One change. `anchor`, `section`: where, "" on the cover, and the section's number and title; `before`, `after`:
    the texts, the cells of a row one after another, or who said it (`attributed`), or the section it was in (`moved`:
    then `after` is the text). `old` and `new` are the same texts in spans, where words changed."""

    anchor: str
    section: str
    kind: Kind
    what: What
    before: str = ""
    after: str = ""
    old: tuple[Span, ...] = ()
    new: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Counts:
    """How many changes of each kind, in how many sections."""

    added: int
    removed: int
    changed: int
    moved: int
    attributed: int
    sections: int


def counted(found: Iterable[Change]) -> Counts:
    """How much changed."""
    every = list(found)
    kinds = [change.kind for change in every]
    return Counts(
        added=kinds.count("added"),
        removed=kinds.count("removed"),
        changed=kinds.count("changed"),
        moved=kinds.count("moved"),
        attributed=kinds.count("attributed"),
        sections=len({change.anchor for change in every}),
    )


def changes(old: Guide, new: Guide) -> tuple[Change, ...]:
    """Every change from `old` to `new`, in the order of the guide. Empty when they say the same."""
    pairs = _paired_sources(old.sources, new.sources)
    numbers = {before.number: after.number for before, after in pairs if before is not None and after is not None}
    found = [*_cover(old, new), *_sections(old, new, numbers), *_sources(pairs, new.language)]
    found = _moved(found)
    shown = [_without_experts(guide) for guide in (old, new)]
    if _experts(old, numbers) != _experts(new, {}):
        found.append(Change(EXPERTS, "", "changed", "experts"))
    if not found:
        found += _drawn(*shown)
    if not found and content(_renumbered(shown[0], numbers)) != content(_renumbered(shown[1], {})):
        found.append(Change("", "", "changed", "form"))
    return tuple(found)


# ---- the cover and the list of sources ------------------------------------------------------------------------------
def _cover(old: Guide, new: Guide) -> Iterator[Change]:
    compared: tuple[tuple[What, str, str], ...] = (
        ("title", old.country_name, new.country_name),
        ("title", old.title, new.title),
        ("title", old.subtitle, new.subtitle),
        ("note", old.note, new.note),
        ("withheld", str(old.withheld), str(new.withheld)),
    )
    for what, before, after in compared:
        if before != after:
            yield _between(what, before, after)


def _paired_sources(old: Sequence[Source], new: Sequence[Source]) -> list[tuple[Source | None, Source | None]]:
    """The sources that are one another, by all that a reader sees of them, else by whom they are; those left alone."""
    keys: tuple[Callable[[Source], Hashable], ...] = (
        lambda one: replace(one, number=0),
        lambda one: (one.kind, one.entity, one.speaker),
        lambda one: (one.kind, one.entity),
    )
    left, waiting = list(old), list(new)
    pairs: list[tuple[Source | None, Source | None]] = []
    for key in keys:
        for after in list(waiting):
            before = next((one for one in left if key(one) == key(after)), None)
            if before is not None:
                left.remove(before)
                waiting.remove(after)
                pairs.append((before, after))
    pairs += [(None, after) for after in waiting]
    pairs.sort(key=lambda pair: pair[1].number if pair[1] is not None else 0)
    return [*pairs, *((before, None) for before in left)]


def _sources(pairs: Iterable[tuple[Source | None, Source | None]], language: str) -> Iterator[Change]:
    for before, after in pairs:
        texts = _told(before, language), _told(after, language)
        if texts[0] != texts[1]:
            yield _between("source", *texts, "sources")


def _told(source: Source | None, language: str) -> str | None:
    if source is None:
        return None
    who = " – ".join(part for part in (source.entity, source.speaker) if part)
    how = (written(source.given_on.date(), language), source.language, source.form_version)
    return f"{who} ({', '.join(part for part in how if part)})"


# ---- sections -------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class _Unit:
    """What is compared as one: a statement, a row, the heads of a table."""

    what: What
    text: str
    sources: frozenset[int] = field(default=frozenset(), compare=False)


def _sections(old: Guide, new: Guide, numbers: dict[int, int]) -> Iterator[Change]:
    before, after = (_by_anchor(_without_experts(guide)) for guide in (old, new))
    gone = {one.number: -one.number for one in old.sources}  # sources that are no longer there have negative numbers
    names = {**{-one.number: one.entity for one in old.sources}, **{one.number: one.entity for one in new.sources}}
    for key in _in_order(list(before), list(after)):
        one, other = before.get(key), after.get(key)
        where = titled(other or one)  # type: ignore[arg-type]
        anchor = key[0]
        if one is None or other is None:
            yield _between("section", None if one is None else where, None if other is None else where, anchor, where)
        elif one.title != other.title:
            yield _between("title", one.title, other.title, anchor, where)
        was = list(_units(one, lambda number: numbers.get(number, gone.get(number, number)))) if one is not None else []
        now = list(_units(other, lambda number: number)) if other is not None else []
        for change in _compared(was, now, names):
            yield replace(change, anchor=anchor, section=where)


def _by_anchor(guide: Guide) -> dict[tuple[str, int], Section]:
    """The sections by anchor, and which one of that anchor where several share it."""
    found: dict[tuple[str, int], Section] = {}
    for section in sections(guide):
        place = 0
        while (section.anchor, place) in found:
            place += 1
        found[section.anchor, place] = section
    return found


def _in_order(old: list[T], new: list[T]) -> list[T]:
    """All of both, as the new ones stand; what is gone after what it stood behind."""
    order = list(new)
    for place, key in enumerate(old):
        if key not in new:
            before = next((one for one in reversed(old[:place]) if one in order), None)
            order.insert(order.index(before) + 1 if before is not None else 0, key)
    return order


def _units(section: Section, number: Callable[[int], int]) -> Iterator[_Unit]:
    def unit(what: What, said: tuple[Statement, ...], text: str) -> _Unit:
        return _Unit(what, text, frozenset(number(one) for item in said for one in item.sources))

    for block in section.blocks:
        match block:
            case Paragraph():
                yield from (unit("text", (one,), one.text) for one in block.statements)
            case Bullets():
                for item in block.items:
                    yield from (unit("text", (one,), one.text) for one in item.statements)
                    if item.gap and not item.statements:
                        yield unit("text", (), item.gap)
            case Table():
                if heads := [part for part in (block.caption, *block.columns) if part]:
                    yield unit("caption", (), " | ".join(heads))
                for row in block.rows:
                    cells = [" ; ".join(one.text for one in cell.statements) or cell.gap for cell in row.cells]
                    said = tuple(one for cell in row.cells for one in cell.statements)
                    yield unit("row", said, " | ".join(cells))
            case Figure():
                yield unit("caption", (), block.caption)


def _drawn(old: Guide, new: Guide) -> Iterator[Change]:
    """What figures show otherwise. Looked at where nothing else has changed: they follow from the rest, but for how
    many take part."""
    before, after = _by_anchor(old), _by_anchor(new)
    for key in (one for one in after if one in before):
        for one, other in zip(_figures(before[key]), _figures(after[key]), strict=False):
            if one.alt != other.alt:
                yield _between("caption", one.alt, other.alt, key[0], titled(after[key]))


def _figures(section: Section) -> list[Figure]:
    return [block for block in section.blocks if isinstance(block, Figure)]


def _compared(old: list[_Unit], new: list[_Unit], names: dict[int, str]) -> Iterator[Change]:
    for tag, i, ends, j, end in matched(old, new):
        if tag == "equal":
            for one, other in zip(old[i:ends], new[j:end], strict=True):
                if one.sources != other.sources:
                    who = _who(one, names), _who(other, names)
                    yield Change("", "", "attributed", one.what, who[0], who[1], new=(Span(other.text, True),))
            continue
        for before, after in _aligned(old[i:ends], new[j:end]):
            what: What = after.what if after is not None else before.what if before is not None else "text"
            yield _between(what, None if before is None else before.text, None if after is None else after.text)


def _who(unit: _Unit, names: dict[int, str]) -> str:
    return ", ".join(sorted({names.get(number, str(number)) for number in unit.sources}))


def _aligned(old: list[_Unit], new: list[_Unit]) -> Iterator[tuple[_Unit | None, _Unit | None]]:
    """Texts that became others beside these, in order; and those without counterpart."""
    place = 0
    near = len(old) * len(new) <= _MOST_COMPARED
    for at, unit in enumerate(old):
        candidates = range(place, len(new)) if near else range(max(place, at), min(max(place, at) + 1, len(new)))
        likely = ((likeness(unit.text, new[j].text), -j) for j in candidates if new[j].what == unit.what)
        best, found = max(likely, default=(0.0, 0))
        if best < ALIKE:
            yield unit, None
            continue
        found = -found
        yield from ((None, other) for other in new[place:found])
        yield unit, new[found]
        place = found + 1
    yield from ((None, other) for other in new[place:])


def _moved(found: list[Change]) -> list[Change]:
    """What was taken out in one place and put in elsewhere, word for word, has moved."""
    gone: dict[tuple[str, str], list[Change]] = {}
    for change in found:
        if change.kind == "removed" and change.what in ("text", "row"):
            gone.setdefault((change.what, change.before), []).append(change)
    kept: list[Change] = []
    taken: list[int] = []
    for change in found:
        waiting = gone.get((change.what, change.after)) if change.kind == "added" else None
        if waiting and change.what in ("text", "row"):
            before = waiting.pop(0)
            taken.append(id(before))
            kept.append(replace(change, kind="moved", before=before.section))
        else:
            kept.append(change)
    return [change for change in kept if id(change) not in taken]


def _between(what: What, before: str | None, after: str | None, anchor: str = "", section: str = "") -> Change:
    """What happened to a text that was not there before, or is not any more, or reads otherwise."""
    if before is None or after is None:
        return Change(anchor, section, "added" if before is None else "removed", what, before or "", after or "")
    old, new = spans(before, after)
    return Change(anchor, section, "changed", what, before, after, old, new)


# ---- what is left ---------------------------------------------------------------------------------------------------
def _without_experts(guide: Guide) -> Guide:
    return replace(guide, sections=tuple(section for section in guide.sections if section.anchor != EXPERTS))


def _experts(guide: Guide, numbers: dict[int, int]) -> tuple[Section, ...]:
    own = tuple(section for section in guide.sections if section.anchor == EXPERTS)
    return _renumbered(replace(guide, sections=own), numbers).sections


def _renumbered(guide: Guide, numbers: dict[int, int]) -> Guide:
    """`guide` as if its sources had always had the numbers they got, so that only what it says is compared."""

    def statement(one: Statement) -> Statement:
        return replace(one, sources=tuple(sorted({numbers.get(number, number) for number in one.sources})))

    return replace(changed(guide, statement), sources=())
