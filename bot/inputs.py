"""What a channel brought in → what an interview understands."""

from __future__ import annotations

from bot.messages import CommandIn, ContactIn, FileIn, Incoming, LocationIn, PressIn, TextIn
from bot.prompts import own_action
from flows.interview.inputs import (
    Attach,
    Attachment,
    Back,
    Confide,
    Done,
    Help,
    Input,
    Locate,
    Pause,
    Press,
    Resume,
    Review,
    Say,
    Skip,
    Unknown,
)

_COMMANDS: dict[str, type[Input]] = {
    "back": Back,
    "skip": Skip,
    "unknown": Unknown,
    "done": Done,
    "help": Help,
    "pause": Pause,
    "resume": Resume,
    "start": Resume,
    "review": Review,
}
_NO = frozenset({"no", "non", "off", "0"})


def read(incoming: Incoming, scope: str = "") -> Input | None:
    """The input of an interview, or None where there is nothing in it for one (an edited command, a sticker).

    `scope` is what its prompts were made with: buttons of another interview press nothing in this one.
    """
    payload = incoming.payload
    if isinstance(payload, TextIn):
        return Say(payload.text, message_id=incoming.message_id, revises=incoming.edited)
    if incoming.edited:
        return None
    if isinstance(payload, PressIn):
        return Press(own_action(payload.action, scope))
    if isinstance(payload, CommandIn):
        if payload.name == "confidential":
            return Confide(payload.arguments.lower() not in _NO)
        kind = _COMMANDS.get(payload.name)
        return kind() if kind is not None else None
    if isinstance(payload, FileIn):
        file = Attachment(payload.name, payload.media_type, payload.size, payload.reference)
        return Attach(file, message_id=incoming.message_id)
    if isinstance(payload, LocationIn):
        return Locate(payload.latitude, payload.longitude, payload.accuracy)
    if isinstance(payload, ContactIn):
        return Say(payload.phone, message_id=incoming.message_id)
    return None
