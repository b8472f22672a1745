"""`griot ledger`: what happened to a country's dossier, to keep elsewhere, and whether it still holds."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.commands.doorway import entered
from bot.commands.failing import content, explained, place, refuse
from flows.i18n import text

if TYPE_CHECKING:
    from bot.settings import Settings
    from db.transaction import Transaction
    from flows.country.ledger import Entry

EXERCISE = "exercise"
"""How the chain of what concerns all countries is called on the command line."""
Chain = Annotated[str, typer.Argument(metavar="COUNTRY", help="ISO 3166-1 code, such as BFA; or exercise.")]


def register(app: typer.Typer) -> None:
    """Add this module's commands to `app`."""
    ledgers = typer.Typer(name="ledger", help="Export and check the ledger.", no_args_is_help=True)
    ledgers.command("export")(export)
    ledgers.command("check")(check)
    app.add_typer(ledgers)


def export(
    country: Chain,
    out: Annotated[Path | None, typer.Option("--out", help="The file; by default ledger-COUNTRY.json here.")] = None,
    texts: Annotated[bool, typer.Option("--texts/--no-texts", help="With what people wrote, or without.")] = True,
) -> None:
    """Write the ledger of a country to a file, one entry a line, for griot verify and griot ledger check."""
    with explained() as settings:
        asyncio.run(_export(settings, country, out, texts))


def check(
    country: Annotated[str, typer.Argument(metavar="[COUNTRY]", help="Only this country; or exercise.")] = "",
    earlier: Annotated[
        Path | None, typer.Option("--with", help="An earlier export that it must still contain.")
    ] = None,
) -> None:
    """Check that nothing in the ledger was changed, added between or removed. Exit 0 when it holds."""
    with explained() as settings:
        asyncio.run(_check(settings, country, earlier))


async def _export(settings: Settings, country: str, out: Path | None, texts: bool) -> None:
    from bot.writing import write
    from flows.country.ledger_json import lines

    shown = settings.language
    chain = place(settings, country, whole=EXERCISE)
    path = out or Path(f"ledger-{chain or EXERCISE}.json")
    async with entered(settings, "ledger export", chain, texts=int(texts)) as store, store.looking() as tx:
        entries = await _read(tx, chain)
    if entries is None:
        refuse(text("ledger.unreadable", shown, chain=chain or EXERCISE))
    if not entries:
        refuse(text("ledger.nothing", shown, chain=chain or EXERCISE))
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write({path: lines(entries, texts=texts)}, private=True)
    except OSError as problem:
        refuse(text("ledger.not_written", shown, path=path, error=problem.strerror or type(problem).__name__))
    typer.echo(str(path))
    typer.echo(text("ledger.exported", shown, len(entries), hash=entries[-1].hash))


async def _check(settings: Settings, country: str, earlier: Path | None) -> None:
    shown = settings.language
    kept = _earlier(earlier, shown) if earlier is not None else ()
    wanted = place(settings, country, whole=EXERCISE) if country else ""
    async with entered(settings, "ledger check", wanted) as store, store.looking() as tx:
        names = [wanted] if country else await tx.ledger.chains()
        names += [] if country else sorted({entry.chain for entry in kept} - set(names))
        chains = {name: await _read(tx, name) for name in names}
    held = [_said(name, entries, kept, shown) for name, entries in chains.items()]
    if not held:
        typer.echo(text("ledger.empty", shown))
    if not all(held):
        raise typer.Exit(1)


async def _read(tx: Transaction, chain: str) -> list[Entry] | None:
    """The entries of a chain; None where somebody made them unreadable."""
    try:
        return await tx.ledger.of_chain(chain)
    except ValueError:
        return None


def _said(name: str, entries: Sequence[Entry] | None, kept: Sequence[Entry], language: str) -> bool:
    """Say of one chain whether it holds, and whether it still has what was kept of it."""
    from flows.country.ledger import breaks

    chain = name or EXERCISE
    if entries is None:
        typer.echo(text("ledger.unreadable", language, chain=chain))
        return False
    broken = breaks(entries)
    for one in broken:
        typer.echo(text(f"ledger.broken_{one.kind}", language, chain=chain, number=one.number))
    hashes = {entry.number: entry.hash for entry in entries}
    lost = next((entry.number for entry in kept if entry.chain == name and hashes.get(entry.number) != entry.hash), 0)
    if lost:
        typer.echo(text("ledger.not_as_kept", language, chain=chain, number=lost))
    if broken or lost:
        return False
    if entries:
        typer.echo(text("ledger.holds", language, len(entries), chain=chain, hash=entries[-1].hash))
    else:
        typer.echo(text("ledger.nothing", language, chain=chain))
    return True


def _earlier(path: Path, language: str) -> tuple[Entry, ...]:
    from bot.checking import unreadable
    from flows.country.ledger_json import MOST_BYTES, parse
    from flows.country.strict import Unreadable

    try:
        read = parse(content(path, MOST_BYTES))
    except OSError as problem:
        refuse(text("receipt.unopened", language, name=path, error=problem.strerror or type(problem).__name__))
    if isinstance(read, Unreadable):
        refuse(unreadable("no_ledger_line" if read.line else "no_ledger", path.name, read).said(language))
    return read
