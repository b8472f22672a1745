"""Contributions as they are read on a phone: who may read what of them, page by page, and what changed since."""

from __future__ import annotations

import json
from collections.abc import Sequence

from bot.acting import Act
from bot.contributed import Contributed
from bot.messages import Button, Line
from bot.speaking import Speaker, base36
from flows.country.access import Place, denied
from flows.country.contribution import SENT
from flows.country.handed import canonical_answers, compared
from flows.country.listing import Listed, listed, pages
from flows.country.steps.base import Refusal
from flows.interview.walk import SETTLED

MOST_PICKS = 16
"""Answers picked by buttons; more can be named by their numbers."""
ONE_MESSAGE = 3500  # characters that certainly fit into one message, so that it can take the place of another
_CONFIDENTIAL = ("coordinator", "secretariat", "official", "superior")


async def may_read(act: Act, found: Contributed) -> bool:
    """Whether the person may read the answers now; says why not. What is not handed in is read by its official alone,
    what is with the hierarchy by the superior who is asked as well. That somebody else's are read is noted."""
    person = act.person
    if found.owner.id == person.id:
        return True
    if not await act.allow("read_answers", found.stored.country, found.stored.entity_id):
        return False
    if person.role == "superior":
        if found.handed is not None and found.handed.clearance.superior_id == person.id:
            await act.audit("read answers", "interviews", found.id)
            return True
        await act.refuse(Refusal("clearance.another_asked"))
        return False
    if found.state not in SENT:
        await act.say(act.text("contributions.not_to_be_read", entity=found.called(act.language)))
        return False
    await act.audit("read answers", "interviews", found.id)
    return True


def entries(act: Act, found: Contributed) -> tuple[Listed, ...]:
    """The answers as far as this person may see them."""
    place = Place(found.stored.country, found.stored.entity_id)
    theirs = found.owner.id == act.person.id
    return listed(
        found.answers,
        found.form,
        act.language,
        act.now,
        country=found.stored.country,
        released=found.handed.released if found.handed is not None else (),
        restricted=theirs or denied(act.actor, "read_restricted", place) is None,
        confidential=theirs or act.person.role in _CONFIDENTIAL,
    )


def page_of(every: Sequence[Listed], wanted: int) -> tuple[tuple[Listed, ...], int, int]:
    """Page `wanted` (from 0) or the nearest, its number, and how many there are."""
    cut = pages(every)
    at = min(max(wanted, 0), max(len(cut) - 1, 0))
    return (cut[at] if cut else ()), at, max(len(cut), 1)


def title(me: Speaker, entity: str, at: int, count: int) -> Line:
    """What stands above a page."""
    return Line(me.text("contributions.page", None, entity=entity, page=at + 1, pages=count), "title")


def lines(me: Speaker, page: Sequence[Listed], picks: Sequence[int] = ()) -> list[Line]:
    """One page, each section and row under its title."""
    found: list[Line] = []
    section = above = ""
    for one in page:
        if one.section != section:
            found.append(Line(one.section, "title"))
        if one.above and (one.above != above or one.section != section):
            found.append(Line(one.above, "progress"))
        section, above = one.section, one.above
        tick = "✓ " if one.number in picks else ""
        found.append(Line(f"{tick}{said(me, one)}", "item"))
    return found


def said(me: Speaker, one: Listed) -> str:
    """An answer under its number and question, and why a guide leaves it out."""
    if one.status != "answered":
        shown = me.text(f"interview.status_{one.status}")
    else:
        shown = one.shown if one.shown is not None else me.text(f"contributions.kept_{one.mark or 'restricted'}")
    mark = f" ({me.text(f'contributions.mark_{one.mark}')})" if one.mark and one.shown is not None else ""
    return me.text("interview.review_entry", None, number=one.number, label=one.label, answer=shown, mark=mark)


def turning(me: Speaker, name: str, arguments: Sequence[str | int], at: int, count: int) -> list[Button]:
    """The buttons to the page before and after; the page is the last argument."""
    found = []
    if at > 0:
        found.append(me.button(me.text("interview.previous_page"), name, *arguments, at - 1))
    if at + 1 < count:
        found.append(me.button(me.text("interview.next_page"), name, *arguments, at + 1))
    return found


def is_short(said: Sequence[str | Line]) -> bool:
    """Whether it fits into one message."""
    return sum(len(one if isinstance(one, str) else one.text) for one in said) < ONE_MESSAGE


# ---- picking ------------------------------------------------------------------------------------------------------
def written(picks: Sequence[int]) -> str:
    """Numbers as a button carries them: two signs each."""
    return "".join(base36(number).rjust(2, "0") for number in picks)


def read_picks(carried: str) -> tuple[int, ...]:
    """The numbers that `written` wrote; whatever is none is left out."""
    pairs = (carried[at : at + 2] for at in range(0, len(carried), 2))
    return tuple(int(pair, 36) for pair in pairs if len(pair) == 2 and pair.isascii() and pair.isalnum())


def toggled(picks: Sequence[int], number: int) -> tuple[int, ...]:
    """Picked where it was not, and the other way round; in order."""
    return tuple(sorted({*picks} ^ {number}))


# ---- what changed -------------------------------------------------------------------------------------------------
async def changes(act: Act, found: Contributed) -> list[Line]:
    """What is different from what the coordinator had before, as old and new, under the numbers of the list; empty
    where there is nothing to compare."""
    one = found.handed
    if one is None or len(one.submitted) < 2 or one.submitted[-1] == one.submitted[-2]:
        return []
    path = act.services.vault.path(one.submitted[-2])
    if not path.exists():
        return []
    before = json.loads(path.read_bytes())
    every = {entry.path: entry for entry in entries(act, found)}
    said_before = {(answer.path, answer.value): answer.display for answer in await act.tx.answers.history(found.id)}
    lines: list[Line] = []
    for where, (old, new) in compared(before, canonical_answers(found.answers, found.form)).items():
        entry = every.get(where)
        if entry is not None and entry.shown is None and entry.status == "answered":
            continue
        label = f"{entry.number}. {entry.label}" if entry is not None else act.text("contributions.gone_question")
        lines.append(Line(label, "question"))
        lines.append(Line(act.text("contributions.before", answer=_worded(act, old, said_before)), "item"))
        lines.append(Line(act.text("contributions.after", answer=_worded(act, new, said_before)), "item"))
    return lines


def _worded(act: Act, row: Sequence[object] | None, displays: dict[tuple[str, str], str]) -> str:
    """What a canonical answer says, as a person reads it."""
    if row is None:
        return act.text("contributions.nothing")
    path, value, status = str(row[0]), str(row[1]), str(row[2])
    if status != "answered" and status in SETTLED:
        return act.text(f"interview.status_{status}")
    return displays.get((path, value), value)
