"""Where what somebody did goes: a command or a press of the exercise to the capability that knows it."""

from __future__ import annotations

from bot.acting import Act
from bot.messages import CommandIn, Incoming, PressIn
from bot.pressed import NotOurs
from bot.speaking import DO, read_action
from bot.steps import registry
from db.people import Person
from db.transaction import Transaction
from flows.country.access import TABLE
from flows.country.steps.base import Refusal
from flows.knowledge import UnknownCountry

OWN_DATA = "mydata"
"""How the command and all presses begin by which people exercise their rights over their own data: open to whoever has
not agreed to anything, or no longer does."""


def is_own_data(incoming: Incoming) -> bool:
    """Whether somebody asks about the data that are kept about them."""
    read = read_action(incoming.payload.action) if isinstance(incoming.payload, PressIn) else None
    return read is not None and read[1].startswith(OWN_DATA)


def concerns(incoming: Incoming) -> bool:
    """Whether it is a step of the exercise, and nothing for an interview."""
    payload = incoming.payload
    if incoming.edited:
        return False
    if isinstance(payload, CommandIn):
        return payload.name in registry().commands
    return isinstance(payload, PressIn) and payload.action.startswith(DO)


async def whose(tx: Transaction, incoming: Incoming, person: Person) -> Person | None:
    """In which of their parts somebody acts: the one that the button was made for, else the one they write in. None:
    the button is not theirs (it came from a message forwarded), or that part is over."""
    payload = incoming.payload
    if not isinstance(payload, PressIn):
        return person
    read = read_action(payload.action)
    if read is None:
        return None
    parts = await tx.people.parts(person.id)
    return next((part for part in parts if part.id == read[0] and part.ended_at is None), None)


async def route(act: Act) -> None:
    """Do what a command or a press asks for. Only for what `concerns` the exercise."""
    payload = act.incoming.payload if act.incoming is not None else None
    if isinstance(payload, CommandIn):
        command = registry().commands[payload.name]
        if act.person.role not in TABLE[command.action]:
            await act.refuse(Refusal("access.role", {"action": command.action}))
            return
        await command.handle(act, payload.arguments.split())
        return
    read = read_action(payload.action) if isinstance(payload, PressIn) else None
    handler = registry().presses.get(read[1]) if read is not None else None
    if read is None or handler is None:
        await act.say(act.text("steps.stale"))
        return
    try:
        await handler(act, read[2])
    except (NotOurs, UnknownCountry):  # raised where arguments are read, before anything is done
        await act.say(act.text("steps.stale"))
