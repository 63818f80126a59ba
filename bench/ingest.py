"""What ingest adds to the time of reading alone: ``make bench``.

    python bench/ingest.py [--rounds 3]

On the reports of ``gold/dev.jsonl``, of which nearly each tells of events, and on those of ``data/stream.jsonl.gz``, ordinary
news. Both sides on one core, as whole processes and after loading, in turn; medians. Reading writes its JSON Lines, ingest
stores into a new record and links. Exits 1 where ingest takes more than a third longer than reading, after loading.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, Final

from measure import pin_to_one_core, take

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared"
WORK = ROOT / "build" / "bench"

CEILING: Final = 4 / 3
"""Ingest over reading alone."""


def main() -> int:
    """Measures, prints, and says whether the ceiling holds."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--inside", choices=("read", "ingest"), help=argparse.SUPPRESS)
    parser.add_argument("--source", type=Path, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.inside:
        print(json.dumps(read_inside(args.source) if args.inside == "read" else ingest_inside(args.source)))
        return 0
    if not SHARED.is_dir():
        print("bench: skipped, no ../shared with the texts to measure on")
        return 0
    from run import unpack_stream

    WORK.mkdir(parents=True, exist_ok=True)
    pin_to_one_core()
    figures: dict[str, float] = {}
    for name, source in (("dev", SHARED / "gold" / "dev.jsonl"), ("stream", unpack_stream()[0])):
        figures |= measure(name, source, rounds=args.rounds)
    (WORK / "ingest.json").write_text(json.dumps(figures, indent=2) + "\n", "utf-8")
    missed = [name for name in figures if name.endswith("_ratio") and figures[name] > CEILING]
    for name in missed:
        print(f"bench: {name} is {figures[name]:.2f}, at most {CEILING:.2f} wanted")
    return 1 if missed else 0


def measure(name: str, source: Path, *, rounds: int) -> dict[str, float]:
    """Medians of both sides, taken in turn so that a slow minute of the machine hits both."""
    taken: dict[str, list[float]] = {}
    for _ in range(rounds):
        for side in ("read", "ingest"):
            output = WORK / f"{name}.{side}.taken"
            whole = take([sys.executable, __file__, "--inside", side, "--source", source], output=output)
            for part, seconds in {**json.loads(output.read_text()), "whole": whole.wall}.items():
                taken.setdefault(f"{side}_{part}", []).append(seconds)
    middle = {part: statistics.median(seconds) for part, seconds in taken.items()}
    ratio = (middle["ingest_loaded"] + middle["ingest_linking"]) / middle["read_loaded"]
    print(f"\n{name}: ingest beside reading alone, seconds{'':14}whole process")
    print(f"  reading    {middle['read_loaded']:7.2f}{'':22}{middle['read_whole']:7.2f}")
    linking = f"and linking {middle['ingest_linking']:.2f}"
    print(f"  ingest     {middle['ingest_loaded']:7.2f}  {linking:20}{middle['ingest_whole']:7.2f}")
    print(f"  ratio      {ratio:7.2f}{'':22}{middle['ingest_whole'] / middle['read_whole']:7.2f}", flush=True)
    return {f"{name}_ingest_ratio": ratio, **{f"{name}_{part}": seconds for part, seconds in middle.items()}}


def read_inside(source: Path) -> dict[str, float]:
    """Seconds that reading takes once the reader is loaded."""
    from headcount.exports.reading import write_jsonl
    from headcount.run import read_reports
    from headcount.sources import find_reports

    reader = _warm_reader()
    begun = time.perf_counter()
    with Path("/dev/null").open("wb") as out:
        for _ in write_jsonl(read_reports(find_reports([source]), reader=reader, jobs=1), out):
            pass
    return {"loaded": time.perf_counter() - begun}


def ingest_inside(source: Path) -> dict[str, float]:
    """Seconds that ingest takes once the reader is loaded and the record made, and those of linking what it stored."""
    from headcount.record.deriving import derive_events
    from headcount.record.engine import connect, writing
    from headcount.run.ingesting import ingest_reports
    from headcount.sources import find_reports

    reader = _warm_reader()
    with tempfile.TemporaryDirectory(dir=WORK) as folder:
        record = str(Path(folder) / "record.db")
        engine = connect(record, create=True)
        begun = time.perf_counter()
        ingest_reports(
            engine, find_reports([source]), record=record, command="bench", coder="bench",
            clock=lambda: dt.datetime.now(dt.UTC).replace(tzinfo=None), reader=reader, jobs=1,
        )  # fmt: skip
        stored = time.perf_counter()
        with writing(engine) as connection:
            derive_events(connection)
        linked = time.perf_counter()
        engine.dispose()
    return {"loaded": stored - begun, "linking": linked - stored}


def _warm_reader() -> Any:
    import headcount.models
    from headcount.run import load_reader

    reader = load_reader()
    reader.read(headcount.models.Report(text="Over 2,000 people marched in Leeds on Saturday."))
    return reader


if __name__ == "__main__":
    sys.exit(main())
