"""Words for days: mentions in the order of the text, none over another, each interval the right way round."""

import datetime as dt

from harness import fuzz, watched

with watched():
    from headcount.coding.dates import DateReader
    from headcount.text import tokenize

DAYS = (None, dt.date(2016, 8, 2), dt.date(2024, 2, 29), dt.date(1, 1, 1), dt.date(9999, 12, 31), dt.date(1600, 1, 1))


def one(data: bytes) -> None:
    """The first byte chooses the day of publication."""
    published = DAYS[data[0] % len(DAYS)] if data else None
    text = tokenize(data[1:].decode("utf-8", "replace"))
    end = 0
    for mention in DateReader(text, published).mentions():
        assert end <= mention.first < mention.end <= len(text.lower), mention
        end = mention.end
        if mention.past:
            assert mention.past[0] <= mention.past[1], mention


if __name__ == "__main__":
    fuzz(one)
