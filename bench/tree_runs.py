"""Runs ``headcount ingest`` as a whole process: watched from outside, or killed at random moments and run again."""

from __future__ import annotations

import datetime as dt
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """How a run ended and what it took."""

    code: int
    seconds: float
    peak_mib: float
    """Most that its processes held together; what they share is counted once."""

    said: str


def command(*arguments: str | Path) -> list[str]:
    """``headcount`` of this checkout with these arguments."""
    return [sys.executable, "-c", "import sys; from headcount.cli import main; sys.exit(main())", *map(str, arguments)]


def ingest(folder: Path, record: Path, *options: str, watch: bool = True) -> Run:
    """Ingests a folder to the end."""
    return run(command("ingest", folder, "--record", record, *options), watch=watch)


def run(line: Sequence[str], *, watch: bool = True) -> Run:
    """Runs a command to its end; with ``watch`` its memory is looked at five times a second."""
    with tempfile.TemporaryFile() as said:
        begun = time.monotonic()
        child = subprocess.Popen(line, stdout=subprocess.DEVNULL, stderr=said, stdin=subprocess.DEVNULL, start_new_session=True)
        peak = 0.0
        while child.poll() is None:
            if watch:
                peak = max(peak, held_mib(child.pid))
            time.sleep(0.2)
        seconds = time.monotonic() - begun
        said.seek(0)
        return Run(code=child.returncode, seconds=seconds, peak_mib=peak, said=said.read().decode("utf-8", "replace"))


def ingest_killed(folder: Path, record: Path, *options: str, kills: int, seed: int, lasts: float) -> int:
    """Kills an ingest that ``lasts`` so long at random moments, and lets the same command end at last; how many were hit.

    Raises RuntimeError where the last run does not end with 3, or a killed one leaves a process behind.
    """
    rng = random.Random(seed)
    line = command("ingest", folder, "--record", record, *options)
    hit = 0
    while hit < kills:
        child = subprocess.Popen(
            line, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL, start_new_session=True
        )
        try:
            child.wait(timeout=1.0 + rng.random() * lasts / 2)
        except subprocess.TimeoutExpired:
            child.send_signal(signal.SIGKILL)
            hit += 1
        child.wait()
        if not _ends_alone(child.pid):
            raise RuntimeError("a killed ingest left processes behind that did not end")
        if child.returncode not in (-signal.SIGKILL, 3):
            raise RuntimeError(f"an ingest between the kills ended with {child.returncode}")
        if child.returncode == 3:
            break
    ended = run(line, watch=False)
    if ended.code != 3:
        raise RuntimeError(f"the ingest after the kills ended with {ended.code}: {ended.said[-2000:]}")
    return hit


def _ends_alone(session: int) -> bool:
    """Whether the workers of a killed process end by themselves; a page may take its 20 seconds."""
    for _ in range(600):
        if not _members(session):
            return True
        time.sleep(0.05)
    for pid in _members(session):
        os.kill(pid, signal.SIGKILL)
    return False


def _members(session: int) -> list[int]:
    found = []
    for name in os.listdir("/proc"):
        if name.isdigit():
            try:
                fields = Path("/proc", name, "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if int(fields[3]) == session and fields[0] not in "ZX":
                found.append(int(name))
    return found


def held_mib(session: int) -> float:
    """What the processes of a session hold now, shared pages counted once (PSS)."""
    total = 0
    for pid in _members(session):
        try:
            lines = Path("/proc", str(pid), "smaps_rollup").read_text().splitlines()
        except OSError:
            continue
        total += sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return total / 1024


Tables = dict[str, list[tuple[object, ...]]]


def without_times(tables: Tables) -> Tables:
    """The rows of a record without when anything was looked at, each table in an order of its own."""
    bare = {
        name: [tuple(None if isinstance(one, dt.datetime) else one for one in row) for row in rows] for name, rows in tables.items()
    }
    return {name: sorted(rows, key=repr) for name, rows in bare.items()}
