"""The grammar of number phrases: "up to 10,000", "several hundred", "two to three dozen", "1-2k".

Words come from ``codebook/sizes.toml``; the intervals from section 5 of the codebook. Every
function looks at most a dozen words around its place, so the time is linear in the text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

from headcount.codebook import table
from headcount.text import tokenize

_DIGITS = re.compile(r"(\d{1,3}(?:,\d{2,3})+|\d{1,12}(?:\.\d{1,3})?)(k|m)?")


_JOINED = frozenset(("hundred", "thousand", "million", "dozen"))
"""Scales that some write with a hyphen behind a number in words."""

_LONGEST = 20
"""Characters of the longest number that is read, and words of the longest one in words: no crowd needs more."""


class Core(NamedTuple):
    """A quantity without its bounds; ``high`` None is open, ``base`` the number before its scale."""

    end: int
    low: int
    high: int | None
    vague: bool
    base: float
    scaled: bool


class Quantity(NamedTuple):
    """An interval of things that the words ``first`` to ``end`` (tokens, half-open) support."""

    first: int
    core: int
    end: int
    low: int | None
    high: int | None
    vague: bool
    hedge: str


class _Words:
    """The codebook's lists for number phrases, indexed for look-up."""

    def __init__(self) -> None:
        book = table("sizes")
        self.digits: dict[str, int] = {k: v for k, v in book["digits"].items() if k != "why"}
        self.scales: dict[str, int] = {k: v for k, v in book["scales"].items() if k != "why"}
        self.vague = {tuple(k.split()): (v[0], v[1] or None) for k, v in book["vague"].items() if k != "why"}
        self.vague_first = {k[0] for k in self.vague}
        several = book["several"]
        self.several = {tuple(w.split())[-1] for w in several["words"]}
        self.several_of = {tuple(k.split()): tuple(v) for k, v in several.items() if k not in ("why", "words")}
        self.before: dict[str, list[tuple[tuple[str, ...], str]]] = {}
        for kind in ("low", "high", "about"):
            for phrase in book["bounds"][kind]:
                parts = tuple(phrase.split())
                self.before.setdefault(parts[-1], []).append((parts, kind))
        for found in self.before.values():
            found.sort(key=lambda entry: -len(entry[0]))
        self.after: dict[str, list[tuple[tuple[str, ...], str]]] = {}
        for kind in ("low", "high", "about"):
            for phrase in book["suffixes"][kind]:
                parts = tuple(phrase.split())
                self.after.setdefault(parts[0], []).append((parts, kind))
        for found in self.after.values():
            found.sort(key=lambda entry: -len(entry[0]))
        self.joiners = sorted(
            (tuple(p.split()) if not p.startswith(",") else (",", *p[1:].split()) for p in book["ranges"]["joiners"]),
            key=lambda p: -len(p),
        )
        self.joiner_first = {p[0] for p in self.joiners}
        self.openers = {tuple(p.split()) for p in book["ranges"]["openers"]}
        self.dashes = frozenset(book["ranges"]["dashes"])
        self.before_days = frozenset(book["ranges"]["before_days"])
        self.starters = (
            set(self.digits)
            | set(self.scales) - {"k", "m"}
            | self.vague_first
            | self.several
            | {"a", "half", "couple", "quarter", "one"}
        )


@cache
def words() -> _Words:
    """The number words of the codebook, read once."""
    return _Words()


def _digits(word: str) -> tuple[float, int] | None:
    """(number, scale) of a token in digits, or None."""
    m = _DIGITS.fullmatch(word) if len(word) <= _LONGEST else None
    if not m:
        return None
    return float(m[1].replace(",", "")), {"k": 1000, "m": 1_000_000}.get(m[2] or "", 1)


def _number(lower: Sequence[str], i: int) -> Core | None:
    """A number in digits or words at ``i``: "3,000", "10 000", "1.5 million", "two thousand five hundred"."""
    known = words()
    count = len(lower)
    digits = _digits(lower[i])
    if digits:
        value, scale = digits
        j = i + 1
        if scale == 1 and value < 1000 and value == int(value) and "," not in lower[i]:
            while j < count and len(lower[j]) == 3 and lower[j].isdecimal():  # "10 000"
                value, j = value * 1000 + int(lower[j]), j + 1
            if (
                j + 1 < count
                and j == i + 1
                and lower[j] == ","
                and len(lower[j + 1]) == 3
                and lower[j + 1].isdecimal()
                and lower[j + 1][0] == "0"
            ):
                value, j = value * 1000 + int(lower[j + 1]), j + 2  # "20, 000" of tokenized news
        base = value
        hyphen = j + 1 < count and lower[j] == "-" and lower[j + 1] in known.scales
        k = j + hyphen
        if k < count and lower[k] in known.scales and scale == 1 and lower[k] != "score":
            scale, j = known.scales[lower[k]], k + 1
        if scale == 1 and "." in lower[i]:
            if lower[i][-4:] not in (".000", ".500"):
                return None  # "13.00" is the time of day
            value *= 1000  # "30.000" of European news
        total = round(value * scale, 6)
        if total != int(total):
            return None
        return Core(j, int(total), int(total), False, base, scale > 1)
    if (
        tuple(lower[i + 1 : i + 4]) == ("and", "a", "half")
        and i + 4 < count
        and lower[i] in known.digits
        and lower[i + 4] in known.scales
    ):
        value = int((known.digits[lower[i]] + 0.5) * known.scales[lower[i + 4]])  # "one and a half million"
        return Core(i + 5, value, value, False, known.digits[lower[i]], True)
    total, current, j, last, scaled = 0, 0, i, 0, False
    while j < count and j < i + _LONGEST:
        word = lower[j]
        if word in known.digits:
            value = known.digits[word]
            if current and (current % 100 == 0 and value < 100 or current % 100 >= 20 and current % 10 == 0 and value < 10):
                current += value
            elif current:
                break
            else:
                current = value
            j += 1
            last = j
        elif word in known.scales and len(word) > 1 and (j > i or word not in ("score", "k", "m")):
            scale = known.scales[word]
            scaled = True
            if scale == 100 or word in ("dozen", "score"):
                current = (current or 1) * scale
            else:
                total += (current or 1) * scale
                current = 0
            j += 1
            last = j
        elif word == "-" and last == j and not scaled and lower[j + 1 : j + 2] and lower[j + 1] in _JOINED:
            j += 1  # "two-hundred"
        elif word in ("-", "and") and last == j and j + 1 < count and lower[j + 1] in known.digits and (word == "-" or scaled):
            if word == "and" and known.digits[lower[j + 1]] < 1:
                break
            if word == "-" and not (current % 100 >= 20 and current % 10 == 0 and known.digits[lower[j + 1]] < 10):
                break
            j += 1
        else:
            break
    if last == 0:
        return None
    value = total + current
    base = known.digits.get(lower[i], 1)
    return Core(last, value, value, False, base, scaled)


def _scaled(lower: Sequence[str], i: int, factor: float) -> Core | None:
    """``factor`` times the scale word at ``i`` ("half a million", "couple of dozen")."""
    known = words()
    while i < len(lower) and lower[i] in ("a", "of", "-"):
        i += 1
    if i < len(lower):
        scale = known.scales.get(lower[i].removesuffix("s") if factor == 2 else lower[i], 0)
        if scale and len(lower[i]) > 1:
            return Core(i + 1, int(scale * factor), int(scale * factor), False, factor, True)
    return None


def read_core(lower: Sequence[str], i: int) -> Core | None:
    """The quantity that begins at token ``i``, without bounds, or None."""
    known = words()
    word = lower[i]
    following = lower[i + 1] if i + 1 < len(lower) else ""
    if word == "a":
        if following == "score" and i + 3 < len(lower) and lower[i + 2] == "of" and lower[i + 3].isalpha():
            return Core(i + 2, 20, 20, False, 1, True)  # "a score of people", not "of 3-2"
        if following in known.scales and len(following) > 1:
            core = _number(lower, i + 1)
            if core and tuple(lower[core.end : core.end + 3]) == ("and", "a", "half"):
                return core._replace(end=core.end + 3, low=core.low * 3 // 2, high=core.low * 3 // 2)
            return core
        if following in known.several or following in ("couple", "handful", "half", "quarter"):
            return read_core(lower, i + 1)
        return None
    if word == "half" or word == "quarter":
        return _scaled(lower, i + 1, 0.5 if word == "half" else 0.25)
    if word == "three" and following in ("quarters", "-"):
        share = i + 1 + (following == "-")
        if lower[share : share + 2] == ["quarters", "of"]:
            return _scaled(lower, share + 2, 0.75)
    if word == "couple":
        return _scaled(lower, i + 1, 2)
    if word in known.several:
        for length in (3, 2, 1):
            words_after = tuple(lower[i + 1 : i + 1 + length])
            span = known.several_of.get(words_after)
            if span:
                return Core(i + 1 + len(words_after), span[0], span[1], True, 1, True)
        return None
    if word in known.vague_first:
        for length in (3, 2, 1):
            phrase = tuple(lower[i : i + length])
            found = known.vague.get(phrase)
            if found:
                end = i + len(phrase)
                if lower[end : end + 1] in (["and"], ["upon"]) and lower[end + 1 : end + 2] == [word]:  # "hundreds upon hundreds"
                    end += 2
                return Core(end, found[0], found[1], True, 1, True)
    return _number(lower, i)


def _phrase_before(lower: Sequence[str], i: int) -> tuple[int, str, str] | None:
    """(first token, kind, phrase) of a bound that ends right before ``i``."""
    found = words().before.get(lower[i - 1]) if i else None
    for parts, kind in found or ():
        if i >= len(parts) and tuple(lower[i - len(parts) : i]) == parts:
            return i - len(parts), kind, " ".join(parts)
    return None


def _shared_zeros(low: int, high: int) -> int:
    """The low end of "10 to 15,000" and "5-600": nobody tells of a crowd whose ends lie so far apart."""
    scale = 1000 if high >= 1000 else 100
    return low * scale if high % scale == 0 and low < high // scale else low


def read_quantity(lower: Sequence[str], i: int) -> Quantity | None:
    """The whole number phrase whose core begins at token ``i``: bounds before and behind, ranges."""
    core = read_core(lower, i)
    if core is None:
        return None
    known = words()
    count = len(lower)
    low: int | None = core.low
    high, vague, end = core.high, core.vague, core.end
    first = i
    opener = next((n for n in (2, 1) if i >= n and tuple(lower[i - n : i]) in known.openers), 0)
    ranged = False
    if end < count and lower[end] in known.joiner_first:
        for joiner in known.joiners:
            j = end + len(joiner)
            if tuple(lower[end:j]) != joiner or j >= count:
                continue
            dash = len(joiner) == 1 and joiner[0] in known.dashes
            if dash and i > 0 and lower[i - 1] in known.before_days:
                continue  # a dateline: "OCT 3 - About 450 people marched"
            while (
                not dash
                and j < count
                and lower[j] in ("about", "around", "some", "even", "up", "to", "as", "many", "perhaps", "maybe", "possibly")
                and j < end + 6
            ):
                j += 1
            other = read_core(lower, j) if j < count else None
            if other is None or (joiner == ("and",) and not (opener and lower[i - opener] != "from")):
                continue
            start = low
            if not core.scaled and other.scaled and not other.vague and core.base < other.base and other.base:
                start = int(core.low * (other.low / other.base))
            elif not core.scaled and not other.scaled:
                start = _shared_zeros(core.low, other.low)
            top = other.high
            if start is not None and other.low > start and (top is None or top > start):
                low, high, vague, end, ranged = start, top, vague or other.vague, other.end, True
                if joiner[0] == "(" and lower[end : end + 1] == [")"]:
                    end += 1
                break
    if ranged and opener:
        first = i - opener
    hedges: list[str] = []
    for _ in range(3):
        bound = _phrase_before(lower, first)
        if bound is None:
            break
        first, kind, phrase = bound
        hedges.append(phrase)
        if not ranged:
            if kind == "low" and low is not None:
                high = None
            elif kind == "high" and high is not None:
                low = None
    behind = end + (lower[end : end + 1] == ["people"])  # "100 people or more"
    for parts, kind in known.after.get(lower[behind], ()) if behind < count else ():
        if tuple(lower[behind : behind + len(parts)]) == parts and (behind == end or parts[0] in ("or", "plus", "and")):
            end += len(parts) if behind == end else 0
            hedges.append(" ".join(parts))
            if not ranged:
                if kind == "low" and low is not None:
                    high = None
                elif kind == "high" and high is not None:
                    low = None
            break
    return Quantity(first, i, end, low, high, vague, " ".join(reversed(hedges)))


def read_size_phrase(phrase: str) -> Quantity | None:
    """The first number phrase in words such as a coder of crowds writes ("80 or so", "about 50 or 60", "1-2k").

    Tokens of the result count the words of ``phrase``. None when no number is in it.
    """
    text = tokenize(phrase)
    lower = text.lower
    i = 0
    while i < len(lower):
        if lower[i][0].isdecimal() or lower[i] in words().starters:
            found = read_quantity(lower, i)
            if found:
                return found
        i += 1
    return None
