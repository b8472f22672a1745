"""The XForms logic answers as ODK's own engine does, step by step, on recorded fillings of many forms.

`own/` holds cases recorded for forms of this project (see `README.md`). The large set of other people's forms is read
from a folder beside the repository where there is one, and skipped where there is none.
"""

from __future__ import annotations

import itertools
import json
import math
import re
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID
from xml.sax.saxutils import escape

import pytest

from flows.interview.logic import Host, Program, Session, compile_model

HERE = Path(__file__).parent
OTHERS = HERE.parents[2] / "shared" / "oracle"
needs_others = pytest.mark.skipif(not OTHERS.is_dir(), reason="the recorded answers on other people's forms are absent")
GUIDE = HERE.parents[1] / "flows" / "questionnaires" / "guide.xml"
NOW = datetime(2026, 3, 15, 10, 30, tzinfo=UTC)
EXPLAINED = {
    # (form, path or kind): why we answer otherwise
    ("base64-decode.xml", "/data/calc"): "control characters are stripped from everything that is stored",
    ("counted", "/data/total"): "sum() of nothing is 0",
    ("counted", "/data/rest"): "follows from sum() of nothing being 0",
    ("lists", "/data/price"): "sum() of nothing is 0",
    ("triggers", "/data/row[1]/running"): "sum() of nothing is 0",
    ("dates", "/data/of_year"): "a date that is none is blank, not the words “Invalid Date”",
    ("dates", "/data/month"): "%a knows Sunday",
}
Difference = tuple[str, int, str, str, Any, Any]  # form, step, kind, path, theirs, ours


@cache
def program(form: Path) -> Program:
    return compile_model(form.read_bytes())


def host(case: dict[str, Any]) -> Host:
    numbers = itertools.count(1)
    return Host(NOW, case.get("language") or "", lambda: str(UUID(int=next(numbers))), case["host"])


def apply(session: Session, step: dict[str, Any]) -> None:
    if "set" in step:
        session.set(step["set"], step["value"])
    elif "add_row" in step:
        session.add_row(step["add_row"])
    else:
        session.remove_row(step["remove_row"], step["pos"])


def states(case: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The full state before any step and after each: a case keeps only what changed."""
    now = case["initial"]
    yield now
    for change in case["after_each"]:
        then = dict(now)
        for key in ("relevant", "values", "calculated", "choices", "repeats"):
            gone = set(change.get(f"{key}_gone", ()))
            then[key] = {path: value for path, value in now[key].items() if path not in gone} | change.get(key, {})
        then["invalid"] = change.get("invalid", now["invalid"])
        left = [path for path in now["missing"] if path not in set(change.get("missing_gone", ()))]
        then["missing"] = sorted(left + change.get("missing_add", []))
        now = then
        yield now


def same(theirs: Any, ours: Any) -> bool:
    if theirs == ours or theirs == "<volatile>":
        return True
    try:
        return math.isclose(float(theirs), float(ours), rel_tol=1e-9, abs_tol=1e-9)
    except (TypeError, ValueError):
        return False


def compare(
    form: str, number: int, theirs: dict[str, Any], ours: dict[str, Any], counts: Counter[str]
) -> list[Difference]:
    found: list[Difference] = []

    def judge(kind: str, path: str, one: Any, two: Any, equal: bool) -> None:
        counts[kind] += 1
        if not equal:
            found.append((form, number, kind, path, one, two))

    for path, value in theirs["relevant"].items():
        got = ours["relevant"].get(path)
        judge("relevance", path, value, got, value == got)
    for path, value in theirs["repeats"].items():
        got = ours["repeats"].get(path)
        judge("repeats", path, value, got, value == got)
    for path, value in theirs["calculated"].items():
        if theirs["relevant"].get(path, True):
            got = ours["calculated"].get(path)
            judge("calculations", path, value, got, same(value, got))
    for path, value in theirs["choices"].items():
        if theirs["relevant"].get(path, True):
            got = ours["choices"].get(path, [])
            judge("choices", path, value, got, sorted(value) == sorted(got))
    for kind, key in (("constraints", "invalid"), ("required", "missing")):
        for path in ours["relevant"]:
            one, two = path in theirs[key], path in ours[key]
            judge(kind, path, one, two, one == two)
        for path in set(theirs[key]) - set(ours["relevant"]):
            judge(kind, path, True, False, False)
    return found


def judge_case(name: str, form: Path, case: dict[str, Any], counts: Counter[str]) -> tuple[list[Difference], bool]:
    """What differs, and whether the submission is the same. The session passes through JSON between steps."""
    session = Session.start(program(form), host(case))
    found: list[Difference] = []
    lent = session.host
    for number, (step, theirs) in enumerate(zip([None, *case["steps"]], states(case), strict=True)):
        if step is not None:
            session = Session.load(program(form), json.loads(json.dumps(session.dump())), lent)
            apply(session, step)
        found += compare(name, number, theirs, session.state(), counts)
    anonymous = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}")
    ours = anonymous.sub("<volatile>", session.instance_xml())
    return found, ours == anonymous.sub("<volatile>", case["final_xml"])


def table(counts: Counter[str], found: list[Difference]) -> dict[str, float]:
    differing = Counter(difference[2] for difference in found)
    return {kind: 1 - differing[kind] / total for kind, total in counts.items()}


def unexplained(found: list[Difference]) -> list[Difference]:
    return [one for one in found if (one[0], one[3]) not in EXPLAINED]


@needs_others
@pytest.mark.parametrize("every", [4, pytest.param(1, marks=pytest.mark.slow)])
def test_agrees_with_odk_on_the_forms_of_others(every: int) -> None:
    counts: Counter[str] = Counter()
    found: list[Difference] = []
    submissions = cases = 0
    for path in sorted((OTHERS / "cases").rglob("*.json"))[every // 2 :: every]:
        case = json.loads(path.read_text("utf-8"))
        differences, same_xml = judge_case(path.parent.name, OTHERS / case["form"], case, counts)
        found += differences
        submissions += same_xml
        cases += 1
    shares = table(counts, found)
    print(cases, submissions, dict(counts), shares)
    assert cases >= 564 // every
    assert unexplained(found) == []
    for kind, least in {
        "relevance": 0.9999,
        "constraints": 0.9999,
        "required": 0.9999,
        "calculations": 0.999,
        "choices": 0.999,
        "repeats": 0.999,
    }.items():
        assert shares[kind] >= least, (kind, shares[kind])
    assert submissions / cases > 0.98


@needs_others
def test_agrees_with_odk_on_single_expressions() -> None:
    recorded = json.loads((OTHERS / "expressions.json").read_text("utf-8"))
    found = []
    for one in recorded["expressions"]:
        form = recorded["form"].replace("EXPRESSION", escape(one["expression"], {'"': "&quot;"}))
        session = Session.start(compile_model(form), host({"host": {}}))
        if not same(one["odk"], session.value("/data/res")):
            found.append((one["expression"], one["odk"], session.value("/data/res")))
    assert len(recorded["expressions"]) >= 87
    assert found == []


OWN = sorted({path.parent.parent.name for path in (HERE / "own").glob("*/cases/*.json")})
LARGE = "guide"  # the quick run looks at the guide's form in `tests/flows/test_questionnaire_odk.py`


@pytest.mark.parametrize("name", [pytest.param(one, marks=[pytest.mark.slow] if one == LARGE else []) for one in OWN])
def test_agrees_with_odk_on_our_own_forms(name: str) -> None:
    counts: Counter[str] = Counter()
    found: list[Difference] = []
    folder = HERE / "own" / name
    form = folder / "form.xml" if (folder / "form.xml").exists() else GUIDE
    for path in sorted((folder / "cases").glob("*.json")):
        found += judge_case(name, form, json.loads(path.read_text("utf-8")), counts)[0]
    assert sum(counts.values()) > 100
    assert unexplained(found) == [], "where the form was changed on purpose, record it again: see README.md"
