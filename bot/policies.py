"""The policy of follow-ups that is in force: the one set last, else the standard one."""

from __future__ import annotations

from flows.country.follow_ups.policy import Policy, read_policy, standard_policy

from db.transaction import Transaction

_read: dict[int, Policy] = {}


async def policy_in_force(tx: Transaction) -> Policy:
    """What the secretariat has set; read anew only when it is another one."""
    number = await tx.follow_ups.policy_number()
    if not number:
        return standard_policy()
    known = _read.get(number)
    if known is None:
        found = await tx.follow_ups.policy()
        known = read_policy(found[0]) if found is not None else standard_policy()
        _read.clear()
        _read[number] = known
    return known
