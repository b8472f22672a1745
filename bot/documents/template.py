"""Which templates a guide is dressed in: those that are shipped, or what stands in their place.

A folder of one's own holds `guide.docx` and `short.docx` for all, and the same in a folder called by a country's code
for that country alone: `BFA/guide.docx`. What cannot be filled is passed over for the next in that order, with a line
in the log; `griot template check` and `griot doctor` say what is wrong with it. See `docs/decisions/templates.md`.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from pathlib import Path

import structlog

from flows.country.ledger import digest
from flows.knowledge import countries

NAMES = ("guide.docx", "short.docx")
"""The templates that others can be put in place of."""
MOST_BYTES = 20_000_000
_FOLDERS = ("guide", "fonts")

log = structlog.get_logger("templates")


@dataclass(slots=True)
class _Own:
    folder: Path | None = None


_own = _Own()


def use(folder: Path | None) -> None:
    """Look for templates in `folder` from now on, before those that are shipped."""
    _own.folder = folder


def candidates(name: str, country: str = "") -> list[Path]:
    """The files that may stand in place of the shipped template `name`, those that there are, the narrowest first."""
    if _own.folder is None or name not in NAMES:
        return []
    places = [_own.folder / country, _own.folder] if country in {one.code for one in countries()} else [_own.folder]
    return [place / name for place in places if (place / name).is_file()]


def every() -> list[Path]:
    """All templates of one's own."""
    return [path for name in NAMES for code in ("", *(one.code for one in countries())) for path in _of(name, code)]


def _of(name: str, country: str) -> list[Path]:
    found = candidates(name, country)
    return [path for path in found if (path.parent.name == country if country else path.parent == _own.folder)]


def chosen(name: str, country: str = "") -> bytes:
    """The template `name` for a country: the narrowest that can be filled."""
    for path in candidates(name, country):
        from bot.documents.template_styles import mended

        try:
            content = path.read_bytes()[: MOST_BYTES + 1]
        except OSError as problem:
            log.warning("template_not_read", path=str(path), reason=problem.strerror)
            continue
        if _is_fit(content, name):
            return mended(content)
        log.warning("template_passed_over", path=str(path), see="griot template check")
    return files("templates").joinpath("guide", name).read_bytes()


@lru_cache(maxsize=64)
def _is_fit(content: bytes, name: str) -> bool:
    from bot.documents.template_check import faults

    return not faults(content, name)


def template_version(country: str = "") -> str:
    """SHA-256 over the names and contents of all files in `templates/guide` and `templates/fonts`, and of what stands
    in their place for a country."""
    found = dict(_shipped())
    for name in NAMES:
        if candidates(name, country):
            found[f"guide/{name}"] = hashlib.sha256(chosen(name, country)).hexdigest()
    return digest(found)


@cache
def _shipped() -> dict[str, str]:
    return {
        f"{folder}/{file.name}": hashlib.sha256(file.read_bytes()).hexdigest()
        for folder in _FOLDERS
        for file in files("templates").joinpath(folder).iterdir()
        if file.is_file()
    }
