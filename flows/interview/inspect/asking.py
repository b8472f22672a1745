"""What a chat cannot ask, or asks otherwise than a phone application does."""

from __future__ import annotations

from collections.abc import Iterator

from flows.interview.inspect.document import ODK, XFORMS, Control, Document
from flows.interview.inspect.problems import Problem

DEEPEST = 6
_DRAWN = frozenset({"signature", "draw", "annotate"})
_SENSORS = frozenset({"bearing", "image-map"})


def check_asking(document: Document) -> Iterator[Problem]:
    """Everything of the form that this program leaves out or replaces, and what it does instead."""
    for control in document.controls:
        if control.tag not in ("group", "repeat"):
            yield from _control(control, document.binds.get(control.path, {}).get("type", ""))
        elif control.depth == DEEPEST and control.tag == "group":
            yield Problem("warning", "deep", {"most": str(DEEPEST)}, control.path)
    yield from _instances(document)
    yield from _actions(document)
    for path in document.order:
        if path.endswith("/meta/audit"):
            yield Problem("warning", "audit", {}, path)
        elif path.endswith("/meta/entity"):
            yield Problem("warning", "entities", {}, path)


def _control(control: Control, type_: str) -> Iterator[Problem]:
    path = control.path
    type_ = type_.rpartition(":")[2]
    if type_ in ("geotrace", "geoshape"):
        yield Problem("warning", f"{type_}_typed", {}, path, column="type")
    elif type_ == "barcode":
        yield Problem("warning", "barcode_typed", {}, path, column="type")
    for word in sorted(control.appearance):
        name = word.lower()
        if name in _DRAWN:
            yield Problem("warning", "drawn", {"appearance": word}, path, column="appearance")
        elif name in _SENSORS or (name == "map" and control.tag.startswith("select")):
            yield Problem("warning", "appearance_plain", {"appearance": word}, path, column="appearance")
        elif name.startswith(("ex:", "printer:", "ussd:")):
            yield Problem("error", "other_application", {"appearance": word}, path, column="appearance")
        elif name.startswith("search("):
            yield Problem("error", "search", {}, path, column="appearance")
    if control.element.get("query"):
        yield Problem("error", "external_choices", {}, path, column="type")


def _instances(document: Document) -> Iterator[Problem]:
    for instance in document.model.findall(f"{XFORMS}instance"):
        source = instance.get("src", "")
        if source.startswith("jr://instance/last-saved"):
            yield Problem("warning", "last_saved", {})
        elif source and not any(True for _ in instance):
            yield Problem("error", "external_data", {"file": source.rpartition("/")[2]})
    if "pulldata(" in "".join(value for bind in document.binds.values() for value in bind.values()):
        known = {instance.get("id") for instance in document.model.findall(f"{XFORMS}instance")}
        for path, bind in document.binds.items():
            for attribute, value in bind.items():
                if "pulldata(" in value and not any(f"'{name}'" in value or f'"{name}"' in value for name in known):
                    yield Problem("error", "pulldata", {}, path, column=attribute)


def _actions(document: Document) -> Iterator[Problem]:
    for element in (*document.model.iter(), *document.body.iter()):
        if element.tag == f"{ODK}recordaudio":
            yield Problem("error", "background_audio", {}, element.get("ref", ""), column="type")
        elif element.tag == f"{ODK}setgeopoint":
            yield Problem("warning", "background_place", {}, element.get("ref", ""), column="type")
