"""As which version a guide is compiled: a draft for the experts, or the text proposed for endorsement."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from flows.country.draft.desk import Desk
from flows.country.guide import Block, Paragraph, Section, Statement
from flows.country.names import folded
from flows.i18n import base


@dataclass(frozen=True, slots=True)
class Foreword:
    """A foreword as it was given, and who signs it."""

    text: str
    signatory_name: str
    signatory_title: str
    language: str


@dataclass(frozen=True, slots=True)
class Approval:
    """An entity's own approval of its contribution: by whom, as a position, and when."""

    entity: str
    position: str
    approved_on: date


@dataclass(frozen=True, slots=True)
class Edition:
    """A version of a guide. `final`: proposed for endorsement, without what is for the experts; then `dated` is the
    date it bears, whenever it is compiled. `credits`: who finances and carries out the exercise, by language."""

    number: int
    dated: date
    final: bool = False
    forewords: tuple[Foreword, ...] = ()
    approvals: tuple[Approval, ...] = ()
    credits: Mapping[str, str] = field(default_factory=dict)


def status(desk: Desk, at: datetime, edition: Edition | None) -> str:
    """What stands on every page: a draft, or which version."""
    day = desk.date(at.date().isoformat())
    if edition is None or not edition.number:
        return desk.text("status", date=day)
    return desk.text(desk.stage("status_version"), number=edition.number, date=day)


def front(desk: Desk, edition: Edition) -> Iterator[Section]:
    """The forewords, each a section; of those that one person signed, the one in the guide's language."""
    shown = [one for one in edition.forewords if not _is_in_ours(desk, one, edition.forewords)]
    several = len(shown) > 1
    for number, foreword in enumerate(shown, start=1):
        named = foreword.signatory_title or foreword.signatory_name
        title = desk.text("foreword_of", name=named) if several and named else desk.text("foreword")
        anchor = f"foreword-{number}" if several else "foreword"
        yield Section(anchor, "", title, tuple(_foreword(desk, foreword)))


def _is_in_ours(desk: Desk, foreword: Foreword, every: Iterable[Foreword]) -> bool:
    """Whether a foreword in another language says what its signatory says in the guide's language too."""
    ours = base(desk.language)
    signed = folded(foreword.signatory_name)
    return base(foreword.language or ours) != ours and any(
        base(one.language) == ours and signed and folded(one.signatory_name) == signed for one in every
    )


def _foreword(desk: Desk, foreword: Foreword) -> Iterator[Block]:
    foreign = foreword.language if base(foreword.language or desk.language) != base(desk.language) else ""
    for part in foreword.text.replace("\r\n", "\n").split("\n\n"):
        if part.strip():
            yield Paragraph((Statement(part.strip(), language=foreign),))
    signed = "\n".join(part for part in (foreword.signatory_name, foreword.signatory_title) if part)
    if signed:
        yield Paragraph((Statement(signed),))


def approvals(desk: Desk, edition: Edition) -> Iterator[Section]:
    """Which entities approved what they contributed."""
    if edition.approvals:
        entries = (
            [
                desk.fixed(
                    "approval" if approval.position else "approval_without_position",
                    entity=approval.entity,
                    position=approval.position,
                    date=desk.date(approval.approved_on.isoformat()),
                )
            ]
            for approval in edition.approvals
        )
        blocks = (desk.paragraph("approvals_intro"), *desk.bullets(entries))
        yield Section("approvals", "", desk.text("section_approvals"), blocks)


def credits(desk: Desk, edition: Edition) -> Iterator[Section]:
    """Within which framework it was made, and who paid for and carried out the work, where that is set."""
    said = edition.credits.get(base(desk.language), "").strip()
    if said:
        yield Section(
            "credits", "", desk.text("section_credits"), (desk.paragraph("credits"), Paragraph((Statement(said),)))
        )
