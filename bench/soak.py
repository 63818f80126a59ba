"""Feeds the reader nasty texts for minutes: ``make soak``.

    python bench/soak.py [--minutes 10] [--seed N] [--length 20000]

Each text is read under a deadline; its events, spans and JSON are checked. Ends with 1 where a text made the reader fail,
broke a promise or took too long, or where memory grew. Texts that did are written to ``build/soak/`` with the reason.
"""

from __future__ import annotations

import argparse
import datetime as dt
import gc
import json
import random
import signal
import statistics
import sys
import time
import traceback
from pathlib import Path
from types import FrameType
from typing import Final

from headcount.models import Reading, Report
from headcount.run import ReportReader, load_reader
from nasty import make_nasty

ROOT = Path(__file__).resolve().parents[1]
FAILED = ROOT / "build" / "soak"

WARM_UP: Final = 200
"""Texts before memory is looked at: caches of names and words fill first."""

GROWTH_MIB: Final = 24.0
"""How much the median of the last quarter may lie above that of the first; the allocator alone moves it by some 10 MiB."""

SECONDS_PER_CHARACTER: Final = 0.5e-3
"""A deadline, not a promise: some 20 times what ordinary news takes, and 2 s at least."""


class TooSlowError(Exception):
    """The deadline of one text has passed."""


def check_reading(report: Report, reading: Reading) -> str | None:
    """What is wrong with a reading: a span outside the text, a quote not at its span, no JSON; None where nothing is."""
    length = len(report.text)
    for event in reading.events:
        spans = [event.quote_span, *(size.span for size in event.sizes), *(statement.span for statement in event.statements)]
        for span in spans:
            if not span.start < span.end <= length:
                return f"span {span.start}..{span.end} lies outside a text of {length}"
        for size in event.sizes:
            if report.text[size.span.start : size.span.end] != size.text:
                return f"size {size.text!r} is not at its span"
            if size.low is not None and size.high is not None and size.low > size.high:
                return f"size {size.text!r} is read as {size.low} to {size.high}"
        if event.date_start and event.date_end and event.date_start > event.date_end:
            return f"an event from {event.date_start} to {event.date_end}"
        if event.date_start and report.published and event.date_start > report.published and event.status == "held":
            return f"an event held on {event.date_start}, after publication"
    try:
        json.dumps(reading.to_dict(), allow_nan=False).encode("utf-8")
    except (ValueError, TypeError) as error:
        return f"no JSON: {error}"
    return None


def read_in_time(reader: ReportReader, report: Report) -> str | None:
    """What went wrong in reading one text; None where nothing did."""
    signal.setitimer(signal.ITIMER_REAL, 2.0 + SECONDS_PER_CHARACTER * len(report.text))
    try:
        return check_reading(report, reader.read(report))
    except TooSlowError:
        return "too slow:\n" + traceback.format_exc(limit=-6)
    except Exception:
        return traceback.format_exc(limit=-6)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def main() -> int:
    """Soaks the reader and tells what came of it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--seed", type=int, default=None, help="default: another one each time, told at the start")
    parser.add_argument("--length", type=int, default=20_000, help="the longest text, in characters")
    args = parser.parse_args()
    seed = args.seed if args.seed is not None else time.time_ns() % 10**9
    print(f"soak: seed {seed}, {args.minutes:g} minutes", flush=True)
    signal.signal(signal.SIGALRM, _ring)
    reader = load_reader(screen=False)
    end = time.monotonic() + 60 * args.minutes
    failures, texts, characters = 0, 0, 0
    resident: list[float] = []
    while time.monotonic() < end:
        rng = random.Random(seed * 1_000_003 + texts)
        text = make_nasty(rng, int(args.length ** rng.uniform(0.3, 1.0)))
        published = rng.choice([None, dt.date(2016, 8, 2), dt.date(2024, 2, 29), dt.date(1, 1, 1), dt.date(9999, 12, 31)])
        wrong = read_in_time(reader, Report(text=text, published=published, country=rng.choice([None, "GB", "US"])))
        texts += 1
        characters += len(text)
        if wrong is not None:
            failures += 1
            FAILED.mkdir(parents=True, exist_ok=True)
            (FAILED / f"{seed}_{texts}.txt").write_text(text, "utf-8")
            (FAILED / f"{seed}_{texts}.why").write_text(f"published {published}\n{wrong}\n", "utf-8")
            if failures <= 10:
                print(f"text {texts} ({len(text)} characters): {wrong.strip().splitlines()[-1]}", flush=True)
        if texts > WARM_UP and texts % 10 == 0:
            gc.collect()
            resident.append(_resident_mib())
    grown = grew_by(resident)
    print(
        f"soak: {texts} texts, {characters:,} characters, {failures} failures, "
        f"memory {_resident_mib():.0f} MiB, grown by {grown:.1f} MiB"
    )
    if failures:
        print(f"soak: the texts and reasons lie in {FAILED.relative_to(ROOT)}")
    if grown > GROWTH_MIB:
        print(f"soak: memory grew by more than {GROWTH_MIB:g} MiB")
    return 1 if failures or grown > GROWTH_MIB else 0


def grew_by(resident: list[float]) -> float:
    """The median of the last quarter less that of the first; 0 where there is too little to tell."""
    quarter = len(resident) // 4
    return statistics.median(resident[-quarter:]) - statistics.median(resident[:quarter]) if quarter else 0.0


def _ring(_number: int, _frame: FrameType | None) -> None:
    raise TooSlowError


def _resident_mib() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * 4096 / 2**20


if __name__ == "__main__":
    sys.exit(main())
