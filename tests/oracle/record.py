"""Records what ODK's own engine answers on forms of ours, as cases in the shape `agreement.py` reads.

    python tests/oracle/record.py ENGINE_FOLDER FORM_FOLDER… [--seeds 1,2,3] [--steps 40]

ENGINE_FOLDER holds `odk.mjs` and the npm packages it names; FORM_FOLDER holds `form.xml` and receives `cases/`
(without a `form.xml` it is the guide's own questionnaire that is recorded).
Only this script needs Node; the tests read what it wrote.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import tempfile
from itertools import pairwise
from pathlib import Path
from typing import Any

HOST = {"deviceid": "dev:1", "email": "a@example.org", "username": "ana", "phonenumber": "+41000"}
CLOCK = {"today": "2026-03-15", "now": "2026-03-15T10:30:00.000+00:00", "timezone": "UTC"}
VOLATILE = re.compile(r"uuid\(|random\(")
GUIDE = Path(__file__).parents[2] / "flows" / "questionnaires" / "guide.xml"
MAPS = ("relevant", "values", "calculated", "choices", "repeats")


def bare(path: str) -> str:
    return re.sub(r"\[\d+\]", "", path)


def state(snapshot: dict[str, Any], metas: dict[str, Any]) -> dict[str, Any]:
    """The engine's snapshot in the shape of a case's state."""
    of = {bare(path): meta for path, meta in metas.items()}
    relevant = {**snapshot["rel"], **snapshot["groups"]}
    values, calculated = {}, {}
    for path, value in snapshot["val"].items():
        meta = of[bare(path)]
        if meta.get("preload") or VOLATILE.search(meta.get("calculate") or ""):
            value = "<volatile>" if value else value
        if meta.get("calculate"):
            calculated[path] = value
        elif value:
            values[path] = value
    choices = {
        path: offered for path, offered in snapshot["choices"].items() if "[" in str(of[bare(path)].get("itemset"))
    }
    return {
        "relevant": relevant,
        "values": values,
        "calculated": calculated,
        "invalid": snapshot["invalid"],
        "missing": snapshot["missing"],
        "choices": choices,
        "repeats": snapshot["repeats"],
    }


def change(old: dict[str, Any], new: dict[str, Any]) -> dict[str, Any]:
    """Only what is different in `new`."""
    found: dict[str, Any] = {}
    for key in MAPS:
        gone = [path for path in old[key] if path not in new[key]]
        other = {path: value for path, value in new[key].items() if old[key].get(path) != value}
        found.update({f"{key}_gone": gone} if gone else {})
        found.update({key: other} if other else {})
    if old["invalid"] != new["invalid"]:
        found["invalid"] = new["invalid"]
    missing_gone = [path for path in old["missing"] if path not in new["missing"]]
    missing_add = [path for path in new["missing"] if path not in old["missing"]]
    found.update({"missing_gone": missing_gone} if missing_gone else {})
    found.update({"missing_add": missing_add} if missing_add else {})
    return found


def record(engine: Path, form: Path, seeds: list[int], steps: int) -> int:
    with tempfile.TemporaryDirectory() as scratch:
        jobs = Path(scratch, "jobs.json")
        source = form / "form.xml" if (form / "form.xml").exists() else GUIDE
        job = {"id": form.name, "xml": str(source.resolve()), "seeds": seeds, "maxSteps": steps}
        jobs.write_text(json.dumps([job]), "utf-8")
        command = ["node", "odk.mjs", str(jobs), scratch]
        subprocess.run(command, cwd=engine, check=True, stdout=subprocess.DEVNULL)  # noqa: S603 - our own arguments
        result = json.loads(Path(scratch, f"{form.name}.json").read_text("utf-8"))
    if result.get("fail"):
        raise SystemExit(f"{form.name}: {result['fail']}")
    folder = form / "cases"
    folder.mkdir(exist_ok=True)
    for walk in result["seqs"]:
        if "crash" in walk:
            print(f"{form.name} {walk['seed']}: {walk['crash'][:200]}")
            continue
        states = [state(one, walk["metas"]) for one in [walk["init"], *walk["after"]]]
        case = {
            "language": None,
            "seed": walk["seed"],
            "clock": CLOCK,
            "host": HOST,
            "initial": states[0],
            "steps": walk["steps"],
            "after_each": [change(old, new) for old, new in pairwise(states)],
            "final_xml": re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", "<volatile>", walk["xml"]),
        }
        text = json.dumps(case, ensure_ascii=False, separators=(",", ":"))
        (folder / f"{walk['seed']}.json").write_text(text + "\n", "utf-8")
    return len(result["seqs"])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("engine", type=Path)
    parser.add_argument("forms", type=Path, nargs="+")
    parser.add_argument("--seeds", default="1,2,3,4,5")
    parser.add_argument("--steps", type=int, default=40)
    given = parser.parse_args()
    for form in given.forms:
        seeds = [int(seed) for seed in given.seeds.split(",")]
        print(form.name, record(given.engine, form, seeds, given.steps))


if __name__ == "__main__":
    main()
