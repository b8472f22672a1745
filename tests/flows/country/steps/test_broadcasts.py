"""What is decided about messages to groups."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from flows.country.access import Actor
from flows.country.steps.base import Fact, Refusal, Step, When
from flows.country.steps.broadcasts import (
    MOST_CHARACTERS,
    BroadcastPut,
    BroadcastSent,
    BroadcastStopped,
    SendBroadcast,
    StopBroadcast,
)
from flows.country.steps.course import Course, replay
from flows.country.steps.door import take

NOW = datetime(2027, 1, 5, 10, 0, tzinfo=UTC)
SECRETARIAT = Actor("secretariat", 1)
COORDINATOR = Actor("coordinator", 2, "BFA")


def course(*facts: tuple[Fact, str], country: str = "BFA") -> Course:
    return replay(country, [(one, When(number, NOW, 1, role)) for number, (one, role) in enumerate(facts, 1)])


SENT = BroadcastSent("officials", 3, draft=7, fr="Bonjour")


def refused(step: Step, actor: Actor, before: Course) -> str:
    decision = take(before, actor, step, NOW)
    assert isinstance(decision, Refusal)
    return decision.reason


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"group": "coordinators"}, "wrong_group"),
        ({"group": "entity"}, "wrong_group"),
        ({"entity_id": 5}, "wrong_group"),
        ({"texts": {}}, "no_text"),
        ({"texts": {"fr": "  \n"}}, "no_text"),
        ({"texts": {"fr": "x" * (MOST_CHARACTERS + 1)}}, "too_long"),
        ({"people": 0}, "nobody"),
        ({"draft": 7}, "already_sent"),
    ],
)
def test_what_cannot_be_sent_is_refused(changes: dict[str, Any], reason: str) -> None:
    step = SendBroadcast(**{"group": "officials", "people": 3, "texts": {"en": "Hello"}, "draft": 8, **changes})
    assert refused(step, COORDINATOR, course((SENT, "coordinator"))) == f"broadcasts.{reason}"


@pytest.mark.parametrize(
    ("actor", "country", "reason"),
    [
        (Actor("official", 3, "BFA", 1), "BFA", "role"),
        (Actor("expert", 3, "BFA"), "BFA", "role"),
        (COORDINATOR, "GHA", "country"),
        (COORDINATOR, "", "country"),
    ],
)
def test_only_the_secretariat_and_a_country_s_own_coordinator_write(actor: Actor, country: str, reason: str) -> None:
    step = SendBroadcast("officials" if country else "experts", 3, {"fr": "Bonjour"})
    assert refused(step, actor, course(country=country)) == f"access.{reason}"


def test_what_is_sent_keeps_its_texts_and_counts() -> None:
    before = course((SENT, "coordinator"), (BroadcastPut(1, 2, {"refused": 1}), "coordinator"))
    one = before.broadcasts.newest
    assert one is not None
    assert (one.number, one.people, one.put, one.texts, one.left_out) == (1, 3, 2, {"fr": "Bonjour"}, {"refused": 1})


def test_what_waits_is_stopped_once_and_not_by_who_did_not_write_it() -> None:
    before = course((SENT, "secretariat"), (BroadcastPut(1, 2), "secretariat"))
    assert refused(StopBroadcast(1, 2), COORDINATOR, before) == "broadcasts.not_yours"
    assert refused(StopBroadcast(1, 0), SECRETARIAT, before) == "broadcasts.all_out"
    assert refused(StopBroadcast(9, 2), SECRETARIAT, before) == "broadcasts.unknown"
    assert take(before, SECRETARIAT, StopBroadcast(1, 2), NOW) == (BroadcastStopped(1, 2),)
    stopped = course((SENT, "secretariat"), (BroadcastStopped(1, 2), "secretariat"))
    assert refused(StopBroadcast(1, 2), SECRETARIAT, stopped) == "broadcasts.stopped_before"


def test_one_can_be_stopped_before_its_messages_are_made() -> None:
    assert take(course((SENT, "coordinator")), COORDINATOR, StopBroadcast(1, 0), NOW) == (BroadcastStopped(1, 0),)
