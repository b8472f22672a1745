"""Updates come in by polling or by webhook, each acknowledged only once it is committed."""

from __future__ import annotations

import asyncio
from typing import Any

import aiohttp
import pytest
from structlog.testing import capture_logs
from telegram import Bot

from bot.settings import Settings
from db.problems import StoreProblem
from flows.i18n import text
from tests.bot.conftest import House, at_work
from tests.telegram.standin import StandIn

MALFORMED: tuple[dict[str, Any], ...] = (
    {"message": "words"},
    {"message": {"message_id": "x", "date": "yesterday", "chat": []}},
    {"message": {"message_id": 1, "date": 10**30, "chat": {"id": 5, "type": "private"}}},
    {"callback_query": {"id": 5}},
    {"edited_message": [1, 2]},
    {"my_chat_member": {"chat": {"id": 5}}},
)
HARMLESS: tuple[dict[str, Any], ...] = ({}, {"message": None}, {"a_kind_made_tomorrow": {"x": 1}})


async def test_malformed_updates_are_kept_and_hold_up_nobody(house: House) -> None:
    awa = await house.official("Awa")
    with capture_logs() as logs:
        for update in (*MALFORMED, *HARMLESS):
            house.telegram.world.inject(update)
        await awa.send("Recensement")
        await awa.expect("Quels domaines ?")
        await house.telegram.acknowledged()
    async with house.store() as store, store.reading() as tx:
        assert len(await tx.inbox.failures()) == len(MALFORMED)
    assert "words" not in str(logs)


async def test_a_malformed_update_is_tried_once_more_and_then_left(house: House) -> None:
    house.telegram.world.inject(MALFORMED[0])
    await house.telegram.acknowledged()
    for _ in range(2):
        await house.stop()
        await house.start()
        await house.telegram.acknowledged()
    async with house.store() as store, store.reading() as tx:
        (failure,) = await tx.inbox.failures()
    assert failure.error.startswith("again: ")
    assert not failure.error.startswith("again: again")


async def test_a_second_process_is_reported_in_one_line_and_the_first_resumes(house: House) -> None:
    awa = await house.official("Awa")
    with capture_logs() as logs:
        async with Bot(house.telegram.token, base_url=house.telegram.base_url) as other:
            for _ in range(2):
                await other.get_updates(timeout=0)
                await asyncio.sleep(0.2)
        await awa.send("Recensement")
        await awa.expect("Quels domaines ?")
    errors = [entry for entry in logs if entry["log_level"] == "error"]
    assert len(errors) == 1
    assert "another process" in errors[0]["event"]


async def test_a_webhook_left_behind_is_removed_before_polling(telegram: StandIn, settings: Settings) -> None:
    async with Bot(telegram.token, base_url=telegram.base_url) as other:
        await other.set_webhook("http://127.0.0.1:9/old")
    async with at_work(telegram, settings):
        awa = await telegram.person("Awa", language="fr")
        await awa.send("Bonjour")
        await awa.expect("invitation")
    assert telegram.world.webhook["url"] == ""


async def test_polling_resumes_when_the_network_comes_back(house: House) -> None:
    awa = await house.official("Awa")
    port = house.telegram.port
    await house.telegram.stop()
    await asyncio.sleep(0.3)
    await house.telegram.start()
    assert house.telegram.port == port
    await awa.send("Recensement")
    await awa.expect("Quels domaines ?")


async def test_nothing_is_acknowledged_while_the_store_cannot_be_used(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    awa = await house.official("Awa")
    await house.telegram.acknowledged()

    def full(*_: object) -> None:
        raise StoreProblem("disk_full", path="x")

    with monkeypatch.context() as broken:
        broken.setattr(house.app.store, "writing", full)
        await awa.send("Recensement")
        await awa.send("2019")
        await asyncio.sleep(0.3)
        assert len(house.telegram.world.pending()) == 2
    await awa.expect("Quels domaines ?")
    await house.telegram.acknowledged()
    assert (await house.answers())["/data/body/name"] == [("Recensement", "answered")]


async def test_a_webhook_brings_a_whole_conversation(hooked: House) -> None:
    awa = await hooked.official("Awa")
    await awa.send("Recensement")
    await awa.expect("Quels domaines ?")
    await hooked.telegram.acknowledged()
    assert (await hooked.answers())["/data/body/name"] == [("Recensement", "answered")]


async def test_only_requests_with_the_secret_are_taken(hooked: House) -> None:
    awa = await hooked.official("Awa")
    await hooked.telegram.acknowledged()
    url = hooked.settings.webhook_url
    body = {
        "update_id": 1,
        "message": {
            "message_id": 9,
            "date": 1,
            "text": "forged",
            "chat": {"id": awa.id, "type": "private", "first_name": "x"},
            "from": {"id": awa.id, "is_bot": False, "first_name": "x"},
        },
    }
    right = {"X-Telegram-Bot-Api-Secret-Token": "right-secret"}
    async with aiohttp.ClientSession() as session:
        for headers in ({}, {"X-Telegram-Bot-Api-Secret-Token": "wrong"}):
            async with session.post(url, json=body, headers=headers) as response:
                assert response.status == 403
        async with session.post(url, data=b"{", headers=right) as response:
            assert response.status == 400
        async with session.post(url, data=b"x" * 600_000, headers=right) as response:
            assert response.status in (400, 413)
        async with session.get(url, headers=right) as response:
            assert response.status == 405
        async with session.post(url + "/elsewhere", json=body, headers=right) as response:
            assert response.status == 404
    assert "/data/body/name" not in await hooked.answers()


async def test_a_webhook_answers_after_the_commit_and_asks_to_be_called_again_without_one(
    hooked: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    awa = await hooked.official("Awa")
    await hooked.telegram.acknowledged()

    def full(*_: object) -> None:
        raise StoreProblem("disk_full", path="x")

    with monkeypatch.context() as broken:
        broken.setattr(hooked.app.store, "writing", full)
        await awa.send("Recensement")
        await asyncio.sleep(0.2)
        assert len(hooked.telegram.world.pending()) == 1
    await awa.expect("Quels domaines ?")
    await hooked.telegram.acknowledged()


async def test_the_limits_of_telegram_are_kept_by_default(telegram: StandIn, settings: Settings) -> None:
    from bot.outbox import Limits

    telegram.world.limits.per_chat, telegram.world.limits.overall, telegram.world.limits.burst = 1.0, 30.0, 1
    async with at_work(telegram, settings, limits=Limits()) as house:
        awa = await telegram.person("Awa", language="fr")
        await awa.send(f"/start {await house.invitation()}")
        await awa.expect("Langue ?")
        await awa.send("/contact")
        await awa.expect(text("turns.contact_default", "fr"))
    assert telegram.flood == []
