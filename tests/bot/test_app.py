"""The real process: started, stopped and refused as its settings deserve."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import time
from asyncio.subprocess import PIPE, Process
from pathlib import Path

import pytest

from flows.i18n import text
from tests.bot.command_line import CommandLine
from tests.bot.conftest import House
from tests.telegram.people import Person
from tests.telegram.standin import StandIn


async def process(settings: dict[str, str], tmp_path: Path, *command: str) -> Process:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GRIOT_")}
    environment |= {"GRIOT_DATABASE_URL": f"sqlite:///{tmp_path}/griot.db", "PYTHONPATH": str(Path.cwd()), **settings}
    command = command or ("bot",)
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", *command, env=environment, cwd=tmp_path, stdout=PIPE, stderr=PIPE
    )


@pytest.fixture
def griot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> CommandLine:
    return CommandLine(tmp_path, monkeypatch, capsys)


def of(telegram: StandIn) -> dict[str, str]:
    return {"GRIOT_TELEGRAM_TOKEN": telegram.token, "GRIOT_TELEGRAM_API_URL": telegram.url}


async def test_a_process_talks_and_ends_cleanly_when_told_to(telegram: StandIn, house: House, tmp_path: Path) -> None:
    code = await house.invitation()
    await house.stop()
    bot = await process(of(telegram), tmp_path)
    awa = await telegram.person("Awa", language="fr")
    await awa.send(f"/start {code}")
    await awa.expect("Dans quelle langue", timeout=20)
    await telegram.acknowledged()
    bot.send_signal(signal.SIGTERM)
    _, errors = await asyncio.wait_for(bot.communicate(), 10)
    assert bot.returncode == 0
    assert b"Traceback" not in errors
    assert telegram.token.encode() not in errors
    assert b"Awa" not in errors
    await house.start()


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({}, "GRIOT_TELEGRAM_TOKEN"),
        ({"GRIOT_TELEGRAM_TOKEN": "1:wrong"}, "refused"),
        pytest.param({"GRIOT_TELEGRAM_TOKEN": "nonsense"}, "refused", marks=pytest.mark.slow),
        pytest.param({"GRIOT_DATABASE_URL": "sqlite:////proc/none/griot.db"}, "/proc/none", marks=pytest.mark.slow),
    ],
)
async def test_what_telegram_or_the_disk_refuses_is_one_clear_line(
    telegram: StandIn, tmp_path: Path, wrong: dict[str, str], says: str
) -> None:
    settings = {**of(telegram), **wrong} if wrong else {"GRIOT_TELEGRAM_API_URL": telegram.url}
    bot = await process(settings, tmp_path)
    _, errors = await asyncio.wait_for(bot.communicate(), 20)
    lines = errors.decode().strip().splitlines()
    assert bot.returncode not in (0, None)
    assert says in lines[-1]
    assert "Traceback" not in errors.decode()
    assert telegram.token not in errors.decode()


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("telegram_api_url", "http://127.0.0.1:9", "http://127.0.0.1:9"),
        ("telegram_api_url", "nonsense", "GRIOT_TELEGRAM_API_URL"),
        ("database_url", "nonsense", "GRIOT_DATABASE_URL"),
        ("webhook_url", "http://127.0.0.1:9/hook", "GRIOT_WEBHOOK_SECRET"),
    ],
)
def test_what_is_wrong_is_one_clear_line(griot: CommandLine, name: str, value: str, says: str) -> None:
    """Asked of the command in this process: what a process makes of it, `test_commands.py` looks at."""
    ended = griot("bot", **{"telegram_token": "1:very-secret", "telegram_api_url": "http://127.0.0.1:9", name: value})
    assert ended.code == 1
    assert says in ended.line
    assert "very-secret" not in ended.line


@pytest.mark.slow
async def test_a_second_process_on_the_same_database_ends_with_one_clear_line(
    telegram: StandIn, house: House, tmp_path: Path
) -> None:
    awa = await house.official("Awa")
    second = await process(of(telegram), tmp_path)
    _, errors = await asyncio.wait_for(second.communicate(), 20)
    assert second.returncode not in (0, None)
    assert len(errors.decode().strip().splitlines()) == 1
    assert "griot.db" in errors.decode()
    await awa.send("Recensement")
    await awa.expect("Quels domaines ?", timeout=20)


@pytest.mark.slow
async def test_the_first_poll_comes_within_a_second(telegram: StandIn, tmp_path: Path) -> None:
    taken = []
    for _ in range(3):
        begun = time.monotonic()
        bot = await process(of(telegram), tmp_path)
        while not telegram.waits:
            await asyncio.sleep(0.002)
        taken.append(time.monotonic() - begun)
        bot.terminate()
        await bot.communicate()
    print(f"first poll after {min(taken):.2f} s")
    assert min(taken) < 2.0  # the figure itself is measured in bench/


async def test_what_stays_in_memory_is_loaded_without_anybody_having_to_write(house: House) -> None:
    await asyncio.wait_for(house.loaded.wait(), 20)
    assert "packaged" in vars(house.app.interviews.questionnaires)


async def test_the_doctor_works_beside_a_running_bot(telegram: StandIn, house: House, tmp_path: Path) -> None:
    await house.official("Awa")
    doctor = await process(of(telegram), tmp_path, "doctor")
    said, errors = await asyncio.wait_for(doctor.communicate(), 20)
    assert (doctor.returncode, errors) == (0, b""), said.decode()


@pytest.mark.slow
async def test_so_does_a_backup_and_a_doctor_who_finds_something(
    telegram: StandIn, house: House, tmp_path: Path
) -> None:
    await house.official("Awa")
    backup = await process(of(telegram), tmp_path, "backup", str(tmp_path / "copy.db"))
    said, errors = await asyncio.wait_for(backup.communicate(), 20)
    assert backup.returncode == 0, errors.decode()
    assert "copy.db" in said.decode()
    wrong = await process({"GRIOT_TELEGRAM_TOKEN": "", "GRIOT_TELEGRAM_API_URL": telegram.url}, tmp_path, "doctor")
    said, _ = await asyncio.wait_for(wrong.communicate(), 20)
    assert wrong.returncode == 1
    assert "GRIOT_TELEGRAM_TOKEN" in said.decode()


@pytest.mark.slow
async def test_a_draft_an_export_and_a_backup_are_made_while_people_talk(
    telegram: StandIn, house: House, tmp_path: Path
) -> None:
    people = await asyncio.gather(*(house.official(f"Official {number}") for number in range(5)))
    talking = True

    async def talk(person: Person) -> int:
        said = 0
        while talking:
            said += 1
            await person.send(f"source {said}")
            await person.expect("Quels domaines ?")
            await person.send("/back")
            await person.expect("Nom de la source ?")
        return said

    work = asyncio.gather(*(talk(person) for person in people))
    commands = (
        ("compile", "BFA", "--format", "html", "--out", str(tmp_path / "out")),
        ("export", "BFA", "--format", "json", "--out", str(tmp_path / "data.json")),
        ("backup", "--out", str(tmp_path / "copies" / "one.db")),
        ("invite", "--country", "BFA", "--role", "official", "--entity", "Douanes"),
        ("backup", str(tmp_path / "copies" / "two.db")),
    )
    for command in commands:
        beside = await process(of(telegram), tmp_path, *command)
        _, errors = await asyncio.wait_for(beside.communicate(), 60)
        assert (beside.returncode, errors) == (0, b""), (command, errors.decode())
    talking = False
    assert min(await work) > 1
    await house.stop()
    whole = await house.answers()
    for name in ("one", "two"):
        house.settings.database_url = f"sqlite:///{tmp_path}/copies/{name}.db"
        copied = await house.answers()
        assert copied.keys() == whole.keys()
        for path, revisions in copied.items():
            assert len(revisions) <= len(whole[path])
    await house.start()  # the copy goes on where it was made
    await people[0].send("/continue")
    await people[0].send("a source of the restored bot")
    await people[0].expect("Quels domaines ?")


@pytest.mark.slow
async def test_a_second_bot_on_the_same_file_is_refused(telegram: StandIn, house: House, tmp_path: Path) -> None:
    second = await process({**of(telegram), "GRIOT_LANGUAGE": "fr"}, tmp_path)
    _, errors = await asyncio.wait_for(second.communicate(), 40)
    assert second.returncode == 1
    assert text("store.already_served", "fr", path=f"{tmp_path}/griot.db") in errors.decode()
    assert "Traceback" not in errors.decode()
    await house.official("Awa")
