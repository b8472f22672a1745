"""A policy is data: what it sets holds, the rest is standard, and a mistake is refused with its line and the reason."""

from __future__ import annotations

import tomllib
from datetime import UTC, date, datetime, time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows import knowledge
from flows.country.follow_ups.policy import MOST_CHARACTERS, PolicyMistake, read_policy, standard_policy
from flows.country.follow_ups.rules import ONCE
from tests.budget import examples

STANDARD = Path(__file__).parents[4] / "flows" / "country" / "follow_ups" / "policy.toml"
KINDS = {
    "interest",
    "coordinator_missing",
    "invitation",
    "questionnaire",
    "delegation",
    "clearance",
    "acceptance",
    "release",
    "difference",
    "finding",
    "entities",
    "workshop_date",
    "workshop_answer",
    "workshop_soon",
    "outcomes",
    "review",
    "passages",
    "draft",
    "endorsement",
    "embargo",
    "publication",
    "round_due",
    "round",
    "retention",
    "unreachable",
    "turnover",
}


def refused(text: str) -> PolicyMistake:
    with pytest.raises(PolicyMistake) as caught:
        read_policy(text)
    return caught.value


# ---- what holds ---------------------------------------------------------------------------------------------------
def test_the_standard_policy_has_a_sound_rule_for_every_kind_and_a_calendar_for_every_country() -> None:
    policy = standard_policy()
    assert set(policy.kinds) == KINDS | ONCE
    for kind in policy.kinds:
        rule = policy.rule(kind)
        assert list(rule.spacing) == sorted(rule.spacing)
    now = datetime(2026, 11, 25, tzinfo=UTC)
    for country in knowledge.countries():
        assert policy.calendar(country.code).next_open(now) >= now
    assert policy.secretariat_calendar().zones == ("Europe/Brussels",)
    assert (policy.digest.weekday, policy.digest.hour) == ("monday", time(9))


def test_the_standard_file_is_a_policy_that_a_secretariat_can_send_back_unchanged() -> None:
    again, usual = read_policy(STANDARD.read_text("utf-8")), standard_policy()
    assert again == usual


def test_the_commented_example_at_its_end_is_a_policy_too() -> None:
    text = STANDARD.read_text("utf-8")
    lines = text[text.index("# [countries.BFA]") :].splitlines()
    policy = read_policy("\n".join(line.removeprefix("#").strip() for line in lines))
    assert policy.rule("questionnaire", "BFA").spacing == (7, 10, 15)
    assert policy.calendar("BFA").closed == {date(2026, 12, 24)}
    hours = policy.calendar("BFA").hours
    assert (hours.opens, hours.friday_closes) == (time(7, 30), time(12))


def test_what_is_set_for_one_country_holds_there_and_nowhere_else() -> None:
    policy = read_policy("[countries.BFA.kinds.questionnaire]\nfirst = 9\n")
    usual = standard_policy().rule("questionnaire")
    assert policy.rule("questionnaire", "BFA").first == 9
    assert policy.rule("questionnaire", "BFA").spacing == usual.spacing
    assert policy.rule("questionnaire", "MLI") == policy.rule("questionnaire") == usual
    assert policy.rule("delegation", "BFA") == standard_policy().rule("delegation")


def test_a_country_follows_what_is_set_for_all_where_it_has_set_nothing() -> None:
    policy = read_policy("[kinds.round]\nfirst = 9\n[countries.BFA.kinds.round]\nmost = 5\n[defaults]\nlate = 3\n")
    assert policy.rule("round", "BFA").first == 9
    assert policy.rule("round", "BFA").late == policy.rule("retention").late == 3


def test_hours_of_a_country_keep_the_friday_and_the_ramadan_that_it_is_listed_for() -> None:
    policy = read_policy('[countries.SEN.hours]\nopens = "08:00"\n[countries.BFA.hours]\nopens = 08:00:00\n')
    senegal, burkina = policy.calendar("SEN").hours, policy.calendar("BFA").hours
    assert senegal.opens == burkina.opens == time(8)
    assert senegal.friday_closes == time(12, 30) and senegal.ramadan is not None
    assert burkina.friday_closes is None and burkina.ramadan is None


def test_the_secretariat_s_calendar_is_the_one_that_the_policy_names() -> None:
    policy = read_policy('[secretariat]\ncountry = "AUT"\n')
    assert policy.secretariat_calendar().zones == ("Europe/Vienna",)


def test_whom_it_goes_up_to_cannot_be_set() -> None:
    for name in ("superior_after", "tell", "escalate_to"):
        assert refused(f"[kinds.clearance]\n{name} = 1\n").key == "follow_ups.policy_unknown_key"
    for name, value in (("most", 2), ("coordinator_after", 1), ("coordinator_overdue", 2)):
        for table in ("kinds", "countries.BFA.kinds"):
            for kind in ONCE:
                assert refused(f"[{table}.{kind}]\n{name} = {value}\n").key == "follow_ups.policy_once"


# ---- what is refused ----------------------------------------------------------------------------------------------
MISTAKES = [
    ("\nfirst = \n", 2, "syntax"),
    ("[kinds.round\n", 1, "syntax"),
    ("[countries.BFA]\nclosed = [2026-02-30]\n", 2, "syntax"),
    ("# all\n[kinds.round]\nfirst = 1\nfirst = 2\n", 4, "twice"),
    ("[digest]\n[digest]\n", 2, "twice"),
    ("x" * (MOST_CHARACTERS + 1), 1, "long"),
    (f"x = {'[' * 5000}", 1, "deep"),
    (f"\n{'a.' * 3000}b = 1", 2, "deep"),
    ("surprise = 3\n", 1, "unknown_table"),
    ("\n[reminders]\nfirst = 1\n", 2, "unknown_table"),
    ("[kinds.round]\n\nfist = 2\n", 3, "unknown_key"),
    ("[digest]\nday = 2\n", 2, "unknown_key"),
    ("[countries.BFA.hours.friday]\ncloses = '12:00'\ncountries = []\n", 3, "unknown_key"),
    ("[kinds.sonnet]\nfirst = 2\n", 1, "kind"),
    ("[countries.BFA.kinds.round]\nfirst = 7\n[countries.BFA.kinds.sonnet]\n", 3, "kind"),
    ("\n\n[countries.BFF]\nclosed = []\n", 3, "country"),
    ("[countries.bfa]\nclosed = []\n", 1, "country"),
    ('[secretariat]\ncountry = "BXL"\n', 2, "country"),
    ('[hours.ramadan]\ncountries = ["MAR", "ATL"]\n', 2, "country"),
    ("[kinds.round]\nfirst = -1\n", 2, "least"),
    ("[kinds.round]\nmost = 0\n", 2, "least"),
    ("[kinds.round]\nfirst = 9999\n", 2, "most"),
    ("[kinds.round]\nspacing = [\n  7,\n  0,\n]\n", 2, "least"),
    ("[kinds.round]\nspacing = []\n", 2, "empty"),
    ("[kinds.round]\nspacing = [7, 5]\n", 2, "shrinks"),
    ("[defaults]\nspacing = [7, 5]\n", 2, "shrinks"),
    ("kinds.round.spacing = [7, 5]\n", 1, "shrinks"),
    ("[kinds]\nround = { spacing = [7, 5] }\n", 2, "shrinks"),
    ("[kinds.round]\nbefore_due = [2, 7]\n", 2, "not_nearer"),
    ("[kinds.round]\nafter_due = [5, 1]\n", 2, "not_later"),
    ("[kinds.round]\ncoordinator_after = 9\n", 2, "beyond_most"),
    ("[kinds.round]\nfirst = 3\nmost = 1\n", 3, "beyond_most"),
    ("[kinds.round]\nfirst = '2'\n", 2, "number"),
    ("[kinds.round]\nfirst = 2.5\n", 2, "number"),
    ("[kinds.round]\nfirst = true\n", 2, "number"),
    ("[kinds.round]\nfirst = nan\n", 2, "number"),
    ("[kinds.round]\nspacing = 5\n", 2, "list"),
    ("[kinds.round]\nuntil_due = 1\n", 2, "yes_no"),
    ("[digest]\nweekday = 'noday'\n", 2, "choice"),
    ("[hours]\nreminder_days = ['tuesday', 'noday']\n", 2, "choice"),
    ("[hours]\nreminder_days = []\n", 2, "empty"),
    ("[countries.BFA.hours]\nreminder_days = 'tuesday'\n", 2, "list"),
    ("[secretariat]\ncountry = 32\n", 2, "text"),
    ("kinds = 3\n", 1, "table"),
    ("[kinds]\nround = 3\n", 2, "table"),
    ("[[kinds]]\nround = 3\n", 1, "table"),
    ("[countries]\nBFA = 3\n", 2, "table"),
    ("[countries.BFA]\nclosed = ['x']\n", 2, "date"),
    ("[countries.BFA]\nclosed = [2026-12-24T10:00:00]\n", 2, "date"),
    ("[countries.BFA]\nclosed = [2026-12-24]\nworked = [2026-12-24]\n", 3, "both"),
    ("[hours]\nopens = '25:00'\n", 2, "clock"),
    ("[hours]\nopens = 8\n", 2, "clock"),
    ("[digest]\nhour = '9h'\n", 2, "clock"),
    ("[hours]\nreminders = '07:00'\n\nopens = '18:00'\n", 4, "hours_order"),
    ("[countries.COD.hours]\nopens = '08:00'\ncloses = '09:00'\n", 3, "hours_short"),
    ("[hours.friday]\ncloses = '09:00'\n", 2, "hours_short"),
    ("[hours]\nreminders = '15:00'\n", 2, "hours_reminders"),
    ("[countries.BFA.hours]\nramadan = { opens = '08:00' }\n", 2, "missing"),
    ("[kinds.clearance_superior]\nmost = 2\n", 2, "once"),
    ("[kinds.round]\nspacing = [1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1]\n", 2, "many"),
]


@pytest.mark.parametrize(("text", "line", "key"), MISTAKES)
def test_a_mistake_is_refused_with_its_line_and_the_reason(text: str, line: int, key: str) -> None:
    mistake = refused(text)
    assert (mistake.line, mistake.key) == (line, f"follow_ups.policy_{key}")
    for language in ("fr", "en"):
        words = mistake.told(language)
        assert str(line) in words and "{" not in words.replace(str(mistake.values.get("found", "")), "")


def test_every_sentence_about_a_mistake_has_a_mistake() -> None:
    source = (Path(__file__).parents[4] / "flows" / "locales" / "en" / "follow_ups.po").read_text("utf-8")
    said = {line.split('"')[1].removeprefix("policy_") for line in source.splitlines() if 'msgid "policy_' in line}
    assert said == {key for _, _, key in MISTAKES}


def test_what_is_allowed_is_said() -> None:
    assert "questionnaire" in refused("[kinds.sonnet]\n").told("en")
    assert "BFA" in refused("[countries.XXX]\n").told("fr")
    assert "coordinator_after" in refused("[kinds.round]\nfist = 2\n").told("fr")
    assert "monday" in refused("[digest]\nweekday = 'x'\n").told("en")


def test_of_several_mistakes_the_first_is_told() -> None:
    assert refused("[kinds.round]\nfirst = 2\nlate = -3\nmost = 0\n").line == 3


def test_what_is_quoted_is_shortened_and_has_no_control_characters() -> None:
    mistake = refused(f'[digest]\nweekday = "{"x" * 10_000}\\u202e\\u0000"\n')
    assert len(mistake.told("fr")) < 400
    assert "\u202e" not in refused('[digest]\nweekday = "a\\u202eb"\n').told("fr")


STATEMENTS = st.sampled_from(STANDARD.read_text("utf-8").splitlines())
VALUES = st.sampled_from(
    ["-1", "0", "''", "'x'", "[]", "[[]]", "{}", "true", "1e400", "2026-01-01", "'08:30'", "9" * 30]
)


@settings(max_examples=examples(150), deadline=None)
@given(st.lists(st.one_of(STATEMENTS, st.tuples(STATEMENTS, VALUES)), max_size=12))
def test_whatever_is_sent_is_a_policy_or_refused_with_a_line_that_there_is(pieces: list[str | tuple[str, str]]) -> None:
    lines = [one if isinstance(one, str) else f"{one[0].partition('=')[0] or 'x'} = {one[1]}" for one in pieces]
    text = "\n".join(lines)
    try:
        policy = read_policy(text)
    except PolicyMistake as mistake:
        assert 1 <= mistake.line <= max(len(lines), 1)
        assert mistake.told("fr") and mistake.told("en")
        return
    assert policy.rule("questionnaire", "BFA").most >= 1
    assert tomllib.loads(text) is not None
