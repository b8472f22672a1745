from __future__ import annotations

from datetime import UTC, date, datetime

from flows.country.additions import Additions, Waived
from flows.country.checklist import RULES, checklist
from flows.country.draft import compile_guide
from flows.country.guide import Table
from flows.country.merging import merge
from flows.country.steps.additions import additions
from flows.country.steps.participants import EssentialWaived
from flows.country.walking import sections
from flows.knowledge import country
from tests.flows.country.happening import TAKES_PART, course
from tests.flows.country.saying import POLICE, STATISTICS, contribution, small_exercise
from tests.flows.country.test_draft import rows

WAIVED = (Waived("statistics", "none_exists", date(2026, 2, 3)), Waived("crisis", "covered", date(2026, 2, 4)))


def test_every_rule_says_how_the_dossier_stands_with_it() -> None:
    found = {check.rule: (check.state, check.left) for check in checklist(merge("BFA", small_exercise()))}
    assert list(found) == list(RULES)
    assert found["statistics"] == found["border"] == found["group"] == ("met", 0)
    assert found["mapping"] == ("open", 4)
    assert found["recommendations"] == ("open", 2)
    assert found["differences"] == ("open", 3)
    assert {state for state, _ in found.values()} == {"met", "open"}


def test_what_the_country_does_without_is_waived_with_the_reason_and_is_no_gap() -> None:
    dossier = merge("BFA", [contribution(POLICE, {})], Additions(waived=WAIVED))
    found = {check.rule: check for check in checklist(dossier)}
    assert found["statistics"].state == found["crisis"].state == "waived"
    assert found["statistics"].waived == WAIVED[0]
    assert not {"no_statistics", "no_crisis"} & {gap.kind for gap in dossier.missing}
    assert merge("BFA", [contribution(POLICE, {})]).missing[-1].kind in {"no_crisis", "no_statistics"}


def test_a_waiver_is_forgotten_where_the_entity_has_answered_in_the_end() -> None:
    dossier = merge("BFA", [contribution(STATISTICS, {})], Additions(waived=WAIVED[:1]))
    assert dossier.waived == ()
    assert {check.rule: check.state for check in checklist(dossier)}["statistics"] == "met"


def test_the_experts_see_what_is_waived_and_why() -> None:
    dossier = merge("BFA", [contribution(POLICE, {"!s19_crisis": "X"})], Additions(waived=WAIVED))
    guide = compile_guide(dossier, country("BFA"), "fr", datetime(2026, 3, 15, tzinfo=UTC))
    assert rows(guide, "A.1")
    told = repr(guide)
    assert "Il n’en existe pas dans le pays (3 février 2026)" in told
    assert "1 réponse confidentielle laissée de côté" in told


def test_the_experts_see_who_waived_a_rule_in_their_own_words_marked_with_their_language() -> None:
    written = Waived("practice", "", date(2026, 2, 5), "secretariat", "No profile <yet>.", "en")
    erased = Waived("recommendations", "", date(2026, 2, 6), "coordinator")
    dossier = merge("BFA", [contribution(POLICE, {})], Additions(waived=(written, erased)))
    guide = compile_guide(dossier, country("BFA"), "fr", datetime(2026, 3, 15, tzinfo=UTC))
    (table,) = [
        block
        for section in sections(guide)
        for block in section.blocks
        if isinstance(block, Table) and block.anchor == "table-checklist"
    ]
    why = [[(one.text, one.language) for one in row.cells[2].statements] for row in table.rows]
    assert [("No profile <yet>.", "en"), ("Décision : le Secrétariat, 5 février 2026.", "")] in why
    assert [("Décision : la coordination nationale, 6 février 2026.", "")] in why


def test_waivers_come_from_the_course_of_the_country() -> None:
    happened = course(*TAKES_PART, EssentialWaived("statistics", "none_exists"))
    assert additions(happened, {}).waived == (Waived("statistics", "none_exists", date(2027, 1, 7), "coordinator"),)
