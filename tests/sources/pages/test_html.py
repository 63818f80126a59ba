"""Pages in the manner of real templates: what is read in them, and what is left out."""

from __future__ import annotations

import datetime as dt

import pytest

from headcount.models import Document, Problem, Report
from headcount.sources.opening import Asked, open_document
from sources.pages.templates import PAGES, Page

TODAY = dt.date(2026, 11, 24)


def opened(
    data: bytes, *, url: str | None = None, charset: str | None = None, fetched: dt.date | None = None, media: str = "html"
) -> list[object]:
    document = Document(data=data, media=media, record="page.html", source="page.html", url=url, charset=charset, fetched=fetched)
    return list(open_document(document, Asked(today=TODAY)))


def only_report(found: list[object]) -> Report:
    reports = [item for item in found if isinstance(item, Report)]
    assert len(reports) == 1, found
    return reports[0]


def doubts(found: list[object]) -> list[str]:
    return [item.reason for item in found if isinstance(item, Problem)]


def squeezed(text: str) -> str:
    return "".join(text.split())


@pytest.mark.parametrize("page", PAGES, ids=[page.name for page in PAGES])
def test_page_is_read_as_its_readers_see_it(page: Page) -> None:
    """Title, day of publication and the story from its first to its last words come out, and nothing that stands beside it."""
    found = opened(page.data, url=page.fetched_from)
    report = only_report(found)
    assert report.title == (page.title or page.story.title)
    assert report.published == page.published
    assert squeezed(report.text).startswith(squeezed(page.begins or page.story.begins)), report.text[:300]
    assert squeezed(report.text).endswith(squeezed(page.ends or page.story.ends)), report.text[-300:]
    for paragraph in page.story.paragraphs:
        assert squeezed(paragraph) in squeezed(report.text)
    for words in page.absent:
        assert words not in report.text
    for words in page.present:
        assert words in report.text
    assert report.title not in report.text.split("\n")
    assert doubts(found) == [] if page.doubt is None else page.doubt in "; ".join(doubts(found)) and len(doubts(found)) <= 2
    assert page.publisher in {None, report.publisher}
    assert page.url in {None, report.url}
    assert report.origin is not None
    assert page.charset in {None, report.origin.charset}


@pytest.mark.parametrize("page", [page for page in PAGES if "pre" not in page.name], ids=lambda page: page.name)
def test_paragraphs_stand_apart(page: Page) -> None:
    """Each paragraph of the story is a line group of its own."""
    report = only_report(opened(page.data, url=page.fetched_from))
    blocks = {squeezed(line) for line in report.text.split("\n")}
    assert all(squeezed(paragraph) in blocks for paragraph in page.story.paragraphs)


@pytest.mark.parametrize(
    ("whole", "shown"),
    [
        ("Vigil for peace | St Anselm Parish News", "<b>St Anselm Parish News</b><h2>Vigil for peace</h2><p>12 May 2009</p>"),
        ("The Glenmoor Courier: 12,000 say no to war", "<b>12,000 say no to war</b><br><i>by Al Gunn</i><br>Tuesday, 12 May 2009"),
    ],
    ids=["longer name behind it", "longer name before it"],
)
def test_a_headline_shorter_than_the_sites_name_is_told_from_it(whole: str, shown: str) -> None:
    """The page's title holds both; which of them the page shows over the story is the headline, and its day stands below."""
    story = "Some 45 people held a vigil in Truro on Friday and sang. " * 6
    report = only_report(opened(f"<title>{whole}</title><body>{shown}<p>{story}<p>{story}</body>".encode()))
    assert report.title in {"Vigil for peace", "12,000 say no to war"}
    assert report.published == dt.date(2009, 5, 12)


def test_there_are_sixty_templates() -> None:
    """The number that issue 4 asks for."""
    assert len({page.name for page in PAGES}) == len(PAGES) >= 60
