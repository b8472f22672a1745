"""Nothing is published without an endorsement of that very version, before its day, or with what was kept back."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows import knowledge
from flows.country.contribution import Contribution, Entity
from flows.country.draft import compile_guide
from flows.country.edition import Endorsement, endorsement_of
from flows.country.ledger import digest
from flows.country.merging import merge
from flows.country.passages import Passage, passages, plain_text
from flows.country.publication import Obstacle, leaks, obstacles
from flows.country.secrets import Secret, person, secrets_of
from flows.i18n import languages
from tests.bot.documents.sample import sample
from tests.budget import examples
from tests.flows.country.endorsing import AT, Chain, chain, edition
from tests.flows.country.saying import COORDINATION, STATISTICS, contribution, small_exercise

LATER = AT.date() + timedelta(days=30)


def endorsed(**changes: Any) -> Endorsement:
    found = endorsement_of(chain().entries[-1])
    assert found is not None
    return replace(found, **changes)


def kinds(**changes: Any) -> list[str]:
    given: dict[str, Any] = {
        "endorsement": endorsed(), "void": None, "today": LATER, "passages": (), "secrets": (), **changes,
    }  # fmt: skip
    return [obstacle.kind for obstacle in obstacles(given.pop("edition", edition()), **given)]


# ---- the endorsement -------------------------------------------
def test_what_was_endorsed_may_be_published_from_its_day_on() -> None:
    assert kinds() == []
    assert kinds(today=LATER - timedelta(days=1)) == ["embargo"]
    assert kinds(endorsement=endorsed(embargo=None), today=date(2020, 1, 1)) == []


def test_nothing_is_published_without_an_endorsement() -> None:
    assert kinds(endorsement=None) == ["not_endorsed"]
    assert kinds(endorsement=endorsed(decision="return")) == ["not_endorsed"]
    assert kinds(endorsement=endorsed(decision="endorse_with_changes")) == ["not_endorsed"]


def test_an_endorsement_is_of_one_version_of_one_country() -> None:
    assert kinds(edition=edition(version=4)) == ["other_version"]
    assert kinds(edition=edition(country="MLI")) == ["not_endorsed"]


def test_any_difference_from_what_was_endorsed_is_named() -> None:
    known = edition()
    first, *others = known.files
    for other, named in [
        (replace(known, files=(replace(first, sha256=digest("x")), *others)), first.name),
        (replace(known, files=tuple(others)), first.name),
        (replace(known, files=(*known.files, replace(first, name="more.pdf"))), "more.pdf"),
        (replace(known, content={**known.content, "fr": digest("x")}), "fr"),
        (replace(known, form_versions=("2027",)), "forms"),
        (replace(known, template_version=digest("x")), "templates"),
        (replace(known, basis=digest("x")), "additions"),
    ]:
        (obstacle,) = obstacles(other, endorsement=endorsed(), void=None, today=LATER, passages=(), secrets=())
        assert (obstacle.kind, obstacle.changed) == ("other_content", (named,))


def test_a_voided_endorsement_says_since_when_and_what_changed() -> None:
    grown = chain()
    void = grown.void(len(grown.entries), "mapping", "border")
    (obstacle,) = obstacles(edition(), endorsement=endorsed(), void=void, today=LATER, passages=(), secrets=())
    assert (obstacle.kind, obstacle.at, obstacle.changed) == ("voided", void.at, ("mapping", "border"))


@pytest.mark.parametrize("language", languages())
def test_every_obstacle_is_a_sentence_that_does_not_repeat_the_secret(language: str) -> None:
    made = Chain()
    void = made.void(1)
    secrets = [Secret(f"réservé absolument {kind}", "answer", "s18_border", "") for kind in "ab"] + [
        Secret("Awa Exemple", "name", "p3_name", "INS"),
        Secret("awa@ins.example", "email", "p3_email", "INS"),
        Secret("+22625000001", "phone", "p3_phone", "INS"),
    ]
    said = Passage("I.2 Sources", " ".join(secret.value for secret in secrets))
    common: dict[str, Any] = {"passages": (), "secrets": ()}
    early = date(2026, 1, 1)
    found = [
        *obstacles(edition(), endorsement=None, void=None, today=LATER, passages=[said], secrets=secrets),
        *obstacles(edition(version=2), endorsement=endorsed(), void=None, today=early, **common),
        *obstacles(replace(edition(), files=()), endorsement=endorsed(), void=void, today=LATER, **common),
    ]
    assert {each.kind for each in found} == {
        "not_endorsed", "confidential", "contact", "other_version", "embargo", "other_content", "voided",
    }  # fmt: skip
    for obstacle in found:
        sentence = obstacle.said(language)
        assert sentence.endswith(".") and "{" not in sentence
        assert not any(secret.value in sentence for secret in secrets)


# ---- what the text must not say --------------------------------
def found_in(text: str, *secrets: Secret, known: tuple[str, ...] = ()) -> list[Obstacle]:
    return list(leaks([Passage("before", "Rien."), Passage("here", text), Passage("after", "Rien.")], secrets, known))


@pytest.mark.parametrize(
    "text",
    [
        "Selon la DPF, les registres sont tenus à la main.",
        "selon la dpf : LES REGISTRES SONT TENUS A LA MAIN",
        "Les\nregistres sont\u00a0tenus — à la « main »",
        "les regis\u00adtres sont tenus à la main",
        "Les registres sont tenus à la main",
    ],
)
def test_a_confidential_answer_is_found_however_it_is_spelt(text: str) -> None:
    (obstacle,) = found_in(text, Secret("les registres sont tenus à la main.", "answer", "s18_border", "DPF"))
    assert (obstacle.kind, obstacle.where, obstacle.question) == ("confidential", "here", "s18_border")


def test_a_part_of_a_long_confidential_answer_is_found() -> None:
    long = Secret(
        "Le système du poste principal est hors service depuis mars. Les fiches sont saisies une fois par mois à la "
        "capitale, quand un véhicule est disponible.",
        "answer", "s18_border", "DPF",
    )  # fmt: skip
    assert found_in("On sait que les fiches sont saisies une fois par mois à la capitale.", long)
    assert not found_in("Les fiches sont saisies à la capitale.", long)


def test_what_others_say_openly_or_the_form_says_is_no_secret() -> None:
    name = "Ministère de l’administration territoriale, de la décentralisation et de la sécurité intérieure"
    secret = Secret(f"{name} : fichier central", "answer", "s12_with", "DPF")
    assert found_in(f"Le {name} tient les registres.", secret)
    assert not found_in(f"Le {name} tient les registres.", secret, known=(name,))
    assert not found_in(
        "Base de données", Secret("base de données", "answer", "s10_system", ""), known=("Base de données",)
    )


def test_short_answers_are_too_common_to_be_recognised() -> None:
    assert not found_in("Oui, chaque mois.", Secret("Oui", "answer", "s8_period", ""))
    assert not found_in("SIGMA et autres", Secret("SIGMA", "answer", "s10_system", ""))


@pytest.mark.parametrize(
    "text",
    [
        "awa.exemple@ins.example", "Écrire à Awa.Exemple@INS.example.", "<awa.exemple@ins.example>",
        "awa.exemple @ ins.example", "awa . exemple@ ins . example", "awa.exemple@\nins.example",
        "awa.exemple(at)ins.example", "awa.exemple [at] ins [dot] example", "ａｗａ.exemple＠ins.example",
        "a w a . e x e m p l e @ i n s . e x a m p l e",
    ],
)  # fmt: skip
def test_an_address_is_found_in_any_spacing(text: str) -> None:
    (obstacle,) = found_in(text, Secret("Awa.Exemple@ins.example", "email", "p3_email", "INS"))
    assert (obstacle.kind, obstacle.contact, obstacle.where) == ("contact", "email", "here")


@pytest.mark.parametrize(
    "text", ["awa.exemple@ins.example", "exemple@ins.example.org", "exemple@ins.examples", "exemple@ins. Example"]
)
def test_a_longer_address_is_another(text: str) -> None:
    sought = Secret("exemple@ins.example", "email", "p3_email", "INS")
    assert bool(found_in(text, sought)) == (text == "exemple@ins. Example")


@pytest.mark.parametrize(
    "text",
    [
        "+226 25 00 00 01", "(+226) 25-00-00-01", "00226 25000001", "25 00 00 01", "25.00.00.01", "25 000 001",
        "Tél.\u00a0: 2500\u202f0001", "+226-25/00/00/01", "2 5 0 0 0 0 0 1", "+226\n25 00 00 01", "٢٥ ٠٠ ٠٠ ٠١",
    ],
)  # fmt: skip
def test_a_number_is_found_in_any_spacing(text: str) -> None:
    (obstacle,) = found_in(text, Secret("+22625000001", "phone", "p3_phone", "INS"))
    assert (obstacle.contact, obstacle.where) == ("phone", "here")


@pytest.mark.parametrize("text", ["25 00 00 010", "1 25 00 00 01 2", "125000001", "25 00 00 01 en 2019, puis 25"])
def test_a_longer_number_is_another(text: str) -> None:
    sought = Secret("+22625000001", "phone", "p3_phone", "INS")
    assert bool(found_in(text, sought)) == (text in ("1 25 00 00 01 2", "25 00 00 01 en 2019, puis 25"))


@pytest.mark.parametrize("text", ["Awa Exemple", "EXEMPLE Awa", "M^me Awa  exemple, directrice", "par Awa\nExemple"])
def test_a_person_is_found_by_name_whichever_comes_first(text: str) -> None:
    (obstacle,) = found_in(text, Secret("Dr Awa Exemplé", "name", "p3_name", "INS"))
    assert obstacle.contact == "name"
    assert not found_in("Awa prend l’Exemple", Secret("Dr Awa Exemple", "name", "p3_name", "INS"))


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("Dr Awa Exemple", "awa exemple"), ("Mme Awa Exemple, Directrice générale", "awa exemple"),
        ("Directeur général", ""), ("À désigner", ""), ("Exemple", ""), ("Service des statistiques", ""), ("", ""),
        ("Dr", ""), ("\0\u202e", ""),
    ],
)  # fmt: skip
def test_only_a_person_s_name_is_a_name(written: str, name: str) -> None:
    assert person(written) == name


@settings(max_examples=examples(60), deadline=None)
@given(st.text(max_size=200), st.text(max_size=60), st.sampled_from(["answer", "name", "email", "phone"]))
def test_nothing_that_people_write_stops_the_search(text: str, value: str, kind: Any) -> None:
    found_in(text + value, Secret(value, kind, "p3_name", "INS"), known=(text,))


# ---- what is secret --------------------------------------------
def compiled(contributions: list[Contribution], language: str = "fr") -> tuple[Passage, ...]:
    place = knowledge.country("BFA")
    return passages(compile_guide(merge("BFA", contributions), place, language, datetime(2026, 3, 15, tzinfo=UTC)))


def test_the_secrets_of_a_country_are_what_its_rules_keep_back() -> None:
    kept = {(one.kind, one.value) for one in secrets_of(small_exercise()).secrets}
    assert kept == {
        ("answer", "FICHIER-RÉSERVÉ"), ("answer", "CONTENU-RÉSERVÉ"), ("answer", "CRISE-RÉSERVÉE"),
        ("answer", "ACTION-RÉSERVÉE"), ("answer", "NEED-TICKED"),
        ("answer", "Les postes notent les entrées sur papier."),  # kept to the State until it is accepted
        ("name", "Issa Secret"), ("email", "issa@dpf.example"),  # no answer on publication: the position only
        ("name", "Fatou Modèle"), ("name", "Issa Modèle"),  # named by others
    }  # fmt: skip


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("accepted", [False, True])
def test_a_compiled_guide_says_nothing_that_it_must_not(language: str, accepted: bool) -> None:
    contributions = small_exercise(accepted=accepted)
    kept = secrets_of(contributions)
    assert not list(leaks(compiled(contributions, language), kept.secrets, kept.known))


def test_people_named_by_others_are_found_unless_they_agreed() -> None:
    contributions = small_exercise()
    said = [Passage("III.2", "Coordinatrice : Fatou Modèle ; membre : ISSA MODELE")]
    kept = secrets_of(contributions)
    assert sorted(each.question for each in leaks(said, kept.secrets, kept.known)) == ["m4_name", "m5_name"]
    agreed = secrets_of(contributions, agreed=["Mme Fatou MODELE", "issa modèle"])
    assert not list(leaks(said, agreed.secrets, agreed.known))


def test_every_secret_is_found_once_it_is_in_the_text() -> None:
    contributions = small_exercise()
    kept = secrets_of(contributions)
    text = compiled(contributions)
    for secret in kept.secrets:
        if len(secret.value) < 12 and secret.kind == "answer":
            continue
        edited = (*text, Passage("V", f"Ajout : {secret.value.upper()}"))
        assert secret in kept.secrets and any(
            each.question == secret.question for each in leaks(edited, [secret], kept.known)
        ), secret


def test_a_person_who_agreed_is_no_secret_wherever_named() -> None:
    own = contribution(STATISTICS, {"p3_name": "Awa Exemple", "p3_email": "awa@ins.example", "p7_publish": "full"})
    named = contribution(COORDINATION, {"member/1/m5_name": "Mme Awa EXEMPLE"}, role="coordinator")
    assert secrets_of([own, named]).secrets == ()


def test_who_refused_is_secret_also_as_the_contact_of_a_source() -> None:
    answers = {
        "p3_name": "Awa Exemple", "p3_phone": "+22625000001", "p7_publish": "none",
        "source/1/s3_name": "Registre", "source/1/s13_email": "unite@ins.example", "source/1/s13_phone": "+22625000002",
    }  # fmt: skip
    kept = {one.value for one in secrets_of([contribution(STATISTICS, answers)]).secrets}
    assert kept == {"Awa Exemple", "+22625000001", "unite@ins.example", "+22625000002"}
    open_ = {one.value for one in secrets_of([contribution(STATISTICS, {**answers, "p7_publish": "position"})]).secrets}
    assert open_ == {"Awa Exemple", "+22625000001"}


def test_all_that_somebody_said_who_withdrew_is_secret() -> None:
    withdrawn = contribution(Entity("INS"), {"s18_border": "Rien n’est enregistré.", "p2_consent": "no"})
    withdrawn = replace(withdrawn, answers=withdrawn.answers[1:])
    assert [one.value for one in secrets_of([withdrawn]).secrets] == ["Rien n’est enregistré."]


# ---- a guide's text --------------------------------------------
@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_plain_text_holds_every_statement_and_source(language: str) -> None:
    guide = sample(language)
    text = plain_text(guide)
    for source in guide.sources:
        assert source.entity in text and source.speaker in text
    assert guide.title in text and guide.summary[0].statements[0].text in text  # type: ignore[union-attr]


def test_500_secrets_are_looked_for_in_200_pages_in_a_blink() -> None:
    page = plain_text(sample("fr"))
    pages = [Passage(f"§ {number}", page) for number in range(1 + 500_000 // len(page))]
    secrets = [
        Secret(f"Une réponse confidentielle numéro {number} de bout en bout", "answer", "q", "e")
        for number in range(200)
    ]
    secrets += [Secret(f"Prénom{number} Nom{number}", "name", "q", "e") for number in range(100)]
    secrets += [Secret(f"personne{number}@exemple.example", "email", "q", "e") for number in range(100)]
    secrets += [Secret(f"+226250{number:05}", "phone", "q", "e") for number in range(100)]
    began = time.perf_counter()
    assert list(leaks(pages, secrets)) == []
    assert time.perf_counter() - began < 10  # about one second
