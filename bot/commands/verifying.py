"""`griot verify` and `griot key`: what a receipt proves, checked offline; the key that receipts are signed with."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.commands.failing import content, explained, misused, refuse
from flows.i18n import FALLBACK, base, languages, text

if TYPE_CHECKING:
    from bot.signing import Signing
    from flows.country.ledger import Entry


def register(app: typer.Typer) -> None:
    """Add this module's commands to `app`."""
    app.command("verify")(verify)
    keys = typer.Typer(name="key", help="The key that receipts are signed with.", no_args_is_help=True)
    keys.command("new")(new)
    keys.command("public")(public)
    app.add_typer(keys)


def verify(
    receipt: Annotated[Path, typer.Argument(metavar="RECEIPT", help="The receipt, or a package (.zip or folder).")],
    files: Annotated[list[Path] | None, typer.Argument(metavar="FILE...", help="The files to be checked.")] = None,
    key: Annotated[str, typer.Option("--key", help="Public key or fingerprint it has to be signed with.")] = "",
    ledger: Annotated[
        Path | None, typer.Option("--ledger", help="The ledger, as griot ledger export wrote it.")
    ] = None,
) -> None:
    """Check offline that files are exactly those that were endorsed. Exit 0 only when all of them are."""
    from bot import checking

    shown = _language()
    given = files or []
    if key and not _is_key(key):
        misused(text("receipt.no_key", shown))
    try:
        entries = _ledger(ledger) if ledger is not None else None
        if receipt.is_dir() or receipt.suffix.lower() == ".zip":
            package = checking.open_package(receipt)
            sums = _sums(given)
            lines = checking.check_package(package, sums, key, entries, shown)
        else:
            known = checking.read_receipt(receipt.name, _read(receipt))
            if not given:
                misused(text("receipt.no_files", shown))
            lines = checking.check_files(known, _sums(given), key, entries, shown)
    except checking.NotRead as problem:
        refuse(problem.line.said(shown))
    except OSError as problem:
        path = Path(problem.filename) if isinstance(problem.filename, str) else receipt
        refuse(text("receipt.unopened", shown, name=path, error=problem.strerror or type(problem).__name__))
    for line in lines:
        typer.echo(line.said(shown))
    if not lines[-1].good:
        raise typer.Exit(1)


def new() -> None:
    """Make a new key and print it, once. Nothing is stored."""
    from bot.signing import Signing, new_seed

    shown = _language()
    seed = new_seed()
    typer.echo(text("receipt.new_key", shown), err=True)
    typer.echo(f"GRIOT_SIGNING_KEY={seed}")
    _show(Signing(seed), shown, err=True)


def public() -> None:
    """Print the public key and the fingerprint of the key that is set."""
    from bot.signing import signing

    with explained() as settings:
        signer = signing(settings)
        if signer is None:
            refuse(text("receipt.key_unset", settings.language))
        _show(signer, settings.language)


def _show(signing: Signing, language: str, *, err: bool = False) -> None:
    typer.echo(text("receipt.public_key", language, public=signing.key.public), err=err)
    typer.echo(text("receipt.fingerprint", language, fingerprint=signing.key.fingerprint), err=err)


def _language() -> str:
    """As `GRIOT_LANGUAGE` says: a receipt is checked without any other setting."""
    wanted = base(os.environ.get("GRIOT_LANGUAGE", FALLBACK))
    return wanted if wanted in languages() else FALLBACK


def _is_key(given: str) -> bool:
    from flows.country.receipt import fingerprint, plain_fingerprint

    return bool(fingerprint(given.strip()) or plain_fingerprint(given))


def _read(path: Path) -> bytes:
    """The beginning of a file, enough to see that it is no receipt."""
    from flows.country.receipt import MOST_BYTES

    with path.open("rb") as stream:
        return stream.read(MOST_BYTES + 1)


def _sums(files: list[Path]) -> dict[str, str]:
    from bot.checking import sha256_of

    return {str(path): sha256_of(path) for path in files}


def _ledger(path: Path) -> tuple[Entry, ...]:
    from bot.checking import NotRead, unreadable
    from flows.country.ledger_json import MOST_BYTES, parse
    from flows.country.strict import Unreadable

    read = parse(content(path, MOST_BYTES))
    if isinstance(read, Unreadable):
        raise NotRead(unreadable("no_ledger_line" if read.line else "no_ledger", path.name, read))
    return read
