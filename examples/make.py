"""Writes the sample reports into files of the kinds that people have: ``python examples/make.py``.

The files lie beside this script, so that a reader can try each kind without running it; a test holds them to what it writes.
"""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Callable, Sequence
from html import escape
from importlib.resources import files
from pathlib import Path
from typing import Final

HERE: Final = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "bench"))

import tree_good as write  # noqa: E402
from headcount.sources.plain import split_front_matter  # noqa: E402
from tree_news import Article  # noqa: E402


def write_feed(articles: Sequence[Article]) -> bytes:
    """A feed whose items hold their whole text."""
    items = "".join(
        f"<item><title>{escape(one.title)}</title><link>https://paper.example/{one.mark}</link>"
        f"<pubDate>{one.published:%a, %d %b %Y} 08:00:00 +0000</pubDate>"
        f"<content:encoded><![CDATA[{''.join(f'<p>{escape(part)}</p>' for part in one.paragraphs)}]]></content:encoded></item>\n"
        for one in articles
    )
    head = '<?xml version="1.0"?>\n<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/">'
    return f"{head}<channel><title>Paper of examples</title>\n{items}</channel></rss>\n".encode()


EXAMPLES: Final[dict[str, tuple[Callable[[Sequence[Article]], bytes], tuple[str, ...]]]] = {
    "saved_page.html": (write.write_page_json_ld, ("01",)),
    "saved_page.mhtml": (write.write_mhtml, ("02",)),
    "press_release.docx": (write.write_docx, ("03",)),
    "police_statement.pdf": (write.write_pdf, ("09",)),
    "newsletter.eml": (write.write_mail, ("05",)),
    "nexis_export.txt": (write.write_export, ("12", "17", "52")),
    "references.ris": (write.write_ris, ("22",)),
    "articles.csv": (write.write_table, ("13", "14")),
    "feed.xml": (write_feed, ("35", "38")),
    "crawl.warc.gz": (write.write_warc, ("15", "16", "31")),
}
"""By file what writes it and the numbers of the sample reports in it."""


def load_article(number: str) -> Article:
    """One of the sample reports."""
    folder = files("headcount") / "samples"
    (path,) = (one for one in folder.iterdir() if one.name.startswith(f"{number}_"))
    fields, body = split_front_matter(path.read_text("utf-8"))
    return Article(
        mark=str(fields.get("id") or f"sample-{number}"),
        title=str(fields["title"]),
        published=dt.date.fromisoformat(str(fields["published"])),
        publisher=str(fields["publisher"]),
        paragraphs=tuple(" ".join(part.split()) for part in body.split("\n\n") if part.strip()),
        tells=True,
    )


def make(name: str) -> bytes:
    """The bytes of an example."""
    writer, numbers = EXAMPLES[name]
    return writer([load_article(number) for number in numbers])


if __name__ == "__main__":
    for name in EXAMPLES:
        HERE.joinpath(name).write_bytes(make(name))
        print(f"examples/{name}", file=sys.stderr)
