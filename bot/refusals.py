"""A file given as an answer whose content cannot be kept: the person is told, and the question is open again."""

from __future__ import annotations

from bot import reception
from bot.attachments import Tell
from bot.envelopes import envelope
from bot.interviews import Interviews
from bot.turns import Clock, utc_now
from db.attachments import StoredAttachment
from db.transaction import Transaction
from flows.i18n import text
from flows.interview.replies import Refusal


def teller(interviews: Interviews, clock: Clock = utc_now) -> Tell:
    """What `Fetcher` calls, inside the transaction that records the refusal."""

    async def tell(tx: Transaction, attachment: StoredAttachment, why: Refusal) -> None:
        now = clock()
        stored = await tx.interviews.get(attachment.interview_id)
        if stored is None or not await interviews.withdraw(
            tx, attachment.interview_id, attachment.path, attachment.name, now
        ):
            return
        beside = stored.status == "completed" and interviews.is_companion(stored.form_id)  # nobody is asked in it
        reason = text(f"replies.{why.reason}", stored.language, None, **why.values)
        said = reception.sentence(
            stored.language, f"file_refused{'_step' if beside else ''}", name=attachment.name, reason=reason
        )
        for address in await tx.people.addresses_of(stored.person_id):
            await tx.outbox.put([envelope(address.channel, address.address, said)], now)

    return tell
