"""A house with a small questionnaire that has all that clearance, acceptance and release need, and the ways of its
people."""

from __future__ import annotations

import re
from functools import cache

from flows.country.steps.contributions import Handed
from flows.i18n import text
from flows.interview.form import Form
from flows.interview.xlsform import load_form
from tests.bot.conftest import House
from tests.telegram.people import Person

FORM = """
| survey   |                      |             |                             |                       |          |                           |                    |                          |
|          | type                 | name        | label::Français (fr)        | label::English (en)   | required | relevant                  | bind::griot:role   | bind::griot:confidential |
|          | hidden               | country     |                             |                       |          |                           |                    |                          |
|          | hidden               | role        |                             |                       |          |                           |                    |                          |
|          | hidden               | entity_name |                             |                       |          |                           |                    |                          |
|          | select_one languages | lang        | Langue ?                    | Language?             | yes      |                           | language           |                          |
|          | select_one yes_no    | p2_consent  | Acceptez-vous ?             | Do you agree?         | yes      |                           | consent            |                          |
|          | begin_group          | body        | Données                     | Data                  |          | ${p2_consent}='yes'       |                    |                          |
|          | text                 | c5_mechanism | Quel mécanisme ?           | Which mechanism?      |          |                           |                    |                          |
|          | text                 | m7_done     | Quelle pratique ?           | Which practice?       |          |                           |                    |                          |
|          | text                 | s18_border  | Aux frontières ?            | At borders?           |          |                           |                    | state                    |
|          | select_one yes_no    | s18_release | Dans le projet ?            | In the draft?         |          | ${s18_border} != ''       |                    |                          |
|          | end_group            |             |                             |                       |          |                           |                    |                          |
|          | begin_group          | hierarchy   | Validation                  | Clearance             |          | ${p2_consent}='yes'       |                    |                          |
|          | select_one yes_no    | p6_needed   | Validation nécessaire ?     | Clearance needed?     | yes      |                           | clearance          |                          |
|          | text                 | p6_name     | Qui valide ?                | Who clears?           |          | ${p6_needed}='yes'        |                    |                          |
|          | end_group            |             |                             |                       |          |                           |                    |                          |
|          | begin_group          | closing     | Envoi                       | Sending               |          | ${p2_consent}='yes'       |                    |                          |
|          | select_one submit    | f4_submit   | Transmettre ?               | Send?                 | yes      |                           | submit             |                          |
|          | end_group            |             |                             |                       |          |                           |                    |                          |
| choices  |                      |             |                             |                       |          |                           |                    |                          |
|          | list_name            | name        | label::Français (fr)        | label::English (en)   |          |                           |                    |                          |
|          | languages            | fr          | Français                    | Français              |          |                           |                    |                          |
|          | languages            | en          | English                     | English               |          |                           |                    |                          |
|          | yes_no               | yes         | Oui                         | Yes                   |          |                           |                    |                          |
|          | yes_no               | no          | Non                         | No                    |          |                           |                    |                          |
|          | submit               | send        | Envoyer                     | Send now              |          |                           |                    |                          |
|          | submit               | clear       | Soumettre à validation      | Put up for clearance  |          |                           |                    |                          |
|          | submit               | later       | Pas maintenant              | Not now               |          |                           |                    |                          |
| settings |                      |             |                             |                       |          |                           |                    |                          |
|          | form_id              | version     | default_language            | namespaces            |          |                           |                    |                          |
|          | contributing         | 1           | Français (fr)               | griot="https://g.example" |      |                           |                    |                          |
"""  # noqa: E501
MECHANISM, PRACTICE, BORDER = "Un comité interministériel.", "Un bulletin commun.", "PATROUILLES SECRÈTES"
LANGUAGES = {"fr": "Français", "en": "English"}
_WORDS = {
    "fr": {
        "agree": "Acceptez-vous", "mechanism": "Quel mécanisme", "practice": "Quelle pratique", "border": "Aux fronti",
        "release": "Dans le projet", "needed": "Validation nécessaire", "who": "Qui valide", "send": "Transmettre ?",
        "yes": "Oui", "no": "Non", "now": "Envoyer", "clear": "Soumettre à validation",
    },
    "en": {
        "agree": "Do you agree", "mechanism": "Which mechanism", "practice": "Which practice", "border": "At borders",
        "release": "In the draft", "needed": "Clearance needed", "who": "Who clears", "send": "Send?",
        "yes": "Yes", "no": "No", "now": "Send now", "clear": "Put up for clearance",
    },
}  # fmt: skip


@cache
def form() -> Form:
    return load_form(FORM.encode(), "md")


async def answered(
    house: House,
    name: str,
    entity: str = "Direction des frontières",
    *,
    language: str = "fr",
    role: str = "official",
    clears: str = "",
    border: str = BORDER,
    agrees: str = "yes",
) -> Person:
    """Somebody who has answered everything and is asked to hand it in. `clears`: who must clear it."""
    said = _WORDS[language]
    person = await house.telegram.person(name, language=language)
    await person.send(f"/start {await house.invitation(entity, role)}")
    await person.click(LANGUAGES[language])
    await person.expect(said["agree"])
    await person.press(said["yes"])
    await person.expect(said["mechanism"])
    await person.send(MECHANISM)
    await person.expect(said["practice"])
    await person.send(PRACTICE)
    await person.expect(said["border"])
    if border:
        await person.send(border)
        await person.expect(said["release"])
        await person.press(said[agrees])
    else:
        await person.press(text("interview.button_skip", language))
    await person.expect(said["needed"])
    await person.press(said["yes" if clears else "no"])
    if clears:
        await person.expect(said["who"])
        await person.send(clears)
    await person.expect(said["send"])
    return person


async def one(house: House, number: int = 1) -> Handed:
    """What the ledger has of a contribution."""
    return (await house.course()).contributions.of[number]


async def link_in(person: Person) -> str:
    """The code of the letter to forward."""
    letter = await person.expect("?start=")
    found = re.search(r"start=(\w+)", letter.text)
    assert found is not None
    return found[1]


async def superior(house: House, name: str, code: str, language: str = "fr") -> Person:
    """The superior comes with the link and agrees."""
    person = await house.telegram.person(name, language=language)
    await person.send(f"/start {code}")
    await person.expect(text("turns.consent", language))
    await person.press(text("turns.yes", language))
    return person
