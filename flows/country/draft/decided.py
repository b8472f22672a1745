"""What the coordinator decided where contributions differed: in its place, and with all the texts in an annex."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Literal, TypeVar

from flows.country.additions import Side
from flows.country.contribution import Said
from flows.country.differences import claim
from flows.country.dossier import Decided, Difference, DifferenceKind, Dossier, difference_key
from flows.country.draft.desk import Desk, alike, together
from flows.country.guide import Block, Cell, Paragraph, Row, Section, Statement
from flows.country.names import folded
from flows.country.objects import Policy, ProfileDocument
from flows.i18n import FALLBACK, base, languages
from flows.knowledge import Country

T = TypeVar("T", bound=Policy | ProfileDocument)


def decided_on(desk: Desk, kind: DifferenceKind, about: str | tuple[str, str] = "") -> Decided | None:
    """The decision on this difference, where there is one in force."""
    key = difference_key(kind, about)
    return next((found for found in desk.dossier.decided if found.difference.key == key), None)


def decision(desk: Desk, decided: Decided) -> list[Statement]:
    """What holds, and that the coordinator decided so: the one text, or that the practice differs, and why."""
    resolution = decided.resolution
    day = desk.date(resolution.decided_on.date().isoformat())
    if decided.one:
        return [_text(desk, decided), desk.fixed("decided_note", date=day)]
    reason = [desk.free(resolution.reason, resolution.language)] if resolution.reason.strip() else []
    return [desk.fixed("practice_differs_because" if reason else "practice_differs", date=day), *reason]


def paragraphs(desk: Desk, decided: Decided) -> Iterator[Block]:
    """The same as paragraphs: the text, then the note; or all of it as a note."""
    first, *others = decision(desk, decided)
    if decided.one:
        yield Paragraph((first,))
        yield Paragraph(tuple(others), "note")
    else:
        yield Paragraph((first, *others), "note")


def _text(desk: Desk, decided: Decided) -> Statement:
    """The decided text, resting on those whose text it is; on all, where it is nobody's own."""
    resolution, sides = decided.resolution, decided.difference.sides
    own = [side.by for side in sides if folded(shown(desk, side)) == folded(resolution.text)]
    by = tuple(dict.fromkeys(own or [side.by for side in sides]))
    return desk.free(resolution.text, resolution.language, *by)


def statuses(desk: Desk, subject: Literal["policy", "profile"], answers: Iterable[Said]) -> Iterator[Block]:
    """Whether there is a policy or a profile, each answer once with all who gave it; as decided where they differ."""
    decided = decided_on(desk, "policy_status" if subject == "policy" else "profile_status")
    if decided is None or not decided.one:
        for same in alike(answers, lambda said: said.value):
            yield Paragraph((desk.told(subject, same[0], *together(same)),))
    if decided is not None:
        yield from paragraphs(desk, decided)


def documents(
    desk: Desk,
    subject: Literal["policy", "profile"],
    items: Sequence[T],
    key: Callable[[T], Hashable],
    told: Callable[[Desk, list[T]], list[Statement]],
) -> Iterator[Block]:
    """Titles with their years, one entry for all who gave the same; as decided where voices differed, all links and
    files kept. `told`: the statements of an entry, the title first."""
    title = decided_on(desk, "policy_title" if subject == "policy" else "profile_title")
    if title is not None and title.one:
        yield from desk.bullets([[*decision(desk, title), *_rest(desk, items, told)]])
        return

    def year_of(item: T) -> Decided | None:
        about = item.title.value if item.title is not None else ""
        return decided_on(desk, "policy_year" if subject == "policy" else "profile_year", about) if about else None

    def same(item: T) -> Hashable:
        year = year_of(item)
        return year.difference.key if year is not None and year.one else key(item)

    entries: list[list[Statement]] = []
    differing: dict[str, Decided] = {} if title is None else {title.difference.key: title}
    for group in alike(items, same):
        year = year_of(group[0])
        if year is not None and year.one:
            text, note = decision(desk, year)
            named = desk.titled(group[0].title, None, *(item.by for item in group))
            dated = replace(text, text=desk.text("title_year", title=named.text, year=text.text))
            entries.append([dated, note, *_rest(desk, group, told)])
        else:
            entries.append(told(desk, group))
            differing |= {year.difference.key: year} if year is not None else {}
    yield from desk.bullets(entries)
    for found in differing.values():
        yield from paragraphs(desk, found)


def _rest(desk: Desk, items: Iterable[T], told: Callable[[Desk, list[T]], list[Statement]]) -> list[Statement]:
    """What the entries say beside their titles, each once."""
    statements = (statement for item in items for statement in told(desk, [item])[1:])
    return [
        replace(same[0], sources=tuple(dict.fromkeys(number for one in same for number in one.sources)))
        for same in alike(statements, lambda statement: statement.text)
    ]


def annex(desk: Desk) -> Iterator[Section]:
    """Every decision with its reason and the texts it is about."""
    rows: list[Row] = []
    for found in desk.dossier.decided:
        resolution = found.resolution
        held = decision(desk, found)
        if found.one and resolution.reason.strip():
            held += [desk.fixed("reason"), desk.free(resolution.reason, resolution.language)]
        told = [statement for version in versions(desk, found.difference) for statement in version]
        rows.append(Row((Cell((point(desk, found.difference),)), Cell(tuple(held)), Cell(tuple(told)))))
    if rows:
        table = desk.table("decisions", rows, (24, 38, 38), ("point", "decision", "texts"))
        yield Section("decisions", "", desk.text("section_decisions"), (desk.paragraph("decisions_intro"), table))


def point(desk: Desk, difference: Difference) -> Statement:
    """What a difference is about."""
    about = difference.about if isinstance(difference.about, str) else desk.choice(*difference.about)
    if difference.kind == "same_source" and len({folded(side.value) for side in difference.sides}) > 1:
        return desk.fixed("difference_alike_sources", about=about)
    return desk.fixed(f"difference_{difference.kind}", about=about)


def versions(desk: Desk, difference: Difference) -> Iterator[tuple[Statement, Statement]]:
    """Each version of a difference, and all who gave it."""
    # two entities that describe one source differ in more than its name: they stay apart
    apart = difference.kind == "same_source"
    for same in alike(difference.sides, lambda side: (shown(desk, side), side.by if apart else 0)):
        by = tuple(dict.fromkeys(side.by for side in same))
        said = replace(desk.say(same[0]), text=shown(desk, same[0]), sources=by)
        yield said, Statement(desk.text("version_by", entities=desk.entity(*by).text), by)


def shown(desk: Desk, side: Said) -> str:
    """A side of a difference in words."""
    if side.name.endswith("_role"):  # an entity that calls itself the lead
        return desk.short_name(desk.voice(side.by))
    named = desk.institution(side) if side.name.endswith("_lead") else None
    return named.text if named is not None else desk.shown(side)


def sides_of(dossier: Dossier, country: Country, difference: Difference, language: str) -> tuple[Side, ...]:
    """The versions of a difference as a coordinator is asked about them, and as the decision on it keeps them."""
    desk = Desk(dossier, country, language if base(language) in languages() else FALLBACK)
    return tuple(
        Side(shown(desk, side), desk.entity_name(desk.voice(side.by)), claim(dossier, difference.kind, side))
        for side in difference.sides
    )
