"""People can do only what a phone lets them do, see what it shows, and work from another process too."""

from __future__ import annotations

import asyncio
import sys

import aiohttp
import pytest
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup

from tests.telegram import people
from tests.telegram.phones import CannotDo
from tests.telegram.standin import TOKEN, StandIn


def keyboard(*labels: str) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup([[InlineKeyboardButton(label, callback_data=f"data {label}")] for label in labels])


async def test_only_buttons_on_the_screen_can_be_pressed(telegram: StandIn, bot: Bot) -> None:
    anna = await telegram.person("Anna")
    await anna.send("/start")
    old = await bot.send_message(anna.id, "1", reply_markup=keyboard("Oui", "Non"))
    await bot.send_message(anna.id, "2", reply_markup=keyboard("Oui"))
    with pytest.raises(CannotDo, match="no button 'Peut-être'"):
        await anna.press("Peut-être")
    await anna.press("Oui")
    await anna.press("data Non")
    await bot.edit_message_text("closed", anna.id, old.message_id)
    with pytest.raises(CannotDo):
        await anna.press("Non")
    await anna.press("Non", late=True)
    pressed = [update.callback_query for update in await bot.get_updates() if update.callback_query]
    assert [(query.data, query.message.message_id == old.message_id) for query in pressed if query.message] == [
        ("data Oui", False),
        ("data Non", True),
        ("data Non", True),
    ]
    assert telegram.violations == []


async def test_expecting_looks_only_at_what_came_after_the_last_act(telegram: StandIn, bot: Bot) -> None:
    anna = await telegram.person("Anna")
    await anna.send("/start")
    await bot.send_message(anna.id, "Question 1")
    assert (await anna.expect("Question")).text == "Question 1"
    await anna.send("answer")
    with pytest.raises(AssertionError, match="Anna waited"):
        await anna.expect("Question", timeout=0)
    waiting = asyncio.create_task(anna.expect(lambda message: message.labels == ("Oui",)))
    await bot.send_message(anna.id, "Question 2", reply_markup=keyboard("Oui"))
    assert (await waiting).text == "Question 2"


async def test_everything_a_person_can_send_is_a_valid_update(telegram: StandIn, bot: Bot) -> None:
    anna = await telegram.person("Anna", language="pt-br")
    sent = await anna.send("text")
    await anna.edit(sent, "other text")
    await anna.send("/help@griot_test_bot now", reply_to=sent)
    await anna.send_document("a.pdf", b"%PDF", "application/pdf", caption="see")
    await anna.send_photo(caption="here")
    await anna.send_voice()
    await anna.send_sticker("x")
    await anna.send_location(12.37, -1.52, 15)
    await anna.send_contact("+22670000000")
    await anna.forward("news", "Somebody")
    await anna.block()
    await anna.unblock()
    group = anna.into(await anna.found("Ministry", "supergroup"))
    await group.send("not for the bot")
    await group.send("/start")
    await anna.kick(group.chat_id)
    updates = await bot.get_updates()
    kinds = [next(key for key in update.to_dict() if key != "update_id") for update in updates]
    assert kinds == [
        *["message", "edited_message", *["message"] * 8],
        *["my_chat_member", "my_chat_member"],
        *["my_chat_member", "message", "message", "my_chat_member"],
    ]
    assert telegram.violations == []


async def test_a_long_text_leaves_the_phone_as_several_messages(telegram: StandIn, bot: Bot) -> None:
    anna = await telegram.person("Anna")
    text = "é" * 4000 + "𝄞" * 3000
    await anna.send(text)
    parts = [update.message.text or "" for update in await bot.get_updates() if update.message]
    assert "".join(parts) == text and len(parts) == 3


async def test_who_blocked_the_bot_cannot_write_to_it(telegram: StandIn) -> None:
    anna = await telegram.person("Anna")
    await anna.send("/start")
    await anna.block()
    with pytest.raises(CannotDo):
        await anna.send("hello?")


async def test_a_transcript_reads_in_order(telegram: StandIn, bot: Bot) -> None:
    anna = await telegram.person("Anna")
    await anna.send("/start")
    sent = await bot.send_message(anna.id, "Ready?", reply_markup=keyboard("Yes", "No"))
    press = await anna.press("Yes")
    await bot.answer_callback_query(press["query"])
    await bot.edit_message_text("Thank you", anna.id, sent.message_id)
    assert (await anna.transcript()).split("\n\n") == [
        "Anna: /start",
        "Griot: Ready?\n[Yes]\n[No]",
        "Anna: [Yes]",
        "Griot (edited): Thank you",
    ]
    assert (await anna.transcript("markdown")).startswith("**Anna:** /start")


async def test_the_server_runs_as_its_own_process() -> None:
    command = [sys.executable, "-m", "tests.telegram.standin"]
    process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
    try:
        assert process.stdout is not None
        url = (await process.stdout.readline()).decode().strip()
        async with aiohttp.ClientSession() as session, Bot(TOKEN, base_url=f"{url}/bot") as bot:
            door = people.over(session, url)
            anna = await people.person(door, "Anna", "fr")
            await anna.send("/start")
            with pytest.raises(CannotDo):
                await anna.press("Oui")
            await bot.send_message(anna.id, "Bienvenue")
            assert (await anna.expect("Bienvenue")).from_bot
            assert (await door("report"))["waiting"] == [700000001]
    finally:
        process.kill()
        await process.wait()
