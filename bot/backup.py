"""Use case: a copy of everything, made while the bot goes on."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

from db.copying import copy
from db.database import parse
from db.problems import StoreProblem


def back_up(database_url: str, attachments: Path, out: Path, progress: Callable[[int, int], None]) -> int:
    """Copy the database to `out` and the attachments to a folder beside it (`griot.db` → `griot.attachments/`).

    Contents are never changed once written, so those that an earlier backup left in the folder are kept as they are.
    `progress` is told how many of how many attachments are done. Returns their number. Raises `StoreProblem`.
    """
    url = parse(database_url)
    if url.get_backend_name() != "sqlite":
        raise StoreProblem("backup_elsewhere")
    copy(Path(url.database or ""), out)
    contents = sorted(path for path in attachments.glob("??/*") if path.is_file() and not path.name.startswith("."))
    folder = out.with_suffix(".attachments")
    try:
        for number, source in enumerate(contents, 1):
            target = folder / source.parent.name / source.name
            if not target.exists() or target.stat().st_size != source.stat().st_size:
                folder.mkdir(mode=0o700, parents=True, exist_ok=True)
                target.parent.mkdir(mode=0o700, exist_ok=True)
                unfinished = target.with_name(f".{target.name}.unfinished")
                shutil.copyfile(source, unfinished)
                unfinished.replace(target)
            progress(number, len(contents))
    except OSError as error:
        raise StoreProblem("attachments_not_copied", path=folder, reason=error.strerror or "") from error
    return len(contents)
