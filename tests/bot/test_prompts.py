"""What the prompts of an interview promise: they read well on a phone, in French and in English."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.layout import arranged
from bot.messages import Button, Prompt
from bot.prompts import command_of, prompts, refusal
from flows.i18n import languages, text
from flows.interview import events as e
from flows.interview.form import Choice
from flows.interview.scope import OUTSIDE, WAITING, WITH_COLLEAGUE

ROOT = Path(__file__).parents[2]


def choices(*labels: str) -> tuple[Choice, ...]:
    return tuple(Choice(f"c{number}", label) for number, label in enumerate(labels))


def asked(**values: object) -> e.Asked:
    return e.Asked(**{"path": "/data/q", "type": "text", "label": "Question ?", "token": "a1", **values})  # type: ignore[arg-type]


def one(*events: e.Event, language: str = "fr") -> Prompt:
    (prompt,) = prompts(events, language, scope="7")
    return prompt


def labels(prompt: Prompt) -> list[list[str]]:
    return [[button.label for button in row] for row in prompt.buttons]


def lines(prompt: Prompt) -> list[str]:
    return [line.text for line in prompt.lines]


def test_a_question_shows_place_text_hint_and_the_ways_out() -> None:
    place = e.Place("Sources", 2, 5, 6, 18)
    prompt = one(asked(hint="Un nom.", place=place, row_label="Source 2", controls=("back", "skip", "unknown", "help")))
    assert [(line.style, line.text) for line in prompt.lines] == [
        ("progress", "Partie\u00a02 sur\u00a05\u00a0: Sources · 6\u00a0sur\u00a018\nSource 2"),
        ("question", "Question ?"),
        ("hint", "Un nom."),
    ]
    assert labels(prompt) == [["Retour", "Passer"], ["Je ne sais pas", "Aide"]]
    assert prompt.key == "7.a1"


def test_each_pass_says_how_far_it_is() -> None:
    for phase, said in (("core", "Questions essentielles"), ("rest", "Questions complémentaires")):
        prompt = one(asked(place=e.Place("", 0, 0, 12, 22, phase)))  # type: ignore[arg-type]
        assert lines(prompt)[0] == f"{said}\u00a0: 12\u00a0sur\u00a022"


def test_what_is_with_a_colleague_is_counted_apart() -> None:
    prompt = one(asked(place=e.Place("", 0, 0, 12, 22, away=3)))
    assert lines(prompt)[0] == "12\u00a0sur\u00a022 · chez un collègue\u00a0: 3"


def test_who_waits_for_a_colleague_hears_for_what_and_may_look_through_the_answers() -> None:
    prompt = one(e.Awaited(("Les sources", "Le cycle"), 2, "a"))
    assert [line.text for line in prompt.lines if line.style == "item"] == ["Les sources", "Le cycle"]
    assert labels(prompt) == [["Revoir mes réponses"]]
    rested = one(e.Awaited(("Les sources",), 0, "a", rest=4))
    assert labels(rested) == [["Continuer"], ["Revoir mes réponses"]]


def test_a_colleague_whose_part_is_complete_is_not_told_that_the_questionnaire_is() -> None:
    scoped, whole = one(e.Completed(1, 0, 0, "a", scoped=True)), one(e.Completed(1, 0, 0, "a"))
    assert lines(scoped)[0] != lines(whole)[0]
    assert (scoped.buttons, labels(whole)) == ((), [["Revoir mes réponses"]])


def test_few_short_choices_are_buttons_and_many_or_long_ones_a_numbered_list() -> None:
    few = one(asked(type="select_one", choices=choices("Oui", "Non")))
    assert labels(few) == [["Oui", "Non"]]
    long = one(asked(type="select_one", choices=choices("Oui", "Oui, " + "très " * 10)))
    assert "1. Oui\n2. Oui, " in long.lines[1].text
    assert labels(long) == [["1", "2"]]
    many = one(asked(type="select_one", choices=choices(*"abcdefghijkl")))
    assert labels(many) == [["1", "2", "3", "4", "5", "6"], ["7", "8", "9", "10", "11", "12"]]
    assert many.buttons[1][5].action == "7.a1:c11"


def test_a_very_long_list_is_answered_by_typing() -> None:
    prompt = one(asked(type="select_one", choices=choices(*(f"choix {n}" for n in range(200)))))
    assert prompt.buttons == ()
    assert text("interview.how_search", "fr") in lines(prompt)


def test_ticks_change_in_place() -> None:
    event = asked(
        type="select_multiple", choices=choices("Un", "Deux"), chosen=("c1",), refreshed=True, controls=("done",)
    )
    prompt = one(event)
    assert prompt.edit
    assert [button.ticked for button in prompt.buttons[0]] == [False, True]
    assert labels(prompt)[-1] == ["Terminé"]


def test_an_answered_question_keeps_its_text_shows_the_answer_and_loses_its_buttons() -> None:
    recorded = e.Recorded("/data/q", "yes", "", "answered", "Oui", "fr", 0, label="Question ?", token="a1")
    resolved, following = prompts([recorded, asked(token="a2")], "fr", scope="7")
    assert (resolved.key, resolved.edit, resolved.buttons) == ("7.a1", True, ())
    assert [(line.style, line.text) for line in resolved.lines] == [("question", "Question ?"), ("quote", "Oui")]
    assert (following.key, following.edit) == ("7.a2", False)


def test_the_parts_of_a_long_answer_share_one_message_that_loses_its_buttons_at_the_end() -> None:
    first, second = one(e.Added("/data/q", 1, 10, "a1")), one(e.Added("/data/q", 2, 20, "a1"))
    recorded = e.Recorded("/data/q", "x", "", "answered", "x", "fr", 0, label="Question ?", token="a1", parts=2)
    _, noted, following = prompts([recorded, asked(token="a2")], "fr", scope="7")
    assert [prompt.key for prompt in (first, second, noted, following)] == ["7.a1+", "7.a1+", "7.a1+", "7.a2"]
    assert [prompt.edit for prompt in (first, second, noted, following)] == [False, True, True, False]
    assert (bool(first.buttons), bool(second.buttons), noted.buttons) == (True, True, ())
    assert noted.priority > following.priority


def test_refusals_and_what_changed_stand_before_the_question_in_one_message() -> None:
    prompt = one(e.SetAside(("/data/x",), ("Où ?",)), e.Refused("/data/q", "stale"), asked())
    assert [line.style for line in prompt.lines] == ["body", "item", "error", "question"]


def test_a_note_is_a_message_of_its_own_and_stays_when_the_question_is_answered() -> None:
    note, question = prompts(
        [e.Told("/data/n", "Lisez ceci."), e.Told("/data/m", "Et cela."), asked()], "fr", scope="7"
    )
    assert (lines(note), note.key) == (["Lisez ceci.", "Et cela."], "")
    assert [line.style for line in question.lines] == ["question"]


def test_suggestions_are_buttons_of_their_own() -> None:
    prompt = one(e.Refused("/data/q", "choice_unclear", {"said": "bor"}, "", choices("Bordeaux", "Bornéo"), "a1"))
    assert [button.action for row in prompt.buttons for button in row] == ["7.a1:o0", "7.a1:o1", "7.a1:m"]


def test_the_forms_own_message_is_shown_instead_of_ours() -> None:
    assert refusal(e.Refused("/data/q", "constraint", {}, "Trop petit."), "fr") == "Trop petit."


def test_rows_the_rest_and_removals_are_yes_or_no() -> None:
    for kind in ("repeat", "first", "rest", "remove"):
        prompt = one(asked(type=kind, label="Source", row_label="Source 1", rows=1))
        assert [button.action for button in prompt.buttons[0]] == ["7.a1:y", "7.a1:n"]


def test_a_place_is_asked_for_by_sharing_it() -> None:
    assert one(asked(type="geopoint")).ask_location


def test_texts_of_or_other_are_translated() -> None:
    assert "Veuillez préciser." in lines(one(asked(label="Specify other.")))


def test_arabic_reads_from_the_right() -> None:
    assert one(asked(), language="ar").rtl


def test_a_review_numbers_answers_and_turns_pages_in_place() -> None:
    entries = (
        e.Entry(9, "/data/r[1]", "Source 1", "", "", is_row=True, section="Sources", row_label="Source 1"),
        e.Entry(10, "/data/r[1]/t", "Titre", "Registre", "answered", True, section="Sources", row_label="Source 1"),
    )
    prompt = one(e.Reviewed(entries, 1, 3, "a1", refreshed=True))
    assert prompt.edit
    assert "10. Titre\n→ Registre (confidentiel)" in lines(prompt)
    actions = [button.action for row in prompt.buttons for button in row]
    assert actions == ["7.a1:e10", "7.a1:r9", "7.a1:p0", "7.a1:p2", "7.a1:m"]


def test_a_very_long_answer_is_not_repeated() -> None:
    recorded = e.Recorded("/data/q", "x" * 5000, "", "answered", "x" * 5000, "fr", 0, label="Q", token="a1")
    assert lines(one(recorded))[1] == "Réponse enregistrée (5000 caractères)."


def test_every_event_reads_in_every_language() -> None:
    place = e.Place("S", 1, 2, 0, 3)
    events: list[e.Event] = [
        e.Added("/q", 2, 30, "a"),
        e.Awaited(("Sources", "Cycle"), 3, "a", rest=2),
        e.CameBack(("/q",), ("Q",)),
        e.Completed(1, 2, 3, "a"),
        e.Completed(1, 2, 3, "a", scoped=True),
        e.Confided("/q", "Q", True),
        e.Confided("/q", "Q", False),
        e.CoreDone(4, "a"),
        e.Helped("/q", "Q"),
        e.Paused(place, "a"),
        e.Recorded("/q", "", "x", "skipped", "", "fr", 1, label="Q"),
        e.Recorded("/q", "", "x", "unknown", "", "fr", 1, label="Q", token="a"),
        e.Recorded("/q", "", "x", "cleared", "", "fr", 1, label="Q"),
        e.Reviewed((), 0, 1, "a"),
        e.RowRemoved("/r[1]", "R 1"),
        e.Spoke("fr"),
        *(asked(type=str(kind), place=place, parameters={"link": "yes"}) for kind in _types()),
        *(asked(parameters={"kind": kind}) for kind in ("email", "phone", "url", "year")),
    ]
    for language in languages():
        for prompt in prompts(events, language):
            for line in prompt.lines:
                assert "{" not in line.text


def _types() -> list[str]:
    from flows.interview.form import QuestionType

    return [*QuestionType, "repeat", "first", "rest", "remove"]


def _reasons() -> list[str]:
    """Every reason that the engine's own code refuses with."""
    found: set[str] = set()
    for path in (ROOT / "flows" / "interview").glob("*.py"):
        source = path.read_text(encoding="utf-8")
        found |= set(re.findall(r'refuse\(\s*sitting,\s*[^,]+?,\s*"([a-z_]+)"', source))
    found |= {"unknown_not_allowed", "required", "no_longer_valid", "no_such_question", "not_asked_now"}
    return sorted(found | {WITH_COLLEAGUE, OUTSIDE, WAITING, "question_gone"})


@pytest.mark.parametrize("reason", _reasons())
def test_every_refusal_has_its_sentence_in_every_language(reason: str) -> None:
    values = dict.fromkeys(("limit", "left", "rows", "most", "languages", "part"), "3")
    sentences = [refusal(e.Refused("/q", reason, values), language) for language in languages()]
    assert len(set(sentences)) == len(sentences)


def test_buttons_share_a_row_only_where_their_labels_fit() -> None:
    assert [len(row) for row in arranged([Button("Oui"), Button("Non"), Button("Peut-être bien")])] == [2, 1]
    assert [len(row) for row in arranged([Button("x" * 30)] * 3)] == [1, 1, 1]
    assert arranged([]) == []


def test_control_buttons_have_commands_and_answers_have_none() -> None:
    assert command_of("a1:b") == "back"
    assert command_of("a1:c3") == ""
    assert command_of("a1:p2") == ""


def test_a_question_put_again_below_its_help_shows_only_what_is_needed() -> None:
    place = e.Place("Sources", 2, 5, 6, 18)
    helped = e.Helped("/data/q", "Question ?", "", "Définition.")
    (prompt,) = prompts([helped, asked(hint="Un nom.", place=place)], "fr")
    assert lines(prompt) == ["Aide", "Définition.", "Question ?"]


def test_who_answers_may_read_everything_before_sending() -> None:
    prompt = one(asked(type="select_one", choices=choices("Envoyer", "Plus tard"), controls=("review", "back")))
    assert labels(prompt) == [["Envoyer", "Plus tard"], ["Revoir mes réponses"], ["Retour"]]


def test_a_hint_of_the_form_takes_the_place_of_the_instruction_for_its_kind() -> None:
    bare = one(asked(parameters={"kind": "phone"}))
    hinted = one(asked(hint="Avec l’indicatif.", parameters={"kind": "phone"}))
    assert [line.style for line in bare.lines] == ["question", "example"]
    assert [line.style for line in hinted.lines] == ["question", "hint"]


def test_a_long_answer_refused_says_that_its_text_is_kept() -> None:
    prompt = one(e.Refused("/data/q", "constraint"), asked(long=True, controls=("done", "undo")))
    assert text("interview.how_long_unfinished", "fr") in lines(prompt)


def test_a_row_that_never_held_an_answer_goes_without_a_word() -> None:
    prompt = one(e.RowRemoved("/data/r[1]", "Source 1"), asked())
    assert [line.text for line in prompt.lines] == ["Question ?"]


def test_a_page_of_long_answers_does_not_take_the_place_of_another() -> None:
    entry = e.Entry(1, "/data/t", "Titre", "mot " * 1000, "answered")
    assert not one(e.Reviewed((entry,), 1, 3, "a1", refreshed=True)).edit
