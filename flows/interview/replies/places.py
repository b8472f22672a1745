"""Points, lines and areas typed as coordinates."""

from __future__ import annotations

import re
from decimal import Decimal

from flows.interview.replies.folding import unaccented, western_digits
from flows.interview.replies.numbers import plain
from flows.interview.replies.values import Answer, Refusal, Reply

_SIDES = {
    "n": "N", "nord": "N", "north": "N", "norte": "N",
    "s": "S", "sud": "S", "south": "S", "sul": "S", "sur": "S",
    "e": "E", "est": "E", "east": "E", "leste": "E", "este": "E",
    "w": "W", "west": "W", "o": "W", "ouest": "W", "oeste": "W",
}  # fmt: skip
_SIDE = r"(?:\b|(?<=[\d°'\"]))(" + "|".join(sorted(_SIDES, key=len, reverse=True)) + r")\b\.?"
_MEASURE = (
    r"([+-]?\d{1,3}(?:[.,]\d{1,20})?)\s*(?:(?:°|deg)\s*"
    r"(?:(\d{1,2}(?:[.,]\d{1,20})?)\s*'\s*(?:(\d{1,2}(?:[.,]\d{1,20})?)\s*(?:\"|''))?)?)?"
)
_SIDE_FIRST = re.compile(rf"{_SIDE}\s*{_MEASURE}")
_SIDE_LAST = re.compile(rf"{_MEASURE}\s*{_SIDE}")
_SIGNED = r"[+-]?\d{1,5}(?:\.\d{1,20})?"
_POINT = re.compile(rf"({_SIGNED})(?:\s*[,;]\s*|\s+)({_SIGNED})(?:\s+({_SIGNED}))?(?:\s+({_SIGNED}))?")
_COMMA_POINT = re.compile(r"([+-]?\d{1,3},\d{1,20})\s*(?:;|/|,?\s)\s*([+-]?\d{1,3},\d{1,20})")
_PRIMES = str.maketrans({"′": "'", "’": "'", "‘": "'", "ʹ": "'", "″": '"', "”": '"', "“": '"', "º": "°", "−": "-"})
MOST_POINTS = 500


def read_point(said: str) -> Reply:
    """ "latitude longitude altitude accuracy" in degrees and metres; 0 where not given."""
    text = unaccented(western_digits(said.translate(_PRIMES))).strip(" ()[]")
    if match := _COMMA_POINT.fullmatch(text):
        return _point(*(Decimal(part.replace(",", ".")) for part in match.groups()))
    if match := _POINT.fullmatch(text):
        return _point(*(Decimal(part) if part else Decimal(0) for part in match.groups()))
    return _angles(text)


def _angles(text: str) -> Reply:
    side_first = text[:1].isalpha()
    pattern = _SIDE_FIRST if side_first else _SIDE_LAST
    found = list(pattern.finditer(text))
    if len(found) != 2 or pattern.sub(" ", text).strip(" ,;/\n\t"):
        return Refusal("place_expected")
    degrees: dict[str, Decimal] = {}
    for match in found:
        parts = match.groups(default="0")
        side = _SIDES[parts[0] if side_first else parts[3]]
        number, minutes, seconds = (
            Decimal(part.replace(",", ".")) for part in (parts[1:] if side_first else parts[:3])
        )
        if number < 0 or minutes >= 60 or seconds >= 60:
            return Refusal("place_sides")
        size = number + minutes / 60 + seconds / 3600
        degrees["latitude" if side in "NS" else "longitude"] = -size if side in "SW" else size
    if len(degrees) != 2:
        return Refusal("place_sides")
    return _point(degrees["latitude"], degrees["longitude"])


def _point(
    latitude: Decimal, longitude: Decimal, altitude: Decimal = Decimal(0), accuracy: Decimal = Decimal(0)
) -> Reply:
    if abs(latitude) > 90:
        return Refusal("place_swapped" if abs(longitude) <= 90 and abs(latitude) <= 180 else "place_outside")
    if abs(longitude) > 180 or accuracy < 0:
        return Refusal("place_outside")
    parts = (round(latitude, 7), round(longitude, 7), round(altitude, 2), round(accuracy, 2))
    return Answer(" ".join(plain(part) for part in parts))


def read_points(said: str, *, closed: bool) -> Reply:
    """Points parted by line breaks or semicolons; an area (`closed`) ends where it began, whether typed so or not."""
    written = [part for part in re.split(r"[\n;]", said) if part.strip()]
    if len(written) > MOST_POINTS:
        return Refusal("place_too_many", {"most": str(MOST_POINTS)})
    points = []
    for part in written:
        reply = read_point(part)
        if isinstance(reply, Refusal):
            unread = reply.reason == "place_expected"
            return Refusal("place_area" if closed else "place_line") if unread else reply
        points.append(reply.value)
    if closed and len(points) > 1 and points[0] != points[-1]:
        points.append(points[0])
    if len(points) < (4 if closed else 2):
        return Refusal("place_area" if closed else "place_line")
    return Answer("; ".join(points))
