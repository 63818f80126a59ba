"""Columns of several terms an account: sorted 32-bit hashes, row after row (CSR)."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from typing import Any, Final, TypeAlias, TypeVar
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float64]
Longs: TypeAlias = NDArray[np.int64]
Hashes: TypeAlias = NDArray[np.uint32]

BUCKET_BITS: Final = 22
"""Hashes are folded to 4 million buckets for counting: of 100,000 different words one in 40 shares its bucket."""

PAIRS_AT_ONCE: Final = 64_000
"""Pairs compared at a time: about 60 MB with 30 words an account."""

ROWS_AT_ONCE: Final = 20_000
"""Accounts whose terms are moved at a time: what is in between stays in a cache."""

FEW_ACCOUNTS: Final = 4_000
"""Accounts up to which importing scipy costs more (0.1 s) than it saves."""


@lru_cache(maxsize=200_000)
def fold(name: str) -> str:
    """A name as it is compared: no accents, no case, words and digits alone."""
    plain = unicodedata.normalize("NFKD", name.casefold())
    return " ".join("".join(sign if sign.isalnum() else " " for sign in plain if not unicodedata.combining(sign)).split())


@lru_cache(maxsize=500_000)
def hash_term(name: str) -> int:
    """The 32-bit hash of a folded name; never 0, the same on every machine."""
    return crc32(fold(name).encode("utf-8")) or 1


Key = TypeVar("Key", bound=np.generic)


def distinct(keys: NDArray[Key]) -> NDArray[Key]:
    """The keys in order, each once. (numpy's own ``unique`` hashes first: ten times slower on ten million keys.)"""
    ordered = np.sort(keys)
    return ordered[np.concatenate([[True], ordered[1:] != ordered[:-1]])] if len(ordered) else ordered


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Terms:
    """Several hashed terms for each account: ``values[offsets[i]:offsets[i + 1]]``, sorted, each once."""

    offsets: Longs
    values: Hashes

    def __len__(self) -> int:
        """How many accounts."""
        return len(self.offsets) - 1

    @property
    def counts(self) -> Longs:
        """How many terms each account has."""
        return np.diff(self.offsets)

    @classmethod
    def empty(cls, count: int) -> Terms:
        """No terms for any of ``count`` accounts."""
        return cls(offsets=np.zeros(count + 1, dtype=np.int64), values=np.zeros(0, dtype=np.uint32))

    @classmethod
    def from_rows(cls, rows: Sequence[Sequence[int]]) -> Terms:
        """The terms of accounts given row by row."""
        counts = np.fromiter((len(row) for row in rows), dtype=np.int64, count=len(rows))
        values = np.fromiter(chain.from_iterable(rows), dtype=np.uint32, count=int(counts.sum()))
        return cls._sorted(counts, values)

    @classmethod
    def from_blobs(cls, blobs: Sequence[bytes]) -> Terms:
        """The terms of accounts kept as little-endian uint32, as ``pack_words`` writes them."""
        counts = np.fromiter((len(blob) // 4 for blob in blobs), dtype=np.int64, count=len(blobs))
        return cls._sorted(counts, np.frombuffer(b"".join(blobs), dtype="<u4").astype(np.uint32))

    @classmethod
    def _sorted(cls, counts: Longs, values: Hashes) -> Terms:
        """Sorts each row and drops what stands in it twice; rows that are so already cost one pass."""
        row_of = np.repeat(np.arange(len(counts), dtype=np.int64), counts)
        rising = (np.diff(values.astype(np.int64)) > 0) | (np.diff(row_of) > 0)
        if not rising.all():
            keys = distinct((row_of << 32) | values.astype(np.int64))
            row_of, values = keys >> 32, (keys & 0xFFFFFFFF).astype(np.uint32)
            counts = np.bincount(row_of, minlength=len(counts)).astype(np.int64)
        return cls(offsets=np.concatenate([[0], np.cumsum(counts)]).astype(np.int64), values=values)

    def take(self, rows: Longs) -> Terms:
        """The terms of the accounts at ``rows``."""
        counts = self.counts[rows]
        offsets = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
        values = np.empty(offsets[-1], dtype=np.uint32)
        for begin in range(0, len(rows), ROWS_AT_ONCE):
            part = slice(begin, begin + ROWS_AT_ONCE)
            first, last = offsets[begin], offsets[min(begin + ROWS_AT_ONCE, len(rows))]
            shift = np.repeat(self.offsets[rows[part]] - offsets[:-1][part], counts[part])
            values[first:last] = self.values[np.arange(first, last) + shift]
        return Terms(offsets=offsets, values=values)

    def row(self, at: int) -> tuple[int, ...]:
        """The terms of one account."""
        return tuple(self.values[self.offsets[at] : self.offsets[at + 1]].tolist())

    def buckets(self) -> NDArray[np.int32]:
        """The bucket of every term; rising within an account, as the terms are."""
        return (self.values >> np.uint32(32 - BUCKET_BITS)).view(np.int32)

    def weighed(self, weights: Floats | None = None) -> WeighedTerms:
        """The terms with a weight each, 1 without ``weights``, made ready to be compared pair by pair."""
        roots = np.ones(len(self.values)) if weights is None else np.sqrt(weights)
        matrix = None
        if len(self) > FEW_ACCOUNTS:
            from scipy.sparse import csr_matrix  # type: ignore[import-untyped]

            offsets = self.offsets if self.offsets[-1] > np.iinfo(np.int32).max else self.offsets.astype(np.int32)
            matrix = csr_matrix((roots, self.buckets(), offsets), shape=(len(self), 1 << BUCKET_BITS))
        return WeighedTerms(terms=self, counts=self.counts, roots=roots, matrix=matrix)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class WeighedTerms:
    """Terms of accounts as they are compared. Made once for all pairs: it costs a pass over every term of every account."""

    terms: Terms
    counts: Longs
    roots: Floats
    """Square roots of the terms' weights."""

    matrix: Any
    """The roots as a sparse matrix of scipy, a row an account; None for few accounts, which need no scipy."""

    def shared(self, left: Longs, right: Longs) -> Floats:
        """For each pair of accounts the weight of the terms that both have."""
        out = np.zeros(len(left))
        busy = np.flatnonzero((self.counts[left] > 0) & (self.counts[right] > 0))
        for begin in range(0, len(busy), PAIRS_AT_ONCE):
            part = busy[begin : begin + PAIRS_AT_ONCE]
            if self.matrix is None:
                out[part] = self._match(left[part], right[part])
            else:
                out[part] = np.asarray(self.matrix[left[part]].multiply(self.matrix[right[part]]).sum(axis=1)).ravel()
        return out

    def _match(self, left: Longs, right: Longs) -> Floats:
        """What the matrices tell, without scipy, at three times the cost a pair."""
        one, one_roots = self._keyed(left)
        other, other_roots = self._keyed(right)
        at = np.minimum(np.searchsorted(other, one), len(other) - 1)
        met = np.flatnonzero(other[at] == one)
        pair = one[met] >> BUCKET_BITS
        firsts = np.flatnonzero(np.concatenate([[True], pair[1:] != pair[:-1]]))[: len(pair)]
        out = np.zeros(len(left))
        out[pair[firsts]] = np.add.reduceat(one_roots[met] * other_roots[at[met]], firsts) if len(met) else 0.0
        return out

    def _keyed(self, rows: Longs) -> tuple[Longs, Floats]:
        """The buckets of the accounts at ``rows`` as keys that rise, with the number of the row before them, and their roots."""
        counts = self.counts[rows]
        of = np.repeat(np.arange(len(rows), dtype=np.int64), counts)
        at = np.arange(len(of), dtype=np.int64) + np.repeat(self.terms.offsets[rows] - (np.cumsum(counts) - counts), counts)
        keys = (of << BUCKET_BITS) | (self.terms.values[at] >> np.uint32(32 - BUCKET_BITS))
        firsts = np.flatnonzero(np.concatenate([[True], keys[1:] != keys[:-1]]))
        return keys[firsts], np.add.reduceat(self.roots[at], firsts)  # two terms of one bucket count together


def hash_terms(rows: Sequence[Sequence[str] | None]) -> Terms:
    """Names as terms, one hash a name."""
    return Terms.from_rows([[hash_term(name) for name in row] if row else () for row in rows])
