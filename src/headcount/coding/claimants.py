"""Who gives a number: the claimant and the role, from the words of saying around a size."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple, get_args

from headcount.codebook import table
from headcount.coding.sizes import SizeMention
from headcount.models import ClaimantRole
from headcount.text import Text

_NEAR = 5
"""Words between the claimant and the word of saying: "police spokeswoman Captain Ann Other said"."""


class Claimant(NamedTuple):
    """Who gives a number, at the tokens ``first`` to ``end`` (half-open); both 0 for the report's own voice."""

    role: ClaimantRole
    first: int
    end: int


@cache
def _roles() -> dict[str, list[tuple[tuple[str, ...], ClaimantRole]]]:
    found: dict[str, list[tuple[tuple[str, ...], ClaimantRole]]] = {}
    for role in get_args(ClaimantRole):
        for phrase in table("claimants")["roles"].get(role, ()):
            parts = tuple(phrase.split())
            found.setdefault(parts[-1], []).append((parts, role))
    for entries in found.values():
        entries.sort(key=lambda entry: -len(entry[0]))
    return found


@cache
def _saying() -> frozenset[str]:
    return frozenset(table("claimants")["saying"]["words"])


def find_claimants(text: Text, first: int, end: int) -> list[Claimant]:
    """All who say something between the tokens ``first`` and ``end``."""
    lower = text.lower
    roles, saying = _roles(), _saying()
    found: list[Claimant] = []
    for i in range(first, min(end, first + 120)):
        entries = roles.get(lower[i])
        if not entries:
            continue
        for parts, role in entries:
            start = i + 1 - len(parts)
            if start < first or tuple(lower[start : i + 1]) != parts:
                continue
            around = lower[max(first, start - 3) : start] + lower[i + 1 : min(end, i + 1 + _NEAR)]
            gap = lower[i + 1 : min(end, i + 1 + 9)]
            title = role == "police" and any(w in saying for w in gap) and text.words[min(i + 1, end - 1)][0].isupper()
            if any(w in saying for w in around) or title:
                if found and found[-1].end >= start and found[-1].role == role:
                    found[-1] = Claimant(role, found[-1].first, i + 1)
                else:
                    found.append(Claimant(role, start, i + 1))
            break
    return found


def code_claimant(text: Text, size: SizeMention) -> Claimant:
    """Who gives the number ``size``: the nearest claimant of its sentence, else the report itself."""
    sentence = text.sentence_of[size.at]
    first, end = text.sentences[sentence]
    noun = range(size.first, size.end)
    best: Claimant | None = None
    best_gap = 10_000
    for claimant in find_claimants(text, first, end):
        if claimant.first in noun:
            continue
        gap = size.first - claimant.end if claimant.end <= size.first else claimant.first - size.end + 3
        if gap < best_gap:
            best, best_gap = claimant, gap
    return best or Claimant("report", 0, 0)
