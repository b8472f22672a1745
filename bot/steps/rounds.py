"""The yearly round in conversation: opened, answered with one tap an answer, reported."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import timedelta

from bot import companions
from bot.acting import Act
from bot.interviews import Step
from bot.jobs import Desk
from bot.matters import about, last_said
from bot.messages import Button, Line
from bot.pressed import NotOurs, code, country_and_number
from bot.pressed import number as number_at
from bot.speaking import styled
from bot.steps.capability import Capability, Command, Task
from bot.steps.delegation import go_on
from bot.steps.versions import country_of, name_of
from db.answers import Answer
from db.interviews import StoredInterview
from db.transaction import Transaction
from flows.country.dates import written
from flows.country.follow_ups.schedule import Matter
from flows.country.steps.base import Refusal
from flows.country.steps.rounds import CloseRound, OpenRound, Round, RoundAnswered, RoundOpened
from flows.interview.answers import answers
from flows.interview.events import Recorded
from flows.interview.form import Form
from flows.interview.interview import Turn
from flows.interview.logic import Session
from flows.interview.plan import plan_of
from flows.interview.reopening import let_be, reopen, reopened
from flows.interview.state import Interview

WHY = "yearly"
YEAR = timedelta(days=365)
MOST = 15  # changes named in a message
SHORT = 120  # characters of an answer in a list


async def round_(act: Act, arguments: Sequence[str]) -> None:
    """How the round stands; or the offer to open one."""
    country, _ = await country_of(act, arguments)
    if not country or not await act.allow("open_round", country):
        return
    found = (await act.course(country)).rounds
    if found.open is None:
        lines = [act.text("rounds.offer", country=name_of(act, country))]
        rows = [[act.button(act.text("rounds.button_open"), "round_open", country)]]
        if found.made:
            rows.append([act.button(act.text("rounds.button_report"), "round_report", country, found.made[-1].number)])
        await act.say(*lines, buttons=rows)
        return
    await act.say(
        act.text("rounds.stands", len(found.open.asked), number=found.open.number, done=len(found.open.done)),
        buttons=[
            [act.button(act.text("rounds.button_report"), "round_report", country, found.open.number)],
            [act.button(act.text("rounds.button_close"), "round_close", country, found.open.number)],
        ],
    )


async def open_(act: Act, arguments: Sequence[str]) -> None:
    """Open a round: every contribution is put again, one job each."""
    country = code(arguments)
    facts = await act.take(OpenRound(), country)
    if facts is None:
        return
    opened = next(fact for fact in facts if isinstance(fact, RoundOpened))
    for number in opened.asked:
        stored = await act.tx.interviews.get(number)
        if stored is not None:
            await act.tx.jobs.put("round", {"country": country, "interview": number}, stored.person_id, act.now)
    await act.say(act.text("rounds.opened", len(opened.asked), country=name_of(act, country)))


async def ask_job(desk: Desk) -> None:
    """Put the answers of one contribution again, and tell its official."""
    number = int(desk.job.payload["interview"])
    async with desk.finish() as act:
        found = (await act.course(str(desk.job.payload["country"]))).rounds.open
        if found is None or number not in found.left:
            return
        await act.tx.interviews.lock(number, None)

        def make(form: Form, interview: Interview, session: Session | None) -> Turn:
            sections = [section.path for section in plan_of(form).sections]
            return reopen(form, interview, sections, why="yearly", now=act.now, session=session)

        step = await act.services.interviews.change(act.tx, number, make, act.now)
        left = sum(why == WHY for why, _ in reopened(step.kept).values())
        await act.say(
            act.text("rounds.please", left, number=found.number),
            buttons=[[_begin(act, found)]],
        )


def _begin(act: Act, found: Round) -> Button:
    return act.button(act.text("rounds.button_begin"), "round_go", found.number)


async def go(act: Act, arguments: Sequence[str]) -> None:
    """Begin to confirm, or go on, as long as the round is open."""
    rounds, number = (await act.course()).rounds, number_at(arguments)
    found = rounds.made[number - 1] if 0 < number <= len(rounds.made) else None
    own = await companions.questionnaire(act, act.person.id)
    if found is None or own not in found.asked:
        raise NotOurs(number)
    if rounds.open is not None and own in rounds.open.left:  # the round of the year after may be under way by now
        await go_on(act)
    elif own in found.done:
        await act.say(act.text("rounds.already_through"))
    elif found.closed_at is not None:
        await act.say(act.text("rounds.over", number=number, date=written(found.closed_at.date(), act.language)))


async def watch(act: Act, step: Step) -> None:
    """A contribution is through when nothing of it is left to confirm."""
    revised = any(isinstance(event, Recorded) and event.old_status for event in step.turn.events)
    if not revised or any(why == WHY for why, _ in reopened(step.kept).values()):
        return
    found = (await act.course()).rounds.open
    if found is None or step.interview_id not in found.left:
        return
    said = await _said(act.tx, step.interview_id, found)
    confirmed, changed = _counted(said)
    await act.record(RoundAnswered(step.interview_id, confirmed, len(changed)))
    course = await act.course()
    if not changed and course.contributions.status(step.interview_id) == "accepted":
        await act.tx.interviews.lock(step.interview_id, act.now)
    key = "rounds.thanks_changed" if changed else "rounds.thanks"
    await act.say(act.text(key, confirmed, changed=len(changed)))  # that they are to be handed in is said elsewhere
    entity = await act.tx.entities.get(act.person.entity_id) if act.person.entity_id is not None else None
    country, number = act.person.country, found.number
    if course.rounds.open is None:
        await act.tell(
            await act.people("secretariat"),
            lambda to: to.prompt(
                to.text("rounds.told_all", country=name_of(to, country), number=number),
                buttons=[[to.button(to.text("rounds.button_report"), "round_report", country, number)]],
            ),
        )
    await act.tell(
        await act.people("coordinator"),
        lambda to: to.prompt(
            to.text(
                *("rounds.told", confirmed),
                entity=entity.name if entity is not None else to.text("contributions.unnamed"),
                changed=len(changed),
            ),
            buttons=[[to.button(to.text("rounds.button_report"), "round_report", country, number)]],
        ),
    )


def _counted(said: Sequence[Answer]) -> tuple[int, list[Answer]]:
    """How many answers were confirmed, and the last revision of each that changed."""
    last = {one.path: one for one in said if one.status in ("answered", "skipped", "unknown", "cleared")}
    first: dict[str, str] = {}
    for one in said:
        first.setdefault(one.path, one.old_value)
    changed = [one for path, one in last.items() if one.value != first[path]]
    return len(last) - len(changed), changed


async def report(act: Act, arguments: Sequence[str]) -> None:
    """What a round has changed, entity by entity."""
    country, number = country_and_number(arguments)
    if not await act.allow("open_round", country):
        return
    made = (await act.course(country)).rounds.made
    number = number or len(made)
    if not 0 < number <= len(made):
        await act.refuse(Refusal("rounds.none_open"))
        return
    await act.later("round_report", country=country, number=number)


async def report_job(desk: Desk) -> None:
    """The report of a round: confirmed, changed (old and new), still to come."""
    country, number = str(desk.job.payload["country"]), int(desk.job.payload["number"])
    async with desk.store.reading() as tx:
        found = (await desk.services.dossiers.course(tx, country)).rounds.made[number - 1]
        entities = {one.id: one.name for one in await tx.entities.of_country(country)}
        said = {one: await _said(tx, one, found) for one in found.asked}
        stored = {one: await tx.interviews.get(one) for one in found.asked}
    async with desk.finish() as act:
        lines: list[str | Line] = [act.text("rounds.report", len(found.asked), number=number, done=len(found.done))]
        shown = 0
        for interview, revisions in said.items():
            one = stored[interview]
            name = entities.get(one.entity_id, "") if one is not None and one.entity_id is not None else ""
            confirmed, changed = _counted(revisions)
            lines += styled("title", name or act.text("contributions.unnamed"))
            if interview in found.left and not revisions:
                lines.append(act.text("rounds.never" if found.closed_at is not None else "rounds.not_yet"))
                continue
            lines.append(act.text("rounds.counts", confirmed, changed=len(changed)))
            form = await act.services.interviews.form_held(act.tx, one) if one is not None else None
            labels = _labels(form, one, desk, act.language) if form is not None and one is not None and changed else {}
            for answer in changed[: max(0, MOST - shown)]:
                shown += 1
                label = _short(labels.get(answer.path, answer.path.rpartition("/")[2]))
                old = next((each.old_value for each in revisions if each.path == answer.path), "")
                hidden = answer.confidential
                new = act.text("contributions.kept_confidential") if hidden else _short(answer.display)
                before = act.text("contributions.kept_confidential") if hidden else _short(old)
                lines += styled("item", act.text("rounds.change", label=label, old=before, new=new))
        await act.say(*lines)


async def _said(tx: Transaction, interview: int, found: Round) -> list[Answer]:
    until = found.closed_at
    history = await tx.answers.history(interview)
    return [one for one in history if one.at >= found.opened_at and (until is None or one.at <= until)]


def _labels(form: Form, stored: StoredInterview, desk: Desk, language: str) -> dict[str, str]:
    """What each question of an interview is called."""
    interview = Interview.from_json(json.loads(stored.state))
    return {one.path: one.label for one in answers(form, interview, language, now=desk.now)}


def _short(words: str) -> str:
    line = " ".join(words.split())
    return line if len(line) <= SHORT else f"{line[: SHORT - 1]}…"


async def close(act: Act, arguments: Sequence[str]) -> None:
    """End the round before everybody is through."""
    country, number = country_and_number(arguments)
    if await act.take(CloseRound(number), country) is None:
        return
    await act.say(act.text("rounds.closed"))
    for left in (await act.course(country)).rounds.made[number - 1].left:
        stored = await act.tx.interviews.get(left)
        if stored is not None:
            payload = {"country": country, "interview": left, "number": number}
            await act.tx.jobs.put("round_over", payload, stored.person_id, act.now)


async def over_job(desk: Desk) -> None:
    """Ask no more in a contribution that was not gone through, and tell its official."""
    payload = desk.job.payload
    country, number, interview_id = str(payload["country"]), int(payload["number"]), int(payload["interview"])
    async with desk.finish() as act:
        course = await act.course(country)
        closed_at = course.rounds.made[number - 1].closed_at
        if course.rounds.open is not None or closed_at is None:
            return  # another round has begun since, and asks the same

        def make(form: Form, interview: Interview, session: Session | None) -> Turn:
            return let_be(form, interview, why="yearly", now=act.now, session=session)

        await act.services.interviews.change(act.tx, interview_id, make, act.now)
        if course.contributions.status(interview_id) == "accepted":
            await act.tx.interviews.lock(interview_id, act.now)
        await act.say(act.text("rounds.over", number=number, date=written(closed_at.date(), act.language)))


async def tasks(act: Act) -> Sequence[Task]:
    """For an official, answers still to confirm; for the secretariat, rounds to be opened."""
    if act.person.role == "secretariat":
        return await _due(act)
    if act.person.role not in ("official", "coordinator"):
        return ()
    course = await act.course()
    found = course.rounds.open
    if found is None:
        return ()
    own = await companions.questionnaire(act, act.person.id)
    if own is None or own not in found.left:
        return ()
    since = await last_said(act, own, found.opened_at)
    line = act.text("rounds.task", number=found.number)
    return [Task(line, _begin(act, found), await about(act, course, "round", own, since))]


async def _due(act: Act) -> list[Task]:
    """For the secretariat: countries whose guide was published, or answers were asked again, a year ago or more."""
    courses = await act.services.dossiers.courses(act.tx)
    found = []
    for country in sorted(courses):
        published, rounds = courses[country].publications.last, courses[country].rounds
        if published is None or rounds.open is not None or not courses[country].contributions.in_state("accepted"):
            continue
        last = max([published.at, *(one.opened_at for one in rounds.made)])
        if last + YEAR <= act.now:
            date = written(last.date(), act.language)
            line = act.text("rounds.task_due", country=name_of(act, country), date=date)
            button = act.button(act.text("rounds.button_open"), "round_open", country)
            found.append(Task(line, button, Matter("round_due", country, last + YEAR)))
    return found


CAPABILITY = Capability(
    commands={"round": Command(round_, "open_round")},
    presses={"round_open": open_, "round_go": go, "round_report": report, "round_close": close},
    jobs={"round": ask_job, "round_over": over_job, "round_report": report_job},
    tasks=tasks,
    watch=watch,
)
