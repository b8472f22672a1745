"""A bot at work behind a webhook."""

from __future__ import annotations

import socket
from typing import Any

import pytest
from pydantic import SecretStr

from bot.settings import Settings
from tests.bot.conftest import at_work
from tests.telegram.standin import StandIn


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
async def hooked(telegram: StandIn, settings: Settings) -> Any:
    port = free_port()
    changes = {
        "webhook_url": f"http://127.0.0.1:{port}/hook",
        "webhook_secret": SecretStr("right-secret"),
        "webhook_listen": f"127.0.0.1:{port}",
    }
    async with at_work(telegram, settings.model_copy(update=changes)) as house:
        yield house
