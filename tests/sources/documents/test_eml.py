"""Mail: what a message says itself, who sent it as far as that may be shown, what is attached, and hostile messages."""

from __future__ import annotations

import base64
import datetime as dt
import random

import pytest

from headcount.models import Document, Problem, Report
from headcount.sources import Asked, open_document
from headcount.sources.documents.eml import publisher_of
from headcount.sources.limits import MAIL_PARTS, NESTING
from headcount.sources.media import sniff_media

STORY = """Hundreds of people marched through Brackwater on Saturday against the closure
of the town's only library, organisers said. Police put the crowd at about
400.

The march began at noon outside the railway station and ended in Castle Park,
where the mayor, who has backed the closure, was booed by some of those there.
"""
PARAGRAPHS = [
    "Hundreds of people marched through Brackwater on Saturday against the closure of the town's only library, organisers said. "
    "Police put the crowd at about 400.",
    "The march began at noon outside the railway station and ended in Castle Park, where the mayor, who has backed the closure, "
    "was booed by some of those there.",
]
PAGE = (
    "<html><head><title>March</title></head><body><h1>Library march</h1>"
    + "".join(f"<p>{p}</p>" for p in PARAGRAPHS)
    + "</body></html>"
)
HEAD = 'From: "The Brackwater Post" <news@brackwaterpost.example>\nSubject: Library march\nDate: Sun, 7 Aug 2016 23:30:00 -0500\n'


def read(message: str | bytes, *, media: str = "eml") -> list[Report | Problem]:
    data = message.encode() if isinstance(message, str) else message
    document = Document(data=data, media=media, record="a.eml", source="a.eml")
    return [item for item in open_document(document, Asked()) if isinstance(item, Report | Problem)]


def reports_of(items: list[Report | Problem]) -> list[Report]:
    return [item for item in items if isinstance(item, Report)]


def only(message: str | bytes) -> Report:
    [report] = reports_of(read(message))
    return report


def plain(body: str, head: str = HEAD) -> str:
    return f"{head}MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n\n{body}"


def parted(kind: str, *parts: str, head: str = HEAD) -> str:
    return (
        f'{head}MIME-Version: 1.0\nContent-Type: multipart/{kind}; boundary="=x="\n\n'
        + "".join(f"--=x=\n{part}\n" for part in parts)
        + "--=x=--\n"
    )


def attached(name: str, kind: str, data: bytes) -> str:
    head = (
        f'Content-Type: {kind}; name="{name}"\nContent-Disposition: attachment; filename="{name}"\n'
        "Content-Transfer-Encoding: base64"
    )
    return f"{head}\n\n{base64.encodebytes(data).decode()}"


def test_a_message_is_a_report_with_the_fields_of_its_head() -> None:
    """Lines that the mailer broke are joined; the day is the one that is written, in its own time zone."""
    assert sniff_media(plain(STORY).encode()) == "eml"
    report = only(plain(STORY))
    assert report.text.split("\n\n") == PARAGRAPHS
    assert (report.title, report.publisher, report.published) == ("Library march", "The Brackwater Post", dt.date(2016, 8, 7))


def test_headers_are_decoded_and_replies_stripped() -> None:
    """Encoded words, raw bytes of Windows-1252, Re: and Fwd: in front."""
    head = HEAD.replace("Library march", "=?iso-8859-1?Q?RE:_Caf=E9_march?= grows")
    assert only(plain(STORY, head)).title == "Café march grows"
    raw = plain(STORY, HEAD.replace("Library march", "Fwd: Re[2]: Café march")).encode("cp1252")
    assert only(raw).title == "Café march"


def test_lines_of_lists_stay_lines() -> None:
    """Only lines as long as a mailer makes them are joined."""
    text = only(plain(STORY + "\nWhere:\n- Leeds, 2,000\n- York, 300\n")).text
    assert text.endswith("Where:\n- Leeds, 2,000\n- York, 300")


@pytest.mark.parametrize(
    "tail",
    [
        "\nOn Sat, Aug 6, 2016 at 5:10 PM, Tom Brown <tom@mail.example> wrote:\n> 9,000 marched in Leeds\n",
        "\nOn Sat, Aug 6, 2016 at 5:10 PM, Tom Brown\n<tom@mail.example> wrote:\n\n9,000 marched in Leeds\n",
        "\n-----Original Message-----\nFrom: Tom\n\n9,000 marched in Leeds\n",
        "\n> 9,000 marched in Leeds\n",
        "\n-- \nThe Post, 9,000 readers in Leeds\n",
    ],
)
def test_what_is_quoted_is_left_out(tail: str) -> None:
    """Replies, quoted lines and signatures are other people's words, or none."""
    assert only(plain(STORY + tail)).text.split("\n\n") == PARAGRAPHS


def test_a_story_handed_on_is_read_with_its_own_head() -> None:
    """A forward with next to nothing of its own: the story's subject, sender and day, not those of who handed it on."""
    forward = (
        "fyi\n\n---------- Forwarded message ---------\nFrom: Tarn Courier <news@tarncourier.example>\n"
        "Date: Fri, Aug 5, 2016 at 5:10 PM\nSubject: Rally in Tarn Vale\nTo: <jane@mail.example>\n\n\n" + STORY
    )
    report = only(
        plain(forward, "From: Jane Miller <jane.miller@gmail.com>\nSubject: Fwd: x\nDate: Mon, 8 Aug 2016 09:00:00 +0100\n")
    )
    assert report.text.split("\n\n") == PARAGRAPHS
    assert (report.title, report.publisher, report.published) == ("Rally in Tarn Vale", "Tarn Courier", dt.date(2016, 8, 5))


@pytest.mark.parametrize(
    ("sender", "listed", "shown"),
    [
        ('"The Brackwater Post" <newsletters@brackwaterpost.example>', "", "The Brackwater Post"),
        ("Google Alerts <googlealerts-noreply@google.com>", "", "Google Alerts"),
        ("Action Network <press@an.example>", "", "Action Network"),
        ("Jane Miller <jane.miller@gmail.com>", "", None),
        ("Jane Miller <jmiller@council.example>", "", "council.example"),
        ("jane.miller@yahoo.co.uk", "", None),
        ("jane@mail.brackwaterpost.example", "", "brackwaterpost.example"),
        ("Jane Miller <jane.miller@gmail.com>", "Protest Watch <watch.lists.example.org>", "Protest Watch"),
        ('"jane.miller@gmail.com" <jane.miller@gmail.com>', "", None),
        ("not an address", "", None),
        ("", "", None),
    ],
)
def test_who_sent_it_is_never_a_private_person(sender: str, listed: str, shown: str | None) -> None:
    """A list, an outlet or a domain; no mailbox and no person's name."""
    assert publisher_of(sender, listed=listed) == shown


def test_a_date_that_is_none_is_doubted() -> None:
    """The report is read without a day, and the doubt shows what stood there."""
    doubt, report = read(plain(STORY, "From: a@post.example\nSubject: x\nDate: sometime\n"))
    assert isinstance(report, Report)
    assert isinstance(doubt, Problem)
    assert report.published is None
    assert "'sometime'" in doubt.reason


def test_the_page_is_read_where_the_text_is_a_stub() -> None:
    """ "View online" beside a page: the page's story, with the fields of the head."""
    stub = "Content-Type: text/plain\n\nView this message online: https://post.example/a?b=c\n"
    report = only(parted("alternative", stub, f"Content-Type: text/html; charset=utf-8\n\n{PAGE}\n"))
    assert report.text.split("\n\n")[-2:] == PARAGRAPHS
    assert (report.title, report.published) == ("Library march", dt.date(2016, 8, 7))
    whole = f"Content-Type: text/plain; charset=utf-8\n\n{STORY}"
    report = only(parted("alternative", whole, "Content-Type: text/html\n\n<p>Another text altogether.</p>\n"))
    assert report.text.split("\n\n") == PARAGRAPHS


@pytest.mark.parametrize("charset", ["utf-8", "iso-8859-1", "us-ascii", "nonsense", "utf-7", "zlib", "idna", "undefined"])
def test_a_declared_encoding_may_lie(charset: str) -> None:
    """UTF-8 is read as UTF-8 whatever is declared; no codec that is none of text is ever called."""
    message = plain(STORY.replace("library", "café")).replace("charset=utf-8", f"charset={charset}")
    assert "only café, organisers" in only(message).text


def test_attached_documents_are_reports_of_their_own() -> None:
    """A page and a message within; what holds no report we can read is named once, pictures are not."""
    inner = f"From: Tarn Courier <news@tarncourier.example>\nSubject: Inner\nDate: Fri, 5 Aug 2016 10:00:00 +0000\n\n{STORY}"
    message = parted(
        "mixed",
        f"Content-Type: text/plain\n\n{STORY}",
        attached("../march.html", "application/octet-stream", PAGE.encode()),
        f"Content-Type: message/rfc822\n\n{inner}",
        attached("sums.xlsx", "application/vnd.ms-excel", b"PK\x03\x04 sums"),
        attached("logo.png", "image/png", b"\x89PNG"),
    )
    items = read(message)
    assert [report.record for report in reports_of(items)] == ["a.eml", "a.eml#march.html", "a.eml#attached message 1"]
    assert reports_of(items)[1].published == dt.date(2016, 8, 7)
    assert reports_of(items)[2].published == dt.date(2016, 8, 5)
    told = [item.reason for item in items if isinstance(item, Problem)]
    assert told[0] == "attached and not read: sums.xlsx; save and give them if they hold reports"
    assert not any("logo" in reason for reason in told)


def test_an_attachment_that_fails_costs_itself() -> None:
    """A broken PDF beside a message that is read."""
    items = read(parted("mixed", f"Content-Type: text/plain\n\n{STORY}", attached("a.pdf", "application/pdf", b"%PDF-1.4 nothing")))
    assert [report.record for report in reports_of(items)] == ["a.eml"]
    [problem] = [item for item in items if isinstance(item, Problem)]
    assert (problem.record, problem.fatal) == ("a.eml#a.pdf", True)


def test_a_message_without_words_is_a_problem() -> None:
    """Nothing, and blank lines."""
    for body in ("", "\n \n\n"):
        [problem] = read(plain(body))
        assert isinstance(problem, Problem)
        assert "without a text" in problem.reason


def test_a_mailbox_has_several_messages() -> None:
    """Each with its number; "From " at the start of a line of text is no new message."""
    first = f"From post Sat Aug  6 10:00:00 2016\n{plain(STORY)}\n>From the park they went home.\n\n"
    second = f"From post Sun Aug  7 10:00:00 2016\r\n{plain('From Leeds, 40 people came.', HEAD.replace('march', 'talk'))}\n"
    assert sniff_media(first.encode()) == "mbox"
    one, two = reports_of(read(first + second, media="mbox"))
    assert (one.title, two.title) == ("Library march", "Library talk")
    assert (one.record, two.record) == ("a.eml#message 1", "a.eml#message 2")
    assert one.text.endswith("From the park they went home.")


def test_messages_in_messages_end_at_the_limit() -> None:
    """Ten within each other: the outer ones are read, the rest is named."""
    message = f"Subject: x\nFrom: a@post.example\n\n{STORY}"
    for _ in range(10):
        message = parted("mixed", f"Content-Type: text/plain\n\n{STORY}", f"Content-Type: message/rfc822\n\n{message}").replace(
            "=x=", "=y="
        )
    items = read(message)
    assert any(isinstance(item, Problem) and item.fatal for item in items)
    assert len(reports_of(items)) <= NESTING.most


@pytest.mark.parametrize("depth", [300, 10_000])
def test_deeply_nested_parts_end_in_a_problem(depth: int) -> None:
    """Multiparts within each other, to where the standard library's parser gives up."""
    nested = "".join(f'Content-Type: multipart/mixed; boundary="b{n}"\n\n--b{n}\n' for n in range(depth))
    items = read(f"{HEAD}MIME-Version: 1.0\n{nested}Content-Type: text/plain\n\n{STORY}")
    assert len(items) == 1


def test_too_many_parts_are_named() -> None:
    """Thousands of parts in one message."""
    [problem] = read(parted("mixed", *["Content-Type: text/plain\n\nhello"] * (MAIL_PARTS.most + 1)))
    assert isinstance(problem, Problem)
    assert problem.reason == str(MAIL_PARTS)


@pytest.mark.parametrize(
    "head",
    [
        "From: =?utf-8?B?!!!!?= <a@b.example>\nSubject: =?x?Q?=?=\nDate: Mon, 99 Aug 20016 99:99:99 +9999\n",
        "From: <<>>@@,,;;\nSubject: =?utf-8?B?" + "A" * 5000 + "?=\n",
        "From: a@b.example\nContent-Type: text/plain; charset*=utf-8''%ZZ; name*0*=a; name*2=b\n",
        "From: a@b.example\nContent-Transfer-Encoding: base64\nSubject: \x00\x01\n",
        "From: a@b.example\nContent-Type: multipart/mixed\n",
        "From: a@b.example\nContent-Type: message/rfc822\n",
        "From: a@b.example\nSubject: " + "x " * 100_000 + "\n",
    ],
)
def test_broken_heads_never_raise(head: str) -> None:
    """Bad encoded words, impossible dates, broken parameters: a report or a Problem that says what is wrong."""
    items = read(f"{head}\n{STORY}")
    assert items
    assert not any("could not be opened" in item.reason for item in items if isinstance(item, Problem))


def test_spoilt_bytes_never_raise() -> None:
    """A hundred messages with bytes changed at random."""
    message = parted("mixed", f"Content-Type: text/plain\n\n{STORY}", f"Content-Type: message/rfc822\n\n{plain(STORY)}").encode()
    chance = random.Random(4)
    for _ in range(100):
        spoilt = bytearray(message)
        for _ in range(15):
            spoilt[chance.randrange(len(spoilt))] = chance.randrange(256)
        items = read(bytes(spoilt))
        assert items
        assert not any("could not be opened" in item.reason for item in items if isinstance(item, Problem))
