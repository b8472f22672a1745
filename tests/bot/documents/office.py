"""Documents saved by LibreOffice, in other formats and back."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

needs_libreoffice = pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")


def saved_as(content: bytes, way: tuple[str, ...], folder: Path) -> bytes:
    """A .docx opened and saved in each of these formats, one after the other."""
    kind, at = "docx", folder / "given"
    at.mkdir()
    (at / "a.docx").write_bytes(content)
    profile = f"-env:UserInstallation=file://{folder}/profile"
    for step, wanted in enumerate(way):
        to = folder / str(step)
        given = ["soffice", profile, "--headless", "--convert-to", wanted, "--outdir", str(to), str(at / f"a.{kind}")]
        subprocess.run(given, check=True, capture_output=True, timeout=180)  # noqa: S603
        kind, at = wanted, to
    return (at / f"a.{kind}").read_bytes()
