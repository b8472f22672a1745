"""`griot audit`: who did what, and who looked at what."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from bot.commands.doorway import CHANNEL, entered
from bot.commands.failing import content, explained, misused, place, refuse, say
from flows.i18n import text

if TYPE_CHECKING:
    from bot.settings import Settings
    from db.audit import Entry
    from db.transaction import Transaction


def register(app: typer.Typer) -> None:
    """Add this module's commands to `app`."""
    audit = typer.Typer(name="audit", help="Show, export and check the audit log.", no_args_is_help=True)
    audit.command("show")(show)
    audit.command("export")(export)
    audit.command("check")(check)
    app.add_typer(audit)


def show(
    country: Annotated[str, typer.Argument(metavar="[COUNTRY]", help="Only what concerns this country.")] = "",
    person: Annotated[int, typer.Option("--person", min=0, help="Only what this person did, or had done.")] = 0,
    last: Annotated[int, typer.Option("--last", min=1, help="How many entries, the newest ones.")] = 50,
) -> None:
    """Show who did what and when, newest last: number, moment, who, what, about what."""
    with explained() as settings:
        asyncio.run(_show(settings, country, person, last))


def export(
    out: Annotated[Path | None, typer.Option("--out", help="The file; by default audit.FORMAT here.")] = None,
    format: Annotated[Literal["jsonl", "csv"], typer.Option("--format", help="How it is written.")] = "jsonl",
) -> None:
    """Write the audit log to a file: who did what, when and where. Of the two formats, jsonl can be checked."""
    with explained() as settings:
        asyncio.run(_export(settings, out or Path(f"audit.{format}"), format))


def check(
    file: Annotated[Path | None, typer.Argument(metavar="[FILE]", help="An export (jsonl), checked by itself.")] = None,
    earlier: Annotated[
        Path | None, typer.Option("--with", help="An earlier export (jsonl) that the log must still contain.")
    ] = None,
) -> None:
    """Check that nothing in the audit log, or in an export of it, was changed, added between or removed.

    Exit 0 when it holds.
    """
    with explained() as settings:
        if file is not None and earlier is not None:
            misused(text("rights.audit_one_file", settings.language))
        if file is not None:
            _check_file(settings, file)
        else:
            asyncio.run(_check(settings, earlier))


async def _show(settings: Settings, country: str, person: int, last: int) -> None:
    shown = settings.language
    code = place(settings, country) if country else ""
    async with entered(settings, "audit show", code) as store, store.reading() as tx:
        every = list(enumerate(await tx.audit.entries(), 1))
        rows = await _rows_of(tx, code) if code else {}
    found = [
        (number, one)
        for number, one in every
        if (not person or person in (one.actor_id, one.subject_id if one.subject == "people" else 0))
        and (not code or _details(one).get("country") == code or _concerns(one, rows))
    ]
    for number, one in found[-last:]:
        about = " ".join(str(part) for part in (one.subject, one.subject_id) if part not in (None, "", "store"))
        told = ", ".join(f"{name}: {value}" for name, value in _details(one).items())
        values = {"at": f"{one.at:%Y-%m-%d %H:%M} UTC", "who": _who(one, shown), "action": one.action}
        about = "  ".join(part for part in (about, told) if part)
        say(text("rights.audit_line", shown, None, number=number, **values, about=about).rstrip())
    if not found:
        typer.echo(text("rights.audit_none", shown))
    elif len(found) > last:
        typer.echo(text("rights.audit_more", shown, len(found) - last))


async def _rows_of(tx: Transaction, country: str) -> dict[str, set[int]]:
    """The numbers of a country's rows, by table."""
    return {
        "people": {one.id for one in await tx.people.of_country(country)},
        "invitations": {one.id for one in await tx.invitations.of_country(country)},
        "interviews": {one.id for one in await tx.interviews.of_country(country)},
    }


def _concerns(one: Entry, rows: dict[str, set[int]]) -> bool:
    return one.actor_id in rows["people"] or one.subject_id in rows.get(one.subject, ())


def _details(one: Entry) -> dict[str, object]:
    """What is told besides; nothing where somebody made it unreadable."""
    try:
        told = json.loads(one.details)
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}


def _who(one: Entry, language: str) -> str:
    if one.actor_id is not None:
        return text("rights.audit_person", language, number=one.actor_id)
    return text("rights.audit_command_line" if one.channel == CHANNEL else "rights.audit_nobody", language)


async def _export(settings: Settings, out: Path, format: str) -> None:
    from bot.audit_files import as_csv, as_jsonl
    from bot.writing import write

    shown = settings.language
    async with entered(settings, "audit export") as store, store.reading() as tx:
        entries = await tx.audit.entries()
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        write({out: as_csv(entries) if format == "csv" else as_jsonl(entries)}, private=True)
    except OSError as problem:
        refuse(text("guides.not_written", shown, path=out, error=problem.strerror or type(problem).__name__))
    typer.echo(text("rights.audit_exported", shown, len(entries), path=out, hash=entries[-1].hash))


async def _check(settings: Settings, earlier: Path | None) -> None:
    from db.audit import breaks

    shown = settings.language
    kept = _entries(settings, earlier) if earlier is not None else []
    async with entered(settings, "audit check") as store, store.reading() as tx:
        entries = await tx.audit.entries()
    broken = breaks(entries)
    for number in broken:
        typer.echo(text("rights.audit_broken", shown, number=number))
    lost = next((number for number, one in enumerate(kept, 1) if entries[number - 1 : number] != [one]), 0)
    if lost:
        typer.echo(text("rights.audit_not_as_kept", shown, number=lost))
    if broken or lost:
        raise typer.Exit(1)
    typer.echo(text("rights.audit_holds", shown, len(entries), hash=entries[-1].hash))
    if earlier is not None:
        say(text("rights.audit_contains", shown, path=earlier))


def _check_file(settings: Settings, file: Path) -> None:
    """Check an export by itself, wherever it was taken: no store is needed for it."""
    from db.audit import breaks

    entries = _entries(settings, file)
    broken = breaks(entries)
    for number in broken:
        typer.echo(text("rights.audit_file_broken", settings.language, number=number))
    if broken:
        raise typer.Exit(1)
    typer.echo(text("rights.audit_file_holds", settings.language, len(entries), hash=entries[-1].hash))


def _entries(settings: Settings, file: Path) -> list[Entry]:
    from bot.audit_files import MOST_BYTES, from_jsonl

    shown = settings.language
    try:
        read = from_jsonl(content(file, MOST_BYTES))
    except OSError as problem:
        refuse(text("receipt.unopened", shown, name=file, error=problem.strerror or type(problem).__name__))
    if read == 0:
        refuse(text("rights.audit_file_large", shown, most=MOST_BYTES // 1_000_000))
    if isinstance(read, int):
        refuse(text("rights.audit_file_line", shown, line=read))
    if not read:
        refuse(text("rights.audit_file_empty", shown))
    return read
