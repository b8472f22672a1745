"""One unit of work: the repositories over one connection, all of whose writes are committed together or not at all."""

from __future__ import annotations

from functools import cached_property

from db.answers import Answers
from db.attachments import Attachments
from db.audit import Audit
from db.consents import Consents
from db.entities import Entities
from db.inbox import Inbox
from db.interviews import Interviews
from db.invitations import Invitations
from db.outbox import Outbox
from db.people import People
from db.work import Work


class Transaction(Work):
    """The repositories, one per aggregate."""

    @cached_property
    def inbox(self) -> Inbox:
        return Inbox(self)

    @cached_property
    def people(self) -> People:
        return People(self)

    @cached_property
    def entities(self) -> Entities:
        return Entities(self)

    @cached_property
    def invitations(self) -> Invitations:
        return Invitations(self)

    @cached_property
    def consents(self) -> Consents:
        return Consents(self)

    @cached_property
    def interviews(self) -> Interviews:
        return Interviews(self)

    @cached_property
    def answers(self) -> Answers:
        return Answers(self)

    @cached_property
    def attachments(self) -> Attachments:
        return Attachments(self)

    @cached_property
    def outbox(self) -> Outbox:
        return Outbox(self)

    @cached_property
    def audit(self) -> Audit:
        return Audit(self)

    async def turn_of(self, channel: str, address: str) -> None:
        """Hold a conversation until the end of the transaction, so that its turns follow each other.

        Costs nothing on SQLite, where there is one writer at a time anyway.
        """
        await self.hold(f"{channel}\x1f{address}")
