"""The files of Common Crawl, named by their paths there: an offer of downloads, not a site of pages."""

from __future__ import annotations

import re
from typing import Final

from headcount.fetching.addresses import Address

COMMON_CRAWL: Final = "https://data.commoncrawl.org/"
COMMON_CRAWL_PATH: Final = re.compile(r"(?:s3://commoncrawl/)?(crawl-data/[A-Za-z0-9._/-]{1,500}\.(?:warc|paths)(?:\.gz)?)")
ARCHIVE: Final = re.compile(r"\.warc(?:\.gz)?$", re.I)


def common_crawl_url(name: str) -> str | None:
    """The address of a file of Common Crawl that is named by its path there ("crawl-data/CC-NEWS/2024/03/...warc.gz")."""
    found = COMMON_CRAWL_PATH.fullmatch(name.strip())
    return COMMON_CRAWL + found[1] if found and ".." not in found[1] else None


def is_common_crawl(address: Address) -> bool:
    """Whether it is a file that Common Crawl offers for download: not a page, so its robots.txt has no say."""
    return address.url.startswith(COMMON_CRAWL + "crawl-data/")


def is_archive(address: Address) -> bool:
    """Whether the address names a web archive, which is never held whole."""
    return ARCHIVE.search(address.target.partition("?")[0]) is not None
