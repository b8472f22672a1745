"""A receipt shows any change: of a file, of itself, of the ledger; and says what it cannot show."""

from __future__ import annotations

import json
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.signing import Signing, new_seed, verify
from flows.country import receipt
from flows.country.ledger import GENESIS, Entry, digest, seal, sealed
from flows.country.receipt import Receipt, kept_before, make, parse, to_bytes
from flows.country.strict import Unreadable
from flows.country.verdict import Verdict, check
from tests.budget import examples
from tests.flows.country.endorsing import FILES, Chain, chain, sums

SIGNING = Signing(new_seed())
CHAIN = chain()
NUMBER = len(CHAIN.entries)
PLAIN = make(CHAIN.entries, NUMBER)
SIGNED = make(CHAIN.entries, NUMBER, SIGNING)


def judged(known: Receipt, key: str = "", ledger: list[Entry] | None = None) -> Verdict:
    return check(known, sums(), verify=verify, key=key, ledger=ledger)


def kinds(verdict: Verdict) -> list[str]:
    return [finding.kind for finding in verdict.findings]


def reread(known: Receipt) -> Receipt:
    read = parse(to_bytes(known))
    assert isinstance(read, Receipt)
    return read


# ---- what is right ---------------------------------------------
def test_every_file_that_was_endorsed_is_recognised() -> None:
    assert kinds(judged(reread(PLAIN))) == ["matches"] * 4 + ["unsigned"]
    assert kinds(judged(reread(SIGNED), SIGNING.key.public)) == ["matches"] * 4 + ["signed"]
    assert judged(reread(SIGNED)).good


def test_a_receipt_is_read_as_it_was_written() -> None:
    for known in (PLAIN, SIGNED):
        assert reread(known) == known
        compact = json.dumps(json.loads(to_bytes(known)), sort_keys=True).encode()
        assert parse(compact) == known


def test_a_receipt_is_short_and_holds_nobody_s_words() -> None:
    long = chain(3000)
    written = to_bytes(make(long.entries, 3001, SIGNING))
    assert len(written) < 8000
    for word in ("Avant-propos", "Exemple", "Remarque"):
        assert word not in written.decode()


def test_a_renamed_file_is_still_the_endorsed_one() -> None:
    name, content = next(iter(FILES.items()))
    verdict = check(PLAIN, sums({"dossier/copie.pdf": content}), verify=verify)
    (matches, _) = verdict.findings
    assert matches.kind == "matches" and matches.file is not None and matches.file.name == name


def test_earlier_entries_are_named_close_by_and_far_away() -> None:
    assert kept_before(1) == ()
    assert kept_before(2) == (1,)
    assert kept_before(21) == (20, 19, 17, 13, 5, 1)


def test_the_first_entry_of_a_chain_has_a_receipt_too() -> None:
    # a draft is always before it, but the proof does not lean on that
    known = make(chain(2).entries, 3)
    first = replace(known.entry, number=1, previous=GENESIS)
    assert "earlier_altered" in kinds(judged(replace(known, entry=first)))


def test_the_key_may_be_named_by_its_fingerprint() -> None:
    fingerprint = SIGNING.key.fingerprint
    spaced = " ".join(fingerprint[place : place + 4] for place in range(0, 32, 4)).upper()
    assert judged(SIGNED, fingerprint).good and judged(SIGNED, spaced).good


# ---- files -----------------------------------------------------
@settings(max_examples=examples(60), deadline=None)
@given(st.sampled_from(sorted(FILES)), st.data())
def test_any_changed_byte_of_a_file_is_found(name: str, data: st.DataObject) -> None:
    content = bytearray(FILES[name])
    place = data.draw(st.integers(0, len(content) - 1))
    content[place] ^= data.draw(st.integers(1, 255))
    verdict = check(SIGNED, sums({**FILES, name: bytes(content)}), verify=verify)
    assert not verdict.good
    assert [(each.kind, each.name) for each in verdict.findings if not each.good] == [("changed", name)]


def test_a_file_that_nobody_endorsed_is_not_covered() -> None:
    verdict = check(SIGNED, {**sums(), "annexe.pdf": digest("annexe")}, verify=verify)
    assert [(each.kind, each.name) for each in verdict.findings if not each.good] == [("not_covered", "annexe.pdf")]


# ---- the receipt -----------------------------------------------
def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every field and element within a JSON value."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, each in inner:
        yield (*path, key)
        yield from places(each, (*path, key))


def holder(whole: Any, path: tuple[Any, ...]) -> Any:
    for key in path[:-1]:
        whole = whole[key]
    return whole


def changed(value: Any) -> Iterator[Any]:
    """Other values, of the same type and of others."""
    match value:
        case bool():
            yield not value
        case int():
            yield from (value + 1, value - 1, -value, str(value), float(value))
        case str():
            yield from (value + "0", value[:-1] if value else "x", "1" + value[1:] if value[:1] != "1" else "2", None)
            yield value.upper() if value.upper() != value else value.lower() + " "
        case None:
            yield from ("", 0, {})
        case list():
            yield from ([*value, *value[:1]] if value else ["x"], value[::-1] if len(value) > 1 else None, {})
        case dict():
            yield from ({**value, "more": 1}, None, [])


@pytest.mark.parametrize("known", [PLAIN, SIGNED], ids=["plain", "signed"])
def test_any_changed_field_of_a_receipt_is_found(known: Receipt) -> None:
    whole = json.loads(to_bytes(known))
    count = 0
    for path in places(whole):
        for other in changed(holder(whole, path)[path[-1]]):
            altered = deepcopy(whole)
            holder(altered, path)[path[-1]] = other
            read = parse(json.dumps(altered).encode())
            assert isinstance(read, Unreadable) or not judged(read).good, (path, other)
            count += 1
        if isinstance(path[-1], str):
            altered = deepcopy(whole)
            del holder(altered, path)[path[-1]]
            read = parse(json.dumps(altered).encode())
            assert isinstance(read, Unreadable) or not judged(read).good, path
    assert count > 300


@settings(max_examples=examples(150), deadline=None)
@given(st.data())
def test_any_changed_byte_of_a_receipt_is_found(data: st.DataObject) -> None:
    written = bytearray(to_bytes(SIGNED))
    place = data.draw(st.integers(0, len(written) - 1))
    before = bytes(written)
    written[place] = data.draw(st.integers(0, 255).filter(lambda byte: byte != before[place]))
    read = parse(bytes(written))
    if read != SIGNED:  # a blank for a line end is the same JSON
        assert isinstance(read, Unreadable) or not judged(read).good


def forged(known: Receipt) -> Receipt:
    """Somebody's other file in the receipt, and every hash in it computed again."""
    facts = json.loads(json.dumps(known.entry.facts))
    facts["endorsement"]["edition"]["files"][0]["sha256"] = digest("another file")
    entry = replace(known.entry, facts=facts)
    entry = replace(entry, hash=digest(sealed(entry)))
    other = replace(known, entry=entry, endorsement=receipt.read_endorsement(facts))
    return replace(other, digest=digest(json.loads(receipt.payload(other))))


def test_a_signed_receipt_cannot_be_made_up() -> None:
    assert "signature_invalid" in kinds(judged(forged(SIGNED)))
    own = Signing(new_seed())
    signed = replace(forged(PLAIN), key=own.key)
    signed = replace(signed, digest=digest(json.loads(receipt.payload(signed))), signature="")
    signed = replace(signed, signature=own.sign(receipt.payload(signed)))
    name = "guide-BFA-v3-fr.docx"
    files = {name: sums()[name]}
    assert kinds(check(signed, files, verify=verify)) == ["matches", "signed"]  # by whom, only the key says
    assert kinds(check(signed, files, verify=verify, key=SIGNING.key.public)) == ["matches", "unknown_key"]


def test_an_unsigned_receipt_that_was_made_up_is_found_out_by_the_ledger_only() -> None:
    made_up = forged(PLAIN)
    files = {"guide-BFA-v3-fr.docx": sums()["guide-BFA-v3-fr.docx"]}
    assert check(made_up, files, verify=verify).good
    verdict = check(made_up, files, verify=verify, ledger=CHAIN.entries)
    assert [each.kind for each in verdict.findings if not each.good] == ["ledger_differs"]


def test_a_signature_that_was_taken_off_is_missed() -> None:
    assert "signature_missing" in kinds(judged(replace(SIGNED, signature="")))
    assert "signature_missing" in kinds(judged(PLAIN, key=SIGNING.key.public))
    assert "signature_invalid" in kinds(judged(replace(PLAIN, signature=SIGNED.signature)))


@pytest.mark.parametrize("decision", ["endorse_with_changes", "return"])
def test_a_receipt_of_another_decision_endorses_nothing(decision: Any) -> None:
    other = chain(decision=decision)
    assert "not_endorsing" in kinds(judged(make(other.entries, len(other.entries))))


def test_only_an_endorsement_has_a_receipt() -> None:
    with pytest.raises(ValueError, match="no endorsement"):
        make(CHAIN.entries, 5)


# ---- the ledger ------------------------------------------------
def test_the_ledger_confirms_its_receipts_also_later_and_with_words_erased() -> None:
    grown = chain()
    grown.add("published", {"version": 3})
    erased = [replace(entry, words=None) for entry in grown.entries]
    assert kinds(judged(SIGNED, ledger=erased))[-1] == "ledger_agrees"


def test_what_was_voided_later_is_said_with_what_changed() -> None:
    grown = chain()
    void = grown.void(NUMBER, "I.2", "III")
    verdict = judged(SIGNED, ledger=grown.entries)
    last = verdict.findings[-1]
    assert (last.kind, last.number, last.at, last.changed) == ("voided", void.number, void.at, ("I.2", "III"))
    assert not verdict.good


def test_another_endorsement_being_voided_leaves_this_one() -> None:
    grown = chain()
    grown.void(4, "I")
    assert judged(SIGNED, ledger=grown.entries).good


def test_a_ledger_that_was_cut_changed_or_rewritten_does_not_confirm() -> None:
    cut = CHAIN.entries[:-1]
    assert kinds(judged(SIGNED, ledger=cut))[-1] == "not_in_ledger"
    assert kinds(judged(SIGNED, ledger=[]))[-1] == "not_in_ledger"
    changed = [replace(entry, kind="other") if entry.number == 7 else entry for entry in CHAIN.entries]
    assert kinds(judged(SIGNED, ledger=changed))[-1] == "ledger_broken"
    rewritten = Chain()
    for entry in CHAIN.entries:
        rewritten.add(entry.kind, {"what": "other"} if entry.number == 7 else entry.facts, entry.words)
    last = judged(SIGNED, ledger=rewritten.entries).findings[-1]
    assert last.kind == "ledger_differs" and 7 <= last.number <= 13  # the next of the entries that it kept


def test_the_draft_that_was_endorsed_is_the_ledger_s() -> None:
    other = seal(
        chain="BFA", number=1, at=CHAIN.entries[0].at, kind="x", actor_id=None, role="", channel="", update_id=None,
        message_id="", facts={}, words={}, previous=GENESIS,
    )  # fmt: skip
    facts = json.loads(json.dumps(CHAIN.entries[-1].facts))
    facts["endorsement"]["draft_hash"] = other.hash
    forked = Chain()
    for entry in CHAIN.entries[:-1]:
        forked.add(entry.kind, entry.facts, entry.words)
    forked.add("endorsed", facts)
    known = make(forked.entries, NUMBER)
    assert not judged(known, ledger=forked.entries).good


# ---- hostile files ---------------------------------------------
@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "not_json"),
        (b"\xff\xfe", "not_text"),
        (b"%PDF-1.7", "not_json"),
        (b"[1,", "not_json"),
        (b"[" * 100_000, "too_deep"),
        (b'{"a":' * 60_000 + b"1" + b"}" * 60_000, "too_deep"),
        (b"[" * 90 + b"]" * 90, "too_deep"),
        (b" " * 1_100_000, "too_large"),
        (b'{"format":"griot-receipt/1","format":"griot-receipt/1"}', "doubled_key"),
        (b'{"format":NaN}', "no_number"),
        (b'{"format":-Infinity}', "no_number"),
        (b'{"format":1e999}', "no_number"),
        (b'{"format":' + b"9" * 5000 + b"}", "not_json"),
        (b'{"format":"\\ud800"}', "half_character"),
        (b"[]", "wrong_field"),
        (b"null", "wrong_field"),
        (b"{}", "other_format"),
        (b'{"format":["griot-receipt/1"]}', "other_format"),
        (b'{"format":"griot-receipt/2"}', "newer_format"),
        (b'{"format":"griot-receipt/1"}', "missing_field"),
        (b'{"format":"griot-receipt/1","<b>":1}', "unknown_field"),
    ],
)
def test_what_is_no_receipt_is_refused_with_the_reason(data: bytes, reason: str) -> None:
    read = parse(data)
    assert isinstance(read, Unreadable) and read.reason == reason


@settings(max_examples=examples(100), deadline=None)
@given(st.binary(max_size=300) | st.text(max_size=200).map(lambda written: written.encode("utf-8", "replace")))
def test_nothing_that_is_given_as_a_receipt_raises(data: bytes) -> None:
    assert isinstance(parse(data), Unreadable)
