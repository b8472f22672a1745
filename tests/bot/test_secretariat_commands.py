"""Small things that the secretariat meets at the command line: what is said, and what is left behind."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from db.transaction import Transaction
from flows.country.access import COMMAND_LINE, Actor
from flows.country.steps.base import Step
from flows.country.steps.interest import ExpressInterest, OpenCountry
from flows.i18n import text
from tests.bot.command_line import CommandLine, stored, take
from tests.bot.test_commands import griot  # noqa: F401 (a fixture)

FOCAL_POINT = Actor("focal_point", None, "BFA")


def taken(actor: Actor, *steps: Step) -> None:
    async def each(tx: Transaction) -> None:
        for step in steps:
            await take(tx, actor, step)

    stored(each)


def test_secretariat_and_experts_are_invited_for_all_countries_without_one(griot: CommandLine) -> None:  # noqa: F811
    for role in ("secretariat", "expert"):
        assert griot("invite", "--role", role).code == 0

    async def places(tx: Transaction) -> list[tuple[str, str]]:
        return [(one.role, one.country) for one in await tx.invitations.of_country("")]

    assert stored(places) == [("secretariat", ""), ("expert", "")]


@pytest.mark.parametrize("role", ["official", "coordinator"])
def test_whoever_answers_for_a_country_is_invited_for_one(griot: CommandLine, role: str) -> None:  # noqa: F811
    ended = griot("invite", "--role", role)
    assert (ended.code, ended.line) == (2, text("store.country_needed", "en"))
    assert list(Path().iterdir()) == []


@pytest.mark.parametrize("role", ["official", "coordinator"])
def test_nobody_is_invited_to_answer_for_a_country_that_was_asked_and_has_not_agreed(
    griot: CommandLine,  # noqa: F811
    role: str,
) -> None:
    taken(COMMAND_LINE, OpenCountry())
    arguments = ("invite", "--country", "BFA", "--role", role, "--entity", "Institut (exemple)")
    ended = griot(*arguments)
    assert (ended.code, ended.line) == (1, text("interest.not_yet", "en"))
    taken(FOCAL_POINT, ExpressInterest("no"))
    ended = griot(*arguments)
    assert (ended.code, ended.line) == (1, text("interest.declined", "en"))

    async def left(tx: Transaction) -> list[object]:
        return [*await tx.invitations.of_country("BFA"), *await tx.entities.of_country("BFA")]

    assert stored(left) == []


def test_a_picture_of_a_link_that_there_is_not_is_said_not_to_be_written(griot: CommandLine) -> None:  # noqa: F811
    ended = griot("open", "BFA", "--qr", "link.png")
    assert ended.code == 0
    assert text("store.no_picture", "en", path="link.png") in ended.error
    assert not Path("link.png").exists()


def test_who_may_be_replaced_is_listed_also_where_it_is_nobody(griot: CommandLine) -> None:  # noqa: F811
    assert griot("open", "BFA").code == 0
    assert griot("replace", "BFA").out == text("turnover.nobody", "en") + "\n"
    ended = griot("replace", "BFA", "--person", 7)
    assert (ended.code, ended.line) == (1, text("secretariat.person_unknown", "en", country="BFA"))


def test_days_that_are_over_are_recorded_with_a_word_of_warning(griot: CommandLine) -> None:  # noqa: F811
    assert griot("open", "BFA").code == 0
    for arguments in (
        ("dates", "set", "BFA", "QUEST", "2026-01-01", "2026-02-01"),
        ("milestone", "set", "SOM", "2026-01-01"),
    ):
        ended = griot(*arguments)
        assert (ended.code, ended.error.strip()) == (0, text("secretariat.past", "en"))
    assert griot("dates", "set", "BFA", "DRAFT", "2036-01-01", "2036-02-01").error == ""


def test_a_version_for_a_country_that_has_not_agreed_leaves_no_file_behind(griot: CommandLine) -> None:  # noqa: F811
    assert griot("open", "BFA").code == 0
    ended = griot("draft", "make", "BFA")
    assert (ended.code, ended.line) == (1, text("interest.not_yet", "en"))
    assert not Path("attachments").exists()


@pytest.mark.parametrize("word", ["bfa", "BF", "Burkina Faso", "burkina faso", " BFA "])
@pytest.mark.slow
def test_a_country_is_known_by_code_and_by_name_in_every_command(griot: CommandLine, word: str) -> None:  # noqa: F811
    assert griot("open", "BFA").code == 0
    for command in ("status", "entities", "contributions", "compile", "export"):
        assert griot(command, word).code == 0, command
    for group in (("dates", "show"), ("draft", "list"), ("desk", "list"), ("person", "list"), ("ledger", "check")):
        assert griot(*group, word).code == 0, group


def test_what_is_not_published_yet_is_written_for_this_account_alone(griot: CommandLine) -> None:  # noqa: F811
    assert griot("open", "BFA").code == 0
    assert griot("compile", "BFA", "--format", "html").code == 0
    assert griot("export", "BFA", "--format", "json").code == 0
    assert griot("audit", "export").code == 0
    assert griot("ledger", "export", "BFA").code == 0
    for name in ("out/BFA-fr-draft.html", "BFA-answers.json", "audit.jsonl", "ledger-BFA.json", "griot.db"):
        assert Path(name).stat().st_mode & 0o077 == 0, name


def test_what_people_wrote_cannot_steer_the_terminal(griot: CommandLine) -> None:  # noqa: F811
    hostile = "Institut \x1b[31m\u202e(exemple)\x07"

    async def name(tx: Transaction) -> None:
        await tx.entities.find_or_add("BFA", hostile, datetime.now(UTC), "I\x1b]0;x\x07")
        await tx.people.add("BFA", "expert", None, "fr", datetime.now(UTC), hostile)

    stored(name)
    for command in (("entities", "BFA"), ("status", "BFA"), ("person", "list", "BFA"), ("replace", "BFA")):
        ended = griot(*command)
        assert not {"\x1b", "\x07", "\u202e"} & {*ended.out, *ended.error}, command


@pytest.mark.parametrize(
    "command",
    [
        ("desk", "import", "BFA", "huge.csv", "--yes"),
        ("draft", "send", "BFA", "huge.docx"),
        ("form", "check", "huge.xlsx"),
        ("form", "publish", "huge.xml", "--yes"),
        ("chat", "--form", "huge.toml"),
        ("ledger", "check", "--with", "huge.json"),
        pytest.param(("audit", "check", "huge.jsonl"), marks=pytest.mark.slow),
        ("verify", "huge.receipt", "huge.json"),
    ],
    ids=" ".join,
)
def test_a_file_without_an_end_is_refused_in_one_line(griot: CommandLine, command: tuple[str, ...]) -> None:  # noqa: F811
    """As large as the disk is, and not read whole: what is read is bounded."""
    assert griot("open", "BFA").code == 0
    name = next(word for word in command if word.startswith("huge"))
    with Path(name).open("wb") as file:
        file.truncate(2**40)  # a terabyte of nothing, which takes no room
    ended = griot(*command)
    assert ended.code == 1
    lines = (ended.out + ended.error).strip().splitlines()
    assert len(lines) == 1, lines
