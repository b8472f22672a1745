from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.country.contribution import Contribution
from flows.country.draft import compile_guide
from flows.country.guide import Block, Bullets, Cell, Guide, Paragraph, Section, Statement, Table
from flows.country.merging import merge
from flows.knowledge import country
from flows.questionnaires.wording import wording
from tests.flows.country.saying import ASSOCIATION, POLICE, STATISTICS, contribution, small_exercise

NOW = datetime(2026, 3, 15, 12, tzinfo=UTC)


def drafted(contributions: list[Contribution], language: str = "fr") -> Guide:
    return compile_guide(merge("BFA", contributions), country("BFA"), language, NOW)


def sections(guide: Guide) -> dict[str, Section]:
    found = {}
    waiting = list(guide.sections)
    while waiting:
        section = waiting.pop(0)
        found[section.number or section.anchor] = section
        waiting = list(section.sections) + waiting
    return found


def cells(block: Block) -> Iterator[Cell]:
    if isinstance(block, Table):
        for row in block.rows:
            yield from row.cells
    elif isinstance(block, Bullets):
        yield from block.items
    elif isinstance(block, Paragraph):
        yield Cell(block.statements)


def statements(guide: Guide) -> Iterator[Statement]:
    blocks = [*guide.summary, *(block for section in sections(guide).values() for block in section.blocks)]
    for block in blocks:
        for cell in cells(block):
            yield from cell.statements


def said(guide: Guide, number: str) -> list[str]:
    return [item.text for block in sections(guide)[number].blocks for cell in cells(block) for item in cell.statements]


def rows(guide: Guide, number: str) -> list[list[str]]:
    """The rows of the section's table, statements of a cell joined by `; `, sources in brackets."""
    table = next(block for block in sections(guide)[number].blocks if isinstance(block, Table))
    return [
        [
            "; ".join(f"{item.text}{list(item.sources) or ''}" for item in cell.statements) or f"({cell.gap})"
            for cell in row.cells
        ]
        for row in table.rows
    ]


@pytest.fixture(scope="module")
def guide() -> Guide:
    return drafted(small_exercise(accepted=True))


def test_the_four_sections_of_the_guide_and_then_what_the_experts_need(guide: Guide) -> None:
    assert list(sections(guide)) == [
        "acronyms",
        *("I", "I.1", "I.2", "I.3", "I.4", "I.5", "I.6"),
        *("II", "II.1", "II.2", "II.3", "II.4"),
        *("III", "III.1", "III.2", "III.3", "III.4"),
        *("IV", "IV.1", "IV.2", "IV.3"),
        *("contacts", "references", "glossary"),
        *("A", "A.1", "A.2", "A.3", "A.4"),
    ]
    assert guide.title == "Guide d’utilisation des données migratoires au Burkina Faso"
    assert guide.status == "Projet pour les experts, 15 mars 2026"


def test_the_mapping_has_both_classes_all_domains_and_contacts_as_consented(guide: Guide) -> None:
    assert rows(guide, "I.1") == [
        ["Entités gouvernementales"],
        [
            "Tendances migratoires",
            "Institut de la statistique (INS)[2]; Contact\u00a0: Awa Exemple, Cheffe de service, "
            "Service des enquêtes, awa@ins.example, +22625000001[2]",
            "Recensement général – existante[2]",
        ],
        [
            "Gestion des frontières",
            "Direction de la police des frontières (DPF)[3]; Contact\u00a0: Bureau central des statistiques, "
            "statistiques@dpf.example[3]; Contact\u00a0: Commandant, Bureau des postes[3]",
            "recensement GENERAL – existante[3]; Fiches de débarquement – potentielle[3]",
        ],
        ["Situations de crise", "DPF[3]; Contact\u00a0: voir plus haut[3]", "Fiches de débarquement – potentielle[3]"],
        ["Migration et développement", "(Aucune source signalée)", "()"],
        [
            "Migrations internes[2]",
            "INS[2]; Contact\u00a0: voir plus haut[2]",
            "Recensement général – existante[2]",
        ],
        ["Autres, y compris organisations internationales et universités"],
        ["Tendances migratoires", "(Aucune source signalée)", "()"],
        ["Gestion des frontières", "(Aucune source signalée)", "()"],
        ["Situations de crise", "(Aucune source signalée)", "()"],
        [
            "Migration et développement",
            "Migration Research Centre (MRC)[4]; Contact non publié, à la demande de l’entité[4]",
            "Returnee survey – existante[4]",
        ],
    ]


def test_a_source_is_described_in_full_with_what_each_entity_says_of_it(guide: Guide) -> None:
    census, cards, *_ = rows(guide, "I.2")
    assert census == [
        "Recensement général[2, 3]; INS, DPF[2, 3]; https://ins.example/rgph[2]",
        "Population selon le pays de naissance.[2]",
        "Recensement[2]; Tous les 10 ans[2]; Dernière année disponible\u00a0: 2019[2]",
        "INS\u00a0:; Sexe, âge, nationalité[2]; DPF\u00a0:; Nationalité[3]; "
        "À signaler\u00a0: données non ventilées à la fois par sexe et par âge[3]",
        "Base de données[2]; Tout public[2]",
        "En vertu de la loi[2]; Toutes les administrations[2]",
        "Un recensement tous les dix ans.[2]",
    ]
    assert cards[0] == "Fiches de débarquement[3]; DPF[3]; Document joint\u00a0: fiche.pdf[3]"


@pytest.mark.parametrize(("domains", "other"), [("trends", False), ("trends other", True)])
def test_another_domain_has_a_column_where_a_source_belongs_to_one(domains: str, other: bool) -> None:
    source = {"s3_name": "Fichier", "s4_status": "existing", "s5_domains": domains}
    made = drafted([contribution(POLICE, {f"source/1/{name}": value for name, value in source.items()})])
    tables = [block for block in sections(made)["I"].blocks if isinstance(block, Table)]
    assert ("Autre domaine" in tables[0].columns) is other and tables[0].columns[
        -1 - other
    ] == "Migration et développement"


def test_a_focus_chapter_leads_to_the_recommendations_on_its_subject_by_their_numbers(guide: Guide) -> None:
    own = [row[0] for row in rows(guide, "IV.1") if len(row) > 1 and "saisie" in row[1]]
    (told,) = (text for text in said(guide, "I.5") if "recommandation" in text)
    assert own and all(number in told for number in own)
    assert not any("recommandation" in text for text in said(drafted([]), "I.5"))


def test_sources_are_seen_at_a_glance_and_counted(guide: Guide) -> None:
    def flat(number: int) -> list[list[str]]:
        table = [block for block in sections(guide)["I"].blocks if isinstance(block, Table)][number]
        return [[" ".join(one.text for one in cell.statements) for cell in row.cells] for row in table.rows]

    assert flat(0) == [
        ["Entités gouvernementales"],
        ["Recensement général", "E", "E", "", "", "E"],
        ["Fiches de débarquement", "", "P", "P", "", ""],
        ["Autres, y compris organisations internationales et universités"],
        ["Returnee survey", "", "", "", "E", ""],
    ]
    assert flat(1) == [
        *(["Type"], ["Recensement", "1"], ["Non renseigné", "1"]),
        *(["Fréquence"], ["Tous les deux ans ou plus", "1"], ["Non renseigné", "1"]),
        *(["Ventilation des données"], ["Sexe", "1"], ["Âge", "1"], ["Nationalité", "1"], ["Non renseigné", "1"]),
    ]
    assert said(guide, "I").count("Returnee survey") == 2, "in the matrix, and as its breakdown is to be said"
    assert "Sources existantes dont les données sont ventilées à la fois par sexe et par âge\u00a0: 1 sur 2." in said(
        guide, "I"
    )


def test_one_source_of_two_entities_in_two_languages_has_one_row_and_what_is_only_near_has_two() -> None:
    both = [
        contribution(STATISTICS, {"source/1/s3_name": "Registre des réfugiés", "source/1/s8_period": "yearly"}),
        contribution(
            ASSOCIATION, {"source/1/s3_name": "Refugee register", "source/1/s8_period": "yearly"}, language="en"
        ),
        contribution(
            POLICE, {"source/1/s3_name": "Registre des retournés", "source/2/s3_name": "Fichier des réfugiés"}
        ),
    ]
    shared, *others = rows(drafted(both), "I.2")
    assert shared[0] == "Registre des réfugiés[1]; Refugee register[2]; INS, MRC[1, 2]"
    assert shared[2] == "Chaque année[1, 2]"
    assert len(others) == 2
    asked = [row[0] for row in rows(drafted(both), "A.2")]
    assert asked[0] == "Plusieurs entités semblent décrire la même source\u00a0: «\u00a0Registre des réfugiés\u00a0»"


def test_the_focus_on_borders_and_crises_tells_what_is_reserved_from_what_nobody_answered(guide: Guide) -> None:
    assert "Les postes notent les entrées sur papier." in said(guide, "I.5")
    assert said(guide, "I.6")[0].startswith("Des informations ont été transmises sur ce sujet. Réservées")
    assert "Fiches de débarquement (DPF)" in said(guide, "I.6")
    assert said(drafted([]), "I.6")[0].startswith("Aucune entité n’a encore décrit")
    assert said(drafted(small_exercise()), "I.5")[0].startswith("Des informations ont été transmises")


def test_a_stage_shows_each_lead_once_with_all_who_name_it(guide: Guide) -> None:
    table = {row[0]: row[1:] for row in rows(guide, "II.2")}
    assert table["Suivi"] == [
        "INS[1, 2]; DPF[3]",
        "Police\nDouanes[1]",
    ]
    assert table["Décision"] == ["Aucun chef de file désigné[1]", "(–)"]
    assert table["Mise en œuvre"][1] == "DPF\u00a0: contribue[3]"
    assert table["Élaboration"] == ["(Chef de file non renseigné)", "(–)"]


def test_the_coordinator_of_the_group_comes_first(guide: Guide) -> None:
    assert [row[0] for row in rows(guide, "III.2")] == ["Coordinateur[1]", "Fournit des données[1]", "Membre[1]"]


def test_others_are_named_only_where_they_agreed_themselves(guide: Guide) -> None:
    assert "Fatou Modèle" not in repr(guide)
    herself = contribution(POLICE, {"p3_name": "Fatou Modèle", "p7_publish": "full"})
    assert "Fatou Modèle" in repr(drafted([*small_exercise(), herself]))


def test_the_matrix_is_in_ranked_order(guide: Guide) -> None:
    heads = [row[0] for row in rows(guide, "III.4") if len(row) == 1]
    assert heads == [
        "1. Faible actualisation[2, 3]",
        "2. Difficiles à comprendre[3]",
        "3. Autre défi[4]",
        "4. Utilisation limitée[2]",
        "5. Diffusion insuffisante[3]",
    ]
    assert rows(guide, "III.4")[1] == [
        "INS[2]",
        "Données de 2011.[2]",
        "Calendrier de mise à jour.[2]",
        "En partie[2]",
        "INS[2]",
    ]


def test_recommendations_stand_under_their_category_the_urgent_first(guide: Guide) -> None:
    found = rows(guide, "IV.1")
    assert [row[0] if len(row) == 1 else row[:2] for row in found] == [
        "Coopération",
        ["1", "Share anonymised files with universities.[4]"],
        "Formation et ressources humaines",
        ["()", "(Aucune recommandation n’a été formulée dans cette catégorie.)"],
        "Amélioration de la collecte d’information",
        ["2", "Ajouter un module migration à l’enquête emploi.[2]"],
        "Information dans le domaine de la gestion des frontières",
        ["3", "Former les agents à la saisie.[3]"],
        ["4", "Numériser les fiches dans tous les postes.[3]"],
        "Information dans le domaine des migrations en situations de crise",
        ["()", "(Aucune recommandation n’a été formulée dans cette catégorie.)"],
        "Autres recommandations",
        ["5", "Ethics[4]; Set up an ethics committee for studies.[4]"],
    ]
    assert found[5][2:] == [
        "INS[2]",
        "1 - Haute[2]; Moins d’un an[2]",
        "Pacte mondial\u00a0: 1. Données[2]; Plan de Cadix\u00a0: 1. Développement[2]; "
        "Fondement\u00a0: Un besoin de données[2]",
    ]


def test_the_summary_names_the_first_challenges_and_the_urgent_recommendations(guide: Guide) -> None:
    texts = [item.text for block in guide.summary for cell in cells(block) for item in cell.statements]
    assert [text for text in texts if text in ("Faible actualisation", "Difficiles à comprendre", "Autre défi")] == [
        "Faible actualisation",
        "Difficiles à comprendre",
        "Autre défi",
    ]
    assert "Former les agents à la saisie." in texts
    assert "Numériser les fiches dans tous les postes." not in texts


def test_acronyms_that_stand_for_an_entity_are_explained(guide: Guide) -> None:
    assert said(guide, "acronyms")[0] == "CM – Conseil de la migration"
    assert [text.partition(" ")[0] for text in said(guide, "acronyms")] == ["CM", "DPF", "INS", "MRC"]


def test_a_title_given_alike_by_several_stands_once() -> None:
    both = [contribution(entity, {"policy/1/c1_title": "Stratégie"}) for entity in (STATISTICS, POLICE)]
    (title,) = (item for item in statements(drafted(both)) if item.text == "Stratégie")
    assert title.sources == (1, 2)


def test_a_note_goes_with_the_guide() -> None:
    noted = compile_guide(merge("BFA", []), country("BFA"), "fr", NOW, "Exercice")
    assert noted.note == "Exercice"


def test_a_text_in_another_language_is_marked_and_a_name_or_a_choice_is_not(guide: Guide) -> None:
    marked = {item.text: item.language for item in statements(guide) if item.language}
    assert marked == dict.fromkeys(
        (
            "Interviews with 400 returnees.",
            "Questions arrive too late.",
            "Share anonymised files with universities.",
            "Ethics",
            "Set up an ethics committee for studies.",
        ),
        "en",
    )


def test_nothing_confidential_private_or_unquotable_is_in_the_guide(guide: Guide) -> None:
    whole = repr(guide)
    for secret in ("RÉSERVÉ", "TICKED", "PRIVATE", "Issa Secret", "issa@dpf", "Note interne"):
        assert secret not in whole
    assert guide.withheld == 5


def test_every_answer_that_may_be_shown_is_shown() -> None:
    contributions = small_exercise(accepted=True)
    guide = drafted(contributions)
    texts = " ".join(item.text for item in statements(guide)) + repr(guide.sources)
    known = wording()
    silent = {  # about the person, the course of the exercise, or what the guide says in its own words
        *("p2_consent", "p7_publish", "e5_type", "e3_status", "c1_status", "m3_status", "s1_holds", "s2_domains"),
        *("s13_same", "m6_used", "m7_share", "f1_quote", "f3_confidential", "c2_stages", "m8_first", "m8_second"),
        *("c4_monitoring_known", "c4_decision_known", "s8_period", "m8_challenges", "r1_category"),
        *("m4_name", "m5_name"),  # names of others, printed where these agreed themselves
    }
    hidden = ("RÉSERVÉ", "TICKED", "PRIVATE", "Secret", "issa@", "Note interne")
    for item in contributions:
        for answer in item.answers:
            name = answer.path.rpartition("/")[2]
            if name in silent or any(secret in answer.value for secret in hidden):
                continue
            if name in known.lists:
                for choice in set(answer.value.split()) - ({"other"} if name == "s5_domains" else set()):
                    assert known.label(name, choice, "fr").casefold() in texts.casefold(), (name, choice)
            elif name == "m2_next":
                assert "30 juin 2027" in texts
            elif name == "e5_name" and "Institut" in answer.value:
                continue  # an invited entity that has answered is a voice
            elif name == "c3_monitoring_role":
                continue
            else:
                assert answer.value in texts, (name, answer.value)


def test_every_answer_carries_its_source_and_every_number_is_in_the_list(guide: Guide) -> None:
    numbers = {source.number for source in guide.sources}
    assert numbers == {1, 2, 3, 4}
    for item in statements(guide):
        assert set(item.sources) <= numbers
        if item.question:
            assert item.sources, item
    statistics = guide.sources[1]
    assert (statistics.entity, statistics.speaker) == (
        "Institut de la statistique (INS)",
        "Awa Exemple, Cheffe de service, Service des enquêtes",
    )
    assert guide.sources[3].speaker == "Représentant de l’entité"
    assert guide.sources[3].language == "en"


def test_gaps_are_a_checklist_by_section_with_room_for_what_is_done(guide: Guide) -> None:
    found = rows(guide, "A.1")
    heads = [row[0].partition(".")[0] for row in found if len(row) == 1]
    assert heads == ["I", "II", "III", "IV", "Contributions et rédaction"]
    assert [
        "Autres, y compris organisations internationales et universités\u00a0: aucune source signalée "
        "(Tendances migratoires, Gestion des frontières, Situations de crise).",
        "()",
    ] in found
    assert "Entité proposée, sans contribution reçue\u00a0: Banque centrale.[1]" in [row[0] for row in found]


def test_differences_stand_side_by_side_with_who_said_so(guide: Guide) -> None:
    found = rows(guide, "A.2")
    assert found[0] == [
        "Plusieurs entités décrivent la source «\u00a0Recensement général\u00a0»",
        "Recensement général[2]; Selon\u00a0: INS[2]",
        "recensement GENERAL[3]; Selon\u00a0: DPF[3]",
    ]
    leads = next(row for row in found if row[0].startswith("Étape"))
    assert leads[1:] == ["INS[1, 2]; Selon\u00a0: CM, INS[1, 2]", "DPF[3]; Selon\u00a0: DPF[3]"]


def test_what_nobody_sent_has_no_heading() -> None:
    assert [number for number in sections(drafted([])) if number.startswith("A")] == ["A", "A.1", "A.2"]


def test_the_same_dossier_gives_the_same_structure_in_english() -> None:
    french, english = (drafted(small_exercise(), language) for language in ("fr", "en"))
    assert list(sections(french)) == list(sections(english))
    assert english.title == "Guide on the Use of Migration Data in Burkina Faso"
    assert "Governmental entities" in said(english, "I.1")
    assert {item.language for item in statements(english)} == {"", "fr"}


@pytest.mark.parametrize("language", ["fr", "en", "pt", "fr-BF"])
def test_a_country_without_any_contribution_has_a_guide_that_says_so(language: str) -> None:
    guide = drafted([], language)
    assert guide.sources == ()
    assert guide.language == {"pt": "en"}.get(language, language)
    assert any(isinstance(block, Paragraph) and block.style == "gap" for block in guide.summary)
    assert all(any(cell.gap or cell.statements for cell in cells(block)) for block in sections(guide)["I.1"].blocks)


def test_a_country_with_many_long_contributions_keeps_every_word() -> None:
    long = "mot " * 1_000 + "fin"
    many = [
        contribution(
            STATISTICS if number % 2 else POLICE,
            {f"source/{row}/s3_name": f"Source {number}-{row}" for row in range(1, 11)}
            | {f"source/{row}/s7_content": f"{number}-{row} {long}" for row in range(1, 11)},
        )
        for number in range(60)
    ]
    guide = drafted(many)
    assert len(rows(guide, "I.2")) == 600
    assert rows(guide, "I.2")[-1][1] == f"59-10 {long}[60]"


def test_widths_of_a_table_make_one() -> None:
    for section in sections(drafted(small_exercise())).values():
        for block in section.blocks:
            if isinstance(block, Table):
                assert sum(block.widths) == pytest.approx(1)
                assert len(block.widths) == len(block.columns)
                assert all(len(row.cells) == len(block.columns) for row in block.rows if not row.span)


NAMES = sorted(name for name, attributes in wording().attributes.items() if re.match(r"[a-z]\d", name))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.dictionaries(st.sampled_from(NAMES), st.text(min_size=1, max_size=30), max_size=30), max_size=3))
def test_whatever_is_answered_a_guide_can_be_made(answers: list[dict[str, str]]) -> None:
    rows_of = {
        "s": "source", "e": "entity", "r": "recommendation", "f": "document", "m": "practice", "c": "policy",
        "p": "member",
    }  # fmt: skip
    contributions = []
    for given_answers in answers:
        placed = {f"{rows_of[name[0]]}/1/{name}": text for name, text in given_answers.items()}
        contributions.append(contribution(ASSOCIATION, given_answers | placed, language="en"))
    for language in ("fr", "en"):
        assert drafted(contributions, language).sections
