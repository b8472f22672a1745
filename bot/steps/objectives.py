"""The objectives of the Global Compact in conversation: browsed by everybody, kept by the secretariat."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from bot import aligning
from bot.acting import Act, document
from bot.companions import Filled
from bot.documents import MEDIA_TYPES, Format
from bot.gathering import gather
from bot.jobs import Desk
from bot.messages import Button, Line
from bot.paging import page_of, turns
from bot.pressed import number, word
from bot.speaking import Speaker, styled
from bot.steps.capability import Capability, Command
from flows import i18n, knowledge
from flows.activities import LANGUAGES, Activity
from flows.country.alignment import OBJECTIVE, Contributed, of_practice, where
from flows.country.ledger import EXERCISE
from flows.country.sharing import shared
from flows.country.steps.activities import (
    FIRST_YEAR,
    MOST_AHEAD,
    Catalogue,
    KeepActivities,
    WithdrawActivity,
    catalogue,
)
from flows.country.steps.base import Refusal

PER_PAGE = 8  # objectives
ACTIVITIES = 5  # of an objective in a message
SHOWN = 6  # contributions of countries in a message; all are in the file
LONG = 300  # characters of one of them in the message
KEY = "objectives"
FORMATS: tuple[Format, ...] = ("pdf", "docx", "html")


# ---- browsing -----------------------------------------------------------------------------------------------------
async def objectives(act: Act, arguments: Sequence[str] = ()) -> None:
    """All 23, or the one with the number that is named: `/objectives 7`."""
    if not await act.allow("see_objectives"):
        return
    if number(arguments):
        await _one(act, number(arguments), 1, edit=False)
    else:
        await _list(act, 1, edit=False)


async def turned(act: Act, arguments: Sequence[str]) -> None:
    """A page of the list."""
    if await act.allow("see_objectives"):
        await _list(act, number(arguments), edit=True)


async def _list(act: Act, page: int, *, edit: bool) -> None:
    held = await _catalogue(act)
    shown = page_of(knowledge.objectives(), page, PER_PAGE)
    lines: list[str | Line] = [Line(act.text("objectives.list_title"), "title")]
    if shown.number == 1:
        lines.append(act.text("objectives.list_help"))
    rows: list[list[Button]] = []
    for _, one in shown.items:
        count = len(held.of(one.number))
        key = "objectives.line_dialogue" if one.dialogue else "objectives.line"
        line = act.text(key, number=one.number, title=one.short(act.language))
        lines.append(Line(f"{line} · {act.text('objectives.line_count', count)}" if count else line, "item"))
        rows.append([act.button(str(one.number), "obj", one.number, 1)])
    numbers = [row[0] for row in rows]
    buttons = [numbers[:4], numbers[4:], *turns(act, shown, "objs")]
    if act.may("keep_activities", EXERCISE):
        buttons.append([act.button(act.text("objectives.button_add"), "act_new")])
        buttons.append([act.button(act.text("objectives.button_report"), "obj_report")])
    await act.say(*lines, buttons=buttons, key=KEY, edit=edit)


async def one_of_them(act: Act, arguments: Sequence[str]) -> None:
    """An objective: `obj 7 2` (the second page of its activities)."""
    if await act.allow("see_objectives"):
        await _one(act, number(arguments), number(arguments, 1), edit=True)


async def anew(act: Act, arguments: Sequence[str]) -> None:
    """The same in a new message: asked for from another one."""
    if await act.allow("see_objectives"):
        await _one(act, number(arguments), 1, edit=False)


async def _one(act: Act, which: int, page: int, *, edit: bool) -> None:
    if which not in {one.number for one in knowledge.objectives()}:
        await act.say(act.text("objectives.no_such", most=len(knowledge.objectives())))
        return
    one = knowledge.objective(which)
    found = (await _catalogue(act)).of(which)
    shown = page_of(list(reversed(found)), page, ACTIVITIES)  # the newest first
    lines: list[str | Line] = [
        Line(act.text("objectives.titled", number=which, title=one.short(act.language)), "title"),
        one.full(act.language),
    ]
    lines.append(act.text("objectives.activities", len(found)) if found else act.text("objectives.no_activities"))
    for count, activity in shown.items:
        lines += styled("item", f"{count}. {told(act.me, activity)}")
    buttons = turns(act, shown, "obj", which)
    buttons.append([act.button(act.text("objectives.button_countries"), "obj_countries", which)])
    if act.may("keep_activities", EXERCISE) and shown.items:
        buttons.append([act.button(str(count), "act", activity.code) for count, activity in shown.items])
        lines.append(act.text("objectives.number_keeps"))
    last = knowledge.objectives()[-1].number
    beside = [act.button(act.text("objectives.button_before", number=which - 1), "obj", which - 1, 1)] * (which > 1)
    beside += [act.button(act.text("objectives.button_after", number=which + 1), "obj", which + 1, 1)] * (which < last)
    buttons += [beside, [act.button(act.text("objectives.button_list"), "objs", (which - 1) // PER_PAGE + 1)]]
    await act.say(*lines, buttons=buttons, key=KEY, edit=edit)


def told(me: Speaker, one: Activity) -> str:
    """An activity on a phone: what, when, and where to read of it."""
    language = i18n.base(me.language)
    title = one.title(language)
    if language in one.translated:
        title = f"{title} {me.text('objectives.translated')}"
    elif one.language(language) != language:
        title = f"{title} {me.text(f'objectives.in_{one.language(language)}')}"
    line = me.text("objectives.activity", kind=me.text(f"objectives.kind_{one.kind}"), title=title)
    return "\n".join(part for part in (line, where(one, language), one.link(language)) if part)


async def _catalogue(act: Act) -> Catalogue:
    return catalogue(await act.course(EXERCISE))


# ---- what countries contribute ------------------------------------------------------------------------------------
async def countries(act: Act, arguments: Sequence[str]) -> None:
    """Ask what published guides say of an objective."""
    which = number(arguments)
    if not await act.allow("see_objectives"):
        return
    if which not in {one.number for one in knowledge.objectives()}:
        await act.say(act.text("objectives.no_such", most=len(knowledge.objectives())))
        return
    await act.later("objective_countries", objective=which)
    await act.say(act.text("objectives.countries_begun"))


async def countries_job(desk: Desk) -> None:
    """Read what published guides contribute, and tell what of it concerns the objective. Whoever may read practices
    across countries also gets those that are shared but stand in no published guide."""
    which = int(desk.job.payload["objective"])
    guides = await aligning.contributions(desk.services, desk.store, desk.now)
    found = [one for guide in guides for one in guide.contributed if which in one.objectives]
    async with desk.store.reading() as tx:
        person = await tx.people.get(desk.job.person_id) if desk.job.person_id is not None else None
        chains = await tx.ledger.chains()
        reads = person is not None and Act(desk.services, tx, person, desk.now).may("share_across")
    if person is None or person.ended_at is not None:
        return
    if reads:
        for country in chains:
            if country and country != person.country:
                found += await _shared(desk, country, which, found)
    async with desk.finish() as act:
        if not await act.allow("see_objectives"):
            return
        back = [[act.button(act.text("objectives.button_one", number=which), "obj_show", which)]]
        title = act.text("objectives.titled", number=which, title=knowledge.objective(which).short(act.language))
        if not found:
            await act.say(Line(title, "title"), act.text("objectives.countries_none"), buttons=back)
            return
        lines = [Line(title, "title"), Line(act.text("objectives.countries", len(found)))]
        lines += [Line(_contributed(act.me, one, LONG), "item") for one in found[:SHOWN]]
        documents = []
        if len(found) > SHOWN:
            lines.append(Line(act.text("objectives.countries_more", len(found) - SHOWN)))
            whole = "\r\n\r\n".join(_contributed(act.me, one).replace("\n", "\r\n") for one in found)
            content = f"\ufeff{whole}".encode("utf-8", "replace")
            documents.append(document(await act.keep(f"objective-{which}.txt", content, "text/plain")))
        await act.audit("read contributions by objective", "answers", None, objective=which, found=len(found))
        await act.say(*lines, documents=documents, buttons=back)


async def _shared(desk: Desk, country: str, which: int, have: Sequence[Contributed]) -> list[Contributed]:
    language = knowledge.country(country).bot_languages[0]
    gathered = await gather(desk.store, desk.services.interviews.forms, country, language, desk.now)
    known = {(one.country, one.text) for one in have}
    practices = map(of_practice, shared(voice.contribution for voice in gathered.voices))
    return [one for one in practices if which in one.objectives and (country, one.text) not in known]


def _contributed(to: Speaker, one: Contributed, most: int = 0) -> str:
    said = one.text if not most or len(one.text) <= most else f"{one.text[: most - 1].rstrip()}…"
    country = knowledge.country(one.country).name(to.language)
    kind = to.text(f"objectives.a_{one.kind}")
    lines = [to.text("objectives.contributed", country=country, entity=one.entity, kind=kind), said]
    return "\n".join(
        [*lines, *([one.url] if one.url else []), *([] if one.chosen else [to.text("objectives.suggested")])]
    )


# ---- the secretariat's part ---------------------------------------------------------------------------------------
async def activity(act: Act, arguments: Sequence[str]) -> None:
    """An activity, and what can be done with it."""
    if not await act.allow("keep_activities", EXERCISE):
        return
    one = (await _catalogue(act)).get(word(arguments))
    if one is None:
        await act.refuse(Refusal("objectives.no_activity", {"code": word(arguments)}))
        return
    buttons = [
        [act.button(act.text("objectives.button_correct"), "act_new", one.code)],
        [act.button(act.text("objectives.button_withdraw"), "act_drop", one.code)],
        [act.button(act.text("objectives.button_one", number=one.objectives[0]), "obj_show", one.objectives[0])],
    ]
    await act.say(*_whole(act, one), buttons=buttons)


def _whole(act: Act, one: Activity) -> list[str | Line]:
    numbers = ", ".join(map(str, one.objectives))
    return [told(act.me, one), act.text("objectives.of_objectives", len(one.objectives), numbers=numbers)]


async def begin(act: Act, arguments: Sequence[str]) -> None:
    """Ask for a new activity, or for what is to be corrected in one."""
    if not await act.allow("keep_activities", EXERCISE):
        return
    given = {"first_year": str(FIRST_YEAR), "last_year": str(act.now.year + MOST_AHEAD), "code": "", "current": ""}
    if arguments:
        one = (await _catalogue(act)).get(arguments[0])
        if one is None:
            await act.refuse(Refusal("objectives.no_activity", {"code": arguments[0]}))
            return
        given |= {"code": one.code, "current": "\n".join(map(str, _whole(act, one)))}
    await act.begin("activity", given)


async def kept(act: Act, filled: Filled) -> bool:
    """The form is filled in."""
    code = filled.given.get("code", "")
    before = (await _catalogue(act)).get(code) if code else None
    if code and before is None:
        await act.refuse(Refusal("objectives.no_activity", {"code": code}))
        return False
    one = _of_form(filled, before)
    facts = await act.take(KeepActivities((one,)), EXERCISE)
    if facts is None:
        return False
    first = one.objectives[0]
    await act.say(
        act.text("objectives.corrected" if code else "objectives.added", title=one.title(act.language)),
        buttons=[[act.button(act.text("objectives.button_one", number=first), "obj_show", first)]],
    )
    return True


def _of_form(filled: Filled, before: Activity | None) -> Activity:
    """What the form says, over what was known before of what it did not ask."""

    def of(name: str) -> dict[str, str]:
        return {language: said for language in LANGUAGES if (said := filled.get(f"{name}_{language}"))}

    asked = set(filled.chosen("what")) if before is not None else None
    first = _day(filled.get("begins"))
    year = first.year if first is not None else filled.number("year")
    translated = frozenset({filled.get("translated")} & set(LANGUAGES))
    objectives = tuple(int(one.removeprefix(OBJECTIVE)) for one in filled.chosen("objectives"))
    place, organisers = filled.get("place"), filled.get("organisers")
    said = Activity(
        code=before.code if before is not None else "",
        kind=filled.get("kind") or "other",  # type: ignore[arg-type]
        objectives=objectives,
        year=year or 0,
        titles=of("title"),
        begins=first,
        ends=_day(filled.get("ends")) if first is not None else None,
        places=dict.fromkeys(LANGUAGES, place) if place else {},
        organisers=dict.fromkeys(LANGUAGES, organisers) if organisers else {},
        links=of("link"),
        translated=translated,
    )
    if before is None or asked is None:
        return said
    parts = {
        "title": ("titles", "translated"),
        "kind": ("kind",),
        "date": ("year", "begins", "ends"),
        "place": ("places",),
        "organisers": ("organisers",),
        "objectives": ("objectives",),
        "link": ("links",),
    }
    changed = {name: getattr(said, name) for part in asked & set(parts) for name in parts[part]}
    return replace(before, **changed)


def _day(said: str) -> date | None:
    return date.fromisoformat(said) if said else None


async def ask_withdrawal(act: Act, arguments: Sequence[str]) -> None:
    """Ask once more."""
    if not await act.allow("keep_activities", EXERCISE):
        return
    one = (await _catalogue(act)).get(word(arguments))
    if one is None:
        await act.refuse(Refusal("objectives.no_activity", {"code": word(arguments)}))
        return
    sure = act.button(act.text("objectives.button_sure"), "act_dropped", one.code)
    await act.say(act.text("objectives.sure", title=one.title(act.language)), buttons=[[sure]])


async def withdraw(act: Act, arguments: Sequence[str]) -> None:
    """Take it out of the catalogue."""
    one = (await _catalogue(act)).get(word(arguments))
    if await act.take(WithdrawActivity(word(arguments)), EXERCISE) is not None and one is not None:
        await act.say(act.text("objectives.withdrawn", title=one.title(act.language)))


async def report(act: Act, _arguments: Sequence[str] = ()) -> None:
    """Ask for the report."""
    if await act.allow("keep_activities", EXERCISE):
        await act.later("objectives_report")
        await act.say(act.text("objectives.report_begun"))


async def report_job(desk: Desk) -> None:
    """Make the report in every language and format, and bring it."""
    files: dict[str, bytes] = {}
    for language in i18n.languages():
        files |= await aligning.rendered(desk.services, desk.store, language, FORMATS, desk.now)
    async with desk.finish() as act:
        if not await act.allow("keep_activities", EXERCISE):
            return
        kinds = {name: MEDIA_TYPES[name.rpartition(".")[2]] for name in files}  # type: ignore[index]
        documents = [document(await act.keep(name, content, kinds[name])) for name, content in files.items()]
        await act.say(act.text("objectives.report_made"), documents=documents)


CAPABILITY = Capability(
    commands={"objectives": Command(objectives, "see_objectives")},
    presses={
        "objs": turned,
        "obj": one_of_them,
        "obj_show": anew,
        "obj_countries": countries,
        "obj_report": report,
        "act": activity,
        "act_new": begin,
        "act_drop": ask_withdrawal,
        "act_dropped": withdraw,
    },
    forms={"activity": kept},
    jobs={"objective_countries": countries_job, "objectives_report": report_job},
)
