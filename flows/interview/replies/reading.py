"""Which reader reads which type of question."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from flows.interview.form import QuestionType
from flows.interview.replies import choices as choosing
from flows.interview.replies import contacts, dates, numbers, places, times
from flows.interview.replies.folding import clean, fold, words
from flows.interview.replies.values import Answer, Offered, Refusal, Reply

_FILES = frozenset({QuestionType.FILE, QuestionType.IMAGE, QuestionType.AUDIO, QuestionType.VIDEO})
_CHOICES = {
    QuestionType.SELECT_ONE: choosing.read_one,
    QuestionType.SELECT_MULTIPLE: choosing.read_several,
    QuestionType.RANK: choosing.read_ranking,
}
_AGREED = words(
    "ok|okay|oui|o|yes|y|vu|lu|lu et approuvé|entendu|compris|d’accord|bien reçu|c’est noté|j’accepte|understood|"
    "agreed|I agree|noted|sim|sí|de acuerdo|نعم|1"
)


def read(
    type: QuestionType,
    said: str,
    *,
    choices: Sequence[Offered] = (),
    language: str,
    today: date,
    appearance: frozenset[str] = frozenset(),
    parameters: Mapping[str, str] | None = None,
) -> Reply:
    """Read what was typed in answer to a question of `type`.

    `choices`: what is offered now, in the order shown. `today`: the day where the person is, for "tomorrow".
    `parameters`: the question's own (`start`, `end`, `step` of a range) and ours: `kind` ("email", "phone", "url",
    "year"), `region` (ISO 3166-1 alpha-2, for telephone numbers written without a country code), `offset`
    ("+01:00", for dateTime; "+00:00" without it).
    """
    given = parameters or {}
    speech = language.replace("_", "-").split("-")[0].lower()
    text = clean(said)
    if not text:
        return Refusal("empty")
    if type in _CHOICES:
        return _CHOICES[type](text, choices, language)
    if type in _FILES:
        return Refusal("file_expected")
    match type:
        case QuestionType.TEXT | QuestionType.BARCODE:
            return _read_text(text, type, _kind(appearance, given), given)
        case QuestionType.INTEGER if _kind(appearance, given) == "year":
            return contacts.read_year(text)
        case QuestionType.INTEGER | QuestionType.DECIMAL:
            return numbers.read_number(text, speech, whole=type is QuestionType.INTEGER)
        case QuestionType.RANGE:
            return numbers.read_range(text, speech, given)
        case QuestionType.DATE:
            return dates.read_date(text, speech, today, appearance)
        case QuestionType.TIME:
            return times.read_time(text)
        case QuestionType.DATETIME:
            return times.read_datetime(text, speech, today, given.get("offset", ""))
        case QuestionType.GEOPOINT:
            return places.read_point(text)
        case QuestionType.GEOTRACE | QuestionType.GEOSHAPE:
            return places.read_points(text, closed=type is QuestionType.GEOSHAPE)
        case QuestionType.ACKNOWLEDGE:
            return Answer("OK") if fold(text) in _AGREED else Refusal("acknowledge_expected")
        case _:
            return Refusal("not_asked")


def _kind(appearance: frozenset[str], parameters: Mapping[str, str]) -> str:
    kind = parameters.get("kind", "")
    return kind or next((name for name in ("email", "phone", "url", "year") if name in appearance), "")


def _read_text(text: str, type: QuestionType, kind: str, parameters: Mapping[str, str]) -> Reply:
    match kind:
        case "email":
            return contacts.read_email(text)
        case "phone":
            return contacts.read_phone(text, parameters.get("region", ""))
        case "url":
            return contacts.read_url(text)
        case "year":
            return contacts.read_year(text)
        case _:
            return Answer(text if type is QuestionType.TEXT else " ".join(text.split()))
