"""Accounts: candidate events as linkage sees them, a column a variable, one row a candidate event."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Final, TypeAlias, cast

import numpy as np
from numpy.typing import NDArray

from headcount.linkage.columns import (
    NO_CODE,
    NO_DAY,
    TIMES,
    Column,
    read_claims,
    read_codes,
    read_days,
    read_listed,
    read_numbers,
    read_times,
    read_venues,
    read_words,
)
from headcount.linkage.terms import Terms, fold, hash_term, hash_terms

Ints: TypeAlias = NDArray[np.int32]
Floats: TypeAlias = NDArray[np.float64]

KINDS: Final = (
    "demonstration", "march", "rally", "meeting", "vigil", "picket", "strike", "sit-in", "occupation", "blockade", "walkout",
    "parade", "caravan", "counter-protest", "riot",
)  # fmt: skip
"""Event types whose nearness codebook/linkage.toml tells; another type is like itself alone."""

COUNTER: Final = KINDS.index("counter-protest")
STATUSES: Final = ("held", "planned", "cancelled")
PRECISIONS: Final = ("day", "range", "week", "month", "year", "unknown")


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """What one report says of one event, as far as it helps to tell whether another report means the same.

    Linkage never sees a report's text: ``words`` are hashes of the words that tell of the event.
    """

    candidate_id: str
    """Unique among the accounts that are linked together."""

    report_id: str
    """Two accounts of one report are two events by that report's own word."""

    event_type: str
    status: str = "held"
    published: dt.date | None = None
    publisher: str | None = None
    copy_group: str | None = None
    """Shared by the accounts of reports that are near-copies of one text (``copies``): one witness, not several."""

    date_start: dt.date | None = None
    date_end: dt.date | None = None
    date_precision: str = "unknown"
    locality: str | None = None
    state: str | None = None
    country: str | None = None
    location_detail: str = ""
    lat: float | None = None
    lon: float | None = None
    geonames_id: int | None = None
    size_low: int | None = None
    size_high: int | None = None
    """Of people; None is unknown or open."""

    organizations: tuple[str, ...] = ()
    claims: tuple[str, ...] = ()
    issues: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()
    times: tuple[str, ...] = ()
    """Parts of the day that are told: morning, midday, afternoon, evening, night (``describe_account`` finds them)."""

    series: str | None = None
    """The series' name as told ("Women's March"): accounts of several reports may share it."""

    macroevent: str | None = None
    """Shared by a counter-protest and the event that it targets in one report: prefixed with its report."""

    words: tuple[int, ...] = ()
    """``hash_words`` of the sentences that tell of the event: sorted 32-bit hashes, no order, no text."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Accounts:
    """Accounts in columns. Build with ``from_accounts`` or ``from_columns``; rows keep the order given."""

    candidate_ids: tuple[str, ...]
    report: Ints
    kind: Ints
    status: Ints
    published: Ints
    copy_group: Ints
    start: Ints
    end: Ints
    precision: Ints
    place_name: Ints
    """Codes of (country, locality); NO_CODE without a locality."""

    town: Ints
    """Codes of the locality's name alone."""

    country: Ints
    state: Ints
    lat: Floats
    lon: Floats
    geonames: NDArray[np.int64]
    low: Floats
    high: Floats
    macroevent: Ints
    series: Ints
    venue: Terms
    organizations: Terms
    claims: Terms
    issues: Terms
    targets: Terms
    times: Ints
    """A bit for each part of the day (``TIMES``) that is told."""

    words: Terms

    def __len__(self) -> int:
        """How many accounts."""
        return len(self.candidate_ids)

    @classmethod
    def from_accounts(cls, accounts: Iterable[Account]) -> Accounts:
        """The columns of accounts given one by one."""
        rows = list(accounts)
        return cls.from_columns({name: [getattr(row, name) for row in rows] for name in ACCOUNT_COLUMNS})

    @classmethod
    def from_columns(cls, columns: Mapping[str, Column | Terms]) -> Accounts:
        """The columns of many accounts, by the names of ``Account``'s fields; a column left out is unknown throughout.

        Days are ``datetime.date``, ISO strings, or an int32 array of days since 1970-01-01 with ``NO_DAY``. Columns of several
        terms are sequences of tuples of strings, or ``Terms``; ``words`` may be blobs of little-endian uint32.
        ``locality`` without ``country`` is matched by name alone.

        Raises ValueError for an unknown column, columns of several lengths, or a candidate id told twice.
        """
        unknown = set(columns) - set(ACCOUNT_COLUMNS)
        if unknown:
            raise ValueError(f"accounts: expected columns {', '.join(ACCOUNT_COLUMNS)}, found {', '.join(sorted(unknown))}")
        for needed in ("candidate_id", "report_id", "event_type"):
            if needed not in columns:
                raise ValueError(f"accounts: expected a column {needed}, found none")
        ids = tuple(cast("Sequence[str]", columns["candidate_id"]))
        count = len(ids)
        for name, column in columns.items():
            if len(column) != count:
                raise ValueError(f"accounts: expected {count} values in {name}, found {len(column)}")
        if len(set(ids)) != count:
            raise ValueError("accounts: expected each candidate_id once, found one told twice")

        def given(name: str) -> Column:
            column = columns.get(name)
            return [None] * count if column is None else cast("Column", column)

        def terms(name: str) -> Terms:
            column = columns.get(name)
            if isinstance(column, Terms):
                return column
            return Terms.empty(count) if column is None else hash_terms(cast("Sequence[Sequence[str] | None]", column))

        names = [
            None if not town else f"{country or ''}|{fold(str(town))}"
            for town, country in zip(given("locality"), given("country"), strict=True)
        ]
        start = read_days(given("date_start"))
        end = read_days(given("date_end"))
        return cls(
            candidate_ids=ids,
            report=read_codes(given("report_id")),
            kind=read_listed(given("event_type"), KINDS),
            status=read_listed(given("status"), STATUSES, default=0),
            published=read_days(given("published")),
            copy_group=read_codes(given("copy_group")),
            start=np.where(start == NO_DAY, end, start).astype(np.int32),
            end=np.where(end == NO_DAY, start, end).astype(np.int32),
            precision=read_listed(given("date_precision"), PRECISIONS, default=PRECISIONS.index("unknown")),
            place_name=read_codes(names),
            town=read_codes([fold(str(town)) if town else None for town in given("locality")]),
            country=read_codes(given("country")),
            state=read_codes(given("state")),
            lat=read_numbers(given("lat")),
            lon=read_numbers(given("lon")),
            geonames=np.nan_to_num(read_numbers(given("geonames_id")), nan=NO_CODE).astype(np.int64),
            low=read_numbers(given("size_low")),
            high=read_numbers(given("size_high")),
            macroevent=read_codes(given("macroevent")),
            series=read_codes([None if name is None else hash_term(str(name)) for name in given("series")]),
            venue=read_venues(columns.get("location_detail"), count),
            organizations=terms("organizations"),
            claims=read_claims(columns.get("claims"), count),
            issues=terms("issues"),
            targets=terms("targets"),
            times=read_times(given("times")),
            words=read_words(columns.get("words"), count),
        )

    def take(self, rows: NDArray[np.int64]) -> Accounts:
        """The accounts at ``rows``, in that order."""
        taken: dict[str, object] = {"candidate_ids": tuple(self.candidate_ids[row] for row in rows.tolist())}
        for column in fields(self):
            if column.name != "candidate_ids":
                held = getattr(self, column.name)
                taken[column.name] = held.take(rows) if isinstance(held, Terms) else held[rows]
        return Accounts(**taken)  # type: ignore[arg-type]


ACCOUNT_COLUMNS: Final = tuple(column.name for column in fields(Account))


__all__ = [
    "ACCOUNT_COLUMNS", "COUNTER", "KINDS", "NO_CODE", "NO_DAY", "PRECISIONS", "STATUSES", "TIMES", "Account", "Accounts",
]  # fmt: skip
