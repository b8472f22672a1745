"""What Telegram knows: the bot, people, chats with their messages, files, and the updates waiting for the bot."""

from __future__ import annotations

import asyncio
import copy
import itertools
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal, TypeVar

from tests.telegram.limits import Clock, Limits
from tests.telegram.schema import load

T = TypeVar("T")
Object = dict[str, Any]

# What getUpdates brings when `allowed_updates` was never given: everything but these.
OPT_IN = frozenset({"chat_member", "message_reaction", "message_reaction_count"})


class Refusal(Exception):
    """An answer other than 200: Telegram's code, description and parameters."""

    def __init__(self, code: int, description: str, **parameters: int) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters


def bad_request(description: str) -> Refusal:
    return Refusal(400, f"Bad Request: {description}")


@dataclass
class Entry:
    """One thing that happened in a chat, for waiting and for transcripts. `version` grows over the whole world."""

    version: int
    kind: Literal["bot", "edit", "person", "press", "toast", "deleted", "action", "service"]
    message: Object
    text: str = ""


@dataclass
class Room:
    """A chat: private, group, supergroup or channel. `bot_status` as in ChatMember; `started` for private chats."""

    chat: Object
    bot_status: str = "member"
    started: bool = True
    deleted: bool = False
    moved_to: int = 0
    messages: dict[int, Object] = field(default_factory=dict)
    keyboards: dict[int, list[Object]] = field(default_factory=dict)  # all a message ever carried: phones lag
    entries: list[Entry] = field(default_factory=list)
    reply_keyboard: Object | None = None

    @property
    def id(self) -> int:
        return int(self.chat["id"])


@dataclass
class Delivery:
    """An update's way to the bot. `replays` counts deliveries owed after it was acknowledged."""

    update: Object
    acknowledged: bool = False
    delivered: int = 0
    replays: int = 0


@dataclass
class StoredFile:
    content: bytes
    name: str
    media_type: str
    size: int
    unique: str
    created: float


@dataclass
class Query:
    """A pressed button whose phone shows a spinner until it is answered."""

    chat_id: int
    user: Object
    label: str
    created: float
    answered: bool = False


class World:
    """All state. It outlives the bot, and the server's restarts."""

    def __init__(self, token: str, username: str = "griot_test_bot", clock: Clock | None = None) -> None:
        self.token = token
        self.clock = clock or Clock()
        self.limits = Limits(self.clock)
        self.query_lifetime = 60.0  # not official; what is seen is between seconds and minutes
        self.file_lifetime = 3600.0
        self.me: Object = {
            "id": int(token.split(":", 1)[0]),
            "is_bot": True,
            "first_name": "Griot",
            "username": username,
            "can_join_groups": True,
            "can_read_all_group_messages": False,
            "supports_inline_queries": False,
            "can_connect_to_business": False,
            "has_main_web_app": False,
        }
        self.people: dict[int, Object] = {}
        self.rooms: dict[int, Room] = {}
        self.files: dict[str, StoredFile] = {}
        self.queries: dict[str, Query] = {}
        self.updates: dict[int, Delivery] = {}
        self.allowed_updates: list[str] = []
        self.webhook: Object = {"url": ""}
        self.commands: dict[tuple[str, str], list[Object]] = {}
        self.texts: dict[tuple[str, str], str] = {}
        self.menu_buttons: dict[int, Object] = {}
        self.violations: list[str] = []
        self.version = 0
        self.watchers: list[Callable[[Room, Entry], None]] = []
        self._message_ids = itertools.count(101)
        self._update_ids = itertools.count(700_000_001)
        self._file_ids = itertools.count(1)
        self._query_ids = itertools.count(4_100_000_000_000_001)
        self._waiters: list[asyncio.Future[None]] = []
        self._pending: dict[int, Delivery] = {}

    # ---- waiting ---------------------------------------------------------------------------------------------------
    def touch(self) -> None:
        """Something changed: wake all who wait."""
        self.version += 1
        waiters, self._waiters = self._waiters, []
        for waiter in waiters:
            if not waiter.done():
                waiter.set_result(None)

    async def until(self, probe: Callable[[], T | None], timeout: float) -> T | None:
        """The first value of `probe` that is not None, looked for at every change; None after `timeout` seconds."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + timeout
        while True:
            found = probe()
            remaining = deadline - loop.time()
            if found is not None or remaining <= 0:
                return found
            waiter: asyncio.Future[None] = loop.create_future()
            self._waiters.append(waiter)
            await asyncio.wait({waiter}, timeout=remaining)

    # ---- chats -----------------------------------------------------------------------------------------------------
    def room(self, chat_id: int | str) -> Room:
        """The chat under an id. Raises Telegram's refusal when there is none."""
        found = self.rooms.get(chat_id) if isinstance(chat_id, int) else None
        if found is None and isinstance(chat_id, str) and chat_id.startswith("@"):
            names = (room for room in self.rooms.values() if room.chat.get("username") == chat_id[1:])
            found = next(names, None)
            if found is not None and found.chat["type"] == "private":
                found = None  # people are not found by name
        if found is None:
            raise bad_request("chat not found")
        return found

    def writable(self, chat_id: int | str) -> Room:
        """The chat, when the bot may write there now."""
        room = self.room(chat_id)
        kind = room.chat["type"]
        if room.moved_to:
            text = "Bad Request: group chat was upgraded to a supergroup chat"
            raise Refusal(400, text, migrate_to_chat_id=room.moved_to)
        if room.deleted:
            raise Refusal(403, "Forbidden: user is deactivated")
        if not room.started:
            raise Refusal(403, "Forbidden: bot can't initiate conversation with a user")
        if room.bot_status == "kicked":
            blocked = "blocked by the user" if kind == "private" else f"kicked from the {_spoken(kind)} chat"
            raise Refusal(403, f"Forbidden: bot was {blocked}")
        if room.bot_status == "left":
            raise Refusal(403, f"Forbidden: bot is not a member of the {_spoken(kind)} chat")
        return room

    def new_message(self, room: Room, sender: Object | None, **fields: Any) -> Object:
        """Put a message into a chat; nobody is told yet."""
        message: Object = {"message_id": next(self._message_ids), "date": self.clock.now(), "chat": room.chat}
        if sender is not None and room.chat["type"] != "channel":
            message["from"] = sender
        if room.chat["type"] == "channel":
            message["sender_chat"] = room.chat
        message.update(fields)
        room.messages[message["message_id"]] = message
        return message

    def record(
        self,
        room: Room,
        kind: Literal["bot", "edit", "person", "press", "toast", "deleted", "action", "service"],
        message: Object,
        text: str = "",
    ) -> Entry:
        """Write into the chat's history and wake all who wait."""
        keyboard = message.get("reply_markup")
        if keyboard and kind in ("bot", "edit"):
            room.keyboards.setdefault(message["message_id"], []).append(copy.deepcopy(keyboard))
        entry = Entry(self.version + 1, kind, copy.deepcopy(message), text)
        room.entries.append(entry)
        self.touch()
        for watcher in self.watchers:
            watcher(room, entry)
        return entry

    # ---- files and queries -----------------------------------------------------------------------------------------
    def store_file(self, content: bytes, name: str, media_type: str, size: int | None = None) -> str:
        """Keep a file; returns its file_id. `size` may claim more bytes than there are."""
        number = next(self._file_ids)
        file_id = f"BQACAgQAAxkB{number:012d}"
        length = len(content) if size is None else size
        self.files[file_id] = StoredFile(content, name, media_type, length, f"AgAD{number:08d}", self.clock.ticks())
        return file_id

    def new_query(self, room: Room, user: Object, label: str) -> str:
        query_id = str(next(self._query_ids))
        self.queries[query_id] = Query(room.id, user, label, self.clock.ticks())
        return query_id

    # ---- updates ---------------------------------------------------------------------------------------------------
    def push(self, kind: str, value: Object) -> int | None:
        """Queue an update, unless the bot did not ask for its kind; returns its id."""
        wanted = kind in self.allowed_updates if self.allowed_updates else kind not in OPT_IN
        if not wanted:
            return None
        update = copy.deepcopy({kind: value})
        update_id = self.inject(update)
        self.violations += [
            f"the stand-in's own update: {line}" for line in load().check("Update", update, f"update {update_id}")
        ]
        return update_id

    def inject(self, update: Object) -> int:
        """Queue an update as it is, however malformed; only its id is set."""
        update_id = next(self._update_ids)
        update["update_id"] = update_id
        delivery = Delivery(update)
        self.updates[update_id] = self._pending[update_id] = delivery
        self.touch()
        return update_id

    def replay(self, update_id: int) -> None:
        """Deliver an update once more with the same id, although it was acknowledged."""
        self.updates[update_id].replays += 1
        self._pending[update_id] = self.updates[update_id]
        self.touch()

    def pending(self) -> list[Delivery]:
        """What waits for the bot, oldest first."""
        return [self._pending[key] for key in sorted(self._pending)]

    def acknowledge(self, below: int) -> None:
        """Forget all updates with an id smaller than `below`."""
        for update_id in [key for key in self._pending if key < below]:
            self.acknowledge_one(update_id)

    def acknowledge_one(self, update_id: int) -> None:
        delivery = self._pending[update_id]
        delivery.acknowledged = True
        if delivery.replays == 0:
            del self._pending[update_id]
        self.touch()

    def delivered(self, delivery: Delivery) -> None:
        """An update went out: a replay owed is paid."""
        delivery.delivered += 1
        if delivery.acknowledged:
            delivery.replays -= 1
            if delivery.replays <= 0:
                self._pending.pop(int(delivery.update["update_id"]), None)


def _spoken(kind: str) -> str:
    return kind if kind in ("supergroup", "channel") else "group"
