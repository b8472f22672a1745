"""A country with a guide under way, for the tests of how it is decided on and published."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager

import docx

from bot.dossiers import Dossiers
from bot.settings import Settings
from flows.country.access import COMMAND_LINE
from flows.country.steps.contributions import Accepted, HandedIn, Submitted
from flows.i18n import text
from flows.interview.form import Form
from tests.bot.conftest import House, at_work
from tests.telegram.people import Person, Shown
from tests.telegram.standin import StandIn

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@asynccontextmanager
async def taking_part(telegram: StandIn, settings: Settings, form: Callable[[], Form]) -> AsyncIterator[House]:
    """A house whose country takes part."""
    async with at_work(telegram, settings, forms=lambda: [form()]) as found:
        await found.takes_part()
        yield found


async def accepted(house: House) -> None:
    """The first contribution is handed in and accepted."""
    async with house.store() as store, store.writing() as tx:
        first, *_ = await tx.interviews.of_country("BFA")
        facts = (HandedIn(first.id, "0" * 64, False), Submitted(first.id), Accepted(first.id, "0" * 64))
        await Dossiers().record(tx, "BFA", COMMAND_LINE, facts, house.now())


async def coordinator(house: House, language: str = "fr", *, agrees: str = "Oui", asked: str = "") -> Person:
    """Whoever acts for the national authority, at the first question of the questionnaire."""
    person = await house.telegram.person("Awa", language=language)
    await person.send(f"/start {await house.invitation('Conseil (exemple)', 'coordinator')}")
    await person.click(agrees)
    await person.expect(asked)
    return person


async def made(house: House, secretariat: Person) -> int:
    """The next version to be endorsed; its number."""
    version = len((await house.course()).drafts.versions) + 1
    await secretariat.send("/drafts BFA" if version > 1 else "/compile BFA")
    if version == 1:
        await secretariat.expect("version 1 of the draft guide is ready", 60)
        version = 2
        await secretariat.send("/drafts BFA")
    await secretariat.click(text("drafts.button_final", "en"))
    await secretariat.expect(f"version {version} of the guide is ready", 60)
    return version


async def proposed(house: House, secretariat: Person, coordinator: Person) -> Shown:
    """The newest version is put before the coordinator: the question."""
    await secretariat.send("/drafts BFA")
    await secretariat.click(text("drafts.button_propose", "en"))
    return await coordinator.expect("vous est soumise pour endossement", 30)


async def endorsed(
    coordinator: Person, question: Shown, *channels: str, embargo: str = "", letter: bytes = b""
) -> Shown:
    """The coordinator endorses what is before them."""
    await coordinator.press(text("endorsement.button_decide", "fr"), question)
    await coordinator.click("Endosser")
    asked = await coordinator.expect("Où le guide peut-il être publié")
    for channel in channels or ("Site national",):
        await coordinator.press(channel, asked)
    await coordinator.press("Terminé", asked)
    await coordinator.expect("À partir de quelle date")
    await (coordinator.send(embargo) if embargo else coordinator.press("Passer"))
    await coordinator.expect("lettre d’endossement")
    await (
        coordinator.send_document("lettre.pdf", letter, "application/pdf") if letter else coordinator.press("Passer")
    )
    await coordinator.click("Je confirme")
    return await coordinator.expect("est endossée, et la décision inscrite au registre", 30)


async def word_of(house: House, version: int) -> bytes:
    """The Word file of a version."""
    draft = (await house.course()).drafts.of(version)
    assert draft is not None
    file = next(one for one in draft.edition.files if one.format == "docx")
    return house.app.services.vault.path(file.sha256).read_bytes()


def with_sentences(content: bytes, *more: str) -> bytes:
    """The document with something added to a paragraph."""
    document = docx.Document(io.BytesIO(content))
    paragraph = next(one for one in document.paragraphs if len(one.text) > 80)
    paragraph.runs[-1].text += "".join(f" {one}" for one in more)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def without_sentences(content: bytes, words: Sequence[str]) -> bytes:
    """The document without these words."""
    document = docx.Document(io.BytesIO(content))
    for paragraph in document.paragraphs:
        text = paragraph.text
        for one in words:
            text = text.replace(one, "")
        if text != paragraph.text:
            for run in paragraph.runs[1:]:
                run.text = ""
            paragraph.runs[0].text = text
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


async def sent_back(expert: Person, content: bytes, version: int) -> None:
    """An expert's document becomes the next version."""
    await expert.send("/drafts")
    await expert.click(text("drafts.button_send", "fr"))
    await expert.expect("Veuillez envoyer le document Word corrigé")
    await expert.send_document("guide.docx", content, WORD)
    await expert.click("Je confirme")
    await expert.expect(f"devient la version {version}", 60)
