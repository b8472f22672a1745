"""Contributions made from a few lines: question → value, rows as `source/1/s3_name`, a leading `!` is confidential."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from flows.country.contribution import Contribution, Entity, Status, restricted_questions


@dataclass(frozen=True)
class Given:
    path: str
    value: str
    status: str = "answered"
    at: str = "2026-03-02T09:00:00+00:00"
    language: str = "fr"
    confidential: bool = False


def contribution(
    entity: Entity,
    answers: Mapping[str, str],
    *,
    role: Literal["coordinator", "official"] = "official",
    country: str = "BFA",
    language: str = "fr",
    status: Status = "submitted",
    released: frozenset[str] = frozenset(),
) -> Contribution:
    given = [Given("/data/welcome/p2_consent", "yes", language=language)]
    for name, value in answers.items():
        bare = name.removeprefix("!")
        if "/" in bare:
            repeat, row, question = bare.split("/")
            path = f"/data/block/{repeat}[{row}]/group/{question}"
        else:
            path = f"/data/block/{bare}"
        given.append(Given(path, value, language=language, confidential=name != bare))
    return Contribution(country, entity, role, "2026112501", language, status, tuple(given), released)


COORDINATION = Entity("Conseil de la migration", "CM", "ministry")
STATISTICS = Entity("Institut de la statistique", "INS", "statistics")
POLICE = Entity("Direction de la police des frontières", "DPF", "security")
ASSOCIATION = Entity("Migration Research Centre", "MRC", "research")


def small_exercise(*, accepted: bool = False) -> list[Contribution]:
    """A coordinator, the statistics office, the border police and a research centre that answers in English;
    `accepted` with all that is restricted released."""
    status: Status = "accepted" if accepted else "submitted"
    released = restricted_questions() if accepted else frozenset[str]()
    return [
        contribution(
            STATISTICS,
            {
                "p3_name": "Awa Exemple", "p3_function": "Cheffe de service", "p3_unit": "Service des enquêtes",
                "p3_email": "awa@ins.example", "p3_phone": "+22625000001", "p7_publish": "full",
                "s1_holds": "yes", "s2_domains": "trends development other", "s2_other": "Migrations internes",
                "source/1/s3_name": "Recensement général", "source/1/s4_status": "existing",
                "source/1/s5_domains": "trends other", "source/1/s6_type": "census",
                "source/1/s7_content": "Population selon le pays de naissance.", "source/1/s8_period": "every_n_years",
                "source/1/s8_every": "10", "source/1/s8_year": "2019", "source/1/s9_breakdown": "sex age nationality",
                "source/1/s10_format": "database", "source/1/s11_access": "public", "source/1/s12_basis": "law",
                "source/1/s12_with": "Toutes les administrations", "source/1/s13_same": "same",
                "source/1/s14_url": "https://ins.example/rgph",
                "source/1/s15_limits": "Un recensement tous les dix ans.",
                "user/1/s16_entity": "Ministère du Travail", "user/1/s16_purpose": "needs publication",
                "user/1/s16_source": "Recensement général", "user/1/s16_frequency": "yearly",
                "need/1/s17_domain": "development", "need/1/s17_need": "Montant des transferts par région.",
                "e3_status": "exists", "profile_document/1/e3_title": "Profil migratoire national",
                "profile_document/1/e3_year": "2011", "profile_document/1/e3_format": "extended",
                "m1_themes": "remittances diaspora", "m2_frequency": "two_three", "m2_next": "2027-06-30",
                "m2_body": "Institut de la statistique", "m2_budget": "no",
                "c2_stages": "needs monitoring", "c3_needs_role": "provides_data",
                "c3_needs_action": "Publie les effectifs.", "c3_needs_data": "Recensement général",
                "c3_monitoring_role": "lead", "c3_monitoring_action": "Calcule les indicateurs.",
                "m6_used": "yes", "m6_purpose": "Préparer le plan national.",
                "practice/1/m7_title": "Bulletin commun", "practice/1/m7_done": "Un bulletin publié à deux.",
                "practice/1/m7_result": "Des chiffres concordants.", "practice/1/m7_stages": "monitoring",
                "practice/1/m7_domains": "trends", "practice/1/m7_share": "yes",
                "m8_challenges": "update use", "m8_first": "update", "m9_update_text": "Données de 2011.",
                "m9_update_action": "Calendrier de mise à jour.", "m9_update_worked": "partly", "m9_update_by": "INS",
                "m9_use_action": "Formation des ministères.", "m9_use_worked": "yes",
                "m10_topics": "gis analysis", "m10_level": "advanced", "m10_staff": "12",
                "m10_text": "Cartes des mobilités.",
                "recommendation/1/r1_category": "collection",
                "recommendation/1/r2_text": "Ajouter un module migration à l’enquête emploi.",
                "recommendation/1/r3_addressee": "Institut de la statistique",
                "recommendation/1/r3_priority": "high", "recommendation/1/r3_horizon": "short",
                "recommendation/1/r3_basis": "need", "recommendation/1/r4_objectives": "gcm_1",
                "recommendation/1/r4_areas": "area_1",
                "document/1/f1_title": "Annuaire statistique", "document/1/f1_year": "2024",
                "document/1/f1_kind": "statistics", "document/1/f1_quote": "yes",
                "document/2/f1_title": "Note interne", "document/2/f1_quote": "no",
                "f3_remark": "Merci de relire les sigles.",
            },
            status=status,
        ),
        contribution(
            POLICE,
            {
                "p3_name": "Issa Secret", "p3_function": "Commandant", "p3_unit": "Bureau des postes",
                "p3_email": "issa@dpf.example",
                "s1_holds": "yes", "s2_domains": "border crisis",
                "source/1/s3_name": "recensement GENERAL", "source/1/s4_status": "existing",
                "source/1/s5_domains": "border", "source/1/s9_breakdown": "nationality",
                "source/1/s13_same": "other", "source/1/s13_unit": "Bureau central des statistiques",
                "source/1/s13_email": "statistiques@dpf.example",
                "source/2/s3_name": "Fiches de débarquement", "source/2/s4_status": "potential",
                "source/2/s5_domains": "border crisis", "source/2/s15_missing": "Le matériel de saisie.",
                "source/2/s14_file": "fiche.pdf", "source/2/s13_same": "same",
                "!source/3/s3_name": "FICHIER-RÉSERVÉ", "source/3/s7_content": "CONTENU-RÉSERVÉ",
                "s18_border": "Les postes notent les entrées sur papier.",
                "!s19_crisis": "CRISE-RÉSERVÉE",
                "c2_stages": "implementation monitoring", "c3_monitoring_role": "lead",
                "!c3_implementation_action": "ACTION-RÉSERVÉE", "c3_implementation_role": "contributes",
                "m6_used": "unheard",
                "m8_challenges": "update understanding dissemination",
                "m8_first": "understanding", "m8_second": "update",
                "recommendation/1/r1_category": "border",
                "recommendation/1/r2_text": "Numériser les fiches dans tous les postes.",
                "recommendation/1/r3_priority": "medium",
                "recommendation/2/r1_category": "border",
                "recommendation/2/r2_text": "Former les agents à la saisie.", "recommendation/2/r3_priority": "high",
            },
            status=status,
            released=released,
        ),
        contribution(
            COORDINATION,
            {
                "e2_institution": "Conseil de la migration", "e2_function": "Secrétaire permanent",
                "e3_status": "exists", "profile_document/1/e3_title": "Profil migratoire national",
                "profile_document/1/e3_year": "2012", "e4_functions": "dialogue policy",
                "entity/1/e5_name": "Banque centrale", "entity/1/e5_type": "private",
                "entity/2/e5_name": "Institut de la Statistique", "entity/2/e5_type": "statistics",
                "c1_status": "adopted", "policy/1/c1_title": "Stratégie nationale de migration",
                "policy/1/c1_year": "2016",
                "c4_monitoring_known": "lead", "c4_monitoring_lead": "INS", "c4_monitoring_actors": "Police\nDouanes",
                "c4_decision_known": "none", "c5_mechanism": "Comité interministériel, chaque trimestre.",
                "m3_status": "exists", "m3_name": "Groupe technique migration",
                "m4_name": "Fatou Modèle", "m4_function": "Directrice", "m4_entity": "Conseil de la migration",
                "member/1/m5_entity": "Institut de la statistique", "member/1/m5_name": "Awa Exemple",
                "member/1/m5_role": "provider",
                "member/2/m5_entity": "Police", "member/2/m5_name": "Issa Modèle", "member/2/m5_role": "member",
            },
            role="coordinator",
            status=status,
        ),
        contribution(
            ASSOCIATION,
            {
                "p7_publish": "none", "p3_function": "FUNCTION-PRIVATE",
                "s1_holds": "planned", "source/1/s3_name": "Returnee survey", "source/1/s4_status": "existing",
                "source/1/s5_domains": "development", "source/1/s7_content": "Interviews with 400 returnees.",
                "source/1/s13_same": "same",
                "m8_challenges": "other", "m8_other": "Questions arrive too late.",
                "recommendation/1/r1_category": "cooperation",
                "recommendation/1/r2_text": "Share anonymised files with universities.",
                "recommendation/2/r1_category": "other", "recommendation/2/r1_other": "Ethics",
                "recommendation/2/r2_text": "Set up an ethics committee for studies.",
                "f3_confidential": "needs", "need/1/s17_need": "NEED-TICKED",
            },
            language="en",
            status=status,
        ),
    ]  # fmt: skip
