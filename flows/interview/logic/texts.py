"""Labels, hints and messages in a language, with the values of questions put into them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flows.interview.form import Choice
from flows.interview.logic.definitions import Output, Words
from flows.interview.logic.instance import Node
from flows.interview.logic.offers import Offered
from flows.interview.logic.values import Item

if TYPE_CHECKING:
    from flows.interview.logic.session import Session

NOT_TRANSLATED = "-"  # what pyxform writes where a language has no text


class Texts:
    def __init__(self, session: Session) -> None:
        self.session = session

    def of_control(self, path: str, what: str, form: str, language: str | None) -> str:
        """The `label` or `hint` of a question, group or repeat."""
        session = self.session
        node = session._node(path)
        generic = node.definition.path
        control = node.definition.control
        if "/~" in path:
            control = session.program.layouts.get(generic + "/~" + path.partition("/~")[2])
        if control is None:
            return ""
        return self.of(node, control.label if what == "label" else control.hint, form, language)

    def of(self, node: Item, words: Words | None, form: str, language: str | None) -> str:
        if words is None:
            return ""
        if words.text_id:
            return self.translated(node, words.text_id, form, language)
        return self.filled(node, words) if not form else ""

    def translated(self, node: Item, text_id: str, form: str, language: str | None) -> str:
        """The text in the language; where it is not translated, in the form's default language, then in any."""
        program = self.session.program
        translations = program.model.translations
        wanted = program.language(self.session.host.language if language is None else language)
        for name in dict.fromkeys((wanted, program.model.default_language, *translations)):
            words = translations.get(name, {}).get(text_id, {}).get(form)
            if words is not None and words.parts and words.parts != (NOT_TRANSLATED,):
                return self.filled(node, words)
        return ""

    def filled(self, node: Item, words: Words) -> str:
        work = self.session.work
        text = "".join(
            work.evaluate_text(part.value, node) if isinstance(part, Output) else part for part in words.parts
        )
        return text.strip()

    # ---- choices ----------------------------------------------------------------------------------------------------
    def choices(self, node: Node, language: str | None) -> tuple[Choice, ...]:
        found = []
        for offered in self.session.work.offers.of(node):
            found.append(Choice(offered.value, self.label(node, offered, language), self.columns(node, offered)))
        return tuple(found)

    def choice(self, node: Node, name: str, language: str | None) -> str:
        """The label of one choice; "" where it is not offered."""
        for offered in self.session.work.offers.of(node):
            if offered.value == name:
                return self.label(node, offered, language)
        return ""

    def label(self, node: Node, offered: Offered, language: str | None) -> str:
        if offered.item is None:
            return self.of(node, offered.words, "", language) or offered.value
        control = node.definition.control
        itemset = control.itemset if control is not None else None
        if itemset is None or itemset.label_value is None:
            return offered.value
        text = self.session.work.evaluate_text(itemset.label_value, offered.item)
        if itemset.label is not None:
            text = self.translated(offered.item, text, "", language)
        return text.strip() or offered.value

    def columns(self, node: Node, offered: Offered) -> dict[str, str]:
        """The other columns of a choice's row in its list."""
        control = node.definition.control
        if offered.item is None or isinstance(offered.item, Node) or control is None or control.itemset is None:
            return {}
        known = {control.itemset.value_name.strip(), "label", "itextId"}
        return {kid.name: kid.text() for kid in offered.item.children() if kid.name not in known}
