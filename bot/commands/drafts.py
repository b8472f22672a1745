"""`griot draft`: versions of a guide, from the first one to what is put before the coordinator."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.commands import completeness
from bot.commands.failing import explained, misused, place, refuse
from bot.commands.progress import progress
from flows.i18n import text

if TYPE_CHECKING:
    from bot.commands.terminal import Terminal
    from bot.settings import Settings
    from flows.country.steps.course import Course
    from flows.country.steps.drafts import Draft

Country = Annotated[str, typer.Argument(metavar="COUNTRY", help="ISO 3166-1 code, such as BFA.")]
Version = Annotated[int, typer.Argument(metavar="VERSION", min=1, help="Number of the version.")]
Out = Annotated[Path | None, typer.Option("--out", help="Folder to copy the files to.")]


def register(app: typer.Typer) -> None:
    """Add this module's commands to `app`."""
    draft = typer.Typer(name="draft", help="Versions of a guide and their way to endorsement.", no_args_is_help=True)
    draft.command("make")(make)
    draft.command("list")(list_)
    draft.command("files")(files)
    draft.command("changes")(changes)
    draft.command("send")(send)
    draft.command("review")(review)
    draft.command("propose")(propose)
    completeness.register(draft)
    app.add_typer(draft)


def make(
    country: Country,
    language: Annotated[list[str] | None, typer.Option(help="fr or en; give it twice for both.")] = None,
    final: Annotated[bool, typer.Option("--final", help="Made to be endorsed: accepted contributions alone.")] = False,
    outline: Annotated[str, typer.Option(help="2013 or published; remembered for the versions to come.")] = "",
    extended: Annotated[
        bool | None,
        typer.Option("--extended/--concise", help="With the answers of each entity as an annex; remembered too."),
    ] = None,
    comments: Annotated[
        bool | None, typer.Option(help="Where each paragraph comes from, in Word comments; never with --final.")
    ] = None,
    out: Out = None,
) -> None:
    """Compile the next version of the guide, number it in the ledger and keep its files."""
    with explained() as settings:
        if final and comments:
            misused(text("drafts.final_comments", settings.language))
        asyncio.run(_make(settings, country, language or [], final, outline, extended, comments is not False, out))


def list_(country: Country) -> None:
    """List the versions of a guide."""
    with explained() as settings:
        asyncio.run(_list(settings, country))


def files(
    country: Country,
    version: Annotated[int, typer.Argument(metavar="[VERSION]", min=0, help="The newest one without.")] = 0,
    out: Out = None,
) -> None:
    """Copy the files of a version, or print where they are kept."""
    with explained() as settings:
        asyncio.run(_files(settings, country, version, out))


def changes(
    country: Country,
    before: Annotated[int, typer.Argument(metavar="[FROM", min=0, help="The earlier version.")] = 0,
    after: Annotated[int, typer.Argument(metavar="TO]", min=0, help="The later one; the last two without.")] = 0,
    out: Out = None,
) -> None:
    """Say what changed between two versions; with --out, also as a document."""
    with explained() as settings:
        if bool(before) != bool(after):
            misused(text("secretariat.two_versions", settings.language))
        asyncio.run(_changes(settings, country, before, after, out))


def send(
    country: Country,
    file: Annotated[Path, typer.Argument(metavar="FILE.docx", help="The Word file of the newest version, edited.")],
) -> None:
    """Make an edited Word document the next version, its comments with it."""
    with explained() as settings:
        asyncio.run(_send(settings, country, file))


def review(country: Country) -> None:
    """Put the newest version before the experts; the bot sends it."""
    with explained() as settings:
        asyncio.run(_review(settings, country))


def propose(country: Country, version: Version) -> None:
    """Put a version made with --final before the coordinator for endorsement; the bot sends its exact files."""
    with explained() as settings:
        asyncio.run(_propose(settings, country, version))


# ---- making -------------------------------------------------------------------------------------------------------
async def _make(
    settings: Settings,
    country: str,
    languages: list[str],
    final: bool,
    outline: str,
    extended: bool | None,
    comments: bool,
    out: Path | None,
) -> None:
    from bot.commands.terminal import opened
    from flows import i18n
    from flows.country.outlines import OUTLINES, named
    from flows.country.steps.outlines import ChooseExtent, ChooseOutline

    shown, known = settings.language, i18n.languages()
    if any(i18n.base(one) not in known for one in languages):
        misused(text("guides.unknown_language", shown, known=", ".join(known)))
    wanted_outline = named(outline)
    if outline and wanted_outline is None:
        misused(text("drafts.no_outline", shown, known=", ".join(OUTLINES)))
    code = place(settings, country)
    async with opened(settings, "draft make", code) as terminal:
        if wanted_outline is not None and wanted_outline != (await terminal.course(code)).drafts.outline:
            await terminal.take(code, ChooseOutline(wanted_outline))
        if extended is not None and extended != ((await terminal.course(code)).drafts.extent == "extended"):
            await terminal.take(code, ChooseExtent("extended" if extended else "concise"))
        with progress(text("guides.reading", shown)):
            wanted = [i18n.base(one) for one in languages]
            await terminal.run("compile", country=code, languages=wanted, final=final, comments=comments)
        if not terminal.refused:
            _copy(terminal, (await terminal.course(code)).drafts.newest, out)


async def _send(settings: Settings, country: str, file: Path) -> None:
    from bot.commands.terminal import opened
    from bot.documents.opening import MOST_BYTES

    shown, code = settings.language, place(settings, country)
    async with opened(settings, "draft send", code) as terminal:
        try:
            too_large = file.stat().st_size > MOST_BYTES
            content = b"" if too_large else file.read_bytes()
        except OSError as problem:
            refuse(text("desk.not_opened", shown, path=file, error=problem.strerror or type(problem).__name__))
        if too_large:
            refuse(text("reading.too_large", shown, most=MOST_BYTES // 1_000_000))
        sha256 = await asyncio.to_thread(terminal.services.vault.keep, content)
        await terminal.run("edited", country=code, sha256=sha256, name=file.name)
        if not terminal.refused:
            _copy(terminal, (await terminal.course(code)).drafts.newest, None)


# ---- looking ------------------------------------------------------------------------------------------------------
async def _list(settings: Settings, country: str) -> None:
    from bot.commands.terminal import opened

    code = place(settings, country)
    async with opened(settings, "draft list", code) as terminal:
        course = await terminal.course(code)
        for draft in course.drafts.versions:
            typer.echo(_line(terminal, course, draft))
        if not course.drafts.versions:
            typer.echo(terminal.text("secretariat.no_versions"))


def _line(terminal: Terminal, course: Course, draft: Draft) -> str:
    from flows.country.steps.endorsement import Given, awaited, standing

    held, version = standing(course), draft.version
    states = ["final" if draft.final else "draft", draft.origin]
    if draft.reviewers:
        states.append("in_review" if draft.reviewers - draft.reviewed else "reviewed")
    if awaited(course) is draft:
        states.append("proposed")
    if isinstance(held, Given) and held.version == version:
        states.append("endorsed")
    if any(one.version == version for one in course.publications.made):
        states.append("published")
    return "\t".join(
        (
            str(version),
            f"{draft.made_at:%Y-%m-%d %H:%M}",
            ", ".join(sorted(draft.edition.content)),
            ", ".join(terminal.text(f"secretariat.version_{state}") for state in states),
            terminal.text("drafts.comments", len(course.drafts.comments_on(version))),
        )
    )


async def _files(settings: Settings, country: str, version: int, out: Path | None) -> None:
    from bot.commands.terminal import opened

    code = place(settings, country)
    async with opened(settings, "draft files", code, version=version) as terminal:
        drafts = (await terminal.course(code)).drafts
        _copy(terminal, drafts.of(version) if version else drafts.newest, out)


def _copy(terminal: Terminal, draft: Draft | None, out: Path | None) -> None:
    if draft is None:
        terminal.refuse("secretariat.no_version", country=terminal.country)
        return
    terminal.copy(((file.name, file.sha256) for file in draft.edition.files), out)


async def _changes(settings: Settings, country: str, before: int, after: int, out: Path | None) -> None:
    from bot.commands.terminal import opened

    code = place(settings, country)
    async with opened(settings, "draft changes", code, before=before, after=after) as terminal:
        drafts = (await terminal.course(code)).drafts
        after = after or len(drafts.versions)
        if drafts.of(after) is None or (before and drafts.of(before) is None):
            terminal.refuse("secretariat.no_version", country=code)
            return
        await terminal.run("draft_changes", country=code, version=after, before=before or after - 1)
        if out is not None and terminal.documents:
            terminal.copy(((one.name, one.sha256) for one in terminal.documents), out)


# ---- putting before others ----------------------------------------------------------------------------------------
async def _review(settings: Settings, country: str) -> None:
    from bot.commands.terminal import opened
    from bot.steps.reviewing import send_for_review

    code = place(settings, country)
    async with opened(settings, "draft review", code) as terminal:
        version = len((await terminal.course(code)).drafts.versions)
        await terminal.do(lambda act: send_for_review(act, (code, str(version))))


async def _propose(settings: Settings, country: str, version: int) -> None:
    from bot.commands.terminal import opened
    from bot.steps.endorsement import propose as put_forward

    code = place(settings, country)
    async with opened(settings, "draft propose", code, version=version) as terminal:
        await terminal.do(lambda act: put_forward(act, (code, str(version))))
