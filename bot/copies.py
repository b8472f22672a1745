"""What is kept about somebody, as a text to be read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from bot.acting import Act
from bot.personal import Held, labelled
from flows import knowledge
from flows.i18n import text


async def as_text(act: Act, one: Held, language: str) -> bytes:
    """Everything, for people, in their language. With the mark by which old programs recognise the encoding."""
    made = act.now.strftime("%d/%m/%Y")
    until = text("rights.copy_until", language, date=one.due.at.strftime("%d/%m/%Y"))
    labels = await labelled(act, one, language)
    lines = [text("rights.copy_title", language, date=made), "", until]
    for title, part in (
        ("parts", _parts(one, language)),
        ("addresses", _addresses(one, language)),
        ("consents", _consents(one, language)),
        ("invitations", _invitations(one, language)),
        ("answers", _answers(one, labels, language)),
        ("asides", _asides(one, language)),
        ("files", (name for name, _, _ in one.files)),
        ("done", (_entry(each.at, f"{each.chain} {each.number} {each.kind}", language) for each in one.ledger)),
        ("audit", (_entry(each.at, f"{each.action} {each.details}", language) for each in one.audit)),
    ):
        lines += ["", text(f"rights.copy_{title}", language).upper(), ""]
        lines += list(part) or [text("rights.copy_nothing", language)]
    return ("\ufeff" + "\r\n".join(lines) + "\r\n").encode("utf-8", "replace")


def _parts(one: Held, language: str) -> Iterable[str]:
    for part in one.human.parts:
        place = one.entities.get(part.entity_id or 0, "")
        if not place and part.country:
            place = knowledge.country(part.country).name(language)
        values = {
            "number": part.id,
            "role": text(f"turns.role_{part.role}", language),
            "place": place or "—",
            "label": part.label or text("rights.copy_nothing", language),
            "language": part.language,
            "since": part.created_at.strftime("%d/%m/%Y"),
        }
        if part.ended_at is None:
            yield text("rights.copy_part", language, None, **values)
        else:
            yield text("rights.copy_part_ended", language, None, **values, ended=part.ended_at.strftime("%d/%m/%Y"))


def _addresses(one: Held, language: str) -> Iterable[str]:
    for each in one.human.addresses:
        values = {"channel": each.channel, "address": each.address, "user": each.user or "—"}
        yield text("rights.copy_address", language, None, **values, since=each.since.strftime("%d/%m/%Y"))


def _consents(one: Held, language: str) -> Iterable[str]:
    for each in one.consents:
        key = "rights.copy_consent_given" if each.given else "rights.copy_consent_refused"
        values = {"purpose": each.purpose, "version": each.text_version, "language": each.language}
        yield text(key, language, None, **values, at=each.at.strftime("%d/%m/%Y %H:%M UTC"))


def _invitations(one: Held, language: str) -> Iterable[str]:
    for each in (*one.received, *one.made):
        role = text(f"turns.role_{each.role}", language)
        values = {"number": each.id, "role": role, "label": each.label or "—"}
        yield text("rights.copy_invitation", language, None, **values, made=each.created_at.strftime("%d/%m/%Y"))


def _answers(one: Held, labels: Mapping[tuple[int, str], str], language: str) -> Iterable[str]:
    for each in one.answers:
        question = labels.get((each.interview_id, each.path), each.path.rpartition("/")[2])
        value = each.display or each.value or f"({each.status})"
        yield text(
            "rights.copy_answer",
            language,
            at=each.at.strftime("%d/%m/%Y %H:%M UTC"),
            question=" ".join(question.split()),
            value=value,
        )


def _asides(one: Held, language: str) -> Iterable[str]:
    for _, each in one.asides:
        value = each.display or each.value
        label = " ".join(each.label.split()) or each.path.rpartition("/")[2]
        yield text("rights.copy_aside", language, version=each.version, question=label, value=value)


def _entry(at: object, what: str, language: str) -> str:
    return text("rights.copy_entry", language, at=f"{at:%d/%m/%Y %H:%M UTC}", what=what)
