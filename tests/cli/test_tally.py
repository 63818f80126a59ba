"""The line of summary: what is counted as a report."""

from __future__ import annotations

from headcount.cli.messages import Tally
from headcount.models import Problem, Reading, Report


def test_a_page_screened_out_unopened_is_a_report_and_a_note_is_none() -> None:
    """An archive's page without a word of a gathering has no text, and a line of the output all the same."""
    tally = Tally()
    tally.count(Reading(report=Report(text="", record="a.warc:1"), screened_out=True))
    tally.count(
        Reading(
            report=Report(text="", record="folder"), problems=(Problem(stage="sources", record="folder", reason="x", fatal=False),)
        )
    )
    assert tally.summary() == "1 report (1 without a word of a gathering), 0 events, 0 roll-ups, 1 problem"
