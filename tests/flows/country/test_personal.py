"""What says who somebody is, and how it is found again."""

from __future__ import annotations

from dataclasses import fields

import pytest

from flows.country.personal import PERSONAL_WORDS, contact_of, marks, names_people, of_oneself
from flows.country.steps.base import KINDS
from flows.country.steps.course import Course  # noqa: F401 (brings every kind of fact)
from flows.interview.form import load
from flows.questionnaires import compiled


def test_of_every_kind_of_fact_with_words_it_is_said_whether_they_are_personal() -> None:
    wordy = {kind for kind, cls in KINDS.items() if any(item.metadata.get("words") for item in fields(cls))}
    assert wordy - set(PERSONAL_WORDS) == set(), "say in flows/country/personal.py whether these words are personal"
    assert set(PERSONAL_WORDS) - wordy == set()


def test_what_somebody_says_of_themselves_goes_and_what_they_chose_stays() -> None:
    form = load(compiled())
    names = {form.nodes[path].name for path in of_oneself(form)}
    assert {"p3_name", "p3_function", "p3_unit", "p3_email", "p3_phone", "p5_name", "p5_letter", "p6_email"} <= names
    assert not names & {"p5_status", "p6_needed", "p7_publish", "p4_name"}


def test_contacts_in_other_questions_are_known_too() -> None:
    form = load(compiled())
    path = {node.name: node.path for node in form.walk()}
    assert names_people(form, path["e5_contact"]) and names_people(form, path["m5_name"])
    assert contact_of(form, path["p3_phone"]) and not contact_of(form, path["s13_phone"])


WHO = marks(["Aïssata  ZONGO", "a.zongo@sample.example", "+226 70 12 34 56", "", "Li", "123"])


@pytest.mark.parametrize(
    "text",
    [
        "Contact : Aissata Zongo.",
        "voir AÏSSATA ZONGO, directrice",
        "écrire à A.Zongo@sample.example",
        "tél. (+226) 70-12-34-56 le matin",
        "<b>Aïssata Zongo</b>",
    ],
)
def test_somebody_is_recognised_however_they_are_written(text: str) -> None:
    assert WHO.in_text(text)


@pytest.mark.parametrize("text", ["", "Aïssata", "Zongo Aïssata", "Li", "123", "Aïssata Zongou", "70 12 34"])
def test_nobody_is_recognised_by_less(text: str) -> None:
    assert not WHO.in_text(text)


def test_only_the_very_name_or_number_is_one() -> None:
    assert WHO.is_one("Aissata Zongo") and WHO.is_one("+22670123456")
    assert not WHO.is_one("Aissata Zongo, directrice") and not WHO.is_one("")
