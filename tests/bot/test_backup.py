"""A backup is whole, made while others write, and never half there."""

from __future__ import annotations

import sqlite3
import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.attachments import Vault
from bot.backup import back_up
from db.database import Store
from db.problems import StoreProblem

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


def quiet(done: int, total: int) -> None: ...


async def make(tmp_path: Path) -> tuple[str, Store]:
    address = f"sqlite:///{tmp_path}/griot.db"
    store = await Store.open(address)
    await store.migrate()
    async with store.writing() as tx:
        await tx.entities.find_or_add("BFA", "Institut national de la statistique", NOW)
    return address, store


async def test_a_backup_of_a_live_database_opens_as_it_was(tmp_path: Path) -> None:
    address, store = await make(tmp_path)
    vault = Vault(tmp_path / "attachments")
    sha256 = vault.keep(b"a letter")
    out = tmp_path / "copies" / "monday.db"
    seen: list[tuple[int, int]] = []
    assert back_up(address, vault.folder, out, lambda done, total: seen.append((done, total))) == 1
    assert seen == [(1, 1)]
    async with store.writing() as tx:
        await tx.entities.find_or_add("BFA", "Later", NOW)
    await store.close()
    copy = await Store.open(f"sqlite:///{out}")
    await copy.migrate()
    async with copy.reading() as tx:
        assert [one.name for one in await tx.entities.of_country("BFA")] == ["Institut national de la statistique"]
    await copy.close()
    assert Vault(tmp_path / "copies" / "monday.attachments").path(sha256).read_bytes() == b"a letter"


async def test_a_backup_made_while_others_write_is_consistent(tmp_path: Path) -> None:
    address, store = await make(tmp_path)
    await store.close()
    stop = threading.Event()

    def write() -> None:
        connection = sqlite3.connect(tmp_path / "griot.db", isolation_level=None, timeout=10)
        number = 0
        while not stop.is_set():
            number += 1
            connection.execute("BEGIN IMMEDIATE")
            for channel in ("a", "b"):
                connection.execute("INSERT INTO inbox VALUES (?, ?, 'done', NULL, NULL, '')", (channel, number))
            connection.execute("COMMIT")
        connection.close()

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for name in ("1.db", "2.db", "3.db"):
            back_up(address, tmp_path / "attachments", tmp_path / name, quiet)
    finally:
        stop.set()
        writer.join()
    for name in ("1.db", "2.db", "3.db"):
        copy = sqlite3.connect(tmp_path / name)
        counts = copy.execute("SELECT count(*) FROM inbox GROUP BY channel").fetchall()
        assert len({count for (count,) in counts}) <= 1
        copy.close()


async def test_a_backup_that_fails_leaves_the_last_one(tmp_path: Path) -> None:
    out = tmp_path / "copy.db"
    out.write_text("the last backup")
    damaged = tmp_path / "griot.db"
    damaged.write_text("not a database " * 100)
    with pytest.raises(StoreProblem) as caught:
        back_up(f"sqlite:///{damaged}", tmp_path / "attachments", out, quiet)
    assert caught.value.key == "not_a_database"
    assert out.read_text() == "the last backup"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["copy.db", "griot.db"]


@pytest.mark.parametrize(
    ("address", "out", "key"),
    [
        ("sqlite:///none.db", "copy.db", "no_database"),
        ("sqlite:///griot.db", "griot.db", "same_file"),
        ("sqlite:///griot.db", "/proc/none/copy.db", "cannot_open"),
        ("postgresql://u@127.0.0.1/x", "copy.db", "backup_elsewhere"),
    ],
)
async def test_what_cannot_be_copied_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, address: str, out: str, key: str
) -> None:
    monkeypatch.chdir(tmp_path)
    _, store = await make(tmp_path)
    await store.close()
    with pytest.raises(StoreProblem) as caught:
        back_up(address, tmp_path / "attachments", Path(out), quiet)
    assert caught.value.key == key
