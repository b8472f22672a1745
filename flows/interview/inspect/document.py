"""An XForm read as tables, for checking: nodes in order, what binds say, what is put to a person, texts, lists."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

XFORMS = "{http://www.w3.org/2002/xforms}"
XHTML = "{http://www.w3.org/1999/xhtml}"
ROSA = "{http://openrosa.org/javarosa}"
ODK = "{http://www.opendatakit.org/xforms}"
CONTROLS = frozenset({"input", "select", "select1", "upload", "trigger", "range", "rank", "secret"})


@dataclass(frozen=True, slots=True)
class Control:
    """What a person is shown: `tag` is the XForms element, `lists` the (list, name → text references or labels)."""

    tag: str
    path: str
    appearance: frozenset[str]
    element: Element
    depth: int


@dataclass(frozen=True, slots=True)
class Document:
    """`order`: every path of the main instance and its place. `binds`: path → attributes by local name.
    `texts`: language → id → (form of the text → text); the language "" holds nothing."""

    model: Element
    body: Element
    order: Mapping[str, int]
    binds: Mapping[str, Mapping[str, str]]
    controls: tuple[Control, ...]
    texts: Mapping[str, Mapping[str, Mapping[str, str]]]
    lists: Mapping[str, tuple[Mapping[str, str], ...]] = field(default_factory=dict)


def read_document(xform: str) -> Document:
    """The tables of an XForm that is well-formed XML."""
    from defusedxml.ElementTree import fromstring

    root = fromstring(xform)
    model = root.find(f"{XHTML}head/{XFORMS}model")
    body = root.find(f"{XHTML}body")
    if model is None:
        model = Element("model")
    if body is None:
        body = Element("body")
    order: dict[str, int] = {}
    main = next((child for instance in model.findall(f"{XFORMS}instance")[:1] for child in instance), None)
    if main is not None:
        _number(main, "", order)
    binds: dict[str, dict[str, str]] = {}
    for bind in model.iter(f"{XFORMS}bind"):
        attributes = {key.rpartition("}")[2]: value for key, value in bind.attrib.items()}
        binds.setdefault(attributes.get("nodeset", ""), {}).update(attributes)
    controls: list[Control] = []
    _controls(body, 0, controls)
    return Document(model, body, order, binds, tuple(controls), _texts(model), _lists(model))


def local(element: Element) -> str:
    """The name without its namespace."""
    return str(element.tag).rpartition("}")[2]


def _number(element: Element, at: str, order: dict[str, int]) -> None:
    path = f"{at}/{local(element)}"
    order.setdefault(path, len(order))
    for child in element:
        _number(child, path, order)


def _controls(element: Element, depth: int, found: list[Control]) -> None:
    for child in element:
        tag = local(child)
        path = child.get("ref") or child.get("nodeset") or child.get("bind") or ""
        if tag in CONTROLS or tag in ("group", "repeat"):
            found.append(Control(tag, path, frozenset((child.get("appearance") or "").split()), child, depth))
        if tag in ("group", "repeat"):
            _controls(child, depth + (tag == "group"), found)


def _texts(model: Element) -> dict[str, dict[str, dict[str, str]]]:
    found: dict[str, dict[str, dict[str, str]]] = {}
    for translation in model.iter(f"{XFORMS}translation"):
        entries = found.setdefault(translation.get("lang", ""), {})
        for text in translation.findall(f"{XFORMS}text"):
            forms = entries.setdefault(text.get("id", ""), {})
            for value in text.findall(f"{XFORMS}value"):
                # an output stands for something: a text made of it alone is not blank
                forms[value.get("form", "")] = "".join(value.itertext()) + ("…" if len(value) else "")
    return found


def _lists(model: Element) -> dict[str, tuple[Mapping[str, str], ...]]:
    found: dict[str, tuple[Mapping[str, str], ...]] = {}
    for instance in model.findall(f"{XFORMS}instance")[1:]:
        items = [item for item in instance.iter() if local(item) == "item"]
        found[instance.get("id", "")] = tuple({local(cell): cell.text or "" for cell in item} for item in items)
    return found
