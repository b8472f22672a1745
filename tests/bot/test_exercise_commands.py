"""`griot status`, `griot dates`, `griot milestone` as the secretariat meets them."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.app import guide_forms
from db.database import Store
from flows.i18n import text
from tests.bot.command_line import CommandLine
from tests.crowd import fill

YEAR = datetime.now(UTC).year + 1


@pytest.fixture
def griot(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> CommandLine:
    """The command line with an empty store."""
    run = CommandLine(tmp_path, monkeypatch, capsys)
    monkeypatch.setenv("GRIOT_DATABASE_URL", f"sqlite:///{tmp_path}/griot.db")
    _store(tmp_path, 0)
    return run


def _store(folder: Path, places: int) -> None:
    async def made() -> None:
        store = await Store.open(f"sqlite:///{folder}/griot.db")
        await store.migrate()
        if places:
            await fill(store, form_id=guide_forms()[0].id, now=datetime.now(UTC), places=places, entities=4, entries=60)
        await store.close()

    asyncio.run(made())


def test_dates_are_set_shown_and_taken_back(griot: CommandLine) -> None:
    done = griot("dates", "set", "all", "QUEST", f"{YEAR}-01-10", f"{YEAR}-03-31")
    assert (done.code, done.out) == (0, f"Recorded. Questionnaires: 10 Jan\u2009–\u200931 Mar {YEAR}.\n")
    assert griot("dates", "set", "bfa", "quest", f"{YEAR}-02-01", f"{YEAR}-04-30").code == 0
    shown = griot("dates", "show", "BFA").out
    assert f"{YEAR}-02-01" in shown
    assert "yes" in shown
    assert f"{YEAR}-01-10" in griot("dates", "show").out
    assert griot("dates", "drop", "BFA", "QUEST").code == 0
    assert f"{YEAR}-01-10" in griot("dates", "show", "BFA").out


def test_milestones_are_set_moved_and_removed(griot: CommandLine) -> None:
    assert griot("milestone", "show").out == "No milestone has been set yet.\n"
    assert griot("milestone", "set", "som", f"{YEAR}-06-15").code == 0
    assert f"15 June {YEAR}" in griot("milestone", "show").out
    moved = griot("milestone", "set", "SOM", f"{YEAR}-06-20")
    assert f"20 June {YEAR}" in moved.out
    assert griot("milestone", "drop", "SOM").code == 0
    assert griot("milestone", "show").out == "No milestone has been set yet.\n"


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("dates", "set", "XXX", "QUEST", "2027-01-01", "2027-02-01"), 1, "not the code of a partner country"),
        (("dates", "set", "BFA", "SLEEP", "2027-01-01", "2027-02-01"), 2, "There is no phase “SLEEP”"),
        (("dates", "set", "BFA", "QUEST", "10/01/2027", "2027-02-01"), 2, "“10/01/2027” is not a date"),
        (("dates", "set", "BFA", "QUEST", f"{YEAR}-03-01", f"{YEAR}-02-01"), 1, "comes before the beginning"),
        (("dates", "set", "BFA", "QUEST", "2227-03-01", "2227-04-01"), 1, "Please check the year"),
        (("dates", "drop", "BFA", "QUEST"), 1, "No dates are set here for this phase (Questionnaires)"),
        (("milestone", "set", "PILOT", f"{YEAR}-06-15"), 1, "A new milestone needs a name"),
        (("milestone", "set", "2", f"{YEAR}-06-15"), 1, "begins with a letter"),
        (("milestone", "drop", "PILOT"), 1, "no milestone of this code (PILOT)"),
        (("status", "XXX"), 1, "not the code of a partner country"),
        (("status", "BFA"), 1, "not open yet"),
    ],
)
def test_what_cannot_be_is_refused_in_one_line(
    griot: CommandLine, arguments: tuple[str, ...], code: int, said: str
) -> None:
    done = griot(*arguments)
    assert done.code == code
    assert said in done.line


def test_an_empty_exercise_says_what_to_do(griot: CommandLine) -> None:
    assert griot("status").out.strip() == text("status.nothing", "en")
    assert griot("dates", "show").out.strip() == text("exercise.no_timetable", "en")


def test_status_shows_all_countries_and_one(griot: CommandLine, tmp_path: Path) -> None:
    _store(tmp_path, 57)
    done = griot("status", language="fr")
    assert done.code == 0
    assert "57 pays. 57 pays sont en retard." in done.out
    assert sum("(BFA)" in line for line in done.out.splitlines()) == 1
    assert len(max(done.out.splitlines(), key=len)) <= 120
    one = griot("status", "BFA").out
    assert "4 entities:" in one
    assert "Moussa Ouédraogo 1" in one
    assert "1 Welcome and agreement" in one
