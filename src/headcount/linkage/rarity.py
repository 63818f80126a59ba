"""How rare each word is among the accounts that are linked together: what two accounts share tells the more, the rarer it is."""

from __future__ import annotations

from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from headcount.linkage.hashing import common_words
from headcount.linkage.terms import BUCKET_BITS, Terms

Bools: TypeAlias = NDArray[np.bool_]
Floats: TypeAlias = NDArray[np.float64]
Longs: TypeAlias = NDArray[np.int64]

BACKGROUND: Final = 1000
"""Accounts that are supposed to stand behind those given: two accounts alone tell nothing of what is rare."""

COMMON: Final = BACKGROUND // 20
"""In how many accounts of the background a common word of protests stands."""

LEAST_RARITY: Final = 0.01
"""Of a word that stands in every account."""


def rate_words(words: Terms) -> tuple[Floats, Bools]:
    """The rarity of each of ``words.values``, 0 to 1, and whether another account has it, too."""
    among = len(words) + BACKGROUND
    buckets = words.buckets()
    held = np.bincount(buckets, minlength=1 << BUCKET_BITS).astype(np.int32)[buckets]
    idf = _rate(held, among=among)
    common = _find_common(words.values, buckets)
    idf[common] = _rate(held[common] + np.int32(COMMON), among=among)
    return idf, held > 1


def _rate(held: NDArray[np.int32], *, among: int) -> Floats:
    """How rare words are that so many accounts have, 0 to 1: by a table, since many words stand in as many accounts."""
    numbers = np.arange(held.max(initial=0) + 1)
    table_ = np.maximum(np.log(among / (numbers + 1)) / np.log(among / 2), LEAST_RARITY)
    rated: Floats = table_[held]
    return rated


def _find_common(words: NDArray[np.uint32], buckets: NDArray[np.int32]) -> Longs:
    """Where words stand that many protests have in common."""
    common = common_words()
    some = np.zeros(1 << BUCKET_BITS, dtype=np.bool_)
    some[common >> np.uint32(32 - BUCKET_BITS)] = True
    at = np.flatnonzero(some[buckets])
    return at[np.isin(words[at], common)]
