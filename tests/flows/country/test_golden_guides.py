from __future__ import annotations

from collections import Counter

import pytest

from flows.country.outlines import Outline
from flows.country.walking import sections, statements
from tests.flows.country.golden_guides import DOSSIERS, compiled, every, path, shown


@pytest.mark.parametrize(("name", "language", "outline"), list(every()))
def test_a_guide_says_what_it_said(name: str, language: str, outline: Outline) -> None:
    assert shown(compiled(name, language, outline)) == path(name, language, outline).read_text("utf-8")


@pytest.mark.parametrize("name", DOSSIERS)
def test_languages_and_outlines_differ_in_words_and_order_alone(name: str) -> None:
    guides = [compiled(name, language, outline) for _, language, outline in every() if _ == name]
    cited = [Counter(one.sources for one in statements(guide) if one.sources) for guide in guides]
    assert all(one == cited[0] for one in cited)
    anchors = [{section.anchor for section in sections(guide)} - {"introduction", "context"} for guide in guides]
    assert all(one == anchors[0] for one in anchors)
