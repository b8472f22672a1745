"""What a node of a form says and what it means, as values that can be compared between two versions of the form.

Expressions are compared as trees, so that spaces do not count, and what they refer to as whole paths (`renamed` leads
to where a node of this version stands in the other), so that a question which moved changes no other.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from flows.interview.logic.definitions import Control, Definition, Model, Output, Words
from flows.interview.logic.errors import SyntaxFault
from flows.interview.logic.program import Program
from flows.interview.logic.values import Item
from flows.interview.logic.xpath import Call, Expression, Negative, Operation, Path, Step, Text, parse

Renamed = Mapping[str, str]  # path in this version → path in the other

_RANGE = ("start", "end", "step")


@dataclass(frozen=True, slots=True)
class Signature:
    """`meaning` and `wording` by aspect; `choices`: name → what it is called, in order, None where rows make them."""

    meaning: Mapping[str, object]
    wording: Mapping[str, object]
    choices: Mapping[str, object] | None


def signature(program: Program, path: str, renamed: Renamed) -> Signature:
    """The signature of the question, group, repeat or calculation at `path` (`/data/~1` for a group of layout)."""
    model = program.model
    definition = program.definitions.get(path)
    control = definition.control if definition is not None else program.layouts.get(path)
    reader = _Reader(model, path, renamed)
    meaning: dict[str, object] = {}
    wording: dict[str, object] = {}
    if definition is not None:
        bind = definition.bind
        meaning["constraint"] = reader.expression(bind.constraint if definition.constraint is not None else "")
        meaning["required"] = reader.expression(bind.required if definition.required is not None else "")
        meaning["relevant"] = reader.expression(bind.relevant if definition.relevant is not None else "")
        meaning["calculation"] = reader.expression(bind.calculate if definition.calculate is not None else "")
        wording["message"] = reader.words(bind.constraint_message), reader.words(bind.required_message)
        wording["default"] = definition.default
        wording["read_only"] = reader.expression(bind.readonly if definition.readonly is not None else "")
    if control is None:
        return Signature(meaning, wording, None)
    if control.kind == "range":
        meaning["constraint"] = meaning["constraint"], tuple(control.parameters.get(name, "") for name in _RANGE)
    meaning["rows"] = control.kind == "repeat" and (reader.expression(control.count), control.fixed)
    meaning["filter"] = reader.source(control)
    wording["label"] = reader.words(control.label)
    wording["hint"] = reader.words(control.hint)
    wording["appearance"] = control.appearance
    wording["parameters"] = {name: value for name, value in control.parameters.items() if name not in _RANGE}
    return Signature(meaning, wording, reader.choices(control))


def labels(program: Program, words: Words | None) -> dict[str, str]:
    """A text in each language that it is written in, with "…" where a value is put in; by the language's name."""
    if words is None:
        return {}
    if not words.text_id:
        return {"": _shown(words)}
    texts = program.model.translations
    found = {language: texts[language].get(words.text_id, {}).get("") for language in texts}
    return {language: _shown(one) for language, one in found.items() if one is not None}


def choice_labels(program: Program, path: str) -> dict[str, dict[str, str]]:
    """What each choice of the question at `path` is called, by the language's name; empty where rows make them."""
    definition = program.definitions.get(path)
    if definition is None or definition.control is None:
        return {}
    choices = _Reader(program.model, path, {}).choices(definition.control) or {}
    return {choice: _by_language(said) for choice, said in choices.items()}


def _by_language(said: object) -> dict[str, str]:
    if isinstance(said, dict):
        return {language: _joined(parts) for (language, form), parts in said.items() if not form}
    return {"": _joined(said)} if isinstance(said, tuple) and said else {}


def _shown(words: Words) -> str:
    return _joined(words.parts)


def _joined(parts: Iterable[object]) -> str:
    return "".join(part if isinstance(part, str) else "…" for part in parts).strip()


class _Reader:
    def __init__(self, model: Model, path: str, renamed: Renamed) -> None:
        self.model = model
        self.path = path
        self.renamed = renamed

    def expression(self, source: str) -> object:
        """The expression as a tree, its references as paths of the other version; "" where there is none."""
        if not source.strip():
            return ""
        try:
            return self.tree(parse(source), self.path)
        except SyntaxFault:
            return source

    def tree(self, node: Expression, holder: str) -> object:
        if isinstance(node, Negative):
            return "-", self.tree(node.operand, holder)
        if isinstance(node, Operation):
            return node.operator, self.tree(node.left, holder), self.tree(node.right, holder)
        if isinstance(node, Call):
            return node.name, *(self.tree(argument, holder) for argument in node.arguments)
        return self.reference(node, holder) if isinstance(node, Path) else node

    def reference(self, path: Path, holder: str) -> object:
        """A path as (how it starts, the node it leads to, the rest of its steps), predicates beside their steps."""
        start: object = "within"
        at = holder
        if path.start == "/":
            start, at = "/", ""
        elif isinstance(path.start, Call) and path.start == Call("current", ()):
            start, at = "current", self.path
        elif path.start is not None and not isinstance(path.start, str):
            start, at = self.tree(path.start, holder), "*"
        predicates: list[object] = [self.tree(one, at) for one in path.predicates]
        rest: list[object] = []
        for number, step in enumerate(path.steps):
            if step.axis not in ("child", "self", "parent"):
                rest = [self.step(one, at) for one in path.steps[number:]]
                break
            at = _onward(at, step)
            predicates += [(number, self.tree(one, at)) for one in step.predicates]
        return "path", start, self.renamed.get(at, at), tuple(predicates), tuple(rest)

    def step(self, step: Step, at: str) -> object:
        return step.axis, step.test, tuple(self.tree(one, at) for one in step.predicates)

    # ---- texts ----
    def words(self, words: Words | None) -> object:
        """A text in every language and form, whatever its id."""
        if words is None:
            return ()
        if not words.text_id:
            return self.parts(words)
        texts = self.model.translations
        return {
            (language, form): self.parts(found)
            for language in texts
            for form, found in texts[language].get(words.text_id, {}).items()
        }

    def parts(self, words: Words) -> tuple[object, ...]:
        return tuple(self.expression(part.source) if isinstance(part, Output) else part for part in words.parts)

    # ---- choices ----
    def source(self, control: Control) -> object:
        """Where choices come from, but for the name of the list; "" where they are simply all of it."""
        itemset = control.itemset
        if itemset is None or _list_name(itemset.source) is not None:
            return ""
        try:
            tree = parse(itemset.source)
        except SyntaxFault:
            return itemset.source
        found = self.tree(tree, self.path)
        return _without(found, self.list_of(tree)) if self.list_of(tree) else found

    def choices(self, control: Control) -> Mapping[str, object] | None:
        if control.kind not in ("select", "select1", "rank"):
            return None
        itemset = control.itemset
        if itemset is None:
            return {offer.value: self.words(offer.label) for offer in control.offers}
        try:
            name = self.list_of(parse(itemset.source))
        except SyntaxFault:
            return None
        if name not in self.model.instances:
            return None
        items = [item for root in self.model.instances[name].children() for item in (root, *root.children())]
        found: dict[str, object] = {}
        for item in items:
            value = _text(item, itemset.value_name)
            if value:
                found.setdefault(value, self.item_words(item))
        return found

    def item_words(self, item: Item) -> object:
        text_id = _text(item, "itextId")
        return self.words(Words(text_id=text_id)) if text_id else (_text(item, "label"),)

    def list_of(self, tree: Expression) -> str:
        """The list that `instance('name')/root/item[…]` begins with; "" for others."""
        if isinstance(tree, Call) and tree.name == "randomize" and tree.arguments:
            return self.list_of(tree.arguments[0])
        start = tree.start if isinstance(tree, Path) else None
        if isinstance(start, Call) and start.name == "instance" and len(start.arguments) == 1:
            name = start.arguments[0]
            return name.value if isinstance(name, Text) else ""
        return ""


def _list_name(source: str) -> str | None:
    """The list where all of its items are offered as they are."""
    try:
        tree = parse(source)
    except SyntaxFault:
        return None
    if not isinstance(tree, Path) or not isinstance(tree.start, Call) or tree.start.name != "instance":
        return None
    plain = not tree.predicates and all(step.axis == "child" and not step.predicates for step in tree.steps)
    name = tree.start.arguments[0] if len(tree.start.arguments) == 1 else None
    return name.value if plain and isinstance(name, Text) else None


def _without(found: object, name: str) -> object:
    """The tree without the name of its list: another name for the same choices means nothing."""
    if found == Text(name):
        return Text("")
    return tuple(_without(one, name) for one in found) if isinstance(found, tuple) else found


def _onward(at: str, step: Step) -> str:
    if step.axis == "self":
        return at
    if step.axis == "parent":
        return at.rpartition("/")[0]
    return f"{at}/{step.test}"


def _text(item: Item, name: str) -> str:
    found = (item.kids or {}).get(name.strip())
    return found[0].text().strip() if found else ""


def kept_by_itself(definition: Definition, program: Program) -> bool:
    """Whether a calculation keeps what it once gave (`once(uuid())`), so that it may not begin anew."""
    return any(cell.reads_itself for cell in program.calculations.get(definition, ()))
