"""What a Word document of a guide says about itself, so that it is known again when it comes back edited."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flows.country.canonical import content_hash
from flows.country.guide import Guide

if TYPE_CHECKING:
    from docx.document import Document

_LONGEST = 40  # letters of a bookmark's name
_PREFIX = "_g_"  # of a hidden bookmark
_TYPE = "application/vnd.openxmlformats-officedocument.custom-properties+xml"
_PART = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/custom-properties"
_OWN = "http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"
_VALUES = "http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes"
_FORMAT = "{D5CDD505-2E9C-101B-9397-08002B2CF9AE}"  # what Office gives every custom property


@dataclass(frozen=True, slots=True)
class Identity:
    """Which guide a document is of. `content`: the hash of what it said when it was made."""

    country: str
    language: str
    version: int
    content: str


def identity_of(guide: Guide) -> Identity:
    """What is written into the Word document of `guide`."""
    return Identity(guide.country, guide.language, guide.version, content_hash(guide))


def bookmark(anchor: str) -> str:
    """The bookmark of the section with this anchor of a page: `_g_table_of_stages`."""
    name = _PREFIX + anchor.replace("-", "_")
    if len(name) <= _LONGEST:
        return name
    return f"{name[: _LONGEST - 9]}_{hashlib.sha256(anchor.encode()).hexdigest()[:8]}"


def mark(document: Document, identity: Identity) -> None:
    """Write `identity` into the document's own properties, beside those that its template has."""
    from docx.opc.packuri import PackURI
    from docx.opc.part import Part
    from lxml import etree

    package = document.part.package
    found = [relation for relation in package.rels.values() if relation.reltype == _PART]
    root = _parsed(found[0].target_part.blob) if found else etree.Element(f"{{{_OWN}}}Properties", nsmap=_NAMES)
    values = {
        "GriotCountry": identity.country,
        "GriotLanguage": identity.language,
        "GriotVersion": str(identity.version),
        "GriotContent": identity.content,
    }
    for each in list(root):
        if each.get("name") in values:
            root.remove(each)
    last = max((int(each.get("pid", "1")) for each in root), default=1)
    for number, (name, value) in enumerate(values.items(), start=last + 1):
        made = etree.SubElement(root, f"{{{_OWN}}}property", {"fmtid": _FORMAT, "pid": str(number), "name": name})
        etree.SubElement(made, f"{{{_VALUES}}}lpwstr").text = value
    written = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    if found:
        found[0].target_part._blob = written
    else:
        package.relate_to(Part(PackURI("/docProps/custom.xml"), _TYPE, written, package), _PART)


_NAMES: Mapping[Any, str] = {None: _OWN, "vt": _VALUES}


def marked(document: Document) -> Identity | None:
    """What `mark` wrote; none where it is not there, or no longer whole. Raises `XMLSyntaxError` where the part that it
    lies in is broken: see `opening.careful`."""
    values: dict[str, str] = {}
    for relation in document.part.package.rels.values():
        if relation.reltype == _PART and not relation.is_external:
            for each in _parsed(relation.target_part.blob):
                values[each.get("name", "")] = "".join(each.itertext()).strip()
    try:
        return Identity(
            values["GriotCountry"], values["GriotLanguage"], int(values["GriotVersion"]), values["GriotContent"]
        )
    except (KeyError, ValueError):
        return None


def _parsed(written: bytes) -> Any:
    from lxml import etree

    return etree.fromstring(written, etree.XMLParser(resolve_entities=False, no_network=True))
