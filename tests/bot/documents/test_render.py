from __future__ import annotations

import re
import unicodedata
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache
from io import BytesIO
from itertools import pairwise, product
from typing import Any

import pytest
from lxml import etree, html

from bot.documents import Format, render
from bot.documents.layout import lay_out
from bot.documents.pages import Entries, Grid, Heading, Pages, Picture, Said, Text, runs
from flows.country.guide import Guide, Paragraph, Section, Statement
from tests.bot.documents import sample
from tests.flows.country.golden_guides import compiled

FORMATS: tuple[Format, ...] = ("docx", "pdf", "html")
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"

GUIDES: dict[str, Callable[[], Guide]] = {
    "french": lambda: sample.sample("fr"),
    "english": lambda: sample.sample("en"),
    "empty": sample.empty,
    "hostile": sample.hostile,
    "published": lambda: compiled("full", "fr", "published"),
    "contradictory": lambda: compiled("contradictory", "en", "2013"),
}


@cache
def pages(name: str) -> Pages:
    return lay_out(GUIDES[name]())


@cache
def file(name: str, format: Format) -> bytes:
    return render(GUIDES[name](), format)


def part(name: str, path: str) -> etree._Element:
    with zipfile.ZipFile(BytesIO(file(name, "docx"))) as archive:
        return etree.fromstring(archive.read(path))


@cache
def docx_text(name: str) -> str:
    with zipfile.ZipFile(BytesIO(file(name, "docx"))) as archive:
        parts = [path for path in archive.namelist() if path.startswith("word/") and not path.endswith(".png")]
        trees = [etree.fromstring(archive.read(path)) for path in parts]
    told = [each.get("descr") for tree in trees for each in tree.iter() if each.get("descr")]
    return "\n".join(["".join(text.text or "" for tree in trees for text in tree.iter(f"{W}t")), *told])


@cache
def pdf(name: str) -> Any:
    from pypdf import PdfReader

    return PdfReader(BytesIO(file(name, "pdf")))


@cache
def pdf_pages(name: str) -> tuple[str, ...]:
    """The text of each page: reading it takes longer than making it."""
    return tuple(page.extract_text() for page in pdf(name).pages)


@cache
def pdf_text(name: str) -> str:
    told = [str(each.get_object()["/Alt"]) for each in _tags(pdf(name).root_object["/StructTreeRoot"])]
    return "\n".join([*pdf_pages(name), *told])


def _tags(root: Any) -> Iterator[Any]:
    """The tags of a PDF that say in words what they hold."""
    waiting = [root]
    while waiting:
        tag = waiting.pop().get_object()
        if isinstance(tag, list):
            waiting += tag
        elif isinstance(tag, dict) and tag.get("/K") is not None:
            if "/Alt" in tag:
                yield tag
            waiting.append(tag["/K"])


@cache
def html_text(name: str) -> str:
    tree = html.fromstring(file(name, "html").decode())
    return str(tree.find("body").text_content())


READERS: dict[Format, Callable[[str], str]] = {"docx": docx_text, "pdf": pdf_text, "html": html_text}


def squeezed(text: str) -> str:
    """Only what a reader reads: no spaces, hyphens, invisible breaks or running lines of a page."""
    return re.sub(r"[\s\u200b\u00ad\u2010\u2011-]+", "", unicodedata.normalize("NFKC", text))


def citation(one: Said) -> str:
    numbers = ", ".join("–".join(map(str, run)) for run in runs(one.sources))
    return f"[{numbers}]" if numbers else ""


def everything(laid: Pages) -> list[str]:
    """Each piece of text that every format must show, in one string per statement."""
    found = [laid.country, laid.title, laid.subtitle, laid.status, laid.compiled, laid.withheld, *laid.labels.values()]
    found = [text for text in found if text not in (laid.labels["skip"], laid.labels["empty"], laid.labels["summary"])]
    if not laid.headings():
        found.remove(laid.labels["contents"])
    for name in ("sources", "page", "of", "table", "figure"):
        found.remove(laid.labels[name])

    def say(one: Said) -> None:
        found.append("".join([one.before, *one.lines, one.after]))
        found.extend((one.remark, citation(one)))

    for heading in laid.headings():
        found.append(f"{heading.number} {heading.title}")
    for leaf in laid.leaves:
        for item in leaf.items:
            match item:
                case Text():
                    for one in item.said:
                        say(one)
                case Entries():
                    for many in item.items:
                        for one in many:
                            say(one)
                case Grid():
                    found.append(f"{item.label} – {item.caption}")
                    found.extend(item.columns)
                    for line in item.lines:
                        for many in line.cells:
                            for one in many:
                                say(one)
                case Picture():
                    found.extend((f"{item.label} – {item.caption}", item.alt))
                case Heading():
                    pass
    for reference in laid.references:
        found.append(f"[{reference.number}] {reference.text}")
    return found


def is_arabic(text: str) -> bool:
    return any(unicodedata.bidirectional(character) == "AL" for character in text)


SAYING = [
    pytest.param(name, format, marks=[pytest.mark.slow] if (name, format) == ("english", "pdf") else [])
    for name, format in product(GUIDES, FORMATS)
]
"""Each guide in each format; another guide in English is read back from its PDF in the quick run too."""


@pytest.mark.parametrize(("name", "format"), SAYING)
def test_every_format_says_all_that_the_guide_says(name: str, format: Format) -> None:
    shown = squeezed(READERS[format](name))
    if format == "pdf":  # running lines stand between the two halves of what crosses a page
        laid = pages(name)
        for running in (laid.title, laid.status):
            shown = shown.replace(squeezed(running), "", shown.count(squeezed(running)))
        shown = re.sub(rf"{laid.labels['page']}\d+{laid.labels['of']}\d+", "", shown)
    # A PDF holds Arabic in the order of its glyphs, and repeats the heads of tables: those are looked at elsewhere.
    missing = [
        text
        for text in everything(pages(name))
        if squeezed(text) not in shown and not (format == "pdf" and (is_arabic(text) or _crosses(text, name)))
    ]
    assert missing == []


def _crosses(text: str, name: str) -> bool:
    """Whether a text is so long, or so like the running lines, that a page's head may stand inside it in a PDF."""
    laid = pages(name)
    return len(text) > 1000 or squeezed(laid.title) in squeezed(text) or text in (laid.title, laid.status)


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("name", ["english", "hostile"])
def test_the_same_guide_gives_the_same_bytes(name: str, format: Format) -> None:
    assert render(GUIDES[name](), format) == file(name, format)


def test_a_long_answer_is_whole_in_the_pdf() -> None:
    shown = squeezed(pdf_text("hostile"))
    for number in range(170):
        assert f"numéro{number}transmet" in shown


def test_arabic_is_marked_and_shown_from_the_right() -> None:
    document = part("hostile", "word/document.xml")
    marked = [run for run in document.iter(f"{W}r") if run.find(f"{W}rPr/{W}rtl") is not None]
    assert "".join(text.text for run in marked for text in run.iter(f"{W}t")).count(sample.ARABIC) == 3
    assert document.find(f".//{W}pPr/{W}bidi") is not None
    tree = html.fromstring(file("hostile", "html").decode())
    assert [span.get("lang") for span in tree.iter("span") if span.get("dir") == "rtl"] == ["ar"] * 3
    shown = pdf_text("hostile")
    assert sum(unicodedata.bidirectional(character) == "AL" for character in shown) >= 3 * 50


def test_a_quotation_keeps_its_language() -> None:
    document = part("french", "word/document.xml")
    quoted = [
        run
        for run in document.iter(f"{W}r")
        if (mark := run.find(f"{W}rPr/{W}lang")) is not None and mark.get(f"{W}val") == "en-GB"
    ]
    assert len(quoted) == 12
    assert part("french", "word/styles.xml").find(f".//{W}docDefaults//{W}lang").get(f"{W}val") == "fr-FR"
    assert part("english", "word/styles.xml").find(f".//{W}docDefaults//{W}lang").get(f"{W}val") == "en-GB"


def test_word_gets_real_styles_captions_headers_and_contents() -> None:
    document = part("french", "word/document.xml")
    used = {style.get(f"{W}val") for style in document.iter(f"{W}pStyle")}
    defined = {style.get(f"{W}styleId") for style in part("french", "word/styles.xml").iter(f"{W}style")}
    assert {"Title", "Subtitle", "Heading1", "Heading2", "Heading3", "BodyText", "Quote", "Caption", "TOC1"} <= used
    assert used <= defined
    fields = [text.text.split()[0] for text in document.iter(f"{W}instrText")]
    assert fields.count("TOC") == 1
    assert fields.count("SEQ") == len(list(document.iter(f"{W}tbl")))
    for table in document.iter(f"{W}tbl"):
        first, *others = table.findall(f"{W}tr")
        assert first.find(f"{W}trPr/{W}tblHeader") is not None
        assert all(row.find(f"{W}trPr/{W}cantSplit") is not None for row in others)
    numbers = _contents("french")
    assert len(numbers) == len([heading for heading in pages("french").headings() if heading.level <= 2])
    assert numbers == sorted(numbers)
    settings = part("french", "word/settings.xml")
    assert settings.find(f"{W}updateFields") is None  # Word would ask an alarming question


def _contents(name: str) -> list[int]:
    """The page numbers of the table of contents of the Word document."""
    found = []
    for paragraph in part(name, "word/document.xml").iter(f"{W}p"):
        style = paragraph.find(f"{W}pPr/{W}pStyle")
        if (
            style is not None
            and str(style.get(f"{W}val")).startswith("TOC")
            and paragraph.find(f"{W}hyperlink") is not None
        ):
            found.append(int([text.text for text in paragraph.iter(f"{W}t")][-1]))
    return found


def test_the_pages_in_the_word_documents_contents_are_nearly_those_of_the_pdf() -> None:
    titles = [squeezed(page) for page in pdf_pages("french")]
    wanted = [heading for heading in pages("french").headings() if heading.level <= 2]
    for heading, number in zip(wanted, _contents("french"), strict=True):
        shown = squeezed(f"{heading.number} {heading.title}")
        there = [page for page, text in enumerate(titles, start=1) if page > 2 and shown in text]
        assert any(abs(page - number) <= 3 for page in there), (heading.title, number, there)


@pytest.mark.parametrize("format", FORMATS)
def test_a_note_stands_on_the_cover_and_at_the_foot_of_every_page(format: Format) -> None:
    from pypdf import PdfReader

    noted = render(replace(sample.empty(), note="Exercice {{ x }} <b>"), format)
    if format == "pdf":
        assert all("Exercice {{ x }} <b>" in page.extract_text() for page in PdfReader(BytesIO(noted)).pages)
    elif format == "html":
        assert html.fromstring(noted.decode()).text_content().count("Exercice {{ x }} <b>") == 3
    else:
        with zipfile.ZipFile(BytesIO(noted)) as archive:
            for number in (1, 2, 3):
                tree = etree.fromstring(archive.read(f"word/footer{number}.xml"))
                assert "Exercice {{ x }} <b>" in "".join(text.text or "" for text in tree.iter(f"{W}t"))


def test_the_list_of_sources_leads_back_to_the_first_citation() -> None:
    tree = html.fromstring(file("french", "html").decode())
    cited = {link.get("href") for link in tree.xpath("//*[@class='number']/a")}
    assert cited and cited <= {f"#{name}" for name in tree.xpath("//@id")}
    document = part("french", "word/document.xml")
    back = {str(link.get(f"{W}anchor")) for link in document.iter(f"{W}hyperlink")}
    assert len([anchor for anchor in back if anchor.startswith("_c")]) == len(cited)


def test_every_link_of_the_word_document_leads_somewhere() -> None:
    for name in GUIDES:
        document = part(name, "word/document.xml")
        marks = [mark.get(f"{W}name") for mark in document.iter(f"{W}bookmarkStart")]
        assert len(marks) == len(set(marks))
        assert {link.get(f"{W}anchor") for link in document.iter(f"{W}hyperlink")} <= set(marks)
        assert all(len(mark or "") <= 40 for mark in marks)


def test_wide_tables_lie_on_landscape_pages_between_portrait_ones() -> None:
    document = part("french", "word/document.xml")
    turns = [size.get(f"{W}orient") for size in document.iter(f"{W}pgSz")]
    assert turns == [None, None, "landscape", None]


def test_numbered_lists_start_again() -> None:
    numbers = [number.get(f"{W}val") for number in part("french", "word/document.xml").iter(f"{W}numId")]
    assert len(set(numbers)) == 5
    numbering = part("french", "word/numbering.xml")
    assert {each.get(f"{W}numId") for each in numbering.findall(f"{W}num")} >= set(numbers)


@pytest.mark.parametrize("name", ["french", "contradictory", pytest.param("english", marks=pytest.mark.slow)])
def test_the_draft_status_is_on_every_page(name: str) -> None:
    status = squeezed(pages(name).status)
    assert all(status in squeezed(page) for page in pdf_pages(name))
    footers = ["".join(text.text or "" for text in part(name, f"word/footer{n}.xml").iter(f"{W}t")) for n in (1, 2, 3)]
    assert all(pages(name).status in footer for footer in footers)


def test_files_carry_title_and_language_and_nobodys_name() -> None:
    from docx import Document
    from pypdf import PdfReader

    properties = Document(BytesIO(file("french", "docx"))).core_properties
    assert (properties.title, properties.language) == (pages("french").title, "fr-FR")
    assert (properties.author, properties.last_modified_by) == ("", "")
    reader = PdfReader(BytesIO(file("french", "pdf")))
    assert reader.metadata is not None
    assert reader.metadata.title == pages("french").title
    assert reader.metadata.author in (None, "")
    assert reader.root_object["/Lang"] == "fr"
    assert reader.root_object["/MarkInfo"]["/Marked"]
    assert len(reader.outline) >= 7


def test_an_address_can_be_followed_and_nothing_else_can() -> None:
    said = "Voir https://ins.example/a?b=1&c=2. Ou javascript:alert(1), data:text/html,x, HTTPS://A.B, https://<b>x"
    blocks = (Paragraph((Statement(said),)),)
    shown = replace(sample.empty(), sections=(Section("s", "I", "Titre", blocks),))
    tree = html.fromstring(render(shown, "html").decode())
    assert tree.xpath("//a[@class='address']/@href") == ["https://ins.example/a?b=1&c=2"]
    assert tree.xpath("//a[@class='address']/@rel") == ["noopener noreferrer"]
    assert said in tree.text_content()


def test_html_asks_nothing_of_the_network_and_can_be_walked_by_a_screen_reader() -> None:
    for name in GUIDES:
        text = file(name, "html").decode()
        tree = html.fromstring(text)
        assert not tree.xpath("//script | //link | //img | //iframe | //*[@src] | //*[@onclick]")
        assert "url(" not in text and "@import" not in text
        assert set(re.findall(r"[\w:]*href", text)) <= {"href"}
        assert tree.get("lang") == pages(name).language
        assert tree.xpath("//body/*[1]")[0].get("href") == "#content"
        ids = tree.xpath("//@id")
        assert len(ids) == len(set(ids))
        within = tree.xpath("//a[not(@class='address')]/@href")
        assert {link[1:] for link in within} <= set(ids) and all(link.startswith("#") for link in within)
        for table in tree.iter("table"):
            assert table.find("caption") is not None
            assert all(head.get("scope") for head in table.iter("th"))
        levels = [int(heading.tag[1]) for heading in tree.xpath("//h1|//h2|//h3|//h4|//h5")]
        assert levels.count(1) == 1
        assert name == "hostile" or all(after - before <= 1 for before, after in pairwise(levels))


def test_answers_cannot_inject_markup() -> None:
    tree = html.fromstring(file("hostile", "html").decode())
    assert not tree.xpath("//script")
    assert squeezed(sample.MARKUP) in squeezed(html_text("hostile"))
    assert squeezed(sample.MARKUP) in squeezed(docx_text("hostile"))


def test_overrides_and_control_characters_are_left_out() -> None:
    for format in FORMATS:  # the end marks U+202C and U+2069 are the PDF reader's own
        shown = READERS[format]("hostile")
        assert not re.search(r"[\x00-\x08\x0b\x0e-\x1f\u202a\u202b\u202d\u202e\u2066\ufffe\ud800-\udfff]", shown)
