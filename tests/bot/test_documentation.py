"""What the documentation tells people to type exists."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

from bot.__main__ import build
from bot.reception import COMMANDS
from bot.steps import registry

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")), *sorted((ROOT / "docs" / "decisions").glob("*.md"))]
SPAN = re.compile(r"`([^`\n]+)`|^ {4}(?:\S*/)?(griot .*)$", re.MULTILINE)
LINK = re.compile(r"\]\((?!https?:)([^)#\s]+)")


def typed(page: Path) -> Iterator[str]:
    """What stands in code in a page."""
    for inline, line in SPAN.findall(page.read_text(encoding="utf-8")):
        yield (inline or line).removeprefix(".venv/bin/")


@cache
def whole() -> Any:
    """The whole command tree."""
    return get_command(build())


def exists(words: list[str]) -> bool:
    """Whether `griot words…` begins with a command, all ways of `a|b` included, with options that it has."""
    command = whole()
    while words and not words[0].startswith("-") and hasattr(command, "commands"):
        names = words.pop(0).replace("\\", "").split("|")
        if any(name not in command.commands for name in names):
            return False
        command = command.commands[names[0]]
    known = {name for one in command.params for name in (*one.opts, *one.secondary_opts)} | {"--help"}
    return all(word in known for word in words if re.fullmatch(r"--[a-z-]+", word))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_command_that_is_shown_exists(page: Path) -> None:
    wrong = []
    for shown in typed(page):
        words = shown.split("#")[0].replace("[", " ").replace("]", " ").split()
        if words[:1] == ["griot"] and len(words) > 1 and not exists(words[1:]):
            wrong.append(shown)
    assert wrong == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_command_of_the_conversation_that_is_shown_exists(page: Path) -> None:
    known = {*COMMANDS, *registry().commands, "start"}
    shown = {found[1] for one in typed(page) if (found := re.fullmatch(r"/([a-z]+)( [A-Za-z .]+)?", one))}
    assert shown <= known


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_page_that_is_linked_exists(page: Path) -> None:
    assert [link for link in LINK.findall(page.read_text(encoding="utf-8")) if not (page.parent / link).exists()] == []
