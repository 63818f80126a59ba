"""Finds a quote again in the bytes that its report came from.

A report's words stand in a page's bytes with tags, references, comments, line ends and soft hyphens between them, or in the
strings of its JSON-LD. They are looked for without these, and the place is told as a span of the bytes as they are. In a web
archive (mhtml) it is a span of the page's own part, after its transfer encoding is taken off: in the archive as it lies
the words may stand nowhere.
"""

from __future__ import annotations

import codecs
import re
from bisect import bisect_right
from collections.abc import Iterator
from html import unescape
from typing import Final

from headcount.models import Document, Report
from headcount.sources.encoding import decode_text
from headcount.sources.pages.charsets import choose_charset, decode_as

TOKEN: Final = re.compile(
    r"&(?:#\d{1,7}|#x[0-9a-f]{1,6}|[a-z][a-z0-9]{1,31});?|[^\s&\xad\u200b\u2060\ufeff\u200e\u200f\x00-\x20]+|&", re.I
)
LINKED: Final = re.compile(r"<script\b[^>]{0,400}ld\+json[^>]*>", re.I)
ESCAPE: Final = re.compile(r"\\u[0-9a-fA-F]{4}(?:\\u[dD][c-fC-F][0-9a-fA-F]{2})?|\\.", re.S)
BESIDE: Final = re.compile(
    r"<(noscript|svg|button|figcaption|figure|iframe|template|select|sup|aside|style|script)(?=[\s>/])[^>]*>", re.I
)
INVISIBLE: Final = re.compile("[\\s\xad\u200b\u2060\ufeff\u200e\u200f\x00]+")
BLOCK: Final = 64 * 1024


class _Trail:
    """Characters that a reader sees, without blanks, and where each stretch of them stands in the page's characters."""

    def __init__(self) -> None:
        self.seen: list[str] = []
        self.starts: list[int] = []
        self.raws: list[tuple[int, int]] = []
        self.length = 0

    def add(self, shown: str, start: int, end: int) -> None:
        """``shown`` stands at [start, end) of the page; where lengths differ it is one reference or escape."""
        if shown:
            self.seen.append(shown)
            self.starts.append(self.length)
            self.raws.append((start, end))
            self.length += len(shown)

    def place(self, index: int) -> tuple[int, int]:
        """Where one seen character stands in the page."""
        number = bisect_right(self.starts, index) - 1
        start, end = self.raws[number]
        if len(self.seen[number]) == end - start:
            start += index - self.starts[number]
            end = start + 1
        return start, end

    def find(self, words: str) -> tuple[int, int] | None:
        """The characters of the page from the first to the last of the words: as they are, else by letters and digits only."""
        whole = "".join(self.seen)
        needle = INVISIBLE.sub("", words)
        at = whole.find(needle) if needle else -1
        if at >= 0:
            return self.place(at)[0], self.place(at + len(needle) - 1)[1]
        letters = "".join(filter(str.isalnum, needle))
        if not letters:
            return None
        places = [index for index, character in enumerate(whole) if character.isalnum()]
        at = "".join(whole[index] for index in places).find(letters)
        if at < 0:
            return None
        return self.place(places[at])[0], self.place(places[at + len(letters) - 1])[1]


def find_words(data: bytes, words: str, *, media: str, charset: str | None) -> tuple[int, int] | None:
    """The span of the bytes of a page in which the words stand; None where they do not, or the medium is no page.

    ``charset`` is what the report's origin says. For mhtml the span lies in ``mhtml.page_bytes(data)``.
    """
    if media == "mhtml":
        from headcount.sources.pages.mhtml import page_bytes

        page, declared = page_bytes(data)
        return find_words(page, words, media="html", charset=charset or declared)
    if media != "html" or not INVISIBLE.sub("", words):
        return None
    try:
        name = codecs.lookup(charset).name if charset else choose_charset(data)[0]
        text = decode_as(data, name)
    except (LookupError, UnicodeError):
        name = choose_charset(data)[0]
        text = decode_as(data, name)
    for trail in _trails(text):
        place = trail.find(words)
        if place:
            return _bytes_of(data, name, place)
    return None


def stands_in(data: bytes, words: str, media: str, charset: str | None) -> bool:
    """Whether the words can be found again in what these bytes hold, whatever it is: a page, a document, a table's row, a text."""
    from headcount.sources.opening import READERS, Asked, open_document

    if not INVISIBLE.sub("", words):
        return False
    if media in {"html", "mhtml"}:
        return find_words(data, words, media=media, charset=charset) is not None
    if media in READERS:
        opened = open_document(Document(data=data, media=media, record="", source="", charset=charset), Asked())
        texts = [text for found in opened if isinstance(found, Report) for text in (found.text, found.title or "")]
        return any(_stands(text, words) for text in texts)
    text = decode_text(data)[0]
    return _stands(text, words) or any(trail.find(words) for trail in [_escaped(text, [(0, len(text))])])


def _stands(text: str, words: str) -> bool:
    return INVISIBLE.sub("", words) in INVISIBLE.sub("", text)


def _trails(text: str) -> Iterator[_Trail]:
    """Ways to read the page: all between its tags; without what stands beside the story; the strings of its JSON-LD."""
    skipped = _skipped(text)
    yield _visible(text, skipped)
    yield _visible(text, _merged([*skipped, *_beside(text)]))
    yield _escaped(text, [(match.end(), _end_of_script(text, match.end())) for match in LINKED.finditer(text)])


def _skipped(text: str) -> list[tuple[int, int]]:
    """Comments, scripts, styles and tags. Time grows with the length: a mark that is never closed is looked for once."""
    lower_ends: dict[str, int] = {}
    spans: list[tuple[int, int]] = []
    position = 0
    opening = re.compile(r"<(?:!--|(script|style)(?=[\s>/])|/?[a-zA-Z!?])", re.I)
    closing = {"script": re.compile(r"</script\s*>", re.I), "style": re.compile(r"</style\s*>", re.I)}
    while match := opening.search(text, position):
        start = match.start()
        kind = (match[1] or ("!--" if match[0] == "<!--" else "")).lower()
        end = -1
        if kind and lower_ends.get(kind) != -1:
            if kind == "!--":
                end = text.find("-->", start + 2)
                end = end + 3 if end >= 0 else -1
            else:
                closed = closing[kind].search(text, match.end())
                end = closed.end() if closed else -1
            lower_ends[kind] = end
        if end < 0:
            end = _end_of_tag(text, match.end())
        spans.append((start, end))
        position = end
    return spans


def _end_of_tag(text: str, position: int) -> int:
    """Where a tag ends: at its bracket outside of quotes, near; else at the next bracket."""
    match = re.compile(r"(?:[^<>\"']|\"[^\"]{0,200000}\"|'[^']{0,200000}')*?>").match(text, position, position + 400_000)
    if match:
        return match.end()
    end = text.find(">", position)
    return end + 1 if end >= 0 else len(text)


def _beside(text: str) -> list[tuple[int, int]]:
    """Elements within a paragraph whose words are no part of it."""
    spans: list[tuple[int, int]] = []
    lost: set[str] = set()
    position = 0
    while match := BESIDE.search(text, position):
        tag = match[1].lower()
        position = match.end()
        if tag in lost:
            continue
        closed = re.compile(rf"</{tag}\s*>", re.I).search(text, position)
        if closed is None:
            lost.add(tag)
            continue
        spans.append((match.start(), closed.end()))
        position = closed.end()
    return spans


def _merged(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _visible(text: str, skipped: list[tuple[int, int]]) -> _Trail:
    trail = _Trail()
    position = 0
    for start, end in [*skipped, (len(text), len(text))]:
        for token in TOKEN.finditer(text, position, start):
            shown = INVISIBLE.sub("", unescape(token[0])) if token[0][0] == "&" else token[0]
            trail.add(shown, token.start(), token.end())
        position = end
    return trail


def _escaped(text: str, spans: list[tuple[int, int]]) -> _Trail:
    """The strings of JSON as they are meant: escapes, then references and tags within them, undone."""
    trail = _Trail()
    for begin, end in spans:
        plain: list[tuple[str, int, int]] = []
        position = begin
        for match in ESCAPE.finditer(text, begin, end):
            plain.extend((character, index, index + 1) for index, character in enumerate(text[position : match.start()], position))
            shown = _unescaped(match[0])
            plain.append((shown, match.start(), match.end()))
            position = match.end()
        plain.extend((character, index, index + 1) for index, character in enumerate(text[position:end], position))
        inner = "".join(shown for shown, _, _ in plain)
        places = [(start, stop) for shown, start, stop in plain for _ in shown]
        tags = _skipped(inner)
        cursor = 0
        for start, stop in [*tags, (len(inner), len(inner))]:
            for token in TOKEN.finditer(inner, cursor, start):
                if token[0][0] == "&":
                    trail.add(INVISIBLE.sub("", unescape(token[0])), places[token.start()][0], places[token.end() - 1][1])
                else:
                    for index in range(token.start(), token.end()):
                        trail.add(inner[index], *places[index])
            cursor = stop
    return trail


def _unescaped(escape: str) -> str:
    if escape[1] == "u":
        return escape.encode("ascii").decode("unicode_escape").encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return {"n": "\n", "r": "\n", "t": "\t", "b": " ", "f": " "}.get(escape[1], escape[1])


def _end_of_script(text: str, position: int) -> int:
    match = re.compile(r"</script", re.I).search(text, position)
    return match.start() if match else len(text)


def _bytes_of(data: bytes, charset: str, place: tuple[int, int]) -> tuple[int, int]:
    """The bytes of a stretch of characters, where ``decode_as`` made these of those."""
    return _offset(data, charset, place[0]), _offset(data, charset, place[1])


def _offset(data: bytes, charset: str, index: int) -> int:
    """How many bytes the first ``index`` characters take."""
    decoder = codecs.getincrementaldecoder(charset)("replace")
    count = 0
    for start in range(0, len(data), BLOCK):
        block = data[start : start + BLOCK]
        state = decoder.getstate()
        length = len(decoder.decode(block))
        if count + length < index:
            count += length
            continue
        decoder.setstate(state)
        for number in range(len(block)):
            if count >= index:
                return start + number
            count += len(decoder.decode(block[number : number + 1]))
        if count >= index:
            return start + len(block)
    return len(data)
