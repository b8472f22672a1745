"""E-mail addresses, telephone numbers and web addresses."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from flows.interview.replies.folding import western_digits
from flows.interview.replies.values import Answer, Note, Refusal, Reply

_SEVERAL_PHONES = re.compile(r"[/;|\n]|\s(?:ou|or|et|and|e|y|o)\s|,", re.IGNORECASE)
_HOST = re.compile(r"(?!-)[\w-]{1,63}(?<!-)(?:\.(?!-)[\w-]{1,63}(?<!-))+\.?")
_ADDRESS_LIKE = re.compile(r"[\w-]+(\.[\w-]+)+(:\d+)?(/\S*)?")
MOST = 2000


def read_email(said: str) -> Reply:
    """The address as mail systems write it; nothing is asked of the network."""
    from email_validator import EmailNotValidError, validate_email

    text = re.sub(r"^mailto:", "", said.strip(), flags=re.IGNORECASE).strip("<> ")
    if len(text) > 320:
        return Refusal("email_expected")
    if text.count("@") > 1:
        return Refusal("email_several")
    try:
        return Answer(validate_email(text, check_deliverability=False).normalized)
    except (EmailNotValidError, ValueError):
        return Refusal("email_expected")


def read_phone(said: str, region: str = "") -> Reply:
    """E.164 ("+22625306158"), with ";ext=12" where an extension is given.

    `region`: the country of numbers written without a country code. A number that no numbering plan known here has
    is taken when its length is possible (plans change), and said back.
    """
    import phonenumbers

    text = re.sub(r"^tel:", "", western_digits(said).strip(), flags=re.IGNORECASE)
    if len(text) > 60:
        return Refusal("phone_expected")
    if _SEVERAL_PHONES.search(text.split(";ext=")[0]):
        return Refusal("phone_several")
    if text.startswith("00"):
        text = "+" + text[2:]
    try:
        number = phonenumbers.parse(text, region.upper() or None)
    except phonenumbers.NumberParseException as error:
        if error.error_type == phonenumbers.NumberParseException.INVALID_COUNTRY_CODE and "+" not in text:
            return (
                Refusal("phone_country") if re.search(r"\d{4}", re.sub(r"\W", "", text)) else Refusal("phone_expected")
            )
        return Refusal("phone_expected")
    if not phonenumbers.is_possible_number(number):
        return Refusal("phone_expected")
    value = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    if number.extension:
        value += f";ext={number.extension}"
    notes = () if phonenumbers.is_valid_number(number) else (Note("phone_unusual", {"value": value}),)
    return Answer(value, notes)


def read_url(said: str) -> Reply:
    """An http or https address. "www.insd.bf" is completed with https:// and said back."""
    text = said.strip().strip("<>").rstrip()
    if len(text) > MOST or re.search(r"\s", text):
        return Refusal("url_expected")
    notes: tuple[Note, ...] = ()
    if "://" not in text and _ADDRESS_LIKE.fullmatch(text):
        text = f"https://{text}"
        notes = (Note("url_completed", {"value": text}),)
    try:
        parts = urlsplit(text)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        return Refusal("url_expected")
    if parts.scheme.lower() not in ("http", "https"):
        return Refusal("url_scheme" if parts.scheme and "://" in text else "url_expected")
    if "@" in parts.netloc or not _HOST.fullmatch(host):
        return Refusal("url_expected")
    return Answer(parts.scheme.lower() + text[len(parts.scheme) :], notes)


def read_year(said: str) -> Reply:
    """A year in four digits."""
    text = western_digits(said).strip()
    if not re.fullmatch(r"\d{4}", text) or not 1000 <= int(text) <= 2999:
        return Refusal("year_expected")
    return Answer(text)
