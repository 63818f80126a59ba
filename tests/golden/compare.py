"""How much of the golden samples is read right: how many events of each are whole.

An event is whole where its status, place, day and size are all as coded, a null only as a null. What is
reached is kept in floors.json; ``python tests/golden/compare.py`` shows what is missing, ``--update`` raises
the floors to what is measured and never lowers one.
"""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from headcount.gazetteer import fold_name

Event = Mapping[str, Any]

HERE = Path(__file__).parent
SAMPLES = HERE.parents[1] / "src" / "headcount" / "samples"
FLOORS = HERE / "floors.json"

TOTAL_MAY_FALL = 3
"""Whole events that all samples together may lose against their floor: weights are retrained, and the figures move a little."""

SAMPLE_MAY_FALL = 1
"""The same of one sample."""

ENOUGH = 3.0
"""Affinity from which two accounts are taken for one event: two of place, day and quote."""


def read_golden() -> dict[str, dict[str, Any]]:
    """What must come out of each sample, by the name of the sample's file without its ending."""
    return {path.stem: json.loads(path.read_text("utf-8")) for path in sorted(HERE.glob("[0-9]*_*.json"))}


def same_place(wanted: Event, found: Event) -> bool:
    """The same town of the same country; no town only where none is wanted."""
    names = [fold_name(event["locality"] or "") for event in (wanted, found)]
    return names[0] == names[1] and wanted["country"] == found["country"]


def same_days(wanted: Event, found: Event) -> bool:
    """The same first and last day."""
    return all(wanted[key] == found[key] for key in ("date_start", "date_end"))


def same_size(wanted: Event, found: Event) -> bool:
    """The same two ends, of the same unit."""
    units = [event.get("size_unit", "people") if _is_sized(event) else None for event in (wanted, found)]
    return units[0] == units[1] and all(wanted[key] == found[key] for key in ("size_low", "size_high"))


def same_status(wanted: Event, found: Event) -> bool:
    """Held, planned or cancelled, and history or not."""
    return all(wanted[key] == found[key] for key in ("status", "background"))


def is_whole(wanted: Event, found: Event) -> bool:
    """Everything right that an event is counted and mapped by."""
    return all(same(wanted, found) for same in (same_place, same_days, same_size, same_status))


def _is_sized(event: Event) -> bool:
    return event["size_low"] is not None or event["size_high"] is not None


def _words(quote: str) -> set[str]:
    return set(re.findall(r"\w+", quote.lower()))


def affinity(wanted: Event, found: Event) -> float:
    """How surely two accounts speak of one event."""
    told, words = _words(wanted["quote"]), _words(found["quote"])
    points = 2.0 * same_place(wanted, found) + 2.0 * same_days(wanted, found) + 1.0 * same_status(wanted, found)
    points += 1.0 * (_is_sized(wanted) and same_size(wanted, found)) + 0.5 * (wanted["event_type"] == found["event_type"])
    return points + 1.5 * len(told & words) / len(told)


def match_events(wanted: Sequence[Event], found: Sequence[Event]) -> list[tuple[int, int]]:
    """Pairs of one event, the surest first, each event in one pair at most."""
    scored = [(affinity(a, b), -i, -j) for i, a in enumerate(wanted) for j, b in enumerate(found)]
    pairs: list[tuple[int, int]] = []
    for points, i, j in sorted(scored, reverse=True):
        if points >= ENOUGH and all(i != -a and j != -b for a, b in pairs):
            pairs.append((-i, -j))
    return pairs


def count_whole(wanted: Sequence[Event], found: Sequence[Event]) -> int:
    """How many wanted events are matched with one that has everything right."""
    return sum(is_whole(wanted[i], found[j]) for i, j in match_events(wanted, found))


@cache
def read_samples() -> dict[str, Any]:
    """The reading of every sample by the real reader."""
    from headcount.coding import Reader
    from headcount.models import Report
    from headcount.sources import find_reports

    reader = Reader()
    reports = [item for item in find_reports(sorted(SAMPLES.glob("*.md"))) if isinstance(item, Report)]
    return {Path(report.record).stem: reader.read(report) for report in reports}


def measure() -> dict[str, int]:
    """Whole events of each sample."""
    readings = read_samples()
    return {name: count_whole(golden["events"], readings[name].to_dict()["events"]) for name, golden in read_golden().items()}


def find_failures(measured: Mapping[str, int], floors: Mapping[str, Any]) -> list[str]:
    """What fell further below its floor than it may, in words."""
    fallen = [
        f"{name}: {measured.get(name, 0)} whole events, floor {floor} less {SAMPLE_MAY_FALL}"
        for name, floor in floors["samples"].items()
        if measured.get(name, 0) < floor - SAMPLE_MAY_FALL
    ]
    total = sum(measured.values())
    if total < floors["total"] - TOTAL_MAY_FALL:
        fallen.append(f"all samples: {total} whole events, floor {floors['total']} less {TOTAL_MAY_FALL}")
    return fallen


def raise_floors(floors: Mapping[str, Any], measured: Mapping[str, int]) -> dict[str, Any]:
    """The floors, each at what is measured where that is more; none is lowered, none goes, a new sample gets one.

    The total is held by itself: it is what all samples reached at one time, not the sum of their best.
    """
    samples = {name: max(floors["samples"].get(name, 0), measured.get(name, 0)) for name in {**floors["samples"], **measured}}
    return {"total": max(floors["total"], sum(measured.values())), "samples": dict(sorted(samples.items()))}


def read_floors() -> dict[str, Any]:
    """The floors as they are kept."""
    if not FLOORS.exists():
        return {"total": 0, "samples": {}}
    return dict(json.loads(FLOORS.read_text("utf-8")))


def _describe(event: Event | None) -> str:
    if event is None:
        return "-"
    days = event["date_start"] if event["date_start"] == event["date_end"] else f"{event['date_start']}..{event['date_end']}"
    status = event["status"] + (" background" if event["background"] else "")
    return f"{event['event_type']}, {status}, {days}, {event['locality']}, {event['size_low']}..{event['size_high']}"


def main() -> int:
    parser = argparse.ArgumentParser(description="Compares the reading of the samples with what must come out of them.")
    parser.add_argument("--update", action="store_true", help="raise the floors to what is measured; none is lowered")
    if parser.parse_args().update:
        FLOORS.write_text(json.dumps(raise_floors(read_floors(), measure()), indent=2) + "\n", "utf-8")
    readings, measured, floors = read_samples(), measure(), read_floors()
    for name, golden in read_golden().items():
        found = readings[name].to_dict()["events"]
        pairs = dict(match_events(golden["events"], found))
        print(f"{name}: {measured[name]} of {len(golden['events'])} whole, floor {floors['samples'].get(name, 0)}")
        for i, event in enumerate(golden["events"]):
            other = found[pairs[i]] if i in pairs else None
            if other is None or not is_whole(event, other):
                print(f"    wanted {_describe(event)}\n    found  {_describe(other)}")
        for j in sorted(set(range(len(found))) - set(pairs.values())):
            print(f"    beside {_describe(found[j])}")
    print(f"all samples: {sum(measured.values())} whole, floor {floors['total']}")
    failures = find_failures(measured, floors)
    print("\n".join(failures) if failures else "the floors hold")
    return 1 if failures else 0


if __name__ == "__main__":
    raise SystemExit(main())
