"""The gazetteer and marks of a text, for the tests of the coders of details."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from headcount.coding.marks import Marks, mark
from headcount.gazetteer import Gazetteer
from headcount.models import Report


@pytest.fixture(scope="session")
def gazetteer() -> Gazetteer:
    """The index that ``make setup`` builds."""
    return Gazetteer.open()


@pytest.fixture(scope="session")
def mark_text(gazetteer: Gazetteer) -> Callable[[str], Marks]:
    """Marks of a text of no known day."""
    return lambda text: mark(Report(text=text), gazetteer)
