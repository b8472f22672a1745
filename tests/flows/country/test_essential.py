"""A coordinator is told when the statistics office, a border body or a crisis body is not among those named."""

from __future__ import annotations

import pytest

from flows.country.essential import ESSENTIALS, Candidate, guess_kind, is_for, missing


def named(*names: str) -> list[Candidate]:
    return [Candidate(name) for name in names]


def test_nobody_named_means_that_all_are_missing_in_a_fixed_order() -> None:
    assert missing([]) == ESSENTIALS == ("statistics", "border", "crisis")


@pytest.mark.parametrize(
    "names",
    [
        ("Institut national de la statistique", "Direction de la police des frontières", "Protection civile"),
        ("Ghana Statistical Service", "Ghana Immigration Service", "National Disaster Management Organisation"),
        ("Instituto Nacional de Estatística", "Direção-Geral das Alfândegas", "Serviço Nacional de Proteção Civil"),
        ("INSD", "DGPN", "CONASUR"),
        ("ANSD", "Douanes", "Commission nationale pour les réfugiés"),
    ],
)
def test_names_alone_say_that_nothing_is_missing(names: tuple[str, ...]) -> None:
    assert missing(named(*names)) == ()


def test_kinds_and_domains_say_what_names_do_not() -> None:
    assert is_for(Candidate("Bureau X", kind="statistics")) == {"statistics"}
    assert is_for(Candidate("Brigade X", kind="security")) == {"border"}
    assert is_for(Candidate("Ministère X", kind="ministry", domains=("border", "crisis"))) == {"border", "crisis"}
    assert is_for(Candidate("Cellule X", domains=("trends", "development"))) == frozenset()


def test_an_organisation_outside_the_state_is_no_border_body_but_may_be_a_crisis_body() -> None:
    assert is_for(Candidate("OIM", kind="international", domains=("border",))) == frozenset()
    assert is_for(Candidate("Croix-Rouge")) == {"crisis"}
    assert is_for(Candidate("HCR")) == {"crisis"}


@pytest.mark.parametrize(
    "name",
    [
        "Direction des études et des statistiques sectorielles",
        "Direction des statistiques du ministère de la Santé",
        "Direction des statistiques de l’éducation",
        "Service des statistiques",
        "Conseil national de la statistique",
        "École nationale de la statistique",
        "Association des statisticiens",
        "Ministère du Plan et de la Statistique",
    ],
)
def test_a_unit_that_makes_statistics_is_not_the_statistics_office(name: str) -> None:
    assert "statistics" in missing(named(name))


def test_the_kind_given_counts_more_than_the_name() -> None:
    assert "statistics" in missing([Candidate("Institut national de la statistique", kind="research")])


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("Ministère de la Santé", "ministry"),
        ("Ministry of the Interior", "ministry"),
        ("Ministério da Justiça", "ministry"),
        ("وزارة الداخلية", "ministry"),
        ("Direction des études du ministère de la Santé", "ministry"),
        ("Agence nationale pour l’emploi", "agency"),
        ("National Identification Authority", "agency"),
        ("Commission nationale pour les réfugiés", "agency"),
        ("Institut national de la statistique et de la démographie", "statistics"),
        ("Statistics Sierra Leone", "statistics"),
        ("INSD", "statistics"),
        ("Direction générale de la police nationale", "security"),
        ("Customs Service", "security"),
        ("Gendarmerie nationale", "security"),
        ("Mairie de Dakar", "local"),
        ("Conseil régional de Kolda", "local"),
        ("Accra Metropolitan Assembly", "local"),
        ("Assemblée nationale", "parliament"),
        ("Senate", "parliament"),
        ("Organisation internationale pour les migrations", "international"),
        ("UNHCR", "international"),
        ("CEDEAO", "regional"),
        ("African Union Commission", "regional"),
        ("Université de Ouagadougou", "research"),
        ("Centre de recherche sur les migrations", "research"),
        ("Croix-Rouge burkinabè", "ngo"),
        ("Association des femmes rurales", "ngo"),
        ("Médecins sans frontières", "ngo"),
        ("Association des Maliens de France", "diaspora"),
        ("Collectif de la diaspora", "diaspora"),
        ("Chambre de commerce et d’industrie", "private"),
        ("Banque centrale", "private"),
        ("Direction de l’emploi", ""),
        ("Ambassade de France", ""),
        ("XYZ", ""),
        ("", ""),
        ("\x00🙂", ""),
        ("Ministère " * 5_000, "ministry"),
    ],
)
def test_a_name_suggests_a_kind_or_nothing(name: str, kind: str) -> None:
    assert guess_kind(name) == kind
