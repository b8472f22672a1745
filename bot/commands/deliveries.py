"""`griot deliver` and `griot i-map`: published guides put where their endorsement allows, and the dialogue's map."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.commands.failing import explained, misused, place, refuse
from bot.commands.progress import progress
from flows.i18n import text

if TYPE_CHECKING:
    from bot.settings import Settings
    from bot.targets import Target
    from flows.country.steps.endorsement import Channel


def register(app: typer.Typer) -> None:
    """Add this module's commands to `app`."""
    app.command("deliver")(deliver)
    app.command("i-map")(imap)


def deliver(
    country: Annotated[str, typer.Argument(metavar="COUNTRY", help="ISO 3166-1 code, such as BFA.")],
    targets: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="CHANNEL=FOLDER",
            help="national, dialogue or imap, and the folder for it. Without any, those of the settings.",
        ),
    ] = None,
) -> None:
    """Put the published guide into folders, each whole or not at all, where its endorsement allows that channel."""
    with explained() as settings:
        asyncio.run(_deliver(settings, country, targets or _set(settings)))


def imap(
    out: Annotated[Path, typer.Option(help="Folder for i-map/ and, beside it, the guides that it leads to.")],
    base: Annotated[
        str, typer.Option(help="Address under which the guides stand elsewhere; they are not copied.")
    ] = "",
    published_only: Annotated[
        bool, typer.Option("--published-only", help="Leave out countries without a published guide.")
    ] = False,
) -> None:
    """Make the dialogue's map: GeoJSON and a page in each language that need nothing else."""
    with explained() as settings:
        asyncio.run(_imap(settings, out, base, published_only))


def _set(settings: Settings) -> list[str]:
    """The targets of the settings. Ends the command where there are none."""
    from flows.country.steps.endorsement import CHANNELS

    found = [f"{channel}={address}" for channel, address in settings.addresses.items()]
    if not found:
        misused(text("imap.no_target", settings.language, known=", ".join(CHANNELS)))
    return found


async def _deliver(settings: Settings, country: str, targets: Sequence[str]) -> None:
    from bot.acting import why
    from bot.commands.terminal import opened
    from bot.delivering import deliver as deliver_
    from bot.targets import NoPackage
    from flows.country.steps.base import Refusal

    shown, code = settings.language, place(settings, country)
    wanted = [_target(one, shown) for one in targets]
    async with opened(settings, "deliver", code, channels=" ".join(channel for channel, _, _ in wanted)) as terminal:
        course = await terminal.course(code)
        for channel, address, target in wanted:
            try:
                done = await deliver_(terminal.services, course, channel, target)
            except OSError as problem:  # the others are delivered all the same
                terminal.refuse("guides.not_written", path=address, error=problem.strerror or type(problem).__name__)
                continue
            except NoPackage:
                terminal.refuse("imap.damaged")
                continue
            if isinstance(done, Refusal):
                terminal.refused = True
                terminal.say(why(done, shown))
            else:
                typer.echo(terminal.text(f"imap.delivered_{done}", path=address))


def _target(given: str, shown: str) -> tuple[Channel, str, Target]:
    """`imap=/srv/imap`."""
    from bot.targets import UnknownTarget, target_of
    from flows.country.delivery import channel_of
    from flows.country.steps.endorsement import CHANNELS

    word, equals, address = given.partition("=")
    channel = channel_of(word)
    if channel is None or not equals or not address:
        misused(text("imap.no_target", shown, known=", ".join(CHANNELS)))
    try:
        return channel, address, target_of(address)
    except UnknownTarget:
        misused(text("imap.no_kind", shown, address=address[:80]))


async def _imap(settings: Settings, out: Path, base: str, published_only: bool) -> None:
    from bot.commands.terminal import opened
    from bot.delivering import deliver_map
    from bot.targets import FolderTarget, NoPackage

    shown = settings.language
    if base and (not base.startswith(("https://", "http://", "../", "/")) or any(one in base for one in ' "<>\\')):
        misused(text("imap.no_base", shown))
    async with opened(settings, "i-map", new=True) as terminal:
        try:
            with progress(text("guides.reading", shown)):
                done = await deliver_map(
                    terminal.services,
                    terminal.store,
                    FolderTarget(out),
                    datetime.now(UTC),
                    base,
                    only_published=published_only,
                )
        except OSError as problem:
            refuse(text("guides.not_written", shown, path=out, error=problem.strerror or ""))
        except NoPackage:
            refuse(text("imap.damaged", shown))
    for name, outcome in done:
        typer.echo(text(f"imap.delivered_{outcome}", shown, path=out / name))
