"""A conversation with the interview engine, for tests: JSON between every two turns."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from functools import cache
from typing import TypeVar

from flows.interview.events import Asked, Event
from flows.interview.form import Form
from flows.interview.inputs import Input, Press, Say
from flows.interview.interview import advance, start
from flows.interview.state import Interview
from flows.interview.xlsform import load_form

NOW = datetime(2026, 3, 15, 10, 30, tzinfo=UTC)
E = TypeVar("E", bound=Event)


@cache
def form_of(markdown: str) -> Form:
    return load_form(markdown.encode(), "md")


class Talk:
    """`talk("text")`, `talk(Skip())` take a turn; `talk.asked` is the question put last."""

    def __init__(self, markdown: str, language: str = "en", **given: str) -> None:
        self.form = form_of(markdown)
        self.turn = start(self.form, language=language, now=NOW, given=given)
        self.events = self.turn.events
        self.count = 0

    @property
    def interview(self) -> Interview:
        return self.turn.interview

    @property
    def asked(self) -> Asked:
        return next(event for event in reversed(self.events) if isinstance(event, Asked))

    @property
    def name(self) -> str:
        """The last part of the path asked, or what else the turn ended in."""
        last = self.events[-1] if self.events else None
        if not isinstance(last, Asked):
            return type(last).__name__
        return last.type if last.type in ("repeat", "first", "rest", "remove") else last.path.rpartition("/")[2]

    def all(self, kind: type[E]) -> list[E]:
        return [event for event in self.events if isinstance(event, kind)]

    def one(self, kind: type[E]) -> E:
        (event,) = self.all(kind)
        return event

    def value(self, path: str) -> str:
        return self.turn.session.value(path)

    def __call__(self, *inputs: Input | str) -> Talk:
        for given in inputs:
            self.count += 1
            input = Say(given, message_id=f"m{self.count}") if isinstance(given, str) else given
            interview = Interview.from_json(json.loads(json.dumps(self.interview.to_json())))
            self.turn = advance(self.form, interview, input, author="ana", now=NOW, channel="test")
            self.events = self.turn.events
        return self

    def press(self, code: str) -> Talk:
        token = next(event.token for event in reversed(self.events) if getattr(event, "token", ""))
        return self(Press(f"{token}:{code}"))
