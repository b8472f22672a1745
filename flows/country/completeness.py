"""What a complete guide would have and the dossier lacks (domain rules of completeness), each as a typed gap."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import fields

from flows.country.contribution import Entity, Said
from flows.country.dossier import Dossier, Gap
from flows.country.names import folded
from flows.country.objects import DataSource, Thing

CLASSES = ("gov", "other")
DOMAINS = ("trends", "border", "crisis", "development")
CATEGORIES = ("cooperation", "training", "collection", "border", "crisis")
_ACRONYM = re.compile(r"\b[A-ZÀ-ÖØ-Þ]{2,9}\b")
_KNOWN = frozenset(
    {"ONG", "NGO", "OIM", "IOM", "HCR", "UNHCR", "ICMPD", "FIIAPP", "UE", "EU", "ONU", "UN", "CEDEAO", "ECOWAS"}
    | {"SIG", "GIS", "MICIC", "PMM", "GCM", "PDF", "CSV", "II", "III", "IV", "VI"}
)


def gaps(dossier: Dossier, waiting: Sequence[Entity]) -> tuple[Gap, ...]:
    """All gaps, in the order of the guide's sections. `waiting`: entities whose contribution is not yet submitted."""
    return tuple(
        gap
        for found in (_mapping, _cycle, _profile, _recommendations)
        for gap in found(dossier)
    ) + tuple(_people(dossier, waiting))  # fmt: skip


def in_cell(dossier: Dossier, source: DataSource, entity_class: str, domain: str) -> bool:
    """Whether `source` belongs in the cell of the mapping for this class of entity and this domain."""
    own = dossier.voice(source.by).entity.entity_class or "gov"
    return own == entity_class and source.domains is not None and domain in source.domains.values


def _mapping(dossier: Dossier) -> Iterator[Gap]:
    for entity_class in CLASSES:
        for domain in DOMAINS:
            if not any(in_cell(dossier, source, entity_class, domain) for source in dossier.sources):
                yield Gap("no_source", {"domain": ("domain", domain)}, {"entity_class": entity_class})
    for source in dossier.sources:
        if source.name is not None and not has_contact(dossier, source):
            yield Gap("no_contact", values={"name": source.name.value}, by=(source.by,))
    if not dossier.border:
        yield Gap("no_border_text")
    if not dossier.crisis:
        yield Gap("no_crisis_text")


def has_contact(dossier: Dossier, source: DataSource) -> bool:
    """Whether the guide may print a contact for `source`."""
    voice = dossier.voice(source.by)
    if voice.publication == "none":
        return False
    if source.same_unit is not None and source.same_unit.value == "other":
        return bool(source.unit or source.email or source.phone)
    return source.same_unit is not None and bool(voice.function or voice.unit)


def _cycle(dossier: Dossier) -> Iterator[Gap]:
    if not dossier.policy_statuses and not dossier.policies:
        yield Gap("no_policy")
    for stage in dossier.wording.choices("stage"):
        stated = any(lead.stage == stage and (lead.lead or _is_none(lead.known)) for lead in dossier.leads)
        claimed = any(
            own.stage == stage and own.role is not None and own.role.value == "lead" for own in dossier.involvements
        )
        if not stated and not claimed:
            yield Gap("no_lead", {"stage": ("stage", stage)})


def _is_none(known: Said | None) -> bool:
    return known is not None and known.value == "none"


def _profile(dossier: Dossier) -> Iterator[Gap]:
    if not dossier.profile_statuses:
        yield Gap("no_profile")
    if not any(authority.institution for authority in dossier.authorities):
        yield Gap("no_authority")
    if not any(coordinator.name or coordinator.entity for coordinator in dossier.coordinators):
        yield Gap("no_coordinator")
    members = sum(1 for member in dossier.members if member.entity or member.name)
    if members < 2:
        yield Gap("few_members", values={"count": str(members)})
    if any(member.name for member in dossier.members) or any(item.name for item in dossier.coordinators):
        yield Gap("members_consent")
    if not dossier.practices:
        yield Gap("no_practice")
    acted = sum(1 for challenge in dossier.challenges if any(item.action for item in challenge.responses))
    if acted < 2:
        yield Gap("few_challenges", values={"count": str(acted)})


def _recommendations(dossier: Dossier) -> Iterator[Gap]:
    given = {item.category.value for item in dossier.recommendations if item.category is not None}
    for category in CATEGORIES:
        if category not in given:
            yield Gap("no_recommendation", {"category": ("category", category)})


def _people(dossier: Dossier, waiting: Sequence[Entity]) -> Iterator[Gap]:
    kinds = {voice.entity.kind for voice in dossier.voices}
    if "statistics" not in kinds:
        yield Gap("no_statistics")
    if "security" not in kinds:
        yield Gap("no_border")
    if not any(source.domains is not None and "crisis" in source.domains.values for source in dossier.sources) and not (
        dossier.crisis
    ):
        yield Gap("no_crisis")
    heard = {folded(name) for voice in dossier.voices for name in (voice.entity.name, voice.entity.acronym) if name}
    for entity in waiting:
        yield Gap("not_submitted", values={"name": entity.name})
    waited = {folded(entity.name) for entity in waiting}
    for invited in dossier.invited:
        if invited.name is not None and folded(invited.name.value) not in heard | waited:
            yield Gap("not_answered", values={"name": invited.name.value}, by=(invited.by,))
    unresolved = _acronyms(dossier)
    if unresolved:
        yield Gap("acronyms", values={"acronyms": ", ".join(unresolved)})


def _acronyms(dossier: Dossier) -> list[str]:
    """Acronyms in the answers that no entity's own acronym explains."""
    known = {part for voice in dossier.voices for part in _ACRONYM.findall(voice.entity.acronym)} | _KNOWN
    return sorted(acronyms_in(dossier) - known)


def acronyms_in(dossier: Dossier) -> set[str]:
    """Acronyms that answers use and none of them explains."""
    found: set[str] = set()
    explained: set[str] = set()
    for said in texts_of(dossier):
        words = _ACRONYM.findall(said.value)
        if len(words) <= 5 or said.value != said.value.upper():  # not a text all in capitals
            found |= set(words)
            explained |= set(re.findall(r"\(([^()]{2,9})\)", said.value))
    return found - explained


def texts_of(dossier: Dossier) -> Iterator[Said]:
    """What was answered in words of one's own, as far as a guide may say it."""
    attributes = dossier.wording
    for said in (*dossier.border, *dossier.crisis, *dossier.mechanisms, *dossier.theme_notes):
        yield said
    for group in (
        dossier.sources, dossier.users, dossier.needs, dossier.policies, dossier.involvements, dossier.leads,
        dossier.profiles, dossier.updates, dossier.groups, dossier.members, dossier.uses, dossier.practices,
        dossier.training, dossier.recommendations, *(challenge.responses for challenge in dossier.challenges),
    ):  # fmt: skip
        for thing in group:
            for said in said_in(thing):
                kind = attributes.attributes.get(said.name, {}).get("kind", "")
                if said.name not in attributes.lists and kind not in ("email", "url", "phone", "person_name"):
                    yield said


def said_in(thing: Thing) -> Iterator[Said]:
    """Every answer that an object holds."""
    for item in fields(thing):
        value = getattr(thing, item.name)
        if isinstance(value, Said):
            yield value
