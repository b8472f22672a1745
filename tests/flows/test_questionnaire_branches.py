"""Who is asked what, and what is refused: the compiled questionnaire in the real logic."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from typing import cast

import pytest

from flows.interview.form import Form, Question, QuestionType, Repeat, load
from flows.interview.logic import Session
from flows.interview.logic.environment import Host
from flows.interview.logic.program import Program
from flows.questionnaires import compiled

NOW = datetime(2026, 3, 15, 10, tzinfo=UTC)
MUTE = (QuestionType.CALCULATE, QuestionType.HIDDEN, QuestionType.NOTE)
ROLES = {
    "C": {"role": "coordinator", "entity_name": "Conseil", "entity_type": "ministry"},
    "M": {"role": "official", "entity_name": "Ministère", "entity_type": "ministry"},
    "S": {"role": "official", "entity_name": "Institut", "entity_type": "statistics"},
    "O": {"role": "official", "entity_name": "Université", "entity_type": "research"},
}


@cache
def form() -> Form:
    return load(compiled())


@cache
def paths() -> dict[str, str]:
    return {node.name: node.path for node in form().walk()}


class Asked:
    """A session with questions by name; rows are written `s4_status@2`."""

    def __init__(self, who: str = "M", **answers: str) -> None:
        self.session = Session.start(cast(Program, form().logic), Host(NOW, "fr", lambda: "id"))
        self.say(p2_consent="yes", **ROLES[who])
        self.say(**answers)

    def path(self, name: str) -> str:
        bare, _, row = name.partition("@")
        path = paths()[bare]
        for node in form().walk():
            if isinstance(node, Repeat):
                path = path.replace(f"{node.path}/", f"{node.path}[{row or 1}]/")
        return path

    def say(self, **answers: str) -> Asked:
        for name, value in answers.items():
            self.session.set(self.path(name), value)
        return self

    def on(self, name: str) -> bool:
        return self.session.relevant(self.path(name))

    def fits(self, name: str, value: str) -> bool:
        self.session.set(self.path(name), value)
        return self.session.valid(self.path(name))

    def choices(self, name: str) -> list[str]:
        return [choice.name for choice in self.session.choices(self.path(name), "fr")]


@pytest.mark.parametrize("who", ROLES)
def test_every_role_is_asked_its_own_questions_and_no_others(who: str) -> None:
    open_all = {
        "s1_holds": "yes", "s4_status": "existing",
        "e3_status": "exists", "c1_status": "adopted", "m3_status": "exists",
        "c2_stages": "needs", "m8_challenges": "use", "s2_domains": "border crisis",
    }  # fmt: skip
    asked = Asked(who, **open_all)
    seen: dict[str, bool] = {}
    for node in form().walk():
        if not isinstance(node, Question) or node.type in MUTE:
            continue
        number, audience = node.attributes.get("id", ""), node.attributes.get("who", "")
        if number in ("", "S18", "S19"):
            continue
        seen[number] = seen.get(number, False) or asked.on(node.name)
        assert who in audience.split() or not asked.on(node.name), node.name
        if who in audience.split():
            seen.setdefault(number, False)
        else:
            del seen[number]
    assert [number for number, on in seen.items() if not on] == []


def test_without_consent_nothing_more_is_asked() -> None:
    asked = Asked(p2_consent="no")
    on = [node.name for node in form().walk() if isinstance(node, Question) and asked.on(node.name)]
    assert [name for name in on if name.startswith(tuple("pescmrf")) and name[1].isdigit()] == [
        "p1_language",
        "p2_text",
        "p2_consent",
        "p2_refused",
    ]


def test_who_follows_from_the_entity_the_official_names() -> None:
    asked = Asked("M", p4_confirm="no", p4_type="statistics")
    assert asked.session.value(asked.path("who")) == "S"
    assert asked.on("e3_status")
    asked.say(p4_confirm="yes")
    assert asked.session.value(asked.path("who")) == "M"
    assert not asked.on("e3_status")


def test_an_entity_without_data_goes_on_to_the_users() -> None:
    asked = Asked(s1_holds="no")
    assert not any(asked.on(name) for name in ("s2_domains", "s3_name", "s15_limits"))
    assert asked.on("s16_entity")
    assert Asked(s1_holds="planned").on("s3_name")


def test_border_and_crisis_are_asked_of_those_they_concern() -> None:
    assert not Asked().on("s18_border")
    assert Asked(s2_domains="border").on("s18_border")
    assert Asked(entity_type="security").on("s18_border")
    assert not Asked(s2_domains="border", s1_holds="no").on("s18_border")
    assert Asked("C", entity_type="security").on("s18_border")
    assert not Asked().on("s19_crisis")
    assert Asked(s2_domains="crisis").on("s19_crisis")
    assert Asked(p4_crisis="yes").on("s19_crisis")


def test_what_is_asked_of_a_source_depends_on_whether_it_exists() -> None:
    asked = Asked(s4_status="potential")
    assert [asked.on(name) for name in ("s8_period", "s9_breakdown", "s10_format", "s15_limits", "s15_missing")] == [
        *(False, False, False, False, True)
    ]
    asked.say(s4_status="existing")
    assert [asked.on(name) for name in ("s8_period", "s9_breakdown", "s10_format", "s15_limits", "s15_missing")] == [
        *(True, True, True, True, False)
    ]


def test_a_source_belongs_to_domains_that_the_entity_has() -> None:
    asked = Asked(s2_domains="border trends")
    assert asked.choices("s5_domains") == ["trends", "border"]
    assert len(Asked().choices("s5_domains")) == 5


def test_a_source_without_sex_and_age_is_remarked_on() -> None:
    asked = Asked(s4_status="existing", s9_breakdown="sex")
    assert asked.on("s9_sex_age")
    assert not asked.say(s9_breakdown="sex age").on("s9_sex_age")


def test_one_group_a_stage_and_one_a_challenge() -> None:
    asked = Asked(c2_stages="needs decision", m8_challenges="use other")
    assert [stage for stage in ("needs", "formulation", "decision") if asked.on(f"c3_{stage}_role")] == [
        *("needs", "decision")
    ]
    assert [name for name in ("understanding", "use", "other") if asked.on(f"m9_{name}_action")] == ["use", "other"]
    asked.say(c3_decision_role="lead", c2_stages="needs formulation decision")
    assert asked.session.value(asked.path("c3_decision_role")) == "lead"


def test_the_two_most_important_challenges_are_ranked_among_those_chosen() -> None:
    asked = Asked(m8_challenges="use")
    assert not asked.on("m8_first")
    asked.say(m8_challenges="use other update", m8_first="other")
    assert asked.on("m8_second")
    assert asked.choices("m8_second") == ["update", "use"]


def test_a_use_of_the_profile_is_asked_unless_there_is_none() -> None:
    assert Asked("M").on("m6_used")
    assert not Asked("M", profile_status="none").on("m6_used")
    assert not Asked("S", e3_status="none").on("m6_used")
    assert not Asked("S", e3_status="none").on("m1_themes")
    assert not Asked("C").on("m6_used")


def test_the_coordinator_is_told_when_entities_are_missing() -> None:
    asked = Asked("C", e5_name="Police", e5_type="security")
    assert [name for name in ("e5_few", "e5_no_statistics", "e5_no_border", "e5_no_crisis") if asked.on(name)] == [
        *("e5_few", "e5_no_statistics", "e5_no_crisis")
    ]


def test_sending_follows_the_clearance_route() -> None:
    assert Asked().choices("f4_submit") == ["send", "later"]
    assert Asked(p6_needed="yes").choices("f4_submit") == ["clear", "later"]
    assert Asked("C").choices("f4_submit") == ["send", "later"]


@pytest.mark.parametrize(
    ("name", "good", "bad"),
    [
        ("p3_name", "A" * 200, "A" * 201),
        ("p3_email", "a.b@min.gov.example", "a.b@min"),
        ("p3_phone", "+226 25 00 00 00", "25-00-AB"),
        ("s7_content", "x" * 600, "x" * 601),
        ("s8_year", "2027", "2028"),
        ("s8_year", "1950", "1949"),
        ("s9_breakdown", "sex age", "sex none"),
        ("s14_url", "https://stat.example/a?b=1", "ftp://stat.example"),
        ("s15_limits", "x" * 1500, "x" * 1501),
        ("s17_need", "x" * 400, "x" * 401),
        ("r2_text", "x" * 20, "x" * 19),
        ("r2_text", "x" * 600, "x" * 601),
        ("r4_objectives", "gcm_1 gcm_2 gcm_3", "gcm_1 gcm_2 gcm_3 gcm_4"),
        ("m9_use_text", "x" * 300, "x" * 301),
        ("m10_staff", "1", "0"),
    ],
)
def test_what_does_not_fit_is_refused(name: str, good: str, bad: str) -> None:
    asked = Asked(s4_status="existing", m8_challenges="use")
    assert asked.fits(name, good)
    assert not asked.fits(name, bad)
    assert asked.session.constraint_message(asked.path(name), "fr")
    assert asked.session.constraint_message(asked.path(name), "en")


def test_the_workshop_lies_in_the_future_and_ends_after_it_begins() -> None:
    asked = Asked("C")
    assert not asked.fits("e6_from", "2026-03-15")
    assert asked.fits("e6_from", "2026-09-01")
    assert not asked.fits("e6_to", "2026-08-31")
    assert asked.fits("e6_to", "2026-09-03")
