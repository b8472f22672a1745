"""Forewords in conversation: what stands before the guide, written, listed, and taken out again."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from bot.acting import Act
from bot.companions import Filled
from bot.findings import short
from bot.pressed import word
from bot.steps.capability import Capability, Command
from bot.steps.versions import name_of
from flows import i18n
from flows.country.steps.base import Refusal
from flows.country.steps.endorsement import Foreword, WithdrawForeword, WriteForeword

LABEL, MOST_NAME = 32, 200  # letters of a name on a button, and in a message


async def forewords(act: Act, _arguments: Sequence[str] = ()) -> None:
    """List the forewords that there are; where there is none, ask for the authority's own words."""
    if not await act.allow("write_foreword"):
        return
    found = (await act.course(act.person.country)).endorsement.forewords.values()
    if not found:
        await write(act)
        return
    rows = [
        [act.button(act.text("endorsement.button_withdraw", **_named(act, one, LABEL)), "fw_drop", _short(one))]
        for one in found
    ]
    rows.append([act.button(act.text("endorsement.button_foreword"), "foreword")])
    await act.say(act.text("endorsement.forewords", len(found)), buttons=rows)


async def write(act: Act, _arguments: Sequence[str] = ()) -> None:
    """Ask for the text of a foreword."""
    if await act.allow("write_foreword"):
        await act.begin("foreword", {"country_name": name_of(act, act.person.country)})


async def written(act: Act, filled: Filled) -> bool:
    """The foreword is written: it comes into the next version."""
    step = WriteForeword(filled.get("language"), filled.get("text"), filled.get("signatory"), filled.get("title"))
    if await act.take(step) is None:
        return False
    await act.say(act.text("endorsement.thanks_foreword"))
    country = act.person.country
    await act.tell(
        await act.people("secretariat"),
        lambda to: to.prompt(
            to.text("endorsement.foreword_arrived", country=name_of(to, country)),
            buttons=[[to.button(to.text("drafts.button_final"), "draft_final", country)]],
        ),
    )
    return True


async def ask_withdrawal(act: Act, arguments: Sequence[str]) -> None:
    """Ask once more."""
    one = await _meant(act, arguments)
    if one is not None:
        sure = act.button(act.text("endorsement.button_sure"), "fw_dropped", _short(one))
        await act.say(act.text("endorsement.sure", **_named(act, one)), buttons=[[sure]])


async def withdraw(act: Act, arguments: Sequence[str]) -> None:
    """Take it out of the versions to come."""
    one = await _meant(act, arguments)
    if one is not None and await act.take(WithdrawForeword(one.key)) is not None:
        await act.say(act.text("endorsement.withdrawn", **_named(act, one)))


async def _meant(act: Act, arguments: Sequence[str]) -> Foreword | None:
    """The foreword that a button is about; said where it is there no more."""
    if not await act.allow("write_foreword"):
        return None
    found = (await act.course(act.person.country)).endorsement.forewords.values()
    one = next((one for one in found if _short(one) == word(arguments)), None)
    if one is None:
        await act.refuse(Refusal("endorsement.foreword_gone"))
    return one


def _short(one: Foreword) -> str:
    """A foreword's key, short enough for a button."""
    return hashlib.sha256(one.key.encode()).hexdigest()[:12]


def _named(act: Act, one: Foreword, most: int = MOST_NAME) -> dict[str, str]:
    name = short(one.signatory or one.title, most)
    return {"name": name, "spoken": i18n.text(f"endorsement.in_{i18n.base(one.language)}", act.language)}


CAPABILITY = Capability(
    commands={"foreword": Command(forewords, "write_foreword")},
    presses={"foreword": write, "fw_drop": ask_withdrawal, "fw_dropped": withdraw},
    forms={"foreword": written},
)
