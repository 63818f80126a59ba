"""The reader: one report in, its coded events out."""

from __future__ import annotations

from headcount.coding.assemble import draft_accounts
from headcount.coding.building import build_reading
from headcount.coding.linear import load_models
from headcount.coding.marks import mark
from headcount.coding.screen import may_tell
from headcount.gazetteer import Gazetteer
from headcount.models import Reading, Report


class Reader:
    """Codes reports by the codebook. Holds the gazetteer and the weights: make one, use it for many."""

    def __init__(self, *, screen: bool = True) -> None:
        self._gazetteer = Gazetteer.open()
        self._models = load_models()
        self._screen = screen

    def read(self, report: Report) -> Reading:
        """All that ``report`` says of gatherings, by section 2 to 6 of the codebook."""
        if self._screen and not may_tell(report.text):
            return Reading(report=report, screened_out=True)
        marks = mark(report, self._gazetteer)
        drafts = draft_accounts(marks, self._models)
        return build_reading(marks, drafts, self._models, gazetteer=self._gazetteer)
