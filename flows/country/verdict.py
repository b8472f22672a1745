"""What a receipt proves about files, each finding a value of its own. Nothing is looked up: all evidence is given."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePath
from typing import Literal

from flows.country.edition import File
from flows.country.ledger import EXERCISE, GENESIS, Entry, breaks, digest, sealed
from flows.country.receipt import ALGORITHM, Receipt, fingerprint, intact, kept_before, payload, same_key

VOIDS = "voids"
"""The fact of an entry that makes an earlier endorsement void: the number of the endorsement's entry."""
CHANGED = "changed"
"""What changed, in that entry: a list of short texts, such as the numbers of sections."""
EDITION = "edition"
"""The fact of an entry that brings a version of the guide."""

GoodKind = Literal["matches", "unsigned", "signed", "ledger_agrees", "newer_version"]
BadKind = Literal[
    "not_covered", "changed", "receipt_altered", "entry_altered", "earlier_altered", "inconsistent", "not_endorsing",
    "signature_missing", "signature_invalid", "unknown_key", "not_in_ledger", "ledger_broken", "ledger_differs",
    "voided",
]  # fmt: skip
_GOOD = frozenset({"matches", "unsigned", "signed", "ledger_agrees", "newer_version"})

Verify = Callable[[str, bytes, str], bool]
"""(public key, message, signature) → whether the signature is of this message by this key."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was found. `name`: a file as it was given. `file`: as it was endorsed. `field`: which does not
    fit. `number`, `at`, `changed`, `version`: of an entry of the ledger."""

    kind: GoodKind | BadKind
    name: str = ""
    file: File | None = None
    field: str = ""
    number: int = 0
    at: datetime | None = None
    changed: tuple[str, ...] = ()
    version: int = 0

    @property
    def good(self) -> bool:
        return self.kind in _GOOD


@dataclass(frozen=True, slots=True)
class Verdict:
    """All findings: of the receipt itself, of every file in the order given, of the signature, of the ledger."""

    findings: tuple[Finding, ...]

    @property
    def good(self) -> bool:
        """Whether every file is exactly what was endorsed, and nothing speaks against the receipt."""
        return all(finding.good for finding in self.findings)


def check(
    receipt: Receipt,
    files: Mapping[str, str],
    *,
    verify: Verify,
    key: str = "",
    ledger: Sequence[Entry] | None = None,
) -> Verdict:
    """Check files (name → SHA-256) against a receipt.

    `key`: the public key or fingerprint that the receipt has to be signed with, "" where any will do. `ledger`: the
    country's chain as it is today, or one that others keep.
    """
    return Verdict(
        (
            *_itself(receipt),
            *(_file(receipt, name, sha256) for name, sha256 in files.items()),
            _signature(receipt, verify, key),
            *(_ledger(receipt, ledger) if ledger is not None else ()),
        )
    )


def voided_by(entries: Sequence[Entry], number: int) -> Entry | None:
    """The entry that made the endorsement in entry `number` void; None where it stands."""
    return next((entry for entry in entries if entry.number > number and entry.facts.get(VOIDS) == number), None)


def what_changed(entry: Entry) -> tuple[str, ...]:
    """What an entry that voids an endorsement says has changed."""
    named = entry.facts.get(CHANGED)
    return tuple(str(each) for each in named) if isinstance(named, list | tuple) else ()


def _itself(receipt: Receipt) -> Iterator[Finding]:
    entry, endorsement = receipt.entry, receipt.endorsement
    if not intact(receipt):
        yield Finding("receipt_altered")
    if digest(sealed(entry)) != entry.hash:
        yield Finding("entry_altered", number=entry.number)
    kept = tuple((each.number, each.hash) for each in receipt.earlier)
    before = kept[0][1] if kept else GENESIS
    if tuple(number for number, _ in kept) != kept_before(entry.number) or before != entry.previous:
        yield Finding("earlier_altered")
    fits = {
        "country": receipt.country == entry.chain == endorsement.edition.country != EXERCISE,
        "version": receipt.version == endorsement.edition.version,
        "local": endorsement.local == entry.at,
        "draft": endorsement.draft < entry.number
        and dict(kept).get(endorsement.draft, endorsement.draft_hash) == endorsement.draft_hash,
        "files": len({file.name for file in endorsement.edition.files}) == len(endorsement.edition.files) > 0,
    }
    for field, right in fits.items():
        if not right:
            yield Finding("inconsistent", field=field)
    if endorsement.decision != "endorse":
        yield Finding("not_endorsing")


def _file(receipt: Receipt, name: str, sha256: str) -> Finding:
    covered = receipt.endorsement.edition.files
    own = PurePath(name).name
    same = [file for file in covered if file.sha256 == sha256]
    if same:
        return Finding("matches", name, next((file for file in same if file.name == own), same[0]))
    named = next((file for file in covered if file.name == own), None)
    return Finding("changed" if named is not None else "not_covered", name, named)


def _signature(receipt: Receipt, verify: Verify, wanted: str) -> Finding:
    key = receipt.key
    if key is None:
        bad: BadKind = "signature_invalid" if receipt.signature else "signature_missing"
        return Finding(bad) if receipt.signature or wanted else Finding("unsigned")
    if not receipt.signature:
        return Finding("signature_missing")
    right = key.algorithm == ALGORITHM and key.fingerprint == fingerprint(key.public) != ""
    if not right or not verify(key.public, payload(receipt), receipt.signature):
        return Finding("signature_invalid")
    return Finding("signed" if not wanted or same_key(key, wanted) else "unknown_key")


def _ledger(receipt: Receipt, entries: Sequence[Entry]) -> Iterator[Finding]:
    chain = [entry for entry in entries if entry.chain == receipt.country]
    broken = breaks(chain)
    if broken:
        yield Finding("ledger_broken", number=broken[0].number)
        return
    number = receipt.entry.number
    if len(chain) < number:
        yield Finding("not_in_ledger", number=number)
        return
    kept = sorted([*((each.number, each.hash) for each in receipt.earlier), (number, receipt.entry.hash)])
    other = next((each for each, hash in kept if chain[each - 1].hash != hash), 0)
    if other:
        yield Finding("ledger_differs", number=other)
        return
    void = voided_by(chain, number)
    if void is not None:
        yield Finding("voided", number=void.number, at=void.at, changed=what_changed(void))
        return
    draft = receipt.endorsement
    if chain[draft.draft - 1].hash != draft.draft_hash:
        yield Finding("ledger_differs", number=draft.draft)
        return
    yield Finding("ledger_agrees", number=chain[-1].number, at=chain[-1].at)
    yield from _newer(receipt, chain[number:])


def _newer(receipt: Receipt, later: Sequence[Entry]) -> Iterator[Finding]:
    """The newest version made since, which needs an endorsement of its own."""
    for entry in reversed(later):
        edition = entry.facts.get(EDITION)
        version = edition.get("version") if isinstance(edition, Mapping) else None
        if isinstance(version, int) and version > receipt.version:
            yield Finding("newer_version", number=entry.number, at=entry.at, version=version)
            return
