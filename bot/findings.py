"""A finding of desk research in words: as it is proposed, listed, and told to those who are asked or who found it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.acting import Act
from bot.envelopes import envelope
from bot.messages import Line, Prompt
from bot.speaking import Speaker, later, styled
from db.people import Person
from db.transaction import Transaction
from flows import i18n, knowledge
from flows.country.dates import written
from flows.country.steps.base import Refusal
from flows.country.steps.course import Course
from flows.country.steps.desk import Found, asked
from flows.questionnaires.companions import companion_name, companion_names
from flows.questionnaires.topics import topics

SHORT = 60  # characters of a text in a list or on a button
ANSWERS_SHOWN = 4
AT_ONCE = 3  # proposals put one by one; more are told as a number
Names = Mapping[int, str]
"""Entities of a country by number, those merged into others among them."""
Answers = Sequence[tuple[str, str]]
"""Who answered (an entity), and what."""


def short(text: str, most: int = SHORT) -> str:
    """The beginning of a text, on one line."""
    plain = " ".join(text.split())
    return plain if len(plain) <= most else f"{plain[: most - 1]}…"


def section_title(number: str, language: str) -> str:
    """`III.4 Problem/solution matrix`."""
    roman = {"I": "1", "II": "2", "III": "3", "IV": "4"}
    key = "_".join(roman.get(part, part) for part in number.split("."))
    return i18n.text("desk.section", language, number=number, title=i18n.text(f"guide.section_{key}", language))


def about(one: Found, language: str) -> str:
    """What a finding is about: its question, else its section."""
    topic = topics().get(one.field)
    if topic is not None:
        return f"{topic.code} {topic.label(i18n.base(language))}".strip()
    return section_title(one.section, language) if one.section else one.field


def entity_of(course: Course, one: Found, names: Names, language: str) -> str:
    """Who is asked."""
    return names.get(asked(course, one) or 0, "") or i18n.text("desk.coordination", language)


def told(to: Speaker, course: Course, one: Found, names: Names, answers: Answers = ()) -> list[str | Line]:
    """All of a finding, whole."""
    entity = names.get(asked(course, one) or 0, "")
    lines: list[str | Line] = [
        to.text("desk.about", about=about(one, to.language)),
        to.text("desk.for_entity", entity=entity) if entity else to.text("desk.for_coordination"),
        Line(one.text, "quote"),
        to.text("desk.source", citation=one.citation),
    ]
    if one.url:
        lines.append(one.url)
    sure = to.text(f"desk.confidence_{one.confidence}")
    lines.append(to.text("desk.read_on", day=written(one.read_on, to.language), confidence=sure))
    if one.state != "proposed":
        lines.append(to.text("desk.state_line", state=to.text(f"desk.state_{one.state}")))
    if one.said:
        lines += [to.text("desk.corrected_text"), Line(one.said, "quote")]
    if one.reason:
        lines += [to.text("desk.reason"), Line(one.reason, "quote")]
    for who, text in answers[:ANSWERS_SHOWN]:
        lines += [to.text("desk.answered", entity=who), Line(text, "quote")]
    if len(answers) > ANSWERS_SHOWN:
        lines.append(to.text("desk.answered_more", len(answers) - ANSWERS_SHOWN))
    return lines


def proposal(to: Speaker, course: Course, one: Found, names: Names, answers: Answers) -> Prompt:
    """A finding put before somebody who may settle it."""
    place = course.country
    buttons = [
        [
            to.button(to.text("desk.confirm"), "fnd_ok", place, one.number),
            to.button(to.text("desk.correct"), "fnd_fix", place, one.number),
        ],
        [to.button(to.text("desk.reject"), "fnd_no", place, one.number)],
    ]
    if to.person.role == "coordinator":
        buttons.append([to.button(to.text("desk.pass_on"), "fnd_to", place, one.number)])
    return to.prompt(
        Line(to.text("desk.proposal", number=one.number), "title"),
        *told(to, course, one, names, answers),
        *styled("hint", to.text("desk.proposal_help")),
        buttons=buttons,
    )


def summary(to: Speaker, country: str, count: int) -> Prompt:
    """Several findings put before somebody at once."""
    return to.prompt(
        to.text("desk.several", count),
        buttons=[[to.button(to.text("desk.open"), "fnd_list", country, "proposed", 0)]],
    )


# ---- the store ----------------------------------------------------------------------------------------------------
async def names_of(tx: Transaction, country: str) -> dict[int, str]:
    """What the country's entities are called."""
    return {entity.id: entity.name for entity in await tx.entities.of_country(country)}


async def answers_on(tx: Transaction, course: Course, one: Found, names: Names) -> list[tuple[str, str]]:
    """What is answered to the question of a finding: by the entity asked, or by all where none is."""
    if not one.field:
        return []
    wanted = asked(course, one)
    found = []
    for stored in await tx.interviews.of_country(course.country):
        own = course.participants.kept(stored.entity_id) if stored.entity_id is not None else None
        if stored.status == "withdrawn" or companion_name(stored.form_id) in companion_names():
            continue
        if wanted is not None and own != wanted:
            continue
        for answer in await tx.answers.current(stored.id):
            if answer.status == "answered" and answer.value and answer.path.rpartition("/")[2] == one.field:
                found.append((names.get(own or 0, ""), answer.display or answer.value))
    return found


async def asked_people(tx: Transaction, course: Course, one: Found) -> list[Person]:
    """Who is asked now: the officials of the entity, else the coordinator."""
    present = [one for one in await tx.people.of_country(course.country) if one.ended_at is None]
    wanted = asked(course, one)
    officials = [
        person
        for person in present
        if person.role == "official"
        and person.entity_id is not None
        and wanted is not None
        and course.participants.kept(person.entity_id) == wanted
    ]
    return officials or [person for person in present if person.role == "coordinator"]


async def readable(act: Act, country: str, number: int) -> Found | None:
    """The finding of a button; None, said, where there is none such or it is not theirs to read."""
    course = await act.course(country)
    one = course.findings.made.get(number)
    if one is None:
        await act.refuse(Refusal("desk.unknown"))
        return None
    return one if await act.allow("read_answers", country, asked(course, one)) else None


async def put_before(tx: Transaction, course: Course, numbers: Sequence[int], now: datetime) -> None:
    """Put findings before those who are asked: one by one, or as a number where there are many."""
    names = await names_of(tx, course.country)
    by_person: dict[int, tuple[Person, list[Found]]] = {}
    for number in numbers:
        one = course.findings.made[number]
        for person in await asked_people(tx, course, one):
            by_person.setdefault(person.id, (person, []))[1].append(one)
    for person, found in by_person.values():
        to = Speaker(person)
        if len(found) > AT_ONCE:
            prompts = [summary(to, course.country, len(found))]
        else:
            prompts = [proposal(to, course, one, names, await answers_on(tx, course, one, names)) for one in found]
        for prompt in prompts:
            for address in await tx.people.reach(person.id):
                await tx.outbox.put([envelope(address.channel, address.address, later(prompt))], now)


def country_name(to: Speaker, code: str) -> str:
    return knowledge.country(code).name(to.language)
