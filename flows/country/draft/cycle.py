"""Section II: the policy, the six stages with their leads and actors, and how they are coordinated."""

from __future__ import annotations

from collections.abc import Iterator

from flows.country.contribution import Said
from flows.country.differences import identity, of_name
from flows.country.draft.desk import Desk, together
from flows.country.guide import Block, Cell, Paragraph, Row, Section, Statement
from flows.country.objects import Policy
from flows.questionnaires.wording import wording


def section(desk: Desk) -> Section:
    """II. The migration policy cycle and its actors."""
    return Section(
        "cycle",
        "II",
        desk.text("section_2"),
        (desk.paragraph("intro_2"),),
        (
            Section("policy", "II.1", desk.text("section_2_1"), tuple(_policy(desk))),
            Section("stages", "II.2", desk.text("section_2_2"), tuple(_stages(desk))),
            Section("actions", "II.3", desk.text("section_2_3"), tuple(_actions(desk))),
            Section("coordination", "II.4", desk.text("section_2_4"), tuple(_coordination(desk))),
        ),
    )


def _policy(desk: Desk) -> Iterator[Block]:
    dossier = desk.dossier
    by_status: dict[str, list[Said]] = {}
    for said in dossier.policy_statuses:
        by_status.setdefault(said.value, []).append(said)
    for said_so in by_status.values():
        yield Paragraph((desk.told("policy", said_so[0], *together(said_so)),))
    yield from desk.bullets(_titled(desk, item) for item in dossier.policies)
    if not dossier.policy_statuses and not dossier.policies:
        yield desk.gap("no_policy")


def _titled(desk: Desk, item: Policy) -> list[Statement]:
    title = desk.say(item.title) if item.title is not None else desk.fixed("untitled", item.by)
    year = [desk.named("year", item.year)] if item.year is not None else []
    return [title, *year, *desk.files(item.url, item.file)]


def _stages(desk: Desk) -> Iterator[Block]:
    rows = tuple(
        Row((desk.label("stage", stage), _leads(desk, stage), _actors(desk, stage)))
        for stage in wording().choices("stage")
    )
    yield desk.table("stages", rows, (22, 36, 42), ("stage", "lead", "actors"))
    yield desk.paragraph("cycle_loops", style="note")


def _leads(desk: Desk, stage: str) -> Cell:
    """Each lead once, with all who name it: coordinators, and entities for themselves."""
    found: dict[str, tuple[str, list[int]]] = {}
    for lead in desk.dossier.leads:
        if lead.stage != stage:
            continue
        if lead.lead is not None:
            key, shown, by = of_name(desk.dossier, lead.lead.value), lead.lead.value, lead.lead.by
        elif lead.known is not None and lead.known.value == "none":
            key, shown, by = "", desk.text("no_lead_stated"), lead.known.by
        else:
            continue
        found.setdefault(key, (shown, []))[1].append(by)
    for own in desk.dossier.involvements:
        if own.stage == stage and own.role is not None and own.role.value == "lead":
            voice = desk.voice(own.by)
            found.setdefault(identity(voice), (desk.entity_name(voice), []))[1].append(own.by)
    statements = [Statement(shown, tuple(dict.fromkeys(by))) for shown, by in found.values()]
    return desk.cell(*statements, gap="no_lead")


def _actors(desk: Desk, stage: str) -> Cell:
    statements = [
        desk.say(lead.actors) for lead in desk.dossier.leads if lead.stage == stage and lead.actors is not None
    ]
    for own in desk.dossier.involvements:
        if own.stage != stage or (own.role is not None and own.role.value == "lead"):
            continue
        name = desk.entity_name(desk.voice(own.by))
        if own.role is None:
            statements.append(Statement(name, (own.by,)))
        else:
            statements.append(desk.named("entity_role", own.role, entity=name))
    return desk.cell(*statements)


def _actions(desk: Desk) -> Iterator[Block]:
    rows = tuple(
        Row(
            (
                desk.label("stage", own.stage),
                desk.cell(desk.entity(own.by)),
                desk.cell(own.role),
                desk.cell(own.action),
                desk.cell(own.data),
            )
        )
        for own in desk.dossier.involvements
    )
    if not rows:
        yield desk.gap("no_involvement")
        return
    yield desk.table("actions", rows, (16, 22, 14, 28, 20), ("stage", "entity", "role", "actions", "data"))


def _coordination(desk: Desk) -> Iterator[Block]:
    for said in desk.dossier.mechanisms:
        yield Paragraph((desk.say(said),))
    if not desk.dossier.mechanisms:
        yield desk.gap("no_mechanism")
