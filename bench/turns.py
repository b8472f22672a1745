"""What a durable turn costs, beside PTB's own conversation and beside what it cannot go below.

    python -m bench.turns [--officials 57] [--questions 200]

All figures come from one run on one machine, over the same stream of updates: all officials answer one question, then
the next, each way in its turn, so that a busy machine is busy for all of them. No network: a request class that answers
at once stands in for Telegram, so that only what runs in this process is counted. Every commit of ours is flushed to
the disk. Processor time stands beside the wall clock, because other work on the machine lengthens only the latter.

- turn: update as JSON → the real `Application` → `Turns` → commit, with the messages to send as rows
- turn and sending: the same, and what the outbox works to send and record them, after each question of all officials
  (two calls a turn: the next question, and the answered one edited; its pauses between messages are not work)
- PTB: `ConversationHandler` with `PicklePersistence`, flushed after each update, answering each by one message;
  measured at every fifth question, and flushed once a question in between
- floors: an echo by the real `Application`, and the rows of a turn in one plain `sqlite3` transaction, FULL
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from pydantic import SecretStr
from rich.console import Console
from rich.progress import track
from telegram.ext import Application

from bench.others import TOKEN, AtOnce, Conversation, Handle, Rows, echo
from bench.tables import Line, shown
from bot.app import App, built
from bot.channels import telegram_client
from bot.outbox import Limits
from bot.settings import Settings
from db.database import Store
from flows.interview.form import Form
from flows.interview.xlsform import load_form

PTB, ECHO, ROWS = "PTB ConversationHandler, flushed", "floor: echo", "floor: rows"
EVERY = 5  # questions, of which PTB's cost is measured at one


@dataclass(slots=True)
class Cost:
    """Seconds and processor seconds of so many turns."""

    wall: float = 0.0
    work: float = 0.0
    turns: int = 0

    def add(self, wall: float, work: float, turns: int) -> None:
        self.wall, self.work, self.turns = self.wall + wall, self.work + work, self.turns + turns

    @property
    def each(self) -> tuple[float, float]:
        return self.wall / self.turns, self.work / self.turns


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
    folder: Path, name: str, officials: int, the_form: Form, *, first: int = 0, gather: float = 0.05
) -> AsyncIterator[tuple[App, Handle]]:
    """The real application with a store of its own, its officials (numbered from `first`) invited and asked the first
    question."""
    settings = Settings(
        _env_file=None,  # type: ignore[call-arg]
        telegram_token=SecretStr(TOKEN),
        database_url=f"sqlite:///{folder}/{name}.db",
    )
    bot = telegram_client.Bot(TOKEN, request=AtOnce(), get_updates_request=AtOnce())
    application: Any = Application.builder().bot(bot).updater(None).build()
    await application.initialize()
    limits = Limits(per_second=10_000_000, at_once=1_000_000, gather=gather)
    async with built(settings, application, lambda: [the_form], limits) as app:
        now = datetime.now(UTC)
        for official in range(first, first + officials):
            async with app.store.writing() as tx:
                code, _ = await tx.invitations.create("GHA", "official", None, now + timedelta(1), now, language="en")
            await app.updates.handle(message(official + 1, official, f"/start {code}"))
        yield app, app.updates.handle
    await application.shutdown()


async def all_there(store: Store, officials: int, questions: int) -> None:
    """Fail where an answer is missing."""
    async with store.reading() as tx:
        interviews = await tx.interviews.of_country("GHA")
        assert len(interviews) == officials
        for interview in interviews:
            assert len(await tx.answers.current(interview.id)) == questions, "an answer is missing"


async def measure(officials: int, questions: int) -> dict[str, Cost]:
    """What each way cost: all take turns, one question of all officials at a time."""
    the_form = form(questions)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        async with AsyncExitStack() as stack:
            app, turn = await stack.enter_async_context(ours(folder, "turn", officials, the_form))
            sending, sent = await stack.enter_async_context(ours(folder, "sent", officials, the_form))
            await sending.sender.drain()
            ptb = Conversation(folder)
            await ptb.initialize()
            ways = {"turn": turn, "turn and sending": sent, ECHO: await echo(), PTB: ptb.handle}
            rows = Rows(folder / "turn.db", folder / "rows.db")
            stack.callback(rows.close)
            costs = {what: Cost() for what in (*ways, ROWS)}
            for question in track(range(questions), "turns", transient=True):
                updates = [
                    message(1_001 + question * officials + official, official, answer(question))
                    for official in range(officials)
                ]
                for what, handle in ways.items():
                    if what is PTB and question % EVERY != EVERY // 2:
                        for update in updates:
                            await ptb.take(update)
                        await ptb.flush()
                        continue
                    began, worked = time.perf_counter(), time.process_time()
                    for update in updates:
                        await handle(update)
                    costs[what].add(time.perf_counter() - began, time.process_time() - worked, officials)
                    if what == "turn and sending":
                        worked = time.process_time()
                        await sending.sender.drain()
                        worked = time.process_time() - worked
                        costs[what].add(worked, worked, 0)
                costs[ROWS].add(*rows.write(), officials)
            for one in (app, sending):
                await all_there(one.store, officials, questions)
    return costs


def lines(officials: int, questions: int) -> list[Line]:
    """The table: milliseconds a turn, and ratios."""
    costs = {what: cost.each for what, cost in asyncio.run(measure(officials, questions)).items()}
    costs["floors together"] = tuple(sum(parts) for parts in zip(costs[ECHO], costs[ROWS], strict=True))  # type: ignore[assignment]
    found: list[Line] = [
        ("", "wall, ms", "processor, ms", "of PTB, wall", "of PTB, processor", "of the floors, wall", "processor")
    ]
    for what, (wall, work) in costs.items():
        ptb, floors = costs[PTB], costs["floors together"]
        ratios = (wall / ptb[0], work / ptb[1], wall / floors[0], work / floors[1])
        found.append((what, f"{wall * 1000:.2f}", f"{work * 1000:.2f}", *(f"{ratio:.2f}" for ratio in ratios)))
    return found


def main() -> None:
    """Print the table."""
    arguments = argparse.ArgumentParser(description="What a durable turn costs.")
    arguments.add_argument("--officials", type=int, default=57)
    arguments.add_argument("--questions", type=int, default=200)
    given = arguments.parse_args()
    logging.disable(logging.CRITICAL)
    Console().print(shown(lines(given.officials, given.questions)))


if __name__ == "__main__":
    main()
