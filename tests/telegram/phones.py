"""What people do on their phones. Every action takes and returns plain JSON values, so that it also works over HTTP."""

from __future__ import annotations

import base64
import copy
import itertools
import re
from typing import Any

from tests.telegram import markup
from tests.telegram.account import member
from tests.telegram.world import Entry, Object, Room, World

MESSAGE_LIMIT = 4096


class CannotDo(AssertionError):
    """A person cannot do this on a real phone: there is no such button, no such message, no such chat."""


class Phones:
    """The actions of people. `chat_id` is the private chat unless a group's is given."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._user_ids = itertools.count(5_000_000_001)
        self._group_ids = itertools.count(1_000_000_001)

    # ---- who is there ----------------------------------------------------------------------------------------------
    def register(self, first_name: str, language_code: str = "", user_id: int = 0, username: str = "") -> Object:
        """A new person with a phone, who has not yet opened the bot's chat."""
        user: Object = {"id": user_id or next(self._user_ids), "is_bot": False, "first_name": first_name}
        if username:
            user["username"] = username
        if language_code:
            user["language_code"] = language_code
        chat: Object = {"id": user["id"], "type": "private", "first_name": first_name}
        if username:
            chat["username"] = username
        self.world.people[user["id"]] = user
        self.world.rooms[user["id"]] = Room(chat, started=False)
        return user

    def found(self, user_id: int, title: str, kind: str = "group") -> Object:
        """A person makes a group, supergroup or channel and adds the bot to it."""
        number = next(self._group_ids)
        chat: Object = {"id": -number if kind == "group" else -1_000_000_000_000 - number, "type": kind, "title": title}
        room = self.world.rooms[chat["id"]] = Room(chat, bot_status="left")
        self._bot_becomes(room, self._user(user_id), "administrator" if kind == "channel" else "member")
        if kind != "channel":
            joined = {"new_chat_members": [self.world.me]}
            self._arrive(room, self.world.new_message(room, self._user(user_id), **joined), "service")
        return chat

    def kick(self, user_id: int, chat_id: int) -> None:
        """A person removes the bot from a group or channel."""
        self._bot_becomes(self._room(chat_id), self._user(user_id), "kicked")

    def upgrade(self, chat_id: int) -> Object:
        """A group becomes a supergroup: the old chat refers to the new one."""
        room = self._room(chat_id)
        chat = {"id": -1_000_000_000_000 - next(self._group_ids), "type": "supergroup", "title": room.chat["title"]}
        self.world.rooms[chat["id"]] = Room(chat)
        room.moved_to = chat["id"]
        self.world.push("message", self.world.new_message(room, None, migrate_to_chat_id=chat["id"]))
        return chat

    # ---- what they send --------------------------------------------------------------------------------------------
    def send(self, user_id: int, text: str, chat_id: int = 0, reply_to: int = 0) -> Object:
        """Type and send. A text longer than a message becomes several, as the apps do; returns the last one."""
        message: Object = {}
        for part in _parts(text.strip()) or [text]:
            fields: Object = {"text": part}
            command = re.match(r"/[A-Za-z0-9_]{1,32}(@[A-Za-z0-9_]+)?", part)
            if command:
                fields["entities"] = [{"type": "bot_command", "offset": 0, "length": len(command.group())}]
            message = self._say(user_id, chat_id, reply_to, **fields)
        return message

    def send_document(
        self, user_id: int, name: str, content: str = "", media_type: str = "", size: int = -1, caption: str = ""
    ) -> Object:
        """`content` in base64; `size` may claim more bytes than there are."""
        given = self._file(content, name, media_type or "application/octet-stream", size)
        fields: Object = {"document": {**given, "file_name": name}}
        if media_type:
            fields["document"]["mime_type"] = media_type
        if caption:
            fields["caption"] = caption
        return self._say(user_id, **fields)

    def send_photo(self, user_id: int, content: str = "", caption: str = "") -> Object:
        sizes = []
        for width in (320, 1280):
            given = self._file(content, "photo.jpg", "image/jpeg", -1)
            sizes.append({**given, "width": width, "height": width * 3 // 4})
        fields: Object = {"photo": sizes, "caption": caption} if caption else {"photo": sizes}
        return self._say(user_id, **fields)

    def send_voice(self, user_id: int, content: str = "", seconds: int = 4) -> Object:
        given = self._file(content, "voice.ogg", "audio/ogg", -1)
        return self._say(user_id, voice={**given, "duration": seconds, "mime_type": "audio/ogg"})

    def send_sticker(self, user_id: int, emoji: str = "") -> Object:
        given = self._file("", "sticker.webp", "image/webp", 20_000)
        look = {"type": "regular", "width": 512, "height": 512, "is_animated": False, "is_video": False}
        return self._say(user_id, sticker={**given, **look, **({"emoji": emoji} if emoji else {})})

    def send_location(self, user_id: int, latitude: float, longitude: float, accuracy: float = -1.0) -> Object:
        place: Object = {"latitude": latitude, "longitude": longitude}
        if accuracy >= 0:
            place["horizontal_accuracy"] = accuracy
        return self._say(user_id, location=place)

    def send_contact(self, user_id: int, phone: str, name: str) -> Object:
        return self._say(user_id, contact={"phone_number": phone, "first_name": name, "user_id": user_id})

    def forward(self, user_id: int, text: str, author: str) -> Object:
        """Pass on a text that somebody else wrote."""
        origin = {"type": "hidden_user", "date": self.world.clock.now(), "sender_user_name": author}
        return self._say(user_id, text=text, forward_origin=origin)

    def edit(self, user_id: int, message_id: int, text: str, chat_id: int = 0) -> Object:
        """Change one's own text message."""
        room = self._room(chat_id or user_id)
        message = room.messages.get(message_id)
        if message is None or message.get("from", {}).get("id") != user_id or "text" not in message:
            raise CannotDo(f"message {message_id} is not a text of person {user_id}")
        message["text"] = text
        message.pop("entities", None)
        message["edit_date"] = self.world.clock.now()
        self._arrive(room, message, "person", "edited_message")
        return message

    def press(self, user_id: int, what: str, message_id: int = 0, chat_id: int = 0, late: bool = False) -> Object:
        """Press a button by its label or its data: on the newest message that shows it, or on `message_id`.

        `late`: the phone has not yet received edits, so any keyboard that the message ever carried will do.
        Returns {"query": id}, {"url": address} for a link, or the message sent by a reply keyboard.
        """
        room = self._room(chat_id or user_id)
        for candidate in sorted(room.messages, reverse=True):
            message = room.messages[candidate]
            if message_id and candidate != message_id:
                continue
            keyboards: list[Object | None] = [message.get("reply_markup")]
            if late:
                keyboards = [*keyboards, *reversed(room.keyboards.get(candidate, []))]
            for button in _buttons(keyboards):
                if what in (button["text"], button.get("callback_data"), button.get("url")):
                    return self._pressed(room, self._user(user_id), message, button)
        for button in _buttons([{"inline_keyboard": (room.reply_keyboard or {}).get("keyboard", [])}]):
            if button["text"] == what and not message_id:
                return self.send(user_id, what, chat_id)
        shown = [button["text"] for m in room.messages.values() for button in _buttons([m.get("reply_markup")])]
        raise CannotDo(f"no button {what!r} on the screen; there are {shown}")

    # ---- leaving and coming back -----------------------------------------------------------------------------------
    def block(self, user_id: int) -> None:
        self._bot_becomes(self._room(user_id), self._user(user_id), "kicked")

    def unblock(self, user_id: int) -> None:
        self._bot_becomes(self._room(user_id), self._user(user_id), "member")

    def delete_account(self, user_id: int) -> None:
        """Telegram tells the bot nothing of it."""
        self._room(user_id).deleted = True
        self.world.touch()

    # ---- what they see ---------------------------------------------------------------------------------------------
    def screen(self, chat_id: int) -> list[Object]:
        """The chat as the phone shows it now: messages with their edits, oldest first."""
        room = self._room(chat_id)
        return [copy.deepcopy(room.messages[key]) for key in sorted(room.messages)]

    def history(self, chat_id: int, since: int = 0) -> list[Object]:
        """What happened in a chat after version `since`, in order."""
        entries = [entry for entry in self._room(chat_id).entries if entry.version > since]
        return [_plain(entry) for entry in entries]

    async def wait(self, chat_id: int, since: int, timeout: float) -> list[Object]:
        """As `history`, but waits until there is something."""
        room = self._room(chat_id)
        await self.world.until(lambda: True if room.entries and room.entries[-1].version > since else None, timeout)
        return self.history(chat_id, since)

    def open_file(self, file_id: str) -> str:
        """The bytes of a file that arrived, in base64."""
        return base64.b64encode(self.world.files[file_id].content).decode()

    def spinners(self, user_id: int) -> list[str]:
        """Labels of pressed buttons that the bot has not acknowledged."""
        pressed = self.world.queries.values()
        return [query.label for query in pressed if query.user["id"] == user_id and not query.answered]

    def version(self) -> int:
        return self.world.version

    # ---- what they share -------------------------------------------------------------------------------------------
    def _user(self, user_id: int) -> Object:
        return self.world.people[user_id]

    def _room(self, chat_id: int) -> Room:
        if chat_id not in self.world.rooms:
            raise CannotDo(f"there is no chat {chat_id}")
        return self.world.rooms[chat_id]

    def _say(self, user_id: int, chat_id: int = 0, reply_to: int = 0, **fields: Any) -> Object:
        room = self._room(chat_id or user_id)
        if room.bot_status == "kicked" and room.chat["type"] == "private":
            raise CannotDo("a person who blocked the bot cannot write to it")
        if room.deleted:
            raise CannotDo("the account was deleted")
        room.started = True
        if reply_to:
            original = room.messages[reply_to]
            fields["reply_to_message"] = {k: v for k, v in original.items() if k != "reply_to_message"}
        message = self.world.new_message(room, self._user(user_id), **fields)
        self._arrive(room, message, "person", "channel_post" if room.chat["type"] == "channel" else "message")
        return message

    def _arrive(self, room: Room, message: Object, kind: Any, update: str = "message") -> None:
        self.world.record(room, kind, message)
        # Privacy mode, Telegram's default: in groups a bot sees commands, replies to it and service messages.
        spoken = kind == "person" and room.chat["type"] in ("group", "supergroup")
        mine = message.get("reply_to_message", {}).get("from") == self.world.me
        if not spoken or mine or message.get("text", "").startswith("/"):
            self.world.push(update, message)

    def _pressed(self, room: Room, user: Object, message: Object, button: Object) -> Object:
        if "url" in button:
            return {"url": button["url"]}
        query_id = self.world.new_query(room, user, button["text"])
        self.world.record(room, "press", message, button["text"])
        value = {
            "id": query_id,
            "from": user,
            "chat_instance": str(abs(room.id) * 7919),
            "message": message,
            "data": button["callback_data"],
        }
        return {"query": query_id, "update_id": self.world.push("callback_query", value)}

    def _bot_becomes(self, room: Room, user: Object, status: str) -> None:
        before, room.bot_status = room.bot_status, status
        was, now = member(self.world.me, before), member(self.world.me, status)
        change = {"chat": room.chat, "from": user, "date": self.world.clock.now()}
        self.world.push("my_chat_member", {**change, "old_chat_member": was, "new_chat_member": now})
        self.world.record(room, "service", {}, f"bot is {status}")

    def _file(self, content: str, name: str, media_type: str, size: int) -> Object:
        data = base64.b64decode(content)
        file_id = self.world.store_file(data, name, media_type, size if size >= 0 else None)
        stored = self.world.files[file_id]
        return {"file_id": file_id, "file_unique_id": stored.unique, "file_size": stored.size}


def _buttons(keyboards: list[Object | None]) -> list[Object]:
    rows = [row for keyboard in keyboards for row in (keyboard or {}).get("inline_keyboard", [])]
    return [{"text": button} if isinstance(button, str) else button for row in rows for button in row]


def _parts(text: str) -> list[str]:
    parts: list[str] = []
    while markup.units(text) > MESSAGE_LIMIT:
        cut = MESSAGE_LIMIT
        while markup.units(text[:cut]) > MESSAGE_LIMIT:
            cut -= markup.units(text[:cut]) - MESSAGE_LIMIT
        parts.append(text[:cut])
        text = text[cut:]
    return [*parts, text] if text else parts


def _plain(entry: Entry) -> Object:
    return {"version": entry.version, "kind": entry.kind, "message": entry.message, "text": entry.text}
