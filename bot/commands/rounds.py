"""`griot round`, `contributions` and `differences`: what the entities said, where it differs, if it is still right."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from bot.commands.failing import explained, place

if TYPE_CHECKING:
    from bot.settings import Settings

Country = Annotated[str, typer.Argument(metavar="COUNTRY", help="ISO 3166-1 code, such as BFA.")]
Number = Annotated[int, typer.Argument(metavar="[NUMBER]", min=0, help="Of the round; the last one without.")]


def register(app: typer.Typer) -> None:
    """Add this module's commands to `app`."""
    yearly = typer.Typer(name="round", help="The yearly round: is everything still right?", no_args_is_help=True)
    yearly.command("open")(open_)
    yearly.command("status")(status)
    yearly.command("report")(report)
    yearly.command("close")(close)
    app.add_typer(yearly)
    app.command("contributions")(contributions)
    app.command("differences")(differences)


def open_(country: Country) -> None:
    """Have every accepted contribution gone through again, answer by answer; the bot asks."""
    with explained() as settings:
        asyncio.run(_open(settings, country))


def status(country: Country) -> None:
    """Say how the round stands."""
    with explained() as settings:
        asyncio.run(_status(settings, country))


def report(country: Country, number: Number = 0) -> None:
    """Say what a round has confirmed and changed, entity by entity."""
    with explained() as settings:
        asyncio.run(_report(settings, country, number))


def close(country: Country) -> None:
    """End the round before everybody is through."""
    with explained() as settings:
        asyncio.run(_close(settings, country))


def contributions(country: Country) -> None:
    """List a country's contributions and where each is."""
    with explained() as settings:
        asyncio.run(_contributions(settings, country))


def differences(country: Country) -> None:
    """List where entities say different things; to settle it is the coordinator's."""
    with explained() as settings:
        asyncio.run(_differences(settings, country))


async def _open(settings: Settings, country: str) -> None:
    from bot.commands.terminal import opened
    from bot.steps import rounds

    code = place(settings, country)
    async with opened(settings, "round open", code) as terminal:
        await terminal.do(lambda act: rounds.open_(act, (code,)))


async def _status(settings: Settings, country: str) -> None:
    from bot.commands.terminal import opened
    from bot.steps import rounds

    code = place(settings, country)
    async with opened(settings, "round status", code) as terminal:
        await terminal.do(lambda act: rounds.round_(act, (code,)))
        if (await terminal.course(code)).rounds.open is None:
            terminal.say(terminal.text("secretariat.round_hint", country=code))


async def _report(settings: Settings, country: str, number: int) -> None:
    from bot.commands.terminal import opened
    from bot.steps import rounds

    code = place(settings, country)
    async with opened(settings, "round report", code, number=number) as terminal:
        await terminal.do(lambda act: rounds.report(act, (code, str(number)) if number else (code,)))


async def _close(settings: Settings, country: str) -> None:
    from bot.commands.terminal import opened
    from bot.steps import rounds

    code = place(settings, country)
    async with opened(settings, "round close", code) as terminal:
        found = (await terminal.course(code)).rounds.open
        number = found.number if found is not None else 0
        await terminal.do(lambda act: rounds.close(act, (code, str(number))))


async def _contributions(settings: Settings, country: str) -> None:
    from bot.acting import Act
    from bot.commands.terminal import opened
    from bot.contributed import briefs
    from bot.steps.contributions import state_said

    code = place(settings, country)

    async def show(act: Act) -> None:
        found = await briefs(act, code)
        for one in found:
            name = one.name or act.text("contributions.unnamed")
            await act.say(f"{one.id}\t{state_said(act, one.state, one.handed, code)}\t{name}")
        if not found:
            await act.say(act.text("secretariat.no_contributions"))

    async with opened(settings, "contributions", code) as terminal:
        await terminal.do(show)


async def _differences(settings: Settings, country: str) -> None:
    from bot.commands.terminal import opened
    from bot.editions import gather_basis
    from flows.country.draft.decided import point, sides_of
    from flows.country.draft.desk import Desk as Wording

    code, now = place(settings, country), datetime.now(UTC)
    async with opened(settings, "differences", code) as terminal:
        language = terminal.language
        basis = await gather_basis(terminal.services, terminal.store, code, now, accepted=False)
        found, settled = basis.dossier.differences, basis.dossier.decided
        wording = Wording(basis.dossier, basis.country, language)
        terminal.say(terminal.text("differences.list", len(found)) if found else terminal.text("differences.none"))
        for number, one in enumerate(found, 1):
            terminal.say(f"{number}. {point(wording, one).text}")
            for side in sides_of(basis.dossier, basis.country, one, language):
                terminal.say(f"\t{side.entity}\t{' '.join(side.text.split())}")
        if settled:
            terminal.say(terminal.text("differences.settled", len(settled)))
