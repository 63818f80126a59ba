"""Pages that a browser saved as one file."""

# ruff: noqa: E501 (markup stands on lines as long as pages write them)

from __future__ import annotations

import base64
import datetime as dt
import quopri

import pytest

from headcount.models import Problem
from sources.pages.stories import LIBRARY
from sources.pages.templates import article, html
from sources.pages.test_html import doubts, only_report, opened

ADDRESS = "https://www.eastmoorgazette.co.uk/news/march"
TOP = "<p class=date>Published 3 March 2024 – by Ann Lee</p>"


def archive(
    page: bytes,
    *,
    transfer: str = "quoted-printable",
    saved: str = "Tue, 5 Mar 2024 10:00:00 -0000",
    start: str = "",
    charset: str = "",
) -> bytes:
    body = (
        quopri.encodestring(page) if transfer == "quoted-printable" else base64.encodebytes(page) if transfer == "base64" else page
    )
    lines = [
        "From: <Saved by Blink>", f"Snapshot-Content-Location: {ADDRESS}", "Subject: =?utf-8?Q?March?=", f"Date: {saved}", "MIME-Version: 1.0",
        f'Content-Type: multipart/related; type="text/html"; boundary="--b"{start}', "", "----b",
        "Content-Type: text/html", "Content-ID: <advert@x>", "Content-Location: https://ads.example/frame", "", "<p>Buy eight of these now, and get one more for nothing.</p>",
        "----b", f"Content-Type: text/html{charset}", "Content-ID: <page@x>", f"Content-Transfer-Encoding: {transfer}", f"Content-Location: {ADDRESS}", "", "",
    ]  # fmt: skip
    tail = "\r\n----b\r\nContent-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n\r\niVBORw0KGgo=\r\n----b--\r\n"
    return "\r\n".join(lines).encode() + body + tail.encode()


PAGE = html(head=f"<title>{LIBRARY.title}</title>", body=article(LIBRARY, top=TOP))


@pytest.mark.parametrize("transfer", ["quoted-printable", "base64", "8bit"])
def test_the_saved_page_is_read_not_the_frames_beside_it(transfer: str) -> None:
    """By its address; through its transfer encoding; with the address as that of the report."""
    report = only_report(opened(archive(PAGE.encode(), transfer=transfer), media="mhtml"))
    assert report.text.startswith(LIBRARY.begins)
    assert report.text.endswith(LIBRARY.ends)
    assert (report.title, report.published, report.url, report.country) == (LIBRARY.title, dt.date(2024, 3, 3), ADDRESS, "GB")


def test_start_names_the_page() -> None:
    """A multipart's start parameter is the id of its root."""
    data = archive(PAGE.encode(), start='; start="<page@x>"').replace(b"Snapshot-Content-Location", b"X-Other")
    assert only_report(opened(data, media="mhtml")).text.startswith(LIBRARY.begins)


def test_a_date_after_the_page_was_saved_is_left_out() -> None:
    """The archive's own date says when: no report in it can be younger."""
    found = opened(archive(PAGE.encode(), saved="Fri, 1 Mar 2024 10:00:00 -0000"), media="mhtml")
    assert only_report(found).published is None
    assert any("3 March 2024" in reason and "later than the page was saved" in reason for reason in doubts(found))


def test_the_part_declares_its_encoding() -> None:
    """As the transport of a page does."""
    page = PAGE.replace('<meta charset="utf-8">', "").encode("cp1252")
    report = only_report(opened(archive(page, charset="; charset=windows-1252"), media="mhtml"))
    assert "“It is the heart of this town" in report.text
    assert report.origin is not None
    assert report.origin.charset == "cp1252"


@pytest.mark.parametrize(
    "data",
    [
        b"MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=x\r\n\r\n--x\r\nContent-Type: image/png\r\n\r\n\x00\r\n--x--",
        b"",
        b"\x00\xff",
    ],
)
def test_an_archive_without_a_page_is_named(data: bytes) -> None:
    """Fatal, with what was expected."""
    (problem,) = opened(data, media="mhtml")
    assert isinstance(problem, Problem)
    assert problem.fatal
    assert "no page in this web archive" in problem.reason
