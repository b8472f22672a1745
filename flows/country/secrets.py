"""What people said that no published text may say: confidential answers, and contacts whose publication nobody allowed.

Follows the rules of `contribution.read` and `merging`: what they leave out of a guide is what is looked for here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from flows.country.contribution import Answer, Contribution, Reading, consented, read
from flows.country.merging import publication_of
from flows.country.names import folded
from flows.country.searching import words
from flows.questionnaires.wording import Wording, joined

Kind = Literal["answer", "name", "email", "phone"]
_NO_ROW = ("", 0)
_ROW = re.compile(r"/(\w+)\[(\d+)\]")
# whose contact it is: one's own, that of a source, that of an institution; all others are of people nobody asked
_OWN = re.compile(r"^p3_")
_OF_SOURCE = re.compile(r"^s13_")
_OF_INSTITUTION = re.compile(r"^(e2|m2)_")
_KINDS: Mapping[str, Kind] = {"person_name": "name", "email": "email", "phone": "phone"}
_PARTS = re.compile(r"[,;:()/|\n\u2013\u2014]|\s-\s")
_TITLES = frozenset(
    words(
        "dr docteur pr prof professeur m mr mme mlle mrs ms madame monsieur me maître ing col colonel cdt commandant "
        "gén général hon honorable s e se son excellence sir"
    )
)
# words of a position or a unit: who writes them in place of a name has named nobody
_NO_NAME = frozenset(
    words(
        "direction directeur directrice directorate director division département department service services section "
        "bureau office unit unité cellule secrétariat secrétaire secretary chef cheffe head responsable point focal "
        "coordinateur coordinatrice coordonnateur coordinator président president ministère ministry ministre minister "
        "agence agency institut institute conseil council comité committee commission désigner nommer préciser "
        "confirmer déterminer named confirmed appointed determined tbd tbc tba contact"
    )
)


@dataclass(frozen=True, slots=True)
class Secret:
    """Something that must not be published. `question`: its name; `entity`: who said it."""

    value: str
    kind: Kind
    question: str
    entity: str


@dataclass(frozen=True, slots=True)
class Kept:
    """What must not be published, and what may: everything that is said openly, labels of choices included."""

    secrets: tuple[Secret, ...]
    known: tuple[str, ...]


def secrets_of(contributions: Iterable[Contribution], agreed: Iterable[str] = ()) -> Kept:
    """What the contributions of a country, in whatever state, keep out of its guide.

    `agreed`: names, addresses and numbers of people who agreed otherwise, such as members of the working group.
    """
    readings = [(read(item, number), item) for number, item in enumerate(contributions, start=1)]
    wordings = joined(item.wording for _, item in readings if item.wording)
    allowed = {_key(value) for value in agreed}
    found: list[Secret] = []
    known: list[str] = []
    for reading, item in readings:
        for answer, name, hidden in _texts(reading, item, wordings):
            kind = _kind(name, wordings)
            if kind is None:
                if hidden:
                    found.append(Secret(answer.value, "answer", name, item.entity.name))
                else:
                    known.append(answer.value)
            elif hidden or not _publishable(reading, name):
                found.append(Secret(answer.value, kind, name, item.entity.name))
            else:
                allowed.add(_key(answer.value))
        known += [item.entity.name, item.entity.acronym]
    labels = (label for by_language in wordings.labels.values() for label in by_language.values())
    secrets = dict.fromkeys(one for one in found if _key(one.value) not in allowed and _searchable(one))
    return Kept(tuple(secrets), tuple(dict.fromkeys(text for text in (*known, *labels) if text)))


def person(name: str) -> str:
    """A person's name without titles and positions; "" where it is only these, or a single word."""
    for part in _PARTS.split(name):
        found = words(part)
        named = [word for word in found if word not in _TITLES and (len(word) > 1 or word.isdecimal())]
        if len(named) > 1 and not any(word in _NO_NAME for word in found):
            return " ".join(named)
    return ""


def _texts(reading: Reading, item: Contribution, known: Wording) -> Iterator[tuple[Answer, str, bool]]:
    """Answers in words, and telephone numbers, each with whether it is kept out. Choices, figures and dates say nothing
    by themselves."""
    agreed = consented(item)
    for answer in item.answers:
        name = answer.path.rpartition("/")[2].partition("[")[0]
        if answer.status not in ("answered", "") or name in known.lists:
            continue
        if _kind(name, known) != "phone" and not any(map(str.isalpha, answer.value)):
            continue
        rows = _ROW.findall(answer.path)
        row = (rows[-1][0], int(rows[-1][1])) if rows else _NO_ROW
        yield answer, name, not agreed or (row, name) in reading.hidden


def _kind(name: str, known: Wording) -> Kind | None:
    """What of a contact a question asks for; None where for none."""
    return "name" if name == "e5_contact" else _KINDS.get(known.attributes.get(name, {}).get("kind", ""))


def _publishable(reading: Reading, name: str) -> bool:
    if _OWN.match(name):
        return publication_of(reading) == "full"
    if _OF_SOURCE.match(name):
        return publication_of(reading) != "none"
    return bool(_OF_INSTITUTION.match(name))


def _searchable(secret: Secret) -> bool:
    return secret.kind != "name" or bool(person(secret.value))


def _key(value: str) -> str:
    """The same for two spellings of one name, address or number."""
    if "@" in value:
        return value.casefold().strip()
    digits = "".join(filter(str.isdecimal, value))
    return digits if len(digits) > 5 else person(value) or folded(value)
