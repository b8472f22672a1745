"""What is deleted or emptied for the law's sake: the one exception to "appended, never changed".

Rows that others point to stay, without what they said of the person; the ledger's words have their own door
(`Ledger.erase_words`). Deleted content is overwritten by `Store.overwrite`, after the commit.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, delete, func, literal_column, select, update

from db.schema import addresses, answers, attachments, inbox, interviews, invitations, jobs, outbox, people, seats
from db.statements import Statement
from db.work import Work

_BLANK = {"value": "", "old_value": "", "display": ""}
_HERE = (outbox.c.channel == bindparam("channel_"), outbox.c.address == bindparam("address_"))

_DELETE_ANSWERS = Statement(lambda _: delete(answers).where(answers.c.interview_id == bindparam("interview_id_")))
_SAID = Statement(
    lambda _: (
        select(
            answers.c.id,
            answers.c.interview_id,
            answers.c.path,
            answers.c.value,
            answers.c.old_value,
            answers.c.display,
            answers.c.author_id,
            interviews.c.form_id,
            answers.c.form_version,
            interviews.c.form_version.label("held_version"),
        )
        .join(interviews, answers.c.interview_id == interviews.c.id)
        .where(interviews.c.country == bindparam("country_"))
        .order_by(answers.c.id)
    )
)
_EMPTY_REVISION = Statement(lambda _: update(answers).where(answers.c.id == bindparam("id_")).values(_BLANK))
_EMPTY_BEFORE = Statement(lambda _: update(answers).where(answers.c.id == bindparam("id_")).values(old_value=""))
_OF_AUTHOR = Statement(
    lambda _: (
        select(answers.c.interview_id)
        .where(answers.c.author_id == bindparam("author_id_"))
        .distinct()
        .order_by(answers.c.interview_id)
    )
)
_STATE = Statement(
    lambda _: (
        update(interviews)
        .where(interviews.c.id == bindparam("id_"))
        .values(state=bindparam("state"), revision=interviews.c.revision + 1)
    )
)
_CLEAR = Statement(
    lambda _: (
        update(interviews)
        .where(interviews.c.id == bindparam("id_"))
        .values(state=bindparam("state"), revision=interviews.c.revision + 1, status="withdrawn", sections="{}")
    )
)
_DELETE_FILE = Statement(lambda _: delete(attachments).where(attachments.c.id == bindparam("id_")))
_USES = Statement(
    lambda _: select(func.count()).select_from(attachments).where(attachments.c.sha256 == bindparam("sha256_"))
)
_CONTENTS = Statement(lambda _: select(attachments.c.sha256).where(attachments.c.sha256.is_not(None)).distinct())
_FILES = Statement(
    lambda _: (
        select(
            attachments.c.id,
            attachments.c.interview_id,
            attachments.c.path,
            attachments.c.name,
            attachments.c.sha256,
            attachments.c.at,
            interviews.c.country,
            interviews.c.form_id,
        )
        .join(interviews, attachments.c.interview_id == interviews.c.id)
        .order_by(attachments.c.id)
    )
)
_SEAT = Statement(
    lambda _: update(seats).where(seats.c.person_id == bindparam("person_id_")).values(state=literal_column("'{}'"))
)
_DELETE_MESSAGES = Statement(lambda _: delete(outbox).where(*_HERE))
_OPEN_MESSAGES = Statement(
    lambda _: select(func.count()).select_from(outbox).where(*_HERE, outbox.c.state == literal_column("'waiting'"))
)
_UNSENT = Statement(
    lambda _: select(outbox.c.id, outbox.c.prompt).where(
        outbox.c.state.in_([literal_column("'held'"), literal_column("'dead'")])
    )
)
_EMPTY_MESSAGE = Statement(
    lambda _: (
        update(outbox)
        .where(outbox.c.id == bindparam("id_"))
        .values(prompt="", state="dead", reason="erased", done_at=bindparam("at"))
    )
)
_DEAD = Statement(
    lambda _: (
        select(outbox.c.id, outbox.c.reason, outbox.c.created_at, outbox.c.done_at)
        .where(outbox.c.state == literal_column("'dead'"), outbox.c.prompt != literal_column("''"))
        .order_by(outbox.c.id)
    )
)
_QUOTED = Statement(lambda _: select(outbox.c.prompt).where(outbox.c.prompt != literal_column("''")))
_PAYLOADS = Statement(lambda _: select(jobs.c.payload).where(jobs.c.state == literal_column("'waiting'")))
_EMPTY_UPDATE = Statement(
    lambda _: (
        update(inbox)
        .where(inbox.c.channel == bindparam("channel_"), inbox.c.update_id == bindparam("update_id_"))
        .values(payload=None, state="done")
    )
)
_JOBS = Statement(
    lambda _: (
        update(jobs)
        .where(jobs.c.person_id == bindparam("person_id_"), jobs.c.id != bindparam("but_"))
        .values(payload=literal_column("'{}'"), state="failed", done_at=bindparam("at"))
    )
)
_EMPTY_JOB = Statement(
    lambda _: update(jobs).where(jobs.c.id == bindparam("id_")).values(payload=literal_column("'{}'"))
)
_STRANGERS = Statement(
    lambda _: (
        select(addresses.c.channel, addresses.c.address, addresses.c.since)
        .where(addresses.c.person_id.is_(None))
        .order_by(addresses.c.since)
    )
)
_FORGET_ADDRESS = Statement(
    lambda _: delete(addresses).where(
        addresses.c.channel == bindparam("channel_"), addresses.c.address == bindparam("address_")
    )
)
_EVERYBODY = Statement(lambda _: select(people.c.id).order_by(people.c.id))
_LABELLED = Statement(
    lambda _: (
        select(invitations.c.id, invitations.c.country, invitations.c.label)
        .where(invitations.c.label != literal_column("''"))
        .order_by(invitations.c.id)
    )
)


@dataclass(frozen=True, slots=True)
class Spoken:
    """One revision of one answer, as far as it is searched. `version`: of the form that it was said under; `held`: that
    of the interview now."""

    id: int
    interview_id: int
    path: str
    value: str
    old_value: str
    display: str
    author_id: int | None
    form_id: str
    version: str
    held: str


@dataclass(frozen=True, slots=True)
class Kept:
    """One file given as an answer."""

    id: int
    interview_id: int
    path: str
    name: str
    sha256: str | None
    at: datetime
    country: str
    form_id: str


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A message that could not be delivered and still says what it was."""

    id: int
    reason: str
    created_at: datetime
    done_at: datetime | None


class Erasing:
    def __init__(self, work: Work) -> None:
        self._work = work

    # ---- answers ----
    async def empty_revision(self, answer_id: int) -> None:
        """Empty one revision of an answer; who answered when stays."""
        await self._work.run(_EMPTY_REVISION, id_=answer_id)

    async def empty_before(self, answer_id: int) -> None:
        """Forget what one revision took the place of."""
        await self._work.run(_EMPTY_BEFORE, id_=answer_id)

    async def delete_answers(self, interview_id: int) -> int:
        """Delete every revision of an interview's answers. Returns how many there were."""
        return await self._work.run(_DELETE_ANSWERS, interview_id_=interview_id)

    async def said_in(self, country: str) -> list[Spoken]:
        """Every revision of every answer of a country, to be searched."""
        return [Spoken(*row) for row in await self._work.rows(_SAID, country_=country)]

    async def answered_by(self, person_id: int) -> list[int]:
        """The interviews in which somebody said something, be they their own or not."""
        return [row[0] for row in await self._work.rows(_OF_AUTHOR, author_id_=person_id)]

    async def restate(self, interview_id: int, state: str) -> None:
        """Put another state in place of an interview's; whoever works with the one of before is told that it is
        stale."""
        await self._work.run(_STATE, id_=interview_id, state=state)

    async def clear_interview(self, interview_id: int, state: str) -> None:
        """The same for an interview that is withdrawn as a whole."""
        await self._work.run(_CLEAR, id_=interview_id, state=state)

    async def empty_seats(self, person_id: int) -> None:
        """What a colleague was typing."""
        await self._work.run(_SEAT, person_id_=person_id)

    # ---- files ----
    async def delete_file(self, attachment_id: int) -> None:
        """Forget that a file was given; its content is another matter."""
        await self._work.run(_DELETE_FILE, id_=attachment_id)

    async def uses(self, sha256: str) -> int:
        """How many answers have this content."""
        row = await self._work.row(_USES, sha256_=sha256)
        return int(row[0]) if row else 0

    async def contents(self) -> set[str]:
        """The contents that some answer has."""
        return {row[0] for row in await self._work.rows(_CONTENTS)}

    async def files(self) -> list[Kept]:
        """Every file given as an answer, oldest first."""
        return [Kept(*row) for row in await self._work.rows(_FILES)]

    # ---- messages ----
    async def delete_messages(self, channel: str, address: str) -> int:
        """Delete all that was sent to an address, or was to be. Returns how many there were."""
        return await self._work.run(_DELETE_MESSAGES, channel_=channel, address_=address)

    async def waiting_messages(self, channel: str, address: str) -> int:
        """How many messages to an address are still to be sent."""
        row = await self._work.row(_OPEN_MESSAGES, channel_=channel, address_=address)
        return int(row[0]) if row else 0

    async def unsent(self) -> list[tuple[int, str]]:
        """Number and JSON of the messages that are held back or dead."""
        return [(row[0], row[1]) for row in await self._work.rows(_UNSENT)]

    async def quoted(self) -> list[str]:
        """The JSON of every message that is not emptied: what it mentions is still needed."""
        return [row[0] for row in await self._work.rows(_QUOTED)]

    async def empty_message(self, message_id: int, at: datetime) -> None:
        """What could not be said is not said any more."""
        await self._work.run(_EMPTY_MESSAGE, id_=message_id, at=at)

    async def dead_letters(self) -> list[DeadLetter]:
        """Messages that could not be delivered and are not emptied, oldest first."""
        return [DeadLetter(*row) for row in await self._work.rows(_DEAD)]

    async def empty_update(self, channel: str, update_id: int) -> None:
        """Forget what an update that failed said; it stays seen."""
        await self._work.run(_EMPTY_UPDATE, channel_=channel, update_id_=update_id)

    async def end_jobs(self, person_id: int, at: datetime, but: int = 0) -> None:
        """Work asked for by somebody is not done any more, and what it was about is forgotten. `but`: that very job."""
        await self._work.run(_JOBS, person_id_=person_id, at=at, but_=but)

    async def payloads(self) -> list[str]:
        """What the work that waits is about, as JSON."""
        return [row[0] for row in await self._work.rows(_PAYLOADS)]

    async def empty_job(self, job_id: int) -> None:
        """Forget what a job was about."""
        await self._work.run(_EMPTY_JOB, id_=job_id)

    # ---- people ----
    async def strangers(self) -> list[tuple[str, str, datetime]]:
        """Channel, address and time of addresses that belong to nobody: never invited, or whose part is over."""
        return [(row[0], row[1], row[2]) for row in await self._work.rows(_STRANGERS)]

    async def forget_address(self, channel: str, address: str) -> None:
        """Delete one address, and all that went there."""
        await self.delete_messages(channel, address)
        await self._work.run(_FORGET_ADDRESS, channel_=channel, address_=address)

    async def everybody(self) -> list[int]:
        """The numbers of all people, those whose part is over among them."""
        return [row[0] for row in await self._work.rows(_EVERYBODY)]

    async def labelled(self) -> list[tuple[int, str, str]]:
        """Number, country and label of every invitation that names somebody."""
        return [(row[0], row[1], row[2]) for row in await self._work.rows(_LABELLED)]
