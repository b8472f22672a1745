"""Where a passage comes from is told in comments, and a comment of an expert finds the answers that it is about."""

from __future__ import annotations

import re
import zipfile
from dataclasses import replace
from functools import cache
from io import BytesIO
from pathlib import Path

import pytest
from docx import Document
from docx.document import Document as Opened
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from pypdf import PdfReader

from bot.documents import render
from bot.documents.layout import lay_out, placed
from bot.documents.pages import Evidence, Heading
from bot.documents.provenance import AUTHOR, Provenance, written_behind
from bot.documents.reading import ReadGuide, read_docx
from flows.country.dossier import Dossier
from flows.country.draft import compile_guide
from flows.country.guide import Guide
from flows.country.merging import merge
from flows.country.walking import statements
from flows.knowledge import country
from tests.bot.documents import sample
from tests.bot.documents.editing import edited, paragraph, removed, repacked, replaced
from tests.bot.documents.office import needs_libreoffice, saved_as
from tests.flows.country.golden_guides import compiled
from tests.flows.country.saying import POLICE, contribution, small_exercise
from tests.flows.country.test_draft import NOW

BORDER = "Les postes notent les entrées sur papier."
EXPERT = "Experte (exemple)"


@cache
def dossier() -> Dossier:
    return merge("BFA", small_exercise(accepted=True))


@cache
def guide(language: str = "fr") -> Guide:
    return compile_guide(dossier(), country("BFA"), language, NOW)


@cache
def document(language: str = "fr") -> bytes:
    return render(guide(language), "docx", Provenance(guide(language), dossier()))


def told(content: bytes) -> list[str]:
    """Our comments, with plain spaces."""
    return [comment.text.replace("\u00a0", " ") for comment in Document(BytesIO(content)).comments]


def read(*edits: object) -> ReadGuide:
    return read_docx(edited(document(), *edits), guide())  # type: ignore[arg-type]


def comment_on(words: str, text: str) -> object:
    def edit(opened: Opened) -> None:
        opened.add_comment(paragraph(opened, words).runs[0], text, EXPERT, "E")

    return edit


# ---- ours -----------------------------------------------------------------------------------------------------------
def test_a_comment_says_who_for_whom_when_in_which_language_to_which_question() -> None:
    (said,) = [text for text in told(document()) if "Question S18" in text]
    assert "Source [3] : Direction de la police des frontières (DPF) – Commandant, Bureau des postes." in said
    assert "2 mars 2026" in said and "langue de la réponse : français" in said


def test_an_english_guide_tells_it_in_english() -> None:
    (said,) = [text for text in told(document("en")) if "Question S18" in text]
    assert "Source [3]: " in said and "Answer of 2 March 2026, language of the answer: French." in said


def test_every_paragraph_that_rests_on_answers_has_one_comment_and_no_other_has() -> None:
    opened = Document(BytesIO(document()))
    body = opened.element.body
    begun = [each.get(qn("w:id")) for each in body.iter(qn("w:commentRangeStart"))]
    ended = [each.get(qn("w:id")) for each in body.iter(qn("w:commentRangeEnd"))]
    referred = [each.get(qn("w:id")) for each in body.iter(qn("w:commentReference"))]
    assert begun == ended == referred == [str(comment.comment_id) for comment in opened.comments]
    cited = [each for each in body.iter(qn("w:hyperlink")) if each.get(qn("w:anchor"), "").startswith("_s")]
    assert cited
    for each in cited:
        place = next(each.iterancestors(qn("w:p")))
        row = next(each.iterancestors(qn("w:tr")), place)
        assert list(row.iter(qn("w:commentRangeStart")))


def test_comments_are_there_only_when_they_are_asked_for_and_say_nothing_else_in_the_text() -> None:
    plain = render(guide(), "docx")
    assert told(plain) == []
    assert "word/comments.xml" not in zipfile.ZipFile(BytesIO(plain)).namelist()
    words = [[text.text for text in Document(BytesIO(one)).element.body.iter(qn("w:t"))] for one in (plain, document())]
    assert words[0] == words[1]


def test_the_same_guide_and_answers_give_the_same_bytes() -> None:
    assert render(guide(), "docx", Provenance(guide(), merge("BFA", small_exercise(accepted=True)))) == document()


def test_what_is_confidential_or_not_consented_to_is_in_no_comment() -> None:
    entries = {"source/1/s3_name": "Registre secret des passages", "source/1/s7_content": "Contenu secret aussi"}
    hidden = contribution(POLICE, entries | {"f3_confidential": "sources", "p7_publish": "none"})
    held = merge("BFA", [*small_exercise(accepted=True), hidden])
    made = compile_guide(held, country("BFA"), "fr", NOW)
    with zipfile.ZipFile(BytesIO(render(made, "docx", Provenance(made, held)))) as archive:
        everything = b"".join(archive.read(name) for name in archive.namelist()).decode("utf-8", "replace")
    assert "secret" not in everything
    for voice in held.voices:
        for kept in ("email", "phone", "name"):
            assert getattr(voice, kept) == "" or voice.publication == "full"


def test_an_answer_of_somebody_who_has_the_number_now_is_not_told_of_the_one_who_had_it() -> None:
    turned = merge("BFA", list(reversed(small_exercise(accepted=True))))
    given_later = replace(turned, voices=tuple(replace(one, given_on=NOW) for one in turned.voices))
    without = Provenance(guide(), Dossier("BFA", wording=dossier().wording))
    other = Provenance(guide(), given_later)
    for leaf in lay_out(guide()).leaves:
        for item in leaf.items:
            said = getattr(item, "said", ())
            assert other.told(said) == without.told(said)


def test_hostile_texts_make_a_document_that_opens() -> None:
    original = sample.hostile()
    content = render(original, "docx", Provenance(original))
    assert told(content)
    assert [one for one in statements(read_docx(content, original).guide) if one.text.strip()] == [
        one for one in statements(original) if one.text.strip()
    ]


# ---- theirs ---------------------------------------------------------------------------------------------------------
def test_our_comments_do_not_come_back_as_theirs() -> None:
    found = read()
    assert (found.guide, found.comments) == (guide(), ())


def test_a_comment_finds_the_answer_that_it_is_about() -> None:
    (found,) = read(comment_on(BORDER, "Depuis quand ?")).comments
    ((source, question),) = [(one.sources, one.question) for one in found.about]
    assert (source, question.rpartition("/")[2]) == ((3,), "s18_border")
    assert (found.author, found.text, found.anchor) == (EXPERT, "Depuis quand ?", "border")


def test_a_comment_in_a_table_finds_the_answer_of_its_cell_alone() -> None:
    (found,) = read(comment_on("Montant des transferts", "Quelle année ?")).comments
    assert [one.question.rpartition("/")[2] for one in found.about] == ["s17_need"]


def test_the_answer_is_found_though_the_sentence_was_edited_and_our_comments_were_deleted() -> None:
    def forget(opened: Opened) -> None:
        for name in ("w:commentRangeStart", "w:commentRangeEnd", "w:commentReference"):
            for each in list(opened.element.body.iter(qn(name))):
                each.getparent().remove(each)
        part = opened.part._comments_part.element
        for each in list(part):
            part.remove(each)

    found = read(forget, replaced("sur papier", "à la main"), comment_on("à la main", "Corrigé."))
    assert [(one.text, one.about[0].sources) for one in found.comments] == [("Corrigé.", (3,))]


def test_it_is_found_by_its_words_where_every_anchor_was_deleted() -> None:
    def forget(opened: Opened) -> None:
        for name in ("w:bookmarkStart", "w:bookmarkEnd"):
            for each in list(opened.element.body.iter(qn(name))):
                each.getparent().remove(each)

    found = read(forget, comment_on(BORDER, "Depuis quand ?"))
    assert found.guide == guide()
    assert [one.about[0].sources for one in found.comments] == [(3,)]


def test_it_is_found_in_a_version_without_our_comments_as_well() -> None:
    content = edited(render(guide(), "docx"), comment_on(BORDER, "Depuis quand ?"))  # type: ignore[arg-type]
    (found,) = read_docx(content, guide()).comments
    assert [one.sources for one in found.about] == [(3,)]


def test_a_reply_to_our_comment_is_theirs_and_stands_where_ours_does() -> None:
    """As Word writes it: a comment of its own, tied to ours by paragraph numbers, sometimes without a range."""

    def reply(parts: dict[str, bytes]) -> None:
        w14 = "http://schemas.microsoft.com/office/word/2010/wordml"
        comments = parts["word/comments.xml"].decode()
        start = comments.index("Question S18")
        last = comments.index("<w:p>", comments.index("Source [", start) + 1)
        comments = f'{comments[:last]}<w:p w14:paraId="0A0A0A01">{comments[last + 5 :]}'
        own = (
            f'<w:comment w:id="900" w:author="{EXPERT}" w:initials="E"><w:p w14:paraId="0A0A0A02">'
            "<w:r><w:t>Je confirme.</w:t></w:r></w:p></w:comment></w:comments>"
        )
        parts["word/comments.xml"] = comments.replace("</w:comments>", own).encode()
        assert w14 in comments
        parts["word/commentsExtended.xml"] = (
            b'<w15:commentsEx xmlns:w15="http://schemas.microsoft.com/office/word/2012/wordml">'
            b'<w15:commentEx w15:paraId="0A0A0A01" w15:done="0"/>'
            b'<w15:commentEx w15:paraId="0A0A0A02" w15:paraIdParent="0A0A0A01" w15:done="0"/></w15:commentsEx>'
        )
        kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.commentsExtended+xml"
        parts["[Content_Types].xml"] = parts["[Content_Types].xml"].replace(
            b"</Types>", f'<Override PartName="/word/commentsExtended.xml" ContentType="{kind}"/></Types>'.encode()
        )
        relation = "http://schemas.microsoft.com/office/2011/relationships/commentsExtended"
        parts["word/_rels/document.xml.rels"] = parts["word/_rels/document.xml.rels"].replace(
            b"</Relationships>",
            f'<Relationship Id="rId98" Type="{relation}" Target="commentsExtended.xml"/></Relationships>'.encode(),
        )

    (found,) = read_docx(repacked(document(), reply), guide()).comments
    assert (found.author, found.text, found.anchor) == (EXPERT, "Je confirme.", "border")
    assert [one.sources for one in found.about] == [(3,)]


def test_words_written_behind_our_comment_are_theirs() -> None:
    def write_on(opened: Opened) -> None:
        for comment in opened.comments:
            if "Question S18" in comment.text:
                comment.add_paragraph("Et les sorties ?")

    (found,) = read(write_on).comments
    assert (found.text, found.about[0].sources) == ("Et les sorties ?", (3,))


def test_a_comment_of_ours_that_was_rewritten_is_kept_whole_as_theirs() -> None:
    ours = told(document())[0]
    assert written_behind(ours) == ""
    assert written_behind(ours.replace("Source", "Fausse source")) is None
    assert written_behind(f"{AUTHOR} [Griot-00000000]") is None


def test_a_comment_over_several_paragraphs_is_about_the_answers_of_all() -> None:
    def over(opened: Opened) -> None:
        first = paragraph(opened, "INS – Institut")._p
        last = first.getnext()
        first.insert(1, parse_xml(f'<w:commentRangeStart {nsdecls("w")} w:id="950"/>'))
        last.append(parse_xml(f'<w:commentRangeEnd {nsdecls("w")} w:id="950"/>'))
        last.append(parse_xml(f'<w:r {nsdecls("w")}><w:commentReference w:id="950"/></w:r>'))
        comment = opened.part._comments_part.element
        comment.append(
            parse_xml(
                f'<w:comment {nsdecls("w")} w:id="950" w:author="E"><w:p><w:r><w:t>Les deux.</w:t></w:r></w:p>'
                "</w:comment>"
            )
        )

    (found,) = read(over).comments
    assert [one.sources for one in found.about] == [(2,), (4,)]


def test_a_comment_where_nobody_said_anything_is_about_its_section_alone() -> None:
    heading = next(one.item for one in placed(guide()) if isinstance(one.item, Heading) and one.item.anchor == "border")
    assert isinstance(heading, Heading)

    def comment(opened: Opened) -> None:
        titles = [
            one for one in opened.paragraphs if one.style.name.startswith("Heading") and heading.title in one.text
        ]
        opened.add_comment(titles[0].runs[0], "Titre à revoir.", EXPERT, "E")

    (found,) = read(comment).comments
    assert (found.anchor, found.about) == ("border", ())


@pytest.mark.parametrize("language", ["fr", "en"])
def test_anchors_stay_the_same_from_version_to_version(language: str) -> None:
    from bot.documents.evidence import anchored

    before, after = (anchored(lay_out(replace(guide(language), version=number))) for number in (1, 2))
    assert before == after and all(isinstance(one, Evidence) for held in before.values() for one in held)


def test_a_paragraph_taken_out_takes_its_comment_with_it() -> None:
    found = read(removed("INS – Institut"))
    assert found.comments == ()


def test_in_html_what_was_answered_names_its_question_and_what_we_say_names_none() -> None:
    made = compile_guide(dossier(), country("BFA"), "fr", NOW, outline="published")
    shown = render(made, "html").decode()
    assert re.search(r'<span title="Question S18\u00a0: [^"]+">Les postes notent', shown)
    assert re.search(r'<span title="Question R2\u00a0: [^"]+">Former les agents', shown)
    assert "<span>Cette fiche présente" in shown
    assert "<span title" not in render(replace(made, cover=False), "html").decode()


@pytest.mark.slow
@needs_libreoffice
@pytest.mark.parametrize("way", [("docx",), ("odt", "docx")])
def test_what_libreoffice_saved_comes_back_as_it_was_with_the_comments_of_others(
    tmp_path: Path, way: tuple[str, ...]
) -> None:
    content = edited(document(), comment_on(BORDER, "Depuis quand ? منذ متى"))  # type: ignore[arg-type]
    found = read_docx(saved_as(content, way, tmp_path), guide())
    assert found.guide == guide()
    assert (found.tracked, found.pictures, found.sources_edited) == (False, 0, ())
    ((said, sources),) = [(one.text, one.about[0].sources) for one in found.comments]
    assert (said, sources) == ("Depuis quand ? منذ متى", (3,))


def test_in_word_the_address_of_what_was_read_can_be_followed_from_the_list_of_sources() -> None:
    shown = render(compiled("full", "fr", "2013"), "docx")
    with zipfile.ZipFile(BytesIO(shown)) as file:
        document = file.read("word/document.xml").decode()
    assert document.count(' HYPERLINK "https://ins.example/rapport" ') == 1
    read = read_docx(shown, compiled("full", "fr", "2013"))
    assert read.sources_edited == () and not read.tracked


def test_in_pdf_it_can_be_too() -> None:
    pages = PdfReader(BytesIO(render(compiled("full", "fr", "2013"), "pdf"))).pages
    links = [found.get_object() for page in pages for found in page.get("/Annots", ())]
    assert [link["/A"]["/URI"] for link in links if "/A" in link] == ["https://ins.example/rapport"]
