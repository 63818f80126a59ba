"""Numbers of people in a report: which number phrases count a crowd, and which are anything else.

The grammar of the phrase is ``quantities``; here stands the context: the noun behind it, the
verb, the words before it ("a crowd of"), and the units that are no people.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from headcount.codebook import table
from headcount.coding.quantities import Quantity, read_quantity
from headcount.coding.quantities import words as number_words
from headcount.text import Text

_REACH = 7
"""Tokens behind the number in which its noun is looked for: "2,000 mostly young, mostly white people"."""


@dataclass(slots=True)
class SizeMention:
    """A number phrase that may count a crowd, at the tokens ``first`` to ``end`` (half-open, with its noun)."""

    first: int
    end: int
    quantity: Quantity
    noun: str
    """The crowd noun behind it, or ""."""
    verb: str
    """The verb right behind a bare number ("1,600 crammed"), or ""."""
    before: str
    """The phrase before it that counts ("crowd of", "attended by"), or ""."""
    unit: str = "people"

    @property
    def at(self) -> int:
        """The token of the number itself."""
        return self.quantity.core


class _Words:
    def __init__(self) -> None:
        book = table("sizes")
        self.nouns = frozenset(book["crowd"]["nouns"]) | frozenset(w for w in table("forms")["people"]["words"] if " " not in w)
        self.lone_verbs = frozenset(book["crowd"]["lone_verbs"])
        self.before: dict[str, list[tuple[str, ...]]] = {}
        for phrase in book["crowd"]["before"]:
            parts = tuple(phrase.split())
            self.before.setdefault(parts[-1], []).append(parts)
        self.stop_units = frozenset(book["crowd"]["stop_units"])
        self.estimating = frozenset(book["crowd"]["estimating"])
        self.crowd_verbs = frozenset(book["crowd"]["crowd_verbs"])
        self.endings = tuple(book["crowd"]["endings"])
        self.endings_of_names = tuple(book["crowd"]["endings_of_names"])
        self.units = {k: v for k, v in book["units"].items() if k != "why"}


@cache
def words() -> _Words:
    """The words of crowds, read once."""
    return _Words()


_BREAKS = frozenset('.;:!?()"“”—–')
_FUNCTION = frozenset(
    "in on at to from by for with and but or as when while after before that who which were was had have has is are will would "
    "said into onto through outside inside".split()
)


def find_sizes(text: Text) -> list[SizeMention]:
    """All number phrases that may count a crowd, in the order of the text, none overlapping."""
    starters = number_words().starters
    lower, count = text.lower, len(text.lower)
    found: list[SizeMention] = []
    i = 0
    while i < count:
        word = lower[i]
        if word[0].isdecimal() or word in starters:
            quantity = read_quantity(lower, i)
            if quantity is not None:
                mention = _judge(text, quantity)
                if mention is not None:
                    found.append(mention)
                i = max(quantity.end, i + 1)
                continue
        i += 1
    return found


def _judge(text: Text, quantity: Quantity) -> SizeMention | None:
    known, lower, tokens, count = words(), text.lower, text.words, len(text.lower)
    sentence = text.sentence_of[quantity.core]
    if text.sentence_of[quantity.end - 1] != sentence:
        return None
    first, core, end = quantity.first, quantity.core, quantity.end
    before = lower[core - 1] if core else ""
    glued = core and text.starts[core] == text.ends[core - 1]
    if (
        before in "$£€#"
        and before
        or (glued and before in (":", "/", "."))
        or (before == "no" or before == "number" and lower[core].isdecimal())
    ):
        return None
    if tokens[core - 1 : core] == ["R"] or (before == "-" and glued and core > 1 and lower[core - 2][-1:].isdecimal()):
        return None
    after = lower[end] if end < count else ""
    if after and text.starts[end] == text.ends[end - 1] and after in (":", "/", "%", "°", "’", "'"):
        return None
    if end + 1 < count and after == "-" and text.starts[end] == text.ends[end - 1] and lower[end + 1] in known.stop_units:
        return None
    plain = (
        lower[core].isdecimal() and len(lower[core]) == 4 and 1900 <= int(lower[core]) <= 2099 and quantity.low == int(lower[core])
    )
    noun, noun_end, unit = "", end, "people"
    j = end
    strong = lower[end - 1] == "strong"
    limit = min(count, end + _REACH)
    while j < limit and text.sentence_of[j] == sentence:
        word = lower[j]
        if word in known.units and (j <= end + 3):
            noun, noun_end, unit = word, j + 1, known.units[word]
            break
        if word in known.stop_units and j <= end + 1 and not strong and not _in_a_name(text, j, known.nouns):
            return None
        if word in known.nouns or ends_like_people(tokens[j]):
            noun, noun_end = word, j + 1
            # "students and teachers", "taxi drivers": the last noun of the run
            while noun_end < limit and lower[noun_end] in known.nouns and text.sentence_of[noun_end] == sentence:
                noun, noun_end = lower[noun_end], noun_end + 1
            break
        if word in known.crowd_verbs and j <= end + 4 or j > end and word == "who" and lower[j - 1][-1] == "s":
            noun, noun_end = lower[j - 1], j  # "500 antiracists turned out", "20 bigots who came"
            break
        if word == "(" and j + 2 < count and tokens[j + 1].isupper() and lower[j + 2] == ")":
            j, limit = j + 3, min(count, limit + 3)  # "300 University of Leeds (UL) employees"
            continue
        if word == "us" and lower[j - 1] == "of":
            noun, noun_end = word, j + 1
            break
        if word in _BREAKS or (word in _FUNCTION and not (word in ("of", "and") or j == end and word == "of")):
            break
        if word == "," and j == end:
            break
        if (
            word == ","
            and j > end
            and lower[j - 1] not in known.nouns
            and not lower[j - 1].endswith(("ly", "ing", "ed", "y", "n", "e", "t"))
        ):
            break
        j += 1
    verb = after if after in known.lone_verbs or after in known.crowd_verbs or strong else ""
    if not verb and after in ("people's",):
        noun = "people"
    counting = ""
    for parts in known.before.get(lower[first - 1] if first else "", ()):
        if tuple(lower[first - len(parts) : first]) == parts:
            counting = " ".join(parts)
    if not counting and first > 1 and lower[first - 1] in ("of", "at", "by", "to"):
        for parts in known.before.get(lower[first - 1], ()):
            if len(parts) == 2 and lower[first - 2].startswith(parts[0][:6]) and lower[first - 2] in (parts[0], parts[0] + "s"):
                counting = " ".join(parts)
    if not counting and first and lower[first - 1] == "at" and known.estimating & set(lower[max(0, first - 9) : first - 1]):
        counting = "put at"  # "put the number of demonstrators at 300,000"
    if plain and not noun and not counting and verb not in ("marched", "gathered", "attended", "turned", "rallied"):
        return None
    if plain and before in ("in", "since", "of", "from", "by", ",", "until", "the", "year"):
        return None
    bare = (
        quantity.low is not None
        and quantity.low == quantity.high
        and quantity.low < 10
        and not quantity.hedge
        and not lower[core].isdecimal()
    )
    grouped = noun and counting.endswith(" of")  # "a group of four activists"
    if bare and lower[core] in ("one", "two", "three", "four", "five", "a") and quantity.end == core + 1 and not grouped:
        return None
    if not noun and not verb and not counting and not strong:
        verb = _elliptic(text, quantity)
        if not verb:
            return None
    return SizeMention(first, max(noun_end, end), quantity, noun, verb, counting, unit)


_LONG = 6
"""Letters from which a word is judged by its ending: "racists", "Texans", but not "lists", "fans"."""


def ends_like_people(word: str) -> bool:
    """Is a word that no list holds made like a noun for people ("theorists", "Minutemen", "Texans")?"""
    known = words()
    return len(word) > _LONG - word[0].isupper() and (
        word.endswith(known.endings) or word[0].isupper() and word.endswith(known.endings_of_names)
    )


def _in_a_name(text: Text, j: int, nouns: frozenset[str]) -> bool:
    """Is the unit at ``j`` a part of the words for people: "Black Lives Matter protesters", "day laborers"?"""
    word, behind = text.words[j], text.lower[j + 1 : j + 3]
    return (
        any(noun in nouns for noun in behind)
        if word[0].isupper() and word[1:].islower()
        else word == "day" and bool(behind) and behind[0] in nouns
    )


def _elliptic(text: Text, quantity: Quantity) -> str:
    """A number without noun or verb: "and 800 in Tacoma", "Bristol (2000)", "thousands", or ""."""
    lower, tokens, count = text.lower, text.words, len(text.lower)
    core, end = quantity.core, quantity.end
    if quantity.vague:
        return "vague"
    if (quantity.low or quantity.high or 0) < 10:
        return ""
    after = lower[end] if end < count else ""
    if (
        after in ("in", "at", "from", "outside")
        and end + 1 < count
        and (tokens[end + 1][0].isupper() or lower[end + 1] in ("the", "downtown", "front"))
    ):
        return after
    if core and lower[core - 1] == "(" and after == ")" and core > 1 and tokens[core - 2][0].isupper():
        return "("
    return ""
