"""The questions of the guide as subjects: what a fact found elsewhere can be about, by section of the guide."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from flows.interview.sheets import read_toml
from flows.questionnaires import GUIDE, source

SECTIONS = ("I", "II", "III.1", "III.2", "III.3", "III.4", "IV")
"""The sections of the guide that questions name."""
CONTEXT = "II.5"
"""The section on the country's context, which no question is about."""
PLACES = (*SECTIONS[:2], CONTEXT, *SECTIONS[2:])
"""What a finding is said to be about: those that questions name, and the context."""
NUMBERS = (
    *("I", "I.1", "I.2", "I.3", "I.4", "I.5", "I.6", "II", "II.1", "II.2", "II.3", "II.4", CONTEXT),
    *("III", "III.1", "III.2", "III.3", "III.4", "IV", "IV.1", "IV.2"),
)
"""All sections of the guide, and their parts."""
_ATTRIBUTE = "bind::griot:"
_LABEL = re.compile(r"^label::.*\((\w[\w-]*)\)$")
_VALUE = re.compile(r"\$\{\w+\}")
_TYPES = ("text", "integer", "date", "select_one", "select_multiple")
_PERSONAL = frozenset({"person_name", "email", "phone"})


@dataclass(frozen=True, slots=True)
class Topic:
    """One question. `code`: as the guide cites it (S7); `section`: of the guide; `in_rows`: it is asked for each of
    several sources, members, recommendations …"""

    name: str
    code: str
    section: str
    type: str
    in_rows: bool
    labels: Mapping[str, str]

    def label(self, language: str) -> str:
        """The question in `language`, in English where it is not translated."""
        return self.labels.get(language) or self.labels.get("en") or self.name


@cache
def topics(name: str = GUIDE) -> Mapping[str, Topic]:
    """Every question that a published fact can answer, by its name: none about people, files or the exercise itself."""
    found: dict[str, Topic] = {}
    repeats = 0
    for row in read_toml(source(name)).rows("survey"):
        kind = str(row["type"]).split()[0]
        repeats += {"begin_repeat": 1, "end_repeat": -1}.get(kind, 0)
        own = {key.removeprefix(_ATTRIBUTE): str(value) for key, value in row.items() if key.startswith(_ATTRIBUTE)}
        section = next((one for one in own.get("section", "").split() if one in SECTIONS), "")
        code = own.get("id", "")
        if kind not in _TYPES or not section or own.get("kind") in _PERSONAL or "role" in own or code[:1] == "P":
            continue
        labels = {
            match[1]: " ".join(_VALUE.sub("…", str(value)).split())
            for key, value in row.items()
            if (match := _LABEL.match(key))
        }
        question = str(row["name"])
        found[question] = Topic(question, code, section, kind, repeats > 0, labels)
    return found


def of_section(section: str) -> tuple[Topic, ...]:
    """The questions of one section, in the order in which they are asked."""
    return tuple(topic for topic in topics().values() if topic.section == section)
