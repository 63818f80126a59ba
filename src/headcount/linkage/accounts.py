"""Accounts: candidate events as linkage sees them, a column a variable, one row a candidate event."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Final, TypeAlias, cast

import numpy as np
from numpy.typing import NDArray

from headcount.linkage.terms import Terms, fold, hash_term, hash_terms

Ints: TypeAlias = NDArray[np.int32]
Floats: TypeAlias = NDArray[np.float64]

NO_DAY: Final = -(2**31)
"""A day that is unknown, in columns of days since 1970-01-01."""

NO_CODE: Final = -1
"""An unknown value in a column of codes."""

KINDS: Final = (
    "demonstration", "march", "rally", "meeting", "vigil", "picket", "strike", "sit-in", "occupation", "blockade", "walkout",
    "parade", "caravan", "counter-protest", "riot",
)  # fmt: skip
"""Event types whose nearness codebook/linkage.toml tells; another type is like itself alone."""

COUNTER: Final = KINDS.index("counter-protest")
TIMES: Final = ("morning", "midday", "afternoon", "evening", "night")
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
    def from_columns(cls, columns: Mapping[str, Sequence[object] | Terms | NDArray[np.generic]]) -> Accounts:
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

        def given(name: str) -> Sequence[object]:
            column = columns.get(name)
            return [None] * count if column is None else cast("Sequence[object]", column)

        def terms(name: str) -> Terms:
            column = columns.get(name)
            if isinstance(column, Terms):
                return column
            return Terms.empty(count) if column is None else hash_terms(cast("Sequence[Sequence[str] | None]", column))

        names = [
            None if not town else f"{country or ''}|{fold(str(town))}"
            for town, country in zip(given("locality"), given("country"), strict=True)
        ]
        start = _days(given("date_start"))
        end = _days(given("date_end"))
        return cls(
            candidate_ids=ids,
            report=_codes(given("report_id")),
            kind=_listed(given("event_type"), KINDS),
            status=_listed(given("status"), STATUSES, default=0),
            published=_days(given("published")),
            copy_group=_codes(given("copy_group")),
            start=np.where(start == NO_DAY, end, start).astype(np.int32),
            end=np.where(end == NO_DAY, start, end).astype(np.int32),
            precision=_listed(given("date_precision"), PRECISIONS, default=PRECISIONS.index("unknown")),
            place_name=_codes(names),
            town=_codes([fold(str(town)) if town else None for town in given("locality")]),
            country=_codes(given("country")),
            state=_codes(given("state")),
            lat=_numbers(given("lat")),
            lon=_numbers(given("lon")),
            geonames=np.nan_to_num(_numbers(given("geonames_id")), nan=NO_CODE).astype(np.int64),
            low=_numbers(given("size_low")),
            high=_numbers(given("size_high")),
            macroevent=_codes(given("macroevent")),
            series=_codes([None if name is None else hash_term(str(name)) for name in given("series")]),
            venue=_venues(columns.get("location_detail"), count),
            organizations=terms("organizations"),
            claims=_claims(columns.get("claims"), count),
            issues=terms("issues"),
            targets=terms("targets"),
            times=_bits(given("times")),
            words=_words(columns.get("words"), count),
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


def _days(column: Sequence[object]) -> Ints:
    if isinstance(column, np.ndarray):
        return column.astype(np.int32)
    seen: dict[object, int] = {None: NO_DAY, "": NO_DAY}
    epoch = dt.date(1970, 1, 1).toordinal()
    days = np.empty(len(column), dtype=np.int32)
    for row, value in enumerate(column):
        day = seen.get(value)
        if day is None:
            date = dt.date.fromisoformat(value) if isinstance(value, str) else cast("dt.date", value)
            day = seen[value] = date.toordinal() - epoch
        days[row] = day
    return days


def _codes(column: Sequence[object]) -> Ints:
    """Codes in order of first appearance; only their equality has a meaning."""
    if isinstance(column, np.ndarray):
        return column.astype(np.int32)
    seen: dict[object, int] = {None: NO_CODE, "": NO_CODE}
    next_code = 0
    codes = np.empty(len(column), dtype=np.int32)
    for row, value in enumerate(column):
        code = seen.get(value)
        if code is None:
            code = seen[value] = next_code
            next_code += 1
        codes[row] = code
    return codes


def _listed(column: Sequence[object], listed: tuple[str, ...], *, default: int = NO_CODE) -> Ints:
    """Codes by a closed list; what is not in it gets codes past its end."""
    seen: dict[object, int] = {None: default, "": default, **{name: code for code, name in enumerate(listed)}}
    codes = np.empty(len(column), dtype=np.int32)
    next_code = len(listed)
    for row, value in enumerate(column):
        code = seen.get(value)
        if code is None:
            code = seen[value] = next_code
            next_code += 1
        codes[row] = code
    return codes


def _bits(column: Sequence[object]) -> Ints:
    """The parts of the day that are told, a bit each; an array is taken as it is."""
    if isinstance(column, np.ndarray):
        return column.astype(np.int32)
    bit = {part: 1 << at for at, part in enumerate(TIMES)}
    told = cast("Sequence[Sequence[str] | None]", column)
    return np.array([sum(bit[part] for part in set(parts)) if parts else 0 for parts in told], dtype=np.int32)


def _numbers(column: Sequence[object]) -> Floats:
    if isinstance(column, np.ndarray):
        return column.astype(np.float64)
    return np.array([np.nan if value is None else value for value in column], dtype=np.float64)


def _venues(column: object, count: int) -> Terms:
    from headcount.linkage.words import hash_venue

    if column is None or isinstance(column, Terms):
        return Terms.empty(count) if column is None else column
    return Terms.from_rows([hash_venue(str(value)) if value else () for value in cast("Sequence[object]", column)])


def _claims(column: object, count: int) -> Terms:
    from headcount.linkage.words import hash_words

    if column is None or isinstance(column, Terms):
        return Terms.empty(count) if column is None else column
    claims = cast("Sequence[Sequence[str] | None]", column)
    return Terms.from_rows([hash_words(" ".join(several)) if several else () for several in claims])


def _words(column: object, count: int) -> Terms:
    if column is None or isinstance(column, Terms):
        return Terms.empty(count) if column is None else column
    rows = cast("Sequence[object]", column)
    if count and all(row is None or isinstance(row, bytes) for row in rows):
        return Terms.from_blobs([cast("bytes | None", row) or b"" for row in rows])
    return Terms.from_rows([cast("Sequence[int] | None", row) or () for row in rows])
