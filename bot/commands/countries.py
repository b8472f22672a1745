"""Commands about countries and who takes part for them."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from bot.commands.failing import explained, misused, place, refuse, say
from flows.i18n import text

if TYPE_CHECKING:
    from bot.commands.terminal import Terminal
    from bot.settings import Settings

Role = Literal["coordinator", "official", "secretariat", "expert"]
Country = Annotated[str, typer.Argument(metavar="COUNTRY", help="ISO 3166-1 code of the country, such as BFA.")]
Days = Annotated[int, typer.Option(help="For how many days the code can be used.")]
Language = Annotated[str, typer.Option(help="Language to begin in, such as fr.")]
Label = Annotated[str, typer.Option(help="Whom the invitation is meant for, to recognise it in lists.")]
Picture = Annotated[Path | None, typer.Option("--qr", help="Write the link as an image to this file.")]


def register(app: typer.Typer) -> None:
    """Add this module's commands to `app`."""
    app.command("invite")(invite)
    app.command("open")(open_)
    app.command("entities")(entities)
    app.command("replace")(replace)


def invite(
    role: Annotated[Role, typer.Option(help="What the person does.")],
    country: Annotated[
        str,
        typer.Option(help="ISO 3166-1 code, such as BFA; secretariat and experts may be of none, for all."),
    ] = "",
    entity: Annotated[str, typer.Option(help="Official name of the entity the person answers for.")] = "",
    days: Days = 30,
    language: Language = "",
) -> None:
    """Invite somebody: prints a code, shown this once, and the link that opens the conversation."""
    with explained() as settings:
        if not country and role in ("coordinator", "official"):
            misused(text("store.country_needed", settings.language))
        asyncio.run(_invite(settings, country, role, entity, days, language))


def open_(
    country: Country, days: Days = 30, language: Language = "", label: Label = "", picture: Picture = None
) -> None:
    """Ask a country whether it takes part: prints an invitation for its focal point, ready to be sent."""
    with explained() as settings:
        asyncio.run(_open(settings, country, days, language, label, picture))


def entities(country: Country) -> None:
    """List a country's entities and how far each is; what is missing, and what may be doubled."""
    with explained() as settings:
        asyncio.run(_entities(settings, country))


def replace(
    country: Country,
    person: Annotated[int, typer.Option(help="Number of the person; without it, everybody is listed.")] = 0,
    label: Label = "",
    language: Language = "",
    authority: Annotated[str, typer.Option(help="Of a new coordinator: the authority, where it is another now.")] = "",
    picture: Picture = None,
) -> None:
    """Replace a person: their access ends at once, and an invitation for whoever takes over is printed."""
    with explained() as settings:
        asyncio.run(_replace(settings, country, person, label, language, authority, picture))


# ---- invite -------------------------------------------------------------------------------------------------------
async def _invite(settings: Settings, country: str, role: Role, entity: str, days: int, language: str) -> None:
    from bot.commands.doorway import entered
    from bot.inviting import NotInvited
    from bot.inviting import invite as make

    shown, code = settings.language, place(settings, country) if country else ""
    async with entered(settings, "invite", code, new=True) as store:
        valid = timedelta(days=max(0, min(days, 1000)))  # what is beyond is refused all the same
        made = await make(store, code, role, entity, language, valid, datetime.now(UTC))
    if isinstance(made, NotInvited):
        reason = made.reason if "." in made.reason else f"store.{made.reason}"
        refuse(text(reason, shown, None, **made.values))
    await _say_code(settings, made.code, made.expires_at)


async def _say_code(settings: Settings, code: str, until: datetime) -> str:
    """Print a code and, where the bot's name is known, its link; returns the link."""
    from bot.channels.telegram_identity import identify
    from bot.inviting import link
    from bot.messages import NotDelivered

    shown = settings.language
    typer.echo(text("store.code", shown, code=code, until=f"{until:%Y-%m-%d}"))
    token = settings.telegram_token.get_secret_value() if settings.telegram_token else ""
    try:
        username = (await identify(settings.telegram_api_url, token)).username if token else ""
    except NotDelivered:
        username = ""
    if not username:
        typer.echo(text("store.no_link" if token else "store.no_link_without_token", shown), err=True)
        return ""
    typer.echo(text("store.link", shown, link=link(username, code)))
    return link(username, code)


# ---- open, entities, replace --------------------------------------------------------------------------------------
async def _open(settings: Settings, country: str, days: int, language: str, label: str, picture: Path | None) -> None:
    from bot.commands.terminal import opened
    from bot.inviting import LONGEST, cleaned
    from flows import i18n, knowledge
    from flows.country.steps.identifying import InviteFocalPoint
    from flows.country.steps.interest import OpenCountry

    shown, code = settings.language, place(settings, country)
    if language and i18n.base(language) not in i18n.languages():
        refuse(text("store.unknown_language", shown, known=", ".join(i18n.languages())))
    if not 0 < days <= LONGEST.days:
        refuse(text("store.bad_validity", shown))
    async with opened(settings, "open", code, new=True) as terminal:
        async with terminal.acting() as act:
            fresh = (await act.course(code)).interest.opened_at is None
            if fresh and await act.take(OpenCountry(), code) is None:
                raise typer.Exit(1)
            until = act.now + timedelta(days=days)
            spoken = i18n.base(language) or knowledge.country(code).bot_languages[0]
            secret, number = await act.tx.invitations.create(
                *(code, "focal_point", None, until, act.now), language=spoken, label=cleaned(label)
            )
            if await act.take(InviteFocalPoint(number, until), code) is None:
                raise typer.Exit(1)  # nothing of it is kept
        name = knowledge.country(code).name(shown)
        typer.echo(text("participants.opened" if fresh else "participants.open_already", shown, country=name))
        await _print(terminal, number, secret, picture)


async def _entities(settings: Settings, country: str) -> None:
    from bot.commands.terminal import opened
    from bot.participating import adopted, listed
    from bot.steps import doubles, essentials

    shown, code = settings.language, place(settings, country)
    async with opened(settings, "entities", code) as terminal, terminal.acting() as act:
        course = await adopted(act, code)
        every = await listed(act.tx, course)
        for one in every:
            state = text(f"participants.state_{course.participants.state_of(one.id, act.now)}", shown)
            say(f"{one.id}\t{state}\t{one.acronym}\t{one.name}")
        for pair in doubles.found(course, every):
            first, second = every[pair.first].name, every[pair.second].name
            say(text("participants.may_be_double", shown, first=first, second=second), err=True)
        for essential in essentials.lacking(course, every):
            say(text(f"participants.missing_{essential}", shown), err=True)


async def _replace(
    settings: Settings, country: str, number: int, label: str, language: str, authority: str, picture: Path | None
) -> None:
    from bot.acting import why
    from bot.commands.terminal import opened
    from bot.inviting import cleaned
    from bot.participating import adopted, called
    from bot.steps.turnover import replaceable, succeed
    from flows import i18n
    from flows.country.steps.base import Refusal

    shown, code = settings.language, place(settings, country)
    if language and i18n.base(language) not in i18n.languages():
        refuse(text("store.unknown_language", shown, known=", ".join(i18n.languages())))
    async with opened(settings, "replace", code, person=number) as terminal:
        async with terminal.acting() as act:
            course = await adopted(act, code)
            if not number:
                every = replaceable(act, course)
                for member in every:
                    found = await act.tx.people.get(member.person_id)
                    if found is not None:
                        say(f"{found.id}\t{await called(act.tx, found, shown)}")
                if not every:
                    typer.echo(text("turnover.nobody", shown))
                return
            person = await act.tx.people.get(number)
            if person is None or person.country != code:
                refuse(text("secretariat.person_unknown", shown, country=code))
            spoken = i18n.base(language) or person.language
            made = await succeed(act, person, cleaned(label), spoken, cleaned(authority))
            if isinstance(made, Refusal):
                refuse(why(made, shown))
            named = await called(act.tx, person, shown)
        say(text("turnover.replaced", shown, person=named))
        await _print(terminal, *made, picture)


async def _print(terminal: Terminal, number: int, code: str, picture: Path | None) -> None:
    """The invitation as it is sent on, and as an image where that is wanted."""
    from bot.forwarding import paragraphs
    from bot.issuing import letter

    async with terminal.reading() as act:
        made = await act.tx.invitations.get(number)
        assert made is not None  # noqa: S101 (just made)
        written = await letter(act, made)
    link = await _say_code(terminal.settings, code, made.expires_at)
    say("\n" + "\n\n".join(paragraphs(written, link, code, terminal.settings.contact)))
    if picture is not None and not link:
        say(terminal.text("store.no_picture", path=picture), err=True)
    elif picture is not None:
        from bot.documents.qr import qr
        from bot.writing import write

        try:
            write({picture: qr(link)})
        except OSError as error:
            refuse(terminal.text("store.not_written", path=picture, reason=error.strerror or ""))
