"""A small world of reports of our own, for the tests of ingest: marches, copies, changed articles, other news, broken lines."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

TOWNS = (
    "Leeds",
    "Bradford",
    "Hull",
    "Sheffield",
    "Cardiff",
    "Swansea",
    "Dundee",
    "Aberdeen",
    "Exeter",
    "Plymouth",
    "Norwich",
    "Derby",
)
CAUSES = ("the closure of the library", "cuts to the buses", "the new car park", "low pay in the hospitals", "rent rises")
PAPERS = ("Morning Post", "Evening Star", "Weekly Echo")
WORDS = (
    "council street morning banner whistle speaker bridge market rain corner station school river tower window garden "
    "letter answer meeting evening question baker driver teacher nurse plumber kettle ladder basket lantern"
).split()


def write_march(rng: random.Random, town: str, cause: str, number: int) -> str:
    """One article about one march, in words that no other article shares."""
    filler = " ".join(f"The {rng.choice(WORDS)} near the {rng.choice(WORDS)} kept its {rng.choice(WORDS)}." for _ in range(12))
    return (
        f"About {number:,} people marched through {town} on Saturday against {cause}, organisers said. "
        f"Police put the crowd at {max(10, number // 2):,}. {filler}"
    )


def write_other(rng: random.Random) -> str:
    """One article that tells of no gathering."""
    return " ".join(f"The {rng.choice(WORDS)} of the {rng.choice(WORDS)} was {rng.choice(WORDS)}." for _ in range(15))


def make_lines(count: int, *, seed: int = 1) -> Iterator[dict[str, Any] | str]:
    """Lines of a JSON Lines file; strings are lines that hold no report."""
    rng = random.Random(seed)
    told: list[dict[str, Any]] = []
    for number in range(count):
        kind = rng.random()
        day = f"2022-{rng.randint(1, 12):02}-{rng.randint(1, 28):02}"
        line: dict[str, Any] = {"id": f"a{number}", "published": day, "publisher": rng.choice(PAPERS), "title": f"Report {number}"}
        if kind < 0.45 or not told:
            line["text"] = write_march(rng, rng.choice(TOWNS), rng.choice(CAUSES), rng.randint(2, 90) * 50)
            told.append(line)
        elif kind < 0.60:  # a near-copy under another headline
            line |= {"text": rng.choice(told)["text"] + " More soon.", "published": rng.choice(told)["published"]}
        elif kind < 0.70:  # the same report, changed
            old = told[rng.randrange(len(told))]
            line = {**old, "text": old["text"].replace("Police put", "Officers put") + f" Corrected {number} times."}
            told[told.index(old)] = line
        elif kind < 0.78:  # an exact copy
            line = dict(rng.choice(told))
        elif kind < 0.95:
            line["text"] = write_other(rng)
        else:
            yield f'{{"id": "broken{number}", "text": '
            continue
        yield line


def write_corpus(path: Path, count: int, *, seed: int = 1) -> Path:
    """A JSON Lines file of ``count`` lines."""
    lines = [line if isinstance(line, str) else json.dumps(line) for line in make_lines(count, seed=seed)]
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path
