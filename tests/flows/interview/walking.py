"""A person who fills in any form: mostly sensible answers, sometimes something else; and what must hold after each."""

from __future__ import annotations

import json
import re
from random import Random

from bot.channels.telegram_out import pieces
from bot.prompts import prompts
from flows.interview import events as e
from flows.interview import inputs
from flows.interview.form import Form
from flows.interview.interview import Turn, advance, start
from flows.interview.plan import bare
from flows.interview.state import Interview
from tests.flows.interview.talking import NOW

FILES = {"image": "a.jpg", "audio": "a.mp3", "video": "a.mp4", "file": "a.pdf"}
MEDIA = {"image": "image/jpeg", "audio": "audio/mpeg", "video": "video/mp4", "file": "application/pdf"}
TYPED = {
    "integer": ("0", "1", "2", "3", "7", "20", "35"),
    "decimal": ("0", "2,5", "3.7", "100"),
    "date": ("12/03/2025", "1 mars 2024", "2026-03-15"),
    "time": ("8h15", "14:30"),
    "dateTime": ("12/03/2025 14:30",),
    "geopoint": ("12.3, -1.5", "-1.29, 36.82"),
    "geotrace": ("12.3 -1.5; 12.4 -1.6",),
    "geoshape": ("12.3 -1.5; 12.4 -1.6; 12.5 -1.4",),
    "acknowledge": ("ok",),
}
RARE = {"integer": ("99",), "date": ("2030-01-01",)}  # for what refuses the usual ones
WORDS = ("Ana", "two words", "20", "yes")
ODD = ("zzz", "-", "99999999999999", "", "\u202e\0", "no", "next", "2", "done")
SELECTS = ("select_one", "select_multiple", "rank")


class Walk:
    """`step()` takes one turn; `turn` is the last one."""

    def __init__(self, form: Form, seed: int, odd: float, *, live: bool = False, language: str = "") -> None:
        self.form, self.draw, self.odd = form, Random(seed), odd
        self.turn: Turn = start(form, language=language or form.default_language or "en", now=NOW)
        self.live = live
        self.tries: dict[str, int] = {}
        self.aside: set[str] = set()
        self.check()

    @property
    def completed(self) -> bool:
        return self.turn.interview.completed

    def run(self, turns: int, patience: int = 300) -> Walk:
        """`turns` with odd inputs among them, then sensible ones to the end."""
        for number in range(turns + patience):
            if number >= turns:
                self.odd = 0
                if self.completed:
                    break
            self.step()
        return self

    def step(self) -> None:
        asked = next((event for event in reversed(self.turn.events) if isinstance(event, e.Asked)), None)
        if self.draw.random() < self.odd or (self.completed and self.odd):
            self.take(self.odd_input())
        elif asked is None:
            self.take(inputs.Done() if self.turn.interview.parts else inputs.Resume())
        else:
            self.tries[asked.path] = self.tries.get(asked.path, 0) + 1
            self.take(self.sensible(asked))

    def take(self, input: inputs.Input) -> None:
        """The turn from JSON; now and then also with the live session, which must change nothing."""
        before, live = self.turn.interview, self.turn.session
        again = Interview.from_json(json.loads(json.dumps(before.to_json())))
        turn = advance(self.form, again, input, author="a", now=NOW, channel="test")
        if self.live:
            self.turn = advance(self.form, before, input, author="a", now=NOW, channel="test", session=live)
            assert self.turn.events == turn.events
            assert self.turn.interview.to_json() == turn.interview.to_json()
        else:
            self.turn = turn
        self.check()

    # ---- inputs ----
    def sensible(self, asked: e.Asked) -> inputs.Input:
        draw = self.draw
        if asked.type in ("repeat", "first", "remove"):
            return inputs.Again(draw.random() < 0.4 and asked.rows < 3)
        if asked.type == "rest":
            return inputs.Again(True)
        if "skip" in asked.controls and (self.tries[asked.path] > 3 or (asked.type in SELECTS and not asked.choices)):
            return inputs.Skip()
        if asked.choices:
            return self.choice(asked)
        if asked.type in SELECTS:
            return inputs.Back()  # an earlier answer left no choice
        if asked.type == "range":
            first, last = (float(asked.parameters.get(name, of)) for name, of in (("start", "1"), ("end", "10")))
            pace = abs(float(asked.parameters.get("step", "1"))) or 1.0
            count = int(abs(last - first) / pace)
            return inputs.Say(f"{first + (pace if last > first else -pace) * draw.randint(0, count):g}")
        if asked.type in FILES:
            return inputs.Attach(inputs.Attachment(FILES[asked.type], MEDIA[asked.type], 9, "r"), "m")
        rare = RARE.get(asked.type, ()) if self.tries[asked.path] > 3 else ()
        return inputs.Say(draw.choice(TYPED.get(asked.type, WORDS) + rare))

    def choice(self, asked: e.Asked) -> inputs.Input:
        draw, choices = self.draw, list(asked.choices)
        if asked.type == "rank":
            draw.shuffle(choices)
            return inputs.Choose(tuple(choice.name for choice in choices))
        taken = draw.sample(choices, 1 if asked.type == "select_one" else draw.randint(1, min(3, len(choices))))
        if draw.random() < 0.3:
            return inputs.Say(", ".join(str(choices.index(choice) + 1) for choice in taken))
        if draw.random() < 0.3:
            return inputs.Say(", ".join(choice.label for choice in taken))
        return inputs.Choose(tuple(choice.name for choice in taken))

    def odd_input(self) -> inputs.Input:
        draw, paths = self.draw, list(self.turn.interview.records)
        rows = [row for path in paths for row in re.findall(r"^.*\]", path)]
        languages = [language.code or language.name for language in self.form.languages]
        some: list[inputs.Input] = [
            inputs.Back(),
            inputs.Skip(),
            inputs.Unknown(),
            inputs.Keep(),
            inputs.Review(),
            inputs.Help(),
            inputs.Pause(),
            inputs.Undo(),
        ]
        some += [inputs.Say(draw.choice(ODD), message_id="m"), inputs.Speak(draw.choice([*languages, "fr"]))]
        some += [inputs.Edit(draw.choice(paths)) for _ in range(4) if paths]
        some += [inputs.Remove(draw.choice(rows)), inputs.Edit(draw.choice(rows).rpartition("[")[0])] if rows else []
        return draw.choice(some)

    # ---- what always holds ----
    def check(self) -> None:
        session, interview = self.turn.session, self.turn.interview
        gone: set[str] = set()
        for event in self.turn.events:
            event.to_json()
            if isinstance(event, e.Asked):
                self.check_asked(event)
            elif isinstance(event, e.RowRemoved):
                gone.add(event.path)
                self.aside = {path for path in self.aside if not path.startswith(bare_row(event.path))}
            elif isinstance(event, e.SetAside):
                assert not self.aside.intersection(event.paths), "told twice that it is set aside"
                assert not any(session.relevant(path) for path in event.paths)
                self.aside.update(event.paths)
            elif isinstance(event, e.CameBack):
                assert all(session.relevant(path) for path in event.paths)
                self.aside.difference_update(event.paths)
        assert all(session.exists(path) for path in interview.records)
        if interview.completed:
            assert session.missing() == []
            assert session.invalid() == []
        for prompt in prompts(self.turn.events, interview.language):
            assert pieces(prompt)

    def check_asked(self, event: e.Asked) -> None:
        session = self.turn.session
        assert bare(event.path) in self.form.nodes
        assert session.exists(event.path)
        assert event.label.strip()
        if event.type not in ("rest", "remove"):
            assert session.relevant(event.path)
        if event.type in SELECTS:
            offered = session.choices(event.path, self.turn.interview.language)
            assert [choice.name for choice in event.choices] == [choice.name for choice in offered]


def bare_row(path: str) -> str:
    """The repeat of a removed row: its later rows have moved, so what was set aside there has other paths now."""
    return path.rpartition("[")[0]
