"""The day of publication: what pages give it with, and what they only seem to."""

# ruff: noqa: E501 (markup stands on lines as long as pages write them)

from __future__ import annotations

import datetime as dt

import pytest

from headcount.sources.pages.days import days_in, read_day
from sources.pages.stories import LIBRARY
from sources.pages.templates import article, html, ld, news
from sources.pages.test_html import doubts, only_report, opened

MARCH_3 = dt.date(2024, 3, 3)


def dated(top: str = "", *, head: str = "", after: str = "", fetched: dt.date | None = None) -> tuple[dt.date | None, list[str]]:
    page = html(head=f"<title>{LIBRARY.title}</title>" + head, body=article(LIBRARY, top=top, after=after))
    found = opened(page.encode(), fetched=fetched)
    return only_report(found).published, doubts(found)


@pytest.mark.parametrize(
    "top",
    [
        "<p>Updated: 10:05, 4 March 2024</p><p>Published: 18:05, 3 March 2024</p>",
        "<div><span>Published</span><span>3 Mar 2024</span></div>",
        "<dl><dt>Published</dt><dd>3 March 2024</dd><dt>Last updated</dt><dd>5 March 2024</dd></dl>",
        "<dl><dt>Last updated</dt><dd>5 March 2024</dd><dt>Published</dt><dd>3 March 2024</dd></dl>",
        "<div class=date>By Ann Lee, News Reporter 18:05, 3 MAR 2024 Updated 19:22, 5 MAR 2024</div>",
        "<div class=date>03/03/24</div>",
        "<div><span>March 3, 2024 at 6:05 p.m. EST</span></div>",
        '<time datetime="2024-03-03T18:05:00-05:00"><span>Published March 3, 2024</span><span>Updated March 5, 2024</span></time>',
        '<ul class="byline"><li>By Ann</li><li><time datetime="2024-03-03">3 March</time></li></ul>',
        '<p class="date">Veröffentlicht am 3. März 2024</p>',
        '<p class="date">2024/03/03</p>',
        "<p>Posted in News on 3rd March 2024 by admin</p>",
        "<p>SUNDAY, MARCH 3, 2024</p>",
        "<p>3 March 2024 | 1,204 views | 3 min read</p>",
        "<p class=meta>10:05 AM, Mar 3, 2024</p>",
        "<div>Published: Mar. 3, 2024 at 6:05 PM EST|Updated: 14 hours ago</div>",
    ],
)
def test_bylines_of_all_kinds_are_read(top: str) -> None:
    """The published day where an updated one stands beside it, in whatever order, without a doubt."""
    assert dated(top) == (MARCH_3, [])


@pytest.mark.parametrize(
    ("top", "after"),
    [
        ("<p>The rally takes place on 9 May 2024 at noon.</p>", ""),
        ("<p>Date of march: 9 May 2024</p>", ""),
        ("", "<div>Copyright 3 March 2019 Eastmoor</div>"),
        ("", "<div><b>Bob</b> <span class=date>5 May 2024</span><p>I was there.</p></div>"),
        ("", '<div><a href=x>Another story</a> <time datetime="2022-01-01">1 Jan</time></div>'),
        ("<p class=date>3 hours ago</p>", ""),
        ("<p class=date>March 2024</p>", ""),
    ],
)
def test_other_days_are_not_taken_for_that_of_publication(top: str, after: str) -> None:
    """The day of an event, a notice, a comment, another story, or half a date: the report says that it has none."""
    assert dated(top, after=after) == (None, ["no date of publication found in this page: give it with --published"])


def test_a_day_in_the_address_wins_over_that_of_a_change() -> None:
    """A change says little; and the day of an event in an address ("rally-on-2024-05-09") says nothing."""
    changed = ld({"@type": "NewsArticle", "dateModified": "2024-03-09"})
    assert dated(head=changed + '<link rel=canonical href="https://x.example/2024/03/03/march">') == (MARCH_3, [])
    assert dated(head='<link rel=canonical href="https://x.example/rally-on-2024-05-09">')[0] is None


def test_a_placeholder_does_not_hide_the_true_day() -> None:
    """1970-01-01 is told and passed over; the byline is read."""
    published, told = dated("<p class=date>3 March 2024</p>", head=ld(news(LIBRARY, "1970-01-01")))
    assert published == MARCH_3
    assert told == ["the date 1970-01-01 (JSON-LD datePublished) is before 1990: left out; give it with --published"]


def test_tomorrow_is_doubted_unless_it_is_tomorrow_there_already() -> None:
    """Eight in the morning in Sydney is the evening before in London: the day is as written, the moment is compared."""
    assert dated(head='<meta property="article:published_time" content="2026-11-25T08:00:00+11:00">') == (dt.date(2026, 11, 25), [])
    published, told = dated(head='<meta property="article:published_time" content="2026-11-25">')
    assert published is None
    assert "is in the future" in told[0]


def test_no_page_is_younger_than_the_day_on_which_it_was_fetched() -> None:
    """An archive says when it fetched a page; a later date is wrong, and settles no order of day and month."""
    published, told = dated(head='<meta name="date" content="2024-03-03">', fetched=dt.date(2024, 3, 1))
    assert published is None
    assert "later than the page was saved" in told[0]
    assert dated("<p class=date>03/04/2024</p>", fetched=dt.date(2024, 3, 20)) == (dt.date(2024, 3, 4), [])


def test_a_masthead_that_shows_the_day_of_the_visit_is_not_believed() -> None:
    """Where it is the day of reading or fetching; another day above the headline is taken with a doubt."""
    for words, expected in (("Tuesday, November 24, 2026", None), ("Sunday, March 3, 2024", MARCH_3)):
        page = html(head=f"<title>{LIBRARY.title}</title>", body=f"<div>{words}</div>" + article(LIBRARY))
        found = opened(page.encode())
        assert only_report(found).published == expected
        assert len(doubts(found)) == 1


def test_one_date_one_doubt() -> None:
    """The same wrong day in JSON-LD and in a meta tag is told, and each place named."""
    published, told = dated(head=ld(news(LIBRARY, "2031-01-01")) + '<meta name="date" content="2031-01-01">')
    assert published is None
    assert all("2031-01-01" in reason for reason in told)


@pytest.mark.parametrize(
    ("value", "day"),
    [
        ("2024-03-03T23:59:00-0800", MARCH_3), ("20240303T101500Z", MARCH_3), ("Sun, 03 Mar 2024 18:05:00 GMT", MARCH_3), ("1709478000000", MARCH_3),
        ("Sunday 3rd of March, 2024", MARCH_3), ("3.3.2024", MARCH_3), ("2024年3月3日", MARCH_3), ("2024-02-30", None), ("soon", None), ("", None),
        ("9" * 400, None), ("2024-13-45T99:99", None), ("0000-00-00", None),
    ],
)  # fmt: skip
def test_values_of_attributes(value: str, day: dt.date | None) -> None:
    """In its own time zone; a day that no calendar has is none."""
    found = read_day(value, regions=[])
    assert (found.day if found else None) == day


@pytest.mark.parametrize(
    ("regions", "day", "other"),
    [(["GB"], 3, False), (["US"], 4, False), (["IN", "US"], 3, False), ([], 3, True), (["CA"], 3, True), (["CA", "US"], 4, False)],
)
def test_the_order_of_figures_is_that_of_the_country(regions: list[str], day: int, other: bool) -> None:
    """The best hint decides; Canada's papers write both, and nothing is guessed."""
    (found,) = days_in("03/04/2024", regions=regions)
    assert found.day.day == day
    assert (found.other is not None) == other
