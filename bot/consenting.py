"""Consent to the processing of personal data: in which version of its text it holds, asked for again where that text
has changed or where it was withdrawn, never assumed."""

from __future__ import annotations

import json
from dataclasses import replace

from bot import reception
from bot.acting import Act
from bot.arrivals import STAFF, STAFF_CONSENT
from bot.asides import BROADCAST
from bot.beginning import PRIVACY, left_to
from bot.broadcasting import UNWILLING
from bot.messages import Line, Prompt
from bot.recording import PURPOSES
from db.consents import Consent
from db.people import Person
from flows.country.steps.base import Refusal
from flows.country.steps.rights import GiveConsent, WithdrawConsent
from flows.interview import interview as core
from flows.interview.form import Form, Question
from flows.interview.inputs import Edit
from flows.interview.sitting import Sitting
from flows.interview.state import Interview

PROCESSING = "processing"


def current(act: Act) -> str:
    """The version of the text that somebody in this part agrees to now; "" where the form does not number it."""
    if act.person.role in STAFF:
        return STAFF_CONSENT
    question = _question(act.services.interviews.form)
    return question.attributes.get(PRIVACY, "") if question is not None else ""


def holds(act: Act, consent: Consent | None) -> bool:
    """Whether a consent is given, and to the text as it is now."""
    if consent is None or not consent.given:
        return False
    wanted = current(act)
    return not wanted or consent.text_version == wanted


async def in_force(act: Act) -> bool:
    """Whether the person agrees."""
    return holds(act, await act.tx.consents.latest(act.person.id))


async def missing(act: Act) -> Prompt | None:
    """What to ask before anything else somebody says in a questionnaire is taken: their consent, where its text is
    another now or where they withdrew it. None: there is nothing to ask here; who was never asked is asked by the
    form."""
    consent = await act.tx.consents.latest(act.person.id)
    if consent is None or holds(act, consent):
        return None
    if consent.given or act.person.role in STAFF:
        return await asked(act)
    withdrawn = act.person.id in (await act.course()).rights.withdrawn
    return await asked(act) if withdrawn else None


async def asked(act: Act) -> Prompt:
    """The question, with the text as it is now; and why it is asked again."""
    consent = await act.tx.consents.latest(act.person.id)
    lines: list[Line] = []
    if consent is not None:
        key = "rights.text_changed" if consent.given else "rights.was_withdrawn"
        lines.append(Line(act.text(key, date=consent.at.strftime("%d/%m/%Y"))))
    question = reception.consent(act.language)
    if act.person.role in STAFF:
        return replace(question, lines=(*lines, *question.lines)) if consent is not None else question
    text = await _text(act)
    return replace(question, lines=(*lines, *text)) if text else replace(question, lines=(*lines, *question.lines))


async def reconsidered(act: Act, interview_id: int) -> Edit | None:
    """Somebody who did not agree in their questionnaire comes again: the question is put once more. None: there is
    nothing to reconsider there."""
    consent = await act.tx.consents.latest(act.person.id)
    stored = await act.tx.interviews.get(interview_id)
    if consent is None or consent.given or stored is None or stored.person_id != act.person.id:
        return None
    question = _question(await act.services.interviews.form_held(act.tx, stored))
    records = Interview.from_json(json.loads(stored.state)).records
    return Edit(question.path) if question is not None and question.path in records else None


async def answer(act: Act, given: bool) -> None:
    """The answer to that question is recorded, and what follows from it. What is said next is the caller's."""
    before = await act.tx.consents.latest(act.person.id)
    course = await act.course()
    if given and act.person.id in course.rights.withdrawn:
        await act.take(GiveConsent(act.person.id, False))
    elif not given and before is not None and before.given:
        await act.take(WithdrawConsent(act.person.id, True))
    await _record(act, act.person, given)


async def withdraw(act: Act, parts: list[Person]) -> Refusal | None:
    """Somebody takes their consent back, in all their parts."""
    return await _all(act, parts, False)


async def give(act: Act, parts: list[Person]) -> Refusal | None:
    """Somebody gives it again."""
    return await _all(act, parts, True)


async def _all(act: Act, parts: list[Person], given: bool) -> Refusal | None:
    done, refusal = False, None
    for part in parts:
        other = Act(act.services, act.tx, part, act.now, act.incoming)
        latest = await act.tx.consents.latest(part.id)
        has = latest is not None and latest.given
        step = GiveConsent(part.id, has) if given else WithdrawConsent(part.id, has)
        decision = await act.services.dossiers.take(act.tx, part.country, other.actor, step, act.now, act.trace)
        if isinstance(decision, Refusal):
            refusal = decision
            continue
        await other.recheck(decision, part.country)
        await _record(other, part, given)
        done = True
    if done and not given:
        await _left_alone(act)
    return None if done else refusal


async def _left_alone(act: Act) -> None:
    """What goes to many does not go to somebody who does not agree any more, even where it was under way."""
    for address in await act.tx.people.reach(act.person.id):
        await act.tx.outbox.drop_batches(address.channel, address.address, BROADCAST, UNWILLING, act.now)


async def _record(act: Act, person: Person, given: bool) -> None:
    channel = act.incoming.sender.channel if act.incoming is not None else ""
    message = act.incoming.message_id if act.incoming is not None else ""
    version = current(act) or act.services.interviews.form.version
    await act.tx.consents.record(person.id, version, act.language, given, act.now, channel, message, PROCESSING)
    await act.audit(
        "consented" if given else "refused consent", "people", person.id, purpose=PROCESSING, version=version
    )


# ---- the form's own text ------------------------------------------------------------------------------------------
def _question(form: Form) -> Question | None:
    """The question by which a form asks for it."""
    found = (node for node in form.walk() if isinstance(node, Question))
    return next((node for node in found if PURPOSES.get(node.attributes.get("role", "")) == PROCESSING), None)


async def _text(act: Act) -> tuple[Line, ...]:
    """What a form says of the processing, and its question, as somebody with a questionnaire reads them."""
    from bot.companions import questionnaire

    number = await questionnaire(act, act.person.id)
    stored = await act.tx.interviews.get(number) if number is not None else None
    if stored is None:  # a successor agrees before they take over
        stored = next(reversed(await left_to(act)), None)
    if stored is None or act.services.interviews.is_companion(stored.form_id):
        return ()
    form = act.services.interviews.form_of(stored)  # the text as it is now, whatever version the answers are held under
    interview = replace(Interview.from_json(json.loads(stored.state)), language=core.spoken(form, act.language))
    sitting = Sitting.open(form, interview, core.awake(form, interview, act.now), act.now)
    question = _question(form)
    notes = [node for node in form.walk() if isinstance(node, Question) and node.attributes.get(PRIVACY)]
    shown = [node for node in notes if node is not question and sitting.exists(node.path)]
    lines = [Line(sitting.label(node.path)) for node in shown]
    return (*lines, *((Line(sitting.label(question.path), "question"),) if question is not None else ()))
