"""What any channel must be able to show, and what any channel may bring in.

A channel translates these values to and from its own protocol and decides nothing.
All texts here are plain: no markup. A channel escapes them and styles them by `Line.style`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

LineStyle = Literal["progress", "question", "hint", "body", "error", "example", "quote", "item", "title"]


@dataclass(frozen=True, slots=True)
class Line:
    """One paragraph of a prompt. `text` may hold line breaks and anything an official typed."""

    text: str
    style: LineStyle = "body"


@dataclass(frozen=True, slots=True)
class Button:
    """A button under a prompt. `action` is at most 64 bytes of ASCII and comes back unchanged in a `Press`."""

    label: str
    action: str = ""
    url: str = ""
    ticked: bool | None = None  # None: not a tick box


@dataclass(frozen=True, slots=True)
class Document:
    """A file to send: `sha256` names a stored attachment, `path` a file made by this process. `picture`: to be looked
    at where it is shown, even if the channel makes it smaller for that; otherwise it arrives byte by byte."""

    name: str
    media_type: str
    sha256: str = ""
    path: str = ""
    picture: bool = False


REPLY, LATER, LAST = 0, 1, 2
"""What is sent first: replies to somebody who waits; what nobody waits for, such as reminders and news; what goes to
many, and tidying up."""


@dataclass(frozen=True, slots=True)
class Prompt:
    """One thing to show.

    `key` is stable for one question of one interview: a channel that can, edits the message it last sent under the
    same key when `edit` is true (ticks, a resolved question losing its buttons), and sends a new one otherwise.
    `force_reply` asks the channel to open the keyboard; `ask_location` offers to share a place.
    `rtl` says that the text reads from right to left.
    """

    lines: tuple[Line, ...]
    buttons: tuple[tuple[Button, ...], ...] = ()
    key: str = ""
    edit: bool = False
    language: str = ""
    documents: tuple[Document, ...] = ()
    ask_location: bool = False
    force_reply: bool = False
    rtl: bool = False
    priority: int = REPLY


@dataclass(frozen=True, slots=True)
class Sender:
    """Who a message came from, as the channel knows them. `address` is the channel's own id of the conversation."""

    channel: str
    address: str
    user: str
    language: str = ""  # BCP 47, as the channel reports it
    is_private: bool = True


@dataclass(frozen=True, slots=True)
class TextIn:
    text: str


@dataclass(frozen=True, slots=True)
class CommandIn:
    """`/name arguments`; `name` without the slash, lower case."""

    name: str
    arguments: str = ""


@dataclass(frozen=True, slots=True)
class PressIn:
    action: str
    press_id: str = ""  # the channel's id, to acknowledge the press


@dataclass(frozen=True, slots=True)
class FileIn:
    """`reference` is what the channel needs to fetch the bytes later."""

    reference: str
    unique: str
    name: str
    media_type: str
    size: int | None
    kind: Literal["document", "photo", "audio", "voice", "video"]
    caption: str = ""
    album: str = ""  # the same for all files sent together


@dataclass(frozen=True, slots=True)
class LocationIn:
    latitude: float
    longitude: float
    accuracy: float | None = None


@dataclass(frozen=True, slots=True)
class ContactIn:
    phone: str
    name: str


@dataclass(frozen=True, slots=True)
class BlockedIn:
    """The person blocked the bot, left, or came back."""

    blocked: bool


@dataclass(frozen=True, slots=True)
class UnknownIn:
    """Something this channel cannot turn into an answer (a sticker, a poll); `what` names it for the log."""

    what: str


Payload = TextIn | CommandIn | PressIn | FileIn | LocationIn | ContactIn | BlockedIn | UnknownIn


@dataclass(frozen=True, slots=True)
class Incoming:
    """One update from a channel. `update_id` is unique within its channel; a replay has the same one.

    `edited` marks the new text of a message sent before: it revises the answer given by `message_id`.
    `replies_to` is the id of the message that this one quotes.
    """

    update_id: int
    sender: Sender
    payload: Payload
    message_id: str = ""
    edited: bool = False
    sent_at: datetime | None = None
    replies_to: str = ""


# ---- sending ------------------------------------------------------------------------------------------------------
class NotDelivered(Exception):
    """The world refused a message. The outbox decides what follows from each kind."""


class TooFast(NotDelivered):
    """Wait `retry_after` seconds before sending anything more to this channel (or to this address)."""

    def __init__(self, retry_after: float, *, address_only: bool = False) -> None:
        super().__init__(f"wait {retry_after} s")
        self.retry_after = retry_after
        self.address_only = address_only


class Unreachable(NotDelivered):
    """The person blocked the bot (`blocked`), or the conversation no longer exists (`gone`)."""

    def __init__(self, why: Literal["blocked", "gone"]) -> None:
        super().__init__(why)
        self.why = why


class Undeliverable(NotDelivered):
    """This very message can never be sent (malformed, too large): retrying would not help."""


class NotReached(NotDelivered):
    """A network fault or the channel's own failure: worth trying again."""


class Channel(Protocol):
    """How the outbox speaks to a channel."""

    name: str

    async def send(self, address: str, prompt: Prompt, edits: str = "") -> str:
        """Show `prompt` in the conversation `address`, editing the message `edits` where that is possible.

        Returns the channel's id of the message shown (the last one, where a long prompt needed several).
        Raises one of `NotDelivered`.
        """
        ...

    async def acknowledge(self, press_id: str, text: str = "") -> None:
        """Tell the channel that a press was received (stops the spinner); never raises."""
        ...

    async def fetch(self, reference: str) -> bytes:
        """The bytes of a file that came in. Raises `NotDelivered`."""
        ...
