"""Runs of capitalised words: what may be a name, cut off from the titles in front of it."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from headcount.codebook import table
from headcount.coding.phrases import split_words
from headcount.text import Text

_PARTICLES = frozenset(
    "de van der den von al el bin ibn da dos du la le di del della ben abu ul ur ter ten af av zu und-zu".split()
)
_NO_INITIALS = frozenset("u.s. u.k. d.c. u.n. e.u. n.y. l.a. a.m. p.m. u.s.a. i.e. e.g.".split())
_LONGEST = 7
"""Words of the longest run that is looked at as one name: two given names, two surnames, particles."""


class Run(NamedTuple):
    """Capitalised words at the tokens ``first`` to ``end`` (half-open), without titles and sentence openers."""

    first: int
    end: int
    parts: tuple[str, ...]
    """Its words; a hyphened name is one, an initial too."""

    office: bool
    """An office or rank in capitals stands right in front ("Mayor", "Sen.")."""

    courtesy: bool
    """A courtesy title, a degree or a relation stands right in front ("Mrs", "Dr")."""


@cache
def _lists() -> tuple[frozenset[str], frozenset[str], frozenset[str], frozenset[str]]:
    titles, skip = table("people")["titles"], table("people")["skip"]
    return split_words(titles["office"]), split_words(titles["courtesy"]), split_words(skip["words"]), split_words(skip["trailing"])


def _joins(text: Text, i: int, end: int) -> int:
    """The end of the word that begins at ``i``, hyphened parts taken in ("Ocasio-Cortez", "Jong-un"); ``i`` where none does."""
    words, starts, ends = text.words, text.starts, text.ends
    word = words[i]
    if not word[0].isupper() or not word.replace(".", "").replace("'", "").replace("’", "").isalpha():
        return i
    j = i + 1
    while j + 1 < end and words[j] in "-‐‑" and starts[j] == ends[j - 1] and starts[j + 1] == ends[j] and words[j + 1][0].isalpha():
        j += 2
    return j


def find_runs(text: Text) -> list[Run]:
    """All runs of capitalised words, one pass; a run stays within its sentence."""
    runs: list[Run] = []
    words = text.words
    for low, high in text.sentences:
        i = low
        while i < high:
            if not words[i][0].isupper():
                if (
                    words[i] in ("al", "el", "de", "van", "von")
                    and i + 1 < high
                    and words[i + 1] == "-"
                    and i + 2 < high
                    and words[i + 2][0].isupper()
                ):
                    i += 2
                    continue
                i += 1
                continue
            end, tokens = _read_run(text, i, high)
            if tokens:
                _cut(text, low, tokens, runs)
            i = max(end, i + 1)
    return runs


def _read_run(text: Text, i: int, high: int) -> tuple[int, list[tuple[int, int]]]:
    """(end, words as token ranges) of the run that begins at ``i``."""
    words, lower = text.words, text.lower
    office, courtesy, _, _ = _lists()
    tokens: list[tuple[int, int]] = []
    j = i
    while j < high and len(tokens) < 40:
        end = _joins(text, j, high)
        if end > j:
            if text.lower[j] in _NO_INITIALS:
                break
            tokens.append((j, end))
            j = end
            dotted = j < high and words[j] == "." and (len(words[j - 1]) == 1 or lower[j - 1] in office or lower[j - 1] in courtesy)
            particle = len(words[j - 1]) == 1 and words[j + 1 : j + 2] and words[j + 1] in _PARTICLES  # "T. J. van den Berg"
            if dotted and j + 1 < high and (words[j + 1][0].isupper() or particle):
                j += 1
            continue
        if (
            words[j] in "“\"‘'"
            and j + 3 < high
            and tokens
            and words[j + 1][0].isupper()
            and words[j + 2] in "”\"’'"
            and words[j + 3][0].isupper()
        ):
            tokens.append((j + 1, j + 2))  # John "Johnny" Smith
            j += 3
            continue
        if tokens and lower[j] in _PARTICLES and words[j].islower():
            k = j + 1
            while k < high and lower[k] in _PARTICLES and words[k].islower():
                k += 1
            if k < high and words[k] == "-" and k + 1 < high:
                k += 1
            if k < high and words[k][0].isupper() and k - j <= 3:
                tokens.append((j, k))
                j = k
                continue
        break
    return j, tokens


def _cut(text: Text, sentence_first: int, tokens: list[tuple[int, int]], runs: list[Run]) -> None:
    """Cut a run after its titles and add what is left: "Assembly Speaker Byron Castellow" is Byron Castellow."""
    office, courtesy, skip, trailing = _lists()
    lower, words = text.lower, text.words
    piece: list[tuple[int, int]] = []
    is_office = is_courtesy = False

    def close() -> None:
        while (
            piece
            and piece[0][1] - piece[0][0] == 1
            and lower[piece[0][0]] in skip
            and (words[piece[0][0]].lower() != "may" or piece[0][0] == sentence_first)
        ):
            piece.pop(0)
        while len(piece) > 1 and lower[piece[-1][0]] in trailing:
            piece.pop()
        if piece and len(piece) <= _LONGEST:
            parts = tuple(text.quote(a, b) for a, b in piece)
            runs.append(Run(piece[0][0], piece[-1][1], parts, is_office, is_courtesy))

    for k, (a, b) in enumerate(tokens):
        word = lower[a] if b - a == 1 else text.quote(a, b).lower()
        title = word in office or word in courtesy
        acronym = (
            words[a].isupper()
            and b - a == 1
            and 1 < len(words[a]) <= 6
            and word not in ("jr", "ii", "iii", "aj", "jj", "cj", "dj", "tj", "pj", "rj", "jd", "mj", "kj", "bj")
        )
        capitals = acronym and len(words[a]) > 3 and all(words[x].isupper() for x, _ in tokens)
        last = k + 1 == len(tokens)
        if (
            title
            and last
            and len(piece) >= 2
            and word
            in (
                "bishop",
                "major",
                "king",
                "judge",
                "dean",
                "prince",
                "lord",
                "miss",
                "miller",
                "dame",
                "chair",
                "sergeant",
                "pope",
                "justice",
                "general",
                "sister",
                "father",
                "marshal",
            )
        ):
            title = False  # "Elizabeth Bishop", "Desmond King"
        if title or (acronym and not capitals):
            close()
            piece = []
            is_office, is_courtesy = (word in office, word in courtesy) if title else (False, False)
            continue
        piece.append((a, b))
    close()
