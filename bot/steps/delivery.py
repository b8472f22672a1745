"""A published guide put where its endorsement allows: by itself, and again when somebody asks for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.acting import Act, why
from bot.delivering import IMAP, deliver, deliver_map
from bot.gathering import Unreadable
from bot.jobs import Desk
from bot.messages import Prompt
from bot.speaking import Speaker, styled
from bot.steps.capability import Capability
from bot.steps.versions import country_of, name_of
from bot.targets import NoPackage, Target
from flows.country.delivery import called, deliverable
from flows.country.steps.base import Refusal
from flows.country.steps.course import Course
from flows.country.steps.endorsement import Channel


async def again(act: Act, arguments: Sequence[str]) -> None:
    """Have the guide published last delivered once more."""
    country, _ = await country_of(act, arguments)
    if country and await act.allow("publish", country):
        await act.later("deliver", country=country)
        await act.say(act.text("delivery.under_way"))


async def deliver_job(desk: Desk) -> None:
    """Put the guide published last into every target that its endorsement allows; tell the secretariat."""
    country = str(desk.job.payload["country"])
    async with desk.store.reading() as tx:
        course = await desk.services.dossiers.course(tx, country)
    last = course.publications.last
    problems = {
        channel: await _delivered(desk, course, channel, target)
        for channel, target in desk.services.targets.items()
        if not isinstance(deliverable(course, channel), Refusal)
    }
    async with desk.finish() as act:
        if last is None or not problems:
            return

        def tell(to: Speaker) -> Prompt:
            return _told(to, country, last.version, problems)

        await act.show(tell(act.me))
        others = await act.people("secretariat", country=country)
        await act.tell([one for one in others if one.id != act.person.id], tell)
        reached = [channel for channel, problem in problems.items() if problem is None]
        await act.audit("deliver", "publications", last.version, country=country, channels=" ".join(reached))


async def _delivered(desk: Desk, course: Course, channel: Channel, target: Target) -> Refusal | None:
    """Deliver to one target; what stood in the way."""
    try:
        done = await deliver(desk.services, course, channel, target)
        if isinstance(done, Refusal):
            return done
        if channel == IMAP:
            await deliver_map(desk.services, desk.store, target, desk.now)
    except OSError as problem:
        return Refusal("delivery.not_written", {"error": problem.strerror or type(problem).__name__})
    except NoPackage:
        return Refusal("imap.damaged")
    except Unreadable as problem:
        return Refusal("guides.unreadable", {"number": problem.number})
    return None


def _told(to: Speaker, country: str, version: int, problems: Mapping[Channel, Refusal | None]) -> Prompt:
    """Where the guide stands now, and where it could not be put."""
    place = {channel: to.text(called(channel)) for channel in problems}
    reached = [place[channel] for channel, problem in problems.items() if problem is None]
    missed = [
        to.text("delivery.missed_at", place=place[channel], problem=why(problem, to.language))
        for channel, problem in problems.items()
        if problem is not None
    ]
    name = name_of(to, country)
    lines = []
    for key, places in (("delivery.reached", reached), ("delivery.missed", missed)):
        if places:
            lines += [*styled("body", to.text(key, version=version, country=name)), *styled("item", *places)]
    buttons = [[to.button(to.text("delivery.button_again"), "deliver_again", country)]] if missed else []
    return to.prompt(*lines, buttons=buttons)


CAPABILITY = Capability(presses={"deliver_again": again}, jobs={"deliver": deliver_job})
