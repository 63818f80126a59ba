"""Headcount's counterpart of the peer's own line: words a second once everything is loaded.

    python bench/inside.py REPORTS.jsonl [--no-screen]

Loads the reader, then reads report after report in this process and encodes each reading as ``--format jsonl`` does;
the line on standard error has the form of the peer's.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path

import headcount
from headcount.exports.reading import write_jsonl
from headcount.run import load_reader, read_reports
from headcount.sources import report_from_fields


def main() -> None:
    """Reads the file and tells the pace."""
    parser = argparse.ArgumentParser()
    parser.add_argument("reports", type=Path)
    parser.add_argument("--no-screen", action="store_true")
    args = parser.parse_args()
    reader = load_reader(screen=not args.no_screen)
    reader.read(headcount.models.Report(text="Over 2,000 people marched in Leeds on Saturday."))
    begun = time.perf_counter()
    words = reports = 0

    def found() -> list[headcount.models.Report]:
        nonlocal words, reports
        batch = []
        for line in lines:
            fields = json.loads(line)
            words += len(fields["text"].split())
            reports += 1
            report, _ = report_from_fields(fields, record=fields["id"])
            if report is not None:
                batch.append(report)
            if len(batch) >= 64:
                break
        return batch

    with args.reports.open(encoding="utf-8") as lines, Path("/dev/null").open("wb") as out:
        while batch := found():
            for _ in write_jsonl(read_reports(batch, reader=reader, jobs=1), out):
                pass
    s = time.perf_counter() - begun
    print(f"{reports} reports, {words} words, {s:.1f} s, {reports / s:.2f} reports/s, {words / s:.0f} words/s", file=sys.stderr)


if __name__ == "__main__":
    main()
