"""The body of an XForm: groups, repeats and controls, in the order they are asked."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from xml.etree.ElementTree import Element

from flows.interview.form import FormError
from flows.interview.logic.definitions import Control, Definition, Itemset, Model, Offer, Words
from flows.interview.logic.environment import Evaluate
from flows.interview.logic.xml import JAVAROSA, children, local, words

ASKED = frozenset({"input", "secret", "textarea", "select", "select1", "rank", "range", "trigger", "upload"})
_NOT_PARAMETERS = frozenset({"ref", "bind", "nodeset", "appearance", "mediatype", "class", "query"})
Compile = Callable[[str, str, str], Evaluate]


def read_body(body: Element, binds: dict[str, Definition], model: Model, compile_text: Compile) -> list[Control]:
    """The controls of the body; gives each node of the model the control that asks it."""
    return _Body(binds, model, compile_text).read(body, model.root)


class _Body:
    def __init__(self, binds: dict[str, Definition], model: Model, compile_text: Compile) -> None:
        self.binds = binds
        self.model = model
        self.compile = compile_text
        self.unnamed = 0

    def node(self, element: Element, holder: Definition) -> Definition | None:
        from flows.interview.logic.reader import resolve

        reference = element.get("ref") or element.get("nodeset") or element.get("bind") or ""
        if not reference:
            return None
        node = resolve(reference, self.binds, holder.path)
        if node is None:
            raise FormError("it refers to a node that the form does not have", path=reference, attribute=local(element))
        return node

    def read(self, parent: Element, holder: Definition) -> list[Control]:
        found: list[Control] = []
        for element in parent:
            kind = local(element)
            if kind == "group":
                found += self.group(element, holder)
            elif kind == "repeat":
                found.append(self.repeat(element, None, holder))
            elif kind in ASKED:
                control = self.question(element, holder)
                if control is not None:
                    found.append(control)
        return found

    def group(self, element: Element, holder: Definition) -> Iterator[Control]:
        repeat = next(iter(children(element, "repeat")), None)
        reference = element.get("ref") or element.get("nodeset")
        if repeat is not None and (not reference or self.node(element, holder) is self.node(repeat, holder)):
            yield self.repeat(repeat, element, holder)
            return
        node = self.node(element, holder)
        control = Control("group", label=self.text(element, "label"), hint=self.text(element, "hint"))
        control.appearance = frozenset(element.get("appearance", "").split())
        if node is None:
            self.unnamed += 1
            control.path = f"{holder.path}/~{self.unnamed}"
        else:
            control.path = node.path
            if node.control is None:
                node.control = control
        control.children = self.read(element, node or holder)
        yield control

    def repeat(self, element: Element, group: Element | None, holder: Definition) -> Control:
        node = self.node(element, holder)
        if node is None or not node.is_repeat:
            raise FormError("a repeat does not say which node it repeats", attribute="repeat")
        label = self.text(element, "label") or (self.text(group, "label") if group is not None else None)
        hint = self.text(group, "hint") if group is not None else None
        appearance = f"{element.get('appearance', '')} {group.get('appearance', '') if group is not None else ''}"
        control = Control("repeat", node.path, label, hint, frozenset(appearance.split()))
        control.count = element.get(JAVAROSA + "count", "").strip()
        control.fixed = element.get(JAVAROSA + "noAddRemove", "").replace(" ", "") == "true()"
        node.control = control
        control.children = self.read(element, node)
        return control

    def question(self, element: Element, holder: Definition) -> Control | None:
        node = self.node(element, holder)
        if node is None:
            return None
        kind = local(element)
        control = Control(kind, node.path, self.text(element, "label"), self.text(element, "hint"))
        control.appearance = frozenset(element.get("appearance", "").split())
        control.mediatype = element.get("mediatype", "")
        control.parameters = {
            key.rpartition("}")[2]: value for key, value in element.attrib.items() if key not in _NOT_PARAMETERS
        }
        if kind in ("select", "select1", "rank"):
            control.offers = tuple(
                Offer(self.plain(item), self.text(item, "label") or Words()) for item in children(element, "item")
            )
            itemset = next(iter(children(element, "itemset")), None)
            if itemset is not None:
                control.itemset = self.itemset(itemset, node)
        if node.control is None:
            node.control = control
        return control

    def plain(self, item: Element) -> str:
        value = next(iter(children(item, "value")), None)
        return "" if value is None else (value.text or "").strip()

    def text(self, element: Element, name: str) -> Words | None:
        found = next(iter(children(element, name)), None)
        path = element.get("ref") or element.get("nodeset") or ""
        return None if found is None else words(found, self.compile, path)

    def itemset(self, element: Element, node: Definition) -> Itemset:
        source = element.get("nodeset", "")
        value = next((kid.get("ref", "") for kid in element if local(kid) == "value"), "") or "name"
        label = next((kid.get("ref", "") for kid in element if local(kid) == "label"), "")
        match = re.fullmatch(r"\s*jr:itext\((.*)\)\s*", label, re.DOTALL)
        return Itemset(
            source=source,
            nodes=self.compile(source, node.path, "choices"),
            value=self.compile(value, node.path, "choices"),
            label=Words() if match else None,
            label_value=self.compile(match[1] if match else label, node.path, "choices") if label else None,
            value_name=value,
        )
