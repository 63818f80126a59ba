"""Whether the pairs of gold/links.json are joined or kept apart, read and linked end to end.

    python eval/links.py [--shared DIR] [--show]

For each pair both reports are read with all other reports of the gold that links.json names; the candidate events of the
told town (and day, where one is told) must share a cluster (`same`) or share none (`different`). Exits 1 if one fails, 0
where there is no gold.
"""

from __future__ import annotations

import argparse
import gzip
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import headcount
from headcount.coding.stamps import with_printed_day
from headcount.linkage import Account, Linked, describe_account, judge_pair, link
from headcount.models import Reading

SHARED: Final = Path(__file__).resolve().parents[2] / "shared"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of one pair of the gold."""

    pair: tuple[str, str]
    wanted: str
    found: str
    """same, different, or unread where a report has no candidate event of that town and day."""

    note: str
    left: tuple[Account, ...]
    right: tuple[Account, ...]

    @property
    def right_as_wanted(self) -> bool:
        """Whether the pair came out as the gold says."""
        return self.found == self.wanted


def load_reports(shared: Path, wanted: set[str]) -> dict[str, dict[str, Any]]:
    """The reports of those ids, from the gold and the data beside this checkout."""
    found: dict[str, dict[str, Any]] = {}
    for path in [*sorted((shared / "gold").glob("*.jsonl")), *sorted((shared / "data").glob("*.jsonl.gz"))]:
        packed = path.read_bytes()
        for line in (gzip.decompress(packed) if path.suffix == ".gz" else packed).splitlines():
            report = json.loads(line)
            if report["id"] in wanted:
                found.setdefault(report["id"], report)
    return found


def read_accounts(reports: Sequence[dict[str, Any]]) -> list[Account]:
    """The accounts of all events of reports, as ``headcount read`` gives them."""

    def fields(report: dict[str, Any]) -> dict[str, Any]:
        return {key: report[key] for key in ("id", "text", "published", "publisher", "title", "url", "country") if report.get(key)}

    readings: Iterator[Reading] = headcount.read_many([fields(report) for report in reports], jobs=1)
    return [describe_account(event, with_printed_day(reading.report)) for reading in readings for event in reading.events]


def of_event(accounts: Sequence[Account], report: str, pair: dict[str, Any]) -> tuple[Account, ...]:
    """A report's accounts of the event that a pair means: its town, and its day where the pair tells one.

    Where the reader has the town otherwise (a borough as its city) all accounts of the report stand for it, and where it
    has no account of that day, those without a day.
    """
    day = pair.get("date")
    own = [account for account in accounts if account.report_id == report]
    here = [account for account in own if account.locality == pair["locality"]] or own
    told = [account for account in here if day and account.date_start and str(account.date_start) <= day <= str(account.date_end)]
    undated = [account for account in here if account.date_start is None]
    return tuple(told or undated if day else here)


def judge_gold(pairs: Sequence[dict[str, Any]], accounts: Sequence[Account], linked: Linked) -> list[Outcome]:
    """What became of each pair: joined, kept apart, or not read."""
    cluster = {account.candidate_id: int(label) for account, label in zip(accounts, linked.cluster, strict=True)}
    outcomes = []
    for pair in pairs:
        wanted = "same" if "same" in pair else "different"
        one, other = pair[wanted]
        left, right = of_event(accounts, one, pair), of_event(accounts, other, pair)
        shared = {cluster[held.candidate_id] for held in left} & {cluster[held.candidate_id] for held in right}
        found = "unread" if not left or not right else "same" if shared else "different"
        outcomes.append(Outcome(pair=(one, other), wanted=wanted, found=found, note=pair.get("note", ""), left=left, right=right))
    return outcomes


def show(outcome: Outcome) -> None:
    """Every pair of accounts of one outcome with its reasons."""
    for one in outcome.left:
        for other in outcome.right:
            judged = judge_pair(one, other)
            print(
                f"    {one.candidate_id} ~ {other.candidate_id}: {judged.verdict} {judged.score:+.1f}: {'; '.join(judged.reasons)}"
            )


def main(arguments: Sequence[str] | None = None) -> int:
    """Prints each pair and the shares; the exit code says whether all came out as wanted."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shared", type=Path, default=SHARED)
    parser.add_argument("--show", action="store_true", help="the accounts and reasons of each pair")
    options = parser.parse_args(arguments)
    gold = options.shared / "gold" / "links.json"
    if not gold.exists():
        print(f"links: no {gold}, skipped")
        return 0
    pairs = json.loads(gold.read_text(encoding="utf-8"))
    wanted = {report for pair in pairs for report in pair.get("same", pair.get("different"))}
    reports = load_reports(options.shared, wanted)
    accounts = read_accounts(list(reports.values()))
    outcomes = judge_gold(pairs, accounts, link(accounts))
    for outcome in outcomes:
        sign = "ok  " if outcome.right_as_wanted else "FAIL"
        print(f"{sign} {outcome.wanted:9} {outcome.found:9} {outcome.pair[0]} {outcome.pair[1]}  {outcome.note}")
        if options.show or not outcome.right_as_wanted:
            show(outcome)
    good = sum(outcome.right_as_wanted for outcome in outcomes)
    print(f"links: {good} of {len(outcomes)} as wanted, {len(accounts)} accounts of {len(reports)} reports")
    return 0 if good == len(outcomes) else 1


if __name__ == "__main__":
    sys.exit(main())
