"""Fold a place name to the form in which the index keeps it.

Two spellings of one name fold alike: case, accents, curly apostrophes, hyphens, periods and
the abbreviations Saint/St., Mount/Mt. and Fort/Ft. make no difference. Apostrophes stay
(``king's lynn``), because the index holds a second entry without them.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache

_SPACED = "-‐‑‒–—―−/_()[]\u00a0\u200b·"
_DROPPED = '.,;:!?"“”„«»'
_APOSTROPHES = "’‘ʼʻ`´ʹ′ʾʿ"
_ASCII = {**dict.fromkeys(map(ord, _SPACED), " "), **dict.fromkeys(map(ord, _DROPPED), "")}
_MARKS = _ASCII | dict.fromkeys(map(ord, _APOSTROPHES), "'")
_LETTERS = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ı": "i", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ħ": "h", "ŋ": "n", "ə": "a"}
)
_WORDS = {"saint": "st", "sainte": "ste", "mt": "mount", "ft": "fort", "&": "and"}


@lru_cache(maxsize=1 << 15)
def fold_name(name: str) -> str:
    """Give the folded form of a place name: lower case, no accents, single spaces.

    Folding twice changes nothing. A text without letters or digits folds to ``""``.
    """
    if name.isascii():
        folded = name.lower().translate(_ASCII)
    else:
        plain = unicodedata.normalize("NFKD", name.translate(_MARKS).casefold()).casefold()
        plain = "".join(c for c in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(c))
        folded = plain.translate(_MARKS).translate(_LETTERS)
    words = folded.split()
    if len(words) == 1:
        return _WORDS.get(words[0], words[0])
    return " ".join([_WORDS.get(word, word) for word in words])
