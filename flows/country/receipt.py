"""The receipt of an endorsement: a short file from which anybody can check what was endorsed, by whom and when.

It holds the ledger's entry without what people wrote, so that its seal can be computed again, the hashes of some
earlier entries, and a signature where there is a key. What it proves and what not: `docs/decisions/receipts.md`.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from flows.country.edition import Endorsement
from flows.country.edition import read as read_endorsement
from flows.country.ledger import Entry, Plain, canonical, digest, sealed
from flows.country.ledger_json import entry_of
from flows.country.strict import Fields, Unreadable, Wrong, load

FORMAT = "griot-receipt/1"
MOST_BYTES = 1024 * 1024
ALGORITHM = "Ed25519"
_BODY = ("format", "country", "version", "entry", "earlier", "key")
_KEY = ("algorithm", "public", "fingerprint")
_CHECKPOINT = ("number", "hash")


@dataclass(frozen=True, slots=True)
class Key:
    """A public key: the base64 of its 32 bytes, and the first 32 hexadecimal digits of their SHA-256."""

    public: str
    fingerprint: str
    algorithm: str = ALGORITHM


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """An earlier entry of the chain, and the hash that it had."""

    number: int
    hash: str


@dataclass(frozen=True, slots=True)
class Receipt:
    """`entry`: the endorsement in the ledger, its words left out. `earlier`: the entries 1, 2, 4, 8 … before it, and
    the first. `digest`: SHA-256 of all this. `signature`: of all this, by `key`; both empty where it is not signed."""

    country: str
    version: int
    entry: Entry
    endorsement: Endorsement
    earlier: tuple[Checkpoint, ...]
    key: Key | None
    digest: str
    signature: str

    @property
    def name(self) -> str:
        """Of its file."""
        return f"receipt-{self.country}-{self.version}.json"


class Signer(Protocol):
    """Signs with a private key. `key`: the public one."""

    @property
    def key(self) -> Key: ...
    def sign(self, message: bytes) -> str:
        """The base64 of the signature of `message`."""
        ...


def make(entries: Sequence[Entry], number: int, signer: Signer | None = None) -> Receipt:
    """The receipt of entry `number`, an endorsement, of a chain given from its first entry on.

    Raises `ValueError` where it is none.
    """
    entry = replace(entries[number - 1], words=None)
    try:
        endorsement = read_endorsement(entry.facts)
    except Wrong as problem:
        raise ValueError(f"entry {number} of {entry.chain} is no endorsement: {problem}") from problem
    earlier = tuple(Checkpoint(each, entries[each - 1].hash) for each in kept_before(number))
    key = signer.key if signer is not None else None
    unsigned = Receipt(entry.chain, endorsement.edition.version, entry, endorsement, earlier, key, "", "")
    message = payload(unsigned)
    return replace(
        unsigned,
        digest=hashlib.sha256(message).hexdigest(),
        signature=signer.sign(message) if signer is not None else "",
    )


def kept_before(number: int) -> tuple[int, ...]:
    """Which earlier entries a receipt keeps the hashes of: few, however long the chain, and close where it is new."""
    steps = [1 << power for power in range(number.bit_length())]
    return tuple(dict.fromkeys([number - step for step in steps if step < number] + ([1] if number > 1 else [])))


def payload(receipt: Receipt) -> bytes:
    """What is digested and signed: the canonical JSON of a receipt without its digest and signature."""
    return canonical(_body(receipt))


def to_bytes(receipt: Receipt) -> bytes:
    """The file of a receipt, indented so that people can read it. Any other JSON of the same values is as good."""
    whole = {**_body(receipt), "digest": receipt.digest, "signature": receipt.signature}
    return json.dumps(whole, ensure_ascii=False, indent=2, allow_nan=False).encode() + b"\n"


def parse(data: bytes) -> Receipt | Unreadable:
    """The receipt that a file holds, whether it is true or not, or why it holds none."""
    try:
        return _parsed(Fields(load(data, MOST_BYTES)))
    except Wrong as wrong:
        return wrong.unreadable


def fingerprint(public: str) -> str:
    """The fingerprint of a public key; "" where it is no key."""
    raw = exact_base64(public, 32)
    return hashlib.sha256(raw).hexdigest()[:32] if raw else ""


def plain_fingerprint(given: str) -> str:
    """A fingerprint as somebody wrote it, with spaces or colons; "" where it is none."""
    plain = given.lower().replace(" ", "").replace(":", "").strip()
    return plain if len(plain) == 32 and set(plain) <= set("0123456789abcdef") else ""


def same_key(key: Key, given: str) -> bool:
    """Whether somebody who writes `given`, a public key or a fingerprint, means `key`."""
    return given.strip() == key.public or plain_fingerprint(given) == key.fingerprint


def exact_base64(written: str, size: int) -> bytes:
    """The `size` bytes that `written` is the one base64 of; none otherwise."""
    try:
        raw = base64.b64decode(written, validate=True)
    except (binascii.Error, ValueError):
        return b""
    return raw if len(raw) == size and base64.b64encode(raw).decode() == written else b""


def intact(receipt: Receipt) -> bool:
    """Whether a receipt is as it was made, by its own digest."""
    return digest(_body(receipt)) == receipt.digest


def _body(receipt: Receipt) -> dict[str, Plain]:
    key = receipt.key
    return {
        "format": FORMAT,
        "country": receipt.country,
        "version": receipt.version,
        "entry": {**sealed(receipt.entry), "hash": receipt.entry.hash},
        "earlier": [{"number": each.number, "hash": each.hash} for each in receipt.earlier],
        "key": {"algorithm": key.algorithm, "public": key.public, "fingerprint": key.fingerprint} if key else None,
    }


def _parsed(fields: Fields) -> Receipt:
    given = fields.given.get("format")
    if given != FORMAT:
        newer = isinstance(given, str) and given.startswith(FORMAT.partition("/")[0] + "/")
        raise Wrong("newer_format" if newer else "other_format")
    fields.only((*_BODY, "digest", "signature"))
    entry = entry_of(fields.inner("entry"), words=False)
    return Receipt(
        country=fields.text("country"),
        version=fields.number("version", 1),
        entry=entry,
        endorsement=read_endorsement(entry.facts),
        earlier=tuple(_checkpoint(each) for each in fields.inners("earlier")),
        key=None if fields.absent("key") else _key(fields.inner("key")),
        digest=fields.digest("digest"),
        signature=fields.text("signature"),
    )


def _checkpoint(fields: Fields) -> Checkpoint:
    fields.only(_CHECKPOINT)
    return Checkpoint(fields.number("number", 1), fields.digest("hash"))


def _key(fields: Fields) -> Key:
    fields.only(_KEY)
    values: Mapping[str, str] = {name: fields.text(name) for name in _KEY}
    return Key(**values)
