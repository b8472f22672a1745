"""Who the bot is, asked by one plain request: what `griot doctor` and `griot invite` need, without the library."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http.client import HTTPException
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from bot.messages import NotReached, Undeliverable

TIMEOUT = 10.0


@dataclass(frozen=True, slots=True)
class Identity:
    """The bot's name without the `@`, and what time the server had (None: it did not say)."""

    username: str
    server_time: datetime | None


async def identify(api_url: str, token: str) -> Identity:
    """Ask the Bot API at `api_url` who the token belongs to.

    Raises `Undeliverable` when the token is refused, `NotReached` when no Bot API answers there.
    """
    return await asyncio.to_thread(_identify, api_url, token)


def _identify(api_url: str, token: str) -> Identity:
    request = Request(f"{api_url.rstrip('/')}/bot{token}/getMe")  # noqa: S310 (settings allow http and https only)
    try:
        with urlopen(request, timeout=TIMEOUT) as response:  # noqa: S310
            date, body = response.headers.get("Date"), response.read(65536)
    except HTTPError as error:
        error.close()
        if error.code in (401, 403, 404):
            raise Undeliverable("the token is refused") from None
        raise NotReached(f"HTTP {error.code}") from None
    except (OSError, HTTPException, ValueError) as error:
        raise NotReached(type(error).__name__) from None
    try:
        username = str(json.loads(body)["result"]["username"])
    except (ValueError, KeyError, TypeError):
        raise NotReached("not a Bot API") from None
    return Identity(username, _moment(date))


def _moment(date: str | None) -> datetime | None:
    try:
        return parsedate_to_datetime(date).astimezone(UTC) if date else None
    except ValueError:
        return None
