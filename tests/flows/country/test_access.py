"""The table of rights, whole: every role × every action × own and other country, entity and part."""

from __future__ import annotations

from typing import get_args

import pytest

from flows.country.access import ROLES, TABLE, Action, Actor, Place, Role, denied, who_may
from flows.i18n import text

OWN, OTHER = "BFA", "GHA"
ACTIONS: tuple[Action, ...] = get_args(Action)

# What each role may do at all, spelt out a second time: a change of the table has to be meant.
MAY: dict[Role, set[str]] = {
    "secretariat": {
        *("open_country", "set_dates", "see_all_countries", "see_status", "name_entity", "merge_entities"),
        *(
            "invite",
            "name_coordinator",
            "replace_person",
            "replace_coordinator",
            "read_answers",
            "waive_gap",
            "record_paper",
            "record_finding",
        ),
        *("plan_workshop", "record_workshop", "compile", "see_draft", "comment_draft", "send_version"),
        *("propose_endorsement", "publish", "see_publication", "open_round", "publish_form", "share_across"),
        *("export_data", "read_audit", "erase_person", "own_data", "see_follow_ups", "set_policy", "broadcast"),
        *("see_objectives", "keep_activities"),
    },
    "focal_point": {
        *("see_status", "express_interest", "invite", "name_coordinator", "replace_coordinator", "attend_workshop"),
        *("see_publication", "own_data", "see_objectives"),
    },
    "coordinator": {
        *("see_status", "see_own_part", "express_interest", "name_entity", "merge_entities", "invite"),
        *(
            "replace_person",
            "replace_coordinator",
            "delegate",
            "recall",
            "hand_in",
            "accept",
            "return_answers",
            "fill_on_paper",
        ),
        *("release_restricted", "read_answers", "read_restricted", "resolve_difference", "waive_gap"),
        *("settle_finding", "plan_workshop", "attend_workshop", "record_workshop", "see_draft", "comment_draft"),
        *("see_own_passages", "write_foreword", "endorse", "see_publication", "open_round"),
        *("own_data", "see_follow_ups", "broadcast", "see_objectives"),
    },
    "official": {
        *(
            "see_own_part",
            "delegate",
            "recall",
            "hand_in",
            "clear_on_paper",
            "read_answers",
            "read_restricted",
            "fill_on_paper",
        ),
        *("settle_finding", "attend_workshop", "see_own_passages", "see_publication", "own_data", "see_objectives"),
    },
    "colleague": {"see_own_part", "hand_back", "fill_on_paper", "see_publication", "own_data", "see_objectives"},
    "superior": {
        *("see_own_part", "clear", "read_answers", "read_restricted", "see_publication", "own_data", "see_objectives")
    },
    "expert": {
        *("see_status", "read_answers", "record_finding", "attend_workshop", "record_workshop", "see_draft"),
        *("comment_draft", "send_version", "see_publication", "share_across", "own_data", "see_objectives"),
    },
}
# What nobody but these may ever do, whatever else changes.
ONLY: dict[str, set[Role]] = {
    "endorse": {"coordinator"},
    "accept": {"coordinator"},
    "release_restricted": {"coordinator"},
    "resolve_difference": {"coordinator"},
    "publish": {"secretariat"},
    "clear": {"superior"},
    "erase_person": {"secretariat"},
    "see_all_countries": {"secretariat"},
}


def _actor(role: Role, country: str) -> Actor:
    return Actor(role, 7, "" if role == "secretariat" else country, 70)


@pytest.mark.parametrize("role", ROLES)
def test_each_role_may_do_in_its_own_place_what_the_table_says_and_nothing_more(role: Role) -> None:
    for action in ACTIONS:
        assert (denied(_actor(role, OWN), action, Place(OWN, 70, 7)) is None) == (action in MAY[role]), action


@pytest.mark.parametrize("role", ROLES)
def test_nobody_but_the_secretariat_reaches_another_country(role: Role) -> None:
    for action in ACTIONS:
        why = denied(_actor(role, OWN), action, Place(OTHER, 70, 7))
        if action not in MAY[role]:
            assert why == "role", action
        elif role == "secretariat":
            assert why is None, action
        else:
            assert why == "country", action


@pytest.mark.parametrize("action", ACTIONS)
def test_an_international_expert_has_the_same_rights_everywhere(action: Action) -> None:
    for country in (OWN, OTHER):
        why = denied(Actor("expert", 7, "", None), action, Place(country, None, 7))
        assert (why is None) == (action in MAY["expert"])


@pytest.mark.parametrize("role", ROLES)
def test_what_reaches_an_entity_or_a_part_only_stops_there(role: Role) -> None:
    for action in ACTIONS:
        reach = TABLE[action].get(role)
        if reach == "entity":
            assert denied(_actor(role, OWN), action, Place(OWN, 71, 7)) == "entity", action
            assert denied(_actor(role, OWN), action, Place(OWN, None, 7)) == "entity", action
        if reach == "own":
            assert denied(_actor(role, OWN), action, Place(OWN, 70, 8)) == "person", action
            assert denied(_actor(role, OWN), action, Place(OWN, 70, None)) == "person", action


@pytest.mark.parametrize("action", ONLY)
def test_what_belongs_to_one_role_alone_stays_there(action: Action) -> None:
    assert set(who_may(action)) == ONLY[action]


def test_every_action_belongs_to_somebody_and_no_other_is_in_the_table() -> None:
    assert set(TABLE) == set(ACTIONS)
    assert all(TABLE.values())


@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_role_has_a_name_in_the_sentences_of_refusal(language: str) -> None:
    for role in ROLES:
        assert text(f"access.role_{role}", language)
