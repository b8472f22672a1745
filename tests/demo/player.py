"""Somebody who answers the questionnaire from a phone: reads the screen, presses what it shows, types the rest."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable

from bot.speaking import DO
from flows.i18n import text
from tests.demo.scenario import Known, Part, Reading, heading
from tests.telegram.people import Person, Shown

PATIENCE = 90.0  # seconds to wait for the bot: it may be starting again
FIRM = 3  # questions after which an earlier message is edited


class Stuck(AssertionError):
    """The person does not know what to do with the screen."""


class Player:
    """Plays `part` as `person`. `resume` is awaited after /pause, before /resume; `entrust` gives a section away."""

    def __init__(self, part: Part, person: Person, reading: Reading, language: str) -> None:
        self.part = part
        self.person = person
        self.reading = reading
        self.language = language
        self.answered = 0
        self.done = False
        self.on_answer: Callable[[], None] = lambda: None
        self.entrust: Callable[[Player, Known], Awaitable[None]] | None = None
        self._handled: set[int] = set()
        self._repeated: set[int] = set()
        self._rows: dict[str, int] = {}
        self._wrong = dict(part.wrong)
        self._edits: list[tuple[int, Shown, str]] = []
        self._pause_before = part.pause_before
        self._entrust_at = part.entrust_at
        self._order = 0
        self._read = ""
        self._row: dict[str, int] = {}
        self.resume = asyncio.Event()
        self.resting = asyncio.Event()

    def say(self, key: str, n: int | None = None, **values: object) -> str:
        return text(f"interview.{key}", self.language, n, **values)

    async def play(self, code: str) -> None:
        """From the invitation to the end of the questionnaire. Raises `Stuck`."""
        await self.look_away()
        await self.person.send(f"/start {code}")
        await self.go_on()

    async def look_away(self) -> None:
        """Have nothing more to do with what is on the screen now."""
        self._handled |= {shown.message_id for shown in await self.person.screen()}

    async def go_on(self) -> None:
        """To the end of the questionnaire, or of the part of it that is in this person's hands. Raises `Stuck`."""
        while not self.done:
            shown = await self._next_prompt()
            self._handled.add(shown.message_id)
            if shown.text != self._read:  # a crash may make the bot say the same once more
                self._read = shown.text
                await self._react(shown)

    async def _next_prompt(self) -> Shown:
        while True:
            for shown in reversed(await self.person.screen()):
                if self._is_over(shown):
                    return shown
                if shown.from_bot and shown.buttons and not self._is_beside(shown):
                    if shown.message_id not in self._handled:
                        return shown
                    break
            await self.person.expect(self._is_new, PATIENCE)

    def _is_beside(self, shown: Shown) -> bool:
        """Whether it has nothing to do with the questionnaire: news of the exercise, or said twice after a crash."""
        return shown.message_id in self._repeated or all(shown.data(label).startswith(DO) for label in shown.labels)

    def _is_over(self, shown: Shown) -> bool:
        return shown.from_bot and text("delegation.thanks", self.language) in shown.text

    def _is_new(self, shown: Shown) -> bool:
        return self._is_over(shown) or (
            bool(shown.buttons) and shown.message_id not in self._handled and not self._is_beside(shown)
        )

    async def _react(self, shown: Shown) -> None:
        if self._is_over(shown) or self.say("completed") in shown.text or self._core_done(shown.text):
            self.done = True
            return
        if self.say("ask_rest") in shown.text:
            await self.person.press(self.say("button_yes" if self.part.rest else "button_no"), shown)
            return
        if (repeat := self._asked_for_row(shown)) is not None:
            await self._another(shown, repeat)
            return
        question = self.reading.question(shown.text, self._order)
        if question is None and self.say("button_done") in shown.labels:  # said again after a crash
            self._repeated.add(shown.message_id)
            return
        if question is None:
            raise Stuck(f"{self.person.name} cannot read:\n{shown.text}\n{shown.labels}")
        if question.name == self._entrust_at and self.entrust is not None:
            self._entrust_at = ""
            await self.entrust(self, question)
            return
        await self._before(question)
        self._order = question.order
        await self._answer(shown, question)
        self.answered += 1
        self.on_answer()

    def _core_done(self, shown: str) -> bool:
        said = (re.escape(self.say("core_done", n)).replace(str(n), r"\d+") for n in (1, 7))
        return any(re.search(words, shown) for words in said)

    # ---- rows -----------------------------------------------------------------------------------------------------
    def _asked_for_row(self, shown: Shown) -> str | None:
        yes = self.say("button_yes")
        if yes not in shown.labels:
            return None
        for name, label in self.reading.repeats.items():
            asked = [self.say("ask_first", label=label)]
            asked += [self.say("ask_repeat", n, label=label) for n in range(12)]
            if any(words in shown.text for words in asked):
                return name
        return None

    async def _another(self, shown: Shown, repeat: str) -> None:
        more = self._rows.get(repeat, 0) < len(self.part.answers.get(repeat, ()))
        if more:
            self._rows[repeat] = self._rows.get(repeat, 0) + 1
        await self.person.press(self.say("button_yes" if more else "button_no"), shown)

    def _wanted(self, shown: Shown, question: Known) -> str | list[str] | None:
        if not question.repeat:
            value = self.part.answers.get(question.name)
        else:
            rows = self.part.answers.get(question.repeat, [])
            self._rows.setdefault(question.repeat, 1)
            found = re.search(re.escape(question.repeat_label) + r"\D{0,3}(\d+)", heading(shown.text))
            # A question put again after a refusal does not say its row again.
            row = int(found.group(1)) if found else self._row.get(question.name, self._rows[question.repeat])
            self._row[question.name] = row
            value = rows[row - 1].get(question.name) if row <= len(rows) else None
        return value if value is None or isinstance(value, list) else str(value)

    # ---- one question ---------------------------------------------------------------------------------------------
    async def _before(self, question: Known) -> None:
        if self._edits and self.answered >= self._edits[0][0]:
            _, message, new = self._edits.pop(0)
            await self.person.edit(message, new)
            await self.person.expect(new.split()[0], PATIENCE)
        if question.name == self._pause_before:
            self._pause_before = ""
            await self.person.send("/pause")
            await self.person.expect(self.say("button_resume"), PATIENCE)
            self.resting.set()
            await self.resume.wait()
            await self.person.send("/resume")
            await self.person.expect(lambda message: bool(question.label.search(message.text)), PATIENCE)

    async def _answer(self, shown: Shown, question: Known) -> None:
        value = self._wanted(shown, question)
        if question.name in self._wrong:
            await self.person.send(self._wrong.pop(question.name))
            return
        if value is None:
            await self._leave_out(shown, question)
        elif question.type == "select_multiple":
            for name in value if isinstance(value, list) else [value]:
                await self._press_choice(shown, question, name)
            await self.person.press(self.say("button_done"), shown)
        elif question.choices:
            await self._press_choice(shown, question, str(value))
        else:
            await self._type(shown, question, str(value))

    async def _type(self, shown: Shown, question: Known, value: str) -> None:
        confidential = question.name in self.part.confidential
        if confidential:
            await self.person.send("/confidential")
            again = await self.person.expect(
                lambda m: bool(question.label.search(m.text)) and bool(m.buttons), PATIENCE
            )
            self._handled.add(again.message_id)
        sent = await self.person.send(value)
        if new := self.part.edit.get(question.name):
            self._edits.append((self.answered + FIRM, sent, new))
        if question.type == "long":
            noted = await self.person.expect(self.say("button_done"), PATIENCE)
            self._handled.add(noted.message_id)
            await self.person.press(self.say("button_done"), noted)

    async def _leave_out(self, shown: Shown, question: Known) -> None:
        for way in ("button_skip", "button_unknown", "button_none"):
            if self.say(way) in shown.labels:
                await self.person.press(self.say(way), shown)
                return
        raise Stuck(f"{self.person.name} has no answer to {question.name}:\n{shown.text}\n{shown.labels}")

    async def _press_choice(self, shown: Shown, question: Known, name: str) -> None:
        label = question.choices[name]
        if label in shown.labels:
            await self.person.press(label, shown)
            return
        found = re.search(rf"^(\d+)\. {re.escape(label)}", shown.text, re.MULTILINE)
        if found is None:
            raise Stuck(f"{self.person.name} does not see {label!r}:\n{shown.text}\n{shown.labels}")
        if found.group(1) in shown.labels:
            await self.person.press(found.group(1), shown)
        else:
            await self.person.send(found.group(1))
