"""A server and the real library's bot, new for every test."""

from __future__ import annotations

import os
import ssl
from collections.abc import AsyncIterator
from functools import cache

import httpx
import pytest
from telegram import Bot
from telegram.request import HTTPXRequest

from tests.telegram.standin import StandIn

os.environ.setdefault("PTB_TIMEDELTA", "true")  # the library's coming default; without it every 429 warns


@cache
def trust() -> ssl.SSLContext:
    """Whose certificates are trusted, read once: a twentieth of a second each time otherwise."""
    return httpx.create_ssl_context()


@pytest.fixture
async def telegram() -> AsyncIterator[StandIn]:
    async with StandIn() as server:
        yield server


@pytest.fixture
async def bot(telegram: StandIn) -> AsyncIterator[Bot]:
    polling, other = (HTTPXRequest(httpx_kwargs={"verify": trust()}) for _ in range(2))
    async with Bot(
        telegram.token,
        telegram.base_url,
        telegram.base_file_url,
        request=other,
        get_updates_request=polling,
    ) as library:
        yield library
