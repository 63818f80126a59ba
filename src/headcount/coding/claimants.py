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


_TRAILING = 16
"""Words that may follow a claimant named behind the number: "…, police spokeswoman Captain Ann Other said on Friday"."""


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
    spoken = table("claimants")["spokespeople"]
    for i in range(first, min(end, first + 120)):
        entries = roles.get(lower[i])
        if not entries:
            continue
        for parts, role in entries:
            start = i + 1 - len(parts)
            if start < first or tuple(lower[start : i + 1]) != parts:
                continue
            if parts[-1] in spoken["titles"]:
                before = lower[max(first, i - 5) : i]
                role = (
                    "police"
                    if any(w in spoken["police"] for w in before)
                    else "officials"
                    if any(w in spoken["officials"] for w in before)
                    else role
                )
            bystander = role in ("participant", "witness", "other")
            reach = 2 if bystander else _NEAR
            around = lower[max(first, start - 2) : start] + lower[i + 1 : min(end, i + 1 + reach)]
            according = "according" in lower[max(first, start - 4) : start]
            gap = lower[i + 1 : min(end, i + 1 + 9)]
            title = role == "police" and any(w in saying for w in gap) and text.words[min(i + 1, end - 1)][0].isupper()
            title = (
                title
                or according
                or (role == "organisers" and lower[min(i + 1, end - 1)] == "of" and any(w in saying for w in gap))
            )
            title = title or lower[i] in saying
            if any(w in saying for w in around) or title:
                if found and found[-1].end >= start:  # "a student spokesman": the longer phrase says who
                    found[-1] = Claimant(role, min(found[-1].first, start), i + 1)
                else:
                    found.append(Claimant(role, start, i + 1))
            break
    return found


def code_claimant(text: Text, size: SizeMention, publisher: str | None = None) -> Claimant:
    """Who gives the number ``size``: the nearest claimant of its sentence, the speaker of the sentence before
    where a pronoun says it, the writer who was there, else the report itself."""
    sentence = text.sentence_of[size.at]
    first, end = text.sentences[sentence]
    inside = range(size.first, size.end)
    best: Claimant | None = None
    best_gap = 10_000
    for claimant in find_claimants(text, first, end):
        if claimant.first in inside or (claimant.role in ("participant", "witness") and size.end <= claimant.first < size.end + 4):
            continue
        between = text.lower[size.end : claimant.first]
        if len(between) < 6 and between and "," not in between and not any(w in _saying() or w == "according" for w in between):
            continue  # "50 volunteers and local antiwar activists"
        gap = size.first - claimant.end if claimant.end <= size.first else claimant.first - size.end + 3
        if (
            claimant.first >= size.end
            and "according" not in text.lower[max(0, claimant.first - 4) : claimant.first]
            and end - claimant.end > _TRAILING
        ):
            continue  # "Nearly 100 people came, and the president, whose spokesperson told students that …"
        if gap < best_gap:
            best, best_gap = claimant, gap
    if best is not None:
        own = best.role == "media" and publisher is not None and text.lower[best.end - 1] in publisher.lower()
        return Claimant("report", 0, 0) if own else best
    lower = text.lower
    words = table("claimants")
    for i in (*range(first, min(size.first, first + 40)), *range(max(size.end, end - 8), end)):
        if lower[i] in words["pronouns"]["words"] and i + 1 < end and lower[i + 1] in _saying():
            for s in range(sentence - 1, max(-1, sentence - 4), -1):
                told = [
                    c
                    for c in find_claimants(text, *text.sentences[s])
                    if c.role in ("police", "officials", "organisers", "other", "media")
                ]
                if told:
                    return told[-1]
    if size.noun == "us" and not text.quoted[size.at]:
        return Claimant("participant", 0, 0)
    for i in range(first, min(size.first, first + 12)):
        if lower[i] in words["first_person"]["words"] and text.words[i] in ("I", "We", "we") and not text.quoted[i]:
            return Claimant("participant", i, i + 1)
    return Claimant("report", 0, 0)
