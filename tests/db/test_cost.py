"""What a turn runs costs the same with a thousand answers stored as with a million: nothing reads a whole table."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from db import answers, attachments, consents, digests, forms, inbox, interviews, invitations, outbox, people
from db.database import Store
from db.sqlite import SQLiteConnection
from db.statements import Statement

HOT = {
    "claim": inbox._CLAIM,
    "last update": inbox._LAST,
    "failures": inbox._FAILED,
    "who writes": people._AT,
    "mark": people._MARK,
    "addresses of": people._ADDRESSES_OF,
    "interview": interviews._GET,
    "save": interviews._SAVE,
    "interviews of": interviews._OF_PERSON,
    "append": answers._APPEND,
    "history": answers._HISTORY,
    "all of an interview": answers._ALL,
    "current": answers._CURRENT,
    "last said": answers._LAST_BY,
    "unopened": invitations._UNOPENED,
    "unreached": people._UNREACHED,
    "redeem": invitations._REDEEM,
    "consent": consents._LATEST,
    "put": outbox._PUT,
    "due": outbox._DUE,
    "all due": outbox._DUE_IDS,
    "next due": outbox._NEXT_DUE,
    "sent": outbox._SENT,
    "message id": outbox._MESSAGE_ID,
    "hold": outbox._HOLD,
    "release": outbox._RELEASE,
    "drop": outbox._DROP,
    "counts of a broadcast": outbox._COUNTS_OF,
    "addresses of a broadcast": outbox._ADDRESSES_OF,
    "stop a broadcast": outbox._DROP_BATCH,
    "still due": outbox._STILL,
    "overdue": outbox._OVERDUE,
    "digests due": digests._DUE,
    "to fetch": attachments._WAITING,
    "attachments of": attachments._OF_INTERVIEW,
    "last form published": forms._LAST,
    "a version of a form": forms._GET,
    "newest version": forms._NEWEST,
}


@pytest.mark.parametrize("name", HOT)
async def test_no_statement_of_a_turn_reads_a_whole_table(name: str, tmp_path: Path) -> None:
    store = await Store.open(f"sqlite:///{tmp_path}/griot.db")
    await store.migrate()
    statement: Statement = HOT[name]
    compiled = statement.compiled(SQLiteConnection.dialect)
    async with store.reading() as tx:
        values = tuple(None for _ in compiled.names)
        plan = [row[3] for row in await tx.connection.rows("EXPLAIN QUERY PLAN " + compiled.sql, values)]
    await store.close()
    few = "outbox_due|outbox_waiting|inbox_failed|attachments_waiting|addresses_unreached"
    of_waiting_rows_only = rf"USING (COVERING )?INDEX ix_({few})"
    of_what_was_found = r"SCAN (anon_1|\(subquery|CONSTANT)"
    for step in plan:
        assert not step.startswith("SCAN") or re.search(f"{of_waiting_rows_only}|{of_what_was_found}", step), plan


@pytest.mark.parametrize("statement", [interviews._OVERVIEW, interviews._OVERVIEW_OF_COUNTRY], ids=["all", "country"])
async def test_how_far_everybody_is_takes_no_look_at_the_states(statement: Statement, tmp_path: Path) -> None:
    store = await Store.open(f"sqlite:///{tmp_path}/griot.db")
    await store.migrate()
    compiled = statement.compiled(SQLiteConnection.dialect)
    async with store.reading() as tx:
        values = tuple(None for _ in compiled.names)
        plan = [row[3] for row in await tx.connection.rows("EXPLAIN QUERY PLAN " + compiled.sql, values)]
    await store.close()
    assert any("COVERING INDEX ix_interviews_overview" in step for step in plan), plan
