"""Additions become voices and objects of the dossier, numbered after the contributions, so that a guide cites them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time

from flows.country import objects as o
from flows.country.additions import Additions, Outcome, Resolution
from flows.country.contribution import Entity, Said
from flows.country.differences import claim
from flows.country.dossier import Cited, Decided, Difference, Dossier, Voice
from flows.country.names import folded
from flows.questionnaires.wording import wording

_WEIGHTS = {"high": 3, "medium": 2}
_IN_FORCE = ("confirmed", "proposed")


def with_additions(dossier: Dossier, additions: Additions) -> Dossier:
    """`dossier` with what workshops and desk research add. Decisions wait for the differences: see `decide`."""
    days = sorted({outcome.workshop_date for outcome in additions.outcomes})
    first = len(dossier.voices) + 1
    workshops = {day: number for number, day in enumerate(days, start=first)}
    findings = [
        finding
        for status in _IN_FORCE
        for finding in sorted(additions.findings, key=lambda finding: finding.number)
        if finding.status == status
    ]
    cited = tuple(Cited(finding, number) for number, finding in enumerate(findings, start=first + len(days)))
    said = [_Line(outcome, workshops[outcome.workshop_date], row) for row, outcome in enumerate(additions.outcomes, 1)]
    return replace(
        dossier,
        others=(*(_workshop(day, number) for day, number in workshops.items()), *map(_research, cited)),
        findings=cited,
        needs=(*dossier.needs, *(line.need() for line in said if line.outcome.kind == "need")),
        challenges=_challenges(dossier.challenges, [line for line in said if line.outcome.kind == "challenge"]),
        recommendations=(
            *dossier.recommendations,
            *(line.recommendation() for line in said if line.outcome.kind == "recommendation"),
        ),
        training=(*dossier.training, *(line.training() for line in said if line.outcome.kind == "training")),
    )


def decide(
    dossier: Dossier, found: Iterable[Difference], resolutions: Sequence[Resolution]
) -> tuple[tuple[Difference, ...], tuple[Decided, ...], tuple[Decided, ...]]:
    """The differences still open, those decided, and the decisions that a text given since has opened again."""
    latest = {item.difference_key: item for item in sorted(resolutions, key=lambda item: item.decided_on)}
    open_ones: list[Difference] = []
    decided: list[Decided] = []
    reopened: list[Decided] = []
    for difference in found:
        resolution = latest.get(difference.key)
        if resolution is not None and _holds(dossier, difference, resolution):
            decided.append(Decided(difference, resolution))
            continue
        open_ones.append(difference)
        if resolution is not None:
            reopened.append(Decided(difference, resolution))
    return tuple(open_ones), tuple(decided), tuple(reopened)


def _holds(dossier: Dossier, difference: Difference, resolution: Resolution) -> bool:
    """Whether the decision was about all that is said now."""
    known = {side.claim or folded(side.text) for side in resolution.sides} | {folded(resolution.text)}
    return not resolution.sides or all(claim(dossier, difference.kind, side) in known for side in difference.sides)


def _workshop(day: date, number: int) -> Voice:
    at = datetime.combine(day, time(12), UTC)
    return Voice(number, Entity(""), "official", "", at, "", "accepted", "none", kind="workshop")


def _research(cited: Cited) -> Voice:
    finding = cited.finding
    at = datetime.combine(finding.read_on, time(12), UTC)
    named = Entity(finding.citation)
    return Voice(
        cited.number, named, "official", finding.language, at, "", finding.status, "none",
        function=finding.url, kind="desk research",
    )  # fmt: skip


class _Line:
    """An outcome as what an entity would have said, by the voice of its workshop."""

    def __init__(self, outcome: Outcome, by: int, row: int) -> None:
        self.outcome, self.by, self.row = outcome, by, row

    def said(self, question: str, value: str) -> Said | None:
        if not value.strip():
            return None
        at = datetime.combine(self.outcome.workshop_date, time(12), UTC)
        path = f"/workshop/{self.outcome.kind}[{self.row}]/{question}"
        return Said(value.strip(), self.by, path, at, self.outcome.language)

    def choice(self, question: str) -> Said | None:
        """The category where it is a choice of the question's list."""
        known = wording()
        listed = self.outcome.category in known.choices(known.lists[question])
        return self.said(question, self.outcome.category) if listed else None

    def need(self) -> o.Need:
        domain = self.said("s17_domain", self.outcome.domain)
        return o.Need(by=self.by, row=self.row, domain=domain, need=self.said("s17_need", self.outcome.text))

    def recommendation(self) -> o.Recommendation:
        category = self.choice("r1_category")
        return o.Recommendation(
            by=self.by,
            row=self.row,
            category=category or self.said("r1_category", "other"),
            other=self.said("r1_other", self.outcome.category) if category is None else None,
            text=self.said("r2_text", self.outcome.text),
            priority=self.said("r3_priority", self.outcome.priority),
            objectives=self.said("r4_objectives", " ".join(f"gcm_{number}" for number in self.outcome.objectives)),
        )

    def training(self) -> o.Training:
        topic = self.choice("m10_topics")
        free = self.outcome.category if topic is None else ""
        text = "\n".join(part for part in (free, self.outcome.text) if part)
        return o.Training(by=self.by, row=self.row, topics=topic, text=self.said("m10_text", text))

    def response(self) -> o.Response:
        topic = self.choice("m8_challenges")
        return o.Response(
            by=self.by,
            row=self.row,
            challenge=topic.value if topic is not None else "other",
            other=self.said("m8_other", self.outcome.category) if topic is None else None,
            description=self.said("m9_other_text", self.outcome.text),
        )


def _challenges(known: tuple[o.Challenge, ...], lines: Iterable[_Line]) -> tuple[o.Challenge, ...]:
    """The challenges with what workshops say of them, still in ranked order: their priority counts as a ranking."""
    found = {challenge.name: challenge for challenge in known}
    for line in lines:
        response = line.response()
        weight = _WEIGHTS.get(line.outcome.priority, 1)
        before = found.get(response.challenge, o.Challenge(response.challenge, 0, ()))
        found[response.challenge] = o.Challenge(before.name, before.weight + weight, (*before.responses, response))
    return tuple(sorted(found.values(), key=lambda challenge: -challenge.weight))
