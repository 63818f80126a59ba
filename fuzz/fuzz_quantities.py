"""Number phrases: an interval the right way round, on words of the phrase."""

from harness import fuzz, watched

with watched():
    from headcount.coding.quantities import read_size_phrase
    from headcount.text import tokenize


def one(data: bytes) -> None:
    """Any words."""
    phrase = data.decode("utf-8", "replace")
    found = read_size_phrase(phrase)
    if found is None:
        return
    assert 0 <= found.first <= found.core < found.end <= len(tokenize(phrase).lower)
    assert found.low is None or found.low >= 0
    assert found.low is None or found.high is None or found.low <= found.high, found


if __name__ == "__main__":
    fuzz(one)
