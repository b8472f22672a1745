"""Use case: what has been kept for long enough is found, shown and deleted."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import date, datetime

from bot.acting import Act, Services
from bot.contents import discard, in_use, unused
from bot.forgetting import forget, swept
from bot.personal import Human, human, when_due
from db.database import Store
from db.deletions import Overdue
from db.people import Person
from db.transaction import Transaction
from flows.country.access import COMMAND_LINE
from flows.country.retention import Due, End, Item, due, plan
from flows.country.steps.base import Refusal
from flows.interview.state import Interview

Note = Callable[[Transaction, int], Awaitable[None]]
"""Keeps, in the transaction of a deletion, how many there were with it."""


@dataclass(slots=True)
class Plan:
    """What is due to be deleted, and the next things that will be."""

    due: tuple[Due, ...] = ()
    coming: tuple[Due, ...] = ()


@dataclass(slots=True)
class Ran:
    """What was deleted. `whole`: nothing is left of it on the disk either."""

    done: list[Due] = field(default_factory=list)
    whole: bool = True


async def planned(services: Services, store: Store, now: datetime, country: str = "") -> Plan:
    """What is due by `now`, in one country or everywhere."""
    async with store.reading() as tx:
        items, ends = await _items(services, tx, now)
        used = await in_use(tx)
    if not country:
        found = await asyncio.to_thread(unused, services.vault, used)
        items += [Item("files", sha256, since) for sha256, since in found]
    wanted = [item for item in items if not country or item.country == country]
    overdue = plan(wanted, ends, services.retention, now)
    later = [one for one in (due(item, ends, services.retention) for item in wanted) if one.at > now]
    return Plan(_one_each(overdue), tuple(sorted(later, key=lambda one: one.at)[:3]))


def _one_each(found: tuple[Due, ...]) -> tuple[Due, ...]:
    return tuple({(one.item.category, one.item.ref): one for one in found}.values())


async def count(services: Services, store: Store, now: datetime) -> None:
    """Note how much is due, for the secretariat to see."""
    found: dict[tuple[str, str], list[datetime]] = {}
    for one in (await planned(services, store, now)).due:
        found.setdefault((one.item.country, one.item.category), []).append(one.at)
    counted = [Overdue(*key, len(moments), min(moments)) for key, moments in sorted(found.items())]
    async with store.writing() as tx:
        if await tx.deletions.all() != counted:
            await tx.deletions.count(counted)
            await tx.follow_ups.touch("")


class Retention:
    """What the clock does about it: counts once a day what is due."""

    def __init__(self, services: Services, store: Store) -> None:
        self._services = services
        self._store = store
        self._day: date | None = None

    async def tick(self, now: datetime) -> None:
        """Count, unless that was done today."""
        if now.date() != self._day:
            await count(self._services, self._store, now)
            self._day = now.date()


async def run(services: Services, store: Store, now: datetime, country: str = "", note: Note | None = None) -> Ran:
    """Delete what is due. Each item is a transaction of its own: what is done is done, and noted there."""
    ran = Ran()
    contents: list[str] = []
    overdue = (await planned(services, store, now, country)).due
    for one in overdue:
        if one.item.category == "files":
            continue
        async with store.writing() as tx:
            gone = await _delete(services, tx, one, now)
            if gone is not None and note is not None:
                await note(tx, len(ran.done) + 1)
        if gone is not None:
            contents += gone
            ran.done.append(one)
    async with store.writing() as tx:  # nobody begins to refer to a content meanwhile
        used = await in_use(tx)
        files = [one for one in overdue if one.item.category == "files" and one.item.ref not in used]
        if files and note is not None:
            await note(tx, len(ran.done) + len(files))
        discard(services.vault, [one.item.ref for one in files])
    ran.done += files
    ran.whole = await swept(store, services.vault, contents)
    return ran


# ---- what there is ------------------------------------------------------------------------------------------------
async def _items(services: Services, tx: Transaction, now: datetime) -> tuple[list[Item], dict[str, End]]:
    ends: dict[str, End] = {}
    items = await _contacts(services, tx, now, ends)
    for number, country, _ in await tx.erasing.labelled():
        invitation = await tx.invitations.get(number)
        if invitation is not None and invitation.used_at is None:
            over = min(one for one in (invitation.expires_at, invitation.revoked_at) if one is not None)
            if over <= now:
                items.append(Item("invitations", str(number), over, country))
    items += [
        Item("addresses", f"{channel}:{address}", since) for channel, address, since in await tx.erasing.strangers()
    ]
    items += [Item("inbox", f"{one.channel}:{one.update_id}", one.received_at) for one in await tx.inbox.failures()]
    items += [Item("outbox", str(one.id), one.done_at or one.created_at) for one in await tx.erasing.dead_letters()]
    items += await _attachments(services, tx)
    return items, ends


async def _contacts(services: Services, tx: Transaction, now: datetime, ends: dict[str, End]) -> list[Item]:
    items: list[Item] = []
    for who in await _everybody(services, tx, now):
        erased = (await services.dossiers.course(tx, who.parts[0].country)).rights.erased
        if not who.ids <= set(erased):
            items.append((await when_due(_act(services, tx, who.parts[-1], now), who, ends)).item)
    return items


async def _everybody(services: Services, tx: Transaction, now: datetime) -> list[Human]:
    seen: set[int] = set()
    found: list[Human] = []
    for number in await tx.erasing.everybody():
        if number in seen:
            continue
        person = await tx.people.get(number)
        who = await human(_act(services, tx, person, now), number) if person is not None else None
        if who is not None:
            seen |= who.ids
            found.append(who)
    return found


async def _attachments(services: Services, tx: Transaction) -> list[Item]:
    """Files that were answers of a questionnaire and are no longer: replaced, taken back or refused. An answer that a
    newer version of the form put elsewhere, or aside, keeps its file."""
    items: list[Item] = []
    current: dict[int, set[str]] = {}
    for file in await tx.erasing.files():
        if file.form_id not in services.interviews.forms:
            continue
        if file.interview_id not in current:
            said = await tx.answers.current(file.interview_id)
            stored = await tx.interviews.get(file.interview_id)
            asides = Interview.from_json(json.loads(stored.state)).retired if stored is not None else ()
            current[file.interview_id] = {one.value for one in said} | {one.value for one in asides}
        if file.name not in current[file.interview_id]:
            items.append(Item("attachments", str(file.id), file.at, file.country))
    return items


# ---- deleting -----------------------------------------------------------------------------------------------------
async def _delete(services: Services, tx: Transaction, one: Due, now: datetime) -> list[str] | None:
    """Delete one item; the contents that go with it. None: it is not due any more."""
    item = one.item
    if item.category == "contacts":
        return await _forget(services, tx, int(item.ref), now)
    gone: list[str] = []
    if item.category == "invitations":
        await tx.invitations.relabel(int(item.ref), "")
    elif item.category == "addresses":
        channel, _, address = item.ref.partition(":")
        known = await tx.people.at(channel, address)
        if known is None or known.person is not None:
            return None
        await tx.erasing.forget_address(channel, address)
    elif item.category == "inbox":
        channel, _, update = item.ref.rpartition(":")
        await tx.erasing.empty_update(channel, int(update))
    elif item.category == "outbox":
        await tx.erasing.empty_message(int(item.ref), now)
    elif item.category == "attachments":
        file = next((file for file in await tx.erasing.files() if file.id == int(item.ref)), None)
        await tx.erasing.delete_file(int(item.ref))
        if file is not None and file.sha256 and file.sha256 not in await in_use(tx):
            gone.append(file.sha256)
    await tx.audit.record(now, "retention", item.category, int(item.ref) if item.ref.isdecimal() else None)
    return gone


async def _forget(services: Services, tx: Transaction, number: int, now: datetime) -> list[str] | None:
    person = await tx.people.get(number)
    if person is None:
        return None
    act = _act(services, tx, person, now)
    who = await human(act, number)
    ends: dict[str, End] = {}
    if who is None or (await when_due(act, who, ends)).at > now:
        return None
    gone = await forget(act, number, "retention")
    return None if isinstance(gone, Refusal) else list(gone.contents)


def _act(services: Services, tx: Transaction, person: Person, now: datetime) -> Act:
    """As the command line acts."""
    act = Act(services, tx, person, now)
    act.actor = COMMAND_LINE
    return act
