"""The published schema of a guide as JSON: what we write fits it, and what is something else does not."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from jsonschema import Draft202012Validator

from flows.country.guide import Guide
from flows.country.guide_json import dump
from flows.country.guide_schema import schema
from tests.bot.documents import sample
from tests.budget import examples
from tests.flows.country.guides import GUIDES
from tests.flows.country.test_changes import drafted

PAGE = Path(__file__).parents[3] / "docs" / "reference" / "guide.schema.json"


def written(guide: Guide) -> Any:
    return json.loads(json.dumps(dump(guide)))


def wrong(values: Any) -> list[str]:
    return [error.message for error in Draft202012Validator(schema()).iter_errors(values)]


def test_the_published_schema_is_a_schema_and_up_to_date() -> None:
    assert json.loads(PAGE.read_text("utf-8")) == schema()
    Draft202012Validator.check_schema(schema())


@settings(max_examples=examples(30), deadline=None)
@given(GUIDES)
def test_any_guide_fits_it(guide: Guide) -> None:
    assert wrong(written(guide)) == []


@pytest.mark.parametrize("language", ["fr", "en"])
def test_compiled_guides_fit_it(language: str) -> None:
    for guide in (drafted(language=language), sample.sample(language), sample.empty(), sample.hostile()):
        assert wrong(written(guide)) == []
        assert wrong(written(replace(guide, outline="published", final=True, version=3))) == []


def test_what_is_no_guide_does_not_fit_it() -> None:
    values = written(drafted())
    for name in ("country", "sections", "sources", "labels"):
        assert wrong({key: value for key, value in values.items() if key != name})
    assert wrong({**values, "version": "3"})
    assert wrong({**values, "more": 1})
    assert wrong({**values, "summary": [{"kind": "picture"}]})
    assert wrong({**values, "sources": [{**values["sources"][0], "email": "somebody@example.org"}]})
