"""Near-copies: one text told in several places, with another headline, a cut tail, a changed figure (MinHash).

A copy is no witness. ``sketch_text`` is kept with a report; ``band_keys`` are kept in an index, and reports that share a
key are compared by ``similarity``; from ``COPY_SIMILARITY`` on they are near-copies.
"""

from __future__ import annotations

import re
import struct
from typing import Final, TypeAlias
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

Hashes: TypeAlias = NDArray[np.uint32]

SHINGLE: Final = 3
"""Words in a shingle: two reports of one event share phrases of two words (the town, the organisers), seldom of three."""

PERMUTATIONS: Final = 168
BANDS: Final = 56
ROWS: Final = 3
"""56 bands of 3: of pairs with Jaccard 0.47 (a wire story cut to half under a new headline) 998 in 1,000 share a key, of
unlike reports (0.02) 4 in 10,000. With 40 bands one cut story in 80 was missed."""

SKETCH_BYTES: Final = 4 + 4 * PERMUTATIONS
"""How many different shingles, then the least hash of each permutation; all little-endian uint32."""

COPY_SIMILARITY: Final = 0.6
"""From which share of the shorter text's shingles found in the longer two reports are near-copies."""

LEAST_JACCARD: Final = 0.3
"""Below it the share cannot be told from so many permutations, and the longer text is a story of its own with a quotation."""

FEWEST_SHINGLES: Final = 12
"""Shorter texts (a headline, a caption) are compared as accounts by their words, not here."""

_WORD: Final = re.compile(r"\w+")
_DIGITS: Final = re.compile(r"\d+")
_MIX: Final = np.array([0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9], dtype=np.uint64)


def _shingles(text: str) -> Hashes:
    """Hashes of all runs of three words, numbers being alike: a copy with a new figure is a copy."""
    words = _WORD.findall(text.casefold())
    if len(words) < SHINGLE:
        return np.zeros(0, dtype=np.uint32)
    codes = np.array([0 if word[0].isdigit() else crc32(word.encode("utf-8", "surrogatepass")) for word in words], dtype=np.uint64)
    run = codes[:-2] * _MIX[0] + codes[1:-1] * _MIX[1] + codes[2:] * _MIX[2]
    run ^= run >> np.uint64(29)
    run *= _MIX[1]
    distinct: Hashes = np.unique((run >> np.uint64(32)).astype(np.uint32))
    return distinct


def _scatter(keys: Hashes) -> Hashes:
    """Spreads 32-bit numbers, one to one (the finalizer of MurmurHash3)."""
    keys = (keys ^ (keys >> np.uint32(16))) * np.uint32(0x85EBCA6B)
    keys = (keys ^ (keys >> np.uint32(13))) * np.uint32(0xC2B2AE35)
    return keys ^ (keys >> np.uint32(16))


_FACTORS: Final = _scatter(np.arange(1, PERMUTATIONS + 1, dtype=np.uint32))[:, None] | np.uint32(1)
_ADDED: Final = _scatter(np.arange(PERMUTATIONS + 1, 2 * PERMUTATIONS + 1, dtype=np.uint32))[:, None]
"""Each permutation of the 32-bit numbers is ``factor * number + added``, modulo 2^32; an odd factor makes it one to one."""

SHINGLES_AT_ONCE: Final = 500
"""Shingles that are permuted at a time: 0.3 MB, whatever the text."""


def sketch_text(text: str) -> bytes:
    """The signature of a text: what is kept to recognise near-copies. Empty for a text of fewer than 12 shingles."""
    shingles = _shingles(text)
    if len(shingles) < FEWEST_SHINGLES:
        return b""
    spread = _scatter(shingles)
    parts = (spread[begin : begin + SHINGLES_AT_ONCE] for begin in range(0, len(spread), SHINGLES_AT_ONCE))
    least: Hashes = np.min([(_FACTORS * part + _ADDED).min(axis=1) for part in parts], axis=0)
    packed: bytes = struct.pack("<I", len(shingles)) + least.astype("<u4").tobytes()
    return packed


def _unpack(signature: bytes) -> tuple[int, Hashes]:
    if len(signature) != SKETCH_BYTES:
        raise ValueError(f"a signature: expected {SKETCH_BYTES} bytes of sketch_text, found {len(signature)}")
    read = np.frombuffer(signature, dtype="<u4")
    return int(read[0]), read[1:]


def band_keys(signature: bytes) -> tuple[int, ...]:
    """The keys under which an index finds a signature's near-copies: signed 64-bit, none for an empty signature."""
    if not signature:
        return ()
    _, least = _unpack(signature)
    rows = least[: BANDS * ROWS].reshape(BANDS, ROWS).astype(np.uint64)
    keys = (np.arange(BANDS, dtype=np.uint64) + np.uint64(1)) * np.uint64(0xD6E8FEB86659FD93)
    for column in range(ROWS):
        keys = (keys ^ rows[:, column]) * _MIX[column]
        keys ^= keys >> np.uint64(31)
    return tuple(keys.view(np.int64).tolist())


def similarity(left: bytes, right: bytes) -> float:
    """Which share of the shorter text's shingles stands in the longer, 0 to 1; 0 where they are too unlike to tell."""
    if not left or not right:
        return 0.0
    left_count, left_least = _unpack(left)
    right_count, right_least = _unpack(right)
    jaccard = float(np.count_nonzero(left_least == right_least)) / PERMUTATIONS
    if jaccard < LEAST_JACCARD:
        return 0.0
    shared = jaccard / (1 + jaccard) * (left_count + right_count)
    return min(1.0, shared / min(left_count, right_count))


def are_copies(left: bytes, right: bytes) -> bool:
    """Whether two reports are near-copies of one text by their signatures."""
    return similarity(left, right) >= COPY_SIMILARITY
