"""`griot person`, `griot retention` and `griot audit`, as the secretariat meets them."""

from __future__ import annotations

import asyncio
import csv
import json
import sqlite3
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.__main__ import main
from db.database import Store
from flows.i18n import text
from tests.bot.command_line import alone

NAME, CHAT = "Aïssata Zongo-Sample", "7001234567"
OLD = datetime.now(UTC) - timedelta(days=1000)


@pytest.fixture
def griot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):  # type: ignore[no-untyped-def]
    """The command line, in a folder with a store in it."""
    alone(tmp_path, monkeypatch)

    def run(*arguments: object) -> tuple[int, str]:
        monkeypatch.setattr(sys, "argv", ["griot", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            main()
        said = capsys.readouterr()
        assert "Traceback" not in said.err
        return int(ended.value.code or 0), said.out + said.err

    asyncio.run(_filled(OLD))
    return run


async def _filled(at: datetime) -> None:
    store = await Store.open("sqlite:///griot.db")
    await store.migrate()
    async with store.writing() as tx:
        person = await tx.people.add("BFA", "focal_point", None, "fr", at, NAME)
        await tx.people.meet("telegram", CHAT, CHAT, "fr", at)
        await tx.people.bind("telegram", CHAT, person.id)
        await tx.consents.record(person.id, "staff-1", "fr", True, at, "telegram")
        await tx.audit.record(at, "redeemed", "invitations", 1, actor_id=person.id, channel="telegram")
        await tx.invitations.create("BFA", "official", None, at + timedelta(days=30), at, label=f"M. {NAME}")
        await tx.inbox.failed("telegram", 5, json.dumps({"sender": {"address": CHAT}}), "ValueError", at)
    await store.close()


def test_people_are_listed_with_the_day_until_which_they_are_kept(griot) -> None:  # type: ignore[no-untyped-def]
    code, said = griot("person", "list", "BFA")
    assert code == 0
    assert NAME in said and text("rights.state_active", "en") in said and "kept until" in said
    assert griot("person", "list", "GHA") == (0, text("rights.nobody", "en") + "\n")
    assert griot("person", "list", "Atlantis")[0] == 1


def test_a_copy_is_written_for_who_asked_by_letter(griot, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    code, _ = griot("person", "export", 1, "--out", "copy")
    assert code == 0
    found = json.loads((tmp_path / "copy/person-1.json").read_text())
    assert found["parts"][0]["label"] == NAME and found["addresses"][0]["address"] == CHAT
    assert NAME in (tmp_path / "copy/person-1.txt").read_text(encoding="utf-8-sig")
    assert (tmp_path / "copy/person-1.json").stat().st_mode & 0o077 == 0
    assert griot("person", "export", 99) == (1, text("rights.person_unknown", "en") + "\n")


def test_nobody_is_deleted_without_a_yes_and_nothing_is_left_after_it(griot, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    code, said = griot("person", "delete", 1)
    assert code == 1 and "--yes" in said
    assert NAME in griot("person", "list", "BFA")[1]
    assert griot("person", "delete", 1, "--yes")[0] == 0
    for file in tmp_path.glob("griot.db*"):
        content = file.read_bytes()
        assert NAME.encode() not in content and CHAT.encode() not in content, file
    assert "deleted" in griot("person", "list", "BFA")[1]
    code, said = griot("person", "delete", 1, "--yes")
    assert (code, said) == (1, text("rights.erased_already", "en") + "\n")
    assert griot("ledger", "check")[0] == 0
    assert griot("audit", "check")[0] == 0


def test_what_was_kept_for_long_enough_is_shown_first_and_then_deleted(griot, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    code, said = griot("retention", "plan")
    assert code == 0
    assert "person 1" in said and "addressee of invitation 1" in said and "message not handled telegram:5" in said
    code, said = griot("retention", "run")
    assert code == 1 and "--yes" in said
    assert NAME.encode() in b"".join(file.read_bytes() for file in tmp_path.glob("griot.db*"))
    code, said = griot("retention", "run", "--yes")
    assert code == 0
    for file in tmp_path.glob("griot.db*"):
        assert NAME.encode() not in file.read_bytes() and CHAT.encode() not in file.read_bytes(), file
    assert griot("retention", "run", "--yes") == (0, text("rights.plan_nothing", "en") + "\n")


def test_nothing_is_deleted_before_its_time(griot, monkeypatch: pytest.MonkeyPatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setenv("GRIOT_RETENTION_MONTHS", "600")
    assert "person 1 " not in griot("retention", "plan", "BFA")[1].partition("Next:")[0]
    griot("retention", "run", "--yes")
    assert NAME in griot("person", "list", "BFA")[1]


def test_the_audit_log_is_written_and_any_change_to_it_is_found(griot, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    assert griot("person", "export", 1)[0] == 0
    code, _ = griot("audit", "export", "--out", "log.jsonl")
    assert code == 0
    lines = [json.loads(line) for line in (tmp_path / "log.jsonl").read_text().splitlines()]
    done = ["redeemed", "griot person export", "exported a person", "griot audit export"]
    assert [line["action"] for line in lines] == done, "the export is in it itself"
    assert griot("audit", "export", "--out", "log.csv", "--format", "csv")[0] == 0
    with (tmp_path / "log.csv").open(encoding="utf-8-sig", newline="") as file:
        assert [row["action"] for row in csv.DictReader(file)] == [*done, "griot audit export"]
    assert griot("audit", "check")[0] == 0
    with sqlite3.connect("griot.db") as base:
        base.execute("UPDATE audit SET action = 'looked' WHERE id = 1")
    base.close()
    code, said = griot("audit", "check")
    assert code == 1 and text("rights.audit_broken", "en", number=1) in said


def test_an_export_of_the_audit_log_is_checked_by_itself_and_against_the_log(griot, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    assert griot("audit", "export", "--out", "log.jsonl")[0] == 0
    kept = (tmp_path / "log.jsonl").read_bytes()
    elsewhere = griot("audit", "check", "log.jsonl")
    assert elsewhere[0] == 0 and "2 entries" in elsewhere[1]
    code, said = griot("audit", "check", "--with", "log.jsonl")
    assert code == 0 and text("rights.audit_contains", "en", path="log.jsonl") in said
    (tmp_path / "changed.jsonl").write_bytes(kept.replace(b"redeemed", b"revoked!"))
    assert griot("audit", "check", "changed.jsonl") == (1, text("rights.audit_file_broken", "en", number=1) + "\n")
    (tmp_path / "shorter.jsonl").write_bytes(kept.splitlines(keepends=True)[1])
    assert griot("audit", "check", "shorter.jsonl")[0] == 1
    with sqlite3.connect("griot.db") as base:
        base.execute("DELETE FROM audit WHERE id > 1")
    base.close()
    code, said = griot("audit", "check", "--with", "log.jsonl")
    assert code == 1 and text("rights.audit_not_as_kept", "en", number=2) in said


@pytest.mark.parametrize("content", [b"", b"nothing\n", b"{}\n", b"[1]\n", b'{"at": 1}\n', b"\xff\n", b"[" * 100_000])
def test_what_is_no_export_of_the_audit_log_is_said_in_one_line(griot, tmp_path: Path, content: bytes) -> None:  # type: ignore[no-untyped-def]
    (tmp_path / "log.jsonl").write_bytes(content)
    line = text("rights.audit_file_line", "en", line=1) if content else text("rights.audit_file_empty", "en")
    assert griot("audit", "check", "log.jsonl") == (1, line + "\n")
    assert griot("audit", "check", "--with", "log.jsonl") == (1, line + "\n")


def test_the_audit_log_is_shown_for_a_country_and_for_a_person(griot) -> None:  # type: ignore[no-untyped-def]
    assert griot("status", "GHA")[0] == 1
    assert griot("contributions", "BFA")[0] == 0
    code, said = griot("audit", "show", "BFA")
    assert code == 0
    assert [line.split("\t")[2:4] for line in said.splitlines()] == [
        ["person 1", "redeemed"],
        ["command line", "griot contributions"],
        ["command line", "griot audit show"],
    ]
    assert "griot status" in griot("audit", "show", "Ghana")[1]
    assert "redeemed" not in griot("audit", "show", "--last", 2)[1]
    assert "redeemed" in griot("audit", "show", "--person", 1)[1]
    assert griot("audit", "show", "--person", 99) == (0, text("rights.audit_none", "en") + "\n")
    with sqlite3.connect("griot.db") as base:
        base.execute("UPDATE audit SET details = '[' WHERE id = 1")
    base.close()
    assert griot("audit", "show", "BFA")[0] == 0
