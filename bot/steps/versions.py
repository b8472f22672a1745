"""Which country and which version a command or a button means, and what was kept of it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence

from bot import editions
from bot.acting import Act, Services
from bot.pressed import country_and_number
from bot.speaking import Speaker
from db.database import Store
from flows import i18n, knowledge
from flows.country.guide import Guide
from flows.country.steps.base import Refusal
from flows.country.steps.drafts import PASSAGES, Comment, Draft
from flows.country.walking import sections, titled
from flows.knowledge import UnknownCountry
from flows.questionnaires.wording import wording


async def country_of(act: Act, arguments: Sequence[str]) -> tuple[str, tuple[str, ...]]:
    """The country meant and the rest of the arguments: one's own, or the one named first; for the secretariat, the one
    named first goes before its own. "" and a word said where a person of no country named none."""
    own = act.person.country
    if own and (act.person.role != "secretariat" or not arguments):
        return own, tuple(arguments)
    if not arguments:
        await act.say(act.text("drafts.which_country"))
        return "", ()
    try:
        return knowledge.country(arguments[0]).code, tuple(arguments[1:])
    except UnknownCountry:
        if own:
            return own, tuple(arguments)
        await act.say(act.text("drafts.unknown_country", code=arguments[0][:20]))
        return "", ()


async def version_of(act: Act, arguments: Sequence[str]) -> tuple[str, Draft | None]:
    """Country and version that a button names; None, said, where there is no such version."""
    country, number = country_and_number(arguments)
    draft = (await act.course(country)).drafts.of(number)
    if draft is None:
        await act.refuse(Refusal("drafts.none"))
    return country, draft


async def guides_of(
    services: Services, store: Store, country: str, versions: Iterable[int]
) -> list[Mapping[str, Guide]]:
    """The guides of versions, as they were kept; empty for one that does not exist."""
    async with store.reading() as tx:
        course = await services.dossiers.course(tx, country)
    drafts = [course.drafts.of(version) for version in versions]
    return [
        await asyncio.to_thread(editions.read_guides, services.vault, draft.guides) if draft is not None else {}
        for draft in drafts
    ]


def sections_of(services: Services, draft: Draft, language: str) -> list[tuple[str, str]]:
    """Anchor and title of each section of a version, in the reader's language where there is such an edition."""
    guides = editions.read_guides(services.vault, draft.guides)
    guide = guides.get(i18n.base(language)) or next(iter(guides.values()))
    return [(section.anchor, titled(section)) for section in sections(guide)]


async def places_of(act: Act, draft: Draft) -> Callable[[Speaker, str], str]:
    """How the place that a comment on a version is about is called, by its anchor."""
    titles = dict(await asyncio.to_thread(sections_of, act.services, draft, act.language))
    beside = {"": "drafts.whole", PASSAGES: "drafts.passages"}
    return lambda to, anchor: to.text(beside[anchor]) if anchor in beside else titles.get(anchor, anchor)


def questions_of(comment: Comment) -> tuple[str, ...]:
    """The numbers of the questions whose answers a comment concerns, such as S3."""
    paths = [answer.partition(" ")[2] for answer in comment.answers]
    names = [path.rpartition("/")[2].partition("[")[0] for path in paths if path]
    return tuple(dict.fromkeys(wording().asked(name, "")[0] or name for name in names))


async def labels_of(act: Act, numbers: Iterable[int | None]) -> dict[int | None, str]:
    """How people are shown, by number."""
    found: dict[int | None, str] = {}
    for number in {number for number in numbers if number is not None}:
        person = await act.tx.people.get(number)
        if person is not None and person.label:
            found[number] = person.label
    return found


def name_of(speaker: Speaker | Act, country: str) -> str:
    return knowledge.country(country).name(speaker.language)
