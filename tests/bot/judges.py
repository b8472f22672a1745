"""What must hold whatever people do, judged from what is stored and what was shown, past the code that decides."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections import Counter
from dataclasses import asdict

from bot.messages import Prompt
from db.answers import Answer
from db.audit import breaks as audit_breaks
from flows.country.ledger import Entry, breaks
from flows.interview.answers import answers
from flows.interview.state import Interview
from tests.bot.phones import COUNTRIES, Phone, World, said


class Judge:
    """Looks at the world again and again; what was true before must not have been undone."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.leaks: list[str] = []
        self._answers: dict[int, Answer] = {}
        self._entries: dict[str, list[str]] = {}
        world.read = self._read

    def _read(self, phone: Phone, prompt: Prompt) -> None:
        """Nobody of one country reads what people of another typed."""
        if not phone.country:
            return
        for other in COUNTRIES:
            if other != phone.country and f"zq{other}" in (words := said(prompt)):
                self.leaks.append(f"{phone.address} reads: {words}")

    async def heads(self) -> list[object]:
        """What changes when anything of importance does."""
        async with self.world.store.looking() as tx:
            counts = await tx.connection.rows(
                "SELECT (SELECT max(id) FROM answers), (SELECT sum(revision) FROM interviews),"
                " (SELECT count(*) FROM interviews), (SELECT count(*) FROM people),"
                " (SELECT count(*) FROM invitations), (SELECT count(*) FROM entities), (SELECT max(id) FROM jobs)",
                (),
            )
            return [tuple(counts[0]), await tx.ledger.heads()]

    async def look(self) -> None:
        """Everything that must hold now. Raises `AssertionError`."""
        assert not self.leaks, self.leaks[:3]
        await self._nothing_failed()
        await self._chains()
        await self._answers_kept()
        await self._answers_current()
        await self._over_is_over()

    async def _over_is_over(self) -> None:
        """Nobody answers, and nothing is done in anybody's name, once their part has ended; but with their own data."""
        async with self.world.store.looking() as tx:
            ended = dict(await tx.connection.rows("SELECT id, ended_at FROM people WHERE ended_at IS NOT NULL", ()))
            chains = [await tx.ledger.of_chain(chain) for chain in await tx.ledger.chains()]
            people = {number: await tx.people.get(number) for number in ended}
        for entry in (one for chain in chains for one in chain):
            person = people.get(entry.actor_id or 0)
            if person is not None and person.ended_at is not None and not entry.kind.startswith("rights."):
                assert entry.at <= person.ended_at, f"{person} had left before {entry.kind} at {entry.at}"
        for answer in self._answers.values():
            person = people.get(answer.author_id or 0)
            if person is not None and person.ended_at is not None:
                assert answer.at <= person.ended_at, f"{person} had left before {answer}"

    async def _nothing_failed(self) -> None:
        async with self.world.store.looking() as tx:
            failures = await tx.inbox.failures()
            jobs = await tx.connection.rows(
                "SELECT kind, attempts, state FROM jobs WHERE attempts > 0 OR state = 'failed'", ()
            )
        assert not failures, [(one.error, one.payload) for one in failures]
        assert not jobs, [tuple(one) for one in jobs]

    async def _chains(self) -> None:
        async with self.world.store.looking() as tx:
            chains = {chain: await tx.ledger.of_chain(chain) for chain in await tx.ledger.chains()}
            audit = await tx.audit.entries()
        assert audit_breaks(audit) == []
        for chain, entries in chains.items():
            assert breaks(entries) == []
            hashes = [one.hash for one in entries]
            before = self._entries.get(chain, [])
            assert hashes[: len(before)] == before, "the ledger was rewritten"
            self._entries[chain] = hashes
            for number, one in enumerate(entries):
                if one.kind == "publication.made":
                    await self._published(chain, entries[:number], one)

    async def _published(self, country: str, before: list[Entry], published: Entry) -> None:
        """Only what a coordinator of the country endorsed, exactly that, and while it held."""
        given = [one for one in before if one.kind == "endorsement.given"]
        assert given, "published without an endorsement"
        last, facts = given[-1], given[-1].facts["endorsement"]
        assert isinstance(facts, dict)
        edition = facts["edition"]
        assert facts["decision"] == "endorse"
        assert edition["country"] == country and edition["version"] == published.facts["version"]
        assert published.facts["endorsement"] == last.number and published.facts["endorsement_hash"] == last.hash
        assert last.role == "coordinator" and last.actor_id is not None
        voided = [one.facts["voids"] for one in before if one.kind == "endorsement.voided"]
        assert last.number not in voided, "published although the endorsement was void"
        drafts = [one for one in before if one.kind == "draft.made"]
        made = next(one for one in drafts if one.facts["edition"] == edition)
        assert made.number == facts["draft"] and made.hash == facts["draft_hash"] and made.number < last.number
        assert facts["shown"], "nothing was shown before"
        earlier = [one for one in before if one.kind == "publication.made"]
        assert published.facts["version"] not in [one.facts["version"] for one in earlier], "published twice"
        async with self.world.store.looking() as tx:
            person = await tx.people.get(last.actor_id)
        assert person is not None and (person.role, person.country) == ("coordinator", country)
        package = published.facts["package"]
        assert isinstance(package, dict)
        content = self.world.services.vault.path(str(package["sha256"])).read_bytes()
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            inside = {name.rpartition("/")[2]: archive.read(name) for name in archive.namelist()}
        for file in edition["files"]:
            assert hashlib.sha256(inside[file["name"]]).hexdigest() == file["sha256"]

    async def _answers_kept(self) -> None:
        """Every revision ever stored is there, unchanged; none is doubled; each is of whom it came from."""
        found: dict[int, Answer] = {}
        countries: dict[int, str] = {}
        async with self.world.store.looking() as tx:
            numbers = [row[0] for row in await tx.connection.rows("SELECT id FROM answers ORDER BY id", ())]
            interviews = await tx.connection.rows("SELECT id, country FROM interviews ORDER BY id", ())
            every = []
            for number, country in interviews:
                countries[number] = country
                every += await tx.answers.history(number)
            rows = await tx.connection.rows("SELECT id, interview_id FROM answers ORDER BY interview_id, id", ())
        assert len(rows) == len(every) == len(numbers)
        for row, answer in zip(rows, every, strict=True):
            found[row[0]] = answer
        for number, answer in self._answers.items():
            assert found.get(number) == answer, f"lost: {answer}"
        self._answers = found
        values: dict[tuple[int, str, int], tuple[str, str]] = {}
        for one in every:  # the same answer given again is the same revision
            kept = values.setdefault((one.interview_id, one.path, one.revision), (one.value, one.status))
            assert kept == (one.value, one.status), f"two answers are one revision: {kept} and {one}"
        told = Counter((one.interview_id, one.path, one.update_id, one.value) for one in every if one.update_id)
        again = [key for key, times in told.items() if times > 1]
        assert again == [], [one for one in every if (one.interview_id, one.path, one.update_id, one.value) in again]
        for answer in every:
            country = countries[answer.interview_id]
            for other in COUNTRIES:
                assert not country or other == country or f"zq{other}" not in answer.value, f"crossed: {answer}"
            if answer.update_id is not None and answer.author_id is not None:
                phone = self.world.by_update[answer.update_id]
                assert answer.author_id in phone.people, f"crossed: {answer} came from {phone.address}"

    async def _answers_current(self) -> None:
        """What an interview holds is the last that was said, and the other way round."""
        interviews = self.world.services.interviews
        async with self.world.store.looking() as tx:
            every = await tx.connection.rows("SELECT id FROM interviews ORDER BY id", ())
            for (number,) in every:
                stored = await tx.interviews.get(number)
                assert stored is not None
                form = interviews.form_of(stored)
                state = Interview.from_json(json.loads(stored.state))
                holds = answers(form, state, stored.language, now=self.world.clock.now)
                last = {one.path: one for one in await tx.answers.current(number)}
                for one in holds:
                    if one.status == "answered":
                        assert one.path in last, f"{number}: {one.path} was never recorded"
                        kept = last[one.path]
                        assert (kept.value, kept.status) == (one.value, one.status), f"{number}: {one} {kept}"
                said_ = {one.path for one in holds if one.status == "answered"}
                relevant = {one.path for one in holds}
                for path, kept in last.items():
                    if kept.status == "answered" and path in relevant:
                        assert path in said_, f"{number}: lost {asdict(kept)}"
