"""`griot publish` under an embargo: refused with the date, and done when it is over."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Self

import pytest

from bot.dossiers import Dossiers
from db.transaction import Transaction
from flows.country.access import Actor
from flows.country.edition import Endorsement, meaning
from flows.country.steps.course import course_of
from flows.country.steps.endorsement import Decide, Shown
from flows.i18n import text
from tests.bot.command_line import CommandLine, course, stored, take
from tests.bot.test_drafts_commands import COORDINATOR, NOW, griot, said

__all__ = ["griot"]  # the command line where a country takes part
DAYS = 3


class Later(datetime):
    """The clock of a command that is run when the embargo is over."""

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> Self:
        return cls.fromtimestamp(datetime.now(UTC).timestamp(), tz) + timedelta(days=DAYS + 1)


async def _decided(tx: Transaction) -> None:
    """Version 1 is endorsed, and is not to be published for three days."""
    now = datetime.now(UTC)
    entries = await tx.ledger.of_chain("BFA")
    draft = course_of("BFA", entries).drafts.of(1)
    assert draft is not None
    made = Endorsement(
        edition=draft.edition,
        decision="endorse",
        meaning=meaning("endorse"),
        draft=draft.entry,
        draft_hash=entries[draft.entry - 1].hash,
        identified="part",
        identified_at=NOW,
        local=now,
        zone="UTC",
        shown=("1", "2"),
        channels=("national",),
    )
    embargo = (now + timedelta(days=DAYS)).date()
    actor = Actor("coordinator", COORDINATOR, "BFA")
    await Dossiers().record(tx, "BFA", actor, (Shown(1, COORDINATOR, ("1", "2")),), now)
    await take(tx, actor, Decide(replace(made, embargo=embargo)), now)


@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_guide_under_embargo_is_published_when_it_is_over(
    griot: CommandLine, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    said(griot("draft", "make", "BFA", "--final"))
    said(griot("draft", "propose", "BFA", "1"))
    stored(_decided)
    day = course().endorsement.given[-1].endorsement.embargo
    assert day is not None
    refused = griot("publish", "BFA", language=language)
    assert (refused.code, refused.out) == (1, "")
    assert text("publishing.obstacles", language, count=1) in refused.error
    assert f"{day.day}" in refused.error and f"{day.year}" in refused.error
    assert course().publications.last is None
    monkeypatch.setattr("bot.commands.terminal.datetime", Later)
    done = griot("publish", "BFA", language=language)
    assert text("publishing.done", language, version=1, country="Burkina Faso") in done.out, done.error
    assert course().publications.last is not None
