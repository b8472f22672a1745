"""An update becomes what the core understands, whatever it carries."""

from __future__ import annotations

from typing import Any

import pytest
from telegram import Update

from bot.channels.telegram_in import read
from bot.messages import BlockedIn, CommandIn, ContactIn, FileIn, LocationIn, Payload, PressIn, TextIn, UnknownIn

PERSON = {"id": 7, "is_bot": False, "first_name": "A", "language_code": "fr"}
PRIVATE = {"id": 7, "type": "private", "first_name": "A"}
GROUP = {"id": -5, "type": "group", "title": "G"}


def update(**parts: Any) -> Update:
    return Update.de_json({"update_id": 1, **parts}, None)


def message(**parts: Any) -> Update:
    return update(message={"message_id": 3, "date": 1700000000, "chat": PRIVATE, "from": PERSON, **parts})


def payload(given: Update) -> Payload | None:
    incoming = read(given)
    return None if incoming is None else incoming.payload


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ({"text": "Bonjour"}, TextIn("Bonjour")),
        ({"text": "/start abc-D_1"}, CommandIn("start", "abc-D_1")),
        ({"text": "/HELP@griot_bot"}, CommandIn("help")),
        ({"text": "/ 5 ans"}, TextIn("/ 5 ans")),
        ({"text": "12/05/2013"}, TextIn("12/05/2013")),
        ({"location": {"latitude": 12.3, "longitude": -1.5}}, LocationIn(12.3, -1.5)),
        ({"contact": {"phone_number": "+226", "first_name": "A", "last_name": "B"}}, ContactIn("+226", "A B")),
        ({"dice": {"emoji": "🎲", "value": 3}}, UnknownIn("dice")),
        ({"left_chat_member": PERSON}, None),
        ({"new_chat_title": "x"}, None),
    ],
)
def test_a_message_says_what_it_is(parts: dict[str, Any], expected: Payload | None) -> None:
    assert payload(message(**parts)) == expected


def test_files_keep_their_names_and_a_photo_gives_its_largest_size() -> None:
    document = {
        "file_id": "F",
        "file_unique_id": "U",
        "file_name": "loi.pdf",
        "mime_type": "application/pdf",
        "file_size": 9,
    }
    assert payload(message(document=document, caption="La loi")) == FileIn(
        "F", "U", "loi.pdf", "application/pdf", 9, "document", "La loi"
    )
    sizes = [
        {"file_id": "s", "file_unique_id": "su", "width": 90, "height": 60},
        {"file_id": "l", "file_unique_id": "lu", "width": 900, "height": 600},
    ]
    assert payload(message(photo=sizes)) == FileIn("l", "lu", "photo_lu.jpg", "image/jpeg", None, "photo")
    voice = {"file_id": "V", "file_unique_id": "vu", "duration": 2}
    assert payload(message(voice=voice)) == FileIn("V", "vu", "voice_vu.ogg", "audio/ogg", None, "voice")


def test_an_edited_message_is_marked() -> None:
    body = {"message_id": 3, "date": 1, "edit_date": 1700000000, "chat": PRIVATE, "from": PERSON, "text": "b"}
    incoming = read(update(edited_message=body))
    assert incoming is not None
    assert (incoming.edited, incoming.message_id, incoming.payload) == (True, "3", TextIn("b"))
    assert incoming.sent_at is not None
    assert incoming.sent_at.year == 2023


def test_a_press_comes_back_with_its_action_even_from_a_message_no_longer_accessible() -> None:
    query = {
        "id": "q1",
        "from": PERSON,
        "chat_instance": "c",
        "data": "t:c1",
        "message": {"message_id": 3, "date": 0, "chat": PRIVATE},
    }
    incoming = read(update(callback_query=query))
    assert incoming is not None
    assert (incoming.payload, incoming.sender.address) == (PressIn("t:c1", "q1"), "7")


@pytest.mark.parametrize(("status", "blocked"), [("kicked", True), ("member", False)])
def test_blocking_and_coming_back_are_told(status: str, blocked: bool) -> None:
    member: dict[str, Any] = {"user": {**PERSON, "is_bot": True}, "status": status}
    if status == "kicked":
        member["until_date"] = 0
    old = {"user": {**PERSON, "is_bot": True}, "status": "member"}
    change = {"chat": PRIVATE, "from": PERSON, "date": 1, "old_chat_member": old, "new_chat_member": member}
    assert payload(update(my_chat_member=change)) == BlockedIn(blocked)


def test_a_group_is_not_private_and_a_channel_says_nothing() -> None:
    incoming = read(message(chat=GROUP, text="x"))
    assert incoming is not None
    assert not incoming.sender.is_private
    post = {"message_id": 3, "date": 1, "chat": {"id": -9, "type": "channel", "title": "C"}, "text": "x"}
    assert read(update(channel_post=post)) is None
