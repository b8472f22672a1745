"""`griot desk import`: a file looked through row by row, then recorded whole or not at all."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from bot.documents.tables import NotRead, read_table
from db.transaction import Transaction
from tests.bot.command_line import CommandLine, course, stored
from tests.bot.test_commands import griot  # noqa: F401 (a fixture)

HEADER = "fact;citation;url;read_on;question;section;entity;confidence;language;note"
GOOD = "\n".join(
    [
        HEADER,
        "Un fait (exemple).;Annuaire (exemple);https://www.example.org/a;2026-01-31;s7_content;;INSD;high;fr;",
        "Un autre fait (exemple).;Rapport (exemple);;31/01/2026;;III.4;;;fr;",
    ]
)
BAD = "\n".join(
    [
        HEADER,
        "Un fait (exemple).;Annuaire (exemple);https://www.example.org/a;2026-01-31;s7_content;;INSD;high;fr;",
        "Un fait (exemple).;Annuaire (exemple);https://www.example.org/a;2026-01-31;s7_content;;INSD;high;fr;",
        "Sans source (exemple).;;;2026-01-31;s7_content;;;;;",
        "Lu demain (exemple).;Annuaire (exemple);;2999-01-01;s7_content;;;;;",
        "Date illisible (exemple).;Annuaire (exemple);;hier;s7_content;;;;;",
        "Entité inconnue (exemple).;Annuaire (exemple);;2026-01-31;s7_content;;Institut de la statistique;;;",
        "Question inconnue (exemple).;Annuaire (exemple);;2026-01-31;s99;;;;;",
        "Plusieurs champs (exemple).;Annuaire (exemple);;2026-01-31;S10;;;;;",
        "Confiance (exemple).;Annuaire (exemple);;2026-01-31;s7_content;;;certaine;;",
        "Adresse (exemple).;Annuaire (exemple);javascript:x;2026-01-31;;VII;;;;",
        '"=HYPERLINK(""x"")";Annuaire (exemple);;2026-01-31;s7_content;;;;;',
    ]
)
REPORT = """\
Check of “faits.csv” (Burkina Faso)
The column “note” is not known; it is left aside.
2 facts can be imported.
Row 2: S7 s7_content · Institut national de la statistique et de la démographie · Un fait (exemple).
Row 12: S7 s7_content · the national coordination · =HYPERLINK("x")
One fact is on record already and stays as it is.
Row 3: repeats row 2
9 problems are to be corrected in the file:
Row 4, citation: The source is not cited: a fact without a source cannot be proposed.
Row 5, read_on: The date on which the source was read (1 January 2999) has not come yet.
Row 6, read_on: The date “hier” cannot be read: write it 2026-03-31 or 31/03/2026.
Row 7, entity: The entity “Institut de la statistique” is not known in this country. \
The closest: Institut national de la statistique et de la démographie.
Row 8, question: The questionnaire has no question “s99” that a published fact could answer.
Row 9, question: The question “S10” has several fields: give one of them (s10_format, s10_system).
Row 10, confidence: The confidence “certaine” is not known: give high, medium or low.
Row 11, url: This is not a web address: it begins with http:// or https://.
Row 11, section: The guide has no section “VII”.
Nothing is imported while a problem remains: correct the file and send it again.
"""


def _entities() -> None:
    async def add(tx: Transaction) -> None:
        name = "Institut national de la statistique et de la démographie"
        await tx.entities.find_or_add("BFA", name, datetime.now(UTC), "INSD", "statistics")

    stored(add)


@pytest.fixture
def desk(griot: CommandLine) -> CommandLine:  # noqa: F811
    _entities()
    return griot


def test_every_problem_is_reported_with_its_row_and_nothing_is_recorded(desk: CommandLine) -> None:
    Path("faits.csv").write_text(BAD, encoding="utf-8")
    for options in ((), ("--yes",)):
        ended = desk("desk", "import", "BFA", "faits.csv", *options)
        assert ended.code == 1
        assert ended.out.startswith(REPORT)
    assert course().findings.made == {}


def test_a_good_file_is_recorded_once_and_only_when_told_to(desk: CommandLine) -> None:
    Path("faits.csv").write_text(GOOD, encoding="utf-8-sig")
    trial = desk("desk", "import", "BFA", "faits.csv")
    assert (trial.code, trial.out.splitlines()[-1]) == (
        0,
        "This was a trial: nothing was recorded. Add --yes to import.",
    )
    assert course().findings.made == {}
    done = desk("desk", "import", "BFA", "faits.csv", "--yes")
    assert (done.code, done.out.splitlines()[-1]) == (0, "2 facts are imported and proposed to the entities concerned.")
    again = desk("desk", "import", "BFA", "faits.csv", "--yes")
    assert again.code == 0
    assert "2 facts are on record already" in again.out
    found = list(course().findings.made.values())
    assert [(one.field, one.section, one.confidence, one.by) for one in found] == [
        ("s7_content", "", "high", None),
        ("", "III.4", "medium", None),
    ]
    listed = desk("desk", "list", "BFA")
    assert listed.out.splitlines()[-1] == "2 facts"
    assert desk("desk", "list", "BFA", "--state", "confirmed").out.strip().startswith("No fact")
    assert desk("desk", "list", "BFA", "--state", "lost").code == 2


def test_the_same_facts_are_read_from_every_format(desk: CommandLine) -> None:
    fact = {
        "fact": "Un fait (exemple).",
        "citation": "Annuaire (exemple)",
        "read_on": "2026-01-31",
        "question": "s7_content",
    }
    Path("a.json").write_text(json.dumps({"findings": [fact]}), encoding="utf-8")
    rows = "\n".join(f'{name} = "{value}"' for name, value in fact.items() if name != "read_on")
    Path("a.toml").write_text(f"[[finding]]\nread_on = 2026-01-31\n{rows}\n", encoding="utf-8")
    book = Workbook()
    book.worksheets[0].append(list(fact))
    book.worksheets[0].append([*list(fact.values())[:2], datetime(2026, 1, 31), fact["question"]])  # noqa: DTZ001
    book.save("a.xlsx")
    assert desk("desk", "import", "BFA", "a.json", "--yes").code == 0
    for name in ("a.toml", "a.xlsx"):
        ended = desk("desk", "import", "BFA", name, "--yes")
        assert (ended.code, "One fact is on record already" in ended.out) == (0, True)


def test_formulas_are_refused_and_hostile_cells_stay_text(desk: CommandLine) -> None:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.append(["fact", "citation", "read_on", "question"])
    sheet.append(["=1+1", "Annuaire (exemple)", "2026-01-31", "s7_content"])
    book.save("a.xlsx")
    ended = desk("desk", "import", "BFA", "a.xlsx", "--yes")
    assert ended.code == 1
    assert "Row 2, fact: The cell holds a formula: replace it by its value." in ended.out
    hostile = "‮<b>fait</b> \x00 قال " + "x" * 9_900
    fact = {"fact": hostile, "citation": "A", "read_on": "2026-01-31", "section": "I"}
    Path("a.json").write_text(json.dumps([fact, {**fact, "fact": "x" * 10_001}]), encoding="utf-8")
    ended = desk("desk", "import", "BFA", "a.json", "--yes")
    assert "Row 3, fact: The text is longer than 10000 characters" in ended.out
    Path("a.json").write_text(json.dumps([fact]), encoding="utf-8")
    assert desk("desk", "import", "BFA", "a.json", "--yes").code == 0
    (one,) = course().findings.made.values()
    assert one.text.startswith("<b>fait</b>")
    assert "\x00" not in one.text


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.pdf", b"%PDF", "desk.file_kind"),
        ("a.xlsx", b"no workbook", "desk.file_unreadable"),
        ("a.json", b"{", "desk.file_unreadable"),
        ("a.json", b"[" * 100_000, "desk.file_unreadable"),
        ("a.json", b'[{"fact": {"a": 1}}]', "desk.file_unreadable"),
        ("a.toml", b"a = 1", "desk.file_unreadable"),
        ("a.csv", b"", "desk.file_empty"),
        ("a.csv", b"fact;citation\n;\n", "desk.file_empty"),
        ("a.csv", b"fact\n" + b"x\n" * 2_001, "desk.file_rows"),
        ("a.csv", b"x" * 5_000_001, "desk.file_large"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_with_the_reason(name: str, content: bytes, reason: str) -> None:
    with pytest.raises(NotRead) as refused:
        read_table(name, content)
    assert refused.value.reason == reason


def test_what_is_missing_is_one_clear_line(desk: CommandLine) -> None:
    assert "cannot be opened" in desk("desk", "import", "BFA", "nowhere.csv").line
    assert desk("desk", "import", "XXX", "nowhere.csv").code == 1
    Path("a.csv").write_text("fact;note\nUn fait (exemple).;\n", encoding="utf-8")
    ended: Any = desk("desk", "import", "BFA", "a.csv", "--yes")
    assert ended.code == 1
    assert "The file has no column “citation”." in ended.out
