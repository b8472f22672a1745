"""A questionnaire on paper: any form laid out to be filled by hand, and what comes back compared with the answers.

    sheet_of(form, language=…, now=…)                what is printed, blank or with an interview's answers
    compare(form, interview, paper, filled, …)       what a filled paper says, question by question
    take_over(form, interview, paper, filled, …)     the same put on record, as far as it was chosen

Nothing on a paper is trusted: it is read by the same engine as what is said in a conversation, and nothing is put on
record that was not shown as a difference before.
"""

from __future__ import annotations

from flows.interview.paper.comparing import compare, take_over
from flows.interview.paper.differing import CAN_BE_TAKEN, Comparison, Difference
from flows.interview.paper.filled import Paper, Written
from flows.interview.paper.laying import sheet_of
from flows.interview.paper.sheet import Sheet

__all__ = ["CAN_BE_TAKEN", "Comparison", "Difference", "Paper", "Sheet", "Written", "compare", "sheet_of", "take_over"]
