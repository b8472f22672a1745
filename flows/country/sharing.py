"""What one country may read of another: good practices that an entity agreed to share, and nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from flows.country.contribution import ACCEPTED, Contribution, consented, read

YES = "yes"


@dataclass(frozen=True, slots=True)
class SharedPractice:
    """A good practice as its entity told it, in `language`. `stages`, `domains`: choices of the questionnaire."""

    country: str
    entity: str
    title: str
    done: str = ""
    result: str = ""
    url: str = ""
    stages: tuple[str, ...] = ()
    domains: tuple[str, ...] = ()
    language: str = ""


def shared(contributions: Iterable[Contribution]) -> tuple[SharedPractice, ...]:
    """The practices of accepted contributions whose official agreed to the processing, and to sharing that very
    practice with other countries. What is confidential or restricted, be it the practice, a part of it or the agreement
    itself, is left out."""
    return tuple(
        practice for one in contributions if one.status in ACCEPTED and consented(one) for practice in _of(one)
    )


def _of(one: Contribution) -> Iterator[SharedPractice]:
    reading = read(one, 1)
    named = reading.get("p4_name")
    entity = named.value if named is not None else one.entity.name
    for row in reading.rows("practice"):
        said = {name: answer.value for name, answer in reading.shown[row].items()}
        title = reading.get("m7_title", row)
        if title is not None and said.get("m7_share") == YES:
            yield SharedPractice(
                country=one.country,
                entity=entity,
                title=title.value,
                done=said.get("m7_done", ""),
                result=said.get("m7_result", ""),
                url=said.get("m7_url", ""),
                stages=tuple(said.get("m7_stages", "").split()),
                domains=tuple(said.get("m7_domains", "").split()),
                language=title.language,
            )
