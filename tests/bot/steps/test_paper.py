"""The questionnaire on paper, through the Telegram channel: asked for, filled in Word, sent back, compared."""

from __future__ import annotations

import asyncio
import io

import docx

from flows.i18n import text
from tests.bot.conftest import House
from tests.bot.documents.filling import fill
from tests.telegram.people import Person

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


async def _paper(person: Person, language: str = "fr") -> bytes:
    await person.send("/paper")
    return await person.open(await person.expect(text("paper.here", language)))


async def test_a_paper_comes_back_filled_and_is_taken_over_with_one_tap(house: House) -> None:
    awa = await house.official("Awa")
    content = await _paper(awa)
    filled = fill(content, {"body/name": "Recensement général", "body/year": "1912"}, {"body/domains=border"})
    await awa.send_document("rempli.docx", filled, WORD)
    await awa.expect("est comparé à vos réponses")
    shown = await awa.expect("Votre document et vos réponses")
    assert "Recensement général" in shown.text
    assert "1 réponse ne peut pas être lue" in shown.text
    assert [value for value, _ in (await house.answers()).get("/data/body/name", [])] == []
    await awa.press(text("paper.take_all", "fr", 2), shown)
    await awa.expect("2 réponses du document sont enregistrées")
    await awa.expect("Quelle année")
    stored = await house.answers()
    assert stored["/data/body/name"] == [("Recensement général", "answered")]
    assert stored["/data/body/domains"] == [("border", "answered")]
    assert "/data/body/year" not in stored


async def test_what_was_answered_meanwhile_is_kept_and_replaced_only_by_a_tap_of_its_own(house: House) -> None:
    awa = await house.official("Awa")
    content = await _paper(awa)
    await awa.send("Enquête emploi")
    await awa.expect("Quels domaines")
    await awa.send_document("rempli.docx", fill(content, {"body/name": "Recensement"}), WORD)
    shown = await awa.expect("Votre document et vos réponses")
    assert "plus récente que le document" in shown.text
    assert "Enquête emploi" in shown.text
    assert not any("Reprendre" in label for label in shown.labels)
    await awa.press(text("paper.take_conflict", "fr", None, number=1), shown)
    await awa.expect("1 réponse du document est enregistrée")
    assert [value for value, _ in (await house.answers())["/data/body/name"]] == ["Enquête emploi", "Recensement"]


async def test_a_second_tap_and_a_second_sending_change_nothing_more(house: House) -> None:
    awa = await house.official("Awa")
    content = await _paper(awa)
    filled = fill(content, {"body/name": "Recensement"})
    await awa.send_document("rempli.docx", filled, WORD)
    shown = await awa.expect("Votre document et vos réponses")
    await awa.press(text("paper.take_all", "fr", 1), shown)
    await awa.expect("1 réponse du document est enregistrée")
    await awa.press(text("paper.take_all", "fr", 1), shown)
    await awa.expect("Rien n’a été repris")
    await awa.send_document("rempli.docx", filled, WORD)
    again = await awa.expect("1 réponse est la même")
    assert not any("Reprendre" in label for label in again.labels)
    assert len((await house.answers())["/data/body/name"]) == 1


async def test_somebody_elses_paper_is_refused_and_nothing_of_it_is_shown(house: House) -> None:
    awa, issa = await house.official("Awa"), await house.official("Issa")
    filled = fill(await _paper(awa), {"body/name": "Fichier réservé"})
    await issa.send_document("rempli.docx", filled, WORD)
    refused = await issa.expect(text("reading.other_person", "fr"))
    assert "Fichier réservé" not in refused.text
    assert "/data/body/name" not in await house.answers()


async def test_any_other_word_document_is_refused_with_what_to_do(house: House) -> None:
    awa = await house.official("Awa")
    out = io.BytesIO()
    docx.Document().save(out)
    await awa.send_document("lettre.docx", out.getvalue(), WORD)
    await awa.expect("/paper")
    await awa.send("Recensement")
    await awa.expect("Quels domaines")


async def test_what_was_chosen_is_not_taken_over_once_the_part_has_ended(house: House) -> None:
    awa = await house.official("Awa")
    await awa.send_document("rempli.docx", fill(await _paper(awa), {"body/name": "Recensement"}), WORD)
    await awa.expect("Votre document et vos réponses")
    await house.stop()
    async with house.store() as store, store.writing() as tx:
        (person,) = await tx.people.of_country("BFA")
        form = (await tx.interviews.of_person(person.id))[-1].id
        for kind in ("paper_take", "paper_show", "paper_make"):
            payload = {"form": form, "key": "", "page": 1, "interview": 1}
            await tx.jobs.put(kind, payload, person.id, house.now())
        await tx.people.end(person.id, house.now())
    before = await awa.transcript()
    await house.start()
    async with house.store() as store:
        while True:
            async with store.reading() as tx:
                if await tx.jobs.next_at() is None:
                    break
            await asyncio.sleep(0.05)
    assert "/data/body/name" not in await house.answers()
    assert "Recensement" not in (await awa.transcript()).removeprefix(before)


async def test_where_nothing_can_be_taken_over_nothing_is_said_of_taking_over(house: House) -> None:
    awa = await house.official("Awa")
    await awa.send_document("rempli.docx", fill(await _paper(awa), {"body/year": "1912"}), WORD)
    shown = await awa.expect("Votre document et vos réponses")
    assert "1 réponse ne peut pas être lue" in shown.text
    assert text("paper.nothing_recorded", "fr") not in shown.text
    assert shown.labels == (text("paper.button_list", "fr"),)


async def test_a_paper_sent_by_the_button_and_its_whole_list_as_a_document(house: House) -> None:
    ama = await house.official("Ama", "en")
    content = await _paper(ama, "en")
    await ama.press("Send the completed document")
    await ama.expect("Please send the completed Word questionnaire")
    await ama.send_document("filled.docx", fill(content, {"body/name": "Census"}, {"body/name!"}), WORD)
    asked = await ama.click("I confirm")
    assert "first compared with your answers" in asked.text
    shown = await ama.expect("Your document and your answers", 20)
    await ama.press(text("paper.button_list", "en"), shown)
    listed = await ama.expect("Here are all differences", 20)
    assert (await ama.open(listed)).startswith(b"%PDF")
