"""The rules of completeness as a checklist: what is met, what is still to be done, what the country does without."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from flows.country.additions import Waived
from flows.country.dossier import Dossier, Gap, GapKind

Rule = Literal[
    "mapping", "leads", "group", "practice", "challenges", "recommendations", "contacts", "confidential", "acronyms",
    "statistics", "border", "crisis", "differences",
]  # fmt: skip
State = Literal["met", "open", "waived"]

RULES: dict[Rule, tuple[GapKind, ...]] = {
    "mapping": ("no_source",),
    "leads": ("no_lead",),
    "group": ("no_coordinator", "few_members"),
    "practice": ("no_practice",),
    "challenges": ("few_challenges",),
    "recommendations": ("no_recommendation",),
    "contacts": ("no_contact", "members_consent"),
    "confidential": (),  # kept by the way a guide is made; how many are left out is told
    "acronyms": ("acronyms",),
    "statistics": ("no_statistics",),
    "border": ("no_border",),
    "crisis": ("no_crisis",),
    "differences": (),
}
"""The gaps of which any leaves a rule unmet, in the order of the rules (domain.md §5.5)."""


@dataclass(frozen=True, slots=True)
class Check:
    """A rule, and how the dossier stands with it. `left`: how many points are still to be settled."""

    rule: Rule
    state: State
    left: int = 0
    waived: Waived | None = None


def checklist(dossier: Dossier) -> tuple[Check, ...]:
    """Every rule, in order."""
    return tuple(_check(dossier, rule, kinds) for rule, kinds in RULES.items())


def _check(dossier: Dossier, rule: Rule, kinds: tuple[GapKind, ...]) -> Check:
    waived = next((one for one in dossier.waived if one.rule == rule), None)
    if waived is not None:
        return Check(rule, "waived", waived=waived)
    left = len(dossier.differences) if rule == "differences" else sum(gap.kind in kinds for gap in dossier.missing)
    return Check(rule, "open" if left else "met", left)


def without_waived(
    gaps: tuple[Gap, ...], waived: tuple[Waived, ...], *, differing: bool
) -> tuple[tuple[Gap, ...], tuple[Waived, ...]]:
    """The gaps that the country does not do without, and the waivers that there is reason for: a rule that is met in
    the end needs none. `differing`: whether differences are open."""
    known: Mapping[str, tuple[GapKind, ...]] = {str(rule): kinds for rule, kinds in RULES.items()}
    found = {gap.kind for gap in gaps}
    used = tuple(
        one for one in waived if found & set(known.get(one.rule, ())) or (one.rule == "differences" and differing)
    )
    kinds = {kind for one in used for kind in known[one.rule]}
    return tuple(gap for gap in gaps if gap.kind not in kinds), used
