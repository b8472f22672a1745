"""Whether a guide may be published, and all that stands in the way."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from flows.country.edition import Edition, Endorsement
from flows.country.ledger import Entry
from flows.country.passages import Passage
from flows.country.searching import Text
from flows.country.secrets import Secret, person
from flows.country.verdict import what_changed
from flows.i18n import text
from flows.questionnaires.wording import wording

ObstacleKind = Literal["not_endorsed", "other_version", "other_content", "voided", "embargo", "contact", "confidential"]


@dataclass(frozen=True, slots=True)
class Obstacle:
    """One reason not to publish. `version`: the one asked for, or where it is another, the endorsed one. `at`: since
    when. `until`: the first day on which it may be. `changed`: what is different. `contact`: name · email · phone.
    `question`, `entity`, `where`: of the answer, who gave it, and the place that says it. Never what it says."""

    kind: ObstacleKind
    version: int = 0
    at: datetime | None = None
    until: date | None = None
    changed: tuple[str, ...] = ()
    contact: str = ""
    question: str = ""
    entity: str = ""
    where: str = ""

    def said(self, language: str) -> str:
        """The obstacle in a sentence, with what to do."""
        from babel.dates import format_date

        day = self.until or self.at
        locale = "en_GB" if language == "en" else language
        return text(
            f"publication.{self.kind}",
            language,
            None,
            version=self.version,
            date=format_date(day, "long", locale=locale) if day else "",
            changed=", ".join(self.changed) or text("publication.unnamed", language),
            contact=text(f"publication.contact_{self.contact}", language) if self.contact else "",
            question=wording().attributes.get(self.question, {}).get("id") or self.question,
            entity=self.entity or text("publication.unknown_entity", language),
            where=self.where,
        )


def obstacles(
    edition: Edition,
    *,
    endorsement: Endorsement | None,
    void: Entry | None,
    today: date,
    passages: Sequence[Passage],
    secrets: Iterable[Secret],
    known: Iterable[str] = (),
) -> tuple[Obstacle, ...]:
    """All that stands in the way of publishing `edition`; empty where nothing does.

    `endorsement`: the newest decision of the coordinator, `void` the entry that made it void (`verdict.voided_by`).
    `today`: the date in the country's capital. `passages`: what the files say. `secrets`, `known`: `secrets_of`.
    """
    return (
        *_endorsement(edition, endorsement, void),
        *_embargo(endorsement, today),
        *leaks(passages, secrets, known),
    )


def leaks(passages: Sequence[Passage], secrets: Iterable[Secret], known: Iterable[str] = ()) -> Iterator[Obstacle]:
    """What the passages say and must not."""
    looked_through = Text(passages, known)
    for secret in secrets:
        match secret.kind:
            case "answer":
                where = looked_through.phrase(secret.value)
            case "name":
                where = looked_through.name(person(secret.value))
            case "email":
                where = looked_through.email(secret.value)
            case "phone":
                where = looked_through.phone(secret.value)
        if where is None:
            continue
        kind: ObstacleKind = "confidential" if secret.kind == "answer" else "contact"
        contact = "" if secret.kind == "answer" else secret.kind
        yield Obstacle(kind, contact=contact, question=secret.question, entity=secret.entity, where=where)


def differences(edition: Edition, endorsed: Edition) -> tuple[str, ...]:
    """What is not the same in two editions: names of files, languages, and `forms` or `templates`."""
    ours, theirs = ({file.name: file.sha256 for file in each.files} for each in (edition, endorsed))
    found = [name for name in sorted({*ours, *theirs}) if ours.get(name) != theirs.get(name)]
    languages = sorted({*edition.content, *endorsed.content})
    found += [each for each in languages if edition.content.get(each) != endorsed.content.get(each)]
    found += ["forms"] if sorted(edition.form_versions) != sorted(endorsed.form_versions) else []
    found += ["templates"] if edition.template_version != endorsed.template_version else []
    if not found and edition.basis != endorsed.basis:
        found.append("additions")
    return tuple(found)


def _endorsement(edition: Edition, endorsement: Endorsement | None, void: Entry | None) -> Iterator[Obstacle]:
    if endorsement is None or endorsement.decision != "endorse" or endorsement.edition.country != edition.country:
        yield Obstacle("not_endorsed", version=edition.version)
        return
    endorsed = endorsement.edition
    if endorsed.version != edition.version:
        yield Obstacle("other_version", version=endorsed.version)
        return
    if different := differences(edition, endorsed):
        yield Obstacle("other_content", version=edition.version, changed=different)
    if void is not None:
        yield Obstacle("voided", version=edition.version, at=void.at, changed=what_changed(void))


def _embargo(endorsement: Endorsement | None, today: date) -> Iterator[Obstacle]:
    if endorsement is not None and endorsement.embargo is not None and today < endorsement.embargo:
        yield Obstacle("embargo", until=endorsement.embargo)
