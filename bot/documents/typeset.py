"""Typst at work: a template and its values → PDF, with the fonts of `templates/fonts/` and no others.

The same template, values and moment give the same bytes.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from importlib.resources import as_file, files
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import typst

_STANDARDS: tuple[Any, ...] = (("a-2a", "ua-1"), ("ua-1",), ())  # the first that a document fits
_LONG = 50_000  # characters of values, about eight pages
_REMEMBERED = 11  # documents after which Typst frees what none of them used


def pdf(template: tuple[str, ...], name: str, values: Mapping[str, Any], at: datetime) -> bytes:
    """A PDF made at `at` from the template at that path under `templates/`, which reads `values` as its input `name`.

    After as many of the standards as its texts allow: what people wrote is never refused because a letter of it has no
    meaning that a standard knows.
    """
    import typst

    data = json.dumps(values, ensure_ascii=False)
    with as_file(files("templates").joinpath(*template)) as path:
        for standards in _STANDARDS:
            try:
                made: bytes = typst.compile(
                    str(path),
                    root=str(path.parent),
                    font_paths=fonts(),
                    sys_inputs={name: data},
                    timestamp=int(at.timestamp()),
                    format="pdf",
                    pdf_standards=list(standards),
                )
            except typst.TypstError:
                if standards is _STANDARDS[-1]:
                    raise
            else:
                break
    if len(data) > _LONG:
        _forget()
    return made


def _forget() -> None:
    """Have Typst free what it laid out. It keeps it for its next documents, 80 MB for thirty pages; but a guide that
    has changed in one word gains nothing by it."""
    import typst

    for _ in range(_REMEMBERED):
        typst.compile(b"", font_paths=fonts())


@cache
def fonts() -> typst.Fonts:
    """The fonts of `templates/fonts/`, and no others."""
    import typst

    with as_file(files("templates").joinpath("fonts")) as folder:
        return typst.Fonts(include_system_fonts=False, font_paths=[str(folder)])
