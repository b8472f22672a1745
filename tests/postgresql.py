"""A PostgreSQL server of one's own for a while, where the machine has the binaries."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def binaries() -> Path | None:
    """The folder of `initdb` and `postgres`: the newest that is installed."""
    found = shutil.which("initdb")
    folders = [Path(found).resolve().parent] if found else []
    folders += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    return next((folder for folder in folders if (folder / "postgres").is_file()), None)


@contextmanager
def server(folder: Path) -> Iterator[str]:
    """The address of an empty database on a server made for the block, from the binaries in `folder`.

    PostgreSQL refuses to be run by root: then its own account runs it.
    """
    user = "postgres" if os.geteuid() == 0 else None
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with tempfile.TemporaryDirectory(prefix="griot-postgresql-") as home:
        if user is not None:
            shutil.chown(home, user)
        data = f"{home}/data"
        made = [folder / "initdb", "-D", data, "-U", "griot", "-A", "trust", "-E", "UTF8", "--no-sync"]
        subprocess.run(made, user=user, cwd=home, check=True, capture_output=True, timeout=120)  # noqa: S603 (found above)
        options = ["-p", str(port), "-k", home, "-c", "listen_addresses=127.0.0.1", "-c", "fsync=off"]
        with Path(home, "log").open("wb") as log:
            process = subprocess.Popen(  # noqa: S603
                [folder / "postgres", "-D", data, *options], user=user, cwd=home, stdout=log, stderr=log
            )
        try:
            for _ in range(300):
                ready = [folder / "pg_isready", "-h", "127.0.0.1", "-p", str(port), "-q"]
                if subprocess.run(ready, check=False).returncode == 0:  # noqa: S603
                    break
                time.sleep(0.1)
            yield f"postgresql://griot@127.0.0.1:{port}/postgres"
        finally:
            process.terminate()
            process.wait(30)


async def emptied(address: str) -> str:
    """The same address, once nothing is in the database any more."""
    import asyncpg

    connection = await asyncpg.connect(address)
    await connection.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
    await connection.close()
    return address
