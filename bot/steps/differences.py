"""Differences between entities in conversation: both texts shown, one decision asked of the coordinator."""

from __future__ import annotations

from collections.abc import Sequence

from bot import editions
from bot.acting import Act
from bot.companions import Filled
from bot.jobs import Desk
from bot.matters import about, newest
from bot.messages import Line, Prompt
from bot.pressed import number, one_of, word
from bot.speaking import Speaker, styled
from bot.steps.capability import Capability, Command, Task
from flows.country.additions import Resolution, Side
from flows.country.dates import written
from flows.country.dossier import Difference
from flows.country.draft.decided import point, sides_of
from flows.country.draft.desk import Desk as Wording
from flows.country.ledger import digest
from flows.country.steps.differences import DifferencesNoticed, OpenAgain, SettleDifference, claims_of
from flows.i18n import FALLBACK

A_PAGE = 8
LETTERS = 48  # of a side in a button
HOW = ("pick", "merge", "practice")  # as buttons bring it back


async def differences(act: Act, arguments: Sequence[str] = ()) -> None:
    """Ask for the list of what is to be settled."""
    if await act.allow("resolve_difference"):
        await act.later("differences", country=act.person.country, page=number(arguments))


async def differences_job(desk: Desk) -> None:
    """Every difference still open, each with its button; and those settled, to be opened again."""
    country, page = str(desk.job.payload["country"]), int(desk.job.payload["page"])
    basis = await editions.gather_basis(desk.services, desk.store, country, desk.now, accepted=False)
    async with desk.finish() as act:
        wording = Wording(basis.dossier, basis.country, act.language)
        found = basis.dossier.differences
        await _noticed(act, country, found)
        settled = basis.dossier.decided
        if not found and not settled:
            await act.say(act.text("differences.none"))
            return
        shown = found[page * A_PAGE : (page + 1) * A_PAGE]
        lines: list[str | Line] = [act.text("differences.list", len(found))]
        rows = []
        again = {one.difference.key for one in basis.dossier.reopened}
        for number, one in enumerate(shown, page * A_PAGE + 1):
            item = "differences.item_again" if one.key in again else "differences.item"
            lines += styled("item", act.text(item, number=number, point=point(wording, one).text))
            rows.append([act.button(act.text("differences.button_settle", number=number), "difference", one.key)])
        if (page + 1) * A_PAGE < len(found):
            rows.append([act.button(act.text("differences.button_more"), "differences", page + 1)])
        if settled:
            lines.append(act.text("differences.settled", len(settled)))
            for number, decided in enumerate(settled[:A_PAGE], 1):
                told = point(wording, decided.difference).text
                lines += styled("item", act.text("differences.item", number=number, point=told))
                label = act.text("differences.button_again", number=number)
                rows.append([act.button(label, "difference_again", decided.difference.key)])
        await act.say(*lines, buttons=rows)


async def difference(act: Act, arguments: Sequence[str]) -> None:
    """Have one difference shown."""
    key = word(arguments)
    if await act.allow("resolve_difference"):
        await act.later("difference", country=act.person.country, key=key)


async def difference_job(desk: Desk) -> None:
    """Both texts, and what can be decided."""
    country, key = str(desk.job.payload["country"]), str(desk.job.payload["key"])
    basis = await editions.gather_basis(desk.services, desk.store, country, desk.now, accepted=False)
    async with desk.finish() as act:
        found = next((one for one in basis.dossier.differences if one.key == key), None)
        if found is None:
            await act.say(act.text("differences.gone"))
            return
        sides = sides_of(basis.dossier, basis.country, found, act.language)
        claims = claims_of(sides)
        lines: list[str | Line] = [Line(_point(basis, found, act.language), "title")]
        rows = []
        for number, side in enumerate(_once(sides), 1):
            lines += styled("body", act.text("differences.side", number=number, entity=side.entity))
            lines += styled("quote", side.text)
            label = act.text("differences.button_pick", number=number, text=_short(side.text))
            rows.append([act.button(label, "settle", key, "pick", claims, number)])
        rows.append([act.button(act.text("differences.button_merge"), "settle", key, "merge", claims, 0)])
        rows.append([act.button(act.text("differences.button_differs"), "settle", key, "practice", claims, 0)])
        before = next((one.resolution for one in basis.dossier.reopened if one.difference.key == key), None)
        if before is not None:
            lines.append(_before(act, before))
        lines.append(act.text("differences.kept"))
        await act.say(*lines, buttons=rows)


def _before(act: Act, resolution: Resolution) -> str:
    """What was decided of a difference whose texts have changed since."""
    return act.text(
        "differences.again",
        date=written(resolution.decided_on.date(), act.language),
        text=resolution.text or act.text("differences.decided_differs"),
        reason=resolution.reason,
    )


async def differing_job(desk: Desk) -> None:
    """A contribution was accepted: the coordinator is asked about what differs now, once for the same texts."""
    country = str(desk.job.payload["country"])
    basis = await editions.gather_basis(desk.services, desk.store, country, desk.now, accepted=False)
    found = basis.dossier.differences
    claims = {one.key: claims_of(sides_of(basis.dossier, basis.country, one, FALLBACK)) for one in found}
    async with desk.finish() as act:
        await _noticed(act, country, found)
        if not found:
            return

        def ask(to: Speaker) -> Prompt:
            wording = Wording(basis.dossier, basis.country, to.language)
            points = [point(wording, one).text for one in found[:A_PAGE]]
            items = [to.text("differences.item", number=number, point=one) for number, one in enumerate(points, 1)]
            return to.prompt(
                to.text("differences.ask", len(found)),
                *styled("item", *items),
                buttons=[[to.button(to.text("differences.button_list"), "differences", 0)]],
            )

        same = digest(sorted(claims.items()))[:16]
        await act.tell(await act.people("coordinator", country=country), ask, dedupe=f"differing {country} {same}")


async def _noticed(act: Act, country: str, found: Sequence[Difference]) -> None:
    """Keep which differences are open, where it is not known yet: what waits is told by it."""
    keys = [one.key for one in found]
    if set(keys) != set((await act.course(country)).differences.open):
        await act.record(DifferencesNoticed(tuple(sorted(keys))), country=country)


async def tasks(act: Act) -> Sequence[Task]:
    """For the coordinator: differences that were noticed and are not settled."""
    if not act.person.country or not act.may("resolve_difference"):
        return ()
    course = await act.course()
    known = course.differences
    if not known.open:
        return ()
    since = newest(*known.open.values(), *(one.decided_on for one in known.resolutions.values()))
    button = act.button(act.text("differences.button_list"), "differences", 0)
    matter = await about(act, course, "difference", "open", since)
    return [Task(act.text("differences.task", len(known.open)), button, matter)]


async def settle(act: Act, arguments: Sequence[str]) -> None:
    """What is decided is chosen: the reason, and a common text where there is one, are asked for."""
    key, how, claims = word(arguments), one_of(HOW, arguments, 1), word(arguments, 2)
    if await act.allow("resolve_difference"):
        await act.begin("resolution", {"key": key, "how": how, "claims": claims, "number": str(number(arguments, 3))})


async def settled(act: Act, filled: Filled) -> bool:
    """The decision is written down: it is checked against what the entities say now."""
    given = filled.given
    await act.later(
        "settle",
        country=act.person.country,
        key=given["key"],
        how="practice_differs" if given["how"] == "practice" else given["how"],
        claims=given["claims"],
        number=int(given["number"]),
        text=filled.get("text"),
        reason=filled.get("reason"),
        language=filled.language,
    )
    return True


async def settle_job(desk: Desk) -> None:
    """Record the decision, if the same texts still differ."""
    told = desk.job.payload
    country, key = str(told["country"]), str(told["key"])
    basis = await editions.gather_basis(desk.services, desk.store, country, desk.now, accepted=False)
    async with desk.finish() as act:
        found = next((one for one in basis.dossier.differences if one.key == key), None)
        sides = sides_of(basis.dossier, basis.country, found, act.language) if found is not None else ()
        text, number, once = str(told["text"]), int(told["number"]), _once(sides)
        if told["how"] == "pick":
            text = once[number - 1].text if 0 < number <= len(once) else ""
        step = SettleDifference(
            key, told["how"], text, str(told["reason"]), str(told["language"]), sides, str(told["claims"])
        )
        if await act.take(step, country) is not None:
            button = act.button(act.text("differences.button_next"), "differences", 0)
            await act.say(act.text("differences.thanks"), buttons=[[button]])


async def again(act: Act, arguments: Sequence[str]) -> None:
    """Take a decision back."""
    if await act.take(OpenAgain(word(arguments))) is not None:
        button = act.button(act.text("differences.button_next"), "differences", 0)
        await act.say(act.text("differences.opened"), buttons=[[button]])


def _once(sides: Sequence[Side]) -> list[Side]:
    """Each text once, with all who say it."""
    found: dict[str, list[str]] = {}
    for side in sides:
        found.setdefault(side.text, []).append(side.entity)
    return [Side(text, ", ".join(dict.fromkeys(entities))) for text, entities in found.items()]


def _point(basis: editions.Basis, found: Difference, language: str) -> str:
    return point(Wording(basis.dossier, basis.country, language), found).text


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= LETTERS else f"{line[: LETTERS - 1]}…"


CAPABILITY = Capability(
    commands={"differences": Command(differences, "resolve_difference")},
    presses={
        "differences": differences,
        "difference": difference,
        "settle": settle,
        "difference_again": again,
    },
    forms={"resolution": settled},
    jobs={
        "differences": differences_job,
        "difference": difference_job,
        "differing": differing_job,
        "settle": settle_job,
    },
    tasks=tasks,
)
