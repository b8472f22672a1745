"""A Telegram update → `Incoming`. Translates, and decides nothing."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from telegram import ChatMember

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

if TYPE_CHECKING:
    from telegram import Chat, Message, Update, User

CHANNEL = "telegram"
HIGHEST_ID = 2**52  # "at most 52 significant bits"
ALLOWED_UPDATES = ("message", "edited_message", "callback_query", "my_chat_member")

_COMMAND = re.compile(r"/([A-Za-z0-9_]{1,64})(?:@\w+)?(?:\s+(.*))?\s*\Z", re.DOTALL)
_UNANSWERABLE = ("sticker", "poll", "dice", "game", "story", "checklist", "paid_media", "invoice", "passport_data")
_ABSENT = frozenset({ChatMember.BANNED, ChatMember.LEFT})


def read(update: Update) -> Incoming | None:
    """What `update` brings in, or None where it asks for nothing (a service message, a channel's post)."""
    if update.callback_query is not None:
        return _press(update)
    if update.my_chat_member is not None:
        return _membership(update)
    message = update.message or update.edited_message
    if message is None or message.from_user is None or message.chat.type == message.chat.CHANNEL:
        return None
    payload = _payload(message)
    if payload is None:
        return None
    edited = update.edited_message is not None
    return Incoming(
        update_id=update.update_id,
        sender=_sender(message.chat, message.from_user),
        payload=payload,
        message_id=str(message.message_id),
        edited=edited,
        sent_at=(message.edit_date if edited else None) or message.date,
        replies_to=str(quoted.message_id) if (quoted := message.reply_to_message) is not None else "",
    )


def _sender(chat: Chat, user: User) -> Sender:
    return Sender(
        channel=CHANNEL,
        address=_identifier(chat.id),
        user=_identifier(user.id),
        language=user.language_code or "",
        is_private=chat.type == chat.PRIVATE,
    )


def _identifier(number: object) -> str:
    """An id as text. Raises ValueError for what Telegram could not have given, and would not take."""
    if not isinstance(number, int) or abs(number) >= HIGHEST_ID:
        raise ValueError("not an identifier")
    return str(number)


def _press(update: Update) -> Incoming:
    query = update.callback_query
    assert query is not None  # noqa: S101 - the caller looked
    message = query.message
    private = message is None or message.chat.type == message.chat.PRIVATE
    address = _identifier(query.from_user.id if message is None else message.chat.id)
    user = _identifier(query.from_user.id)
    return Incoming(
        update_id=update.update_id,
        sender=Sender(CHANNEL, address, user, query.from_user.language_code or "", private),
        payload=PressIn(action=query.data or "", press_id=query.id),
        message_id="" if message is None else str(message.message_id),
    )


def _membership(update: Update) -> Incoming | None:
    change = update.my_chat_member
    assert change is not None  # noqa: S101 - the caller looked
    if change.chat.type == change.chat.CHANNEL:
        return None
    sender = _sender(change.chat, change.from_user)
    absent = change.new_chat_member.status in _ABSENT
    if sender.is_private:
        return Incoming(update.update_id, sender, BlockedIn(absent), sent_at=change.date)
    return None if absent else Incoming(update.update_id, sender, UnknownIn("group"), sent_at=change.date)


def _payload(message: Message) -> Payload | None:
    if message.text is not None:
        match = _COMMAND.match(message.text)
        return CommandIn(match[1].lower(), (match[2] or "").strip()) if match else TextIn(message.text)
    if message.location is not None:  # a venue carries its location too
        place = message.location
        return LocationIn(place.latitude, place.longitude, place.horizontal_accuracy)
    if message.contact is not None:
        names = (message.contact.first_name, message.contact.last_name)
        return ContactIn(message.contact.phone_number, " ".join(name for name in names if name))
    found = _file(message)
    if found is not None:
        return replace(found, album=message.media_group_id or "")
    return next((UnknownIn(kind) for kind in _UNANSWERABLE if getattr(message, kind, None)), None)


def _file(message: Message) -> FileIn | None:
    caption = message.caption or ""
    if message.photo:
        best = max(message.photo, key=lambda size: size.width * size.height)
        name = f"photo_{best.file_unique_id}.jpg"
        return FileIn(best.file_id, best.file_unique_id, name, "image/jpeg", best.file_size, "photo", caption)
    if (voice := message.voice) is not None:
        name = f"voice_{voice.file_unique_id}.ogg"
        kind = voice.mime_type or "audio/ogg"
        return FileIn(voice.file_id, voice.file_unique_id, name, kind, voice.file_size, "voice", caption)
    if (note := message.video_note) is not None:
        name = f"video_{note.file_unique_id}.mp4"
        return FileIn(note.file_id, note.file_unique_id, name, "video/mp4", note.file_size, "video", caption)
    if (audio := message.audio) is not None:
        name = audio.file_name or f"audio_{audio.file_unique_id}.mp3"
        kind = audio.mime_type or "audio/mpeg"
        return FileIn(audio.file_id, audio.file_unique_id, name, kind, audio.file_size, "audio", caption)
    if (video := message.video) is not None:
        name = video.file_name or f"video_{video.file_unique_id}.mp4"
        kind = video.mime_type or "video/mp4"
        return FileIn(video.file_id, video.file_unique_id, name, kind, video.file_size, "video", caption)
    if (file := message.document) is not None:
        name = file.file_name or f"document_{file.file_unique_id}"
        kind = file.mime_type or "application/octet-stream"
        return FileIn(file.file_id, file.file_unique_id, name, kind, file.file_size, "document", caption)
    return None
