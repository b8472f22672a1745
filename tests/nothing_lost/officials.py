"""Officials who answer whatever they are asked, each in their own seeded way."""

from __future__ import annotations

import random

from tests.telegram.people import Person, Shown

PATIENCE = 180.0  # seconds to wait for a question: the bot may be killed several times meanwhile
TYPED = ("3", "2024", "01/03/2024", "sample@example.org", "https://example.org/data", "+226 70 00 00 00")


class Official:
    """Answers by button where there are some, else by text; edits, presses twice and goes back now and then."""

    def __init__(self, person: Person, code: str, seed: int) -> None:
        self.person = person
        self._code = code
        self._dice = random.Random(seed)
        self._said: list[Shown] = []
        self._pressed: set[str] = set()
        self._question = ""
        self._times = 0
        self._shown: Shown | None = None

    async def arrive(self) -> None:
        """Open the invitation and wait for the first question."""
        await self.person.send(f"/start {self._code}")
        await self._look()

    async def answer(self) -> None:
        """Answer what was asked last and wait for what is asked next. Raises `AssertionError` when nothing comes."""
        assert self._shown is not None
        rows = self._shown.raw["reply_markup"]["inline_keyboard"]
        actions = [str(button["callback_data"]) for row in rows for button in row if "callback_data" in button]
        await self._fidget()
        choice = self._choice(actions)
        if choice:
            await self._press(choice)
        else:
            text = self._dice.choice(TYPED) if self._times else f"Sample answer {len(self._said)} of {self.person.name}"
            self._said.append(await self.person.send(text))
        await self._look()

    async def _fidget(self) -> None:
        """Something besides the answer, whose own reply is not waited for."""
        chance = self._dice.random()
        if chance < 0.08 and self._said:
            earlier = self._dice.choice(self._said)
            await self.person.edit(earlier, f"{earlier.text}, corrected {self._dice.randint(1, 99)}")
        elif chance < 0.12:
            await self.person.send("/back")
        elif chance < 0.16:
            await self.person.send_sticker()

    async def _press(self, action: str) -> None:
        assert self._shown is not None
        await self.person.press(action, self._shown, late=True)
        if self._dice.random() < 0.1:
            await self.person.press(action, self._shown, late=True)
        if action in self._pressed:  # a second press of the same button may well be passed over in silence
            await self.person.send("/resume")
        self._pressed.add(action)

    def _choice(self, actions: list[str]) -> str:
        """A button that answers; "" where an answer is typed."""
        answers = [action for action in actions if action.partition(":")[2][:1] in ("c", "y", "n", "a", "m")]
        done = [action for action in actions if action.endswith(":d")]
        aside = [action for action in actions if action.endswith((":s", ":u"))]
        if done and (self._times or not answers):
            return done[0]
        if answers:
            # At first the language and the consent are asked; whoever refuses has nothing more to answer.
            return answers[0] if len(self._pressed) < 4 else self._dice.choice(answers)
        return self._dice.choice(aside) if self._times > 2 and aside else ""

    async def _look(self) -> None:
        self._shown = await self.person.expect(lambda message: bool(message.labels), PATIENCE)
        question = str(self._shown.raw["reply_markup"]["inline_keyboard"][0][0].get("callback_data", ""))
        token = question.partition(":")[0].rstrip("+r")
        self._times = self._times + 1 if token == self._question else 0
        self._question = token
