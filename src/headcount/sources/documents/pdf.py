"""PDF with a text layer: its lines in the order of the columns, joined to paragraphs as a reader of the page sees them.

PDFium gives characters and where they stand, and no paragraphs: they are told from the gaps between lines, indents, sizes of
type and lines that end early.
"""

from __future__ import annotations

import re
import statistics
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

from headcount.models import Document
from headcount.sources.limits import PDF_PAGES, LimitError
from headcount.sources.opening import Asked, Found

FEWEST_LETTERS: Final = 20
"""A scan may carry a stamp or a page number as text; less than this in a whole PDF is no report."""

EDGE_LINES: Final = 2
"""Running heads and page numbers are looked for in so many lines at the top and at the bottom of a page."""

RUNNING_SHARE: Final = 0.4
"""A line at the edge of at least this share of the pages is a running head: left and right pages may have their own."""

PAGE_NUMBER: Final = re.compile(r"[-–—| ]*(?:page\s+)?\d{1,4}(?:\s*(?:of|/)\s*\d{1,4})?[-–—| ]*", re.I)
PRINTED_HEAD: Final = re.compile(r"\d{1,4}[/.-]\d{1,2}[/.-]\d{2,4},? \d{1,2}:\d\d(?: ?[AP]M)?(?: .*)?", re.I)
PRINTED_FOOT: Final = re.compile(r"(?:file|https?)://\S+(?: Page)? \d+(?:/| of )\d+", re.I)
"""What browsers print at the edges of a page: the minute of printing and its title, its address and number."""

SENTENCE_END: Final = re.compile(r"[.!?:…][\"'”’)\]]*$")
GAP: Final = 1.45
"""Lines further apart than this many times the usual distance begin a paragraph; double spacing is usual for its whole text."""

KEPT_HYPHENS: Final = frozenset(
    "anti pro self non ex counter well far left right half co all mid post pre so cross vice mass long high low".split()
)
"""A hyphen after these at the end of a line belongs to the word (``counter-`` / ``protest``), unless the text writes it as one."""

FILE_NAME: Final = re.compile(
    r"\.(?:docx?|pdf|indd|qxd|rtf|odt|pages|html?|txt|pptx?|xlsx?|tmp)\b|[\\/_]|https?:|^microsoft word", re.I
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Line:
    """A line of a page, in points from its lower left corner."""

    text: str
    left: float
    right: float
    base: float
    size: float
    cut: bool
    """True where a hyphen at its end cuts a word."""


def read_pdf(document: Document, asked: Asked) -> Iterator[Found]:
    """The one report of a PDF. Its dates of creation and change are those of the file, and no date of publication."""
    import pypdfium2 as pdfium

    try:
        opened = pdfium.PdfDocument(document.data)
    except pdfium.PdfiumError as error:
        yield Found(doubts=(_why_closed(str(error)),), fatal=True)
        return
    try:
        if len(opened) > PDF_PAGES.most:
            raise LimitError(PDF_PAGES)
        pages, broken = _lines_of(opened)
        title = _title_of(opened)
    finally:
        opened.close()
    url = next((line.text.split()[0] for lines in pages for line in lines if PRINTED_FOOT.fullmatch(line.text)), "")
    text = "\n\n".join(_paragraphs_of(_without_running_heads(pages)))
    letters = sum(map(str.isalpha, text))
    if letters < FEWEST_LETTERS:
        yield Found(doubts=(_why_no_text(len(pages), broken),), fatal=True)
        return
    if letters < 0.3 * len(text.replace(" ", "")):
        reason = (
            "its text layer holds hardly any letters, as where its fonts do not say which: run OCR first (ocrmypdf --force-ocr)"
        )
        yield Found(doubts=(reason,), fatal=True)
        return
    doubts = _doubts_about(pages, broken)
    if asked.defaults.published is None and "published" not in dict(document.fields):
        doubts.append("no date of publication in this PDF: give it with --published")
    yield Found(fields={"text": text, "title": title, "url": url if url.startswith("http") else None}, doubts=tuple(doubts))


def _why_closed(error: str) -> str:
    if "assword" in error:
        return "it is encrypted and asks for a password: save it without one"
    if "ecurity" in error:
        return "it is protected in a way that cannot be opened: save it without protection"
    return "it could not be opened as pdf: it is broken or cut off; fetch or save it again"


def _why_no_text(pages: int, broken: Sequence[int]) -> str:
    if pages and len(broken) == pages:
        return "none of its pages could be opened: it is broken or cut off; fetch or save it again"
    return "no text layer: run OCR (ocrmypdf) first"


def _doubts_about(pages: Sequence[Sequence[_Line]], broken: Sequence[int]) -> list[str]:
    blank = [number for number, lines in enumerate(pages, start=1) if not lines and number not in broken]
    doubts = []
    if broken:
        doubts.append(f"{_told(broken)} of {len(pages)} could not be opened and was not read")
    if blank:
        doubts.append(f"{_told(blank)} of {len(pages)} has no text layer: if something is printed there, run OCR (ocrmypdf) first")
    return doubts


def _told(numbers: Sequence[int]) -> str:
    shown = ", ".join(str(number) for number in numbers[:10]) + (", ..." if len(numbers) > 10 else "")
    return f"page {shown}"


def _title_of(opened: Any) -> str | None:
    """The title in the metadata, where it is none of the names of files that programs put there."""
    title: str = " ".join(str(opened.get_metadata_value("Title") or "").split())
    if len(title.split()) < 3 or len(title) > 300 or FILE_NAME.search(title) or title.lower().startswith("untitled"):
        return None
    return title


# --- lines ---


def _lines_of(opened: Any) -> tuple[list[list[_Line]], list[int]]:
    """The lines of each page, and the numbers of the pages that could not be opened."""
    import pypdfium2 as pdfium

    pages: list[list[_Line]] = []
    broken: list[int] = []
    for number in range(len(opened)):
        try:
            page = opened[number]
            text = page.get_textpage()
            pages.append(_lines_of_page(text))
            text.close()
            page.close()
        except pdfium.PdfiumError:
            pages.append([])
            broken.append(number + 1)
    return pages, broken


def _lines_of_page(text: Any) -> list[_Line]:
    from pypdfium2 import raw

    lines: list[_Line] = []
    characters: list[tuple[int, str]] = []
    for place in range(text.count_chars()):
        code = raw.FPDFText_GetUnicode(text, place)
        if code in {0x02, 0xFFFE, 0x0A}:  # PDFium's mark for a hyphen that cuts a word at the end of a line
            _end_line(text, characters, lines, cut=code != 0x0A)
            characters = []
        elif code >= 0x20 and not 0xD800 <= code < 0xE000:
            characters.append((place, chr(code)))
        elif code == 0x09:
            characters.append((place, " "))
    _end_line(text, characters, lines, cut=False)
    return lines


def _end_line(text: Any, characters: list[tuple[int, str]], lines: list[_Line], *, cut: bool) -> None:
    from pypdfium2 import raw

    visible = [place for place, character in characters if not character.isspace()]
    if not visible:
        return
    told = " ".join("".join(character for _, character in characters).split())
    first, last = text.get_charbox(visible[0], loose=True), text.get_charbox(visible[-1], loose=True)
    hyphen = not cut and re.search(r"[^\W\d_]-$", told) is not None
    lines.append(
        _Line(
            text=told[:-1] if hyphen else told,
            left=first[0],
            right=last[2],
            base=first[1],
            size=raw.FPDFText_GetFontSize(text, visible[0]) or 1.0,
            cut=cut or hyphen,
        )
    )


def _without_running_heads(pages: Sequence[list[_Line]]) -> list[list[_Line]]:
    """The pages without what repeats at the edges of most, and without the numbers of pages."""
    counts: Counter[tuple[str, str]] = Counter()
    edges = [_edges_of(lines) for lines in pages]
    for edge in edges:
        counts.update(set(edge.values()))
    full = sum(bool(lines) for lines in pages)
    running = {key for key, count in counts.items() if count >= max(2, RUNNING_SHARE * full)}
    return [
        [line for place, line in enumerate(lines) if place not in edge or not (edge[place] in running or _is_of_page(line.text))]
        for lines, edge in zip(pages, edges, strict=True)
    ]


def _is_of_page(text: str) -> bool:
    return any(pattern.fullmatch(text) for pattern in (PAGE_NUMBER, PRINTED_HEAD, PRINTED_FOOT))


def _edges_of(lines: Sequence[_Line]) -> dict[int, tuple[str, str]]:
    """By place in the page the lines at its top and bottom: which edge, and their words with every number alike."""
    order = sorted(range(len(lines)), key=lambda place: -lines[place].base)
    edges = dict.fromkeys(order[-EDGE_LINES:], "bottom")
    edges.update((place, "top") for place in order[:EDGE_LINES])
    return {place: (edge, re.sub(r"\d+", "#", lines[place].text.casefold())) for place, edge in edges.items()}


# --- paragraphs ---


def _paragraphs_of(pages: Sequence[list[_Line]]) -> Iterator[str]:
    pitches = _pitches_of(pages)
    joined = {word for lines in pages for line in lines for word in line.text.casefold().split()}
    pieces: list[str] = []
    before: _Line | None = None
    early = False
    for lines in pages:
        margins = _margins_of(lines)
        for place, line in enumerate(lines):
            after = lines[place + 1] if place + 1 < len(lines) else None
            if before is not None and _begins_paragraph(before, line, after, new_page=place == 0, early=early, pitches=pitches):
                yield "".join(pieces)
                pieces = []
            elif before is not None:
                pieces.append(_between(before, line, joined))
            pieces.append(line.text)
            before = line
            early = line.right < line.left + 0.75 * (margins[round(line.left / 20)] - line.left)
    if pieces:
        yield "".join(pieces)


def _pitches_of(pages: Sequence[list[_Line]]) -> dict[int, float]:
    """By size of type the usual distance from one line to the next."""
    drops: dict[int, list[float]] = defaultdict(list)
    for lines in pages:
        for before, line in pairwise(lines):
            drop = before.base - line.base
            if round(before.size) == round(line.size) and 0 < drop < 4 * line.size:
                drops[round(line.size)].append(drop)
    return {size: statistics.median_low(found) for size, found in drops.items()}


def _margins_of(lines: Sequence[_Line]) -> dict[int, float]:
    """By the left end of a line, in steps of 20 points, how far to the right its column goes."""
    margins: dict[int, float] = defaultdict(float)
    for line in lines:
        for step in (-1, 0, 1):
            margins[round(line.left / 20) + step] = max(margins[round(line.left / 20) + step], line.right)
    return margins


def _begins_paragraph(
    before: _Line, line: _Line, after: _Line | None, *, new_page: bool, early: bool, pitches: dict[int, float]
) -> bool:
    """Whether this line begins a paragraph; ``early`` where the one before ends well before the margin of its column."""
    if abs(before.size - line.size) > 0.12 * max(before.size, line.size):
        return True
    ended = SENTENCE_END.search(before.text) is not None and not before.cut
    sticks_in = after is not None and 0.8 * line.size < line.left - after.left < 6 * line.size
    drop = before.base - line.base
    if new_page or drop <= 0:  # the next page or column
        return ended and (early or sticks_in)
    if drop > GAP * pitches.get(round(line.size), 1.2 * line.size):
        return True
    indented = line.left - before.left > 0.8 * line.size
    return (indented and sticks_in and not before.cut) or (ended and (indented or early))


def _between(before: _Line, line: _Line, joined: set[str]) -> str:
    """What stands between two lines of a paragraph: a blank, or nothing or a hyphen where a word is cut."""
    if not before.cut:
        return " "
    head = re.findall(r"[\w'’]*$", before.text)[0].casefold()
    tail = re.match(r"[\w'’]*", line.text)
    rest = tail[0].casefold() if tail else ""
    if head + rest in joined:
        return ""
    if f"{head}-{rest}" in joined or head in KEPT_HYPHENS or not line.text[:1].islower():
        return "-"
    return ""
