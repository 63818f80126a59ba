"""Whether each value of an event leads to the statement that it comes from, and each quote to the words of its report."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from typing import Any, Final, NamedTuple

from headcount.coding.privacy import marker
from headcount.models import Event

PLACED: Final = ("location_detail", "locality", "state", "country")
SAID: Final[dict[str, tuple[str, ...]]] = {
    "event_type": ("event_type",),
    "status": ("status",),
    "background": ("background", "status"),
    "date_start": ("date_start", "date_end"),
    "date_end": ("date_start", "date_end"),
    "date_precision": ("date_precision", "date_start", "date_end"),
    "locality": ("locality",),
    "state": ("state",),
    "country": ("country",),
    "location_detail": ("location_detail",),
    "lat": PLACED,
    "lon": PLACED,
    "geonames_id": PLACED,
    "place_precision": PLACED,
    "size_low": ("size",),
    "size_high": ("size",),
    "size_derived": ("size",),
    "size_unit": ("size",),
    "claimant_role": ("size",),
    "organizations": ("organizations",),
    "participants": ("participants",),
    "speakers": ("speakers",),
    "targets": ("targets",),
    "claims": ("claims",),
    "chants": ("chants",),
    "issues": ("issues",),
    "comparisons": ("comparison",),
    "series": ("series",),
    "macroevent": ("event_type", "date_start", "locality"),
    "quote": ("status",),
}
"""By column of an event the variables of the statements that may give it. A macroevent is tied by type, day and place."""

DEFAULTS: Final[dict[str, Any]] = {
    "background": False,
    "size_derived": False,
    "size_unit": "people",
    "date_precision": "unknown",
    "place_precision": "unknown",
}
"""What stands in a column of which nothing was told; None, an empty text and an empty list do in any."""

SAME_VALUE: Final = ("event_type", "status", "locality", "state", "country", "location_detail", "series")
SAME_VALUES: Final = ("organizations", "participants", "speakers", "targets", "claims", "chants", "issues")
"""Columns that hold a statement's value as it is; the others follow from one (a size, a day) by a rule."""


class Said(NamedTuple):
    """A statement as far as it is needed to resolve a value."""

    variable: str
    value: str
    """As JSON."""

    quote: str


def find_unresolved(event: Event, statements: Mapping[str, Said], reviewed: Collection[str]) -> Iterator[tuple[str, str]]:
    """The columns of an event whose value does not lead to statements of its accounts, each with what is wrong.

    ``statements`` are those of the live codings of its accounts, ``reviewed`` the ids of those that a person has put right.
    """
    columns = {column: getattr(event, column) for column in SAID}
    columns |= {outcome.variable: outcome.text for outcome in event.outcomes}
    for column, value in columns.items():
        if value is None or value in ("", ()) or value == DEFAULTS.get(column):
            continue
        ids = event.lineage.get(column, ())
        if not ids:
            yield column, "no statement gives it"
            continue
        lost = [one for one in ids if one not in statements]
        if lost:
            yield column, f"statement {lost[0]} is not one of its accounts' statements"
            continue
        allowed = SAID.get(column, (column,))
        strange = next((one for one in ids if statements[one].variable not in allowed), None)
        if strange is not None:
            yield column, f"statement {strange} is about {statements[strange].variable}"
        elif column in SAME_VALUE or column in SAME_VALUES:
            told = {json.loads(statements[one].value) for one in ids if statements[one].variable == column}
            put_right = any(one in reviewed for one in ids)
            wanted = (value,) if column in SAME_VALUE else value
            if not put_right and not told.issuperset(wanted):
                yield column, "its statements give another value"
    for size in event.sizes:
        where = statements.get(size.statement_id or "")
        if where is None:
            yield "sizes", f"{size.candidate_id} has a size whose statement is lost"
        elif where.variable != "size" or where.quote != size.text:
            yield "sizes", f"statement {size.statement_id} stands for other words than the size that it gives"


def stands_at(text: str, start: int, end: int, quote: str) -> bool:
    """Whether a quote is what stands at a span; the marker of a private name in it stands for any words."""
    if not 0 <= start <= end <= len(text):
        return False
    words = text[start:end]
    first, *others = quote.split(marker())
    if not others:
        return words == quote
    if not words.startswith(first):
        return False
    at = len(first)
    *between, last = others
    for piece in between:
        at = words.find(piece, at + 1)
        if at < 0:
            return False
        at += len(piece)
    return words.endswith(last) and len(words) - len(last) > at
