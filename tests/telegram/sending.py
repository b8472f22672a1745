"""Sending, editing, deleting and answering presses, as Telegram does and refuses it."""

from __future__ import annotations

import json
import math
from typing import Any

from tests.telegram import markup
from tests.telegram.schema import Upload
from tests.telegram.world import Object, Refusal, Room, World, bad_request

TEXT_LIMIT = 4096
CAPTION_LIMIT = 1024
CALLBACK_LIMIT = 64  # bytes
UPLOAD_LIMIT = 50 * 1024 * 1024
PHOTO_LIMIT = 10 * 1024 * 1024
# Not in the reference; python-telegram-bot records both as observed.
BUTTONS_LIMIT = 100
ROW_LIMIT = 8
TOAST_LIMIT = 200
ACTIONS = frozenset(
    {"typing", "choose_sticker", "find_location", "upload_document", "upload_photo"}
    | {f"{verb}_{what}" for verb in ("record", "upload") for what in ("video", "voice", "video_note")}
)


class Sending:
    """The methods that show something to people. One method per Bot API method, in snake case."""

    world: World

    # ---- sending ---------------------------------------------------------------------------------------------------
    def send_message(self, **p: Any) -> Object:
        room = self.world.writable(p["chat_id"])
        text, entities = self._text(p["text"], p.get("parse_mode"), p.get("entities"))
        if markup.units(text) > TEXT_LIMIT:
            raise bad_request("message is too long")
        if not text:
            raise bad_request("message text is empty")
        return self._send("sendMessage", room, p, text=text, **({"entities": entities} if entities else {}))

    def send_document(self, **p: Any) -> Object:
        room = self.world.writable(p["chat_id"])
        fields = {"document": self._document(p["document"]), **self._caption(p)}
        return self._send("sendDocument", room, p, **fields)

    def send_photo(self, **p: Any) -> Object:
        room = self.world.writable(p["chat_id"])
        return self._send("sendPhoto", room, p, photo=self._photo(p["photo"]), **self._caption(p))

    def send_location(self, **p: Any) -> Object:
        room = self.world.writable(p["chat_id"])
        if abs(p["latitude"]) > 90 or abs(p["longitude"]) > 180:
            raise bad_request("LOCATION_INVALID")
        place = {"latitude": p["latitude"], "longitude": p["longitude"]}
        return self._send("sendLocation", room, p, location=place)

    def send_media_group(self, **p: Any) -> list[Object]:
        room = self.world.writable(p["chat_id"])
        if not 2 <= len(p["media"]) <= 10:
            raise bad_request("too few or too many media in the group; 2 to 10 are allowed")
        made = []
        for item in p["media"]:
            kind = item["type"]
            stored = self._document(item["media"]) if kind == "document" else self._photo(item["media"])
            made.append({kind: stored, **self._caption(item)})
        self._count("sendMediaGroup", room, len(made))
        group = str(13_000_000 + len(self.world.files))
        return [self._put(room, {**p, "reply_markup": None}, media_group_id=group, **fields) for fields in made]

    def forward_message(self, **p: Any) -> Object:
        room = self.world.writable(p["chat_id"])
        source = self._copied(p)
        origin = {"type": "user", "date": source["date"], "sender_user": source.get("from", self.world.me)}
        return self._send("forwardMessage", room, p, forward_origin=origin, **_content(source))

    def copy_message(self, **p: Any) -> Object:
        room = self.world.writable(p["chat_id"])
        message = self._send("copyMessage", room, p, **_content(self._copied(p)))
        return {"message_id": message["message_id"]}

    def send_chat_action(self, **p: Any) -> bool:
        room = self.world.writable(p["chat_id"])
        if p["action"] not in ACTIONS:
            raise bad_request("wrong parameter action in request")
        self.world.record(room, "action", {}, p["action"])
        return True

    # ---- editing ---------------------------------------------------------------------------------------------------
    def edit_message_text(self, **p: Any) -> Object:
        room, message = self._edited(p)
        text, entities = self._text(p.get("text", ""), p.get("parse_mode"), p.get("entities"))
        if markup.units(text) > TEXT_LIMIT:
            raise bad_request("MESSAGE_TOO_LONG")
        if not text:
            raise bad_request("message text is empty")
        if "text" not in message:
            raise bad_request("there is no text in the message to edit")
        return self._edit("editMessageText", room, message, p, {"text": text, "entities": entities})

    def edit_message_caption(self, **p: Any) -> Object:
        room, message = self._edited(p)
        if "document" not in message and "photo" not in message:
            raise bad_request("there is no caption in the message to edit")
        fields = {"caption": None, "caption_entities": None, **self._caption(p)}
        return self._edit("editMessageCaption", room, message, p, fields)

    def edit_message_reply_markup(self, **p: Any) -> Object:
        room, message = self._edited(p)
        return self._edit("editMessageReplyMarkup", room, message, p, {})

    def delete_message(self, **p: Any) -> bool:
        room = self.world.writable(p["chat_id"])
        message = room.messages.get(p["message_id"])
        if message is None:
            raise bad_request("message to delete not found")
        if self.world.clock.now() - message["date"] > 48 * 3600:
            raise bad_request("message can't be deleted for everyone")
        del room.messages[p["message_id"]]
        self.world.record(room, "deleted", message)
        return True

    def delete_messages(self, **p: Any) -> bool:
        room = self.world.writable(p["chat_id"])
        if not 1 <= len(p["message_ids"]) <= 100:
            raise bad_request("wrong number of message identifiers specified")
        for message_id in p["message_ids"]:
            if message_id in room.messages:
                self.world.record(room, "deleted", room.messages.pop(message_id))
        return True

    def answer_callback_query(self, **p: Any) -> bool:
        query = self.world.queries.get(p["callback_query_id"])
        age = math.inf if query is None else self.world.clock.ticks() - query.created
        if query is None or query.answered or age > self.world.query_lifetime:
            raise bad_request("query is too old and response timeout expired or query ID is invalid")
        if markup.units(p.get("text", "")) > TOAST_LIMIT:
            raise bad_request("MESSAGE_TOO_LONG")
        query.answered = True
        self.world.record(self.world.rooms[query.chat_id], "toast", {}, p.get("text", ""))
        return True

    # ---- what they share -------------------------------------------------------------------------------------------
    def _count(self, method: str, room: Room, amount: int = 1) -> None:
        retry_after = self.world.limits.take(method, room.id, amount)
        if retry_after:
            raise Refusal(429, f"Too Many Requests: retry after {retry_after}", retry_after=retry_after)

    def _send(self, method: str, room: Room, p: Object, **fields: Any) -> Object:
        check_keyboard(p.get("reply_markup"))
        self._count(method, room)
        return self._put(room, p, **fields)

    def _put(self, room: Room, p: Object, **fields: Any) -> Object:
        keyboard = p.get("reply_markup") or {}
        answered = p.get("reply_parameters", {}).get("message_id")
        if answered is not None:
            original = room.messages.get(answered)
            if original is None and not p["reply_parameters"].get("allow_sending_without_reply"):
                raise bad_request("message to be replied not found")
            if original is not None:
                fields["reply_to_message"] = {k: v for k, v in original.items() if k != "reply_to_message"}
        if p.get("protect_content"):
            fields["has_protected_content"] = True
        if keyboard.get("inline_keyboard"):
            fields["reply_markup"] = {"inline_keyboard": keyboard["inline_keyboard"]}
        if "keyboard" in keyboard:
            room.reply_keyboard = keyboard
        if keyboard.get("remove_keyboard"):
            room.reply_keyboard = None
        message = self.world.new_message(room, self.world.me, **fields)
        self.world.record(room, "bot", message)
        return message

    def _edited(self, p: Object) -> tuple[Room, Object]:
        if "inline_message_id" in p or "chat_id" not in p or "message_id" not in p:
            raise bad_request("message identifier is not specified")
        room = self.world.writable(p["chat_id"])
        message = room.messages.get(p["message_id"])
        if message is None:
            raise bad_request("message to edit not found")
        if message.get("from") != self.world.me and room.chat["type"] != "channel":
            raise bad_request("message can't be edited")
        return room, message

    def _edit(self, method: str, room: Room, message: Object, p: Object, fields: Object) -> Object:
        check_keyboard(p.get("reply_markup"))
        rows = (p.get("reply_markup") or {}).get("inline_keyboard")
        wanted = {**fields, "reply_markup": {"inline_keyboard": rows} if rows else None}
        if all((message.get(name) or None) == (value or None) for name, value in wanted.items()):
            raise bad_request(
                "message is not modified: specified new message content and reply markup are exactly the same as a "
                "current content and reply markup of the message"
            )
        self._count(method, room)
        for name, value in wanted.items():
            if value:
                message[name] = value
            else:
                message.pop(name, None)
        message["edit_date"] = self.world.clock.now()
        self.world.record(room, "edit", message)
        return message

    def _text(self, text: str, mode: str | None, entities: list[Object] | None) -> tuple[str, list[Object]]:
        if mode is None:
            return text.strip(), entities or []
        if mode.lower() != "html":
            self.world.violations.append(f"parse_mode {mode} is not played here")
            raise bad_request("unsupported parse_mode")
        try:
            return markup.parse(text)
        except markup.BadMarkup as error:
            raise bad_request(f"can't parse entities: {error}") from error

    def _caption(self, p: Object) -> Object:
        text, entities = self._text(p.get("caption", ""), p.get("parse_mode"), p.get("caption_entities"))
        if markup.units(text) > CAPTION_LIMIT:
            raise bad_request("message caption is too long")
        fields: Object = {"caption": text} if text else {}
        return {**fields, "caption_entities": entities} if entities else fields

    def _document(self, given: Upload | str) -> Object:
        file_id = self._file(given, UPLOAD_LIMIT)
        stored = self.world.files[file_id]
        return {
            "file_id": file_id,
            "file_unique_id": stored.unique,
            "file_name": stored.name,
            "mime_type": stored.media_type,
            "file_size": stored.size,
        }

    def _photo(self, given: Upload | str) -> list[Object]:
        if isinstance(given, Upload) and not given.content.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")):
            raise bad_request("IMAGE_PROCESS_FAILED")
        file_id = self._file(given, PHOTO_LIMIT)
        stored = self.world.files[file_id]
        size = {"file_id": file_id, "file_unique_id": stored.unique, "width": 800, "height": 600}
        return [{**size, "file_size": stored.size}]

    def _file(self, given: Upload | str, limit: int) -> str:
        if isinstance(given, str):
            if given not in self.world.files:
                raise bad_request("wrong file identifier/HTTP URL specified")
            return given
        if not given.content:
            raise bad_request("file must be non-empty")
        if len(given.content) > limit:
            raise Refusal(413, "Request Entity Too Large")
        return self.world.store_file(given.content, given.name, given.media_type)

    def _copied(self, p: Object) -> Object:
        source = self.world.room(p["from_chat_id"]).messages.get(p["message_id"])
        if source is None:
            raise bad_request("message to forward not found")
        return source


def check_keyboard(keyboard: Object | None) -> None:
    """Refuse an inline keyboard that Telegram would refuse."""
    rows = (keyboard or {}).get("inline_keyboard") or []
    if sum(map(len, rows)) > BUTTONS_LIMIT or any(len(row) > ROW_LIMIT for row in rows):
        raise bad_request("reply markup is too long")
    for button in (button for row in rows for button in row):
        if not button["text"].strip():
            raise bad_request("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
        if len(button.keys() - {"text", "icon_custom_emoji_id", "style"}) != 1:
            raise bad_request("can't parse inline keyboard button: exactly one action per button")
        if "callback_data" in button and not 1 <= len(button["callback_data"].encode()) <= CALLBACK_LIMIT:
            raise bad_request("BUTTON_DATA_INVALID")
        if "url" in button and not button["url"].startswith(("http://", "https://", "tg://", "mailto:", "tel:")):
            raise bad_request(f"inline keyboard button URL '{button['url']}' is invalid: Unsupported URL protocol")
    if len(json.dumps(rows).encode()) > 10_000:
        raise bad_request("reply markup is too long")


def _content(message: Object) -> Object:
    kept = (
        "text",
        "entities",
        "caption",
        "caption_entities",
        "document",
        "photo",
        "location",
        "voice",
        "audio",
        "video",
    )
    return {name: message[name] for name in kept if name in message}
