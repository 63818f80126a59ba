"""The text of a mail message: lines that a mailer broke joined again, and what is quoted of other messages left out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

BROKEN_AT: Final = (45, 100)
"""A line of so many characters, with another after it, was broken by a mailer (at 72 or 76), not by the writer."""

REPLY_HEAD: Final = re.compile(
    r"^(?:On\b[^\n]{4,300}(?:\n[^\n]{0,200})?\bwrote:|-{2,}\s*Original Message\s*-{2,}|_{20,}\n+From:\s)[ \t]*$"
    r"|^From:[^\n]+\nSent:",
    re.M | re.I,
)
FORWARD_HEAD: Final = re.compile(r"^(?:-{2,}\s*Forwarded message\s*-{2,}|Begin forwarded message:)[ \t]*$", re.M | re.I)
FORWARDED_FIELD: Final = re.compile(r"(From|Sent|Date|Subject|To|Cc|Reply-To)[ \t]*:[ \t]*(.*)", re.I)
SIGNATURE: Final = re.compile(r"^-- ?$", re.M)
LINK: Final = re.compile(r"<?https?://\S+>?", re.I)
SUBSTANCE: Final = 40
"""Fewer words than this beside links are no report: "view this message in your browser"."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """What one message says itself, or, where it says next to nothing, the message that it hands on."""

    text: str
    forwarded: dict[str, str]
    """The head of the message that it hands on, by name in lower case; empty for its own words."""


def read_letter(text: str) -> Letter:
    """The words of a message without what it quotes, its paragraphs parted by blank lines."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u00a0", " ")
    forward = FORWARD_HEAD.search(text)
    if forward and words_in(text[: forward.start()]) < SUBSTANCE:
        head, body = _split_forward(text[forward.end() :])
        return Letter(text="\n\n".join(paragraphs_of(_own_words(body))), forwarded=head)
    if forward:
        text = text[: forward.start()]
    return Letter(text="\n\n".join(paragraphs_of(_own_words(text))), forwarded={})


def words_in(text: str) -> int:
    """How many words a text has beside its links."""
    return len(re.findall(r"[^\W\d_]{2,}", LINK.sub(" ", text)))


def _own_words(text: str) -> str:
    reply = REPLY_HEAD.search(text)
    if reply and words_in(text[: reply.start()]):
        text = text[: reply.start()]
    signature = SIGNATURE.search(text)
    if signature and words_in(text[: signature.start()]) >= SUBSTANCE:
        text = text[: signature.start()]
    own = [line for line in text.split("\n") if not line.lstrip().startswith((">", "|>"))]
    if any(line.strip() for line in own):
        return "\n".join(own)
    return "\n".join(line.lstrip("> ") for line in text.split("\n"))


def _split_forward(text: str) -> tuple[dict[str, str], str]:
    """The fields at the head of a forwarded message, and its body."""
    head: dict[str, str] = {}
    lines = text.split("\n")
    for place, raw in enumerate(lines):
        line = raw.lstrip("> ").strip()
        field = FORWARDED_FIELD.fullmatch(line)
        if field:
            head.setdefault(field[1].lower().replace("sent", "date"), field[2].strip())
        elif line and head and ":" not in line and not head.get("subject"):
            continue  # a field that goes on
        elif line or (head and not line):
            return head, "\n".join(raw.removeprefix(">").removeprefix(" ") for raw in lines[place:])
    return head, ""


def paragraphs_of(text: str) -> Iterator[str]:
    """The paragraphs of a text that may have been broken into lines of 60 to 100 characters."""
    for block in re.split(r"\n[ \t]*\n", text):
        lines = [line.rstrip() for line in block.strip("\n").split("\n") if line.strip()]
        pieces: list[str] = []
        for place, line in enumerate(lines):
            if place:
                pieces.append(" " if _goes_on(lines[place - 1].strip(), line.strip()) else "\n")
            pieces.append(line.strip())
        paragraph = "".join(pieces)
        if paragraph.strip(" -=_*#~"):
            yield paragraph


def _goes_on(before: str, line: str) -> bool:
    """Whether this line goes on with the one before: that one is as long as mailers make them, with no room for its first word."""
    low, high = BROKEN_AT
    full = len(before) + 1 + len(line.split(" ", 1)[0]) > 60
    return low <= len(before) <= high and full and not re.match(r"(?:[-*•·–]|\d{1,2}[.)])\s", line)
