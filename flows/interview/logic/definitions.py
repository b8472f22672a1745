"""What a form's document says, before anything is computed: the model's nodes, their binds, the body's controls."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from flows.interview.logic.environment import Evaluate
from flows.interview.logic.values import Item


@dataclass(slots=True)
class Seed:
    """An element of the form's own instance: its text, attributes and child elements."""

    name: str
    value: str = ""
    template: bool = False
    kids: list[Seed] = field(default_factory=list)
    attributes: dict[str, str] = field(default_factory=dict)

    def all(self, name: str) -> list[Seed]:
        return [kid for kid in self.kids if kid.name == name]

    def blank(self) -> Seed:
        """The same structure without values: how a row begins where the form gives no template."""
        return Seed(self.name, "", self.template, [kid.blank() for kid in self.kids], dict(self.attributes))


@dataclass(frozen=True, slots=True)
class Words:
    """A text of the form: a translation's id, or parts that are text and (as `Output`) expressions."""

    text_id: str = ""
    parts: tuple[str | Output, ...] = ()


@dataclass(frozen=True, slots=True)
class Output:
    """An expression whose value is put into a text."""

    source: str
    value: Evaluate


@dataclass(frozen=True, slots=True)
class Offer:
    """One choice written into the body."""

    value: str
    label: Words


@dataclass(frozen=True, slots=True)
class Itemset:
    """Choices taken from a list or from rows: `nodes` in the question's context, `value` and `label` in each item's."""

    source: str
    nodes: Evaluate
    value: Evaluate
    label: Words | None
    label_value: Evaluate | None
    value_name: str
    static: bool = True  # whether the offer is the same for every interview


@dataclass(slots=True)
class Control:
    """An element of the body. `kind` is its name there; `children` are those of groups and repeats."""

    kind: str
    path: str = ""
    label: Words | None = None
    hint: Words | None = None
    appearance: frozenset[str] = frozenset()
    parameters: Mapping[str, str] = field(default_factory=dict)
    mediatype: str = ""
    offers: tuple[Offer, ...] = ()
    itemset: Itemset | None = None
    count: str = ""
    fixed: bool = False  # rows are neither added nor removed
    children: list[Control] = field(default_factory=list)


@dataclass(slots=True)
class Bind:
    """A bind's expressions as written; "" where there is none."""

    type: str = "string"
    relevant: str = ""
    constraint: str = ""
    required: str = ""
    readonly: str = ""
    calculate: str = ""
    preload: str = ""
    preload_parameter: str = ""
    constraint_message: Words | None = None
    required_message: Words | None = None
    attributes: Mapping[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Action:
    """Sets `target` when one of `events` happens; `source` is the question whose change counts, if any."""

    target: str
    events: frozenset[str]
    value: str
    source: str = ""
    evaluate: Evaluate | None = None


class Definition:
    """A node of the model: group, repeat, question, calculation or attribute, with what is compiled from its bind.

    `scope` is the repeat (or the root) whose rows hold it, `slot` its place in such a row, `depth` the number of
    repeats around it (a repeat counts itself).
    """

    __slots__ = (
        "actions", "attributes", "bind", "calculate", "constraint", "control", "count", "default", "depth", "is_repeat",
        "kids", "listeners", "members", "name", "offered", "parent", "path", "qualified", "ranges", "readers",
        "readonly", "relevant", "required", "scope", "slot", "structure_readers", "template", "volatile",
    )  # fmt: skip

    def __init__(self, path: str, name: str, qualified: str, parent: Definition | None) -> None:
        self.path = path
        self.name = name
        self.qualified = qualified
        self.parent = parent
        self.kids: list[Definition] = []
        self.attributes: list[Definition] = []
        self.is_repeat = False
        self.default = ""
        self.template: Seed | None = None
        self.bind = Bind()
        self.control: Control | None = None
        self.actions: list[Action] = []
        self.scope: Definition = self
        self.slot = 0
        self.depth = 0
        self.members: list[Definition] = []
        self.ranges: list[Definition] = []
        self.relevant: Evaluate | None = None
        self.calculate: Evaluate | None = None
        self.constraint: Evaluate | None = None
        self.required: Evaluate | None = None
        self.readonly: Evaluate | None = None
        self.count: Evaluate | None = None
        self.offered: frozenset[str] | None = None
        self.readers: list[tuple[Cell, int]] = []
        self.structure_readers: list[tuple[Cell, int]] = []
        self.listeners: list[Cell] = []
        self.volatile = False

    @property
    def is_leaf(self) -> bool:
        return not self.kids and not self.is_repeat

    def child(self, name: str) -> Definition | None:
        for kid in self.kids:
            if kid.name == name:
                return kid
        return None

    def below(self) -> list[Definition]:
        """All nodes below, in document order."""
        found: list[Definition] = []
        for kid in self.kids:
            found += [kid, *kid.below()]
        return found

    def __repr__(self) -> str:
        return f"<{self.path}>"


RELEVANT, CALCULATE, COUNT, CHOICES, CHANGE = "relevant", "calculate", "jr:count", "choices", "setvalue"


class Cell:
    """Something computed at every instance of a node; `rank` says what has to be computed before it."""

    __slots__ = ("action", "definition", "index", "kind", "rank", "reads_itself")

    def __init__(self, definition: Definition, kind: str, action: Action | None = None) -> None:
        self.definition = definition
        self.kind = kind
        self.action = action
        self.rank = 0
        self.index = 0
        self.reads_itself = False

    def __repr__(self) -> str:
        return f"<{self.kind} {self.definition.path}>"


@dataclass(slots=True)
class Model:
    """A whole document as read."""

    title: str
    id: str
    version: str
    root: Definition
    seed: Seed
    body: list[Control]
    definitions: dict[str, Definition]
    instances: dict[str, Item]
    translations: dict[str, dict[str, dict[str, Words]]]  # language → text id → form ("" plain) → words
    default_language: str
    namespaces: dict[str, str]
    actions: list[Action]
