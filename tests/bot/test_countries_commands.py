"""griot open, entities and replace: the secretariat's part of who takes part, from the command line."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from bot.__main__ import build
from db.transaction import Transaction
from flows.i18n import text
from tests.bot.command_line import course, stored

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
Griot = Callable[..., Result]


@pytest.fixture
def griot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Griot:
    monkeypatch.chdir(tmp_path)
    return lambda *arguments: CliRunner().invoke(build(), list(arguments))


def test_a_country_is_opened_once_and_its_focal_point_invited_each_time(griot: Griot) -> None:
    first = griot("open", "BFA", "--label", "Mme Sana")
    assert first.exit_code == 0
    assert text("participants.opened", "en", country="Burkina Faso") in first.stdout
    assert "en qualité de point focal national" in first.stdout
    (code,) = set(re.findall(r"\b\w{24}\b", first.stdout))
    second = griot("open", "burkina faso", "--language", "en", "--days", "7")
    assert text("participants.open_already", "en", country="Burkina Faso") in second.stdout
    assert "as national focal point" in second.stdout
    known = course()
    assert known.interest.opened_at is not None
    assert [one.role for one in known.participants.offers.values()] == ["focal_point"] * 2

    async def redeem(tx: Transaction) -> object:
        return await tx.invitations.redeem(code, datetime.now(UTC))

    assert getattr(stored(redeem), "label", "") == "Mme Sana"


@pytest.mark.parametrize(
    ("arguments", "key"),
    [
        (["open", "XXX"], "store.unknown_country"),
        (["open", "BFA", "--days", "0"], "store.bad_validity"),
        (["entities", "XXX"], "store.unknown_country"),
        (["replace", "BFA", "--person", "7"], "secretariat.person_unknown"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_line(griot: Griot, arguments: list[str], key: str) -> None:
    griot("open", "BFA")
    result = griot(*arguments)
    assert result.exit_code == 1
    assert result.stderr.strip() == text(key, "en", None, country="BFA")


def test_entities_are_listed_with_what_is_missing_and_what_may_be_doubled(griot: Griot) -> None:
    griot("invite", "--country", "BFA", "--role", "official", "--entity", "Institut national de la statistique (INS)")
    griot("invite", "--country", "BFA", "--role", "official", "--entity", "INS")
    result = griot("entities", "BFA")
    assert result.exit_code == 0
    assert "1\tinvited\t\tInstitut national de la statistique (INS)" in result.stdout.splitlines()
    assert "These two entities may be one" in result.stderr
    assert text("participants.missing_border", "en") in result.stderr
    assert text("participants.missing_statistics", "en") not in result.stderr


def test_an_official_is_replaced_and_the_letter_for_the_successor_is_printed(griot: Griot) -> None:
    async def prepare(tx: Transaction) -> object:
        entity = await tx.entities.find_or_add("BFA", "Institut", NOW)
        await tx.people.add("BFA", "coordinator", entity.id, "fr", NOW, "Mme Sana")
        return (await tx.people.add("BFA", "official", entity.id, "fr", NOW, "M. Traoré")).id

    number = stored(prepare)
    listed = griot("replace", "BFA")
    assert f"{number}\tM. Traoré · Institut" in listed.stdout.splitlines()
    result = griot("replace", "BFA", "--person", str(number), "--label", "Mme Barry")
    assert result.exit_code == 0
    assert "Vous prendriez la suite" in result.stdout
    known = course().participants
    assert known.is_over(int(str(number)))
    again = griot("replace", "BFA", "--person", str(number))
    assert again.exit_code == 1
    assert again.stderr.strip() == text("participants.over_already", "en")
    second = griot("invite", "--country", "BFA", "--role", "coordinator")
    assert second.stderr.strip() == text("store.coordinator_there", "en")


def test_a_coordinator_is_replaced_for_another_authority(griot: Griot) -> None:
    async def prepare(tx: Transaction) -> object:
        entity = await tx.entities.find_or_add("BFA", "Institut", NOW)
        await tx.invitations.create("BFA", "coordinator", None, datetime.now(UTC) + timedelta(days=9), NOW)
        return (await tx.people.add("BFA", "coordinator", entity.id, "fr", NOW)).id

    number = stored(prepare)
    result = griot("replace", "BFA", "--person", str(number), "--authority", "Conseil supérieur", "--language", "en")
    assert result.exit_code == 0
    assert "Conseil supérieur" in result.stdout
    (offer,) = course().participants.open_offers(datetime.now(UTC))
    assert (offer.role, offer.replaces) == ("coordinator", number)

    async def usable(tx: Transaction) -> object:
        return [one.revoked_at is None for one in await tx.invitations.of_country("BFA")]

    assert stored(usable) == [False, True]
