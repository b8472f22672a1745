"""The ledger: any change of what happened shows, and words can be erased without breaking the chain."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from flows.country.ledger import GENESIS, Entry, breaks, seal

START = datetime(2026, 11, 25, 12, tzinfo=UTC)
PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
ENTRY = st.tuples(
    st.sampled_from(["a.done", "b.undone"]),
    st.dictionaries(st.text(min_size=1, max_size=5), PLAIN, max_size=3),
    st.dictionaries(st.text(min_size=1, max_size=5), st.text(max_size=10), max_size=2),
)


def chain(happened: list[tuple[str, dict[str, Any], dict[str, str]]]) -> list[Entry]:
    entries: list[Entry] = []
    for number, (kind, facts, words) in enumerate(happened, 1):
        entries.append(
            seal(
                chain="BFA",
                number=number,
                at=START + timedelta(minutes=number),
                kind=kind,
                actor_id=number,
                role="official",
                channel="telegram",
                update_id=number,
                message_id=str(number),
                facts=facts,
                words=words,
                previous=entries[-1].hash if entries else GENESIS,
            )
        )
    return entries


@given(st.lists(ENTRY, max_size=5))
def test_a_chain_as_it_was_written_holds_also_without_its_words(happened: Any) -> None:
    entries = chain(happened)
    assert breaks(entries) == []
    assert breaks([replace(entry, words=None) for entry in entries]) == []


@given(st.lists(ENTRY, min_size=1, max_size=5), st.data())
def test_a_change_of_any_part_of_any_entry_shows(happened: Any, data: st.DataObject) -> None:
    entries = chain(happened)
    index = data.draw(st.integers(0, len(entries) - 1))
    name = data.draw(st.sampled_from([item.name for item in fields(Entry)]))
    old = getattr(entries[index], name)
    new: Any
    if isinstance(old, datetime):
        new = old + timedelta(microseconds=1)
    elif isinstance(old, int):
        new = old + 1
    elif isinstance(old, dict):
        new = {**old, "more": "x"}
    else:
        new = f"{old}x"
    entries[index] = replace(entries[index], **{name: new})
    assert breaks(entries)


@given(st.lists(ENTRY, min_size=3, max_size=6), st.data())
def test_an_entry_removed_or_moved_shows(happened: Any, data: st.DataObject) -> None:
    entries = chain(happened)
    index = data.draw(st.integers(0, len(entries) - 2))
    assert breaks(entries[:index] + entries[index + 1 :])
    assert breaks([*entries[:index], entries[index + 1], entries[index], *entries[index + 2 :]])
