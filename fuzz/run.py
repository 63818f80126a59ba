"""Fuzzes every parser of ours for a share of the time: ``make fuzz``.

    python fuzz/run.py --python build/fuzz/bin/python [--seconds 60] [TARGET ...]

Each target runs in processes of its own, from the seeds that ``seeds.py`` writes, and what it learns is kept in
``build/fuzz/corpus`` for the next run. Ends with 1 where one breaks its promise, takes too long over an input or too much
memory; the input is left in ``build/fuzz/crashes``.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Final

HERE: Final = Path(__file__).resolve().parent
ROOT: Final = HERE.parent
BUILD: Final = ROOT / "build" / "fuzz"

SLOWEST_SECONDS: Final = 10
"""An input of a few kilobytes over which a parser takes longer is a finding."""

MEMORY_MIB: Final = 2048
LENGTH: Final = 8192


@dataclass(frozen=True, slots=True, kw_only=True)
class Fuzzed:
    """How one target did."""

    target: str
    broken: bool
    runs: int
    said: str


def main() -> int:
    """Runs the targets side by side, one a core, and tells of each."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("targets", nargs="*", metavar="TARGET")
    parser.add_argument("--python", default=sys.executable, help="a Python with atheris")
    parser.add_argument("--seconds", type=float, default=60.0, help="for all targets together")
    args = parser.parse_args()
    if subprocess.run([args.python, "-c", "import atheris"], capture_output=True, check=False).returncode:
        print(f"fuzz: skipped, atheris has no wheel for {sys.implementation.name} {sys.version.split()[0]} on {sys.platform}")
        return 0
    targets = args.targets or sorted(path.stem.removeprefix("fuzz_") for path in HERE.glob("fuzz_*.py"))
    jobs = min(len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 1, len(targets))
    share = max(1, round(args.seconds * jobs / len(targets)))
    print(f"fuzz: {len(targets)} targets, {share} s each, {jobs} at a time", flush=True)
    with ThreadPoolExecutor(jobs) as pool:
        told = list(pool.map(lambda target: run_target(args.python, target, seconds=share), targets))
    broken = [one for one in told if one.broken]
    for one in broken:
        print(f"fuzz: {one.target} broke its promise:\n{one.said}")
    print(f"fuzz: {sum(one.runs for one in told):,} inputs, {len(broken)} of {len(told)} targets broke their promise")
    if broken:
        print(f"fuzz: the inputs lie in {(BUILD / 'crashes').relative_to(ROOT)}; again with: make fuzz TARGET=name")
    return 1 if broken else 0


def run_target(python: str, target: str, *, seconds: int) -> Fuzzed:
    """Fuzzes one parser for so many seconds after it has been loaded."""
    corpus, crashes = BUILD / "corpus" / target, BUILD / "crashes"
    for folder in (corpus, crashes):
        folder.mkdir(parents=True, exist_ok=True)
    paths = os.pathsep.join(str(path) for path in (ROOT / "src", HERE, ROOT / "bench"))
    environment = {**os.environ, "PYTHONPATH": paths}
    seeds = BUILD / "seeds"
    made = subprocess.run(
        [python, "-c", f"from pathlib import Path; from seeds import write_seeds; write_seeds(Path({str(seeds)!r}), {target!r})"],
        env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if made.returncode:
        return Fuzzed(target=target, broken=True, runs=0, said=made.stderr[-3000:])
    ended = subprocess.run(
        [
            python, HERE / f"fuzz_{target}.py", f"-max_total_time={seconds}", f"-timeout={SLOWEST_SECONDS}",
            f"-rss_limit_mb={MEMORY_MIB}", f"-max_len={LENGTH}", f"-artifact_prefix={crashes / target}-", "-print_final_stats=1",
            "-verbosity=0", corpus, seeds / target,
        ],
        env=environment, capture_output=True, text=True, errors="replace", check=False,
    )  # fmt: skip
    found = re.search(r"number_of_executed_units:\s*(\d+)", ended.stderr)
    runs = int(found[1]) if found else 0
    if not ended.returncode:
        print(f"fuzz: {target}: {runs:,} inputs", flush=True)
    said = "\n".join(ended.stdout.splitlines()[-30:] + ended.stderr.splitlines()[-30:])
    return Fuzzed(target=target, broken=ended.returncode != 0, runs=runs, said=said)


if __name__ == "__main__":
    sys.exit(main())
