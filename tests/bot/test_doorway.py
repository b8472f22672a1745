"""The command line's door: whatever a command reads or changes, it has the right to, and the audit log says so."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer

import bot
import flows
from bot.__main__ import build
from bot.commands.doorway import CHANNEL, ERRANDS, OVERVIEW
from db.audit import Entry, breaks
from db.sqlite import private
from db.transaction import Transaction
from flows.country.access import TABLE
from flows.i18n import text
from tests.bot.command_line import CommandLine, stored
from tests.bot.test_guides import form

FOLDERS = [Path(str(package.__file__)).parent for package in (bot, flows)]
ASKING = {"allow", "may", "denied", "placed", "place_of", "Command"}
"""What asks the table of rights for the action that it is given."""
NOTHING_STORED = {
    *("bot", "chat", "doctor", "verify", "key new", "key public"),
    *("form check", "form play", "form import", "form export", "form paper", "follow-ups policy check"),
    "template check",
}
"""Commands that work with no country's data: the bot's own turns have their own door."""

ARGUMENTS: dict[str, tuple[str, ...]] = {
    "open": ("open", "BFA"),
    "invite": ("invite", "--country", "BFA", "--role", "expert"),
    OVERVIEW: ("status",),
    "status": ("status", "BFA"),
    "dates set": ("dates", "set", "BFA", "QUEST", "2037-01-10", "2037-03-31"),
    "dates drop": ("dates", "drop", "BFA", "QUEST"),
    "milestone show": ("milestone", "show"),
    "milestone set": ("milestone", "set", "SOM", "2037-06-15"),
    "milestone drop": ("milestone", "drop", "SOM"),
    "desk import": ("desk", "import", "BFA", "findings.csv"),
    "paper read": ("paper", "read", "BFA", "findings.csv"),
    "paper import": ("paper", "import", "BFA", "findings.csv"),
    "draft send": ("draft", "send", "BFA", "findings.csv"),
    "draft propose": ("draft", "propose", "BFA", "1"),
    "draft waive": ("draft", "waive", "BFA", "mapping", "--reason", "X"),
    "draft require": ("draft", "require", "BFA", "mapping"),
    "receipt": ("receipt", "BFA", "1"),
    "broadcast": ("broadcast", "--to", "officials", "--country", "BFA", "--fr", "findings.csv"),
    "follow-ups policy show": ("follow-ups", "policy", "show"),
    "follow-ups policy set": ("follow-ups", "policy", "set", "policy.toml"),
    "objectives list": ("objectives", "list"),
    "objectives import": ("objectives", "import", "activities.csv", "--yes"),
    "objectives export": ("objectives", "export", "--out", "objectives.toml"),
    "objectives report": ("objectives", "report", "--format", "html"),
    "brief": ("brief", "--format", "pdf", "--language", "fr"),
    "deliver": ("deliver", "BFA", "imap=site"),
    "i-map": ("i-map", "--out", "site"),
    "form publish": ("form", "publish"),
    "form versions": ("form", "versions"),
    "person export": ("person", "export", "1"),
    "person delete": ("person", "delete", "1"),
    "retention run": ("retention", "run", "BFA", "--yes"),
    "audit export": ("audit", "export", "--out", "log.jsonl"),
    "audit check": ("audit", "check"),
    "backup": ("backup", "copy.db"),
}


ASKED: list[bytes] = []
"""A store where a country was asked whether it takes part: made once."""


@pytest.fixture
def griot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> CommandLine:
    """The command line where a country was asked whether it takes part."""
    run = CommandLine(tmp_path, monkeypatch, capsys)
    monkeypatch.setattr("bot.app.guide_forms", lambda: [form()])
    if not ASKED:
        assert run("open", "BFA").code == 0
        ASKED.append(Path("griot.db").read_bytes())
    private(Path("griot.db"))
    Path("griot.db").write_bytes(ASKED[0])
    Path("findings.csv").write_text("text,citation,read_on\nA fact,A source,2026-01-10\n", encoding="utf-8")
    rows = "kind,title_fr,year,objectives,link_fr\nmeeting,Une réunion,2023,7,https://rabat-process.org/fr/a\n"
    Path("activities.csv").write_text(rows, encoding="utf-8")
    Path("policy.toml").write_text("[kinds.questionnaire]\nfirst = 7\n", encoding="utf-8")
    return run


def log() -> list[Entry]:
    async def read(tx: Transaction) -> list[Entry]:
        return await tx.audit.entries()

    return stored(read)


def parsed() -> Iterator[ast.AST]:
    """What is in the modules in which something may be asked for."""
    hint = re.compile(rf"\baction: |\b({'|'.join(ASKING)})\(")
    for folder in FOLDERS:
        for path in folder.rglob("*.py"):
            written = path.read_text(encoding="utf-8")
            if hint.search(written):
                yield from ast.walk(ast.parse(written))


def asked() -> Iterator[str]:
    """Every action that a step takes, or that is asked for by name."""
    for node in parsed():
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.target.id == "action":
            if isinstance(node.value, ast.Constant):
                yield str(node.value.value)
        elif isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if name in ASKING:
                yield from (
                    one.value for one in node.args if isinstance(one, ast.Constant) and isinstance(one.value, str)
                )


def test_every_action_of_the_table_is_asked_for_somewhere() -> None:
    assert set(TABLE) <= {*asked(), *ERRANDS.values()}


def commands(app: typer.Typer, above: str = "") -> Iterator[str]:
    for command in app.registered_commands:
        yield f"{above}{command.name}"
    for group in app.registered_groups:
        assert group.typer_instance is not None
        yield from commands(group.typer_instance, f"{above}{group.name or group.typer_instance.info.name} ")


def test_every_command_has_a_right_that_it_takes_or_works_with_nothing_stored() -> None:
    assert set(commands(build())) == {*ERRANDS, *NOTHING_STORED} - {OVERVIEW}


def test_no_command_opens_the_store_beside_the_door() -> None:
    for path in (FOLDERS[0] / "commands").glob("*.py"):
        if path.name in ("doorway.py", "failing.py"):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom):
                assert not {one.name for one in node.names} & {"existing", "made"}, path.name
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                assert (node.value.id, node.attr) != ("Store", "open"), path.name


@pytest.mark.parametrize("errand", ERRANDS)
def test_what_a_command_is_about_to_do_is_in_the_audit_log(griot: CommandLine, errand: str) -> None:
    before = len(log())
    ended = griot(*ARGUMENTS.get(errand, (*errand.split(), "BFA")))
    assert ended.code in (0, 1), ended
    entries = log()
    noted = entries[before]
    assert (noted.action, noted.channel, noted.actor_id) == (f"griot {errand}", CHANNEL, None)
    country = "BFA" if "BFA" in ARGUMENTS.get(errand, ("BFA",)) else None
    assert json.loads(noted.details).get("country") == country
    assert breaks(entries) == []


@pytest.mark.parametrize("errand", ERRANDS)
def test_without_the_right_a_command_says_so_and_does_nothing(
    griot: CommandLine, monkeypatch: pytest.MonkeyPatch, errand: str
) -> None:
    before, files = log(), sorted(Path().iterdir())
    monkeypatch.setitem(TABLE, ERRANDS[errand], {"coordinator": "country"})
    ended = griot(*ARGUMENTS.get(errand, (*errand.split(), "BFA")))
    said = text("access.role", "en", roles=text("access.role_coordinator", "en"))
    assert (ended.code, ended.line) == (1, said)
    assert log() == before
    assert sorted(Path().iterdir()) == files
