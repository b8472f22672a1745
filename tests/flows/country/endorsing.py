"""A country's chain with an endorsement in it, and the files that were endorsed. All of it is a sample."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from flows.country.canonical import basis_hash
from flows.country.edition import FACT, Decision, Edition, Endorsement, File, meaning
from flows.country.ledger import GENESIS, Entry, Plain, digest, seal
from flows.country.verdict import CHANGED, VOIDS

AT = datetime(2026, 11, 3, 16, 20, 5, 123456, tzinfo=UTC)
FILES: Mapping[str, bytes] = {
    "guide-BFA-v3-fr.pdf": b"%PDF-1.7 exemple",
    "guide-BFA-v3-fr.docx": b"PK\x03\x04 exemple",
    "guide-BFA-v3-fr.html": "<p>Migrations à l’intérieur</p>".encode(),
    "guide-BFA-v3-en.pdf": b"%PDF-1.7 sample",
}


def sums(files: Mapping[str, bytes] = FILES) -> dict[str, str]:
    return {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}


def edition(files: Mapping[str, bytes] = FILES, country: str = "BFA", version: int = 3) -> Edition:
    content = {"fr": digest("fr"), "en": digest("en")}
    return Edition(
        country,
        version,
        content,
        ("2026112501",),
        digest("templates"),
        basis_hash(content, ["2026112501"], digest("templates")),
        tuple(
            File(name, name.rpartition(".")[2], name.rpartition(".")[0][-2:], len(body), sums({name: body})[name])
            for name, body in files.items()
        ),
    )


def endorsement(
    draft: Entry, at: datetime, *, decision: Decision = "endorse", files: Mapping[str, bytes] = FILES
) -> Endorsement:
    return Endorsement(
        edition(files),
        decision,
        meaning(decision),
        draft.number,
        draft.hash,
        "invitation",
        AT - timedelta(days=90),
        at.astimezone(ZoneInfo("Africa/Lagos")),
        "Africa/Lagos",
        ("411", "412", "413", "414"),
        ("national_site", "rabat_process"),
        AT.date() + timedelta(days=30),
        digest("letter"),
    )


class Chain:
    """The entries of a country, grown one by one."""

    def __init__(self, country: str = "BFA") -> None:
        self.country = country
        self.entries: list[Entry] = []

    def add(self, kind: str, facts: Mapping[str, Plain], words: Mapping[str, str] | None = None) -> Entry:
        number = len(self.entries) + 1
        entry = seal(
            chain=self.country,
            number=number,
            at=AT + timedelta(minutes=number),
            kind=kind,
            actor_id=7,
            role="coordinator",
            channel="telegram",
            update_id=9000 + number,
            message_id=str(300 + number),
            facts=facts,
            words=words or {},
            previous=self.entries[-1].hash if self.entries else GENESIS,
        )
        self.entries.append(entry)
        return entry

    def endorse(self, decision: Decision = "endorse", files: Mapping[str, bytes] = FILES) -> Entry:
        at = AT + timedelta(minutes=len(self.entries) + 1)
        fact = endorsement(self.entries[-2], at, decision=decision, files=files).fact()
        return self.add(
            "endorsed", {FACT: fact}, {"foreword": "Avant-propos d’exemple.", "signatory": "Dr Awa Exemple"}
        )

    def void(self, number: int, *changed: str) -> Entry:
        return self.add("voided", {VOIDS: number, CHANGED: list(changed)})


def chain(before: int = 20, decision: Decision = "endorse", files: Mapping[str, bytes] = FILES) -> Chain:
    """A chain of `before` entries, at least two, and then an endorsement."""
    made = Chain()
    for number in range(before):
        made.add("happened", {"what": number}, {"note": f"Remarque {number}"})
    made.endorse(decision, files)
    return made
