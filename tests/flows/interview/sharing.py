"""Several people at one interview, for tests: each with a seat, everything through JSON between every two turns."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from typing import Any, TypeVar

from flows.interview import events as e
from flows.interview import inputs
from flows.interview.delegable import Delegable, Part, delegable
from flows.interview.form import Form
from flows.interview.interview import Turn, advance, current_question, start
from flows.interview.logic import Session
from flows.interview.seats import Seat, finish_seat, leave_seat, lend, take_back, take_seat
from flows.interview.state import Interview
from tests.flows.interview.talking import NOW

OWNER = "owner"
E = TypeVar("E", bound=e.Event)


class Shared:
    """`say(person, …)` takes turns of the owner or of a colleague; `events[person]` is what was said to them last."""

    def __init__(self, form: Form, **given: str) -> None:
        self.form = form
        self.turn = start(form, language="en", now=NOW, given=given)
        self.interview: Interview = self.turn.interview
        self.seats: dict[str, Seat] = {}
        self.events: dict[str, tuple[e.Event, ...]] = {OWNER: self.turn.events}
        self.count = 0
        self.lent = 0
        self.live: Session | None = None  # to be handed on from turn to turn, whoever takes it

    # ---- delegating ----
    @property
    def delegable(self) -> Delegable:
        return delegable(self.form, self._stored(), now=NOW, session=self.live)

    def lend(self, person: str, scope: Iterable[str] | Part | None) -> Shared:
        """Nothing is lent where it is refused: no seat."""
        wanted = scope.scope if isinstance(scope, Part) else tuple(scope or ())
        self.lent += 1
        now = NOW + timedelta(hours=self.lent)
        before = self._stored()
        turn, seat = lend(self.form, before, wanted, author=OWNER, now=now, channel="test", session=self.live)
        self._keep(OWNER, turn)
        if seat is not None:
            self.seats[person] = seat
            at_first = take_seat(self._stored(), self._seat(person))
            self._keep(person, current_question(self.form, at_first, now=NOW, author=person, session=self.live))
        return self

    def back(self, person: str) -> Shared:
        """Returned or recalled."""
        return self.finish(person).take_back(person)

    def finish(self, person: str) -> Shared:
        seen = take_seat(self._stored(), self._seat(person))
        self._keep(person, finish_seat(self.form, seen, author=person, now=NOW, channel="test", session=self.live))
        return self

    def take_back(self, person: str) -> Shared:
        returned = take_back(self._stored(), self._seat(person))
        del self.seats[person]
        self._keep(OWNER, current_question(self.form, returned, now=NOW, author=OWNER, session=self.live))
        return self

    # ---- turns ----
    def say(self, person: str, *given: inputs.Input | str) -> Shared:
        for one in given:
            self.count += 1
            input = inputs.Say(one, message_id=f"m{self.count}") if isinstance(one, str) else one
            before = self._stored()
            seen = before if person == OWNER else take_seat(before, self._seat(person))
            turn = advance(self.form, seen, input, author=person, now=NOW, channel="test", session=self.live)
            self._keep(person, turn)
            if person != OWNER:
                assert self._own_seat(self.interview) == self._own_seat(before), "the owner's seat came back changed"
        return self

    def press(self, person: str, code: str) -> Shared:
        return self.say(person, inputs.Press(f"{self.token(person)}:{code}"))

    def _keep(self, person: str, turn: Turn) -> None:
        self.turn, self.events[person] = turn, turn.events
        if person == OWNER:
            self.interview = turn.interview
        else:
            self.interview, self.seats[person] = leave_seat(turn.interview, self.interview)
        if self.live is not None:
            self.live = turn.session

    def _stored(self) -> Interview:
        if self.live is not None:
            return self.interview
        return Interview.from_json(json.loads(json.dumps(self.interview.to_json())))

    def _seat(self, person: str) -> Seat:
        seat = Seat.from_json(json.loads(json.dumps(self.seats[person].to_json())))
        assert seat == self.seats[person]
        return seat

    @staticmethod
    def _own_seat(interview: Interview) -> dict[str, Any]:
        return leave_seat(interview, interview)[1].to_json()

    # ---- what was said ----
    def asked(self, person: str) -> e.Asked:
        return next(event for event in reversed(self.events[person]) if isinstance(event, e.Asked))

    def name(self, person: str) -> str:
        """The last part of the path asked, or what else the turn ended in."""
        last = self.events[person][-1]
        if not isinstance(last, e.Asked):
            return type(last).__name__
        return last.type if last.type in ("repeat", "first", "rest", "remove") else last.path.rpartition("/")[2]

    def one(self, person: str, kind: type[E]) -> E:
        (event,) = (event for event in self.events[person] if isinstance(event, kind))
        return event

    def refusal(self, person: str) -> str:
        return self.one(person, e.Refused).reason

    def token(self, person: str) -> str:
        return next(event.token for event in reversed(self.events[person]) if getattr(event, "token", ""))

    def value(self, path: str) -> str:
        return self.turn.session.stored(path) if self.turn.session.exists(path) else ""

    def author(self, path: str) -> str:
        return self.interview.records[path].author

    def speaks(self, person: str, language: str) -> Shared:
        self.seats[person] = replace(self.seats[person], language=language)
        return self
