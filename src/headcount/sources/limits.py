"""How much of an input is taken, in one place: past these bounds it is a Problem with the limit's words, not a swollen process.

Bounds on text count bytes of UTF-8, as they lie in the file (UTF-16 and UTF-32 are counted after conversion).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

KIB: Final = 1024
MIB: Final = 1024 * KIB


@dataclass(frozen=True, slots=True)
class Limit:
    """The most that is taken of something, and what a person is told past it."""

    most: int
    words: str

    def __str__(self) -> str:
        return self.words.format(most=f"{self.most:,}", mib=f"{self.most // MIB:,} MiB")


class LimitError(Exception):
    """An input went over a limit; the message says which and what to do."""

    def __init__(self, limit: Limit) -> None:
        super().__init__(str(limit))
        self.limit = limit


# --- text ---

REPORT_BYTES: Final = 64 * MIB
"""The longest text of one report. A 50 MB text must be read (issue 2); the longest article known to us has 0.4 MB."""

LINE_BYTES: Final = 128 * MIB
"""The longest line of a JSON Lines file: a report at its limit, written with escapes, and its other keys."""

SNIFF_BYTES: Final = 64 * KIB
"""How much of an input is looked at to tell what it is."""

CHARSET_SAMPLE_BYTES: Final = 16 * KIB
"""How much around the first byte that is no UTF-8 is shown to charset-normalizer, which takes 10 ms a kilobyte at worst."""

FRONT_MATTER_LINES: Final = 60
"""A head between two lines of --- that is longer than this is text: a ruled-off paragraph, not front matter."""

FIELD_CHARACTERS: Final = 2000
"""The longest id, title, publisher or url that is kept; what is longer is cut, and a Problem says so."""

# --- documents: pages, PDFs, exports ---

DOCUMENT_BYTES: Final = Limit(32 * MIB, "longer than {mib}, more than any page or document of news: split it, or save its text")
DOCUMENT_SECONDS: Final = Limit(20, "it took longer than {most} seconds to open and was cut off: save its text instead")
DOCUMENT_MEMORY: Final = Limit(1024 * MIB, "opening it needs more than {mib} of memory: save its text instead")
DOCUMENT_REPORTS: Final = Limit(10_000, "more than {most} articles in one document: the others were not read; split it")
PDF_PAGES: Final = Limit(2_000, "more than {most} pages, more than any report of news: split it, or save its text")
MAIL_PARTS: Final = Limit(2_000, "more than {most} parts in one message: save its text instead")
PAGE_TAGS: Final = Limit(
    20_000, "more than {most} tags: read by the quick reader of pages, which may leave in what is beside the text"
)
RTF_GROUPS: Final = Limit(2_000, "groups nested more than {most} deep, which no word processor writes: save its text instead")
PAGE_DEPTH: Final = Limit(
    200, "tags nested more than {most} deep: read by the quick reader of pages, which may leave in what is beside the text"
)
"""libxml2 stops at 256, and the time of other readers grows with the square of the depth."""

PAGE_CHARACTERS: Final = Limit(
    4 * MIB, "more than {mib} of text and tags: read by the quick reader of pages, which may leave in what is beside the text"
)
"""Without scripts and embedded files; the longest page of news known to us has 1 MiB."""

# --- containers: gzip, zip, web archives ---

UNPACKED_BYTES: Final = Limit(64 * MIB, "one file in it unpacks to more than {mib}: unpack it yourself and give what is inside")
UNPACKED_RATIO: Final = Limit(250, "it unpacks to more than {most} times its size, as bombs do: unpack it yourself if you trust it")
RATIO_FROM_BYTES: Final = 4 * MIB
"""Less than this unpacked is never called a bomb: a short page of blanks may be packed 1,000 to 1."""

CONTAINER_RECORDS: Final = Limit(20_000_000, "more than {most} records in one archive: the others were not read; split it")
BROKEN_RECORDS: Final = Limit(1_000, "more than {most} broken records in one archive: the rest was not read; fetch it again")
ZIP_MEMBERS: Final = Limit(200_000, "more than {most} files in one zip: unpack it and give the folder")
SPOOLED_BYTES: Final = Limit(2048 * MIB, "a zip of more than {mib} that is no file of its own: save it, and give that file")
NESTING: Final = Limit(3, "more than {most} archives inside each other: unpack it yourself and give what is inside")

# --- tables and feeds ---

CELL_BYTES: Final = Limit(16 * MIB, "a cell of more than {mib}: the row was not read")
TABLE_AGAIN: Final = Limit(
    128 * MIB, "more than {mib} had to be read twice after quotes that never close: the rest was not read; mend its quotes"
)
FEED_ITEMS: Final = Limit(10_000, "more than {most} items in one feed: the others were not read")
SITEMAP_URLS: Final = Limit(
    50_000, "more than {most} addresses in one sitemap, the most that the protocol allows: the others were not read"
)
XML_DEPTH: Final = Limit(200, "tags nested more than {most} deep")

# --- the network ---

FETCHED_BYTES: Final = Limit(32 * MIB, "the server sent more than {mib}: fetch it yourself and give the file")
REDIRECTS: Final = Limit(5, "more than {most} redirects")
FETCH_SECONDS: Final = Limit(60, "the server took more than {most} seconds to answer in full")
