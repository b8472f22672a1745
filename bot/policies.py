"""The policy of follow-ups that is in force: the one set last, else the standard one."""

from __future__ import annotations

import asyncio
from datetime import date
from importlib.resources import files

import structlog

from db.transaction import Transaction
from flows.country.follow_ups.policy import Policy, PolicyMistake, read_policy

log = structlog.get_logger("follow-ups")
_read: dict[str, Policy] = {}


async def policy_in_force(tx: Transaction) -> Policy:
    """What the secretariat has set; read anew only when it is another one, beside whatever else is done."""
    found = await tx.follow_ups.policy()
    text = found[0] if found is not None else ""
    known = _read.get(text)
    if known is None:
        try:
            known = await asyncio.to_thread(_made, text)
        except PolicyMistake as mistake:  # set under an older version of this program
            log.error("the policy of follow-ups is not understood any more", line=mistake.line, reason=mistake.key)
            known = await asyncio.to_thread(_made, "")
        _read.clear()
        _read[text] = known
    return known


def standard_text() -> str:
    """The standard policy, with its comments: what the secretariat begins from."""
    return files("flows").joinpath("country", "follow_ups", "policy.toml").read_text("utf-8")


def _made(text: str) -> Policy:
    """The policy, and the library of holidays behind its calendars loaded."""
    policy = read_policy(text)
    policy.secretariat_calendar().working_day(date(2027, 1, 4))
    return policy
