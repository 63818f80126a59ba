"""Per-report counts of one run, and what changed in them since the run before."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

Counts = Mapping[str, int]
Run = Mapping[str, Counts]
"""Counts by the report's id."""

FIGURES: Final = ("tp", "sys", "gold", "whole", "size_right", "place_right", "date_right", "type_right")
"""Of one report: events matched, events found, events of the gold, events whole, and values right on matched events."""

SHOWN: Final = ("tp", "spurious", "whole", "place_right", "date_right", "size_right", "type_right")
"""What a comparison shows; ``spurious`` is sys less tp, and the only one of which more is worse."""


def count_report(row: Mapping[str, object]) -> dict[str, int]:
    """The counts to keep of what ``score.score_report`` gives for one report."""

    def first(name: str) -> int:
        pair = row[name]
        assert isinstance(pair, tuple)
        return int(pair[0])

    counts = {name: int(row[name]) for name in ("tp", "sys", "gold")}  # type: ignore[call-overload]
    counts["whole"] = first("whole")
    return counts | {f"{name}_right": first(name) for name in ("place", "date", "size", "type")}


def find_changes(before: Run, after: Run) -> dict[str, dict[str, int]]:
    """For each report that changed, by how much each of its counts did; reports that only one run has are left out."""
    changes = {}
    for report_id in sorted(before.keys() & after.keys()):
        old, new = _with_spurious(before[report_id]), _with_spurious(after[report_id])
        moved = {name: new[name] - old[name] for name in SHOWN if new.get(name, 0) != old.get(name, 0)}
        if moved:
            changes[report_id] = moved
    return changes


def sum_changes(changes: Mapping[str, Mapping[str, int]]) -> dict[str, tuple[int, int]]:
    """For each count what was gained and what was lost, over all reports."""
    sums = {}
    for name in SHOWN:
        moves = [moved.get(name, 0) for moved in changes.values()]
        gained, lost = sum(n for n in moves if n > 0), -sum(n for n in moves if n < 0)
        if gained or lost:
            sums[name] = (gained, lost)
    return sums


def _with_spurious(counts: Counts) -> dict[str, int]:
    return {**counts, "spurious": counts["sys"] - counts["tp"]}
