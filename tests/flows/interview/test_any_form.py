"""Forms as people write them: what a person meets in each of them."""

from __future__ import annotations

import pytest

from bot.prompts import prompts
from flows.interview import events as e
from flows.interview import inputs
from flows.interview.answers import answers
from flows.interview.form import load
from flows.interview.play import play
from tests.flows.interview import nasty_forms as forms
from tests.flows.interview.talking import NOW, Talk, form_of


def layout(body: str) -> str:
    """An XForm whose instance keeps a and b in g, and rows of r with c and d."""
    return f"""<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml">
    <h:head><h:title>t</h:title><model><instance><data id="x"><g><a/><b/></g><r><c/><d/></r></data></instance>
    <bind nodeset="/data/g/a" type="string"/><bind nodeset="/data/g/b" type="int"/></model></h:head>
    <h:body>{body}</h:body></h:html>"""


def question(path: str) -> str:
    return f'<input ref="{path}"><label>{path[-1].upper()}</label></input>'


@pytest.mark.parametrize(
    "body",
    [
        f"<group><label>L</label>{question('/data/g/a')}{question('/data/g/b')}</group>",
        f'<group ref="/data/g">{question("/data/g/a")}<group>{question("/data/g/b")}</group></group>',
        f"<group>{question('/data/g/a')}</group>{question('/data/g/b')}",
        f'<group ref="/data/r">{question("/data/g/a")}{question("/data/g/b")}</group>',
    ],
)
def test_a_group_of_the_body_does_not_change_where_an_answer_stands(body: str) -> None:
    said = list(play(load(layout(body)), [{"text": "x"}, {"text": "2"}], now=NOW))
    assert [line["path"] for line in said if line["event"] == "recorded"] == ["/data/g/a", "/data/g/b"]
    assert said[-1]["event"] == "completed"


def test_a_layout_group_in_a_row_keeps_the_row() -> None:
    inner = f"<group>{question('/data/r/c')}<group>{question('/data/r/d')}</group></group>"
    form = load(layout(f'<repeat nodeset="/data/r">{inner}</repeat>'))
    said = list(play(form, [{"text": "x"}, {"text": "y"}, {"again": True}, {"text": "z"}], now=NOW))
    paths = [line["path"] for line in said if line["event"] == "recorded"]
    assert paths == ["/data/r[1]/c", "/data/r[1]/d", "/data/r[2]/c"]


def test_a_refused_count_costs_no_rows() -> None:
    talk = Talk(forms.COUNTED)("3", "Ana", "Bo", "Cy", "kept")
    talk(inputs.Edit("/data/n"), "0")
    assert talk.one(e.Refused).reason == "constraint"
    assert not talk.all(e.RowRemoved)
    assert [talk.value(f"/data/r[{row}]/name") for row in (1, 2, 3)] == ["Ana", "Bo", "Cy"]
    assert talk.value("/data/copy") == "kept"
    assert talk(inputs.Keep()).interview.completed


def test_rows_that_go_with_their_count_are_told_and_their_answers_forgotten() -> None:
    talk = Talk(forms.COUNTED)("3", "Ana", "Bo", "Cy", "x", inputs.Edit("/data/n"), "1")
    assert [event.path for event in talk.all(e.RowRemoved)] == ["/data/r[3]", "/data/r[2]"]
    assert talk.all(e.RowRemoved)[0].removed == ("/data/r[3]/name",)
    assert "Removed: Person 3." in "\n".join(line.text for p in prompts(talk.events, "en") for line in p.lines)
    talk(inputs.Edit("/data/n"), "2")
    assert talk.asked.path == "/data/r[2]/name"
    assert not talk.asked.current


def test_rows_in_rows_that_go_with_an_outer_count_are_told_once() -> None:
    talk = Talk(forms.ROWS_OF_ROWS)("2", "Bole", "0", "Ada", "2", "x", inputs.Again(False), "y", inputs.Again(False))
    assert talk.interview.completed
    talk(inputs.Edit("/data/villages"), "1")
    assert [event.path for event in talk.all(e.RowRemoved)] == ["/data/village[2]"]
    assert set(talk.interview.records) == {"/data/villages", "/data/village[1]/place", "/data/village[1]/homes"}


def test_what_a_new_or_removed_row_hides_and_shows_is_told_once() -> None:
    talk = Talk(forms.SHOWN_ROWS)("yes", "one", "no", inputs.Again(True), "two", "no", inputs.Again(False), "end")
    talk(inputs.Edit("/data/g/r"), inputs.Again(True))
    assert talk.one(e.SetAside).paths == ("/data/last",)
    talk("three", "no", inputs.Again(False))
    assert not talk.all(e.SetAside)
    talk(inputs.Remove("/data/g/r[1]"), inputs.Again(True))
    assert talk.one(e.CameBack).paths == ("/data/last",)
    assert talk.value("/data/g/r[2]/a") == "three"
    assert talk.interview.completed


def test_answers_in_rows_come_back_with_the_group_around_them() -> None:
    talk = Talk(forms.SHOWN_ROWS)("yes", "one", "yes", "b", inputs.Again(False), "end")
    talk(inputs.Edit("/data/any"), "no")
    assert len(talk.one(e.SetAside).paths) == 3
    talk(inputs.Edit("/data/any"), "yes")
    assert len(talk.one(e.CameBack).paths) == 3
    assert talk.interview.completed
    assert talk.value("/data/g/r[1]/gg/b") == "b"


def test_titles_of_a_table_are_shown_not_asked() -> None:
    talk = Talk(forms.TABLE)
    assert [event.label for event in talk.all(e.Told)] == ["First table"]
    assert talk.name == "x"
    talk("yes", "no")
    assert [event.label for event in talk.all(e.Told)] == ["Do you have…"]
    assert talk("yes").interview.completed
    assert [one.name for one in answers(talk.form, talk.interview, "en", now=NOW)] == ["x", "y", "z", "instanceID"]
    assert talk(inputs.Edit("/data/second/titles")).name == "titles"


@pytest.mark.parametrize("wanted", ["fr", "fr-BF", "fr_FR", "French", "français", "Français (fr)"])
def test_a_language_is_found_by_its_code_or_any_of_its_names(wanted: str) -> None:
    assert Talk(forms.LANGUAGES, wanted).interview.language == "fr"
    talk = Talk(forms.LANGUAGES, "ar")(inputs.Speak(wanted), "x")
    assert talk.asked.label == "B ?"
    assert [choice.label for choice in talk.asked.choices] == ["Oui", "No"]


def test_a_text_missing_in_one_language_is_shown_in_another() -> None:
    talk = Talk(forms.LANGUAGES, "ar")("x")
    assert talk.asked.label == "B ?"
    talk(inputs.Speak("Klingon"))
    assert talk.one(e.Refused).values == {"languages": "en, fr, ar"}


def test_an_acknowledgement_takes_any_yes_and_a_place_is_said_in_two_numbers() -> None:
    for yes in (inputs.Choose(("OK",)), inputs.Choose(("yes",)), "oui", "ok"):
        talk = Talk(forms.CALCULATED)("Ana", "Bo", inputs.Keep(), "3", inputs.Skip(), inputs.Skip(), "4", yes)
        assert talk.value("/data/ok") == "OK"
    talk("12.37 -1.53")
    assert talk.one(e.Recorded).display == "12.37, -1.53"


def test_a_choice_that_cannot_be_made_says_so_kindly() -> None:
    talk = Talk(forms.CASCADE_IN_ROWS)(
        "A land", "A one", "Tone", inputs.Skip(), inputs.Again(False), inputs.Edit("/data/country")
    )
    talk("B land")
    assert talk.name == "region"
    assert [choice.label for choice in talk.asked.choices] == ["B one"]
    talk("B one")
    assert [choice.label for choice in talk.asked.choices] == ["Tthree"]
    assert talk("1").interview.completed


def test_rows_made_from_chosen_names_follow_the_choice() -> None:
    talk = Talk(forms.CHOSEN_ROWS)(inputs.Choose(("flu", "cough")))
    assert talk.asked.label == "Days of Flu?"
    assert talk("four").asked.label == "Days of Cough?"
    assert [choice.label for choice in talk("five").asked.choices] == ["four", "five"]
    assert talk("five").asked.label == "Why five and not four?"
    talk(inputs.Edit("/data/ills"), inputs.Choose(("cough",)))
    assert talk.one(e.RowRemoved).path == "/data/r[2]"


def test_a_default_that_the_form_itself_refuses_can_be_skipped() -> None:
    talk = Talk(
        """
| survey | | | | | |
| | type | name | label | constraint | default |
| | date | day | Day | . > today() | 2010-06-15 |
| | text | after | After | | |
"""
    )
    assert talk(inputs.Skip()).name == "after"
    assert talk.value("/data/day") == ""


def test_a_form_with_nothing_to_ask_is_complete_at_once() -> None:
    talk = Talk(forms.NOTHING)
    assert talk.name == "Completed"
    assert talk("x").one(e.Refused).reason == "nothing_open"


def test_played_values_may_be_json_numbers_and_truths() -> None:
    said = list(play(form_of(forms.BOUNDS), [{"text": 3}, {"text": 4}, {"text": "1 mars 2025"}], now=NOW))
    assert [line["value"] for line in said if line["event"] == "recorded"] == ["3", "4", "2025-03-01"]
