"""Countries at work for the tests of who takes part: interest expressed, a coordinator there, people invited."""

from __future__ import annotations

import re

from flows.i18n import text
from tests.bot.conftest import House
from tests.telegram.people import Person, Shown

CODE = re.compile(r"start=(\w{24})")


async def said_yes(house: House, name: str = "Awa") -> Person:
    """A focal point who said that the country takes part."""
    awa = await house.staff(name, "focal_point", "fr")
    await awa.click("Répondre")
    await awa.click("Oui")
    await awa.expect("Quelle autorité nationale")
    await awa.send("Conseil supérieur des Burkinabè")
    await awa.expect("fonction de la personne")
    await awa.send("Secrétaire permanent")
    await awa.click("Passer")
    await awa.click("Je confirme")
    await awa.expect("est enregistrée")
    return awa


async def agreed(person: Person) -> None:
    """Through the first questions of the small questionnaire."""
    await person.click("Français")
    await person.click("Oui")
    await person.expect("Nom de la source")


async def coordinating(house: House) -> Person:
    """A focal point who coordinates, and is at the third question of the small questionnaire."""
    awa = await said_yes(house)
    await awa.send("/coordinator")
    await awa.click(text("participants.i_coordinate", "fr"))
    await awa.expect(text("participants.you_coordinate", "fr"))
    await agreed(awa)
    return awa


async def named(person: Person, name: str, acronym: str = "", kind: str = "", domain: str = "") -> None:
    """Name an entity, from the list of them."""
    await person.send("/entities")
    await person.click(text("participants.name_entity", "fr"))
    await person.expect("nom officiel")
    await person.send(name)
    await person.expect("sigle")
    await person.send(acronym or "/skip")
    await person.click(kind or "Passer")  # the number of a type
    asked = await person.expect("Quels domaines")
    if domain:
        await person.press(domain, asked)
        await person.click("Terminé")
    else:
        await person.press("Passer", asked)
    await person.click("Je confirme")


async def invitation_of(person: Person, label: str = "", language: str = "Français") -> str:
    """Fill in the form that asks who is invited; the code that is shown."""
    await person.expect("Qui est la personne")
    await person.send(label or "/skip")
    await person.click(language)
    await person.click("Je confirme")
    return code_in(await person.expect("Madame, Monsieur" if language == "Français" else "Dear Sir"))


async def asked_to_coordinate(focal_point: Person, name: str) -> str:
    """Somebody else is to coordinate, for the authority that is known; the code that is shown."""
    await focal_point.click(text("participants.somebody_else", "fr"))
    await focal_point.expect("Qui est la personne")
    await focal_point.send(name)
    await focal_point.expect("Pour quelle autorité")
    await focal_point.press("Garder cette réponse")
    await focal_point.click("Français")
    await focal_point.click("Je confirme")
    return code_in(await focal_point.expect("Madame, Monsieur"))


def code_in(letter: Shown) -> str:
    found = CODE.search(letter.text)
    assert found is not None
    return found[1]


async def joined(house: House, name: str, code: str, language: str = "fr") -> Person:
    """Somebody who opened the link they were sent."""
    person = await house.telegram.person(name, language=language)
    await person.send(f"/start {code}")
    return person


def line(number: int, entity: str, state: str) -> str:
    """How an entity stands in the list."""
    return text(
        "participants.entity_line", "fr", number=number, entity=entity, state=text(f"participants.state_{state}", "fr")
    )
