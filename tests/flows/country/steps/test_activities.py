"""The catalogue of activities: what the secretariat adds, corrects and withdraws, and what is refused."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.activities import Activity, packaged
from flows.country.access import COMMAND_LINE, Actor
from flows.country.ledger import Entry, seal
from flows.country.steps.activities import (
    ActivityAdded,
    ActivityCorrected,
    Catalogue,
    KeepActivities,
    WithdrawActivity,
    catalogue,
    tidy,
)
from flows.country.steps.base import Facts, Refusal, Step, written
from flows.country.steps.course import Course, course_of
from flows.country.steps.door import take
from tests.budget import examples

NOW = datetime(2026, 11, 25, 10, tzinfo=UTC)
GENEVA = Activity(
    code="",
    kind="meeting",
    objectives=(8, 7),
    year=2023,
    begins=date(2023, 9, 20),
    ends=date(2023, 9, 21),
    titles={"fr": "Migrants disparus", "en": "Missing migrants"},
    translated=frozenset({"en"}),
    places={"fr": "Genève", "en": "Geneva"},
    links={"fr": "https://rabat-process.org/fr/a"},
)


class Chain:
    """The chain of the exercise as a whole."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []

    @property
    def course(self) -> Course:
        return course_of("", self.entries)

    @property
    def catalogue(self) -> Catalogue:
        return catalogue(self.course)

    def take(self, step: Step, actor: Actor = COMMAND_LINE) -> Facts | Refusal:
        found = take(self.course, actor, step, NOW)
        for one in () if isinstance(found, Refusal) else found:
            kind, facts, said = written(one)
            previous = self.entries[-1].hash if self.entries else "0" * 64
            self.entries.append(
                seal(
                    chain="",
                    number=len(self.entries) + 1,
                    at=NOW,
                    kind=kind,
                    actor_id=None,
                    role=actor.role,
                    channel="test",
                    update_id=None,
                    message_id="",
                    facts=json.loads(json.dumps(facts)),
                    words=said,
                    previous=previous,
                )
            )
        return found


def reason(found: object) -> str:
    assert isinstance(found, Refusal)
    return found.reason


def test_what_is_added_stands_beside_what_the_program_brings() -> None:
    chain = Chain()
    assert chain.catalogue.version == "1"
    found = chain.take(KeepActivities((GENEVA,)))
    assert isinstance(found, tuple)
    assert isinstance(found[0], ActivityAdded)
    held = chain.catalogue.get("a1")
    assert held is not None
    assert (held.title("en"), held.objectives, held.begins, held.place("fr")) == (
        *("Missing migrants", (7, 8), date(2023, 9, 20), "Genève"),
    )
    assert held.translated == {"en"}
    assert chain.catalogue.version == "1.1"
    assert len(chain.catalogue.activities) == len(packaged().activities) + 1
    assert chain.catalogue.of(8)[-1] == held


def test_what_the_program_brings_can_be_corrected_and_withdrawn() -> None:
    chain = Chain()
    one = chain.catalogue.get("root-causes")
    assert one is not None
    (fact,) = chain.take(KeepActivities((replace(one, objectives=(2, 19)),)))  # type: ignore[misc]
    assert isinstance(fact, ActivityCorrected)
    assert "root-causes" in {held.code for held in chain.catalogue.of(19)}
    assert isinstance(chain.take(WithdrawActivity("root-causes")), tuple)
    assert chain.catalogue.get("root-causes") is None
    assert reason(chain.take(WithdrawActivity("root-causes"))) == "objectives.no_activity"
    assert chain.catalogue.version == "1.2"


def test_a_code_is_never_given_twice() -> None:
    chain = Chain()
    chain.take(KeepActivities((GENEVA,)))
    chain.take(WithdrawActivity("a1"))
    chain.take(KeepActivities((GENEVA,)))
    assert chain.catalogue.get("a1") is None
    assert chain.catalogue.get("a2") is not None


def test_a_list_is_kept_whole_or_not_at_all() -> None:
    chain = Chain()
    wrong = replace(GENEVA, titles={"fr": "Autre"}, links={})
    assert reason(chain.take(KeepActivities((GENEVA, wrong)))) == "objectives.link_missing"
    assert chain.entries == []
    assert reason(chain.take(KeepActivities((GENEVA, GENEVA)))) == "objectives.known"


def test_what_is_there_already_changes_nothing() -> None:
    chain = Chain()
    assert reason(chain.take(KeepActivities(packaged().activities))) == "objectives.unchanged"
    chain.take(KeepActivities((GENEVA,)))
    assert reason(chain.take(KeepActivities((GENEVA,)))) == "objectives.known"
    assert reason(chain.take(KeepActivities((replace(GENEVA, titles={"en": "MISSING migrants"}),)))) == (
        "objectives.known"
    )


def test_erased_words_are_not_shown_and_the_chain_still_reads() -> None:
    chain = Chain()
    chain.take(KeepActivities((GENEVA,)))
    chain.entries = [replace(one, words=None) for one in chain.entries]
    assert chain.catalogue.get("a1") is None


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"titles": {}}, "title_missing"),
        ({"titles": {"fr": "x" * 301}}, "too_long"),
        ({"places": {"fr": "x" * 201}}, "too_long"),
        ({"kind": "party"}, "unknown_kind"),
        ({"objectives": ()}, "objective_missing"),
        ({"objectives": (24,)}, "unknown_objective"),
        ({"year": 1999, "begins": None, "ends": None}, "bad_year"),
        ({"year": 2022}, "other_year"),
        ({"ends": date(2023, 9, 1)}, "ends_before"),
        ({"links": {"fr": "file:///C:/Users/someone/a.pdf"}}, "bad_link"),
        ({"code": "nothing"}, "no_activity"),
        ({"code": "Ü"}, "bad_code"),
    ],
)
def test_what_is_wrong_is_refused(changes: dict[str, object], expected: str) -> None:
    chain = Chain()
    assert reason(chain.take(KeepActivities((replace(GENEVA, **changes),)))) == f"objectives.{expected}"  # type: ignore[arg-type]
    assert chain.entries == []


def test_only_the_secretariat_keeps_it() -> None:
    chain = Chain()
    assert reason(chain.take(KeepActivities((GENEVA,)), Actor("expert", 3))) == "access.role"
    assert reason(take(Course("BFA"), COMMAND_LINE, KeepActivities((GENEVA,)), NOW)) == "objectives.of_country"


@settings(max_examples=examples(60), deadline=None)
@given(st.text(max_size=200))
def test_texts_of_any_kind_become_one_line(words: str) -> None:
    said = tidy(replace(GENEVA, titles={"fr": words, "en": "x"})).titles.get("fr", "x")
    assert said == said.strip()
    assert not set(said) & {"\n", "\r", "\x00", "\u2028", "\u202e"}
