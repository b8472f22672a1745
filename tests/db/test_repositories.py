"""What each repository promises."""

from __future__ import annotations

import asyncio
import re
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from db.answers import Answer
from db.database import Store
from db.interviews import StoredInterview
from db.invitations import Invitation
from db.outbox import Message, Outcome
from db.people import Person
from db.problems import Stale
from db.transaction import Transaction

DAY = timedelta(days=1)


async def official(tx: Transaction, now: datetime, address: str = "1") -> tuple[Person, StoredInterview]:
    entity = await tx.entities.find_or_add("BFA", "Institut national de la statistique", now)
    person = await tx.people.add("BFA", "official", entity.id, "fr", now)
    await tx.people.meet("telegram", address, "u" + address, "fr", now)
    await tx.people.bind("telegram", address, person.id)
    interview = await tx.interviews.start(person.id, entity.id, "BFA", "guide", "1", "fr", "{}", now)
    await tx.people.turn_to("telegram", address, interview.id)
    return person, interview


def answer(interview: StoredInterview, path: str, value: str, now: datetime, **changes: object) -> Answer:
    author = interview.person_id
    plain = Answer(
        interview.id, path, 1, value, "", "answered", value, False, author, now, "fr", "1", "telegram", "5", 9
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


# ---- inbox ----------------------------------------------------------------------------------------------------------
async def test_an_update_is_claimed_once(store: Store, now: datetime) -> None:
    async with store.writing() as tx:
        assert await tx.inbox.claim("telegram", 12, now)
        assert not await tx.inbox.claim("telegram", 12, now)
        assert await tx.inbox.claim("terminal", 12, now)
        assert await tx.inbox.claim("telegram", 10, now)
        assert await tx.inbox.last_update_id("telegram") == 12
        assert await tx.inbox.last_update_id("other") is None


async def test_a_poison_update_is_kept_and_counts_as_seen(store: Store, now: datetime) -> None:
    async with store.writing() as tx:
        assert await tx.inbox.failed("telegram", 3, '{"update_id":3}', "ValueError", now)
        assert not await tx.inbox.failed("telegram", 3, "again", "ValueError", now)
    async with store.writing() as tx:
        assert not await tx.inbox.claim("telegram", 3, now)
        (kept,) = await tx.inbox.failures()
    assert (kept.update_id, kept.payload, kept.error, kept.received_at) == (3, '{"update_id":3}', "ValueError", now)


async def test_old_updates_can_be_forgotten(store: Store, now: datetime) -> None:
    async with store.writing() as tx:
        for number in (1, 2, 3):
            await tx.inbox.claim("telegram", number, now)
        assert await tx.inbox.forget("telegram", 3) == 2
        assert await tx.inbox.last_update_id("telegram") == 3


# ---- people ---------------------------------------------------------------------------------------------------------
async def test_one_query_tells_who_writes_from_an_address(store: Store, now: datetime) -> None:
    async with store.writing() as tx:
        assert await tx.people.at("telegram", "1") is None
        stranger = await tx.people.meet("telegram", "1", "u1", "fr-BF", now)
        assert stranger.person is None
        person, interview = await official(tx, now)
        found = await tx.people.at("telegram", "1")
    assert found is not None
    assert found.person == person
    assert (found.interview_id, found.status, found.language, found.user) == (interview.id, "reachable", "fr-BF", "u1")


async def test_an_address_that_cannot_be_reached_is_marked_once(store: Store, now: datetime) -> None:
    async with store.writing() as tx:
        await official(tx, now)
        assert await tx.people.mark("telegram", "1", "blocked", now + DAY)
        assert not await tx.people.mark("telegram", "1", "blocked", now + 2 * DAY)
        found = await tx.people.at("telegram", "1")
    assert found is not None
    assert (found.status, found.since) == ("blocked", now + DAY)


async def test_the_parts_that_one_person_takes_are_known_from_each_of_them(store: Store, now: datetime) -> None:
    async with store.writing() as tx:
        one, two, three, other = [await tx.people.add("BFA", "official", None, "fr", now) for _ in range(4)]
        await tx.people.also(two.id, one.id)
        await tx.people.also(three.id, two.id)
        for part in (one, two, three):
            assert await tx.people.parts(part.id) == [one, two, three]
        assert await tx.people.parts(other.id) == [other]


async def test_authorship_outlives_the_address(store: Store, now: datetime) -> None:
    async with store.writing() as tx:
        person, interview = await official(tx, now)
        await tx.answers.append([answer(interview, "/data/a", "1", now)])
        assert len(await tx.people.addresses_of(person.id)) == 1
        assert await tx.people.forget_addresses(person.id) == 1
        await tx.people.rename(person.id, "")
        assert [one.author_id for one in await tx.answers.current(interview.id)] == [person.id]
        assert await tx.people.at("telegram", "1") is None


# ---- entities -------------------------------------------------------------------------------------------------------
async def test_an_entity_is_found_whatever_its_case_accents_and_spaces(store: Store, now: datetime) -> None:
    async with store.writing() as tx:
        made = await tx.entities.find_or_add("BFA", "Ministère de l’Intérieur", now, acronym="MI")
        for name in ("MINISTERE DE L'INTERIEUR", "  ministère  de l’intérieur "):
            assert await tx.entities.find_or_add("BFA", name, now) == made
        assert (await tx.entities.find_or_add("MLI", "Ministère de l’Intérieur", now)).id != made.id
        assert await tx.entities.get(made.id) == made


# ---- invitations ----------------------------------------------------------------------------------------------------
async def invitation(tx: Transaction, now: datetime) -> tuple[str, int]:
    return await tx.invitations.create("BFA", "coordinator", None, now + DAY, now)


async def test_a_code_fits_a_deep_link_and_is_stored_nowhere(store: Store, now: datetime) -> None:
    async with store.writing() as tx:
        code, _ = await invitation(tx, now)
        assert re.fullmatch(r"[A-Za-z0-9_-]{22,64}", code)
        assert code not in str(await tx.invitations.of_country("BFA"))
        rows = await tx.connection.rows("SELECT * FROM invitations", ())
    assert code not in str([tuple(row) for row in rows])


async def test_a_code_is_used_once(store: Store, now: datetime) -> None:
    async with store.writing() as tx:
        code, number = await invitation(tx, now)
        redeemed = await tx.invitations.redeem(code, now)
        assert isinstance(redeemed, Invitation)
        assert (redeemed.id, redeemed.country, redeemed.role) == (number, "BFA", "coordinator")
        person = await tx.people.add("BFA", "coordinator", None, "fr", now)
        await tx.invitations.used_by(number, person.id)
        assert await tx.invitations.redeem(code, now) == "used"
        found = await tx.invitations.find(code)
        assert found is not None
        assert found.used_by == person.id


async def test_of_two_presses_at_once_one_wins(store: Store, now: datetime) -> None:
    async with store.writing() as tx:
        code, _ = await invitation(tx, now)

    async def press() -> bool:
        async with store.writing() as tx:
            return isinstance(await tx.invitations.redeem(code, now), Invitation)

    assert sorted(await asyncio.gather(*(press() for _ in range(6)))) == [False] * 5 + [True]


async def test_a_code_is_refused_with_its_reason(store: Store, now: datetime) -> None:
    async with store.writing() as tx:
        assert await tx.invitations.redeem("unknown", now) == "unknown"
        assert await tx.invitations.redeem("\ud800", now) == "unknown"
        late, _ = await invitation(tx, now)
        assert await tx.invitations.redeem(late, now + DAY) == "expired"
        revoked, number = await invitation(tx, now)
        assert await tx.invitations.revoke(number, now)
        assert not await tx.invitations.revoke(number, now)
        assert await tx.invitations.redeem(revoked, now) == "revoked"


# ---- consents, audit ------------------------------------------------------------------------------------------------
async def test_the_last_decision_is_in_force_and_all_are_kept(store: Store, now: datetime) -> None:
    async with store.writing() as tx:
        person, _ = await official(tx, now)
        assert await tx.consents.latest(person.id) is None
        await tx.consents.record(person.id, "2026-1", "fr", True, now, "telegram", "77")
        await tx.consents.record(person.id, "2026-1", "fr", False, now + DAY, "telegram", "80")
        await tx.consents.record(person.id, "2026-1", "fr", True, now, "telegram", purpose="contact")
        latest = await tx.consents.latest(person.id)
        assert latest is not None
        assert (latest.given, latest.at, latest.message_id) == (False, now + DAY, "80")
        assert len(await tx.consents.history(person.id)) == 3


async def test_the_audit_tells_who_did_what_when(store: Store, now: datetime) -> None:
    async with store.writing() as tx:
        await tx.audit.record(now, "invited", "invitations", 4, actor_id=2, details={"role": "official"})
        await tx.audit.record(now, "revoked", "invitations", 5)
        (entry,) = await tx.audit.about("invitations", 4)
        assert (entry.actor_id, entry.action, entry.details) == (2, "invited", '{"role": "official"}')
        assert len(await tx.audit.entries()) == 2


# ---- interviews and answers -----------------------------------------------------------------------------------------
async def test_an_interview_saved_by_somebody_else_is_stale(store: Store, now: datetime) -> None:
    async with store.writing() as tx:
        _, interview = await official(tx, now)
        await tx.interviews.save(interview, '{"a":1}', now + DAY, status="completed", language="en")
        with pytest.raises(Stale):
            await tx.interviews.save(interview, '{"b":1}', now)
        found = await tx.interviews.get(interview.id)
        assert found is not None
        assert (found.state, found.revision, found.language) == ('{"a":1}', 1, "en")
        assert (found.completed_at, found.started_at, found.updated_at) == (now + DAY, now, now + DAY)
        await tx.interviews.save(found, "{}", now + 2 * DAY, status="active")
        again = await tx.interviews.get(interview.id)
        assert again is not None
        assert again.completed_at is None


async def test_every_revision_is_kept_and_the_last_is_current(store: Store, now: datetime) -> None:
    async with store.writing() as tx:
        _, interview = await official(tx, now)
        _, other = await official(tx, now, "2")
        await tx.answers.append([answer(interview, "/data/a", "1", now), answer(interview, "/data/b", "x", now)])
        await tx.answers.append([answer(interview, "/data/a", "2", now + DAY, old_value="1", confidential=True)])
        await tx.answers.append([answer(other, "/data/a", "9", now)])
        await tx.answers.append([])
        history = await tx.answers.history(interview.id, "/data/a")
        assert [(one.old_value, one.value, one.at) for one in history] == [("", "1", now), ("1", "2", now + DAY)]
        current = {one.path: (one.value, one.confidential) for one in await tx.answers.current(interview.id)}
        assert current == {"/data/a": ("2", True), "/data/b": ("x", False)}
        assert len(await tx.answers.history(interview.id)) == 3
        assert sorted(one.value for one in await tx.answers.of_country("BFA")) == ["2", "9", "x"]
        assert [one.id for one in await tx.interviews.of_country("BFA")] == [interview.id, other.id]


async def test_a_hundred_thousand_letters_are_kept_whole(store: Store, now: datetime) -> None:
    text = "données ‮ = + - @ " * 6000
    async with store.writing() as tx:
        _, interview = await official(tx, now)
        await tx.answers.append([answer(interview, "/data/a", text, now)])
        (kept,) = await tx.answers.current(interview.id)
    assert kept.value == text


# ---- attachments ----------------------------------------------------------------------------------------------------
async def test_an_attachment_waits_until_its_bytes_are_there(store: Store, now: datetime) -> None:
    async with store.writing() as tx:
        _, interview = await official(tx, now)
        first = await tx.attachments.add(interview.id, "/data/f", "a.pdf", "application/pdf", 9, "telegram", "r1", now)
        second = await tx.attachments.add(interview.id, "/data/f", "b.exe", "", None, "telegram", "r2", now)
        assert [one.id for one in await tx.attachments.waiting()] == [first, second]
        assert [one.id for one in await tx.attachments.waiting(after=first)] == [second]
        await tx.attachments.stored(first, "0" * 64, 9)
        await tx.attachments.refused(second, "program")
        assert await tx.attachments.waiting() == []
        states = [(one.state, one.sha256, one.reason) for one in await tx.attachments.of_interview(interview.id)]
    assert states == [("stored", "0" * 64, ""), ("refused", None, "program")]


# ---- outbox ---------------------------------------------------------------------------------------------------------
async def test_messages_fall_due_in_the_order_put(store: Store, now: datetime) -> None:
    async with store.writing() as tx:
        later = Message("telegram", "1", "later", not_before=now + DAY, priority=5)
        await tx.outbox.put([Message("telegram", "1", "a", key="k"), later, Message("telegram", "2", "b")], now)
        assert [one.prompt for one in await tx.outbox.due(now)] == ["a", "b"]
        assert await tx.outbox.next_due(now) == now + DAY
        assert [one.prompt for one in await tx.outbox.due(now + DAY)] == ["a", "later", "b"]
        assert await tx.outbox.next_due(now + DAY) is None


async def test_the_same_reminder_is_put_once(store: Store, now: datetime) -> None:
    async with store.writing() as tx:
        for _ in range(2):
            await tx.outbox.put([Message("telegram", "1", "r", dedupe="reminder:1")], now)
        await tx.outbox.put([Message("telegram", "2", "r", dedupe="reminder:1")], now)
        (first, second) = await tx.outbox.due(now)
        await tx.outbox.done([Outcome(first.id, "50")], now)
        await tx.outbox.put([Message("telegram", "1", "r", dedupe="reminder:1")], now)
        assert [one.id for one in await tx.outbox.due(now)] == [second.id]


async def test_a_sent_message_is_found_by_its_key_and_no_longer_kept(store: Store, now: datetime) -> None:
    async with store.writing() as tx:
        await tx.outbox.put([Message("telegram", "1", "secret", key="q1")] * 2, now)
        assert await tx.outbox.message_id("telegram", "1", "q1") == ""
        first, second = await tx.outbox.due(now)
        await tx.outbox.done([Outcome(first.id, "50"), Outcome(second.id, "51")], now)
        assert await tx.outbox.message_id("telegram", "1", "q1") == "51"
        assert await tx.outbox.message_id("telegram", "2", "q1") == ""
        assert await tx.outbox.message_id("telegram", "1", "") == ""
        rows = await tx.connection.rows("SELECT prompt FROM outbox", ())
        assert {row[0] for row in rows} == {""}


async def test_a_reply_tells_which_question_it_is_to(store: Store, now: datetime) -> None:
    async with store.writing() as tx:
        await tx.outbox.put([Message("telegram", "1", "{}", key) for key in ("7.1", "7.2", "")], now)
        due = await tx.outbox.due(now)
        await tx.outbox.done([Outcome(one.id, f"m{one.id}") for one in due], now)
        shown = [f"m{one.id}" for one in due]
        assert [await tx.outbox.key_of("telegram", "1", message) for message in shown] == ["7.1", "7.2", ""]
        assert await tx.outbox.key_of("telegram", "2", shown[0]) == ""
        assert await tx.outbox.newest_key("telegram", "1", "7.") == "7.2"
        assert await tx.outbox.newest_key("telegram", "1", "8.") == ""


async def test_messages_set_aside_come_back_in_order(store: Store, now: datetime) -> None:
    async with store.writing() as tx:
        await tx.outbox.put([Message("telegram", "1", "a"), Message("telegram", "1", "b")], now)
        await tx.outbox.put([Message("telegram", "2", "c")], now)
        assert await tx.outbox.hold("telegram", "1", "blocked") == 2
        assert [one.prompt for one in await tx.outbox.due(now)] == ["c"]
        assert await tx.outbox.release("telegram", "1") == 2
        assert [one.prompt for one in await tx.outbox.due(now)] == ["a", "b", "c"]
        assert await tx.outbox.drop("telegram", "1", "gone", now) == 2
        assert await tx.outbox.counts() == {"dead": 2, "waiting": 1}
