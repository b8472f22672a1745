"""A chain that was written to a file says what it said, and shows every change."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.country.ledger import breaks
from flows.country.ledger_json import lines, parse
from flows.country.strict import Unreadable
from tests.budget import examples
from tests.flows.country.endorsing import Chain, chain

CHAIN = chain(6)


def test_a_chain_is_read_as_it_was_written() -> None:
    read = parse(lines(CHAIN.entries))
    assert not isinstance(read, Unreadable)
    assert [replace(entry, facts=dict(entry.facts)) for entry in read] == [
        replace(entry, facts=json.loads(json.dumps(entry.facts))) for entry in CHAIN.entries
    ]
    assert breaks(read) == []


def test_erased_words_stay_erased_and_the_chain_holds() -> None:
    entries = [replace(entry, words=None) if entry.number == 3 else entry for entry in CHAIN.entries]
    read = parse(lines(entries))
    assert not isinstance(read, Unreadable)
    assert read[2].words is None and breaks(read) == []


def test_what_people_wrote_can_be_left_out() -> None:
    written = lines(CHAIN.entries, texts=False)
    assert b"Remarque" not in written and b"Awa" not in written
    read = parse(written)
    assert not isinstance(read, Unreadable) and breaks(read) == []


@settings(max_examples=examples(50), deadline=None)
@given(
    st.dictionaries(
        st.text(max_size=8, alphabet=st.characters(exclude_categories=["Cs"])),
        st.text(max_size=40, alphabet=st.characters(exclude_categories=["Cs"])),
    )
)
def test_whatever_people_write_stays_on_its_line(words: dict[str, str]) -> None:
    made = Chain()
    made.add("said", {}, words)
    made.add("said", {}, {})
    written = lines(made.entries)
    read = parse(written)
    assert not isinstance(read, Unreadable) and list(read) == made.entries and written.count(b"\n") == 2


@settings(max_examples=examples(150), deadline=None)
@given(st.data())
def test_any_changed_byte_of_the_file_is_found(data: st.DataObject) -> None:
    written = bytearray(lines(CHAIN.entries))
    place = data.draw(st.integers(0, len(written) - 1))
    before = written[place]
    written[place] = data.draw(st.integers(0, 255).filter(lambda byte: byte != before))
    read = parse(bytes(written))
    if isinstance(read, Unreadable):
        return
    same = parse(lines(CHAIN.entries))
    assert read == same or breaks(read) != []  # a blank for a line end says the same


@pytest.mark.parametrize("gone", range(len(CHAIN.entries) - 1))
def test_a_line_that_is_missing_is_found(gone: int) -> None:
    kept = lines(CHAIN.entries).splitlines(keepends=True)
    read = parse(b"".join(kept[:gone] + kept[gone + 1 :]))
    assert not isinstance(read, Unreadable) and breaks(read) != []


@pytest.mark.parametrize(
    ("data", "reason", "line"),
    [
        (b"", "empty", 0),
        (b"\n\n", "empty", 0),
        (b"{}\n", "missing_field", 1),
        (lines(CHAIN.entries[:1]) + b"{\n", "not_json", 2),
        (lines(CHAIN.entries[:1]) + b"\xff\n", "not_text", 2),
        (lines(CHAIN.entries[:1]).replace(b'"number":1', b'"number":true'), "wrong_field", 1),
        (lines(CHAIN.entries[:1]).replace(b'"number":1', b'"number":1,"number":1'), "doubled_key", 1),
        (lines(CHAIN.entries[:1]).replace(b"+00:00", b""), "wrong_field", 1),
        (lines(CHAIN.entries[:1]).replace(b'"role"', b'"rolle"'), "unknown_field", 1),
    ],
)
def test_a_line_that_is_no_entry_is_named(data: bytes, reason: str, line: int) -> None:
    read = parse(data)
    assert isinstance(read, Unreadable) and (read.reason, read.line) == (reason, line)
