"""`griot objectives`: listed, exported, imported whole or not at all, and the report made."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.bot.command_line import CommandLine
from tests.bot.test_guides import form

HEAD = "kind,title_fr,title_en,begins,objectives,link_fr\n"
GOOD = "meeting,Migrants disparus,Missing migrants,2023-09-20,7 8,https://rabat-process.org/fr/a\n"
WRONG = "party,Autre,,someday,24,file:///C:/a.pdf\n"


@pytest.fixture
def griot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> CommandLine:
    monkeypatch.setattr("bot.app.guide_forms", lambda: [form()])
    return CommandLine(tmp_path, monkeypatch, capsys)


def test_a_file_is_looked_through_first_and_imported_when_meant(griot: CommandLine) -> None:
    Path("new.csv").write_text(HEAD + GOOD, encoding="utf-8")
    assert "Nothing was imported yet" in griot("objectives", "import", "new.csv").out
    assert "version 1 " in griot("objectives", "list").out
    assert "One activity of the catalogue was added" in griot("objectives", "import", "new.csv", "--yes").out
    said = griot("objectives", "list", "8").out
    assert "a1\t7 8\tMeeting\tMissing migrants\t20 September 2023" in said
    assert "3 activities; version 1.1 of the catalogue." in said
    again = griot("objectives", "import", "new.csv", "--yes")
    assert again.code == 1
    assert "already in the catalogue under the code a1" in again.error


def test_one_mistake_and_nothing_is_imported(griot: CommandLine) -> None:
    Path("new.csv").write_text(HEAD + GOOD + WRONG, encoding="utf-8")
    ended = griot("objectives", "import", "new.csv", "--yes")
    assert ended.code == 1
    told = ended.error.splitlines()
    assert len(told) == 5
    assert "Nothing was imported: there are 4 mistakes" in told[-1]
    assert "version 1 " in griot("objectives", "list").out


@pytest.mark.parametrize("kind", ["csv", "xlsx", "toml"])
def test_what_is_exported_is_taken_back(griot: CommandLine, kind: str) -> None:
    assert griot("objectives", "export", "--out", f"all.{kind}").code == 0
    ended = griot("objectives", "import", f"all.{kind}", "--yes")
    assert (ended.code, "Nothing has changed" in ended.error) == (1, True)


def test_the_report_is_the_same_whenever_it_is_made(griot: CommandLine) -> None:
    for folder in ("one", "two"):
        assert griot("objectives", "report", "--language", "fr", "--out", folder).code == 0
    files = sorted(path.name for path in Path("one").iterdir())
    assert files == ["objectives-fr.docx", "objectives-fr.html", "objectives-fr.pdf"]
    for name in files:
        assert Path("one", name).read_bytes() == Path("two", name).read_bytes()
    assert "Activités du Processus de Rabat" in Path("one", "objectives-fr.html").read_text(encoding="utf-8")


def test_what_cannot_be_made_is_said(griot: CommandLine) -> None:
    assert griot("objectives", "report", "--format", "odt").code == 2
    assert griot("objectives", "report", "--language", "pt").code == 2
    assert griot("objectives", "export", "--out", "all.pdf").code == 2
    assert griot("objectives", "import", "none.csv").code == 1
