"""`griot form paper` and `griot paper`: a blank questionnaire, filled by hand, recorded for who has no phone."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from db.answers import Answer
from db.transaction import Transaction
from flows.interview.xlsform import load_form
from tests.bot.command_line import CommandLine, stored
from tests.bot.conftest import SMALL, small_form
from tests.bot.documents.filling import fill
from tests.bot.test_commands import griot  # noqa: F401 (a fixture)

FILLED = {"body/name": "Recensement (exemple)", "body/year": "1912"}
TICKED = {"consent=yes", "body/domains=border", "body/domains=crisis"}


@pytest.fixture
def blank(griot: CommandLine, monkeypatch: pytest.MonkeyPatch) -> bytes:  # noqa: F811
    monkeypatch.setattr("bot.app.guide_forms", lambda: [small_form()])
    Path("small.md").write_text(SMALL, encoding="utf-8")
    made = griot("form", "paper", "small.md", "--language", "fr", "--out", "blank.docx")
    assert (made.code, made.out.strip()) == (0, "blank.docx")
    return Path("blank.docx").read_bytes()


def _answers() -> list[Answer]:
    async def read(tx: Transaction) -> list[Answer]:
        (interview,) = await tx.interviews.of_country("BFA")
        return await tx.answers.current(interview.id)

    return stored(read)


def test_a_paper_filled_by_hand_is_recorded_for_an_official_without_a_phone(
    griot: CommandLine,  # noqa: F811
    blank: bytes,
) -> None:
    assert griot("open", "BFA").code == 0
    Path("filled.docx").write_bytes(fill(blank, FILLED, TICKED))
    assert griot("paper", "read", "BFA", "filled.docx").code == 1
    done = griot("paper", "import", "BFA", "filled.docx", "--name", "Awa (exemple)", "--entity", "Institut (exemple)")
    assert done.code == 0, done.error
    assert "takes part on paper" in done.out
    assert "3 answers of the document are recorded" in done.out
    recorded = {one.path: (one.value, one.channel) for one in _answers()}
    assert recorded["/data/body/name"] == ("Recensement (exemple)", "paper")
    assert recorded["/data/body/domains"] == ("border crisis", "paper")
    assert recorded["/data/consent"][0] == "yes"
    assert "/data/body/year" not in recorded


def test_what_is_on_record_is_shown_beside_the_paper_and_replaced_only_where_it_is_named(
    griot: CommandLine,  # noqa: F811
    blank: bytes,
) -> None:
    assert griot("open", "BFA").code == 0
    Path("filled.docx").write_bytes(fill(blank, {"body/name": "Recensement"}, TICKED))
    assert griot("paper", "import", "BFA", "filled.docx", "--name", "Awa", "--entity", "Institut").code == 0
    Path("again.docx").write_bytes(fill(blank, {"body/name": "Enquête"}, TICKED))
    read = griot("paper", "read", "BFA", "again.docx", "--person", "1", "--out", "list.docx")
    assert read.code == 0, read.error
    assert "1\tconflict" in read.out
    assert "Recensement (Awa, " in read.out
    assert Path("list.docx").read_bytes().startswith(b"PK")
    assert griot("paper", "import", "BFA", "again.docx", "--person", "1").code == 0
    assert "Recensement" in {one.value for one in _answers()}
    assert griot("paper", "import", "BFA", "again.docx", "--person", "1", "--also", "1").code == 0
    assert "Enquête" in {one.value for one in _answers()}


def test_nothing_is_recorded_in_the_name_of_somebody_whose_part_has_ended(
    griot: CommandLine,  # noqa: F811
    blank: bytes,
) -> None:
    assert griot("open", "BFA").code == 0
    Path("filled.docx").write_bytes(fill(blank, {"body/name": "Recensement"}, TICKED))
    assert griot("paper", "import", "BFA", "filled.docx", "--name", "Awa", "--entity", "Institut").code == 0

    async def leave(tx: Transaction) -> None:
        await tx.people.end(1, datetime(2027, 1, 4, tzinfo=UTC))

    stored(leave)
    before = _answers()
    Path("again.docx").write_bytes(fill(blank, {"body/name": "Enquête"}, TICKED))
    refused = griot("paper", "import", "BFA", "again.docx", "--person", "1", "--also", "1")
    assert refused.code == 1
    assert "no longer takes part" in refused.out + refused.error
    assert _answers() == before


def test_what_cannot_be_read_is_refused_in_a_line_and_adds_nobody(griot: CommandLine, blank: bytes) -> None:  # noqa: F811
    assert griot("open", "BFA").code == 0
    Path("other.docx").write_bytes(b"no document")
    for arguments in (("--person", "7"), ("--name", "Awa", "--entity", "Institut")):
        done = griot("paper", "import", "BFA", "other.docx", *arguments)
        assert (done.code, len(done.error.splitlines())) == (1, 1)
    Path("blank2.docx").write_bytes(blank)
    unknown = griot("paper", "import", "BFA", "blank2.docx", "--person", "7")
    assert (unknown.code, "whose" in unknown.error) == (1, True)
    assert griot("paper", "import", "BFA", "blank2.docx", "--name", "Awa").code == 2
    assert "Awa" not in griot("person", "list", "BFA").out


def test_a_blank_paper_is_asked_for_with_a_clear_line_on_what_is_wrong(griot: CommandLine) -> None:  # noqa: F811
    Path("small.md").write_text(SMALL, encoding="utf-8")
    assert griot("form", "paper", "small.md", "--out", "blank.pdf").code == 2
    assert griot("form", "paper", "small.md", "--out", "blank.docx", "--given", "role").code == 2
    assert griot("form", "paper", "none.md", "--out", "blank.docx").code == 1


def test_a_paper_is_handed_in_for_its_official_once_nothing_that_must_be_answered_is_open(
    griot: CommandLine,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sending = "| | select_one yes_no | submit | Envoyer ? | Send? | yes | | ${consent}='yes' | submit |"
    lines = SMALL.replace("| choices ", f"{sending}\n| choices ", 1)
    must = lines.replace(
        "| Quelle année ?              | Which year?           |          |", "| Année ? | Year? | yes |"
    )
    assert must != lines
    Path("form.md").write_text(must, encoding="utf-8")
    monkeypatch.setattr("bot.app.guide_forms", lambda: [load_form(must.encode(), "md")])
    assert griot("open", "BFA").code == 0
    assert griot("form", "paper", "form.md", "--out", "blank.docx").code == 0
    blank = Path("blank.docx").read_bytes()
    Path("filled.docx").write_bytes(fill(blank, {"body/name": "Recensement"}, {"consent=yes"}))
    newcomer = ("--name", "Awa", "--entity", "Institut (exemple)")
    early = griot("paper", "import", "BFA", "filled.docx", *newcomer, "--hand-in")
    assert (early.code, "Année ?" in early.error) == (1, True)
    Path("more.docx").write_bytes(fill(blank, {"body/year": "2025"}, {"consent=yes"}))
    done = griot("paper", "import", "BFA", "more.docx", "--person", "1", "--hand-in")
    assert done.code == 0, done.error
    assert "handed in to the coordinator" in done.out
    assert "submitted" in griot("contributions", "BFA").out
