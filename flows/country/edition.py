"""What exactly is endorsed, and what an endorsement says: facts of the ledger, without personal data.

The coordinator's own words (foreword, signatory, comments) belong to the `words` of the ledger's entry. The names of
the fields here are the names in the ledger and in receipts: they never change.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import TYPE_CHECKING, Any, Literal

from flows.country.ledger import Entry, Plain
from flows.country.outlines import FIRST
from flows.country.strict import Fields, Wrong

if TYPE_CHECKING:
    from pydantic import TypeAdapter

Decision = Literal["endorse", "endorse_with_changes", "return"]
DECISIONS: tuple[Decision, ...] = ("endorse", "endorse_with_changes", "return")
FACT = "endorsement"
"""The fact of a ledger's entry that holds an `Endorsement`."""


@dataclass(frozen=True, slots=True)
class File:
    """A file as it was shown to the coordinator. `format`: docx · pdf · html."""

    name: str
    format: str
    language: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Edition:
    """One version of a country's guide, to the byte and in its meaning.

    `content`: language → canonical hash of what a reader sees (`canonical.content_hash`). `basis`: that, with the form
    and template versions and what was added, in one hash (`canonical.basis_hash`). `outline`: which one it follows.
    """

    country: str
    version: int
    content: Mapping[str, str]
    form_versions: tuple[str, ...]
    template_version: str
    basis: str
    files: tuple[File, ...]
    outline: str = FIRST


@dataclass(frozen=True, slots=True)
class Endorsement:
    """A coordinator's decision on an edition, and what it means, in words by language.

    `draft`, `draft_hash`: number and hash of the ledger's entry of that draft. `identified`: how the person was
    recognised, such as `invitation`, and `identified_at` since when. `local`: the moment as the clocks of `zone` (an
    IANA name) showed it. `shown`: numbers of the messages that brought the files before. `channels`: where it may be
    published. `embargo`: the first day on which it may be. `letter`: SHA-256 of the endorsement letter, or "".
    """

    edition: Edition
    decision: Decision
    meaning: Mapping[str, str]
    draft: int
    draft_hash: str
    identified: str
    identified_at: datetime | None
    local: datetime
    zone: str
    shown: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    embargo: date | None = None
    letter: str = ""

    def fact(self) -> dict[str, Plain]:
        """As the ledger keeps it, under the name `FACT`."""
        kept: dict[str, Plain] = _adapter().dump_python(self, mode="json")
        return kept


@cache
def _adapter() -> TypeAdapter[Endorsement]:
    from pydantic import TypeAdapter

    return TypeAdapter(Endorsement)


def meaning(decision: Decision) -> dict[str, str]:
    """What a decision means, in every language we speak."""
    from flows.i18n import languages, text

    return {language: text(f"receipt.meaning_{decision}", language) for language in languages()}


def endorsement_of(entry: Entry) -> Endorsement | None:
    """The decision that an entry records; None where it is of another kind."""
    try:
        return read(entry.facts)
    except Wrong:
        return None


def read(facts: Mapping[str, Any]) -> Endorsement:
    """The decision among the facts of an entry. Raises `Wrong`, naming the fact."""
    if FACT not in facts:
        raise Wrong("no_endorsement")
    fact = Fields(facts[FACT], FACT)
    fact.only(Endorsement.__dataclass_fields__)
    decision = fact.text("decision")
    if decision not in DECISIONS:
        raise Wrong("wrong_field", f"{FACT}.decision")
    return Endorsement(
        edition=_edition(fact.inner("edition")),
        decision=decision,
        meaning=fact.texts_by_name("meaning"),
        draft=fact.number("draft", 1),
        draft_hash=fact.digest("draft_hash"),
        identified=fact.text("identified"),
        identified_at=None if fact.absent("identified_at") else fact.moment("identified_at"),
        local=fact.moment("local"),
        zone=fact.text("zone"),
        shown=fact.texts("shown"),
        channels=fact.texts("channels"),
        embargo=None if fact.absent("embargo") else _day(fact.text("embargo")),
        letter=fact.digest("letter") if fact.text("letter") else "",
    )


def _edition(fact: Fields) -> Edition:
    fact = Fields({"outline": FIRST, **fact.given}, f"{FACT}.edition")  # the first editions do not name it
    fact.only(Edition.__dataclass_fields__)
    content = fact.inner("content")
    return Edition(
        country=fact.text("country"),
        version=fact.number("version", 1),
        content={language: content.digest(language) for language in content.given},
        form_versions=fact.texts("form_versions"),
        template_version=fact.text("template_version"),
        basis=fact.digest("basis"),
        files=tuple(_file(file) for file in fact.inners("files")),
        outline=fact.text("outline"),
    )


def _file(fact: Fields) -> File:
    fact.only(File.__dataclass_fields__)
    return File(
        name=fact.text("name"),
        format=fact.text("format"),
        language=fact.text("language"),
        size=fact.number("size"),
        sha256=fact.digest("sha256"),
    )


def _day(written: str) -> date:
    try:
        return date.fromisoformat(written)
    except ValueError:
        raise Wrong("wrong_field", f"{FACT}.embargo") from None
