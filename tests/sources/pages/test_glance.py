"""The look at a page before it is opened: which pages are worth it, and that no bytes harm it."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from headcount.codebook import table
from headcount.models import Document, Reading, Report
from headcount.sources import Asked, open_document
from headcount.sources.pages.glance import QUICK_BYTES, may_tell_page, signs_of

MARCH = """About 2,000 people marched through Ashby on Saturday against the closure of the town's library, organisers said.
Police put the number at 900. The protesters gathered outside the town hall, where the crowd heard speeches from two
councillors and a teacher. "We will be back next week," said one of the organisers. There were no arrests, police said."""

BUDGET = """The council has put off its budget for a second time. Members could not agree on the price of a parking permit, which
is to rise by a tenth. The treasurer said that she had asked for a report on the price of heating in the town's offices,
and that she expected it within a month. The leader of the council did not want to comment on it when he was asked.
The price of a permit was last raised nine years ago, and the treasurer thinks that most people have forgotten it by now."""


def page(story: str, *, beside: str = "", charset: str = "utf-8") -> bytes:
    """A page with a menu, a story, and the teasers of others."""
    menu = "".join(f"<li><a href='/{name}'>{name}</a></li>" for name in ("News", "Sport", "Weather", "Letters", "Jobs"))
    teasers = "".join(f"<li><a href='/{number}'><h3>{beside}</h3></a></li>" for number in range(8)) if beside else ""
    paragraphs = "".join(f"<p>{line}</p>" for line in story.split("\n"))
    return (
        f"<!DOCTYPE html><html><head><title>Courier</title></head><body><nav><ul>{menu}</ul></nav><article>{paragraphs}"
        f"</article><aside class='related'><h2>Related</h2><ul>{teasers}</ul></aside><footer>Our own</footer></body></html>"
    ).encode(charset)


def test_a_page_that_tells_of_a_march_is_worth_opening() -> None:
    """Whatever stands beside it."""
    assert may_tell_page(page(MARCH))
    assert may_tell_page(page(MARCH, beside="Council puts off its budget once more"))


def test_a_page_without_a_gathering_is_not() -> None:
    """Teasers of other stories and one word that may mean anything do not make it one."""
    assert not may_tell_page(page(BUDGET))
    assert not may_tell_page(page(BUDGET, beside="Thousands of protesters marched in the capital on Saturday"))
    assert not may_tell_page(page(BUDGET + " He had the support of the club's supporters.", beside="Hundreds rally"))


@pytest.mark.parametrize("charset", ["latin-1", "cp1252", "utf-8", "utf-16", "no-such-charset"])
def test_the_charset_loses_no_word(charset: str) -> None:
    """Right, wrong, unknown or wide: the words of a march are found, or the page is opened."""
    data = page(MARCH.replace("speeches", "spéeches"), charset="cp1252" if charset == "no-such-charset" else charset)
    for declared in (None, charset, "utf-8", "utf-7", "ascii", "base64"):
        assert may_tell_page(data, charset=declared)


def test_long_pages_and_pages_full_of_such_words_are_opened() -> None:
    """Where the look would take as long as the opening, there is none."""
    assert may_tell_page(page(BUDGET) + b" " * QUICK_BYTES)
    assert signs_of("a rally " * 300) is None
    assert may_tell_page(page("a rally " * 300))


@settings(max_examples=80, deadline=None)
@given(
    st.binary(max_size=400) | st.text(alphabet="<>/ap!-&;\0\u0130\u00e9 rally", max_size=400).map(lambda text: text.encode("utf-8"))
)
def test_no_bytes_harm_it(data: bytes) -> None:
    """Any bytes get an answer."""
    assert may_tell_page(data) in {True, False}
    assert may_tell_page(b"<html>" + data) in {True, False}


def test_deep_nesting_gets_an_answer() -> None:
    """100,000 nested tags are no crash."""
    assert may_tell_page(b"<html><body>" + b"<div>" * 100_000 + b"rally") in {True, False}


def test_signs_are_the_words_and_what_stands_beside_them() -> None:
    """The words of the screen with how often they stand there, the words beside them once, numbers as one."""
    signs = signs_of("On May 5 a rally was held. The rally went on.")
    assert signs is not None
    assert signs["rally"] > 1.0
    assert {"+held", "+#", "+may"} <= signs.keys()
    assert signs_of("Nothing of the kind.") == {}


def test_the_points_know_what_they_are_for() -> None:
    """A word of marches speaks for a gathering more than one of sport."""
    points = table("glance")["words"]["points"]
    assert points["protesters"] > points["supporters"]
    assert points["rally"] > points["packed"]


def test_only_pages_of_bulk_archives_are_turned_away() -> None:
    """A page that was named itself is opened whatever it tells; of an archive, unless asked otherwise."""
    plain = Document(data=page(BUDGET), media="html", record="a.html", source="a.html")
    bulk = Document(data=plain.data, media="html", record="a.warc:0", source="a.warc", may_screen=True, url="https://a.example/1")
    assert isinstance(open_document(plain, Asked())[-1], Report)
    assert isinstance(open_document(bulk, Asked(screen=False))[-1], Report)
    (turned_away,) = open_document(bulk, Asked())
    assert isinstance(turned_away, Reading)
    assert turned_away.screened_out
    assert turned_away.report.url == "https://a.example/1"
