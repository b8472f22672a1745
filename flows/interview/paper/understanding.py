"""One field of a paper → an answer as the form keeps it, or why it is none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from flows.interview.form import Question, QuestionType
from flows.interview.paper.filled import Written, stands_for
from flows.interview.replies import Answer, clean
from flows.interview.sitting import SELECTS, Sitting
from flows.interview.typed import LONGEST, read_typed


@dataclass(frozen=True, slots=True)
class Unread:
    """`reason`: a name in the catalogue `replies`, `interview` or `paper`; `values`: its placeholders."""

    reason: str
    values: Mapping[str, object] = field(default_factory=dict)


def understood(sitting: Sitting, question: Question, path: str, written: Written) -> str | Unread:
    """The answer in `written`, which is not blank, as the question at `path` takes it now."""
    if question.type is QuestionType.ACKNOWLEDGE:
        return "OK"
    if question.type in SELECTS and not written.text.strip():
        return _ranked(sitting, path, written) if written.ranks else _ticked(sitting, question, path, written)
    if len(written.text) > LONGEST:
        return Unread("too_long", {"limit": LONGEST})
    reply = read_typed(sitting, question, path, written.text)
    if not isinstance(reply, Answer) and written.day and question.type is QuestionType.DATE:
        reply = read_typed(sitting, question, path, written.day)
    if isinstance(reply, Answer):
        return reply.value
    return Unread(reply.reason, dict(reply.values))


def _ticked(sitting: Sitting, question: Question, path: str, written: Written) -> str | Unread:
    offered = [choice.name for choice in sitting.choices(path)]
    known = _names(offered)
    ticked = dict.fromkeys(known.get(told, told) for told in written.ticked)
    wanted = sorted(ticked, key=lambda name: offered.index(name) if name in offered else -1)
    if any(name not in offered for name in wanted):
        return Unread("not_a_choice")
    if question.type is QuestionType.SELECT_ONE and len(wanted) > 1:
        return Unread("two_ticked", {"count": len(wanted)})
    return " ".join(wanted)


def _ranked(sitting: Sitting, path: str, written: Written) -> str | Unread:
    offered = [choice.name for choice in sitting.choices(path)]
    known = _names(offered)
    given = {known.get(told, told): clean(rank) for told, rank in written.ranks.items() if clean(rank)}
    if any(name not in offered for name in given):
        return Unread("not_a_choice")
    if sorted(given.values()) != sorted(map(str, range(1, len(offered) + 1))):
        return Unread("not_an_order", {"count": len(offered)})
    return " ".join(sorted(given, key=lambda name: int(given[name])))


def _names(offered: list[str]) -> dict[str, str]:
    """The names of choices by themselves and by what may stand for them."""
    return {told: name for name in offered for told in (name, stands_for(name))}


def shown(sitting: Sitting, question: Question, path: str, written: Written) -> str:
    """What stands in a field, in words."""
    offered = {choice.name: choice.label for choice in sitting.choices(path)} if question.type in SELECTS else {}
    labels = {told: offered[name] for told, name in _names(list(offered)).items()}
    ranks = sorted((rank, labels.get(name, name)) for name, rank in written.ranks.items() if rank.strip())
    ticked = [labels.get(name, name) for name in written.ticked]
    if question.type is QuestionType.ACKNOWLEDGE and ticked:
        return "OK"
    return written.text.strip() or ", ".join(ticked) or ", ".join(f"{rank} {label}" for rank, label in ranks)
