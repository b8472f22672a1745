"""The companion forms: compiled as their sources say, in both languages, each ending with its confirmation."""

from __future__ import annotations

import pytest

from flows.interview.form import Question
from flows.interview.plan import SILENT
from flows.questionnaires import compile_source
from flows.questionnaires.companions import (
    PREFIX,
    companion_compiled,
    companion_form,
    companion_name,
    companion_names,
    companion_source,
)


@pytest.mark.parametrize("name", companion_names())
def test_the_compiled_form_is_what_its_source_says(name: str) -> None:
    assert compile_source(companion_source(name)) == companion_compiled(name)


@pytest.mark.parametrize("name", companion_names())
def test_each_speaks_french_and_english_and_ends_with_its_confirmation(name: str) -> None:
    form = companion_form(name)
    assert form.id == f"{PREFIX}{name}"
    assert companion_name(form.id) == name
    assert {language.code for language in form.languages} == {"fr", "en"}
    asked = [node for node in form.walk() if isinstance(node, Question) and node.type not in SILENT]
    last = asked[-1]
    assert (last.name, last.attributes.get("role")) == ("confirm", "submit")
