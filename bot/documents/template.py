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
    return [place / name for place in (*_places(_own.folder, country), _own.folder) if _is_file(place / name)]


def every() -> list[Path]:
    """All templates of one's own. Raises `OSError` where the folder cannot be read."""
    if _own.folder is None:
        return []
    next(_own.folder.iterdir(), None)
    found = (
        path for name in NAMES for one in ("", *(one.code for one in countries())) for path in candidates(name, one)
    )
    return list(dict.fromkeys(found))


def strays() -> list[Path]:
    """The Word documents in the folder that no guide will look for: under another name, in a folder of no country."""
    if _own.folder is None:
        return []
    used = set(every())
    return sorted(path for deep in ("*", "*/*") for path in _own.folder.glob(deep) if _is_stray(path, used))


def _is_stray(path: Path, used: set[Path]) -> bool:
    return path.suffix.lower() == ".docx" and not path.name.startswith(("~$", ".")) and path not in used


def _places(folder: Path, country: str) -> list[Path]:
    """The folder of a country's own, whose name may be in small letters."""
    if country not in {one.code for one in countries()}:
        return []
    return [folder / name for name in (country, country.lower()) if _is_folder(folder / name)][:1]


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:
        return False


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError as problem:
        log.warning("template_not_read", path=str(path), reason=problem.strerror)
        return False


def chosen(name: str, country: str = "") -> bytes:
    """The template `name` for a country: the narrowest that can be filled."""
    for path in candidates(name, country):
        from bot.documents.template_styles import mended

        try:
            with path.open("rb") as stream:
                content = stream.read(MOST_BYTES + 1)
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
