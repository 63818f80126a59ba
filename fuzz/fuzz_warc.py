"""Web archives: records with any head, any length, any body; what is broken is named."""

from harness import fuzz, read_named, watched

with watched():
    from headcount.models import Document
    from headcount.sources import Asked, open_document
    from headcount.sources.archives.warc import read_warc


def one(data: bytes) -> None:
    """The records, with their pages opened."""
    for item in read_named(data, read_warc):
        if isinstance(item, Document):
            assert item.url is None or isinstance(item.url, str)
            open_document(item, Asked())


if __name__ == "__main__":
    fuzz(one)
