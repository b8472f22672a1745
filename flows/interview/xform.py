"""An XForm document as a `Form`: how its body is asked, with its logic compiled."""

from __future__ import annotations

from flows.interview.form import Form, Group, Language, Node, Question, QuestionType, Repeat
from flows.interview.logic import Program, compile_model, language_code
from flows.interview.logic.definitions import Control, Definition

_BY_TYPE = {
    "int": QuestionType.INTEGER,
    "integer": QuestionType.INTEGER,
    "decimal": QuestionType.DECIMAL,
    "date": QuestionType.DATE,
    "time": QuestionType.TIME,
    "dateTime": QuestionType.DATETIME,
    "geopoint": QuestionType.GEOPOINT,
    "geotrace": QuestionType.GEOTRACE,
    "geoshape": QuestionType.GEOSHAPE,
    "barcode": QuestionType.BARCODE,
}
_BY_CONTROL = {
    "select1": QuestionType.SELECT_ONE,
    "select": QuestionType.SELECT_MULTIPLE,
    "rank": QuestionType.RANK,
    "range": QuestionType.RANGE,
    "trigger": QuestionType.ACKNOWLEDGE,
}
_BY_MEDIA = {"image": QuestionType.IMAGE, "audio": QuestionType.AUDIO, "video": QuestionType.VIDEO}


def read(xform: str | bytes) -> Form:
    """The form an XForm document describes. Raises `FormError`."""
    program = compile_model(xform)
    reader = _Reader(program)
    root = reader.root()
    translations = program.model.translations
    return Form(
        id=program.model.id,
        version=program.model.version,
        title=program.model.title,
        languages=tuple(Language(name, language_code(name)) for name in translations if name != "default"),
        default_language="" if program.model.default_language == "default" else program.model.default_language,
        root=root,
        nodes=reader.nodes,
        logic=program,
    )


class _Reader:
    def __init__(self, program: Program) -> None:
        self.program = program
        self.nodes: dict[str, Node] = {}
        self.asked = {control.path for control in program.controls}
        self.titles: frozenset[str] = frozenset()

    def root(self) -> Group:
        definition = self.program.root
        group = Group(
            path=definition.path,
            name=definition.name,
            attributes=dict(definition.bind.attributes),
            children=(*self.children(self.program.model.body), *self.unasked(definition)),
        )
        self.nodes[group.path] = group
        return group

    def children(self, controls: list[Control]) -> tuple[Node, ...]:
        return tuple(self.node(control) for control in controls if control.path not in self.nodes)

    def headings(self, group: Control) -> frozenset[str]:
        """In a table of selects, those whose choices are only the titles of its columns: nobody answers them."""
        rows = any("list-nolabel" in control.appearance for control in group.children)
        if not rows or "field-list" not in group.appearance:
            return frozenset()
        return frozenset(control.path for control in group.children if "label" in control.appearance)

    def node(self, control: Control) -> Node:
        definition = self.program.definitions.get(control.path)
        name = definition.name if definition is not None else control.path.rpartition("/")[2]
        attributes = dict(definition.bind.attributes) if definition is not None else {}
        made: Node
        if control.kind in ("group", "repeat"):
            self.titles |= self.headings(control)
            children = self.children(control.children)
            if definition is not None:
                children += self.unasked(definition)
            if control.kind == "group":
                made = Group(control.path, name, attributes, children, control.appearance)
            else:
                counted = bool(control.count) or control.fixed
                made = Repeat(control.path, name, attributes, children, control.appearance, counted)
        else:
            assert definition is not None  # noqa: S101 - the reader of the body refuses others
            made = Question(
                path=control.path,
                name=name,
                attributes=attributes,
                type=question_type(definition, control),
                appearance=control.appearance,
                parameters=_parameters(definition, control),
                read_only=definition.bind.readonly.replace(" ", "") == "true()",
                heading=control.path in self.titles,
            )
        self.nodes[made.path] = made
        return made

    def unasked(self, definition: Definition) -> tuple[Node, ...]:
        """Calculations and hidden values, which no control asks, and groups that hold only such."""
        found: list[Node] = []
        for kid in definition.kids:
            if kid.path in self.asked:
                continue
            attributes = dict(kid.bind.attributes)
            made: Node
            if kid.is_leaf:
                kind = QuestionType.CALCULATE if kid.bind.calculate else QuestionType.HIDDEN
                made = Question(kid.path, kid.name, attributes, kind, read_only=True)
            else:
                inner = self.unasked(kid)
                if any(below.path in self.asked for below in kid.below()):
                    found += inner  # its questions are asked outside it
                    continue
                made = Group(kid.path, kid.name, attributes, inner)
            self.nodes[made.path] = made
            found.append(made)
        return tuple(found)


def question_type(definition: Definition, control: Control) -> QuestionType:
    """How a control asks for a node."""
    found = _BY_CONTROL.get(control.kind)
    if found is not None:
        return found
    if control.kind == "upload":
        return _BY_MEDIA.get(control.mediatype.partition("/")[0], QuestionType.FILE)
    read_only = definition.bind.readonly.replace(" ", "") == "true()"
    if read_only and not definition.bind.calculate:
        return QuestionType.NOTE
    return _BY_TYPE.get(definition.bind.type, QuestionType.TEXT)


def _parameters(definition: Definition, control: Control) -> dict[str, str]:
    found = dict(control.parameters)
    if control.mediatype:
        found.setdefault("accept", control.mediatype)
    return found
