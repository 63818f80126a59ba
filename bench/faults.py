"""Kills running ingests at random moments, and counts those that were hit: ``make soak``.

    python bench/faults.py [--kills 240] [--seed 1]

A third of the kills hit an ingest of short reports, a third one with two readers, a third one into PostgreSQL where there is
a server. After each record's kills the same command must end well and leave what an undisturbed run leaves; else it exits 1.
"""

from __future__ import annotations

import argparse
import itertools
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

TESTS = Path(__file__).resolve().parents[1] / "tests"
sys.path[:0] = [str(TESTS), str(TESTS / "faults")]

from driver import Command, Ended, FaultError, kill_at_random  # noqa: E402
from peace import Undisturbed, make_undisturbed  # noqa: E402

from databases import find_server, new_record  # noqa: E402
from headcount.run import load_reader  # noqa: E402


def main() -> int:
    """Kills, compares, and says where the kills hit."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=240, metavar="N", help="how many running ingests are to be hit")
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    hit: Counter[str] = Counter()
    with tempfile.TemporaryDirectory(prefix="headcount-faults-") as folder, ExitStack() as records:
        try:
            for name, ended in kill_everywhere(Path(folder), records, kills=args.kills, seed=args.seed):
                hit[name] += 1
                hit[ended.steps[-1]] += 1
                print(f"\r{sum(hit.values()) // 2} of {args.kills} killed", end="", file=sys.stderr, flush=True)
        except FaultError as error:
            print(f"\nfaults: a record was harmed (seed {args.seed}): {error}")
            return 1
    print(f"\nfaults: {args.kills} running ingests killed (seed {args.seed}), every record as if nothing had happened")
    print("  last told before the kill: " + ", ".join(f"{name} {count}" for name, count in hit.most_common()))
    return 0


def kill_everywhere(folder: Path, records: ExitStack, *, kills: int, seed: int) -> Iterator[tuple[str, Ended]]:
    """Each kind of ingest in turn; which it was, and how it ended."""
    for part in ("short", "long", "postgres"):
        (folder / part).mkdir()
    numbers = itertools.count()
    short = make_undisturbed(folder / "short", 70)
    long = make_undisturbed(folder / "long", 200, load_reader())
    server = find_server()
    if server.url is None:
        print(f"faults: PostgreSQL not tried: {server.why}")
    third = kills // 3 if server.url else 0

    def on_file(peace: Undisturbed, jobs: int) -> Command:
        path = folder / f"{next(numbers)}.db"
        return Command(record=str(path), source=peace.source, reader=peace.reader, jobs=jobs)

    def on_server() -> Command:
        name = records.enter_context(new_record("postgresql", folder / "postgres"))
        return Command(record=name, source=short.source, reader=short.reader)

    kinds = (
        ("one reader", lambda: on_file(short, 1), kills // 3, short, 1.0),
        ("two readers", lambda: on_file(long, 2), kills - kills // 3 - third, long, 1.0),
        ("PostgreSQL", on_server, third, short, 2.0),
    )
    for name, command, count, peace, factor in kinds:
        lasts = peace.seconds * factor
        for ended in kill_at_random(command, kills=count, seed=seed, expected=peace.tables, lasts=lasts):
            yield name, ended


if __name__ == "__main__":
    sys.exit(main())
