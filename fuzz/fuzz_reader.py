"""The whole reader: every span lies in its text, every quote stands at its span, and all of it is JSON."""

import datetime as dt
import sys
from pathlib import Path

from harness import fuzz, watched

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "bench"))

with watched():
    from headcount.models import Report
    from headcount.run import load_reader
    from soak import check_reading

    reader = load_reader(screen=False)

ENGLISH = (
    "Some 300 people marched through Leeds on Monday against the closure of the library, and the police said that it was quiet."
)
"""What is in no language is not read."""

MASKED = "[name withheld]"
"""Words in which a private person's name stands are not shown as they are."""

LONGEST = 1_000
DAYS = (None, dt.date(2016, 8, 2), dt.date(2024, 2, 29), dt.date(1, 1, 1), dt.date(9999, 12, 31))


def one(data: bytes) -> None:
    """The first byte chooses the day of publication and the country."""
    if len(data) < 2:
        return
    published, country = DAYS[data[0] % len(DAYS)], (None, "GB", "US")[data[0] // 8 % 3]
    text = data[1:LONGEST].decode("utf-8", "replace")
    report = Report(text=f"{ENGLISH} {text} {ENGLISH}", published=published, country=country)
    wrong = check_reading(report, reader.read(report))
    assert wrong is None or MASKED in wrong, wrong


if __name__ == "__main__":
    fuzz(one)
