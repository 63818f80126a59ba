"""BibTeX and BibLaTeX, as Zotero, JabRef and Mendeley export it: one report for each entry."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Final

from headcount.models import Document
from headcount.sources.opening import Asked, Found
from headcount.sources.references.entries import Reference, decode_export, fields_of, read_export

BLOCK: Final = re.compile(r"^[ \t]*@([A-Za-z]{1,40})[ \t]*[{(]", re.M)
NO_ENTRY: Final = frozenset({"comment", "preamble", "string"})
MACROS: Final = 64 * 1024
"""So many characters of @string are given to every entry."""

SYMBOLS: Final = (
    "textquoteleft textquoteright textquotedblleft textquotedblright textendash textemdash textellipsis ldots dots ss ae AE oe OE "
    "aa AA o O l L i j textasciitilde textbackslash textbar pounds textsterling texteuro euro copyright textregistered textdegree"
).split()
COMMAND: Final = re.compile(
    r"""\\(?:["'`^~=.][ ]?(?:\{\\?[A-Za-z]?\}|\\?[A-Za-z])|[cHkrtuv]\{[A-Za-z]{1,2}\}|(?:"""
    + "|".join(sorted(SYMBOLS, key=len, reverse=True))
    + r")(?![A-Za-z])(?:\{\}|[ ])?)"
)
"""Commands that stand for a character: a closed list, so that each is worked out once."""

OTHER_COMMAND: Final = re.compile(r"\\[A-Za-z]{1,30}\*?[ ]?")
SIGNS: Final = (("---", "—"), ("--", "–"), ("``", "“"), ("''", "”"), ("~", "\u00a0"))

logging.getLogger("bibtexparser").addHandler(logging.NullHandler())  # what it meets is told as problems, not to standard error
logging.getLogger("bibtexparser").propagate = False


def read_bibtex(document: Document, asked: Asked) -> Iterator[Found]:  # noqa: ARG001
    """The reports of the entries: their abstracts or notes, where their attached files are not read instead."""
    return read_export(document, _entries)


def references_of(data: bytes) -> Iterator[Reference]:
    """The entries of an export."""
    return _entries(decode_export(data)[0])


def _entries(text: str) -> Iterator[Reference]:
    blocks = list(BLOCK.finditer(text))
    ends = [block.start() for block in blocks[1:]] + [len(text)]
    macros = ""
    number = 0
    for block, end in zip(blocks, ends, strict=False):  # without any block there is still the end of the text
        kind = block[1].lower()
        chunk = text[block.start() : end]
        if kind == "string" and len(macros) + len(chunk) < MACROS:
            macros += chunk
        elif kind not in NO_ENTRY:
            number += 1
            yield _entry(chunk, macros, f"entry {number}")


def _entry(chunk: str, macros: str, name: str) -> Reference:
    from bibtexparser.entrypoint import parse_string
    from bibtexparser.model import DuplicateFieldKeyBlock, Entry

    key = re.match(r"[^{(]*[{(]\s*([^\s,{}()]{1,60})\s*,", chunk)
    name = f"{name} ({key[1]})" if key else name
    library = parse_string(macros + chunk)
    mended = [block.ignore_error_block for block in library.failed_blocks if isinstance(block, DuplicateFieldKeyBlock)]
    entries = [*library.entries, *(block for block in mended if isinstance(block, Entry))]
    if not entries:
        return Reference(name=name, broken="no entry of BibTeX that can be read (a brace that never closes?): export it again")
    given = {field.key.lower(): str(field.value) for field in entries[0].fields}
    entry = {field: decode_latex(value) for field, value in given.items() if field not in {"file", "url"}}
    fields, doubts = fields_of(
        title=entry.get("title", ""),
        publisher=_first(entry, "journaltitle", "journal", "shortjournal", "publisher", "organization", "howpublished"),
        url=re.sub(r"\\([&%$#_~{}])", r"\1", given.get("url", "")),
        date=entry.get("date") or _date_of(entry),
    )
    return Reference(
        name=name,
        fields=fields,
        abstract=entry.get("abstract", ""),
        notes=tuple(value for field in ("annote", "annotation", "note") if (value := entry.get(field, "").strip())),
        files=tuple(_files_of(given.get("file", ""))),
        doubts=doubts,
    )


def _first(entry: Mapping[str, str], *keys: str) -> str:
    return next((entry[key] for key in keys if entry.get(key)), "")


def _date_of(entry: Mapping[str, str]) -> str:
    """The day from ``year``, ``month`` and ``day``; a month may hold its day (``aug # 2``)."""
    month = re.sub(r"[^\w]+", " ", entry.get("month", "")).strip()
    pieces = [entry.get("day", ""), *month.split(), entry.get("year", "")]
    digits = [piece for piece in pieces[:-1] if piece.isdigit()]
    names = [piece for piece in pieces[:-1] if piece and not piece.isdigit()]
    if names:
        return " ".join([*digits[:1], names[0], pieces[-1]])
    if len(digits) == 2:
        return f"{pieces[-1]}-{digits[1].zfill(2)}-{digits[0].zfill(2)}"
    return " ".join(piece for piece in pieces if piece)


def _files_of(value: str) -> Iterator[str]:
    """The paths in a field ``file``: ``Snapshot:files/12/page.html:text/html;...``, or a path alone."""
    for one in re.split(r"(?<!\\);", value):
        pieces = re.split(r"(?<!\\):", one)
        path = pieces[-2] if len(pieces) > 2 else pieces[-1]
        if path := re.sub(r"\\(.)", r"\1", path).strip():
            yield path


def decode_latex(text: str) -> str:
    """Characters in place of LaTeX's commands for them, and without its braces; a sign of per cent is no comment."""
    if not re.search(r"[\\{}~`']|--", text):
        return text
    text = re.sub(r"\\par\b\s*", "\n\n", text)
    text = re.sub(r"\\([&%$#_{}])", r"\1", text)
    text = OTHER_COMMAND.sub("", COMMAND.sub(lambda match: _character_of(match[0]), text))
    for sign, character in SIGNS:
        text = text.replace(sign, character)
    return text.replace("{", "").replace("}", "")


@cache
def _character_of(command: str) -> str:
    from pylatexenc.latex2text import LatexNodes2Text

    return str(LatexNodes2Text().latex_to_text(command))
