"""The dialogue's map as a folder: data that a program reads, pages that a person does, and only what is public."""

from __future__ import annotations

import hashlib
import json
import re
from datetime import date
from html.parser import HTMLParser

import pytest

from bot.documents.imap import GEOJSON, PAGES, imap
from flows.country.alignment import published
from flows.country.imap import Place, Released, counted, links
from flows.country.merging import merge
from flows.knowledge import countries
from tests.flows.country import briefs

FILES = [
    ("sources-CPV-v2-fr.xlsx", "fr", "xlsx"),
    ("guide-CPV-v2-fr.pdf", "fr", "pdf"),
    ("guide-CPV-v2-fr.html", "fr", "html"),
]
RELEASED = Released(2, date(2027, 2, 20), links("guide-CPV-v2", FILES, ""), 24, 12, 3)
SOME = (Place("CPV", RELEASED), Place("GHA"), Place("MLT"))
VOID = {"meta", "br", "rect", "path", "circle", "link"}


class _Read(HTMLParser):
    """Every address of a page, its ids, and whether its elements are closed in order."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.hrefs: list[str] = []
        self.ids: list[str] = []
        self.loaded: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in VOID:
            self.open.append(tag)
        known = dict(attrs)
        self.hrefs += [known["href"] or ""] if "href" in known else []
        self.ids += [known["id"] or ""] if "id" in known else []
        self.loaded += [name for name in ("src", "srcset", "xlink:href", "action") if name in known]

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self.open.pop() == tag


def read(page: bytes) -> _Read:
    found = _Read()
    found.feed(page.decode())
    assert found.open == []
    return found


def test_the_data_are_geojson_with_codes_names_phase_counts_and_links() -> None:
    made = json.loads(imap(SOME)[GEOJSON])
    assert made["type"] == "FeatureCollection"
    first, second, third = made["features"]
    assert first["properties"] == {
        "iso_a3": "CPV", "iso_a2": "CV", "name_fr": "Cabo Verde", "name_en": "Cabo Verde",
        "phase": "published", "phase_fr": "Guide publié", "phase_en": "Guide published",
        "version": 2, "published_on": "2027-02-20",
        "counts": {"sources": 24, "recommendations": 12, "practices": 3},
        "links": [
            {"language": "fr", "format": "html", "href": "../guide-CPV-v2/guide-CPV-v2-fr.html"},
            {"language": "fr", "format": "pdf", "href": "../guide-CPV-v2/guide-CPV-v2-fr.pdf"},
            {"language": "fr", "format": "xlsx", "href": "../guide-CPV-v2/sources-CPV-v2-fr.xlsx"},
        ],
    }  # fmt: skip
    assert set(second["properties"]) == set(third["properties"])
    assert set(second["properties"]) == {"iso_a3", "iso_a2", "name_fr", "name_en", "phase", "phase_fr", "phase_en"}
    assert all(one["geometry"]["type"] == "MultiPolygon" for one in made["features"])


@pytest.mark.parametrize("language", ["fr", "en"])
def test_each_page_needs_nothing_else_and_says_in_a_table_what_the_map_shows(language: str) -> None:
    parts = imap(SOME)
    page = parts[PAGES[language]]
    found = read(page)
    assert found.loaded == []
    assert b"<script" not in page
    assert not [one for one in found.hrefs if one.startswith(("http", "//"))]
    assert {one.removeprefix("#") for one in found.hrefs if one.startswith("#")} <= set(found.ids)
    assert {"CPV", "GHA", "MLT", "countries"} <= set(found.ids)
    for one in found.hrefs:
        assert one.startswith(("#", "../guide-CPV-v2/")) or one in parts
    for name in ("Cabo Verde", "Ghana", "Malt"):
        assert name in page.decode()
    assert len(page) < 300_000


def test_the_folder_is_the_same_in_whatever_order_countries_come_and_its_checksums_hold() -> None:
    parts = imap(SOME)
    assert parts == imap(tuple(reversed(SOME)))
    for line in parts["SHA256SUMS"].decode().splitlines():
        digest, name = line.split("  ")
        assert hashlib.sha256(parts[name]).hexdigest() == digest


def test_with_nobody_and_with_everybody() -> None:
    assert json.loads(imap(())[GEOJSON])["features"] == []
    assert "Aucun pays ne participe encore" in imap(())["index.html"].decode()
    every = imap([Place(one.code) for one in countries()])
    assert len(json.loads(every[GEOJSON])["features"]) == 57
    rows = re.findall(r'<tr id="(\w{3})">', every["index.en.html"].decode())
    assert len(rows) == 57
    assert "Aucun guide n’est encore publié sur cette carte." in every["index.html"].decode()


def test_guides_that_stand_elsewhere_are_led_to_there() -> None:
    (first, *_) = links("guide-CPV-v2", FILES, "https://example.org/guides/")
    assert first.href == "https://example.org/guides/guide-CPV-v2/guide-CPV-v2-fr.html"


def test_only_what_the_published_guide_prints_is_counted() -> None:
    one = briefs.published_one()
    assert one.dossier is not None
    assert counted(one.dossier, frozenset()) == (0, 0, 0)
    sources, recommendations, practices = counted(one.dossier, one.printed)
    assert (sources, recommendations, practices) == (3, 5, 1)
    assert len(published(one.dossier, one.printed)) == 6
    kept = merge("BFA", [])
    assert counted(kept, one.printed) == (0, 0, 0)
