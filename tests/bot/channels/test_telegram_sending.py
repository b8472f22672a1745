"""What the outbox may rely on: prompts shown over HTTP, and every refusal of the Bot API told apart."""

from __future__ import annotations

from collections.abc import AsyncIterator
from hashlib import sha256
from pathlib import Path

import pytest

from bot.channels.telegram import Telegram
from bot.channels.telegram_client import build
from bot.envelopes import dump, load
from bot.messages import (
    Button,
    Document,
    Line,
    NotDelivered,
    NotReached,
    Prompt,
    TooFast,
    Undeliverable,
    Unreachable,
)
from tests.telegram.people import Person
from tests.telegram.standin import StandIn


@pytest.fixture
async def telegram() -> AsyncIterator[StandIn]:
    async with StandIn() as server:
        server.world.limits.per_chat = server.world.limits.overall = 0
        yield server
        assert server.violations == []


@pytest.fixture
async def channel(telegram: StandIn, tmp_path: Path) -> AsyncIterator[Telegram]:
    application = build(telegram.token, telegram.url)
    await application.initialize()
    yield Telegram(application.bot, lambda name: tmp_path / name, between=0.0)
    await application.shutdown()


@pytest.fixture
async def awa(telegram: StandIn) -> Person:
    person = await telegram.person("Awa")
    await person.send("/start")
    return person


def ticks(*ticked: bool) -> Prompt:
    row = tuple(Button(f"C{number}", f"t:c{number}", ticked=tick) for number, tick in enumerate(ticked))
    return Prompt((Line("Lesquels ?", "question"),), (row,), key="1.t")


async def test_a_message_is_edited_in_place(channel: Telegram, awa: Person) -> None:
    first = await channel.send(str(awa.id), ticks(False, False))
    assert await channel.send(str(awa.id), ticks(True, False), edits=first) == first
    shown = await awa.last()
    assert shown.labels == ("✓ C0", "C1")
    assert await channel.send(str(awa.id), ticks(True, False), edits=first) == first  # not modified is fine
    assert len(await awa.screen()) == 2


async def test_what_can_no_longer_be_edited_is_sent_anew(channel: Telegram, awa: Person) -> None:
    assert await channel.send(str(awa.id), ticks(False), edits="9999") != "9999"
    assert (await awa.last()).labels == ("C0",)


async def test_a_long_prompt_becomes_several_messages_with_the_buttons_under_the_last(
    channel: Telegram, awa: Person
) -> None:
    prompt = Prompt((Line("Une phrase & <une autre>. " * 400),), ((Button("Suite", "t:m"),),))
    last = await channel.send(str(awa.id), prompt)
    shown = [message for message in await awa.screen() if message.from_bot]
    assert len(shown) == 4
    assert shown[-1].message_id == int(last)
    assert [message.labels for message in shown] == [(), (), (), ("Suite",)]
    assert " ".join(message.text for message in shown) == ("Une phrase & <une autre>. " * 400).strip()


async def test_a_flood_limit_between_two_parts_repeats_nothing(
    channel: Telegram, awa: Person, telegram: StandIn
) -> None:
    telegram.world.limits.per_chat = 1.0
    telegram.world.limits.burst = 1
    await channel.send(str(awa.id), Prompt((Line("mot " * 1500),)))
    shown = [message.text for message in await awa.screen() if message.from_bot]
    assert len(shown) == 2
    assert " ".join(shown) == ("mot " * 1500).strip()


async def test_documents_go_out_with_their_names_and_a_sign_of_work(
    channel: Telegram, awa: Person, tmp_path: Path
) -> None:
    content = b"%PDF-1.4 a guide"
    name = sha256(content).hexdigest()
    (tmp_path / name).write_bytes(content)
    document = Document("guide du Burkina Faso.pdf", "application/pdf", sha256=name)
    await channel.send(str(awa.id), Prompt((Line("Voici le projet."),), documents=(document,)))
    assert (await awa.last()).document == "guide du Burkina Faso.pdf"
    assert "action" in [entry["kind"] for entry in await awa.history()]
    with pytest.raises(Undeliverable):
        await channel.send(str(awa.id), Prompt((), documents=(Document("x.pdf", "application/pdf", path="/nowhere"),)))


async def test_a_picture_is_shown_and_what_is_no_picture_still_arrives(
    channel: Telegram, awa: Person, tmp_path: Path
) -> None:
    for name, content in (("board.png", b"\x89PNG\r\n\x1a\n" + bytes(50)), ("broken.png", b"no picture")):
        (tmp_path / name).write_bytes(content)
        document = Document(name, "image/png", path=str(tmp_path / name), picture=True)
        await channel.send(str(awa.id), load(dump(Prompt((Line("Voici."),), documents=(document,)))))
    shown = [message.text for message in await awa.screen() if message.from_bot]
    assert shown == ["[photo] Voici.", "[broken.png] Voici."]


async def test_a_file_comes_in_whole(channel: Telegram, awa: Person, telegram: StandIn) -> None:
    sent = await awa.send_document("loi.pdf", b"%PDF" + bytes(200_000))
    assert await channel.fetch(sent.raw["document"]["file_id"]) == b"%PDF" + bytes(200_000)
    with pytest.raises(Undeliverable):
        await channel.fetch("no such file")


async def test_each_refusal_is_told_apart(channel: Telegram, awa: Person, telegram: StandIn) -> None:
    async def refusal(address: int = awa.id) -> NotDelivered:
        with pytest.raises(NotDelivered) as caught:
            await channel.send(str(address), Prompt((Line("x"),)))
        return caught.value

    telegram.world.limits.refuse_next(awa.id, 7)
    too_fast = await refusal()
    assert isinstance(too_fast, TooFast)
    assert too_fast.retry_after == 7
    telegram.world.limits.told.clear()
    telegram.faults.add("status", method="sendMessage", status=502)
    assert isinstance(await refusal(), NotReached)
    telegram.faults.add("drop_before", method="sendMessage")
    assert isinstance(await refusal(), NotReached)
    gone = await refusal(424242)
    assert isinstance(gone, Unreachable)
    assert gone.why == "gone"
    await awa.block()
    blocked = await refusal()
    assert isinstance(blocked, Unreachable)
    assert blocked.why == "blocked"


async def test_an_acknowledgement_never_raises(channel: Telegram) -> None:
    await channel.acknowledge("no such press")


async def test_the_menu_of_commands_is_offered_in_each_language(channel: Telegram, telegram: StandIn) -> None:
    await channel.offer_commands(("help", "pause"))
    menus = {language: [c["command"] for c in menu] for (_, language), menu in telegram.world.commands.items()}
    assert menus == {"": ["help", "pause"], "fr": ["help", "pause"]}
