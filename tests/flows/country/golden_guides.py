"""Three dossiers of samples, the guides that they make, and those guides as text, to be compared with `golden/`.

`python -m tests.flows.country.golden_guides` writes `golden/` anew: read the difference before you commit it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

from flows.country.additions import Additions, Finding, Outcome, Resolution, Waived
from flows.country.contribution import Entity
from flows.country.dossier import Dossier
from flows.country.draft import Edition, Foreword, compile_guide
from flows.country.guide import Block, Bullets, Cell, Figure, Guide, Paragraph, Section, Statement, Table
from flows.country.merging import merge
from flows.country.outlines import Outline
from flows.country.participation import Participation
from flows.country.walking import titled
from flows.knowledge import country
from tests.flows.country.saying import ASSOCIATION, COORDINATION, POLICE, STATISTICS, contribution, small_exercise

FOLDER = Path(__file__).with_name("golden")
NOW = datetime(2026, 3, 15, 12, tzinfo=UTC)
LANGUAGES = ("fr", "en")
REFUGEES = Entity("Office des réfugiés (exemple)", "ODR", "agency")
INTERNATIONAL = Entity("International Office for Migration Studies (sample)", "IOMS", "international")
BANK = Entity("Banque centrale", "BC", "private")


def full() -> Dossier:
    """Everybody has answered, a workshop was held, desk research is confirmed, a difference decided."""
    more = [
        contribution(
            REFUGEES,
            {
                "p3_function": "Directrice", "p3_unit": "Service de l’enregistrement", "p7_publish": "position",
                "s1_holds": "yes", "s2_domains": "crisis",
                "source/1/s3_name": "Registre des réfugiés", "source/1/s4_status": "existing",
                "source/1/s5_domains": "crisis", "source/1/s6_type": "register", "source/1/s8_period": "daily",
                "source/1/s7_content": "Réfugiés et demandeurs d’asile, avec l’appui du HCR.",
                "source/1/s9_breakdown": "sex age nationality", "source/1/s13_same": "same",
                "s19_crisis": "Chaque nouvel arrivant est enregistré dans les 48 heures.",
                "recommendation/1/r1_category": "crisis",
                "recommendation/1/r2_text": "Relier le registre à celui de la protection civile.",
                "recommendation/2/r1_category": "training",
                "recommendation/2/r2_text": "Former deux agents par région.", "recommendation/2/r3_priority": "low",
            },
            status="accepted",
            released=frozenset({"s19_crisis"}),
        ),
        contribution(
            INTERNATIONAL,
            {
                "p3_name": "Jo Sample", "p3_function": "Data officer", "p3_email": "jo@ioms.example",
                "p7_publish": "full", "s1_holds": "yes", "s2_domains": "trends border crisis development",
                "source/1/s3_name": "Refugee register", "source/1/s4_status": "existing",
                "source/1/s5_domains": "crisis trends", "source/1/s8_period": "monthly",
                "source/1/s9_breakdown": "nationality", "source/1/s13_same": "same",
                "source/2/s3_name": "Border flow monitoring", "source/2/s4_status": "potential",
                "source/2/s5_domains": "border", "source/2/s15_missing": "Funds for two more posts.",
                "source/2/s13_same": "same",
            },
            language="en",
            status="accepted",
        ),
        contribution(
            BANK,
            {
                "p3_function": "Chef de division", "p7_publish": "position", "s1_holds": "yes",
                "source/1/s3_name": "Balance des paiements", "source/1/s4_status": "existing",
                "source/1/s5_domains": "development", "source/1/s8_period": "quarterly", "source/1/s13_same": "same",
            },
            status="accepted",
        ),
    ]  # fmt: skip
    day = date(2026, 2, 20)
    additions = Additions(
        resolutions=(
            Resolution("two_leads-monitoring", "pick", "INS", "Par décret (exemple).", "fr", NOW),
        ),
        findings=(
            Finding(
                1, "Le recensement de 2019 compte les nés à l’étranger.", "Rapport du recensement (exemple)",
                "https://ins.example/rapport", date(2026, 1, 5), "s7_content", "I.2", STATISTICS.name, "high",
                "confirmed", "fr",
            ),
            Finding(
                3, "Pays de départ depuis les années 1930 (exemple).\n\nUne loi de 2012 règle l’asile (exemple).",
                "Journal officiel (exemple)", "", date(2026, 1, 7), "", "II.5", COORDINATION.name, "high", "confirmed",
                "fr",
            ),
            Finding(2, "Un observatoire est prévu.", "Note (exemple)", "", date(2026, 1, 6), "", "II.4", "", "low"),
        ),
        outcomes=(
            Outcome(kind="need", text="Durée des séjours.", domain="border", language="fr", workshop_date=day),
            Outcome(
                kind="challenge", text="Trop peu de lecteurs.", category="dissemination", priority="high",
                language="fr", workshop_date=day,
            ),
            Outcome(
                kind="recommendation", text="Publier un bulletin chaque trimestre.", category="cooperation",
                objectives=(1, 3), priority="high", language="fr", workshop_date=day,
            ),
        ),
    )  # fmt: skip
    dossier = merge("BFA", [*small_exercise(accepted=True), *more], additions)
    return replace(dossier, participation=Participation((6, 4), (4, 3), (4, 3)))


def sparse() -> Dossier:
    """One entity has answered three questions; the country does without a statistics office."""
    answers = {"s18_border": "Les postes notent les entrées.", "c5_mechanism": "Aucun.", "p3_function": "Chef"}
    released = frozenset({"s18_border"})
    said = contribution(POLICE, answers, status="accepted", released=released)
    return merge("BFA", [said], Additions(waived=(Waived("statistics", "none_exists", date(2026, 2, 3)),)))


def contradictory() -> Dossier:
    """Four entities that agree on nothing."""
    said = [
        contribution(
            entity,
            {
                "p7_publish": publish, "p3_function": f"Fonction {number}", "p3_email": f"{number}@exemple.example",
                "s1_holds": "yes", "source/1/s3_name": name, "source/1/s4_status": status,
                "source/1/s5_domains": domains, "source/1/s6_type": "census", "source/1/s7_content": f"Avis {number}",
                "source/1/s8_period": period, "source/1/s9_breakdown": breakdown, "source/1/s11_access": access,
                "c1_status": policy, "policy/1/c1_title": "Politique", "policy/1/c1_year": str(2010 + number),
                "e3_status": profile, "profile_document/1/e3_title": f"Profil {number}",
                "c2_stages": "monitoring", "c3_monitoring_role": "lead",
                "c4_decision_known": "lead" if number < 3 else "none", "c4_decision_lead": entity.name,
                "m8_challenges": f"{challenge} use", "m8_first": challenge, f"m9_{challenge}_action": "Un essai",
                f"m9_{challenge}_worked": worked,
            },
            role="coordinator" if number == 1 else "official",
            language="en" if number == 4 else "fr",
            status="accepted",
        )
        for number, (
            entity, name, status, domains, period, breakdown, access, policy, profile, challenge, worked, publish,
        ) in enumerate(
            (
                (COORDINATION, "RGPH", "existing", "trends", "every_n_years", "sex age", "public", "adopted",
                 "exists", "update", "yes", "full"),
                (STATISTICS, "Recensement général de la population et de l’habitat (RGPH)", "existing",
                 "trends development", "one_off", "sex", "on_request", "drafting", "in_progress", "understanding",
                 "no", "position"),
                (POLICE, "Fichier des réfugiés", "potential", "border", "yearly", "none", "state", "none", "none",
                 "dissemination", "partly", "none"),
                (ASSOCIATION, "Population and Housing Census", "potential", "trends crisis", "monthly", "nationality",
                 "confidential", "adopted", "exists", "update", "not_tried", "full"),
            ),
            start=1,
        )
    ]  # fmt: skip
    return merge("BFA", said)


DOSSIERS: dict[str, Callable[[], Dossier]] = {"full": full, "sparse": sparse, "contradictory": contradictory}


def compiled(name: str, language: str, outline: Outline) -> Guide:
    """The guide of a dossier: the full one with a foreword, as a version for the experts."""
    forewords = (Foreword("Ce guide est le nôtre.", "F. Modèle (exemple)", "Secrétaire permanente", "fr"),)
    edition = Edition(1, NOW.date(), forewords=forewords) if name == "full" else None
    return compile_guide(DOSSIERS[name](), country("BFA"), language, NOW, edition=edition, outline=outline)


def shown(guide: Guide) -> str:
    """A guide as text: what stands where, who said it, in which language."""
    lines = [f"{guide.title} | {guide.subtitle} | {guide.status}", *_sections(guide.front), "# (summary)"]
    lines += [line for block in guide.summary for line in _block(block)]
    lines += _sections(guide.sections)
    lines.append("# (sources)")
    lines += [f"[{one.number}] {one.entity} | {one.speaker} | {one.language} | {one.kind}" for one in guide.sources]
    return "\n".join(lines) + "\n"


def _sections(sections: tuple[Section, ...], level: int = 1) -> Iterator[str]:
    for section in sections:
        yield f"{'#' * level} {titled(section)} ({section.anchor})"
        for block in section.blocks:
            yield from _block(block)
        yield from _sections(section.sections, level + 1)


def _block(block: Block) -> Iterator[str]:
    match block:
        case Paragraph():
            yield f"{block.style}: {_said(block.statements)}"
        case Bullets():
            yield from (f"- {_cell(item)}" for item in block.items)
        case Table():
            yield f"table {block.anchor}: {block.caption}{' (wide)' if block.landscape else ''}"
            yield "|| " + " | ".join(block.columns)
            yield from ("| " + " | ".join(map(_cell, row.cells)) for row in block.rows)
        case Figure():
            yield f"figure {block.anchor} ({block.shape}): {block.caption}"
            yield f"= {block.alt}"
            yield "|| " + " | ".join((*block.columns, *block.series))
            for mark in block.marks:
                names = (", ".join(many) for many in mark.names)
                numbers = ("+".join(map(str, counts)) for counts in mark.values)
                yield "| " + " | ".join([mark.label, *numbers, *names, *([f"<{mark.gap}>"] if mark.gap else [])])


def _cell(cell: Cell) -> str:
    return _said(cell.statements) or (f"<{cell.gap}>" if cell.gap else "")


def _said(statements: tuple[Statement, ...]) -> str:
    return " / ".join(
        one.text.replace("\n", "⏎")
        + (f" {{{one.language}}}" if one.language else "")
        + (f" {list(one.sources)}" if one.sources else "")
        for one in statements
    )


def every() -> Iterator[tuple[str, str, Outline]]:
    """Every golden guide: dossier, language, outline."""
    for name in DOSSIERS:
        for language in LANGUAGES:
            yield name, language, "2013"
            yield name, language, "published"


def path(name: str, language: str, outline: Outline) -> Path:
    return FOLDER / f"{name}-{language}-{outline}.txt"


if __name__ == "__main__":
    for one in every():
        path(*one).write_text(shown(compiled(*one)), encoding="utf-8")
