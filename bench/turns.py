"""What a durable turn costs, beside PTB's own conversation and beside what it cannot go below.

    python -m bench.turns [--officials 57] [--questions 200]

All figures of one table come from one run on one machine, over the same stream of updates: all officials answer one
question, then the next, each way in its turn, so that a busy machine is busy for all of them. No network: a request
class that answers at once stands in for Telegram, so that only what runs in this process is counted. Every commit is
flushed to the disk.

- turn: update as JSON → the real `Application` → `Turns` → commit, with the messages to send as rows
- turn and sending: the same, and what the outbox works to send and record them, after each question of all officials
  (two calls a turn: the next question, and the answered one edited; its pauses between messages are not work)
- PTB: `ConversationHandler` with `PicklePersistence`, flushed after each update, answering each by one message
- floors: an echo by the real `Application`, and the rows of a turn in one plain `sqlite3` transaction, FULL
"""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import sqlite3
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import track
from rich.table import Table
from telegram import Update
from telegram.ext import Application, ConversationHandler, MessageHandler, PicklePersistence, filters
from telegram.request import BaseRequest

from bot.app import App, built
from bot.channels import telegram_client
from bot.outbox import Limits
from bot.settings import Settings
from db.database import Store
from flows.interview.form import Form
from flows.interview.xlsform import load_form

TOKEN = "123456789:bench"  # noqa: S105 - nobody's
Handle = Callable[[dict[str, Any]], Awaitable[object]]


class AtOnce(BaseRequest):
    """Answers every call as Telegram would, without a network."""

    def __init__(self) -> None:
        self.calls = 0

    @property
    def read_timeout(self) -> float:
        return 5.0

    async def initialize(self) -> None: ...

    async def shutdown(self) -> None: ...

    async def do_request(self, url: str, *_: Any, **__: Any) -> tuple[int, bytes]:
        self.calls += 1
        if url.endswith("/getMe"):
            result: Any = {"id": 1, "is_bot": True, "first_name": "bench", "username": "bench_bot"}
        elif url.endswith(("/answerCallbackQuery", "/setMyCommands", "/deleteWebhook")):
            result = True
        else:
            chat = {"id": 1, "type": "private", "first_name": "x"}
            result = {"message_id": self.calls, "date": 1_700_000_000, "chat": chat, "text": "x"}
        return 200, json.dumps({"ok": True, "result": result}).encode()


def form(questions: int) -> Form:
    """Texts, whole numbers and choices by turns, every fifth behind a condition that holds."""
    lines = ["| survey |", "|  | type | name | label::English (en) | relevant |"]
    for number in range(questions):
        kind = ("text", "integer", "select_one scale")[number % 3]
        condition = f"${{q{number - 5}}} != ''" if number >= 5 and number % 5 == 0 else ""
        lines.append(f"|  | {kind} | q{number} | Question {number}? | {condition} |")
    lines += ["| choices |", "|  | list_name | name | label::English (en) |"]
    lines += [f"|  | scale | s{number} | Step {number} |" for number in range(5)]
    lines += ["| settings |", "|  | form_id | version |", "|  | bench | 1 |"]
    return load_form("\n".join(lines).encode(), "md")


def message(update_id: int, official: int, text: str) -> dict[str, Any]:
    person = {"id": 1000 + official, "is_bot": False, "first_name": "x", "language_code": "en"}
    chat = {"id": 1000 + official, "type": "private", "first_name": "x"}
    body = {"message_id": update_id, "date": 1_700_000_000, "chat": chat, "from": person, "text": text}
    return {"update_id": update_id, "message": body}


def answer(question: int) -> str:
    return (f"What the entity says about question {question}, in a sentence.", str(question), "Step 3")[question % 3]


@asynccontextmanager
async def ours(
    folder: Path, name: str, officials: int, questions: int, the_form: Form
) -> AsyncIterator[tuple[App, Handle]]:
    """The real application with a store of its own, its officials invited and asked the first question."""
    settings = Settings(
        _env_file=None,  # type: ignore[call-arg]
        telegram_token=TOKEN,
        database_url=f"sqlite:///{folder}/{name}.db",
    )
    bot = telegram_client.Bot(TOKEN, request=AtOnce(), get_updates_request=AtOnce())
    application: Any = Application.builder().bot(bot).updater(None).build()
    await application.initialize()
    limits = Limits(per_second=10_000_000, at_once=1_000_000)
    async with built(settings, application, lambda: [the_form], limits) as app:
        now = datetime.now(UTC)
        for official in range(officials):
            async with app.store.writing() as tx:
                code, _ = await tx.invitations.create("GHA", "official", None, now + timedelta(1), now, language="en")
            await app.updates.handle(message(official + 1, official, f"/start {code}"))
        yield app, app.updates.handle
        await _all_there(app.store, officials, questions)
    await application.shutdown()


async def _all_there(store: Store, officials: int, questions: int) -> None:
    async with store.reading() as tx:
        interviews = await tx.interviews.of_country("GHA")
        assert len(interviews) == officials
        for interview in interviews:
            assert len(await tx.answers.current(interview.id)) == questions, "an answer is missing"


async def conversation(folder: Path) -> Handle:
    """PTB's own way, flushed after each update."""

    async def ask(update: Update, context: Any) -> int:
        number = len(context.user_data)
        assert update.message is not None
        context.user_data[number] = update.message.text
        await update.message.reply_text(f"Question {number + 1}?")
        return 0

    persistence = PicklePersistence(folder / "ptb.pickle", update_interval=3600)
    application: Any = (
        (Application.builder().token(TOKEN).request(AtOnce()).get_updates_request(AtOnce()).updater(None))
        .persistence(persistence)
        .build()
    )
    handlers = [MessageHandler(filters.TEXT, ask)]
    application.add_handler(
        ConversationHandler(handlers, {0: handlers}, [], name="bench", persistent=True)  # type: ignore[arg-type]
    )
    await application.initialize()

    async def handle(raw: dict[str, Any]) -> None:
        await application.process_update(Update.de_json(raw, application.bot))
        await application.update_persistence()
        await persistence.flush()

    return handle


async def echo() -> Handle:
    """Floor: the real application echoes, and nothing is kept."""

    async def say(update: Update, _: Any) -> None:
        assert update.message is not None
        await update.message.reply_text(update.message.text or "")

    application: Any = (
        Application.builder().token(TOKEN).request(AtOnce()).get_updates_request(AtOnce()).updater(None).build()
    )
    application.add_handler(MessageHandler(filters.TEXT, say))
    await application.initialize()

    async def handle(raw: dict[str, Any]) -> None:
        await application.process_update(Update.de_json(raw, application.bot))

    return handle


def rows(folder: Path, officials: int, questions: int) -> float:
    """Floor: the rows of a turn as our store left them, written again by plain `sqlite3`."""
    source = sqlite3.connect(folder / "turn.db")
    tables = {
        name: source.execute(sql).fetchall()
        for name, sql in {
            "inbox": "SELECT channel, update_id, state, received_at FROM inbox WHERE update_id > 1000",
            "interviews": "SELECT state, id FROM interviews",
            "answers": "SELECT * FROM answers ORDER BY id",
            "outbox": "SELECT * FROM outbox WHERE id > 2 * (SELECT count(*) FROM interviews) ORDER BY id",
        }.items()
    }
    schema = [sql for (sql,) in source.execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL")]
    source.close()
    target = sqlite3.connect(folder / "rows.db", isolation_level=None)
    target.execute("PRAGMA journal_mode = WAL")
    target.execute("PRAGMA synchronous = FULL")
    for sql in schema:
        if "sqlite_" not in sql:
            target.execute(sql)
    with sqlite3.connect(folder / "turn.db") as filled:
        for row in filled.execute("SELECT * FROM interviews"):
            target.execute(f"INSERT INTO interviews VALUES ({', '.join('?' * len(row))})", row)  # noqa: S608
    filled.close()
    states = tables["interviews"]
    many = len(tables["outbox"]) // len(tables["answers"])
    started = time.perf_counter()
    for number, one in enumerate(track(tables["answers"], "floor: rows", transient=True)):
        target.execute("BEGIN IMMEDIATE")
        target.execute(
            "INSERT INTO inbox (channel, update_id, state, received_at) VALUES (?, ?, ?, ?)", tables["inbox"][number]
        )
        target.execute("UPDATE interviews SET state = ? WHERE id = ?", states[number % officials])
        target.execute(f"INSERT INTO answers VALUES ({', '.join('?' * len(one))})", one)  # noqa: S608
        for message_row in tables["outbox"][number * many : (number + 1) * many]:
            target.execute(f"INSERT INTO outbox VALUES ({', '.join('?' * len(message_row))})", message_row)  # noqa: S608
        target.execute("COMMIT")
    taken = time.perf_counter() - started
    target.close()
    return taken / (officials * questions)


async def measure(officials: int, questions: int) -> dict[str, float]:
    """Seconds a turn, by what was measured: all take turns, one question of all officials at a time."""
    the_form = form(questions)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        async with AsyncExitStack() as stack:
            _, turn = await stack.enter_async_context(ours(folder, "turn", officials, questions, the_form))
            app, sent = await stack.enter_async_context(ours(folder, "sent", officials, questions, the_form))
            await app.sender.drain()
            ways: dict[str, Handle] = {
                "turn": turn,
                "turn and sending": sent,
                "floor: echo": await echo(),
                "PTB ConversationHandler": await conversation(folder),
            }
            taken = dict.fromkeys(ways, 0.0)
            for question in track(range(questions), "turns", transient=True):
                for what, handle in ways.items():
                    began = time.perf_counter()
                    for official in range(officials):
                        update_id = 1_001 + question * officials + official
                        await handle(message(update_id, official, answer(question)))
                    taken[what] += time.perf_counter() - began
                    if what == "turn and sending":
                        worked = time.process_time()
                        await app.sender.drain()
                        taken[what] += time.process_time() - worked
        found = {what: seconds / (officials * questions) for what, seconds in taken.items()}
        found["floor: rows"] = rows(folder, officials, questions)
    return found


def main() -> None:
    """Print the table."""
    arguments = argparse.ArgumentParser(description="What a durable turn costs.")
    arguments.add_argument("--officials", type=int, default=57)
    arguments.add_argument("--questions", type=int, default=200)
    given = arguments.parse_args()
    logging.disable(logging.CRITICAL)
    found = asyncio.run(measure(given.officials, given.questions))
    floors = found["floor: echo"] + found["floor: rows"]
    table = Table("measured", "ms a turn", "of PTB", "of the floors")
    for what, seconds in found.items():
        ptb = seconds / found["PTB ConversationHandler"]
        table.add_row(what, f"{seconds * 1000:.2f}", f"{ptb:.2f}", f"{seconds / floors:.2f}")
    Console().print(table)


if __name__ == "__main__":
    main()
