"""Runs a command as a whole process and tells what it took: wall time, peak memory, and the pace that it prints."""

from __future__ import annotations

import os
import re
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

PACE: Final = re.compile(r"([\d,.]+) words, .*?(\d+) words/s")

ONE_THREAD: Final = dict.fromkeys(
    ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS", "BLIS_NUM_THREADS"), "1"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What one process took."""

    wall: float
    """Seconds from its start to its end."""

    peak_mib: float
    """Largest resident set of it, by getrusage."""

    words_per_second: float | None
    """What it said of itself, without loading; None where it said nothing."""


def take(command: Sequence[str | Path], *, output: Path | None = None, environment: Mapping[str, str] | None = None) -> Taken:
    """Runs the command to its end, on the cores that this process may use, with one thread for its numeric libraries.

    A child's resident set counts from its fork: keep this process small. Raises RuntimeError where the command fails.
    """
    errors_path = Path(os.devnull) if output is None else output.with_suffix(".stderr")
    with (output or Path(os.devnull)).open("wb") as out, errors_path.open("wb") as errors:
        begun = time.perf_counter()
        child = subprocess.Popen(
            [str(part) for part in command],
            stdout=out,
            stderr=errors,
            stdin=subprocess.DEVNULL,
            env={**os.environ, **ONE_THREAD, **(environment or {})},
        )
        _, status, usage = os.wait4(child.pid, 0)
        wall = time.perf_counter() - begun
        child.returncode = os.waitstatus_to_exitcode(status)
    said = "" if output is None else errors_path.read_text("utf-8", "replace")
    if child.returncode != 0:
        raise RuntimeError(f"{' '.join(map(str, command))} ended with {child.returncode}: {said[-2000:]}")
    return Taken(wall=wall, peak_mib=usage.ru_maxrss / 1024, words_per_second=find_pace(said))


def find_pace(said: str) -> float | None:
    """The words a second in a line such as ``3 reports, 900 words, 0.5 s, 6.00 reports/s, 1800 words/s``."""
    match = PACE.search(said)
    return float(match[2]) if match else None


def pin_to_one_core() -> set[int]:
    """Keeps this process and its children on one core; returns the cores that it had before."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {max(before)})
    return before
