"""An `Incoming` as JSON and back: what is kept of an update that could not be handled, to be tried once more."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import datetime

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

_KINDS: dict[str, type[Payload]] = {
    kind.__name__: kind for kind in (TextIn, CommandIn, PressIn, FileIn, LocationIn, ContactIn, BlockedIn, UnknownIn)
}


def dump(incoming: Incoming) -> str:
    """JSON that `load` reads back."""
    return json.dumps(
        {
            **asdict(incoming),
            "kind": type(incoming.payload).__name__,
            "sent_at": incoming.sent_at.isoformat() if incoming.sent_at else None,
        },
        ensure_ascii=True,
    )


def load(dumped: str) -> Incoming:
    """What `dump` wrote. Raises ValueError, KeyError or TypeError for anything else."""
    values = json.loads(dumped)
    sent_at = values["sent_at"]
    return Incoming(
        update_id=values["update_id"],
        sender=Sender(**values["sender"]),
        payload=_KINDS[values["kind"]](**values["payload"]),
        message_id=values["message_id"],
        edited=values["edited"],
        sent_at=datetime.fromisoformat(sent_at) if sent_at else None,
        replies_to=values["replies_to"],
    )
