"""Inviting: a code and a link for somebody who acts for a country, or a sentence that says why not."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.__main__ import build
from bot.inviting import Invited, NotInvited, invite, link
from db.database import Store
from db.invitations import Invitation
from db.people import Role
from flows.i18n import text

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
MONTH = timedelta(days=30)


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    opened = await Store.open(f"sqlite:///{tmp_path}/griot.db")
    await opened.migrate()
    yield opened
    await opened.close()


async def test_the_code_redeems_what_was_invited(store: Store) -> None:
    made = await invite(store, "bf", "official", " Institut  national de la statistique ", "", MONTH, NOW)
    assert isinstance(made, Invited)
    assert made.entity is not None
    assert made.entity.name == "Institut national de la statistique"
    async with store.writing() as tx:
        redeemed = await tx.invitations.redeem(made.code, NOW)
        assert isinstance(redeemed, Invitation)
        assert (redeemed.country, redeemed.role, redeemed.language) == ("BFA", "official", "fr")
        assert redeemed.entity_id == made.entity.id
        assert redeemed.expires_at == NOW + MONTH
        (entry,) = await tx.audit.about("invitations", redeemed.id)
    assert entry.action == "invited"
    assert made.code not in entry.details


async def test_two_officials_of_one_entity_answer_for_the_same_one(store: Store) -> None:
    first = await invite(store, "BFA", "official", "Ministère de l’Intérieur", "", MONTH, NOW)
    second = await invite(store, "BFA", "official", "MINISTERE DE L'INTERIEUR", "", MONTH, NOW)
    assert isinstance(first, Invited)
    assert isinstance(second, Invited)
    assert first.entity == second.entity
    assert first.code != second.code


@pytest.mark.parametrize("role", ["coordinator", "secretariat", "expert"])
async def test_only_an_official_needs_an_entity(store: Store, role: Role) -> None:
    made = await invite(store, "GHA", role, "", "en", MONTH, NOW)
    assert isinstance(made, Invited)
    assert made.entity is None


@pytest.mark.parametrize(
    ("country", "entity", "valid", "reason"),
    [
        ("XXX", "Institut", MONTH, "unknown_country"),
        ("", "Institut", MONTH, "unknown_country"),
        ("BFA", "Institut", timedelta(), "bad_validity"),
        ("BFA", "Institut", timedelta(days=367), "bad_validity"),
    ],
)
async def test_what_cannot_be_invited_leaves_nothing_behind(
    store: Store, country: str, entity: str, valid: timedelta, reason: str
) -> None:
    assert await invite(store, country, "official", entity, "", valid, NOW) == NotInvited(reason)
    async with store.reading() as tx:
        assert await tx.entities.of_country("BFA") == []
        assert await tx.invitations.of_country("BFA") == []


def test_the_link_opens_the_conversation_with_the_code() -> None:
    assert link("griot_bot", "aB-_9") == "https://t.me/griot_bot?start=aB-_9"


def test_the_command_prints_the_code_and_says_how_to_get_a_link(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(build(), ["invite", "--country", "BFA", "--role", "coordinator"])
    assert result.exit_code == 0
    assert re.match(r"Code: [A-Za-z0-9_-]{24} \(", result.stdout)
    assert text("store.no_link_without_token", "en") in result.stderr


@pytest.mark.parametrize(
    ("arguments", "environment", "said"),
    [
        (["--country", "XXX", "--role", "expert"], {}, text("store.unknown_country", "en")),
        (["--country", "XXX", "--role", "official"], {"GRIOT_LANGUAGE": "fr"}, text("store.unknown_country", "fr")),
        (
            ["--country", "BFA", "--role", "expert"],
            {"GRIOT_DATABASE_URL": "sqlite:////proc/none/x.db"},
            "/proc/none/x.db",
        ),
    ],
)
def test_the_command_refuses_with_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], environment: dict[str, str], said: str
) -> None:
    monkeypatch.chdir(tmp_path)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    result = CliRunner().invoke(build(), ["invite", *arguments])
    assert result.exit_code == 1
    assert said in result.stderr
    assert len(result.stderr.strip().splitlines()) == 1
