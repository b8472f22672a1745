"""What a paper says of itself, so that it is known again when it comes back filled.

It lies in the document's own properties, which every word processor keeps, in pieces that none cuts. It gives nobody a
right: whose interview it names is looked up, and what stood on the paper only tells what was changed since.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from flows.interview.paper.filled import Paper

if TYPE_CHECKING:
    from docx.document import Document

_TYPE = "application/vnd.openxmlformats-officedocument.custom-properties+xml"
_PART = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/custom-properties"
_OWN = "http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"
_VALUES = "http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes"
_FORMAT = "{D5CDD505-2E9C-101B-9397-08002B2CF9AE}"  # what Office gives every custom property
_NAME = "GriotPaper"
_MOST_ROWS = 1_000
_MOST = 400_000  # letters of what is read
_LONGEST = 200  # letters of one property: more are cut by some word processors


def mark(document: Document, paper: Paper) -> None:
    """Write `paper` into the document."""
    from docx.opc.packuri import PackURI
    from docx.opc.part import Part
    from lxml import etree

    package = document.part.package
    known = {
        "form": paper.form_id,
        "version": paper.version,
        "language": paper.language,
        "interview": paper.interview_id,
        "country": paper.country,
        "at": paper.at.isoformat(timespec="seconds"),
        "rows": dict(paper.rows),
        "digests": dict(paper.digests or {}),
    }
    said = json.dumps(known, ensure_ascii=True, sort_keys=True, separators=(",", ":"))
    root = etree.Element(f"{{{_OWN}}}Properties", nsmap=_NAMES)
    pieces = [said[start : start + _LONGEST] for start in range(0, len(said), _LONGEST)]
    for number, piece in enumerate(pieces):
        name = f"{_NAME}{number:03d}"
        made = etree.SubElement(root, f"{{{_OWN}}}property", {"fmtid": _FORMAT, "pid": str(number + 2), "name": name})
        etree.SubElement(made, f"{{{_VALUES}}}lpwstr").text = piece
    written = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    package.relate_to(Part(PackURI("/docProps/custom.xml"), _TYPE, written, package), _PART)


_NAMES: Mapping[Any, str] = {None: _OWN, "vt": _VALUES}


def marked(document: Document) -> Paper | None:
    """What `mark` wrote; None where it is not there, or no longer whole."""
    from lxml import etree

    pieces: dict[str, str] = {}
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    for relation in document.part.package.rels.values():
        if relation.reltype != _PART or relation.is_external:
            continue
        for each in etree.fromstring(relation.target_part.blob, parser):
            name = each.get("name", "")
            if name.startswith(_NAME):
                pieces[name] = "".join(map(str, each.itertext()))
    said = "".join(pieces[name] for name in sorted(pieces))
    if not said or len(said) > _MOST:
        return None
    try:
        return _paper(json.loads(said))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, OverflowError):
        return None


def _paper(known: Mapping[str, Any]) -> Paper:
    at = datetime.fromisoformat(known["at"])
    if at.tzinfo is None:
        raise ValueError(known["at"])
    words = (known["form"], known["version"], known["language"], known["country"])
    if not all(isinstance(word, str) and len(word) <= _LONGEST for word in words):
        raise ValueError("not a paper of ours")
    rows = {str(path): min(max(int(number), 0), _MOST_ROWS) for path, number in known["rows"].items()}
    digests = {str(path): str(one) for path, one in known["digests"].items()}
    return Paper(words[0], words[1], words[2], int(known["interview"]), words[3], at, rows, digests)
