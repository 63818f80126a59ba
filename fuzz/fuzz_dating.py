"""Days in a page, in a line and in an address: a day is one that the calendar has, in the words that are given."""

from harness import fuzz, watched

with watched():
    from headcount.sources.pages.dating import days_of_address
    from headcount.sources.pages.days import days_in, read_day


def one(data: bytes) -> None:
    """As a value, as a line of text, as an address."""
    text = data.decode("utf-8", "replace")
    for regions in ([], ["US"], ["GB", "IN"]):
        read_day(text, regions=regions)
        for day in days_in(text, regions=regions):
            assert day.words
    list(days_of_address("https://paper.example/" + text))


if __name__ == "__main__":
    fuzz(one)
