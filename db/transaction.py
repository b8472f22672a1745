"""One unit of work: the repositories over one connection, all of whose writes are committed together or not at all."""

from __future__ import annotations

from db.answers import Answers
from db.attachments import Attachments
from db.audit import Audit
from db.consents import Consents
from db.deletions import Deletions
from db.digests import Digests
from db.entities import Entities
from db.erasing import Erasing
from db.follow_ups import FollowUps
from db.forms import Forms
from db.inbox import Inbox
from db.interviews import Interviews
from db.invitations import Invitations
from db.jobs import Jobs
from db.ledger import Ledger
from db.outbox import Outbox
from db.people import People
from db.receivers import Receivers
from db.seats import Seats
from db.work import Connection, Work


class Transaction(Work):
    """The repositories, one per aggregate."""

    def __init__(self, connection: Connection) -> None:
        super().__init__(connection)
        self.inbox = Inbox(self)
        self.people = People(self)
        self.entities = Entities(self)
        self.invitations = Invitations(self)
        self.consents = Consents(self)
        self.interviews = Interviews(self)
        self.answers = Answers(self)
        self.attachments = Attachments(self)
        self.outbox = Outbox(self)
        self.audit = Audit(self)
        self.seats = Seats(self)
        self.ledger = Ledger(self)
        self.jobs = Jobs(self)
        self.erasing = Erasing(self)
        self.forms = Forms(self)
        self.follow_ups = FollowUps(self)
        self.digests = Digests(self)
        self.deletions = Deletions(self)
        self.receivers = Receivers(self)

    async def turn_of(self, channel: str, address: str) -> None:
        """Hold a conversation until the end of the transaction, so that its turns follow each other.

        Costs nothing on SQLite, where there is one writer at a time anyway.
        """
        await self.hold(f"{channel}\x1f{address}")
