"""What was said under an older version of the questionnaire is read, copied, exported and deleted under that one."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime

import pytest

from bot.contributed import find
from bot.gathering import gather
from bot.guides import export
from bot.publishing_forms import publish
from bot.settings import Settings
from flows.country.canonical import content_hash
from flows.country.draft import compile_guide
from flows.country.merging import merge
from flows.country.recap import recap
from flows.country.steps.course import course_of
from flows.i18n import text
from flows.interview.form import Form
from flows.interview.xlsform import load_form
from flows.knowledge import country
from tests.bot.conftest import House, at_work
from tests.bot.steps.consenting import EMAIL, FORM, MECHANISM, NAME, PHONE, answered, form, reworded, sent
from tests.bot.steps.test_rights import _content, _deleted, _gone, _traces
from tests.telegram.people import Person
from tests.telegram.standin import StandIn

pytestmark = pytest.mark.slow

PACKAGED: Mapping[str, Form] = {form().id: form()}
RETIRED = ("p3_phone", "p3_email", "c5_mechanism")
SECRET = "+22670998877"


@pytest.fixture
async def house(telegram: StandIn, settings: Settings) -> AsyncIterator[House]:
    async with at_work(telegram, settings, forms=lambda: [form()]) as found:
        yield found


def newer() -> Form:
    """The questionnaire without the contacts and without the mechanism."""
    lines = [line for line in FORM.splitlines(keepends=True) if not any(f"| {name} " in line for name in RETIRED)]
    given = "".join(lines).replace("VERSION", "2026-01").replace("| rights               | 1 ", "| rights  | 2 ")
    return load_form(given.encode(), "md")


async def _published(house: House) -> None:
    async with house.store() as store:
        done = await publish(store, PACKAGED, newer().logic.source.decode(), datetime.now(UTC))
    assert isinstance(done, Form), done


async def _nothing_failed(house: House) -> None:
    async with house.store() as store, store.looking() as tx:
        assert await tx.inbox.failures() == []
        rows = await tx.connection.rows("SELECT kind, attempts FROM jobs WHERE attempts > 0", ())
    assert rows == []


async def _copied(house: House, person: Person) -> tuple[dict[str, object], str]:
    await person.send("/mydata")
    await person.click("Recevoir une copie")
    await person.expect("mydata-")
    await person.expect("mydata-")
    return json.loads(await _content(house, "json")), (await _content(house, "txt")).decode("utf-8-sig")


async def _moved_on(house: House) -> Person:
    """Somebody who answered everything under version 1 and went on under version 2."""
    moussa = await answered(house)
    await _published(house)
    await moussa.send("/resume")
    news = await moussa.expect(text("interview.form_changed", "fr"))
    assert text("interview.form_retired", "fr", 3) in news.text
    await moussa.expect("Transmettre ?")
    return moussa


async def test_a_copy_holds_the_answers_kept_aside_with_the_version_they_were_given_under(house: House) -> None:
    moussa = await _moved_on(house)
    found, readable = await _copied(house, moussa)
    asides = found["answers_kept_aside"]
    assert isinstance(asides, list)
    assert {(one["value"], one["form_version"], one["kept_aside"]) for one in asides} == {
        (PHONE.replace(" ", ""), "1", "retired"),
        (EMAIL, "1", "retired"),
        (MECHANISM, "1", "retired"),
    }
    plain = readable.replace("\u00a0", " ").replace("\u202f", " ")
    assert f"version 1 · Quel mécanisme ? : {MECHANISM}" in plain
    await _nothing_failed(house)


async def test_the_export_holds_the_answers_kept_aside_marked_with_why_and_the_version(house: House) -> None:
    moussa = await _moved_on(house)
    await moussa.press("Envoyer")
    await moussa.expect(text("contributions.sent", "fr"))
    async with house.store() as store:
        done = await export(store, PACKAGED, "BFA", "fr", datetime.now(UTC))
    rows = [dict(zip(done.answers.columns, row, strict=True)) for row in done.answers.rows]
    asides = {
        row["question"]: (row["value"], row["kept aside"], row["form version"]) for row in rows if row["kept aside"]
    }
    assert asides["c5_mechanism"] == (MECHANISM, "retired", "1")
    assert set(asides) == set(RETIRED)
    assert {row["form version"] for row in rows if not row["kept aside"]} == {"2"}
    written = json.loads(done.as_json("BFA", "fr", datetime.now(UTC)))
    assert [one["form_version"] for one in written["answers"] if one["kept_aside"]] == ["1"] * 3


async def test_whoever_is_deleted_leaves_no_contact_among_what_was_kept_aside_and_the_rest_of_it_stays(
    house: House,
) -> None:
    moussa = await _moved_on(house)
    await moussa.press("Envoyer")
    await moussa.expect(text("contributions.sent", "fr"))
    chat = str(moussa.id)
    await _deleted(house, moussa)
    await _nothing_failed(house)
    async with house.store() as store:
        (voice,) = (await gather(store, PACKAGED, "BFA", "fr", datetime.now(UTC))).voices
    assert [(one.value, one.version) for one in voice.retired] == [(MECHANISM, "1")]
    assert voice.contribution.status == "submitted"
    await house.stop()
    assert _traces(house.settings, (NAME, EMAIL, PHONE.replace(" ", ""), chat)) == []
    await house.start()


async def test_what_was_half_typed_of_a_contact_when_its_question_went_is_deleted_too(house: House) -> None:
    moussa = await answered(house)
    await moussa.send("/back")
    await moussa.expect("Quel mécanisme")
    await moussa.send("/back")
    await moussa.expect("Votre téléphone")
    await _published(house)
    await moussa.send(SECRET)
    await moussa.expect(text("interview.form_changed", "fr"))
    await moussa.expect("Transmettre ?")
    await moussa.press("Envoyer")
    await moussa.expect(text("contributions.sent", "fr"))
    async with house.store() as store:
        (voice,) = (await gather(store, PACKAGED, "BFA", "fr", datetime.now(UTC))).voices
    assert SECRET in {one.value for one in voice.retired}
    await _deleted(house, moussa)
    await house.stop()
    assert _traces(house.settings, (SECRET, PHONE.replace(" ", ""), EMAIL)) == []
    await house.start()


async def test_what_was_handed_in_under_the_older_version_is_read_recapped_copied_and_deleted_under_it(
    house: House,
) -> None:
    moussa = await sent(house)
    await _published(house)
    await moussa.send("/contact")  # a turn of the process: it knows of the newer version now
    await moussa.expect(text("turns.contact_default", "fr"))
    now = datetime.now(UTC)
    async with house.store() as store:
        async with store.reading() as tx:
            (stored,) = await tx.interviews.of_country("BFA")
            services = house.app.services
            await services.interviews.questionnaires.refresh(tx, now)
            found = await find(services, tx, stored.id, "fr", now)
            handed = course_of("BFA", await tx.ledger.of_chain("BFA")).contributions.of[stored.id]
        (voice,) = (await gather(store, services.interviews.forms, "BFA", "fr", now)).voices
    assert found is not None
    assert services.interviews.forms[form().id].version == "2"
    assert (found.form.version, found.digest, found.sends) == ("1", handed.submitted[-1], "send")
    paper = recap(
        found.answers, found.form, country=country("BFA"), entity=found.names, language="fr", made_at=now, reference="x"
    )
    assert MECHANISM in repr(paper)
    assert MECHANISM in {one.value for one in voice.answers}
    copied, readable = await _copied(house, moussa)
    assert copied["answers_kept_aside"] == []
    assert f"Quel mécanisme ? : {MECHANISM}" in readable.replace("\u00a0", " ").replace("\u202f", " ")
    chat = str(moussa.id)
    await _deleted(house, moussa)
    await _nothing_failed(house)
    async with house.store() as store:
        (voice,) = (await gather(store, PACKAGED, "BFA", "fr", now)).voices
    assert [one.value for one in voice.answers if one.name == "c5_mechanism"] == [MECHANISM]
    assert (voice.contribution.form_version, voice.contribution.status) == ("1", "submitted")
    await house.stop()
    assert _traces(house.settings, (NAME, EMAIL, PHONE.replace(" ", ""), chat)) == []
    await house.start()


async def test_a_newer_version_changes_no_word_of_a_guide_made_of_what_was_given_before(house: House) -> None:
    await sent(house)
    now = datetime.now(UTC)

    async def content() -> str:
        async with house.store() as store:
            voices = (await gather(store, PACKAGED, "BFA", "fr", now)).voices
        dossier = merge("BFA", [one.contribution for one in voices])
        assert [one.value for one in dossier.mechanisms] == [MECHANISM]
        return content_hash(compile_guide(dossier, country("BFA"), "fr", now))

    before = await content()
    await _published(house)
    assert await content() == before


async def test_a_contribution_never_handed_in_goes_as_a_whole_under_a_newer_version(house: House) -> None:
    moussa = await answered(house)
    await _published(house)
    await moussa.send("/mydata")
    await moussa.click("Supprimer mes données")
    await moussa.click("Continuer")
    await moussa.click("Oui, supprimer définitivement")
    await moussa.expect("notre dernier message")
    await _gone(house, moussa)
    assert await house.answers() == {}
    await _nothing_failed(house)
    await house.stop()
    assert _traces(house.settings, (NAME, EMAIL, PHONE, MECHANISM)) == []
    await house.start()


# ---- a newer text of consent --------------------------------------------------------------------------------------
async def test_a_newer_text_published_is_asked_about_at_the_next_message_once_and_before_anything_is_taken(
    house: House,
) -> None:
    moussa = await answered(house)
    await reworded(house)
    await moussa.press("Envoyer")
    asked = await moussa.expect("a changé depuis votre accord")
    assert "Vos données, texte 2026-09" in asked.text
    async with house.store() as store, store.reading() as tx:
        assert course_of("BFA", await tx.ledger.of_chain("BFA")).contributions.of == {}
    await moussa.press("Oui", asked)
    await moussa.expect("Transmettre ?")
    await moussa.press("Envoyer")
    await moussa.expect(text("contributions.sent", "fr"))
    assert (await moussa.transcript()).count("Acceptez-vous ?\n[Oui]") == 2
    async with house.store() as store, store.reading() as tx:
        (person,) = await tx.people.of_country("BFA")
        assert [one.text_version for one in await tx.consents.history(person.id)] == ["2026-01", "2026-09"]
        (stored,) = await tx.interviews.of_country("BFA")
    assert (stored.form_version, stored.status) == ("2", "completed")


async def test_whoever_finished_is_asked_about_a_newer_text_too_and_what_they_handed_in_stands(house: House) -> None:
    moussa = await sent(house)
    await reworded(house)
    await moussa.send("Bonjour")
    asked = await moussa.expect("a changé depuis votre accord")
    await moussa.press("Oui", asked)
    await moussa.expect("Votre accord est enregistré")
    async with house.store() as store:
        (voice,) = (await gather(store, PACKAGED, "BFA", "fr", datetime.now(UTC))).voices
    assert (voice.contribution.status, voice.contribution.form_version) == ("submitted", "1")
