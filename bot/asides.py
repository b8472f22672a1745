"""What people do beside answering: a reply to an old question, an edit that is no answer, several files at once."""

from __future__ import annotations

from collections import OrderedDict

from bot import reception
from bot.envelopes import envelope
from bot.messages import CommandIn, FileIn, Incoming, LocationIn, Prompt, TextIn
from db.outbox import Message
from db.transaction import Transaction
from flows.i18n import text

_ALBUMS = 1000
BROADCAST = "broadcast "
"""How the key of a message to a group begins."""
_BESIDE = "+?="  # marks at the end of a key: a message about a question, beside the question itself


async def is_to_earlier(tx: Transaction, incoming: Incoming, interview: int) -> bool:
    """Whether an answer quotes an earlier question: the one asked now may not take it for its own."""
    if not incoming.replies_to or incoming.edited or not isinstance(incoming.payload, TextIn | FileIn | LocationIn):
        return False
    where = incoming.sender.channel, incoming.sender.address
    quoted = await tx.outbox.key_of(*where, incoming.replies_to)
    if "." not in quoted:  # not a question
        return False
    newest = await tx.outbox.newest_key(*where, f"{interview}.")
    return quoted.rstrip(_BESIDE) != newest.rstrip(_BESIDE)


async def not_taken(tx: Transaction, incoming: Incoming, language: str, contact: str) -> Prompt:
    """What is said of an answer that quotes something else than the question asked now."""
    key = await tx.outbox.key_of(incoming.sender.channel, incoming.sender.address, incoming.replies_to)
    if not key.startswith(BROADCAST):
        return reception.sentence(language, "reply_to_earlier")
    whom = reception.contact(language, contact)
    return reception.say(language, text("broadcasts.not_an_answer", language, contact=whom))


def not_revised(incoming: Incoming, language: str) -> list[Prompt]:
    """What is said of an edited message that is no text: a live location moves by itself, and nothing is said."""
    payload = incoming.payload
    if isinstance(payload, FileIn):
        return [reception.sentence(language, "edited_file")]
    return [reception.sentence(language, "edited_command")] if isinstance(payload, CommandIn) else []


class Albums:
    """Files sent together arrive as so many messages; only the first is an answer. Of each address, the last album is
    remembered, in this process: after a restart in the middle of one the next file counts as sent alone."""

    def __init__(self) -> None:
        self._last: OrderedDict[tuple[str, str], str] = OrderedDict()

    def has(self, incoming: Incoming) -> bool:
        """Whether a file of the same album was handled before."""
        return bool(_album(incoming)) and self._last.get(_where(incoming)) == _album(incoming)

    def remember(self, incoming: Incoming) -> None:
        """The turn of this message is committed."""
        if _album(incoming):
            self._last[_where(incoming)] = _album(incoming)
            self._last.move_to_end(_where(incoming))
            if len(self._last) > _ALBUMS:
                self._last.popitem(last=False)

    def refusal(self, incoming: Incoming, language: str) -> Message:
        """One file at a time, please: said once of an album."""
        prompt = reception.sentence(language, "one_file")
        return envelope(*_where(incoming), prompt, dedupe=f"album {_album(incoming)}")


def _album(incoming: Incoming) -> str:
    return incoming.payload.album if isinstance(incoming.payload, FileIn) else ""


def _where(incoming: Incoming) -> tuple[str, str]:
    return incoming.sender.channel, incoming.sender.address
