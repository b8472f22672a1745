"""Pages as browsers and screen readers meet them: valid, with nothing that axe finds, no wider than a phone."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from bot.documents import render
from bot.documents.imap import imap
from flows.country.draft import compile_guide
from flows.knowledge import country
from tests import browser
from tests.bot.documents import sample
from tests.bot.documents.test_imap import SOME
from tests.flows.country.golden_guides import NOW, compiled, full

pytestmark = [pytest.mark.slow, pytest.mark.skipif(bool(browser.missing()), reason=browser.missing() or "-")]

PAGES: dict[str, Callable[[], bytes]] = {
    "full": lambda: render(compiled("full", "fr", "2013"), "html"),
    "published": lambda: render(compiled("full", "en", "published"), "html"),
    "extended": lambda: render(compile_guide(full(), country("BFA"), "en", NOW, extent="extended"), "html"),
    "sparse": lambda: render(compiled("sparse", "en", "2013"), "html"),
    "contradictory": lambda: render(compiled("contradictory", "fr", "published"), "html"),
    "hostile": lambda: render(sample.hostile(), "html"),
    "empty": lambda: render(sample.empty(), "html"),
    "map": lambda: imap(SOME)["index.html"],
}


@cache
def page(name: str) -> str:
    return PAGES[name]().decode()


def test_the_nu_html_checker_has_nothing_against_them(tmp_path: Path) -> None:
    paths = [tmp_path / f"{name}.html" for name in PAGES]
    for path in paths:
        path.write_text(page(path.stem), "utf-8")
    assert browser.errors(*paths) == []


@pytest.mark.parametrize(("name", "width"), [*((name, 360) for name in PAGES), ("full", 1200), ("map", 1200)])
def test_axe_finds_nothing_and_nothing_is_wider_than_the_screen(name: str, width: int, tmp_path: Path) -> None:
    seen = browser.looked_at(page(name), width, tmp_path)
    assert seen["violations"] == []
    assert seen["wide"] <= seen["width"] == width
