"""The text of a page as a reader sees it: paragraphs apart, list items and subheads on lines of their own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from headcount.sources.pages.markup import TAG

if TYPE_CHECKING:
    from lxml.etree import _Element

ITEMS: Final = frozenset({"item", "li", "dt", "dd", "row", "tr"})
BLOCKS: Final = ITEMS | frozenset(
    (
        "p head quote list table body div section article main h1 h2 h3 h4 h5 h6 blockquote pre code ul ol dl fw center address "
        "header figure figcaption aside footer nav form fieldset td th caption hr tbody thead tfoot details summary html title "
        "option select textarea frame frameset noframes graphic"
    ).split()
)
BREAKS: Final = frozenset({"lb", "br"})
CELLS: Final = frozenset({"cell"})
UNSEEN: Final = frozenset(
    {"head", "title", "nav", "aside", "footer", "form", "button", "select", "textarea", "figcaption", "option"}
)
"""What the reader of bare tags leaves out; ``head`` is the page's own here."""

INVISIBLE: Final = dict.fromkeys(map(ord, "\xad\u200b\u2060\ufeff\u200e\u200f"))
SPACES: Final = re.compile(r"\s+")
BROKEN_LINE: Final = re.compile(r"(?<![.!?:;\"”’)\]])\n(?=[a-z(0-9])")
"""A line break within a sentence: the page's layout, no paragraph."""


def text_of_body(body: _Element) -> str:
    """The paragraphs of an extracted body, told apart by a blank line; items of a list stand on lines of their own."""
    blocks: list[tuple[str, str]] = []
    pieces: list[str] = []
    stack: list[str] = []

    def close() -> None:
        text = _flow("".join(pieces))
        pieces.clear()
        if text:
            kind = next((tag for tag in reversed(stack) if tag in ITEMS), "") if stack else ""
            blocks.append((kind, text))

    waiting: list[tuple[str, object]] = [("open", body)]
    while waiting:
        action, thing = waiting.pop()
        if action == "text":
            pieces.append(str(thing))
        elif action == "close":
            if thing in BLOCKS:
                close()
            elif thing in CELLS:
                pieces.append("\t")
            stack.pop()
        else:
            tag, children = _opened(thing)
            if tag in BLOCKS:
                close()
            elif tag in BREAKS:
                pieces.append("\n")
            stack.append(tag)
            waiting.append(("close", tag))
            waiting.extend(reversed(children))
    close()
    return _joined(blocks)


def _opened(element: object) -> tuple[str, list[tuple[str, object]]]:
    tag = element.tag if isinstance(element.tag, str) else ""  # type: ignore[attr-defined]
    children: list[tuple[str, object]] = []
    if tag and element.text:  # type: ignore[attr-defined]
        children.append(("text", element.text))  # type: ignore[attr-defined]
    for child in element:  # type: ignore[attr-defined]
        if isinstance(child.tag, str):
            children.append(("open", child))
        if child.tail:
            children.append(("text", child.tail))
    return tag, children


def _joined(blocks: list[tuple[str, str]]) -> str:
    lines: list[str] = []
    before = ""
    for kind, text in blocks:
        if lines:
            lines.append("\n" if kind and before else "\n\n")
        lines.append(text)
        before = kind
    return "".join(lines)


def _flow(text: str) -> str:
    """One block: spaces as one, line breaks where the page has them, two of them a paragraph."""
    text = text.translate(INVISIBLE)
    if "\n" not in text and "\t" not in text:
        return SPACES.sub(" ", text).strip()
    lines = [SPACES.sub(" ", line).strip() for line in text.split("\n")]
    paragraphs = re.sub(r"\n{2,}", "\n\n", "\n".join(lines)).strip("\n")
    return BROKEN_LINE.sub(" ", paragraphs)


def flat(element: _Element) -> None:
    """Makes the line ends of the markup spaces, which they are, before ``text_of_body`` takes line breaks for what they are."""
    for part in element.iter():
        if part.text:
            part.text = SPACES.sub(" ", part.text)
        if part.tail:
            part.tail = SPACES.sub(" ", part.tail)


def text_of_tags(markup: str) -> str:
    """The text between the tags of a page too deep to be parsed, in time that grows with its length only."""
    blocks: list[str] = []
    pieces: list[str] = []
    hidden: dict[str, int] = {}
    position = 0

    def close() -> None:
        from html import unescape

        text = _flow(SPACES.sub(" ", unescape("".join(pieces))))
        pieces.clear()
        if text:
            blocks.append(text)

    for match in TAG.finditer(markup):
        if not hidden:
            pieces.append(markup[position : match.start()])
        position = match.end()
        tag = match[2].lower()
        if tag in UNSEEN and not match[3].endswith("/"):
            left = hidden.get(tag, 0) + (-1 if match[1] else 1)
            hidden[tag] = left
            if left <= 0:
                del hidden[tag]
        if tag in BLOCKS or tag in BREAKS:
            close()
    if not hidden:
        pieces.append(markup[position:])
    close()
    return "\n\n".join(blocks)


def words_in(text: str) -> int:
    """How many words of letters there are in it."""
    return sum(1 for _ in _words(text))


def _words(text: str) -> Iterator[str]:
    for match in re.finditer(r"[^\W\d_]{2,}|[\u3040-\u30ff\u4e00-\u9fff]", text):
        yield match[0]
