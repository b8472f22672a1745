"""An expert sends back the edited Word document, through the Telegram channel."""

from __future__ import annotations

import io

import docx
import pytest

from tests.bot.conftest import House
from tests.bot.steps.guiding import WORD, word_of
from tests.bot.steps.taking_part import said_yes
from tests.telegram.people import Person

LONG = "x" * 12_000


async def _drafted(house: House) -> tuple[Person, Person, bytes]:
    """A first version, put before an expert; its Word file."""
    await said_yes(house)
    secretariat = await house.staff("Ama", "secretariat", "en")
    expert = await house.staff("Efua", "expert", "fr")
    await secretariat.send("/compile BFA")
    made = await secretariat.expect("version 1 of the draft guide is ready", 60)
    await secretariat.press("Send to the experts", made)
    await expert.expect("vous est soumise pour relecture", 30)
    return secretariat, expert, await word_of(house, 1)


def _edited(content: bytes, comment: str = "") -> bytes:
    document = docx.Document(io.BytesIO(content))
    paragraph = next(one for one in document.paragraphs if len(one.text) > 80)
    paragraph.runs[-1].text += " Phrase ajoutée à titre d’exemple."
    if comment:
        document.add_comment(paragraph.runs[-1], comment, author="Experte (exemple)", initials="E")
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


async def _send(expert: Person, name: str, content: bytes) -> None:
    await expert.press("Envoyer le document corrigé")
    await expert.expect("Veuillez envoyer le document Word corrigé")
    await expert.send_document(name, content, WORD)
    await expert.click("Je confirme")


async def test_an_edited_document_becomes_the_next_version_with_its_comments(house: House) -> None:
    secretariat, expert, content = await _drafted(house)
    await _send(expert, "guide corrigé.docx", _edited(content, "À vérifier (exemple)."))
    await expert.expect("devient la version 2", 60)
    arrived = await secretariat.expect("becomes version 2", 30)
    course = await house.course()
    newest = course.drafts.newest
    assert newest is not None
    assert (newest.version, newest.origin, newest.based_on) == (2, "edited", 1)
    assert "À vérifier (exemple)." in course.drafts.comments[-1].text
    await secretariat.press("What changed", arrived)
    await secretariat.expect("Phrase ajoutée à titre d’exemple", 30)
    document = docx.Document(io.BytesIO(await word_of(house, 2)))
    assert any("Phrase ajoutée à titre d’exemple" in one.text for one in document.paragraphs)


async def test_comments_alone_are_kept_on_the_version_that_they_are_about(house: House) -> None:
    secretariat, expert, content = await _drafted(house)
    document = docx.Document(io.BytesIO(content))
    paragraph = next(one for one in document.paragraphs if len(one.text) > 80)
    for said in ("Depuis quand (exemple) ?", LONG, *(f"Note {number} (exemple)." for number in range(300))):
        document.add_comment(paragraph.runs[0], said, author="Experte (exemple)", initials="E")
    out = io.BytesIO()
    document.save(out)
    await _send(expert, "guide commenté.docx", out.getvalue())
    told = await expert.expect("sans nouvelle version", 60)
    assert "300 commentaires sont repris" in told.text
    assert "2 commentaires dépassent" in told.text
    await secretariat.expect("arrived in a Word document", 30)
    drafts = (await house.course()).drafts
    kept, *rest = drafts.comments
    assert (len(drafts.versions), kept.version) == (1, 1)
    assert "Depuis quand (exemple)" in kept.text
    assert LONG in "".join(one.text for one in rest[:2])


async def test_a_document_made_from_an_older_version_is_refused_and_changes_nothing(house: House) -> None:
    secretariat, expert, content = await _drafted(house)
    await expert.press("Envoyer le document corrigé")
    await expert.expect("Veuillez envoyer le document Word corrigé")
    await expert.send_document("ancien.docx", _edited(content), WORD)
    await expert.expect("Confirmez-vous l’envoi")
    await secretariat.send("/compile BFA")
    await secretariat.expect("version 2 of the draft guide is ready", 60)
    await expert.press("Je confirme")
    await expert.expect("n’est plus la plus récente", 60)
    assert len((await house.course()).drafts.versions) == 2


@pytest.mark.slow
async def test_a_document_of_something_else_is_refused_with_the_reason(house: House) -> None:
    _, expert, content = await _drafted(house)
    other = docx.Document()
    other.add_paragraph("Un autre document.")
    out = io.BytesIO()
    other.save(out)
    await _send(expert, "autre.docx", out.getvalue())
    await expert.expect("Word", 60)
    await expert.send("/drafts")
    await expert.expect("version 1 du projet de guide")
    await _send(expert, "inchangé.docx", content)
    await expert.expect("ne diffère pas de la version 1", 60)
    assert len((await house.course()).drafts.versions) == 1
