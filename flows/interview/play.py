"""An interview as JSON lines: inputs as dictionaries in, what is said as dictionaries out.

    {"text": …} · {"choose": "name"} · {"choose": ["a", "b"]} · {"skip": true} · {"unknown": true} · {"back": true}
    {"edit": "/data/…"} · {"again": true|false} · {"done": true} · {"keep": true} · {"remove": "/data/r[2]"}
    {"language": "fr"} · {"review": true} · {"help": true} · {"pause": true} · {"resume": true} · {"press": "action"}
    {"confidential": true} · {"locate": [latitude, longitude]} · {"file": "name.pdf", "media_type": "application/pdf"}

Between every two inputs the interview passes through JSON, so that what is played is what a restarted process does.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from flows.interview import events as e
from flows.interview import inputs
from flows.interview.asking import is_long
from flows.interview.form import Form, Question
from flows.interview.interview import Turn, advance, current_question, start
from flows.interview.plan import bare
from flows.interview.state import Interview

Wording = Callable[[e.Refused, str], str]  # a refusal and a language → the message shown

_PLAIN: dict[str, Callable[[], inputs.Input]] = {
    "skip": inputs.Skip,
    "unknown": inputs.Unknown,
    "back": inputs.Back,
    "done": inputs.Done,
    "keep": inputs.Keep,
    "undo": inputs.Undo,
    "help": inputs.Help,
    "pause": inputs.Pause,
    "resume": inputs.Resume,
    "review": inputs.Review,
}
_OF_TEXT: dict[str, Callable[[str], inputs.Input]] = {
    "edit": inputs.Edit,
    "remove": inputs.Remove,
    "language": inputs.Speak,
    "press": inputs.Press,
}


class PlayProblem(ValueError):
    """A line of inputs that cannot be read: `line` counts from 1, `why` says what is wrong with it."""

    def __init__(self, line: int, why: str) -> None:
        super().__init__(f"line {line}: {why}")
        self.line = line
        self.why = why


class Played:
    """An interview being played: iterate over what is said; afterwards `instance_xml()` is what was filled in."""

    def __init__(
        self,
        form: Form,
        inputs: Iterable[object],
        language: str,
        now: datetime,
        given: Mapping[str, str] | None,
        say: Wording | None,
    ) -> None:
        self.form = form
        self.inputs = inputs
        self.now = now
        self.say = say
        self.turn: Turn = start(form, language=language or form.default_language, now=now, given=given)

    def instance_xml(self) -> str:
        """The OpenRosa instance as filled in so far."""
        return self.turn.session.instance_xml()

    def __iter__(self) -> Iterator[dict[str, Any]]:
        yield from self._said()
        for number, given in enumerate(self.inputs, 1):
            for input in self._read(given, f"line {number}"):
                interview = Interview.from_json(json.loads(json.dumps(self.turn.interview.to_json())))
                self.turn = advance(self.form, interview, input, author="player", now=self.now, channel="play")
                yield from self._said()

    def _said(self) -> Iterator[dict[str, Any]]:
        for event in self.turn.events:
            yield self._line(event)
        refused = any(isinstance(event, e.Refused) for event in self.turn.events)
        if refused and not any(isinstance(event, e.Asked | e.Completed) for event in self.turn.events):
            # A person still has the question before them; whoever plays inputs waits for it to be asked.
            again = current_question(self.form, self.turn.interview, now=self.now)
            yield from (self._line(event) for event in again.events if isinstance(event, e.Asked))

    def _line(self, event: e.Event) -> dict[str, Any]:
        match event:
            case e.Asked():
                choices = [{"name": choice.name, "label": choice.label} for choice in event.choices]
                kind = "repeat" if event.type == "first" else event.type
                return {"event": "asked", "path": event.path, "type": kind, "label": event.label, "choices": choices}
            case e.Recorded():
                return {"event": "recorded", "path": event.path, "value": event.value}
            case e.Refused():
                message = self.say(event, self.turn.interview.language) if self.say else event.message or event.reason
                return {"event": "refused", "reason": event.reason, "message": message}
        return event.to_json()

    def _read(self, given: object, message_id: str) -> Iterator[inputs.Input]:
        """The inputs that a dictionary stands for; a typed text ends a long answer at once."""
        if not isinstance(given, Mapping) or not given:
            yield inputs.Input()
            return
        key, value = next(iter(given.items()))
        if key == "text":
            yield inputs.Say(_written(value), message_id=message_id)
            if self.turn.interview.parts and self._is_long():
                yield inputs.Done()
        elif key == "choose":
            yield inputs.Choose(tuple(map(_written, value)) if isinstance(value, list | tuple) else (_written(value),))
        elif key == "again":
            yield inputs.Again(value is True)
        elif key == "confidential":
            yield inputs.Confide(value is True)
        elif key == "locate" and isinstance(value, list | tuple) and len(value) >= 2 and all(map(_is_number, value)):
            yield inputs.Locate(*(float(number) for number in value[:3]))
        elif key == "file":
            media_type = str(given.get("media_type", ""))
            yield inputs.Attach(inputs.Attachment(str(value), media_type, None, str(value)), message_id=message_id)
        elif key in _PLAIN and value is not False:
            yield _PLAIN[key]()
        elif key in _OF_TEXT:
            yield _OF_TEXT[key](str(value))
        else:
            yield inputs.Input()

    def _is_long(self) -> bool:
        node = self.form.nodes.get(bare(self.turn.interview.put.partition(":")[2]))
        return isinstance(node, Question) and is_long(node)


def play_inputs(
    form: Form,
    inputs: Iterable[object],
    *,
    language: str = "",
    now: datetime,
    given: Mapping[str, str] | None = None,
    say: Wording | None = None,
) -> Played:
    """Play `inputs` from the beginning. `given`: values known beforehand; `say` words the refusals, which otherwise
    show the form's own message or the name of the reason."""
    return Played(form, inputs, language, now, given, say)


def play(
    form: Form,
    inputs: Iterable[object],
    language: str = "",
    host: Mapping[str, str] | None = None,
    *,
    now: datetime,
    say: Wording | None = None,
) -> Iterator[dict[str, Any]]:
    """What `play_inputs` says, `host` being the values known beforehand."""
    return iter(play_inputs(form, inputs, language=language, now=now, given=host, say=say))


def read_inputs(raw: bytes) -> list[dict[str, Any]]:
    """JSON lines as dictionaries; empty lines are passed over. Raises `PlayProblem`."""
    found: list[dict[str, Any]] = []
    for number, line in enumerate(raw.removeprefix(b"\xef\xbb\xbf").splitlines(), 1):
        if not line.strip():
            continue
        try:
            read = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise PlayProblem(number, str(error)) from error
        if not isinstance(read, dict):
            raise PlayProblem(number, "not a JSON object")
        found.append(read)
    return found


def _written(value: object) -> str:
    """A JSON value as a person would type it."""
    return str(value).lower() if isinstance(value, bool) else "" if value is None else str(value)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
