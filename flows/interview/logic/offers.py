"""The choices a question offers at this moment."""

from __future__ import annotations

from typing import NamedTuple

from flows.interview.logic.definitions import Words
from flows.interview.logic.environment import Environment
from flows.interview.logic.instance import Node
from flows.interview.logic.values import Item, string


class Offered(NamedTuple):
    """A choice's value, and where its label comes from: words of the form, or an item of a list."""

    value: str
    words: Words | None
    item: Item | None


class Offers:
    def __init__(self, environment: Environment) -> None:
        self.env = environment

    def of(self, node: Node) -> list[Offered]:
        """The choices in the form's order; none where the list cannot be computed."""
        control = node.definition.control
        if control is None:
            return []
        if control.itemset is None:
            return [Offered(offer.value, offer.label, None) for offer in control.offers]
        itemset = control.itemset
        before, self.env.current = self.env.current, node
        try:
            items = itemset.nodes(node, self.env)
            found = []
            for item in items if type(items) is list else ():
                self.env.current = item
                found.append(Offered(string(itemset.value(item, self.env)), None, item))
            return found
        except Exception:  # a list that cannot be computed offers nothing
            return []
        finally:
            self.env.current = before

    def values(self, node: Node) -> frozenset[str]:
        """The values offered; for lists that are the same for everybody, found once."""
        definition = node.definition
        if definition.offered is not None:
            return definition.offered
        values = frozenset(offered.value for offered in self.of(node))
        control = definition.control
        if control is not None and (control.itemset is None or control.itemset.static):
            definition.offered = values
        return values

    def kept(self, node: Node) -> str:
        """The stored answer without choices that are not offered; a ranking also gains those it lacks, at its end."""
        control, stored = node.definition.control, node.stored
        if control is None:
            return stored
        if control.kind == "rank":
            offered = dict.fromkeys(one.value for one in self.of(node))
            order = [one for one in stored.split() if one in offered]
            return " ".join(dict.fromkeys([*order, *offered]))
        values = self.values(node)
        if control.kind == "select1":
            return stored if stored in values else ""
        chosen = stored.split()
        kept = [one for one in chosen if one in values]
        return stored if len(kept) == len(chosen) else " ".join(kept)
