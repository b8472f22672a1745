"""Messages to a group that were sent: how far each is, and stopped where it has not gone out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC

from bot import broadcasting, placing, pressed
from bot.acting import Act
from bot.messages import Button, Line
from bot.steps.broadcasts import ALL, chain_of, course_of, whom
from bot.steps.capability import Capability, Command
from flows.country.access import Place, denied
from flows.country.dates import written as on_day
from flows.country.ledger import EXERCISE
from flows.country.steps.broadcasts import Broadcast, StopBroadcast

MOST = 6  # messages listed


async def progress(act: Act, arguments: Sequence[str] = ()) -> None:
    """`/broadcasts`: what was sent last, and how far it is."""
    country = act.person.country
    if arguments:
        place = await placing.placed(act, "broadcasts", arguments, "broadcast")
        if place is None:
            return
        country = place.code
    listed = await recent(act, country)
    if not listed:
        await act.say(act.text("broadcasts.none"))
        return
    lines: list[str | Line] = [Line(act.text("broadcasts.list"), "title")]
    rows: list[list[Button]] = []
    for number, (chain, one) in enumerate(listed, 1):
        done = await broadcasting.progress(act.tx, chain, one.number)
        lines.append(f"{number}. " + "\n".join(await told(act, chain, one, done)))
        going = one.stopped_at is None and (one.put is None or done.waiting)
        if going and (one.role != "secretariat" or act.person.role == "secretariat"):
            label = act.text("broadcasts.button_stop", number=number)
            rows.append([act.button(label, "bc_stop", chain or ALL, one.number)])
    await act.say(*lines, buttons=rows)


async def recent(act: Act, country: str) -> list[tuple[str, Broadcast]]:
    """The last messages of a country, or of all that this person may see; newest first."""
    chains = [country] if country else [EXERCISE, *(one for one in await act.tx.ledger.chains() if one != EXERCISE)]
    found = []
    for chain in chains:
        if denied(act.actor, "broadcast", Place(chain)) is None:
            found += [(chain, one) for one in (await course_of(act, chain)).broadcasts.of.values()]
    found.sort(key=lambda item: item[1].at, reverse=True)
    return found[:MOST]


async def told(act: Act, chain: str, one: Broadcast, done: broadcasting.Progress) -> list[str]:
    """A message and how far it is, line by line."""
    who = await whom(act, chain, one.group, one.entity_id)
    lines = [act.text("broadcasts.line", who=who, date=on_day(one.at.astimezone(UTC), act.language))]
    lines.append(act.text("broadcasts.quote", beginning=_beginning(one)))
    if one.put is None and one.stopped_at is None:
        return [*lines, act.text("broadcasts.being_made")]
    counts = [act.text("broadcasts.sent_count", done.sent)]
    if done.waiting:
        counts.append(act.text("broadcasts.waiting_count", done.waiting))
    counts += [act.text(f"broadcasts.failed_{why}", count) for why, count in sorted(done.failed.items())]
    counts += [act.text(f"broadcasts.out_{why}", count) for why, count in sorted(one.left_out.items()) if count]
    return [*lines, *(f"– {count}" for count in counts)]


def _beginning(one: Broadcast) -> str:
    said = " ".join(next(iter(one.texts.values()), "").split())
    return said if len(said) <= 60 else said[:59] + "…"


async def stop(act: Act, arguments: Sequence[str]) -> None:
    """What has not gone out yet does not any more."""
    chain, number = chain_of(arguments), pressed.number(arguments, 1)
    waiting = (await broadcasting.progress(act.tx, chain, number)).waiting
    if await act.take(StopBroadcast(number, waiting), chain) is None:
        return
    dropped = await act.tx.outbox.drop_batch(broadcasting.batch_of(chain, number), broadcasting.STOPPED, act.now)
    await act.say(act.text("broadcasts.stopped", dropped))


CAPABILITY = Capability(
    commands={"broadcasts": Command(progress, "broadcast")},
    presses={"bc_stop": stop},
)
