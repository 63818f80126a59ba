"""The reader: one report in, its coded events out."""

from __future__ import annotations

from dataclasses import replace

from headcount.coding.assemble import draft_accounts
from headcount.coding.building import ACCEPT_AT_LEAST, build_reading
from headcount.coding.linear import load_models
from headcount.coding.marks import mark
from headcount.coding.screen import may_tell
from headcount.gazetteer import Gazetteer
from headcount.models import Problem, Reading, Report
from headcount.text.language import find_language

DOUBTED_AT_LEAST = 0.9
"""Likelihood from which an account is told as an event in a report without any word of the screen, where nearly all are none."""

LONGEST_TEXT = 2_000_000
"""Characters of one report that are read: a book; the marks of so many take about 250 MB."""


class Reader:
    """Codes reports by the codebook. Holds the gazetteer and the weights: make one, use it for many."""

    def __init__(self, *, screen: bool = True) -> None:
        self._gazetteer = Gazetteer.open()
        self._models = load_models()
        self._screen = screen

    def read(self, report: Report) -> Reading:
        """All that ``report`` says of gatherings, by section 2 to 6 of the codebook.

        A report in another language than English is screened out whatever its words, with and without the screen: the coders
        would half-read it. Of a text longer than ``LONGEST_TEXT`` the rest is not coded, and a ``Problem`` says so.
        """
        problems: tuple[Problem, ...] = ()
        told = report
        if len(report.text) > LONGEST_TEXT:
            reason = (
                f"a report of {len(report.text):,} characters: only the first {LONGEST_TEXT:,} were read; "
                "split it into its articles"
            )
            problems = (Problem(stage="coding", record=report.record or report.report_id, reason=reason, fatal=False),)
            told = replace(report, text=report.text[:LONGEST_TEXT], given_id=report.report_id)
        language = find_language(told.text)
        if language not in ("en", None):
            return Reading(report=report, problems=problems, screened_out=True, language=language)
        doubted = not may_tell(told.text)
        if self._screen and doubted:
            return Reading(report=report, problems=problems, screened_out=True, language=language)
        marks = mark(told, self._gazetteer)
        drafts = draft_accounts(marks, self._models)
        accept = DOUBTED_AT_LEAST if doubted else ACCEPT_AT_LEAST
        reading = build_reading(marks, drafts, self._models, accept=accept, gazetteer=self._gazetteer)
        return replace(reading, report=report, problems=problems, language=language)
