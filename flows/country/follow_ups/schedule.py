"""When a matter that waits is followed up next: what was said, the rule, the calendars and now → the next move.

A considerate colleague's way. Nothing is said at an hour or on a day when one does not write. A reaction starts the
count anew. One who asked to be left alone is; yet the coordinator hears when the deadline passes (or, where there is
none, when they would have heard anyway), for else nobody would know. Reminders are kept for the dates of a deadline.
Who was promised word on a date gets it, even beyond the most reminders. Those above hear once each, the coordinator
first, and never before the person has had a reminder and a day to answer it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Literal

from flows.country.follow_ups.calendar import Calendar
from flows.country.follow_ups.rules import Rule

Move = Literal["remind", "coordinator", "secretariat"]
Why = Literal["first", "again", "before_due", "due", "overdue", "snoozed", "unanswered", "still_unanswered"]
_LAST_YEAR = 9000  # a deadline after it is none


@dataclass(frozen=True, slots=True)
class Matter:
    """Something that waits for somebody. `since` None: since it was first seen."""

    kind: str
    subject: str = ""
    since: datetime | None = None
    due: date | None = None


@dataclass(frozen=True, slots=True)
class Said:
    """What was said about it so far. `last`: the last reminder."""

    reminders: int = 0
    last: datetime | None = None
    coordinator: datetime | None = None
    secretariat: datetime | None = None
    snoozed_until: datetime | None = None
    muted: bool = False


@dataclass(frozen=True, slots=True)
class Planned:
    """The next move."""

    at: datetime
    move: Move
    why: str


def planned(
    rule: Rule, since: datetime, due: date | None, said: Said, calendars: Mapping[Move, Calendar], now: datetime
) -> Planned | None:
    """The next move; None where nothing more is to be said. `calendars`: of those who can be told; without a
    coordinator the secretariat is told in their place, without either nobody is. `at` is a permitted moment of whoever
    it is said to, now or later; it stays the same until then whenever it is asked for."""
    if due is not None and due.year > _LAST_YEAR:
        due = None
    case = _Case(rule, since, due, _counted(said, since), calendars, now)
    upward, reminder = case.upward(), case.reminder()
    if upward is not None and (reminder is None or upward.at <= reminder.at):
        return upward
    return reminder


def foreseen(
    rule: Rule, since: datetime, due: date | None, said: Said, calendars: Mapping[Move, Calendar], now: datetime
) -> Iterator[Planned]:
    """All moves to come, in order, if nothing is heard and each is made in time."""
    said = _counted(said, since)
    while (step := planned(rule, since, due, said, calendars, now)) is not None:
        yield step
        said, now = after(said, step.move, step.at), max(now, step.at)


def after(said: Said, move: Move, at: datetime) -> Said:
    """What has been said once a move was made."""
    if move == "remind":
        return replace(said, reminders=said.reminders + 1, last=at)
    return replace(said, coordinator=at) if move == "coordinator" else replace(said, secretariat=at)


def still_worth(rule: Rule, at: datetime, due: date | None, calendar: Calendar, now: datetime) -> bool:
    """Whether what was planned for `at` is still worth saying now, after an outage. What is not counts as said at `now`
    without counting as a reminder: the next one comes a spacing later."""
    today = calendar.local_day(now)
    if rule.until_due and due is not None and today > due:
        return False
    return calendar.working_days_between(calendar.local_day(at), today) <= rule.late


def _counted(said: Said, since: datetime) -> Said:
    """What was said since the last reaction."""
    last = said.last if said.last is not None and said.last >= since else None
    return replace(
        said,
        reminders=max(said.reminders, 0) if last is not None else 0,
        last=last,
        coordinator=said.coordinator if said.coordinator is not None and said.coordinator >= since else None,
        secretariat=said.secretariat if said.secretariat is not None and said.secretariat >= since else None,
    )


@dataclass(frozen=True, slots=True)
class _Case:
    rule: Rule
    since: datetime
    due: date | None
    said: Said
    calendars: Mapping[Move, Calendar]
    now: datetime

    @property
    def own(self) -> Calendar:
        """Of whoever the matter waits for: working days are counted in it."""
        return self.calendars["remind"]

    @property
    def deadline(self) -> date | None:
        """The deadline; none where it had passed when the matter began to wait."""
        return self.due if self.due is not None and self.due >= self.own.local_day(self.since) else None

    @property
    def promised(self) -> datetime | None:
        """Until when they asked to be left alone, where they have not been reminded since."""
        until, last = self.said.snoozed_until, self.said.last
        return until if until is not None and until > (last or self.since) else None

    @property
    def first_up(self) -> Move | None:
        """Who hears first that nothing comes, where nobody has heard yet."""
        if self.said.coordinator is not None or self.said.secretariat is not None:
            return None
        steps: tuple[Move, ...] = ("coordinator", "secretariat")
        return next((move for move in steps if move in self.calendars), None)

    @property
    def is_unanswered(self) -> bool:
        """Whether as many reminders were said as make the coordinator hear of it."""
        return 0 < self.rule.coordinator_after <= self.said.reminders

    # ---- reminders ------------------------------------------------------------------------------------------------
    def reminder(self) -> Planned | None:
        if self.said.muted:
            return None
        if self.promised is not None:
            earliest = self._next_day() if self.said.last is not None else self.since
            return self._reminded(max(self.promised, earliest), "snoozed")
        if self.said.reminders >= self.rule.most:
            return None
        earliest = self._next_day()
        points = {at for at in self._points() if at >= earliest}
        soon = self.own.next_open(self.now)
        missed = max((at for at in points if at <= self.now), default=None)
        coming = min((at for at in points if at > self.now), default=None)
        if missed is not None and self.own.local_day(missed) == self.own.local_day(soon):
            return self._reminded(missed, "before_due")
        usual = self._usual(len(points)) if missed is None else soon
        if usual is None:
            return self._reminded(coming, "before_due") if coming is not None else None
        at = self.own.next_open(max(usual, self.now, self._last_said()))
        if coming is not None and coming <= self.own.after_working_days(at, 1):  # both in one
            return self._reminded(coming, "before_due")
        if missed is not None:
            return self._reminded(at, "before_due")
        return self._reminded(at, "again" if self.said.reminders else "first")

    def _next_day(self) -> datetime:
        """The earliest for another one: the working day after the last, or after the matter began to wait."""
        return self.own.after_working_days(self.said.last or self.since, 1)

    def _points(self) -> Iterator[datetime]:
        """The dates that a deadline brings."""
        if self.deadline is None:
            return
        for days in self.rule.before_due:
            day = self.own.before_working_days(self.deadline - timedelta(days=days), 0)
            yield self.own.at_reminders(day)
        for days in self.rule.after_due:
            yield self.own.at_reminders(self.own.later_working_day(self.deadline, days))

    def _usual(self, left: int) -> datetime | None:
        """The next one by spacing alone; None where it is left out: the rest is kept for the dates of the deadline, the
        coordinator is to hear first, or everybody above knows and acts."""
        if self.said.reminders + left >= self.rule.most or (self.is_unanswered and self.first_up is not None):
            return None
        if self.said.coordinator is not None and self.said.secretariat is not None:
            return None
        if self.said.last is None:
            return self.own.on_reminder_day(self.own.after_working_days(self.since, self.rule.first))
        told = self.said.coordinator or self.said.secretariat or self.said.last
        later = self.own.after_working_days(max(self.said.last, told), self.rule.spaced(self.said.reminders))
        return self.own.on_reminder_day(later)

    def _reminded(self, base: datetime, why: Why) -> Planned | None:
        at = self.own.next_open(max(base, self.now, self._last_said()))
        day = self.own.local_day(at)
        if self.due is None or why == "snoozed":
            reason = why
        elif day >= self.due:
            reason = "due" if day == self.due else "overdue"
        else:
            reason = why
        return self._kept(Planned(at, "remind", reason))

    # ---- those above ----------------------------------------------------------------------------------------------
    def upward(self) -> Planned | None:
        if self.promised is not None and not self.said.muted:
            return None
        move = self.first_up
        if move is not None:
            found = min(self._reasons(), default=None)
            return self._told(move, *found) if found is not None else None
        told = self.said.coordinator
        if told is None or not self.rule.secretariat_after or "secretariat" not in self.calendars:
            return None
        if self.said.secretariat is not None:
            return None
        base = self.own.after_working_days(told, self.rule.secretariat_after)
        return self._told("secretariat", base, "still_unanswered")

    def _reasons(self) -> Iterator[tuple[datetime, Why]]:
        """Since when the first of those above are to hear of it, and why."""
        last = self.said.last
        if self.said.muted:
            if self.deadline is None and (heard := self._had_heard()) is not None:
                yield heard, "unanswered"
        elif self.is_unanswered and last is not None:
            wait = self.rule.spaced(1) if self.said.reminders == self.rule.coordinator_after else 1
            yield self.own.after_working_days(last, wait), "unanswered"
        if self.deadline is not None and self.rule.coordinator_overdue and (self.said.muted or self.said.reminders):
            base = self.own.at_reminders(self.own.later_working_day(self.deadline, self.rule.coordinator_overdue))
            yield max(base, self._next_day()), "overdue"

    def _had_heard(self) -> datetime | None:
        """When the first of those above would have heard of it, had all reminders been said."""
        steps = foreseen(self.rule, self.since, None, Said(), self.calendars, self.since)
        return next((step.at for step in steps if step.move != "remind"), None)

    def _told(self, move: Move, base: datetime, why: Why) -> Planned | None:
        floor = self.promised or base
        at = self.calendars[move].next_open(max(base, floor, self.now, self._last_said()))
        return self._kept(Planned(at, move, why))

    def _kept(self, step: Planned) -> Planned | None:
        """The move, unless it would come when there is no point in it any more."""
        pointless = self.rule.until_due and self.due is not None and self.own.local_day(step.at) > self.due
        return None if pointless else step

    def _last_said(self) -> datetime:
        said = (self.said.last, self.said.coordinator, self.said.secretariat)
        return max((at for at in said if at is not None), default=datetime.min.replace(tzinfo=UTC))
