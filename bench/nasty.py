"""Texts that a reader meets once and falls over: random ones, and structures that make naive code quadratic."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Final

TOWNS: Final = "Leeds Hull York Bath Derby Leicester Durham Lincoln Exeter Oxford Newcastle Birmingham Springfield".split()
DAYS: Final = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()


def _town(i: int) -> str:
    return TOWNS[i % len(TOWNS)]


def _made_up(i: int) -> str:
    return "Zorg" + "".join(chr(97 + i // 26**k % 26) for k in range(4))


STRUCTURES: Final[dict[str, Callable[[int], str]]] = {
    "nested quotes": lambda n: '“‘"' * n + " 500 people marched in Leeds on Monday " + '"’”' * n,
    "digits": lambda n: "1" * (10 * n),
    "grouped digits": lambda n: "1,000," * n,
    "number words": lambda n: "two hundred thousand and " * n,
    "town list": lambda n: "Protests were held in " + ", ".join(map(_town, range(n))) + ".",
    "towns in one sentence": lambda n: "Hundreds marched in " + " and in ".join(map(_town, range(n))) + ".",
    "unknown towns": lambda n: "Hundreds marched in " + ", in ".join(map(_made_up, range(n))) + ".",
    "one line": lambda n: "people marched and said that the police had " * n,
    "capitals": lambda n: "HUNDREDS MARCH IN LEEDS ON SATURDAY " * n,
    "commas": lambda n: "," * (10 * n),
    "hyphens": lambda n: "-" * (10 * n),
    "points": lambda n: "." * (10 * n),
    "initials": lambda n: "A." * (5 * n),
    "apostrophes": lambda n: "a'" * (5 * n),
    "closing marks": lambda n: "." + '"' * (10 * n),
    "opening marks": lambda n: '. "' * (3 * n),
    "brackets": lambda n: "(" * (5 * n) + ")" * (5 * n),
    "blank lines": lambda n: "\n" * (10 * n) + "A rally was held.",
    "accents": lambda n: "e" + "\u0301" * (10 * n),
    "direction marks": lambda n: "\u202eLeeds\u202c " * n,
    "containers": lambda n: "Liskeard, Cornwall, " * n,
    "dates": lambda n: "on Monday 1 June 2016, last Tuesday, " * n,
    "ranges": lambda n: "between 300 and 400 to 500 or " * n,
    "claimants": lambda n: "500 people, police said, 600 people, organisers said, " * n,
    "bare events": lambda n: "A rally was held. " * n,
    "one event told again": lambda n: "500 marched in Leeds on Monday. " + "The protest was loud. " * n,
    "day after day": lambda n: "500 marched in Leeds on Monday. " + "The next day they marched again. " * n,
    "same event": lambda n: "500 people marched in Leeds on Saturday. " * n,
    "many events": lambda n: " ".join(f"{10 + i % 900} people marched in {_town(i)} on {1 + i % 28} June." for i in range(n)),
    "events in unknown towns": lambda n: " ".join(
        f"A rally of {10 + i % 900} was held in {_made_up(i)} on {DAYS[i % 7]}." for i in range(n)
    ),
    "bullets": lambda n: "\n".join(f"- {_town(i)}: {10 + i} protesters" for i in range(n)),
    "quoted events": lambda n: "“A rally was held in Leeds on Monday” " * n,
    "events with containers": lambda n: "A march in Springfield, Illinois, US. " * n,
}
"""Each makes a text whose length is proportional to its argument."""

PIECES: Final = (
    "rally", "march", "protest", "vigil", "strike", "picket", "riot", "counter-protest", "walked out", "thousands", "hundreds of",
    "up to 10,000", "1-2k", "80 or so", "between 300 and", "half a million", "a dozen", "police said", "organisers said",
    "according to", "said Ann Other, a student,", "on Saturday", "last weekend", "the previous night", "31 February", "in 1968",
    "tomorrow", "in Leeds", "in Newcastle", "Springfield, Ill.", "outside the Turkish embassy in London", "St. Louis", "US",
    "“", "”", "\"", "'", "’", "(", ")", "—", "–", "-", ",", ";", ":", ".", "...", "…", "!", "?", "\n", "\n\n", "\t", "\r\n",
    "\u200b", "\u202e", "\ufeff", "\x00", "\x1b[31m", "\ufffd", "\u0301", "😀", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "قام", "抗议", "Å", "ﬁ", "½", "①",
    "٣٠٠", "1e9", "0", "-5",
    "999999999999999999999999", "1,00,000", "3.5.7", "£5m", "50%", "10:30am", "http://example.org/a?b=c", "@someone", "#march",
    "- ", "* ", "• ", "| ", "each", "respectively", "another", "the same day", "were arrested", "injured", "against", "for",
)  # fmt: skip
"""What random texts are put together from."""


def make_random(rng: random.Random, length: int) -> str:
    """A text of about ``length`` characters: pieces, towns, or any code points at all."""
    kind = rng.randrange(4)
    if kind == 0:
        return "".join(chr(_code_point(rng)) for _ in range(length))
    pieces: list[str] = []
    size = 0
    some = rng.sample(PIECES, rng.randint(2, 12)) if kind == 1 else list(PIECES)
    while size < length:
        piece = _town(rng.randrange(1000)) if rng.random() < 0.15 else rng.choice(some)
        if rng.random() < 0.1:
            piece = piece.upper() if rng.random() < 0.5 else piece.title()
        pieces.append(piece)
        size += len(piece) + 1
    return ("" if kind == 2 and rng.random() < 0.3 else " ").join(pieces)


def make_nasty(rng: random.Random, length: int) -> str:
    """A random text, a structure, or several joined."""
    if rng.random() < 0.6:
        return make_random(rng, length)
    names = rng.sample(sorted(STRUCTURES), rng.randint(1, 3))
    return rng.choice(["\n", " ", ""]).join(STRUCTURES[name](max(1, length // (30 * len(names)))) for name in names)


def _code_point(rng: random.Random) -> int:
    while True:
        point = rng.choice([rng.randrange(0x80), rng.randrange(0x3000), rng.randrange(0x110000)])
        if not 0xD800 <= point < 0xE000:
            return point
