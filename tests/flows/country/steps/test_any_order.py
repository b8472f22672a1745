"""Anybody does anything in any order: nothing is ever published but the very version that was endorsed, no right is
stepped over, and what is computed from the ledger is the same after a restart."""

from __future__ import annotations

import json
from dataclasses import fields, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, get_args

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from flows.country.access import ROLES, TABLE, Action, Actor, Role, denied
from flows.country.edition import Decision, Edition, Endorsement, File
from flows.country.ledger import GENESIS, Entry, breaks, seal
from flows.country.publication import Obstacle
from flows.country.steps import course as courses
from flows.country.steps.base import Fact, FileRef, Refusal, Step, read, written
from flows.country.steps.course import Course, course_of
from flows.country.steps.door import take
from flows.country.steps.drafts import CommentOn, Draft, EndReview, MakeDraft, SendForReview, SendVersion
from flows.country.steps.endorsement import (
    Decide,
    EndorsementVoided,
    Propose,
    Shown,
    WithdrawForeword,
    WriteForeword,
    awaited,
    standing,
)
from flows.country.steps.interest import ExpressInterest, OpenCountry
from flows.country.steps.publication import Publish
from tests.budget import examples

COUNTRIES = ("BFA", "GHA")
CONTENTS = ("a" * 64, "b" * 64)
START = datetime(2027, 1, 1, tzinfo=UTC)
PACKAGE = FileRef("guide.zip", "f" * 64, 10, "application/zip")

actors = st.builds(
    Actor,
    st.sampled_from(ROLES),
    st.integers(1, 4),
    st.sampled_from([*COUNTRIES, ""]),
    st.sampled_from([None, 1, 2]),
)
countries = st.sampled_from(COUNTRIES)
contents = st.sampled_from(CONTENTS)
# Mostly the one whose turn it is, so that stories get far; often enough somebody else.
honest = st.integers(0, 9).map(lambda one: one > 1)


def edition(country: str, version: int, content: str) -> Edition:
    file = File(f"guide-{country}-v{version}-fr.pdf", "pdf", "fr", 100, content[:1] * 63 + str(version % 10))
    return Edition(country, version, {"fr": content}, ("1",), "t", content, (file,))


class AnyOrder(RuleBasedStateMachine):
    """Two countries, every role in each, steps with right and wrong arguments."""

    def __init__(self) -> None:
        super().__init__()
        self.now = START
        self.entries: dict[str, list[Entry]] = {country: [] for country in COUNTRIES}
        self.content = dict.fromkeys(COUNTRIES, CONTENTS[0])  # what the dossier says now

    # ---- the shell, in a few lines ----
    def course(self, country: str) -> Course:
        return course_of(country, self.entries[country])

    def append(self, country: str, actor: Actor, facts: tuple[Fact, ...]) -> None:
        chain = self.entries[country]
        for one in facts:
            kind, plain, words = written(one)
            entry = seal(
                chain=country,
                number=len(chain) + 1,
                at=self.now,
                kind=kind,
                actor_id=actor.person_id,
                role=actor.role,
                channel="test",
                update_id=None,
                message_id="",
                facts=json.loads(json.dumps(plain)),
                words=words,
                previous=chain[-1].hash if chain else GENESIS,
            )
            chain.append(entry)

    def take(self, country: str, actor: Actor, step: Step) -> bool:
        before = self.course(country)
        decision = take(before, actor, step, self.now)
        if denied(actor, step.action, step.place(before)) is not None:
            assert isinstance(decision, Refusal)
            assert decision.reason.startswith("access.")
        if isinstance(decision, Refusal):
            return False
        self.append(country, actor, decision)
        return True

    def who(self, action: Action, country: str, right: bool, other: Actor) -> Actor:
        if not right:
            return other
        role: Role = next(iter(TABLE[action]))
        return Actor(role, 1, "" if role == "secretariat" else country, 1)

    # ---- the story as it is meant, some steps at a time, so that the rest happens in the middle of it ----
    @rule(country=countries, times=st.integers(1, 12))
    def go_on(self, country: str, times: int) -> None:
        for _ in range(times):
            self.next_step(country)

    @rule(
        country=countries,
        trouble=st.sampled_from(
            ["none", "unnoticed", "noticed", "newer", "edited", "again", "other entry", "decided again"]
        ),
    )
    def publish_in_trouble(self, country: str, trouble: str) -> None:
        """Endorsed as it should be, and then something happens before it is published."""
        for _ in range(8):
            if isinstance(standing(self.course(country)), Refusal):
                self.next_step(country)
        course = self.course(country)
        newest, last = course.drafts.newest, course.endorsement.last
        assert newest is not None and last is not None
        other = next(one for one in CONTENTS if one != self.content[country])
        secretariat = Actor("secretariat", 1)
        match trouble:
            case "unnoticed":
                self.content[country] = other
            case "noticed":
                self.content[country] = other
                self.append(country, secretariat, (EndorsementVoided(last.number, ("i",)),))
            case "newer":
                made = edition(country, newest.version + 1, other)
                self.take(country, secretariat, MakeDraft(made, True, {"fr": other}, ()))
            case "edited":
                made = edition(country, newest.version + 1, other)
                step = SendVersion(made, True, newest.version, {"fr": self.content[country]}, ())
                self.take(country, Actor("expert", 1, country), step)
            case "again":
                self.publish_now(country, secretariat)
            case "other entry":
                self.publish_now(country, secretariat, entry=last.number - 1)
            case "decided again":
                record = self.record(country, newest, "return", None)
                self.take(country, Actor("coordinator", 1, country, 1), Decide(record, "Comments (sample)"))
        self.publish_now(country, secretariat)

    def next_step(self, country: str) -> None:
        course = self.course(country)
        newest, held = course.drafts.newest, standing(course)
        secretariat, coordinator = Actor("secretariat", 1), Actor("coordinator", 1, country, 1)
        if course.interest.answer != "yes":
            step: Step = ExpressInterest("yes", None, None, "Authority (sample)", "Secretary")
            assert self.take(country, Actor("focal_point", 1, country), step)
        elif not isinstance(held, Refusal):
            self.publish_now(country, secretariat)
        elif awaited(course) is not None and newest is not None:
            self.append(country, coordinator, (Shown(newest.version, 1, ("1",)),))
            assert self.take(country, coordinator, Decide(self.record(country, newest, "endorse", None)))
        elif (
            newest is not None
            and newest.final
            and newest.source == {"fr": self.content[country]}
            and self.fresh(course)
        ):
            assert self.take(country, secretariat, Propose(newest.version))
        else:
            made = edition(country, len(course.drafts.versions) + 1, self.content[country])
            assert self.take(country, secretariat, MakeDraft(made, True, {"fr": self.content[country]}, ()))

    def fresh(self, course: Course) -> bool:
        last = course.endorsement.last
        return last is None or course.drafts.newest is None or last.version != course.drafts.newest.version

    def record(self, country: str, draft: Draft, decision: Decision, embargo: date | None) -> Endorsement:
        entry = self.entries[country][draft.entry - 1]
        return Endorsement(
            *(draft.edition, decision, {"en": "x"}, draft.entry, entry.hash, "invitation", START, self.now, "UTC"),
            shown=("1",),
            channels=("national",),
            embargo=embargo,
        )

    def publish_now(self, country: str, actor: Actor, entry: int = 0) -> None:
        last = self.course(country).endorsement.last
        assert last is not None
        early = last.endorsement.embargo is not None and self.now.date() < last.endorsement.embargo
        in_the_way = (Obstacle("embargo"),) if early else ()
        number = entry or last.number
        source = {"fr": self.content[country]}
        step = Publish(last.version, source, in_the_way, PACKAGE, number, self.entries[country][number - 1].hash)
        if self.take(country, actor, step):
            self.judge(country, last.version)

    # ---- what people do ----
    @rule(country=countries, right=honest, other=actors, answer=st.sampled_from(["yes", "yes", "no", "later"]))
    def express_interest(self, country: str, right: bool, other: Actor, answer: Any) -> None:
        step = ExpressInterest(answer, self.now.date() + timedelta(days=3), None, "Authority (sample)", "Secretary")
        self.take(country, self.who("express_interest", country, right, other), step)

    @rule(country=countries, other=actors)
    def open_country(self, country: str, other: Actor) -> None:
        self.take(country, other, OpenCountry())

    @rule(
        country=countries,
        right=honest,
        other=actors,
        final=st.booleans(),
        off=st.sampled_from([0, 0, 0, 0, 1, -1]),
        where=st.sampled_from(["same", "same", "same", "other"]),
    )
    def compile(self, country: str, right: bool, other: Actor, final: bool, off: int, where: str) -> None:
        version = len(self.course(country).drafts.versions) + 1 + off
        place = country if where == "same" else next(one for one in COUNTRIES if one != country)
        made = edition(place, version, self.content[country])
        step = MakeDraft(made, final, {"fr": self.content[country]}, ())
        if self.take(country, self.who("compile", country, right, other), step):
            assert off == 0 and where == "same"

    @rule(country=countries, right=honest, other=actors, content=contents, based=st.integers(0, 4))
    def send_version(self, country: str, right: bool, other: Actor, content: str, based: int) -> None:
        version = len(self.course(country).drafts.versions) + 1
        step = SendVersion(edition(country, version, content), True, based, {"fr": self.content[country]}, ())
        self.take(country, self.who("send_version", country, right, other), step)

    @rule(country=countries, right=honest, other=actors, version=st.integers(0, 4), text=st.text(max_size=20))
    def comment(self, country: str, right: bool, other: Actor, version: int, text: str) -> None:
        self.take(country, self.who("comment_draft", country, right, other), CommentOn(version, "i", text, "fr"))
        self.take(country, self.who("comment_draft", country, right, other), EndReview(version))
        self.take(country, self.who("compile", country, right, other), SendForReview(version, (1, 2)))

    @rule(country=countries, right=honest, other=actors, text=st.text(max_size=20))
    def write_foreword(self, country: str, right: bool, other: Actor, text: str) -> None:
        step = WriteForeword("fr", text, text[:1], "")
        self.take(country, self.who("write_foreword", country, right, other), step)

    @rule(country=countries, right=honest, other=actors, off=st.integers(0, 2))
    def withdraw_foreword(self, country: str, right: bool, other: Actor, off: int) -> None:
        keys = ["", *self.course(country).endorsement.forewords]
        step = WithdrawForeword(keys[off % len(keys)])
        self.take(country, self.who("write_foreword", country, right, other), step)

    @rule(country=countries, right=honest, other=actors, off=st.sampled_from([0, 0, 0, 1]))
    def propose(self, country: str, right: bool, other: Actor, off: int) -> None:
        version = len(self.course(country).drafts.versions) - off
        self.take(country, self.who("propose_endorsement", country, right, other), Propose(version))

    @rule(
        country=countries,
        right=honest,
        other=actors,
        decision=st.sampled_from(["endorse", "endorse", "endorse", *get_args(Decision)]),
        off=st.sampled_from([0, 0, 0, 1]),
        forged=st.sampled_from([False, False, False, True]),
        seen=st.sampled_from([True, True, True, False]),
        embargo=st.sampled_from([None, None, 5, -5]),
    )
    def decide(
        self, country: str, right: bool, other: Actor, decision: Any, off: int, forged: bool, seen: bool, embargo: Any
    ) -> None:
        course = self.course(country)
        draft = course.drafts.of(len(course.drafts.versions) - off)
        if draft is None:
            return
        actor = self.who("endorse", country, right, other)
        if seen and actor.person_id is not None:
            self.append(country, actor, (Shown(draft.version, actor.person_id, ("1",)),))
        shown = replace(draft.edition, basis="c" * 64) if forged else draft.edition
        until = self.now.date() + timedelta(days=embargo) if embargo is not None else None
        record = replace(self.record(country, draft, decision, until), edition=shown)
        before = len(course.endorsement.given)
        if self.take(country, actor, Decide(record, "Comments (sample)")):
            assert not forged
            assert actor.role == "coordinator" and actor.country == country
            assert len(self.course(country).endorsement.given) == before + 1

    @rule(country=countries, content=contents)
    def content_changes(self, country: str, content: str) -> None:
        self.content[country] = content
        held = standing(self.course(country))
        draft = None if isinstance(held, Refusal) else self.course(country).drafts.of(held.version)
        if draft is not None and not isinstance(held, Refusal) and draft.source != {"fr": content}:
            self.append(country, Actor("secretariat"), (EndorsementVoided(held.number, ("i",)),))

    @rule(country=countries, content=contents)
    def content_changes_unnoticed(self, country: str, content: str) -> None:
        self.content[country] = content

    @rule(days=st.integers(1, 4))
    def time_passes(self, days: int) -> None:
        self.now += timedelta(days=days)

    @rule(
        country=countries,
        right=honest,
        other=actors,
        off=st.sampled_from([0, 0, 0, 1]),
        found=st.sampled_from([False, False, False, True]),
        number=st.sampled_from([0, 0, 0, 1]),
    )
    def publish(self, country: str, right: bool, other: Actor, off: int, found: bool, number: int) -> None:
        course = self.course(country)
        last = course.endorsement.last
        if last is None:
            version, entry = len(course.drafts.versions), 1
        else:
            version, entry = last.version - off, last.number - number
        in_the_way = [Obstacle("contact")] if found else []
        if last is not None and last.endorsement.embargo is not None and self.now.date() < last.endorsement.embargo:
            in_the_way.append(Obstacle("embargo"))  # as the shell finds it
        hash_ = self.entries[country][entry - 1].hash if 0 < entry <= len(self.entries[country]) else ""
        step = Publish(version, {"fr": self.content[country]}, tuple(in_the_way), PACKAGE, entry, hash_)
        if self.take(country, self.who("publish", country, right, other), step):
            self.judge(country, version)

    # ---- what must hold, judged from the raw entries, past the code that decides ----
    def judge(self, country: str, version: int) -> None:
        published, entries = self.entries[country][-1], self.entries[country][:-1]
        given = [one for one in entries if one.kind == "endorsement.given"]
        last = given[-1].facts["endorsement"]
        assert isinstance(last, dict)
        assert last["decision"] == "endorse"
        assert given[-1].role == "coordinator"
        assert published.facts["endorsement"] == given[-1].number
        assert published.facts["endorsement_hash"] == given[-1].hash
        drafts = [one for one in entries if one.kind == "draft.made"]
        assert drafts[version - 1].facts["edition"] == last["edition"]
        assert drafts[version - 1].facts["source"] == {"fr": self.content[country]}
        later = [one for one in drafts[version:] if one.number > given[-1].number]
        later = [one for one in later if one.facts["final"] or one.facts["origin"] == "edited"]
        assert all(one.facts["edition"]["content"] == last["edition"]["content"] for one in later)  # type: ignore[index,call-overload]
        assert not [
            one for one in entries if one.kind == "endorsement.voided" and one.facts["voids"] == given[-1].number
        ]
        assert last["embargo"] is None or date.fromisoformat(str(last["embargo"])) <= self.now.date()
        assert not [one for one in entries if one.kind == "publication.made" and one.facts["version"] == version]

    @invariant()
    def the_chains_hold(self) -> None:
        for chain in self.entries.values():
            assert breaks(chain) == []

    @invariant()
    def every_fact_is_read_as_it_was_written(self) -> None:
        for chain in self.entries.values():
            for entry in chain[-3:]:
                known = read(entry)
                assert known is not None
                kind, plain, words = written(known)
                assert (kind, json.loads(json.dumps(plain)), words) == (entry.kind, entry.facts, entry.words)

    @invariant()
    def erased_words_break_nothing(self) -> None:
        for country, chain in self.entries.items():
            bare = [replace(entry, words=None) for entry in chain]
            course = course_of(country, bare)
            assert len(course.drafts.versions) == len(self.course(country).drafts.versions)


AnyOrder.TestCase.settings = settings(max_examples=examples(25), stateful_step_count=30, deadline=None)
TestAnyOrder = AnyOrder.TestCase


@pytest.mark.slow
def test_anybody_does_anything_for_a_long_time() -> None:
    long = settings(
        max_examples=200,
        stateful_step_count=50,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow],  # of a busy machine
    )
    run_state_machine_as_test(AnyOrder, settings=long)


def test_every_part_of_a_course_begins_empty_and_is_its_own() -> None:
    one, other = Course("BFA"), Course("GHA")
    for part in fields(courses.Course):
        value = getattr(one, part.name)
        if part.name not in ("country", "number", "changed_at"):
            assert value is not getattr(other, part.name)
