"""A hostile world around the bot: broken updates, refusals, drops and floods. Nothing is lost, nothing is leaked."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import aiohttp
import pytest
import structlog
from structlog.testing import capture_logs

from bot import logs
from bot.serving import CannotStart
from bot.settings import Settings
from flows.i18n import text
from tests.bot.conftest import AT_ONCE, House, at_work
from tests.telegram.standin import StandIn

USER = {"id": 7, "is_bot": False, "first_name": "x"}
CHAT = {"id": 7, "type": "private", "first_name": "x"}
MESSAGE = {"message_id": 1, "date": 1, "chat": CHAT, "from": USER}
BROKEN: tuple[dict[str, Any], ...] = (
    {"message": {**MESSAGE, "chat": None, "text": "secret words"}},
    {"message": {**MESSAGE, "from": None, "text": "secret words"}},
    {"message": {**MESSAGE, "chat": {"id": 2**70, "type": "private"}, "text": "secret words"}},
    {"message": {**MESSAGE, "chat": {"id": -5, "type": "private"}, "text": "secret words"}},
    {"message": {**MESSAGE, "chat": {"id": "7", "type": "planet"}, "text": "secret words"}},
    {"message": {**MESSAGE, "date": None, "text": "secret words"}},
    {"message": {**MESSAGE, "message_id": -(2**70), "text": "secret words"}},
    {"message": {**MESSAGE, "text": ["secret words"]}},
    {"message": {**MESSAGE, "text": 12}},
    {"message": {**MESSAGE, "document": {"file_id": None}}},
    {"message": {**MESSAGE, "photo": []}},
    {"message": {**MESSAGE, "location": {"latitude": "north", "longitude": None}}},
    {"message": {**MESSAGE, "contact": {"phone_number": None, "first_name": "x"}}},
    {"edited_message": {**MESSAGE, "text": "secret words"}},
    {"channel_post": {**MESSAGE, "text": "secret words"}},
    {"callback_query": {"id": "1", "from": USER, "chat_instance": "1", "data": 12}},
    {"callback_query": {"id": "1", "from": {"id": 2**80, "is_bot": False, "first_name": "x"}, "chat_instance": "1"}},
    {"my_chat_member": {"chat": CHAT, "from": USER, "date": 1, "old_chat_member": {}, "new_chat_member": {}}},
    {"message": {**MESSAGE, "text": "deep", "reply_to_message": {"message_id": None}}},
    {"message": MESSAGE, "callback_query": "both"},
)


async def test_no_broken_update_stops_anybody_or_is_quoted_in_a_log(house: House) -> None:
    awa = await house.official("Awa")
    with capture_logs() as logged:
        for update in BROKEN:
            house.telegram.world.inject(dict(update))
        await awa.send("Recensement")
        await awa.expect("Quels domaines ?")
        await house.telegram.acknowledged()
    assert "secret" not in str(logged)
    assert set(await house.answers()) == {"/data/lang", "/data/consent", "/data/body/name"}


@pytest.mark.parametrize("number", [None, "7", True, 1.5, -1, 2**60, 10**30, [1]])
async def test_an_update_whose_number_cannot_be_one_is_left_aside(house: House, number: object) -> None:
    message = {**MESSAGE, "text": "x"}
    assert await house.app.updates.handle({"update_id": number, "message": message})
    for raw in (None, [], "x", 7, {}):
        assert await house.app.updates.handle(raw)
    awa = await house.official("Awa")
    await awa.send("Recensement")
    await awa.expect("Quels domaines ?")


async def test_updates_out_of_order_are_each_taken_once(house: House) -> None:
    awa = await house.official("Awa")
    await house.telegram.acknowledged()
    message = {**MESSAGE, "chat": house.telegram.world.rooms[awa.id].chat, "from": awa.user}
    for number, said in ((900, "Recensement"), (899, "2019"), (900, "Recensement"), (899, "2019")):
        assert await house.app.updates.handle({"update_id": number, "message": {**message, "text": said}})
    await awa.expect("Quels domaines ?")
    assert (await house.answers())["/data/body/name"] == [("Recensement", "answered")]


@pytest.mark.parametrize(
    ("kind", "times"), [("status", 5), ("drop_before", 3), ("drop_after", 3)], ids=["5xx", "never arrived", "arrived"]
)
async def test_what_was_to_be_said_is_said_after_faults_in_sending(
    telegram: StandIn, settings: Settings, kind: Any, times: int
) -> None:
    async with at_work(telegram, settings, limits=replace(AT_ONCE, first_wait=0.05)) as house:
        awa = await house.official("Awa")
        house.telegram.faults.add(kind, method="sendMessage", times=times)
        house.telegram.faults.add("status", method="editMessageText", times=2, status=503)
        await awa.send("Recensement")
        await awa.expect("Quels domaines ?", timeout=30)
        await awa.send("/skip")
        await awa.expect("Quelle année ?", timeout=60)
        assert (await house.answers())["/data/body/name"] == [("Recensement", "answered")]


@pytest.mark.slow
async def test_updates_come_in_after_faults_in_polling(house: House) -> None:
    awa = await house.official("Awa")
    await house.telegram.acknowledged()
    for kind in ("status", "drop_after", "drop_before"):
        house.telegram.faults.add(kind, method="getUpdates", times=1)
    await awa.send("Recensement")
    await awa.expect("Quels domaines ?", timeout=20)
    await awa.send("/skip")
    await awa.expect("Quelle année ?", timeout=20)
    await house.telegram.acknowledged()


async def test_a_flood_limit_is_waited_for_and_nothing_is_lost(telegram: StandIn, settings: Settings) -> None:
    async with at_work(telegram, settings) as house:
        awa = await house.official("Awa")
        telegram.world.limits.refuse_next(awa.id, 2)
        await awa.send("Recensement")
        await awa.expect("Quels domaines ?", timeout=10)
    assert len(telegram.flood) == 1
    assert not any(flood.early for flood in telegram.flood)


@pytest.mark.slow
async def test_a_token_revoked_while_running_ends_the_process_with_one_clear_sentence(
    telegram: StandIn, settings: Settings
) -> None:
    house = House(telegram, settings)
    await house.start()
    awa = await house.official("Awa")
    telegram.world.token = "123456789:another"
    await awa.send("Recensement")
    with pytest.raises(CannotStart) as ended:
        await asyncio.wait_for(asyncio.shield(house._task), 10)  # type: ignore[arg-type]
    assert ended.value.key == "token_refused"
    assert telegram.token not in str(ended.value.values)
    telegram.world.token = settings.telegram_token.get_secret_value()  # type: ignore[union-attr]
    house._task = None
    await house.start()
    await awa.expect("Quels domaines ?", timeout=20)
    await house.stop()


@pytest.mark.parametrize("fate", ["deleted", "migrated"])
async def test_a_chat_that_is_gone_is_recorded_and_holds_up_nobody(house: House, fate: str) -> None:
    awa, eve = await house.official("Awa"), await house.official("Eve")
    await awa.send("Recensement")
    await awa.expect("Quels domaines ?")
    room = house.telegram.world.rooms[awa.id]
    world = house.telegram.world
    if fate == "deleted":
        await awa.delete_account()
    else:
        room.moved_to = -100123
    message = world.new_message(room, awa.user, text="/skip")
    world.inject({"message": dict(message)})  # it was on its way
    await eve.send("Enquête")
    await eve.expect("Quels domaines ?")
    await house.telegram.acknowledged()
    await house.stop()
    async with house.store() as store, store.reading() as tx:
        address = await tx.people.at("telegram", str(awa.id))
        counts = await tx.outbox.counts()
    assert address is not None
    assert address.status == "gone"
    assert "waiting" not in counts
    assert (await house.answers())["/data/body/domains"] == [("", "skipped")]
    await house.start()


async def test_who_blocked_the_bot_in_the_middle_of_a_reply_hears_it_on_coming_back(house: House) -> None:
    awa = await house.official("Awa")
    room = house.telegram.world.rooms[awa.id]
    await awa.send("Recensement")
    room.bot_status = "kicked"  # blocked, before the bot is told
    await house.telegram.acknowledged()
    world = house.telegram.world

    async def blocked() -> bool:
        async with house.store() as store, store.reading() as tx:
            address = await tx.people.at("telegram", str(awa.id))
        return address is not None and address.status == "blocked"

    for _ in range(50):
        if await blocked():
            break
        await asyncio.sleep(0.1)
    assert await blocked()
    room.bot_status = "member"
    world.inject({"message": dict(world.new_message(room, awa.user, text="/resume"))})
    await awa.expect("Quels domaines ?")
    assert not await blocked()


@pytest.mark.parametrize("kind", ["group", "supergroup"])
async def test_groups_are_told_once_and_left_whatever_is_written_there(house: House, kind: str) -> None:
    awa = await house.official("Awa")
    group = awa.into(await awa.found("Ministère", kind))
    await group.send("/start")
    await group.send("/help@griot_test_bot")
    world = house.telegram.world
    assert await world.until(lambda: True if world.rooms[group.chat_id].bot_status == "left" else None, 5)
    await house.telegram.acknowledged()
    said = [entry["message"]["text"] for entry in await group.history() if entry["kind"] == "bot"]
    assert said == [text("turns.group", "fr")]
    await awa.send("Recensement")
    await awa.expect("Quels domaines ?")


async def test_channels_are_passed_over_in_silence(house: House) -> None:
    awa = await house.official("Awa")
    channel = awa.into(await awa.found("Nouvelles", "channel"))
    await channel.send("Recensement")
    await house.telegram.acknowledged()
    assert [entry for entry in await channel.history() if entry["kind"] == "bot"] == []
    assert "/data/body/name" not in await house.answers()


async def test_a_topic_of_a_group_is_a_group(house: House) -> None:
    awa = await house.official("Awa")
    group = awa.into(await awa.found("Ministère", "supergroup"))
    world = house.telegram.world
    room = world.rooms[group.chat_id]
    await group.expect(text("turns.group", "fr"))
    fields = {"text": "/start", "message_thread_id": 5, "is_topic_message": True}
    world.inject({"message": dict(world.new_message(room, awa.user, **fields))})
    await house.telegram.acknowledged()
    assert "/data/body/name" not in await house.answers()


async def test_menus_of_commands_are_there_in_each_language(house: House) -> None:
    world = house.telegram.world
    assert await world.until(lambda: True if len(world.commands) == 2 else None, 5)
    assert {language for _, language in world.commands} == {"", "fr"}
    (french,) = (menu for (_, language), menu in world.commands.items() if language == "fr")
    assert next(one["description"] for one in french if one["command"] == "help") == text("telegram.command_help", "fr")


@pytest.mark.parametrize(
    "body", [b"null", b"[]", b'"x"', b"{}", b'{"update_id": "x"}', b'{"update_id": 5, "message": null}', b"[" * 50_000]
)
async def test_the_webhook_outlives_any_body(hooked: House, body: bytes) -> None:
    headers = {"X-Telegram-Bot-Api-Secret-Token": "right-secret"}
    async with (
        aiohttp.ClientSession() as session,
        session.post(hooked.settings.webhook_url, data=body, headers=headers) as response,
    ):
        assert response.status in (200, 400)
        assert await response.read() == b""
    awa = await hooked.official("Awa")
    await awa.send("Recensement")
    await awa.expect("Quels domaines ?")


async def test_a_slow_caller_of_the_webhook_holds_up_nobody(hooked: House) -> None:
    host, port = hooked.settings.listen_host, hooked.settings.listen_port
    _, slow = await asyncio.open_connection(host, port)
    slow.write(b"POST /hook HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n{")
    await slow.drain()
    people = await asyncio.gather(*(hooked.official(f"P{number}") for number in range(4)))
    for person in people:
        await person.send("Recensement")
        await person.expect("Quels domaines ?")
    slow.close()


async def test_at_no_level_do_logs_hold_a_name_a_text_or_the_token(
    telegram: StandIn, settings: Settings, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    house = House(telegram, settings)
    logs.configure("debug")
    try:
        await house.start()
        awa = await house.official("Awa-Personne")
        telegram.faults.add("status", method="sendMessage", times=2)
        telegram.faults.add("drop_after", method="getUpdates", times=1)
        with monkeypatch.context() as broken:
            broken.setattr(type(house.app.interviews), "forms", {"another": house.app.interviews.form})
            await awa.send("Paroles confidentielles")
            await awa.expect(text("turns.failed", "fr"), timeout=30)
        telegram.world.inject({"message": {"text": "Paroles confidentielles", "chat": {"id": awa.id}}})
        await awa.send("Paroles confidentielles")
        await awa.expect("Quels domaines ?", timeout=30)
        await house.stop()
    finally:
        structlog.reset_defaults()
    said = "".join(capfd.readouterr())
    assert "turn failed" in said
    for word in ("confidentielles", "Awa-Personne", telegram.token, telegram.token.split(":")[1], str(awa.id)):
        assert word not in said
