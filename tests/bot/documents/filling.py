"""A paper filled as a person fills it in Word: texts typed into content controls, boxes ticked, controls lost."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Collection, Mapping
from io import BytesIO
from typing import Any

from lxml import etree

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
W14 = "{http://schemas.microsoft.com/office/word/2010/wordml}"
_BODY = "word/document.xml"
_KEEP = "{http://www.w3.org/XML/1998/namespace}space"


def fill(content: bytes, texts: Mapping[str, str], ticks: Collection[str] = (), unticks: Collection[str] = ()) -> bytes:
    """The document with `texts` in the controls of these tags, and boxes ticked or no longer; each must be there."""

    def change(root: Any) -> None:
        left = {*texts, *ticks, *unticks}
        for control in root.iter(f"{W}sdt"):
            tag = control.find(f"{W}sdtPr/{W}tag").get(f"{W}val")
            left.discard(tag)
            if tag in texts:
                write(control, texts[tag])
            if tag in ticks or tag in unticks:
                control.find(f".//{W14}checked").set(f"{W14}val", "1" if tag in ticks else "0")
                control.find(f"{W}sdtContent/{W}r/{W}t").text = "\u2612" if tag in ticks else "\u2610"
        assert not left

    return changed(content, change)


def write(control: Any, text: str) -> None:
    """Type into a control, as Word keeps it."""
    placeholder = control.find(f"{W}sdtPr/{W}showingPlcHdr")
    if placeholder is not None:
        placeholder.getparent().remove(placeholder)
    content = control.find(f"{W}sdtContent")
    for one in list(content):
        content.remove(one)
    run = etree.SubElement(content, f"{W}r")
    for number, line in enumerate(text.split("\n")):
        if number:
            etree.SubElement(run, f"{W}br")
        etree.SubElement(run, f"{W}t", {_KEEP: "preserve"}).text = line


def changed(content: bytes, change: Callable[[Any], None]) -> bytes:
    """The document with its body changed."""
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        root = etree.fromstring(old.read(_BODY))
        change(root)
        for name in old.namelist():
            written = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
            new.writestr(name, written if name == _BODY else old.read(name))
    return out.getvalue()


def without_controls(content: bytes) -> bytes:
    """The document as a program keeps it that knows no content controls: their text stays, and bookmarks."""

    def change(root: Any) -> None:
        for control in list(root.iter(f"{W}sdt")):
            parent, inside = control.getparent(), list(control.find(f"{W}sdtContent"))
            place = parent.index(control)
            parent.remove(control)
            for offset, one in enumerate(inside):
                parent.insert(place + offset, one)

    return changed(content, change)


def without_bookmarks(content: bytes) -> bytes:
    """The document without any bookmark."""

    def change(root: Any) -> None:
        for mark in [*root.iter(f"{W}bookmarkStart", f"{W}bookmarkEnd")]:
            mark.getparent().remove(mark)

    return changed(content, change)
