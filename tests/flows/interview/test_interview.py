"""What an interview promises the person who answers."""

from __future__ import annotations

from flows.interview.events import (
    Asked,
    CameBack,
    Completed,
    Confided,
    CoreDone,
    Helped,
    Recorded,
    Refused,
    Reviewed,
    SetAside,
    Told,
)
from flows.interview.inputs import (
    Again,
    Back,
    Choose,
    Confide,
    Done,
    Edit,
    Help,
    Keep,
    Press,
    Resume,
    Review,
    Say,
    Skip,
    Speak,
    Unknown,
)
from tests.flows.interview.small_forms import CORE, KINDS, SOURCES, VISIT
from tests.flows.interview.talking import Talk


# ---- asking -------------------------------------------------------------------------------------------------------
def test_questions_are_asked_one_at_a_time_and_only_while_relevant() -> None:
    talk = Talk(VISIT)
    assert (talk.name, talk.asked.label) == ("visited", "Visited?")
    assert [choice.label for choice in talk.asked.choices] == ["Yes", "No"]
    assert talk("no").name == "remark"
    assert talk("nothing").name == "Completed"


def test_an_answer_is_recorded_with_who_said_it_when_in_which_language_and_through_what() -> None:
    talk = Talk(VISIT)("yes")
    recorded = talk.one(Recorded)
    assert (recorded.path, recorded.value, recorded.display, recorded.status) == (
        "/data/visited",
        "yes",
        "Yes",
        "answered",
    )
    record = talk.interview.records["/data/visited"]
    assert (record.author, record.at, record.language, record.channel) == (
        "ana",
        "2026-03-15T10:30:00+00:00",
        "en",
        "test",
    )


def test_labels_typed_in_any_language_of_the_form_are_answers() -> None:
    assert Talk(VISIT, "en")("Oui").value("/data/visited") == "yes"
    assert Talk(VISIT, "fr")("2").value("/data/visited") == "no"


def test_progress_counts_what_is_answered_of_what_is_foreseeable() -> None:
    talk = Talk(VISIT)("yes")
    assert talk.asked.place is not None
    assert (talk.asked.place.done, talk.asked.place.total) == (1, 4)


def test_notes_are_told_on_the_way_to_the_next_question_and_only_once() -> None:
    talk = Talk(CORE)
    assert talk.one(Told).label == "Welcome"
    assert not talk("x").all(Told)
    assert not talk(Back()).all(Told)


def test_groups_that_only_arrange_questions_are_walked_through() -> None:
    from flows.interview.form import load
    from flows.interview.interview import start
    from tests.flows.interview.talking import NOW

    form = load(
        """<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml">
<h:head><h:title>T</h:title><model><instance><data id="t"><a/></data></instance><bind nodeset="/data/a" type="string"/>
</model></h:head><h:body><group><label>Layout</label><input ref="/data/a"><label>A</label></input></group></h:body>
</h:html>"""
    )
    asked = start(form, language="en", now=NOW).events[-1]
    assert isinstance(asked, Asked)
    assert (asked.path, asked.place and asked.place.section) == ("/data/a", "Layout")


# ---- refusing -----------------------------------------------------------------------------------------------------
def test_the_forms_own_words_refuse_an_answer_and_nothing_is_recorded() -> None:
    talk = Talk(VISIT)("yes", "Rosso", "0")
    refused = talk.one(Refused)
    assert (refused.reason, refused.message) == ("constraint", "At least one day.")
    assert talk.name == "days"
    assert "/data/days" not in talk.interview.records


def test_a_required_question_is_neither_skipped_nor_left_unknown() -> None:
    talk = Talk(VISIT)
    assert talk(Skip()).one(Refused).reason == "required"
    assert talk(Unknown()).one(Refused).reason == "unknown_not_allowed"
    assert talk.name == "visited"
    assert "skip" not in talk.asked.controls


def test_skipped_and_unknown_are_different_things_on_record() -> None:
    talk = Talk(VISIT)("yes", Skip(), Unknown(), Unknown())
    completed = talk.one(Completed)
    assert (completed.answered, completed.skipped, completed.unknown) == (1, 1, 2)


def test_i_do_not_know_can_be_typed() -> None:
    assert Talk(VISIT)("yes", "Je ne sais pas").one(Recorded).status == "unknown"


def test_a_near_miss_is_offered_back_and_taken_by_its_button() -> None:
    talk = Talk(KINDS)("x", Done(), "aple")
    assert [choice.name for choice in talk.one(Refused).suggestions] == ["apple"]
    assert not talk.all(Asked)
    assert talk.press("o0").asked.chosen == ("apple",)


def test_an_old_button_is_answered_kindly_and_a_double_press_is_silent() -> None:
    talk = Talk(VISIT)
    token = talk.asked.token
    talk(Press(f"{token}:c0"))
    assert talk.name == "place"
    assert talk(Press(f"{token}:c0")).events == ()
    talk(Press(f"{token}:c1"))
    assert talk.one(Refused).reason == "stale"
    assert talk.name == "place"
    assert talk.value("/data/visited") == "yes"


def test_actions_fit_a_button() -> None:
    assert len(f"{Talk(VISIT).asked.token}:c99".encode()) <= 64


# ---- going back, editing ------------------------------------------------------------------------------------------
def test_going_back_and_giving_the_same_answer_changes_nothing() -> None:
    talk = Talk(VISIT)("yes", "Rosso")
    before = talk.interview.to_json()["session"], talk.interview.records["/data/place"].revision
    talk(Back())
    assert (talk.name, talk.asked.current) == ("place", "Rosso")
    talk("Rosso")
    assert talk.name == "days"
    assert (talk.interview.to_json()["session"], talk.interview.records["/data/place"].revision) == before


def test_back_at_the_first_question_says_so() -> None:
    assert Talk(VISIT)(Back()).one(Refused).reason == "at_start"


def test_after_an_edit_the_person_is_where_they_were() -> None:
    talk = Talk(VISIT)("yes", "Rosso", Edit("/data/visited"))
    assert talk.name == "visited"
    assert talk(Keep()).name == "days"
    assert talk(Edit("/data/place"), "Diama").name == "days"
    assert talk.one(Recorded).old == "Rosso"
    assert talk.interview.records["/data/place"].revision == 1


def test_what_an_edit_makes_irrelevant_is_told_kept_and_comes_back() -> None:
    talk = Talk(VISIT)("yes", "Rosso", "3", Edit("/data/visited"), Choose(("no",)))
    assert talk.one(SetAside).paths == ("/data/place", "/data/days")
    assert talk.name == "remark"
    talk(Edit("/data/visited"), Choose(("yes",)))
    assert talk.one(CameBack).labels == ("Where?", "How many days?")
    assert talk.value("/data/place") == "Rosso"
    assert talk.name == "remark"


def test_an_answer_made_wrong_by_another_is_asked_again() -> None:
    talk = Talk(
        """
| survey | | | | |
| | type | name | label | constraint |
| | integer | low | Low | |
| | integer | high | High | . >= ${low} |
"""
    )("1", "2", Edit("/data/low"), "5")
    assert talk.one(Refused).reason == "no_longer_valid"
    assert talk.name == "high"
    assert talk("6").name == "Completed"


def test_a_path_that_is_no_question_is_refused() -> None:
    for path in ("", "/data", "/data/nothing", "/data/place", "/data/place[3]", "nonsense[", "/data/remark/x"):
        assert Talk(VISIT)(Edit(path)).one(Refused).reason in ("no_such_question", "not_asked_now")


def test_a_completed_interview_can_still_be_edited() -> None:
    talk = Talk(VISIT)("no", "none")
    assert talk.interview.state == "completed"
    talk(Edit("/data/remark"), "much")
    assert talk.name == "Completed"
    assert talk("hello").one(Refused).reason == "nothing_open"


# ---- core first ---------------------------------------------------------------------------------------------------
def test_core_questions_come_first_then_the_offer_then_the_rest() -> None:
    talk = Talk(CORE)
    asked = [talk.name]
    for given in ("1", "2", Again(False), "3", Again(True), "4", "5"):
        asked.append(talk(given).name)
    assert asked == ["a", "c", "repeat", "e", "rest", "b", "d", "Completed"]


def test_declining_the_rest_leaves_it_open() -> None:
    talk = Talk(CORE)("1", "2", Again(False), "3", Again(False))
    assert talk.one(CoreDone).left == 2
    assert talk.interview.state == "core done"
    assert talk(Resume()).name == "rest"
    assert talk("oui").name == "b"


# ---- around the questions -----------------------------------------------------------------------------------------
def test_the_language_changes_at_any_moment_and_the_question_is_put_again() -> None:
    talk = Talk(VISIT, "en")(Speak("fr"))
    assert talk.asked.label == "Visité ?"
    assert talk.interview.language == "fr"
    assert talk(Speak("xx")).one(Refused).reason == "language"


def test_help_gives_guidance_and_the_question_again() -> None:
    talk = Talk(
        """
| survey | | | | | |
| | type | name | label | hint | guidance_hint |
| | text | a | A | short | long story |
"""
    )
    assert "help" in talk.asked.controls
    helped = talk(Help()).one(Helped)
    assert (helped.hint, helped.guidance) == ("short", "long story")
    assert talk.name == "a"


def test_any_answer_can_be_confidential_before_and_after() -> None:
    talk = Talk(VISIT)(Confide(), "yes")
    assert talk.one(Recorded).confidential
    talk("Rosso", Confide(path="/data/place"))
    assert talk.one(Confided).path == "/data/place"
    assert talk.interview.records["/data/place"].confidential
    assert not talk(Confide(False, "/data/place")).interview.records["/data/place"].confidential


def test_a_review_lists_every_answer_and_its_numbers_lead_back() -> None:
    talk = Talk(SOURCES)("Ana", "Census", "2019", Again(False), Review())
    review = talk.one(Reviewed)
    assert [(entry.number, entry.path) for entry in review.entries if not entry.is_row] == [
        (1, "/data/who"),
        (3, "/data/source[1]/title"),
        (4, "/data/source[1]/year"),
    ]
    assert talk.press("e3").asked.path == "/data/source[1]/title"
    talk("Census of 2019", Review())
    assert talk.press("r2").name == "remove"
    assert talk.press("n").name == "last"


def test_values_known_beforehand_are_in_the_form() -> None:
    talk = Talk(
        """
| survey | | | | |
| | type | name | label | relevant |
| | hidden | role | | |
| | text | a | For you | ${role} = 'expert' |
| | text | b | For all | |
""",
        role="expert",
    )
    assert talk.name == "a"


def test_a_live_session_and_a_loaded_one_say_the_same() -> None:
    from flows.interview.interview import advance
    from tests.flows.interview.talking import NOW

    talk = Talk(SOURCES)("Ana", "Census")
    loaded = advance(talk.form, talk.interview, Say("2019"), author="x", now=NOW)
    live = advance(talk.form, talk.interview, Say("2019"), author="x", now=NOW, session=talk.turn.session)
    assert (live.interview.to_json(), live.events) == (loaded.interview.to_json(), loaded.events)


def test_asked_events_are_json() -> None:
    import json

    talk = Talk(VISIT)
    assert json.loads(json.dumps([event.to_json() for event in talk.events]))[-1]["event"] == "asked"
    assert isinstance(talk.events[-1], Asked)
