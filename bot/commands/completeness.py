"""`griot draft check`, `waive` and `require`: the rules of completeness, and which a country does without."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from bot.commands.failing import explained, misused, place
from flows.i18n import text

if TYPE_CHECKING:
    from bot.settings import Settings

Country = Annotated[str, typer.Argument(metavar="COUNTRY", help="ISO 3166-1 code, such as BFA.")]
Rule = Annotated[str, typer.Argument(metavar="RULE", help="As `griot draft check` lists it, such as mapping.")]


def register(draft: typer.Typer) -> None:
    """Add this module's commands to `griot draft`."""
    draft.command("check")(check)
    draft.command("waive")(waive)
    draft.command("require")(require)


def check(country: Country) -> None:
    """List the rules of completeness: met, open, or waived by whom, when and why."""
    with explained() as settings:
        asyncio.run(_check(settings, country))


def waive(
    country: Country, rule: Rule, reason: Annotated[str, typer.Option(help="Why; printed in the draft guide.")]
) -> None:
    """Do without a rule that is not met, and say why."""
    with explained() as settings:
        asyncio.run(_waive(settings, country, rule, reason))


def require(country: Country, rule: Rule) -> None:
    """Take a waiver back: the rule holds again."""
    with explained() as settings:
        asyncio.run(_require(settings, country, rule))


async def _check(settings: Settings, country: str) -> None:
    from bot.commands.terminal import opened
    from bot.editions import gather_basis
    from bot.steps.completeness import told
    from flows.country.checklist import checklist

    code = place(settings, country)
    async with opened(settings, "draft check", code) as terminal:
        basis = await gather_basis(terminal.services, terminal.store, code, datetime.now(UTC), accepted=False)
        async with terminal.reading() as act:
            for one in checklist(basis.dossier):
                typer.echo(f"{one.rule}\t{told(act, one)}")


async def _waive(settings: Settings, country: str, rule: str, reason: str) -> None:
    from bot.commands.terminal import opened

    _known(settings, rule)
    code = place(settings, country)
    async with opened(settings, "draft waive", code, rule=rule) as terminal:
        await terminal.run("waive_rule", country=code, rule=rule, reason=reason, language=terminal.language)


async def _require(settings: Settings, country: str, rule: str) -> None:
    from bot.commands.terminal import opened
    from bot.steps.completeness import require as take_back

    _known(settings, rule)
    code = place(settings, country)
    async with opened(settings, "draft require", code, rule=rule) as terminal:
        await terminal.do(lambda act: take_back(act, (code, rule)))


def _known(settings: Settings, rule: str) -> None:
    from flows.country.checklist import RULES

    if rule not in RULES:
        misused(text("completeness.unknown", settings.language, known=", ".join(RULES)))
