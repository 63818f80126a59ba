"""Marks near a word. A sentence may hold ten thousand of them, so none of the coders may look at all for each word."""

from __future__ import annotations

from bisect import bisect_left

from headcount.coding.dates import DateMention
from headcount.coding.forms import Trigger
from headcount.coding.marks import Marks
from headcount.coding.sizes import SizeMention

NEAR = 60
"""Tokens to either side that are near: longer than most sentences of news, which have 25."""


def triggers_near(marks: Marks, at: int) -> list[Trigger]:
    """Words of gathering near the token ``at`` in its sentence."""
    found = marks.triggers_in[marks.text.sentence_of[at]]
    low = bisect_left(found, at - NEAR, key=lambda trigger: trigger.first)
    return found[low : bisect_left(found, at + NEAR, key=lambda trigger: trigger.first)]


def triggers_between(marks: Marks, first: int, end: int) -> list[Trigger]:
    """Words of gathering that begin at the tokens ``first`` to ``end`` (half-open) of one sentence."""
    found = marks.triggers_in[marks.text.sentence_of[first]]
    low = bisect_left(found, first, key=lambda trigger: trigger.first)
    return found[low : bisect_left(found, end, key=lambda trigger: trigger.first)]


def follows_place(marks: Marks, at: int) -> bool:
    """Does the name of a place end right before the token ``at`` ("In New York students …")?"""
    found = marks.places_in[marks.text.sentence_of[at]]
    k = bisect_left(found, at, key=lambda place: place.first)
    return k > 0 and found[k - 1].end == at


def sizes_near(marks: Marks, at: int) -> list[SizeMention]:
    """Numbers near the token ``at`` in its sentence."""
    found = marks.sizes_in[marks.text.sentence_of[at]]
    low = bisect_left(found, at - NEAR, key=lambda size: size.first)
    return found[low : bisect_left(found, at + NEAR, key=lambda size: size.first)]


def dates_near(marks: Marks, at: int) -> list[DateMention]:
    """Words for days near the token ``at`` in its sentence."""
    found = marks.dates_in[marks.text.sentence_of[at]]
    low = bisect_left(found, at - NEAR, key=lambda date: date.first)
    return found[low : bisect_left(found, at + NEAR, key=lambda date: date.first)]
