"""People who use the bot as people do: they type, press what their phone shows, read what arrives.

    anna = await telegram.person("Anna", language="fr")
    await anna.send("/start CODE")
    await anna.expect("Bienvenue")
    await anna.press("Oui")

The same class works beside the server and against a server in another process (`people_at(url)`).
"""

from __future__ import annotations

import asyncio
import base64
import inspect
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from tests.telegram.phones import CannotDo, Phones
from tests.telegram.world import Object

Door = Callable[..., Awaitable[Any]]  # (action, **arguments) → JSON value


@dataclass(frozen=True, slots=True)
class Shown:
    """A message as a person reads it. `buttons` are rows of labels; `raw` is the Bot API's Message."""

    message_id: int
    from_bot: bool
    text: str
    buttons: tuple[tuple[str, ...], ...]
    document: str
    raw: Object = field(repr=False)

    @property
    def labels(self) -> tuple[str, ...]:
        return tuple(label for row in self.buttons for label in row)

    def data(self, label: str) -> str:
        """The callback data behind a label."""
        rows = self.raw["reply_markup"]["inline_keyboard"]
        return str(next(button["callback_data"] for row in rows for button in row if button["text"] == label))


def shown(message: Object) -> Shown:
    """A Bot API Message as a person reads it."""
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    document = message.get("document", {}).get("file_name", "")
    other = next((f"[{kind}]" for kind in ("photo", "voice", "sticker", "location", "contact") if kind in message), "")
    parts = (f"[{document}]" if document else other, message.get("text") or message.get("caption", ""))
    return Shown(
        message_id=message.get("message_id", 0),
        from_bot=message.get("from", {}).get("is_bot", False),
        text=" ".join(part for part in parts if part),
        buttons=tuple(tuple(button["text"] for button in row) for row in rows),
        document=document,
        raw=message,
    )


class Person:
    """Somebody with a phone. `chat` says where they write: their private chat unless changed with `into`."""

    def __init__(self, door: Door, user: Object, chat_id: int = 0) -> None:
        self._do = door
        self.user = user
        self.id = int(user["id"])
        self.name = str(user["first_name"])
        self.chat_id = chat_id or self.id
        self._read = 0

    # ---- doing -----------------------------------------------------------------------------------------------------
    async def send(self, text: str, reply_to: Shown | None = None) -> Shown:
        """Type and send; a very long text becomes several messages."""
        answered = reply_to.message_id if reply_to else 0
        return shown(await self._act("send", text=text, chat_id=self.chat_id, reply_to=answered))

    async def press(self, what: str, on: Shown | None = None, *, late: bool = False) -> Object:
        """Press a button by label or data; `late`: on a phone that has not received the latest edit yet.

        Raises `CannotDo` when the screen shows no such button.
        """
        message_id = on.message_id if on else 0
        return dict(await self._act("press", what=what, message_id=message_id, chat_id=self.chat_id, late=late))

    async def click(self, label: str, timeout: float = 10.0) -> Shown:
        """Wait for the next message that shows a button, and press it. Returns that message."""
        found = await self.expect(lambda message: label in message.labels, timeout)
        await self.press(label, found)
        return found

    async def edit(self, message: Shown, text: str) -> Shown:
        """Change a message of one's own."""
        return shown(await self._act("edit", message_id=message.message_id, text=text, chat_id=self.chat_id))

    async def send_document(
        self, name: str, content: bytes = b"", media_type: str = "", *, size: int = -1, caption: str = ""
    ) -> Shown:
        """Send a file; `size` may claim more bytes than there are."""
        data = base64.b64encode(content).decode()
        sent = self._act("send_document", name=name, content=data, media_type=media_type, size=size, caption=caption)
        return shown(await sent)

    async def send_photo(self, content: bytes = b"\xff\xd8\xff", caption: str = "") -> Shown:
        return shown(await self._act("send_photo", content=base64.b64encode(content).decode(), caption=caption))

    async def send_voice(self, content: bytes = b"OggS") -> Shown:
        return shown(await self._act("send_voice", content=base64.b64encode(content).decode()))

    async def send_sticker(self, emoji: str = "") -> Shown:
        return shown(await self._act("send_sticker", emoji=emoji))

    async def send_location(self, latitude: float, longitude: float, accuracy: float = -1.0) -> Shown:
        return shown(await self._act("send_location", latitude=latitude, longitude=longitude, accuracy=accuracy))

    async def send_contact(self, phone: str, name: str = "") -> Shown:
        return shown(await self._act("send_contact", phone=phone, name=name or self.name))

    async def forward(self, text: str, author: str) -> Shown:
        """Pass on what somebody else wrote."""
        return shown(await self._act("forward", text=text, author=author))

    async def block(self) -> None:
        await self._act("block")

    async def unblock(self) -> None:
        await self._act("unblock")

    async def delete_account(self) -> None:
        await self._act("delete_account")

    async def found(self, title: str, kind: str = "group") -> int:
        """Make a group, supergroup or channel with the bot in it; returns its chat id."""
        return int((await self._act("found", title=title, kind=kind))["id"])

    async def kick(self, chat_id: int) -> None:
        """Remove the bot from a group."""
        await self._act("kick", chat_id=chat_id)

    def into(self, chat_id: int) -> Person:
        """The same person, writing in another chat."""
        return Person(self._do, self.user, chat_id)

    # ---- reading ---------------------------------------------------------------------------------------------------
    async def expect(self, what: str | Callable[[Shown], bool] = "", timeout: float = 10.0) -> Shown:
        """The next message or edit by the bot that holds `what` (a text, a button's label, or a predicate).

        Looks at what arrived since this person last did something or since the last `expect`, then waits.
        Raises `AssertionError` with the chat when nothing such comes in `timeout` seconds.
        """
        entry = await self._next(lambda e: e["kind"] in ("bot", "edit") and _is(shown(e["message"]), what), timeout)
        if entry is None:
            raise AssertionError(f"{self.name} waited {timeout} s for {what!r}:\n\n{await self.transcript()}")
        return shown(entry["message"])

    async def expect_toast(self, what: str = "", timeout: float = 10.0) -> str:
        """The next acknowledgement of a press; its text may be empty."""
        entry = await self._next(lambda e: e["kind"] == "toast" and what in e["text"], timeout)
        if entry is None:
            raise AssertionError(f"{self.name} waited {timeout} s for a toast {what!r}")
        return str(entry["text"])

    async def screen(self) -> list[Shown]:
        """The chat as the phone shows it now, oldest first."""
        return [shown(message) for message in await self._do("screen", chat_id=self.chat_id)]

    async def last(self) -> Shown:
        """The newest message of the bot on the screen."""
        return next(message for message in reversed(await self.screen()) if message.from_bot)

    async def open(self, message: Shown) -> bytes:
        """The content of the document that a message carries."""
        return base64.b64decode(await self._do("open_file", file_id=message.raw["document"]["file_id"]))

    async def spinners(self) -> list[str]:
        """Pressed buttons that still wait for the bot."""
        return list(await self._do("spinners", user_id=self.id))

    async def history(self, since: int = 0) -> list[Object]:
        """Everything that happened in the chat: {"version", "kind", "message", "text"} in order."""
        return list(await self._do("history", chat_id=self.chat_id, since=since))

    async def transcript(self, style: str = "plain") -> str:
        """The conversation in order, as plain text or Markdown ("markdown")."""
        lines = [line for entry in await self.history() if (line := spoken(entry, self.name, style))]
        return "\n\n".join(lines)

    async def _next(self, wanted: Callable[[Object], bool], timeout: float) -> Object | None:
        loop = asyncio.get_running_loop()
        deadline = loop.time() + timeout
        while True:
            remaining = max(0.0, deadline - loop.time())
            for entry in await self._do("wait", chat_id=self.chat_id, since=self._read, timeout=remaining):
                self._read = entry["version"]
                if wanted(entry):
                    return dict(entry)
            if remaining == 0.0:
                return None

    async def _act(self, action: str, **arguments: Any) -> Any:
        self._read = await self._do("version")
        return await self._do(action, user_id=self.id, **arguments)


def spoken(entry: Object, name: str, style: str = "plain") -> str:
    """One entry of a chat's history as a paragraph of a transcript; empty for what people do not see."""
    kind, message = entry["kind"], shown(entry["message"])
    if kind == "action" or (kind == "toast" and not entry["text"]):
        return ""
    bold = "**" if style == "markdown" else ""
    if kind in ("toast", "service"):
        return f"{bold}({entry['text']}){bold}" if entry["text"] else ""
    if kind == "press":
        return f"{bold}{name}:{bold} [{entry['text']}]"
    if kind == "deleted":
        return f"{bold}(deleted){bold} {message.text}"
    who = "Griot" if message.from_bot else name
    edited = " (edited)" if kind == "edit" or "edit_date" in message.raw else ""
    rows = ["  ".join(f"[{label}]" for label in row) for row in message.buttons]
    text = message.text
    if style == "markdown":
        text = text.replace("\n", "  \n")
        rows = [f"`{row}`  " for row in rows]
    return "\n".join([f"{bold}{who}{edited}:{bold} {text}", *rows])


def _is(message: Shown, what: str | Callable[[Shown], bool]) -> bool:
    if callable(what):
        return what(message)
    return what in message.text or what in message.labels or what == message.document


def beside(phones: Phones) -> Door:
    """The door to phones in this process."""

    async def do(action: str, **arguments: Any) -> Any:
        result = getattr(phones, action)(**arguments)
        return await result if inspect.isawaitable(result) else result

    return do


def over(session: aiohttp.ClientSession, url: str) -> Door:
    """The door to phones in another process, by its control address."""

    async def do(action: str, **arguments: Any) -> Any:
        async with session.post(f"{url}/control/{action}", json=arguments) as response:
            body = await response.json()
            if response.status == 409:
                raise CannotDo(body["error"])
            response.raise_for_status()
            return body["result"]

    return do


async def person(door: Door, first_name: str, language: str = "", user_id: int = 0) -> Person:
    """A new person. `language` as their app reports it."""
    return Person(door, await door("register", first_name=first_name, language_code=language, user_id=user_id))
