"""What a reply turns into."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Note:
    """Something was interpreted and is worth saying back. `reason` is a name in the catalogue `replies`."""

    reason: str
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Answer:
    """`value` in XForms text form: ISO dates, a decimal point, "a b" for several choices in the order given.

    `other` is what was typed in the place of a listed choice when the list has an "other" entry: it belongs to the
    question that asks "which?".
    """

    value: str
    notes: tuple[Note, ...] = ()
    other: str = ""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why the reply is no answer, and what may help. `reason` is a name in the catalogue `replies`, `values` its
    placeholders; `suggestions` are names of choices that come near."""

    reason: str
    values: Mapping[str, str] = field(default_factory=dict)
    suggestions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Offered:
    """A choice on offer. `labels` by language, every language of the form that has one."""

    name: str
    labels: Mapping[str, str]


Reply = Answer | Refusal
