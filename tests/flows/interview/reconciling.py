"""A form, an interview of it, and newer versions of the form for it to meet."""

from __future__ import annotations

import json

from flows.interview import inputs
from flows.interview.comparing import Change, compare
from flows.interview.form import Form
from flows.interview.reconcile import Reconciled, reconcile
from flows.interview.state import Interview
from tests.flows.interview.talking import NOW, Talk, form_of

BASE = """
| survey |               |        |               |                |            |          |                  |                  |
|        | type          | name   | label         | relevant       | constraint | required | appearance       | bind::griot:role |
|        | text          | who    | Your name     |                |            | yes      |                  |                  |
|        | select_one yn | law    | Is there one? |                |            |          |                  |                  |
|        | text          | which  | Which law?    | ${law} = 'yes' |            |          |                  |                  |
|        | integer       | year   | Which year?   |                | . > 1900   |          |                  |                  |
|        | select_multiple f | fruit | Fruit      |                |            |          |                  |                  |
|        | begin_repeat  | source | Source        |                |            |          |                  |                  |
|        | text          | title  | Title         |                |            |          |                  |                  |
|        | integer       | since  | Since         |                |            |          |                  |                  |
|        | end_repeat    |        |               |                |            |          |                  |                  |
|        | text          | story  | Your story    |                |            |          | multiline        |                  |
|        | select_one s  | hand   | Send?         |                |            | yes      |                  | submit           |
| choices |              |        |               |
|        | list_name     | name   | label         |
|        | yn            | yes    | Yes           |
|        | yn            | no     | No            |
|        | f             | apple  | Apple         |
|        | f             | pear   | Pear          |
|        | f             | plum   | Plum          |
|        | s             | send   | Send          |
|        | s             | later  | Later         |
| settings |             |        |
|        | form_id       | version | namespaces   |
|        | f             | 1      | griot="https://griot-guides.example/ns" |
"""  # noqa: E501


def changed(*pairs: tuple[str, str], version: str = "2", text: str = BASE) -> str:
    """The form with words replaced, and another version."""
    for old, new in pairs:
        assert text.count(old) == 1, (old, text.count(old))
        text = text.replace(old, new)
    return text.replace("| f             | 1  ", f"| f             | {version}  ")


def row(text: str, name: str) -> str:
    """The line of the question `name`."""
    (line,) = [line for line in text.splitlines() if f"| {name} " in line]
    return line


def attribute(text: str, name: str, attribute: str, value: str) -> str:
    """The form with a bind attribute of our own at one question."""
    lines = []
    for line in text.splitlines():
        if "| type " in line:
            line += f" bind::griot:{attribute} |"
        elif f"| {name} " in line:
            line += f" {value} |"
        lines.append(line)
    return "\n".join(lines)


def without(name: str, text: str = BASE) -> tuple[str, str]:
    return row(text, name) + "\n", ""


def filled() -> Talk:
    """Everything answered and handed in: two sources."""
    talk = Talk(changed(version="1"))
    talk(
        "Awa",
        "yes",
        "Law 12",
        "2004",
        inputs.Choose(("apple", "plum")),
        "Census",
        "1990",
        inputs.Again(True),
        "Survey",
        "2001",
    )
    talk(inputs.Again(False), "Once.", "Twice.", inputs.Done(), inputs.Choose(("send",)))
    assert talk.name == "Completed"
    return talk


def halfway() -> Talk:
    """The sources are being asked."""
    talk = Talk(changed(version="1"))
    return talk("Awa", "yes", "Law 12", "2004", inputs.Choose(("apple", "plum")), "Census", "1990", inputs.Again(False))


def meet(talk: Talk, newer: str) -> Reconciled:
    """The talk goes on under the newer version; through JSON, and twice the same."""
    new = form_of(newer)
    interview = Interview.from_json(json.loads(json.dumps(talk.interview.to_json())))
    found = reconcile(new, talk.form, interview, now=NOW)
    assert found == reconcile(new, talk.form, interview, now=NOW)
    assert Interview.from_json(json.loads(json.dumps(found.interview.to_json()))) == found.interview
    again = reconcile(new, talk.form, found.interview, now=NOW)
    assert (again.interview, again.events, again.asked_again) == (found.interview, (), ())
    assert found.interview.version == new.version
    talk.form, talk.turn, talk.events = new, found, found.events
    return found


def one(old: Form, new: Form) -> Change:
    (change,) = compare(old, new)
    return change


def between(newer: str) -> list[tuple[str, str]]:
    found = compare(form_of(changed(version="1")), form_of(newer))
    return [(change.kind, change.path.rpartition("/")[2]) for change in found]
