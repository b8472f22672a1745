"""Every text of the catalogues is said by some code: none is translated, proofread and kept for nobody.

A key is found where code names it whole (`turns.failed`), where an f-string can make it (`turns.role_{role}`), or, in
domains whose keys are put together (`f"guide.{key}"`), where its own part is named or can be made.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from bot.settings import Settings

ROOT = Path(__file__).parents[2]
DOMAINS = sorted(path.stem for path in (ROOT / "flows/locales/en").glob("*.po"))
_PART = "[A-Za-z0-9_.]+"
ONLY_BOT = frozenset({"turns"})  # domains of which no other package names a key: its words mean something else there
PUT_TOGETHER = {
    "doctor": frozenset(Settings.model_fields),
    "guide": frozenset({"policy", "profile", "group", "group_wanted", "share"}),  # `Desk.told` and the choice
    "versions": frozenset({"added", "removed", "changed"}),  # what happened, and to what
}
"""What keys begin with, or are, that no single expression makes."""


@cache
def _read() -> dict[str, tuple[frozenset[str], tuple[str, ...]]]:
    """By package: the constants in its code, and its f-strings as patterns."""
    found: dict[str, tuple[frozenset[str], tuple[str, ...]]] = {}
    for package in ("bot", "db", "flows", "docs"):
        constants: set[str] = set()
        patterns: set[str] = set()
        for path in (ROOT / package).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Constant) and isinstance(node.value, str):
                    constants.add(node.value)
                elif isinstance(node, ast.JoinedStr):
                    patterns.add("".join(_pieces(node)))
        found[package] = frozenset(constants), tuple(one for one in patterns if re.search("[a-z]{2}", _fixed(one)))
    return found


def _pieces(node: ast.JoinedStr) -> Iterator[str]:
    for part in node.values:
        yield re.escape(part.value) if isinstance(part, ast.Constant) and isinstance(part.value, str) else _PART


def _fixed(pattern: str) -> str:
    return pattern.replace(_PART, "")


def _made(key: str, patterns: tuple[str, ...]) -> bool:
    return any(re.fullmatch(pattern, key) for pattern in patterns)


def _unused(domain: str) -> list[str]:
    read = _read()
    constants = frozenset().union(*(names for names, _ in read.values()))
    patterns = tuple(one for _, made in read.values() for one in made)
    dotted = tuple(one for one in patterns if one.startswith(re.escape(f"{domain}.")))
    whole = re.escape(f"{domain}.") + _PART
    where = [package for package, (_, made) in read.items() if any(one.startswith(whole) for one in made)]
    near = ["bot"] if domain in ONLY_BOT else list(read)
    own = frozenset().union(*(read[package][0] for package in near)) if where else frozenset[str]()
    short = tuple(one for package in near for one in read[package][1] if where and "\\." not in one)
    known = PUT_TOGETHER.get(domain, frozenset())
    narrow = tuple(one for one in dotted if one != whole)
    found = []
    with (ROOT / f"flows/locales/en/{domain}.po").open("rb") as file:
        keys = [one.id if isinstance(one.id, str) else one.id[0] for one in read_po(file) if one.id]
    for key in keys:
        named = f"{domain}.{key}" in constants or _made(f"{domain}.{key}", narrow)
        begun = any(key == one or key.startswith(f"{one}_") for one in known)
        if not (named or begun or key in own or _made(key, short)):
            found.append(f"{domain}.{key}")
    return found


@pytest.mark.parametrize("domain", DOMAINS)
def test_every_text_is_said_by_some_code(domain: str) -> None:
    assert _unused(domain) == []
