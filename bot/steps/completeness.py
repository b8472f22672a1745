"""The rules of completeness in conversation: how a country stands with each, which it does without, and why."""

from __future__ import annotations

from collections.abc import Sequence

from bot import editions
from bot.acting import Act
from bot.companions import Filled
from bot.jobs import Desk
from bot.messages import Button, Line
from bot.pressed import one_of, place_of
from bot.speaking import styled
from bot.steps.capability import Capability
from bot.steps.versions import name_of
from flows.country.additions import Waived
from flows.country.checklist import RULES, Check, checklist
from flows.country.dates import written
from flows.country.essential import ESSENTIALS
from flows.country.steps.waivers import RequireRule, WaiveRule


async def rules(act: Act, arguments: Sequence[str]) -> None:
    """Have the checklist shown: `rules <country>`."""
    place = await place_of(act, arguments, "see_draft")
    if place is not None:
        await act.later("rules", country=place.code)


async def rules_job(desk: Desk) -> None:
    """Every rule with how the dossier stands with it, and what can be done where one is open or waived."""
    country = str(desk.job.payload["country"])
    basis = await editions.gather_basis(desk.services, desk.store, country, desk.now, accepted=False)
    async with desk.finish() as act:
        lines: list[str | Line] = [Line(act.text("completeness.list", country=name_of(act, country)), "title")]
        rows: list[list[Button]] = []
        for number, check in enumerate(checklist(basis.dossier), 1):
            lines += styled("item", act.text("completeness.item", number=number, rule=told(act, check)))
            if check.state != "met" and act.may("waive_gap", country):
                rows.append([_button(act, country, number, check)])
        await act.say(*lines, buttons=rows)


def told(act: Act, check: Check) -> str:
    """A rule in words: met, what is left, or who waived it, when and why."""
    rule = act.text(f"guide.rule_{check.rule}")
    if check.waived is not None:
        return act.text("completeness.waived", rule=rule, why=because(act, check.waived))
    if check.state == "open":
        return act.text("completeness.open", check.left, rule=rule)
    return act.text("completeness.met", rule=rule)


def because(act: Act, waived: Waived) -> str:
    """Why, on whose word, and when."""
    reason = act.text(f"participants.reason_{waived.reason}") if waived.reason else waived.words
    who, day = act.text(f"access.role_{waived.by}"), written(waived.on, act.language)
    return act.text("completeness.because" if reason else "completeness.because_erased", who=who, date=day, why=reason)


def _button(act: Act, country: str, number: int, check: Check) -> Button:
    """An essential entity is named, or its lack explained with one tap."""
    if check.state == "waived":
        return act.button(act.text("completeness.button_require", number=number), "rule_back", country, check.rule)
    press = "gap" if check.rule in ESSENTIALS else "rule_waive"
    return act.button(act.text("completeness.button_waive", number=number), press, country, check.rule)


async def waive(act: Act, arguments: Sequence[str]) -> None:
    """Ask why the country does without a rule: `rule_waive <country> <rule>`."""
    rule = one_of(RULES, arguments, 1)
    place = await place_of(act, arguments, "waive_gap")
    if place is not None:
        given = {"country": place.code, "rule": rule, "title": act.text(f"guide.rule_{rule}")}
        await act.begin("waiver", given)


async def reasoned(act: Act, filled: Filled) -> bool:
    """The reason is there: whether the rule is open is looked at now."""
    given = filled.given
    await act.later(
        "waive_rule",
        country=given["country"],
        rule=given["rule"],
        reason=filled.get("reason"),
        language=filled.language,
    )
    return True


async def waive_job(desk: Desk) -> None:
    """Record the waiver, if the rule is open."""
    payload = desk.job.payload
    country, rule = str(payload["country"]), str(payload["rule"])
    basis = await editions.gather_basis(desk.services, desk.store, country, desk.now, accepted=False)
    is_open = any(check.rule == rule and check.state == "open" for check in checklist(basis.dossier))
    async with desk.finish() as act:
        step = WaiveRule(rule, str(payload["reason"]), str(payload["language"]), is_open)
        if await act.take(step, country) is not None:
            await _recorded(act, country, rule, "waived", act.text("completeness.recorded"))


async def require(act: Act, arguments: Sequence[str]) -> None:
    """Take a waiver back: `rule_back <country> <rule>`."""
    rule = one_of(RULES, arguments, 1)
    place = await place_of(act, arguments, "waive_gap")
    if place is not None and await act.take(RequireRule(rule), place.code) is not None:
        await _recorded(act, place.code, rule, "required", act.text("completeness.required"))


async def _recorded(act: Act, country: str, rule: str, what: str, said: str) -> None:
    """Say so; the coordinator hears of what the secretariat decided."""
    await act.say(said, buttons=[[act.button(act.text("completeness.button_list"), "rules", country)]])
    if act.person.role == "secretariat":
        await act.tell(
            await act.people("coordinator", country=country),
            lambda to: to.prompt(
                to.text(f"completeness.told_{what}", country=name_of(to, country), rule=to.text(f"guide.rule_{rule}")),
                buttons=[[to.button(to.text("completeness.button_list"), "rules", country)]],
            ),
        )


CAPABILITY = Capability(
    presses={"rules": rules, "rule_waive": waive, "rule_back": require},
    forms={"waiver": reasoned},
    jobs={"rules": rules_job, "waive_rule": waive_job},
)
