"""The weekly digest in conversation: seen at any time, turned off by one tap, and on again."""

from __future__ import annotations

from collections.abc import Sequence

from bot import digests
from bot.acting import Act
from bot.digests import WEEK
from bot.steps.capability import Capability, Command
from flows.country.dates import written


async def show(act: Act, _arguments: Sequence[str] = ()) -> None:
    """`/digest`: the last seven days, as they look now."""
    from bot.steps import registry

    if not await act.allow("see_follow_ups"):
        return
    row = await act.tx.digests.get(act.person.id)
    told = await digests.found(act, act.now - WEEK, registry().finders)
    await act.show(digests.digest(act, told, off=row is not None and row.off))


async def off(act: Act, _arguments: Sequence[str] = ()) -> None:
    """No digest comes by itself any more."""
    if await act.allow("see_follow_ups"):
        await act.tx.digests.switch(act.person.id, True, await digests.next_for(act.tx, act.person, act.now))
        await act.say(act.text("digests.is_off"), buttons=[[act.button(act.text("digests.button_on"), "digest_on")]])


async def on(act: Act, _arguments: Sequence[str] = ()) -> None:
    """It comes again."""
    if await act.allow("see_follow_ups"):
        at = await digests.next_for(act.tx, act.person, act.now)
        await act.tx.digests.switch(act.person.id, False, at)
        await act.say(act.text("digests.is_on", date=written(at, act.language)))


CAPABILITY = Capability(
    commands={"digest": Command(show, "see_follow_ups")},
    presses={"digest_off": off, "digest_on": on},
)
