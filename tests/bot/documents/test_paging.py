from __future__ import annotations

import re
from io import BytesIO
from zipfile import ZipFile

import pytest

from bot.documents import render
from flows.country.outlines import Outline
from tests.flows.country.golden_guides import compiled

# Where LibreOffice puts them, which was looked at on 26 November 2026.
SEEN = {
    ("full", "fr", "published"): {"Avant-propos": 3, "Fiche 1": 7, "Fiche 3": 14, "Fiche 4": 17, "Sources": 22},
    ("contradictory", "en", "published"): {"Summary": 3, "Section 1": 6, "2.3": 11, "Section 4": 14, "Sources": 18},
    ("sparse", "en", "2013"): {"Summary": 3, "I": 3, "II": 5, "Glossary": 8, "Sources": 10},
}  # fmt: skip


@pytest.mark.parametrize(("name", "language", "outline"), SEEN)
def test_the_contents_of_a_word_file_name_the_pages_that_headings_fall_on_give_or_take_one(
    name: str, language: str, outline: Outline
) -> None:
    with ZipFile(BytesIO(render(compiled(name, language, outline), "docx"))) as file:
        document = file.read("word/document.xml").decode()
    entries = re.findall(r'w:anchor="_Toc\d+".*?<w:t[^>]*>([^<]*)</w:t>.*?"separate"/></w:r><w:r><w:t[^>]*>(\d+)<', document)  # fmt: skip # noqa: E501
    told = {title.partition("\u2002")[0]: int(page) for title, page in entries}
    for title, page in SEEN[name, language, outline].items():
        assert abs(told[title] - page) <= 1, title
    assert told[next(iter(told))] == 3  # the contents take one page
