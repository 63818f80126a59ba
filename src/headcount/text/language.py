"""Which language a text is written in, from the text alone: English is told by its small words, the others by a model.

Headcount reads English. Nearly every text that it is given is English, so that telling English must cost next to nothing; a
report in another language must be told, because its numbers and names would be half-read.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

SMALL_WORDS: Final = frozenset(
    (
        "the and of to that with from were has this these they are it its been which their said says who but his she you your will "
        "would could should after about than when what out into there have was not more"
    ).split()
)
"""Words that hold English together. Those that another language has as well, and often (a, in, an, on, at, for, by, is, as, so, me,
her, over), are left out: Dutch, Danish and Afrikaans prose has up to 4 in 100 of what is left, English 20 to 35, lists and
headlines fewer."""

WINDOW: Final = 400
"""Characters that are looked at in the beginning, the middle and the end of a text."""

CLEAR_WORDS: Final = 12
CLEAR_SHARE: Final = 0.14
"""A window of at least so many words of which this share are small words is English. Of 5,964 articles of newspapers 91 in 100 are
clear in all three windows, and of the others two thirds by their sample."""

SAMPLE_SHARE: Final = 0.18
"""The same of a sample from all over the text; with fewer, less than half of it may be English."""

LONG_WORD: Final = 10
"""Letters that no text's words have on average, with the space behind them, but those that write none: Chinese, Japanese, Thai."""

USUAL_WORD: Final = 6
"""Letters for which a word is counted where no spaces stand between words."""

PIECE: Final = 240
"""Letters from which lines stand together as one piece, where the windows are not clear."""

PIECE_SHARE: Final = 0.1
"""A piece with this share of small words counts as English."""

READ_AT_MOST: Final = 6_000
HEAD: Final = 1_000
"""Characters of an unclear text that are looked at, and from which it is told whether it is written in capitals or in letters
that are wide. The model takes half a millisecond for so many."""

FEWEST_LETTERS: Final = 60
FEWEST_WIDE: Final = 20
"""Fewer letters tell no language; in Chinese, Hindi or Arabic fewer are enough."""

FEWEST_PLAIN: Final = 36
"""Letters in words that are no names, without which a list of towns would be taken for the language of its towns."""

SURE: Final = 0.9
PROBABLE: Final = 0.5
HARDLY_ENGLISH: Final = 0.0001
"""The model's word is taken when it is sure, and when it hesitates between two (Indonesian and Malay, Spanish and Aragonese) of
which English is none. Of lists and scraps of English it gives English 0.1 and more, whatever it calls them."""

NO_LANGUAGE: Final = frozenset({"zxx", "la", "vo", "eo"})
"""What the model calls numbers, code and mottoes; newspapers are not written in it."""

_LETTERS: Final = re.compile(r"[^\W\d_]")
_WIDE: Final = re.compile(r"[^\W\d_\u0000-\u036f]")
_FULL: Final = re.compile(r"[\u2e80-\ud7ff]")
_BETWEEN: Final = re.compile(r"[,;:|/\n•·–—]+|\s-\s")
_EDGES: Final = " \t\"'“”‘’«»„()[]{}<>.,;:!?¡¿-–—*|/\\"


def find_language(text: str) -> str | None:
    """The language of most of the text, as a code of ISO 639 (``en``, ``cy``, ``pcm``); None where too little is there to tell.

    A text of which at least half is English is English, whatever it quotes.
    """
    if _is_plainly_english(text) or _is_clear(_sample(text, places=8, size=WINDOW), share=SAMPLE_SHARE):
        return "en"
    return _find_slowly(text)


def _is_plainly_english(text: str) -> bool:
    length = len(text)
    if length <= 3 * WINDOW:
        return _is_clear(text, share=SAMPLE_SHARE)
    middle = (length - WINDOW) // 2
    return _is_clear(text[:WINDOW]) and _is_clear(text[-WINDOW:]) and _is_clear(text[middle : middle + WINDOW])


def _is_clear(window: str, *, share: float = CLEAR_SHARE) -> bool:
    words = window.lower().split()
    number = len(words)
    if number < CLEAR_WORDS or number * LONG_WORD < len(window):
        return False
    return [word in SMALL_WORDS for word in words].count(True) >= share * number


def _find_slowly(text: str) -> str | None:
    """Weighs the pieces that are English against the others, of which the model then says what they are."""
    sample = _sample(text, places=12, size=READ_AT_MOST // 12)
    head = sample[:HEAD]
    letters = len(_LETTERS.findall(head))
    mostly_wide = not head.isascii() and 2 * len(_WIDE.findall(head)) > letters
    if letters < (FEWEST_WIDE if mostly_wide else FEWEST_LETTERS) and len(_LETTERS.findall(sample)) < FEWEST_LETTERS:
        return None
    shouted = _is_shouted(head)
    if shouted and _is_list(sample):
        return None
    english = 0
    others: list[str] = []
    for piece in _pieces(sample):
        words = [word for one in piece.split() if (word := one.strip(_EDGES)) and not word.isdigit()]
        small = sum(word.lower() in SMALL_WORDS for word in words)
        plain = [word for word in words if shouted or not word[0].isupper()]
        if words and small >= PIECE_SHARE * max(len(words), _weigh(words) / USUAL_WORD):
            english += _weigh(plain)
        else:
            others += plain
    other = _weigh(others)
    if english >= other:
        return "en" if english else None
    if other < (FEWEST_WIDE if mostly_wide else FEWEST_PLAIN):
        return None
    ranked = _model().rank(" ".join(others).lower())
    language, likelihood = ranked[0]
    if likelihood < SURE and not (likelihood >= PROBABLE and dict(ranked)["en"] < HARDLY_ENGLISH):
        return "en" if english else None
    return None if language in NO_LANGUAGE else str(language)


def _weigh(words: list[str]) -> int:
    """Letters; one of Chinese, Japanese or Korean counts as three, for as much as it says."""
    joined = "".join(words)
    return len(joined) + 2 * len(_FULL.findall(joined))


def _sample(text: str, *, places: int, size: int) -> str:
    """The text, or of a long one as much as that from places all over it."""
    if len(text) <= places * size:
        return text
    step = (len(text) - size) / (places - 1)
    return "\n".join(text[round(number * step) : round(number * step) + size] for number in range(places))


def _is_shouted(head: str) -> bool:
    """Whether it is written in capitals, which then mark no names."""
    return sum(map(str.isupper, head)) > sum(map(str.islower, head))


def _is_list(sample: str) -> bool:
    """Whether it is names one after the other rather than sentences."""
    between: int = len(_BETWEEN.findall(sample))
    return len(sample.split()) < 3 * between


def _pieces(sample: str) -> list[str]:
    """Lines, short ones together with those that follow."""
    pieces: list[str] = []
    waiting = ""
    for line in sample.splitlines():
        waiting = f"{waiting} {line}" if waiting else line
        if len(waiting) >= PIECE:
            pieces.append(waiting)
            waiting = ""
    return [*pieces, waiting] if waiting.strip() else pieces


@cache
def _model() -> LanguageIdentifier:
    """py3langid's naive Bayes model of 140 languages; loading it takes 0.4 s and 100 MB, once a process."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
