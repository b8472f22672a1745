"""What people make of reminders: later, no more, or help; and the list of those that are planned."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.acting import Act
from bot.companions import Filled
from bot.messages import Line
from bot.policies import policy_in_force
from bot.pressed import number
from bot.reminding import local
from bot.speaking import styled
from bot.steps.capability import Capability, Command
from db.follow_ups import FollowUp
from db.problems import Stale
from flows import knowledge
from flows.country.dates import written

LONGEST = timedelta(days=92)
"""For how long reminders can be put off."""
MOST = 15  # reminders listed


# ---- under a reminder ---------------------------------------------------------------------------------------------
async def later(act: Act, arguments: Sequence[str]) -> None:
    """A reminder comes at the wrong moment: which would be better?"""
    row = await _mine(act, arguments)
    if row is None:
        return
    await act.say(
        act.text("reminders.when"),
        buttons=[
            [
                act.button(act.text("reminders.button_tomorrow"), "fu_in", row.id, 1),
                act.button(act.text("reminders.button_next_week"), "fu_in", row.id, 7),
            ],
            [act.button(act.text("reminders.button_date"), "fu_date", row.id)],
            [act.button(act.text("reminders.button_never"), "fu_mute", row.id)],
        ],
    )


async def in_days(act: Act, arguments: Sequence[str]) -> None:
    """Tomorrow, or next week."""
    row = await _mine(act, arguments)
    days = min(max(number(arguments, 1), 1), LONGEST.days)
    if row is not None:
        await _snooze(act, row, local(act.person.country, act.now) + timedelta(days=days))


async def on_date(act: Act, arguments: Sequence[str]) -> None:
    """On a date to be given."""
    row = await _mine(act, arguments)
    if row is not None:
        await act.begin("later", {"follow_up": str(row.id)})


async def date_given(act: Act, filled: Filled) -> bool:
    """The date is given."""
    row = await _mine(act, [filled.given["follow_up"]])
    if row is None:
        return True
    today = local(act.person.country, act.now)
    day = date.fromisoformat(filled.get("day"))
    if day <= today:
        await act.say(act.text("reminders.past"))
        return False
    if day > today + LONGEST:
        await act.say(act.text("reminders.too_far", date=written(today + LONGEST, act.language)))
        return False
    await _snooze(act, row, day)
    return True


async def mute(act: Act, arguments: Sequence[str]) -> None:
    """No more reminders of this."""
    row = await _mine(act, arguments)
    if row is None:
        return
    for one in await _together(act, row):
        await _change(act, replace(one, muted=True))
        await act.tx.follow_ups.note(one, "muted", act.now, to_id=act.person.id)
    await _replan(act)
    await act.say(
        act.text("reminders.muted"), buttons=[[act.button(act.text("reminders.button_again"), "fu_unmute", row.id)]]
    )


async def unmute(act: Act, arguments: Sequence[str]) -> None:
    """Reminders are welcome again."""
    row = await _mine(act, arguments)
    if row is None:
        return
    for one in await act.tx.follow_ups.of_person(act.person.id):
        if one.muted:
            await _change(act, replace(one, muted=False, snoozed_until=None))
            await act.tx.follow_ups.note(one, "unmuted", act.now, to_id=act.person.id)
    await _replan(act)
    await act.say(act.text("reminders.unmuted"))


async def help_(act: Act, arguments: Sequence[str]) -> None:
    """A person asks for a person."""
    row = await _mine(act, arguments)
    if row is None:
        return
    helpers = await act.people("coordinator") if act.person.role not in ("coordinator", "focal_point") else []
    helpers = [one for one in helpers if one.id != act.person.id] or await act.people("secretariat")
    entity = await act.tx.entities.get(act.person.entity_id) if act.person.entity_id is not None else None
    who = " · ".join(filter(None, (act.person.label, entity.name if entity is not None else "")))
    await act.tell(
        helpers,
        lambda to: to.prompt(
            to.text(
                "reminders.help_asked",
                who=who or to.text("reminders.somebody"),
                what=to.text(f"reminders.kind_{row.kind}"),
            )
        ),
        dedupe=f"help {row.id} {row.reminders} {act.now:%Y-%m-%d}",
    )
    await act.tx.follow_ups.note(row, "help asked", act.now, to_id=act.person.id)
    named = next((one.label for one in helpers if one.role == "coordinator" and one.label), "")
    contact = act.services.contact
    if named:
        await act.say(act.text("reminders.help_sent", name=named, contact=contact))
    else:
        await act.say(act.text("reminders.help_secretariat", contact=contact))


# ---- the list -----------------------------------------------------------------------------------------------------
async def reminders(act: Act, _arguments: Sequence[str] = ()) -> None:
    """What the person will be reminded of, and when."""
    rows = await act.tx.follow_ups.of_person(act.person.id)
    if not rows:
        await act.say(act.text("reminders.list_none"))
        return
    rows = sorted(rows, key=lambda one: (one.next_at is None, one.next_at or one.since))
    lines: list[str | Line] = [act.text("reminders.list", len(rows))]
    lines += styled("item", *(_listed(act, row) for row in rows[:MOST]))
    buttons = []
    if any(row.muted for row in rows):
        first = next(row for row in rows if row.muted)
        buttons.append([act.button(act.text("reminders.button_again"), "fu_unmute", first.id)])
    if any(row.next_at is not None and not row.muted for row in rows):
        buttons.append([act.button(act.text("reminders.button_later"), "fu_later", rows[0].id)])
    await act.say(*lines, buttons=buttons)


def _listed(act: Act, row: FollowUp) -> str:
    what = act.text(f"reminders.kind_{row.kind}")
    what = what[:1].upper() + what[1:]
    if row.muted:
        return act.text("reminders.listed_muted", what=what)
    if row.next_at is None or row.move != "remind":
        return act.text("reminders.listed_silent", what=what)
    return act.text("reminders.listed", what=what, date=written(local(act.person.country, row.next_at), act.language))


# ---- rows ---------------------------------------------------------------------------------------------------------
async def _mine(act: Act, arguments: Sequence[str]) -> FollowUp | None:
    """The follow-up meant; None where it is nobody's, somebody else's, or settled by now, and the person is told."""
    row = await act.tx.follow_ups.get(number(arguments))
    if row is None or row.person_id != act.person.id:
        await act.say(act.text("turns.not_theirs"))
        return None
    if row.closed_at is not None:
        await act.say(act.text("reminders.settled"))
        return None
    return row


async def _together(act: Act, row: FollowUp) -> list[FollowUp]:
    """All that the same message reminded of."""
    rows = await act.tx.follow_ups.of_person(act.person.id)
    return [one for one in rows if one.id == row.id or (row.last_at is not None and one.last_at == row.last_at)]


async def _snooze(act: Act, row: FollowUp, day: date) -> None:
    """Put off what a message reminded of to the morning of a day, or of the first working day after it."""
    policy = await policy_in_force(act.tx)
    calendar = policy.calendar(act.person.country) if act.person.country else policy.secretariat_calendar()
    zone = ZoneInfo(knowledge.country(act.person.country).time_zones[0] if act.person.country else "UTC")
    until = calendar.next_open(datetime.combine(day, time(), zone))
    for one in await _together(act, row):
        await _change(
            act,
            replace(one, snoozed_until=until, muted=False, move="remind", why="snoozed", next_at=until, meant_at=until),
        )
        await act.tx.follow_ups.note(one, "snoozed", act.now, to_id=act.person.id)
    await act.say(act.text("reminders.snoozed", date=written(local(act.person.country, until), act.language)))


async def _change(act: Act, row: FollowUp) -> None:
    """Store it; where the bot itself was quicker, the turn is done again on what is there by then."""
    if not await act.tx.follow_ups.change(row):
        raise Stale(f"follow-up {row.id}")


async def _replan(act: Act) -> None:
    await act.tx.follow_ups.touch(act.person.country)


CAPABILITY = Capability(
    commands={"reminders": Command(reminders, "own_data")},
    presses={
        "fu_later": later,
        "fu_in": in_days,
        "fu_date": on_date,
        "fu_mute": mute,
        "fu_unmute": unmute,
        "fu_help": help_,
    },
    forms={"later": date_given},
)
