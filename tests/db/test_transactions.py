"""What a transaction promises."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from db.database import Store
from db.outbox import Message
from db.problems import StoreProblem


async def test_an_exception_leaves_nothing_behind(store: Store, now: datetime) -> None:
    with pytest.raises(LookupError):
        async with store.writing() as tx:
            await tx.inbox.claim("telegram", 7, now)
            await tx.outbox.put([Message("telegram", "1", "{}")], now)
            raise LookupError
    async with store.reading() as tx:
        assert await tx.inbox.last_update_id("telegram") is None
        assert await tx.outbox.due(now) == []


async def test_what_is_committed_is_there_after_opening_again(address: str, now: datetime) -> None:
    first = await Store.open(address)
    await first.migrate()
    async with first.writing() as tx:
        await tx.inbox.claim("telegram", 7, now)
    await first.close()
    second = await Store.open(address)
    await second.migrate()
    async with second.reading() as tx:
        assert await tx.inbox.last_update_id("telegram") == 7
    await second.close()


async def test_a_reader_sees_nothing_half_done(store: Store, now: datetime) -> None:
    async with store.writing() as tx:
        await tx.entities.find_or_add("BFA", "Institut national de la statistique", now)
        async with store.reading() as other:
            assert await other.entities.of_country("BFA") == []
    async with store.reading() as other:
        assert len(await other.entities.of_country("BFA")) == 1


async def test_writers_at_the_same_time_wait_for_each_other(store: Store, now: datetime) -> None:
    async def claim(number: int) -> None:
        async with store.writing() as tx:
            await tx.turn_of("telegram", "1")
            last = await tx.inbox.last_update_id("telegram") or 0
            await asyncio.sleep(0)
            await tx.inbox.claim("telegram", last + 1, now)

    await asyncio.gather(*(claim(number) for number in range(20)))
    async with store.reading() as tx:
        assert await tx.inbox.last_update_id("telegram") == 20


async def test_a_cancelled_transaction_lets_the_next_one_in(store: Store, now: datetime) -> None:
    inside = asyncio.Event()

    async def stuck() -> None:
        async with store.writing() as tx:
            await tx.inbox.claim("telegram", 1, now)
            inside.set()
            await asyncio.Event().wait()

    task = asyncio.create_task(stuck())
    await inside.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    async with store.writing() as tx:
        assert await tx.inbox.claim("telegram", 1, now)


async def test_a_writer_waits_for_another_process_and_gives_up_with_a_sentence(tmp_path: Path, now: datetime) -> None:
    path = tmp_path / "griot.db"
    store = await Store.open(f"sqlite:///{path}")
    await store.migrate()
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")

    async def claim() -> bool:
        async with store.writing() as tx:
            return await tx.inbox.claim("telegram", 1, now)

    waiting = asyncio.create_task(claim())
    await asyncio.sleep(0)
    assert not waiting.done()
    other.execute("COMMIT")
    assert await waiting
    other.close()
    await store.close()


async def test_a_slow_disk_is_waited_for_in_a_thread(tmp_path: Path, now: datetime) -> None:
    from db.sqlite import SQLite

    database = SQLite(tmp_path / "griot.db")
    database._flush_time = 1.0
    async with database.writing() as connection:
        await connection.run("CREATE TABLE t (a)", ())
    async with database.writing() as connection:
        await connection.run("INSERT INTO t VALUES (1)", ())
    async with database.reading() as connection:
        assert await connection.rows("SELECT a FROM t", ()) == [(1,)]
    await database.close()


async def test_everybody_who_watches_is_told_of_messages_after_the_commit(store: Store, now: datetime) -> None:
    watching = asyncio.Event()
    store.watch(watching.set)
    async with store.writing() as tx:
        await tx.inbox.claim("telegram", 1, now)
    assert not watching.is_set()
    async with store.writing() as tx:
        await tx.outbox.put([Message("telegram", "1", "{}")], now)
        assert not watching.is_set()
    assert watching.is_set()


async def test_text_that_no_database_holds_is_kept_without_the_impossible_part(store: Store, now: datetime) -> None:
    async with store.writing() as tx:
        person = await tx.people.add("BFA", "official", None, "fr", now, label="a\0b\ud83dc é 𝄞")
    async with store.reading() as tx:
        found = await tx.people.get(person.id)
    assert found is not None
    assert found.label == "a\ufffdb\ufffdc é 𝄞"


async def test_moments_come_back_in_utc_to_the_microsecond(store: Store, now: datetime) -> None:
    from datetime import timezone

    elsewhere = now.astimezone(timezone(timedelta(hours=5, minutes=30)))
    async with store.writing() as tx:
        person = await tx.people.add("BFA", "official", None, "fr", elsewhere)
        found = await tx.people.get(person.id)
        with pytest.raises(ValueError, match="time zone"):
            await tx.people.add("BFA", "official", None, "fr", now.replace(tzinfo=None))
    assert found is not None
    assert found.created_at == now
    assert found.created_at.utcoffset() == timedelta()


@pytest.mark.parametrize(
    ("address", "key"),
    [
        ("mysql://x/y", "bad_address"),
        ("griot.db", "bad_address"),
        ("sqlite://", "no_file"),
        ("sqlite:///:memory:", "no_file"),
        ("sqlite:////proc/none/griot.db", "cannot_open"),
        ("postgresql://nobody:secret@127.0.0.1:9/none", "unreachable"),
    ],
)
async def test_an_unusable_address_is_one_sentence_without_the_password(address: str, key: str) -> None:
    with pytest.raises(StoreProblem) as caught:
        store = await Store.open(address)
        await store.migrate()
    assert caught.value.key == key
    for language in ("en", "fr"):
        said = caught.value.message(language)
        assert said.endswith(".")
        assert "\n" not in said
        assert "secret" not in said


@pytest.mark.slow
async def test_one_process_at_a_time_does_a_piece_of_work(postgresql: str) -> None:
    store, other = await Store.open(postgresql), await Store.open(postgresql)
    began = asyncio.Event()

    async def second() -> None:
        async with other.alone("outbox"):
            began.set()

    async with store.alone("outbox"), store.alone("attachments"):
        task = asyncio.create_task(second())
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(began.wait(), 0.3)
    await task
    await other.close()
    await store.close()


@pytest.mark.slow
async def test_who_loses_the_connection_stops_the_work_that_only_one_may_do(postgresql: str) -> None:
    import asyncpg

    store = await Store.open(postgresql)

    async def work() -> None:
        async with store.alone("outbox"):
            began.set()
            await asyncio.Event().wait()

    began = asyncio.Event()
    task = asyncio.create_task(work())
    await began.wait()
    admin = await asyncpg.connect(postgresql)
    await admin.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()")
    await admin.close()
    with pytest.raises(StoreProblem) as caught:
        await asyncio.wait_for(task, 10)
    assert caught.value.key == "unreachable"
    async with store.reading() as tx:  # the store itself goes on
        assert await tx.connection.rows("SELECT 1", ()) == [(1,)]
    await store.close()


@pytest.mark.slow
async def test_a_connection_that_breaks_in_the_middle_is_one_sentence(postgresql: str) -> None:
    store = await Store.open(postgresql)
    with pytest.raises(StoreProblem) as caught:
        async with store.writing() as tx:
            await tx.connection.rows("SELECT pg_terminate_backend(pg_backend_pid())", ())
            await tx.connection.rows("SELECT 1", ())
    assert caught.value.key == "unreachable"
    await store.close()


async def test_a_long_read_does_not_hold_up_a_turn(store: Store, now: datetime) -> None:
    slow = {
        "sqlite": "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 3000000) SELECT sum(i) FROM n",
        "postgresql": "SELECT 1 FROM (SELECT pg_sleep(1)) s",
    }
    async with store.reading() as tx:
        long = asyncio.create_task(tx.connection.rows(slow[tx.connection.dialect.name], ()))
        for number in range(20):
            async with store.writing() as other:
                assert await other.inbox.claim("telegram", number, now)
        assert not long.done()
        assert len(await long) == 1


async def test_a_read_stays_at_the_moment_when_it_began(store: Store, now: datetime) -> None:
    async with store.reading() as tx:
        async with store.writing() as other:
            await other.entities.find_or_add("BFA", "Institut national de la statistique", now)
        assert await tx.entities.of_country("BFA") == []
        async with store.looking() as other:
            assert len(await other.entities.of_country("BFA")) == 1
        assert await tx.entities.of_country("BFA") == []


async def test_a_read_that_is_cancelled_ends_and_leaves_nothing_behind(store: Store, now: datetime) -> None:
    endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT sum(i) FROM n"
    begun = asyncio.Event()

    async def read() -> None:
        async with store.reading() as tx:
            begun.set()
            await tx.connection.rows(endless, ())

    threads = threading.active_count()
    task = asyncio.create_task(read())
    await begun.wait()
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asyncio.wait_for(task, 10)
    async with asyncio.timeout(10):
        while threading.active_count() > threads:
            await asyncio.sleep(0.01)
    async with store.writing() as tx:
        assert await tx.inbox.claim("telegram", 1, now)


async def test_a_view_cannot_write(store: Store, now: datetime) -> None:
    for view in (store.reading, store.looking):
        with pytest.raises(Exception, match=r"read-only|cannot be written"):
            async with view() as tx:
                await tx.inbox.claim("telegram", 1, now)
    async with store.reading() as tx:
        assert await tx.inbox.last_update_id("telegram") is None


async def test_one_process_serves_a_file_and_the_next_one_takes_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = f"sqlite:///{tmp_path}/griot.db"
    first, second = await Store.open(address), await Store.open(address)
    async with first.serving():
        with monkeypatch.context() as patch:
            patch.setattr("db.sqlite._HANDOVER", 0.0)
            with pytest.raises(StoreProblem) as caught:
                async with second.serving():
                    raise AssertionError
        assert caught.value.key == "already_served"
        waiting = asyncio.create_task(_serve(second))
        await asyncio.sleep(0)
        assert not waiting.done()
    await waiting
    await first.close()
    await second.close()


async def _serve(store: Store) -> None:
    async with store.serving():
        pass


async def test_the_database_is_for_its_own_account_alone(tmp_path: Path, now: datetime) -> None:
    store = await Store.open(f"sqlite:///{tmp_path}/griot.db")
    await store.migrate()
    async with store.serving(), store.writing() as tx:
        await tx.inbox.claim("telegram", 1, now)
    files = list(tmp_path.iterdir())
    assert {path.name for path in files} >= {"griot.db", "griot.db-wal"}
    assert {path.stat().st_mode & 0o777 for path in files} == {0o600}
    await store.close()
