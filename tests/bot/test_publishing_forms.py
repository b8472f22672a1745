"""A newer version of the questionnaire is published while people answer: told first, and nobody loses a word."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.__main__ import build
from bot.publishing_forms import NotPublished, Preview, preview, publish
from bot.questionnaires import digest
from db.database import Store
from flows.i18n import text
from flows.interview import inputs
from flows.interview.form import Form
from flows.interview.interview import advance, start
from flows.interview.state import Interview
from flows.interview.xlsform import load_form
from flows.questionnaires import compiled
from tests.bot.command_line import alone
from tests.bot.conftest import SMALL, House, small_form
from tests.bot.steps.test_delegation import SECTION, _colleague, _lend

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
PACKAGED = {"small": small_form()}
CHANGED = text("interview.form_changed", "fr")


def newer(*pairs: tuple[str, str], version: str = "2") -> Form:
    """The small form with words replaced, and another version."""
    given = SMALL
    for old, new in pairs:
        assert given.count(old) == 1, old
        given = given.replace(old, new)
    given = given.replace("| small                   | 1  ", f"| small                   | {version}  ")
    return load_form(given.encode(), "md")


def xml(form: Form) -> str:
    return form.logic.source.decode()


def without(name: str) -> tuple[str, str]:
    return row(name), ""


def row(name: str) -> str:
    """The line of a question."""
    lines = SMALL.partition("| choices ")[0].splitlines(keepends=True)
    (line,) = [line for line in lines if f"| {name} " in line and "| type " not in line]
    return line


STRICTER = (". > 1950", ". > 1900")
WORDED = ("Nom de la source ?", "Quel est le nom de la source ?")


async def publish_at(house: House, form: Form) -> None:
    async with house.store() as store:
        done = await publish(store, PACKAGED, xml(form), NOW)
    assert isinstance(done, Form), done


async def interview_of(house: House) -> Interview:
    async with house.store() as store, store.reading() as tx:
        (stored, *_) = [one for one in await tx.interviews.of_country("BFA") if one.form_id == "small"]
    return Interview.from_json(json.loads(stored.state))


# ---- while people answer --------------------------------------------------------------------------------------------
async def test_a_wording_fix_is_seen_at_the_next_turn_without_a_word_about_it(house: House) -> None:
    awa = await house.official("Awa")
    await publish_at(house, newer(WORDED, ("Quels domaines ?", "Dans quels domaines ?")))
    await awa.send("Recensement")
    await awa.expect("Dans quels domaines ?")
    assert CHANGED not in await awa.transcript()
    assert (await house.answers())["/data/body/name"] == [("Recensement", "answered")]
    assert (await interview_of(house)).version == "2"


async def test_a_change_of_meaning_asks_again_after_the_question_being_asked_and_one_tap_confirms(
    house: House,
) -> None:
    awa = await house.official("Awa")
    await awa.send("Recensement")
    await awa.expect("Quels domaines ?")
    await awa.send("/skip")
    await awa.expect("Quelle année ?")
    await awa.send("2019")
    await awa.expect("Un document ?")
    await publish_at(house, newer(STRICTER))
    await awa.send("/skip")
    news = await awa.expect(CHANGED)
    assert text("interview.form_again", "fr", 1) in news.text
    again = await awa.expect("Quelle année ?")
    assert text("interview.changed_constraint", "fr") in again.text
    await awa.press("Je maintiens ma réponse")
    await awa.expect(text("interview.completed", "fr"))
    answers = await house.answers()
    assert answers["/data/body/law"] == [("", "skipped")]
    assert answers["/data/body/year"] == [("2019", "answered")] * 2
    async with house.store() as store, store.reading() as tx:
        entries = [one for one in await tx.audit.entries() if one.action == "form changed"]
    (entry,) = entries
    assert json.loads(entry.details) == {"from": "1", "to": "2", "asked again": 1, "kept aside": 0, "moved": 0}


async def test_when_the_question_being_answered_is_gone_the_words_are_kept_and_the_next_one_is_asked(
    house: House,
) -> None:
    awa = await house.official("Awa")
    await publish_at(house, newer(without("name")))
    await awa.send("Recensement général")
    news = await awa.expect(CHANGED)
    assert "Nom de la source" in news.text
    await awa.expect("Quels domaines ?")
    assert "/data/body/name" not in await house.answers()
    (kept,) = (await interview_of(house)).retired
    assert (kept.value, kept.why, kept.version) == ("Recensement général", "unfinished", "1")


async def test_what_was_answered_stays_when_its_question_is_retired(house: House) -> None:
    awa = await house.official("Awa")
    await awa.send("Recensement")
    await awa.expect("Quels domaines ?")
    await awa.send("Tendances")
    await awa.expect("Quelle année ?")
    await publish_at(house, newer(without("domains"), without("year")))
    await awa.send("/resume")
    news = await awa.expect(CHANGED)
    assert text("interview.form_retired", "fr", 1) in news.text
    await awa.expect("Un document ?")
    ((name, *_), domains) = [(await house.answers())[f"/data/body/{one}"] for one in ("name", "domains")]
    assert (name, domains) == (("Recensement", "answered"), [("trends", "answered")])
    assert [(one.path, one.value) for one in (await interview_of(house)).retired] == [("/data/body/domains", "trends")]


async def test_an_answer_that_moved_stands_in_its_new_place_in_the_history_said_by_whom_it_was_said(
    house: House,
) -> None:
    awa = await house.official("Awa")
    await awa.send("Recensement")
    await awa.expect("Quels domaines ?")
    line = row("name")
    group = "| | begin_group | source | Source | Source |\n"
    await publish_at(house, newer((line, f"{group}{line}| | end_group | |\n")))
    await awa.send("Tendances")
    await awa.expect("Quelle année ?")
    answers = await house.answers()
    assert answers["/data/body/name"] == [("Recensement", "answered"), ("", "cleared")]
    assert answers["/data/body/source/name"] == [("Recensement", "answered")]
    async with house.store() as store, store.reading() as tx:
        (stored,) = await tx.interviews.of_country("BFA")
        current = {one.path: one.author_id for one in await tx.answers.current(stored.id)}
    assert current["/data/body/source/name"] == stored.person_id


async def test_who_has_finished_stays_under_the_version_they_finished_and_newcomers_begin_with_the_newest(
    house: House,
) -> None:
    awa = await house.official("Awa")
    for _ in range(4):
        await awa.send("/skip")
    await awa.expect(text("interview.completed", "fr"))
    await publish_at(house, newer(STRICTER, WORDED))
    await awa.send("/review")
    await awa.expect("Nom de la source ?")
    assert (await interview_of(house)).version == "1"
    await house.stop()
    await house.start()
    moussa = await house.telegram.person("Moussa", language="fr")
    await moussa.send(f"/start {await house.invitation('Ministère')}")
    await moussa.expect("Langue ?")
    async with house.store() as store, store.reading() as tx:
        versions = {one.form_version for one in await tx.interviews.of_country("BFA")}
        published = [(one.version, one.sha256) for one in await tx.forms.versions("small")]
    assert versions == {"1", "2"}
    assert published == [("1", digest(small_form())), ("2", digest(newer(STRICTER, WORDED)))]


async def test_a_colleague_goes_on_under_the_newer_version_too(house: House) -> None:
    awa = await house.official("Awa")
    moussa = await _colleague(house, "Moussa", await _lend(awa, SECTION))
    await moussa.expect("Nom de la source")
    await moussa.send("Recensement")
    await moussa.expect("Quels domaines")
    await publish_at(house, newer(without("domains"), ("| text                    | name", "| integer | name")))
    await moussa.press("Tendances")
    news = await moussa.expect(CHANGED)
    assert text("interview.form_again", "fr", 1) in news.text
    again = await moussa.expect("Nom de la source")
    assert "Recensement" in again.text
    await moussa.send("12")
    await moussa.expect("Quelle année")
    interview = await interview_of(house)
    assert interview.session["row"]["v"]["/body/name"] == "12"
    assert [(one.path, one.value, one.why) for one in interview.retired] == [("/data/body/name", "Recensement", "type")]


async def test_a_colleague_hears_of_it_when_the_official_is_the_first_to_write(house: House) -> None:
    awa = await house.official("Awa")
    moussa = await _colleague(house, "Moussa", await _lend(awa, SECTION))
    await moussa.expect("Nom de la source")
    await moussa.send("Recensement")
    question = await moussa.expect("Quels domaines")
    await publish_at(house, newer(without("domains"), STRICTER))
    await awa.send("/resume")
    await awa.expect(text("interview.awaited", "fr"))
    news = await moussa.expect(CHANGED)
    assert text("interview.form_put", "fr") in news.text
    await moussa.expect("Quelle année")
    await moussa.press("Tendances", question)
    await moussa.expect(text("interview.stale", "fr"))
    await moussa.send("2019")
    await moussa.expect("Un document")
    assert (await house.answers())["/data/body/year"] == [("2019", "answered")]


# ---- beforehand -----------------------------------------------------------------------------------------------------
async def under_way(store: Store, countries: int, each: int) -> None:
    """Interviews that answered up to the year, and one more in each country that is only begun."""
    form = small_form()
    async with store.writing() as tx:
        for number in range(countries):
            country = ("BFA", "SEN", "MLI", "GMB")[number]
            person = await tx.people.add(country, "official", None, "fr", NOW)
            for index in range(each + 1):
                turn = start(form, language="fr", now=NOW)
                said = ["Français", "oui", *(["Recensement", "Tendances", "2019"] if index else [])]
                for word in said:
                    turn = advance(form, turn.interview, inputs.Say(word), author="1", now=NOW)
                    if word == "Tendances":
                        turn = advance(form, turn.interview, inputs.Done(), author="1", now=NOW)
                state = json.dumps(turn.interview.to_json())
                await tx.interviews.start(person.id, None, country, "small", "1", "fr", state, NOW)


@pytest.fixture
async def store(tmp_path: Path) -> Store:
    opened = await Store.open(f"sqlite:///{tmp_path}/griot.db")
    await opened.migrate()
    return opened


async def test_the_impact_is_counted_beforehand_and_nothing_is_changed_by_counting(store: Store) -> None:
    await under_way(store, countries=3, each=2)
    seen: list[tuple[int, int]] = []
    new = newer(STRICTER, WORDED, without("domains"))
    found = await preview(store, PACKAGED, xml(new), NOW, lambda done, total: seen.append((done, total)))
    assert isinstance(found, Preview)
    impact = found.impact
    assert (impact.open, impact.interviews, impact.countries, impact.again, impact.aside) == (9, 6, 3, 6, 6)
    assert seen[-1] == (9, 9)
    assert (impact.count("meaning"), impact.count("wording"), impact.count("retired")) == (1, 1, 1)
    async with store.reading() as tx:
        assert await tx.forms.last() == 0
        assert {one.form_version for one in await tx.interviews.of_country("BFA")} == {"1"}
    await store.close()


async def test_a_wording_fix_asks_nobody_again(store: Store) -> None:
    await under_way(store, countries=2, each=2)
    found = await preview(store, PACKAGED, xml(newer(WORDED)), NOW)
    assert isinstance(found, Preview)
    assert (found.impact.open, found.impact.interviews, found.impact.again) == (6, 0, 0)
    await store.close()


async def test_what_is_accepted_or_completed_is_not_counted(store: Store) -> None:
    await under_way(store, countries=1, each=2)
    async with store.writing() as tx:
        *_, last = await tx.interviews.of_country("BFA")
        await tx.interviews.lock(last.id, NOW)
    found = await preview(store, PACKAGED, xml(newer(STRICTER)), NOW)
    assert isinstance(found, Preview)
    assert (found.impact.open, found.impact.interviews) == (2, 1)
    await store.close()


async def test_an_interview_under_an_older_version_is_measured_from_that_one(store: Store) -> None:
    await under_way(store, countries=1, each=1)
    assert isinstance(await publish(store, PACKAGED, xml(newer(STRICTER)), NOW), Form)
    found = await preview(store, PACKAGED, xml(newer(STRICTER, WORDED, version="3")), NOW)
    assert isinstance(found, Preview)
    assert [change.kind for change in found.impact.changes] == ["wording"]
    assert found.impact.again == 1  # nobody took a turn under version 2
    await store.close()


async def test_what_cannot_follow_is_refused_and_nothing_is_stored(store: Store) -> None:
    other = SMALL.replace("| small  ", "| other  ")
    cases = {
        "other_form": xml(load_form(other.encode(), "md")),
        "same_version": xml(newer(WORDED, version="1")),
        "published": xml(small_form()),
        "unusable": "<no/>",
        "no_version": xml(newer()).replace(' version="2"', ""),
    }
    for reason, xform in cases.items():
        for found in (await preview(store, PACKAGED, xform, NOW), await publish(store, PACKAGED, xform, NOW)):
            assert isinstance(found, NotPublished), reason
            assert found.reason == reason
            assert text(f"form_versions.{reason}", "fr", None, **found.values)
    async with store.reading() as tx:
        assert await tx.forms.last() == 0
        assert await tx.audit.entries() == []
    await store.close()


async def test_of_two_who_publish_one_version_at_once_one_does(store: Store) -> None:
    one, two = newer(STRICTER), newer(WORDED)
    done = await asyncio.gather(*(publish(store, PACKAGED, xml(form), NOW) for form in (one, two)))
    (refused,) = [found for found in done if isinstance(found, NotPublished)]
    assert refused.reason == "same_version"
    async with store.reading() as tx:
        assert [one.version for one in await tx.forms.versions("small")] == ["1", "2"]
        assert [entry.action for entry in await tx.audit.entries()] == ["published form"]
    await store.close()


# ---- the command line -----------------------------------------------------------------------------------------------
@pytest.fixture
def griot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    alone(tmp_path, monkeypatch)
    monkeypatch.setenv("GRIOT_LANGUAGE", "en")
    monkeypatch.setenv("GRIOT_DATABASE_URL", f"sqlite:///{tmp_path}/griot.db")

    async def make() -> None:
        opened = await Store.open(f"sqlite:///{tmp_path}/griot.db")
        await opened.migrate()
        await opened.close()

    asyncio.run(make())
    guide = compiled().replace("Which is the exact name", "What is the exact name").replace("2026112501", "2026112502")
    path = tmp_path / "guide.xml"
    path.write_text(guide, encoding="utf-8")
    return path


def call(*arguments: object, input: str = "") -> Result:
    return CliRunner().invoke(build(), ["form", *map(str, arguments)], input=input)


def test_the_impact_is_told_and_nothing_is_published_without_a_yes(griot: Path) -> None:
    refused = call("publish", griot, input="n\n")
    assert refused.exit_code == 1
    assert "In force: version 2026112501. New: version 2026112502." in refused.output
    assert "0 interviews are under way." in refused.output
    assert "Nothing was published." in refused.output
    assert call("versions").output.strip() == text("form_versions.none", "en")


def test_a_version_is_published_with_a_note_and_listed_and_not_twice(griot: Path) -> None:
    done = call("publish", griot, "--yes", "--note", "Clearer words")
    assert (done.exit_code, "Version 2026112502 is published." in done.output) == (0, True)
    listed = call("versions").output.strip().splitlines()
    assert [line.split()[1] for line in listed] == ["2026112501", "2026112502"]
    assert listed[1].endswith("Clearer words")
    again = call("publish", griot, "--yes")
    assert again.exit_code == 1
    assert "is published already" in again.output


def test_a_file_that_is_no_form_is_refused_in_one_line(griot: Path) -> None:
    griot.write_text("<a/>", encoding="utf-8")
    refused = call("publish", griot, "--yes")
    assert refused.exit_code == 1
    assert len(refused.output.strip().splitlines()) == 1
    missing = call("publish", griot.with_name("none.xml"), "--yes")
    assert missing.exit_code == 1
    assert len(missing.output.strip().splitlines()) == 1
