"""Contributions → dossier. Order follows the contributions, coordinators first; nothing is decided between voices."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import fields, replace
from datetime import datetime
from typing import TypeVar

from flows.country import objects as o
from flows.country.adding import decide, with_additions
from flows.country.additions import Additions
from flows.country.checklist import without_waived
from flows.country.completeness import gaps
from flows.country.contribution import SENT, Contribution, Entity, Reading, Said, Status, consented, moment, read
from flows.country.differences import differences
from flows.country.dossier import Dossier, Publication, Voice
from flows.country.spoken import spoken
from flows.questionnaires.wording import Wording, joined

T = TypeVar("T", bound=o.Thing)
_NO_ROW = ("", 0)
_FOCUS = (("border", "s18_border"), ("crisis", "s19_crisis"))


def merge(
    country: str,
    contributions: Iterable[Contribution],
    additions: Additions | None = None,
    statuses: AbstractSet[Status] = SENT,
) -> Dossier:
    """The dossier of `country` (ISO 3166-1 alpha-3) from what its entities contributed, and what was added to it.

    Contributions of other countries, without consent, or in another status are left out; the last are named among the
    gaps. `statuses`: `SENT` for a draft, `ACCEPTED` for what is to be endorsed. The numbers of the voices are those
    under which a guide cites them.
    """
    own = [item for item in contributions if item.country == country]
    sent = [item for item in own if item.status in statuses and consented(item)]
    sent.sort(key=lambda item: item.role != "coordinator")
    waiting = tuple(item.entity for item in own if item.status not in statuses)
    readings = [read(item, number) for number, item in enumerate(sent, start=1)]
    known = joined(item.wording for item in sorted(sent, key=lambda item: item.form_version) if item.wording)
    stages = known.choices("stage")
    dossier = Dossier(
        country=country,
        wording=known,
        voices=tuple(_voice(reading) for reading in readings),
        sources=tuple(_sources(readings)),
        no_data=tuple(said for said in _said(readings, "s1_holds") if said.value != "yes"),
        users=tuple(_rows(readings, "user", o.User)),
        needs=tuple(_rows(readings, "need", o.Need)),
        border=tuple(_said(readings, "s18_border")),
        crisis=tuple(_said(readings, "s19_crisis")),
        policy_statuses=tuple(_said(readings, "c1_status")),
        policies=tuple(_rows(readings, "policy", o.Policy)),
        involvements=tuple(
            replace(made, stage=stage) for stage in stages for made in _made(readings, o.Involvement, stage)
        ),
        leads=tuple(replace(made, stage=stage) for stage in stages for made in _made(readings, o.Lead, stage)),
        mechanisms=tuple(_said(readings, "c5_mechanism")),
        profile_statuses=tuple(_said(readings, "e3_status")),
        profiles=tuple(_rows(readings, "profile_document", o.ProfileDocument)),
        functions=tuple(_said(readings, "e4_functions")),
        themes=tuple(_said(readings, "m1_themes")),
        theme_notes=tuple(_said(readings, "m1_more")),
        updates=tuple(_made(readings, o.Update)),
        authorities=tuple(_made(readings, o.Authority)),
        groups=tuple(_made(readings, o.WorkingGroup)),
        coordinators=tuple(_made(readings, o.GroupCoordinator)),
        members=tuple(_rows(readings, "member", o.Member)),
        uses=tuple(_made(readings, o.Use)),
        practices=tuple(_rows(readings, "practice", o.Practice)),
        challenges=_challenges(readings, known),
        training=tuple(_made(readings, o.Training)),
        recommendations=tuple(_rows(readings, "recommendation", o.Recommendation)),
        invited=tuple(_rows(readings, "entity", o.InvitedEntity)),
        documents=tuple(_rows(readings, "document", o.Document)),
        remarks=tuple(_said(readings, "f3_remark")),
        spoken=tuple(spoken(readings)),
        withheld=sum(reading.withheld for reading in readings),
        restricted=sum(reading.restricted for reading in readings),
        reserved=tuple(
            subject for subject, name in _FOCUS if any((_NO_ROW, name) in reading.hidden for reading in readings)
        ),
    )
    added = additions or Additions()
    dossier = with_additions(dossier, added)
    unresolved, decided, reopened = decide(dossier, differences(dossier), added.resolutions)
    missing, waived = without_waived(gaps(dossier, waiting), added.waived, differing=bool(unresolved))
    return replace(dossier, missing=missing, waived=waived, differences=unresolved, decided=decided, reopened=reopened)


def _voice(reading: Reading) -> Voice:
    contribution = reading.contribution
    given = [said.at for answers in reading.shown.values() for said in answers.values()]
    publication = publication_of(reading)
    entity = contribution.entity
    corrected = reading.raw.get("p4_confirm") == "no"

    def shown(name: str, *, allowed: bool) -> str:
        said = reading.get(name)
        return said.value if said is not None and allowed else ""

    def of_entity(name: str, known: str) -> str:
        return (shown(name, allowed=True) or known) if corrected or not known else known

    return Voice(
        number=reading.number,
        entity=Entity(
            of_entity("p4_name", entity.name),
            of_entity("p4_acronym", entity.acronym if not corrected else ""),
            of_entity("p4_type", entity.kind),
        ),
        role=contribution.role,
        language=contribution.language,
        given_on=max(given) if given else _first_moment(contribution),
        form_version=contribution.form_version,
        status=contribution.status,
        publication=publication,
        name=shown("p3_name", allowed=publication == "full"),
        function=shown("p3_function", allowed=publication != "none"),
        unit=shown("p3_unit", allowed=publication != "none"),
        email=shown("p3_email", allowed=publication == "full"),
        phone=shown("p3_phone", allowed=publication == "full"),
    )


def publication_of(reading: Reading) -> Publication:
    """Without an answer only the position is published; a confidential answer publishes nothing."""
    if (("", 0), "p7_publish") in reading.hidden:
        return "none"
    value = reading.raw.get("p7_publish", "position")
    return "full" if value == "full" else "none" if value == "none" else "position"


def _first_moment(contribution: Contribution) -> datetime:
    return max(moment(answer.at) for answer in contribution.answers)


def _said(readings: Sequence[Reading], name: str) -> Iterator[Said]:
    for reading in readings:
        said = reading.get(name)
        if said is not None:
            yield said


def _build(reading: Reading, kind: type[T], row: tuple[str, int] = ("", 0), part: str = "") -> T | None:
    """The object of `kind` that the answers of one row (or of the whole form) make; none when nothing was said."""
    values = {
        item.name: reading.get(item.metadata["question"].format(part), row)
        for item in fields(kind)
        if "question" in item.metadata
    }
    if not any(values.values()):
        return None
    return kind(by=reading.number, row=row[1], **values)


def _rows(readings: Sequence[Reading], repeat: str, kind: type[T]) -> Iterator[T]:
    for reading in readings:
        for row in reading.rows(repeat):
            made = _build(reading, kind, row)
            if made is not None:
                yield made


def _made(readings: Sequence[Reading], kind: type[T], part: str = "") -> Iterator[T]:
    for reading in readings:
        made = _build(reading, kind, part=part)
        if made is not None:
            yield made


def _sources(readings: Sequence[Reading]) -> Iterator[o.DataSource]:
    for source in _rows(readings, "source", o.DataSource):
        other = readings[source.by - 1].get("s2_other")
        wanted = source.domains is not None and "other" in source.domains.values
        yield replace(source, other_domain=other if wanted else None)


def _challenges(readings: Sequence[Reading], known: Wording) -> tuple[o.Challenge, ...]:
    """In ranked order: the sum of what each entity's ranking gives, then the order of the list."""
    found: list[o.Challenge] = []
    for name in known.choices("challenge"):
        weight = 0
        responses: list[o.Response] = []
        for reading in readings:
            ticked = reading.get("m8_challenges")
            if ticked is None or name not in ticked.values:
                continue
            weight += _weight(reading, ticked, name)
            response = _build(reading, o.Response, part=name) or o.Response(by=reading.number)
            other = reading.get("m8_other") if name == "other" else None
            responses.append(replace(response, challenge=name, ticked=ticked, other=other))
        if responses:
            found.append(o.Challenge(name, weight, tuple(responses)))
    return tuple(sorted(found, key=lambda challenge: -challenge.weight))


def _weight(reading: Reading, ticked: Said, name: str) -> int:
    if len(ticked.values) == 1:
        return 3
    first, second = reading.get("m8_first"), reading.get("m8_second")
    if first is not None and first.value == name:
        return 3
    if second is not None and second.value == name:
        return 2
    # with two challenges, the one that is not first is second without being asked
    return 2 if first is not None and len(ticked.values) == 2 else 1
