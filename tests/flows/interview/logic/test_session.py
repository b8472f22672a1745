"""What a session promises beside agreeing with ODK's engine."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime, timedelta
from itertools import count
from xml.sax.saxutils import quoteattr

import pytest

from flows.interview.form import FormError
from flows.interview.logic import Host, Program, Session, compile_model
from flows.interview.logic.recalculation import ALL_ROWS, ROWS

NOW = datetime(2026, 3, 15, 10, 30, tzinfo=UTC)


def host(language: str = "", now: datetime = NOW) -> Host:
    numbers = count(1)
    return Host(now, language, lambda: f"id-{next(numbers)}", {"username": "ana"})


def form(instance: str, binds: str = "", body: str = "", model: str = "") -> str:
    return f"""<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml"
      xmlns:jr="http://openrosa.org/javarosa"><h:head><h:title>T</h:title><model>{model}
      <instance><data id="t">{instance}</data></instance>{binds}</model></h:head><h:body>{body}</h:body></h:html>"""


def started(*parts: str, language: str = "", **named: str) -> Session:
    return Session.start(compile_model(form(*parts, **named)), host(language))


def inputs(*names: str) -> str:
    return "".join(f'<input ref="/data/{name}"><label>{name}</label></input>' for name in names)


REPEAT = '<group ref="/data/r"><label>R</label><repeat nodeset="/data/r"><input ref="/data/r/q"/></repeat></group>'


# ---- answers ------------------------------------------------------------------------------------------------------
def test_an_irrelevant_answer_is_hidden_and_comes_back() -> None:
    session = started("<a/><b/>", """<bind nodeset="/data/b" relevant="/data/a != 'no'"/>""", inputs("a", "b"))
    session.set("/data/b", "kept")
    session.set("/data/a", "no")
    assert (session.relevant("/data/b"), session.value("/data/b"), session.stored("/data/b")) == (False, "", "kept")
    assert "kept" not in session.instance_xml()
    session.set("/data/a", "yes")
    assert session.value("/data/b") == "kept"


def test_an_answer_that_does_not_fit_its_type_is_stored_as_blank() -> None:
    session = started("<n/><d/>", '<bind nodeset="/data/n" type="int"/><bind nodeset="/data/d" type="date"/>')
    for path, wrong in [("/data/n", "twelve"), ("/data/n", "9" * 12), ("/data/d", "2026-02-30"), ("/data/d", "15/3")]:
        assert session.set(path, wrong) is False
        assert session.value(path) == ""
    session.set("/data/n", "3.9")
    assert session.value("/data/n") == "3"


def test_control_characters_are_stripped_and_line_breaks_stay() -> None:
    session = started("<a/>", "", inputs("a"))
    session.set("/data/a", "one\x00\x07\ntwo\ud800")
    assert session.value("/data/a") == "one\ntwo"
    assert Session.load(session.program, json.loads(json.dumps(session.dump())), host()).value("/data/a") == "one\ntwo"


def test_accepts_tells_without_changing_anything() -> None:
    session = started("<n>5</n>", '<bind nodeset="/data/n" type="int" constraint=". &lt; 10"/>', inputs("n"))
    before = session.dump()
    assert [session.accepts("/data/n", value) for value in ("9", "10", "x", "")] == [True, False, False, True]
    assert session.dump() == before


def test_several_choices_are_kept_in_the_order_of_the_form() -> None:
    items = "".join(f"<item><label>{x}</label><value>{x}</value></item>" for x in "abc")
    session = started("<s/>", "", f'<select ref="/data/s">{items}</select>')
    session.set("/data/s", "c a a")
    assert session.value("/data/s") == "a c"


def test_an_unknown_path_is_a_bug_of_the_caller() -> None:
    session = started("<a/>", "", inputs("a"))
    for path in ("/data/nope", "data/a", "/data/a[2]", "/data", ""):
        with pytest.raises(KeyError):
            session.set(path, "x")


# ---- rows ---------------------------------------------------------------------------------------------------------
def test_the_number_of_rows_is_capped() -> None:
    body = REPEAT.replace("<repeat ", '<repeat jr:count="/data/n" ')
    session = started("<n/><r><q/></r>", '<bind nodeset="/data/n" type="int"/>', body)
    session.set("/data/n", "2000000000")
    assert session.rows("/data/r") == ROWS
    session.set("/data/n", "-5")
    assert session.rows("/data/r") == 0
    assert ALL_ROWS >= ROWS


def test_a_counted_repeat_takes_no_rows_from_people() -> None:
    session = started("<r><q/></r>", "", REPEAT.replace("<repeat ", '<repeat jr:count="2" '))
    assert session.rows("/data/r") == 2
    assert session.can_add("/data/r") is False
    assert session.add_row("/data/r") == 0


def test_rows_can_be_added_up_to_the_cap_and_removed_with_their_answers() -> None:
    session = started("<r><q/></r>", "", REPEAT)
    assert session.add_row("/data/r") == 2
    session.set("/data/r[1]/q", "one")
    session.set("/data/r[2]/q", "two")
    assert session.remove_row("/data/r", 1) is True
    assert session.remove_row("/data/r", 9) is False
    assert session.value("/data/r[1]/q") == "two"
    while session.add_row("/data/r"):
        pass
    assert session.rows("/data/r") == ROWS


# ---- expressions --------------------------------------------------------------------------------------------------
def test_a_pattern_that_explodes_is_given_up_quickly() -> None:
    session = started("<a/>", """<bind nodeset="/data/a" constraint="regex(., '^(a+)+$')"/>""", inputs("a"))
    session.set("/data/a", "a" * 5000 + "!")
    begun = time.monotonic()
    assert session.valid("/data/a") is False
    assert time.monotonic() - begun < 2


@pytest.mark.parametrize("expression", ["count(1)", "position('x')", "1 div 0 - 1 div 0", "substr('a', 'b')", "."])
def test_an_expression_that_fails_is_blank(expression: str) -> None:
    session = started("<a/><c/>", f'<bind nodeset="/data/c" calculate={quoteattr(expression)}/>', inputs("a"))
    session.set("/data/a", "1")
    assert session.value("/data/c") == ""


@pytest.mark.parametrize(
    ("expression", "words"),
    [
        ("/data/a = ", "missing"),
        ("nope(1)", "no function nope()"),
        ("selected(/data/a)", "too few"),
        ("'open", "not closed"),
        ("${a} = 1", "${name}"),
        ("(" * 300 + "1" + ")" * 300, "nested"),
        ("regex(/data/a, '[')", "pattern"),
    ],
)
def test_a_faulty_expression_says_where_and_why(expression: str, words: str) -> None:
    with pytest.raises(FormError) as caught:
        compile_model(form("<a/><b/>", f'<bind nodeset="/data/b" relevant={quoteattr(expression)}/>', inputs("a")))
    assert (caught.value.path, caught.value.attribute, caught.value.value) == ("/data/b", "relevant", expression)
    assert words in caught.value.why


def test_questions_that_depend_on_each_other_are_named() -> None:
    binds = '<bind nodeset="/data/a" calculate="/data/b + 1"/><bind nodeset="/data/b" relevant="/data/a &gt; 1"/>'
    with pytest.raises(FormError) as caught:
        compile_model(form("<a/><b/>", binds, inputs("b")))
    assert "/data/a" in caught.value.why
    assert "/data/b" in caught.value.why


def test_a_row_may_read_the_row_before() -> None:
    binds = '<bind nodeset="/data/r/t" calculate="coalesce(../preceding-sibling::r[last()]/t, 0) + ../q"/>'
    session = started("<r><q/><t/></r>", binds, REPEAT)
    for row in (1, 2, 3):
        if row > 1:
            session.add_row("/data/r")
        session.set(f"/data/r[{row}]/q", str(row))
    assert session.value("/data/r[3]/t") == "6"
    session.set("/data/r[1]/q", "10")
    assert session.value("/data/r[3]/t") == "15"


# ---- a session read back ------------------------------------------------------------------------------------------
def test_what_reads_the_date_is_computed_again_on_another_day() -> None:
    program = compile_model(form("<d/>", '<bind nodeset="/data/d" calculate="today()"/>'))
    kept = Session.start(program, host()).dump()
    assert Session.load(program, kept, host(now=NOW + timedelta(hours=2))).value("/data/d") == "2026-03-15"
    assert Session.load(program, kept, host(now=NOW + timedelta(days=2))).value("/data/d") == "2026-03-17"


def test_answers_move_to_a_newer_version_of_the_form() -> None:
    old = started("<a/><gone/><r><q/></r>", "", inputs("a", "gone") + REPEAT)
    for path, value in (("/data/a", "one"), ("/data/gone", "x"), ("/data/r[1]/q", "row")):
        old.set(path, value)
    old.add_row("/data/r")
    binds = """<bind nodeset="/data/new" calculate="concat(/data/a, '!')"/>"""
    new = compile_model(form("<new/><a/><r><q/></r>", binds, inputs("a") + REPEAT))
    session = Session.load(new, json.loads(json.dumps(old.dump())), host())
    assert (session.value("/data/a"), session.value("/data/new")) == ("one", "one!")
    assert (session.rows("/data/r"), session.value("/data/r[1]/q")) == (2, "row")


# ---- texts --------------------------------------------------------------------------------------------------------
ITEXT = """<itext>
  <translation lang="English (en)" default="true()"><text id="l"><value>Hello <output value="/data/a"/></value>
    <value form="image">jr://images/x.png</value></text>
    <text id="h"><value>Hint</value><value form="guidance">More</value></text>
    <text id="m"><value>Too long</value></text>
    <text id="o"><value>Only English</value></text></translation>
  <translation lang="Français (fr)"><text id="l"><value>Bonjour <output value="/data/a"/></value></text>
    <text id="h"><value>-</value></text><text id="m"><value>Trop long</value></text></translation></itext>"""
TEXTS = (
    "<a>Ana</a><b/>",
    """<bind nodeset="/data/b" jr:constraintMsg="jr:itext('m')" jr:requiredMsg="Plain"/>""",
    """<input ref="/data/a"><label ref="jr:itext('o')"/></input>
       <input ref="/data/b"><label ref="jr:itext('l')"/><hint ref="jr:itext('h')"/></input>""",
    ITEXT,
)


def test_texts_are_given_in_the_language_asked_for_with_answers_filled_in() -> None:
    session = started(*TEXTS, language="fr")
    assert session.label("/data/b") == "Bonjour Ana"
    assert session.label("/data/b", "en") == "Hello Ana"
    assert session.label("/data/b", "fr-BF") == "Bonjour Ana"
    assert session.constraint_message("/data/b") == "Trop long"
    assert session.required_message("/data/b") == "Plain"


def test_a_text_that_is_not_translated_falls_back_to_the_default_language() -> None:
    session = started(*TEXTS, language="fr")
    assert session.label("/data/a") == "Only English"
    assert session.hint("/data/b") == "Hint"
    assert session.guidance("/data/b") == "More"


def test_choices_carry_their_label_and_the_other_columns_of_their_list() -> None:
    rows = "<item><name>x</name><label>Ex</label><region>n</region></item>"
    lists = f'<instance id="l"><root>{rows}</root></instance>'
    body = """<select1 ref="/data/s"><itemset nodeset="instance('l')/root/item"><value ref="name"/>
      <label ref="label"/></itemset></select1>"""
    (choice,) = started("<s/>", lists, body).choices("/data/s")
    assert (choice.name, choice.label, dict(choice.attributes)) == ("x", "Ex", {"region": "n"})


def test_preloads_come_from_the_host() -> None:
    binds = """<bind nodeset="/data/u" jr:preload="property" jr:preloadParams="username"/>
      <bind nodeset="/data/d" type="date" jr:preload="date" jr:preloadParams="today"/>"""
    session = started("<u/><d/>", binds)
    assert (session.value("/data/u"), session.value("/data/d")) == ("ana", "2026-03-15")
    assert session.value("/data/meta/instanceID").startswith("uuid:id-")


def test_one_program_serves_many_sessions() -> None:
    program: Program = compile_model(form("<a/>", "", inputs("a")))
    one, two = Session.start(program, host()), Session.start(program, host())
    one.set("/data/a", "1")
    assert two.value("/data/a") == ""
