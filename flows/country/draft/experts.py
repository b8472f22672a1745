"""What the experts need beside the draft: gaps, differences, documents received, and remarks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from flows.country.additions import Waived
from flows.country.checklist import Check, checklist
from flows.country.dossier import Gap, GapKind
from flows.country.draft import research
from flows.country.draft.decided import point, versions
from flows.country.draft.desk import Desk, alike
from flows.country.draft.references import quotable
from flows.country.guide import Block, Cell, Row, Section, Statement, Table
from flows.i18n import text

# the section of the guide that a gap concerns; the others concern the contributions themselves
_SECTIONS: dict[GapKind, int] = {
    "no_source": 1, "no_contact": 1, "no_border_text": 1, "no_crisis_text": 1,
    "no_policy": 2, "no_lead": 2,
    "no_profile": 3, "no_authority": 3, "no_coordinator": 3, "few_members": 3, "members_consent": 3, "no_practice": 3,
    "few_challenges": 3,
    "no_recommendation": 4,
}  # fmt: skip
_ANCHORS = ("", "overview", "cycle", "profile", "advice")


def section(desk: Desk, guide: Sequence[Section], numbers: Mapping[str, str]) -> Section:
    """For the experts: gaps, differences, and where there are any, proposals of desk research, how many documents may
    not be quoted, and remarks. `guide`: the sections that they are about; `numbers`: of 2013 → those that the sections
    have in it."""
    parts: list[tuple[str, Iterable[Block]]] = [("gaps", _gaps(desk, guide)), ("differences", _differences(desk))]
    parts += [("proposals", research.proposals(desk, numbers))] if research.has_proposals(desk) else []
    unquoted = len(desk.dossier.documents) - len(quotable(desk))
    parts += [("documents", (desk.paragraph("documents_unquoted", n=unquoted),))] if unquoted else []
    parts += [("remarks", _remarks(desk))] if desk.dossier.remarks else []
    return Section(
        "experts",
        "A",
        desk.text("section_experts"),
        (desk.paragraph("intro_experts"),),
        tuple(
            Section(name, f"A.{number}", desk.text(f"section_{name}"), tuple(blocks))
            for number, (name, blocks) in enumerate(parts, start=1)
        ),
    )


def _gaps(desk: Desk, guide: Sequence[Section]) -> Iterator[Block]:
    """A checklist by section of the guide, with room for what is done about each."""
    order = [section.anchor for section in guide if section.anchor in _ANCHORS]
    missing = desk.dossier.missing
    if not missing:
        yield desk.paragraph("no_gaps")
        yield _checklist(desk)
        return
    yield desk.paragraph("gaps_intro")
    rows: list[Row] = []
    for same in sorted(alike(missing, _part), key=lambda gaps: order.index(part) if (part := _part(gaps[0])) else 9):
        part = next((section for section in guide if section.anchor == _part(same[0])), None)
        shown = desk.text("in_section", number=part.number, title=part.title) if part else desk.text("contributions")
        rows.append(Row((Cell((Statement(shown),)),), span=True))
        rows += [Row((Cell((statement,)), Cell())) for statement in _told(desk, same)]
    yield desk.table("gaps", rows, (72, 28), ("to_complete", "follow_up"))
    yield _checklist(desk)


def _checklist(desk: Desk) -> Table:
    """The rules of completeness, and how the dossier stands with each."""
    rows = (
        Row((Cell((desk.fixed(f"rule_{check.rule}"),)), Cell((desk.fixed(f"rule_{check.state}"),)), _why(desk, check)))
        for check in checklist(desk.dossier)
    )
    return desk.table("checklist", rows, (52, 16, 32), ("rule", "state", "why"))


def _why(desk: Desk, check: Check) -> Cell:
    if check.waived is not None:
        return Cell(tuple(_waived(desk, check.waived)))
    if check.rule == "confidential" and desk.dossier.withheld:
        return Cell((desk.fixed("rule_withheld", n=desk.dossier.withheld),))
    return Cell((desk.fixed("rule_left", n=check.left),) if check.left else ())


def _waived(desk: Desk, waived: Waived) -> Iterator[Statement]:
    """Why, on whose word, and when."""
    day = desk.date(waived.on.isoformat())
    reason = text(f"participants.reason_{waived.reason}", desk.language) if waived.reason else ""
    if not waived.by:
        yield desk.fixed("waived_because", reason=reason, date=day)
        return
    if reason or waived.words:  # else erased
        yield desk.free(reason or waived.words, "" if reason else waived.language)
    yield desk.fixed("waived_by", who=text(f"access.role_{waived.by}", desk.language), date=day)


def _part(gap: Gap) -> str:
    return _ANCHORS[_SECTIONS.get(gap.kind, 0)]


def _told(desk: Desk, gaps: list[Gap]) -> Iterator[Statement]:
    """The gaps as statements; those of the mapping together, one for each class of entity."""
    sources = [gap for gap in gaps if gap.kind == "no_source"]
    for same in alike(sources, lambda gap: gap.values["entity_class"]):
        domains = ", ".join(desk.choice(*gap.choices["domain"]) for gap in same)
        entity_class = desk.text(f"class_{same[0].values['entity_class']}")
        yield desk.fixed("gap_no_source", entity_class=entity_class, domains=domains)
    for gap in gaps:
        if gap.kind != "no_source":
            values = {**{name: desk.choice(*pair) for name, pair in gap.choices.items()}, **gap.values}
            yield desk.fixed(f"gap_{gap.kind}", *gap.by, n=None, **values)


def _differences(desk: Desk) -> Iterator[Block]:
    """The versions of each point side by side, each with all who gave it."""
    if not desk.dossier.differences:
        yield desk.paragraph("no_differences")
        return
    yield desk.paragraph("differences_intro")
    opened = {decided.difference.key: decided.resolution for decided in desk.dossier.reopened}
    rows: list[Row] = []
    for difference in desk.dossier.differences:
        about = [point(desk, difference)]
        if (before := opened.get(difference.key)) is not None:
            about.append(desk.fixed("reopened", date=desk.date(before.decided_on.date().isoformat())))
        cell = Cell(tuple(about))
        told = [*map(Cell, versions(desk, difference)), Cell()]
        for place in range(0, len(told) - 1, 2):
            rows.append(Row((cell, *told[place : place + 2])))
            cell = Cell()
    yield desk.table("differences", rows, (26, 37, 37), ("point", "version", "other_version"))


def _remarks(desk: Desk) -> Iterator[Block]:
    yield from desk.bullets([desk.introduced(said.by), desk.say(said)] for said in desk.dossier.remarks)
