"""Several people at one interview: one set of answers, and a seat for each who works on them.

The official's seat is kept in the interview itself. A colleague who is asked one question, a section or the rest has a
seat of their own with that scope, and all that is with colleagues is `Interview.away`.

    turn, seat = lend(form, interview, part.scope, author=…, now=now)         the official's turn; no seat: refused
    seat = new_seat(form, seat.scope, language, now)                                      when the colleague comes
    turn = advance(form, take_seat(interview, seat), input, author=…, now=now)            a turn of the colleague
    interview, seat = leave_seat(turn.interview, interview)                               what to store of it
    turn = finish_seat(form, take_seat(interview, seat), author=…, now=now)               before taking it back
    turn = current_question(form, take_back(interview, seat), now=now)                    returned, or recalled

What keeps the two apart: nobody is asked, answers, confides or removes what is the other's; no row with something of
the other's goes or gets another number, be it by a smaller count; a reply belongs to the question that was put to that
person or to none; and an answer by somebody else is replaced only by who was shown it. The questions that hand the
answers in wait until everything is back.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from typing import Any

from flows.interview.answering import refuse
from flows.interview.asking import ask
from flows.interview.delegable import is_one_question, widened
from flows.interview.form import Form
from flows.interview.interview import Turn, awake, turn_of
from flows.interview.logic import Session
from flows.interview.replying import finish_parts
from flows.interview.scope import WITH_COLLEAGUE, label_around, overlap, within
from flows.interview.sitting import Sitting
from flows.interview.state import Interview, Mode
from flows.interview.step import Step


@dataclass(frozen=True, slots=True)
class Seat:
    """Where one person is in an interview; each field is that of `Interview` of the same name."""

    language: str
    scope: tuple[str, ...] = ()
    told: frozenset[str] = frozenset()
    mode: Mode = "core"
    rested: bool = False
    paused: bool = False
    completed: bool = False
    put: str = ""
    put_revision: int = 0
    at: str = ""
    token: int = 0
    parts: tuple[tuple[str, str], ...] = ()
    ticks: tuple[str, ...] | None = None
    offers: tuple[str, ...] = ()
    refused_message: str = ""
    last_press: str = ""

    def to_json(self) -> dict[str, Any]:
        """JSON-able; fields at their default are left out."""
        out = take_seat(_NOTHING, self).to_json()
        return {name: value for name, value in out.items() if name in _FIELDS}

    @classmethod
    def from_json(cls, out: Mapping[str, Any]) -> Seat:
        """The seat that `to_json` gave."""
        return _seat_of(Interview.from_json({**_NOTHING.to_json(), **out}))


_NOTHING = Interview("", "", "", session={})
_FIELDS = frozenset(field.name for field in fields(Seat))


def take_seat(interview: Interview, seat: Seat) -> Interview:
    """The interview as the one in `seat` sees it, for their turn."""
    return replace(interview, **{name: getattr(seat, name) for name in _FIELDS})


def leave_seat(interview: Interview, before: Interview) -> tuple[Interview, Seat]:
    """After a turn in a seat taken: the answers as they are now, with the seat of the interview `before` it was taken
    as it was; and the seat that was left."""
    return take_seat(interview, _seat_of(before)), _seat_of(interview)


def _seat_of(interview: Interview) -> Seat:
    return Seat(**{name: getattr(interview, name) for name in _FIELDS})


def new_seat(form: Form, scope: tuple[str, ...], language: str, now: datetime) -> Seat:
    """The seat of somebody who is about to begin with `scope`. A single question is put whether or not it has an
    answer. Buttons of an earlier seat at the same interview are stale here: their tokens are lower."""
    at = f"question:{scope[0]}" if is_one_question(form, scope) else ""
    return Seat(language, scope, at=at, token=int(now.timestamp()))


def lend(
    form: Form,
    interview: Interview,
    scope: Iterable[str],
    *,
    author: str,
    now: datetime,
    language: str = "",
    channel: str = "",
    today: date | None = None,
    session: Session | None = None,
) -> tuple[Turn, Seat | None]:
    """Give a part away: the official's turn, and a new seat for the colleague in `language` (the official's own by
    default). What is half typed there is recorded first. No seat, with the reason said, for what only the official
    can answer, for what is with a colleague already, and for a text that the form refuses."""
    sitting = Sitting.open(form, interview, awake(form, interview, now, session), now)
    sitting.author, sitting.channel, sitting.today = author, channel, today
    sitting.paused = False
    part, seat = widened(sitting, scope), None
    if sitting.scope or not part:
        refuse(sitting, "", "not_delegable")
    elif overlap(part, sitting.away):
        taken = next(path for path in part if overlap((path,), sitting.away))
        refuse(sitting, taken, WITH_COLLEAGUE, values={"part": label_around(sitting, taken)})
    elif not within(Step.from_key(sitting.put).path, part) or finish_parts(sitting):
        sitting.away = (*sitting.away, *part)
        if within(Step.from_key(sitting.at).path, part):
            sitting.at = ""
        seat = new_seat(form, part, language or sitting.language, now)
    ask(sitting)
    return turn_of(sitting), seat


def finish_seat(
    form: Form, interview: Interview, *, author: str, now: datetime, channel: str = "", session: Session | None = None
) -> Turn:
    """Before a part goes back: what its person has half typed is recorded as theirs. Nothing is asked."""
    sitting = Sitting.open(form, interview, awake(form, interview, now, session), now)
    sitting.author, sitting.channel = author, channel
    finish_parts(sitting)
    return turn_of(sitting)


def take_back(interview: Interview, seat: Seat) -> Interview:
    """The official's interview with the part of `seat` back in it, finished or not. What was read there is read."""
    told = {path for path in interview.told if "[" not in path or not within(path, seat.scope)}  # rows may have moved
    away = tuple(path for path in interview.away if path not in seat.scope)
    return replace(interview, away=away, told=frozenset(told | seat.told))
