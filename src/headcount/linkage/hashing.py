"""From words to hashes: what linkage keeps of a text."""

from __future__ import annotations

from array import array
from collections.abc import Iterable
from functools import cache, lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from headcount.codebook import table
from headcount.linkage.terms import fold, hash_term

SHORTEST_WORD: Final = 3
MOST_WORDS: Final = 80
"""Words kept of one account, the first told: a whole chronicle in one sentence is no description."""


@cache
def _left_out() -> frozenset[str]:
    held = table("linkage")
    told = " ".join([*(held["words"][group] for group in ("stop", "news", "days")), held["countries"]["names"]])
    return frozenset(fold(told).split())


@cache
def _times() -> dict[str, str]:
    return {word: part for part, words in table("linkage")["times"]["parts"].items() for word in words.split()}


def _stem(word: str) -> str:
    """The word without the endings by which two papers tell one thing: closures and closure, hospital's and hospital."""
    for ending in ("ies", "es", "s"):
        if word.endswith(ending) and len(word) - len(ending) >= SHORTEST_WORD:
            return word[: -len(ending)] + ("y" if ending == "ies" else "e" if ending == "es" and word[-3] not in "sxhz" else "")
    return word


def content_words(text: str | Iterable[str], *, leave_out: Iterable[str] = ()) -> list[str]:
    """The words that tell this event from another, folded, in order: no stop words, no words of every report, no numbers."""
    told = text if isinstance(text, str) else " ".join(text)
    out = _left_out()
    own = {part for name in leave_out for part in fold(name).split()}
    words = []
    for word in fold(told.replace("’s", "").replace("'s", "")).split():
        if len(word) >= SHORTEST_WORD and not word[0].isdigit() and word not in out and word not in own:
            stem = _stem(word)
            if stem not in out:
                words.append(stem)
    return words


def hash_words(text: str | Iterable[str], *, leave_out: Iterable[str] = ()) -> tuple[int, ...]:
    """Sorted 32-bit hashes of the content words of a text, each once, for ``Account.words``.

    ``leave_out`` names what every account of a block shares anyway: the town, the venue.
    """
    first = dict.fromkeys(content_words(text, leave_out=leave_out))
    return tuple(sorted({hash_term(word) for word in list(first)[:MOST_WORDS]}))


@cache
def common_words() -> NDArray[np.uint32]:
    """Hashes of the words that many protests have in common."""
    return np.array(sorted({hash_term(_stem(word)) for word in table("linkage")["common"]["words"].split()}), dtype=np.uint32)


def hash_claims(claims: Iterable[str]) -> tuple[int, ...]:
    """Hashes of the words of demands: without the common ones, unless there are no others."""
    told = hash_words(claims)
    common = set(common_words().tolist())
    return tuple(word for word in told if word not in common) or told


@cache
def _generic() -> frozenset[str]:
    return frozenset(table("linkage")["venues"]["generic"].split())


@lru_cache(maxsize=100_000)
def hash_venue(venue: str) -> tuple[int, ...]:
    """Hashes of the words that tell a venue from others; of its whole name where all its words are generic (City Hall)."""
    name = fold(venue)
    words = [word for word in name.split() if word not in _generic()]
    return tuple(sorted({hash_term(word) for word in words or [name]}))


def pack_words(words: Iterable[int]) -> bytes:
    """Hashes as little-endian uint32, for a column of a table; ``Terms.from_blobs`` reads them."""
    packed = array("I", words)
    if packed.itemsize != 4:  # pragma: no cover - no platform that is tested
        raise RuntimeError(f"expected 4 bytes in an unsigned int, found {packed.itemsize}")
    return packed.tobytes()


def find_times(text: str) -> tuple[str, ...]:
    """The parts of the day that a text tells: morning, midday, afternoon, evening, night."""
    parts = _times()
    return tuple(sorted({parts[word] for word in fold(text).split() if word in parts}))
