"""The bytes of files given as answers: fetched after the turn that noted them, kept as files named by their SHA-256."""

from __future__ import annotations

import asyncio
import hashlib
import os
import tempfile
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path

import structlog

from bot.messages import Channel, NotReached, TooFast, Undeliverable, Unreachable
from bot.waiting import pause
from db.attachments import StoredAttachment
from db.database import Store
from db.problems import Stale, StoreProblem
from db.transaction import Transaction
from flows.interview.replies import Refusal, inspect_bytes

Tell = Callable[[Transaction, StoredAttachment, Refusal], Awaitable[None]]
Kept = Callable[[Transaction, StoredAttachment], Awaitable[None]]


class Vault:
    """A folder of contents, for this account alone. A file is there whole or not at all, and never changes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, sha256: str) -> Path:
        """Where the content is, if it is kept."""
        if len(sha256) != 64 or not set(sha256) <= set("0123456789abcdef"):
            raise ValueError("not a SHA-256")
        return self.folder / sha256[:2] / sha256

    def keep(self, content: bytes) -> str:
        """Write a content, flushed to the disk before it gets its name. Returns its SHA-256."""
        sha256 = hashlib.sha256(content).hexdigest()
        path = self.path(sha256)
        if path.exists():
            os.utime(path)  # it is of use again: see `contents.unused`
            return sha256
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.parent.mkdir(mode=0o700, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=".new-")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            Path(name).replace(path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
        return sha256


class Fetcher:
    """Fetches what is noted as waiting, in the background, until cancelled.

    `refused` is called inside the transaction that records a refusal, to tell the person why; `kept` inside the one
    that records that a file is in place.
    """

    def __init__(
        self,
        store: Store,
        channels: Mapping[str, Channel],
        vault: Vault,
        refused: Tell | None = None,
        kept: Kept | None = None,
        *,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        side_by_side: int = 4,
    ) -> None:
        self._store = store
        self._channels = channels
        self._vault = vault
        self._refused = refused
        self._kept = kept
        self._clock = clock
        self._side_by_side = side_by_side
        self._wake = asyncio.Event()
        store.watch(self._wake.set)
        self._not_before: dict[int, tuple[datetime, float]] = {}
        self._log = structlog.get_logger("attachments")

    async def run(self) -> None:
        """Fetch until cancelled."""
        async with self._store.alone("attachments"):
            while True:
                self._wake.clear()
                try:
                    left = await self.fetch_waiting()
                except (StoreProblem, OSError) as problem:
                    self._log.error("not_kept", reason=str(problem))
                    left = 1
                await pause(self._wake, 5.0 if left else 60.0)

    async def fetch_waiting(self) -> int:
        """One round: fetch all that waits. Returns how many are left for later."""
        after, left = 0, 0
        while True:
            async with self._store.looking() as tx:
                page = await tx.attachments.waiting(self._side_by_side, after)
            if not page:
                return left
            left += sum(await asyncio.gather(*(self._unless_overtaken(one) for one in page)))
            after = page[-1].id

    async def _unless_overtaken(self, one: StoredAttachment) -> bool:
        """The same as `_fetch`; where somebody was quicker in the interview, the file waits for the next round."""
        try:
            return await self._fetch(one)
        except Stale:
            return True

    async def _fetch(self, one: StoredAttachment) -> bool:
        """Fetch one file. True: it has to wait for another try."""
        now = self._clock()
        not_before, wait = self._not_before.get(one.id, (now, 2.0))
        if not_before > now or one.channel not in self._channels:
            return True
        try:
            content = await self._channels[one.channel].fetch(one.reference)
        except (NotReached, TooFast) as error:
            wait = error.retry_after if isinstance(error, TooFast) else min(wait * 2, 600.0)
            self._not_before[one.id] = (datetime.fromtimestamp(now.timestamp() + wait, UTC), wait)
            self._log.warning("not_fetched", attachment=one.id, reason=str(error))
            return True
        except (Undeliverable, Unreachable):
            await self._refuse(one, Refusal("file_unavailable"))
            return False
        self._not_before.pop(one.id, None)
        why = await asyncio.to_thread(inspect_bytes, one.name, content)
        if why is not None:
            await self._refuse(one, why)
            return False
        sha256 = await asyncio.to_thread(self._vault.keep, content)
        async with self._store.writing() as tx:
            await tx.attachments.stored(one.id, sha256, len(content))
            if self._kept is not None:
                await self._kept(tx, one)
        return False

    async def _refuse(self, one: StoredAttachment, why: Refusal) -> None:
        self._not_before.pop(one.id, None)
        async with self._store.writing() as tx:
            await tx.attachments.refused(one.id, why.reason)
            if self._refused is not None:
                await self._refused(tx, one, why)
