"""Guides of any shape, for properties."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import strategies as st

from flows.country.guide import Bullets, Cell, Figure, Guide, Mark, Paragraph, Row, Section, Source, Statement, Table

TEXTS = st.text(max_size=20)
MOMENTS = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
STATEMENTS = st.builds(
    Statement,
    TEXTS,
    st.lists(st.integers(1, 5), max_size=3).map(tuple),
    st.sampled_from(["", "fr", "en", "ar"]),
    st.sampled_from(["", "/data/source[1]/s3_name"]),
)
MANY = st.lists(STATEMENTS, max_size=3).map(tuple)
CELLS = st.builds(Cell, MANY, st.sampled_from(["", "–"]))
ROWS = st.builds(Row, st.lists(CELLS, max_size=3).map(tuple), st.booleans(), st.sampled_from([0.0, 1.5]))
TABLES = st.builds(
    Table,
    TEXTS,
    TEXTS,
    st.lists(TEXTS, max_size=3).map(tuple),
    st.lists(ROWS, max_size=3).map(tuple),
    st.lists(st.floats(0.01, 1), max_size=3).map(tuple),
    st.booleans(),
)
PARAGRAPHS = st.builds(Paragraph, MANY, st.sampled_from(["body", "quote", "note", "gap"]))
NAMES = st.lists(TEXTS, max_size=2).map(tuple)
MARKS = st.builds(
    Mark,
    TEXTS,
    st.lists(st.lists(st.integers(0, 9), max_size=3).map(tuple), max_size=3).map(tuple),
    st.lists(NAMES, max_size=2).map(tuple),
    TEXTS,
    st.booleans(),
)
FIGURES = st.builds(
    Figure,
    TEXTS,
    TEXTS,
    TEXTS,
    st.sampled_from(["ring", "matrix", "bars"]),
    st.lists(MARKS, max_size=3).map(tuple),
    NAMES,
    NAMES,
)
BLOCKS = st.lists(
    PARAGRAPHS | FIGURES | st.builds(Bullets, st.lists(CELLS, max_size=3).map(tuple), st.booleans()) | TABLES,
    max_size=3,
).map(tuple)
ANCHORS = st.sampled_from(["one", "two", "three", "four"])
SECTIONS = st.recursive(
    st.builds(Section, ANCHORS, st.sampled_from(["", "I", "I.1"]), TEXTS, BLOCKS),
    lambda inner: st.builds(
        Section, ANCHORS, st.sampled_from(["", "I"]), TEXTS, BLOCKS, st.lists(inner, max_size=2).map(tuple)
    ),
    max_leaves=4,
)
SOURCES = st.builds(
    Source,
    st.integers(1, 5),
    TEXTS,
    TEXTS,
    st.sampled_from(["fr", "en"]),
    MOMENTS,
    TEXTS,
    st.sampled_from(["answer", "desk research", "workshop"]),
)
GUIDES = st.builds(
    Guide,
    country=st.just("BFA"),
    country_name=TEXTS,
    language=st.sampled_from(["fr", "en"]),
    title=TEXTS,
    subtitle=TEXTS,
    status=TEXTS,
    compiled_at=MOMENTS,
    summary=BLOCKS,
    sections=st.lists(SECTIONS, max_size=2).map(tuple),
    sources=st.lists(SOURCES, max_size=3).map(tuple),
    withheld=st.integers(0, 9),
    labels=st.dictionaries(st.sampled_from(["page", "table"]), TEXTS, max_size=2),
    form_version=TEXTS,
    note=TEXTS,
    front=st.lists(SECTIONS, max_size=1).map(tuple),
    version=st.integers(0, 9),
    final=st.booleans(),
    cover=st.booleans(),
)
