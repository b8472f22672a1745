"""The rights of people over their own data, in conversation: /mydata and what follows from it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from bot import arrivals, consenting, reception
from bot.acting import Act, document
from bot.companions import Filled
from bot.copies import as_text
from bot.forgetting import Forgotten, Mention, drafts_of, forget, swept
from bot.jobs import Desk
from bot.messages import Line, Prompt
from bot.participating import part_of
from bot.personal import Human, as_json, held, human, when_due
from bot.speaking import Speaker, styled
from bot.steps.capability import Capability
from db.people import Person
from flows import i18n, knowledge
from flows.country.steps.base import Refusal

PATIENCE = timedelta(seconds=5)
"""Between two looks at whether the last message has gone out before the address is forgotten."""
LOOKS = 24
MENTIONS = 10
"""Places that are named in a message."""
EXERCISE_NAME = "exercise"


# ---- what is kept -------------------------------------------------------------------------------------------------
async def mydata(act: Act, _arguments: Sequence[str] = ()) -> None:
    """What is kept about the person, how long, and what they can do about it."""
    who = await _who(act)
    kept = await arrivals.kept(act.tx, act.person, act.language)
    said = reception.mydata(act.language, kept, act.services.contact)
    rights, *rest = said.lines[-2:]
    lines = [*said.lines[:-2], Line(await _until(act, who)), rights, *rest]
    agreed = kept.consent
    rows = [
        [act.button(act.text("rights.button_export"), "mydata_export")],
        [act.button(act.text("rights.button_correct"), "mydata_correct")],
    ]
    if agreed is not None:
        label = act.text("rights.button_withdraw" if agreed else "rights.button_give")
        rows.append([act.button(label, "mydata_withdraw" if agreed else "mydata_give")])
    rows.append([act.button(act.text("rights.button_delete"), "mydata_delete")])
    await act.show(act.me.prompt(*lines, buttons=rows))


async def _who(act: Act) -> Human:
    found = await human(act, act.person.id)
    assert found is not None  # noqa: S101 (whoever acts is there)
    return found


async def _until(act: Act, who: Human) -> str:
    due = await when_due(act, who)
    date = due.at.strftime("%d/%m/%Y")
    if due.end is not None and due.end.how == "idle":
        return act.text("rights.kept_until_idle", date=date, months=act.services.retention.contacts)
    return act.text("rights.kept_until", date=date)


# ---- a copy -------------------------------------------------------------------------------------------------------
async def export(act: Act, _arguments: Sequence[str] = ()) -> None:
    """Ask for a copy of everything."""
    await act.later("mydata_export")
    await act.say(act.text("rights.export_begun"))


async def export_job(desk: Desk) -> None:
    """Put everything together, and send it to the person alone."""
    async with desk.store.reading() as tx:
        person = await tx.people.get(desk.job.person_id) if desk.job.person_id is not None else None
        if person is None or person.ended_at is not None:
            return
        reader = Act(desk.services, tx, person, desk.now)
        found = await held(reader, await _who(reader))
        readable = await as_text(reader, found, person.language)
        exact = as_json(found, desk.now)
    async with desk.finish() as act:
        stamp = desk.now.strftime("%Y%m%d")
        kept = [
            await act.keep(f"mydata-{stamp}.txt", readable, "text/plain"),
            await act.keep(f"mydata-{stamp}.json", exact, "application/json"),
        ]
        await act.audit("copied own data", "people", act.person.id)
        await act.say(act.text("rights.export_ready"), documents=[document(one) for one in kept])


# ---- correction ---------------------------------------------------------------------------------------------------
async def correct(act: Act, _arguments: Sequence[str] = ()) -> None:
    """Ask for another name or language."""
    if act.person.role not in arrivals.STAFF:
        await act.say(act.text("rights.correct_contacts"))
    shown = act.person.label or act.text("rights.copy_nothing")
    await act.begin("mydata_correction", {"label_now": shown})


async def corrected(act: Act, filled: Filled) -> bool:
    """The form is filled in: what was left out stays as it is."""
    label, language = filled.get("label"), filled.get("new_language")
    for part in (await _who(act)).parts:
        if part.ended_at is None and label:
            await act.tx.people.rename(part.id, label)
        if part.ended_at is None and language in i18n.languages():
            await act.tx.people.speak(part.id, language)
    await act.audit("corrected", "people", act.person.id, label=bool(label), language=bool(language))
    await act.say(act.text("rights.corrected"))
    return True


# ---- consent ------------------------------------------------------------------------------------------------------
async def withdraw(act: Act, arguments: Sequence[str] = ()) -> None:
    """Explain what follows, then take it back."""
    if not arguments:
        staff = act.person.role in arrivals.STAFF
        rows = [
            [act.button(act.text("rights.withdraw_confirm"), "mydata_withdraw", "yes")],
            [act.button(act.text("rights.keep"), "mydata_keep")],
        ]
        await act.say(
            act.text("rights.withdraw_explained_staff" if staff else "rights.withdraw_explained"), buttons=rows
        )
        return
    live = await _live(act)
    refusal = await consenting.withdraw(act, live)
    if refusal is not None:
        await act.refuse(refusal)
        return
    await act.say(act.text("rights.withdrawn"))
    await _tell(act, live, "rights.told_withdrawn")


async def give(act: Act, _arguments: Sequence[str] = ()) -> None:
    """Give it again; where its text is another now, that is read first."""
    latest = await act.tx.consents.latest(act.person.id)
    current = consenting.current(act)
    if latest is not None and not latest.given and current and latest.text_version != current:
        await act.show(await consenting.asked(act))
        return
    live = await _live(act)
    refusal = await consenting.give(act, live)
    if refusal is not None:
        await act.refuse(refusal)
        return
    await act.say(act.text("rights.given_again"))
    await _tell(act, live, "rights.told_given")


async def keep(act: Act, _arguments: Sequence[str] = ()) -> None:
    """Nothing is changed after all."""
    await act.say(act.text("rights.kept"))


async def _live(act: Act) -> list[Person]:
    return [part for part in (await _who(act)).parts if part.ended_at is None]


async def _tell(act: Act, parts: Sequence[Person], key: str) -> None:
    """Coordination and secretariat learn what became of a contribution, and not why."""
    own = {part.id for part in parts}
    forms = act.services.interviews.forms
    for part in parts:
        if not any(one.form_id in forms for one in await act.tx.interviews.of_person(part.id)):
            continue
        entity = await act.tx.entities.get(part.entity_id) if part.entity_id is not None else None
        named = entity.name if entity is not None else ""

        def make(to: Speaker, part: Person = part, named: str = named) -> Prompt:
            country = knowledge.country(part.country).name(to.language)
            return to.prompt(to.text(key, entity=named or to.text(f"turns.role_{part.role}"), country=country))

        people = await act.people("coordinator", "secretariat", country=part.country)
        await act.tell([one for one in people if one.id not in own], make)


# ---- deletion -----------------------------------------------------------------------------------------------------
async def delete(act: Act, arguments: Sequence[str] = ()) -> None:
    """Explain, ask once more, then say goodbye: the rest is done once that message is out."""
    step = arguments[0] if arguments else ""
    if step == "":
        await _explain(act)
    elif step == "sure":
        rows = [
            [act.button(act.text("rights.delete_confirm"), "mydata_delete", "yes")],
            [act.button(act.text("rights.keep"), "mydata_keep")],
        ]
        await act.say(act.text("rights.delete_sure"), buttons=rows)
    else:
        await act.say(act.text("rights.farewell"))
        await act.later("mydata_delete", looks=0)


async def _explain(act: Act) -> None:
    who = await _who(act)
    drafts = await drafts_of(act, who)
    forms = act.services.interviews.forms
    own = [one for part in who.parts for one in await act.tx.interviews.of_person(part.id) if one.form_id in forms]
    lines = [act.text("rights.delete_explained")]
    if any(one.id not in drafts for one in own):
        lines.append(act.text("rights.delete_answers_stay"))
    if drafts:
        lines.append(act.text("rights.delete_answers_go"))
    lines.append(act.text("rights.delete_copy_first"))
    rows = [
        [act.button(act.text("rights.delete_continue"), "mydata_delete", "sure")],
        [act.button(act.text("rights.keep"), "mydata_keep")],
    ]
    await act.say(*lines, buttons=rows)


async def delete_job(desk: Desk) -> None:
    """Delete, as soon as nothing waits to be sent to the person any more."""
    async with desk.finish() as act:
        who = await _who(act)
        looks = int(desk.job.payload.get("looks", LOOKS))
        waiting = [await act.tx.erasing.waiting_messages(one.channel, one.address) for one in who.addresses]
        if any(waiting) and looks < LOOKS:
            await act.tx.jobs.put("mydata_delete", {"looks": looks + 1}, act.person.id, act.now + PATIENCE)
            return
        named = {language: await part_of(act.tx, act.person, language) for language in i18n.languages()}
        gone = await forget(act, act.person.id, "asked", but_job=desk.job.id)
        if isinstance(gone, Refusal):
            return
        await told(act, gone, who, named)
        await act.later("overwrite", contents=list(gone.contents))


async def told(act: Act, gone: Forgotten, who: Human, named: dict[str, str]) -> None:
    """Those who have to go on without the person. `named`: what they did, by language, without their name."""
    countries = [country for country in dict.fromkeys(part.country for part in who.parts) if country]

    def make(to: Speaker) -> Prompt:
        part = named.get(i18n.base(to.language)) or named[i18n.FALLBACK]
        lines = [to.text("rights.told_erased", part=part)]
        if gone.emptied:
            lines.append(to.text("rights.told_erased_stays"))
        if gone.deleted:
            lines.append(to.text("rights.told_erased_goes"))
        if gone.mentions and to.person.role == "secretariat":
            places = [mentioned(one, to.language) for one in gone.mentions[:MENTIONS]]
            lines.append(to.text("rights.told_mentions", len(gone.mentions)))
            return to.prompt(*lines, *styled("item", *places))
        return to.prompt(*lines)

    people = {one.id: one for one in await act.people("secretariat")}
    for country in countries:
        people |= {one.id: one for one in await act.people("coordinator", country=country)}
    await act.tell([one for number, one in people.items() if number not in who.ids], make)


def mentioned(one: Mention, language: str) -> str:
    """Where a text that stays names somebody."""
    if one.path:
        return i18n.text("rights.mention", language, number=one.number, question=one.path.rpartition("/")[2])
    return i18n.text("rights.mention_ledger", language, number=one.number, chain=one.country or EXERCISE_NAME)


async def overwrite_job(desk: Desk) -> None:
    """Nothing of what was deleted is left on the disk."""
    await swept(desk.store, desk.services.vault, [str(one) for one in desk.job.payload.get("contents", ())])


CAPABILITY = Capability(
    presses={
        "mydata": mydata,
        "mydata_export": export,
        "mydata_correct": correct,
        "mydata_withdraw": withdraw,
        "mydata_give": give,
        "mydata_keep": keep,
        "mydata_delete": delete,
    },
    forms={"mydata_correction": corrected},
    jobs={"mydata_export": export_job, "mydata_delete": delete_job, "overwrite": overwrite_job},
)
