"""Saved pages, whole: whatever the markup, one report or one reason."""

from harness import fuzz, read_document, watched

with watched():
    from headcount.sources.pages import bylines, charsets, linked, markup, naming, prose  # noqa: F401  # watched
    from headcount.sources.pages.glance import may_tell_page
    from headcount.sources.pages.html import read_page
    from headcount.sources.pages.mhtml import read_archive


def one(data: bytes) -> None:
    """As a page, and as a page in one file."""
    may_tell_page(data)
    assert len(read_document(data, "html", read_page)) == 1
    read_document(data, "mhtml", read_archive)


if __name__ == "__main__":
    fuzz(one)
