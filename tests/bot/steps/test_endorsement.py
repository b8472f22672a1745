"""From a compiled version to a published and verified package, through the Telegram channel."""

from __future__ import annotations

import asyncio
import io
import json
import sys
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest

from flows.country import receipt
from flows.country.ledger import breaks
from flows.i18n import text
from tests.bot.conftest import House
from tests.bot.steps.taking_part import said_yes
from tests.telegram.people import Person


async def _verify(*arguments: str) -> tuple[int, str]:
    """What `griot verify` says, as somebody runs it who has nothing but the files."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "verify", *arguments),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    said, _ = await process.communicate()
    return process.returncode or 0, said.decode()


async def _proposed(house: House, secretariat: Person) -> None:
    """Version 1 is made and put before the coordinator."""
    await secretariat.send("/compile BFA")
    await secretariat.expect("version 1 of the draft guide is ready", 60)
    await secretariat.send("/drafts BFA")
    await secretariat.click("Make the version to endorse")
    made = await secretariat.expect("version 2 of the guide is ready", 60)
    await secretariat.press("Put forward for endorsement", made)


async def _decide(coordinator: Person, decision: str) -> None:
    question = await coordinator.expect("vous est soumise pour endossement", 30)
    await coordinator.press("Faire connaître la décision", question)
    await coordinator.click(decision)


async def _endorsed(coordinator: Person) -> None:
    await _decide(coordinator, "Endosser")
    await coordinator.click("Site national")
    await coordinator.press("Terminé")
    await coordinator.click("Passer")
    await coordinator.click("Passer")
    await coordinator.click("Je confirme")
    await coordinator.expect("est endossée, et la décision inscrite au registre")


@pytest.mark.slow
async def test_the_exact_version_is_endorsed_published_and_verified_offline(house: House, tmp_path: Path) -> None:
    await said_yes(house)
    secretariat = await house.staff("Ama", "secretariat", "en")
    coordinator = await house.coordinator("Coordo")
    await _proposed(house, secretariat)
    await secretariat.expect("is put forward for endorsement")
    await _endorsed(coordinator)
    await coordinator.expect("receipt-BFA-2.json", 30)
    await secretariat.send("/publish BFA")
    await secretariat.expect("is being prepared")
    await secretariat.expect("guide-BFA-v2.zip", 60)
    course = await house.course()
    published = course.publications.last
    assert published is not None and published.version == 2
    vault = house.app.services.vault
    content = vault.path(published.package.sha256).read_bytes()
    package = tmp_path / "guide-BFA-v2.zip"
    package.write_bytes(content)
    code, said = await _verify(str(package))
    assert code == 0, said
    inside = zipfile.ZipFile(io.BytesIO(content))
    for name in ("receipt.json", "guide-BFA-v2-fr.pdf"):
        (tmp_path / name).write_bytes(inside.read(f"guide-BFA-v2/{name}"))
    receipt_file, pdf = str(tmp_path / "receipt.json"), tmp_path / "guide-BFA-v2-fr.pdf"
    assert (await _verify(receipt_file, str(pdf)))[0] == 0
    pdf.write_bytes(pdf.read_bytes() + b" ")
    assert (await _verify(receipt_file, str(pdf)))[0] == 1
    async with house.store() as store, store.reading() as tx:
        entries = await tx.ledger.of_chain("BFA")
    assert breaks(entries) == []
    held = course.endorsement.given[-1]
    made = receipt.make(entries, held.number)
    written = json.loads(inside.read("guide-BFA-v2/receipt.json"))
    assert written["digest"] == made.digest
    assert held.endorsement.shown and held.endorsement.channels == ("national",)
    await coordinator.send("/guide")
    await coordinator.expect("Guide publié")


async def test_nothing_is_published_without_an_endorsement(house: House) -> None:
    await said_yes(house)
    secretariat = await house.staff("Ama", "secretariat", "en")
    await house.coordinator("Coordo")
    await secretariat.send("/publish BFA")
    await secretariat.expect("No version of the guide is endorsed")
    await _proposed(house, secretariat)
    await secretariat.send("/publish BFA")
    await secretariat.expect("No version of the guide is endorsed")
    assert (await house.course()).publications.last is None


async def test_a_superseded_version_cannot_be_endorsed_from_its_old_message(house: House) -> None:
    await said_yes(house)
    secretariat = await house.staff("Ama", "secretariat", "en")
    coordinator = await house.coordinator("Coordo")
    await _proposed(house, secretariat)
    question = await coordinator.expect("vous est soumise pour endossement", 30)
    await secretariat.send("/compile BFA")
    await secretariat.expect("version 3 of the draft guide is ready", 60)
    await coordinator.press("Faire connaître la décision", question)
    await coordinator.expect("la version 3 l’a remplacée")
    assert (await house.course()).endorsement.given == []


async def test_a_return_needs_comments_and_reaches_the_secretariat(house: House) -> None:
    await said_yes(house)
    secretariat = await house.staff("Ama", "secretariat", "en")
    coordinator = await house.coordinator("Coordo")
    await _proposed(house, secretariat)
    await _decide(coordinator, "Retourner")
    await coordinator.expect("Quelles sont les modifications")
    await coordinator.send("I. Panorama : la source 2 est à compléter.")
    await coordinator.click("Terminé")
    await coordinator.click("Je confirme")
    await coordinator.expect("version 2 est retournée")
    await secretariat.expect("is returned with comments")
    await secretariat.send("/publish BFA")
    await secretariat.expect("was returned with comments")


@pytest.mark.slow
async def test_two_presses_at_once_record_one_decision(house: House) -> None:
    await said_yes(house)
    secretariat = await house.staff("Ama", "secretariat", "en")
    coordinator = await house.coordinator("Coordo")
    await _proposed(house, secretariat)
    await _decide(coordinator, "Endosser")
    await coordinator.click("Site national")
    await coordinator.press("Terminé")
    await coordinator.click("Passer")
    await coordinator.click("Passer")
    confirm = await coordinator.expect("Confirmez-vous cette décision")
    await asyncio.gather(coordinator.press("Je confirme", confirm), coordinator.press("Je confirme", confirm))
    await coordinator.expect("receipt-BFA-2.json", 30)
    assert len((await house.course()).endorsement.given) == 1


async def test_a_foreword_stands_in_the_next_version_and_is_part_of_what_is_endorsed(house: House) -> None:
    await said_yes(house)
    secretariat = await house.staff("Ama", "secretariat", "en")
    coordinator = await house.coordinator("Coordo")
    await coordinator.send("/foreword")
    await coordinator.click("Français")
    await coordinator.expect("texte de l’avant-propos")
    await coordinator.send("Texte d’exemple d’avant-propos.")
    await coordinator.click("Terminé")
    await coordinator.expect("Qui signe")
    await coordinator.send("Signataire (exemple)")
    await coordinator.expect("Quelle est sa fonction")
    await coordinator.send("Secrétaire permanent (exemple)")
    await coordinator.click("Je confirme")
    await coordinator.expect("l’avant-propos est enregistré")
    await _proposed(house, secretariat)
    await coordinator.expect("vous est soumise pour endossement", 30)
    draft = (await house.course()).drafts.newest
    assert draft is not None
    guide = json.loads(house.app.services.vault.path(draft.guides[0].sha256).read_bytes())
    assert "Texte d’exemple d’avant-propos." in json.dumps(guide, ensure_ascii=False)


async def test_somebody_else_signs_a_foreword_too_and_one_is_taken_out_again(house: House) -> None:
    await said_yes(house)
    coordinator = await house.coordinator("Coordo")
    for count, name in enumerate(("Signataire (exemple)", "Partenaire (exemple)")):
        await coordinator.send("/foreword")
        if count:
            await coordinator.click("Écrire un avant-propos")
        await coordinator.click("Français")
        await coordinator.expect("texte de l’avant-propos")
        await coordinator.send(f"Texte de {name}.")
        await coordinator.click("Terminé")
        await coordinator.expect("Qui signe")
        await coordinator.send(name)
        await coordinator.expect("Quelle est sa fonction")
        await coordinator.send("Fonction")
        await coordinator.press("Je confirme", await coordinator.expect("Confirmez-vous ce texte"))
        await coordinator.expect("l’avant-propos est enregistré")
    kept = (await house.course()).endorsement.forewords
    assert [one.text for one in kept.values()] == ["Texte de Signataire (exemple).", "Texte de Partenaire (exemple)."]
    await coordinator.send("/foreword")
    listed = await coordinator.expect("2 avant-propos sont enregistrés")
    await coordinator.press("Retirer\u00a0: Partenaire (exemple) (français)", listed)
    sure = await coordinator.expect("Retirer l’avant-propos de Partenaire (exemple)")
    await coordinator.press("Oui, le retirer", sure)
    await coordinator.expect("est retiré")
    await coordinator.press("Oui, le retirer", sure)
    await coordinator.expect("n’est plus enregistré")
    assert [one.signatory for one in (await house.course()).endorsement.forewords.values()] == ["Signataire (exemple)"]


async def test_the_secretariat_of_one_country_may_name_another(house: House) -> None:
    person = await house.telegram.person("Ama", language="en")
    async with house.store() as store, store.writing() as tx:
        now = house.now()
        code, _ = await tx.invitations.create("BFA", "secretariat", None, now + timedelta(days=1), now)
    await person.send(f"/start {code}")
    await person.click(text("turns.yes", "en"))
    await person.expect(text("turns.commands", "en"))
    await person.send("/drafts GHA")
    await person.expect("Ghana")
