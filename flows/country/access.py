"""Who may do what, and where: one table. All that anybody does to a dossier, or reads of it, is looked up here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Role = Literal["secretariat", "focal_point", "coordinator", "official", "colleague", "superior", "expert"]
ROLES: tuple[Role, ...] = ("secretariat", "focal_point", "coordinator", "official", "colleague", "superior", "expert")

Action = Literal[
    "open_country", "set_dates", "see_all_countries", "see_status", "see_own_part",
    "express_interest", "name_coordinator", "name_entity", "merge_entities", "invite", "replace_person",
    "replace_coordinator",
    "delegate", "recall", "hand_back", "hand_in", "fill_on_paper", "clear", "clear_on_paper",
    "accept", "return_answers", "release_restricted", "read_answers", "read_restricted", "resolve_difference",
    "record_paper", "record_finding", "settle_finding", "plan_workshop", "attend_workshop", "record_workshop",
    "compile", "see_draft", "comment_draft", "send_version", "see_own_passages", "propose_endorsement",
    "write_foreword", "endorse", "publish", "see_publication", "open_round",
    "see_follow_ups", "set_policy", "broadcast",
    "see_objectives", "keep_activities",
    "waive_gap", "publish_form", "export_data", "read_audit", "erase_person", "own_data", "share_across",
]  # fmt: skip

Reach = Literal["everywhere", "country", "entity", "own"]
"""How far a right goes: all countries; one's own country (for an expert without a country, everywhere); one's own
entity; one's own part only."""

_ALL_ROLES: Mapping[Role, Reach] = dict.fromkeys(ROLES, "own")
_EVERYBODY: Mapping[Role, Reach] = {role: "everywhere" if role == "secretariat" else "country" for role in ROLES}

TABLE: Mapping[Action, Mapping[Role, Reach]] = {
    # the exercise
    "open_country": {"secretariat": "everywhere"},
    "set_dates": {"secretariat": "everywhere"},
    "see_all_countries": {"secretariat": "everywhere"},
    "see_status": {"secretariat": "everywhere", "coordinator": "country", "focal_point": "country",
                   "expert": "country"},
    "see_own_part": {"official": "entity", "coordinator": "country", "colleague": "own", "superior": "entity"},
    # who takes part
    "express_interest": {"focal_point": "country", "coordinator": "country"},
    "name_coordinator": {"focal_point": "country", "secretariat": "everywhere"},
    "name_entity": {"coordinator": "country", "secretariat": "everywhere"},
    "merge_entities": {"coordinator": "country", "secretariat": "everywhere"},
    "invite": {"coordinator": "country", "focal_point": "country", "secretariat": "everywhere"},
    "replace_person": {"coordinator": "country", "secretariat": "everywhere"},
    "replace_coordinator": {"coordinator": "country", "focal_point": "country", "secretariat": "everywhere"},
    # an entity's contribution
    "delegate": {"official": "own", "coordinator": "own"},
    "recall": {"official": "own", "coordinator": "own"},
    "hand_back": {"colleague": "own"},
    "hand_in": {"official": "own", "coordinator": "own"},
    "fill_on_paper": {"official": "own", "coordinator": "own", "colleague": "own"},
    "clear": {"superior": "entity"},
    "clear_on_paper": {"official": "own"},
    "accept": {"coordinator": "country"},
    "return_answers": {"coordinator": "country"},
    "release_restricted": {"coordinator": "country"},
    "read_answers": {"coordinator": "country", "official": "entity", "superior": "entity", "secretariat": "everywhere",
                     "expert": "country"},
    "read_restricted": {"coordinator": "country", "official": "entity", "superior": "entity"},
    "resolve_difference": {"coordinator": "country"},
    "waive_gap": {"coordinator": "country", "secretariat": "everywhere"},
    "record_paper": {"secretariat": "everywhere"},
    # desk research, workshops
    "record_finding": {"expert": "country", "secretariat": "everywhere"},
    "settle_finding": {"official": "entity", "coordinator": "country"},
    "plan_workshop": {"coordinator": "country", "secretariat": "everywhere"},
    "attend_workshop": {"official": "own", "coordinator": "own", "expert": "own", "focal_point": "own"},
    "record_workshop": {"coordinator": "country", "secretariat": "everywhere", "expert": "country"},
    # the guide
    "compile": {"secretariat": "everywhere"},
    "see_draft": {"secretariat": "everywhere", "expert": "country", "coordinator": "country"},
    "comment_draft": {"secretariat": "everywhere", "expert": "country", "coordinator": "country"},
    "send_version": {"secretariat": "everywhere", "expert": "country"},
    "see_own_passages": {"official": "entity", "coordinator": "country"},
    "propose_endorsement": {"secretariat": "everywhere"},
    "write_foreword": {"coordinator": "country"},
    "endorse": {"coordinator": "country"},
    "publish": {"secretariat": "everywhere"},
    "see_publication": {"secretariat": "everywhere", "coordinator": "country", "focal_point": "country",
                        "official": "country", "expert": "country", "superior": "country", "colleague": "country"},
    # afterwards
    "open_round": {"secretariat": "everywhere", "coordinator": "country"},
    "see_follow_ups": {"secretariat": "everywhere", "coordinator": "country"},
    "set_policy": {"secretariat": "everywhere"},
    "broadcast": {"secretariat": "everywhere", "coordinator": "country"},
    "publish_form": {"secretariat": "everywhere"},
    "share_across": {"secretariat": "everywhere", "expert": "country"},
    # the objectives of the Global Compact
    "see_objectives": _EVERYBODY,
    "keep_activities": {"secretariat": "everywhere"},
    # data and records
    "export_data": {"secretariat": "everywhere"},
    "read_audit": {"secretariat": "everywhere"},
    "erase_person": {"secretariat": "everywhere"},
    "own_data": _ALL_ROLES,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts, and in which capacity. `person_id`: None for the command line, which acts as the secretariat;
    `country`: ISO 3166-1 alpha-3, "" for the secretariat and for international experts."""

    role: Role
    person_id: int | None = None
    country: str = ""
    entity_id: int | None = None


_OF_ALL_COUNTRIES = frozenset({"secretariat", "expert"})  # where they have no country of their own

COMMAND_LINE = Actor("secretariat")


@dataclass(frozen=True, slots=True)
class Place:
    """What is acted upon: in which country, of which entity, whose part."""

    country: str
    entity_id: int | None = None
    person_id: int | None = None


Denial = Literal["role", "country", "entity", "person", "ended"]


def denied(actor: Actor, action: Action, place: Place) -> Denial | None:
    """Why `actor` may not do `action` there; None: they may."""
    reach = TABLE[action].get(actor.role)
    if reach is None:
        return "role"
    if reach == "everywhere":
        return None
    if actor.country != place.country and not (actor.role in _OF_ALL_COUNTRIES and not actor.country):
        return "country"
    if reach == "entity" and (place.entity_id is None or actor.entity_id != place.entity_id):
        return "entity"
    if reach == "own" and (place.person_id is None or actor.person_id != place.person_id):
        return "person"
    return None


def who_may(action: Action) -> tuple[Role, ...]:
    """The roles that have the right, for a sentence that says whom to ask."""
    return tuple(role for role in ROLES if role in TABLE[action])
