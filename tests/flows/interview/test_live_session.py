"""Handing the live session back to the next turn saves time, and changes nothing."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from flows.interview.inputs import Input, Say
from flows.interview.interview import advance
from tests.flows.interview.talking import NOW, Talk
from tests.flows.interview.test_interview_properties import FORMS, any_input, play, quick


class Twice(Talk):
    """Every turn is taken twice: with the session read from JSON, and with the live one."""

    def __call__(self, *inputs: Input | str) -> Talk:
        for one in inputs:
            live = self.__dict__.setdefault("live", self.turn)
            input = Say(one, message_id=f"m{self.count + 1}") if isinstance(one, str) else one
            live = advance(
                self.form, live.interview, input, author="ana", now=NOW, channel="test", session=live.session
            )
            super().__call__(one)
            assert live.events == self.turn.events
            assert live.interview.to_json() == self.interview.to_json()
            self.live = live
        return self


@quick
@given(st.sampled_from(FORMS), st.lists(any_input, max_size=25))
def test_a_live_session_gives_the_same_turns_as_one_that_was_kept(form: str, given: list[object]) -> None:
    talk = Twice(form)
    for one in given:
        play(talk, one)


@quick
@given(st.sampled_from(FORMS), st.lists(st.sampled_from(["1", "2", "3", "yes", "Ada"]), max_size=25), st.data())
def test_answers_changed_again_and_again_give_the_same_turns(form: str, given: list[str], data: st.DataObject) -> None:
    talk = Twice(form)
    for one in given:
        play(talk, one)
        if data.draw(st.booleans()):
            play(talk, data.draw(any_input))
