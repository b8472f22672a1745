"""Two or three people on one interview, whatever they do: nothing lost, doubled or crossed."""

from __future__ import annotations

import re
from functools import cache
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.prompts import prompts
from flows.interview import events as e
from flows.interview import inputs
from flows.interview.form import Form, load
from flows.interview.plan import bare, moved_up, plan_of, split_row
from flows.interview.scope import within
from flows.questionnaires import compiled
from tests.budget import examples
from tests.flows.interview.nasty_forms import CASCADE_IN_ROWS, CHOSEN_ROWS, COUNTED, ROWS_OF_ROWS, SHOWN_ROWS
from tests.flows.interview.sharing import OWNER, Shared
from tests.flows.interview.talking import form_of
from tests.flows.interview.test_seats import PARTS
from tests.flows.interview.test_seats_at_once import COUNTED as COUNTED_ELSEWHERE
from tests.flows.interview.test_seats_at_once import LONG, OPENED
from tests.flows.interview.walking import Walk

FORMS = (PARTS, LONG, OPENED, COUNTED_ELSEWHERE, COUNTED, SHOWN_ROWS, CASCADE_IN_ROWS, CHOSEN_ROWS, ROWS_OF_ROWS)
PEOPLE = ("first", "second")
COMPUTED = {"/data/copy"}  # written by the form itself, whoever answers it
quick = settings(max_examples=examples(40), deadline=None, suppress_health_check=[HealthCheck.too_slow])
few = settings(max_examples=3, deadline=None, suppress_health_check=[HealthCheck.too_slow])


class Office:
    """An owner and colleagues at work; `said` is what each path was answered with last, as its author heard it."""

    def __init__(self, form: Form, seed: int, *, live: bool, **given: str) -> None:
        self.draw, self.form = Random(seed), form
        self.talk, self.twin = Shared(form, **given), Shared(form, **given) if live else None
        if self.twin is not None:
            self.twin.live = self.twin.turn.session
        self.said: dict[str, tuple[str, str, str]] = {}
        self.habits = {person: self._habits() for person in (OWNER, *PEOPLE)}
        self.heard: list[str] = []

    def _habits(self) -> Walk:
        walk = Walk.__new__(Walk)
        walk.form, walk.draw, walk.odd, walk.tries, walk.aside = self.form, self.draw, 0.0, {}, set()
        return walk

    # ---- what happens ----
    def happen(self) -> None:
        draw, free = self.draw, [person for person in PEOPLE if person not in self.talk.seats]
        what = draw.random()
        if what < 0.08 and free:
            self.lend(draw.choice(free))
        elif what < 0.12 and self.talk.seats:
            self.back(draw.choice(sorted(self.talk.seats)))
        else:
            person = draw.choice([OWNER, *self.talk.seats])
            self.take(person, self.odd(person) if draw.random() < 0.25 else self.sensible(person))

    def lend(self, person: str) -> None:
        found = self.talk.delegable
        parts = [part for part in (found.question, *found.sections, found.rest) if part is not None]
        if not parts:
            return
        part = self.draw.choice(parts)
        away = self.talk.interview.away
        for talk in self.both():
            talk.lend(person, part)
        self.check_same()
        self.keep(OWNER, away)
        if person in self.talk.seats:
            self.check_asked(person)

    def back(self, person: str) -> None:
        for talk in self.both():
            talk.finish(person)
        self.check_same()
        self.keep(person)
        for talk in self.both():
            talk.take_back(person)
        self.check_same()
        self.keep(OWNER)

    def take(self, person: str, input: inputs.Input) -> None:
        others = {path: self.stored(path) for path in self.talk.interview.records if not self.may_answer(person, path)}
        for talk in self.both():
            talk.say(person, input)
        self.check_same()
        self.keep(person)
        for path, was in others.items():
            assert self.stored(path) == was or bare(path) in COMPUTED, "somebody answered what is another's"

    def both(self) -> list[Shared]:
        return [self.talk, self.twin] if self.twin is not None else [self.talk]

    # ---- inputs ----
    def sensible(self, person: str) -> inputs.Input:
        asked = self.open(person)
        if asked is None:
            return inputs.Done() if self.parts(person) else inputs.Resume()
        habits = self.habits[person]
        habits.tries[asked.path] = habits.tries.get(asked.path, 0) + 1
        return habits.sensible(asked)

    def odd(self, person: str) -> inputs.Input:
        draw, paths = self.draw, list(self.talk.interview.records)
        rows = [row for path in paths for row in re.findall(r"^.*\]", path)]
        messages = [f"m{draw.randint(1, self.talk.count + 1)}"]
        some: list[inputs.Input] = [
            inputs.Back(),
            inputs.Skip(),
            inputs.Unknown(),
            inputs.Keep(),
            inputs.Review(),
            inputs.Pause(),
            inputs.Undo(),
            inputs.Done(),
        ]
        some += [inputs.Say(draw.choice(("zzz", "2", "yes", "")), draw.choice(messages), revises=draw.random() < 0.5)]
        some += [
            inputs.Press(f"{draw.randint(0, 9)}:{draw.choice('cynsk')}0"),
            inputs.Again(draw.random() < 0.5),
            inputs.Confide(),
        ]
        some += [inputs.Edit(draw.choice(paths)) for _ in range(4) if paths]
        some += [inputs.Confide(True, draw.choice(paths))] if paths else []
        some += [inputs.Remove(draw.choice(rows)), inputs.Edit(draw.choice(rows).rpartition("[")[0])] if rows else []
        return draw.choice(some)

    def hasty(self) -> inputs.Input:
        """What brings the owner to the end soon."""
        asked = self.open(OWNER)
        if asked is None or asked.type in ("repeat", "first") or self.draw.random() < 0.2:
            return self.sensible(OWNER)
        if asked.long and self.parts(OWNER):
            return inputs.Undo() if self.draw.random() < 0.5 else inputs.Done()
        if "skip" in asked.controls:
            return inputs.Skip()
        return inputs.Say("A sentence that is long enough to be taken.") if asked.long else self.sensible(OWNER)

    def open(self, person: str) -> e.Asked | None:
        return next((one for one in reversed(self.talk.events[person]) if isinstance(one, e.Asked)), None)

    def parts(self, person: str) -> bool:
        return bool((self.talk.interview if person == OWNER else self.talk.seats[person]).parts)

    # ---- what always holds ----
    def may_answer(self, person: str, path: str, away: tuple[str, ...] | None = None) -> bool:
        personal = bare(path) in plan_of(self.form).personal
        if person == OWNER:
            return personal or not within(path, self.talk.interview.away if away is None else away)
        return not personal and within(path, self.talk.seats[person].scope)

    def stored(self, path: str) -> tuple[str, str, bool] | None:
        record = self.talk.interview.records.get(path)
        return (self.talk.value(path), record.author, record.confidential) if record is not None else None

    def keep(self, person: str, away: tuple[str, ...] | None = None) -> None:
        """Take down what was said, and judge it. `away`: what was with colleagues before the turn."""
        for event in self.talk.events[person]:
            event.to_json()
            if isinstance(event, e.Recorded):
                assert self.may_answer(person, event.path, away), "an answer outside one's part"
                self.said[event.path] = (event.value, event.status, person)
            elif isinstance(event, e.RowRemoved):
                self.removed(person, event)
        self.check_asked(person)
        records = self.talk.interview.records
        held = {path for path, record in records.items() if record.status}
        assert held == set(self.said), "an answer lost or made up"
        for path, (value, status, _) in self.said.items():
            assert records[path].status == status
            assert self.talk.value(path) == value or bare(path) in COMPUTED
        prompts(self.talk.events[person], "fr", scope="1")
        numbers = self.talk.turn.sections
        relevant = sum(section.total for section in numbers)
        assert sum(section.done for section in numbers) <= relevant

    def removed(self, person: str, event: e.RowRemoved) -> None:
        row = split_row(event.path)
        assert row is not None
        for path in event.removed:
            assert self.may_answer(person, path), "a row of another's is gone"
        moved: dict[str, tuple[str, str, str]] = {}
        for path, said in self.said.items():
            new = moved_up(path, *row)
            if new is not None:
                moved[new] = said
        self.said = moved

    def check_asked(self, person: str) -> None:
        for event in self.talk.events[person]:
            if isinstance(event, e.Asked) and event.type not in ("rest", "remove"):
                assert self.may_answer(person, event.path), "asked what is another's"
            if isinstance(event, e.Asked) and event.type == "rest":
                assert person == OWNER
            if isinstance(event, e.Completed):
                assert event.scoped == (person != OWNER)
                assert not (person == OWNER and self.talk.seats)

    def check_same(self) -> None:
        if self.twin is not None:
            assert self.talk.events == self.twin.events
            assert self.talk.interview.to_json() == self.twin.interview.to_json()

    def finish(self, patience: int = 400) -> None:
        for person in list(self.talk.seats):
            for _ in range(self.draw.randint(0, 30)):
                self.take(person, self.sensible(person))
            self.back(person)
        for _ in range(patience):
            if self.talk.interview.completed:
                break
            self.take(OWNER, self.hasty())
        assert self.talk.interview.completed, self.talk.events[OWNER]
        session = self.talk.turn.session
        assert session.missing() == []
        assert session.invalid() == []


@quick
@given(st.sampled_from(FORMS), st.integers(0, 10**6), st.booleans())
def test_people_at_one_interview_never_cross_and_the_owner_completes_it(form: str, seed: int, live: bool) -> None:
    office = Office(form_of(form), seed, live=live)
    for _ in range(60):
        office.happen()
    office.finish()


@cache
def guide() -> Form:
    return load(compiled())


@few
@given(st.integers(0, 10**6), st.sampled_from(["coordinator", "official"]))
@pytest.mark.slow
def test_the_same_holds_on_the_guide(seed: int, role: str) -> None:
    office = Office(guide(), seed, live=False, country="BFA", role=role, entity_type="statistics")
    office.take(OWNER, inputs.Choose(("en",)))
    office.take(OWNER, inputs.Choose(("yes",)))
    for _ in range(60):
        office.happen()
    office.finish()


@pytest.mark.slow
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(FORMS), st.integers(0, 10**9), st.booleans())
def test_the_same_many_times(form: str, seed: int, live: bool) -> None:
    test_people_at_one_interview_never_cross_and_the_owner_completes_it.hypothesis.inner_test(form, seed, live)  # type: ignore[attr-defined]
