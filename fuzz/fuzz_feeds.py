"""Feeds: items with any fields come out, or the reason why it is no feed."""

from harness import fuzz, read_document, watched

with watched():
    from headcount.sources.feeds import FeedError, links_of, parse_feed, read_feed


def one(data: bytes) -> None:
    """As a file, and as an answer with a charset."""
    read_document(data, "feed", read_feed)
    try:
        feed = parse_feed(data, charset="utf-8")
    except FeedError as error:
        assert str(error)
        return
    for link in links_of(feed.items):
        assert isinstance(link, str)
        assert link


if __name__ == "__main__":
    fuzz(one)
