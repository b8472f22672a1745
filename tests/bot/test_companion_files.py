"""A small form that is finished and only waits for its file is not lost, whatever the person does meanwhile."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.messages import FileIn
from flows.country.steps.course import Course, course_of
from flows.i18n import text
from tests.bot.phones import Phone, World, said, world


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[World]:
    async with world(f"sqlite:///{tmp_path}/griot.db", tmp_path) as found:
        yield found


async def _course(house: World) -> Course:
    async with house.store.looking() as tx:
        return course_of("BFA", await tx.ledger.of_chain("BFA"))


async def _waiting(house: World) -> Phone:
    """A focal point who said yes with a letter that has not arrived yet."""
    awa = await house.comes("Awa", "BFA", "focal_point")
    await house.types(awa, "/interest")
    await house.click(awa, "Oui")
    await house.types(awa, "Conseil supérieur")
    await house.types(awa, "Secrétaire permanent")
    letter = FileIn("f1", "f1", "lettre.pdf", "application/pdf", 100, "document")
    await house.receive(house.incoming(awa, letter))
    await house.click(awa, "Je confirme")
    assert text("steps.file_coming", "fr") in awa.texts()
    assert (await _course(house)).interest.answer is None
    return awa


def _last(phone: Phone) -> str:
    return said(list(phone.screen.values())[-1].prompt)


async def test_the_same_step_taken_again_meanwhile_begins_nothing_and_says_that_the_file_is_on_its_way(
    house: World,
) -> None:
    awa = await _waiting(house)
    await house.types(awa, "/interest")
    assert text("steps.file_coming", "fr") in _last(awa)
    await house.work()
    assert (await _course(house)).interest.answer == "yes"
    assert len((await _course(house)).interest.letters) == 1


async def test_whoever_begins_something_else_meanwhile_is_told_that_the_first_is_kept_and_it_is_handed_on(
    house: World,
) -> None:
    awa = await _waiting(house)
    await house.types(awa, "/mydata")
    await house.click(awa, text("rights.button_correct", "fr"))
    assert text("steps.file_still_coming", "fr") in awa.texts()
    await house.work()
    assert (await _course(house)).interest.answer == "yes"
    assert "est enregistrée" in awa.texts()


async def test_what_is_given_up_with_a_command_is_given_up(house: World) -> None:
    awa = await _waiting(house)
    await house.types(awa, "/cancel")
    assert text("steps.form_left", "fr") in _last(awa)
    await house.work()
    assert (await _course(house)).interest.answer is None


async def test_a_file_that_arrives_after_another_took_its_place_hands_nothing_on_twice(house: World) -> None:
    awa = await _waiting(house)
    await house.work()
    letters = (await _course(house)).interest.letters
    async with house.store.writing() as tx:
        interviews = [one for one in await tx.interviews.of_country("BFA") if one.form_id == "griot_interest"]
        (old,) = await tx.attachments.of_interview(interviews[0].id)
        await tx.attachments.add(
            old.interview_id, old.path, "autre.pdf", old.media_type, 100, old.channel, "f2", house.clock.now
        )
    await house.work()
    assert (await _course(house)).interest.letters == letters
    assert awa.texts().count("est enregistrée") == 1
