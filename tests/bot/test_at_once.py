"""The same record, from several hands and several processes in the same moment, many times: no answer is lost, doubled
or crossed, and of each thing that can happen once, one happens."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator
from itertools import pairwise
from pathlib import Path
from random import Random

import pytest

from bot.attachments import Fetcher
from bot.jobs import FIRST_WAIT, Desk, Worker
from bot.messages import CommandIn, FileIn, Incoming, PressIn, TextIn
from bot.speaking import DO, base36
from db.answers import Answer
from db.attachments import StoredAttachment
from db.problems import Stale
from db.transaction import Transaction
from flows.country.ledger import Entry
from flows.i18n import text
from tests.bot.judges import Judge
from tests.bot.monkeys import Monkeys
from tests.bot.phones import CHANNEL, Files, Phone, World, world
from tests.postgresql import emptied

ROUNDS = 6
MECHANISM, PRACTICE = "/data/body/c5_mechanism", "/data/body/m7_done"


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)])
async def two(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[World]:
    """Two processes on one database."""
    if request.param == "sqlite":
        address = f"sqlite:///{tmp_path}/griot.db"
    else:
        address = await emptied(request.getfixturevalue("postgresql"))
    async with world(address, tmp_path, processes=2) as found:
        yield found


# ---- ways of people -----------------------------------------------------------------------------------------------
async def begun(world: World, name: str, role: str = "official", entity: str = "zqBFA Statistics") -> Phone:
    """Somebody who has agreed, and is asked the first question."""
    phone = await world.comes(name, "BFA", role, entity)  # type: ignore[arg-type]
    await world.click(phone, "Français")
    await world.click(phone, "Oui")
    return phone


async def answered(world: World, name: str, role: str = "official", entity: str = "zqBFA Statistics") -> Phone:
    """Somebody who has answered everything, and is asked to hand it in. They have sent two texts."""
    phone = await begun(world, name, role, entity)
    await world.types(phone, f"{name} mechanism")
    await world.types(phone, f"{name} practice")
    await world.click(phone, text("interview.button_skip", "fr"))
    await world.click(phone, "Non")
    return phone


async def interview(world: World, phone: Phone) -> int:
    """The one in which somebody is."""
    async with world.store.looking() as tx:
        address = await tx.people.at(CHANNEL, phone.address)
    assert address is not None and address.interview_id is not None
    return address.interview_id


async def history(world: World, number: int, path: str) -> list[Answer]:
    async with world.store.looking() as tx:
        return await tx.answers.history(number, path)


async def ledger(world: World, country: str = "BFA") -> list[Entry]:
    async with world.store.looking() as tx:
        return await tx.ledger.of_chain(country)


async def happened(world: World) -> Counter[str]:
    return Counter(one.kind for one in await ledger(world))


async def doing(world: World, phone: Phone, name: str, *arguments: str | int) -> Incoming:
    """A press of the person's, as if from a button."""
    person = await world.person(phone)
    assert person is not None
    return world.incoming(phone, PressIn(f"{DO}{base36(person.id)}:{':'.join((name, *map(str, arguments)))}"))


async def filled(world: World, phone: Phone, kind: str, most: int = 25) -> None:
    """Fill in what is asked until something has happened."""
    monkeys, before = Monkeys(world, Random(5)), (await happened(world))[kind]
    for _ in range(most):
        answer = monkeys.answer(phone, str(await interview(world, phone)))
        assert answer is not None, phone.texts()
        await world.receive(world.incoming(phone, answer))
        await world.work()
        if (await happened(world))[kind] > before:
            return
    raise AssertionError(f"no {kind}:\n{phone.texts()}")


# ---- one person's answers -----------------------------------------------------------------------------------------
async def test_every_update_said_again_and_at_the_same_time_counts_once(two: World) -> None:
    judge = Judge(two)
    phone = await begun(two, "Awa")
    number = await interview(two, phone)
    for words in ("one", "two", "three"):
        update = two.incoming(phone, TextIn(words))
        await two.receive(update, update, update, update)
    for _ in range(2):
        await two.receive(*two.received)
    assert [one.value for one in await history(two, number, MECHANISM)] == ["one"]
    assert [one.value for one in await history(two, number, PRACTICE)] == ["two"]
    assert [one.value for one in await history(two, number, "/data/body/s18_border")] == ["three"]
    await judge.look()


async def test_of_two_devices_that_answer_one_question_both_are_kept_or_one_is_told(two: World) -> None:
    judge = Judge(two)
    for round in range(ROUNDS):
        phone = await begun(two, f"Awa{round}")
        number = await interview(two, phone)
        texts = [f"{round}-{device}" for device in range(3)]
        await two.receive(*(two.incoming(phone, TextIn(words)) for words in texts))
        async with two.store.looking() as tx:
            said = [one.value for one in await tx.answers.history(number) if one.value in texts]
        assert sorted(said) == texts  # in the order in which they came, to one question after the other
        await judge.look()


async def test_a_button_pressed_twice_on_two_devices_answers_once(two: World) -> None:
    judge = Judge(two)
    for round in range(ROUNDS):
        phone = await answered(two, f"Awa{round}")
        number = await interview(two, phone)
        button = two.button(phone, "Envoyer")
        assert button is not None
        await two.receive(*(two.incoming(phone, PressIn(button.action)) for _ in range(4)))
        kept = await history(two, number, "/data/closing/f4_submit")
        assert {(one.value, one.revision) for one in kept} == {("send", 0)}
        facts = [one for one in await ledger(two) if one.facts.get("interview_id") == number]
        assert Counter(one.kind for one in facts) == {"contribution.handed_in": 1, "contribution.submitted": 1}
    await judge.look()


async def test_edits_of_one_message_at_once_are_all_revisions_one_after_the_other(two: World) -> None:
    judge = Judge(two)
    phone = await answered(two, "Awa")
    number = await interview(two, phone)
    message = phone.sent[0][0]
    expected = ["Awa mechanism"]
    for round in range(ROUNDS):
        edits = [two.incoming(phone, TextIn(f"{round}/{one}"), edits=message) for one in range(3)]
        await two.receive(*edits, *edits)
        expected += [f"{round}/{one}" for one in range(3)]
        kept = await history(two, number, MECHANISM)
        assert sorted(one.value for one in kept) == sorted(expected)
        assert [one.revision for one in kept] == list(range(len(kept)))
        assert all(after.old_value == before.value for before, after in pairwise(kept))
        await judge.look()


# ---- an official and others ---------------------------------------------------------------------------------------
async def test_an_official_and_a_colleague_who_answer_at_once_overwrite_nothing(two: World) -> None:
    judge = Judge(two)
    awa = await begun(two, "Awa")
    number = await interview(two, awa)
    await two.types(awa, "first")
    message = awa.sent[-1][0]
    await two.types(awa, "/delegate")
    await two.click(awa, text("delegation.rest", "fr", 9).partition("9")[0])
    await filled(two, awa, "delegation.made")
    moussa = two.phone("Moussa", "BFA")
    await two.types(moussa, f"/start {two.codes['BFA'][-1]}")
    await two.click(moussa, "Oui")
    await two.click(moussa, text("delegation.begin", "fr"))
    await two.types(moussa, "colleague")
    theirs = moussa.sent[-1][0]
    mine, others = ["first"], ["colleague"]
    for round in range(ROUNDS):
        edits = [two.incoming(awa, TextIn(f"mine {round}"), edits=message)]
        edits += [two.incoming(moussa, TextIn(f"theirs {round}"), edits=theirs)]
        await two.receive(*edits, *edits)
        mine.append(f"mine {round}")
        others.append(f"theirs {round}")
        assert [one.value for one in await history(two, number, MECHANISM)] == mine
        assert [one.value for one in await history(two, number, PRACTICE)] == others
        await judge.look()
    authors = {path: {one.author_id for one in await history(two, number, path)} for path in (MECHANISM, PRACTICE)}
    assert authors[MECHANISM] <= awa.people and authors[PRACTICE] <= moussa.people
    back = [await doing(two, moussa, "handback") for _ in range(2)]
    invited = next(one for one in await ledger(two) if one.kind == "delegation.made").facts["invitation_id"]
    await two.receive(*back, await doing(two, awa, "recall", str(invited)))
    facts = await happened(two)
    assert facts["delegation.returned"] + facts["delegation.recalled"] == 1
    await judge.look()


async def test_what_is_accepted_is_what_was_shown_whoever_is_quicker(two: World) -> None:
    judge = Judge(two)
    coordinator = await begun(two, "Coordo", "coordinator", "zqBFA Council")
    outcomes = Counter[bool]()
    for round in range(ROUNDS):
        phone = await answered(two, f"Awa{round}", entity=f"zqBFA Entity {round}")
        number = await interview(two, phone)
        await two.click(phone, "Envoyer")
        await two.receive(await doing(two, coordinator, "contribution", number))
        accept = two.button(coordinator, text("contributions.accept", "fr"))
        assert accept is not None and f":{number}:" in accept.action
        edit = two.incoming(phone, TextIn("changed"), edits=phone.sent[0][0])
        presses = [two.incoming(coordinator, PressIn(accept.action)) for _ in range(3)]
        await two.receive(*((edit, *presses) if round % 2 else (*presses, edit)))
        facts = Counter(one.kind for one in await ledger(two) if one.facts.get("interview_id") == number)
        values = [one.value for one in await history(two, number, MECHANISM)]
        accepted = bool(facts["contribution.accepted"])
        outcomes[accepted] += 1
        assert facts["contribution.accepted"] <= 1
        assert values == ([f"Awa{round} mechanism"] if accepted else [f"Awa{round} mechanism", "changed"])
        async with two.store.looking() as tx:
            stored = await tx.interviews.get(number)
        assert stored is not None and (stored.locked_at is not None) == accepted
    await judge.look()


async def test_accepting_and_returning_at_once_do_one_of_the_two(two: World) -> None:
    judge = Judge(two)
    coordinator = await begun(two, "Coordo", "coordinator", "zqBFA Council")
    for round in range(ROUNDS):
        phone = await answered(two, f"Awa{round}", entity=f"zqBFA Entity {round}")
        number = await interview(two, phone)
        await two.click(phone, "Envoyer")
        await two.receive(await doing(two, coordinator, "contribution", number))
        accept = two.button(coordinator, text("contributions.accept", "fr"))
        assert accept is not None
        count = int(accept.action.rpartition(":")[2])
        await two.receive(await doing(two, coordinator, "returning", number, count, "3"))
        await two.types(coordinator, "comment")
        confirm = coordinator.last(1)[0].buttons[0]
        returns = [two.incoming(coordinator, PressIn(confirm.action)) for _ in range(2)]
        accepts = [two.incoming(coordinator, PressIn(accept.action)) for _ in range(2)]
        await two.receive(*((*returns, *accepts) if round % 2 else (*accepts, *returns)))
        kinds = [one.kind for one in await ledger(two) if one.facts.get("interview_id") == number]
        facts = Counter(kinds)
        assert facts["contribution.accepted"] <= 1 and facts["contribution.returned"] <= 1
        assert facts["contribution.accepted"] + facts["contribution.returned"] >= 1
        async with two.store.looking() as tx:
            stored = await tx.interviews.get(number)
        assert stored is not None and (stored.locked_at is not None) == (
            [one for one in kinds if one in ("contribution.accepted", "contribution.returned")][-1]
            == "contribution.accepted"
        )
        await two.types(coordinator, "/cancel")
    await judge.look()


# ---- who takes part -----------------------------------------------------------------------------------------------
async def test_of_many_who_open_one_link_at_once_one_comes_in(two: World) -> None:
    judge = Judge(two)
    for round in range(ROUNDS):
        code = await two.invitation("BFA", "official", "zqBFA Statistics")
        phones = [two.phone(f"P{round}-{one}", "BFA") for one in range(4)]
        await two.receive(*(two.incoming(phone, CommandIn("start", code)) for phone in phones))
        assert [await two.alive(phone) for phone in phones].count(True) == 1
    assert (await happened(two))["participants.joined"] == ROUNDS
    async with two.store.looking() as tx:
        assert len(await tx.interviews.of_country("BFA")) == ROUNDS
    await judge.look()


async def test_one_coordinator_comes_of_several_invited_at_once(two: World) -> None:
    judge = Judge(two)
    codes = [await two.invitation("BFA", "coordinator", "zqBFA Council") for _ in range(4)]
    phones = [two.phone(f"P{one}", "BFA") for one in range(4)]
    await two.receive(
        *(two.incoming(phone, CommandIn("start", code)) for phone, code in zip(phones, codes, strict=True))
    )
    assert (await happened(two))["participants.joined"] == 1
    assert len(await two.who("BFA", "coordinator")) == 1
    await judge.look()


async def test_whoever_is_replaced_while_answering_keeps_what_was_said_and_says_no_more(two: World) -> None:
    judge = Judge(two)
    coordinator = await begun(two, "Coordo", "coordinator", "zqBFA Council")
    for round in range(ROUNDS):
        phone = await answered(two, f"Awa{round}", entity=f"zqBFA Entity {round}")
        number, person = await interview(two, phone), await two.person(phone)
        assert person is not None
        await two.receive(await doing(two, coordinator, "replace_one", person.id))
        await two.types(coordinator, "Successor")
        await two.click(coordinator, "Français")
        confirm = two.button(coordinator, "Je confirme")
        assert confirm is not None
        edits = [two.incoming(phone, TextIn(f"late {one}"), edits=phone.sent[0][0]) for one in range(2)]
        presses = [two.incoming(coordinator, PressIn(confirm.action)) for _ in range(2)]
        await two.receive(*((*edits, *presses) if round % 2 else (*presses, *edits)))
        assert not await two.alive(phone)
        before = await history(two, number, MECHANISM)
        await two.receive(two.incoming(phone, TextIn("too late"), edits=phone.sent[0][0]))
        await two.types(phone, "too late")
        assert await history(two, number, MECHANISM) == before
        ended = [one for one in await ledger(two) if one.facts.get("person_id") == person.id]
        assert [one.kind for one in ended].count("participants.ended") <= 1
        async with two.store.looking() as tx:
            successors = [one for one in await tx.invitations.of_country("BFA") if one.replaces == person.id]
        assert len(successors) == 1
        await judge.look()


async def test_two_entities_are_merged_once_and_in_one_direction(two: World) -> None:
    judge = Judge(two)
    coordinator = await begun(two, "Coordo", "coordinator", "zqBFA Council")
    for round in range(ROUNDS):
        numbers = []
        for name in ("Direction générale des frontières", "Direction des frontières"):
            phone = await begun(two, f"{name} {round}", entity=f"zqBFA {name} {round}")
            person = await two.person(phone)
            assert person is not None and person.entity_id is not None
            numbers.append(person.entity_id)
        one, other = numbers
        before = await happened(two)
        await two.receive(
            await doing(two, coordinator, "merge", one, other),
            await doing(two, coordinator, "merge", other, one),
            await doing(two, coordinator, "apart", one, other),
            await doing(two, coordinator, "merge", one, other),
        )
        facts = await happened(two) - before
        assert facts["participants.entities_merged"] <= 1, facts
        assert facts["participants.entities_merged"] + facts["participants.entities_apart"] >= 1, facts
        await judge.look()


# ---- the guide ----------------------------------------------------------------------------------------------------
async def interested(world: World) -> None:
    """The country takes part."""
    focal = await world.comes("Focal", "BFA", "focal_point")
    await world.receive(await doing(world, focal, "interest"))
    await filled(world, focal, "interest.expressed")


async def test_a_workshop_is_agreed_once(two: World) -> None:
    judge = Judge(two)
    await interested(two)
    coordinator = await begun(two, "Coordo", "coordinator", "zqBFA Council")
    secretariat = await two.comes("Secretariat", "", "secretariat")
    await two.receive(await doing(two, coordinator, "ws_plan", "BFA"))
    for words in ("15/12/2026", "/skip", "09:00", "17:00", "Ouagadougou"):
        await two.types(coordinator, words)
    await two.click(coordinator, "Je confirme")
    agree = two.button(secretariat, text("workshops.agree", "en"))
    assert agree is not None
    off = await doing(two, coordinator, "ws_off", "BFA", 1)
    await two.receive(*(two.incoming(secretariat, PressIn(agree.action)) for _ in range(4)), off)
    assert (await happened(two))["meeting.agreed"] == 1
    await two.work()
    await judge.look()


async def test_a_version_is_endorsed_once_and_published_once(two: World) -> None:
    judge = Judge(two)
    await interested(two)
    coordinator = await begun(two, "Coordo", "coordinator", "zqBFA Council")
    secretariat = await two.comes("Secretariat", "", "secretariat")
    await two.receive(*[await doing(two, secretariat, "draft_final", "BFA") for _ in range(2)])
    await two.work()
    version = (await happened(two))["draft.made"]
    await two.receive(*[await doing(two, secretariat, "propose", "BFA", version) for _ in range(3)])
    assert (await happened(two))["endorsement.proposed"] == 1
    await two.receive(await doing(two, coordinator, "endorse", "BFA", version))
    for label in ("Endosser", "Site national", "Terminé", "Passer", "Passer"):
        await two.click(coordinator, label)
    confirm = two.button(coordinator, "Je confirme")
    assert confirm is not None
    await two.receive(*(two.incoming(coordinator, PressIn(confirm.action)) for _ in range(4)))
    assert (await happened(two))["endorsement.given"] == 1
    await two.receive(*(two.incoming(secretariat, CommandIn("publish", "BFA")) for _ in range(3)))
    await two.work()
    assert (await happened(two))["publication.made"] == 1
    await judge.look()


# ---- work beside the conversations --------------------------------------------------------------------------------
async def test_work_that_somebody_was_quicker_than_is_done_again(two: World) -> None:
    phone = await begun(two, "Awa")
    person, tried = await two.person(phone), []
    assert person is not None

    async def work(desk: Desk) -> None:
        tried.append(desk.job.id)
        async with desk.finish():
            if len(tried) == 1:
                raise Stale

    async with two.store.writing() as tx:
        await tx.jobs.put("work", {}, person.id, two.clock.now)
    worker = Worker(two.services, two.store, lambda: {"work": work}, two.clock)
    assert await worker.work_off() == 0
    two.clock.tick(FIRST_WAIT)
    assert await worker.work_off() == 1
    assert len(tried) == 2


async def test_a_file_that_comes_while_somebody_is_quicker_is_kept_in_the_next_round(two: World) -> None:
    focal = await two.comes("Focal", "BFA", "focal_point")
    await two.receive(await doing(two, focal, "interest"))
    for words in ("1", "Council", "/skip"):
        await two.types(focal, words)
    await two.receive(two.incoming(focal, FileIn("r", "u", "letter.pdf", "application/pdf", 9, "document")))
    tried = []

    async def kept(_tx: Transaction, one: StoredAttachment) -> None:
        tried.append(one.name)
        if len(tried) == 1:
            raise Stale

    fetcher = Fetcher(two.store, {CHANNEL: Files()}, two.services.vault, None, kept, clock=two.clock)
    assert await fetcher.fetch_waiting() == 1
    assert await fetcher.fetch_waiting() == 0
    assert tried == ["letter.pdf", "letter.pdf"]
