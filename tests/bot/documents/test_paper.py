"""A questionnaire as a Word document: it reads back what was filled in, whatever a word processor made of it."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from io import BytesIO
from random import Random

import pytest

from bot.documents.opening import Unreadable
from bot.documents.paper import Head, to_paper
from bot.documents.paper_names import LONGEST_TAG, Names, Spot, bookmark_of, tag_of
from bot.documents.paper_reading import identify, is_paper, read_paper
from flows.interview.form import Form, Question, load
from flows.interview.paper import Paper, Sheet, sheet_of
from flows.interview.paper.filled import stands_for
from flows.questionnaires import compiled
from tests.bot.conftest import small_form
from tests.bot.documents.editing import repacked
from tests.bot.documents.filling import W, changed, fill, without_bookmarks, without_controls, write

NOW = datetime(2026, 11, 26, 9, tzinfo=UTC)
GIVEN = {"country": "BFA", "role": "official", "entity_name": "Ministère (exemple)", "entity_type": "ministry"}
LONG = ("Une ligne.\nبيانات الهجرة 😀 <b>&amp;</b> {{ x }} " * 800).strip()
TEXTS = {
    "about/p3_contact/p3_name": "Awa (exemple)",
    "information/source[2]/s3_name": "Recensement (exemple)",
    "information/source[2]/s5_content": LONG,
}


@pytest.fixture(scope="module")
def form() -> Form:
    return load(compiled())


@pytest.fixture(scope="module")
def sheet(form: Form) -> Sheet:
    return sheet_of(form, language="fr", now=NOW, given=GIVEN)


@pytest.fixture(scope="module")
def paper(sheet: Sheet) -> Paper:
    return Paper(sheet.form_id, sheet.version, "fr", 12, "BFA", NOW, sheet.repeats(), {"/data/country": "1f0c6d2a5b"})


@pytest.fixture(scope="module")
def blank(sheet: Sheet, paper: Paper) -> bytes:
    return to_paper(sheet, paper, Head("Burkina Faso", "Ministère (exemple)", returns=True))


@pytest.fixture(scope="module")
def filled(blank: bytes) -> bytes:
    texts = {tag: said for tag, said in TEXTS.items() if not tag.endswith("s5_content")}
    texts["information/source[2]/s7_content"] = LONG
    return fill(blank, texts, {"information/source[2]/s4_status=existing", "about/p3_contact/p3_name!"})


def test_the_same_sheet_gives_the_same_bytes_and_is_known_again(sheet: Sheet, paper: Paper, blank: bytes) -> None:
    assert to_paper(sheet, paper, Head("Burkina Faso", "Ministère (exemple)", returns=True)) == blank
    assert identify(blank) == paper
    assert is_paper(blank)


def test_a_paper_that_nobody_filled_holds_every_field_and_no_answer(form: Form, sheet: Sheet, blank: bytes) -> None:
    read = read_paper(blank, form)
    expected = {one.path for one in sheet.fields() if one.kind != "file"}
    assert expected == set(read.filled)
    assert all(one.is_blank and one.found for one in read.filled.values())
    assert not any(one.confidential or one.unknown for path, one in read.filled.items() if "s14" not in path)


@pytest.mark.parametrize("made", [bytes, without_controls, without_bookmarks])
def test_what_was_filled_in_reads_back_to_the_letter_also_without_controls_or_bookmarks(
    form: Form, filled: bytes, made: Callable[[bytes], bytes]
) -> None:
    read = read_paper(made(filled), form).filled
    assert read["/data/about/p3_contact/p3_name"].text == "Awa (exemple)"
    assert read["/data/about/p3_contact/p3_name"].confidential is True
    assert read["/data/information/source[2]/s3_name"].text == "Recensement (exemple)"
    assert read["/data/information/source[2]/s7_content"].text == LONG
    (ticked,) = read["/data/information/source[2]/s4_status"].ticked
    assert ticked in ("existing", stands_for("existing"))
    assert sum(not one.is_blank for one in read.values()) == 4


def test_without_controls_and_bookmarks_it_is_refused(form: Form, filled: bytes) -> None:
    with pytest.raises(Unreadable) as refused:
        read_paper(without_bookmarks(without_controls(filled)), form)
    assert refused.value.reason == "no_fields"
    assert refused.value.told("fr")


def test_what_was_typed_beside_the_control_counts_and_a_field_copied_is_told(form: Form, blank: bytes) -> None:
    import copy

    from lxml import etree

    def change(root: etree._Element) -> None:
        for control in list(root.iter(f"{W}sdt")):
            tag = control.find(f"{W}sdtPr/{W}tag").get(f"{W}val")
            if tag == "about/p3_contact/p3_function":
                run = etree.SubElement(control.getparent(), f"{W}r")
                etree.SubElement(run, f"{W}t").text = "Directrice"
            if tag == "about/p3_contact/p3_unit":
                copied = copy.deepcopy(control)
                write(copied, "Encore une")
                control.getparent().append(copied)

    read = read_paper(changed(blank, change), form)
    assert read.filled["/data/about/p3_contact/p3_function"].text == "Directrice"
    assert read.twice == ("/data/about/p3_contact/p3_unit",)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "not_word"),
        (b"%PDF-1.7", "not_word"),
        (b"\xff\xd8\xff\xe0 an image", "not_word"),
        (b"PK\x03\x04 broken", "damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "old_word"),
    ],
)
def test_what_is_no_word_document_is_refused_with_its_reason(form: Form, content: bytes, reason: str) -> None:
    with pytest.raises(Unreadable) as refused:
        read_paper(content, form)
    assert refused.value.reason == reason
    assert not is_paper(content)


@pytest.mark.parametrize(
    ("old", "new"), [(b"GriotPaper000", b"GriotOther000"), (b'"form"', b'"from"'), (b"2026", b"20x6")]
)
def test_a_paper_with_its_marks_cut_or_made_up_is_refused(form: Form, blank: bytes, old: bytes, new: bytes) -> None:
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(blank)) as whole, zipfile.ZipFile(out, "w") as cut:
        for name in whole.namelist():
            content = whole.read(name)
            cut.writestr(name, content.replace(old, new) if name == "docProps/custom.xml" else content)
    with pytest.raises(Unreadable) as refused:
        read_paper(out.getvalue(), form)
    assert refused.value.reason == "no_paper"


def test_a_bomb_of_fields_is_refused(form: Form, blank: bytes) -> None:
    from lxml import etree

    def change(root: etree._Element) -> None:
        paragraph = etree.SubElement(root[0], f"{W}p")
        for number in range(15_500):
            name = bookmark_of(f"/data/information/source[{number % 90 + 1}]/s3_name", "choice", str(number))
            etree.SubElement(paragraph, f"{W}bookmarkStart", {f"{W}id": str(number), f"{W}name": name})

    with pytest.raises(Unreadable) as refused:
        read_paper(changed(blank, change), form)
    assert refused.value.reason == "too_much"


def test_tags_and_bookmarks_fit_into_word_and_lead_back_to_their_questions(form: Form) -> None:
    names = Names(form)
    deep = [path.replace("/source/", "/source[12]/") for path in form.nodes if "/source/" in path]
    questions = [path for path in deep if isinstance(form.nodes[path.replace("[12]", "")], Question)]
    assert questions
    for path in questions:
        tag, bookmark = tag_of(path, "choice", "a" * 60), bookmark_of(path, "choice", "a" * 60)
        assert len(tag) <= LONGEST_TAG
        assert len(bookmark) <= 40
        assert names.of_tag(tag) == Spot(path, "choice", stands_for("a" * 60))
        assert names.of_bookmark(bookmark) == names.of_tag(tag)
        assert names.of_tag(tag_of(path)) == Spot(path, "answer")
    assert names.of_tag("../../etc") is None
    assert names.of_bookmark("_Toc100000000") is None


@pytest.mark.parametrize("part", ["docProps/custom.xml", "word/document.xml", "word/_rels/document.xml.rels"])
def test_a_paper_broken_anywhere_is_read_or_refused_and_nothing_else(part: str) -> None:
    small = small_form()
    sheet = sheet_of(small, language="fr", now=NOW)
    paper = Paper(small.id, small.version, "fr", 1, "BFA", NOW, sheet.repeats(), {})
    whole = to_paper(sheet, paper, Head())
    draw = Random(part)
    for _ in range(25):

        def spoil(parts: dict[str, bytes]) -> None:
            content = bytearray(parts[part])
            place = draw.randrange(len(content))
            content[place : place + draw.choice([0, 1, 9])] = draw.choice([b"", b"<", b"\0", b"&x;", b'"', b"<w:p>"])
            parts[part] = bytes(content)

        try:
            assert read_paper(repacked(whole, spoil), small).filled
        except Unreadable as refused:
            assert refused.told("en")
