"""`griot broadcast` and `griot broadcasts`."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.arrivals import STAFF_CONSENT
from db.transaction import Transaction
from tests.bot.command_line import CommandLine, stored


@pytest.fixture
def griot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> CommandLine:
    """The command line where two experts take part, one of whom blocked the bot."""
    run = CommandLine(tmp_path, monkeypatch, capsys)
    Path("text.txt").write_text("Bonjour,\nla date a changé.", encoding="utf-8")
    Path("other.txt").write_bytes("été".encode("latin-1"))
    assert run("invite", "--role", "expert").code == 0

    async def people(tx: Transaction) -> None:
        now = datetime.now(UTC)
        for number in range(2):
            person = await tx.people.add("BFA", "expert", None, "fr", now)
            await tx.people.meet("telegram", str(number), "", "fr", now)
            await tx.people.bind("telegram", str(number), person.id)
            await tx.consents.record(person.id, STAFF_CONSENT, "fr", True, now, "telegram")
        await tx.people.mark("telegram", "1", "blocked", now)

    stored(people)
    return run


def waiting() -> dict[str, int]:
    async def read(tx: Transaction) -> dict[str, int]:
        return await tx.outbox.counts()

    return stored(read)


def test_a_message_is_shown_sent_and_followed(griot: CommandLine) -> None:
    ended = griot("broadcast", "--to", "experts", "--fr", "text.txt", "--dry-run")
    assert ended.code == 0
    assert "Message du Secrétariat du Processus de Rabat\nBonjour,\nla date a changé." in ended.out
    assert "One person will receive this message." in ended.out
    assert "Cannot be reached and will receive nothing: one person." in ended.out
    assert waiting() == {}
    assert griot("broadcast", "--to", "experts", "--fr", "text.txt").code == 0
    assert waiting() == {"waiting": 1}
    ended = griot("broadcasts")
    assert ended.code == 0
    assert "waiting: 1" in ended.out


def test_a_group_of_one_country_is_reached_by_its_country(griot: CommandLine) -> None:
    assert griot("broadcast", "--to", "country", "--country", "BFA", "--fr", "text.txt").code == 0
    assert waiting() == {"waiting": 1}
    assert "waiting: 1" in griot("broadcasts", "BFA").out


@pytest.mark.parametrize(
    ("arguments", "code", "line"),
    [
        (("--to", "nobody", "--fr", "text.txt"), 2, "Unknown group: nobody."),
        (("--to", "officials", "--fr", "text.txt"), 2, "add --country"),
        (("--to", "experts", "--country", "BFA", "--fr", "text.txt"), 2, "leave out --country"),
        (("--to", "experts"), 1, "no text"),
        (("--to", "experts", "--fr", "missing.txt"), 1, "cannot be read"),
        (("--to", "experts", "--fr", "other.txt"), 1, "cannot be read"),
        (("--to", "coordinators", "--fr", "text.txt"), 1, "nobody to write to"),
        (("--to", "entity", "--country", "BFA", "--entity", "None", "--fr", "text.txt"), 1, "Unknown entity"),
    ],
)
def test_what_cannot_be_sent_is_told_in_one_line(
    griot: CommandLine, arguments: tuple[str, ...], code: int, line: str
) -> None:
    ended = griot("broadcast", *arguments)
    assert ended.code == code
    assert line in ended.line
    assert waiting() == {}
