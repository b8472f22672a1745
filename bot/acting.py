"""What one person does in one turn, with the store open: steps taken, things said, files kept; committed together."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from bot.attachments import Vault
from bot.dossiers import Dossiers, Trace
from bot.envelopes import envelope
from bot.interviews import Interviews
from bot.interviews import Step as InterviewStep
from bot.messages import Button, Document, Incoming, Line, Prompt
from bot.speaking import Speaker, later
from db.people import Person, Role
from db.transaction import Transaction
from flows.country.access import COMMAND_LINE, Action, Actor, Place, denied, who_may
from flows.country.dates import written
from flows.country.ledger import EXERCISE
from flows.country.receipt import Signer
from flows.country.retention import Periods
from flows.country.steps.base import Fact, Facts, FileRef, Key, Refusal, Step
from flows.country.steps.course import Course
from flows.country.steps.endorsement import Channel, Given, standing
from flows.i18n import base, text
from flows.knowledge import known_code

if TYPE_CHECKING:
    from bot.targets import Target

Make = Callable[[Speaker], Prompt]
"""What is to be said, for whomever it is said to."""


_BESIDE_THE_CONTENT = frozenset(
    {
        *("interest", "exercise", "meeting", "delegation", "clearance", "differing"),
        *("draft", "endorsement", "publication", "round"),
    }
    | {"broadcast"}
)
"""Kinds of facts, by their first word, after which a guide says the same as before."""


@dataclass(frozen=True, slots=True)
class Services:
    """What the steps of the exercise work with. `link`: the address that opens the conversation for a code; `contact`:
    whom people can turn to; `invitation_days`: how long an invitation holds; `signer`: of receipts, where there is a
    key; `retention`: for how long what is known of people is kept; `credits`: who finances and carries out the
    exercise, by language, as guides say it; `targets`: where published guides go by themselves."""

    dossiers: Dossiers
    interviews: Interviews
    vault: Vault
    link: Callable[[str], str]
    contact: str = ""
    invitation_days: int = 30
    signer: Signer | None = None
    retention: Periods = field(default_factory=Periods)
    credits: Mapping[str, str] = field(default_factory=dict)
    targets: Mapping[Channel, Target] = field(default_factory=dict)


class Act:
    """One person at work. `incoming`: what they did; None where the bot goes on by itself with what they asked for.
    `steps`: what interviews said on the way, to be remembered once all is committed."""

    def __init__(
        self, services: Services, tx: Transaction, person: Person, now: datetime, incoming: Incoming | None = None
    ) -> None:
        self.services = services
        self.tx = tx
        self.person = person
        self.now = now
        self.incoming = incoming
        self.me = Speaker(person)
        self.actor = actor_of(person)
        self.steps: list[InterviewStep] = []

    # ---- words ----
    @property
    def language(self) -> str:
        return self.me.language

    def text(self, key: str, n: int | None = None, /, **values: object) -> str:
        """A sentence of the catalogues, in the person's language."""
        return self.me.text(key, n, **values)

    def button(self, label: str, name: str, *arguments: str | int) -> Button:
        """A button of this person's that takes a step (see `Speaker.button`)."""
        return self.me.button(label, name, *arguments)

    async def say(
        self,
        *lines: str | Line,
        buttons: Sequence[Sequence[Button]] = (),
        documents: Sequence[Document] = (),
        key: str = "",
        edit: bool = False,
    ) -> None:
        """Reply to the person, where they wrote from; everywhere they can be reached where they did not."""
        await self.show(self.me.prompt(*lines, buttons=buttons, documents=documents, key=key, edit=edit))

    async def show(self, *prompts: Prompt) -> None:
        """Reply with prompts made elsewhere."""
        if self.incoming is None:
            for prompt in prompts:
                await self.tell([self.person], lambda _, prompt=prompt: prompt)  # type: ignore[misc]
            return
        sender = self.incoming.sender
        await self.tx.outbox.put([envelope(sender.channel, sender.address, prompt) for prompt in prompts], self.now)

    async def tell(self, people: Iterable[Person], make: Make, *, dedupe: str = "") -> int:
        """Say something to others, each in their language, wherever they can be reached. `dedupe`: never twice.

        Returns how many of them have an address.
        """
        reached = 0
        for person in people:
            prompt = later(make(Speaker(person)))
            addresses = await self.tx.people.reach(person.id)
            for address in addresses:
                message = envelope(
                    address.channel, address.address, prompt, dedupe=f"{dedupe} {person.id}" if dedupe else None
                )
                await self.tx.outbox.put([message], self.now)
            reached += bool(addresses)
        return reached

    async def refuse(self, refusal: Refusal, *more: Line) -> None:
        """Say why something is not done; `more`: in detail."""
        await self.say(refused(self.me, refusal), *more)

    # ---- steps ----
    async def course(self, country: str = "") -> Course:
        """The course of a country; of the person's own by default. Raises `UnknownCountry`."""
        return await self.services.dossiers.course(self.tx, self._chain(country))

    def _chain(self, country: str) -> str:
        """Whose ledger is meant: nothing is ever read or written under the name of a country that there is not."""
        meant = country or self.person.country
        return known_code(meant) if meant != EXERCISE else meant

    def may(
        self, action: Action, country: str = "", entity_id: int | None = None, person_id: int | None = None
    ) -> bool:
        """Whether the person has the right to `action` there (in their own country by default)."""
        return denied(self.actor, action, Place(country or self.person.country, entity_id, person_id)) is None

    async def allow(
        self, action: Action, country: str = "", entity_id: int | None = None, person_id: int | None = None
    ) -> bool:
        """The same, and says why not: for what only reads. Steps are checked by `take`."""
        why = denied(self.actor, action, Place(country or self.person.country, entity_id, person_id))
        if why is not None:
            await self.refuse(Refusal(f"access.{why}", {"action": action}))
        return why is None

    async def take(self, step: Step, country: str = "", *, why: Sequence[Line] = ()) -> Facts | None:
        """Take a step; None where it is refused, and then the person has been told why, `why` being said in detail.
        Raises `UnknownCountry`."""
        place = self._chain(country)
        decision = await self.services.dossiers.take(self.tx, place, self.actor, step, self.now, self.trace)
        if isinstance(decision, Refusal):
            await self.refuse(decision, *why)
            return None
        await self.recheck(decision, place)
        return decision

    async def record(self, *facts: Fact, country: str = "") -> None:
        """Put into the ledger what needs nobody's decision. What the bot goes on to notice after somebody has left is
        not put down to them."""
        place = self._chain(country)
        left = self.incoming is None and self.person.ended_at is not None
        actor = COMMAND_LINE if left else self.actor
        await self.services.dossiers.record(self.tx, place, actor, facts, self.now, self.trace)
        await self.recheck(facts, place)

    async def recheck(self, facts: Iterable[Fact], country: str) -> None:
        """Have it looked at whether an endorsed guide still says what the dossier says, after what may change that."""
        if all(fact.kind.partition(".")[0] in _BESIDE_THE_CONTENT for fact in facts):
            return
        if isinstance(standing(await self.course(country)), Given):
            await self.later("recheck", country=country)

    @property
    def trace(self) -> Trace:
        """Where this comes from."""
        if self.incoming is None:
            return Trace()
        return Trace(self.incoming.sender.channel, self.incoming.update_id, self.incoming.message_id)

    async def later(self, kind: str, **payload: Any) -> None:
        """Have work done after this turn, for this person (see `bot.jobs`)."""
        await self.tx.jobs.put(kind, payload, self.person.id, self.now)

    async def audit(
        self, action: str, subject: str, subject_id: int | None = None, **details: str | int | None
    ) -> None:
        """Note in the audit log what the ledger does not tell: who read other people's answers, or took a copy. No
        personal data in `details`."""
        await self.tx.audit.record(
            *(self.now, action, subject, subject_id),
            actor_id=self.actor.person_id,
            channel=self.trace.channel,
            details=details,
        )

    # ---- people ----
    async def people(self, *roles: Role, country: str = "", entity_id: int | None = None) -> list[Person]:
        """Those who take part in these roles now: of a country (the person's own by default), of one entity of it. The
        secretariat and international experts belong to every country."""
        place = country or self.person.country
        found = [one for one in await self.tx.people.of_country(place) if one.ended_at is None and one.role in roles]
        for role in ("secretariat", "expert"):
            if role in roles:
                found += [one for one in await self.tx.people.of_role(role) if one.country == "" != place]
        return [one for one in found if entity_id is None or one.entity_id == entity_id]

    # ---- files ----
    async def keep(self, name: str, content: bytes, media_type: str) -> FileRef:
        """Keep a file by its content."""
        sha256 = await asyncio.to_thread(self.services.vault.keep, content)
        return FileRef(name, sha256, len(content), media_type)

    # ---- forms ----
    async def begin(self, name: str, given: Mapping[str, str] | None = None) -> None:
        """Ask the questions of a companion form, one by one; its capability hears of it when they are answered."""
        from bot import companions

        await companions.begin(self, name, given or {})


def actor_of(person: Person) -> Actor:
    """A person as the table of rights knows them."""
    return Actor(person.role, person.id, person.country, person.entity_id)


def document(file: FileRef) -> Document:
    """A kept file, to be sent."""
    return Document(file.name, file.media_type, sha256=file.sha256)


def refused(speaker: Speaker, refusal: Refusal) -> str:
    """The sentence that says why."""
    return why(refusal, speaker.language)


def why(refusal: Refusal, language: str) -> str:
    """The same for whom no language but this is known."""
    values = {name: _worded(value, language) for name, value in refusal.values.items()}
    if refusal.reason.startswith("access."):
        action: Any = values.get("action", "")
        values["roles"] = listed([text(f"access.role_{role}", language) for role in who_may(action)], language)
    return text(refusal.reason, language, None, **values)


def _worded(value: object, language: str) -> object:
    if isinstance(value, Key):
        return text(value, language)
    if isinstance(value, date) and not isinstance(value, datetime):
        return written(value, language)
    return value


def listed(parts: Sequence[str], language: str) -> str:
    """`a, b et c`, as the language does it."""
    from babel.lists import format_list

    return format_list(list(parts), locale="en_GB" if base(language) == "en" else base(language))
