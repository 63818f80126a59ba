"""Which column of a table holds what: as the caller maps it, else by the names that such columns usually have."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

USUAL: Final[Mapping[str, tuple[str, ...]]] = {
    "text": (
        "text", "body", "content", "fulltext", "articletext", "articlebody", "bodytext", "storytext", "maintext", "article",
        "story",
    ),
    "title": ("title", "headline", "heading"),
    "published": (
        "published", "date", "pubdate", "publicationdate", "publisheddate", "publishdate", "datepublished", "datepublish",
        "publishedat", "articledate",
    ),
    "publisher": ("publisher", "source", "sourcename", "outlet", "newspaper", "publication", "publicationtitle", "medianame"),
    "url": ("url", "link", "permalink", "articleurl"),
    "id": ("id",),
    "country": ("country",),
}  # fmt: skip
"""By key of a report the names of columns that mean it, the likeliest first; capitals, blanks, - and _ do not count."""

SHOWN: Final = 20
"""So many columns are named in a message; a table may have 10,000."""


class ColumnsError(Exception):
    """The table lacks a column that is needed; the message names those that it has."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """Where a table keeps what."""

    places: Mapping[str, int]
    """By key of a report the place of its column."""

    doubt: str | None = None
    """What was assumed of columns that nobody mapped."""


def find_columns(names: Sequence[str], mapping: Mapping[str, str]) -> Columns:
    """The columns of a table with these names.

    What the caller maps is taken as mapped; beside it only columns that are called as the keys of a report. Without any
    mapping columns are taken by their usual names, and the doubt says which. Raises ColumnsError.
    """
    places: dict[str, int] = {}
    for key, name in mapping.items():
        place = _place_of(name, names)
        if place is None:
            raise ColumnsError(f"no column {name!r} for {key}: {_told(names)}; give --map {key}=COLUMN with one of them")
        places[key] = place
    taken = set(places.values())
    assumed: list[str] = []
    plain = [_plain(name) for name in names]
    for key, usual in USUAL.items():
        if key in places:
            continue
        for word in (key, *(("date",) if key == "published" else ())) if mapping else usual:
            if word in plain and plain.index(word) not in taken:
                places[key] = plain.index(word)
                taken.add(places[key])
                if word != key and word != "date":
                    assumed.append(f"{key}={names[places[key]].strip()}")
                break
    if "text" not in places:
        raise ColumnsError(f"no column is known to hold the text: {_told(names)}; say which does with --map text=COLUMN")
    doubt = f"columns taken by their names: {', '.join(assumed)}; --map KEY=COLUMN takes others" if assumed else None
    return Columns(places=places, doubt=doubt)


def _place_of(name: str, names: Sequence[str]) -> int | None:
    """The place of the column that is called so, else of the only one that differs in capitals and blanks alone."""
    exact = [place for place, found in enumerate(names) if found.strip() == name]
    near = exact or [place for place, found in enumerate(names) if found.strip().casefold() == name.casefold()]
    return near[0] if exact or len(near) == 1 else None


def _plain(name: str) -> str:
    return name.strip().casefold().replace("_", "").replace("-", "").replace(" ", "")


def _told(names: Sequence[str]) -> str:
    if not any(name.strip() for name in names):
        return "its first row is empty, where the names of the columns are expected"
    shown = ", ".join(ascii(name.strip()[:40]) if not name.isprintable() else name.strip()[:40] for name in names[:SHOWN])
    more = f" and {len(names) - SHOWN:,} more" if len(names) > SHOWN else ""
    return f"its columns are {shown}{more}"
