"""`griot follow-ups`: who will be told what, when and why; what was said; and the policy behind it."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.commands.failing import content, explained, place, refuse

if TYPE_CHECKING:
    from bot.settings import Settings

Country = Annotated[str, typer.Argument(metavar="COUNTRY", help="ISO 3166-1 code, such as BFA.")]
File = Annotated[Path, typer.Argument(metavar="FILE", help="The policy, in TOML.")]
LARGEST = 1_000_000  # bytes of a policy
PAGE = 1000  # entries of the record read at a time


def register(app: typer.Typer) -> None:
    """Add this module's commands to `app`."""
    follow_ups = typer.Typer(name="follow-ups", help="What will be said, and what was said.", no_args_is_help=True)
    follow_ups.command("plan")(plan)
    follow_ups.command("log")(log)
    policy = typer.Typer(name="policy", help="When and how often reminders are sent.", no_args_is_help=True)
    policy.command("show")(show)
    policy.command("check")(check)
    policy.command("set")(set_)
    follow_ups.add_typer(policy)
    app.add_typer(follow_ups)


def plan(country: Country) -> None:
    """List who will be told what and when, and why."""
    with explained() as settings:
        asyncio.run(_plan(settings, country))


def log(country: Country) -> None:
    """List what was said, put off and dropped in a country."""
    with explained() as settings:
        asyncio.run(_log(settings, country))


def show() -> None:
    """Print the policy in force; redirected into a file, it can be changed and set."""
    with explained() as settings:
        asyncio.run(_show(settings))


def check(file: File) -> None:
    """Read a policy and say what is wrong with it, without putting it in force."""
    with explained() as settings:
        _read(file, settings)
        typer.echo(_text("planned.policy_sound", settings))


def set_(file: File) -> None:
    """Put a policy in force. One with a mistake is refused, and the one before stays."""
    with explained() as settings:
        asyncio.run(_set(settings, file))


async def _plan(settings: Settings, country: str) -> None:
    from bot import planned
    from bot.commands.terminal import opened
    from bot.follow_ups import FollowUps
    from bot.steps import registry

    code = place(settings, country)
    async with opened(settings, "follow-ups plan", code) as terminal:
        now = datetime.now(UTC)
        follow_ups = FollowUps(terminal.services, terminal.store, lambda: registry().finders)
        await follow_ups.look(code, now)
        async with terminal.store.reading() as tx:
            rows = await tx.follow_ups.of_country(code)
            known = await planned.names(tx, code, terminal.language)
        steps = {row.id: follow_ups.foreseen(row, known.people[row.person_id], now) for row in rows}
        lines = planned.plan(rows, steps, known, code)
        terminal.say(*(lines or [terminal.text("planned.none")]))


async def _log(settings: Settings, country: str) -> None:
    from bot import planned
    from bot.commands.terminal import opened

    code = place(settings, country)
    async with opened(settings, "follow-ups log", code) as terminal:
        after, any_ = 0, False
        async with terminal.store.reading() as tx:
            while entries := await tx.follow_ups.log(code, PAGE, after):
                known = await planned.names(tx, code, terminal.language, [one.person_id for one in entries])
                terminal.say(*planned.log(entries, known, code))
                after, any_ = entries[-1].id, True
        if not any_:
            terminal.say(terminal.text("planned.log_none"))


async def _show(settings: Settings) -> None:
    from bot.commands.doorway import entered
    from bot.policies import standard_text

    async with entered(settings, "follow-ups policy show") as store, store.reading() as tx:
        found = await tx.follow_ups.policy()
    typer.echo(found[0] if found is not None else standard_text(), nl=False)


async def _set(settings: Settings, file: Path) -> None:
    from bot.commands.doorway import entered

    said = _read(file, settings)
    async with entered(settings, "follow-ups policy set", new=True) as store, store.writing() as tx:
        await tx.follow_ups.set_policy(said, datetime.now(UTC), None)
    typer.echo(_text("planned.policy_set", settings))


def _read(file: Path, settings: Settings) -> str:
    """The text of a policy that holds. Ends the command where it does not."""
    from flows.country.follow_ups.policy import PolicyMistake, read_policy
    from flows.i18n import text

    try:
        said = content(file, LARGEST).decode("utf-8", "replace")
    except OSError as problem:
        reason = problem.strerror or type(problem).__name__
        refuse(text("desk.not_opened", settings.language, path=file, error=reason))
    try:
        read_policy(said)
    except PolicyMistake as mistake:
        reason = mistake.told(settings.language)
        refuse(text("planned.policy_refused", settings.language, file=file, reason=reason))
    return said


def _text(key: str, settings: Settings) -> str:
    from flows.i18n import text

    return text(key, settings.language)
