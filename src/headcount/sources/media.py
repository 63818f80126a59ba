"""What an input is, told from its first bytes; its name only decides between readings that the bytes leave open."""

from __future__ import annotations

import re
from typing import Final

from headcount.sources.encoding import UNREADABLE, why_not_text, wide_encoding
from headcount.sources.limits import SNIFF_BYTES

CONTAINERS: Final = frozenset({"gzip", "zip", "warc", "csv", "tsv", "parquet", "jsonl"})
"""Read forward as streams; everything else but ``text`` is one document, opened whole."""

SCREENABLE: Final = frozenset({"html"})

MAGIC: Final = (
    (b"%PDF-", "pdf"),
    (b"\x1f\x8b", "gzip"),
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
    (b"PAR1", "parquet"),
    (b"WARC/", "warc"),
    (b"{\\rtf", "rtf"),
)
"""The bytes that a format begins with."""

HTML: Final = re.compile(
    rb"\s*(?:<\?xml[^>]{0,200}\?>\s*)?(?><!--.{0,4000}?-->\s*)*<(?:!doctype\s+html|html[\s>/]|head[\s>]|body[\s>])", re.I | re.S
)
FEED: Final = re.compile(
    rb"\s*(?:<\?xml[^>]{0,200}\?>\s*)?(?:<!DOCTYPE[^>\[]{0,400}\[[^\]]{0,8000}\]\s*>\s*|<[!?][^>]{0,4000}>\s*)*+"
    rb"<(rss|feed|rdf:RDF|urlset|sitemapindex)[\s>]",
    re.I,
)
MAIL: Final = re.compile(rb"(?:[A-Za-z][A-Za-z0-9-]{1,60}:[ \t][^\r\n]{0,2000}\r?\n(?:[ \t][^\r\n]{0,2000}\r?\n)*){2,}")
MBOX: Final = re.compile(rb"From [^\r\n]{1,200}\d{4}[^\r\n]{0,20}\r?\n[A-Za-z][A-Za-z0-9-]{1,60}:")
RIS: Final = re.compile(rb"\s*TY  - [A-Z]{2,6}\s*$", re.M)
BIBTEX: Final = re.compile(
    rb"(?:\s*%[^\n]*\n)*\s*@(?:[A-Za-z]{3,20}\s*[{(]\s*[^\s,{}]{0,200}\s*,|(?:string|comment|preamble)\s*[{(])", re.I
)
ENDINGS: Final = {
    ".jsonl": "jsonl", ".ndjson": "jsonl", ".csv": "csv", ".tsv": "tsv", ".eml": "eml", ".mhtml": "mhtml", ".mht": "mhtml",
    ".htm": "html", ".html": "html", ".xhtml": "html", ".ris": "ris", ".bib": "bibtex",
}  # fmt: skip


def sniff_media(head: bytes, *, ending: str = "") -> str:
    """What the input is: one of the names of ``READERS`` and ``CONTAINERS``, ``text``, ``json``, ``empty`` or ``binary``.

    ``head`` are its first bytes (64 KiB are enough), ``ending`` what its name ends in (".csv"), in lower case.
    """
    if not head:
        return "empty"
    for mark, media in MAGIC:
        if head.startswith(mark):
            return media
    if any(head.startswith(mark) for mark, _, _ in UNREADABLE):
        return "binary"
    start = _narrow(head[:SNIFF_BYTES]).lstrip(b"\xef\xbb\xbf\r\n\t ")
    return _sniff_text(start, ending)


def _sniff_text(start: bytes, ending: str) -> str:
    feed = FEED.match(start)
    if feed and feed[1].lower() == b"rdf:rdf" and b"zotero.org/namespaces/export#" in start[:8192]:
        return "zotero"
    if feed:
        return "sitemap" if feed[1].lower() in {b"urlset", b"sitemapindex"} else "feed"
    if HTML.match(start):
        return "html"
    if MBOX.match(start):
        return "mbox"
    if MAIL.match(start):
        names = {
            line.partition(b":")[0].strip().lower() for line in start[:8192].split(b"\n\n")[0].replace(b"\r", b"").split(b"\n")
        }
        if b"snapshot-content-location" in names or (b"mime-version" in names and b"multipart/related" in start[:8192].lower()):
            return "mhtml"
        if {b"from", b"subject"} <= names or {b"from", b"date"} <= names or (b"mime-version" in names and b"content-type" in names):
            return "eml"
    if RIS.match(start):
        return "ris"
    if BIBTEX.match(start):
        return "bibtex"
    if start.startswith((b"{", b"[")):
        return _sniff_json(start, ending)
    if ending in {".html", ".htm"} and why_not_text(start) is None:
        return "html" if re.search(rb"<(?:p|div|article|title|meta|h1)[\s>]", start[:8192], re.I) else "text"
    return ENDINGS.get(ending, "text") if ending in {".csv", ".tsv", ".jsonl", ".ndjson"} else "text"


def _sniff_json(start: bytes, ending: str) -> str:
    if b"https://jsonfeed.org/version/" in start[:4096] or b"https:\\/\\/jsonfeed.org\\/version" in start[:4096]:
        return "feed"
    if ending in {".jsonl", ".ndjson"}:
        return "jsonl"
    if start.startswith(b"["):
        return "json" if re.match(rb'\[\s*(?:\{\s*"|\])', start) else "text"
    first, newline, rest = start.partition(b"\n")
    if ending == ".json" and not rest.strip() and re.match(rb'\{\s*"', start):
        return "json"
    if newline and first.strip() == b"{" and rest.lstrip().startswith(b'"'):
        return "json"
    if start.startswith(b'{"') and rest.strip() and re.search(rb"(?:[^}],|[\[{])\s*$", first[-200:]):
        return "json"  # an object over several lines
    return "jsonl" if start.startswith(b'{"') else "text"


def _narrow(head: bytes) -> bytes:
    """The head as narrow bytes: UTF-16 and UTF-32 are looked at as UTF-8."""
    wide = wide_encoding(head)
    if wide is None:
        return head
    encoding, mark = wide
    return head[mark:].decode(encoding, "replace").encode("utf-8", "replace")
