"""`griot doctor` names what is missing or wrong, one line each, with what to do."""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.__main__ import build
from bot.channels.telegram_identity import Identity, identify
from bot.doctor import Finding, examine, names_set
from bot.messages import NotReached, Undeliverable
from bot.settings import Settings
from db.database import Store
from flows.i18n import text

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
GOOD = {"telegram_token": "123456:ABC-def_1"}


@pytest.fixture(autouse=True)
def in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


async def known(address: str, token: str) -> Identity:
    return Identity("griot_bot", NOW)


async def problems(identity: object = known, names: tuple[str, ...] = (), **values: object) -> list[str]:
    settings = Settings(_env_file=None, **{**GOOD, **values})  # type: ignore[arg-type,call-arg]
    findings = await examine(settings, identity, NOW, names)  # type: ignore[arg-type]
    for finding in findings:
        for language in ("en", "fr"):
            assert "\n" not in finding.line(language)
    return [finding.key for finding in findings if finding.problem]


async def test_nothing_is_wrong_with_a_token_and_a_folder() -> None:
    assert await problems() == []
    assert not Path("griot.db").exists(), "looking must not make anything"


async def test_no_token() -> None:
    assert await problems(telegram_token=None) == ["no_token"]


@pytest.mark.parametrize("token", ["abc", "123456", "123456:", "123:a b", "١٢٣:abc"])
async def test_a_malformed_token_is_not_sent_anywhere(token: str) -> None:
    async def never(address: str, token: str) -> Identity:
        raise AssertionError

    assert await problems(never, telegram_token=token) == ["malformed_token"]


async def test_a_refused_token_and_a_silent_server_are_told_apart() -> None:
    async def refuses(address: str, token: str) -> Identity:
        raise Undeliverable

    async def silent(address: str, token: str) -> Identity:
        raise NotReached("no route")

    assert await problems(refuses) == ["refused_token"]
    assert await problems(silent) == ["api_not_reached"]


async def test_a_clock_that_is_wrong() -> None:
    async def later(address: str, token: str) -> Identity:
        return Identity("griot_bot", NOW + timedelta(minutes=5))

    assert await problems(later) == ["clock"]


async def test_a_misspelt_variable() -> None:
    assert await problems(names=("GRIOT_TELEGRAM_TOKN",)) == ["unknown_setting"]


@pytest.mark.parametrize(
    ("values", "found"),
    [
        ({"webhook_url": "https://griot.example.org/x", "webhook_secret": "abc_1"}, []),
        ({"webhook_url": "https://griot.example.org/x"}, ["webhook_without_secret"]),
        ({"webhook_url": "http://griot.example.org", "webhook_secret": "a"}, ["webhook_not_https"]),
        ({"webhook_url": "https://griot.example.org:9000", "webhook_secret": "a"}, ["webhook_port"]),
        ({"webhook_url": "https://griot.example.org", "webhook_secret": "a b"}, ["webhook_secret_malformed"]),
        ({"webhook_url": "http://10.0.0.2:9000", "webhook_secret": "a", "telegram_api_url": "http://10.0.0.1"}, []),
    ],
)
async def test_a_webhook_that_telegram_would_not_use(values: dict[str, str], found: list[str]) -> None:
    assert await problems(**values) == found


async def test_a_database_that_cannot_be_used() -> None:
    Path("notes.txt").write_text("Notes of a meeting. " * 100)
    assert await problems(database_url="sqlite:///notes.txt") == ["store.not_a_database"]
    assert await problems(database_url="postgresql://u:secret@127.0.0.1:9/x") == ["store.unreachable"]


async def test_a_database_that_another_program_keeps_to_itself() -> None:
    store = await Store.open("sqlite:///griot.db")
    await store.migrate()
    assert await problems() == []
    await store.close()
    other = sqlite3.connect("griot.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    assert await problems() == ["store.locked"]
    other.close()


async def test_folders_that_take_no_file() -> None:
    assert "attachments_folder" in await problems(data_dir=Path("/proc/none"))
    assert "target_folder" in await problems(target_imap="folder:/proc/none")
    assert "database_folder" in await problems(database_url="sqlite:////proc/none/griot.db")


def test_the_names_of_variables_come_from_the_file_too() -> None:
    Path(".env").write_text("# comment\nexport GRIOT_A=1\n GRIOT_B = 2\nnothing\n")
    assert {"GRIOT_A", "GRIOT_B"} <= set(names_set())


def test_every_finding_reads_in_both_languages() -> None:
    finding = Finding("refused_token", values={"address": "https://api.telegram.org"})
    assert finding.line("en").startswith("To do: https://api.telegram.org refuses")
    assert finding.line("fr").startswith("À faire\u00a0: https://api.telegram.org refuse")


# ---- asking the Bot API ----------------------------------------
class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        status, body = {
            "/bot1:good/getMe": (200, json.dumps({"ok": True, "result": {"id": 1, "username": "griot_bot"}})),
            "/bot1:odd/getMe": (200, "<html>"),
            "/bot1:bad/getMe": (401, '{"ok":false}'),
        }.get(self.path, (502, ""))
        self.send_response(status)
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, format: str, *values: object) -> None: ...


@pytest.fixture
def api() -> Iterator[str]:
    with HTTPServer(("127.0.0.1", 0), _Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


async def test_the_bot_says_its_name_and_the_time(api: str) -> None:
    identity = await identify(api, "1:good")
    assert identity.username == "griot_bot"
    assert identity.server_time is not None
    assert abs(identity.server_time - datetime.now(UTC)) < timedelta(minutes=1)


async def test_a_refusal_is_not_a_failure_of_the_network(api: str) -> None:
    with pytest.raises(Undeliverable):
        await identify(api, "1:bad")
    for token in ("1:odd", "1:gateway"):
        with pytest.raises(NotReached):
            await identify(api, token)
    with pytest.raises(NotReached):
        await identify("http://127.0.0.1:9", "1:good")


# ---- the command ----------------------------------------
def test_the_command_ends_with_1_when_something_is_wrong_and_0_when_not(
    api: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GRIOT_TELEGRAM_API_URL", api)
    monkeypatch.setenv("GRIOT_TELEGRAM_TOKEN", "1:good")
    good = CliRunner().invoke(build(), ["doctor"])
    assert (good.exit_code, "griot_bot" in good.output) == (0, True)
    monkeypatch.setenv("GRIOT_TELEGRAM_TOKEN", "1:bad")
    monkeypatch.setenv("GRIOT_LANGUAGE", "fr")
    bad = CliRunner().invoke(build(), ["doctor"])
    assert bad.exit_code == 1
    assert text("doctor.refused_token", "fr", address=api) in bad.output
    assert "1:bad" not in bad.output


def test_a_wrong_setting_is_one_line_and_no_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRIOT_WEBHOOK_LISTEN", "nowhere")
    result = CliRunner().invoke(build(), ["doctor"])
    assert result.exit_code == 1
    assert len(result.output.strip().splitlines()) == 1
