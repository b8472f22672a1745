"""Labels of choices and translated texts."""

from __future__ import annotations

from flows.interview.logic.environment import Environment, Evaluate, Function
from flows.interview.logic.values import Item, Value, string
from flows.interview.logic.xpath import Expression


def _choice_name(arguments: tuple[Evaluate, ...], trees: tuple[Expression, ...]) -> Evaluate:
    def choice_name(item: Item, env: Environment) -> Value:
        name = string(arguments[0](item, env))
        question = env.session.compiled(string(arguments[1](item, env)))(item, env)
        if type(question) is not list or not question or not name:
            return ""
        return env.session.choice_label(question[0], name)

    return choice_name


def _itext(arguments: tuple[Evaluate, ...], trees: tuple[Expression, ...]) -> Evaluate:
    return lambda item, env: env.session.translation(string(arguments[0](item, env)))


FUNCTIONS = {
    "jr:choice-name": Function(_choice_name, 2, 2),
    "choice-name": Function(_choice_name, 2, 2),
    "jr:itext": Function(_itext, 1, 1),
    "itext": Function(_itext, 1, 1),
}
