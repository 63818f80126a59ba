"""A made world told in words, from the text to the event."""

from __future__ import annotations

import numpy as np
import pytest

import headcount
from headcount.linkage import are_copies, describe_account, link, sketch_text
from linkage import b_cubed
from world_reports import make_reports


@pytest.mark.parametrize("seed", [1, 5])
def test_reports_in_varied_phrasings_are_linked(seed: int) -> None:
    """Weekly marches, two crowds of one day, near-copies: read and linked as the record does it."""
    reports, told = make_reports(events=40, seed=seed)
    accounts, truth = [], []
    for reading, number in zip(headcount.read_many(reports, jobs=1), told, strict=True):
        for event in reading.events[:1]:
            accounts.append(describe_account(event, reading.report))
            truth.append(number)
    assert len(accounts) > 0.95 * len(reports)
    precision, recall = b_cubed(np.array(truth), link(accounts).cluster)
    assert precision.mean() >= 0.97
    assert recall.mean() >= 0.90


def test_the_copies_among_them_are_found() -> None:
    """The same text under another title. A weekly notice is like the last one, too: one witness, and yet two events."""
    reports, _ = make_reports(events=30, seed=3)
    sketches = [sketch_text(report["text"]) for report in reports]
    found = 0
    for left, right in zip(range(len(reports)), range(1, len(reports)), strict=False):
        if reports[left]["text"] == reports[right]["text"] and sketches[left]:
            assert are_copies(sketches[left], sketches[right])
            found += 1
    assert found > 5
