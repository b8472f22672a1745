"""What people type, and what it is read as."""

from __future__ import annotations

from datetime import date

import pytest

from flows.interview.form import QuestionType as Q
from flows.interview.replies import Answer, Refusal, Reply, read

TODAY = date(2026, 11, 23)


def said(type: Q, text: str, language: str = "fr", *, appearance: str = "", **parameters: str) -> Reply:
    return read(
        type, text, language=language, today=TODAY, appearance=frozenset(appearance.split()), parameters=parameters
    )


def value(reply: Reply) -> str:
    assert isinstance(reply, Answer), reply
    return reply.value


def reason(reply: Reply) -> str:
    assert isinstance(reply, Refusal), reply
    return reply.reason


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("1 234", "fr", "1234"),
        ("1\u202f234\u202f567", "fr", "1234567"),
        ("1,234", "en", "1234"),
        ("1.234", "fr", "1234"),
        ("1'234", "fr", "1234"),
        ("deux", "fr", "2"),
        ("soixante-dix-sept", "fr", "77"),
        ("quatre-vingt-onze", "fr", "91"),
        ("vingt et un", "fr", "21"),
        ("twelve", "fr", "12"),
        ("forty-two", "en", "42"),
        ("١٢٣", "fr", "123"),
        ("１２", "en", "12"),
        ("\u2212 5", "fr", "-5"),
        ("007", "fr", "7"),
        ("12,0", "fr", "12"),
    ],
)
def test_an_integer_is_read_as_people_write_it(text: str, language: str, expected: str) -> None:
    assert value(said(Q.INTEGER, text, language)) == expected


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("1 234,5", "fr", "1234.5"),
        ("1,234.5", "en", "1234.5"),
        ("1.234,5", "fr", "1234.5"),
        ("3,5", "en", "3.5"),
        ("1,234", "fr", "1.234"),
        ("1,234", "en", "1234"),
        (",5", "fr", "0.5"),
        ("١٬٢٣٤٫٥", "fr", "1234.5"),
        ("-0", "fr", "0"),
    ],
)
def test_a_decimal_is_read_as_people_write_it(text: str, language: str, expected: str) -> None:
    assert value(said(Q.DECIMAL, text, language)) == expected


def test_an_ambiguous_number_is_said_back() -> None:
    reply = said(Q.DECIMAL, "1,234", "en")
    assert isinstance(reply, Answer)
    assert [note.reason for note in reply.notes] == ["number_shown_back"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("12 %", "number_with_unit"),
        ("12 ans", "number_with_unit"),
        ("12 34", "integer_expected"),
        ("3,5", "integer_not_whole"),
        ("beaucoup", "integer_expected"),
        ("1,23,456.7.8", "number_marks"),
        ("9" * 30, "number_too_long"),
        ("9" * 90_000, "number_too_long"),
        ("", "empty"),
        ("\u200b\u2066", "empty"),
    ],
)
def test_what_is_no_integer_is_refused_with_its_reason(text: str, expected: str) -> None:
    assert reason(said(Q.INTEGER, text)) == expected


@pytest.mark.parametrize(
    "text",
    [
        "12/03/2025", "12.03.2025", "12-03-2025", "12 03 2025", "2025-03-12", "2025/3/12", "12 mars 2025", "12 Mars 25",
        "le 12 mars 2025", "mercredi 12 mars 2025", "March 12, 2025", "12th of March 2025", "12-Mar-25", "12/3/25",
        "12 de março de 2025", "12 de marzo de 2025", "١٢/٠٣/٢٠٢٥", "12 مارس 2025", "12 mar. 2025",
    ],
)  # fmt: skip
def test_a_date_is_read_with_the_day_before_the_month(text: str) -> None:
    assert value(said(Q.DATE, text)) == value(said(Q.DATE, text, "en")) == "2025-03-12"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("aujourd’hui", "2026-11-23"),
        ("demain", "2026-11-24"),
        ("Yesterday", "2026-11-22"),
        ("avant-hier", "2026-11-21"),
        ("1er mars", "2026-03-01"),
        ("03/25/2025", "2025-03-25"),
        ("1/2/99", "1999-02-01"),
        ("12 août 2024", "2024-08-12"),
        ("12 غشت 2024", "2024-08-12"),
    ],
)
def test_what_had_to_be_interpreted_is_read_and_said_back(text: str, expected: str) -> None:
    reply = said(Q.DATE, text)
    assert value(reply) == expected
    assert isinstance(reply, Answer)
    assert reply.notes or text.endswith("2024")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("31/02/2025", "date_impossible"),
        ("13/13/2025", "date_month"),
        ("0/1/2025", "date_impossible"),
        ("mars 2025", "date_needs_day"),
        ("2025", "date_needs_day_month"),
        ("lundi 12 mars 2025", "date_weekday"),
        ("12/03/0025", "date_year"),
        ("bientôt", "date_expected"),
        ("12 mars 2025 et demi", "date_expected"),
    ],
)
def test_an_impossible_date_is_refused_with_its_reason(text: str, expected: str) -> None:
    assert reason(said(Q.DATE, text)) == expected


@pytest.mark.parametrize(
    ("text", "appearance", "expected"),
    [
        ("mars 2025", "month-year", "2025-03-01"),
        ("03/2025", "month-year", "2025-03-01"),
        ("2025-03", "month-year no-calendar", "2025-03-01"),
        ("12 mars 2025", "month-year", "2025-03-01"),
        ("2025", "year", "2025-01-01"),
    ],
)
def test_appearance_tells_how_much_of_a_date_is_wanted(text: str, appearance: str, expected: str) -> None:
    assert value(said(Q.DATE, text, appearance=appearance)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("14h30", "14:30"),
        ("14 h 30", "14:30"),
        ("14:30", "14:30"),
        ("2:30 pm", "14:30"),
        ("2 p.m.", "14:00"),
        ("12 am", "00:00"),
        ("midi", "12:00"),
        ("minuit", "00:00"),
        ("3h de l’après-midi", "15:00"),
        ("8 h du matin", "08:00"),
        ("9h", "09:00"),
    ],
)
def test_a_time_is_read_as_people_write_it(text: str, expected: str) -> None:
    assert value(said(Q.TIME, text)) == f"{expected}:00.000"


@pytest.mark.parametrize(
    ("text", "expected"), [("25:00", "time_impossible"), ("24h", "time_midnight"), ("9", "time_expected")]
)
def test_what_is_no_time_is_refused(text: str, expected: str) -> None:
    assert reason(said(Q.TIME, text)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("12/03/2025 14h30", "2025-03-12T14:30:00.000+01:00"),
        ("12 mars 2025 à 14:30", "2025-03-12T14:30:00.000+01:00"),
        ("14h30 le 12 mars 2025", "2025-03-12T14:30:00.000+01:00"),
        ("demain midi", "2026-11-24T12:00:00.000+01:00"),
        ("2025-03-12T14:30:00Z", "2025-03-12T14:30:00.000+00:00"),
        ("2026-04-20T10:30:00.000-02:30", "2026-04-20T10:30:00.000-02:30"),
    ],
)
def test_a_date_and_time_carries_the_offset_of_the_person(text: str, expected: str) -> None:
    assert value(said(Q.DATETIME, text, offset="+01:00")) == expected


def test_a_date_without_a_time_says_what_is_missing() -> None:
    assert reason(said(Q.DATETIME, "12 mars 2025")) == "datetime_needs_time"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("12.37, -1.52", "12.37 -1.52 0 0"),
        ("12,37; -1,52", "12.37 -1.52 0 0"),
        ("12°22′N 1°31′O", "12.3666667 -1.5166667 0 0"),
        ("12°22'30\"N, 1°31'W", "12.375 -1.5166667 0 0"),
        ("nord 12 ouest 3", "12 -3 0 0"),
        ("15.5 36.8219 400.0 3.0", "15.5 36.8219 400 3"),
    ],
)
def test_a_point_is_read_from_coordinates(text: str, expected: str) -> None:
    assert value(said(Q.GEOPOINT, text)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("95, 10", "place_swapped"),
        ("10, 190", "place_outside"),
        ("Ouaga", "place_expected"),
        ("12 N 3 N", "place_sides"),
    ],
)
def test_a_point_off_the_earth_is_refused(text: str, expected: str) -> None:
    assert reason(said(Q.GEOPOINT, text)) == expected


def test_lines_and_areas_are_typed_a_point_a_line() -> None:
    assert value(said(Q.GEOTRACE, "1 2\n3 4")) == "1 2 0 0; 3 4 0 0"
    assert value(said(Q.GEOSHAPE, "1 2; 3 4; 5 6")) == "1 2 0 0; 3 4 0 0; 5 6 0 0; 1 2 0 0"
    assert reason(said(Q.GEOSHAPE, "1 2; 3 4")) == "place_area"


def test_a_range_keeps_to_its_bounds_and_step() -> None:
    bounds = {"start": "0", "end": "10", "step": "2.5"}
    assert value(said(Q.RANGE, "7,5", **bounds)) == "7.5"
    assert reason(said(Q.RANGE, "11", **bounds)) == "range_outside"
    refusal = said(Q.RANGE, "6", **bounds)
    assert isinstance(refusal, Refusal)
    assert refusal.values["nearest"] == "5 · 7.5"


def test_text_keeps_its_lines_and_loses_what_deceives() -> None:
    assert value(said(Q.TEXT, "  Ligne 1\r\nLigne\u202e 2\0 ")) == "Ligne 1\nLigne 2"
    assert value(said(Q.TEXT, "e\u0301tat")) == "état"
    assert value(said(Q.TEXT, "می\u200cخواهم")) == "می\u200cخواهم"
    long = "Une phrase. " * 10_000
    assert value(said(Q.TEXT, long)) == long.strip()


@pytest.mark.parametrize(
    ("kind", "text", "expected"),
    [
        ("email", "mailto:A.Diallo@Insd.BF", "A.Diallo@insd.bf"),
        ("phone", "25 30 61 58", "+22625306158"),
        ("phone", "00226 25306158", "+22625306158"),
        ("phone", "+226 25 30 61 58 ext. 12", "+22625306158;ext=12"),
        ("phone", "٢٥٣٠٦١٥٨", "+22625306158"),
        ("url", "www.insd.bf/page", "https://www.insd.bf/page"),
        ("url", "HTTPS://www.insd.bf", "https://www.insd.bf"),
        ("year", "٢٠٢٤", "2024"),
    ],
)
def test_contacts_are_put_into_one_form(kind: str, text: str, expected: str) -> None:
    assert value(said(Q.TEXT, text, kind=kind, region="BF")) == expected


@pytest.mark.parametrize(
    ("kind", "text", "expected"),
    [
        ("email", "diallo", "email_expected"),
        ("email", "a@b.org, c@d.org", "email_several"),
        ("phone", "25 30 61 58 / 70 11 22 33", "phone_several"),
        ("phone", "standard", "phone_expected"),
        ("url", "javascript:alert(1)", "url_expected"),
        ("url", "ftp://insd.bf", "url_scheme"),
        ("url", "https://user:secret@insd.bf", "url_expected"),
        ("year", "24", "year_expected"),
    ],
)
def test_a_wrong_contact_is_refused_with_its_reason(kind: str, text: str, expected: str) -> None:
    assert reason(said(Q.TEXT, text, kind=kind, region="BF")) == expected


def test_a_number_without_its_country_asks_for_the_country_code() -> None:
    assert reason(said(Q.TEXT, "25 30 61 58", kind="phone")) == "phone_country"


def test_an_acknowledgement_takes_words_of_agreement_only() -> None:
    assert value(said(Q.ACKNOWLEDGE, "Lu et approuvé")) == "OK"
    assert reason(said(Q.ACKNOWLEDGE, "non")) == "acknowledge_expected"


@pytest.mark.parametrize("type", [Q.FILE, Q.IMAGE, Q.AUDIO, Q.VIDEO])
def test_text_is_no_file(type: Q) -> None:
    assert reason(said(type, "voici")) == "file_expected"
