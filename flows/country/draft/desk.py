"""What every section of a draft needs: sentences in the guide's language, and answers as statements with sources."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import TypeVar

from flows.country.contribution import Said
from flows.country.dates import written
from flows.country.differences import identity, of_name
from flows.country.dossier import Dossier, Voice
from flows.country.guide import Block, Bullets, Cell, Paragraph, Row, Statement, Table
from flows.country.objects import DataSource
from flows.i18n import base, text
from flows.knowledge import Country

# texts that stand in a guide as they are, in whatever language they were given
_NAMES = frozenset({"official_name", "person_name", "email", "phone", "url"})

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Desk:
    """A dossier, the country's facts and the guide's language, one that has a catalogue."""

    dossier: Dossier
    country: Country
    language: str
    final: bool = False  # proposed for endorsement: no longer a draft

    # ---- fixed sentences ----
    def text(self, key: str, /, n: int | None = None, **values: object) -> str:
        """The sentence `key` of the catalogue `guide`."""
        return text(f"guide.{key}", self.language, n=n, **values)

    def stage(self, key: str) -> str:
        """The key of the sentence `key` as it is said in a draft, or in what is proposed for endorsement."""
        return f"{key}_final" if self.final else key

    def fixed(self, key: str, /, *sources: int, n: int | None = None, **values: object) -> Statement:
        """The sentence `key` as a statement."""
        return Statement(self.text(key, n=n, **values), sources)

    def paragraph(
        self, key: str, /, *sources: int, style: str = "body", n: int | None = None, **values: object
    ) -> Paragraph:
        """The sentence `key` as a paragraph."""
        return Paragraph((self.fixed(key, *sources, n=n, **values),), style)

    def gap(self, name: str) -> Paragraph:
        """The sentence `name`, said where nothing was reported."""
        return self.paragraph(name, style="gap")

    def listed(self, parts: Iterable[str]) -> str:
        """`a, b et c`, as the language does it."""
        from babel.lists import format_list

        spoken = base(self.language)
        return format_list(list(parts), locale="en_GB" if spoken == "en" else spoken)

    def choice(self, name: str, choice: str) -> str:
        """The label of `choice` in the list `name`."""
        return self.dossier.wording.of_list(name, choice, base(self.language))

    # ---- what was said ----
    def shown(self, said: Said) -> str:
        """An answer as the guide prints it: labels of choices, dates in words, texts as they are."""
        known = self.dossier.wording
        if said.name in known.lists:
            first, *others = [known.label(said.name, choice, base(self.language)) for choice in said.values] or [""]
            return ", ".join([first, *map(lowered, others)])
        if said.name == "m2_next":
            return self.date(said.value)
        return said.value

    def date(self, value: str) -> str:
        """`2027-03-01` → `1 mars 2027`; the value itself where it is no date."""
        try:
            return written(date.fromisoformat(value[:10]), self.language)
        except ValueError:
            return value

    def say(self, said: Said) -> Statement:
        """An answer as a statement, marked with its language where that is not the guide's."""
        return Statement(self.shown(said), (said.by,), self._foreign(said), said.question)

    def free(self, words: str, language: str, *sources: int, question: str = "") -> Statement:
        """A text given in `language`, marked where that is not the guide's."""
        foreign = language if language and base(language) != base(self.language) else ""
        return Statement(words, sources, foreign, question)

    def named(self, key: str, said: Said, /, **values: object) -> Statement:
        """A short answer inside the sentence `key` (as `{value}`); only for answers that have no language."""
        return Statement(self.text(key, None, value=self.shown(said), **values), (said.by,), question=said.question)

    def told(self, prefix: str, said: Said, *sources: int) -> Statement:
        """A choice as a sentence of its own; its label where the catalogue has none (a choice of another version)."""
        known = self.dossier.wording
        if said.value in known.choices(known.lists.get(said.name, "")):
            return self.fixed(f"{prefix}_{said.value}", *(sources or (said.by,)))
        return self.say(said)

    def _foreign(self, said: Said) -> str:
        known = self.dossier.wording
        kind = known.attributes.get(said.name, {}).get("kind", "")
        if said.name in known.lists or kind in _NAMES or said.name.endswith(("_file", "_letter", "_year", "_next")):
            return ""
        return said.language if said.language and base(said.language) != base(self.language) else ""

    def files(self, url: Said | None, file: Said | None) -> list[Statement]:
        """A link and an attached file, as far as they were given."""
        found = [self.say(url)] if url is not None else []
        return found + ([self.named("attached", file)] if file is not None else [])

    # ---- who ----
    def voice(self, number: int) -> Voice:
        return self.dossier.voice(number)

    def has_workshop(self) -> bool:
        """Whether what a workshop found is in the dossier."""
        return any(voice.kind == "workshop" for voice in self.dossier.others)

    def entity_name(self, voice: Voice) -> str:
        """`Institut national … (INSD)`; a neutral name where the entity's own is not known."""
        entity = voice.entity
        if voice.kind == "workshop":
            return self.text("workshop_of", date=self.date(voice.given_on.date().isoformat()))
        if not entity.name:
            return self.text("unnamed_entity", number=voice.number)
        if entity.acronym and entity.acronym not in entity.name:
            return self.text("name_and_acronym", name=entity.name, acronym=entity.acronym)
        return entity.name

    def short_name(self, voice: Voice) -> str:
        """`INSD`, which the list of acronyms explains; the name where there is no acronym."""
        return voice.entity.acronym or self.entity_name(voice)

    def entity(self, *numbers: int) -> Statement:
        """The entities of voices, by their short names, as one statement."""
        names = dict.fromkeys(self.short_name(self.voice(number)) for number in numbers)
        return Statement(", ".join(names), tuple(dict.fromkeys(numbers)))

    def introduced(self, number: int) -> Statement:
        """`INSD :`, before what the entity said; that names the source."""
        return self.fixed("according_to", entity=self.short_name(self.voice(number)))

    def titled(self, title: Said | None, year: Said | None, *by: int) -> Statement:
        """The title of a document with its year, given by the voices `by`."""
        shown = self.shown(title) if title is not None else self.text("untitled")
        if year is not None:
            shown = self.text("title_year", title=shown, year=year.value)
        return Statement(shown, by, question=title.question if title is not None else "")

    def institution(self, said: Said | None) -> Statement | None:
        """An institution that an answer names: by its short name where it is an entity of the dossier."""
        if said is None:
            return None
        known = of_name(self.dossier, said.value)
        voice = next((voice for voice in self.dossier.voices if identity(voice) == known), None)
        return replace(self.say(said), text=self.short_name(voice)) if voice is not None else self.say(said)

    def source_name(self, source: DataSource) -> Statement:
        """The name of a source, or its number where it has none."""
        if source.name is not None:
            return self.say(source.name)
        return self.fixed("unnamed_source", source.by, number=source.row)

    def contact(self, source: DataSource) -> list[Statement]:
        """What may be printed of the contact for `source`: as its contributor consented."""
        voice = self.voice(source.by)
        if voice.publication == "none":
            return [self.fixed("contact_private", source.by)]
        parts = [voice.name, voice.function, voice.unit, voice.email, voice.phone] if source.same_unit else []
        if source.same_unit is not None and source.same_unit.value == "other":
            parts = [said.value for said in (source.unit, source.email, source.phone) if said is not None]
        shown = ", ".join(part for part in parts if part)
        return [self.fixed("contact" if shown else "no_contact", source.by, value=shown)]

    # ---- tables ----
    def cell(self, *said: Said | Statement | None, gap: str = "not_reported") -> Cell:
        """A cell with what was said; the sentence `gap` where that is nothing."""
        statements = tuple(item if isinstance(item, Statement) else self.say(item) for item in said if item is not None)
        return Cell(statements) if statements else Cell(gap=self.text(gap))

    def label(self, list_name: str, choice: str) -> Cell:
        """A cell with the label of a choice."""
        return Cell((Statement(self.choice(list_name, choice)),))

    def table(
        self, anchor: str, rows: Iterable[Row], shares: tuple[float, ...], columns: tuple[str, ...], wide: bool = False
    ) -> Table:
        """The table `anchor`, its caption and the headers of its columns from the catalogue."""
        total = sum(shares)
        return Table(
            f"table-{anchor}",
            self.text(f"table_{anchor}"),
            tuple(self.text(f"column_{column}") for column in columns),
            tuple(rows),
            tuple(share / total for share in shares),
            wide,
        )

    def heading(self, name: str) -> Row:
        """A row that heads a block of a table."""
        return Row((Cell((self.fixed(name),)),), span=True)

    def bullets(self, items: Iterable[Iterable[Statement]]) -> tuple[Block, ...]:
        """A list, where there is anything to list."""
        cells = tuple(Cell(tuple(item)) for item in items)
        return (Bullets(cells),) if cells else ()


def lowered(label: str) -> str:
    """A label inside a sentence: `fournit des données`; an acronym stays as it is."""
    return label if label[1:2].isupper() else label[:1].lower() + label[1:]


def alike(items: Iterable[T], key: Callable[[T], Hashable]) -> list[list[T]]:
    """The items, those of one key together, in the order of the first of each."""
    found: dict[Hashable, list[T]] = {}
    for item in items:
        found.setdefault(key(item), []).append(item)
    return list(found.values())


def together(items: Iterable[Said]) -> tuple[int, ...]:
    """The sources of several answers, each once."""
    return tuple(dict.fromkeys(item.by for item in items))
