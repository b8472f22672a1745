"""The ledger of every country: entries appended, sealed to each other, read in order."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import bindparam, func, select, update

from db.schema import ledger
from db.statements import Row, Statement
from db.work import Work
from flows.country.ledger import GENESIS, Entry, Plain, canonical, seal

_COLUMNS = tuple(ledger.c)
_APPEND = Statement(lambda insert: insert(ledger).values({column.name: bindparam(column.name) for column in _COLUMNS}))
_OF_CHAIN = Statement(
    lambda _: (
        select(*_COLUMNS)
        .where(ledger.c.chain == bindparam("chain_"), ledger.c.number >= bindparam("from_"))
        .order_by(ledger.c.number)
    )
)
_LAST = Statement(
    lambda _: (
        select(ledger.c.number, ledger.c.hash)
        .where(ledger.c.chain == bindparam("chain_"))
        .order_by(ledger.c.number.desc())
        .limit(1)
    )
)
_newest = (
    select(ledger.c.chain.label("chain"), func.max(ledger.c.number).label("number")).group_by(ledger.c.chain).subquery()
)
_HEADS = Statement(
    lambda _: (
        select(ledger.c.chain, ledger.c.number, ledger.c.hash)
        .join(_newest, (ledger.c.chain == _newest.c.chain) & (ledger.c.number == _newest.c.number))
        .order_by(ledger.c.chain)
    )
)
_OF_ACTOR = Statement(
    lambda _: (
        select(*_COLUMNS).where(ledger.c.actor_id == bindparam("actor_id_")).order_by(ledger.c.chain, ledger.c.number)
    )
)
_CHAINS = Statement(lambda _: select(ledger.c.chain).distinct().order_by(ledger.c.chain))
_ERASE = Statement(
    lambda _: (
        update(ledger)
        .where(ledger.c.chain == bindparam("chain_"), ledger.c.number == bindparam("number_"))
        .values(words=None)
    )
)


_READ = json.JSONDecoder().raw_decode  # what `canonical` wrote has no spaces around it
_NONE: Mapping[str, str] = {}
_FACTS, _WORDS = (next(at for at, column in enumerate(_COLUMNS) if column.name == name) for name in ("facts", "words"))


def _entry(row: Row) -> Entry:
    """The columns are the fields of an entry, in its order: thousands of them are read at a start."""
    facts, words = row[_FACTS], row[_WORDS]
    read = _READ(facts)[0], _NONE if words == "{}" else _READ(words)[0] if words is not None else None
    return Entry(*row[:_FACTS], *read, *row[_WORDS + 1 :])  # type: ignore[call-arg,unused-ignore]


SALT = "_salt"
"""Of an entry's words: erased with them."""


class Ledger:
    def __init__(self, work: Work) -> None:
        self._work = work

    async def append(
        self,
        chain: str,
        happened: Sequence[tuple[str, Mapping[str, Plain], Mapping[str, str]]],
        *,
        at: datetime,
        actor_id: int | None,
        role: str,
        channel: str = "",
        update_id: int | None = None,
        message_id: str = "",
    ) -> list[Entry]:
        """Append what happened, each as (kind, facts, words), in order. Of two who append to the same chain at once,
        the second waits until the first has committed."""
        await self._work.hold(f"ledger {chain}")
        number, previous = await self.last(chain)
        entries = []
        for kind, facts, words in happened:
            number += 1
            entry = seal(
                chain=chain,
                number=number,
                at=at,
                kind=kind,
                actor_id=actor_id,
                role=role,
                channel=channel,
                update_id=update_id,
                message_id=message_id,
                facts=facts,
                words=_storable(words),
                previous=previous,
            )
            previous = entry.hash
            entries.append(entry)
        await self._work.many(_APPEND, [_row(entry) for entry in entries])
        return entries

    async def last(self, chain: str) -> tuple[int, str]:
        """Number and hash of the newest entry; 0 and `GENESIS` where there is none."""
        row = await self._work.row(_LAST, chain_=chain)
        return (row[0], row[1]) if row else (0, GENESIS)

    async def heads(self) -> dict[str, tuple[int, str]]:
        """Number and hash of the newest entry of every chain."""
        return {row[0]: (row[1], row[2]) for row in await self._work.rows(_HEADS)}

    async def of_chain(self, chain: str, since: int = 1) -> list[Entry]:
        """The entries of a chain from number `since` on, in order."""
        return [_entry(row) for row in await self._work.rows(_OF_CHAIN, chain_=chain, from_=since)]

    async def of_actor(self, person_id: int) -> list[Entry]:
        """What somebody did."""
        return [_entry(row) for row in await self._work.rows(_OF_ACTOR, actor_id_=person_id)]

    async def chains(self) -> list[str]:
        """The chains there are."""
        return [row[0] for row in await self._work.rows(_CHAINS)]

    async def erase_words(self, chain: str, number: int) -> None:
        """Erase the free text of one entry, for the law's sake; its seal still holds."""
        await self._work.run(_ERASE, chain_=chain, number_=number)


def _row(entry: Entry) -> dict[str, object]:
    row: dict[str, object] = {column.name: getattr(entry, column.name) for column in _COLUMNS}
    row["facts"] = canonical(entry.facts).decode()
    row["words"] = canonical(entry.words).decode() if entry.words is not None else None
    return row


def _storable(words: Mapping[str, str]) -> dict[str, str]:
    """What the database gives back exactly as it is sealed now: no NUL, no half of a surrogate pair. With a salt, so
    that nobody who has the seal can try out which words were erased."""
    if not any(words.values()):
        return dict(words)
    words = {**words, SALT: secrets.token_hex(16)}
    whole = {key: value.replace("\0", "\ufffd") for key, value in words.items()}
    return {key: value.encode("utf-16", "surrogatepass").decode("utf-16", "replace") for key, value in whole.items()}
