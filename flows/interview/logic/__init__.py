"""XForms logic behind one narrow door.

    program = compile_model(xform)                  parsed once per form, shared by all interviews
    session = Session.start(program, host)          a new instance; or Session.load(program, dump, host)
    session.set(path, value)                        value as XForms text: "a b" for several, ISO dates, "" clears
    session.add_row(path) · session.remove_row(path, position)
    session.relevant(path) · required(path) · valid(path) · value(path) · choices(path, language) · rows(path)
    session.label(path, language) · hint · constraint_message · required_message
    session.state()                                 everything, for judging against another engine
    session.dump()                                  JSON-able; load(dump(s)) behaves as s
    session.instance_xml()                          the OpenRosa submission

Paths of rows carry their number: `/data/source[2]/name`.
"""

from __future__ import annotations

from flows.interview.logic.environment import Host
from flows.interview.logic.errors import LogicError
from flows.interview.logic.languages import language_code, nearest
from flows.interview.logic.program import Program
from flows.interview.logic.session import Session


def compile_model(xform: str | bytes) -> Program:
    """The logic of an XForm, parsed once and shared by all interviews. Raises `FormError`."""
    return Program(xform)


__all__ = ["Host", "LogicError", "Program", "Session", "compile_model", "language_code", "nearest"]
