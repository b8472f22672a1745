"""How commands fail: one clear line each on standard error and no traceback.

Exit code 1: refused, or something is wrong; 2: the command line itself cannot be used.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn
from unicodedata import category

import typer

if TYPE_CHECKING:
    from bot.settings import Settings
    from db.database import Store


@contextmanager
def explained() -> Iterator[Settings]:
    """The settings; a `StoreProblem`, a `SettingsProblem` or a `Stale` in the block becomes its sentence."""
    from bot.settings import PREFIX, SettingsProblem, load
    from db.problems import Stale, StoreProblem
    from flows.i18n import text

    language = os.environ.get(f"{PREFIX}LANGUAGE", "en")
    try:
        settings = load()
        language = settings.language
        if settings.templates_dir is not None:
            from bot.documents.template import use

            use(settings.templates_dir)
        yield settings
    except SettingsProblem as problem:
        for line in problem.messages(language):
            typer.echo(line, err=True)
        raise typer.Exit(1) from None
    except StoreProblem as problem:
        refuse(problem.message(language))
    except Stale:
        refuse(text("secretariat.meanwhile", language))


async def existing(settings: Settings) -> Store:
    """The store of these settings, brought up to date. Raises `StoreProblem`, also where there is none yet."""
    from db.database import parse
    from db.problems import StoreProblem

    url = parse(settings.database_url)
    path = Path(url.database or "")
    if url.get_backend_name() == "sqlite" and not path.exists():
        raise StoreProblem("missing", path=path)
    return await made(settings)


async def made(settings: Settings) -> Store:
    """The same; where there is none yet, it is made."""
    from db.database import Store

    store = await Store.open(settings.database_url)
    try:
        await store.migrate()
    except BaseException:
        await store.close()
        raise
    return store


def content(path: Path, most: int) -> bytes:
    """The bytes of a file; of one larger than `most`, enough to see that it is. Raises `OSError`."""
    with path.open("rb") as stream:
        return stream.read(most + 1)


def place(settings: Settings, given: str, *, whole: str = "") -> str:
    """The code of the country that is meant, by its code or its name; "" for all of them, where they can be meant by
    the word `whole`. Ends the command where there is none such."""
    from bot.placing import named
    from flows.i18n import text

    if whole and given.strip().lower() == whole:
        return ""
    found = named(given)
    if found is None:
        refuse(text("store.unknown_country", settings.language))
    return found.code


def say(*lines: str, err: bool = False) -> None:
    """Print lines with what people wrote in them."""
    for line in lines:
        typer.echo(printable(line), err=err)


def printable(line: str) -> str:
    """What people wrote, without what a terminal would act on."""
    return "".join(one if one in "\n\t" or category(one)[0] != "C" else "\ufffd" for one in line)


def refuse(line: str) -> NoReturn:
    """End with one line: what was asked for cannot be done."""
    say(line, err=True)
    raise typer.Exit(1) from None


def misused(line: str) -> NoReturn:
    """End with one line: what was asked for makes no sense."""
    say(line, err=True)
    raise typer.Exit(2) from None
