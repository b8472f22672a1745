"""The senior officials' brief in conversation: `/brief`, `/brief 2027-06-15`, for the secretariat."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from bot import briefing
from bot.acting import Act, document
from bot.jobs import Desk
from bot.messages import Line
from bot.pressed import one_of
from bot.steps.capability import Capability, Command
from flows import i18n
from flows.country.dates import written
from flows.country.ledger import EXERCISE


async def brief(act: Act, arguments: Sequence[str] = ()) -> None:
    """Have it made in one's own language, for today or an earlier day."""
    if not await act.allow("see_all_countries", EXERCISE):
        return
    on = act.now.date()
    if arguments:
        try:
            on = date.fromisoformat(arguments[0])
        except ValueError:
            await act.say(act.text("brief.no_date"))
            return
    await _ask(act, on, i18n.base(act.language))


async def in_language(act: Act, arguments: Sequence[str]) -> None:
    """The same in another language: `brief_in en 2027-06-15`."""
    if not await act.allow("see_all_countries", EXERCISE):
        return
    language = one_of(i18n.languages(), arguments)
    try:
        on = date.fromisoformat(arguments[1] if len(arguments) > 1 else "")
    except ValueError:
        await act.say(act.text("steps.stale"))
        return
    await _ask(act, on, language)


async def _ask(act: Act, on: date, language: str) -> None:
    if on > act.now.date():
        await act.say(act.text("brief.date_ahead", day=written(on, act.language)))
        return
    await act.later("brief", on=on.isoformat(), language=language)
    await act.say(act.text("brief.begun"))


async def job(desk: Desk) -> None:
    """Make both files, and bring them."""
    on = date.fromisoformat(str(desk.job.payload["on"]))
    language = str(desk.job.payload["language"])
    files = await briefing.rendered(desk.services, desk.store, on, [language], briefing.FORMATS, desk.now)
    async with desk.finish() as act:
        if not await act.allow("see_all_countries", EXERCISE):
            return
        documents = [
            document(await act.keep(name, content, briefing.media_type(name))) for name, content in files.items()
        ]
        others = [one for one in i18n.languages() if one != language]
        buttons = [[act.button(act.text(f"brief.button_{one}"), "brief_in", one, on.isoformat())] for one in others]
        await act.audit("made the senior officials' brief", "answers", None, on=on.isoformat(), language=language)
        title = act.text("brief.made", day=written(on, act.language))
        await act.say(Line(title, "title"), act.text("brief.made_of"), documents=documents, buttons=buttons)


CAPABILITY = Capability(
    commands={"brief": Command(brief, "see_all_countries")},
    presses={"brief_in": in_language},
    jobs={"brief": job},
)
