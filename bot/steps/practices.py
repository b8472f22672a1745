"""Good practices that entities of other countries agreed to share: /practices."""

from __future__ import annotations

from collections.abc import Sequence

from bot.acting import Act, document
from bot.gathering import gather
from bot.jobs import Desk
from bot.messages import Line
from bot.speaking import Speaker
from bot.steps.capability import Capability, Command
from flows import i18n, knowledge
from flows.country.sharing import SharedPractice, shared

SHOWN = 5
"""In the message; all are in the file."""
LONG = 400
"""Characters of one answer in the message."""


async def practices(act: Act, _arguments: Sequence[str] = ()) -> None:
    """Ask for them."""
    if not await act.allow("share_across"):
        return
    await act.later("practices")
    await act.say(act.text("rights.practices_begun"))


async def practices_job(desk: Desk) -> None:
    """Read what every other country accepted, and give what may be given of it."""
    async with desk.store.reading() as tx:
        person = await tx.people.get(desk.job.person_id) if desk.job.person_id is not None else None
        chains = await tx.ledger.chains()
    if person is None or person.ended_at is not None:
        return
    found: list[SharedPractice] = []
    for country in chains:
        if not country or country == person.country:
            continue
        language = knowledge.country(country).bot_languages[0]
        gathered = await gather(desk.store, desk.services.interviews.forms, country, language, desk.now)
        found += shared(voice.contribution for voice in gathered.voices)
    async with desk.finish() as act:
        if not await act.allow("share_across"):
            return
        if not found:
            await act.say(act.text("rights.practices_none"))
            return
        lines = [Line(act.text("rights.practices_title", len(found)), "title")]
        for one in found[:SHOWN]:
            lines += _lines(act.me, one, LONG)
        documents = []
        if len(found) > SHOWN:
            lines.append(Line(act.text("rights.practices_more", len(found) - SHOWN)))
            whole = [line.text for one in found for line in (*_lines(act.me, one), Line(""))]
            content = ("\ufeff" + "\r\n".join(whole)).encode("utf-8", "replace")
            documents.append(document(await act.keep("practices.txt", content, "text/plain")))
        await act.audit("read shared practices", "answers", None, practices=len(found))
        await act.say(*lines, documents=documents)


def _lines(to: Speaker, one: SharedPractice, most: int = 0) -> list[Line]:
    country = knowledge.country(one.country).name(to.language)
    lines = [Line(to.text("rights.practice", title=_cut(one.title, most), country=country, entity=one.entity), "item")]
    for name in ("done", "result", "url"):
        if value := getattr(one, name):
            lines.append(Line(to.text(f"rights.practice_{name}", text=_cut(value, most))))
    if one.language and i18n.base(one.language) != i18n.base(to.language):
        lines.append(Line(to.text("rights.practice_said", language=_named(one.language, to.language))))
    return lines


def _cut(value: str, most: int) -> str:
    return value if not most or len(value) <= most else f"{value[: most - 1].rstrip()}…"


def _named(language: str, shown: str) -> str:
    from babel import Locale

    return Locale.parse(i18n.base(language)).get_display_name(i18n.base(shown)) or language


CAPABILITY = Capability(commands={"practices": Command(practices, "share_across")}, jobs={"practices": practices_job})
