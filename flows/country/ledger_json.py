"""A chain of the ledger as text, one entry a line, and back: to be kept elsewhere and checked without the database."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC

from flows.country.ledger import Entry, canonical, moment, sealed
from flows.country.strict import Fields, Unreadable, Wrong, load

MOST_BYTES = 512 * 1024 * 1024
MOST_LINE = 16 * 1024 * 1024
_SEALED = (
    "chain", "number", "at", "kind", "actor", "role", "channel", "update", "message", "facts", "words", "previous",
    "hash",
)  # fmt: skip
TEXTS = "texts"
"""The field with what people wrote; null once erased. `words` is its digest, as it is sealed."""


def lines(entries: Iterable[Entry], *, texts: bool = True) -> bytes:
    """The entries as JSON lines. Without `texts`, as if what people wrote had been erased: nothing personal is left
    but numbers of persons."""
    return b"".join(_line(entry, texts) + b"\n" for entry in entries)


def parse(data: bytes) -> tuple[Entry, ...] | Unreadable:
    """The entries that `lines` wrote, whether their seals hold or not (see `ledger.breaks`)."""
    if len(data) > MOST_BYTES:
        return Unreadable("too_large")
    found = []
    for number, line in enumerate(data.splitlines(), start=1):
        if not line.strip():
            continue
        try:
            found.append(entry_of(Fields(load(line, MOST_LINE)), words=True))
        except Wrong as wrong:
            return Unreadable(wrong.unreadable.reason, wrong.unreadable.field, number)
    return tuple(found) if found else Unreadable("empty")


def entry_of(fields: Fields, *, words: bool) -> Entry:
    """The entry in one JSON object, with (`words`) or without what people wrote. Raises `Wrong`."""
    fields.only((*_SEALED, TEXTS) if words else _SEALED)
    at = fields.moment("at")
    if moment(at) != fields.given["at"]:
        raise Wrong("wrong_field", "at")
    return Entry(
        chain=fields.text("chain"),
        number=fields.number("number", 1),
        at=at.astimezone(UTC),
        kind=fields.text("kind"),
        actor_id=fields.number_or_none("actor"),
        role=fields.text("role"),
        channel=fields.text("channel"),
        update_id=fields.number_or_none("update"),
        message_id=fields.text("message"),
        facts=fields.plain("facts"),
        words=None if not words or fields.absent(TEXTS) else fields.texts_by_name(TEXTS),
        words_hash=fields.digest("words"),
        previous=fields.digest("previous"),
        hash=fields.digest("hash"),
    )


def _line(entry: Entry, texts: bool) -> bytes:
    written = {**sealed(entry), "hash": entry.hash, TEXTS: entry.words if texts else None}
    return canonical(written)
