"""Sending and editing: what Telegram takes, and the words with which it refuses."""

from __future__ import annotations

from collections.abc import Awaitable
from datetime import timedelta
from typing import Any

import pytest
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, InputMediaDocument, KeyboardButton
from telegram import ReplyKeyboardMarkup as ReplyKeyboard
from telegram.error import BadRequest, ChatMigrated, Forbidden, NetworkError, RetryAfter

from tests.telegram.limits import Clock
from tests.telegram.people import Person
from tests.telegram.standin import StandIn

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 100


@pytest.fixture
async def anna(telegram: StandIn) -> Person:
    person = await telegram.person("Anna", language="fr")
    await person.send("/start")
    return person


def keyboard(*rows: tuple[str, ...]) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup([[InlineKeyboardButton(label, callback_data=label) for label in row] for row in rows])


async def refused(call: Awaitable[Any], kind: type[Exception] = BadRequest) -> str:
    with pytest.raises(kind) as caught:
        await call
    return str(caught.value)


async def test_a_message_reaches_the_screen_with_its_buttons(telegram: StandIn, bot: Bot, anna: Person) -> None:
    sent = await bot.send_message(
        anna.id, "<b>Bonjour</b> &amp; bienvenue", "HTML", reply_markup=keyboard(("Oui", "Non"))
    )
    shown = await anna.last()
    assert (shown.text, shown.buttons, shown.message_id) == ("Bonjour & bienvenue", (("Oui", "Non"),), sent.message_id)
    assert [(entity.type, entity.offset, entity.length) for entity in sent.entities] == [("bold", 0, 7)]
    assert telegram.violations == []


async def test_text_is_counted_in_utf16_units_after_markup(telegram: StandIn, bot: Bot, anna: Person) -> None:
    await bot.send_message(anna.id, "<b>" + "𝄞" * 2048 + "</b>", "HTML")
    assert await refused(bot.send_message(anna.id, "𝄞" * 2048 + "x")) == "Message is too long"
    assert await refused(bot.send_message(anna.id, "<b> </b>", "HTML")) == "Message text is empty"
    assert "caption is too long" in await refused(bot.send_document(anna.id, b"x", caption="x" * 1025))


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("<b>open", "can't find end tag"),
        ("<b><i>crossed</b></i>", "Unmatched end tag at byte offset 13"),
        ("a < b", "Unclosed start tag at byte offset 2"),
        ("<h1>title</h1>", 'Unsupported start tag "h1"'),
        ("</b>", "Unexpected end tag"),
        ("é & b", "Unescaped '&' at byte offset 3"),
        ('<span class="red">x</span>', "tg-spoiler"),
    ],
)
async def test_markup_that_is_not_telegrams_is_refused(bot: Bot, anna: Person, text: str, reason: str) -> None:
    message = await refused(bot.send_message(anna.id, text, "HTML"))
    assert message.startswith("Can't parse entities: ") and reason.lower() in message.lower()


async def test_keyboards_are_held_to_their_limits(bot: Bot, anna: Person) -> None:
    async def with_buttons(*rows: list[InlineKeyboardButton]) -> str:
        return await refused(bot.send_message(anna.id, "?", reply_markup=InlineKeyboardMarkup(rows)))

    assert await with_buttons([InlineKeyboardButton("é", callback_data="é" * 32 + "x")]) == "Button_data_invalid"
    assert "too long" in await with_buttons(*[[InlineKeyboardButton("x", callback_data="x")]] * 101)
    assert "too long" in await with_buttons([InlineKeyboardButton("x", callback_data="x")] * 9)
    assert "unsupported url" in await with_buttons([InlineKeyboardButton("x", url="javascript:alert(1)")])
    await bot.send_message(anna.id, "?", reply_markup=keyboard(("é" * 32,)))


async def test_an_edit_changes_the_screen_and_nothing_else(telegram: StandIn, bot: Bot, anna: Person) -> None:
    sent = await bot.send_message(anna.id, "?", reply_markup=keyboard(("Oui",)))
    count = len(await anna.screen())
    await bot.edit_message_text("Merci", anna.id, sent.message_id)
    assert (len(await anna.screen()), (await anna.last()).text, (await anna.last()).buttons) == (count, "Merci", ())
    await bot.edit_message_reply_markup(anna.id, sent.message_id, reply_markup=keyboard(("Encore",)))
    assert (await anna.last()).labels == ("Encore",)
    assert telegram.violations == []


async def test_edits_that_telegram_refuses(telegram: StandIn, bot: Bot, anna: Person) -> None:
    sent = await bot.send_message(anna.id, "<b>same</b>", "HTML")
    own = (await anna.screen())[0]
    assert "not modified" in await refused(
        bot.edit_message_text("<b>same</b>", anna.id, sent.message_id, parse_mode="HTML")
    )
    assert await refused(bot.edit_message_text("x", anna.id, 999)) == "Message to edit not found"
    assert await refused(bot.edit_message_text("x", anna.id, own.message_id)) == "Message can't be edited"
    assert await refused(bot.edit_message_text("x" * 4097, anna.id, sent.message_id)) == "Message_too_long"
    assert await bot.delete_message(anna.id, sent.message_id)
    assert await refused(bot.delete_message(anna.id, sent.message_id)) == "Message to delete not found"
    old = await bot.send_message(anna.id, "old")
    telegram.world.clock.advance(48 * 3600 + 1)
    assert "can't be deleted" in await refused(bot.delete_message(anna.id, old.message_id))


async def test_who_cannot_be_reached(telegram: StandIn, bot: Bot, anna: Person) -> None:
    assert await refused(bot.send_message(42, "?")) == "Chat not found"
    stranger = await telegram.person("Bob")
    assert "can't initiate" in await refused(bot.send_message(stranger.id, "?"), Forbidden)
    await anna.block()
    assert "blocked by the user" in await refused(bot.send_message(anna.id, "?"), Forbidden)
    await anna.unblock()
    await bot.send_message(anna.id, "?")
    await anna.delete_account()
    assert "deactivated" in await refused(bot.send_chat_action(anna.id, "typing"), Forbidden)


async def test_groups_can_lose_the_bot_or_move(telegram: StandIn, bot: Bot, anna: Person) -> None:
    group = await anna.found("Ministry")
    await bot.send_message(group, "Hello")
    await anna.kick(group)
    assert "kicked from the group chat" in await refused(bot.send_message(group, "?"), Forbidden)
    old = await anna.found("Growing")
    moved = telegram.phones.upgrade(old)["id"]
    with pytest.raises(ChatMigrated) as caught:
        await bot.send_message(old, "?")
    assert caught.value.new_chat_id == moved
    channel = await anna.found("News", "channel")
    await bot.leave_chat(channel)
    assert "not a member of the channel" in await refused(bot.send_message(channel, "?"), Forbidden)


async def test_files_go_out_and_come_in(telegram: StandIn, bot: Bot, anna: Person) -> None:
    sent = await bot.send_document(anna.id, b"guide", filename="guide.pdf", caption="<i>Voici</i>", parse_mode="HTML")
    assert sent.document is not None and sent.document.file_name == "guide.pdf"
    assert (await anna.last()).text == "[guide.pdf] Voici"
    again = await bot.send_document(anna.id, sent.document.file_id)
    assert again.document == sent.document
    await bot.send_photo(anna.id, PNG)
    telegram.world.clock.advance(10)
    album = await bot.send_media_group(anna.id, [InputMediaDocument(b"1", filename="1.txt"), InputMediaDocument(b"2")])
    assert album[0].document is not None and album[0].media_group_id == album[1].media_group_id
    own = await anna.send_document("report.docx", b"bytes", "application/zip")
    file = await bot.get_file(own.raw["document"]["file_id"])
    assert bytes(await file.download_as_bytearray()) == b"bytes"
    telegram.world.clock.advance(3601)
    assert "Not Found" in await refused(file.download_as_bytearray(), Exception)
    assert telegram.violations == []


async def test_files_too_large_or_unfit_are_refused(telegram: StandIn, bot: Bot, anna: Person) -> None:
    big = await anna.send_document("film.mp4", size=20 * 1024 * 1024 + 1)
    assert await refused(bot.get_file(big.raw["document"]["file_id"])) == "File is too big"
    assert "Request Entity Too Large" in await refused(
        bot.send_document(anna.id, bytes(50 * 1024 * 1024 + 1)), NetworkError
    )
    assert await refused(bot.send_photo(anna.id, b"not an image")) == "Image_process_failed"
    assert "wrong file identifier" in (await refused(bot.send_document(anna.id, "BQ-unknown"))).lower()


async def test_a_press_is_answered_once_and_in_time(telegram: StandIn, bot: Bot, anna: Person) -> None:
    await bot.send_message(anna.id, "?", reply_markup=keyboard(("Oui", "Non")))
    first = await anna.press("Oui")
    assert await anna.spinners() == ["Oui"]
    await bot.answer_callback_query(first["query"], "Noté")
    assert await anna.expect_toast() == "Noté"
    assert await anna.spinners() == []
    assert "query is too old" in (await refused(bot.answer_callback_query(first["query"]))).lower()
    late = await anna.press("Non")
    telegram.world.clock.advance(61)
    assert "query is too old" in (await refused(bot.answer_callback_query(late["query"]))).lower()


async def test_one_chat_takes_a_short_burst_then_one_message_a_second(
    telegram: StandIn, bot: Bot, anna: Person
) -> None:
    for _ in range(telegram.world.limits.burst):
        last = await bot.send_message(anna.id, "?")
    with pytest.raises(RetryAfter) as caught:
        await bot.edit_message_text("edits count too", anna.id, last.message_id)
    assert caught.value.retry_after == timedelta(seconds=1)
    with pytest.raises(RetryAfter):
        await bot.send_message(anna.id, "did not wait")
    assert [flood.early for flood in telegram.flood] == [False, True]
    telegram.world.clock.advance(1)
    await bot.send_message(anna.id, "waited")


async def test_all_chats_together_take_thirty_messages_a_second(telegram: StandIn, bot: Bot) -> None:
    telegram.world.clock.scale = 0
    people = [await telegram.person(f"P{number}") for number in range(31)]
    for person in people:
        await person.send("/start")
    for person in people[:30]:
        await bot.send_message(person.id, "?")
    with pytest.raises(RetryAfter):
        await bot.send_message(people[30].id, "?")
    telegram.world.clock.advance(1)
    await bot.send_message(people[30].id, "?")


async def test_a_chat_can_be_told_to_wait(telegram: StandIn, bot: Bot, anna: Person) -> None:
    telegram.world.limits.refuse_next(anna.id, 7)
    with pytest.raises(RetryAfter) as caught:
        await bot.send_message(anna.id, "?")
    assert caught.value.retry_after == timedelta(seconds=7)


async def test_a_reply_keyboard_is_pressed_as_text(bot: Bot, anna: Person) -> None:
    await bot.send_message(
        anna.id, "?", reply_markup=ReplyKeyboard([[KeyboardButton("Share", request_location=True), "Skip"]])
    )
    await anna.press("Skip")
    assert (await anna.screen())[-1].text == "Skip"


async def test_a_faster_clock_shortens_the_wait_and_not_the_rule() -> None:
    async with (
        StandIn(clock=Clock(scale=1000)) as telegram,
        Bot(telegram.token, base_url=telegram.base_url) as bot,
    ):
        bob = await telegram.person("Bob")
        await bob.send("/start")
        for number in range(20):
            await bot.send_message(bob.id, f"{number}")
        assert telegram.flood == []
        telegram.world.limits.refuse_next(bob.id, 1)
        with pytest.raises(RetryAfter):
            await bot.send_message(bob.id, "?")
