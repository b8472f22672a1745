"""A filled paper read by the engine: compared with what is on record, and put on record as far as it was chosen.

Both are one walk through the form. To compare, it goes over a copy of the interview on which everything is put that can
be, so that what hangs on another answer of the same paper is read as well; to take over, over the interview itself.
"""

from __future__ import annotations

from collections.abc import Container, Mapping
from datetime import date, datetime

from flows.interview.asking import ask
from flows.interview.events import Refused
from flows.interview.form import Form
from flows.interview.interview import Turn, awake, spoken, turn_of
from flows.interview.logic import Session
from flows.interview.paper.differing import AT_ONCE, Comparison
from flows.interview.paper.filled import Paper, Written
from flows.interview.paper.walking import Walk
from flows.interview.replying import finish_parts
from flows.interview.sitting import Sitting
from flows.interview.state import Interview

_PASSES = 4  # over the form: answers that make earlier questions relevant are rare

Filled = Mapping[str, Written]
"""What stands on a paper, by the path of the question as printed."""


def compare(
    form: Form,
    interview: Interview,
    paper: Paper,
    filled: Filled,
    *,
    author: str,
    now: datetime,
    today: date | None = None,
) -> Comparison:
    """What `filled` says beside what is on record, in the order of the form. Changes nothing."""
    sitting = _opened(form, interview, awake(form, interview, now), author, "", now, today)
    return _walked(sitting, interview, paper, filled, None).comparison()


def take_over(
    form: Form,
    interview: Interview,
    paper: Paper,
    filled: Filled,
    *,
    author: str,
    now: datetime,
    chosen: Container[str] | None = None,
    channel: str = "",
    today: date | None = None,
    session: Session | None = None,
) -> Turn:
    """Put on record what was chosen: the differences with these keys, or without `chosen` all that loses, discloses and
    overwrites nothing (`differing.AT_ONCE`). The turn puts the open question again."""
    sitting = _opened(form, interview, awake(form, interview, now, session), author, channel, now, today)
    put, put_revision, at = sitting.put, sitting.put_revision, sitting.at
    parts, ticks, offers, language = list(sitting.parts), sitting.ticks, sitting.offers, sitting.language
    walk = _walked(sitting, interview, paper, filled, chosen)
    sitting.language = language
    sitting.events = [event for event in sitting.events if not isinstance(event, Refused)]
    if put.partition(":")[2] in walk.recorded:
        sitting.put = ""
    else:  # the question that was open is so still, with what was half given to it
        sitting.put, sitting.put_revision, sitting.at = put, put_revision, at
        sitting.parts, sitting.ticks, sitting.offers = parts, ticks, offers
    sitting.token += 1
    ask(sitting)
    return turn_of(sitting)


def _opened(
    form: Form,
    interview: Interview,
    session: Session,
    author: str,
    channel: str,
    now: datetime,
    today: date | None,
) -> Sitting:
    """The interview at work. A long answer half given in the conversation counts as given there."""
    sitting = Sitting.open(form, interview, session, now)
    sitting.author, sitting.channel, sitting.today = author, channel, today
    finish_parts(sitting)
    return sitting


def _walked(
    sitting: Sitting, interview: Interview, paper: Paper, filled: Filled, chosen: Container[str] | None
) -> Walk:
    before = Sitting.open(sitting.form, interview, sitting.session, sitting.now)
    before.session = Session.load(sitting.form.logic, sitting.session.dump(), sitting.session.host)
    before.records, before.author = dict(sitting.records), sitting.author
    sitting.language = before.language = spoken(sitting.form, paper.language)
    walk = Walk(sitting, before, paper, filled, AT_ONCE if chosen is None else (), chosen)
    for _ in range(_PASSES):
        put = len(walk.recorded)
        walk.through()
        if len(walk.recorded) == put or not walk.waiting:
            break
    return walk
