"""The tables. SQL lives in this folder and nowhere else.

Who somebody is, is kept in `people` and `addresses`; every other table points there by number. Where else personal data
can stand, and how it goes, is said in docs/reference/personal-data.md and done by `Erasing`.
"""

from __future__ import annotations

from db.schema.answering import answers, attachments, interviews, seats
from db.schema.base import ROLES, metadata
from db.schema.dossiers import audit, forms, jobs, ledger
from db.schema.later import deletions, digests, follow_up_log, follow_ups, plans, policies
from db.schema.messages import inbox, outbox
from db.schema.participants import addresses, consents, entities, invitations, people

REVISION = "0005"
"""The Alembic revision that these tables stand for."""

__all__ = (
    "REVISION",
    "ROLES",
    "addresses",
    "answers",
    "attachments",
    "audit",
    "consents",
    "deletions",
    "digests",
    "entities",
    "follow_up_log",
    "follow_ups",
    "forms",
    "inbox",
    "interviews",
    "invitations",
    "jobs",
    "ledger",
    "metadata",
    "outbox",
    "people",
    "plans",
    "policies",
    "seats",
)
