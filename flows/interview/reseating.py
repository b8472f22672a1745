"""Where a person was in a form, in its newer version: the question put, and what was half given to it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from flows.interview.asking import is_long
from flows.interview.carrying import Moves
from flows.interview.comparing import is_answered
from flows.interview.form import Repeat
from flows.interview.inputs import Say
from flows.interview.plan import bare
from flows.interview.replies.folding import clean, fold
from flows.interview.sitting import SELECTS, Sitting
from flows.interview.state import Interview, Record, Retired
from flows.interview.step import Step
from flows.interview.typed import LONGEST
from flows.interview.walk import current, reachable
from flows.interview.words import DONE, SKIP, UNKNOWN

_TICKING = frozenset({"select_multiple", "rank"})


@dataclass(frozen=True, slots=True)
class Placing:
    """`was`: the interview as one person saw it, under the old version. `said`: what they typed just now. `set_aside`
    keeps what has no place, and says how."""

    moves: Moves
    was: Interview
    set_aside: Callable[[str, Record, str], Retired]
    said: Say | None = None

    def settle_in(self, sitting: Sitting) -> None:
        """What the person is asked, and what they have read."""
        sitting.scope = self.scope(self.was.scope)
        sitting.told = {path for path in self.places(self.was.told) if not self._means_another(path)}

    def place(self, sitting: Sitting) -> tuple[tuple[str, ...], bool]:
        """Bring what was put, and what was half given to it, along; what it was called where that cannot be, and
        whether the same question is still put."""
        was = self.was
        sitting.at = self._key(was.at)
        if not was.put:
            step = current(sitting)
            return (), step is None or step.kind != "question"
        key = self._key(was.put)
        step = Step.from_key(key) if key else None
        change = self.moves.change(step.path) if step is not None else None
        altered = change is not None and (change.asks or not {"type", "offered", "parameters"}.isdisjoint(change.what))
        there = step is not None and reachable(sitting, step)
        unfinished = self._half_given(sitting, step if there else None, altered)
        sitting.put = key if there else ""
        if altered or not there:
            sitting.token += 1  # buttons on the screen no longer point where they did
        if step is None or not there:
            sitting.refused_message, sitting.put_revision = "", 0
            return unfinished, False
        if not altered or sitting.parts:
            now = current(sitting)
            if now is None or now.key != key:
                sitting.at = key  # what is being answered is answered first
        return unfinished, not altered

    def _half_given(self, sitting: Sitting, step: Step | None, altered: bool) -> tuple[str, ...]:
        """A long answer half typed goes on where it can, and so do ticks; otherwise they are kept aside."""
        was = self.was
        node = sitting.question(step.path) if step is not None else None
        sitting.parts = []
        ticking = node is not None and str(node.type) in _TICKING
        offered = {choice.name for choice in sitting.choices(step.path)} if ticking and step is not None else set()
        ticks = was.ticks or ()
        sitting.ticks = None if was.ticks is None or not ticking else [name for name in ticks if name in offered]
        if altered or node is None or node.type not in SELECTS:
            sitting.offers = ()
        parts = list(was.parts)
        if (altered or step is None) and (text := self._just_said()) and self.said is not None:
            parts.append((self.said.message_id, text))
        if node is not None and is_long(node):
            sitting.parts, parts = parts, []
        text = "\n".join(part for _, part in parts)
        text = text or (" ".join(ticks) if ticks and sitting.ticks is None else "")
        if not text:
            return ()
        path = Step.from_key(was.put).path
        record = Record("", language=was.language, parts=tuple((message, len(part)) for message, part in parts))
        kept = self.set_aside(path, record, text)
        sitting.retired = (*sitting.retired, kept)
        return (kept.label,)

    def _just_said(self) -> str:
        """What was typed in answer to the question put; "" where it was none, or a word that stands for a button."""
        if self.said is None or Step.from_key(self.was.put).kind != "question":
            return ""
        text = clean(self.said.text)
        return "" if len(text) > LONGEST or fold(text) in {*DONE, *SKIP, *UNKNOWN} else text

    def _key(self, key: str) -> str:
        """A step's key in the new version; "" where there is no such step."""
        if not key:
            return ""
        step = Step.from_key(key)
        there = self.moves.new.root.path if step.kind == "rest" else self.moves.place(step.path)
        node = self.moves.new.nodes.get(bare(there)) if there is not None else None
        same = is_answered(node) if step.kind == "question" else step.kind == "rest" or isinstance(node, Repeat)
        return Step(step.kind, there).key if there is not None and same else ""

    def places(self, paths: Iterable[str]) -> set[str]:
        found = {self.moves.place(path) for path in paths}
        return {path for path in found if path is not None}

    def scope(self, scope: tuple[str, ...]) -> tuple[str, ...]:
        """A scope's paths; those that are no more stay as they are: an empty scope would be everything."""
        return tuple(dict.fromkeys(self.moves.place(path) or path for path in scope))

    def _means_another(self, path: str) -> bool:
        change = self.moves.change(path)
        return change is not None and change.kind == "meaning"
