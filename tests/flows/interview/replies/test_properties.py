"""Promises for every text there is."""

from __future__ import annotations

import unicodedata
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from flows.interview.form import QuestionType
from flows.interview.replies import Answer, Offered, clean, read, read_file, safe_name
from tests.budget import examples

TODAY = date(2026, 11, 23)
CHOICES = (
    Offered("yes", {"fr": "Oui", "en": "Yes"}),
    Offered("no", {"fr": "Non", "en": "No"}),
    Offered("a_b", {"fr": "Un, deux et trois", "ar": "واحد"}),
    Offered("other", {"fr": "Autre", "en": "Other"}),
)
PIECES = st.sampled_from(
    [*"0123456789,.;:/-+%°'\"ETNSOWhmà \n\u202f\u00a0", "mars", "oui", "1er", "pm", "autre:", " et ", "12", "2025",
     "٣", "@",     "http://", "www.", ".org", "+226", "\0", "\u202e", "\ud800", "de", "le "]
)  # fmt: skip
TEXTS = st.one_of(
    st.lists(PIECES, max_size=14).map("".join),
    st.text(st.characters(exclude_categories=()), max_size=60),
    st.dates(date(1700, 1, 1), date(2299, 12, 31)).map(str),
    st.decimals(allow_nan=False, allow_infinity=False).map(str),
)
KINDS = st.sampled_from(["", "email", "phone", "url", "year"])
LANGUAGES = st.sampled_from(["fr", "en", "pt", "es", "ar", "", "xx-YY"])
APPEARANCES = st.sampled_from([frozenset[str](), frozenset({"month-year"}), frozenset({"year"})])


@given(st.sampled_from(QuestionType), TEXTS, KINDS, LANGUAGES, APPEARANCES)
@settings(max_examples=examples(1500), deadline=None)
def test_reading_never_raises_and_what_is_accepted_reads_again_to_the_same(
    type: QuestionType, text: str, kind: str, language: str, appearance: frozenset[str]
) -> None:
    parameters = {"kind": kind, "region": "BF"}

    def again(said: str) -> object:
        return read(
            type, said, choices=CHOICES, language=language, today=TODAY, appearance=appearance, parameters=parameters
        )

    reply = again(text)
    if isinstance(reply, Answer):
        second = again(reply.value)
        assert isinstance(second, Answer)
        assert second.value == reply.value


@given(st.text(st.characters(exclude_categories=()), max_size=80))
@settings(max_examples=examples(500))
def test_cleaning_is_done_once_and_leaves_nothing_unprintable(text: str) -> None:
    once = clean(text)
    assert clean(once) == once
    assert all(unicodedata.category(letter) not in ("Cs",) for letter in once)
    assert not set(once) & set("\0\u202e\u2066\ufffe")
    once.encode()


@given(
    st.text(st.characters(exclude_categories=()), max_size=200), st.sampled_from(["", "application/pdf", "image/png"])
)
@settings(max_examples=examples(500))
def test_a_stored_name_is_a_plain_name_whatever_was_sent(name: str, media_type: str) -> None:
    reply = read_file(name, media_type, 10)
    stored = reply.value if isinstance(reply, Answer) else safe_name(name)
    assert not set(stored) & set('/\\<>:"|?*\0')
    assert stored == stored.strip(" .")
    assert len(stored.encode()) < 1000
    if isinstance(reply, Answer):
        assert read_file(stored, media_type, 10) == reply
