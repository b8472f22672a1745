"""Files written whole or not at all."""

from __future__ import annotations

import errno
import os
from collections.abc import Mapping
from pathlib import Path


def write(contents: Mapping[Path, bytes], *, private: bool = False) -> None:
    """Write all files, or none where the disk is full or a folder forbids it.

    `private`: for this account alone. Raises `OSError`.
    """
    begun: list[tuple[Path, Path]] = []
    try:
        for path, content in contents.items():
            if path.is_dir():
                raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
            part = path.with_name(f".{path.name[:200]}.part")
            part.unlink(missing_ok=True)
            begun.append((part, path))
            handle = os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600 if private else 0o666)
            with os.fdopen(handle, "wb") as file:
                file.write(content)
        for part, path in begun:
            part.replace(path)
    except BaseException:
        for part, _ in begun:
            part.unlink(missing_ok=True)
        raise
