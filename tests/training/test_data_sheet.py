"""The data sheet tells of the data that is there."""

from __future__ import annotations

import runpy
from pathlib import Path

TRAINING = Path(__file__).parents[2] / "training"


def test_the_counts_of_the_data_sheet_are_those_of_the_data() -> None:
    """After a change of the codings: python training/describe.py --write."""
    describe = runpy.run_path(str(TRAINING / "describe.py"))
    sheet = (TRAINING / "README.md").read_text("utf-8")
    assert describe["put_in_sheet"](sheet, describe["describe_coded"]()) == sheet
