"""The release of restricted answers in conversation: asked of the coordinator right after the acceptance."""

from __future__ import annotations

from collections.abc import Sequence

from bot.acting import Act
from bot.contributed import Contributed, contributed, opened
from bot.matters import about
from bot.messages import Button
from bot.pressed import number
from bot.speaking import styled
from bot.steps.capability import Capability, Task
from flows.country.contribution import restricted_questions
from flows.country.recap import marks_of
from flows.country.steps.contributions import Release, to_decide
from flows.interview.answers import Answered
from flows.questionnaires.wording import words_of

KEY = "release"


def restricted(found: Contributed) -> list[Answered]:
    """The answers that are restricted to the State, but for those that are confidential anyway."""
    marks = marks_of((one for one in found.answers if one.status == "answered"), found.stored.country, found.form)
    kept = restricted_questions(words_of(found.form))
    return [one for one in found.answers if one.name in kept and marks.get(one.path) == "restricted"]


def advice(found: Contributed, name: str) -> str:
    """What the entity thinks of a release: yes · no · "" where it said nothing."""
    return found.said(f"{name.partition('_')[0]}_release")


async def ask_release(act: Act, found: Contributed, *, edit: bool = False) -> None:
    """Put the decision before the coordinator; where nothing is restricted, there is none to take."""
    kept = restricted(found)
    if not kept:
        if found.handed is not None and not found.handed.decided:
            await act.take(Release(found.id, found.count, ()))
        return
    agreed = [one for one in kept if advice(found, one.name) != "no"]
    lines = _advices(act, found, kept)
    arguments = found.id, found.count
    buttons: list[list[Button]] = []
    if agreed:
        key = "release_all" if len(agreed) == len(kept) else "release_agreed"
        label = act.text(f"contributions.{key}", len(agreed))
        buttons.append([act.button(label, "releasing", *arguments, *(one.name for one in agreed))])
    buttons.append([act.button(act.text("contributions.release_none"), "releasing", *arguments)])
    if len(kept) > 1 or len(agreed) < len(kept):
        buttons.append([act.button(act.text("contributions.release_some"), "choosing", *arguments, 0)])
    intro = act.text("contributions.restricted_here", len(kept), entity=found.called(act.language))
    await act.say(intro, *styled("item", *lines), buttons=buttons, key=f"{KEY} {found.id}", edit=edit)


async def decide(act: Act, arguments: Sequence[str]) -> None:
    """The button that asks for the decision, at any time after the acceptance."""
    found = await opened(act, arguments)
    if found is not None and await act.allow("release_restricted", found.stored.country):
        if found.state != "accepted":
            await act.say(act.text("contributions.not_accepted"))
        elif not restricted(found):
            await act.say(act.text("contributions.nothing_restricted"))
        else:
            await ask_release(act, found)


async def choose(act: Act, arguments: Sequence[str]) -> None:
    """One by one: each button ticks an answer. The last argument says which are ticked, bit by bit."""
    found = await opened(act, arguments)
    if found is None or not await act.allow("release_restricted", found.stored.country):
        return
    kept = restricted(found)
    mask = number(arguments, 2)
    ticks = []
    for at in range(len(kept)):
        toggle = act.button(str(at + 1), "choosing", found.id, number(arguments, 1), mask ^ (1 << at))
        ticks.append(Button(toggle.label, toggle.action, ticked=bool(mask & (1 << at))))
    names = [one.name for at, one in enumerate(kept) if mask & (1 << at)]
    label = act.text("contributions.release_chosen", len(names)) if names else act.text("contributions.release_none")
    done = [act.button(label, "releasing", found.id, number(arguments, 1), *names)]
    lines = styled("item", *_advices(act, found, kept))
    which = act.text("contributions.release_which")
    await act.say(which, *lines, buttons=[ticks, done], key=f"{KEY} {found.id}", edit=True)


def _advices(act: Act, found: Contributed, kept: Sequence[Answered]) -> list[str]:
    """Each question, and what the entity thinks of releasing its answer."""
    return [
        act.text(f"contributions.advice_{advice(found, one.name) or 'none'}", None, number=at, label=one.label)
        for at, one in enumerate(kept, 1)
    ]


async def release(act: Act, arguments: Sequence[str]) -> None:
    """The decision: these answers are released, and no others of the contribution."""
    found = await opened(act, arguments)
    if found is None:
        return
    known = {one.name for one in restricted(found)}
    names = tuple(name for name in arguments[2:] if name in known)
    step = Release(found.id, number(arguments, 1), names, restricted_questions(words_of(found.form)))
    if await act.take(step, found.stored.country) is None:
        return
    entity = found.called(act.language)
    key = "contributions.released" if names else "contributions.kept"
    await act.say(act.text(key, len(names) or None, entity=entity), key=f"{KEY} {found.id}", edit=True)


async def tasks(act: Act) -> Sequence[Task]:
    """Decisions not taken yet."""
    if not act.may("release_restricted"):
        return ()
    course = await act.course()
    found = []
    for one in to_decide(course):
        known = await contributed(act, one.interview_id)
        if known is not None and restricted(known):
            line = act.text("contributions.task_release", entity=known.called(act.language))
            button = act.button(act.text("contributions.decide"), "deciding", known.id)
            found.append(Task(line, button, await about(act, course, "release", known.id, one.since)))
    return found


CAPABILITY = Capability(
    presses={"deciding": decide, "choosing": choose, "releasing": release},
    tasks=tasks,
)
