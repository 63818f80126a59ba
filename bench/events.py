"""How long a question takes on a record of 100,000 events: ``make bench``.

    python bench/events.py [--events 100000] [--rounds 5]

The record is synthetic and made once (``build/bench/events-N.db``, its tables of events filled directly). Each question is
``headcount events`` as a whole command on one core, its CSV written to a file: medians. Exits 1 where one takes over 0.3 s.
"""

from __future__ import annotations

import argparse
import datetime as dt
import hashlib
import json
import random
import resource
import statistics
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from measure import pin_to_one_core, take

ROOT = Path(__file__).resolve().parents[1]
WORK = ROOT / "build" / "bench"
HEADCOUNT = Path(sys.executable).with_name("headcount")

CEILING: Final = 0.3
SEED: Final = 2016
LAYOUT: Final = "1"
"""Changes when the rows made here do."""

QUESTIONS: Final[dict[str, tuple[str, ...]]] = {
    "a town": ("--locality", "Town 17"),
    "a country in a month": ("--country", "GB", "--since", "2018-03-01", "--until", "2018-03-31"),
    "large marches": ("--type", "march", "--min-size", "90000"),
    "a series": ("--series", "series 7"),
    "a day": ("--since", "2019-05-01", "--until", "2019-05-01"),
    "a town and a type": ("--locality", "town 3", "--type", "vigil", "--since", "2015-01-01"),
    "nothing": ("--country", "FR", "--locality", "Nowhere"),
}
"""The filters, and in each case up to a few hundred events to write."""

COUNTRIES: Final = ("GB", "US", "FR", "DE", "IN", "ZA", "NG", "IE", "CA", "AU")
TYPES: Final = ("march", "rally", "demonstration", "vigil", "strike", "picket", "sit-in", "blockade")
ISSUES: Final = ("housing", "wages", "education", "environment", "policing", "health")


def main() -> int:
    """Makes the record, asks, prints, and says whether the ceiling holds."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--events", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=5)
    args = parser.parse_args()
    WORK.mkdir(parents=True, exist_ok=True)
    record = make_record(args.events)
    pin_to_one_core()
    figures: dict[str, float] = {}
    print(f"\nevents: questions to a record of {args.events:,} events ({record.stat().st_size / 2**20:.0f} MiB)")
    for name, filters in QUESTIONS.items():
        command = [HEADCOUNT, "events", "--record", record, *filters, "--format", "csv"]
        output = WORK / "events.csv"
        take(command, output=output)  # the first reads from the disk what the others find in memory
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        middle = statistics.median(take(command, output=output).wall for _ in range(args.rounds))
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        busy = (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime) / args.rounds
        figures[f"events_{name.replace(' ', '_')}_s"] = middle
        print(f"  {name:24}{middle:7.3f} s, the processor {busy:.3f} s {output.read_bytes().count(b'ev-'):7,} events", flush=True)
    (WORK / "events.json").write_text(json.dumps(figures, indent=2) + "\n", "utf-8")
    missed = [name for name, seconds in figures.items() if seconds > CEILING]
    for name in missed:
        print(f"bench: {name} is {figures[name]:.3f}, at most {CEILING:g} wanted")
    return 1 if missed else 0


def make_record(events: int) -> Path:
    """The synthetic record; that of an earlier run where it was made of the same tables."""
    import sqlalchemy as sa

    from headcount.record import schema as s
    from headcount.record.deriving import event_row
    from headcount.record.engine import connect, writing

    tables = repr(
        [(table.name, table.c.keys(), sorted(str(index) for index in table.indexes)) for table in s.metadata.sorted_tables]
    )
    made_of = hashlib.blake2b(f"{LAYOUT} {SEED} {tables}".encode(), digest_size=4).hexdigest()
    path = WORK / f"events-{events}-{made_of}.db"
    if path.exists():
        return path
    part = path.with_suffix(".part")
    for old in WORK.glob(f"{part.name}*"):
        old.unlink()
    engine = connect(str(part), create=True)
    with writing(engine) as connection:
        for number, event in enumerate(make_events(events), start=1):
            if number % 5_000 == 1:
                names: list[dict[str, Any]] = []
                rows: list[dict[str, Any]] = []
            names.append({"event_id": event.event_id, "number": number, "founder": f"e{number}", "state": "live", "reason": ""})
            rows.append(event_row(event, "made up"))
            if number % 5_000 == 0 or number == events:
                connection.execute(sa.insert(s.event_name), names)
                connection.execute(sa.insert(s.event), rows)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()
    part.rename(path)
    return path


def make_events(count: int) -> Iterator[Any]:
    """Events of 2,500 towns over ten years, each as full as a real one."""
    from headcount.models import Event, EventSize

    rng = random.Random(SEED)
    first = dt.date(2012, 1, 1)
    for number in range(count):
        day = None if rng.random() < 0.05 else first + dt.timedelta(days=rng.randrange(3650))
        town = rng.randrange(2_500)
        low = None if rng.random() < 0.3 else int(10 ** rng.uniform(1, 5))
        name = f"ev-{hashlib.blake2b(str(number).encode(), digest_size=5).hexdigest()}"
        reports = tuple(f"report-{number}-{one}" for one in range(rng.choice((1, 1, 1, 2, 3))))
        statements = {
            column: (f"s-{rng.getrandbits(64):016x}",) for column in ("event_type", "date_start", "locality", "size_low", "claims")
        }
        yield Event(
            event_id=name, event_type=rng.choice(TYPES), status="held", background=rng.random() < 0.05,
            date_start=day, date_end=day, date_precision="day" if day else "unknown", locality=f"Town {town}",
            state=f"State {town % 60}",
            country=COUNTRIES[town % len(COUNTRIES)], location_detail="", lat=town / 50, lon=town / 70, geonames_id=town,
            place_precision="locality", size_low=low, size_high=low, size_derived=False, size_unit="people", claimant_role="police",
            sizes=tuple(
                EventSize(
                    text="several hundred people", low=low, high=low, vague=False, claimant_role="police", claimant="",
                    scope="total", unit="people", report_id=report,
                    candidate_id=f"{report}-e1", statement_id=statements["size_low"][0],
                )
                for report in reports
            ),
            organizations=("Tenants' Union",), claims=("against rent rises",), issues=(rng.choice(ISSUES),),
            series=f"series {rng.randrange(200)}" if rng.random() < 0.1 else None,
            quote="Several hundred people marched through the town on Saturday against rent rises, organisers said.",
            candidates=tuple(f"{report}-e1" for report in reports), reports=reports, witnesses=len(reports), lineage=statements,
        )  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
