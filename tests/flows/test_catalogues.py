"""Every catalogue, in both languages: the same placeholders, the same typography."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

LOCALES = Path(__file__).parents[2] / "flows" / "locales"
DOMAINS = sorted(path.stem for path in (LOCALES / "en").glob("*.po"))
# A narrow no-break space before ; ? and !, a full one before : and within quotation marks.
WRONG = re.compile("[ \u00a0][;?!](?!=)|[ \u202f][:»]|«[ \u202f]|[a-z]'[a-zé]")


def sentences(language: str, domain: str) -> dict[str, list[str]]:
    with (LOCALES / language / f"{domain}.po").open("rb") as file:
        catalogue = read_po(file)
    found = {}
    for message in catalogue:
        if message.id:
            key = message.id if isinstance(message.id, str) else message.id[0]
            found[key] = [message.string] if isinstance(message.string, str) else list(message.string)
    return found


def values(sentence: str) -> frozenset[str]:
    """The names in braces; doubled braces are braces."""
    return frozenset(re.findall(r"(?<!\{)\{(\w*)\}(?!\})", sentence))


@pytest.mark.parametrize("domain", DOMAINS)
def test_both_languages_say_every_sentence_with_the_same_values(domain: str) -> None:
    french, english = sentences("fr", domain), sentences("en", domain)
    assert french.keys() == english.keys()
    for key, forms in french.items():
        assert {values(form) for form in forms} == {values(form) for form in english[key]}, key


@pytest.mark.parametrize("domain", DOMAINS)
def test_french_is_spaced_as_it_is_printed(domain: str) -> None:
    for key, forms in sentences("fr", domain).items():
        for form in forms:
            assert not WRONG.search(form), (key, form)


@pytest.mark.parametrize("domain", DOMAINS)
def test_nothing_is_exclaimed_and_no_pictures_are_shown(domain: str) -> None:
    for language in ("fr", "en"):
        for key, forms in sentences(language, domain).items():
            for form in forms:
                assert not re.search("!(?!=)|[\u2600-\u27bf\U0001f300-\U0001faff]", form), (language, key)
