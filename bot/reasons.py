"""Why an answer is asked again, in words above its question, and what its "keep" button then says."""

from __future__ import annotations

from bot.messages import Line
from flows.i18n import MissingText, text
from flows.interview import events as e

LONGEST = 1000  # characters of a remark above its question; a longer one is a message of its own
_KEPT = {"yearly": "button_still_right", "successor": "button_right"}


def reason(event: e.Asked, language: str) -> list[Line]:
    """The reason, and the words of whoever asks again as a quotation; nothing for a question that is not asked again.

    A long remark is shown apart, before the question, and not again when the question is shown in place.
    """
    if not event.again:
        return []
    lines = [Line(_sentence(event, language), "hint")]
    words = "" if event.again == "changed" else event.note
    if words:
        lines.append(Line(words, "quote"))
    if event.was:
        lines.append(Line(text("interview.again_was", language), "hint"))
        lines.append(Line(event.was, "quote"))
    return lines


def is_apart(event: e.Asked) -> bool:
    """Whether the reason is too long to stand above its question."""
    return len(event.note) + len(event.was) > LONGEST


def button_of_keep(event: e.Asked) -> str:
    """The name of the text on the button that keeps the answer."""
    return _KEPT.get(event.again, "button_maintain") if event.again else "button_keep"


def announced(event: e.Reopened, language: str) -> str:
    """How many answers are asked again and why; and that it can wait, where something else is being asked."""
    said = text(f"interview.reopened_{event.why}", language, len(event.paths))
    return f"{said} {text('interview.reopened_later', language)}" if event.later else said


def form_changed(event: e.FormChanged, language: str) -> str:
    """What a newer version of the form changed for this person; "" where it changed nothing for them."""
    counts = {"again": len(event.again), "retired": len(event.retired), "added": event.added}
    found = [text(f"interview.form_{name}", language, count) for name, count in counts.items() if count]
    found += [text("interview.form_unfinished", language, label=label) for label in event.unfinished]
    if not event.taken:
        found.append(text("interview.form_not_taken", language))
    elif not event.stands and not event.unfinished:
        found.append(text("interview.form_put", language))
    return " ".join([text("interview.form_changed", language), *found]) if found else ""


def _sentence(event: e.Asked, language: str) -> str:
    if event.again != "changed":
        plain = f"interview.again_{event.again}"
        return text(f"{plain}_with" if event.note else plain, language)
    try:
        what = text(f"interview.changed_{event.note}", language)
    except MissingText:
        what = text("interview.changed_meaning", language)
    answered = event.current or event.status in ("skipped", "unknown")
    return f"{what} {text('interview.again_changed' if answered else 'interview.again_open', language)}"
