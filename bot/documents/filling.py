"""A Word template filled by docxtpl, but for the pages themselves, which are put in when it is done.

docxtpl looks through every paragraph of what it filled for line ends and tabs that people wrote. The pages are written
as whole paragraphs already (`bot/documents/wordml.py`) and are nearly all of a document: that look takes a quarter of
the time of a guide, and finds nothing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from docxtpl import DocxTemplate  # type: ignore[import-untyped]

_PAGES = ("contents", "body", "sources")
_PLACE = re.compile("\0([a-z]+)\0")  # no text that is printed holds a NUL


class Filled(DocxTemplate):  # type: ignore[misc]
    """A template to be rendered as any other of docxtpl; `contents`, `body` and `sources` are whole paragraphs."""

    def build_xml(self, context: Mapping[str, Any], jinja_env: Any = None) -> str:
        """The XML of the document's body, filled."""
        from markupsafe import Markup

        pages = {name: str(context[name]) for name in _PAGES if context.get(name)}
        places = {name: Markup(f"\0{name}\0") for name in pages}  # noqa: S704 - our own names
        xml: str = super().build_xml({**context, **places}, jinja_env)
        return _PLACE.sub(lambda place: pages[place[1]], xml)
