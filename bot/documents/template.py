"""Which templates a guide is dressed in: one digest of all of them."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.resources import files

from flows.country.ledger import digest

_FOLDERS = ("guide", "fonts")


@cache
def template_version() -> str:
    """SHA-256 over the names and contents of all files in `templates/guide` and `templates/fonts`."""
    found = {
        f"{folder}/{file.name}": hashlib.sha256(file.read_bytes()).hexdigest()
        for folder in _FOLDERS
        for file in files("templates").joinpath(folder).iterdir()
        if file.is_file()
    }
    return digest(found)
