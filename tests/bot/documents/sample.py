"""Guides to render in tests, in the bench and for looking at: a realistic one, an empty one, a hostile one.

Every entity is a sample and says so; what is said is invented, in the manner of the published guides.
"""

from __future__ import annotations

import tomllib
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from flows.country.guide import (
    Bullets,
    Cell,
    Guide,
    Paragraph,
    Row,
    Section,
    Source,
    Statement,
    Table,
)

_TEXTS = tomllib.loads(Path(__file__).with_name("sample.toml").read_text("utf-8"))


def _by_language(name: str) -> dict[str, Any]:
    return {language: texts[name] for language, texts in _TEXTS.items()}


WORDS = _by_language("words")
ENTITIES = _by_language("entities")
DOMAINS = _by_language("domains")
INTRODUCTION = _by_language("introduction")
SOURCES = _by_language("sources")
USES = _by_language("uses")
DATA_NEEDS = _by_language("data_needs")
STAGES = _by_language("stages")
PROFILE = _by_language("profile")
MEMBERS = _by_language("members")
PRACTICES = _by_language("practices")
CHALLENGES = _by_language("challenges")
RECOMMENDATIONS = _by_language("recommendations")

COMPILED_AT = datetime(2026, 3, 15, 9, 30, tzinfo=UTC)


def _sources(language: str, count: int) -> tuple[Source, ...]:
    entities = ENTITIES[language]
    kinds = ("answer", "answer", "answer", "workshop", "answer", "desk research")
    return tuple(
        Source(
            number=number,
            entity=entities[number % len(entities)],
            speaker=WORDS[language]["speakers"][number % len(WORDS[language]["speakers"])],
            language=language if number % 7 else ("en" if language == "fr" else "fr"),
            given_on=COMPILED_AT - timedelta(days=100 - number),
            form_version="2026-01",
            kind=kinds[number % len(kinds)],
        )
        for number in range(1, count + 1)
    )


def _cell(text: str, *sources: int, language: str = "") -> Cell:
    return Cell((Statement(text, sources, language),)) if text else Cell(gap="—")


def _mapping(language: str) -> Table:
    words = WORDS[language]
    rows: list[Row] = []
    number = 0
    for block in (words["governmental"], words["others"]):
        rows.append(Row((Cell((Statement(block),)),), span=True))
        for _ in range(5 if block == words["governmental"] else 2):
            for domain in DOMAINS[language]:
                number += 1
                texts = SOURCES[language]
                name, what, limits = texts[number % len(texts)]
                entity = ENTITIES[language][number % len(ENTITIES[language])]
                rows.append(
                    Row(
                        (
                            _cell(domain),
                            _cell(f"{entity}. {words['contact']}", number),
                            _cell(name, number),
                            _cell(what, number, number + 1) if number % 9 else Cell(gap=words["gap"]),
                            _cell(words["existing"] if number % 4 else words["potential"], number),
                            _cell(limits, number) if number % 5 else Cell(gap=words["gap"]),
                        )
                    )
                )
    return Table(
        "mapping",
        words["mapping_caption"],
        tuple(words["mapping_columns"]),
        tuple(rows),
        (0.11, 0.2, 0.17, 0.25, 0.09, 0.18),
        landscape=True,
    )


def sample(language: str) -> Guide:
    """A realistic guide of about thirty pages."""
    words = WORDS[language]
    other = "en" if language == "fr" else "fr"
    introduction = tuple(
        Paragraph((Statement(text, (place + 1,)),)) for place, text in enumerate(INTRODUCTION[language])
    )
    overview = Section(
        "sources",
        "I",
        words["section_1"],
        introduction[:2],
        (
            Section(
                "map",
                "I.1",
                words["section_1_1"],
                (introduction[2], _mapping(language), Paragraph((Statement(words["note"]),), "note")),
            ),
            *(
                Section(
                    f"domain-{place}",
                    f"I.{place + 2}",
                    domain,
                    tuple(
                        Paragraph(
                            (
                                Statement(text, (place + 1, turn + 5)),
                                Statement(INTRODUCTION[language][turn % 6], (turn + 9,)),
                            )
                        )
                        for turn, (_, text, _) in enumerate(SOURCES[language][place : place + 6])
                    ),
                )
                for place, domain in enumerate(DOMAINS[language])
            ),
            Section(
                "users",
                "I.6",
                words["section_users"],
                (
                    introduction[3],
                    Table(
                        "users",
                        words["users_caption"],
                        tuple(words["users_columns"]),
                        tuple(
                            Row((_cell(ENTITIES[language][place % 11]), _cell(use, place + 3), _cell(words["yearly"])))
                            for place, use in enumerate(USES[language] * 2)
                        ),
                    ),
                ),
            ),
            Section(
                "needs",
                "I.7",
                words["section_needs"],
                (
                    Bullets(
                        tuple(_cell(need, place + 2, place + 11) for place, need in enumerate(DATA_NEEDS[language]))
                    ),
                ),
            ),
        ),
    )
    cycle = Section(
        "cycle",
        "II",
        words["section_2"],
        (
            introduction[4],
            Table(
                "stages",
                words["stages_caption"],
                tuple(words["stages_columns"]),
                tuple(
                    Row(
                        (
                            _cell(stage),
                            _cell(ENTITIES[language][place], place + 1),
                            _cell(action, place + 1, place + 6),
                            _cell(SOURCES[language][place][0], place + 4) if place != 3 else Cell(gap=words["gap"]),
                        )
                    )
                    for place, (stage, action) in enumerate(STAGES[language])
                ),
                (0.16, 0.24, 0.36, 0.24),
            ),
        ),
        tuple(
            Section(
                f"stage-{place}",
                f"II.{place + 1}",
                stage,
                (
                    Paragraph(
                        (Statement(action, (place + 2,)), Statement(INTRODUCTION[language][place % 5], (place + 8,)))
                    ),
                ),
            )
            for place, (stage, action) in enumerate(STAGES[language])
        ),
    )
    process = Section(
        "process",
        "III",
        words["section_3"],
        (),
        (
            Section(
                "contents-of-profile",
                "III.1",
                words["section_3_1"],
                tuple(Paragraph((Statement(text, (place + 3,)),)) for place, text in enumerate(PROFILE[language])),
            ),
            Section(
                "group",
                "III.2",
                words["section_3_2"],
                (
                    Table(
                        "members",
                        words["members_caption"],
                        tuple(words["members_columns"]),
                        tuple(
                            Row(
                                (
                                    _cell(ENTITIES[language][place]),
                                    _cell(position),
                                    _cell(role),
                                    _cell(words["address"], place + 2),
                                )
                            )
                            for place, (position, role) in enumerate(MEMBERS[language])
                        ),
                    ),
                ),
            ),
            Section(
                "practices",
                "III.3",
                words["section_3_3"],
                (),
                tuple(
                    Section(
                        f"practice-{place}",
                        f"III.3.{place + 1}",
                        title,
                        (
                            Paragraph((Statement(text, (place + 5,)),)),
                            Paragraph((Statement(result, (place + 5, place + 12)),)),
                            Paragraph((Statement(WORDS[other]["quotation"], (place + 7,), language=other),), "quote"),
                        ),
                    )
                    for place, (title, text, result) in enumerate(PRACTICES[language] * 4)
                ),
            ),
            Section(
                "challenges",
                "III.4",
                words["section_3_4"],
                (
                    Table(
                        "matrix",
                        words["matrix_caption"],
                        tuple(words["matrix_columns"]),
                        tuple(
                            Row(
                                (
                                    _cell(challenge, place + 1, place + 2, place + 3),
                                    Cell(
                                        tuple(
                                            Statement(action, (place + turn + 4,))
                                            for turn, action in enumerate(actions)
                                        )
                                    ),
                                )
                            )
                            for place, (challenge, actions) in enumerate(CHALLENGES[language] * 2)
                        ),
                        (0.42, 0.58),
                    ),
                ),
            ),
        ),
    )
    advice = Section(
        "recommendations",
        "IV",
        words["section_4"],
        (introduction[5],),
        tuple(
            Section(
                f"category-{place}",
                f"IV.{place + 1}",
                category,
                (
                    Bullets(
                        tuple(_cell(text, place + turn + 1, place + turn + 15) for turn, text in enumerate(texts)),
                        numbered=True,
                    ),
                    *([Paragraph((Statement(words["gap"]),), "gap")] if place == 4 else []),
                ),
            )
            for place, (category, texts) in enumerate(RECOMMENDATIONS[language])
        ),
    )
    experts = Section(
        "experts",
        "V",
        words["section_5"],
        (),
        (
            Section("gaps", "V.1", words["section_gaps"], (Bullets(tuple(_cell(text) for text in words["gaps"])),)),
            Section(
                "differences",
                "V.2",
                words["section_differences"],
                (
                    Table(
                        "differences",
                        words["differences_caption"],
                        tuple(words["differences_columns"]),
                        tuple(Row((_cell(a), _cell(b, 4), _cell(c, 9))) for a, b, c in words["differences"]),
                    ),
                ),
            ),
        ),
    )
    return Guide(
        country="BFA" if language == "fr" else "GHA",
        country_name=words["country"],
        language=language,
        title=words["title"],
        subtitle=words["subtitle"],
        status=words["status"],
        compiled_at=COMPILED_AT,
        summary=(
            Paragraph((Statement(words["summary"][0]), Statement(words["summary"][1], (1, 2, 3)))),
            Bullets(tuple(_cell(text) for text in words["summary"][2:])),
        ),
        sections=(overview, cycle, process, advice, experts),
        sources=_sources(language, 48),
        withheld=3,
        labels={},
        form_version="2026-01",
    )


def empty(language: str = "fr") -> Guide:
    """A guide for a country of which nothing is known yet."""
    return Guide(
        country="TCD",
        country_name="Tchad" if language == "fr" else "Chad",
        language=language,
        title=WORDS[language]["title"],
        subtitle="",
        status=WORDS[language]["status"],
        compiled_at=COMPILED_AT,
        summary=(),
        sections=(),
        sources=(),
        withheld=0,
        labels={},
    )


MARKUP = r"#[*_<w:t>&{{}}\ {% if x %} {_{ }_} $x^2$ `code` @label <script>alert(1)</script> ]]> -- ~ // /* \u{41}"
FORMULAS = "=SUM(A1:A9) +1 -2 @cmd"
ARABIC = "يسجل المركز الحدودي عدد المسافرين يوميا (2024) ويرسله إلى الإدارة العامة."
CONTROLS = "avant\x00\x07\x1b[31m après\ufffe\u202egauche\u2066 fin\ud83d"
LONG_NAME = (
    "Direction-générale-de-la-coopération-transfrontalière-et-de-la-statistique-des-mouvements-de-population-" * 2
)
LONG_ANSWER = " ".join(
    f"Le poste numéro {n} transmet ses relevés chaque mois à la direction compétente." for n in range(170)
)


def hostile() -> Guide:
    """Everything that a document could stumble over, in one guide."""
    base = sample("fr")
    nasty = (MARKUP, FORMULAS, CONTROLS, LONG_NAME)
    rows = tuple(
        Row((_cell(text, place + 1), _cell(LONG_NAME), _cell(text, *range(1, 61)))) for place, text in enumerate(nasty)
    )
    section = Section(
        "1) }{ <b> \x00",
        "I",
        MARKUP,
        (
            *(
                Paragraph((Statement(text, (1, 99)),), style)
                for text in nasty
                for style in ("body", "quote", "note", "gap")
            ),
            Paragraph((Statement("", (1,)), Statement("  \n ", (2,)))),
            Paragraph((Statement(ARABIC, (3,), language="ar"),)),
            Paragraph((Statement("Le service précise :"), Statement(ARABIC, (3,)), Statement("Fin de citation."))),
            Bullets(
                (
                    _cell(LONG_ANSWER, 4),
                    _cell(ARABIC, 5, language="ar"),
                    Cell(),
                    Cell((Statement("un"), Statement("deux\ntrois"))),
                )
            ),
            Table("t", MARKUP, ("Un", MARKUP, "Trois"), rows),
            Table("t", "Sans ligne", ("Un", "Deux"), ()),
            Table(
                "t",
                "Longue réponse",
                ("Un", "Deux"),
                (Row((_cell("Court"), _cell(LONG_ANSWER, 6))), Row((_cell("Suite", 1),))),
            ),
            Table(
                "t",
                "Inégal",
                (),
                (Row((_cell("a"), _cell("b"))), Row((_cell("c"),)), Row((), span=True)),
                landscape=True,
            ),
        ),
        (
            Section(
                "1) }{ <b> \x00",
                "",
                "",
                (),
                (Section("", "I.1.1", "Trois", (), (Section("x", "", "Quatre", (), (Section("x", "", "Cinq"),)),)),),
            ),
        ),
    )
    sources = tuple(replace(one, entity=nasty[one.number % 4], speaker=MARKUP) for one in _sources("fr", 60))
    return replace(
        base,
        country_name=LONG_NAME,
        title=MARKUP,
        subtitle=FORMULAS,
        status=MARKUP,
        summary=(),
        sections=(section, *base.sections[:1]),
        sources=(*sources, sources[3]),
        withheld=1,
        form_version="{{ x }}",
    )
