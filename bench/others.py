"""What our turn is compared with: PTB's own conversation, and the floors that no durable bot can go below."""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from telegram import Update
from telegram.ext import Application, ConversationHandler, MessageHandler, PicklePersistence, filters
from telegram.request import BaseRequest

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


def _builder() -> Any:
    return Application.builder().token(TOKEN).request(AtOnce()).get_updates_request(AtOnce()).updater(None)


class Conversation:
    """PTB's own way: `ConversationHandler` with `PicklePersistence`."""

    def __init__(self, folder: Path) -> None:
        async def ask(update: Update, context: Any) -> int:
            number = len(context.user_data)
            assert update.message is not None
            context.user_data[number] = update.message.text
            await update.message.reply_text(f"Question {number + 1}?")
            return 0

        self._persistence = PicklePersistence(folder / "ptb.pickle", update_interval=3600)
        self._application = _builder().persistence(self._persistence).build()
        handlers: list[Any] = [MessageHandler(filters.TEXT, ask)]
        self._application.add_handler(ConversationHandler(handlers, {0: handlers}, [], name="bench", persistent=True))

    async def initialize(self) -> None:
        await self._application.initialize()

    async def handle(self, raw: dict[str, Any]) -> None:
        """One update, flushed."""
        await self.take(raw)
        await self.flush()

    async def take(self, raw: dict[str, Any]) -> None:
        """One update, not kept yet."""
        await self._application.process_update(Update.de_json(raw, self._application.bot))

    async def flush(self) -> None:
        await self._application.update_persistence()
        await self._persistence.flush()


async def echo() -> Handle:
    """Floor: the real application echoes, and nothing is kept."""

    async def say(update: Update, _: Any) -> None:
        assert update.message is not None
        await update.message.reply_text(update.message.text or "")

    application = _builder().build()
    application.add_handler(MessageHandler(filters.TEXT, say))
    await application.initialize()

    async def handle(raw: dict[str, Any]) -> None:
        await application.process_update(Update.de_json(raw, application.bot))

    return handle


class Rows:
    """Floor: the rows of turns as our store left them, written again by plain `sqlite3`, a transaction a turn, FULL."""

    def __init__(self, source: Path, target: Path) -> None:
        self._source = sqlite3.connect(source)
        self._target = sqlite3.connect(target, isolation_level=None)
        self._target.execute("PRAGMA journal_mode = WAL")
        self._target.execute("PRAGMA synchronous = FULL")
        for (sql,) in self._source.execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL"):
            if "sqlite_" not in sql:
                self._target.execute(sql)
        for row in self._source.execute("SELECT * FROM interviews"):
            self._target.execute(_insert("interviews", row), row)
        self._outbox = self._last("outbox")
        self._answers = self._last("answers")

    def _last(self, table: str) -> int:
        return int(self._source.execute(f"SELECT coalesce(max(id), 0) FROM {table}").fetchone()[0])  # noqa: S608

    def write(self) -> tuple[float, float]:
        """Write what turns left since the last time; wall and processor seconds."""
        answers = self._source.execute("SELECT * FROM answers WHERE id > ? ORDER BY id", (self._answers,)).fetchall()
        outbox = self._source.execute("SELECT * FROM outbox WHERE id > ? ORDER BY id", (self._outbox,)).fetchall()
        states = {
            number: (state, revision, updated, number)
            for number, state, revision, updated in self._source.execute(
                "SELECT id, state, revision, updated_at FROM interviews"
            )
        }
        self._answers, self._outbox = self._last("answers"), self._last("outbox")
        many = len(outbox) // len(answers)
        began, worked = time.perf_counter(), time.process_time()
        for number, one in enumerate(answers):
            self._target.execute("BEGIN IMMEDIATE")
            self._target.execute(
                "INSERT INTO inbox (channel, update_id, state, received_at) VALUES ('telegram', ?, 'done', ?)",
                (one[0], states[one[1]][2]),
            )
            self._target.execute(
                "UPDATE interviews SET state = ?, revision = ?, updated_at = ? WHERE id = ?", states[one[1]]
            )
            self._target.execute(_insert("answers", one), one)
            for message in outbox[number * many : (number + 1) * many]:
                self._target.execute(_insert("outbox", message), message)
            self._target.execute("COMMIT")
        return time.perf_counter() - began, time.process_time() - worked

    def close(self) -> None:
        self._source.close()
        self._target.close()


def _insert(table: str, row: tuple[Any, ...]) -> str:
    return f"INSERT INTO {table} VALUES ({', '.join('?' * len(row))})"  # noqa: S608 - names from this module
