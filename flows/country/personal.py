"""Which of all that is kept says who somebody is: questions, words of the ledger; and how it is found again."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from flows.interview.form import Form, Question, QuestionType
from flows.interview.plan import bare

OF_ONESELF = frozenset({"P3", "P5", "P6"})
"""Questions (bind attribute `id`) by which somebody gives their own contact, who gave them the mandate, and who is
above them: what in them is written, not chosen, goes with the person."""
CONTACTS = frozenset({"person_name", "email", "phone"})
"""Kinds of questions (bind attribute `kind`) whose answers name people."""
_NAMING = frozenset({"e5_contact"})  # questions that name people and say so by no kind
_WRITTEN = frozenset({QuestionType.TEXT, QuestionType.FILE, QuestionType.IMAGE, QuestionType.AUDIO, QuestionType.VIDEO})

PERSONAL_WORDS: Mapping[str, bool] = {
    # names of people: go with the person who is named, or who named them
    "delegation.made": True,  # the colleague's name, as the official wrote it
    "clearance.signed": True,  # who signed
    "meeting.answered": True,  # who comes in somebody's place
    # what an institution said or decided: stays, for the public task that it was said for
    "activities.added": False,  # of the dialogue, with public links
    "activities.corrected": False,
    "broadcast.sent": False,  # what an office wrote to a group
    "clearance.remarked": False,
    "completeness.waived": False,
    "contribution.returned": False,
    "desk.found": False,
    "desk.settled": False,
    "difference.settled": False,
    "draft.commented": False,
    "draft.passages_objected": False,
    "endorsement.foreword": False,  # an authority's own words, published with its signatory
    "endorsement.foreword_withdrawn": False,  # whose it was: else it would stand again
    "endorsement.given": False,
    "exercise.milestone_set": False,
    "interest.expressed": False,  # an authority and a position
    "meeting.cancelled": False,
    "meeting.proposed": False,
    "workshop.outcome_recorded": False,
    # names of institutions
    "workshop.participants_counted": False,
    "participants.entity_named": False,
    "participants.entity_corrected": False,
    "participants.entities_merged": False,
}
"""For every kind of fact with words: whether they are personal, and are erased with the person. A kind that is not
here yet is kept, and a test says so."""


def of_oneself(form: Form) -> frozenset[str]:
    """The paths, without row numbers, of what somebody says of themselves and of who is above them."""
    return frozenset(
        node.path
        for node in form.walk()
        if isinstance(node, Question) and node.attributes.get("id") in OF_ONESELF and node.type in _WRITTEN
    )


def names_people(form: Form, path: str) -> bool:
    """Whether the question at `path` asks for somebody's name, address or number."""
    node = form.nodes.get(bare(path))
    return node is not None and (node.attributes.get("kind") in CONTACTS or node.name in _NAMING)


def contact_of(form: Form, path: str) -> bool:
    """Whether the question at `path` asks for the name, address or number of who answers."""
    node = form.nodes.get(bare(path))
    return node is not None and node.attributes.get("id") == "P3" and node.attributes.get("kind") in CONTACTS


# ---- found again --------------------------------------------------------------------------------------------------
SHORTEST = 4
"""Letters or digits of a word that may be looked for: less is found everywhere."""


@dataclass(frozen=True, slots=True)
class Marks:
    """By what somebody is known: names, electronic addresses, telephone numbers, as they are compared."""

    words: frozenset[str]
    numbers: frozenset[str]

    def in_text(self, text: str) -> bool:
        """Whether a text mentions any of them."""
        if not text:
            return False
        said = f" {folded(text)} "
        if any(f" {word} " in said for word in self.words):
            return True
        digits = _digits(text)
        return any(number in digits for number in self.numbers)

    def is_one(self, value: str) -> bool:
        """Whether a text is one of them and nothing else."""
        return bool(value) and (folded(value) in self.words or (_digits(value) in self.numbers and _is_number(value)))


def marks(values: Iterable[str]) -> Marks:
    """What somebody is known by, from what they and others called them."""
    words: set[str] = set()
    numbers: set[str] = set()
    for value in values:
        if _is_number(value):
            numbers.add(_digits(value))
        elif len(folded(value).replace(" ", "")) >= SHORTEST:
            words.add(folded(value))
    return Marks(frozenset(words), frozenset(numbers))


def _is_number(value: str) -> bool:
    return len(_digits(value)) >= 6 and not any(map(str.isalpha, value))


def _digits(value: str) -> str:
    return "".join(filter(str.isdecimal, value))


_BETWEEN = re.compile(r"[^\w@.+-]+")


def folded(value: str) -> str:
    """Without case, accents and punctuation, words parted by one space."""
    plain = unicodedata.normalize("NFKD", value.casefold())
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return " ".join(word.strip(".-+") for word in _BETWEEN.split(plain) if word.strip(".-+"))
