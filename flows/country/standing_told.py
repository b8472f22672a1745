"""Where countries stand, in words for a phone and as boards for a picture."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date

from flows.country.board import STATES, Board, BoardRow, State, as_lines
from flows.country.dates import interval, short, written
from flows.country.names import folded
from flows.country.phases import PhaseState
from flows.country.standing import (
    ENTITY_STATES,
    CountryStanding,
    EntityStanding,
    Part,
    Wait,
    cells,
)
from flows.country.steps.exercise import PHASES, Exercise, Milestone, named
from flows.i18n import RIGHT_TO_LEFT, base, text
from flows.interview.progress import SectionProgress, sections_from_json
from flows.knowledge import country

Sections = Sequence[tuple[str, str]]
"""The questionnaire's sections in order: name and title."""
MOST_NAME = 160  # letters of a name in a list
_IN_WORDS: tuple[State, ...] = (
    *("returned", "begun", "delegated", "untouched", "clearance", "submitted", "done", "accepted", "none"),
)
_PHASE_CELLS: Mapping[str, State] = {
    "not_begun": "untouched",
    "in_progress": "begun",
    "done": "done",
    "late": "returned",
}


# ---- all countries ------------------------------------------------------------------------------------------------
def by_attention(standings: Iterable[CountryStanding], language: str) -> list[CountryStanding]:
    """Those that need to be looked at first, first; else by name."""
    return sorted(standings, key=lambda one: (one.attention, folded(country(one.country).name(language))))


def totals(standings: Sequence[CountryStanding], language: str) -> str:
    """How many countries there are, in how many something is late, and in how many something is awaited."""
    late = sum(bool(one.late) for one in standings)
    waiting = sum(bool(one.waits) for one in standings)
    counts = (("countries", len(standings)), ("countries_late", late), ("countries_waiting", waiting))
    return " ".join(_text(key, language, count) for key, count in counts if count)


def milestones(region: Exercise, today: date, language: str) -> list[str]:
    """The milestones to come, and how far away they are."""
    ahead = sorted((one for one in region.milestones.values() if one.on >= today), key=lambda one: (one.on, one.code))
    return [_milestone(one, today, language) for one in ahead]


def milestone_name(one: Milestone, language: str) -> str:
    """What a milestone is called."""
    return one.name or (text("exercise.milestone_SOM", language) if one.code == "SOM" else one.code)


def _milestone(one: Milestone, today: date, language: str) -> str:
    days = (one.on - today).days
    values = {"milestone": milestone_name(one, language), "day": written(one.on, language)}
    return _text("milestone_ahead", language, days, **values) if days else _text("milestone_today", language, **values)


def brief(one: CountryStanding, language: str) -> list[str]:
    """A country in a few lines: its phases, its entities, what is late, what is awaited."""
    name = country(one.country).name(language)
    lines = [_text("country", language, country=name, phases=progress(one, language))]
    if one.answer == "yes" and one.entities:
        lines.append(_entities(one, language))
    if one.late:
        lines.append(_text("late", language, phases=", ".join(late_phases(one, language))))
    if one.waits:
        lines.append(_text("waits", language, waits=", ".join(waits(one, language))))
    return lines


def progress(one: CountryStanding, language: str) -> str:
    """In which phases a country is, or why in none."""
    if one.answer == "no":
        return _text("declined", language)
    if one.current:
        return ", ".join(text(named(phase), language) for phase in one.current)
    if one.answer != "yes":
        return _text("unopened", language)
    following = next((state.phase for state in one.phases if state.began is None), None)
    if following is None:
        return _text("finished", language)
    return _text("between", language, phase=text(named(following), language))


def _entities(one: CountryStanding, language: str) -> str:
    accepted = one.count("accepted")
    submitted = one.count("submitted") + accepted
    return _text("entities", language, len(one.entities), submitted=submitted, accepted=accepted)


def late_phases(one: CountryStanding, language: str) -> list[str]:
    """The late phases, each with the days."""
    return [
        _text("late_phase", language, state.days_late, phase=text(named(state.phase), language)) for state in one.late
    ]


def waits(one: CountryStanding, language: str) -> list[str]:
    """What the country waits for; what the secretariat has to do first."""
    return [_wait(wait, language) for wait in sorted(one.waits, key=lambda wait: wait.role != "secretariat")]


def _wait(wait: Wait, language: str) -> str:
    key = f"wait_{wait.kind}_{wait.role}" if wait.kind == "workshop" else f"wait_{wait.kind}"
    return _text(key, language, wait.count, version=wait.version)


# ---- one country --------------------------------------------------------------------------------------------------
def phase_lines(one: CountryStanding, today: date, language: str) -> list[str]:
    """Every phase, a line each."""
    return [_phase(state, today, language) for state in one.phases]


def _phase(one: PhaseState, today: date, language: str) -> str:
    values = {"phase": text(named(one.phase), language)}
    planned = one.planned
    if one.state == "done":
        if one.ended is None:
            return _text("phase_done_undated", language, **values)
        return _text("phase_done", language, day=short(one.ended.at.date(), language), **values)
    if one.state == "late" and planned is not None:
        return _text("phase_late", language, one.days_late, ends=short(planned.ends, language), **values)
    if one.began is not None:
        values["day"] = short(one.began.at.date(), language)
        if planned is not None:
            return _text("phase_open_until", language, ends=short(planned.ends, language), **values)
        return _text("phase_open", language, **values)
    if planned is not None:
        key = "phase_ahead" if today < planned.begins else "phase_behind"
        return _text(key, language, dates=interval(planned.begins, planned.ends, language), **values)
    return _text("phase_ahead_undated", language, **values)


def entity_count(one: CountryStanding, language: str) -> str:
    """How many entities there are, and in which states."""
    if not one.entities:
        return _text("no_entities", language)
    counts = [(state, one.count(state)) for state in reversed(ENTITY_STATES)]
    states = ", ".join(_text(f"state_{state}", language, count) for state, count in counts if count)
    return _text("entity_count", language, len(one.entities), states=states)


def board(
    one: CountryStanding,
    names: Mapping[int, str],
    people: Mapping[int, str],
    sections: Sections,
    today: date,
    language: str,
) -> Board:
    """Entity × section × state. `names`: of entities; `people`: of those who answer, as far as the reader may know."""
    place = country(one.country).name(language)
    return Board(
        title=_text("board_country", language, country=place),
        subtitle=_text("board_day", language, day=written(today, language)),
        columns=tuple(title for _, title in sections),
        rows=tuple(
            BoardRow(
                names.get(entity.entity_id or 0) or _text("without_entity", language),
                cells(entity, [name for name, _ in sections]),
                _note(entity, people, language),
            )
            for entity in one.entities
        ),
        legend=legend(language),
        rtl=base(language) in RIGHT_TO_LEFT,
    )


def _note(one: EntityStanding, people: Mapping[int, str], language: str) -> str:
    if one.state in ("invited", "named", "orphaned"):
        return _text(f"note_{one.state}", language)
    known = [people[part.person_id] for part in one.parts if people.get(part.person_id)]
    who, moved = ", ".join(dict.fromkeys(known)), one.moved_at
    if moved is None:
        return who
    day = short(moved.date(), language)
    return _text("note_moved_by", language, people=who, day=day) if who else _text("note_moved", language, day=day)


def block(made: Board, row: BoardRow) -> str:
    """An entity as text: what is to be done first, first. Names longer than a list can show are cut: they stand whole
    where the entity itself is shown."""
    legend = {state: made.legend[state] for state in _IN_WORDS if state in made.legend}
    shown = BoardRow(_cut(row.name), row.cells, _cut(row.note))
    return "\n".join(as_lines(replace(made, title="", subtitle="", legend=legend, rows=(shown,)))[1:])


def _cut(name: str) -> str:
    return name if len(name) <= MOST_NAME else f"{name[: MOST_NAME - 1].rstrip()}…"


def legend(language: str) -> dict[State, str]:
    """What the states of a contribution's sections are called."""
    return {state: _text(f"cell_{state}", language) for state in STATES}


def exercise_board(standings: Sequence[CountryStanding], today: date, language: str) -> Board:
    """Country × phase × state."""
    called = {"untouched": "untouched", "begun": "begun", "done": "done", "returned": "late", "none": "none"}
    return Board(
        title=_text("board_all", language),
        subtitle=_text("board_day", language, day=written(today, language)),
        columns=tuple(text(named(phase), language) for phase in PHASES),
        rows=tuple(
            BoardRow(country(one.country).name(language), _phase_cells(one), _submitted(one, language))
            for one in standings
        ),
        legend={state: _text(f"cell_{called[state]}", language) for state in STATES if state in called},
        rtl=base(language) in RIGHT_TO_LEFT,
    )


def _submitted(one: CountryStanding, language: str) -> str:
    submitted, entities = one.count("submitted", "accepted"), len(one.entities)
    return _text("board_note", language, entities, submitted=submitted) if entities else ""


def _phase_cells(one: CountryStanding) -> tuple[State, ...]:
    if one.answer == "no":
        return ("done", *(_NONE for _ in PHASES[1:]))
    return tuple(_PHASE_CELLS[state.state] for state in one.phases)


_NONE: State = "none"


# ---- one's own part -----------------------------------------------------------------------------------------------
def own_part(
    part: Part, sections: Sections, due: PhaseState, today: date, language: str
) -> tuple[list[str], list[str]]:
    """A contribution as its official sees it: sentences, and a line for each section that has anything to ask."""
    known = {one.name: one for one in part.sections}
    items = [_section(known[name], title, name in part.returned, language) for name, title in sections if name in known]
    said = [_text(f"own_{part.state}", language)]
    if part.state in ("draft", "returned"):
        left = sum(one.total - one.done for one in known.values())
        said.append(_text("own_left", language, left) if left else _text("own_nothing_left", language))
        said += [*_due(due, today, language), _text("own_resume", language)]
    return said, items


def section_lines(written: str, within: Collection[str], sections: Sections, language: str) -> list[str]:
    """How far some sections are. `written`: progress by section, JSON."""
    known = {one.name: one for one in sections_from_json(json.loads(written or "{}"))}
    return [
        _text("own_section", language, section=title, done=known[name].done, total=known[name].total)
        for name, title in sections
        if name in within and name in known
    ]


def _section(one: SectionProgress, title: str, returned: bool, language: str) -> str:
    if returned and one.state != "done":
        return _text("own_section_returned", language, section=title)
    values = {"section": title, "done": one.done, "total": one.total}
    if one.away:
        return _text("own_section_away", language, one.away, **values)
    return _text("own_section", language, **values)


def _due(due: PhaseState, today: date, language: str) -> Iterator[str]:
    if due.planned is None:
        return
    days = (due.planned.ends - today).days
    day = written(due.planned.ends, language)
    if days > 0:
        yield _text("own_due", language, days, day=day)
    elif days == 0:
        yield _text("own_due_today", language)
    else:
        yield _text("own_overdue", language, -days, day=day)


def _text(key: str, language: str, n: int | None = None, /, **values: object) -> str:
    return text(f"status.{key}", language, n, **values)
