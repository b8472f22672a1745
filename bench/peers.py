"""PDF by others from what we give them: WeasyPrint from our HTML, LibreOffice from our DOCX: `python -m bench.peers`.

The same guide for all, each in a process of its own (`bench/apart.py`), in turn. WeasyPrint comes into an environment
under a temporary folder; it is no dependency of the project. What cannot be had on this machine is said in the table.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import venv
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from rich.console import Console

from bench.apart import Failed, Run, run
from bench.guides import cases
from bench.tables import Line, shown
from bot.documents import render
from flows.country.guide_json import dump

ROUNDS = 2
PATIENCE = 90  # seconds for WeasyPrint to be installed
_OURS = """
import json
from pathlib import Path
from time import perf_counter
from bot.documents import render
from flows.country.guide_json import load
for place in range({count}):
    began = perf_counter()
    guide = load(json.loads(Path({folder!r}, f"{{place}}.json").read_bytes()))
    Path({folder!r}, f"ours-{{place}}.pdf").write_bytes(render(guide, "pdf"))
    taken = perf_counter() - began
print(taken)
"""
_THEIRS = """
from pathlib import Path
from time import perf_counter
from weasyprint import HTML
for place in range({count}):
    began = perf_counter()
    HTML({folder!r} + f"/{{place}}.html").write_pdf({folder!r} + f"/weasyprint-{{place}}.pdf")
    taken = perf_counter() - began
print(taken)
"""


@dataclass(frozen=True, slots=True)
class Took:
    """Seconds from the start of a process to its end, MiB at most, seconds of a second document in it, pages."""

    whole: float
    peak: float
    later: float | None
    pages: int


Way = Callable[[], tuple[Run, float | None, Path]]


def _pages(path: Path) -> int:
    from pypdf import PdfReader

    return len(PdfReader(BytesIO(path.read_bytes())).pages)


def _python(python: str, code: str, folder: Path, made: str) -> tuple[Run, float | None, Path]:
    one, two = (run([python, "-c", code.format(folder=str(folder), count=count)]) for count in (1, 2))
    return one, float(two.printed), folder / made


def _libreoffice(folder: Path, program: str | None) -> tuple[Run, float | None, Path]:
    if program is None:
        raise Failed("not installed")
    profile = (folder / "profile").as_uri()  # nobody's: the first call makes it
    command = [program, f"-env:UserInstallation={profile}", "--headless", "--convert-to", "pdf"]
    done = run([*command, "--outdir", str(folder), str(folder / "0.docx")])
    made = folder / "0.pdf"
    if not made.exists():
        raise Failed("no PDF came of it")
    return done, None, made


def _installed(folder: Path) -> Path:
    """The Python of an environment that has WeasyPrint. Raises `Failed`."""
    try:
        venv.create(folder, with_pip=True)
        python = folder / ("Scripts" if os.name == "nt" else "bin") / "python"
        command = [str(python), "-m", "pip", "install", "-q", "--disable-pip-version-check", "weasyprint"]
        subprocess.run(command, check=True, capture_output=True, timeout=PATIENCE)
        run([str(python), "-c", "import weasyprint"])
    except (subprocess.SubprocessError, OSError) as problem:
        raise Failed("could not be installed") from problem
    return python


def _least(way: Way, rounds: int = ROUNDS) -> Took:
    taken = [way() for _ in range(rounds)]
    later = [more for _, more, _ in taken if more is not None]
    return Took(
        min(done.wall for done, _, _ in taken),
        min(done.peak for done, _, _ in taken),
        min(later) if later else None,
        _pages(taken[0][2]),
    )


def measured() -> Mapping[str, Took | str]:
    """What each took, or why it could not be had."""
    found: dict[str, Took | str] = {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for place, case in enumerate(cases(2)):
            (folder / f"{place}.json").write_text(json.dumps(dump(case.guide)), encoding="utf-8")
            (folder / f"{place}.html").write_bytes(render(case.guide, "html"))
            (folder / f"{place}.docx").write_bytes(render(case.guide, "docx"))
        found["ours, by Typst"] = _least(lambda: _python(sys.executable, _OURS, folder, "ours-0.pdf"))
        try:
            python = str(_installed(folder / "weasyprint"))
            found["WeasyPrint, from our HTML"] = _least(lambda: _python(python, _THEIRS, folder, "weasyprint-0.pdf"))
        except Failed as problem:
            found["WeasyPrint, from our HTML"] = str(problem)
        office = shutil.which("soffice") or shutil.which("libreoffice")
        for what, rounds in (("LibreOffice, from our DOCX: first call", 1), ("LibreOffice: later calls", ROUNDS)):
            try:
                found[what] = _least(lambda: _libreoffice(folder, office), rounds)
            except Failed as problem:
                found[what] = str(problem)
    return found


def lines() -> list[Line]:
    """The table; ratios to our own."""
    found = measured()
    ours = found["ours, by Typst"]
    assert isinstance(ours, Took)
    head: Line = ("PDF", "pages", "a process, s", "of ours", "another in it, s", "of ours", "peak, MiB", "of ours")
    table = [head]
    for name, took in found.items():
        if isinstance(took, str):
            table.append((name, took, *("" for _ in head[2:])))
            continue
        more, ratio = ("", "")
        if took.later is not None and ours.later is not None:
            more, ratio = f"{took.later:.2f}", f"{took.later / ours.later:.2f}"
        table.append((
            name, str(took.pages), f"{took.whole:.2f}", f"{took.whole / ours.whole:.2f}", more, ratio,
            f"{took.peak:.0f}", f"{took.peak / ours.peak:.2f}",
        ))  # fmt: skip
    return table


if __name__ == "__main__":
    Console().print(shown(lines()))
