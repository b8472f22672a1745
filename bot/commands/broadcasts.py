"""`griot broadcast` and `griot broadcasts`: write to a group, and see how far it is."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.commands.failing import content, explained, misused, place, refuse
from flows.country.steps.broadcasts import MOST_CHARACTERS, NATIONAL, REGIONAL, Group
from flows.i18n import text

if TYPE_CHECKING:
    from bot.acting import Act
    from bot.settings import Settings

LARGEST = 4 * MOST_CHARACTERS  # bytes of a text
GROUPS: tuple[Group, ...] = (*REGIONAL, *NATIONAL)


def register(app: typer.Typer) -> None:
    """Add this module's commands to `app`."""
    app.command("broadcast")(broadcast)
    app.command("broadcasts")(broadcasts)


def broadcast(
    to: Annotated[
        str, typer.Option(metavar="GROUP", help=f"{', '.join(REGIONAL)}; of one country: {', '.join(NATIONAL)}.")
    ],
    country: Annotated[str, typer.Option(help="ISO 3166-1 code, such as BFA, for a group of one country.")] = "",
    entity: Annotated[str, typer.Option(help="Official name of the entity, for the group entity.")] = "",
    fr: Annotated[Path | None, typer.Option(metavar="FILE", help="The text in French, in UTF-8.")] = None,
    en: Annotated[Path | None, typer.Option(metavar="FILE", help="The text in English, in UTF-8.")] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show whom it reaches and how it looks; send nothing.")
    ] = False,
) -> None:
    """Write to a group of people, in the language of each."""
    with explained() as settings:
        group = next((one for one in GROUPS if one == to.replace("-", "_")), None)
        if group is None:
            misused(text("broadcasts.cli_group", settings.language, group=to, groups=", ".join(GROUPS)))
        if group in NATIONAL and not country:
            misused(text("broadcasts.cli_country", settings.language))
        if group in REGIONAL and country:
            misused(text("broadcasts.cli_no_country", settings.language))
        texts = {language: _read(settings, file) for language, file in (("fr", fr), ("en", en)) if file is not None}
        asyncio.run(_broadcast(settings, group, country, entity, texts, dry_run))


def broadcasts(
    country: Annotated[str, typer.Argument(metavar="COUNTRY", help="ISO 3166-1 code; all of them without.")] = "",
) -> None:
    """List the last messages to groups and how far each is."""
    with explained() as settings:
        asyncio.run(_broadcasts(settings, country))


def _read(settings: Settings, file: Path) -> str:
    try:
        return content(file, LARGEST).decode("utf-8-sig")
    except (UnicodeDecodeError, OSError):
        refuse(text("broadcasts.cli_text", settings.language, file=file))


async def _broadcast(
    settings: Settings, group: Group, country: str, entity: str, texts: Mapping[str, str], dry: bool
) -> None:
    from bot.commands.terminal import opened
    from bot.steps import broadcasts as steps
    from flows.country.names import folded

    chain = place(settings, country) if country else ""
    async with opened(settings, "broadcast", chain, group=group) as terminal:
        async with terminal.reading() as act:
            named = [one for one in await act.tx.entities.of_country(chain) if folded(one.name) == folded(entity)]
        if group == "entity" and not named:
            terminal.refuse("broadcasts.cli_entity", entity=entity)
            return
        entity_id = named[0].id if group == "entity" else None

        async def send(act: Act) -> None:
            await steps.announce(act, chain, group, entity_id, texts, dry=dry)

        await terminal.do(send)


async def _broadcasts(settings: Settings, country: str) -> None:
    from bot.commands.terminal import opened
    from bot.steps.broadcasts_sent import progress

    code = place(settings, country) if country else ""
    async with opened(settings, "broadcasts", code) as terminal:
        await terminal.do(lambda act: progress(act, (code,) if code else ()))
