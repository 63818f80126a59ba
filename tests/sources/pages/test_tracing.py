"""Every quote of a page's report is found again in the page's bytes."""

# ruff: noqa: E501 (markup stands on lines as long as pages write them)

from __future__ import annotations

import base64
import quopri
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headcount.sources.pages.mhtml import page_bytes
from headcount.sources.pages.tracing import find_words, stands_in
from sources.pages.templates import PAGES, Page
from sources.pages.test_html import only_report, opened


@pytest.mark.parametrize("page", PAGES, ids=[page.name for page in PAGES])
def test_every_sentence_is_found_again(page: Page) -> None:
    """In whatever template, encoding or JSON: the span holds the words, from the first to the last."""
    report = only_report(opened(page.data, url=page.fetched_from))
    assert report.origin is not None
    charset = report.origin.charset
    for sentence in re.split(r"(?<=[.!?])\s+|\n+", report.text):
        if not sentence.strip():
            continue
        span = find_words(page.data, sentence, media="html", charset=charset)
        assert span is not None, sentence
        raw = page.data[span[0] : span[1]].decode(charset or "utf-8").replace("\0", "")
        first, last = sentence.split()[0], sentence.split()[-1]
        if "&" not in raw and "\\" not in raw:
            assert raw.startswith(first)
            assert raw.endswith(last)


def found(page: bytes, words: str, charset: str = "utf-8") -> bytes | None:
    span = find_words(page, words, media="html", charset=charset)
    return None if span is None else page[span[0] : span[1]]


@pytest.mark.parametrize(
    ("markup", "words"),
    [
        ("<p>About <b>400</b> people</p>", "About 400 people"),
        ("<p>About\n   400&nbsp;people</p>", "About 400 people"),
        ("<p>About 400<!-- was 300 --> people</p>", "About 400 people"),
        ("<p>About 4&#48;0 people</p>", "About 400 people"),
        ("<p>About 400 pe\xadople</p>", "About 400 people"),
        ("<p>About 400 pe&shy;ople</p>", "About 400 people"),
        ("<p>the caf&eacute; owners&rsquo; march</p>", "the café owners’ march"),
        ("<p>the town&#146;s library</p>", "the town’s library"),
        ("<p>About 400<script>let x = '<p>'</script> people</p>", "About 400 people"),
        ('<p>About 400 <a title="a > b" href=x>people</a></p>', "About 400 people"),
        ("<p>About 400 <button>Share</button>people</p>", "About 400 people"),
        ("<p>costs rose 5 < 6 and About 400 people</p>", "About 400 people"),
        ("<p>AT&T workers</p>", "AT&T workers"),
        ('<script type="application/ld+json">{"articleBody": "caf\\u00e9 owners\\n\\n\\u201cmarched\\u201d"}</script>', "café owners “marched”"),
        ('<script type="application/ld+json">{"articleBody": "<p>About 400<\\/p> <p>people &amp; dogs<\\/p>"}</script>', "About 400 people & dogs"),
    ],
)  # fmt: skip
def test_words_are_found_through_markup(markup: str, words: str) -> None:
    """Tags, references, comments, blanks, soft hyphens and escapes may stand between the letters."""
    page = f"<html><body><p>Elsewhere.</p>{markup}<p>The end.</p></body></html>".encode()
    assert found(page, words) is not None


def test_the_span_is_of_bytes() -> None:
    """Two bytes before an accent, two for UTF-16: the span points into the bytes as they are."""
    text = "<p>É É É</p><p>About 400 people</p>"
    assert found(text.encode(), "About 400 people") == b"About 400 people"
    wide = text.encode("utf-16-le")
    assert found(wide, "About 400 people", "utf-16-le") == "About 400 people".encode("utf-16-le")
    japanese = "<p>北町で四百人が行進した。</p>".encode("cp932")
    assert found(japanese, "四百人が行進", "cp932") == "四百人が行進".encode("cp932")


def test_what_is_not_there_is_not_found() -> None:
    """Nor are the words of scripts, and of tags' attributes, though they stand in the bytes."""
    page = b"<p title='About 900 people'>About 400 people</p><script>About 700 people</script>"
    assert found(page, "About 900 people") is None
    assert found(page, "About 700 people") is None
    assert found(page, "") is None
    assert found(page, "  ") is None


@given(words=st.text(min_size=1, max_size=40), before=st.binary(max_size=60), after=st.binary(max_size=60))
def test_any_bytes_are_searched_without_failing(words: str, before: bytes, after: bytes) -> None:
    """Whatever stands around: an answer, and where there is one a span within the bytes."""
    page = before + words.encode("utf-8", "replace") + after
    span = find_words(page, words, media="html", charset=None)
    assert span is None or 0 <= span[0] <= span[1] <= len(page)


@given(
    st.lists(
        st.sampled_from(["<p>", "</p>", "<b>", "&amp;", " ", "\n", "<!--", "-->", "<script>", "</script>", "<", ">", "&"]),
        max_size=30,
    )
)
def test_hostile_markup_is_searched_without_failing(pieces: list[str]) -> None:
    """Marks that are never closed cost no more than a look."""
    page = ("".join(pieces) + "<p>About 400 people</p>").encode()
    find_words(page, "About 400 people", media="html", charset="utf-8")


def test_a_page_of_open_marks_is_searched_once() -> None:
    """100,000 openings of comments, scripts and quotes without an end; time is not asserted, but the test would not end."""
    for mark in ("<!-- ", "<script ", '<a b="', "<svg ", "&", "<"):
        page = (mark * 50_000 + "<p>About 400 people</p>").encode()
        find_words(page, "About 500 people", media="html", charset="utf-8")


PAGE = "<html><body><p>About 400 café owners marched = walked through Eastmoor on Saturday, police said, in the rain.</p></body></html>"


@pytest.mark.parametrize("transfer", ["quoted-printable", "base64"])
def test_words_of_a_web_archive_are_found_in_its_page(transfer: str) -> None:
    """The span lies in the page's part, after its transfer encoding is taken off."""
    body = quopri.encodestring(PAGE.encode()) if transfer == "quoted-printable" else base64.encodebytes(PAGE.encode())
    archive = (
        b'From: <Saved by Browser>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related; type="text/html"; boundary="x"\r\n\r\n--x\r\n'
        b"Content-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: "
        + transfer.encode()
        + b"\r\n\r\n"
        + body
        + b"\r\n--x--\r\n"
    )
    span = find_words(archive, "400 café owners marched = walked", media="mhtml", charset="utf-8")
    assert span is not None
    assert page_bytes(archive)[0][span[0] : span[1]].decode() == "400 café owners marched = walked"


def test_words_of_other_media_are_looked_for_in_what_they_hold() -> None:
    """A text is searched as it is, a line of JSON with its escapes undone, an unknown document never stands for its words."""
    assert stands_in(b"About 400\npeople", "About 400 people", "text", None)
    assert stands_in(b'{"text": "caf\\u00e9 owners"}', "café owners", "jsonl", None)
    assert not stands_in(b"About 400 people", "About 500 people", "text", None)
    assert not stands_in(b"%PDF-1.4 broken", "About 400 people", "pdf", None)
    assert stands_in(b"<p>About <b>400</b> people</p>", "About 400 people", "html", "utf-8")
