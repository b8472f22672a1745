"""The command line's door: each command that works with what is stored asks for its right in the table of rights, and
the audit log says that it was run, for which country, before anything is read."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from bot.commands.failing import existing, made, refuse
from flows.country.access import COMMAND_LINE, Action, Place, denied
from flows.country.ledger import EXERCISE

if TYPE_CHECKING:
    from bot.acting import Services
    from bot.settings import Settings
    from db.database import Store

CHANNEL = "command line"
"""In ledger and audit log, where something came from."""

OVERVIEW = "overview"
"""`griot status` of all countries."""
ERRANDS: Mapping[str, Action] = {
    # who takes part
    "open": "open_country",
    "invite": "invite",
    "entities": "name_entity",
    "replace": "replace_coordinator",
    # the exercise
    OVERVIEW: "see_all_countries",
    "status": "see_status",
    "dates show": "see_status",
    "dates set": "set_dates",
    "dates drop": "set_dates",
    "milestone show": "see_status",
    "milestone set": "set_dates",
    "milestone drop": "set_dates",
    # answers and findings
    "contributions": "read_answers",
    "differences": "read_answers",
    "desk import": "record_finding",
    "desk list": "read_answers",
    "export": "export_data",
    "paper read": "export_data",
    "paper import": "record_paper",
    # the guide
    "compile": "compile",
    "draft make": "compile",
    "draft list": "see_draft",
    "draft files": "see_draft",
    "draft changes": "see_draft",
    "draft send": "send_version",
    "draft review": "compile",
    "draft propose": "propose_endorsement",
    "draft check": "see_draft",
    "draft waive": "waive_gap",
    "draft require": "waive_gap",
    "endorsement show": "see_draft",
    "receipt": "see_draft",
    "publish": "publish",
    "package": "see_publication",
    # the objectives of the Global Compact
    "objectives list": "see_objectives",
    "objectives import": "keep_activities",
    "objectives export": "see_objectives",
    "objectives report": "keep_activities",
    # across countries
    "brief": "see_all_countries",
    "deliver": "publish",
    "i-map": "publish",
    # afterwards
    "round open": "open_round",
    "round status": "open_round",
    "round report": "open_round",
    "round close": "open_round",
    "broadcast": "broadcast",
    "broadcasts": "broadcast",
    "form publish": "publish_form",
    "form versions": "publish_form",
    "follow-ups plan": "see_follow_ups",
    "follow-ups log": "see_follow_ups",
    "follow-ups policy show": "see_follow_ups",
    "follow-ups policy set": "set_policy",
    # data and records
    "person list": "export_data",
    "person export": "export_data",
    "person delete": "erase_person",
    "retention plan": "erase_person",
    "retention run": "erase_person",
    "ledger export": "export_data",
    "ledger check": "read_audit",
    "audit show": "read_audit",
    "audit export": "read_audit",
    "audit check": "read_audit",
    "backup": "export_data",
}
"""The right that each command takes."""


@asynccontextmanager
async def entered(
    settings: Settings, errand: str, country: str = EXERCISE, *, new: bool = False, **details: str | int
) -> AsyncIterator[Store]:
    """The store, for a command that has the right to what it is about to do in `country`, once that is noted in the
    audit log with `details`, which hold no personal data.

    Ends the command where the right is lacking. `new`: where there is no store yet, one is made. Raises
    `StoreProblem`.
    """
    _ask(settings, errand, country)
    store = await (made(settings) if new else existing(settings))
    try:
        await _note(store, errand, country, details)
        yield store
    finally:
        await store.close()


async def passed(settings: Settings, errand: str) -> None:
    """The same for a command that copies the store as it is. One of an older version is not brought up to date for it,
    and one that cannot be written is copied all the same: then nothing is noted."""
    from db.database import Store, parse
    from db.migrating import stored_version
    from db.problems import StoreProblem
    from db.schema import REVISION

    _ask(settings, errand, EXERCISE)
    if not Path(parse(settings.database_url).database or "").exists():
        return
    try:
        store = await Store.open(settings.database_url)
        try:
            async with store.looking() as tx:
                current = await stored_version(tx.connection) == REVISION
            if current:
                await _note(store, errand, EXERCISE, {})
        finally:
            await store.close()
    except StoreProblem:
        return


def services(settings: Settings) -> Services:
    """What the steps of the exercise work with at the command line."""
    from bot.acting import Services
    from bot.app import guide_forms
    from bot.attachments import Vault
    from bot.dossiers import Dossiers
    from bot.interviews import Interviews
    from bot.signing import signing

    return Services(
        Dossiers(),
        Interviews(guide_forms, settings.contact),
        Vault(settings.attachments),
        link=lambda code: code,
        contact=settings.contact,
        signer=signing(settings),
        retention=settings.retention,
        credits=settings.credits,
        targets=settings.targets,
    )


def _ask(settings: Settings, errand: str, country: str) -> None:
    right = ERRANDS[errand]
    lacking = denied(COMMAND_LINE, right, Place(country))
    if lacking is not None:
        from bot.acting import why
        from flows.country.steps.base import Refusal

        refuse(why(Refusal(f"access.{lacking}", {"action": right}), settings.language))


async def _note(store: Store, errand: str, country: str, details: Mapping[str, str | int]) -> None:
    told = {name: value for name, value in {"country": country, **details}.items() if value}
    async with store.writing() as tx:
        await tx.audit.record(datetime.now(UTC), f"griot {errand}", "store", channel=CHANNEL, details=told)
