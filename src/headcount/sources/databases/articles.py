"""One article of an export as a reader of documents hands it on, and the count of them against what the export says."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Final

from headcount.sources.databases.days import find_day, names_no_day
from headcount.sources.limits import DOCUMENT_REPORTS
from headcount.sources.opening import Found

MOST: Final = DOCUMENT_REPORTS.most + 1
"""So many articles are taken apart: one more than are read, so that the reader of documents can say that there were more."""

SHOWN: Final = 60

COUNTRIES: Final = {
    "united kingdom": "GB", "england": "GB", "scotland": "GB", "wales": "GB", "northern ireland": "GB", "ireland": "IE",
    "united states": "US", "canada": "CA", "australia": "AU", "new zealand": "NZ", "south africa": "ZA", "india": "IN",
    "pakistan": "PK", "bangladesh": "BD", "sri lanka": "LK", "nigeria": "NG", "ghana": "GH", "kenya": "KE", "uganda": "UG",
    "zimbabwe": "ZW", "zambia": "ZM", "jamaica": "JM", "trinidad and tobago": "TT", "singapore": "SG", "malaysia": "MY",
    "philippines": "PH", "hong kong": "HK", "israel": "IL", "germany": "DE", "france": "FR", "china": "CN",
}  # fmt: skip
"""Countries with papers in English, as databases write them."""


def make_article(
    *,
    number: int,
    paragraphs: Sequence[str],
    title: str | None = None,
    date: str | None = None,
    publisher: str | None = None,
    url: str | None = None,
    given_id: str | None = None,
    country: str | None = None,
    doubts: Sequence[str] = (),
) -> Found:
    """The article as found; without any text it is a fatal Found. ``date`` is the line that names the day, as it stands, and
    ``country`` the name of that where the paper comes out.
    """
    part = f"article {number}"
    if not any(paragraph.strip() for paragraph in paragraphs):
        named = f" ({title[:SHOWN]})" if title else ""
        reason = f"no text in article {number} of this export{named}: download it again with its full text, or leave it out"
        return Found(part=part, doubts=(reason, *doubts), fatal=True)
    day, doubt = _published(date)
    fields: dict[str, object] = {
        "text": "\n\n".join(paragraph for paragraph in paragraphs if paragraph.strip()),
        "title": title,
        "published": day,
        "publisher": publisher,
        "url": url if url and url.startswith(("http://", "https://")) else None,
        "id": given_id,
        "country": COUNTRIES.get((country or "").partition(",")[0].strip().casefold()),
    }
    return Found(
        part=part, fields={key: value for key, value in fields.items() if value}, doubts=(*((doubt,) if doubt else ()), *doubts)
    )


def _published(date: str | None) -> tuple[dt.date | None, str | None]:
    if not date:
        return None, "no date where this layout of a database has it; read as if the day of publication were unknown"
    day = find_day(date)
    if day is not None:
        return day, None
    why = "names no day" if names_no_day(date) else "could not be read as a day"
    return None, f"published: {date[:SHOWN]!r} {why}; read as if the day of publication were unknown"


def count_articles(found: list[Found], *, said: int | None) -> list[Found]:
    """The articles, the last that was read with a doubt where the export says that it holds another number of them."""
    if said is None or said == len(found) or len(found) >= MOST:
        return found
    doubt = f"the export says that it holds {said:,} documents, and {len(found):,} were found in it: check that the file is whole"
    at = next((index for index in reversed(range(len(found))) if not found[index].fatal), len(found) - 1)
    return [*found[:at], replace(found[at], doubts=(*found[at].doubts, doubt)), *found[at + 1 :]]


def number_articles(stated: Sequence[int]) -> list[int]:
    """The articles' numbers as the export states them, or their order where those repeat (two exports in one file)."""
    rising = all(before < after for before, after in pairwise(stated))
    return list(stated) if rising else list(range(1, len(stated) + 1))
