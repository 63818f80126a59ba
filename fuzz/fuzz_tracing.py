"""Words of a report are found again in the bytes of its page, at a span that lies in them."""

from harness import fuzz, watched

with watched():
    from headcount.sources.pages.tracing import find_words, stands_in


def one(data: bytes) -> None:
    """The first bytes are the words, the others the page."""
    words, page = data[:12].decode("utf-8", "replace"), data[12:]
    for media in ("html", "mhtml"):
        for charset in (None, "utf-8", "cp1252", "utf-16", "no-such-charset"):
            place = find_words(page, words, media=media, charset=charset)
            if place and media == "html":
                assert 0 <= place[0] <= place[1] <= len(page), place
    stands_in(page, words, "text", None)
    if words.isalnum() and words.isascii():
        told = b"<p>Before. " + words.encode() + b" After.</p>"
        place = find_words(told, words, media="html", charset="utf-8")
        assert place is not None, words
        assert told[place[0] : place[1]] == words.encode()


if __name__ == "__main__":
    fuzz(one)
