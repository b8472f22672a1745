"""An XForm document becomes a `Form`."""

from __future__ import annotations

import pytest

from flows.interview.form import FormError, Group, Question, QuestionType, Repeat, load

HEAD = """<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml"
  xmlns:jr="http://openrosa.org/javarosa" xmlns:odk="http://www.opendatakit.org/xforms"
  xmlns:griot="https://example.org/griot"><h:head><h:title>A form</h:title><model>"""
DOCUMENT = (
    HEAD
    + """<itext><translation lang="English (en)"/><translation lang="Français (fr)" default="true()"/></itext>
  <instance><data id="f" version="7"><t/><n/><note/><shown/><s/><m/><k/><x/><ok/><p/><doc/><pic/><sound/><film/><g/>
    <code/><calc/><hid/><grp><q/><inner><q/></inner></grp><r jr:template=""><a/><sub jr:template=""><b/></sub></r>
    <r><a/><sub><b/></sub></r></data></instance>
  <bind nodeset="/data/t" type="string" griot:section="A"/><bind nodeset="/data/n" type="int"/>
  <bind nodeset="/data/note" readonly="true()"/><bind nodeset="/data/shown" readonly="true()" calculate="1"/>
  <bind nodeset="/data/g" type="geopoint"/><bind nodeset="/data/code" type="barcode"/>
  <bind nodeset="/data/calc" calculate="1"/><bind nodeset="/data/x" type="int"/>
  <bind nodeset="/data/r" griot:section="R"/></model></h:head><h:body>
  <input ref="/data/t" appearance="multiline w1" rows="5"/><input ref="/data/n"/><input ref="/data/note"/>
  <input ref="/data/shown"/><select1 ref="/data/s"/><select ref="/data/m"/><odk:rank ref="/data/k"/>
  <range ref="/data/x" start="0" end="10" step="2"/><trigger ref="/data/ok"/>
  <upload ref="/data/doc" mediatype="application/*" accept=".pdf"/><upload ref="/data/pic" mediatype="image/*"/>
  <upload ref="/data/sound" mediatype="audio/*"/><upload ref="/data/film" mediatype="video/*"/>
  <input ref="/data/g"/><input ref="/data/code"/>
  <group appearance="field-list"><label>No node of its own</label><input ref="/data/p"/></group>
  <group ref="/data/grp"><input ref="/data/grp/q"/><group ref="/data/grp/inner"><input ref="q"/></group></group>
  <group ref="/data/r"><label>R</label><repeat nodeset="/data/r"><input ref="/data/r/a"/>
    <group ref="/data/r/sub"><repeat nodeset="/data/r/sub" jr:count="2"><input ref="/data/r/sub/b"/></repeat></group>
  </repeat></group></h:body></h:html>"""
)


def question(path: str) -> Question:
    node = load(DOCUMENT).nodes[path]
    assert isinstance(node, Question)
    return node


def test_a_form_says_what_it_is() -> None:
    form = load(DOCUMENT.encode())
    assert (form.id, form.version, form.title) == ("f", "7", "A form")
    assert [(one.name, one.code) for one in form.languages] == [("English (en)", "en"), ("Français (fr)", "fr")]
    assert form.default_language == "Français (fr)"


@pytest.mark.parametrize(
    ("name", "kind"),
    {
        "t": QuestionType.TEXT, "n": QuestionType.INTEGER, "note": QuestionType.NOTE, "s": QuestionType.SELECT_ONE,
        "m": QuestionType.SELECT_MULTIPLE, "k": QuestionType.RANK, "x": QuestionType.RANGE,
        "ok": QuestionType.ACKNOWLEDGE, "doc": QuestionType.FILE, "pic": QuestionType.IMAGE,
        "sound": QuestionType.AUDIO, "film": QuestionType.VIDEO, "g": QuestionType.GEOPOINT,
        "code": QuestionType.BARCODE, "calc": QuestionType.CALCULATE, "hid": QuestionType.HIDDEN,
        "shown": QuestionType.TEXT,
    }.items(),
)  # fmt: skip
def test_each_control_is_a_question_of_its_type(name: str, kind: QuestionType) -> None:
    assert question(f"/data/{name}").type is kind


def test_questions_keep_attributes_appearance_and_parameters() -> None:
    text = question("/data/t")
    assert dict(text.attributes) == {"section": "A"}
    assert text.appearance == {"multiline", "w1"}
    assert text.parameters["rows"] == "5"
    assert dict(question("/data/x").parameters) == {"start": "0", "end": "10", "step": "2"}
    assert question("/data/doc").parameters["accept"] == ".pdf"
    assert question("/data/shown").read_only is True


def test_groups_and_repeats_nest_in_the_order_of_the_body() -> None:
    form = load(DOCUMENT)
    nameless = next(node for node in form.root.children if isinstance(node, Group) and "/~" in node.path)
    assert [child.path for child in nameless.children] == ["/data/p"]
    repeat = form.nodes["/data/r"]
    inner = form.nodes["/data/r/sub"]
    assert isinstance(repeat, Repeat)
    assert isinstance(inner, Repeat)
    assert (repeat.counted, inner.counted, dict(repeat.attributes)) == (False, True, {"section": "R"})
    paths = [node.path for node in form.walk()]
    assert paths.index("/data/grp/q") < paths.index("/data/grp/inner/q") < paths.index("/data/r/sub/b")
    assert len(paths) == len(set(paths))
    assert set(paths) == set(form.nodes)


@pytest.mark.parametrize(
    ("document", "words"),
    [
        ("", "not well-formed"),
        ("<a>", "not well-formed"),
        ("<a/>", "no XForm"),
        (b"\xff\xfe\x00", "not well-formed"),
        (HEAD + "</model></h:head></h:html>", "instance is missing"),
        (DOCUMENT.replace('<input ref="/data/n"/>', '<input ref="/data/nowhere"/>'), "does not have"),
        ('<!DOCTYPE a [<!ENTITY x "y">]>' + DOCUMENT, "refused"),
        (HEAD + "<instance>" + "<g>" * 60 + "</g>" * 60 + "</instance></model></h:head></h:html>", "nested"),
    ],
)
def test_what_is_no_form_is_refused_in_plain_words(document: str | bytes, words: str) -> None:
    with pytest.raises(FormError) as caught:
        load(document)
    assert words in str(caught.value)
