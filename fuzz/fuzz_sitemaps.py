"""Sitemaps: addresses come out, or the reason why it is none."""

from harness import fuzz, read_document, watched

with watched():
    from headcount.sources.sitemaps import SitemapError, parse_sitemap, read_sitemap


def one(data: bytes) -> None:
    """As a file, and as an answer."""
    read_document(data, "sitemap", read_sitemap)
    try:
        sitemap = parse_sitemap(data)
    except SitemapError as error:
        assert str(error)
        return
    for entry in sitemap.entries:
        assert isinstance(entry.url, str)
        assert entry.url


if __name__ == "__main__":
    fuzz(one)
