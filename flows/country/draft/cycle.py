"""Section II: the policy, the six stages with their leads and actors, and how they are coordinated."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from flows.country.differences import identity, of_name
from flows.country.draft.decided import decided_on, decision, documents, statuses
from flows.country.draft.desk import Desk, alike, lowered
from flows.country.draft.figures import Stage, names_in, ring
from flows.country.guide import Block, Cell, Paragraph, Row, Section, Statement
from flows.country.names import folded
from flows.country.objects import Involvement, Policy
from flows.i18n import text


def section(desk: Desk, context: Iterable[Section] = ()) -> Section:
    """II. The migration policy cycle and its actors, and the `context` behind it."""
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
            *context,
        ),
    )


def _policy(desk: Desk) -> Iterator[Block]:
    dossier = desk.dossier
    yield from statuses(desk, "policy", dossier.policy_statuses)
    yield from documents(desk, "policy", dossier.policies, _identity, _titled)
    if not dossier.policy_statuses and not dossier.policies:
        yield desk.gap("no_policy")


def _identity(item: Policy) -> tuple[str, ...]:
    return tuple(part.value if part else "" for part in (item.title, item.year, item.url))


def _titled(desk: Desk, items: list[Policy]) -> list[Statement]:
    """A title with its year and files, once for all who gave the same."""
    first, by = items[0], tuple(item.by for item in items)
    found = [desk.titled(first.title, first.year, *by)]
    found += [replace(desk.say(first.url), sources=by)] if first.url is not None else []
    return [*found, *(desk.named("attached", item.file) for item in items if item.file is not None)]


def _stages(desk: Desk) -> Iterator[Block]:
    stages = desk.dossier.wording.choices("stage")
    yield from ring(desk, [_drawn(desk, stage) for stage in stages])
    rows = tuple(Row((desk.label("stage", stage), _leads(desk, stage), _actors(desk, stage))) for stage in stages)
    yield desk.table("stages", rows, (22, 36, 42), ("stage", "lead", "actors"))
    yield desk.paragraph("cycle_loops", style="note")


def _drawn(desk: Desk, stage: str) -> Stage:
    """The stage as the ring shows it: who leads it, and each other actor once."""
    see_table, none = text("figures.see_table", desk.language), desk.text("no_lead_stated")
    led = [lead.text for lead in _led(desk, stage)]
    leads = [name for lead in led if lead != none for name in names_in(lead, see_table)]
    said = [lead.actors.value for lead in desk.dossier.leads if lead.stage == stage and lead.actors is not None]
    said += [desk.short_name(desk.voice(own.by)) for own in _acting(desk, stage)]
    actors: dict[str, str] = {}
    for name in (each for answer in said for each in names_in(answer, see_table)):
        actors.setdefault(folded(name) or name, name)
    gap = "" if leads else none if none in led else desk.text("no_lead")
    return Stage(desk.choice("stage", stage), tuple(leads), tuple(actors.values()), gap)


def _leads(desk: Desk, stage: str) -> Cell:
    decided = decided_on(desk, "two_leads", ("stage", stage))
    note = decision(desk, decided) if decided is not None else []
    return desk.cell(*_led(desk, stage), *(note[1:] if decided is not None and decided.one else note), gap="no_lead")


def _led(desk: Desk, stage: str) -> list[Statement]:
    """Each lead once, with all who name it: coordinators, and entities for themselves; as decided where they differ."""
    decided = decided_on(desk, "two_leads", ("stage", stage))
    if decided is not None and decided.one:
        return decision(desk, decided)[:1]
    found: dict[str, tuple[str, list[int]]] = {}
    for lead in desk.dossier.leads:
        if lead.stage != stage:
            continue
        if lead.lead is not None:
            named = desk.institution(lead.lead)
            key, shown, by = of_name(desk.dossier, lead.lead.value), named.text if named else "", lead.lead.by
        elif lead.known is not None and lead.known.value == "none":
            key, shown, by = "", desk.text("no_lead_stated"), lead.known.by
        else:
            continue
        found.setdefault(key, (shown, []))[1].append(by)
    for own in desk.dossier.involvements:
        if own.stage == stage and own.role is not None and own.role.value == "lead":
            voice = desk.voice(own.by)
            found.setdefault(identity(voice), (desk.short_name(voice), []))[1].append(own.by)
    return [Statement(shown, tuple(dict.fromkeys(by))) for shown, by in found.values()]


def _actors(desk: Desk, stage: str) -> Cell:
    statements = [
        desk.say(lead.actors) for lead in desk.dossier.leads if lead.stage == stage and lead.actors is not None
    ]
    for own in _acting(desk, stage):
        name = desk.short_name(desk.voice(own.by))
        if own.role is None:
            statements.append(Statement(name, (own.by,)))
        else:
            role = lowered(desk.shown(own.role))
            statements.append(replace(desk.say(own.role), text=desk.text("entity_role", entity=name, value=role)))
    return desk.cell(*statements)


def _acting(desk: Desk, stage: str) -> list[Involvement]:
    """Who takes part in a stage without leading it."""
    own = (one for one in desk.dossier.involvements if one.stage == stage)
    return [one for one in own if one.role is None or one.role.value != "lead"]


def _actions(desk: Desk) -> Iterator[Block]:
    rows: list[Row] = []
    for same in alike(desk.dossier.involvements, lambda own: own.stage):
        rows.append(Row((desk.label("stage", same[0].stage),), span=True))
        rows += [
            Row((desk.cell(desk.entity(own.by)), desk.cell(own.role), desk.cell(own.action), desk.cell(own.data)))
            for own in same
        ]
    if not rows:
        yield desk.gap("no_involvement")
        return
    yield desk.table("actions", rows, (20, 16, 38, 26), ("entity", "role", "actions", "data"))


def _coordination(desk: Desk) -> Iterator[Block]:
    for said in desk.dossier.mechanisms:
        yield Paragraph((desk.say(said),))
    if not desk.dossier.mechanisms:
        yield desk.gap("no_mechanism")
