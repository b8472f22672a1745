"""How long a guide takes to become a document: `python -m bench.documents` prints a table.

DOCX is compared with bare docxtpl filling the same template with the same text, in turn in one run. PDF is measured on
a guide of thirty pages that the process has not seen before, because Typst keeps what it has laid out.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from importlib.resources import files
from io import BytesIO
from time import perf_counter

from rich.console import Console

from bench.tables import Line, shown
from bot.documents import render
from flows.country.guide import Guide
from tests.bot.documents import sample

ROUNDS = 9
PDF_LIMIT = 0.5  # seconds for thirty pages


def thirty_pages(language: str = "fr") -> Guide:
    """The sample guide with more of the same, thirty pages and a little over."""
    guide = sample.sample(language)
    first, cycle, process, *rest = guide.sections
    return replace(
        guide,
        sections=(
            first,
            cycle,
            process,
            replace(process, anchor="again"),
            replace(cycle, anchor="twice"),
            replace(first, blocks=first.blocks, sections=first.sections[1:], anchor="third"),
            *rest,
        ),
    )


def _milliseconds(work: Callable[[], object]) -> float:
    start = perf_counter()
    work()
    return (perf_counter() - start) * 1000


def docx() -> tuple[float, float]:
    """Milliseconds, best of the rounds: ours, and bare docxtpl."""
    from docxtpl import DocxTemplate

    from bot.documents.docx import context_of, writer_for
    from bot.documents.layout import lay_out

    guide = thirty_pages()
    template = files("templates").joinpath("guide", "guide.docx").read_bytes()
    opened = DocxTemplate(BytesIO(template))
    opened.init_docx()
    pages = lay_out(guide)
    context = context_of(pages, writer_for(pages, opened))

    def bare() -> None:
        document = DocxTemplate(BytesIO(template))
        document.render(context, autoescape=True)
        document.save(BytesIO())

    ours, theirs = [], []
    for _ in range(ROUNDS):
        theirs.append(_milliseconds(bare))
        ours.append(_milliseconds(lambda: render(guide, "docx")))
    return min(ours), min(theirs)


def pdf_once() -> str:
    """Pages, and milliseconds for the first document of this process and for a guide of thirty pages after it."""
    from pypdf import PdfReader

    first = _milliseconds(lambda: render(sample.empty(), "pdf"))
    made: list[bytes] = []
    guide = thirty_pages()
    then = _milliseconds(lambda: made.append(render(guide, "pdf")))
    return f"{len(PdfReader(BytesIO(made[0])).pages)} {first} {then}"


def lines() -> list[Line]:
    """The table: best of the rounds, because other work only adds to it."""
    ours, bare = docx()
    runs = []
    for _ in range(5):
        done = subprocess.run(
            [sys.executable, "-c", "from bench.documents import pdf_once; print(pdf_once())"],
            capture_output=True,
            text=True,
            check=True,
        )
        runs.append([float(part) for part in done.stdout.split()])
    pages = int(runs[0][0])
    first, then = (min(run[place] for run in runs) for place in (1, 2))
    guide = thirty_pages()
    render(guide, "html")
    html = min(_milliseconds(lambda: render(guide, "html")) for _ in range(ROUNDS))
    limit = PDF_LIMIT * 1000 * pages / 30
    return [
        ("what", "ms", "compared with", "ms", "ratio", "aim"),
        ("DOCX", f"{ours:.0f}", "bare docxtpl, same template and text", f"{bare:.0f}", f"{ours / bare:.2f}", "≤ 2"),
        (
            f"PDF, {pages} pages",
            f"{then:.0f}",
            f"{PDF_LIMIT} s for 30 pages",
            f"{limit:.0f}",
            f"{then / limit:.2f}",
            "≤ 1",
        ),
        ("PDF, first of a process", f"{first:.0f}", "", "", "", ""),
        ("HTML", f"{html:.0f}", "DOCX", f"{ours:.0f}", f"{html / ours:.2f}", ""),
    ]


def main() -> None:
    """Print the table."""
    Console().print(shown(lines()))


if __name__ == "__main__":
    main()
