"""The text of an export as lines, and its lines as paragraphs and fields: what the layouts of all databases share."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import pairwise
from typing import Final

WRAP_FROM: Final = 40
WRAP_TO: Final = 110
"""Text exports are broken at 70 to 80 columns. Where a line is longer than this, each line is a paragraph."""

WRAP_SLACK: Final = 4
"""How many columns before the widest line a break may still be the export's own, not the writer's."""

SENTENCE_ENDS: Final = (".", "!", "?", ":", '"', "'", "”", "’")

SHORT: Final = 3
"""The most words of a field that ends like a sentence."""

LABEL_LENGTH: Final = 60
"""The longest name of a field that is looked for at the beginning of a line, in characters."""


def lines_of(text: str) -> list[str]:
    """The lines as they stand; a page break ends one."""
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n").split("\n")


def seen(line: str) -> str:
    """The line as it is compared: without indent, any run of blanks (also the unbreakable) as one."""
    return " ".join(line.split())


def one_line(lines: Sequence[str]) -> str:
    """Lines that were one before they were wrapped."""
    return " ".join(seen(line) for line in lines if line.strip())


def label_of(line: str, labels: Collection[str]) -> tuple[str, str] | None:
    """The field that a line begins with, if it is one of ``labels``, and what stands behind its colon."""
    name, colon, _ = line[: 2 * LABEL_LENGTH].partition(":")
    label = seen(name)
    return (label, line[len(name) + 1 :].strip()) if colon and label in labels else None


def is_sentence(value: str) -> bool:
    """Whether what stands behind a field's name reads as a writer's sentence, not as "ELM DOCKS PLC."."""
    return value.endswith((".", "!", "?", '."', ".”")) and len(value.split()) > SHORT


def blocks_of(lines: Sequence[str], *, labels: Collection[str] = ()) -> list[list[str]]:
    """Lines that stand together, parted by blank ones; a line that begins with one of ``labels`` begins a block."""
    blocks: list[list[str]] = []
    open_block = False
    for line in lines:
        if not line.strip():
            open_block = False
        elif open_block and not (labels and label_of(line, labels)):
            blocks[-1].append(line)
        else:
            blocks.append([line])
            open_block = True
    return blocks


def paragraphs_of(lines: Sequence[str]) -> list[str]:
    """The paragraphs of an article, with the line breaks of the export taken out.

    An export breaks a line where the next word does not fit. So a break after which that word would have fitted is the
    writer's, and a paragraph ends there. Where most lines end with a sentence, each line is a paragraph.
    """
    width = max((len(line.rstrip()) for line in lines), default=0)
    wrapped = WRAP_FROM <= width <= WRAP_TO and _breaks_sentences(lines)
    paragraphs: list[list[str]] = []
    before = ""
    for line in lines:
        text = line.strip()
        if not text:
            before = ""
            continue
        if wrapped and before and len(before.rstrip()) + 1 + len(text.split(None, 1)[0]) > width - WRAP_SLACK:
            hyphened = len(before) > 1 and before.rstrip().endswith("-") and before.rstrip()[-2:-1].isalnum()
            paragraphs[-1].append(text if hyphened else f" {text}")
        else:
            paragraphs.append([text])
        before = line
    return ["".join(pieces) for pieces in paragraphs]


def _breaks_sentences(lines: Sequence[str]) -> bool:
    """Whether most lines with another right below them end within a sentence."""
    followed = [line.rstrip() for line, below in pairwise(lines) if line.strip() and below.strip()]
    return 2 * sum(line.endswith(SENTENCE_ENDS) for line in followed) < len(followed)
