"""Phrases of the codebook found in a report's words: the look-up that every coder of details shares."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from headcount.text import Text, tokenize

OPENING = {"“": "”", '"': '"', "‘": "’", "'": "'", "«": "»"}
"""Opening quotation marks with their closing ones."""

QUOTATION_TOKENS = 40
"""Tokens that a chant or a placard may hold; a longer quotation is somebody's speech."""


class Hit(NamedTuple):
    """A phrase of the codebook at the tokens ``first`` to ``end`` (half-open), and what it stands for."""

    first: int
    end: int
    label: str


class Lexicon:
    """Phrases by their first word, the longest first. Look-up takes time in proportion to the words."""

    def __init__(self, labelled: Mapping[str, Iterable[str]]) -> None:
        """``labelled`` gives the phrases of each label; a phrase under two labels keeps the first."""
        self._by_first: dict[str, list[tuple[tuple[str, ...], str]]] = {}
        seen: set[tuple[str, ...]] = set()
        for label, phrases in labelled.items():
            for phrase in phrases:
                parts = tuple(tokenize(phrase).lower)
                if parts and parts not in seen:
                    seen.add(parts)
                    self._by_first.setdefault(parts[0], []).append((parts, label))
        for entries in self._by_first.values():
            entries.sort(key=lambda entry: -len(entry[0]))

    def at(self, lower: Sequence[str], i: int, end: int) -> Hit | None:
        """The longest phrase that begins at the token ``i`` and ends by ``end``, or None."""
        for parts, label in self._by_first.get(lower[i], ()):
            stop = i + len(parts)
            if stop <= end and (len(parts) == 1 or tuple(lower[i:stop]) == parts):
                return Hit(i, stop, label)
        return None

    def find(self, lower: Sequence[str], first: int, end: int) -> Iterator[Hit]:
        """All phrases between two tokens in the order of the text, none overlapping."""
        i = first
        while i < end:
            hit = self.at(lower, i, end) if lower[i] in self._by_first else None
            if hit is None:
                i += 1
            else:
                yield hit
                i = hit.end


def merge_ranges(ranges: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Token ranges in order, those that meet or overlap joined."""
    merged: list[tuple[int, int]] = []
    for first, end in sorted(ranges):
        if merged and first <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        elif end > first:
            merged.append((first, end))
    return merged


def clip_to_sentences(text: Text, ranges: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """The ranges cut at the ends of sentences, so that no phrase runs from one into the next."""
    for first, end in merge_ranges(ranges):
        while first < end:
            stop = min(end, text.sentences[text.sentence_of[first]][1])
            yield first, stop
            first = stop


def find_quotation(text: Text, first: int, end: int) -> tuple[int, int] | None:
    """The tokens inside the quotation marks that open between ``first`` and ``end``, or None.

    The quotation may run over sentences ("No justice! No peace!") but not over a paragraph.
    """
    words, count = text.words, len(text.words)
    for i in range(first, min(end, count)):
        closing = OPENING.get(words[i])
        if closing is None or i + 1 >= count:
            continue
        loose = i == 0 or text.starts[i] > text.ends[i - 1] or words[i - 1] in "([—-:"
        if not loose or (words[i] not in "“«" and text.starts[i + 1] != text.ends[i]):
            continue
        paragraph = text.paragraph_of[text.sentence_of[i]]
        for j in range(i + 1, min(i + 2 + QUOTATION_TOKENS, count)):
            if text.paragraph_of[text.sentence_of[j]] != paragraph:
                break
            glued = j + 1 < count and text.starts[j + 1] == text.ends[j] and text.words[j + 1][0].isalnum()
            if words[j] == closing and not (glued and closing in "'’"):
                return (i + 1, j) if j > i + 1 else None
        return None
    return None


def squeeze(words: str) -> str:
    """Words with single spaces: a value may not carry the line breaks of its report."""
    return " ".join(words.split())


def split_words(listed: str) -> frozenset[str]:
    """A codebook list that is written as one text, as a set."""
    return frozenset(listed.split())
