"""Learns which pages of bulk archives are worth opening: the points of ``codebook/glance.toml``.

    python training/glance.py [--write src/headcount/codebook/glance.toml]

The labels are the reader's own: a text is worth opening where the reader finds an event in it. Texts are those of the stream and of
the unlabelled protest reports beside this checkout in which the screen finds a word. Printed are cross-validated figures
(five folds, like texts together): what share of the stream is opened where how many reports with an event are lost.
"""

from __future__ import annotations

import argparse
import datetime as dt
import gzip
import hashlib
import json
from collections import Counter
from pathlib import Path
from typing import Final

import numpy as np
from coded import SHARED
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression

from headcount.coding import Reader
from headcount.models import Report
from headcount.sources.pages.glance import signs_of

STRENGTH: Final = 0.1
LEAST: Final = 0.04
"""Points of less than this are left out."""

TEXTS: Final = 10
"""A word beside counts from so many texts on: names of people and places stand in fewer."""

FOLDS: Final = 5


def main() -> None:
    """Reads, learns, prints, and writes where asked."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", type=Path)
    parser.add_argument("--lost", type=int, default=1, help="reports of the stream with an event that may be lost, cross-validated")
    args = parser.parse_args()
    signs, yields, folds, of_stream, count = read_texts()
    scores = np.zeros(len(signs))
    for fold in range(FOLDS):
        learned = fit([one for one, f in zip(signs, folds, strict=True) if f != fold], yields[folds != fold])
        for index in np.where(folds == fold)[0]:
            scores[index] = score(signs[index], learned)
    told = np.sort(scores[of_stream & yields])
    for lost in (0, 1, 2, 3, 5, 8, 12, 20):
        opened = int((scores[of_stream] >= told[lost]).sum())
        print(f"{lost} of {len(told)} lost: {opened / count:.1%} of the stream opened, from {told[lost]:.2f}")
    if args.write:
        write(args.write, fit(signs, yields), float(told[args.lost]) - 0.005)


def read_texts() -> tuple[list[dict[str, float]], np.ndarray, np.ndarray, np.ndarray, int]:
    """Of each text with a word of the screen: its signs, whether it yields an event, its fold, whether it is of the stream.

    And how many texts the stream has.
    """
    reader = Reader()
    signs, yields, folds, of_stream = [], [], [], []
    count = 0
    for name in ("stream", "protest_unlabelled"):
        for line in gzip.decompress((SHARED / "data" / f"{name}.jsonl.gz").read_bytes()).splitlines():
            given = json.loads(line)
            count += name == "stream"
            found = signs_of(given["text"])
            if not found:
                continue
            day = dt.date.fromisoformat(given["published"][:10]) if given.get("published") else None
            reading = reader.read(
                Report(text=given["text"], title=given.get("title"), published=day, publisher=given.get("publisher"))
            )
            signs.append(found)
            yields.append(bool(reading.events))
            folds.append(hashlib.sha256(given["text"][:300].encode()).digest()[0] % FOLDS)
            of_stream.append(name == "stream")
    return signs, np.array(yields), np.array(folds), np.array(of_stream), count


def fit(signs: list[dict[str, float]], yields: np.ndarray) -> dict[str, float]:
    """Points by sign; those under ``*`` count for every text."""
    texts = Counter(sign for one in signs for sign in one)
    kept = [{sign: much for sign, much in one.items() if sign[0] != "+" or texts[sign] >= TEXTS} for one in signs]
    vectors = DictVectorizer()
    model = LogisticRegression(C=STRENGTH, max_iter=2000).fit(vectors.fit_transform(kept), yields)
    points = dict(zip(vectors.get_feature_names_out(), model.coef_[0], strict=True))
    points["*"] += model.intercept_[0]
    return {sign: round(float(value), 2) for sign, value in points.items() if abs(value) >= LEAST}


def score(signs: dict[str, float], points: dict[str, float]) -> float:
    """The sum of points of a text."""
    return sum(points.get(sign, 0.0) * much for sign, much in signs.items())


def write(path: Path, points: dict[str, float], threshold: float) -> None:
    """The points as the codebook keeps them."""
    kinds: dict[str, dict[str, float]] = {"words": {}, "beside": {}, "amounts": {}}
    for sign, value in sorted(points.items()):
        kind = "beside" if sign[0] == "+" else "amounts" if sign[0] == "*" else "words"
        kinds[kind][sign if kind == "words" else sign[1:]] = value
    whys = {
        "words": "Words of the screen: how much each speaks for a gathering; one that stands there n times counts 1 + log n times.",
        "beside": "Words within 80 characters of a word of the screen; # is any number.",
        "amounts": "Of every text (the name is empty), of the log of how many words of the screen it has, and of how many kinds.",
    }
    lines = [
        "# Written by training/glance.py: which pages of bulk archives are worth opening. Not to be edited by hand.", "",
        "[opened]", 'why = "A page is opened from this sum of points; cross-validated it loses 1 in 391 reports with an event."',
        f"from = {threshold:.2f}",
    ]  # fmt: skip
    for kind, values in kinds.items():
        lines += ["", f"[{kind}]", f"why = {json.dumps(whys[kind])}", f"[{kind}.points]"]
        lines += [f"{json.dumps(word)} = {value}" for word, value in values.items()]
    path.write_text("\n".join(lines) + "\n", "utf-8")


if __name__ == "__main__":
    main()
