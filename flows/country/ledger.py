"""The ledger: what happened to a country's dossier, appended and never changed, each entry sealed to the one before.

An entry has `facts` (numbers, codes, dates, digests: no personal data, no free text) and `words` (what people wrote).
The seal covers the digest of the words, not the words themselves: they can be erased where the law asks for it, and
the chain still holds. States are computed from entries, never stored beside them.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

Plain = str | int | float | bool | None | Sequence["Plain"] | Mapping[str, "Plain"]
EXERCISE = ""
"""The chain of what concerns all countries."""
GENESIS = "0" * 64
"""What the first entry of a chain is sealed to."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that happened. `chain`: a country (ISO 3166-1 alpha-3) or `EXERCISE`; `number` counts from 1 within it;
    `actor_id`: a person's number, None for the command line; `role`: in which capacity; `update_id`, `message_id`: the
    channel's own numbers of what they did. `words`: None once erased."""

    chain: str
    number: int
    at: datetime
    kind: str
    actor_id: int | None
    role: str
    channel: str
    update_id: int | None
    message_id: str
    facts: Mapping[str, Plain]
    words: Mapping[str, str] | None
    words_hash: str
    previous: str
    hash: str


BreakKind = Literal["number", "previous", "hash", "words"]


@dataclass(frozen=True, slots=True)
class Break:
    """Where a chain does not hold: entry `number` of `chain`, and what of it."""

    chain: str
    number: int
    kind: BreakKind


def canonical(value: Plain) -> bytes:
    """The one JSON text of a value (RFC 8785 for what we store: sorted keys, no spaces, UTF-8)."""
    written = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return written.encode("utf-8", "replace")


def digest(value: Plain) -> str:
    """SHA-256 of the canonical JSON of a value, in hexadecimal."""
    return hashlib.sha256(canonical(value)).hexdigest()


def moment(at: datetime) -> str:
    """A moment as it is sealed: UTC, to the microsecond."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def seal(
    *,
    chain: str,
    number: int,
    at: datetime,
    kind: str,
    actor_id: int | None,
    role: str,
    channel: str,
    update_id: int | None,
    message_id: str,
    facts: Mapping[str, Plain],
    words: Mapping[str, str],
    previous: str,
) -> Entry:
    """The next entry of a chain, sealed to `previous`, the hash of the one before (`GENESIS` for the first)."""
    unsealed = Entry(
        chain,
        number,
        at,
        kind,
        actor_id,
        role,
        channel,
        update_id,
        message_id,
        facts,
        words,
        digest(words),
        previous,
        "",
    )
    return Entry(
        chain,
        number,
        at,
        kind,
        actor_id,
        role,
        channel,
        update_id,
        message_id,
        facts,
        words,
        unsealed.words_hash,
        previous,
        digest(sealed(unsealed)),
    )


def sealed(entry: Entry) -> Mapping[str, Plain]:
    """What the hash of an entry is made of."""
    return {
        "chain": entry.chain,
        "number": entry.number,
        "at": moment(entry.at),
        "kind": entry.kind,
        "actor": entry.actor_id,
        "role": entry.role,
        "channel": entry.channel,
        "update": entry.update_id,
        "message": entry.message_id,
        "facts": entry.facts,
        "words": entry.words_hash,
        "previous": entry.previous,
    }


def breaks(entries: Iterable[Entry]) -> list[Break]:
    """Everything that does not hold in one chain, whole and in order; empty: nothing was changed, added or removed
    within it. (That nothing was cut off at its end, only a hash kept elsewhere can show: see `receipt`.)"""
    found: list[Break] = []
    previous, number = GENESIS, 0
    for entry in entries:
        number += 1
        if entry.number != number:
            found.append(Break(entry.chain, entry.number, "number"))
            number = entry.number
        if entry.previous != previous:
            found.append(Break(entry.chain, entry.number, "previous"))
        if entry.words is not None and digest(entry.words) != entry.words_hash:
            found.append(Break(entry.chain, entry.number, "words"))
        if digest(sealed(entry)) != entry.hash:
            found.append(Break(entry.chain, entry.number, "hash"))
        previous = entry.hash
    return found
