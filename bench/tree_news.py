"""The articles that a mixed tree of files is made of: marches, other news, and some that are not in English."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import dataclass
from typing import Final

TOWNS: Final = ("Leeds", "Hull", "Cardiff", "Swansea", "Dundee", "Exeter", "Norwich", "Derby", "Lincoln", "Durham")
CAUSES: Final = (
    "against the closure of the library", "against cuts to the night buses", "for higher pay at the hospital",
    "against the new incinerator", "for safe crossings at the school", "against rising rents",
)  # fmt: skip
PAPERS: Final = ("Morning Ferry", "Evening Anvil", "Weekly Kettle", "Harbour Courier")
FILLERS: Final = (
    "The {a} beside the {b} has been shut since the spring, and nobody in the town could say when the {c} would come back.",
    "A neighbour said that the {a} had been painted twice, first by the {b} and then by the people who look after the {c}.",
    "The council has spent its money on a {a}, a {b} and the repair of a {c}, as its books of the last three years show.",
    "Rain fell on the {a} all afternoon, and those who had brought a {b} shared it with those who had only a {c}.",
    "According to the minutes, the {a} was to be moved behind the {b}, where the {c} stood until the flood.",
)
THINGS: Final = (
    "bench banner bridge bakery kettle ladder lantern window garden fountain basket tower carpet hedge piano kiosk barn mural "
    "gate bollard pavilion greenhouse signpost chapel orchard quay boathouse noticeboard turnstile weighbridge"
).split()
MARCH: Final = (
    "About {number} people marched through {town} on {day} {cause}, organisers said.",
    "A rally {cause} drew {number} people to the centre of {town} on {day}, police said.",
    "Some {number} residents of {town} demonstrated on {day} {cause}.",
)
OTHER: Final = (
    "The council of {town} has bought a new lawnmower, and the gardeners like it.",
    "The river at {town} rose by two feet on {day} and fell again in the night.",
    "A bakery in {town} has won a prize for its rye bread, given on {day}.",
)
GERMAN: Final = (
    "Die Gemeinde hat am Dienstag beschlossen, das alte Schwimmbad neben dem Bahnhof im kommenden Jahr zu erneuern.",
    "Der Bürgermeister sagte, die Kosten seien höher als erwartet, aber das Geld liege seit dem Frühling bereit.",
    "Viele Einwohner freuen sich darüber, denn im Sommer gab es in der ganzen Gegend keine Möglichkeit zum Schwimmen.",
    "Die Arbeiten sollen im März beginnen und, wenn das Wetter es erlaubt, noch vor den großen Ferien fertig werden.",
)
SYLLABLES: Final = ("ba", "de", "fi", "go", "hu", "ka", "le", "mi", "no", "pu", "ra", "se", "ti", "vo", "wu", "za")


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """One report to be written into a file; ``mark`` is a word that stands in no other."""

    mark: str
    title: str
    published: dt.date
    publisher: str
    paragraphs: tuple[str, ...]
    tells: bool
    """Whether it is in English and has a word of a gathering in it."""

    @property
    def text(self) -> str:
        """The paragraphs, parted by blank lines."""
        return "\n\n".join(self.paragraphs)


def name_mark(number: int) -> str:
    """A word for each number."""
    return "Zy" + "".join(SYLLABLES[number // 16**place % 16] for place in range(5))


def write_article(rng: random.Random, number: int, *, tells: bool | None = None, plain: bool = False) -> Article:
    """Article ``number``: of four in five a march is told, where ``tells`` does not say; ``plain`` ones are in ASCII."""
    mark = name_mark(number)
    kind = rng.random()
    published = dt.date(2019, 1, 1) + dt.timedelta(days=rng.randrange(1000))
    told = {
        "town": rng.choice(TOWNS), "cause": rng.choice(CAUSES), "number": f"{rng.randint(2, 90) * 50:,}",
        "day": f"{published.day} {published:%B %Y}",
    }  # fmt: skip
    english = plain or tells is not None or kind < 0.95
    if not english:
        body = [*GERMAN, f"Auf dem Schild am Eingang steht noch immer das alte Wort {mark}, das niemand mehr versteht."]
        return Article(
            mark=mark, title=f"Das Schwimmbad {mark}", published=published, publisher=rng.choice(PAPERS), paragraphs=tuple(body),
            tells=False,
        )  # fmt: skip
    tells = kind < 0.8 if tells is None else tells
    lines = [
        rng.choice(MARCH if tells else OTHER).format(**told),
        f"The notice on the door bears the word {mark}, which the clerk has entered in the book of the town.",
    ]
    for _ in range(rng.randint(4, 8)):
        a, b, c = rng.sample(THINGS, 3)
        lines.append(rng.choice(FILLERS).format(a=a, b=b, c=c))
    if not plain and rng.random() < 0.5:
        lines.append("“It is a start,” said the café’s owner – “no more than that.”")
    half = len(lines) // 2
    title = f"{'March' if tells else 'News'} from {told['town']}: {mark}"
    return Article(
        mark=mark, title=title, published=published, publisher=rng.choice(PAPERS), tells=tells,
        paragraphs=(" ".join(lines[:2]), " ".join(lines[2:half]) or lines[-1], " ".join(lines[half:])),
    )  # fmt: skip
