"""More rows than a questionnaire holds are refused with the number there may be, never cut in silence."""

from __future__ import annotations

from flows.interview.events import Recorded, Refused, RowAdded
from flows.interview.inputs import Again, Edit, Skip
from flows.interview.logic.recalculation import ALL_ROWS, ROWS
from tests.flows.interview.talking import Talk

COUNTED = """
| survey | | | | | |
| | type | name | label | repeat_count | constraint |
| | integer | n | How many offices? | | . != 999 |
| | begin repeat | office | Office | coalesce(${n}, 0) | |
| | text | town | Town | | |
| | end repeat | | | | |
| | text | end | Remark | | |
"""
INSIDE = """
| survey | | | | |
| | type | name | label | repeat_count |
| | integer | n | How many inside each? | |
| | begin repeat | office | Office | |
| | begin repeat | desk | Desk | ${n} |
| | begin repeat | pen | Pen | ${n} |
| | text | colour | Colour? | |
| | end repeat | | | |
| | end repeat | | | |
| | end repeat | | | |
"""
UNKNOWN_IS_MANY = """
| survey | | | | |
| | type | name | label | repeat_count |
| | integer | n | How many? | |
| | begin repeat | office | Office | if(${n} = '', 500, ${n}) |
| | text | town | Town | |
| | end repeat | | | |
"""


def refused(talk: Talk) -> tuple[str, dict[str, object]]:
    said = talk.one(Refused)
    return said.reason, dict(said.values)


def test_a_count_over_the_cap_is_refused_and_nothing_is_recorded() -> None:
    talk = Talk(COUNTED)(str(ROWS + 1))
    assert refused(talk) == ("too_many_rows", {"most": ROWS})
    assert (talk.name, talk.value("/data/n"), talk.all(Recorded)) == ("n", "", [])
    talk(str(ROWS))
    assert (talk.name, talk.turn.session.rows("/data/office")) == ("town", ROWS)


def test_the_old_count_and_its_rows_are_kept() -> None:
    talk = Talk(COUNTED)("2", "Bobo", "Kaya", Edit("/data/n"), "1000")
    assert refused(talk) == ("too_many_rows", {"most": ROWS})
    assert talk.value("/data/n") == "2"
    assert talk.value("/data/office[2]/town") == "Kaya"


def test_the_forms_own_limit_speaks_first() -> None:
    assert refused(Talk(COUNTED)("999"))[0] == "constraint"


def test_a_skip_that_would_lead_to_too_many_rows_is_refused() -> None:
    talk = Talk(UNKNOWN_IS_MANY)("2", Edit("/data/n"), Skip())
    assert refused(talk) == ("too_many_rows", {"most": ROWS})
    assert talk.value("/data/n") == "2"


def test_a_row_that_does_not_fit_with_all_that_is_in_it_is_not_added() -> None:
    talk = Talk(INSIDE)("50", Edit("/data/office"), Again(True))
    assert refused(talk) == ("too_many_rows", {"most": ALL_ROWS})
    assert talk.all(RowAdded) == []
    assert talk.turn.session.rows("/data/office") == 1
