"""`griot brief`: files by name, the same whenever they are made, and what cannot be made."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.bot.command_line import CommandLine
from tests.bot.test_guides import form


@pytest.fixture
def griot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> CommandLine:
    monkeypatch.setattr("bot.app.guide_forms", lambda: [form()])
    return CommandLine(tmp_path, monkeypatch, capsys)


def test_the_brief_of_an_exercise_that_has_not_begun_is_made_and_made_again_the_same(griot: CommandLine) -> None:
    for folder in ("one", "two"):
        assert griot("brief", "--date", "2026-06-15", "--out", folder).code == 0
    files = sorted(path.name for path in Path("one").iterdir())
    assert files == [f"brief-2026-06-15-{language}.{kind}" for language in ("en", "fr") for kind in ("pdf", "pptx")]
    for name in files:
        assert Path("one", name).read_bytes() == Path("two", name).read_bytes()


@pytest.mark.parametrize(
    "arguments",
    [("--date", "2999-01-01"), ("--date", "yesterday"), ("--language", "pt"), ("--format", "odp"), ("--format", ",")],
)
def test_what_cannot_be_made_is_said_in_one_line(griot: CommandLine, arguments: tuple[str, str]) -> None:
    ended = griot("brief", *arguments)
    assert (ended.code, len(ended.error.strip().splitlines())) == (2, 1)
    assert not Path("out").exists()
