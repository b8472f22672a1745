"""The process of `griot bot`, in the order of its first poll: Telegram is asked before the rest is even loaded."""

from __future__ import annotations

import asyncio
import gc
import signal
from typing import TYPE_CHECKING, Any

from bot.channels import telegram_client as telegram
from bot.messages import NotReached
from bot.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bot.outbox import Limits
    from flows.interview.form import Form


class CannotStart(Exception):
    """The bot cannot run with these settings. `key` is a sentence of the `running` catalogue."""

    def __init__(self, key: str, **values: str) -> None:
        super().__init__(key)
        self.key = key
        self.values = values


async def serve(
    settings: Settings, limits: Limits | None = None, forms: Callable[[], Sequence[Form]] | None = None
) -> None:
    """Receive and send until SIGTERM or SIGINT; without `forms`, the guide's questionnaire is asked.

    Raises `CannotStart` and `StoreProblem`.
    """
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, stop.set)
    application, first = await connect(settings)
    try:
        from bot import logs
        from bot.app import built, guide_forms, run

        logs.configure(settings.log_level, as_json=settings.log_format == "json")
        async with built(settings, application, forms or guide_forms, limits) as app:
            await run(app, stop, first, ready=gc.freeze)  # what is loaded stays: it is not looked through for garbage
    finally:
        await telegram.disconnect(application, first)


async def connect(settings: Settings) -> tuple[telegram.App, asyncio.Task[list[Any]] | None]:
    """The connected application, and its first poll under way (None with a webhook). Raises `CannotStart`."""
    if settings.telegram_token is None:
        raise CannotStart("no_token")
    if settings.webhook_url and not settings.webhook_secret:
        raise CannotStart("no_secret")
    address = settings.telegram_api_url
    application = telegram.build(settings.telegram_token.get_secret_value(), address)
    try:
        return application, await telegram.connect(application, polling=not settings.webhook_url)
    except telegram.Rejected:
        raise CannotStart("token_refused", address=address) from None
    except NotReached as error:
        raise CannotStart("not_reached", address=address, error=str(error)) from None
