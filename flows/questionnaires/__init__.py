"""The questionnaires of the exercise: `<name>.toml` is what people edit, `<name>.xml` what pyxform makes of it.

The compiled form is kept beside its source, so that nothing but XML is read when an interview starts.
"""

from __future__ import annotations

from importlib.resources import files

from flows.interview.excel import to_xform
from flows.interview.sheets import SheetError, read_toml

GUIDE = "guide"


def source(name: str = GUIDE) -> str:
    """The text that describes the questionnaire (TOML, see `flows.interview.sheets`)."""
    return files(__name__).joinpath(f"{name}.toml").read_text(encoding="utf-8")


def compiled(name: str = GUIDE) -> str:
    """The XForm as it was last compiled from `source(name)`."""
    return files(__name__).joinpath(f"{name}.xml").read_text(encoding="utf-8")


def compile_source(text: str) -> str:
    """The XForm that `text` describes. Raises `SheetError`, also where pyxform only warns: ours give no warning."""
    xform, warnings = to_xform(read_toml(text))
    if warnings:
        raise SheetError("\n".join(warnings))
    return xform
