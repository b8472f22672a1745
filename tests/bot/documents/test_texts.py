"""What a file of a guide says is found, also where only a program would look."""

from __future__ import annotations

import zipfile
from io import BytesIO

import pytest

from bot.documents import render
from bot.documents.texts import NoText, passages_of
from flows.country.passages import plain_text
from flows.country.publication import leaks
from flows.country.searching import words
from flows.country.secrets import Secret
from tests.bot.documents.sample import sample

SECRET = Secret("les registres sont tenus à la main", "answer", "s18_border", "DPF")


def leaking(name: str, content: bytes) -> bool:
    return bool(list(leaks(passages_of({name: content}), [SECRET])))


def with_part(docx: bytes, name: str, content: str) -> bytes:
    made = BytesIO()
    with zipfile.ZipFile(BytesIO(docx)) as old, zipfile.ZipFile(made, "w") as new:
        for each in old.namelist():
            if each != name:
                new.writestr(each, old.read(each))
        new.writestr(name, content)
    return made.getvalue()


@pytest.fixture(scope="module")
def docx() -> bytes:
    return render(sample("fr"), "docx")


@pytest.mark.parametrize("format", ["docx", "html"])
def test_every_statement_of_a_guide_is_read_back_from_its_files(format: str) -> None:
    guide = sample("fr")
    content = render(guide, "docx" if format == "docx" else "html")
    (passage,) = passages_of({f"guide.{format}": content})
    said = f" {' '.join(words(passage.text))} "
    for line in plain_text(guide).splitlines():
        for sentence in line.split(". "):
            assert f" {' '.join(words(sentence))} ".replace("  ", " ") in said, sentence


def test_comments_deletions_and_properties_of_an_edited_document_are_read(docx: bytes) -> None:
    assert not leaking("guide.docx", docx)
    word = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    comment = f"<w:comments {word}><w:p><w:r><w:t>les registres sont te</w:t></w:r><w:r><w:t>nus à la main</w:t></w:r></w:p></w:comments>"  # noqa: E501
    assert leaking("guide.docx", with_part(docx, "word/comments.xml", comment))
    deleted = f"<w:ftr {word}><w:p><w:del><w:r><w:delText>Les registres sont tenus à la main</w:delText></w:r></w:del></w:p></w:ftr>"  # noqa: E501
    assert leaking("guide.docx", with_part(docx, "word/footer9.xml", deleted))
    properties = "<p><title>Les registres sont tenus à la main</title></p>"
    assert leaking("guide.docx", with_part(docx, "docProps/core.xml", properties))


def test_links_and_split_words_of_a_page_are_read() -> None:
    page = "<p>les registres sont te<b>nus</b>\nà la main</p><a href='mailto:awa@ins.example'>ici</a>"
    assert leaking("guide.html", page.encode())
    mail = Secret("awa@ins.example", "email", "p3_email", "INS")
    assert list(leaks(passages_of({"guide.html": page.encode()}), [mail]))
    assert passages_of({"guide.html": b""})[0].text.strip() == ""


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"no archive"])
def test_a_document_that_cannot_be_read_is_said_to_be_so(content: bytes) -> None:
    with pytest.raises(NoText):
        passages_of({"guide.docx": content})


def test_xml_that_expands_is_not_expanded(docx: bytes) -> None:
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><x>&b;</x>'
    with pytest.raises(NoText):
        passages_of({"guide.docx": with_part(docx, "word/comments.xml", bomb)})
