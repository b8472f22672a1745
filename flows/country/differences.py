"""Where voices do not agree, or claim the same thing. Nothing is decided: all texts are kept, side by side."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from flows.country.contribution import Said
from flows.country.dossier import Difference, DifferenceKind, Dossier, Voice
from flows.country.names import folded
from flows.country.objects import Policy, ProfileDocument
from flows.country.same_sources import together


def differences(dossier: Dossier) -> tuple[Difference, ...]:
    """All of them, in the order of the guide's sections."""
    return tuple(_all(dossier))


def _all(dossier: Dossier) -> Iterator[Difference]:
    yield from _same_sources(dossier)
    yield from _statuses("policy_status", dossier.policy_statuses)
    yield from _titles("policy_title", "policy_year", dossier.policies)
    yield from _two_leads(dossier)
    yield from _statuses("profile_status", dossier.profile_statuses)
    yield from _titles("profile_title", "profile_year", dossier.profiles)


def _same_sources(dossier: Dossier) -> Iterator[Difference]:
    """The same source named by two entities, or what may be the same: called by the name that was given first."""
    named: dict[tuple[str, str], list[Said]] = {}
    for source in dossier.sources:
        if source.name is not None:
            named.setdefault((folded(source.name.value), identity(dossier.voice(source.by))), []).append(source.name)
    alike = list(named.values())
    names = [(sides[0].value, entity) for (_, entity), sides in named.items()]
    for group in together(names, surely=False):
        if len(group) > 1:
            sides = [side for place in group for side in alike[place]]
            yield Difference("same_source", min(sides, key=lambda side: side.at).value, tuple(sides))


def _statuses(kind: DifferenceKind, said: Sequence[Said]) -> Iterator[Difference]:
    if len({item.value for item in said}) > 1:
        yield Difference(kind, "", tuple(said))


def _titles(
    title_kind: DifferenceKind, year_kind: DifferenceKind, documents: Sequence[Policy | ProfileDocument]
) -> Iterator[Difference]:
    """Voices with no title in common, and the same title with different years."""
    by_voice: dict[int, set[str]] = {}
    for document in documents:
        if document.title is not None:
            by_voice.setdefault(document.by, set()).add(folded(document.title.value))
    sets = list(by_voice.values())
    if any(not one & other for index, one in enumerate(sets) for other in sets[index + 1 :]):
        yield Difference(title_kind, "", tuple(item.title for item in documents if item.title is not None))
    by_title: dict[str, list[tuple[Said, Said]]] = {}
    for document in documents:
        if document.title is not None and document.year is not None:
            by_title.setdefault(folded(document.title.value), []).append((document.title, document.year))
    for pairs in by_title.values():
        if len({year.value for _, year in pairs}) > 1:
            yield Difference(year_kind, pairs[0][0].value, tuple(year for _, year in pairs))


def _two_leads(dossier: Dossier) -> Iterator[Difference]:
    """More than one lead for a stage: named by coordinators, or by entities for themselves."""
    for stage in dict.fromkeys(
        [*(item.stage for item in dossier.leads), *(item.stage for item in dossier.involvements)]
    ):
        sides: list[Said] = []
        named: set[str] = set()
        for lead in dossier.leads:
            if lead.stage != stage:
                continue
            if lead.lead is not None:
                sides.append(lead.lead)
                named.add(of_name(dossier, lead.lead.value))
            elif lead.known is not None and lead.known.value == "none":
                sides.append(lead.known)
                named.add("")
        for own in dossier.involvements:
            if own.stage == stage and own.role is not None and own.role.value == "lead":
                sides.append(own.role)
                named.add(identity(dossier.voice(own.by)))
        if len(named) > 1:
            yield Difference("two_leads", ("stage", stage), tuple(sides))


def claim(dossier: Dossier, kind: DifferenceKind, side: Said) -> str:
    """What a side says, in a form that can be compared: two sides of one claim do not differ."""
    if kind == "same_source" or side.name.endswith("_role"):  # an entity that speaks for itself
        return identity(dossier.voice(side.by))
    if side.name.endswith("_lead"):
        return of_name(dossier, side.value)
    return folded(side.value) or side.value


def identity(voice: Voice) -> str:
    return folded(voice.entity.name) or f"voice {voice.number}"


def of_name(dossier: Dossier, name: str) -> str:
    """The identity of the entity called `name`, by its name or its acronym."""
    wanted = folded(name)
    for voice in dossier.voices:
        known = {folded(voice.entity.name), folded(voice.entity.acronym)} - {""}
        both = folded(f"{voice.entity.name} {voice.entity.acronym}")
        if wanted in known or wanted == both:
            return identity(voice)
    return wanted
