"""What fuzzing begins with: a good and a broken file of every kind, of our own making, and words for the smaller parsers.

    python fuzz/seeds.py FOLDER

Writes one folder for each target.
"""

from __future__ import annotations

import gzip
import random
import sys
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Final

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "bench"))

from nasty import PIECES, make_nasty
from tree_broken import BREAKAGES
from tree_good import FORMS
from tree_news import write_article

MOST: Final = 60_000
"""Bytes of the largest seed: of larger ones atheris makes nothing in a few seconds."""

PHRASES: Final = (
    "up to 10,000", "several hundred", "two to three dozen", "1-2k", "80 or so", "between 300 and 400", "half a million",
    "more than 1.5m", "a couple of thousand", "10 000", "hundreds if not thousands", "no more than twenty-five",
)  # fmt: skip
DAYS: Final = (
    "on Saturday", "last weekend", "the previous night", "31 February 2016", "between 3 and 5 March", "on Monday, 1 June 2016",
    "the following Tuesday", "yesterday", "from 1 to 3 May", "in early June", "two weeks ago", "2016-08-02", "Aug. 2",
)  # fmt: skip
ADDRESSES: Final = (
    "https://news.example.org/a?b=c", "http://127.0.0.1/", "http://[::1]:8080/", "http://user:pass@host/", "//host/x", "../a",
    "http://0x7f.1/", "http://2130706433/", "http://[::ffff:10.0.0.1]/", "http://ⓛocalhost/", "http://a.b.c:99999/", "file:///etc/passwd",
    "http://host\\@other/", "http://169.254.169.254/latest/meta-data/", "javascript:alert(1)", "http://bücher.example/ä?ö#ü",
)  # fmt: skip
DATES_TOLD: Final = (
    "2016-08-02T10:00:00+01:00", "August 2, 2016", "2 août 2016", "02/08/2016", "Tue, 02 Aug 2016 10:00:00 GMT", "20160802",
    "Published: 2 Aug 2016 | Updated: 3 Aug 2016", "D:20160802120000Z",
)  # fmt: skip


def files(*names: str) -> list[bytes]:
    """The files of these kinds, good and broken, that are small enough."""
    rng = random.Random(1)
    made = []
    for number, (name, kind) in enumerate({**FORMS, **BREAKAGES}.items()):
        if any(part in name for part in names) and not getattr(kind, "heavy", False):
            articles = [write_article(rng, 100 * number + one, tells=True, plain=name == "PDF") for one in range(kind.holds)]
            content = FORMS[name].write(articles) if name in FORMS else BREAKAGES[name].make(rng, articles)
            if len(content) <= MOST:
                made.append(content)
    return made


def _opened(packed: Iterable[bytes]) -> list[bytes]:
    made = []
    for one in packed:
        try:
            made.append(gzip.decompress(one))
        except (OSError, EOFError):
            continue
    return [one for one in made if len(one) <= MOST]


def _with_first(texts: Iterable[str | bytes], *, first: int = 1) -> list[bytes]:
    return [bytes([7] * first) + (one if isinstance(one, bytes) else one.encode("utf-8", "replace")) for one in texts]


def _nasty() -> list[str]:
    rng = random.Random(1)
    return [make_nasty(rng, 400) for _ in range(60)]


def _feeds() -> list[bytes]:
    item = "<title>March in Leeds</title><link>https://p.example/1</link>"
    return [
        f'<?xml version="1.0"?><rss version="2.0"><channel><title>Post</title><item>{item}<pubDate>Tue, 02 Aug 2016 10:00:00 GMT'
        "</pubDate><description>&lt;p&gt;300 people marched.&lt;/p&gt;</description></item></channel></rss>".encode(),
        f'<feed xmlns="http://www.w3.org/2005/Atom"><title>Post</title><entry>{item}<updated>2016-08-02T10:00:00Z</updated>'
        '<content type="html">&lt;p&gt;300 people marched.&lt;/p&gt;</content></entry></feed>'.encode(),
        b'{"version": "https://jsonfeed.org/version/1.1", "title": "Post", "items": [{"id": "1", "url": "https://p.example/1", '
        b'"title": "March", "content_html": "<p>300 people marched.</p>", "date_published": "2016-08-02T10:00:00Z"}]}',
    ]


def _sitemaps() -> list[bytes]:
    head = '<?xml version="1.0" encoding="UTF-8"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" '
    news = 'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">'
    return [
        (
            f"{head}{news}<url><loc>https://p.example/1</loc><lastmod>2016-08-02</lastmod><news:news><news:publication><news:name>Post"
            "</news:name><news:language>en</news:language></news:publication><news:publication_date>2016-08-02T10:00:00Z"
            "</news:publication_date><news:title>March in Leeds</news:title></news:news></url></urlset>"
        ).encode(),
        b'<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><sitemap><loc>https://p.example/s.xml.gz</loc><lastmod>'
        b"2016-08-02</lastmod></sitemap></sitemapindex>",
        b"https://p.example/1\nhttps://p.example/2\n",
    ]


SEEDS: Final[Mapping[str, Callable[[], list[bytes]]]] = {
    "media": lambda: _with_first(one[:4000] for one in files("")),
    "encoding": lambda: files("text", "1252", "UTF", "NUL", "noise"),
    "plain": lambda: files("text", "markdown", "UTF-16", "1252", "export"),
    "lines": lambda: files("JSON Lines", "lines", "deep JSON"),
    "tables": lambda: files("CSV", "TSV", "quote never closed"),
    "gzip": lambda: files("gzip", "web archive", "brotli", "cut WARC.gz"),
    "warc": lambda: _opened(files("web archive", "brotli", "cut WARC.gz")) + files("cut WARC", "WARC that"),
    "zip": lambda: files("zip", "docx", "EPUB"),
    "exports": lambda: files("export"),
    "dating": lambda: files("page", "charset") + [one.encode() for one in DATES_TOLD],
    "tracing": lambda: files("page", "charset", "UTF-7"),
    "pages": lambda: files("page", "charset", "UTF-7", "MHTML"),
    "feeds": lambda: files("feed") + _feeds(),
    "sitemaps": _sitemaps,
    "mail": lambda: files("message", "MHTML"),
    "documents": lambda: files("docx", "RTF", "EPUB", "PDF"),
    "references": lambda: files("RIS", "BibTeX"),
    "addresses": lambda: _with_first(ADDRESSES, first=17),
    "quantities": lambda: [one.encode() for one in (*PHRASES, *PIECES)],
    "dates": lambda: _with_first([*DAYS, *PIECES]),
    "reader": lambda: _with_first(_nasty()),
}
"""By target what it begins with."""


def write_seeds(folder: Path, target: str) -> Path:
    """The folder with the seeds of one target."""
    place = folder / target
    place.mkdir(parents=True, exist_ok=True)
    for number, content in enumerate(SEEDS[target]()):
        (place / f"seed_{number:03}").write_bytes(content)
    return place


if __name__ == "__main__":
    for name in SEEDS:
        print(write_seeds(Path(sys.argv[1]), name))
