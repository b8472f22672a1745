"""Every refusal and note has its sentence, in French and in English, with the same placeholders."""

from __future__ import annotations

import re
from importlib.resources import files

import pytest
from babel.messages.pofile import read_po


def sentences(domain: str, language: str) -> dict[str, str]:
    with files("flows").joinpath("locales", language, f"{domain}.po").open("rb") as stream:
        return {str(message.id): str(message.string) for message in read_po(stream) if message.id}


def source(*parts: str) -> str:
    folder = files("flows").joinpath(*parts)
    pages = [folder] if folder.is_file() else [page for page in folder.iterdir() if page.name.endswith(".py")]
    return "\n".join(page.read_text(encoding="utf-8") for page in pages)


@pytest.mark.parametrize("domain", ["replies", "forms"])
def test_french_and_english_say_the_same_with_the_same_values(domain: str) -> None:
    french, english = sentences(domain, "fr"), sentences(domain, "en")
    assert french.keys() == english.keys()
    for name in french:
        places = [set(re.findall(r"(?<!\{)\{(\w+)\}", text[name])) for text in (french, english)]
        assert places[0] == places[1], name


def test_every_reason_of_a_refusal_has_a_sentence() -> None:
    code = source("interview", "replies")
    reasons = set(re.findall(r'(?:Refusal|Note)\(\s*"(\w+)"', code))
    reasons |= set(re.findall(r'"((?:file|place|date|time|number|integer|phone|url|choice)_\w+)"', code))
    assert reasons <= sentences("replies", "fr").keys()


def test_every_kind_of_problem_has_a_sentence() -> None:
    code = source("interview", "inspect") + source("interview", "xlsform.py")
    kinds = set(re.findall(r'Problem\(\s*"(?:error|warning|note)",\s*"(\w+)"', code))
    kinds |= set(re.findall(r'FormProblem\(\s*"(\w+)"', code))
    kinds |= set(re.findall(r'^    \(r".*", "(\w+)", "\w*"\),$', code, re.MULTILINE))
    assert len(kinds) > 50
    assert kinds <= sentences("forms", "fr").keys()


@pytest.mark.parametrize("domain", ["replies", "forms"])
def test_french_typography_is_kept(domain: str) -> None:
    for name, sentence in sentences(domain, "fr").items():
        assert "'" not in sentence.replace("''", ""), name
        assert not re.search(r"\w [:;?!»]|« \w", sentence), name
