"""Score the installed reader on the gold records and hold the floors: ``make eval``.

    python eval/run.py [--update] [--gold NAME ...] [--figures FILE]

Reads each gold file with ``headcount read --format jsonl``, scores it with ``score.py`` beside the codebook, prints the
figures with their 95 % intervals (bootstrap over reports), what changed report by report since the last run here, and
exits 1 where a figure is below its floor in ``floors.json``. ``--update`` raises floors to what was measured and never
lowers one. Of ``check`` only sums are printed: its errors are not to be read while rules are written.
Without the gold records it says so and exits 0.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import math
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

from counts import Run, count_report, find_changes, sum_changes
from floors import LESS_IS_BETTER, find_failures, raise_floors

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared"
FLOORS = ROOT / "eval" / "floors.json"
OUTPUTS = ROOT / "build" / "eval"
FIGURES_PAGE = ROOT / "docs" / "figures.md"

GOLD = ("dev", "ordinary", "check", "seed")
UNREAD = "check"
"""Scored, but its errors are not listed."""

SHOWN = (
    "event_p", "event_r", "event_f1", "report_f1", "place", "date", "size", "size_recall", "attributed", "type", "false_fill",
    "whole", "whole_f1",
)  # fmt: skip
"""The figures of the table, in the order of score.py's own description."""

MEANING = {
    "event_p": "of the events found, share that the gold has",
    "event_r": "of the gold's events, share found",
    "event_f1": "both together",
    "report_f1": "event_f1 report by report, averaged",
    "place": "town and country right, of matched events",
    "date": "both days right, of matched events",
    "size": "both ends right, of matched events with a size",
    "size_recall": "of the gold's sized events, share found with both ends right",
    "attributed": "claimant right where it is another than the report",
    "type": "event type right, of matched events",
    "false_fill": "a day or a size given where the gold has none (less is better)",
    "whole": "of the gold's events, share with place, date and size all right",
    "whole_f1": "the same against the events found, too: the figure to live by",
}


def load_score() -> ModuleType:
    """The scorer that stands beside the codebook."""
    spec = importlib.util.spec_from_file_location("score", SHARED / "score.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def read_gold(name: str) -> Path:
    """The path of what the installed command reads in one gold file."""
    output = OUTPUTS / f"{name}.jsonl"
    command = [str(Path(sys.executable).with_name("headcount")), "read", "--format", "jsonl", "--output", str(output)]
    done = subprocess.run([*command, str(SHARED / "gold" / f"{name}.jsonl")], stderr=subprocess.PIPE, text=True, check=False)
    if done.returncode != 0:
        raise SystemExit(f"eval: headcount read ended with {done.returncode} on {name}:\n{done.stderr.strip()[:600]}")
    return output


def score_gold(score: ModuleType, name: str, output: Path) -> tuple[dict[str, dict[str, float]], dict[str, dict[str, int]], str]:
    """Figures with their intervals, counts by report, and a line that says how much was scored."""
    gold_path = SHARED / "gold" / f"{name}.jsonl"
    command = [sys.executable, str(SHARED / "score.py"), str(gold_path), str(output), "--json"]
    figures: dict[str, Any] = json.loads(subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout)
    system = {row["id"]: row for row in _lines(output)}
    counts = {row["id"]: count_report(score.score_report(row, system.get(row["id"], {}))[0]) for row in _lines(gold_path)}
    found = sum(row["sys"] for row in counts.values())
    said = f"{figures['reports']} reports, {figures['gold_events']} gold events, {found} found"
    if figures["absent"]:
        raise SystemExit(
            f"eval: {name}: {len(figures['absent'])} reports are absent from the output, the first {figures['absent'][0]}"
        )
    return {key: figures[key] for key in SHOWN}, counts, said


def write_table(scored: dict[str, dict[str, dict[str, float]]], floors: dict[str, dict[str, float]]) -> list[str]:
    """The lines of the printed table: value, interval, and a mark where it is below its floor."""
    lines = [f"{'':12}" + "".join(f"{name:>25}" for name in scored)]
    for figure in SHOWN:
        cells = []
        for name, figures in scored.items():
            value = figures[figure]
            if math.isnan(value["value"]):
                cells.append(f"{'-':>25}")
                continue
            held = floors.get(name, {}).get(figure)
            below = held is not None and (value["value"] > held if figure in LESS_IS_BETTER else value["value"] < held)
            cells.append(f"{value['value']:8.3f} [{value['low']:.3f}, {value['high']:.3f}]{'!' if below else ' '}")
        lines.append(f"{figure:12}" + "".join(f"{cell:>25}" for cell in cells))
    return lines


def write_page(scored: dict[str, dict[str, dict[str, float]]], said: dict[str, str]) -> str:
    """docs/figures.md: the same for a reader, with what each figure means."""
    names = [name for name in scored if name != "seed"]
    lines = [
        "# How good",
        "",
        "Written by `make eval`; do not edit by hand. Each figure with its 95 % interval (bootstrap over reports).",
        "",
        "The learned decisions were trained on `dev` and `ordinary`, so the figures on these two say how well the reader",
        "fits what it has seen. Figures for reports of these kinds that it has not seen are the cross-validated ones of",
        "`training/train.py` (training/README.md), and those on `check`: nothing was trained on it and its errors were not",
        "read, but it was scored on while the reader was written, and choices were made by it.",
        "",
        "| figure | " + " | ".join(names) + " | meaning |",
        "| --- |" + " --- |" * (len(names) + 1),
    ]
    for figure in SHOWN:
        cells = []
        for name in names:
            value = scored[name][figure]
            nothing = math.isnan(value["value"])
            cells.append("–" if nothing else f"{value['value']:.2f} ({value['low']:.2f} to {value['high']:.2f})")
        lines.append(f"| {figure} | " + " | ".join(cells) + f" | {MEANING[figure]} |")
    lines += ["", *(f"- `{name}`: {said[name]}" for name in scored)]
    if "seed" in scored:
        lines.append(f"- of `seed`, share of events whole: {scored['seed']['whole_f1']['value']:.2f}")
    return "\n".join(lines) + "\n"


def tell_changes(name: str, before: Run, after: Run, *, each: bool) -> list[str]:
    """What was gained and lost since the last run: the sums, and each report where they may be read."""
    changes = find_changes(before, after)
    if not changes:
        return [f"{name}: nothing changed since the last run"]
    sums = ", ".join(f"{count} +{gained} -{lost}" for count, (gained, lost) in sum_changes(changes).items())
    lines = [f"{name}: {len(changes)} reports changed since the last run: {sums}"]
    if each:
        lines += [
            f"  {report_id}: " + ", ".join(f"{count} {n:+d}" for count, n in moved.items()) for report_id, moved in changes.items()
        ]
    return lines


def main() -> int:
    """Score, compare, and say whether the floors hold."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--update", action="store_true", help="raise floors to the measured values; none is lowered")
    parser.add_argument("--gold", action="append", choices=GOLD, help="only this gold file (floors of the others are not tried)")
    parser.add_argument(
        "--figures", type=Path, default=FIGURES_PAGE, help="where the page of figures is written, when all are scored"
    )
    args = parser.parse_args()
    if not (SHARED / "gold").is_dir():
        print("eval: skipped, no ../shared/gold to score on")
        return 0
    names = tuple(args.gold or GOLD)
    OUTPUTS.mkdir(parents=True, exist_ok=True)
    floors: dict[str, dict[str, float]] = json.loads(FLOORS.read_text("utf-8"))
    score = load_score()
    scored, said = {}, {}
    changes = []
    for name in names:
        scored[name], counts, said[name] = score_gold(score, name, read_gold(name))
        last = OUTPUTS / f"{name}.counts.json"
        if last.exists():
            changes += tell_changes(name, json.loads(last.read_text("utf-8")), counts, each=name != UNREAD)
        last.write_text(json.dumps(counts, indent=0, sort_keys=True) + "\n", "utf-8")
        print(f"{name}: {said[name]}")
    print("\n".join(["", *write_table(scored, floors), "", *changes]))
    if names == GOLD:
        args.figures.write_text(write_page(scored, said), "utf-8")
    measured = {name: {figure: value["value"] for figure, value in figures.items()} for name, figures in scored.items()}
    if args.update:
        floors = raise_floors(floors, measured)
        FLOORS.write_text(json.dumps(floors, indent=2) + "\n", "utf-8")
        print(f"floors raised where they were passed: {FLOORS.relative_to(ROOT)}")
    failures = find_failures(measured, {name: floors[name] for name in names if name in floors})
    for name, figure, value, floor in failures:
        print(f"eval: {name} {figure} is {value:.4f}, its {'ceiling' if figure in LESS_IS_BETTER else 'floor'} {floor:.4f}")
    return 1 if failures else 0


def _lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").split("\n") if line.strip()]


if __name__ == "__main__":
    sys.exit(main())
