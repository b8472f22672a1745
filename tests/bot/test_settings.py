"""Settings come from the environment and `.env`; wrong ones are named, in plain words, without their values."""

from __future__ import annotations

import runpy
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.settings import Settings, SettingsProblem, load, unknown
from flows.i18n import text
from tests.bot.command_line import alone

Set = Callable[..., None]


@pytest.fixture(autouse=True)
def set_only(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Set:
    alone(tmp_path, monkeypatch)

    def set_(**values: str) -> None:
        for name, value in values.items():
            monkeypatch.setenv(name, value)

    return set_


def test_nothing_has_to_be_set() -> None:
    settings = load()
    assert settings.telegram_token is None
    assert settings.telegram_api_url == "https://api.telegram.org"
    assert settings.database_url == "sqlite:///griot.db"
    assert settings.attachments == Path("attachments")
    assert (settings.listen_host, settings.listen_port) == ("127.0.0.1", 8080)


def test_the_environment_wins_over_the_file(set_only: Set) -> None:
    Path(".env").write_text("GRIOT_CONTACT='Ministère : bureau 3'\nGRIOT_LANGUAGE=fr\nOTHER=1\n", encoding="utf-8")
    set_only(GRIOT_LANGUAGE="en", GRIOT_TELEGRAM_API_URL="http://127.0.0.1:8081/")
    settings = load()
    assert (settings.contact, settings.language) == ("Ministère : bureau 3", "en")
    assert settings.telegram_api_url == "http://127.0.0.1:8081"


def test_an_empty_variable_is_as_if_it_were_not_set(set_only: Set) -> None:
    set_only(GRIOT_TELEGRAM_TOKEN="", GRIOT_LOG_LEVEL="", GRIOT_WEBHOOK_URL="")
    assert load() == Settings()


def test_the_attachments_lie_beside_the_database(set_only: Set) -> None:
    set_only(GRIOT_DATABASE_URL="sqlite:////srv/griot/griot.db")
    assert load().attachments == Path("/srv/griot/attachments")
    set_only(GRIOT_DATA_DIR="/srv/files")
    assert load().attachments == Path("/srv/files")


def test_the_token_is_shown_nowhere(set_only: Set) -> None:
    set_only(GRIOT_TELEGRAM_TOKEN="123:very-secret", GRIOT_WEBHOOK_SECRET="very-secret-too")
    set_only(GRIOT_DATABASE_URL="postgresql://griot:very-secret@localhost/griot")
    for shown in (repr(load()), str(load())):
        assert "very-secret" not in shown


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("telegram_api_url", "api.telegram.org"),
        ("telegram_api_url", "ftp://api.telegram.org"),
        ("telegram_api_url", "https://"),
        ("telegram_api_url", "https://host:99999"),
        ("database_url", "griot.db"),
        ("database_url", "mysql://x"),
        ("webhook_url", "griot.example.org"),
        ("webhook_listen", "8080"),
        ("webhook_listen", "127.0.0.1:0"),
        ("webhook_listen", "127.0.0.1:65536"),
        ("contact", "x" * 201),
        ("language", "de"),
        ("log_level", "loud"),
        ("log_format", "xml"),
    ],
)
def test_a_wrong_value_is_one_line_that_says_what_is_expected(set_only: Set, name: str, value: str) -> None:
    set_only(**{f"GRIOT_{name.upper()}": value})
    with pytest.raises(SettingsProblem) as caught:
        load()
    for language in ("en", "fr"):
        (line,) = caught.value.messages(language)
        assert line.startswith(f"GRIOT_{name.upper()} ")
        assert text(f"doctor.{name}", language) in line


def test_several_wrong_values_are_all_named(set_only: Set) -> None:
    set_only(GRIOT_LANGUAGE="de", GRIOT_LOG_LEVEL="loud")
    with pytest.raises(SettingsProblem) as caught:
        load()
    assert len(caught.value.messages("en")) == 2


def test_a_file_that_is_not_text_is_named() -> None:
    Path(".env").write_bytes(b"GRIOT_CONTACT=\xff\xfe")
    with pytest.raises(SettingsProblem) as caught:
        load()
    assert caught.value.messages("en") == [text("doctor.env_file", "en")]


def test_every_setting_says_what_it_expects_in_both_languages() -> None:
    for name, field in Settings.model_fields.items():
        assert field.description
        assert text(f"doctor.{name}", "fr") != text(f"doctor.{name}", "en")


def test_a_misspelt_variable_is_found() -> None:
    assert unknown(["GRIOT_TELEGRAM_TOKN", "griot_language", "PATH", "GRIOT_LANGUAGE"]) == ["GRIOT_TELEGRAM_TOKN"]


@pytest.mark.parametrize("page", ["settings", "store", "access", "ledger"])
def test_the_reference_pages_are_up_to_date(page: str) -> None:
    docs = Path(__file__).parents[2] / "docs"
    written = (docs / "reference" / f"{page}.md").read_text(encoding="utf-8")
    assert written == runpy.run_path(str(docs / "write_reference.py"))[f"{page}_page"]()
