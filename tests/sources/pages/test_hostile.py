"""Pages that were made to hurt a reader: each ends in a report or in a problem that names what is wrong."""

# ruff: noqa: E501 (markup stands on lines as long as pages write them)

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from headcount.models import Problem, Report
from sources.pages.templates import PAGES
from sources.pages.test_html import doubts, only_report, opened

P = "<p>Hundreds of people marched through the town on Saturday afternoon, police said.</p>"
HEAD = '<html><head><title>March in town</title><meta property="article:published_time" content="2024-03-03"></head><body>'


@pytest.mark.parametrize(
    ("markup", "doubt"),
    [
        ("<div>" * 100_000 + P + "</div>" * 100_000, "tags nested more than 200 deep"),
        ("<p>" + "<b>" * 15_000 + P, "tags nested more than 200 deep"),
        ("".join(P.replace("Hundreds", f"About {number}") for number in range(100_000)), "more than 20,000 tags"),
        ("<p>" + "Hundreds of people marched on Saturday. " * 150_000, "more than 4 MiB of text"),
    ],
    ids=["100,000 nested tags", "15,000 open tags", "100,000 paragraphs", "a text of 6 MB"],
)
def test_pages_past_a_limit_are_read_quickly_and_say_so(markup: str, doubt: str) -> None:
    """The quick reader gives the text; title and date are there all the same."""
    found = opened((HEAD + markup).encode())
    report = only_report(found)
    assert "people marched" in report.text
    assert report.title == "March in town"
    assert report.published == dt.date(2024, 3, 3)
    assert any(doubt in reason for reason in doubts(found))


@pytest.mark.parametrize(
    "markup",
    [
        "<!-- " * 20_000 + P, "<script " * 20_000 + P, "<svg>" * 20_000 + P, "<" * 50_000 + P, "&" * 50_000 + P,
        "<p " + " ".join(f"a{number}=b" for number in range(20_000)) + ">" + P, "<table><tr><td>" * 60 + P,
        '<script type="application/ld+json">' + "[" * 50_000 + "</script>" + P,
        '<script type="application/ld+json">{"datePublished": ' + "9" * 9_000 + "}</script>" + P,
    ],
)  # fmt: skip
def test_marks_without_an_end_cost_no_report(markup: str) -> None:
    """Comments, scripts and brackets that are never closed, tags of 20,000 attributes, JSON of nothing but brackets."""
    assert "Hundreds of people marched" in only_report(opened((HEAD + markup).encode())).text


@pytest.mark.parametrize(
    ("markup", "why"),
    [
        ("<html><body></body></html>", "too few words"),
        ("<html><body><p>Home</p></body></html>", "too few words"),
        ("<html><body><div id=root></div><script>start()</script></body></html>", "put there by scripts"),
        ("<html><frameset cols='20%,*'><frame src=a.html><frame src=b.html></frameset></html>", "only frames"),
        ("<html><title>404 Not Found</title><body><h1>404 Not Found</h1><p>The page that you asked for is not on this server.</p></html>", "server's message (404"),
        ("<!-- nothing -->", "page is empty"),
    ],
)  # fmt: skip
def test_a_page_without_a_story_is_named(markup: str, why: str) -> None:
    """Nothing to read is a fatal problem that says what was found instead, and never an empty report."""
    (problem,) = opened(markup.encode())
    assert isinstance(problem, Problem)
    assert problem.fatal
    assert problem.reason.startswith("no article text found in this page: ")
    assert why in problem.reason


@settings(max_examples=60, deadline=None)
@given(
    st.binary(max_size=400), st.sampled_from([None, "utf-7", "utf-16", "iso-8859-1", "no-such", "shift_jis", "idna", "hex", "\x00"])
)
def test_any_bytes_give_a_report_or_a_named_problem(data: bytes, charset: str | None) -> None:
    """Whatever the bytes and whatever encoding the server declares, Python's own transforms among them."""
    found = opened(data, charset=charset)
    assert found
    assert all("could not be opened as html" not in item.reason for item in found if isinstance(item, Problem)), found


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_pages_cut_and_scrambled_are_read_or_named(data: st.DataObject) -> None:
    """A template cut off anywhere, with bytes of another at any place."""
    one = data.draw(st.sampled_from(PAGES)).data[:20_000]
    other = data.draw(st.sampled_from(PAGES)).data[:20_000]
    cut = data.draw(st.integers(0, len(one)))
    start = data.draw(st.integers(0, len(other)))
    found = opened(one[:cut] + other[start : start + 500] + one[cut + 300 :])
    assert all("could not be opened as html" not in item.reason for item in found if isinstance(item, Problem)), found
    assert found


@pytest.mark.parametrize("declared", ["utf-7", "rot13", "idna", "utf-16", "iso-8859-1", "nonsense"])
def test_a_lying_transport_harms_nothing(declared: str) -> None:
    """UTF-8 is UTF-8 whatever the server says; UTF-7 is never read, though its letters are ASCII."""
    text = "<p>Hundreds of café owners marched +ADw-script+AD4- through the town on Saturday – police said.</p>"
    report = only_report(opened((HEAD + text).encode(), charset=declared))
    assert "café owners marched +ADw-script+AD4- through the town on Saturday – police" in report.text


def test_nothing_is_printed(capfd: pytest.CaptureFixture[str]) -> None:
    """The libraries' own messages stay inside: what matters is told as problems."""
    for markup in ("", "<p>", "<html><body><div></div>", HEAD + "<p>" + "x" * 50, HEAD + P):
        opened(markup.encode())
    assert capfd.readouterr() == ("", "")


def test_the_text_is_the_same_each_time() -> None:
    """No library carries anything over from one page to the next."""
    first = [only_report(opened(page.data)).text for page in PAGES[:12]]
    assert [only_report(opened(page.data)).text for page in reversed(PAGES[:12])] == first[::-1]
    assert all(isinstance(item, Report | Problem) for page in PAGES[:3] for item in opened(page.data))
