"""The library's application and bot: built for an address, connected, let go of."""

from __future__ import annotations

import asyncio
import os
import ssl
from contextlib import suppress
from functools import cache
from typing import Any

import httpx

os.environ.setdefault("PTB_TIMEDELTA", "true")  # the library's coming default; without it every flood limit warns

from telegram.error import InvalidToken, TelegramError
from telegram.ext import Application, ExtBot
from telegram.request import BaseRequest, HTTPXRequest

from bot.channels.telegram_in import ALLOWED_UPDATES
from bot.messages import NotReached

TELEGRAM_API = "https://api.telegram.org"
POLL_SECONDS = 50
CONNECTIONS = 24  # the outbox's workers, acknowledgements and fetches side by side


class Rejected(Exception):
    """Telegram refuses the token."""


class Bot(ExtBot[None]):
    """The library's bot, with one more door: updates as they arrived."""

    @property
    def requests(self) -> tuple[BaseRequest, ...]:
        """Both connections: for polling, and for all else."""
        return self._request

    async def raw_updates(self, offset: int, timeout: int) -> list[Any]:
        """Updates from `offset` on, unparsed: one malformed update must not hide the others."""
        data = {"offset": offset, "timeout": timeout, "allowed_updates": list(ALLOWED_UPDATES)}
        result = await self._post("getUpdates", data, read_timeout=timeout + 10)
        return result if isinstance(result, list) else []


App = Application[Bot, Any, Any, Any, Any, Any]


def build(token: str, api_url: str = TELEGRAM_API) -> App:
    """An application that speaks to the Bot API at `api_url`, without the library's own updater or persistence."""
    root = api_url.rstrip("/")
    bot = Bot(
        token,
        base_url=f"{root}/bot",
        base_file_url=f"{root}/file/bot",
        request=HTTPXRequest(
            connection_pool_size=CONNECTIONS, read_timeout=20, pool_timeout=30, httpx_kwargs={"verify": _trust()}
        ),
        get_updates_request=HTTPXRequest(
            connection_pool_size=1, read_timeout=POLL_SECONDS + 10, httpx_kwargs={"verify": _trust()}
        ),
    )
    return Application.builder().bot(bot).updater(None).build()


@cache
def _trust() -> ssl.SSLContext:
    """Whose certificates are trusted. Reading them takes a twentieth of a second, once for both connections."""
    return httpx.create_ssl_context()


async def connect(application: App, *, polling: bool) -> asyncio.Task[list[Any]] | None:
    """Find out who the bot is; with `polling`, a first poll is under way meanwhile, and is returned.

    Raises `Rejected` for the token and `NotReached`; nothing is left open then.
    """
    first = asyncio.create_task(application.bot.raw_updates(0, POLL_SECONDS)) if polling else None
    try:
        await application.initialize()
    except TelegramError as error:  # its words may hold the token
        await disconnect(application, first)
        if isinstance(error, InvalidToken):
            raise Rejected from None
        raise NotReached(type(error).__name__) from None
    return first


async def disconnect(application: App, first: asyncio.Task[list[Any]] | None) -> None:
    """Let go of the connections, and of a first poll that nobody waits for any more."""
    if first is not None:
        first.cancel()
        await asyncio.gather(first, return_exceptions=True)
    with suppress(TelegramError):
        await application.shutdown()
    for request in application.bot.requests:
        await request.shutdown()
