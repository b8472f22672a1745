"""Contents in the vault that nothing refers to any more: found and deleted."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime

from bot.attachments import Vault
from db.transaction import Transaction
from flows.country.ledger import canonical

_SHA256 = re.compile(r"(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])")


async def in_use(tx: Transaction) -> frozenset[str]:
    """The contents that an answer has, that the ledger tells of, that waits to be sent or that work needs."""
    found = set(await tx.erasing.contents())
    for dumped in (*await tx.erasing.quoted(), *(await tx.erasing.payloads())):
        found.update(_SHA256.findall(dumped))
    for chain in await tx.ledger.chains():
        for entry in await tx.ledger.of_chain(chain):
            found.update(_SHA256.findall(canonical(entry.facts).decode()))
    return frozenset(found)


def discard(vault: Vault, contents: Iterable[str]) -> list[str]:
    """Delete those of `contents` that are kept, their bytes first. Returns them."""
    gone: list[str] = []
    for sha256 in sorted(set(contents)):
        path = vault.path(sha256)
        if path.exists():
            with path.open("r+b") as file:
                file.write(b"\0" * path.stat().st_size)
            path.unlink()
            gone.append(sha256)
    return gone


def unused(vault: Vault, used: frozenset[str]) -> list[tuple[str, datetime]]:
    """The contents that nothing refers to, and since when they are there."""
    found = []
    for path in sorted(vault.folder.glob("??/*")):
        if _SHA256.fullmatch(path.name) and path.name not in used:
            found.append((path.name, datetime.fromtimestamp(path.stat().st_mtime, UTC)))
    return found
