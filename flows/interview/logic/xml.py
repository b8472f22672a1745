"""XML in: parsed with `defusedxml`, with the prefixes a document uses."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from dataclasses import dataclass
from xml.etree.ElementTree import Element, ParseError

from flows.interview.form import FormError
from flows.interview.logic.definitions import Output, Words
from flows.interview.logic.environment import Evaluate

JAVAROSA = "{http://openrosa.org/javarosa}"
XFORMS = "http://www.w3.org/2002/xforms"
OPENROSA = "http://openrosa.org/xforms"
LARGEST = 30_000_000  # bytes of a form's document


@dataclass(frozen=True, slots=True)
class Document:
    root: Element
    namespaces: dict[str, str]  # prefix → address

    def qualify(self, tag: str) -> str:
        """`{address}name` as `prefix:name`; without a prefix in the form's main namespace."""
        address, _, name = tag.rpartition("}")
        address = address[1:]
        if not address or address == XFORMS or self.namespaces.get("") == address:
            return name
        prefix = next((key for key, value in self.namespaces.items() if value == address and key), "")
        return f"{prefix}:{name}" if prefix else name

    def qualified(self, element: Element) -> str:
        return self.qualify(str(element.tag))


def local(element: Element) -> str:
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def children(element: Element, name: str) -> list[Element]:
    return [kid for kid in element if local(kid) == name]


def parse_document(source: str | bytes) -> Document:
    """Raises `FormError` where it is no XML, or XML that could harm."""
    from defusedxml.common import DefusedXmlException
    from defusedxml.ElementTree import iterparse

    if isinstance(source, str):
        source = re.sub(r"^\s*<\?xml[^>]*\?>", "", source.lstrip("\ufeff")).encode("utf-8", "replace")
    if len(source) > LARGEST:
        raise FormError(f"the form is larger than {LARGEST // 1_000_000} MB")
    namespaces: dict[str, str] = {}
    root: Element | None = None
    try:
        for event, value in iterparse(io.BytesIO(source), events=("start-ns", "start")):
            if event == "start-ns":
                namespaces.setdefault(value[0], value[1])
            elif root is None:
                root = value
    except ParseError as fault:
        raise FormError(f"the form is not well-formed XML: {fault}") from None
    except DefusedXmlException:
        raise FormError("the form's XML uses entities or references to other documents, which are refused") from None
    except (ValueError, LookupError) as fault:
        raise FormError(f"the form's XML cannot be read: {fault}") from None
    if root is None:
        raise FormError("the form is empty")
    return Document(root, namespaces)


def words(element: Element, compile_text: Callable[[str, str, str], Evaluate], path: str) -> Words:
    """The text of an element with the expressions of its `<output>`s."""
    match = re.fullmatch(r"\s*jr:itext\(\s*(['\"])(.*)\1\s*\)\s*", element.get("ref", ""), re.DOTALL)
    if match:
        return Words(text_id=match[2])
    if element.get("ref"):
        source = str(element.get("ref"))
        return Words(parts=(Output(source, compile_text(source, path, "label")),))
    parts: list[str | Output] = [element.text or ""]
    for kid in element:
        if local(kid) == "output":
            source = kid.get("value") or kid.get("ref") or "''"
            parts.append(Output(source, compile_text(source, path, "output")))
        else:
            parts.append("".join(kid.itertext()))
        parts.append(kid.tail or "")
    return Words(parts=tuple(part for part in parts if part != ""))
