"""What has been kept for long enough, told to the secretariat, and deleted when it says so."""

from __future__ import annotations

from collections.abc import Sequence

from bot import retaining
from bot.acting import Act
from bot.jobs import Desk
from bot.speaking import styled
from bot.steps.capability import Capability, Task
from db.transaction import Transaction
from flows.country.dates import written
from flows.country.follow_ups.schedule import Matter
from flows.country.ledger import EXERCISE

DELETE = "yes"


async def retention(act: Act, arguments: Sequence[str] = ()) -> None:
    """Show what is due to be deleted; with the button below it, delete it."""
    if not await act.allow("erase_person", EXERCISE):
        return
    found = await act.tx.deletions.all()
    if not found:
        await act.say(act.text("retention.nothing"))
        return
    if tuple(arguments) == (DELETE,):
        await act.later("retention")
        await act.say(act.text("retention.deleting"))
        return
    count = sum(one.number for one in found)
    by_category = dict.fromkeys((one.category for one in found), 0)
    for one in found:
        by_category[one.category] += one.number
    items = [act.text(f"retention.{category}", number) for category, number in by_category.items()]
    since = written(min(one.since for one in found), act.language)
    await act.say(
        act.text("retention.shown", count, since=since),
        *styled("item", *items),
        act.text("retention.what_stays"),
        buttons=[[act.button(act.text("retention.button_delete"), "retention", DELETE)]],
    )


async def delete(desk: Desk) -> None:
    """Delete what is due by now, and say what was done, also by a run that was interrupted before it could say so. Only
    while whoever asked for it still may."""
    before = int(desk.job.payload.get("done", 0))

    async def note(tx: Transaction, done: int) -> None:
        await tx.jobs.note(desk.job.id, {"done": before + done})

    async with desk.store.reading() as tx:
        person = await tx.people.get(desk.job.person_id) if desk.job.person_id is not None else None
        if person is None or person.ended_at is not None:
            return
        if not Act(desk.services, tx, person, desk.now).may("erase_person", EXERCISE):
            return
    ran = await retaining.run(desk.services, desk.store, desk.now, note=note)
    await retaining.count(desk.services, desk.store, desk.now)
    async with desk.finish() as act:
        done = before + len(ran.done)
        await act.audit("deleted what was due", "retention", None, number=done)
        said = act.text("retention.deleted", done) if done else act.text("retention.nothing")
        await act.say(said, *([] if ran.whole else [act.text("retention.traces")]))


async def tasks(act: Act) -> Sequence[Task]:
    """One for all that is due."""
    if act.person.role != "secretariat":
        return ()
    found = await act.tx.deletions.all()
    if not found:
        return ()
    line = act.text("retention.task", sum(one.number for one in found))
    button = act.button(act.text("retention.button"), "retention")
    return [Task(line, button, Matter("retention", "due", min(one.since for one in found)))]


CAPABILITY = Capability(presses={"retention": retention}, jobs={"retention": delete}, tasks=tasks)
