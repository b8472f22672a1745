"""The objects of the field that the questionnaire asks for, every value with who said it."""

# ruff: noqa: RUF009 - `asked` is a `field`: each object says itself which questions it is made of

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from flows.country.contribution import Said


def asked(question: str) -> Any:
    """A field of an object that holds the answer to `question` (`{}` stands for the stage or the challenge)."""
    return field(default=None, metadata={"question": question})


@dataclass(frozen=True, slots=True, kw_only=True)
class Thing:
    """What all objects share. `by`: the voice's number; `row`: the number of the row, 0 outside rows."""

    by: int
    row: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class DataSource(Thing):
    name: Said | None = asked("s3_name")
    status: Said | None = asked("s4_status")
    domains: Said | None = asked("s5_domains")
    type: Said | None = asked("s6_type")
    content: Said | None = asked("s7_content")
    period: Said | None = asked("s8_period")
    every: Said | None = asked("s8_every")
    year: Said | None = asked("s8_year")
    breakdown: Said | None = asked("s9_breakdown")
    format: Said | None = asked("s10_format")
    system: Said | None = asked("s10_system")
    access: Said | None = asked("s11_access")
    sharing: Said | None = asked("s12_basis")
    shared_with: Said | None = asked("s12_with")
    same_unit: Said | None = asked("s13_same")
    unit: Said | None = asked("s13_unit")
    email: Said | None = asked("s13_email")
    phone: Said | None = asked("s13_phone")
    url: Said | None = asked("s14_url")
    file: Said | None = asked("s14_file")
    limits: Said | None = asked("s15_limits")
    missing: Said | None = asked("s15_missing")
    other_domain: Said | None = None  # the domain that the entity itself proposed (S2)


@dataclass(frozen=True, slots=True, kw_only=True)
class User(Thing):
    entity: Said | None = asked("s16_entity")
    purpose: Said | None = asked("s16_purpose")
    source: Said | None = asked("s16_source")
    frequency: Said | None = asked("s16_frequency")


@dataclass(frozen=True, slots=True, kw_only=True)
class Need(Thing):
    domain: Said | None = asked("s17_domain")
    need: Said | None = asked("s17_need")


@dataclass(frozen=True, slots=True, kw_only=True)
class Involvement(Thing):
    """What an entity says of its own part in a stage of the policy cycle."""

    stage: str = ""
    role: Said | None = asked("c3_{}_role")
    action: Said | None = asked("c3_{}_action")
    data: Said | None = asked("c3_{}_data")


@dataclass(frozen=True, slots=True, kw_only=True)
class Lead(Thing):
    """What the coordinator says of a stage. `known`: `lead` or `none`."""

    stage: str = ""
    known: Said | None = asked("c4_{}_known")
    lead: Said | None = asked("c4_{}_lead")
    actors: Said | None = asked("c4_{}_actors")


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy(Thing):
    title: Said | None = asked("c1_title")
    year: Said | None = asked("c1_year")
    url: Said | None = asked("c1_url")
    file: Said | None = asked("c1_file")


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileDocument(Thing):
    title: Said | None = asked("e3_title")
    year: Said | None = asked("e3_year")
    format: Said | None = asked("e3_format")
    url: Said | None = asked("e3_url")
    file: Said | None = asked("e3_file")


@dataclass(frozen=True, slots=True, kw_only=True)
class Update(Thing):
    frequency: Said | None = asked("m2_frequency")
    next: Said | None = asked("m2_next")
    body: Said | None = asked("m2_body")
    email: Said | None = asked("m2_email")
    budget: Said | None = asked("m2_budget")


@dataclass(frozen=True, slots=True, kw_only=True)
class Authority(Thing):
    institution: Said | None = asked("e2_institution")
    function: Said | None = asked("e2_function")


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkingGroup(Thing):
    status: Said | None = asked("m3_status")
    name: Said | None = asked("m3_name")
    wanted: Said | None = asked("m3_wanted")
    url: Said | None = asked("m3_url")
    file: Said | None = asked("m3_file")


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupCoordinator(Thing):
    name: Said | None = asked("m4_name")
    function: Said | None = asked("m4_function")
    entity: Said | None = asked("m4_entity")


@dataclass(frozen=True, slots=True, kw_only=True)
class Member(Thing):
    entity: Said | None = asked("m5_entity")
    name: Said | None = asked("m5_name")
    function: Said | None = asked("m5_function")
    role: Said | None = asked("m5_role")


@dataclass(frozen=True, slots=True, kw_only=True)
class Use(Thing):
    """Whether an entity has used the migration profile, and what for."""

    used: Said | None = asked("m6_used")
    purpose: Said | None = asked("m6_purpose")


@dataclass(frozen=True, slots=True, kw_only=True)
class Practice(Thing):
    title: Said | None = asked("m7_title")
    done: Said | None = asked("m7_done")
    result: Said | None = asked("m7_result")
    stages: Said | None = asked("m7_stages")
    domains: Said | None = asked("m7_domains")
    share: Said | None = asked("m7_share")
    url: Said | None = asked("m7_url")
    file: Said | None = asked("m7_file")


@dataclass(frozen=True, slots=True, kw_only=True)
class Response(Thing):
    """What an entity says of one challenge. `ticked`: the answer that named it."""

    challenge: str = ""
    ticked: Said | None = None
    other: Said | None = None
    description: Said | None = asked("m9_{}_text")
    action: Said | None = asked("m9_{}_action")
    worked: Said | None = asked("m9_{}_worked")
    done_by: Said | None = asked("m9_{}_by")


@dataclass(frozen=True, slots=True)
class Challenge:
    """A challenge with what the entities say of it. `weight`: for each entity 3 when ranked first, 2 second, else 1."""

    name: str
    weight: int
    responses: tuple[Response, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Training(Thing):
    topics: Said | None = asked("m10_topics")
    text: Said | None = asked("m10_text")
    level: Said | None = asked("m10_level")
    staff: Said | None = asked("m10_staff")


@dataclass(frozen=True, slots=True, kw_only=True)
class Recommendation(Thing):
    category: Said | None = asked("r1_category")
    other: Said | None = asked("r1_other")
    text: Said | None = asked("r2_text")
    addressee: Said | None = asked("r3_addressee")
    priority: Said | None = asked("r3_priority")
    horizon: Said | None = asked("r3_horizon")
    basis: Said | None = asked("r3_basis")
    objectives: Said | None = asked("r4_objectives")
    areas: Said | None = asked("r4_areas")


@dataclass(frozen=True, slots=True, kw_only=True)
class InvitedEntity(Thing):
    name: Said | None = asked("e5_name")
    type: Said | None = asked("e5_type")
    domains: Said | None = asked("e5_domains")


@dataclass(frozen=True, slots=True, kw_only=True)
class Document(Thing):
    title: Said | None = asked("f1_title")
    year: Said | None = asked("f1_year")
    kind: Said | None = asked("f1_kind")
    url: Said | None = asked("f1_url")
    file: Said | None = asked("f1_file")
    quote: Said | None = asked("f1_quote")
