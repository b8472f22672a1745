"""XForm documents read into `Model`: instances, binds, translations, actions."""

from __future__ import annotations

import re
from collections.abc import Callable
from xml.etree.ElementTree import Element

from flows.interview.form import FormError
from flows.interview.logic.body import read_body
from flows.interview.logic.definitions import Action, Bind, Definition, Model, Seed, Words
from flows.interview.logic.environment import Evaluate
from flows.interview.logic.values import Item, StaticItem
from flows.interview.logic.xml import JAVAROSA, OPENROSA, Document, children, local, parse_document, words

_FOREIGN = re.compile(
    r"\{(?!http://openrosa\.org/(?:javarosa|xforms)\}|http://www\.opendatakit\.org/|http://www\.w3\.org/)"
)
DEEPEST = 40  # nested groups


def read_model(source: str | bytes, compile_text: Callable[[str, str, str], Evaluate]) -> Model:
    """The model of an XForm; `compile_text(expression, path, attribute)` compiles what stands inside texts.

    Raises `FormError`.
    """
    document = parse_document(source)
    head = next((part for part in document.root if local(part) == "head"), None)
    body = next((part for part in document.root if local(part) == "body"), None)
    model = next((part for part in (head if head is not None else ()) if local(part) == "model"), None)
    if model is None or head is None:
        raise FormError("this is no XForm: it has no model")
    title = next((part.text or "" for part in head if local(part) == "title"), "").strip()
    instances = children(model, "instance")
    if not instances or len(instances[0]) == 0:
        raise FormError("the form's own instance is missing")
    top = instances[0][0]
    definitions: dict[str, Definition] = {}
    seed = _seed(top, document)
    identified = _identified(seed, document)
    repeats = _repeats(body)
    root = _define(seed, None, definitions, repeats, document.qualified(top), 0)
    binds = _binds(model, definitions, compile_text)
    if identified:
        definitions[identified].bind = Bind(preload="uid")
    translations, default_language = _translations(model, compile_text)
    result = Model(
        title=title,
        id=top.get("id", ""),
        version=top.get("version") or top.get("{http://openrosa.org/xforms}version") or "",
        root=root,
        seed=seed,
        body=[],
        definitions=definitions,
        instances=_lists(instances[1:]),
        translations=translations,
        default_language=default_language,
        namespaces=document.namespaces,
        actions=[_action(part, binds, "") for part in model if local(part) in ("setvalue",)],
    )
    if body is not None:
        result.body = read_body(body, binds, result, compile_text)
    result.actions += _body_actions(body, binds, root.path)
    return result


def resolve(path: str, definitions: dict[str, Definition], holder: str = "") -> Definition | None:
    """The node a reference names, from `holder` where it is relative; rows' numbers and prefixes are not looked at."""
    plain = re.sub(r"\[[^\]]*\]|\s+", "", path)
    if holder and not plain.startswith("/") and plain not in definitions:
        plain = f"{holder}/{plain}"
        while "/../" in plain or "/./" in plain:
            plain = re.sub(r"/[^/]+/\.\.(?=/)|/\.(?=/)", "", plain, count=1)
    return definitions.get(plain) or definitions.get(_bare(plain)) if plain else None


def _bare(path: str) -> str:
    return re.sub(r"[\w.-]+:(?=[\w@])", "", path) if ":" in path else path


# ---- instances ----------------------------------------------------------------------------------------------------
def _seed(element: Element, document: Document) -> Seed:
    seed = Seed(document.qualified(element))
    seed.kids = [_seed(kid, document) for kid in element]
    seed.value = "" if len(element) else element.text or ""
    for key, value in element.attrib.items():
        if key == JAVAROSA + "template":
            seed.template = True
        else:
            seed.attributes[document.qualify(key)] = value
    return seed


def _identified(seed: Seed, document: Document) -> str:
    """Gives the instance the `meta/instanceID` that OpenRosa asks of each; its path where the form had none."""
    prefix = next((key for key, value in document.namespaces.items() if value == OPENROSA and key), "")
    meta = next((kid for kid in seed.kids if kid.name.rpartition(":")[2] == "meta"), None)
    if meta is None:
        meta = Seed(f"{prefix}:meta" if prefix else "meta")
        seed.kids.append(meta)
    if any(kid.name.rpartition(":")[2] == "instanceID" for kid in meta.kids):
        return ""
    before, colon, _ = meta.name.rpartition(":")
    meta.kids.append(Seed(f"{before}{colon}instanceID"))
    return f"/{seed.name}/{meta.name}/{meta.kids[-1].name}"


def _repeats(body: Element | None) -> set[str]:
    found = body.iter() if body is not None else ()
    return {re.sub(r"\s+", "", part.get("nodeset", "")) for part in found if local(part) == "repeat"}


def _define(
    seed: Seed, parent: Definition | None, definitions: dict[str, Definition], repeats: set[str], name: str, level: int
) -> Definition:
    if level > DEEPEST:
        raise FormError(f"more than {DEEPEST} groups are nested", path=parent.path if parent else "")
    path = f"{parent.path if parent else ''}/{name}"
    made = Definition(path, name.rpartition(":")[2], name, parent)
    made.is_repeat = path in repeats or _bare(path) in repeats
    if made.is_repeat and parent is None:
        raise FormError("the whole form cannot repeat", path=path)
    definitions[path] = made
    made.default = seed.value
    for key in seed.attributes:
        attribute = Definition(f"{path}/@{key}", f"@{key}".rpartition(":")[2].rpartition("@")[2], key, made)
        attribute.default = seed.attributes[key]
        definitions[attribute.path] = attribute
        made.attributes.append(attribute)
    if made.is_repeat:
        made.template = seed if seed.template else seed.blank()
    for kid in seed.kids:
        if all(kid.name != known.qualified for known in made.kids):
            made.kids.append(_define(kid, made, definitions, repeats, kid.name, level + 1))
    return made


def _lists(elements: list[Element]) -> dict[str, Item]:
    found: dict[str, Item] = {}
    for element in elements:
        name = element.get("id", "")
        if name and name not in found:
            found[name] = _static(element, None)
    return found


def _static(element: Element, parent: Item | None) -> StaticItem:
    item = StaticItem(local(element), parent)
    if len(element):
        item.kids = {}
        for kid in element:
            one = _static(kid, item)
            item.kids.setdefault(one.name, []).append(one)
            item.ordered.append(one)
    else:
        item.value = element.text or ""
    if element.attrib:
        item.attributes = {}
        for key, value in element.attrib.items():
            attribute = StaticItem(key.rpartition("}")[2], item)
            attribute.value = value
            item.attributes[attribute.name] = attribute
    return item


# ---- binds and actions ----------------------------------------------------------------------------------------------
def _binds(
    model: Element, definitions: dict[str, Definition], compile_text: Callable[[str, str, str], Evaluate]
) -> dict[str, Definition]:
    """Gives each node its bind; returns nodes by the ids of binds and by path."""
    found = {_bare(path): node for path, node in definitions.items()} | definitions
    for element in model:
        if local(element) != "bind":
            continue
        nodeset = element.get("nodeset") or element.get("ref") or ""
        node = resolve(nodeset, found)
        if node is None:
            continue  # ODK passes over a bind without a node too
        if element.get("id"):
            found[str(element.get("id"))] = node
        bind = Bind(
            type=element.get("type", "string").rpartition(":")[2],
            relevant=element.get("relevant", ""),
            constraint=element.get("constraint", ""),
            required=element.get("required", ""),
            readonly=element.get("readonly", ""),
            calculate=element.get("calculate", ""),
            preload=element.get(JAVAROSA + "preload", ""),
            preload_parameter=element.get(JAVAROSA + "preloadParams", ""),
            constraint_message=_message(element, "constraintMsg"),
            required_message=_message(element, "requiredMsg"),
            attributes={key.rpartition("}")[2]: value for key, value in element.attrib.items() if _FOREIGN.match(key)},
        )
        node.bind = bind
    return found


def _message(element: Element, name: str) -> Words | None:
    text = element.get(JAVAROSA + name, "")
    if not text:
        return None
    match = re.fullmatch(r"\s*jr:itext\(\s*(['\"])(.*)\1\s*\)\s*", text, re.DOTALL)
    return Words(text_id=match[2]) if match else Words(parts=(text,))


def _action(element: Element, binds: dict[str, Definition], source: str) -> Action:
    target = element.get("ref") or element.get("bind") or ""
    node = resolve(target, binds, source)
    if node is None:
        raise FormError("it sets a question that does not exist", path=target, attribute="setvalue")
    value = element.get("value", "")
    if not value:
        text = (element.text or "").replace("'", "’")
        value = f"'{text}'"
    events = frozenset(event.rpartition(":")[2] for event in element.get("event", "").split())
    ready = frozenset({"odk-instance-first-load"}) if "xforms-ready" in events else frozenset()
    return Action(node.path, events | ready, value, source)


def _body_actions(body: Element | None, binds: dict[str, Definition], root: str) -> list[Action]:
    found: list[Action] = []

    def look(element: Element, source: str) -> None:
        for part in element:
            if local(part) == "setvalue":
                found.append(_action(part, binds, source))
            else:
                node = resolve(part.get("ref") or part.get("nodeset") or part.get("bind") or "", binds, source)
                look(part, node.path if node is not None else source)

    if body is not None:
        look(body, root)
    return found


# ---- translations ---------------------------------------------------------------------------------------------------
def _translations(
    model: Element, compile_text: Callable[[str, str, str], Evaluate]
) -> tuple[dict[str, dict[str, dict[str, Words]]], str]:
    found: dict[str, dict[str, dict[str, Words]]] = {}
    default = ""
    for itext in children(model, "itext"):
        for translation in children(itext, "translation"):
            language = translation.get("lang", "")
            texts = found.setdefault(language, {})
            if not default and translation.get("default") is not None:
                default = language
            for text in children(translation, "text"):
                name = text.get("id", "")
                forms = texts.setdefault(name, {})
                for value in children(text, "value"):
                    forms.setdefault(value.get("form", ""), words(value, compile_text, name))
    return found, default or next(iter(found), "")
