"""What a number of people covers: all of a crowd, its peak, or all who came over several days."""

from __future__ import annotations

from functools import cache

from headcount.codebook import table
from headcount.coding.phrases import Lexicon
from headcount.coding.sizes import SizeMention
from headcount.models import Scope
from headcount.text import Text

_NEAR = 14
"""Tokens before or behind a number in which the words for its scope are looked for."""


@cache
def _phrases() -> Lexicon:
    book = table("scopes")
    return Lexicon({"peak": book["peak"]["phrases"], "cumulative": book["cumulative"]["phrases"]})


def code_scope(text: Text, size: SizeMention) -> Scope:
    """``peak``, ``cumulative`` or ``total``; whether a number is a ``part`` is learned.

    The words must stand in the number's sentence, with no other number of people and no semicolon between.
    """
    first, end = text.sentences[text.sentence_of[size.at]]
    low, high = max(first, size.first - _NEAR), min(end, size.end + _NEAR)
    comma = size.first
    for i in range(size.first - 1, low - 1, -1):
        if text.lower[i] == ",":
            comma = i
        if text.lower[i] == ";" or text.lower[i][0].isdecimal():
            low = comma  # "50 people at the height of the protest, with some 75 in all"
            break
    for i in range(size.end, high):
        if text.lower[i] == ";" or text.lower[i][0].isdecimal():
            high = i
            break
    phrases = _phrases()
    found = [hit for hit in (phrases.at(text.lower, i, high) for i in range(low, high)) if hit is not None]
    if found:
        return "peak" if found[0].label == "peak" else "cumulative"
    return "cumulative" if any(_spans_days(text.lower, i, high) for i in range(low, high)) else "total"


def has_grown(text: Text, size: SizeMention) -> bool:
    """Is the number what a crowd grew to ("the march swelled to 2,000")? The words stand right before it, a hedge between."""
    first = text.sentences[text.sentence_of[size.at]][0]
    before = text.lower[max(first, size.first - 3) : size.quantity.core]
    return any(f" {phrase} " in f" {' '.join(before)} " for phrase in table("scopes")["grown"]["phrases"])


def _spans_days(lower: list[str], i: int, end: int) -> bool:
    """Do the words at ``i`` tell of several days: "over three days", "over the course of the week"?"""
    words = table("scopes")["cumulative"]
    if lower[i] not in words["over"]:
        return False
    j = i + 1
    course = counted = False
    while j < end and (lower[j] in words["course"] or lower[j] in words["many"]):
        course = course or lower[j] == "course"
        counted = counted or lower[j] in words["many"]
        j += 1
    if j >= end:
        return False
    if lower[j] in words["times"]:
        return course or counted and lower[i] in ("over", "during", "across", "throughout")
    return lower[j] in words["single"] and (course or lower[i] == "throughout")
