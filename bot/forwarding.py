"""An invitation as it is passed on: a message to forward as it is, and the link as an image to scan."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from datetime import datetime

from bot import reception
from bot.acting import Act, document
from bot.speaking import Speaker
from db.people import Person, Role
from flows.country.dates import written
from flows.knowledge import country

QR_NAME = "invitation.png"


@dataclass(frozen=True, slots=True)
class Letter:
    """What an invitation says. `inviter`: the role of who invites, `authority` the entity they act for; `successor`:
    the work of somebody else is taken over."""

    country: str
    role: Role
    entity: str
    language: str
    inviter: Role
    authority: str
    until: datetime
    successor: bool = False


def paragraphs(letter: Letter, link: str, code: str, contact: str) -> list[str]:
    """The text to forward: who invites whom to what, the link, until when it holds, whom to ask."""
    to = Speaker(Person(0, letter.country, letter.role, None, letter.language, "", letter.until))
    place = country(letter.country)
    names = {"country": place.name(letter.language), "entity": letter.entity}
    key = "from_coordinator_of" if letter.inviter == "coordinator" and letter.authority else f"from_{letter.inviter}"
    inviter = to.text(f"participants.{key}", authority=letter.authority)
    what = f"participants.letter_{letter.role}{'' if letter.entity else '_country'}"
    said = [to.text("participants.letter_greeting"), to.text(what, inviter=inviter, **names)]
    if letter.successor:
        said.append(to.text("participants.letter_successor"))
    said += [
        to.text("participants.letter_guide"),
        to.text("participants.letter_link", link=link) if link else "",
        to.text("participants.letter_until", until=written(letter.until.date(), letter.language)),
        to.text("participants.letter_code", code=code),
        reception.contact(letter.language, contact) if contact else "",
    ]
    return [one for one in said if one]


async def forward(act: Act, letter: Letter, code: str) -> None:
    """Say the invitation as a message of its own, without buttons, and show its image."""
    from bot.documents.qr import qr

    link = act.services.link(code)
    to = Speaker(Person(0, letter.country, letter.role, None, letter.language, "", act.now))
    await act.show(to.prompt(*paragraphs(letter, link, code, act.services.contact)))
    image = await act.keep(QR_NAME, await asyncio.to_thread(qr, link), "image/png")
    await act.say(act.text("participants.image"), documents=[replace(document(image), picture=True)])
