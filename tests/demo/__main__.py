"""A whole small exercise for two countries, from the expression of interest to a verified publication and the round of
the year after, through the real Telegram channel against the stand-in.

`make demo` leaves everybody's transcript, receipts, packages and both guides in `out/`.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import re
import shutil
import signal
import sys
import tomllib
from collections.abc import Coroutine, Iterable, Mapping
from contextlib import AsyncExitStack
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from bot.signing import new_seed
from tests.demo.player import Player
from tests.demo.scenario import Exercise, exercises, reading
from tests.demo.story import Failed, Story
from tests.telegram.people import Person, shown, spoken
from tests.telegram.standin import StandIn

ROOT = Path(__file__).parents[2]
QUESTIONNAIRE = ROOT / "flows" / "questionnaires" / "guide.toml"
COLUMNS = {"fr": "Français (fr)", "en": "English (en)"}
COLOURS = ("cyan", "green", "magenta", "yellow", "blue")
RESTART_AFTER = 0.4  # share of the answers


class Bot:
    """The real process, as `griot bot` starts it."""

    def __init__(self, environment: Mapping[str, str], log: Path) -> None:
        self._environment = environment
        self._log = log
        self._process: asyncio.subprocess.Process | None = None

    async def __aenter__(self) -> Bot:
        return self

    async def __aexit__(self, *_: object) -> None:
        """Leave no process behind, however the play ended."""
        if self._process is not None:
            await self.end(signal.SIGKILL)

    async def start(self) -> None:
        with self._log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "bot", "bot", env=dict(self._environment), cwd=ROOT, stdout=log, stderr=log
            )

    async def end(self, how: signal.Signals) -> int:
        assert self._process is not None
        if self._process.returncode is None:
            self._process.send_signal(how)
        return await self._process.wait()


async def griot(environment: Mapping[str, str], *arguments: str) -> str:
    """What a `griot` command prints. Raises `Failed` with its complaint."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bot",
        *arguments,
        env=dict(environment),
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    said, complaint = await process.communicate()
    if process.returncode:
        raise Failed(f"griot {' '.join(arguments)}: {said.decode()}{complaint.decode()}")
    return said.decode()


def told(entry: Mapping[str, Any], name: str, style: str = "plain") -> str:
    """One paragraph of the conversation; an answered question that loses its buttons says nothing new."""
    tidied = entry["kind"] == "edit" and not shown(entry["message"]).buttons
    return "" if tidied else spoken(dict(entry), name, style)


async def transcript(person: Person) -> str:
    """The whole conversation in Markdown."""
    lines = [line for entry in await person.history() if (line := told(entry, person.name, "markdown"))]
    return "\n\n".join(lines) + "\n"


async def follow(console: Console, person: Person, colour: str) -> None:
    """Print the conversation as it goes."""
    since = 0
    while True:
        for entry in await person.history(since):
            since = entry["version"]
            if line := told(entry, person.name):
                console.print(f"[{colour}]│[/] ", end="")
                console.print(line.replace("\n", "\n  "), markup=False, highlight=False)
        await asyncio.sleep(0.5)


async def play(out: Path, quiet: bool, only: str = "") -> None:
    console = Console(soft_wrap=True)
    source = tomllib.loads(QUESTIONNAIRE.read_text("utf-8"))
    planned = [one for one in exercises() if not only or one.country == only]
    async with StandIn() as telegram, AsyncExitStack() as stack:
        environment = {
            **os.environ,
            "GRIOT_SIGNING_KEY": new_seed(),
            "GRIOT_TELEGRAM_TOKEN": telegram.token,
            "GRIOT_TELEGRAM_API_URL": telegram.url,
            "GRIOT_DATABASE_URL": f"sqlite:///{out / 'griot.db'}",
            "GRIOT_CONTACT": "info@processusderabat.net",
            "GRIOT_WEBHOOK_URL": "",
        }
        bot = await stack.enter_async_context(Bot(environment, out / "bot.log"))
        players: list[tuple[Exercise, Player, str]] = []
        console.rule("Interest, coordinators, entities, invitations")
        await bot.start()

        async def command(*arguments: str) -> str:
            return await griot(environment, *arguments)

        async def somebody(name: str, language: str) -> Person:
            return await telegram.person(name, language=language)

        stories = [Story(exercise, command, somebody, out) for exercise in planned]
        await together(story.begin() for story in stories)
        for story in stories:
            known = reading(source, COLUMNS[story.language])
            for part in story.exercise.people:
                coordinates = part.role == "coordinator"
                person = story.coordinator if coordinates else await story.somebody(part.name, story.language)
                player = Player(part, person, known, story.language)
                player.entrust = story.entrust
                players.append((story.exercise, player, story.codes[part.name]))
                if not coordinates:
                    story.players.append(player)
                console.print(f"{story.country}  {part.name}: {part.entity} ({part.role})", highlight=False)
        console.rule("Conversations")
        await converse(console, bot, players, quiet)
        console.rule("Cleared, accepted, compiled, reviewed, endorsed, published, a year later")
        await together(to_the_end(console, story) for story in stories)
        console.rule("Transcripts and guides")
        (out / "transcripts").mkdir()
        for story in stories:
            for name, person in story.people.items():
                file = re.sub(r"\W+", "-", f"{story.country} {name}").strip("-").lower()
                path = out / "transcripts" / f"{file}.md"
                path.write_text(await transcript(person), "utf-8")
                console.print(f"{path.relative_to(ROOT) if path.is_relative_to(ROOT) else path}", highlight=False)
        status = await bot.end(signal.SIGTERM)
        if status or telegram.violations:
            raise SystemExit(f"the bot ended with {status}; not by the schema: {telegram.violations[:3]}")
    for exercise in planned:
        options = ["--language", exercise.language, "--format", "docx,pdf,html", "--note", exercise.note]
        options += ["--out", str(out / exercise.country)]
        console.print((await griot(environment, "compile", exercise.country, *options)).strip(), highlight=False)
        exported = out / exercise.country / "answers.json"
        await griot(environment, "export", exercise.country, "--format", "json", "--out", str(exported))
        if differing := unlike_what_was_said(exercise, json.loads(exported.read_text("utf-8"))["answers"]):
            raise SystemExit("\n  ".join(["Stored otherwise than it was said:", *differing]))


async def to_the_end(console: Console, story: Story) -> None:
    """What follows the conversations in a country, to the round of the next year."""
    await story.clear()
    await story.accept()
    await story.differences()
    await story.desk_research(story.expert)
    await story.workshop(_next_tuesday())
    await story.guide()
    console.print((await story.verified()).strip(), highlight=False, markup=False)
    await story.yearly_round()


async def together(stories: Iterable[Coroutine[Any, Any, None]]) -> None:
    """Every country at once; the first that fails ends all."""
    async with asyncio.TaskGroup() as group:
        for story in stories:
            group.create_task(story)


def _next_tuesday() -> date:
    """A working day some weeks ahead, in every country."""
    today = datetime.now(UTC).date()
    return today + timedelta(days=28 + (1 - today.weekday()) % 7)


def unlike_what_was_said(exercise: Exercise, answers: list[dict[str, Any]]) -> list[str]:
    """The stored answers of an exercise, by path, that are not what its people said there."""
    found = []
    for part in exercise.people:
        for answer in answers:
            if answer["entity"] != part.entity or answer["status"] != "answered" or answer["question"] in part.edit:
                continue
            row = re.search(r"/(\w+)\[(\d+)\]/", answer["path"])
            rows = part.answers.get(row[1], []) if row else [part.answers]
            said = rows[int(row[2]) - 1 if row else 0].get(answer["question"])
            wanted = " ".join(sorted(said)) if isinstance(said, list) else said
            stored = " ".join(sorted(answer["value"].split())) if isinstance(said, list) else answer["value"]
            if wanted != stored and not re.fullmatch(r"\d{4}-\d\d-\d\d", stored):
                found.append(f"{part.name} {answer['path']}: {stored!r}")
    return found


async def converse(console: Console, bot: Bot, players: list[tuple[Exercise, Player, str]], quiet: bool) -> None:
    """Everybody answers at once; in the middle the process is killed and started again."""
    expected = sum(_answers(player.part.answers) for _, player, _ in players)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task("Answers", total=expected)
        restart = asyncio.Event()
        given = 0

        def count() -> None:
            nonlocal given
            given += 1
            progress.update(task, completed=given, total=max(expected, given))
            if given >= expected * RESTART_AFTER and all(
                p.resting.is_set() for _, p, _ in players if p.part.pause_before
            ):
                restart.set()

        followers = []
        for number, (_, player, _) in enumerate(players):
            player.on_answer = count
            if not quiet:
                colour = COLOURS[number % len(COLOURS)]
                followers.append(asyncio.create_task(follow(console, player.person, colour)))

        async def restarted() -> None:
            await restart.wait()
            console.rule("The process is killed in the middle (SIGKILL), and started again")
            await bot.end(signal.SIGKILL)
            await bot.start()
            for _, player, _ in players:
                player.resume.set()

        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(restarted())
                for _, player, code in players:
                    group.create_task(player.play(code))
        finally:
            await asyncio.sleep(1)
            for follower in followers:
                follower.cancel()
    console.print(f"{given} answers, one restart, {len(players)} people", highlight=False)


def _answers(answers: Mapping[str, object]) -> int:
    rows = [row for value in answers.values() if isinstance(value, list) for row in value if isinstance(row, dict)]
    return sum(len(row) for row in rows) + sum(1 for value in answers.values() if not _is_rows(value))


def _is_rows(value: object) -> bool:
    return isinstance(value, list) and bool(value) and isinstance(value[0], dict)


def main() -> None:
    parser = argparse.ArgumentParser(prog="make demo", description=__doc__)
    parser.add_argument("--out", type=Path, default=ROOT / "out")
    parser.add_argument("--quiet", action="store_true", help="progress only, without the conversations")
    parser.add_argument("--only", default="", help="one country, by its alpha-3 code")
    options = parser.parse_args()
    out: Path = options.out.resolve()
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    asyncio.run(play(out, options.quiet, options.only))


if __name__ == "__main__":
    main()
