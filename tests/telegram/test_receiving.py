"""How updates reach the bot: polling with offsets, conflicts, webhooks, and what goes wrong on the way."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from telegram import Bot, BotCommand, BotCommandScopeAllPrivateChats, MenuButtonCommands, Update
from telegram.error import BadRequest, Conflict, EndPointNotFound, InvalidToken, NetworkError
from telegram.ext import Application, ContextTypes, MessageHandler, filters

from tests.telegram.standin import StandIn


async def ids(bot: Bot, **arguments: Any) -> list[int]:
    return [update.update_id for update in await bot.get_updates(**arguments)]


async def polling(telegram: StandIn) -> None:
    """Wait until a poll waits at the server."""
    while not telegram.waits:
        await asyncio.sleep(0)


async def test_an_update_comes_again_until_an_offset_acknowledges_it(telegram: StandIn, bot: Bot) -> None:
    anna = await telegram.person("Anna")
    for text in ("one", "two", "three"):
        await anna.send(text)
    first = await ids(bot)
    assert await ids(bot) == first
    assert await ids(bot, limit=2) == first[:2]
    assert await ids(bot, offset=first[1]) == first[1:]
    assert await ids(bot, offset=-1) == first[2:]
    assert await ids(bot, offset=first[2] + 1) == []
    await telegram.acknowledged(timeout=0)
    assert telegram.violations == []


async def test_a_long_wait_ends_with_the_first_update(telegram: StandIn, bot: Bot) -> None:
    anna = await telegram.person("Anna")
    waiting = asyncio.create_task(bot.get_updates(timeout=30))
    await polling(telegram)
    await anna.send("here")
    async with asyncio.timeout(5):
        (update,) = await waiting
    assert update.message is not None and update.message.text == "here"


async def test_a_second_poller_ends_the_first_with_a_conflict(telegram: StandIn, bot: Bot) -> None:
    async with Bot(telegram.token, base_url=telegram.base_url) as other:
        waiting = asyncio.create_task(bot.get_updates(timeout=30))
        await polling(telegram)
        await other.get_updates()
        with pytest.raises(Conflict, match="terminated by other getUpdates"):
            await waiting


async def test_polling_conflicts_with_a_webhook(telegram: StandIn, bot: Bot) -> None:
    await bot.set_webhook("http://127.0.0.1:9/hook")
    with pytest.raises(Conflict, match="webhook is active"):
        await bot.get_updates()
    await bot.delete_webhook()
    assert await bot.get_updates() == ()


async def test_only_the_kinds_of_update_asked_for_are_queued(telegram: StandIn, bot: Bot) -> None:
    anna = await telegram.person("Anna")
    await bot.get_updates(allowed_updates=["message"])
    sent = await anna.send("one")
    await anna.edit(sent, "other")
    await anna.block()
    assert len(await bot.get_updates()) == 1


async def test_an_acknowledged_update_can_be_delivered_again(telegram: StandIn, bot: Bot) -> None:
    await (await telegram.person("Anna")).send("one")
    (update_id,) = await ids(bot)
    assert await ids(bot, offset=update_id + 1) == []
    telegram.world.replay(update_id)
    assert await ids(bot, offset=update_id + 1) == [update_id]
    assert await ids(bot, offset=update_id + 1) == []


async def test_malformed_updates_are_delivered_as_they_are(telegram: StandIn) -> None:
    telegram.world.inject({"message": None, "unheard_of": {"id": 2**62}})
    async with (
        aiohttp.ClientSession() as session,
        session.get(f"{telegram.base_url}{telegram.token}/getUpdates") as response,
    ):
        (update,) = (await response.json())["result"]
    assert update["unheard_of"] == {"id": 2**62} and update["message"] is None
    assert telegram.violations == []


async def test_a_webhook_gets_updates_in_order_until_it_answers_well(telegram: StandIn, bot: Bot) -> None:
    received: list[tuple[str, int]] = []
    answers = iter([500, 200, 200])

    async def hook(request: web.Request) -> web.Response:
        body = await request.json()
        received.append((request.headers["X-Telegram-Bot-Api-Secret-Token"], body["update_id"]))
        return web.Response(status=next(answers))

    app = web.Application()
    app.router.add_post("/hook", hook)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        await bot.set_webhook(f"http://127.0.0.1:{runner.addresses[0][1]}/hook", secret_token="s3cret")
        anna = await telegram.person("Anna")
        await anna.send("one")
        await anna.send("two")
        await telegram.acknowledged()
        info = await bot.get_webhook_info()
    finally:
        await runner.cleanup()
    first, second = sorted(telegram.world.updates)
    assert received == [("s3cret", first), ("s3cret", first), ("s3cret", second)]
    assert (info.pending_update_count, info.last_error_message) == (
        0,
        "Wrong response from the webhook: 500 Internal Server Error",
    )
    assert telegram.violations == []


async def test_a_dropped_answer_hides_that_the_message_was_sent(telegram: StandIn, bot: Bot) -> None:
    anna = await telegram.person("Anna")
    await anna.send("/start")
    telegram.faults.add("drop_after", method="sendMessage")
    with pytest.raises(NetworkError):
        await bot.send_message(anna.id, "once")
    telegram.faults.add("drop_before", method="sendMessage")
    with pytest.raises(NetworkError):
        await bot.send_message(anna.id, "never")
    assert [message.text for message in await anna.screen() if message.from_bot] == ["once"]


async def test_a_failing_gateway_and_a_slow_answer(telegram: StandIn, bot: Bot) -> None:
    anna = await telegram.person("Anna")
    await anna.send("/start")
    telegram.faults.add("status", status=502, times=2, skip=1)
    await bot.get_me()
    for _ in range(2):
        with pytest.raises(NetworkError, match="Bad Gateway"):
            await bot.get_me()
    telegram.faults.add("slow", method="sendMessage", seconds=0.05)
    await bot.send_message(anna.id, "late")


async def test_the_state_outlives_a_restart_of_the_server(telegram: StandIn, bot: Bot) -> None:
    anna = await telegram.person("Anna")
    await anna.send("one")
    await telegram.stop()
    with pytest.raises(NetworkError):
        await bot.get_updates()
    await telegram.start()
    assert len(await bot.get_updates()) == 1


async def test_wrong_tokens_methods_and_parameters(telegram: StandIn, bot: Bot) -> None:
    wrong = Bot("1:wrong", base_url=telegram.base_url)
    with pytest.raises(InvalidToken):
        await wrong.initialize()
    await wrong.shutdown()
    with pytest.raises(EndPointNotFound):
        await bot.do_api_request("sendNothing")
    assert telegram.violations == []
    url = f"{telegram.base_url}{telegram.token}/"
    async with aiohttp.ClientSession() as session:
        for method, body, status in (
            ("sendMessage", {"chat_id": 1, "text": "x", "colour": "red"}, 400),
            ("sendMessage", {"chat_id": 1, "text": "x", "reply_markup": {"inline_keyboard": [[{}]]}}, 400),
            ("sendMessage", {"text": "x"}, 400),
            ("sendDice", {"chat_id": 1}, 404),
        ):
            async with session.post(url + method, json=body) as response:
                assert response.status == status
    assert telegram.violations[0] == "sendMessage: unknown parameter colour"
    assert "sendMessage.chat_id: required, missing" in telegram.violations
    assert "sendMessage.reply_markup.inline_keyboard[0][0]: InlineKeyboardButton without text" in telegram.violations
    assert telegram.violations[-1] == "sendDice is not played by the stand-in"


async def test_json_queries_and_forms_mean_the_same(telegram: StandIn) -> None:
    anna = await telegram.person("Anna")
    await anna.send("/start")
    url = f"{telegram.base_url}{telegram.token}/SENDMESSAGE"
    markup = '{"inline_keyboard": [[{"text": "Oui", "callback_data": "y"}]]}'
    fields = {"chat_id": str(anna.id), "text": "?", "reply_markup": markup}
    async with aiohttp.ClientSession() as session:
        for sent in (
            session.get(url, params=fields),
            session.post(url, data=fields),
            session.post(url, json={"chat_id": anna.id, "text": "?", "reply_markup": json.loads(markup)}),
        ):
            async with sent as response:
                assert (await response.json())["ok"]
    assert [message.labels for message in await anna.screen()] == [(), ("Oui",), ("Oui",), ("Oui",)]
    assert telegram.violations == []


async def test_names_descriptions_commands_and_menus(telegram: StandIn, bot: Bot) -> None:
    everyone = BotCommandScopeAllPrivateChats()
    await bot.set_my_commands([BotCommand("aide", "Aide")], everyone, "fr")
    assert await bot.get_my_commands(everyone, "fr") == (BotCommand("aide", "Aide"),)
    assert await bot.get_my_commands() == ()
    await bot.set_my_name("Griot")
    await bot.set_my_description("Guides", "fr")
    assert (await bot.get_my_description("fr")).description == "Guides"
    assert (await bot.get_my_description()).description == ""
    await bot.set_chat_menu_button(menu_button=MenuButtonCommands())
    for call in (
        bot.set_my_commands([BotCommand("Aide", "x")]),
        bot.set_my_commands([BotCommand("aide", "x" * 257)]),
        bot.set_my_short_description("x" * 121),
        bot.set_my_description("x" * 513),
        bot.set_my_name("x" * 65),
        bot.set_my_commands([], language_code="french"),
    ):
        with pytest.raises(BadRequest):
            await call
    assert telegram.violations == []


async def test_the_real_application_handles_what_people_send(telegram: StandIn, bot: Bot) -> None:
    async def echo(update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        assert update.message is not None
        await update.message.reply_text(f"Reçu : {update.message.text}")

    app = Application.builder().token(telegram.token).base_url(telegram.base_url).updater(None).build()
    app.add_handler(MessageHandler(filters.TEXT & ~filters.COMMAND, echo))
    anna = await telegram.person("Anna", language="fr")
    await anna.send("/start")
    await anna.send("bonjour")
    async with app:
        for update in await bot.get_updates():
            await app.process_update(update)
    assert [message.text for message in await anna.screen() if message.from_bot] == ["Reçu : bonjour"]
    assert telegram.violations == []
