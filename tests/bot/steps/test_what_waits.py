"""What waits for somebody, as it is followed up: there when it should be, since when, and gone when it is done."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from pathlib import Path

import pytest

from bot import arrivals
from bot.acting import Act, Services
from bot.attachments import Vault
from bot.dossiers import Dossiers
from bot.interviews import Interviews
from bot.messages import CommandIn, Incoming, Sender
from bot.steps import registry
from bot.steps.capability import Task
from db.database import Store
from db.people import Person, Status
from flows.country.access import Actor, Role
from flows.country.phases import WANTED_IN
from flows.country.steps.base import Fact, FileRef
from flows.country.steps.clearance import RecapMade, SuperiorAsked, SuperiorCame
from flows.country.steps.contributions import Accepted, AnswersReturned, HandedIn, Released, Submitted
from flows.country.steps.delegation import Delegated, DelegationReturned, DelegationTaken
from flows.country.steps.desk import FindingMade, FindingSettled
from flows.country.steps.differences import DifferenceSettled, DifferencesNoticed
from flows.country.steps.drafts import DraftMade, PassagesAgreed, PassagesSent, Reviewed, SentForReview
from flows.country.steps.endorsement import EndorsementGiven, Proposed
from flows.country.steps.exercise import DatesSet, Phase
from flows.country.steps.interest import CountryOpened, InterestExpressed
from flows.country.steps.meetings import MeetingAgreed, MeetingAnswered, MeetingProposed
from flows.country.steps.participants import EntityNamed, PartEnded, PersonInvited, PersonJoined
from flows.country.steps.publication import Published
from flows.country.steps.rounds import RoundAnswered, RoundOpened
from flows.country.steps.workshops import OutcomeRecorded
from flows.i18n import languages, text
from flows.interview.inputs import Say
from tests.bot.conftest import House
from tests.bot.steps.contributing import BORDER, MECHANISM, PRACTICE, form
from tests.flows.country.endorsing import FILES, edition, endorsement

BEGAN = datetime(2026, 9, 1, 9, tzinfo=UTC)
NOW = datetime(2026, 10, 1, 9, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
FILE = FileRef("exemple.pdf", "0" * 64, 3, "application/pdf")
ANSWERS = (MECHANISM, PRACTICE, BORDER, "Yes", "No")
Key = tuple[str, str]


@dataclass
class World:
    """A country that takes part, without a channel: what its people have to do is looked at as the follow-ups do."""

    store: Store
    services: Services
    numbers: count[int] = field(default_factory=count)
    entities: list[int] = field(default_factory=list)

    async def person(self, role: Role, entity: int | None = None, country: str = "BFA", at: datetime = BEGAN) -> Person:
        """Somebody who came, with an address."""
        async with self.store.writing() as tx:
            one = await tx.people.add(country, role, entity, "en", at, f"{role.title()} (sample)")
            await tx.people.meet("test", str(one.id), str(one.id), "en", at)
            await tx.people.bind("test", str(one.id), one.id)
            if country:
                actor = Actor(role, one.id, country, entity)
                await self.services.dossiers.record(tx, country, actor, (PersonJoined(one.id, role, entity),), at)
        return one

    async def entity(self, name: str) -> int:
        async with self.store.writing() as tx:
            row = await tx.entities.find_or_add("BFA", name, BEGAN, "", "ministry")
            await self.services.dossiers.record(
                tx, "BFA", Actor("secretariat"), (EntityNamed(row.id, "ministry", name=name),), BEGAN
            )
        return row.id

    async def answering(self, role: Role = "official", *said: str, at: datetime = BEGAN) -> tuple[Person, int]:
        """Somebody in the questionnaire, who agreed and `said` so much, an hour for each answer."""
        person = await self.person(role, await self.entity(f"Entity {next(self.numbers)}"), at=at)
        incoming = self.incoming(person)
        async with self.store.writing() as tx:
            entity = await tx.entities.get(person.entity_id or 0)
            step = await self.services.interviews.start(tx, person, entity, incoming, at)
        await self.say(person, step.interview_id, "English", "Yes", *said, at=at)
        return person, step.interview_id

    async def say(self, person: Person, interview: int, *said: str, at: datetime) -> None:
        for number, one in enumerate(said, 1):
            async with self.store.writing() as tx:
                when = at + number * HOUR
                await self.services.interviews.advance(tx, interview, person, Say(one), self.incoming(person), when)

    def incoming(self, person: Person) -> Incoming:
        return Incoming(next(self.numbers), Sender("test", str(person.id), str(person.id)), CommandIn("start"))

    async def record(self, *facts: Fact, at: datetime = BEGAN, by: Person | None = None, country: str = "BFA") -> int:
        """The number of the last entry."""
        actor = Actor(by.role, by.id, by.country, by.entity_id) if by is not None else Actor("secretariat")
        async with self.store.writing() as tx:
            await self.services.dossiers.record(tx, country, actor, facts, at)
            return (await tx.ledger.last(country))[0]

    async def mark(self, person: Person, status: Status, at: datetime) -> None:
        async with self.store.writing() as tx:
            await tx.people.mark("test", str(person.id), status, at)

    async def waiting(self, person: Person, now: datetime = NOW) -> Mapping[Key, Task]:
        """What waits for somebody: each with what it is about, once, and a text that names its kind."""
        async with self.store.reading() as tx:
            before = await tx.ledger.heads()
            known = await tx.people.get(person.id)
            assert known is not None
            act = Act(self.services, tx, known, now)
            tasks = [task for finder in registry().finders for task in await finder(act)]
            assert await tx.ledger.heads() == before
        found: dict[Key, Task] = {}
        for task in tasks:
            assert task.about is not None, task.line
            assert (task.about.kind, task.about.subject) not in found
            assert task.about.since is None or task.about.since.tzinfo is not None
            assert len(task.about.subject) <= 64
            found[task.about.kind, task.about.subject] = task
            for language in languages():
                assert text(f"reminders.kind_{task.about.kind}", language)
        return found

    async def since(self, person: Person, kind: str, subject: object = "", now: datetime = NOW) -> datetime | None:
        """Since when it waits; fails where it does not."""
        about = (await self.waiting(person, now))[kind, str(subject)].about
        return about.since if about is not None else None

    async def due(self, person: Person, kind: str, subject: object = "", now: datetime = NOW) -> date | None:
        about = (await self.waiting(person, now))[kind, str(subject)].about
        return about.due if about is not None else None

    async def kinds(self, person: Person, now: datetime = NOW) -> set[str]:
        return {kind for kind, _ in await self.waiting(person, now)}


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    store = await Store.open(f"sqlite:///{tmp_path}/griot.db")
    await store.migrate()
    interviews = Interviews(lambda: [form()])
    found = World(store, Services(Dossiers(), interviews, Vault(tmp_path / "vault"), link=lambda code: code))
    await found.record(CountryOpened(), InterestExpressed("yes", authority="Council (sample)"))
    try:
        yield found
    finally:
        await store.close()


# ---- the questionnaire --------------------------------------------------------------------------------------------
async def test_a_questionnaire_begun_waits_since_its_last_answer_whatever_is_put_again(world: World) -> None:
    official, number = await world.answering("official", MECHANISM)
    assert await world.since(official, "questionnaire", number) == BEGAN + HOUR * 3
    async with world.store.writing() as tx:
        await world.services.interviews.put_again(tx, number, NOW - HOUR)
    assert await world.since(official, "questionnaire", number) == BEGAN + HOUR * 3
    await world.say(official, number, *ANSWERS[1:], "Send now", at=NOW)
    await world.record(HandedIn(number, "0" * 64, needs_clearance=False), Submitted(number), at=NOW, by=official)
    assert await world.kinds(official, NOW + DAY) == set()


async def test_answers_not_sent_yet_and_answers_returned_wait_to_be_handed_in(world: World) -> None:
    official, number = await world.answering("official", *ANSWERS, "Not now")
    task = (await world.waiting(official))["questionnaire", str(number)]
    assert task.line == text("contributions.task_later", "en")
    await world.record(HandedIn(number, "0" * 64, needs_clearance=False), Submitted(number), by=official, at=NOW)
    assert await world.kinds(official) == set()
    await world.record(AnswersReturned(number, ("/data/body/c5_mechanism",), "Since when?"), at=NOW + DAY)
    assert await world.since(official, "questionnaire", number, NOW + DAY * 2) == NOW + DAY


async def test_what_a_colleague_has_waits_for_the_colleague_until_it_is_handed_back(world: World) -> None:
    official, number = await world.answering()
    colleague = await world.person("colleague", official.entity_id, at=BEGAN + DAY)
    lent = Delegated(number, 1, "rest", ("/data/body/c5_mechanism",), "A colleague (sample)")
    await world.record(lent, DelegationTaken(1, colleague.id), by=official, at=BEGAN)
    assert await world.since(colleague, "delegation", number) == BEGAN + DAY
    await world.record(DelegationReturned(1, complete=True), by=colleague)
    assert await world.kinds(colleague) == set()


async def test_a_clearance_waits_for_the_superior_and_for_whoever_asked_for_it(world: World) -> None:
    official, number = await world.answering("official", *ANSWERS, "Put up for clearance")
    superior = await world.person("superior", official.entity_id, at=NOW - DAY)
    asked = HandedIn(number, "0" * 64, needs_clearance=True), RecapMade(number, 1, "BFA-1", (FILE,))
    await world.record(*asked, SuperiorAsked(number, 7), SuperiorCame(number, 7, superior.id), by=official, at=BEGAN)
    assert await world.since(official, "clearance", number) == BEGAN
    assert await world.since(superior, "clearance_superior", number) == NOW - DAY
    assert "questionnaire" not in await world.kinds(official)
    await world.record(Submitted(number), by=superior)
    assert await world.kinds(official) == set() == await world.kinds(superior)


async def test_a_contribution_waits_to_be_accepted_and_then_to_be_released(world: World) -> None:
    coordinator = await world.person("coordinator")
    official, number = await world.answering("official", *ANSWERS, "Send now")
    await world.record(HandedIn(number, "0" * 64, needs_clearance=False), Submitted(number), by=official, at=NOW)
    assert await world.since(coordinator, "acceptance", number, NOW + DAY) == NOW
    await world.record(Accepted(number, "0" * 64), by=coordinator, at=NOW + DAY)
    assert await world.since(coordinator, "release", number, NOW + DAY) == NOW + DAY
    assert "acceptance" not in await world.kinds(coordinator)
    await world.record(Released(number, ()), by=coordinator, at=NOW + DAY)
    assert "release" not in await world.kinds(coordinator)


async def test_a_part_is_wanted_by_the_planned_end_of_its_phase(world: World) -> None:
    official, number = await world.answering()
    assert await world.due(official, "questionnaire", number) is None
    await world.record(DatesSet("QUEST", BEGAN.date(), date(2026, 10, 15)), country="")
    assert await world.due(official, "questionnaire", number) == date(2026, 10, 15)
    await world.record(DatesSet("QUEST", BEGAN.date(), date(2026, 10, 29)))
    assert await world.due(official, "questionnaire", number) == date(2026, 10, 29)
    await world.record(Published(1, FILE, ("national",), 1, "0" * 64), at=NOW)
    assert await world.due(official, "questionnaire", number) is None


# ---- who takes part -----------------------------------------------------------------------------------------------
async def test_a_country_that_was_asked_waits_for_its_focal_point_and_then_for_a_coordinator(world: World) -> None:
    focal_point = await world.person("focal_point", country="GHA")
    await world.record(CountryOpened(), country="GHA", at=BEGAN + DAY)
    assert await world.since(focal_point, "interest") == BEGAN + DAY
    later = InterestExpressed("later", expected_on=date(2026, 10, 20))
    await world.record(later, country="GHA", by=focal_point, at=NOW)
    assert await world.since(focal_point, "interest") == datetime(2026, 10, 20, tzinfo=UTC)
    await world.record(InterestExpressed("yes", authority="Ministry"), country="GHA", by=focal_point, at=NOW)
    assert await world.kinds(focal_point) == {"coordinator_missing"}
    assert await world.since(focal_point, "coordinator_missing") == NOW
    await world.person("coordinator", country="GHA")
    assert await world.kinds(focal_point) == set()


async def test_entities_to_name_to_invite_or_to_tell_apart_wait_for_the_coordinator(world: World) -> None:
    coordinator = await world.person("coordinator")
    assert set(await world.waiting(coordinator)) == {("entities", "uninvited")}
    for name in ("Ministry of the Interior", "Interior Ministry"):
        await world.entity(name)
    subjects = {subject for kind, subject in await world.waiting(coordinator) if kind == "entities"}
    assert {"uninvited", "doubles", "statistics", "border", "crisis"} >= subjects >= {"uninvited", "statistics"}


async def test_a_part_that_nobody_took_over_waits_for_the_coordinator(world: World) -> None:
    coordinator = await world.person("coordinator")
    official = await world.person("official", await world.entity("Statistics office"))
    await world.record(PartEnded(official.id, "left"), at=NOW)
    assert await world.since(coordinator, "turnover", official.id) == NOW
    await world.record(PersonInvited(9, "official", official.entity_id, NOW + DAY * 9, official.id), by=coordinator)
    assert "turnover" not in await world.kinds(coordinator)


async def test_invitations_that_nobody_opened_are_one_matter_of_whoever_made_them(world: World) -> None:
    coordinator = await world.person("coordinator")
    made = []
    for number, days in enumerate((5, 30)):
        entity = await world.entity(f"Office {number}")
        async with world.store.writing() as tx:
            at, until = BEGAN + DAY * number, NOW + DAY * (days - 10)
            invited = await tx.invitations.create("BFA", "official", entity, until, at, created_by=coordinator.id)
            made.append(invited[1])
        await world.record(PersonInvited(invited[1], "official", entity, until), by=coordinator)
    task = (await world.waiting(coordinator))["invitation", "open"]
    assert task.about is not None and task.about.since == BEGAN
    said = [text("silence.unopened", "en", 1), text("silence.expired", "en", 1)]
    assert task.line == " ".join(said)
    async with world.store.writing() as tx:
        for number in made:
            await tx.invitations.revoke(number, NOW)
    assert "invitation" not in await world.kinds(coordinator)


async def test_an_invitation_that_serves_nothing_any_more_is_nobodys_matter(world: World) -> None:
    official, number = await world.answering()
    async with world.store.writing() as tx:
        invited = await tx.invitations.create(
            *("BFA", "colleague", official.entity_id, NOW + DAY, BEGAN), created_by=official.id, interview_id=number
        )
    assert "invitation" not in await world.kinds(official)
    await world.record(Delegated(number, invited[1], "rest", ("/data/body/c5_mechanism",), "Someone"), by=official)
    assert await world.since(official, "invitation", "open") == BEGAN
    await world.record(DelegationReturned(invited[1], complete=False), by=official)
    assert "invitation" not in await world.kinds(official)


async def test_whoever_is_out_of_reach_is_a_matter_of_who_can_have_them_replaced(world: World) -> None:
    secretariat, coordinator = await world.person("secretariat", country=""), await world.person("coordinator")
    official = await world.person("official", await world.entity("Statistics office"))
    abroad = await world.person("coordinator", country="GHA")
    await world.record(CountryOpened(), InterestExpressed("yes", authority="Ministry"), country="GHA")
    assert "unreachable" not in await world.kinds(coordinator) | await world.kinds(secretariat)
    await world.mark(official, "blocked", NOW)
    await world.mark(coordinator, "gone", NOW + HOUR)
    assert await world.since(coordinator, "unreachable", official.id) == NOW
    assert await world.since(secretariat, "unreachable", coordinator.id) == NOW + HOUR
    assert ("unreachable", str(official.id)) not in await world.waiting(secretariat)
    assert "unreachable" not in await world.kinds(abroad)
    await world.mark(official, "reachable", NOW + DAY)
    assert "unreachable" not in await world.kinds(coordinator)


# ---- desk, differences, workshop ----------------------------------------------------------------------------------
async def test_findings_wait_for_the_word_of_their_entity_one_by_one_or_together(world: World) -> None:
    official, _ = await world.answering()
    found = FindingMade(BEGAN.date(), "c5_mechanism", "", official.entity_id, "high", "en", text="A fact", citation="x")
    number = await world.record(found, at=NOW)
    assert await world.since(official, "finding", number) == NOW
    for _ in range(6):
        await world.record(found, at=NOW + DAY)
    assert await world.since(official, "finding", "several", NOW + DAY * 2) == NOW
    course = await world.record()
    for each in range(number, course + 1):
        await world.record(FindingSettled(each, "confirmed"), by=official)
    assert "finding" not in await world.kinds(official)


async def test_differences_that_were_noticed_wait_for_the_coordinator_until_they_are_settled(world: World) -> None:
    coordinator = await world.person("coordinator")
    await world.record(DifferencesNoticed(("one", "two")), at=NOW)
    assert await world.since(coordinator, "difference", "open") == NOW
    await world.record(DifferenceSettled("one", "pick", "en", "A", "Because", ""), by=coordinator, at=NOW + DAY)
    assert await world.since(coordinator, "difference", "open", NOW + DAY) == NOW + DAY
    await world.record(DifferencesNoticed(()), by=coordinator)
    assert "difference" not in await world.kinds(coordinator)


async def test_a_workshop_waits_to_be_agreed_answered_attended_and_recorded(world: World) -> None:
    secretariat, coordinator = await world.person("secretariat", country=""), await world.person("coordinator")
    official = await world.person("official", await world.entity("Statistics office"))
    begins = NOW + DAY * 20
    terms = begins, begins + HOUR * 6, "Africa/Ouagadougou"
    number = await world.record(MeetingProposed(None, *terms, "secretariat", "Ouagadougou"), at=NOW)
    subject = f"BFA {number}"
    assert ("workshop_date", subject) in await world.waiting(coordinator)
    assert "workshop_date" not in await world.kinds(secretariat)
    await world.record(MeetingAgreed(number), by=coordinator, at=NOW)
    assert "workshop_date" not in await world.kinds(coordinator)
    assert await world.due(official, "workshop_answer", subject) == (begins - DAY).date()
    await world.record(MeetingAnswered(number, official.id, official.entity_id, "yes"), by=official, at=NOW)
    assert await world.kinds(official) == set()
    assert await world.due(official, "workshop_soon", subject, begins - DAY * 3) == begins.date()
    assert "workshop_soon" not in await world.kinds(coordinator, begins - DAY * 3)
    assert await world.kinds(official, begins + DAY) == set()
    assert await world.since(coordinator, "outcomes", subject, begins + DAY) == begins + HOUR * 6
    await world.record(OutcomeRecorded(number, "challenge", text="Few staff"), by=coordinator, at=begins + DAY)
    assert "outcomes" not in await world.kinds(coordinator, begins + DAY)


# ---- the guide ----------------------------------------------------------------------------------------------------
async def draft(world: World, version: int = 1) -> None:
    made = edition(FILES, "BFA", version)
    await world.record(DraftMade(made, True, "compiled", 0, {"en": "0" * 64}, (FILE,)), at=BEGAN + DAY * version)


async def test_a_version_waits_for_its_reviewers_and_for_those_whom_it_quotes(world: World) -> None:
    expert, abroad = await world.person("expert"), await world.person("expert", country="")
    official = await world.person("official", await world.entity("Statistics office"))
    await draft(world)
    await world.record(SentForReview(1, (expert.id, abroad.id)), PassagesSent(1, (official.id,)), at=NOW)
    for one in (expert, abroad):
        assert await world.since(one, "review", "BFA 1") == NOW
    assert await world.since(official, "passages", 1) == NOW
    await world.record(Reviewed(1), by=expert)
    await world.record(PassagesAgreed(1), by=official)
    assert await world.kinds(expert) == set() == await world.kinds(official)


async def decided(world: World, coordinator: Person, decision: str, embargo: date | None = None) -> None:
    async with world.store.reading() as tx:
        entry = (await tx.ledger.of_chain("BFA"))[-1]
    made = endorsement(entry, NOW, decision=decision)  # type: ignore[arg-type]
    given = replace(made, edition=edition(FILES, "BFA", 1), embargo=embargo)
    await world.record(EndorsementGiven(given, "A remark"), by=coordinator, at=NOW)


async def test_a_version_put_forward_waits_for_the_decision_and_the_decision_for_what_follows(world: World) -> None:
    secretariat, coordinator = await world.person("secretariat", country=""), await world.person("coordinator")
    await draft(world)
    await world.record(Proposed(1), at=NOW - DAY)
    assert await world.since(coordinator, "endorsement", 1) == NOW - DAY
    await decided(world, coordinator, "return")
    assert "endorsement" not in await world.kinds(coordinator)
    assert await world.since(secretariat, "draft", "BFA") == NOW
    await draft(world, 2)
    assert "draft" not in await world.kinds(secretariat)


async def test_an_endorsed_guide_waits_to_be_published_from_the_end_of_its_embargo(world: World) -> None:
    secretariat, coordinator = await world.person("secretariat", country=""), await world.person("coordinator")
    await draft(world)
    await world.record(Proposed(1))
    await decided(world, coordinator, "endorse", date(2026, 10, 10))
    assert "embargo" not in await world.kinds(secretariat, NOW + DAY * 8)
    ended = datetime.combine(date(2026, 10, 10), time.min, UTC)
    assert await world.since(secretariat, "embargo", "BFA", NOW + DAY * 10) == ended
    await world.record(Published(1, FILE, ("national",), 1, "0" * 64), at=NOW + DAY * 10)
    assert not {"embargo", "publication"} & {*await world.kinds(secretariat, NOW + DAY * 10)}


async def test_a_year_after_the_publication_a_round_is_due_and_then_waits_for_the_officials(world: World) -> None:
    secretariat = await world.person("secretariat", country="")
    official, number = await world.answering("official", *ANSWERS, "Send now")
    handed = HandedIn(number, "0" * 64, needs_clearance=False), Submitted(number), Accepted(number, "0" * 64)
    await world.record(*handed, Published(1, FILE, ("national",), 1, "0" * 64), at=NOW)
    year = NOW + DAY * 365
    assert "round_due" not in await world.kinds(secretariat, year - HOUR)
    assert await world.since(secretariat, "round_due", "BFA", year + DAY) == year
    await world.record(RoundOpened((number,)), at=year + DAY)
    assert "round_due" not in await world.kinds(secretariat, year + DAY)
    assert await world.since(official, "round", number, year + DAY) == year + DAY
    await world.record(RoundAnswered(number, 3, 0), by=official, at=year + DAY * 2)
    assert await world.kinds(official, year + DAY * 2) == set()


# ---- all of it ----------------------------------------------------------------------------------------------------
async def test_in_a_country_in_the_midst_of_everything_each_matter_is_there_once_for_each_person(world: World) -> None:
    phases: tuple[Phase, ...] = ("EOI", "QUEST", "DRAFT", "ENDORSE", "PUBLISH")
    await world.record(*(DatesSet(phase, BEGAN.date(), NOW.date()) for phase in phases))
    people = [await world.person("secretariat", country=""), await world.person("expert", country="")]
    people += [await world.person("focal_point"), await world.person("expert")]
    coordinator, own = await world.answering("coordinator", MECHANISM)
    officials = [await world.answering("official", *ANSWERS, "Send now") for _ in range(4)]
    for _, number in officials[:3]:
        await world.record(HandedIn(number, "0" * 64, needs_clearance=False), Submitted(number))
    last = officials[3][1]
    await world.record(HandedIn(last, "0" * 64, needs_clearance=True), RecapMade(last, 1, "BFA-1", (FILE,)))
    await world.record(Accepted(officials[0][1], "0" * 64), Accepted(officials[1][1], "0" * 64))
    await draft(world)
    await world.record(Proposed(1), SentForReview(1, tuple(one.id for one in people)), at=NOW)
    await world.record(PassagesSent(1, tuple(one.id for one, _ in officials)), DifferencesNoticed(("one",)), at=NOW)
    for days in (3, 12):
        begins = NOW + DAY * days
        terms = begins, begins + HOUR, "Africa/Ouagadougou"
        number = await world.record(MeetingProposed(None, *terms, "secretariat", "Ouagadougou"), at=NOW)
        await world.record(MeetingAgreed(number), by=coordinator, at=NOW)
    await world.mark(officials[2][0], "blocked", NOW)
    found: dict[int, Mapping[Key, Task]] = {}
    for person in [*people, coordinator, *(one for one, _ in officials)]:
        found[person.id] = await world.waiting(person)
        for task in found[person.id].values():
            about = task.about
            assert about is not None
            assert (about.due == NOW.date()) == (about.kind in WANTED_IN)
    assert {("questionnaire", str(own)), ("difference", "open"), ("endorsement", "1")} <= set(found[coordinator.id])
    assert {kind for kind, _ in found[officials[3][0].id]} == {"clearance", "passages", "workshop_answer"}


async def test_who_blocks_the_bot_or_comes_back_has_the_country_planned_anew(world: World) -> None:
    official = await world.person("official", await world.entity("Statistics office"))
    for blocked in (True, False):
        async with world.store.writing() as tx:
            for code, number in await tx.follow_ups.stale():
                await tx.follow_ups.planned(code, number, NOW)
            address = await tx.people.at("test", str(official.id))
            await arrivals.mark(tx, address, blocked, NOW)
            assert {code for code, _ in await tx.follow_ups.stale()} == {"", "BFA"}


async def test_a_questionnaire_begun_is_shown_among_the_tasks_and_goes_on_with_a_tap(house: House) -> None:
    awa = await house.official("Awa")
    await awa.send("/tasks")
    await awa.expect(text("contributions.task_go_on", "fr"))
    await awa.press(text("contributions.go_on", "fr"))
    await awa.expect("Nom de la source")
