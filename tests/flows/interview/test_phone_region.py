"""A phone number as people write it at home is understood from the country of the invitation."""

from __future__ import annotations

from datetime import UTC, datetime

from flows.interview import events as e
from flows.interview import inputs
from flows.interview.interview import advance, start
from flows.interview.xlsform import load_form

NOW = datetime(2026, 3, 15, 10, 30, tzinfo=UTC)
FORM = """
| survey |      |       |       |                  |
|        | type | name  | label | bind::griot:kind |
|        | text | phone | Phone | phone            |
| settings |    |       |       |                  |
|        | form_id | namespaces | | |
|        | f    | griot="https://griot-guides.example/ns" | | |
"""


def test_a_national_number_is_completed_with_the_code_of_the_country() -> None:
    form = load_form(FORM.encode(), "md")
    turn = start(form, language="en", now=NOW, given={"phone_region": "BF"})
    turn = advance(form, turn.interview, inputs.Say("25 30 00 00"), now=NOW, author="1")
    assert [event.value for event in turn.events if isinstance(event, e.Recorded)] == ["+22625300000"]
