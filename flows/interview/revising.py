"""The new wording of an earlier message: it replaces what that message said, wherever that stands now."""

from __future__ import annotations

from operator import itemgetter

from flows.interview import events as e
from flows.interview import inputs
from flows.interview.answering import answer, refuse
from flows.interview.asking import is_long, token_of
from flows.interview.outcome import Next
from flows.interview.replies.folding import clean
from flows.interview.sitting import Sitting
from flows.interview.typed import typed_answer


def revise(sitting: Sitting, input: inputs.Say) -> Next | None:
    """Apply an edited message; None when it is to be read as a new answer to the current question."""
    text = clean(input.text)
    if any(message == input.message_id for message, _ in sitting.parts):
        _revise_part(sitting, input.message_id, text)
        return Next.WAIT
    path = _answered_by(sitting, input.message_id)
    if path is None:
        if input.message_id and input.message_id == sitting.refused_message:
            return None
        refuse(sitting, "", "edit_not_an_answer")
        return Next.WAIT
    question = sitting.question(path)
    if question is None:
        refuse(sitting, "", "edit_not_an_answer")
        return Next.WAIT
    if not text:
        refuse(sitting, path, "empty")
        return Next.WAIT
    if not is_long(question):
        return typed_answer(sitting, question, path, text, input.message_id)
    value, parts = _with_part(sitting, path, input.message_id, text)
    answer(sitting, path, value, parts=parts)
    return Next.ASK


def _answered_by(sitting: Sitting, message_id: str) -> str | None:
    """The answer on record that the message gave; a channel may number the messages of another person alike."""
    if not message_id:
        return None
    found = [
        (record.author != sitting.author, path)
        for path, record in sitting.records.items()
        if record.status == "answered" and any(message == message_id for message, _ in record.parts)
    ]
    return min(found, key=itemgetter(0))[1] if found else None


def _revise_part(sitting: Sitting, message_id: str, text: str) -> None:
    """A part of the long answer still being typed; emptied, it is taken out."""
    sitting.parts = [(m, text if m == message_id else t) for m, t in sitting.parts if m != message_id or text]
    characters = sum(len(part) for _, part in sitting.parts)
    sitting.say(e.Added(sitting.put.partition(":")[2], len(sitting.parts), characters, token_of(sitting)))


def _with_part(sitting: Sitting, path: str, message_id: str, text: str) -> tuple[str, tuple[tuple[str, int], ...]]:
    """The recorded answer with the part of one message replaced."""
    record = sitting.records[path]
    value = sitting.session.value(path)
    if len(record.parts) == 1:
        return text, ((message_id, len(text)),)
    if sum(length + 1 for _, length in record.parts) - 1 != len(value):
        return f"{value}\n{text}", ((message_id, len(value) + 1 + len(text)),)  # no telling which part: lose none
    texts: list[str] = []
    at = 0
    for message, length in record.parts:
        texts.append(text if message == message_id else value[at : at + length])
        at += length + 1
    parts = tuple((message, len(part)) for (message, _), part in zip(record.parts, texts, strict=True))
    return "\n".join(texts), parts
