"""Work measured in a process of its own: how long it takes, and the most memory it holds at once.

A small process starts it and waits for it, because a process inherits the peak of the one that it was started from.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

MEBIBYTE = 2**20
_UNIT = 1 if sys.platform == "darwin" else 1024  # of `ru_maxrss`, in bytes
_LAUNCHER = """
import json, resource, subprocess, sys, time
began = time.perf_counter()
done = subprocess.run(sys.argv[1:], capture_output=True, text=True)
wall = time.perf_counter() - began
used = resource.getrusage(resource.RUSAGE_CHILDREN)
work, said = used.ru_utime + used.ru_stime, done.stderr[-2000:]
print(json.dumps([done.returncode, done.stdout, said, wall, work, used.ru_maxrss]))
"""


class Failed(Exception):
    """The process ended with a fault; the message is the end of what it said."""


@dataclass(frozen=True, slots=True)
class Run:
    """What a process printed; seconds by the clock and of the processor from its start to its end; the most memory
    that it, or the largest of those it started, held at once, in MiB (resident)."""

    printed: str
    wall: float
    work: float
    peak: float


def run(command: Sequence[str], environment: Mapping[str, str] | None = None) -> Run:
    """Run `command` to its end, the repository as its folder. Raises `Failed`."""
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", _LAUNCHER, *command],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).resolve().parent.parent,
        env={**os.environ, **(environment or {})},
    )
    code, printed, said, wall, work, peak = json.loads(done.stdout)
    if code:
        raise Failed(said.strip().rpartition("\n")[2])
    return Run(printed, wall, work, peak * _UNIT / MEBIBYTE)


def peak() -> float:
    """The most memory that this process has held at once, in MiB (resident)."""
    try:
        status = Path("/proc/self/status").read_text("utf-8")
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * _UNIT / MEBIBYTE
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024
