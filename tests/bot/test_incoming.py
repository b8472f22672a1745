"""What is kept of a failed update is the update."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot import incoming
from bot.messages import (
    BlockedIn,
    CommandIn,
    ContactIn,
    FileIn,
    Incoming,
    LocationIn,
    Payload,
    PressIn,
    Sender,
    TextIn,
    UnknownIn,
)

PAYLOADS: tuple[Payload, ...] = (
    TextIn("é\x00\u202e 😀"),
    CommandIn("start", "code"),
    PressIn("1:c2", "77"),
    FileIn("F", "U", "loi.pdf", "application/pdf", None, "document", "caption"),
    LocationIn(12.3, -1.5),
    ContactIn("+226", "A"),
    BlockedIn(True),
    UnknownIn("dice"),
)


@pytest.mark.parametrize("payload", PAYLOADS, ids=lambda payload: type(payload).__name__)
def test_an_incoming_survives_json(payload: Payload) -> None:
    sender = Sender("telegram", "5", "6", "fr")
    one = Incoming(3, sender, payload, "9", edited=True, sent_at=datetime(2026, 11, 23, tzinfo=UTC))
    assert incoming.load(incoming.dump(one)) == one


@pytest.mark.parametrize("dumped", ["", "[]", "{}", '{"update_id": 1}', "null"])
def test_anything_else_is_refused(dumped: str) -> None:
    with pytest.raises((ValueError, KeyError, TypeError)):
        incoming.load(dumped)
