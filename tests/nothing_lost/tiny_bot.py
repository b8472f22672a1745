"""A bot of one table that answers "seen N" to update N: done right, and wrong in the ways the proof must notice.

`careful` stores, with the answers to send, in one transaction, and acknowledges last · `hasty` acknowledges before
it stores · `forgetful` does not know an update that comes again · `mute` notes a message as sent before it is.
"""

from __future__ import annotations

import json
import sqlite3
import sys
from typing import Any
from urllib.request import urlopen


class TinyBot:
    def __init__(self, url: str, database: str, manner: str) -> None:
        self._url = url
        self._manner = manner
        self._store = sqlite3.connect(database, isolation_level=None)
        self._store.execute("CREATE TABLE IF NOT EXISTS applied (update_id INTEGER)")
        self._store.execute("CREATE TABLE IF NOT EXISTS outbox (update_id INTEGER, chat INTEGER, sent INTEGER)")

    def run(self) -> None:
        offset = 0
        self._send_waiting()
        while True:
            updates = self._call("getUpdates", offset=offset, timeout=1)
            for update in updates:
                offset = max(offset, update["update_id"] + 1)
            if self._manner == "hasty" and updates:
                self._call("getUpdates", offset=offset, timeout=0)
            for update in updates:
                self._apply(update)
            self._send_waiting()

    def _apply(self, update: dict[str, Any]) -> None:
        number = update["update_id"]
        self._store.execute("BEGIN IMMEDIATE")
        known = self._store.execute("SELECT 1 FROM applied WHERE update_id = ?", [number]).fetchone()
        if known is None or self._manner == "forgetful":
            self._store.execute("INSERT INTO applied VALUES (?)", [number])
            self._store.execute("INSERT INTO outbox VALUES (?, ?, 0)", [number, update["message"]["chat"]["id"]])
        self._store.execute("COMMIT")

    def _send_waiting(self) -> None:
        for number, chat in self._store.execute("SELECT update_id, chat FROM outbox WHERE NOT sent").fetchall():
            done = ("UPDATE outbox SET sent = 1 WHERE update_id = ?", [number])
            if self._manner == "mute":
                self._store.execute(*done)
            self._call("sendMessage", chat_id=chat, text=f"seen {number}")
            if self._manner != "mute":
                self._store.execute(*done)

    def _call(self, method: str, **parameters: Any) -> Any:
        query = "&".join(f"{name}={str(value).replace(' ', '%20')}" for name, value in parameters.items())
        with urlopen(f"{self._url}/{method}?{query}") as response:  # noqa: S310 - the stand-in's address
            return json.load(response)["result"]


if __name__ == "__main__":
    TinyBot(*sys.argv[1:4]).run()
