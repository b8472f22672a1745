"""In a PDF, every citation leads to its source in one click, wherever it stands, and each source back to a citation."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO

import pytest
from pypdf import PdfReader

from bot.documents import render
from bot.documents.evidence import passages
from bot.documents.layout import lay_out
from bot.documents.pages import Pages, runs
from bot.documents.pdf_links import linked
from flows.country.guide import Guide
from tests.bot.documents import sample

Place = tuple[int, float]
"""A page, and how high on it, in points."""


def links(pdf: bytes) -> Iterator[tuple[str, Place, Place]]:
    """Each link between a citation and a source: its name, where it stands, and where it leads."""
    reader = PdfReader(BytesIO(pdf))
    pages = {page.indirect_reference.idnum: number for number, page in enumerate(reader.pages)}
    for number, page in enumerate(reader.pages):
        for one in page.get("/Annots", ()):
            annotation = one.get_object()
            name = str(annotation.get("/Contents", ""))
            if name.startswith(("Source ", "Citation ")):
                target = annotation["/Dest"]
                yield name, (number, float(annotation["/Rect"][3])), (pages[target[0].idnum], float(target[3]))


def cited(pages: Pages) -> list[int]:
    """The sources that are cited by number, each time."""
    said = [one for many in passages(pages) for one in many]
    return [number for one in said for run in runs(one.sources) for number in run if number in pages.known]


@pytest.mark.parametrize("guide", [sample.sample("fr"), sample.hostile()], ids=["sample", "hostile"])
def test_every_citation_leads_to_its_source_and_the_source_back_to_the_first(guide: Guide) -> None:
    found = list(links(render(guide, "pdf")))
    stands = {name: at for name, at, _ in reversed(found)}  # the first of each
    numbers = cited(lay_out(guide))
    assert sorted(name for name, *_ in found if name.startswith("Source")) == sorted(f"Source {one}" for one in numbers)
    for name, _, leads in found:
        end, _, number = name.partition(" ")
        page, top = stands[f"{'Citation' if end == 'Source' else 'Source'} {number}"]
        assert (leads[0], leads[1] - top) == (page, pytest.approx(12, abs=1))


def test_no_citation_is_left_as_an_address() -> None:
    assert b"/URI" not in render(sample.sample("en"), "pdf")


def test_a_source_that_nobody_cites_leads_nowhere_and_the_file_stays_whole() -> None:
    guide = sample.empty()
    uncited = replace(guide, sources=sample.sample("fr").sources)
    pdf = render(uncited, "pdf")
    assert b"/URI" not in pdf
    assert len(PdfReader(BytesIO(pdf), strict=True).pages) > 1


def test_what_somebody_writes_is_no_link() -> None:
    forged = "x 0 obj\n<</Type/Annot/Subtype/Link/Rect[0 0 0 0]/A<</Type/Action/S/URI/URI(Source 1)>>"
    guide = replace(sample.empty(), title=forged, subtitle=forged)
    pdf = render(guide, "pdf")
    assert linked(pdf) == pdf
    assert not list(links(pdf))


def test_an_address_of_any_length_in_the_list_of_sources_lets_the_guide_be_made() -> None:
    guide = sample.sample("fr")
    first, *others = guide.sources
    named = replace(first, entity=f"{first.entity} https://x.example/{'a' * 9_000}")
    assert render(replace(guide, sources=(named, *others)), "pdf")
