"""Whatever an input begins with, it is called by one name that somebody reads, and the same one each time."""

from harness import fuzz, watched

with watched():
    from headcount.sources.finding import STREAMS
    from headcount.sources.media import sniff_media
    from headcount.sources.opening import READERS

KNOWN = {*STREAMS, *READERS, "text", "json", "jsonl", "empty", "binary"}
ENDINGS = ("", ".txt", ".html", ".jsonl", ".csv", ".tsv", ".eml", ".mhtml", ".xml", ".json", ".gz", ".zip")


def one(data: bytes) -> None:
    """The first byte chooses the ending of its name."""
    ending = ENDINGS[data[0] % len(ENDINGS)] if data else ""
    media = sniff_media(data[1:], ending=ending)
    assert media in KNOWN, media
    assert media == sniff_media(data[1:], ending=ending)


if __name__ == "__main__":
    fuzz(one)
