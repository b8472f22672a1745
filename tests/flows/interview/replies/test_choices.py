"""Choices typed instead of pressed."""

from __future__ import annotations

from datetime import date

import pytest

from flows.interview.form import QuestionType as Q
from flows.interview.replies import Answer, Offered, Refusal, Reply, read

YES_NO = (
    Offered("yes", {"fr": "Oui", "en": "Yes"}),
    Offered("no", {"fr": "Non", "en": "No"}),
    Offered("other", {"fr": "Autre", "en": "Other"}),
)
SOURCES = (
    Offered("census", {"fr": "Recensement général", "en": "Census"}),
    Offered("survey", {"fr": "Enquête, y compris auprès des ménages", "en": "Survey"}),
    Offered("admin", {"fr": "Données administratives et registres", "en": "Administrative data"}),
    Offered("border", {"fr": "Fichier frontière", "en": "Border file"}),
    Offered("other", {"fr": "Autre", "en": "Other"}),
)


def said(type: Q, text: str, choices: tuple[Offered, ...]) -> Reply:
    return read(type, text, choices=choices, language="fr", today=date(2026, 11, 23))


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("1", "yes"),
        ("2.", "no"),
        ("OUI !", "yes"),
        ("o", "yes"),
        ("d’accord", "yes"),
        ("Yes", "yes"),
        ("n", "no"),
        ("٢", "no"),
    ],
)
def test_yes_and_no_are_understood_in_many_words(text: str, name: str) -> None:
    assert said(Q.SELECT_ONE, text, YES_NO) == Answer(name)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("recensement general", "census"),
        ("ADMIN", "admin"),
        ("administrative-data", "admin"),
        ("Enquete, y compris aupres des menages", "survey"),
        ("fich", "border"),
    ],
)
def test_a_choice_is_found_by_name_or_by_its_label_in_any_language(text: str, name: str) -> None:
    reply = said(Q.SELECT_ONE, text, SOURCES)
    assert isinstance(reply, Answer)
    assert reply.value == name


def test_a_near_miss_is_offered_back_and_never_taken() -> None:
    assert said(Q.SELECT_ONE, "recensemant", SOURCES) == Refusal("choice_unknown", {"said": "recensemant"}, ("census",))
    reply = said(Q.SELECT_ONE, "oiu", YES_NO)
    assert isinstance(reply, Refusal)
    assert reply.suggestions[0] == "yes"


def test_a_number_that_is_another_choices_name_is_asked_back() -> None:
    choices = (Offered("0", {"en": "No"}), Offered("1", {"en": "Yes"}))
    assert said(Q.SELECT_ONE, "1", choices) == Refusal("choice_unclear", {"said": "1"}, ("0", "1"))
    assert said(Q.SELECT_ONE, "0", choices) == Answer("0")
    assert said(Q.SELECT_ONE, "yes", choices) == Answer("1")


def test_a_label_made_of_figures_is_the_label() -> None:
    choices = (Offered("none", {"en": "0"}), Offered("one", {"en": "1"}), Offered("two", {"en": "2"}))
    assert said(Q.SELECT_ONE, "1", choices) == Answer("one")


def test_several_answers_to_a_question_for_one_are_asked_back() -> None:
    assert said(Q.SELECT_ONE, "1 et 3", SOURCES) == Refusal("choice_one_only", {}, ("census", "admin"))


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("1, 3 et 4", "census admin border"),
        ("1 3 4", "census admin border"),
        ("2-4", "survey admin border"),
        ("1 à 3", "census survey admin"),
        ("Census; border file", "census border"),
        ("- Fichier frontière\n- Recensement général", "census border"),
        ("Enquête, y compris auprès des ménages, census", "census survey"),
        ("Données administratives et registres", "admin"),
        ("border census", "census border"),
        ("1, 1, 1", "census"),
    ],
)
def test_several_choices_are_read_however_they_are_listed(text: str, names: str) -> None:
    assert said(Q.SELECT_MULTIPLE, text, SOURCES) == Answer(names)


def test_one_unknown_among_several_refuses_all_and_names_it() -> None:
    assert said(Q.SELECT_MULTIPLE, "census, zzz", SOURCES) == Refusal("choice_unknown", {"said": "zzz"}, ())


def test_what_is_not_listed_goes_to_the_other_choice_whole() -> None:
    assert said(Q.SELECT_ONE, "Autre : registre du port, Lomé", SOURCES) == Answer(
        "other", (), "registre du port, Lomé"
    )
    assert said(Q.SELECT_MULTIPLE, "1, autre: a, b", SOURCES) == Answer("census other", (), "a, b")


def test_a_ranking_keeps_the_order_given_and_must_be_complete() -> None:
    assert said(Q.RANK, "3 1 2 5 4", SOURCES) == Answer("admin census survey other border")
    reply = said(Q.RANK, "3, 1", SOURCES)
    assert isinstance(reply, Refusal)
    assert reply.suggestions == ("survey", "border", "other")


def test_a_label_that_looks_like_a_span_is_the_label() -> None:
    choices = (Offered("few", {"en": "1-3"}), Offered("more", {"en": "4-9"}), Offered("many", {"en": "10+"}))
    assert said(Q.SELECT_MULTIPLE, "1-3", choices) == Answer("few")
    assert said(Q.SELECT_MULTIPLE, "1-3, 4-9", choices) == Answer("few more")


def test_ten_thousand_pieces_are_refused_and_not_searched() -> None:
    assert isinstance(said(Q.SELECT_MULTIPLE, "a," * 1999, SOURCES), Refusal)
