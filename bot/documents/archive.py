"""Office files are zip archives; here they lose every trace of when they were written."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from io import BytesIO

_EARLIEST = (1980, 1, 1, 0, 0, 0)  # the first moment a zip file can hold


def sealed(filled: BytesIO, replaced: Mapping[str, bytes] | None = None) -> bytes:
    """The same archive with fixed dates, the parts in `replaced` exchanged or added: equal content, equal bytes."""
    result = BytesIO()
    with zipfile.ZipFile(filled) as old, zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED) as new:
        names = old.namelist()
        for name in (*names, *(name for name in replaced or () if name not in names)):
            entry = zipfile.ZipInfo(name, _EARLIEST)
            entry.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(entry, (replaced or {}).get(name) or old.read(name))
    return result.getvalue()


def bundled(files: Mapping[str, bytes]) -> bytes:
    """An archive of these files, in the order of their names and without compression: the same files make the same
    bytes wherever it is made."""
    result = BytesIO()
    with zipfile.ZipFile(result, "w", zipfile.ZIP_STORED) as new:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, _EARLIEST)
            entry.create_system = 3  # one that knows permissions
            entry.external_attr = 0o100644 << 16
            new.writestr(entry, files[name])
    return result.getvalue()
