"""RTF: its text as one report, or the articles of a newspaper database's export (Factiva's first of all). striprtf reads it.

What makes that library slow or fail on hostile bytes is taken out before: pictures, lists of fonts of any length, numbers of
characters that there are not, the addresses of links.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Iterator
from typing import Final

from headcount.models import Document
from headcount.sources.databases import split_export
from headcount.sources.encoding import why_not_text
from headcount.sources.limits import RTF_GROUPS, SNIFF_BYTES, LimitError
from headcount.sources.opening import Asked, Found

PART: Final = re.compile(rb"\\bin(\d{1,9}) ?|\\[\\{}]|[{}]")
PICTURE: Final = re.compile(rb"\{\s*(?:\\\*\s*)?\\(?:pict|shppict|nonshppict|objdata|themedata|datastore|fontemb)\b")
CODE_PAGE: Final = re.compile(rb"\\ansicpg(\d{1,5})")
FONTS: Final = "\\fonttbl"
FONTS_LENGTH: Final = 48 * 1024
"""A list of fonts that is longer than this is not looked at: the search in it may take the square of its length."""

CHARACTER: Final = re.compile(r"\\u(-?\d{5,})")
HIGHEST: Final = 0x10FFFF
CHARSET: Final = re.compile(r"\\fcharset\d{4,}")
CELL: Final = re.compile(r"\\(?:nest)?cell(?![a-z]) ?")
FONT: Final = re.compile(r"(?=\\f\d)")
SKIPPED: Final = re.compile(r"\\uc\d{3,}")
INFO: Final = re.compile(r"\{\\info\b[^{}]{0,200}(?:\{[^{}]{0,400}\}[^{}]{0,200}){0,20}?\{\\title ([^{}\\]{1,300})\}")
TITLE_WITHIN: Final = 64 * 1024


def read_rtf(document: Document, asked: Asked) -> Iterator[Found]:
    """The articles of an export, else the document as one report."""
    source = _decoded(_without_pictures(document.data))
    lines = rtf_text(source).replace("\r", "\n").replace("\f", "\n").split("\n")
    found = split_export("\n\n".join(line for line in lines if line.strip()))
    if found is not None:
        yield from found
        return
    paragraphs = [line.strip() for line in lines]
    whole = "\n\n".join(paragraph for paragraph in paragraphs if paragraph)
    if not whole:
        yield Found(doubts=("no text in this RTF document: nothing to read",), fatal=True)
        return
    if why_not_text(whole[:SNIFF_BYTES].encode("utf-8", "replace")):
        yield Found(doubts=("binary data where its text should stand: the document is broken; save it again",), fatal=True)
        return
    at = source.find("{\\info", 0, TITLE_WITHIN)
    title = INFO.match(source, at) if at >= 0 else None
    doubts = () if asked.defaults.published else ("no date of publication in an RTF document: give it with --published",)
    yield Found(fields={"text": whole, "title": title[1].strip() if title else None}, doubts=doubts)


def rtf_text(source: str) -> str:
    """The text that an RTF source shows, its paragraphs as lines, the cells of its tables with a tab behind each."""
    from striprtf import striprtf

    rtf_to_text: Callable[..., str] = striprtf.rtf_to_text

    # The library looks for links with a pattern whose time grows with the square; behind the blank it does not see them, and
    # leaves the address out like any other instruction.
    source = SKIPPED.sub(r"\\uc1", CHARACTER.sub(_character, source.replace("{\\field{", "{\\field {")))
    source = CELL.sub(r"\\tab ", source)  # else a bar, which a writer's text may have as well
    source = _with_short_fonts(CHARSET.sub(r"\\fcharset0", source))
    try:
        text = rtf_to_text(source, errors="replace")
    except LookupError:  # a list of fonts that names a code page which Python has not
        text = rtf_to_text(source.replace("\\fcharset", "\\fnocharset"), errors="replace")
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _without_pictures(data: bytes) -> bytes:
    """The bytes without the groups that hold pictures and other data. Raises LimitError for too deep a nesting of groups."""
    kept: list[bytes] = []
    depth = 0
    skipped_from: int | None = None
    start = position = 0
    while (match := PART.search(data, position)) is not None:
        position = match.end()
        if match[1] is not None:
            kept.append(data[start : match.start()] if skipped_from is None else b"")
            position += min(int(match[1]), len(data))
            start = position
        elif match[0] == b"{":
            depth += 1
            if depth > RTF_GROUPS.most:
                raise LimitError(RTF_GROUPS)
            if skipped_from is None and PICTURE.match(data, match.start(), match.start() + 64):
                kept.append(data[start : match.start()])
                skipped_from = depth
        elif match[0] == b"}":
            if skipped_from is not None and depth == skipped_from:
                skipped_from = None
                start = position
            depth -= 1
    if skipped_from is None:
        kept.append(data[start:])
    return b"".join(kept)


def _decoded(data: bytes) -> str:
    """The source as text. It should be ASCII; what programs leave in it is UTF-8, or in the code page that it names."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        page = CODE_PAGE.search(data, 0, 4096)
        name = f"cp{page[1].decode()}" if page else "cp1252"
        try:
            codecs.lookup(name)
        except LookupError:
            name = "cp1252"
        return data.decode(name, "replace")


def _character(match: re.Match[str]) -> str:
    """The number of a character, or that of U+FFFD where there is none such."""
    number = int(match[1]) if len(match[1]) <= 8 else HIGHEST + 1
    return match[0] if -0x10000 < number <= HIGHEST else r"\u65533"


def _with_short_fonts(source: str) -> str:
    """The source with a font a line in its list of fonts, so that a search in it ends soon; without a list of unlikely length."""
    start = source.find(FONTS)
    if start < 0:
        return source
    depth = 1
    for match in re.finditer(r"[{}]", source[start : start + FONTS_LENGTH]):
        depth += 1 if match[0] == "{" else -1
        if depth == 0:
            end = start + match.end()
            return source[:start] + FONT.sub("\n", source[start:end]) + source[end:]
    return source.replace(FONTS, "\\*\\nofonttbl")
