"""A server and the real library's bot, new for every test."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator

import pytest
from telegram import Bot

from tests.telegram.standin import StandIn

os.environ.setdefault("PTB_TIMEDELTA", "true")  # the library's coming default; without it every 429 warns


@pytest.fixture
async def telegram() -> AsyncIterator[StandIn]:
    async with StandIn() as server:
        yield server


@pytest.fixture
async def bot(telegram: StandIn) -> AsyncIterator[Bot]:
    async with Bot(telegram.token, base_url=telegram.base_url, base_file_url=telegram.base_file_url) as library:
        yield library
