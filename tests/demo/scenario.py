"""What the people of the demo will answer, and the questions as they read on the screen."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
Answer = str | list[str]


@dataclass(frozen=True, slots=True)
class Part:
    """One person of the exercise. `answers`: question name → text, choice name or names; repeat name → its rows.

    `wrong`: what is first answered to a question, to be refused. `edit`: the new text of the message that answered a
    question. `rest`: whether the person goes on after the essential questions. `entrust_at`: the question at which
    its whole section goes to `colleague`.
    """

    name: str
    role: str
    entity: str
    answers: Mapping[str, Any]
    rest: bool = True
    wrong: Mapping[str, str] = field(default_factory=dict)
    edit: Mapping[str, str] = field(default_factory=dict)
    confidential: tuple[str, ...] = ()
    pause_before: str = ""
    entrust_at: str = ""
    colleague: str = ""


@dataclass(frozen=True, slots=True)
class Exercise:
    country: str
    language: str
    note: str  # on every page of the guide
    people: tuple[Part, ...]


def exercises() -> list[Exercise]:
    """The exercises of this folder, one country each."""
    found = []
    for source in sorted(HERE.glob("*.toml")):
        data = tomllib.loads(source.read_text("utf-8"))
        people = tuple(Part(**{**part, "confidential": tuple(part.get("confidential", ()))}) for part in data["people"])
        found.append(Exercise(data["country"], data["language"], data["note"], people))
    return found


@dataclass(frozen=True, slots=True)
class Known:
    """A question as somebody who reads it knows it. `repeat`: the name and label of the repeat it is in."""

    name: str
    type: str
    label: re.Pattern[str]
    section: str
    repeat: str
    repeat_label: str
    choices: Mapping[str, str]
    order: int


def heading(shown: str) -> str:
    """What stands above the question: its place, and under it the row that it is about."""
    return "\n".join(shown.split("\n\n", 1)[0].split("\n")[:2])


@dataclass(frozen=True, slots=True)
class Reading:
    """Finds out from a message which question is asked, as a person does: by reading it."""

    questions: tuple[Known, ...]
    repeats: Mapping[str, str]  # name → label

    def question(self, shown: str, after: int) -> Known | None:
        """The question whose words stand in `shown`; of several with the same words, the next one after `after`."""
        found = [known for known in self.questions if known.label.search(shown)]
        if not found:
            return None
        last = max(max(match.end() for match in known.label.finditer(shown)) for known in found)
        found = [known for known in found if any(match.end() == last for match in known.label.finditer(shown))]
        longest = max(len(known.label.pattern) for known in found)
        found = [known for known in found if len(known.label.pattern) == longest]
        above = heading(shown)
        found = [known for known in found if known.section in above] or found
        inside = [known for known in found if known.repeat_label and known.repeat_label in above]
        found = inside or [known for known in found if not known.repeat_label] or found
        return min(found, key=lambda known: (known.order < after, known.order))


def reading(source: Mapping[str, Any], language: str) -> Reading:
    """`source`: the form's text source (`guide.toml`, parsed); `language`: the name of its columns."""
    column = f"label::{language}"
    lists: dict[str, dict[str, str]] = {}
    for choice in source["choices"]:
        lists.setdefault(choice["list_name"], {})[str(choice["name"])] = choice[column]
    known: list[Known] = []
    repeats: dict[str, str] = {}
    stack: list[tuple[str, str, str]] = []
    for order, row in enumerate(source["survey"]):
        kind, _, listed = str(row["type"]).partition(" ")
        if kind.startswith("begin"):
            stack.append((kind, row["name"], row.get(column, "")))
            if kind == "begin_repeat":
                repeats[row["name"]] = row.get(column, "")
        elif kind.startswith("end"):
            stack.pop()
        elif kind not in ("hidden", "calculate", "note"):
            repeat = next(
                ((name, label) for begun, name, label in reversed(stack) if begun == "begin_repeat"), ("", "")
            )
            words = [re.escape(part) for part in re.split(r"\$\{\w+\}", row[column].strip())]
            known.append(
                Known(
                    name=row["name"],
                    type="long" if "multiline" in str(row.get("appearance", "")) else kind,
                    label=re.compile(".*?".join(words), re.DOTALL),
                    section=stack[0][2] if stack else "",
                    repeat=repeat[0],
                    repeat_label=repeat[1],
                    choices=lists.get(listed, {}),
                    order=order,
                )
            )
    return Reading(tuple(known), repeats)
