"""The sentence in which words stand, as it may be shown: private names masked, the words told apart from what is around them."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from typing import Final

from headcount.coding.privacy import NameMask, find_private_names
from headcount.gazetteer import Gazetteer
from headcount.models import Span
from headcount.text import tokenize

AROUND: Final = 240
"""Characters shown on each side of the words: a sentence may be as long as its report."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """Words within their sentence: ``before``, ``words`` and ``after`` are what the report says, but for private names."""

    before: str
    words: str
    after: str

    def __str__(self) -> str:
        return self.before + self.words + self.after


class Sentences:
    """The sentences of one report. Holds its words and the private names in it: make one, ask it for many spans."""

    def __init__(self, text: str, gazetteer: Gazetteer) -> None:
        told = tokenize(text)
        self._text, self._gazetteer = text, gazetteer
        self._length = len(text)
        self._masked = NameMask(text, find_private_names(told, gazetteer))
        self._starts = [told.starts[first] for first, _ in told.sentences]
        self._ends = [told.ends[end - 1] for _, end in told.sentences]

    def title(self, title: str | None) -> str | None:
        """The report's title as it may be shown."""
        return mask_title(title, self._text, self._gazetteer) if title else title

    def around(self, span: Span) -> Sentence | None:
        """The sentence (or sentences) that hold these words; None for a span that does not lie in the report."""
        if span.end > self._length or not self._starts:
            return None
        first = max(0, bisect_right(self._starts, span.start) - 1)
        last = max(first, bisect_right(self._starts, max(span.start, span.end - 1)) - 1)
        start, end = min(self._starts[first], span.start), max(self._ends[last], span.end)
        before = _one_line(self._masked.at(Span(start=start, end=span.start)))
        after = _one_line(self._masked.at(Span(start=span.end, end=end)))
        if len(before) > AROUND:
            before = "… " + before[-AROUND:].partition(" ")[2]
        if len(after) > AROUND:
            after = after[:AROUND].rpartition(" ")[0] + " …"
        return Sentence(before=before, words=_one_line(self._masked.at(span)), after=after)


def mask_title(title: str, text: str, gazetteer: Gazetteer) -> str:
    """A report's title as it may be shown. Its names are told in one text with the report, which says who is a public figure."""
    joined = f"{title}\n\n{text}"
    return NameMask(joined, find_private_names(tokenize(joined), gazetteer)).at(Span(start=0, end=len(title)))


def _one_line(words: str) -> str:
    return words.replace("\n", " ")
