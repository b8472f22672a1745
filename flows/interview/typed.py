"""A typed answer to one question: read by its type, recorded, or refused with the reason."""

from __future__ import annotations

from flows.interview.answering import answer, refuse
from flows.interview.asking import needed, takes_links
from flows.interview.events import Noticed
from flows.interview.form import Question
from flows.interview.outcome import Next
from flows.interview.replies import Answer, Reply, read
from flows.interview.replies.contacts import read_url
from flows.interview.scope import why_not
from flows.interview.sitting import FILES, SELECTS, Sitting

LONGEST = 100_000  # characters of one message


def typed_answer(sitting: Sitting, question: Question, path: str, text: str, message_id: str) -> Next:
    """Read `text` by the question's type and record it, or say why not."""
    if len(text) > LONGEST:
        refuse(sitting, path, "too_long", values={"limit": LONGEST})
        return Next.ASK
    sitting.offers = ()
    if question.type in SELECTS and not sitting.choices(path):
        refuse(sitting, path, "no_choices_needed" if needed(sitting, path) else "no_choices")
        return Next.ASK
    reply = read_typed(sitting, question, path, text)
    put = sitting.put == f"question:{path}"
    if isinstance(reply, Answer):
        if not answer(sitting, path, reply.value, parts=((message_id, len(text)),) if message_id else ()):
            sitting.refused_message = message_id if put else sitting.refused_message
            return Next.ASK
        for note in reply.notes:
            sitting.say(Noticed(path, note.reason, note.values))
        if reply.other:
            _answer_other(sitting, path, reply.other, message_id)
        return Next.ASK
    suggestions = tuple(choice for choice in sitting.choices(path) if choice.name in reply.suggestions)
    ordered = tuple(sorted(suggestions, key=lambda choice: reply.suggestions.index(choice.name)))
    refuse(sitting, path, reply.reason, values=dict(reply.values), suggestions=ordered if put else ())
    if put:
        sitting.refused_message = message_id
        sitting.offers = tuple(choice.name for choice in ordered)
    return Next.WAIT if sitting.offers and put else Next.ASK


def read_typed(sitting: Sitting, question: Question, path: str, text: str) -> Reply:
    """What `text` says in answer to the question, by its type and what it offers now; nothing is put on record."""
    if question.type in FILES and takes_links(question):
        return read_url(text)
    return read(
        question.type,
        text,
        choices=sitting.offered(path) if question.type in SELECTS else (),
        language=sitting.language,
        today=sitting.day,
        appearance=question.appearance,
        parameters={**question.parameters, **_ours(sitting, question)},
    )


def _ours(sitting: Sitting, question: Question) -> dict[str, str]:
    """What the reader takes from bind attributes; the region falls back on the country given at the start."""
    names = ("kind", "region", "offset")
    found = {name: question.attributes[name] for name in names if question.attributes.get(name)}
    if "region" not in found and sitting.given.get("phone_region"):
        found["region"] = sitting.given["phone_region"]
    return found


def _answer_other(sitting: Sitting, path: str, text: str, message_id: str) -> None:
    """Typed in place of a listed choice: the answer to the question that asks "which?"."""
    other = f"{path}_other"
    if sitting.question(other) is not None and sitting.session.relevant(other) and not why_not(sitting, other):
        answer(sitting, other, text, parts=((message_id, len(text)),) if message_id else ())
