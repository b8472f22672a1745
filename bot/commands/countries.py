"""Commands about countries and who takes part for them."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from bot.commands.failing import explained, refuse

if TYPE_CHECKING:
    from bot.settings import Settings

Role = Literal["coordinator", "official", "secretariat", "expert"]


def register(app: typer.Typer) -> None:
    """Add this module's commands to `app`."""
    app.command("invite")(invite)


def invite(
    country: Annotated[str, typer.Option(help="ISO 3166-1 code of the country, such as BFA.")],
    role: Annotated[Role, typer.Option(help="What the person does.")],
    entity: Annotated[str, typer.Option(help="Official name of the entity the person answers for.")] = "",
    days: Annotated[int, typer.Option(help="For how many days the code can be used.")] = 30,
    language: Annotated[str, typer.Option(help="Language to begin in, such as fr.")] = "",
) -> None:
    """Invite somebody: prints a code, shown this once, and the link that opens the conversation."""
    with explained() as settings:
        asyncio.run(_invite(settings, country, role, entity, days, language))


async def _invite(settings: Settings, country: str, role: Role, entity: str, days: int, language: str) -> None:
    from bot.channels.telegram_identity import identify
    from bot.inviting import NotInvited, link
    from bot.inviting import invite as make
    from bot.messages import NotDelivered
    from db.database import Store
    from flows.i18n import text

    shown = settings.language
    store = await Store.open(settings.database_url)
    try:
        await store.migrate()
        valid = timedelta(days=max(0, min(days, 1000)))  # what is beyond is refused all the same
        made = await make(store, country, role, entity, language, valid, datetime.now(UTC))
    finally:
        await store.close()
    if isinstance(made, NotInvited):
        refuse(text(f"store.{made.reason}", shown, None, **made.values))
    typer.echo(text("store.code", shown, code=made.code, until=f"{made.expires_at:%Y-%m-%d}"))
    token = settings.telegram_token.get_secret_value() if settings.telegram_token else ""
    try:
        username = (await identify(settings.telegram_api_url, token)).username if token else ""
    except NotDelivered:
        username = ""
    if username:
        typer.echo(text("store.link", shown, link=link(username, made.code)))
    else:
        typer.echo(text("store.no_link" if token else "store.no_link_without_token", shown), err=True)
