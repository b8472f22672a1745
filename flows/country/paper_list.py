"""What a filled paper says beside what is on record, as a paper of its own: to read before it is taken over."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime

from flows.country.dates import written
from flows.country.guide import Block, Cell, Guide, Paragraph, Row, Section, Statement, Table
from flows.i18n import FALLBACK, MissingText, base, languages, text
from flows.interview.paper.differing import Comparison, Difference, Kind
from flows.knowledge import Country

ORDER: tuple[tuple[str, tuple[Kind, ...]], ...] = (
    ("changed", ("changed", "emptied")),
    ("conflict", ("conflict",)),
    ("new", ("new", "row")),
    ("confidence", ("confided", "opened")),
    ("unread", ("unread",)),
)
"""The parts of the list, and which differences stand in each."""
_WIDTHS = 0.30, 0.35, 0.35
Who = Callable[[str], str]
"""The author of an answer, as the record has it → how they are called."""


def difference_list(
    comparison: Comparison,
    *,
    country: Country,
    entity: str,
    language: str,
    made_at: datetime,
    name: str,
    who: Who,
) -> Guide:
    """The differences between the paper `name` and what is on record, a section for each sort of them."""
    language = language if base(language) in languages() else FALLBACK
    sections = []
    for part, kinds in ORDER:
        found = [one for one in comparison.differences if one.kind in kinds]
        if found:
            sections.append(
                Section(part, "", text(f"paper.part_{part}", language), (_table(part, found, language, who),))
            )
    day = written(made_at.date(), language)
    return Guide(
        country=country.code,
        country_name=country.name(language),
        language=language,
        title=text("paper.list_title", language),
        subtitle=entity,
        status=text("paper.list_status", language, name=name, date=day),
        compiled_at=made_at,
        summary=tuple(_counts(comparison, language)),
        sections=tuple(sections),
        sources=(),
        withheld=0,
        labels={"programme": text("recap.programme", language)},
        form_version="",
        cover=False,
    )


def _counts(comparison: Comparison, language: str) -> list[Block]:
    lines = counts(comparison, language)
    lines.append(text("paper.list_nothing_yet", language))
    return [Paragraph((Statement(line),)) for line in lines]


def counts(comparison: Comparison, language: str) -> list[str]:
    """How many answers are as on record, and how many of each sort are not, a sentence each."""
    lines = [text("paper.count_same", language, comparison.same)] if comparison.same else []
    for part, kinds in ORDER:
        if number := comparison.count(*kinds):
            lines.append(text(f"paper.count_{part}", language, number))
    if comparison.newer:
        lines.append(text("paper.count_newer", language, comparison.newer))
    return lines or [text("paper.count_none", language)]


def _table(part: str, found: Sequence[Difference], language: str, who: Who) -> Table:
    rows = []
    place = ""
    for one in found:
        if one.place and one.place != place:
            place = one.place
            rows.append(Row((Cell((Statement(place),)),), span=True))
        rows.append(Row((_cell(one.label), _cell(on_record(one, language, who)), _cell(on_paper(one, language)))))
    columns = tuple(text(f"paper.column_{column}", language) for column in ("question", "record", "paper"))
    return Table(f"table-{part}", "", columns, tuple(rows), _WIDTHS)


def _cell(said: str) -> Cell:
    return Cell((Statement(said),)) if said else Cell()


def on_record(one: Difference, language: str, who: Who) -> str:
    """The answer on record, with who gave it and when; "" where there is none."""
    if not one.old:
        return ""
    day = written(date.fromisoformat(one.at[:10]), language) if one.at else ""
    return text("paper.said_by", language, answer=one.old, who=who(one.author), date=day)


def on_paper(one: Difference, language: str) -> str:
    """What the paper says, or why it cannot be read."""
    if one.kind == "unread":
        return text("paper.said_unread", language, answer=one.new, reason=why(one, language))
    if one.kind in ("confided", "opened", "emptied") or (one.kind == "conflict" and not one.new and not one.unknown):
        return text(f"paper.said_{'emptied' if one.kind == 'conflict' else one.kind}", language)
    if one.unknown:
        return text("paper.box_unknown", language)
    if one.inside:
        return "\n".join(text("paper.said_inside", language, label=label, answer=said) for label, said in one.inside)
    return one.new


def why(one: Difference, language: str) -> str:
    """Why something cannot be read: the form's own words, or those of the catalogues."""
    if one.message:
        return one.message
    for domain in ("paper", "interview", "replies"):
        try:
            return text(f"{domain}.{one.reason}", language, None, **one.values)
        except MissingText:
            continue
    return text("paper.not_asked", language)
