"""`griot form publish` and `griot form versions`: a newer version of a form, its impact told first."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from bot.commands.doorway import entered
from bot.commands.failing import content, explained, refuse, say
from bot.commands.progress import progress
from flows.i18n import text

if TYPE_CHECKING:
    from bot.publishing_forms import NotPublished, Preview
    from bot.settings import Settings
    from flows.interview.comparing import Change
    from flows.interview.form import Form

_TOLD = ("meaning", "type", "retired", "added", "moved")  # each by name; wording is only counted


def register(forms: typer.Typer) -> None:
    """Add this module's commands to `griot form`."""
    forms.command("publish")(publish)
    forms.command("versions")(versions)


def publish(
    form: Annotated[
        Path | None, typer.Argument(metavar="[FORM]", help="The new version; without it the program’s own.")
    ] = None,
    note: Annotated[str, typer.Option("--note", help="What was changed and why, for the record.")] = "",
    yes: Annotated[bool, typer.Option("--yes", help="Publish without asking.")] = False,
) -> None:
    """Say what a newer version would do to the interviews under way, ask, and publish it.

    The bot goes on; each interview goes on under the new version at its next turn.
    """
    with explained() as settings:
        asyncio.run(_publish(settings, form, note, yes))


def versions() -> None:
    """List the versions published, oldest first."""
    with explained() as settings:
        asyncio.run(_versions(settings))


async def _publish(settings: Settings, path: Path | None, note: str, yes: bool) -> None:
    from bot.gathering import Unreadable
    from bot.publishing_forms import NotPublished, preview
    from bot.publishing_forms import publish as publish_

    shown, now = settings.language, datetime.now(UTC)
    xform = _xform(path, shown)
    packaged = _packaged()
    try:
        async with entered(settings, "form publish") as store:
            with progress(text("form_versions.measuring", shown)) as show:
                found = await preview(store, packaged, xform, now, show)
            if isinstance(found, NotPublished):
                _refuse(found, shown)
            say(*told(found, shown))
            if not yes and not typer.confirm(text("form_versions.confirm", shown)):
                refuse(text("form_versions.not_published", shown))
            done = await publish_(store, packaged, xform, now, note=note, foreseen=found.impact)
        if isinstance(done, NotPublished):
            _refuse(done, shown)
    except Unreadable as problem:
        refuse(text("guides.unreadable", shown, number=problem.number))
    typer.echo(text("form_versions.done", shown, version=done.version))


async def _versions(settings: Settings) -> None:
    shown = settings.language
    async with entered(settings, "form versions") as store, store.reading() as tx:
        found = [one for form in _packaged() for one in await tx.forms.versions(form)]
    for one in found:
        day = f"{one.published_at:%Y-%m-%d %H:%M} UTC"
        say("  ".join(part for part in (one.form_id, one.version, day, one.sha256[:16], one.note) if part))
    if not found:
        typer.echo(text("form_versions.none", shown))


def told(found: Preview, language: str) -> list[str]:
    """What publishing would do, in lines: the versions, what differs, whom it touches."""

    def say(name: str, n: int | None = None, **values: object) -> str:
        return text(f"form_versions.{name}", language, n, **values)

    impact = found.impact
    lines = [say("versions", before=found.before.version, after=found.form.version)]
    lines += [_line(change, language) for kind in _TOLD for change in impact.changes if change.kind == kind]
    if worded := impact.count("wording"):
        lines.append(say("worded", worded))
    lines.append(say("open", impact.open))
    lines.append(say("again", impact.again, interviews=impact.interviews, countries=impact.countries))
    if impact.aside:
        lines.append(say("aside", impact.aside))
    return lines


def _line(change: Change, language: str) -> str:
    return text(f"form_versions.{change.kind}", language, path=change.path, label=change.label(language))


def _packaged() -> dict[str, Form]:
    """The questionnaire that comes with the program, by its id."""
    from flows.interview.form import load
    from flows.questionnaires import compiled

    form = load(compiled())
    return {form.id: form}


def _xform(path: Path | None, language: str) -> str:
    """The form as XML. Words keep their typography, which a spreadsheet tool would straighten."""
    from bot.commands.forms import refusal_line
    from flows.interview.excel import from_xlsx, to_xform
    from flows.interview.sheets import SheetError, read_toml
    from flows.interview.xlsform import MOST_BYTES, FormProblem, compile_xlsform, kind_of
    from flows.questionnaires import compiled

    if path is None:
        return compiled()
    try:
        data = content(path, MOST_BYTES)
        kind = kind_of(path.name)
        xform = compile_xlsform(data, kind).xform
        if kind in ("toml", "xlsx"):
            book = read_toml(data.decode("utf-8-sig")) if kind == "toml" else from_xlsx(data)
            xform = to_xform(book)[0]
    except OSError as error:
        refuse(text("forms.no_file", language, name=path, why=error.strerror or type(error).__name__))
    except FormProblem as problem:
        refuse(refusal_line(path, problem, language))
    except SheetError as error:
        refuse(f"{path}: {error}")
    return xform


def _refuse(problem: NotPublished, language: str) -> NoReturn:
    refuse(text(f"form_versions.{problem.reason}", language, None, **problem.values))
