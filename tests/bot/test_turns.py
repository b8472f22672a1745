"""People talk with the bot over the Bot API's own protocol; what they say is stored once, whatever goes wrong."""

from __future__ import annotations

import asyncio

import pytest

from bot.settings import Settings
from flows.i18n import text
from flows.interview.xlsform import load_form
from tests.bot.conftest import House, at_work
from tests.bot.test_knocking import waiting
from tests.telegram.standin import StandIn


async def test_a_short_interview_from_the_invitation_to_the_end(house: House) -> None:
    awa = await house.telegram.person("Awa", language="fr")
    await awa.send(f"/start {await house.invitation('Institut national de la statistique')}")
    await awa.expect("Institut national de la statistique")
    await awa.expect("Langue ?")
    await awa.press("Français")
    await awa.expect("Acceptez-vous ?")
    await awa.press("Oui")
    await awa.expect("Nom de la source ?")
    await awa.send('Recensement <général> & "habitat"')
    await awa.expect("Quels domaines ?")
    await awa.press("Tendances")
    await awa.expect("✓ Tendances")
    await awa.press("Crises")
    await awa.expect("✓ Crises")
    await awa.press(text("interview.button_done", "fr"))
    await awa.expect("Quelle année ?")
    await awa.send("1900")
    await awa.expect("Quelle année ?")
    await awa.send("2019")
    await awa.expect("Un document ?")
    await awa.send("/skip")
    await awa.expect(text("interview.completed", "fr"))
    await house.telegram.acknowledged()
    assert await awa.spinners() == []
    answers = await house.answers()
    assert answers["/data/body/name"] == [('Recensement <général> & "habitat"', "answered")]
    assert answers["/data/body/domains"] == [("trends crisis", "answered")]
    assert answers["/data/body/year"] == [("2019", "answered")]
    assert answers["/data/body/law"] == [("", "skipped")]
    async with house.store() as store, store.reading() as tx:
        (interview,) = await tx.interviews.of_country("BFA")
        consent = await tx.consents.latest(interview.person_id)
    assert interview.status == "completed"
    assert consent is not None
    assert (consent.given, consent.language, consent.purpose) == (True, "fr", "processing")


async def test_somebody_without_an_invitation_hears_how_to_get_one(house: House) -> None:
    eve = await house.telegram.person("Eve", language="en")
    await eve.send("hello")
    await eve.expect("To receive an invitation")
    await eve.send("/start WRONG-CODE")
    await eve.expect("This invitation is not recognised")
    assert await house.answers() == {}


async def test_an_invitation_is_used_once(house: House) -> None:
    code = await house.invitation()
    awa, eve = await house.telegram.person("Awa", language="fr"), await house.telegram.person("Eve", language="fr")
    await awa.send(f"/start {code}")
    await awa.expect("Langue ?")
    await eve.send(f"/start {code}")
    await eve.expect("déjà été utilisée")
    await awa.send(f"/start {code}")  # one's own link again
    await awa.expect("Langue ?")
    async with house.store() as store, store.reading() as tx:
        assert len(await tx.people.of_country("BFA")) == 1


async def test_an_invitation_expires(house: House) -> None:
    awa = await house.telegram.person("Awa", language="fr")
    await awa.send(f"/start {await house.invitation(days=-1)}")
    await awa.expect("a expiré")
    async with house.store() as store, store.reading() as tx:
        assert await tx.people.of_country("BFA") == []


async def test_a_refused_consent_is_recorded_and_asks_nothing_more(house: House) -> None:
    awa = await house.telegram.person("Awa", language="en")
    await awa.send(f"/start {await house.invitation()}")
    await awa.expect("Language?")
    await awa.press("English")
    await awa.expect("Do you agree?")
    await awa.press("No")
    await awa.expect(text("interview.completed", "en"))
    async with house.store() as store, store.reading() as tx:
        (person,) = await tx.people.of_country("BFA")
        consent = await tx.consents.latest(person.id)
        actions = [entry.action for entry in await tx.audit.entries()]
    assert consent is not None
    assert not consent.given
    assert actions == ["redeemed", "refused consent"]


async def test_the_language_chosen_is_spoken_from_the_next_question_on(house: House) -> None:
    awa = await house.telegram.person("Awa", language="fr")
    await awa.send(f"/start {await house.invitation()}")
    await awa.expect("Langue ?")
    await awa.press("English")
    await awa.expect("Do you agree?")
    await awa.send("/language fr")
    await awa.expect("Acceptez-vous ?")
    await awa.send("/language")
    await awa.expect(text("turns.language_choose", "fr"))
    await awa.press("English")
    await awa.expect("Do you agree?")


async def test_the_new_wording_of_an_old_message_revises_its_answer(house: House) -> None:
    awa = await house.official("Awa")
    said = await awa.send("Recensement")
    await awa.expect("Quels domaines ?")
    await awa.edit(said, "Recensement général")
    await awa.expect("Recensement général")
    assert (await house.answers())["/data/body/name"] == [
        ("Recensement", "answered"),
        ("Recensement général", "answered"),
    ]


async def test_an_interview_goes_on_after_a_restart(house: House) -> None:
    awa = await house.official("Awa")
    await house.stop()
    said = await awa.send("Recensement")
    await house.start()
    await awa.expect("Quels domaines ?")
    await awa.press("Crises")
    await awa.expect("✓ Crises")
    await house.kill()
    await house.start()
    await awa.edit(said, "Recensement 2019")
    await awa.expect("Recensement 2019")
    await awa.press(text("interview.button_done", "fr"), late=True)
    await awa.expect("Quelle année ?")
    assert (await house.answers())["/data/body/domains"] == [("crisis", "answered")]


async def test_an_old_button_is_answered_kindly_and_changes_nothing(house: House) -> None:
    awa = await house.telegram.person("Awa", language="fr")
    await awa.send(f"/start {await house.invitation()}")
    asked = await awa.expect("Langue ?")
    await awa.press("Français")
    await awa.expect("Acceptez-vous ?")
    await awa.press("English", on=asked, late=True)
    await awa.expect(text("interview.stale", "fr"))
    await house.telegram.acknowledged()
    assert (await house.answers())["/data/lang"] == [("fr", "answered")]
    assert await awa.spinners() == []


async def test_a_double_press_counts_once(house: House) -> None:
    awa = await house.telegram.person("Awa", language="fr")
    await awa.send(f"/start {await house.invitation()}")
    asked = await awa.expect("Langue ?")
    for _ in range(3):
        await awa.press("Français", on=asked, late=True)
    await awa.expect("Acceptez-vous ?")
    await house.telegram.acknowledged()
    assert (await house.answers())["/data/lang"] == [("fr", "answered")]


async def test_chats_go_side_by_side_and_each_in_its_order(house: House) -> None:
    people = [await house.official(f"P{number}") for number in range(5)]
    for round_ in ("a", "b", "c"):
        await asyncio.gather(*(person.send(f"{round_} {person.name}") for person in people))
    for person in people:
        await person.expect("Quels domaines ?")
    await house.telegram.acknowledged()
    names = [value for value, _ in (await house.answers())["/data/body/name"]]
    assert sorted(names) == [f"a P{number}" for number in range(5)]


async def test_a_blocked_bot_is_recorded_and_what_waited_goes_out_when_the_person_comes_back(house: House) -> None:
    awa = await house.official("Awa")
    async with house.store() as store, asyncio.timeout(10):
        while await waiting(store):  # nothing is on its way that would be refused later
            await asyncio.sleep(0.02)
    await awa.block()
    await house.telegram.acknowledged()
    async with house.store() as store, store.reading() as tx:
        address = await tx.people.at("telegram", str(awa.id))
    assert address is not None
    assert address.status == "blocked"
    await awa.unblock()
    await awa.send("Recensement")
    await awa.expect("Quels domaines ?")
    async with house.store() as store, store.reading() as tx:
        address = await tx.people.at("telegram", str(awa.id))
        actions = [entry.action for entry in await tx.audit.entries()]
    assert address is not None
    assert address.status == "reachable"
    assert actions[-2:] == ["blocked", "came back"]


async def test_a_group_is_told_once_and_left(house: House) -> None:
    awa = await house.telegram.person("Awa", language="fr")
    group = awa.into(await awa.found("Ministère"))
    await group.expect(text("turns.group", "fr"))
    world = house.telegram.world
    assert await world.until(lambda: True if world.rooms[group.chat_id].bot_status == "left" else None, 5)
    said = [entry for entry in await group.history() if entry["kind"] == "bot"]
    assert len(said) == 1


async def test_what_is_no_answer_gets_a_polite_sentence(house: House) -> None:
    awa = await house.official("Awa")
    await awa.send_sticker()
    await awa.expect(text("turns.cannot_read", "fr"))
    await awa.send("/fly")
    await awa.expect("« /fly »".replace(" ", "\u00a0"))
    await awa.send_voice()
    await awa.expect("Nom de la source ?")
    assert set(await house.answers()) == {"/data/lang", "/data/consent"}


async def test_help_contact_and_kept_data_are_told(house: House) -> None:
    awa = await house.official("Awa")
    await awa.send("/contact")
    await awa.expect(text("turns.contact_default", "fr"))
    await awa.send("/mydata")
    await awa.expect("Institut national")
    await awa.send("/help")
    await awa.expect(text("interview.help_title", "fr"))
    await awa.send("/pause")
    await awa.expect(text("interview.paused", "fr"))
    await awa.send("/resume")
    await awa.expect("Nom de la source ?")


async def test_a_text_of_a_hundred_thousand_characters_is_refused_or_kept_whole(house: House) -> None:
    awa = await house.official("Awa")
    words = "données " * 12_500
    await awa.send(words)
    await house.telegram.acknowledged(timeout=60)
    stored = (await house.answers()).get("/data/body/name", [])
    assert all(len(value) >= 4000 for value, _ in stored)
    await awa.send("/resume")
    await awa.expect("?")


async def test_controls_and_direction_marks_are_stored_clean_and_shown_safely(house: House) -> None:
    awa = await house.official("Awa")
    await awa.send("Rec\x00en\u202esement <b>")
    await awa.expect("Quels domaines ?")
    ((value, _),) = (await house.answers())["/data/body/name"]
    assert "\x00" not in value
    assert value.endswith("sement <b>")


async def test_a_replayed_update_changes_nothing(house: House) -> None:
    awa = await house.official("Awa")
    await awa.send("Recensement")
    await awa.expect("Quels domaines ?")
    await house.telegram.acknowledged()
    before, shown = await house.answers(), len(await awa.screen())
    for update_id in house.telegram.world.updates:
        house.telegram.world.replay(update_id)
    await awa.send("/contact")
    await awa.expect(text("turns.contact_default", "fr"))
    await house.telegram.acknowledged()
    assert await house.answers() == before
    assert len(await awa.screen()) == shown + 2


async def test_a_file_is_kept_and_a_forbidden_one_is_refused_and_asked_again(house: House) -> None:
    awa = await house.official("Awa")
    await awa.send("Recensement")
    await awa.expect("Quels domaines ?")
    await awa.send("/skip")
    await awa.expect("Quelle année ?")
    await awa.send("/skip")
    await awa.expect("Un document ?")
    await awa.send_document("loi.exe", b"MZ", "application/octet-stream")
    await awa.expect("Un document ?")
    await awa.send_document("loi.pdf", b"MZ\x90 a program in disguise", "application/pdf")
    await awa.expect("la question à laquelle il répondait".capitalize())
    await awa.send("/resume")
    await awa.expect("Un document ?")
    await awa.send_document("loi.pdf", b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer<<>>\n%%EOF", "application/pdf")
    await awa.expect(text("interview.completed", "fr"))
    statuses = [status for _, status in (await house.answers())["/data/body/law"]]
    assert statuses == ["answered", "cleared", "answered"]


async def test_staff_agree_and_see_their_commands(house: House) -> None:
    kofi = await house.telegram.person("Kofi", language="en")
    await kofi.send(f"/start {await house.invitation('', 'expert')}")
    await kofi.expect("expert")
    await kofi.expect(text("turns.consent", "en"))
    await kofi.press("Yes")
    await kofi.expect(text("turns.staff_commands", "en"))
    await kofi.send("/language fr")
    await kofi.expect(text("turns.commands", "fr"))
    async with house.store() as store, store.reading() as tx:
        (person,) = await tx.people.of_country("BFA")
        consent = await tx.consents.latest(person.id)
    assert (person.role, person.language) == ("expert", "fr")
    assert consent is not None
    assert consent.given


async def test_a_turn_that_fails_is_kept_told_and_tried_again_at_the_next_start(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    awa = await house.official("Awa")
    form = house.app.interviews.form
    with monkeypatch.context() as broken:
        broken.setattr(type(house.app.interviews), "forms", {"another": form})
        await awa.send("Recensement")
        await awa.expect(text("turns.failed", "fr"))
    await house.telegram.acknowledged()
    async with house.store() as store, store.reading() as tx:
        assert [failure.error for failure in await tx.inbox.failures()] == ["UnknownForm"]
    await house.stop()
    await house.start()
    await awa.expect("Quels domaines ?")
    assert (await house.answers())["/data/body/name"] == [("Recensement", "answered")]
    async with house.store() as store, store.reading() as tx:
        assert await tx.inbox.failures() == []


async def test_a_failed_message_never_answers_a_later_question(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    awa = await house.official("Awa")
    form = house.app.interviews.form
    with monkeypatch.context() as broken:
        broken.setattr(type(house.app.interviews), "forms", {"another": form})
        await awa.send("Recensement")
        await awa.expect(text("turns.failed", "fr"))
    await awa.send("Enquête")
    await awa.expect("Quels domaines ?")
    await house.stop()
    await house.start()
    await awa.send("/contact")
    await awa.expect(text("turns.contact_default", "fr"))
    assert (await house.answers())["/data/body/name"] == [("Enquête", "answered")]
    async with house.store() as store, store.reading() as tx:
        assert [failure.error for failure in await tx.inbox.failures()] == ["again: overtaken"]


async def test_the_text_beside_a_file_is_not_lost_in_silence(house: House) -> None:
    awa = await house.official("Awa")
    await awa.send("Recensement")
    for _ in range(2):
        await awa.expect("?")
        await awa.send("/skip")
    await awa.expect("Un document ?")
    await awa.send_document("loi.pdf", b"%PDF-1.4", "application/pdf", caption="Loi de 2013")
    await awa.expect(text("turns.caption", "fr"))


async def test_a_removed_row_takes_its_answers_and_the_later_ones_move_up(
    telegram: StandIn, settings: Settings
) -> None:
    rows = """
| survey |              |        |                     |
|        | type         | name   | label::English (en) |
|        | begin_repeat | source | Source              |
|        | text         | title  | Title?              |
|        | end_repeat   |        |                     |
"""
    form = load_form(rows.encode(), "md")
    async with at_work(telegram, settings, forms=lambda: [form]) as house:
        awa = await telegram.person("Awa", language="en")
        await awa.send(f"/start {await house.invitation()}")
        for title in ("one", "two", "three"):
            await awa.expect("Title?")
            await awa.send(title)
            await awa.expect("Yes")
            await awa.press("Yes" if title != "three" else "No")
        await awa.expect(text("interview.completed", "en"))
        await awa.send("/review")
        review = await awa.expect("two")
        removal = [label for label in review.labels if label.startswith("Remove")][1]
        await awa.press(removal)
        await awa.expect("Yes")
        await awa.press("Yes")
        await awa.expect(text("interview.completed", "en"))
        await telegram.acknowledged()
        async with house.store() as store, store.reading() as tx:
            (interview,) = await tx.interviews.of_country("BFA")
            current = {answer.path: (answer.value, answer.status) for answer in await tx.answers.current(interview.id)}
    assert current == {
        "/data/source[1]/title": ("one", "answered"),
        "/data/source[2]/title": ("three", "answered"),
        "/data/source[3]/title": ("", "cleared"),
    }
