"""RTF: characters of every code page, no pictures and no instructions in the text, and hostile sources are named or read."""

from __future__ import annotations

import datetime as dt
import gc
import time

import pytest

from headcount.models import Document, Problem, Report
from headcount.sources import Defaults
from headcount.sources.limits import RTF_GROUPS
from headcount.sources.opening import Asked, open_document

DATED = Asked(defaults=Defaults(published=dt.date(2016, 8, 2)))


def opened(data: bytes, asked: Asked = DATED) -> list[Report | Problem]:
    items = open_document(Document(data=data, media="rtf", record="a.rtf", source="a.rtf"), asked)
    return [item for item in items if isinstance(item, Report | Problem)]


def text_of(data: bytes) -> str:
    [report] = opened(data)
    assert isinstance(report, Report)
    return report.text


def test_paragraphs_come_in_order() -> None:
    """Paragraphs, lines broken by hand and rows of a table are paragraphs; fonts, colours, headers and notes are not there."""
    source = (
        rb"{\rtf1\ansi\deff0{\fonttbl{\f0 Arial;}}{\colortbl;\red0\green0\blue0;}{\header Page 1\par}{\*\generator Word;}"
        rb"\pard About 300 people marched.\par They went home.\line It rained.\par{\footnote a note}"
        rb"\trowd\cellx900\cellx1800 Elm\cell 300\cell\row \pard\par End.\par}"
    )
    assert text_of(source) == "About 300 people marched.\n\nThey went home.\n\nIt rained.\n\nElm\t300\n\nEnd."


@pytest.mark.parametrize(
    ("source", "text"),
    [
        (rb"{\rtf1\ansi\ansicpg1252 M\'fchle \'93x\'94}", "Mühle “x”"),
        (rb"{\rtf1\ansi\ansicpg1251 \'cc\'e0\'f0\'f8}", "Марш"),
        (rb"{\rtf1\ansi{\fonttbl{\f1\fcharset204 A;}}\f1 \'cc\'e0\'f0\'f8}", "Марш"),
        (rb"{\rtf1\ansi\uc1 caf\u233? \u8211- \u-10179?\u-8704?}", "café – \U0001f600"),
        ("{\\rtf1\\ansi Mühle}".encode(), "Mühle"),
        ("{\\rtf1\\ansi\\ansicpg1252 Mühle}".encode("cp1252"), "Mühle"),
        (rb"{\rtf1\ansi a\~b\_c \{d\} \\ e|f}", "a\xa0b\u2011c {d} \\ e|f"),
        (rb"{\rtf1 a\u9999999999999? b\u-99999999? c\uc9999999 d\u55357? e}", "a\ufffd b\ufffd cd\ufffd e"),
        (rb"{\rtf1{\fonttbl{\f0\fcharset78 A;}}\f0 a\'e9 b}", "aé b"),
        (b"{\\rtf1{\\fonttbl{\\f0\\fcharset" + b"9" * 5000 + b" A;}}\\f0 a\\'e9 b}", "aé b"),
        (b"{\\rtf1{\\fonttbl" + b"{\\f0\\fnil\\fcharset0 Long Name;}" * 3000 + b"}\\f0 a\\'e9 b}", "aé b"),
    ],
    ids=[
        "1252",
        "1251",
        "font",
        "unicode",
        "utf-8",
        "raw 1252",
        "escapes",
        "no characters",
        "no code page",
        "charset",
        "many fonts",
    ],
)
def test_characters(source: bytes, text: str) -> None:
    """Code pages of the document and of a font, Unicode, raw bytes; what is no character is U+FFFD, one for one."""
    assert text_of(source) == text


def test_links_keep_their_words_alone() -> None:
    """The address of a link is an instruction, not text."""
    source = rb'{\rtf1 See {\field{\*\fldinst{HYPERLINK "https://herald.example/a"}}{\fldrslt{the story}}} today.\par}'
    assert text_of(source) == "See the story today."


@pytest.mark.parametrize(
    "picture",
    [
        rb"{\pict\pngblip " + b"89ab" * 1000 + b"}",
        rb"{\*\shppict{\pict\bin6 {}{}{}}}",
        rb"{\object{\*\objdata 0105}}",
        rb"\bin4 {{{{",
    ],
    ids=["hex", "binary", "object", "bare"],
)
def test_pictures_are_passed_over(picture: bytes) -> None:
    """Neither hexadecimal digits nor bytes of a picture are text, and braces among its bytes are no groups."""
    assert text_of(rb"{\rtf1 They " + picture + rb"marched.\par}") == "They marched."


def test_the_title_of_the_document() -> None:
    """A title in the document's properties is the title."""
    [report] = opened(rb"{\rtf1{\info{\author x}{\title March in Elm}}They marched.}")
    assert isinstance(report, Report)
    assert (report.title, report.text) == ("March in Elm", "They marched.")


def test_a_date_is_asked_for() -> None:
    """RTF names no day of publication, and the doubt says so."""
    problem, report = opened(rb"{\rtf1 They marched.}", Asked())
    assert isinstance(problem, Problem)
    assert not problem.fatal
    assert "--published" in problem.reason
    assert isinstance(report, Report)
    assert report.published is None


@pytest.mark.parametrize("closed", [True, False])
def test_groups_nested_too_deeply_are_named(closed: bool) -> None:
    """100,000 groups within each other are named, not followed."""
    [problem] = opened(b"{\\rtf1" + b"{" * 100_000 + b"x" + (b"}" * 100_001 if closed else b""))
    assert isinstance(problem, Problem)
    assert problem.fatal
    assert problem.reason == str(RTF_GROUPS)


@pytest.mark.parametrize("source", [b"{\\rtf", b"{\\rtf1}", b"{\\rtf1\\par\\par}", b"{\\rtf1{\\pict 00}}"])
def test_no_text_is_named(source: bytes) -> None:
    """A document without text is no empty report."""
    [problem] = opened(source)
    assert isinstance(problem, Problem)
    assert problem.fatal
    assert "nothing to read" in problem.reason


def test_what_is_cut_off_is_read() -> None:
    """Groups that are never closed lose nothing of the text before."""
    assert text_of(rb"{\rtf1{\b They marched.\par {\i On") == "They marched.\n\nOn"


LEXIS = r"""{\rtf1\ansi\deff0
{\fonttbl{\f0\fmodern Courier;}{\f1\froman Times New Roman;}{\f4\froman Ming {\*\falt &#32048;,MingLiU};}}
{\stylesheet{\fs20 \snext0 Normal;}}\margl1297\widowctrl\sectd\marglsxn1296 \f0 \fs20
{\*\LXNComment 1826:1}\f6 \fs20 \cf \b0 \i0 \ul0 \pard \hyphpar0 \ql \li0\ri0 \sb0 \fi0 Download Request: All Documents: 1-1
\par \pard
\par \pard \hyphpar0 \ql \li0\ri0 \sb0 \fi0 Terms: (bridge AND march)
\par \pard
\par
\sect \sectd \marglsxn1296\sbkpage \pgnstarts1 \pgnrestart {
\header \pard \fs20 \f1 Page \chpgn \qr
\par \pard \f1 \fs20 \b0 \hyphpar0 SILENCE on the bridge The Penmoor Courier July 1, 2016 Friday \qc
\par }{\*\bkmkstart DOC_ID_0}{\*\bkmkend DOC_ID_0}\pard
\par \f1 \fs20 \cf \b0 \pard \hyphpar0 \qc \li0\ri0 \sb0 \fi0 1 of 1 DOCUMENT
\par \pard
\par \pard \qc \li0\ri0 \sb0 \fi0 Copyright 2016 Penmoor Press Limited d/b/a  Penmoor Digital
\par \pard \qc \li0\ri0 \sb0 \fi0 All Rights Reserved
\par \pard \qc \li0\ri0 \sb0 \fi0 {\*\shppict{\pict\pngblip
89504e470d0a1a0a}}
\par \pard \qc \li0\ri0 \sb0 \fi0 The Penmoor Courier
\par \pard
\par \cf17 \b \i0 \ul0 \pard \qc \li1200\ri1200 \sb0 \fi0 July\cf \b0 \i0 \ul0  1, 2016 Friday
\par \pard \qc \li1200\ri1200 \sb0 \fi0 Met 2 Edition
\par \pard
\par \b \i0 \ul0 \pard \ql \li0\ri0 \sb0 \fi0 SECTION: \b0 \i0 \ul0 A-SECTION; Pg. A01
\par \pard
\par \b \i0 \ul0 \pard \ql \fi0 LENGTH: \b0 \i0 \ul0 12 words
\par \pard
\par \b \i0 \ul0 \pard \ql \fi0 HEADLINE: \b0 \i0 \ul0 SILENCE on the bridge
\par \pard
\par \b \i0 \ul0 \pard \ql \fi0 BODY: \b0
\par \pard
\par \pard \ql \fi0 About 300 people crossed the \cf17 \b bridge\cf \b0  in silence.
\par \pard
\par \pard \ql \fi0 Nobody spoke.
\par \pard
\par \b \i0 \ul0 \pard \ql \fi0 LOAD-DATE: \b0 \i0 \ul0 July 1, 2016
\par }"""
"""One article in the RTF that LexisNexis Academic wrote: each paragraph with its own settings, the searched words in bold."""


def test_an_export_as_its_database_wrote_it() -> None:
    """Headers of pages with the title, bookmarks, logos and highlighted words leave nothing in the article."""
    [report] = opened(LEXIS.encode(), Asked())
    assert isinstance(report, Report)
    assert report.record == "a.rtf#article 1"
    assert (report.title, report.publisher) == ("SILENCE on the bridge", "The Penmoor Courier")
    assert report.published == dt.date(2016, 7, 1)
    assert report.text == "About 300 people crossed the bridge in silence.\n\nNobody spoke."


HOSTILE = {
    "links": lambda n: b"{\\rtf1 a" + b'\\field{\\*\\fldinst{HYPERLINK "http://a"}}{\\fldrslt x}' * n,
    "fonts": lambda n: b"{\\rtf1{\\fonttbl" + b"\\f0" * n + b"}x}",
    "fonts without ends": lambda n: b"{\\rtf1{\\fonttbl" + b"{\\f0\\fcharset0 A" * n,
    "pictures": lambda n: b"{\\rtf1 a" + b"{\\pict}" * n,
    "open pictures": lambda n: b"{\\rtf1 a{\\pict " + b"\\bin1 }" * n,
    "titles": lambda n: b"{\\rtf1 x" + b"{\\info}" * n + b"{\\title " * 900,
    "code points": lambda n: b"{\\rtf1 " + b"\\u99999999?" * n + b"}",
    "backslashes": lambda n: b"{\\rtf1 " + b"\\" * (2 * n) + b"}",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_time_grows_with_the_length_of_the_source(name: str) -> None:
    """Eight times the source takes nowhere near 64 times as long: only growth is asserted."""

    def measure(data: bytes) -> float:
        gc.collect()
        gc.disable()
        try:
            begun = time.process_time()
            opened(data)
            return time.process_time() - begun + 0.002
        finally:
            gc.enable()

    short, long = HOSTILE[name](2_000), HOSTILE[name](16_000)
    assert min(measure(long) / measure(short) for _ in range(4)) < 30
