"""`griot endorsement`, `receipt`, `publish` and `package`: what was decided about a guide, and the guide given away."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.commands.failing import explained, place, refuse
from bot.commands.progress import progress
from flows.i18n import text

if TYPE_CHECKING:
    from bot.commands.terminal import Terminal
    from bot.settings import Settings
    from flows.country.steps.endorsement import Given

EVERY = 10_000  # obstacles named
Country = Annotated[str, typer.Argument(metavar="COUNTRY", help="ISO 3166-1 code, such as BFA.")]
Folder = Annotated[Path, typer.Option("--out", help="Folder for the file.")]


def register(app: typer.Typer) -> None:
    """Add this module's commands to `app`."""
    endorsement = typer.Typer(name="endorsement", help="What the coordinator decided.", no_args_is_help=True)
    endorsement.command("show")(show)
    app.add_typer(endorsement)
    app.command("receipt")(receipt)
    app.command("publish")(publish)
    app.command("package")(package)


def show(country: Country) -> None:
    """Say whether a version is endorsed, and list every decision with what became of it."""
    with explained() as settings:
        asyncio.run(_show(settings, country))


def receipt(
    country: Country,
    version: Annotated[int, typer.Argument(metavar="VERSION", min=1, help="The version decided on.")],
    out: Folder = Path(),
) -> None:
    """Write the receipt of the decision on a version, for griot verify."""
    with explained() as settings:
        asyncio.run(_receipt(settings, country, version, out))


def publish(
    country: Country,
    out: Annotated[Path | None, typer.Option("--out", help="Folder to copy the package to.")] = None,
) -> None:
    """Publish the endorsed version, or name everything that stands in the way."""
    with explained() as settings:
        asyncio.run(_publish(settings, country, out))


def package(country: Country, out: Folder = Path()) -> None:
    """Copy the package of the guide published last."""
    with explained() as settings:
        asyncio.run(_package(settings, country, out))


async def _show(settings: Settings, country: str) -> None:
    from bot.commands.terminal import opened
    from bot.steps.endorsement import stands

    code = place(settings, country)
    async with opened(settings, "endorsement show", code) as terminal:
        course = await terminal.course(code)
        terminal.say(stands(course, terminal.language))
        for given in course.endorsement.given:
            terminal.say(*_decision(terminal, given))


def _decision(terminal: Terminal, given: Given) -> list[str]:
    made = given.endorsement
    lines = [
        terminal.text(
            "secretariat.decision",
            version=given.version,
            date=f"{made.local:%Y-%m-%d %H:%M} {made.zone}",
            decision=terminal.text(f"secretariat.decision_{made.decision}"),
            number=given.number,
        )
    ]
    if made.channels:
        channels = ", ".join(terminal.text(f"secretariat.channel_{one}") for one in made.channels)
        lines.append(terminal.text("secretariat.channels", channels=channels))
    if made.embargo is not None:
        lines.append(terminal.text("secretariat.embargo", date=made.embargo.isoformat()))
    if given.comments:
        lines.append(terminal.text("secretariat.remarks", text=" ".join(given.comments.split())))
    if given.voided is not None:
        lines.append(terminal.text("secretariat.voided", sections=", ".join(given.voided)))
    return lines


async def _receipt(settings: Settings, country: str, version: int, out: Path) -> None:
    from bot.commands.terminal import opened
    from bot.writing import write
    from flows.country import receipt as receipts

    code = place(settings, country)
    async with opened(settings, "receipt", code, version=version) as terminal:
        given = (await terminal.course(code)).endorsement.given
        number = max((one.number for one in given if one.version == version), default=0)
        if not number:
            terminal.refuse("secretariat.no_decision", version=version)
            return
        async with terminal.store.reading() as tx:
            entries = await tx.ledger.of_chain(code)
        made = receipts.make(entries, number, terminal.services.signer)
        path = out / made.name
        try:
            out.mkdir(parents=True, exist_ok=True)
            write({path: receipts.to_bytes(made)})
        except OSError as problem:
            refuse(terminal.text("guides.not_written", path=path, error=problem.strerror or ""))
        typer.echo(str(path))


async def _publish(settings: Settings, country: str, out: Path | None) -> None:
    from bot.commands.terminal import opened
    from flows import knowledge

    code = place(settings, country)
    async with opened(settings, "publish", code) as terminal:
        with progress(text("guides.reading", settings.language)):
            await terminal.run("publish", country=code, most=EVERY)
        made = (await terminal.course(code)).publications.last
        if terminal.refused or made is None:
            return
        name = knowledge.country(code).name(terminal.language)
        terminal.say(terminal.text("publishing.done", version=made.version, country=name))
        terminal.copy([(made.package.name, made.package.sha256)], out, private=False)
        await terminal.follow()


async def _package(settings: Settings, country: str, out: Path) -> None:
    from bot.commands.terminal import opened
    from flows import knowledge

    code = place(settings, country)
    async with opened(settings, "package", code) as terminal:
        made = (await terminal.course(code)).publications.last
        if made is None:
            name = knowledge.country(code).name(terminal.language)
            terminal.refuse("publishing.none", country=name)
            return
        terminal.copy([(made.package.name, made.package.sha256)], out, private=False)
