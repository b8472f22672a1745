"""One turn: claim the update, load, call the core, store what follows, leave messages in the outbox.

All of it is one transaction: a replayed update finds its number taken and changes nothing, a crash leaves either
everything or nothing. Only after the commit is the update acknowledged and anything said.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime

import structlog

from bot import arrivals, asides, beginning, companions, consenting, inputs, joining, parts, reception
from bot import incoming as kept_incoming
from bot.acting import Act, Services
from bot.envelopes import envelope
from bot.interviews import Locked, NotTheirs, Step
from bot.logs import place
from bot.messages import BlockedIn, CommandIn, FileIn, Incoming, PressIn, Prompt, TextIn, UnknownIn
from bot.steps import registry, routing, tasks
from bot.trying import Pause, until_applied
from db.database import Store
from db.inbox import FailedUpdate
from db.people import Address, Person
from db.problems import Stale, StoreProblem
from db.transaction import Transaction
from flows import i18n
from flows.i18n import text
from flows.interview.inputs import Input, Resume, Speak

AGAIN = "again: "  # marks the error of an update that failed a second time

log = structlog.get_logger("turns")


Clock = Callable[[], datetime]


def utc_now() -> datetime:
    return datetime.now(UTC)


class Turns:
    """Handles what channels bring in; `clock` gives aware UTC, `pause` waits before a turn that others overtook is done
    again."""

    def __init__(self, store: Store, services: Services, clock: Clock = utc_now, pause: Pause = asyncio.sleep) -> None:
        self._store = store
        self._pause = pause
        self._services = services
        self._interviews = services.interviews
        self._contact = services.contact
        self._clock = clock
        self._albums = asides.Albums()

    async def receive(self, incoming: Incoming) -> Prompt | None:
        """Handle one update; its outcome is committed when this returns. Raises `StoreProblem`.

        Returns a prompt only for a group: to be said there before leaving it.
        """
        now = self._clock()
        sender = incoming.sender
        if not sender.is_private:
            return await self._group(incoming, now)
        try:
            await self._commit(incoming, now)
        except StoreProblem:
            raise
        except Exception as error:  # whatever it was, nothing of it is stored, and the person hears of it
            kind = type(error).__name__
            log.error("turn failed", channel=sender.channel, update_id=incoming.update_id, error=kind, at=place(error))
            await self._keep_failed(incoming, kind, now)
        return None

    async def keep_malformed(self, channel: str, update_id: int, payload: str, reason: str) -> None:
        """Keep an update that no channel could read; it blocks nothing. Raises `StoreProblem`."""
        async with self._store.writing() as tx:
            await tx.inbox.failed(channel, update_id, payload, reason, self._clock())

    async def try_failed_again(self) -> int:
        """Try every update that failed once a second time; the last time. Returns how many went well."""
        async with self._store.looking() as tx:
            failures = [one for one in await tx.inbox.failures() if not one.error.startswith(AGAIN)]
        well = 0
        for failure in failures:
            try:
                error = await self._try_again(failure)
            except Stale:  # others were quicker each time: it waits for the next start
                log.warning("update overtaken", channel=failure.channel, update_id=failure.update_id)
                continue
            if not error:
                well += 1
                continue
            log.error("update failed again", channel=failure.channel, update_id=failure.update_id, error=error)
            async with self._store.writing() as tx:
                await tx.inbox.failed_again(failure.channel, failure.update_id, AGAIN + error)
        return well

    async def _try_again(self, failure: FailedUpdate) -> str:
        """Do a failed turn again: "" when it went well, else the kind of error. Raises `Stale`, `StoreProblem`."""
        try:
            incoming = kept_incoming.load(failure.payload)
        except (ValueError, KeyError, TypeError):
            return failure.error  # no channel could read it

        async def again(tx: Transaction) -> Sequence[Step] | None:
            await tx.turn_of(incoming.sender.channel, incoming.sender.address)
            if await self._overtaken(tx, incoming, failure.received_at):
                return None
            if not await tx.inbox.resolved(failure.channel, failure.update_id):
                return ()
            return await self._turn(tx, incoming, self._clock())

        try:
            steps = await until_applied(self._store, again, self._pause)
        except (Stale, StoreProblem):
            raise
        except Exception as error:
            return type(error).__name__
        if steps is None:
            return "overtaken"
        for step in steps:
            self._interviews.remember(step)
        return ""

    async def _overtaken(self, tx: Transaction, incoming: Incoming, since: datetime) -> bool:
        """Whether the person went on after the failure: words meant for one question must not answer another."""
        if incoming.edited or isinstance(incoming.payload, PressIn | BlockedIn):
            return False  # these say themselves what they belong to
        address = await tx.people.at(incoming.sender.channel, incoming.sender.address)
        if address is None or address.interview_id is None:
            return False
        stored = await tx.interviews.get(address.interview_id)
        return stored is not None and stored.updated_at > since

    # ---- one update -----------------------------------------------------------------------------------------------
    async def _commit(self, incoming: Incoming, now: datetime) -> None:
        sender = incoming.sender

        async def turn(tx: Transaction) -> Sequence[Step] | None:
            await tx.turn_of(sender.channel, sender.address)
            if not await tx.inbox.claim(sender.channel, incoming.update_id, now):
                return None
            return await self._turn(tx, incoming, now)

        steps = await until_applied(self._store, turn, self._pause)
        if steps is None:
            return
        self._albums.remember(incoming)
        for step in steps:
            self._interviews.remember(step)

    async def _keep_failed(self, incoming: Incoming, kind: str, now: datetime) -> None:
        sender = incoming.sender

        async def keep(tx: Transaction) -> None:
            if not await tx.inbox.failed(sender.channel, incoming.update_id, kept_incoming.dump(incoming), kind, now):
                return
            address = await tx.people.at(sender.channel, sender.address)
            language = arrivals.language_of(incoming, address)
            await self._say(tx, incoming, [reception.sentence(language, "failed")], now)

        await until_applied(self._store, keep, self._pause)

    async def _group(self, incoming: Incoming, now: datetime) -> Prompt | None:
        sender = incoming.sender
        async with self._store.writing() as tx:
            if not await tx.inbox.claim(sender.channel, incoming.update_id, now):
                return None
        language = arrivals.language_of(incoming, None)
        return reception.sentence(language, "group")

    async def _turn(self, tx: Transaction, incoming: Incoming, now: datetime) -> Sequence[Step]:
        """Everything an update causes, inside the transaction. Returns the steps of interviews, to be remembered."""
        sender, payload = incoming.sender, incoming.payload
        await self._interviews.questionnaires.refresh(tx, now)  # consent is asked for in the text that is in force
        address = await tx.people.at(sender.channel, sender.address)
        if isinstance(payload, BlockedIn):
            if address is not None:
                await arrivals.mark(tx, address, payload.blocked, now)
            return ()
        if address is not None and address.status != "reachable":
            await arrivals.mark(tx, address, False, now)
        person = address.person if address is not None else None
        code = await self._code(tx, incoming, person)
        if code:
            return await self._invited(tx, incoming, code, person, now)
        if address is None or person is None:
            if not incoming.edited:
                language = arrivals.language_of(incoming, address)
                await self._say(tx, incoming, [reception.not_invited(language, self._contact)], now)
            return ()
        if isinstance(payload, PressIn) and payload.action.startswith(reception.PART):
            part = await parts.pressed(tx, payload.action, person)
            if part is not None:
                return await self._take_up(tx, incoming, part, now)
        if routing.concerns(incoming):
            return await self._exercise(tx, incoming, person, now)
        input = await self._outside(tx, incoming, address, person, now)
        if input is None or address.interview_id is None:
            return ()
        renewed = await consenting.missing(Act(self._services, tx, person, now, incoming))
        if renewed is not None:
            await self._say(tx, incoming, [renewed], now)
            return ()
        if isinstance(payload, CommandIn) and payload.name == "start":
            again = await consenting.reconsidered(Act(self._services, tx, person, now, incoming), address.interview_id)
            input = again or input
        if isinstance(payload, FileIn):
            from bot.steps.paper import took  # what the first poll need not wait for

            if await took(Act(self._services, tx, person, now, incoming), address.interview_id):
                return ()
        beside: list[Prompt] = []  # said before what the interview says
        if await asides.is_to_earlier(tx, incoming, address.interview_id):
            input = Resume()
            beside.append(await asides.not_taken(tx, incoming, person.language, self._contact))
        try:
            await tx.hold(f"ledger {person.country}")  # before interviews, as steps do: neither waits for the other
            step = await self._interviews.advance(tx, address.interview_id, person, input, incoming, now)
        except NotTheirs:
            await tx.people.turn_to(sender.channel, sender.address, None)
            await self._say(tx, incoming, [reception.sentence(person.language, "not_theirs")], now)
            return ()
        except Locked:
            said = text("contributions.locked", person.language)
            await self._say(tx, incoming, [reception.say(person.language, said)], now)
            return ()
        if isinstance(payload, FileIn) and payload.caption.strip() and not beside:
            beside.append(reception.sentence(person.language, "caption"))
        if self._interviews.is_companion(step.form_id):
            await self._say(tx, incoming, [*beside, *companions.spoken(step)], now)
            return await self._companion(tx, incoming, person, step, now)
        await self._say(tx, incoming, [*beside, *step.prompts()], now)
        act = Act(self._services, tx, person, now, incoming)
        for watch in registry().watchers:
            await watch(act, step)
        return (*act.steps, step) if not any(one.interview_id == step.interview_id for one in act.steps) else act.steps

    async def _companion(
        self, tx: Transaction, incoming: Incoming, person: Person, step: Step, now: datetime
    ) -> Sequence[Step]:
        """A step in a companion form: at its end the form goes to its capability."""
        stored = await tx.interviews.get(step.interview_id)
        if stored is None or stored.status != "completed":
            return (step,)
        language = step.turn.interview.language
        act = Act(self._services, tx, replace(person, language=language), now, incoming)
        await companions.finish(act, stored)
        return act.steps

    async def _exercise(self, tx: Transaction, incoming: Incoming, person: Person, now: datetime) -> Sequence[Step]:
        """A command or a press of the exercise."""
        part = await routing.whose(tx, incoming, person)
        if part is None:
            await self._say(
                tx, incoming, [reception.say(person.language, text("steps.not_yours", person.language))], now
            )
            return ()
        act = Act(self._services, tx, part, now, incoming)
        if not routing.is_own_data(incoming) and (prompt := await self._consent_first(act)) is not None:
            await act.show(prompt)
            return ()
        await routing.route(act)
        return act.steps

    async def _consent_first(self, act: Act) -> Prompt | None:
        """What to ask before a step of the exercise is taken. None: nothing, the person agrees, or their form asks."""
        if act.person.role in arrivals.STAFF or await beginning.left_to(act):
            return None if await consenting.in_force(act) else await consenting.asked(act)
        return await consenting.missing(act)

    async def _code(self, tx: Transaction, incoming: Incoming, person: Person | None) -> str:
        """The invitation's code in what came in: after `/start`, or pasted by itself. "" when there is none."""
        payload = incoming.payload
        if incoming.edited:
            return ""
        if isinstance(payload, CommandIn) and payload.name == "start":
            return parts.code_in(payload.arguments) or payload.arguments
        if not isinstance(payload, TextIn):
            return ""
        code = parts.code_in(payload.text)
        return code if person is None or await parts.is_invitation(tx, code) else ""

    async def _take_up(self, tx: Transaction, incoming: Incoming, part: Person, now: datetime) -> Sequence[Step]:
        """Go on with a part taken earlier."""
        await parts.take_up(tx, incoming, part)
        return await self._turn(tx, replace(incoming, payload=CommandIn("start")), now)

    async def _invited(
        self, tx: Transaction, incoming: Incoming, code: str, person: Person | None, now: datetime
    ) -> Sequence[Step]:
        """A code came in: one's own code again goes on where one was."""
        part = await parts.redeemed_by(tx, code, person)
        if part is not None:
            return await self._take_up(tx, incoming, part, now)
        return await joining.arrive(self._services, tx, incoming, code, person, now)

    async def _outside(
        self, tx: Transaction, incoming: Incoming, address: Address, person: Person, now: datetime
    ) -> Input | None:
        """What has nothing to do with a question is answered here; the rest comes back as an interview's input."""
        payload, language = incoming.payload, person.language
        interviewed = address.interview_id is not None
        said: Sequence[Prompt] = ()
        if incoming.edited and not isinstance(payload, TextIn):
            await self._say(tx, incoming, asides.not_revised(incoming, language), now)
            return None
        if isinstance(payload, CommandIn) and payload.name == "start" and (offer := await parts.offer(tx, person)):
            await self._say(tx, incoming, [offer], now)
        if isinstance(payload, CommandIn) and payload.name == "mydata":
            from bot.steps.rights import mydata  # what the first poll need not wait for

            await mydata(Act(self._services, tx, person, now, incoming))
        elif interviewed and isinstance(payload, PressIn) and payload.action.startswith(reception.AGREE):
            if await consenting.missing(Act(self._services, tx, person, now, incoming)) is not None:
                return await self._agree_again(tx, incoming, person, now)
            return inputs.read(incoming, str(address.interview_id))
        elif isinstance(payload, CommandIn) and payload.name == "contact":
            said = [reception.say(language, reception.contact(language, self._contact))]
        elif isinstance(payload, CommandIn) and payload.name == "language":
            chosen = self._language(payload.arguments, interviewed)
            if chosen:
                return await self._speak(tx, incoming, person, chosen, interviewed, now)
            said = [reception.choose_language(language, self._languages(interviewed), payload.arguments)]
        elif isinstance(payload, PressIn) and payload.action.startswith(reception.SPEAK):
            chosen = self._language(payload.action.removeprefix(reception.SPEAK), interviewed)
            return await self._speak(tx, incoming, person, chosen or language, interviewed, now)
        elif isinstance(payload, CommandIn) and interviewed and payload.name not in (*reception.COMMANDS, "start"):
            said = [reception.sentence(language, "unknown_command", name=payload.name)]
        elif self._albums.has(incoming):
            await tx.outbox.put([self._albums.refusal(incoming, language)], now)
        elif isinstance(payload, UnknownIn):
            said = [reception.sentence(language, "cannot_read")]
        elif address.interview_id is None:
            said = await self._staff(tx, incoming, person, now)
        else:
            if isinstance(payload, CommandIn) and payload.name == "help":
                await self._say(tx, incoming, [self._menu(person)], now)
            return inputs.read(incoming, str(address.interview_id))
        await self._say(tx, incoming, said, now)
        return None

    async def _staff(self, tx: Transaction, incoming: Incoming, person: Person, now: datetime) -> Sequence[Prompt]:
        """What somebody without a questionnaire hears."""
        payload, language = incoming.payload, person.language
        if incoming.edited:
            return ()
        if isinstance(payload, PressIn) and payload.action.startswith(reception.AGREE):
            given = payload.action == f"{reception.AGREE}yes"
            act = Act(self._services, tx, person, now, incoming)
            await tx.hold(f"ledger {person.country}")  # before the audit log, as everywhere
            await consenting.answer(act, given)
            await self._say(tx, incoming, [reception.agreed(language, given, self._contact)], now)
            if given and not await beginning.agreed(act):
                await self._say(tx, incoming, [self._menu(person)], now)
                await tasks.greet(Act(self._services, tx, person, now, incoming))
            return ()
        act = Act(self._services, tx, person, now, incoming)
        if not await consenting.in_force(act):
            return [await consenting.asked(act)]
        if isinstance(payload, CommandIn) and payload.name not in ("start", *reception.COMMANDS):
            return [reception.sentence(language, "unknown_command", name=payload.name)]
        if isinstance(payload, CommandIn):
            if payload.name != "start" or not await tasks.greet(Act(self._services, tx, person, now, incoming)):
                return [self._menu(person)]
            return ()
        said = "not_theirs" if person.role == "colleague" else "nothing_asked"
        return [reception.sentence(language, said)]

    async def _agree_again(self, tx: Transaction, incoming: Incoming, person: Person, now: datetime) -> Input | None:
        """Somebody in a questionnaire was asked for their consent again, and answered."""
        given = isinstance(incoming.payload, PressIn) and incoming.payload.action == f"{reception.AGREE}yes"
        act = Act(self._services, tx, person, now, incoming)
        await consenting.answer(act, given)
        said = act.text("rights.given_again" if given else "turns.consent_refused")
        await act.say(said, key="consent", edit=True)
        return Resume() if given else None

    def _menu(self, person: Person) -> Prompt:
        """The commands that somebody has, by what they may do."""
        own = reception.STAFF_COMMANDS if person.role in arrivals.STAFF else reception.COMMANDS
        return reception.commands(person.language, (*own, *registry().commands_of(person.role)))

    async def _speak(
        self, tx: Transaction, incoming: Incoming, person: Person, chosen: str, interviewed: bool, now: datetime
    ) -> Input | None:
        if interviewed:
            return Speak(chosen)
        await tx.people.speak(person.id, chosen)
        await self._say(tx, incoming, await self._staff(tx, incoming, replace(person, language=chosen), now), now)
        return None

    def _languages(self, interviewed: bool) -> list[reception.Language]:
        """What one may choose from: the form's languages in an interview, else those that texts exist in."""
        if interviewed:
            form = self._interviews.form
            return [(one.code, one.name.partition(" (")[0]) for one in form.languages if one.code]
        from babel import Locale

        return [(code, (Locale.parse(code).get_display_name(code) or code).capitalize()) for code in i18n.languages()]

    def _language(self, wanted: str, interviewed: bool) -> str:
        """The language meant by a code or a name; "" where there is none such."""
        folded = wanted.strip().casefold()
        offered = self._languages(interviewed)
        return next((code for code, name in offered if folded and folded in (code.casefold(), name.casefold())), "")

    async def _say(self, tx: Transaction, incoming: Incoming, said: Sequence[Prompt], now: datetime) -> None:
        sender = incoming.sender
        if said:
            await tx.outbox.put([envelope(sender.channel, sender.address, prompt) for prompt in said], now)
