"""A country's way from the expression of interest to a published, verified guide, as its people walk it on phones."""

from __future__ import annotations

import asyncio
import re
import zipfile
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

from flows import knowledge
from flows.i18n import text
from tests.demo.forms import PATIENCE, fill
from tests.demo.player import Player
from tests.demo.scenario import Exercise, Known, Part
from tests.telegram.people import Person, Shown

Griot = Callable[..., Awaitable[str]]  # a griot command, its output
NewPerson = Callable[[str, str], Awaitable[Person]]  # (name, language) → somebody with a phone
LINK = re.compile(r"start=([A-Za-z0-9]+)")
CODE = re.compile(r"\b[A-Za-z0-9]{24}\b")
ANY = "\x00"
SLOW = 120.0  # seconds for what is compiled


class Failed(Exception):
    """A griot command ended with an error; its complaint."""


class Story:
    """One country. `people`: everybody by name; `secretariat` speaks English."""

    def __init__(self, exercise: Exercise, griot: Griot, new_person: NewPerson, out: Path) -> None:
        self.exercise = exercise
        self.country = exercise.country
        self.language = exercise.language
        self.name = knowledge.country(exercise.country)
        self.griot = griot
        self.new_person = new_person
        self.out = out / exercise.country
        self.people: dict[str, Person] = {}
        self.codes: dict[str, str] = {}
        self.players: list[Player] = []  # of the officials

    def say(self, key: str, n: int | None = None, /, **values: object) -> str:
        return text(key, self.language, n, **values)

    # ---- small moves ----
    async def click(self, person: Person, key: str, n: int | None = None, /, **values: object) -> Shown:
        """Wait for a button and press it."""
        return await person.click(self.say(key, n, **values), PATIENCE)

    async def invited(self, role: str, name: str, language: str, entity: str = "") -> Person:
        """Somebody invited from the command line, who agreed to the processing of their data."""
        options = ["--country", self.country, "--role", role, "--language", language]
        said = await self.griot("invite", *options, *(["--entity", entity] if entity else []))
        return await self.staff(name, language, CODE.search(said))

    async def staff(self, name: str, language: str, code: re.Match[str] | None) -> Person:
        assert code is not None, f"no code for {name}"
        person = await self.joined(name, language, code[0])
        await person.expect(text("turns.commands", language), PATIENCE)
        return person

    async def joined(self, name: str, language: str, code: str) -> Person:
        """Somebody who opened their link and agreed to the processing of their data."""
        person = await self.somebody(name, language)
        await person.send(f"/start {code}")
        await person.click(text("turns.yes", language), PATIENCE)
        return person

    async def somebody(self, name: str, language: str) -> Person:
        """Somebody new, with a phone."""
        self.people[name] = await self.new_person(name, language)
        return self.people[name]

    # ---- from interest to invitations ----
    async def begin(self) -> None:
        """The country says yes, names its coordinator, who names entities and invites their people."""
        self.secretariat = await self.invited("secretariat", f"Secretariat {self.country}", "en")
        said = await self.griot("open", self.country)
        sample = "Point focal (exemple)" if self.language == "fr" else "Focal point (sample)"
        self.expert = await self.invited("expert", f"Expert {self.country}", self.language)
        self.focal_point = await self.staff(sample, self.language, CODE.search(said))
        coordinator = next(part for part in self.exercise.people if part.role == "coordinator")
        await self.click(self.focal_point, "interest.button")
        letter = (f"letter-{self.country}.pdf", b"%PDF-1.4 sample letter")
        interest = {"answer": "yes", "authority": coordinator.entity, "letter": letter}
        await fill(self.focal_point, "interest", interest, self.language)
        await self.focal_point.expect("/coordinator", PATIENCE)
        await self.focal_point.send("/coordinator")
        await self.click(self.focal_point, "participants.somebody_else")
        person = {"person": coordinator.name, "letter_language": self.language}
        await fill(self.focal_point, "person", person, self.language)
        code = await self._link(self.focal_point)
        self.coordinator = await self.somebody(coordinator.name, self.language)
        self.codes[coordinator.name] = code
        await self.coordinator.send(f"/start {code}")
        await self.coordinator.expect(lambda message: bool(message.buttons), PATIENCE)
        for part in self.exercise.people:
            if part.role == "official":
                self.codes[part.name] = await self._entity(part)

    async def _entity(self, part: Part) -> str:
        """Name an entity and invite its person; returns the code."""
        await self.coordinator.send("/entities")
        await self.click(self.coordinator, "participants.name_entity")
        answers = {"name": part.entity, "kind": part.answers.get("p4_type", "agency")}
        await fill(self.coordinator, "entity", answers, self.language)
        await self.click(self.coordinator, "participants.invite_person")
        person = {"person": part.name, "letter_language": self.language}
        await fill(self.coordinator, "person", person, self.language)
        return await self._link(self.coordinator)

    async def _link(self, person: Person) -> str:
        shown = await person.expect(lambda message: LINK.search(message.text) is not None, PATIENCE)
        found = LINK.search(shown.text)
        assert found is not None
        return found[1]

    # ---- what has to be decided ----
    async def entrust(self, player: Player, question: Known) -> None:
        """The section of a question goes to a colleague, who answers it and so gives it back."""
        person, part = player.person, player.part
        await person.send("/delegate")
        offer = await person.expect(lambda message: self._section(message, question) is not None, PATIENCE)
        await person.press(str(self._section(offer, question)), offer)
        answers = {"colleague": part.colleague, "language": self.language}
        await fill(person, "delegate", answers, self.language)
        colleague = await self.joined(part.colleague, self.language, await self._link(person))
        theirs = replace(part, entrust_at="", wrong={}, edit={}, pause_before="", confidential=())
        other = Player(theirs, colleague, player.reading, self.language)
        other.on_answer = player.on_answer
        begin = await colleague.expect(self.say("delegation.begin"), PATIENCE)
        await other.look_away()
        await colleague.press(self.say("delegation.begin"), begin)
        await other.go_on()
        back = await person.expect(lambda message: self.say("delegation.go_on") in message.labels, PATIENCE)
        await player.look_away()
        await person.press(self.say("delegation.go_on"), back)

    def _section(self, message: Shown, question: Known) -> str | None:
        """The button that gives the section of a question away."""
        found = (label for label in message.labels if ":delegate:section:" in message.data(label))
        return next((label for label in found if label.startswith(question.section)), None)

    async def clear(self) -> None:
        """Where a superior was named, they read the recap and approve it."""
        for player in self.players:
            if player.part.answers.get("p6_needed") != "yes":
                continue
            superior = await self.joined(player.part.answers["p6_name"], self.language, await self._link(player.person))
            await self.click(superior, "contributions.open")
            await self.click(superior, "clearance.approve")
            await player.person.expect(self.say("clearance.cleared_and_sent"), SLOW)

    async def accept(self) -> None:
        """The coordinator accepts what was handed in, and decides on what is restricted to the State."""
        accept, release = self.say("contributions.accept"), self.say("contributions.release_none")
        for _ in range(4 * len(self.exercise.people)):
            await self.coordinator.send("/tasks")
            tasks = await self.coordinator.expect(self._lists_tasks, PATIENCE)
            lines = [line for line in tasks.text.split("\n") if re.match(r"•|\d+\. ", line)]
            waiting = [number for number, line in enumerate(lines) if self._to_accept(line)]
            if not waiting:
                return
            await self.coordinator.press(str(self._data(tasks, waiting[0])), tasks)
            shown = await self.coordinator.expect(
                lambda message: accept in message.labels or release in message.labels, PATIENCE
            )
            if accept in shown.labels:
                await self.coordinator.press(accept, shown)
                await self.coordinator.expect(
                    lambda message: any(
                        self.say("contributions.accepted", entity=part.entity) in message.text
                        for part in self.exercise.people
                    ),
                    PATIENCE,
                )
            else:
                await self._release(shown)

    def _lists_tasks(self, message: Shown) -> bool:
        several = re.escape(self.say("steps.tasks", 7)).replace("7", r"\d+")
        heads = (several, re.escape(self.say("steps.tasks", 1)), re.escape(self.say("steps.no_tasks")))
        return any(re.match(head, message.text) for head in heads)

    async def _release(self, shown: Shown) -> None:
        """Release what the entity agrees to; keep the rest."""
        everything = {self.say("contributions.release_all", n) for n in (1, 7)}
        label = next((each for each in shown.labels if each in everything), self.say("contributions.release_none"))
        await self.coordinator.press(label, shown)
        await self.coordinator.expect(lambda message: message.message_id == shown.message_id, PATIENCE)

    def _to_accept(self, line: str) -> bool:
        keys = ("contributions.task_accept", "contributions.task_release")
        return any(self.say(key, entity=part.entity) in line for key in keys for part in self.exercise.people)

    def _data(self, tasks: Shown, number: int) -> str:
        rows = tasks.raw["reply_markup"]["inline_keyboard"]
        return str(rows[number][0]["callback_data"])

    # ---- beside the questionnaires ----
    async def differences(self) -> None:
        """The first point on which entities differ is settled."""
        await self.coordinator.send("/differences")
        first, none = self.say("differences.button_settle", number=1), self.say("differences.none")
        shown = await self.coordinator.expect(lambda message: first in message.labels or none in message.text, SLOW)
        if first not in shown.labels:
            return
        await self.coordinator.press(first, shown)
        await self.coordinator.click(self.say("differences.button_differs"), SLOW)
        sample = "Deux services s’en chargent (exemple)." if self.language == "fr" else "Two units share it (sample)."
        await fill(self.coordinator, "resolution", {"reason": sample}, self.language)
        await self.coordinator.expect(self.say("differences.thanks"), SLOW)

    async def desk_research(self, expert: Person) -> None:
        """The expert proposes a fact, and the coordinator confirms it."""
        await expert.send("/finding")
        await self._press_data(expert, ":fnd_s:")
        offered = await expert.expect(lambda message: any(one.startswith("S3 ") for one in message.labels), PATIENCE)
        await expert.press(next(one for one in offered.labels if one.startswith("S3 ")), offered)
        await self._press_data(expert, ":fnd_e:")
        french = self.language == "fr"
        answers = {
            "fact": "Un bulletin annuel est publié (exemple)."
            if french
            else "A yearly bulletin is published (sample).",
            "language": self.language,
            "citation": "Bulletin (exemple), 2026" if french else "Bulletin (sample), 2026",
            "read_on": "2026-03-02",
            "confidence": "high",
        }
        await fill(expert, "finding", answers, self.language)
        await self._settle_finding()

    async def _settle_finding(self) -> None:
        asked = [self.coordinator, *(player.person for player in self.players)]
        label = self.say("desk.confirm")
        for _ in range(60):
            for person in asked:
                shown = next((one for one in reversed(await person.screen()) if label in one.labels), None)
                if shown is not None:
                    await person.press(label, shown)
                    await person.expect(self.say("desk.done_confirmed", number=ANY).split(ANY)[-1], PATIENCE)
                    return
            await asyncio.sleep(1)
        raise AssertionError("nobody was asked to confirm the fact")

    async def workshop(self, day: date) -> None:
        """A date is proposed, agreed, and put into calendars; somebody will come."""
        await self.coordinator.send("/workshop")
        await self.click(self.coordinator, "workshops.plan")
        place = {"BFA": "Ouagadougou", "GHA": "Accra"}.get(self.country, "Capitale")
        answers = {"day": day.isoformat(), "begins": "09:00", "ends": "16:00", "place": place}
        await fill(self.coordinator, "workshop", answers, self.language)
        await self.secretariat.click(text("workshops.agree", "en"), PATIENCE)
        guest = self.players[-1].person
        await guest.expect(self.say("workshops.will_you"), SLOW)
        await guest.press(self.say("workshops.yes"))

    async def yearly_round(self) -> None:
        """A round is opened; one entity confirms everything with one tap each; the rest is left for later."""
        await self.secretariat.send(f"/round {self.country}")
        await self.secretariat.click(text("rounds.button_open", "en"), PATIENCE)
        person = self.players[-1].person
        await self.click(person, "rounds.button_begin")
        keep = self.say("interview.button_still_right")
        thanks = re.compile(self.say("rounds.thanks", 2).replace("2", r"\d+"))
        for _ in range(120):
            shown = await person.expect(lambda m: bool(thanks.search(m.text)) or "edit_date" not in m.raw, PATIENCE)
            if thanks.search(shown.text):
                return
            if keep in shown.labels:
                await person.press(keep, shown)
        raise AssertionError(f"the round did not end: {await person.transcript()}")

    async def _press_data(self, person: Person, fragment: str) -> None:
        """Press the first button whose action holds `fragment`, once there is one."""

        def found(message: Shown) -> str:
            return next((one for label in message.labels if fragment in (one := message.data(label))), "")

        shown = await person.expect(lambda message: bool(found(message)), PATIENCE)
        await person.press(found(shown), shown)

    # ---- the guide ----
    async def guide(self) -> None:
        """Draft, review, the version to endorse, endorsement, publication."""
        expert = self.expert
        place = self.name.name("en")
        await self.secretariat.send(f"/compile {self.country}")
        made = await self.secretariat.expect(text("drafts.made", "en", version=1, country=place), SLOW)
        await self.secretariat.press(text("drafts.button_review", "en"), made)
        await self.click(expert, "drafts.button_comment")
        whole = self.say("drafts.whole")
        await expert.click(whole, PATIENCE)
        sample = "Remarque d’exemple." if self.language == "fr" else "A sample comment."
        await fill(expert, "comment", {"comment": sample}, self.language)
        await expert.expect(self.say("drafts.thanks_comment"), PATIENCE)
        await expert.send("/drafts")
        await self.click(expert, "drafts.button_reviewed")
        await self.coordinator.send("/foreword")
        foreword = {
            "language": self.language,
            "text": "Avant-propos d’exemple." if self.language == "fr" else "A sample foreword.",
            "signatory": "Signataire (exemple)" if self.language == "fr" else "Signatory (sample)",
            "title": "Secrétaire permanent (exemple)" if self.language == "fr" else "Chief Director (sample)",
        }
        await fill(self.coordinator, "foreword", foreword, self.language)
        await self.coordinator.expect(self.say("endorsement.thanks_foreword"), PATIENCE)
        await self.secretariat.send(f"/drafts {self.country}")
        await self.secretariat.click(text("drafts.button_final", "en"), PATIENCE)
        made = await self.secretariat.expect(text("drafts.made_final", "en", version=2, country=place), SLOW)
        await self.secretariat.press(text("drafts.button_propose", "en"), made)
        question = self.say("endorsement.button_decide")
        shown = await self.coordinator.expect(lambda message: question in message.labels, SLOW)
        await self.coordinator.press(question, shown)
        decision = {"decision": "endorse", "channels": ["national", "dialogue"]}
        await fill(self.coordinator, "endorsement", decision, self.language)
        await self.coordinator.expect(self.say("endorsement.thanks_endorse", version=2), PATIENCE)
        receipt = await self.coordinator.expect(f"receipt-{self.country}-2.json", SLOW)
        await self.secretariat.send(f"/publish {self.country}")
        await self.secretariat.expect(text("publishing.done", "en", version=2, country=place), SLOW)
        self.out.mkdir(parents=True, exist_ok=True)
        (self.out / receipt.document).write_bytes(await self.coordinator.open(receipt))

    async def verified(self) -> str:
        """What griot verify says of the published guide and the receipt that the coordinator holds. A guide with one
        byte changed is refused."""
        await self.griot("package", self.country, "--out", str(self.out))
        (package,) = self.out.glob("*.zip")
        with zipfile.ZipFile(package) as opened:
            (name,) = (one for one in opened.namelist() if one.endswith(".pdf"))
            guide = self.out / Path(name).name
            guide.write_bytes(opened.read(name))
        (receipt,) = self.out.glob("receipt-*.json")
        changed = self.out / f"changed-{guide.name}"
        changed.write_bytes(guide.read_bytes()[:-1] + b"!")
        try:
            await self.griot("verify", str(receipt), str(changed))
        except Failed:
            changed.unlink()
        else:
            raise AssertionError("a changed guide was taken for the endorsed one")
        await self.griot("verify", str(package))
        return await self.griot("verify", str(receipt), str(guide))
