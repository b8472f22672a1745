"""The command line as an operator and the secretariat meet it: names, one clear line, exit codes, both languages."""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from flows.i18n import text
from tests.bot.command_line import CommandLine

FORM = """
| survey  |      |      |                     |
|         | type | name | label::English (en) |
|         | text | a    | Your name?          |
"""


@pytest.fixture
def griot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> CommandLine:
    return CommandLine(tmp_path, monkeypatch, capsys)


@pytest.fixture
def database(griot: CommandLine) -> Path:
    """A database with one invitation in it."""
    assert griot("invite", "--country", "BFA", "--role", "expert").code == 0
    return Path("griot.db")


# ---- names -----------------------------------------------------
OPTIONS = {
    ("bot",): [],
    ("chat",): ["--form", "--language"],
    ("invite",): ["--country", "--role", "--entity"],
    ("compile",): ["--language", "--format", "--out", "--note", "--outline", "--extended", "--comments"],
    ("form", "paper"): ["--language", "--out", "--given"],
    ("paper", "read"): ["--person", "--out"],
    ("paper", "import"): ["--person", "--name", "--entity", "--also", "--hand-in"],
    ("export",): ["--format"],
    ("broadcast",): ["--to", "--country", "--entity", "--fr", "--en", "--dry-run"],
    ("broadcasts",): [],
    ("doctor",): [],
    ("backup",): ["--out"],
    ("form", "check"): [],
    ("form", "play"): ["--inputs", "--language", "--instance"],
    ("form", "import"): [],
    ("form", "export"): [],
    ("verify",): ["--key", "--ledger"],
    ("key", "new"): [],
    ("key", "public"): [],
    ("status",): [],
    ("dates", "show"): [],
    ("dates", "set"): [],
    ("dates", "drop"): [],
    ("milestone", "show"): [],
    ("milestone", "set"): ["--name"],
    ("milestone", "drop"): [],
    ("ledger", "export"): ["--out", "--texts"],
    ("ledger", "check"): ["--with"],
    ("draft", "make"): ["--language", "--final", "--out"],
    ("draft", "list"): [],
    ("draft", "files"): ["--out"],
    ("draft", "changes"): ["--out"],
    ("draft", "send"): [],
    ("draft", "review"): [],
    ("draft", "propose"): [],
    ("draft", "check"): [],
    ("draft", "waive"): ["--reason"],
    ("draft", "require"): [],
    ("endorsement", "show"): [],
    ("receipt",): ["--out"],
    ("publish",): ["--out"],
    ("package",): ["--out"],
    ("round", "open"): [],
    ("round", "status"): [],
    ("round", "report"): [],
    ("round", "close"): [],
    ("contributions",): [],
    ("differences",): [],
}


@pytest.mark.parametrize("command", OPTIONS, ids=" ".join)
def test_every_command_that_others_rely_on_is_there_and_explains_itself(
    griot: CommandLine, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...]
) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    ended = griot(*command, "--help")
    assert (ended.code, ended.error) == (0, "")
    for option in OPTIONS[command]:
        assert re.search(rf"\s{option}\b", ended.out)


@pytest.mark.parametrize(
    "arguments",
    [
        ("nosuch",),
        ("--nosuch",),
        ("form", "nosuch"),
        ("chat", "--nosuch"),
        ("compile",),
        ("compile", "BFA", "GHA"),
        ("compile", "BFA", "--format", "doc"),
        ("compile", "BFA", "--format", ","),
        ("compile", "BFA", "--language", "xx"),
        ("compile", "BFA", "--outline", "2014"),
        ("compile", "BFA", "--note", "x" * 121),
        ("export", "BFA", "--format", "doc"),
        ("export", "BFA", "--language", "../fr"),
        ("invite", "--country", "BFA"),
        ("invite", "--country", "BFA", "--role", "king"),
        ("invite", "--country", "BFA", "--role", "expert", "--days", "many"),
        ("backup",),
        ("backup", "a.db", "--out", "b.db"),
        ("form", "export", "--out", "form.pdf"),
        ("form", "play", "form.md"),
    ],
    ids=" ".join,
)
def test_what_makes_no_sense_is_one_line_and_two(griot: CommandLine, arguments: tuple[str, ...]) -> None:
    ended = griot(*arguments)
    assert ended.code == 2
    assert len(ended.line) < 250
    assert list(Path().iterdir()) == [], "nothing is made"


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("bot",), "running.no_token"),
        (("invite", "--country", "XXX", "--role", "expert"), "store.unknown_country"),
        (("invite", "--country", "BFA", "--role", "expert", "--days", "0"), "store.bad_validity"),
        (("invite", "--country", "BFA", "--role", "expert", "--days", "99999999999"), "store.bad_validity"),
        (("compile", "XXX"), "store.unknown_country"),
        (("export", "XXX"), "store.unknown_country"),
    ],
)
def test_what_is_refused_is_one_line_in_the_operators_language(
    griot: CommandLine, database: Path, arguments: tuple[str, ...], said: str, language: str
) -> None:
    ended = griot(*arguments, language=language)
    assert (ended.code, ended.line) == (1, text(said, language))


@pytest.mark.parametrize(
    "command",
    [("compile", "BFA"), ("export", "BFA"), ("backup", "copy.db"), ("draft", "list", "BFA"), ("publish", "BFA")],
    ids=" ".join,
)
def test_no_database_is_made_by_what_only_reads(griot: CommandLine, command: tuple[str, ...]) -> None:
    ended = griot(*command, database_url="sqlite:///typo.db")
    assert ended.code == 1
    assert "typo.db" in ended.line
    assert list(Path().iterdir()) == []


def test_a_language_nobody_speaks_and_an_endless_name_are_refused(griot: CommandLine, database: Path) -> None:
    language = griot("invite", "--country", "BFA", "--role", "expert", "--language", "zz")
    assert (language.code, "en, fr" in language.line) == (1, True)
    name = griot("invite", "--country", "BFA", "--role", "official", "--entity", "x" * 301)
    assert (name.code, "300" in name.line) == (1, True)


def test_a_name_is_data_whatever_it_says(griot: CommandLine, database: Path) -> None:
    name = "Robert'); DROP TABLE people;--\u202e\0"
    assert griot("invite", "--country", "BFA", "--role", "official", "--entity", name).code == 0
    with sqlite3.connect(database) as connection:
        ((kept,),) = connection.execute("SELECT name FROM entities").fetchall()
        assert connection.execute("SELECT count(*) FROM people").fetchone() == (0,)
    connection.close()
    assert kept == "Robert'); DROP TABLE people;--"


# ---- databases -------------------------------------------------
def spoilt(kind: str, sound: Path) -> str:
    """The address of a database that is spoilt in some way."""
    path = Path(f"{kind}.db")
    shutil.copyfile(sound, path)
    match kind:
        case "random":
            path.write_bytes(os.urandom(4000))
        case "truncated":
            path.write_bytes(path.read_bytes()[:90_000])
        case "short":
            path.write_bytes(path.read_bytes()[:50])
        case "folder":
            path.unlink()
            path.mkdir()
        case "newer" | "foreign":
            connection = sqlite3.connect(path)
            change = "UPDATE alembic_version SET version_num = '9999'"
            connection.executescript(change if kind == "newer" else "DROP TABLE inbox")
            connection.close()
    return f"sqlite:///{path}"


@pytest.mark.parametrize("kind", ["random", "truncated", "short", "folder", "newer", "foreign"])
def test_a_spoilt_database_is_one_line_for_every_command(griot: CommandLine, database: Path, kind: str) -> None:
    address = spoilt(kind, database)
    for arguments in (("invite", "--country", "BFA", "--role", "expert"), ("compile", "BFA"), ("export", "BFA")):
        ended = griot(*arguments, database_url=address)
        assert ended.code == 1
        assert ended.line.endswith(".")
    doctor = griot("doctor", database_url=address)
    assert doctor.code == 1
    if kind not in ("newer", "foreign"):  # which can be copied all the same
        backup = griot("backup", "copy.db", database_url=address)
        assert (backup.code, backup.line.endswith(".")) == (1, True)
        assert not Path("copy.db").exists()


@pytest.mark.parametrize(
    "address",
    [
        "mysql://u:secret@host/x",
        "sqlite://",
        "sqlite:///:memory:",
        "postgresql://u:secret@127.0.0.1:1/x",
        "postgresql://u:secret@127.0.0.1:99999/x",
        "postgresql://u:secret@127.0.0.1:port/x",
        "postgresql://u:secret@[/x",
        "postgresql://u:secret@127.0.0.1:1/x?nosuch=1",
    ],
)
def test_an_unusable_address_is_one_line_without_the_password(griot: CommandLine, address: str) -> None:
    ended = griot("invite", "--country", "BFA", "--role", "expert", database_url=address)
    assert ended.code == 1
    assert "secret" not in ended.line


def test_a_database_that_may_only_be_read_is_found_by_the_doctor(griot: CommandLine, database: Path) -> None:
    with sqlite3.connect(database) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")
    connection.close()
    database.chmod(0o400)
    if os.access(database, os.W_OK):
        pytest.skip("root may write to any file")
    assert "griot.db" in griot("doctor").out
    assert griot("invite", "--country", "BFA", "--role", "expert").code == 1


# ---- settings --------------------------------------------------
@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"GRIOT_TELEGRAM_TOKEN=\xff\xfe", "UTF-8"),
        (b'\nGRIOT_TELEGRAM_TOKEN="1:very-secret\nGRIOT_LANGUAGE=en\n', "2"),
        (b"GRIOT_LANGUAGE=en\nGRIOT_TELEGRAM_TOKEN 1:very-secret\n", "2"),
        (b"GRIOT_LANGUAGE=klingon\n", "GRIOT_LANGUAGE"),
    ],
)
def test_a_malformed_settings_file_is_one_line(griot: CommandLine, content: bytes, said: str) -> None:
    Path(".env").write_bytes(content)
    for command in ("bot", "doctor"):
        ended = griot(command)
        assert ended.code == 1
        assert said in ended.line
        assert "very-secret" not in ended.line


def test_a_folder_in_the_place_of_the_settings_file_is_one_line(griot: CommandLine) -> None:
    Path(".env").mkdir()
    assert griot("bot").line == text("doctor.env_file", "en")


def test_a_misspelt_variable_is_found_by_the_doctor(griot: CommandLine) -> None:
    doctor = griot("doctor", telegram_tokn="1:very-secret")
    assert doctor.code == 1
    assert "GRIOT_TELEGRAM_TOKN" in doctor.out
    assert "very-secret" not in doctor.out


def test_what_everybody_may_read_is_noted_by_the_doctor(griot: CommandLine, database: Path) -> None:
    Path(".env").write_text("GRIOT_LANGUAGE=fr\n")
    Path(".env").chmod(0o644)
    said = griot("doctor").out
    assert text("doctor.open_to_all", "fr", path=".env") in said
    assert "griot.db" not in said, "made for this account alone"


# ---- files -----------------------------------------------------
def test_a_guide_and_the_data_of_a_country_without_answers(griot: CommandLine, database: Path) -> None:
    options = ("--language", "fr", "--format", "html,docx,html", "--out", "drafts", "--note", "Exercice d’essai")
    made = griot("compile", "bf", *options, language="fr")
    assert (made.code, made.error) == (0, "")
    assert sorted(path.name for path in Path("drafts").iterdir()) == ["BFA-fr-draft.docx", "BFA-fr-draft.html"]
    assert text("guides.used", "fr", n=0) in made.out
    for kind in ("json", "xlsx", "csv"):
        assert griot("export", "BFA", "--format", kind).out == f"BFA-answers.{kind}\n"
        assert Path(f"BFA-answers.{kind}").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    "arguments",
    [
        ("compile", "BFA", "--format", "html", "--out", "griot.db"),
        ("compile", "BFA", "--format", "html", "--out", "/proc/none"),
        ("export", "BFA", "--out", "/proc/none/x.json"),
        ("export", "BFA", "--out", "."),
        ("backup", "/proc/none/x.db"),
        ("backup", "griot.db"),
        ("form", "export", "--out", "/proc/none/x.xlsx"),
        ("form", "check", "nosuch.xlsx"),
        ("form", "play", "nosuch.md", "--inputs", "nosuch.jsonl"),
        ("chat", "--form", "nosuch.xlsx"),
        ("chat", "--state", "griot.db"),
    ],
    ids=" ".join,
)
def test_what_cannot_be_read_or_written_is_one_line_and_leaves_nothing(
    griot: CommandLine, database: Path, arguments: tuple[str, ...]
) -> None:
    ended = griot(*arguments)
    assert ended.code == 1
    assert len(ended.line) < 250
    assert [path.name for path in Path().iterdir()] == ["griot.db"]


@pytest.mark.parametrize("arguments", [("copy.db",), ("--out", "copy.db")])
def test_a_backup_is_named_either_way_and_said_in_one_line(
    griot: CommandLine, database: Path, arguments: tuple[str, ...]
) -> None:
    ended = griot("backup", *arguments)
    assert (ended.code, ended.error) == (0, "")
    assert ended.out == text("running.backup_done", "en", path="copy.db", n=0) + "\n"
    assert Path("copy.db").stat().st_mode & 0o777 == 0o600
    assert griot("export", "BFA", "--format", "csv", database_url="sqlite:///copy.db").code == 0


def test_a_form_is_checked_and_played(griot: CommandLine) -> None:
    Path("form.md").write_text(FORM)
    Path("in.jsonl").write_text('{"text": "Awa"}\n')
    assert griot("form", "check", "form.md").code in (0, 1)
    played = griot("form", "play", "form.md", "--inputs", "in.jsonl", "--instance", "out.xml")
    assert played.code == 0
    assert '"completed"' in played.out.splitlines()[-1]
    assert "<a>Awa</a>" in Path("out.xml").read_text()


# ---- the process -----------------------------------------------
def process(*arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GRIOT_")}
    environment |= {f"GRIOT_{name.upper()}": value for name, value in settings.items()}
    environment["PYTHONPATH"] = str(Path(__file__).parents[2])
    return subprocess.run(  # noqa: S603
        [sys.executable, "-m", "bot", *arguments],
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_the_process_itself_ends_as_the_command_does(griot: CommandLine) -> None:
    assert process("--help").returncode == 0
    nothing = process()
    assert (nothing.returncode, "Usage" in nothing.stdout, nothing.stderr) == (2, True, "")
    misused = process("invite", "--country", "BFA", "--role", "king")
    assert (misused.returncode, misused.stdout) == (2, "")
    assert re.fullmatch(r"griot invite: .*king.* See griot invite --help\.\n", misused.stderr)
    unreachable = process("bot", telegram_token="1:very-secret", telegram_api_url="http://127.0.0.1:9")
    assert (unreachable.returncode, unreachable.stdout) == (1, "")
    assert len(unreachable.stderr.splitlines()) == 1
    assert "very-secret" not in unreachable.stderr


def test_help_loads_nothing_heavy() -> None:
    looked = "import sys; sys.argv = ['griot', '--help']\nfrom bot.__main__ import main\n"
    looked += "try: main()\nexcept SystemExit: pass\n"
    heavy = {"sqlalchemy", "telegram", "pyxform", "typst", "docxtpl", "openpyxl", "aiosqlite", "lxml", "pydantic"}
    ended = subprocess.run(  # noqa: S603
        [sys.executable, "-c", looked + f"print(sorted({heavy} & set(sys.modules)))"],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert ended.stdout.splitlines()[-1] == "[]"
