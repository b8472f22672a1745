"""Messages to a group, in conversation: whom, what, how it will look."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import cast

from bot import broadcasting, companions, groups, placing, pressed
from bot.acting import Act
from bot.broadcasting import Letter
from bot.companions import Filled
from bot.messages import REPLY, Button, Line
from bot.paging import page_of, turns
from bot.speaking import Speaker, styled
from bot.steps.capability import Capability, Command
from db.interviews import StoredInterview
from db.receivers import Receiver
from flows import knowledge
from flows.country.access import Place, denied
from flows.country.ledger import EXERCISE
from flows.country.steps.base import Refusal
from flows.country.steps.broadcasts import (
    LANGUAGES,
    NATIONAL,
    REGIONAL,
    Group,
    SendBroadcast,
)
from flows.country.steps.course import Course
from flows.interview.answers import answers
from flows.interview.state import Interview
from flows.questionnaires.companions import companion_name

ALL = "-"  # a button's argument: all countries
FORM = "broadcast"
ON_PAGE = 8  # entities or countries on a page
LISTED: tuple[Group, ...] = ("officials", "late", "country")


# ---- to whom ------------------------------------------------------------------------------------------------------
async def begin(act: Act, arguments: Sequence[str] = ()) -> None:
    """`/broadcast`, `/broadcast BFA`: which group is meant."""
    if not arguments and not act.person.country and act.may("broadcast", EXERCISE):
        await _regional(act)
        return
    place = await placing.placed(act, "broadcast", arguments, "broadcast")
    if place is not None:
        await _national(act, place.code)


async def _regional(act: Act) -> None:
    parts = await groups.everybody(act.tx, EXERCISE)
    rows = [await _row(act, EXERCISE, parts, group) for group in REGIONAL]
    rows.append([act.button(act.text("broadcasts.button_country"), "bc_places", 1)])
    await act.say(act.text("broadcasts.to_whom"), buttons=rows)


async def _national(act: Act, code: str) -> None:
    parts = await groups.everybody(act.tx, code)
    rows = [await _row(act, code, parts, group) for group in LISTED]
    rows.append([act.button(act.text("broadcasts.button_entity"), "bc_entities", code, 1)])
    await act.say(act.text("broadcasts.to_whom_in", of=knowledge.country(code).forms(act.language).of), buttons=rows)


async def _row(act: Act, chain: str, parts: Sequence[Receiver], group: Group) -> list[Button]:
    found = groups.reached(await groups.within(act.services, act.tx, chain, parts, group), act.person.id)
    label = act.text(f"broadcasts.group_{group}", len(found.people))
    return [act.button(label, "bc_to", chain or ALL, group)]


async def places(act: Act, arguments: Sequence[str]) -> None:
    """In which country: those that are in the exercise."""
    if not await act.allow("broadcast", EXERCISE):
        return
    known = set(await act.tx.ledger.chains())
    found = [one for one in knowledge.countries() if one.code in known]
    found.sort(key=lambda one: one.name(act.language))
    page = page_of(found, pressed.number(arguments), ON_PAGE)
    rows = [[act.button(one.name(act.language), "bc_in", one.code)] for _, one in page.items]
    await act.say(
        act.text("broadcasts.which_country" if found else "broadcasts.no_country"),
        buttons=[*rows, *turns(act, page, "bc_places")],
        key="broadcast places",
        edit=len(arguments) > 0 and pressed.number(arguments) > 1,
    )


async def place(act: Act, arguments: Sequence[str]) -> None:
    """A country is chosen."""
    found = await pressed.place_of(act, arguments, "broadcast")
    if found is not None:
        await _national(act, found.code)


async def entities(act: Act, arguments: Sequence[str]) -> None:
    """Which entity of the country."""
    found = await pressed.place_of(act, arguments, "broadcast")
    if found is None:
        return
    parts = await groups.everybody(act.tx, found.code)
    listed = []
    for entity in sorted(await act.tx.entities.of_country(found.code), key=lambda one: one.name):
        here = await groups.within(act.services, act.tx, found.code, parts, "entity", entity.id)
        count = len(groups.reached(here, act.person.id).people)
        if count:
            listed.append((entity, count))
    page = page_of(listed, pressed.number(arguments, 1), ON_PAGE)
    rows = [
        [act.button(f"{(one.acronym or one.name)[:48]} ({count})", "bc_to", found.code, "entity", one.id)]
        for _, (one, count) in page.items
    ]
    await act.say(
        act.text("broadcasts.which_entity" if listed else "broadcasts.no_entity"),
        buttons=[*rows, *turns(act, page, "bc_entities", found.code)],
    )


async def chosen(act: Act, arguments: Sequence[str]) -> None:
    """A group is chosen: what is to be said to it?"""
    chain = chain_of(arguments)
    group: Group = pressed.one_of(cast("Sequence[Group]", (*REGIONAL, *NATIONAL)), arguments, 1)
    if not await act.allow("broadcast", chain):
        return
    entity_id = pressed.number(arguments, 2) or None
    who = await whom(act, chain, group, entity_id)
    found = await groups.of_group(act.services, act.tx, chain, group, entity_id, act.person.id)
    if not found.people or not who:
        await act.refuse(Refusal("broadcasts.nobody"))
        return
    readers = found.readers()
    given = {"chain": chain, "group": group, "entity": str(entity_id or ""), "who": who}
    await act.begin(FORM, {**given, "french": str(readers.get("fr", 0)), "english": str(readers.get("en", 0))})


def chain_of(arguments: Sequence[str]) -> str:
    """The country that a button brings back, "" for all of them. Raises `UnknownCountry`."""
    return EXERCISE if arguments and arguments[0] == ALL else pressed.code(arguments)


async def whom(act: Act, chain: str, group: Group, entity_id: int | None) -> str:
    """The group in words; "" for an entity that is not of the country."""
    entity = await act.tx.entities.get(entity_id) if entity_id is not None else None
    if group == "entity" and (entity is None or entity.country != chain):
        return ""
    of = knowledge.country(chain).forms(act.language).of if chain else ""
    return act.text(f"broadcasts.who_{group}", of=of, entity=entity.name if entity is not None else "")


# ---- how it will look ---------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Draft:
    """A message as it was written, and not sent yet."""

    stored: StoredInterview
    chain: str
    group: Group
    entity_id: int | None
    texts: Mapping[str, str]

    def step(self, people: int) -> SendBroadcast:
        return SendBroadcast(self.group, people, self.texts, self.entity_id, self.stored.id)


async def written(act: Act, filled: Filled) -> bool:
    """The texts are written: they are shown as everybody will see them."""
    draft = await _draft(act, filled.interview_id)
    if draft is None:
        await act.say(act.text("steps.stale"))
        return True
    found = await _reached(act, draft)
    refusal = await _refusal(act, draft, len(found.people))
    if refusal is not None:
        await act.refuse(refusal)
        return refusal.reason not in ("broadcasts.no_text", "broadcasts.too_long")
    await _preview(act, draft.chain, draft.texts, found)
    await _ask(act, draft, found)
    return True


async def _preview(act: Act, chain: str, texts: Mapping[str, str], found: groups.Reached) -> None:
    """The message as those see it who read one language, for each language that is read."""
    said = Letter(texts, act.person.role, chain, act.person.label, act.services.contact)
    for language, count in sorted(found.readers().items(), key=lambda item: -item[1]):
        example = next(to.person for to in found.people if groups.reads(to.person) == language)
        await act.say(act.text(f"broadcasts.preview_{language}", count))
        await act.show(replace(said.to(example), priority=REPLY))


async def _ask(act: Act, draft: Draft, found: groups.Reached) -> None:
    number = draft.stored.id
    who = await whom(act, draft.chain, draft.group, draft.entity_id)
    lines: list[str | Line] = [act.text("broadcasts.ready", len(found.people), who=who)]
    lines += styled("item", *_left_out(act.me, found.left_out))
    lines.append(Line(act.text("broadcasts.when"), "hint"))
    await act.say(
        *lines,
        buttons=[
            [act.button(act.text("broadcasts.button_send", len(found.people)), "bc_send", number)],
            [act.button(act.text("broadcasts.button_correct"), "bc_correct", number)],
            [act.button(act.text("broadcasts.button_drop"), "bc_drop", number)],
        ],
    )


def _left_out(me: Speaker, left_out: Mapping[str, int]) -> list[str]:
    return [me.text(f"broadcasts.out_{why}", count) for why, count in left_out.items() if count]


async def _draft(act: Act, number: int) -> Draft | None:
    """A message that this person wrote and did not drop."""
    stored = await act.tx.interviews.get(number)
    if stored is None or stored.person_id != act.person.id or companion_name(stored.form_id) != FORM:
        return None
    if stored.status != "completed":
        return None
    interview = Interview.from_json(json.loads(stored.state))
    form = act.services.interviews.form_of(stored)
    said = {one.name: one.value for one in answers(form, interview, stored.language, now=act.now) if one.value}
    given = interview.given
    group = cast("Group", given.get("group", ""))
    entity = given.get("entity", "")
    texts = {language: said[f"text_{language}"] for language in LANGUAGES if said.get(f"text_{language}", "").strip()}
    return Draft(stored, given.get("chain", ""), group, int(entity) if entity else None, texts)


async def _reached(act: Act, draft: Draft) -> groups.Reached:
    return await groups.of_group(act.services, act.tx, draft.chain, draft.group, draft.entity_id, act.person.id)


async def _refusal(act: Act, draft: Draft, people: int) -> Refusal | None:
    """Why it could not be sent."""
    why = denied(act.actor, "broadcast", Place(draft.chain))
    if why is not None:
        return Refusal(f"access.{why}", {"action": "broadcast"})
    decision = draft.step(people).decide(await course_of(act, draft.chain), act.actor, act.now)
    return decision if isinstance(decision, Refusal) else None


# ---- sending ------------------------------------------------------------------------------------------------------
async def send(act: Act, arguments: Sequence[str]) -> None:
    """It is sent; to everybody only once the number was seen once more."""
    draft = await _draft(act, pressed.number(arguments))
    if draft is None:
        await act.say(act.text("steps.stale"))
        return
    found = await _reached(act, draft)
    if draft.group == "everybody" and len(arguments) < 2:
        refusal = await _refusal(act, draft, len(found.people))
        if refusal is not None:
            await act.refuse(refusal)
            return
        number = draft.stored.id
        await act.say(
            act.text("broadcasts.sure", len(found.people), countries=found.countries),
            buttons=[
                [act.button(act.text("broadcasts.button_send", len(found.people)), "bc_send", number, "sure")],
                [act.button(act.text("broadcasts.button_drop"), "bc_drop", number)],
            ],
        )
        return
    await sent(act, draft.chain, draft.step(len(found.people)))


async def sent(act: Act, chain: str, step: SendBroadcast) -> bool:
    """Take the step, and have the messages made. False: it was refused, and said why."""
    if await act.take(step, chain) is None:
        return False
    newest = (await course_of(act, chain)).broadcasts.newest
    assert newest is not None  # noqa: S101 (just sent)
    await act.later("broadcast", chain=chain, number=newest.number)
    await act.say(act.text("broadcasts.under_way", step.people))
    return True


async def announce(
    act: Act, chain: str, group: Group, entity_id: int | None, texts: Mapping[str, str], *, dry: bool
) -> None:
    """The same at the command line: shown, and sent unless it is `dry`."""
    found = await groups.of_group(act.services, act.tx, chain, group, entity_id, act.actor.person_id)
    step = SendBroadcast(group, len(found.people), texts, entity_id)
    decision = step.decide(await course_of(act, chain), act.actor, act.now)
    if isinstance(decision, Refusal):
        await act.refuse(decision)
        return
    await _preview(act, chain, {one: said for one, said in texts.items() if said.strip()}, found)
    who = await whom(act, chain, group, entity_id)
    out = _left_out(act.me, found.left_out)
    await act.say(act.text("broadcasts.ready", len(found.people), who=who), *styled("item", *out))
    if dry:
        await act.say(act.text("broadcasts.cli_dry"))
    else:
        await sent(act, chain, step)


async def correct(act: Act, arguments: Sequence[str]) -> None:
    """The form is open again, with what was entered."""
    draft = await _unsent(act, arguments)
    if draft is not None:
        await companions.leave(act)
        await companions.again(act, draft.stored)


async def drop(act: Act, arguments: Sequence[str]) -> None:
    """It is not sent at all."""
    draft = await _unsent(act, arguments)
    if draft is not None:
        await act.tx.interviews.save(draft.stored, draft.stored.state, act.now, status="withdrawn")
        await act.say(act.text("broadcasts.dropped"))


async def _unsent(act: Act, arguments: Sequence[str]) -> Draft | None:
    draft = await _draft(act, pressed.number(arguments))
    if draft is None:
        await act.say(act.text("steps.stale"))
        return None
    if (await course_of(act, draft.chain)).broadcasts.has_sent(draft.stored.id):
        await act.refuse(Refusal("broadcasts.already_sent"))
        return None
    return draft


async def course_of(act: Act, chain: str) -> Course:
    """What has happened in a country, or in the exercise."""
    return await act.services.dossiers.course(act.tx, chain)


CAPABILITY = Capability(
    commands={"broadcast": Command(begin, "broadcast")},
    presses={
        "bc_places": places,
        "bc_in": place,
        "bc_entities": entities,
        "bc_to": chosen,
        "bc_send": send,
        "bc_correct": correct,
        "bc_drop": drop,
    },
    forms={FORM: written},
    jobs={"broadcast": broadcasting.put},
)
