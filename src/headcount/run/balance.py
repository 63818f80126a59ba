"""What became of each report of a run, and of all of them together."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from headcount.models import Origin, Reading, Report
from headcount.record.packing import failed

Outcome = Literal["new", "unchanged", "screened_out", "failed"]
"""``new``: read by the coders; ``unchanged``: the record holds it."""


@dataclass(slots=True, kw_only=True)
class Balance:
    """What became of the reports of one run; ``reports_in`` is always the sum of the four outcomes."""

    reports_in: int = 0
    coded: int = 0
    screened_out: int = 0
    duplicate: int = 0
    failed: int = 0
    new: int = 0
    changed: int = 0
    near_copies: int = 0
    events: int = 0
    """Candidate events stored."""

    problems: int = 0
    other_language: int = 0
    """Of those screened out, those that are not in English."""

    unopened: int = 0
    """Of those screened out, pages of archives without a word of a gathering: they are counted, and not stored."""

    archives_unchanged: int = 0
    """Archives that an earlier run read to their end, so that nothing of them was read again."""

    def holds(self) -> bool:
        """Whether every report that went in has come out once."""
        return self.reports_in == self.coded + self.screened_out + self.duplicate + self.failed

    def count(self, one: Reading) -> None:
        """One more reading."""
        self.problems += len(one.problems)
        outcome = outcome_of(one)
        if outcome is None:
            return
        self.reports_in += 1
        if outcome == "failed":
            self.failed += 1
        elif outcome == "unchanged":
            self.duplicate += 1
        elif outcome == "screened_out":
            self.screened_out += 1
            self.other_language += is_of_other_language(one)
            self.unopened += not one.report.text
        else:
            self.coded += 1
        self.new += bool(one.report.text) and outcome != "failed"
        self.events += len(one.events)

    def count_as_duplicate(self, one: Reading) -> None:
        """A reading that was counted, and turns out to be of a report that the record holds meanwhile."""
        self.duplicate += 1
        self.screened_out -= one.screened_out
        self.other_language -= is_of_other_language(one)
        self.coded -= not one.screened_out
        self.new -= 1
        self.events -= len(one.events)


def outcome_of(one: Reading) -> Outcome | None:
    """What became of a report; None for a note that is about no report."""
    if failed(one):
        return "failed"
    if one.screened_out:
        return "screened_out"
    if one.report.text:
        return "new"
    return None if one.problems else "unchanged"


def is_of_other_language(one: Reading) -> bool:
    """Whether it was screened out for its language."""
    return one.screened_by == "language"


def stand_for(record: str, origin: Origin | None, *, url: str | None = None) -> Reading:
    """A reading that stands for a report which the record holds: without text and problems, in its place among the others."""
    bare = replace(origin, packed=None) if origin is not None and origin.packed is not None else origin
    return Reading(report=Report(text="", record=record, url=url, origin=bare))
