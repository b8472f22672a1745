"""A small questionnaire with contacts of the person and of their hierarchy, and a numbered text about consent."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache

from bot.publishing_forms import publish
from flows.i18n import text
from flows.interview.form import Form
from flows.interview.xlsform import load_form
from tests.bot.conftest import House
from tests.telegram.people import Person

FORM = """
| survey   |                      |             |                             |                       |          |                     |                    |                  |                  |                          |
|          | type                 | name        | label::Français (fr)        | label::English (en)   | required | relevant            | bind::griot:role   | bind::griot:id   | bind::griot:kind | bind::griot:text_version |
|          | hidden               | country     |                             |                       |          |                     |                    |                  |                  |                          |
|          | hidden               | role        |                             |                       |          |                     |                    |                  |                  |                          |
|          | hidden               | entity_name |                             |                       |          |                     |                    |                  |                  |                          |
|          | select_one languages | lang        | Langue ?                    | Language?             | yes      |                     | language           |                  |                  |                          |
|          | note                 | p2_text     | Vos données, texte VERSION  | Your data, text VERSION |        |                     |                    | P2               |                  | VERSION                  |
|          | select_one yes_no    | p2_consent  | Acceptez-vous ?             | Do you agree?         | yes      |                     | consent            | P2               |                  | VERSION                  |
|          | begin_group          | body        | Données                     | Data                  |          | ${p2_consent}='yes' |                    |                  |                  |                          |
|          | text                 | p3_name     | Votre nom ?                 | Your name?            |          |                     |                    | P3               | person_name      |                          |
|          | text                 | p3_function | Votre fonction ?            | Your position?        |          |                     |                    | P3               |                  |                          |
|          | text                 | p3_email    | Votre courriel ?            | Your e-mail?          |          |                     |                    | P3               | email            |                          |
|          | text                 | p3_phone    | Votre téléphone ?           | Your telephone?       |          |                     |                    | P3               | phone            |                          |
|          | text                 | c5_mechanism | Quel mécanisme ?           | Which mechanism?      |          |                     |                    | C5               |                  |                          |
|          | end_group            |             |                             |                       |          |                     |                    |                  |                  |                          |
|          | begin_group          | closing     | Envoi                       | Sending               |          | ${p2_consent}='yes' |                    |                  |                  |                          |
|          | select_one submit    | f4_submit   | Transmettre ?               | Send?                 | yes      |                     | submit             |                  |                  |                          |
|          | end_group            |             |                             |                       |          |                     |                    |                  |                  |                          |
| choices  |                      |             |                             |                       |          |                     |                    |                  |                  |                          |
|          | list_name            | name        | label::Français (fr)        | label::English (en)   |          |                     |                    |                  |                  |                          |
|          | languages            | fr          | Français                    | Français              |          |                     |                    |                  |                  |                          |
|          | languages            | en          | English                     | English               |          |                     |                    |                  |                  |                          |
|          | yes_no               | yes         | Oui                         | Yes                   |          |                     |                    |                  |                  |                          |
|          | yes_no               | no          | Non                         | No                    |          |                     |                    |                  |                  |                          |
|          | submit               | send        | Envoyer                     | Send now              |          |                     |                    |                  |                  |                          |
|          | submit               | later       | Pas maintenant              | Not now               |          |                     |                    |                  |                  |                          |
| settings |                      |             |                             |                       |          |                     |                    |                  |                  |                          |
|          | form_id              | version     | default_language            | namespaces            |          |                     |                    |                  |                  |                          |
|          | rights               | 1           | Français (fr)               | griot="https://g.example" |      |                     |                    |                  |                  |                          |
"""  # noqa: E501
NAME, FUNCTION = "Aïssata Zongo-Sample", "Cheffe de service"
EMAIL, PHONE = "a.zongo@sample.example", "+226 70 12 34 56"
MECHANISM = "Un comité interministériel."


@cache
def form(version: str = "2026-01") -> Form:
    return load_form(FORM.replace("VERSION", version).encode(), "md")


async def reworded(house: House) -> None:
    """A newer version with a newer text about consent is published."""
    given = FORM.replace("VERSION", "2026-09").replace("| rights               | 1 ", "| rights  | 2 ")
    async with house.store() as store:
        xform = load_form(given.encode(), "md").logic.source.decode()
        done = await publish(store, {form().id: form()}, xform, datetime.now(UTC))
    assert isinstance(done, Form), done


async def answered(house: House, name: str = "Moussa", *, entity: str = "Direction", role: str = "official") -> Person:
    """Somebody who gave their contact and an answer, and is asked to hand it in."""
    person = await house.telegram.person(name, language="fr")
    await person.send(f"/start {await house.invitation(entity, role)}")
    await person.click("Français")
    await person.expect("Acceptez-vous")
    await person.press("Oui")
    for question, answer in (
        ("Votre nom", NAME),
        ("Votre fonction", FUNCTION),
        ("Votre courriel", EMAIL),
        ("Votre téléphone", PHONE),
        ("Quel mécanisme", MECHANISM),
    ):
        await person.expect(question)
        await person.send(answer)
    await person.expect("Transmettre ?")
    return person


async def sent(house: House, name: str = "Moussa", *, entity: str = "Direction", role: str = "official") -> Person:
    """The same, handed in."""
    person = await answered(house, name, entity=entity, role=role)
    await person.press("Envoyer")
    await person.expect(text("contributions.sent", "fr"))
    return person
