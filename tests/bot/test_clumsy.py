"""Clumsy people: whatever they send, press or edit gets a polite answer or none, and nothing wrong is stored."""

from __future__ import annotations

from typing import Any

import pytest

from flows.i18n import text
from tests.bot.conftest import House
from tests.telegram.people import Person

PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer<<>>\n%%EOF"
FILE = {"file_id": "zz", "file_unique_id": "u1", "file_size": 10}
SIZES = [{**FILE, "width": 10, "height": 10}]
STRANGE: dict[str, dict[str, Any]] = {
    "voice": {"voice": {**FILE, "duration": 1}},
    "video note": {"video_note": {**FILE, "length": 1, "duration": 1}},
    "photo": {"photo": SIZES},
    "location": {"location": {"latitude": 1.0, "longitude": 2.0}},
    "venue": {
        "location": {"latitude": 1.0, "longitude": 2.0},
        "venue": {"location": {"latitude": 1.0, "longitude": 2.0}, "title": "t", "address": "a"},
    },
    "animation": {
        "animation": {**FILE, "width": 1, "height": 1, "duration": 1},
        "document": {**FILE, "file_name": "a.mp4"},
    },
    "dice": {"dice": {"emoji": "\N{GAME DIE}", "value": 3}},
    "game": {"game": {"title": "t", "description": "d", "photo": SIZES}},
    "story": {"story": {"chat": {"id": 5, "type": "private"}, "id": 4}},
    "blank": {"text": " \n\u200b\u2063 "},
    "right-to-left override alone": {"text": "\u202e"},
    "command unknown": {"text": "/fly me"},
    "command in capitals and for this bot": {"text": "/HELP@griot_test_bot"},
}
ANSWERS = {
    "emoji": ("\N{THUMBS UP SIGN}", "\N{THUMBS UP SIGN}"),
    "HTML": ("<b>x</b> &amp; <script>", "<b>x</b> &amp; <script>"),
    "Markdown": ("*x* [a](http://x) `y`", "*x* [a](http://x) `y`"),
    "lone surrogate": ("abc \ud800 def", "abc  def"),
    "NUL and override": ("ab\x00c\u202edef", "abcdef"),
    "slash": ("/ 12", "/ 12"),
    "Arabic": ("\u0645\u0631\u062d\u0628\u0627", "\u0645\u0631\u062d\u0628\u0627"),
}


def arrives(house: House, person: Person, kind: str = "message", **fields: Any) -> dict[str, Any]:
    """A message as Telegram reports it, with any content."""
    world = house.telegram.world
    message = world.new_message(world.rooms[person.chat_id], person.user, **fields)
    world.inject({kind: dict(message)})
    return message


async def asked_for_a_document(house: House, name: str = "Awa") -> Person:
    person = await house.official(name)
    await person.send("Recensement")
    for question in ("Quels domaines ?", "Quelle année ?"):
        await person.expect(question)
        await person.send("/skip")
    await person.expect("Un document ?")
    return person


async def test_what_is_no_answer_to_a_question_for_text_stores_nothing_and_is_answered(house: House) -> None:
    for kind, fields in STRANGE.items():
        somebody = await house.official(f"Who sends a {kind}")
        arrives(house, somebody, **fields)
        await somebody.expect()
        await house.telegram.acknowledged()
        assert set(await house.answers()) == {"/data/lang", "/data/consent"}, kind
    async with house.store() as store, store.reading() as tx:
        assert await tx.inbox.failures() == []


@pytest.mark.parametrize("kind", ANSWERS)
async def test_any_text_is_kept_as_it_was_said_and_shown_unharmed(house: House, kind: str) -> None:
    said, kept = ANSWERS[kind]
    awa = await house.official("Awa")
    arrives(house, awa, text=said)
    await awa.expect("Quels domaines ?")
    await awa.send("/review")
    await awa.expect(kept)
    assert (await house.answers())["/data/body/name"] == [(kept, "answered")]


async def test_names_of_people_and_entities_cannot_inject(house: House) -> None:
    entity = "<a href='http://x'>Institut</a> & <b"
    awa = await house.telegram.person("<b>Awa</b>\u202e", language="fr")
    await awa.send(f"/start {await house.invitation(entity)}")
    await awa.expect(entity)
    await awa.send("/mydata")
    shown = await awa.expect(entity)
    assert {one["type"] for one in shown.raw.get("entities", [])} == {"bold"}


async def test_previews_of_links_are_off(house: House) -> None:
    await house.official("Awa")
    sent = [values for method, values in house.telegram.requests if method in ("sendMessage", "editMessageText")]
    assert all(values["link_preview_options"] == {"is_disabled": True} for values in sent)


# ---- edits ----------------------------------------------------------------------------------------------------------
async def test_the_edit_of_a_message_that_was_no_answer_says_so(house: House) -> None:
    awa = await house.official("Awa")
    command = await awa.send("/contact")
    await awa.expect(text("turns.contact_default", "fr"))
    await awa.edit(command, "Recensement")
    await awa.expect(text("interview.edit_not_an_answer", "fr"))
    assert "/data/body/name" not in await house.answers()


@pytest.mark.parametrize(
    ("edited", "says"), [("  \n", "replies.empty"), ("/skip", "turns.edited_command"), ("\u202e", "replies.empty")]
)
async def test_an_edit_into_nothing_or_a_command_keeps_the_answer_and_says_so(
    house: House, edited: str, says: str
) -> None:
    awa = await house.official("Awa")
    said = await awa.send("Recensement")
    await awa.expect("Quels domaines ?")
    await awa.edit(said, edited)
    await awa.expect(text(says, "fr"))
    assert (await house.answers())["/data/body/name"] == [("Recensement", "answered")]


async def test_an_edit_into_a_wrong_answer_keeps_the_old_one(house: House) -> None:
    awa = await house.official("Awa")
    await awa.send("Recensement")
    await awa.expect("Quels domaines ?")
    await awa.send("/skip")
    await awa.expect("Quelle année ?")
    said = await awa.send("2019")
    await awa.expect("Un document ?")
    await awa.edit(said, "1492")
    await awa.expect(text("interview.constraint", "fr"))
    await awa.edit(said, "2020")
    await awa.expect("2020")
    assert (await house.answers())["/data/body/year"] == [("2019", "answered"), ("2020", "answered")]


async def test_an_edit_after_the_end_revises_the_answer(house: House) -> None:
    awa = await house.official("Awa")
    said = await awa.send("Recensement")
    for question in ("Quels domaines ?", "Quelle année ?", "Un document ?"):
        await awa.expect(question)
        await awa.send("/skip")
    await awa.expect(text("interview.completed", "fr"))
    await awa.edit(said, "Enquête")
    await awa.expect("Enquête")
    assert (await house.answers())["/data/body/name"][-1] == ("Enquête", "answered")


async def test_an_edited_file_is_told_to_have_no_effect_and_a_moving_location_is_silent(house: House) -> None:
    awa = await asked_for_a_document(house)
    sent = await awa.send_document("loi.pdf", PDF, "application/pdf")
    await awa.expect(text("interview.completed", "fr"))
    before = len(await awa.screen())
    world = house.telegram.world
    message = world.rooms[awa.id].messages[sent.message_id]
    world.inject({"edited_message": {**message, "caption": "Loi", "edit_date": message["date"]}})
    await awa.expect(text("turns.edited_file", "fr"))
    place = {"latitude": 1.0, "longitude": 2.0, "live_period": 60}
    moving = world.new_message(world.rooms[awa.id], awa.user, location=place)
    world.inject({"edited_message": {**moving, "edit_date": moving["date"]}})
    await house.telegram.acknowledged()
    assert len(await awa.screen()) == before + 2
    assert (await house.answers())["/data/body/law"] == [("loi.pdf", "answered")]


# ---- replies, albums, captions --------------------------------------------------------------------------------------
async def test_a_reply_to_an_earlier_question_does_not_answer_the_present_one(house: House) -> None:
    awa = await house.official("Awa")
    first = next(message for message in await awa.screen() if "Nom de la source" in message.text)
    await awa.send("Recensement", reply_to=first)  # the question being asked
    domains = await awa.expect("Quels domaines ?")
    await awa.send("/skip")
    await awa.expect("Quelle année ?")
    await awa.send("2018", reply_to=domains)
    await awa.expect(text("turns.reply_to_earlier", "fr"))
    year = await awa.expect("Quelle année ?")
    await awa.send("2018", reply_to=year)
    await awa.expect("Un document ?")
    answers = await house.answers()
    assert answers["/data/body/name"] == [("Recensement", "answered")]
    assert answers["/data/body/domains"] == [("", "skipped")]
    assert answers["/data/body/year"] == [("2018", "answered")]


async def test_of_an_album_the_first_file_is_the_answer_and_the_others_are_named_once(house: House) -> None:
    awa = await asked_for_a_document(house)
    world = house.telegram.world
    for number in range(4):
        name = f"loi{number}.pdf"
        given = world.store_file(PDF, name, "application/pdf")
        file = {"file_id": given, "file_unique_id": name, "file_size": len(PDF), "file_name": name}
        arrives(house, awa, document=file, media_group_id="77")
    await awa.expect(text("turns.one_file", "fr"))
    await house.telegram.acknowledged()
    assert (await house.answers())["/data/body/law"] == [("loi0.pdf", "answered")]
    said = [message.text for message in await awa.screen() if message.from_bot]
    assert said.count(text("turns.one_file", "fr")) == 1
    await awa.send("/review")
    await awa.expect("loi0.pdf")


async def test_a_shared_contact_is_its_number_and_a_forwarded_text_is_a_text(house: House) -> None:
    awa = await house.official("Awa")
    await awa.send_contact("+22625300000")
    await awa.expect("Quels domaines ?")
    zoe = await house.official("Zoe")
    await zoe.forward("Recensement", "un collègue")
    await zoe.expect("Quels domaines ?")
    assert sorted(await house.answers() | {}) == ["/data/body/name", "/data/consent", "/data/lang"]
    assert {value for value, _ in (await house.answers())["/data/body/name"]} == {"+22625300000", "Recensement"}


# ---- buttons --------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("data", ["x" * 64, "1:c0", "9999.1:c0", "é" * 32, "part:2", "agree:no", ":", "1.1:zz", None])
async def test_data_that_no_button_of_ours_carries_changes_nothing(house: House, data: str | None) -> None:
    awa = await house.official("Awa")
    asked = await awa.last()
    before = await house.answers()
    query: dict[str, Any] = {"id": "1", "from": awa.user, "chat_instance": "1", "message": asked.raw}
    house.telegram.world.inject({"callback_query": query | ({"data": data} if data else {"game_short_name": "g"})})
    await awa.expect(text("interview.stale", "fr"))
    await house.telegram.acknowledged()
    assert await house.answers() == before


@pytest.mark.parametrize("shape", ["no message", "inaccessible"])
async def test_a_press_whose_message_is_gone_counts_all_the_same(house: House, shape: str) -> None:
    awa = await house.official("Awa")
    skip = (await awa.last()).data(text("interview.button_skip", "fr"))
    query: dict[str, Any] = {"id": "1", "from": awa.user, "chat_instance": "1", "data": skip}
    if shape == "no message":
        query["inline_message_id"] = "abc"
    else:
        query["message"] = {"chat": house.telegram.world.rooms[awa.id].chat, "message_id": 3, "date": 0}
    house.telegram.world.inject({"callback_query": query})
    await awa.expect("Quels domaines ?")


async def test_a_press_on_somebody_elses_keyboard_answers_nothing_of_theirs(house: House) -> None:
    awa, eve = await house.official("Awa"), await house.official("Eve")
    skip = (await awa.last()).data(text("interview.button_skip", "fr"))
    mine = await eve.last()
    query = {"id": "1", "from": eve.user, "chat_instance": "1", "data": skip, "message": mine.raw}
    house.telegram.world.inject({"callback_query": query})
    await eve.expect(text("interview.stale", "fr"))
    assert "/data/body/name" not in await house.answers()


async def test_a_press_is_acknowledged_after_its_commit(house: House) -> None:
    awa = await house.telegram.person("Awa", language="fr")
    await awa.send(f"/start {await house.invitation()}")
    await awa.expect("Langue ?")
    seen: list[dict[str, list[tuple[str, str]]]] = []
    await awa.press("Français")
    await awa.expect_toast()
    seen.append(await house.answers())
    assert seen == [{"/data/lang": [("fr", "answered")]}]
