from __future__ import annotations

import re
from io import BytesIO
from zipfile import ZipFile

import pytest

from bot.documents import render
from tests.bot.documents.sample import sample

# Where LibreOffice puts them, which was looked at on 26 November 2026.
SEEN = {
    "fr": {"I.1": 4, "II": 13, "III": 15, "IV": 19, "Sources": 21},
    "en": {"I.1": 4, "II": 12, "III": 14, "IV": 18, "Sources": 20},
}


@pytest.mark.parametrize("language", SEEN)
def test_the_contents_of_a_word_file_name_the_pages_that_headings_fall_on_give_or_take_one(language: str) -> None:
    with ZipFile(BytesIO(render(sample(language), "docx"))) as file:
        document = file.read("word/document.xml").decode()
    told = {
        re.sub(r"<[^>]*>", "", entry[1]).partition("\u2002")[0]: int(entry[2])
        for entry in re.finditer(r'w:anchor="_Toc\d+" w:history="1">(.*?)<w:tab/>.*?>(\d+)</w:t>', document)
    }
    assert next(iter(told.values())) == 3  # the contents take one page
    for title, page in SEEN[language].items():
        assert abs(told[title] - page) <= 1, title
