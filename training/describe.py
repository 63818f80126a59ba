"""Counts what ``coded/`` holds, for the data sheet: ``python training/describe.py [--write]``.

``--write`` puts the table between its two marks in ``training/README.md``.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from pathlib import Path

HERE = Path(__file__).parent
SHEET = HERE / "README.md"
BEGIN, END = "<!-- counts -->\n", "<!-- end of counts -->"


def describe_coded() -> str:
    """The table of counts, in Markdown."""
    rows = [
        json.loads(line)
        for path in sorted((HERE / "coded").glob("*.jsonl"))
        for line in path.read_text("utf-8").split("\n")
        if line
    ]
    events = [event for row in rows for event in row["events"]]
    sizes = [size for event in events for size in event["sizes"]]
    held = sum(event["status"] == "held" and not event["background"] for event in events)
    types = Counter(event["event_type"] for event in events).most_common()
    countries = Counter(event["country"] or "none" for event in events).most_common(8)

    def told(key: str) -> int:
        return sum(bool(event[key]) for event in events)

    def with_status(status: str) -> int:
        return sum(event["status"] == status for event in events)

    empty = sum(not row["events"] for row in rows)
    stream = sum(row["id"].startswith("s-") for row in rows)
    claimed = sum(size["claimant_role"] != "report" for size in sizes)
    parts = sum(size["scope"] == "part" for size in sizes)
    table = {
        "reports": f"{len(rows):,}, {empty:,} of them without an event",
        "drawn from": f"{stream:,} of the stream, {len(rows) - stream:,} of the protest reports",
        "events": f"{len(events):,}: {held:,} held and news, {told('background'):,} background, "
        f"{with_status('planned'):,} planned, {with_status('cancelled'):,} cancelled",
        "with a town; with a day; with a size": f"{told('locality'):,}; {told('date_start'):,}; {told('sizes'):,}",
        "size statements": f"{len(sizes):,}, {claimed:,} with a claimant other than the report, {parts:,} of a part",
        "roll-ups": f"{sum(len(row['rollups']) for row in rows):,}",
        "types": ", ".join(f"{name} {n}" for name, n in types),
        "countries of events": ", ".join(f"{name} {n}" for name, n in countries) + ", others",
    }
    return "\n".join(["| | |", "| --- | --- |", *(f"| {name} | {said} |" for name, said in table.items())]) + "\n"


def put_in_sheet(sheet: str, table: str) -> str:
    """The sheet with the table between its marks."""
    head, rest = sheet.split(BEGIN, 1)
    return head + BEGIN + table + END + rest.split(END, 1)[1]


if __name__ == "__main__":
    if "--write" in sys.argv[1:]:
        SHEET.write_text(put_in_sheet(SHEET.read_text("utf-8"), describe_coded()), "utf-8")
    else:
        print(describe_coded(), end="")
