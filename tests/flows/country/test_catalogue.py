from __future__ import annotations

import re
from importlib.resources import files

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po


def catalogue(language: str) -> Catalog:
    with files("flows").joinpath("locales", language, "guide.po").open("rb") as stream:
        return read_po(stream, locale=language)


def sentences(language: str) -> dict[str, tuple[str, ...]]:
    found = {}
    for message in catalogue(language):
        if message.id:
            key = message.id if isinstance(message.id, str) else message.id[0]
            found[key] = (message.string,) if isinstance(message.string, str) else tuple(message.string)
    return found


def test_both_languages_have_the_same_sentences_with_the_same_places_for_values() -> None:
    french, english = sentences("fr"), sentences("en")
    assert set(french) == set(english)
    for key, forms in french.items():
        assert len(forms) == len(english[key])
        for one, other in zip(forms, english[key], strict=True):
            assert set(re.findall(r"\{\w+\}", one)) == set(re.findall(r"\{\w+\}", other)), key


@pytest.mark.parametrize("language", ["fr", "en"])
def test_typography_is_right(language: str) -> None:
    for key, forms in sentences(language).items():
        for text in forms:
            plain = re.sub(r"\{\w+\}", "x", text)
            assert "'" not in plain and '"' not in plain, key
            assert plain == plain.strip() and "  " not in plain, key
            if language == "fr":
                assert not re.search(r"[^\u202f][;?!]|[^\u00a0][:»]|«[^\u00a0]", plain), key
            else:
                assert not re.search(r"\s[:;?!]", plain), key
