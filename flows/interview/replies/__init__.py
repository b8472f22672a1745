"""What a person typed or sent → Answer or Refusal, by question type and language.

Pure: a reply that cannot be read is a value, nothing raises, and whatever is accepted reads again to the same value.

    read(type, said, choices=…, language="fr", today=…)            typed text
    read_file(name, media_type, size, accepts=QuestionType.FILE)   a file as the channel announces it
    inspect_bytes(name, data)                                      its content, once fetched
    clean(text)                                                    what is kept of a typed text
"""

from __future__ import annotations

from flows.interview.replies.content import inspect_bytes
from flows.interview.replies.files import MOST_BYTES, read_file, safe_name
from flows.interview.replies.folding import clean
from flows.interview.replies.reading import read
from flows.interview.replies.values import Answer, Note, Offered, Refusal, Reply

__all__ = [
    "MOST_BYTES",
    "Answer",
    "Note",
    "Offered",
    "Refusal",
    "Reply",
    "clean",
    "inspect_bytes",
    "read",
    "read_file",
    "safe_name",
]
