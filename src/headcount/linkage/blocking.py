"""Which accounts are compared at all: those that meet in a block of place and day, or of place or day and a rare word.

Every block is bounded: where more accounts meet than ``WINDOW``, they are set in an order that brings like ones together
(by a least hash of their words), and each meets those that stand near it.
"""

from __future__ import annotations

from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from headcount.linkage.accounts import NO_CODE, NO_DAY, Accounts
from headcount.linkage.days import Days
from headcount.linkage.terms import Terms, distinct

Longs: TypeAlias = NDArray[np.int64]
Keys: TypeAlias = NDArray[np.uint64]
Floats: TypeAlias = NDArray[np.float64]

WINDOW: Final = 40
"""How many neighbours of its block an account meets: blocks of up to 41 accounts are compared in full."""

RUN_DAYS: Final = 7
"""Days of a run under which it is filed; a longer run is met by its first days and by its words."""

CELL_DEGREES: Final = 0.4
"""Side of a geo cell, 44 km."""

REACH_DEGREES: Final = 0.18
"""Accounts up to this far apart (20 km) share a cell for certain: each is filed under all cells that its box touches."""

OPEN_BACK: Final = 9
"""Days before publication under which an account with an open day is filed at its place; beyond, it is met by its words."""

RARE_WORDS: Final = 5
"""Rare words under which an account is filed with its place."""

OPEN_WORDS: Final = 24
"""The same for an account whose day or place is open: all else that it has."""

WORDS_GAP: Final = 10
"""Days between two accounts that meet by their words alone; a week's slip of a weekday is seen, and judged."""

_SIGN_BITS: Final = np.uint64(20)

SLOT_BITS: Final = 22
"""Upper bits of a block's key by which blocks are counted, to leave out most accounts that are alone in theirs."""


def propose_pairs(accounts: Accounts, days: Days, idf: Floats) -> tuple[Longs, Longs]:
    """The pairs worth comparing, left before right, each once, in order; never two accounts of one report.

    ``idf`` is the rarity of each of ``accounts.words.values``, 0 for a word that one account alone has.
    """
    count = len(accounts)
    if count < 2:
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
    sign = _least_hashes(accounts.words, 0x9E3779B1)
    other_sign = _least_hashes(accounts.words, 0x85EBCA77)
    by_day = np.where(days.low == NO_DAY, 0, days.low.astype(np.int64) + 200_000).astype(np.uint64)
    met: list[Keys] = []

    places, has_place = place_keys(accounts)
    filed = _join_filed(_file_days(days, extra=1), _file_open_days(days))
    rows = filed[0][has_place[filed[0]]]
    told = filed[1][has_place[filed[0]]]
    for order in (sign, other_sign):
        met.append(_meet(_mix(places[rows], told, 1), rows, order))

    cells, at = _cells(accounts)
    filed = _file_days(days, extra=0)
    rows, cell, told = _cross(at, cells, filed, count)
    met.append(_meet(_mix(cell, told, 2), rows, sign))
    towns = np.flatnonzero((accounts.town != NO_CODE) & _named_without_coordinates(accounts))
    rows, town, told = _cross(towns, accounts.town[towns].astype(np.uint64), filed, count)
    met.append(_meet(_mix(town, told, 3), rows, sign))

    no_day = ~days.dated
    no_place = ~has_place
    rows, words = _rare_words(accounts.words, idf, np.where(no_day | no_place, OPEN_WORDS, RARE_WORDS))
    kept = has_place[rows]
    near = _meet(_mix(places[rows[kept]], words[kept], 4), rows[kept], by_day)
    met.append(_within(near, days, WORDS_GAP))
    if no_place.any():
        file_row, file_day = filed
        first = np.full(count, NO_DAY, dtype=np.int64)
        first[file_row[::-1]] = file_day[::-1].astype(np.int64)
        dated = first[rows] != NO_DAY
        found = _meet(_mix(first[rows[dated]].astype(np.uint64), words[dated], 5), rows[dated], sign)
        left, right = _unpack(found)
        met.append(found[no_place[left] | no_place[right]])
    copies = np.flatnonzero(accounts.copy_group != NO_CODE)
    met.append(
        _within(_meet(_mix(accounts.copy_group[copies].astype(np.uint64), np.uint64(0), 6), copies, by_day), days, WORDS_GAP)
    )

    pairs = distinct(np.concatenate(met))
    left, right = _unpack(pairs)
    apart = accounts.report[left] != accounts.report[right]
    return left[apart], right[apart]


def _unpack(pairs: Keys) -> tuple[Longs, Longs]:
    return (pairs >> np.uint64(32)).astype(np.int64), (pairs & np.uint64(0xFFFFFFFF)).astype(np.int64)


def _within(pairs: Keys, days: Days, most: int) -> Keys:
    """The pairs whose windows of days lie at most so many days apart."""
    left, right = _unpack(pairs)
    return pairs[days.gap(left, right) <= most]


def _mix(first: Keys, second: Keys | np.uint64, salt: int) -> Keys:
    """44-bit hashes of two values in the upper bits of a key; a chance meeting is judged like any other, and falls."""
    mixed = (first + np.uint64(salt)) * np.uint64(0x9E3779B97F4A7C15)
    mixed ^= mixed >> np.uint64(32)
    mixed = (mixed + second) * np.uint64(0xD6E8FEB86659FD93)
    mixed ^= mixed >> np.uint64(29)
    mixed *= np.uint64(0xC2B2AE3D27D4EB4F)
    kept: Keys = (mixed >> _SIGN_BITS) << _SIGN_BITS
    return kept


def _meet(keys: Keys, rows: Longs, order: Keys) -> Keys:
    """Packed pairs of rows with the same key, each with at most ``WINDOW`` that follow it in ``order`` (20 bits)."""
    slots = (keys >> np.uint64(64 - SLOT_BITS)).view(np.int64)
    shared = np.flatnonzero(np.bincount(slots, minlength=1 << SLOT_BITS)[slots] > 1)  # most rare words stand alone
    if len(shared) < 2:
        return np.zeros(0, dtype=np.uint64)
    rows = rows[shared]
    full = keys[shared] | (order[rows] & np.uint64((1 << 20) - 1))
    sort = _sort_stably(full)
    block = full[sort] >> _SIGN_BITS
    lined = rows[sort].astype(np.uint64)
    ends = np.flatnonzero(np.concatenate([block[1:] != block[:-1], [True]]))
    last = np.repeat(ends, np.diff(np.concatenate([[-1], ends])))
    at = np.flatnonzero(np.arange(len(block)) < last)
    found: list[Keys] = []
    for step in range(1, WINDOW + 1):
        at = at[at + step <= last[at]]
        if not len(at):
            break
        low, high = np.minimum(lined[at], lined[at + step]), np.maximum(lined[at], lined[at + step])
        pairs = (low << np.uint64(32)) | high
        found.append(pairs[low != high])
    return distinct(np.concatenate(found)) if found else np.zeros(0, dtype=np.uint64)


def _sort_stably(keys: Keys) -> Longs:
    """``np.argsort(kind="stable")``, four times faster on ten million keys: sorted first, and like ones put in order then."""
    sort = np.argsort(keys)
    ordered = keys[sort]
    again = ordered[1:] == ordered[:-1]
    alike = np.flatnonzero(np.concatenate([again, [False]]) | np.concatenate([[False], again]))
    run = np.cumsum(np.concatenate([[True], ~again]))[alike]
    sort[alike] = np.sort((run << 32) | sort[alike]) & 0xFFFFFFFF
    return sort


def place_keys(accounts: Accounts) -> tuple[Keys, NDArray[np.bool_]]:
    """One key for each account's place: its entry of the gazetteer, else its name, else its coordinates."""
    keys = np.zeros(len(accounts), dtype=np.uint64)
    located = ~np.isnan(accounts.lat) & ~np.isnan(accounts.lon)
    named = accounts.place_name != NO_CODE
    listed = accounts.geonames != NO_CODE
    spot = np.round(accounts.lat[located] * 20) * 100_000 + np.round(accounts.lon[located] * 20)
    keys[located] = spot.astype(np.int64).view(np.uint64) | np.uint64(1 << 62)
    keys[named] = accounts.place_name[named].astype(np.uint64) | np.uint64(1 << 61)
    keys[listed] = accounts.geonames[listed].astype(np.uint64)
    return keys, listed | named | located


def _named_without_coordinates(accounts: Accounts) -> NDArray[np.bool_]:
    """Accounts whose town's name is told somewhere without coordinates: those meet by name."""
    bare = np.isnan(accounts.lat) & (accounts.town != NO_CODE)
    return np.isin(accounts.town, distinct(accounts.town[bare]))


def _cells(accounts: Accounts) -> tuple[Keys, Longs]:
    """The geo cells that a box around each account touches, and whose they are.

    Cells are as wide as high: the meridians' steps grow with the latitude.
    """
    at = np.flatnonzero(~np.isnan(accounts.lat) & ~np.isnan(accounts.lon))
    lat, lon = np.clip(accounts.lat[at], -89.0, 89.0), accounts.lon[at]
    cells: list[Keys] = []
    half = REACH_DEGREES / 2
    for north in (-half, half):
        band = np.floor((lat + north) / CELL_DEGREES)
        wide = np.maximum(np.cos(np.radians((band + 0.5) * CELL_DEGREES)), 0.02)
        steps = np.floor(360 * wide / CELL_DEGREES)
        for east in (-half, half):
            column = np.mod(np.floor(((lon + 180) / 360 + east / wide / 360) * steps), steps)
            cells.append(((band + 1000) * 10_000 + column).astype(np.uint64))
    keys = distinct((np.concatenate([at] * 4).astype(np.uint64) << np.uint64(32)) | np.concatenate(cells))
    return keys & np.uint64(0xFFFFFFFF), (keys >> np.uint64(32)).astype(np.int64)


def _file_days(days: Days, *, extra: int) -> tuple[Longs, Keys]:
    """The days under which dated accounts are filed, a run under several, and ``extra`` days after the last."""
    at = np.flatnonzero(days.dated)
    spans = np.minimum(days.high[at] - days.low[at] + 1, RUN_DAYS).astype(np.int64) + extra
    rows = np.repeat(at, spans)
    nth = np.arange(len(rows), dtype=np.int64) - np.repeat(np.cumsum(spans) - spans, spans)
    return rows, (days.low[rows].astype(np.int64) + nth + 1_000_000).astype(np.uint64)


def _file_open_days(days: Days) -> tuple[Longs, Keys]:
    """The days under which accounts with an open day are filed: the last days before their publication."""
    at = np.flatnonzero(~days.dated & (days.high != NO_DAY) & (days.low != NO_DAY))
    back = np.arange(OPEN_BACK, dtype=np.int64)
    told = (days.high[at].astype(np.int64)[:, None] - back).ravel()
    rows = np.repeat(at, OPEN_BACK)
    inside = told >= days.low[rows]
    return rows[inside], (told[inside] + 1_000_000).astype(np.uint64)


def _join_filed(one: tuple[Longs, Keys], other: tuple[Longs, Keys]) -> tuple[Longs, Keys]:
    return np.concatenate([one[0], other[0]]), np.concatenate([one[1], other[1]])


def _cross(rows: Longs, keys: Keys, filed: tuple[Longs, Keys], count: int) -> tuple[Longs, Keys, Keys]:
    """Every key of an account with every day of it."""
    day_rows, day_keys = filed
    many = np.bincount(day_rows, minlength=count)
    first = np.concatenate([[0], np.cumsum(many)])
    times = many[rows]
    out = np.repeat(np.arange(len(rows), dtype=np.int64), times)
    nth = np.arange(len(out), dtype=np.int64) - np.repeat(np.cumsum(times) - times, times)
    return rows[out], keys[out], day_keys[first[rows[out]] + nth]


def _least_hashes(words: Terms, factor: int) -> Keys:
    """A 20-bit least hash of each account's words: accounts with like words often share it."""
    mixed = (words.values * np.uint32(factor)) ^ (words.values >> np.uint32(15))
    mixed = (mixed * np.uint32(0x2C1B3C6D)).astype(np.uint32)
    least = np.full(len(words), 0xFFFFFFFF, dtype=np.uint32)
    held = np.flatnonzero(words.counts > 0)
    if len(held):
        least[held] = np.minimum.reduceat(mixed, words.offsets[held])
    return (least >> np.uint32(12)).astype(np.uint64)


def _rare_words(words: Terms, idf: Floats, most: NDArray[np.int64]) -> tuple[Longs, Keys]:
    """The rarest words of each account that some other account has, too: rows and words."""
    rows = np.repeat(np.arange(len(words), dtype=np.int64), words.counts)
    told = np.flatnonzero(idf > 0)
    rows = rows[told]
    # one number sorts by account, then by rarity, then by the order of the words
    place = np.int64(int(words.counts.max(initial=0)).bit_length())
    nth = told - words.offsets[rows]
    rarity = 65_535 - np.clip(idf[told] * 60_000, 0, 65_535).astype(np.int64)
    key = np.sort((((rows << 16) | rarity) << place) | nth)
    rows = key >> (place + 16)
    values = words.values[words.offsets[rows] + (key & ((1 << place) - 1))]
    held = np.bincount(rows, minlength=len(words))
    nth = np.arange(len(rows), dtype=np.int64) - np.repeat(np.cumsum(held) - held, held)
    kept = nth < most[rows]
    return rows[kept], values[kept].astype(np.uint64)
