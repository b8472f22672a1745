"""The expression of interest in conversation: asked of the focal point, answered with a small form."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time

from bot.acting import Act
from bot.companions import Filled
from bot.matters import about, newest
from bot.speaking import Speaker
from bot.steps.capability import Capability, Command, Task
from flows.country.steps.interest import ExpressInterest, InterestExpressed
from flows.knowledge import country


async def begin(act: Act, _arguments: Sequence[str]) -> None:
    """Ask whether the country takes part; what was answered before can be changed."""
    if await act.allow("express_interest"):
        await act.begin("interest", {"country_name": country(act.person.country).name(act.language)})


async def expressed(act: Act, filled: Filled) -> bool:
    """The form is filled in."""
    answer = filled.get("answer")
    expected = filled.get("expected_on")
    step = ExpressInterest(
        answer if answer in ("yes", "no") else "later",  # type: ignore[arg-type]
        date.fromisoformat(expected) if expected else None,
        filled.file("letter"),
        filled.get("authority"),
        filled.get("endorser"),
    )
    facts = await act.take(step)
    if facts is None:
        return False
    said = next(fact for fact in facts if isinstance(fact, InterestExpressed))
    place = country(act.person.country)
    await act.say(act.text(f"interest.thanks_{said.answer}", **{"of": place.forms(act.language).of}))

    def told(to: Speaker) -> str:
        return to.text(f"interest.told_{said.answer}", country=place.name(to.language), authority=said.authority)

    await act.tell(await act.people("secretariat"), lambda to: to.prompt(told(to)))
    return True


async def waiting(act: Act) -> Sequence[Task]:
    """The question itself, until it is answered."""
    if not act.may("express_interest"):
        return ()
    course = await act.course()
    interest = course.interest
    if interest.answer in ("yes", "no"):
        return ()
    expected = datetime.combine(interest.expected_on, time.min, UTC) if interest.expected_on is not None else None
    matter = await about(act, course, "interest", since=newest(interest.opened_at, interest.answered_at, expected))
    return [Task(act.text("interest.task"), act.button(act.text("interest.button"), "interest"), matter)]


CAPABILITY = Capability(
    commands={"interest": Command(begin, "express_interest")},
    presses={"interest": begin},
    forms={"interest": expressed},
    tasks=waiting,
)
