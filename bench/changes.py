"""What a change of the reader gained and lost in statements, report by report.

    python bench/changes.py OLD NEW [--reports FILE ...] [--counts]

OLD and NEW are outputs of ``headcount read --format jsonl``, or a git revision (built in a worktree under
``build/changes`` and run on the same reports), or ``.`` for the working tree. A statement is gained or lost when the
variable, the value and the place of its words are new or gone; a value read otherwise is one lost and one gained.
Reports default to the texts of ``../shared/gold`` (dev and ordinary), else to the sample reports.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

ROOT = Path(__file__).resolve().parents[1]
GOLD = ROOT.parent / "shared" / "gold"
WORK = ROOT / "build" / "changes"

VALUES: Final = (
    "event_type", "status", "background", "date_start", "date_end", "locality", "state", "country", "location_detail",
    "size_low", "size_high", "claimant_role",
)  # fmt: skip
"""Values of an event that are compared beside its statements: each is what several statements come to."""

LISTS: Final = ("organizations", "participants", "speakers", "targets", "claims", "chants", "issues")

Said = tuple[str, str, str, int]
"""(variable, value, words, where they begin): what makes two statements the same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One report whose statements changed."""

    report_id: str
    gained: tuple[Said, ...]
    lost: tuple[Said, ...]


def list_said(reading: Mapping[str, Any]) -> Counter[Said]:
    """All that one reading says: its statements, its events' values, its roll-ups."""
    said: Counter[Said] = Counter()
    for event in reading.get("events", ()):
        where = (event["quote"], event["quote_span"]["start"])
        said[("event", event["event_type"], *where)] += 1
        for name in VALUES:
            if event.get(name) is not None and event.get(name) != "":
                said[(f"event.{name}", _shown(event[name]), *where)] += 1
        for name in LISTS:
            for item in event.get(name, ()):
                said[(f"event.{name}", item, *where)] += 1
        for outcome in event.get("outcomes", ()):
            said[(f"event.{outcome['variable']}", outcome["text"], *where)] += 1
        for statement in event.get("statements", ()):
            said[(statement["variable"], _shown(statement["value"]), statement["quote"], statement["span"]["start"])] += 1
    for rollup in reading.get("rollups", ()):
        said[("rollup", f"{rollup['size_text']} {rollup['place']}".strip(), rollup["quote"], rollup["span"]["start"])] += 1
    return said


def find_changes(old: Iterable[Mapping[str, Any]], new: Iterable[Mapping[str, Any]]) -> list[Change]:
    """The reports whose statements differ, in the order of the new output. A report that one side lacks says nothing there."""
    before = {reading["id"]: list_said(reading) for reading in old}
    after = {reading["id"]: list_said(reading) for reading in new}
    changes = []
    for report_id in [*after, *(report_id for report_id in before if report_id not in after)]:
        was, now = before.get(report_id, Counter()), after.get(report_id, Counter())
        gained, lost = now - was, was - now
        if gained or lost:
            changes.append(Change(report_id=report_id, gained=_listed(gained), lost=_listed(lost)))
    return changes


def count_by_variable(changes: Iterable[Change]) -> dict[str, tuple[int, int]]:
    """For each variable how many statements were gained and lost."""
    gained: Counter[str] = Counter()
    lost: Counter[str] = Counter()
    for change in changes:
        gained.update(variable for variable, *_ in change.gained)
        lost.update(variable for variable, *_ in change.lost)
    return {variable: (gained[variable], lost[variable]) for variable in sorted(gained.keys() | lost.keys())}


def write_changes(changes: list[Change], *, total: int, each: bool = True) -> list[str]:
    """The lines of the report."""
    lines = []
    for change in changes if each else ():
        lines.append(f"{change.report_id}: +{len(change.gained)} -{len(change.lost)}")
        for sign, several in (("-", change.lost), ("+", change.gained)):
            lines += [f"  {sign} {variable} = {value}   “{_short(words)}” at {start}" for variable, value, words, start in several]
    lines.append(f"{len(changes)} of {total} reports changed")
    lines += [f"  {variable:24} +{gained} -{lost}" for variable, (gained, lost) in count_by_variable(changes).items()]
    return lines


def read_side(side: str, reports: list[Path]) -> list[dict[str, Any]]:
    """The readings of one side: an output, the working tree, or a revision that is built and run for it."""
    if side.endswith((".jsonl", ".ndjson")):
        path = Path(side)
    elif side == ".":
        path = run_tree(ROOT, WORK / "working-tree.jsonl", reports)
    else:
        path = run_revision(side, reports)
    return [json.loads(line) for line in path.read_text("utf-8").split("\n") if line.strip()]


def run_revision(revision: str, reports: list[Path]) -> Path:
    """Reads the reports as of a revision: its sources in a worktree, the libraries of this environment."""
    found = subprocess.run(
        ["git", "rev-parse", "--verify", f"{revision}^{{commit}}"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if found.returncode:
        raise SystemExit(f"changes: expected an output ending in .jsonl, . or a git revision, found {revision!r}")
    commit = found.stdout.strip()[:12]
    tree = WORK / commit
    if not tree.exists():
        WORK.mkdir(parents=True, exist_ok=True)
        subprocess.run(["git", "worktree", "prune"], cwd=ROOT, check=True)
        subprocess.run(["git", "worktree", "add", "--detach", "--quiet", str(tree), commit], cwd=ROOT, check=True)
    if not (tree / "src/headcount/gazetteer/data/gazetteer.bin").exists():
        build = [sys.executable, "-m", "headcount.gazetteer.build", "--sources", str(ROOT / "build" / "gazetteer-sources")]
        subprocess.run(build, cwd=tree, env=_environment(tree), check=True)
    return run_tree(tree, WORK / f"{commit}.jsonl", reports)


def run_tree(tree: Path, output: Path, reports: list[Path]) -> Path:
    """Reads the reports with the sources of one tree."""
    output.parent.mkdir(parents=True, exist_ok=True)
    start = "import sys; from headcount.cli import main; sys.exit(main())"
    command = [sys.executable, "-c", start, "read", "--format", "jsonl", "--output", str(output), *map(str, reports)]
    done = subprocess.run(command, env=_environment(tree), stderr=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"changes: headcount read of {tree.name} ended with {done.returncode}:\n{done.stderr[-2000:]}")
    return output


def main() -> int:
    """Compares two sides and prints what was gained and lost."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("old")
    parser.add_argument("new", nargs="?", default=".")
    parser.add_argument("--reports", type=Path, action="append", metavar="FILE")
    parser.add_argument("--counts", action="store_true", help="the counts alone")
    args = parser.parse_args()
    gold = [GOLD / "dev.jsonl", GOLD / "ordinary.jsonl"]
    reports = args.reports or (gold if GOLD.is_dir() else [ROOT / "src" / "headcount" / "samples"])
    reports = [path.resolve() for path in reports]
    old, new = read_side(args.old, reports), read_side(args.new, reports)
    total = len({reading["id"] for reading in (*old, *new)})
    print("\n".join(write_changes(find_changes(old, new), total=total, each=not args.counts)))
    return 0


def _environment(tree: Path) -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(tree / "src")}


def _listed(counter: Counter[Said]) -> tuple[Said, ...]:
    return tuple(sorted(counter.elements(), key=lambda said: (said[3], said[0], said[1])))


def _shown(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def _short(words: str) -> str:
    words = " ".join(words.split())
    return words if len(words) <= 80 else words[:77] + "..."


if __name__ == "__main__":
    sys.exit(main())
