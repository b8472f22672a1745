"""The same updates, handled in one go and without kills: what the store must hold, and what must be said."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from telegram import Update

from bot.acting import Services
from bot.app import guide_forms
from bot.attachments import Vault
from bot.channels import telegram_in, telegram_out
from bot.dossiers import Dossiers
from bot.envelopes import load
from bot.interviews import Interviews
from bot.turns import Turns
from db.database import Store
from tests.telegram import markup

ANSWERS = """
    SELECT a.address, x.path, x.revision, x.value, x.old_value, x.status, x.display, x.confidential, x.language,
           x.message_id, x.update_id
    FROM answers x JOIN interviews i ON i.id = x.interview_id JOIN addresses a ON a.interview_id = i.id
    ORDER BY a.address, x.id
"""
INTERVIEWS = """
    SELECT a.address, i.status, i.revision, i.language
    FROM interviews i JOIN addresses a ON a.interview_id = i.id ORDER BY a.address
"""
INBOX = "SELECT update_id, state FROM inbox ORDER BY update_id"
UNSENT = "SELECT address, state, reason FROM outbox WHERE state <> 'sent'"
MESSAGES = "SELECT address, prompt FROM outbox WHERE NOT edit ORDER BY id"


async def replay(database: Path, updates: Sequence[dict[str, Any]]) -> None:
    """Handle `updates` in their order, in this process, on `database` (with the same invitations)."""
    store = await Store.open(f"sqlite:///{database}")
    try:
        vault = Vault(database.parent / "attachments")
        turns = Turns(store, Services(Dossiers(), Interviews(guide_forms), vault, link=lambda code: code))
        for raw in updates:
            incoming = telegram_in.read(Update.de_json(raw, None))
            assert incoming is not None
            await turns.receive(incoming)
    finally:
        await store.close()


def rows(database: Path, query: str) -> list[tuple[Any, ...]]:
    """Read a database as it is on disk, past all of our own code."""
    connection = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
    try:
        return connection.execute(query).fetchall()
    finally:
        connection.close()


def said(database: Path) -> dict[int, list[str]]:
    """Texts of the new messages that a replay left to be sent, by chat."""
    texts: dict[int, list[str]] = {}
    for address, prompt in rows(database, MESSAGES):
        for piece in telegram_out.pieces(load(prompt)):
            texts.setdefault(int(address), []).append(markup.parse(piece.html)[0])
    return texts
