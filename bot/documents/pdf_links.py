"""Links within a PDF that Typst need not know of: from each citation to its source, and back to its first citation.

A link whose end Typst has to find makes it lay out what holds the link once more: hundreds of citations in tables would
double the time of a guide. It writes links to addresses without that. So the template gives a link the name of its end
as address, `Source 3` or `Citation 3`, and here each such address becomes the place where its counterpart stands. What
is written is as long as what was there, so that nothing else in the file moves; the name stays as the description.
"""

from __future__ import annotations

import re

_LINK = re.compile(
    rb"\n(?P<number>\d+) 0 obj\n<</Type/Annot/Subtype/Link/Rect\[[-\d.]+ [-\d.]+ [-\d.]+ (?P<top>[-\d.]+)\][^\n]*?"
    rb"(?P<action>/A<</Type/Action/S/URI/URI\((?P<end>Source|Citation) (?P<source>\d+)\)>>)"
)
_PAGE = re.compile(rb"\n(\d+) 0 obj\n<</Type/Page/[^\n]*?/Annots\[([^\]\n]*)\]")
_OBJECT = re.compile(rb"(\d+) 0 R")
_ABOVE = 12  # points shown above what a link leads to


def linked(pdf: bytes) -> bytes:
    """`pdf` as Typst wrote it, with its named links leading to each other. The same bytes give the same bytes."""
    page_of = {number: page for page, annotations in _PAGE.findall(pdf) for number in _OBJECT.findall(annotations)}
    links = [found for found in _LINK.finditer(pdf) if found["number"] in page_of]
    places: dict[tuple[bytes, bytes], bytes] = {}
    for link in links:
        place = b"/Dest[%s 0 R/XYZ 0 %d 0]" % (page_of[link["number"]], float(link["top"]) + _ABOVE)
        places.setdefault((_OTHER[link["end"]], link["source"]), place)
    written = bytearray(pdf)
    for link in links:
        start, end = link.span("action")
        written[start:end] = places.get((link["end"], link["source"]), b"").ljust(end - start)
    return bytes(written)


_OTHER = {b"Source": b"Citation", b"Citation": b"Source"}
