"""From bytes to text: what is assumed, and that it is said."""

from __future__ import annotations

import codecs
import io

import pytest

from headcount.models import Problem, Report
from headcount.sources import find_reports
from headcount.sources.encoding import decode_text

NEWS = (
    "Café owners and other residents marched through the old town on Saturday – some 3,000 people, "
    "the organisers said. “We won’t pay,” they chanted. The naïve façade of the mayor’s plan, they said, fooled nobody.\n"
)


def read(data: bytes) -> tuple[str, list[str]]:
    items = list(find_reports(["-"], stdin=io.BytesIO(data)))
    [report] = [item for item in items if isinstance(item, Report)]
    return report.text, [item.reason for item in items if isinstance(item, Problem)]


@pytest.mark.parametrize(
    "data",
    [
        NEWS.encode(),
        codecs.BOM_UTF8 + NEWS.encode(),
        codecs.BOM_UTF16_LE + NEWS.encode("utf-16-le"),
        codecs.BOM_UTF16_BE + NEWS.encode("utf-16-be"),
        codecs.BOM_UTF32_LE + NEWS.encode("utf-32-le"),
    ],
)
def test_unicode_with_and_without_a_mark_is_read_in_silence(data: bytes) -> None:
    """A byte order mark leaves no doubt, and is no part of the text."""
    assert read(data) == (NEWS, [])


def test_utf16_without_a_mark_is_read_and_said() -> None:
    """Every other byte of English in UTF-16 is NUL."""
    text, problems = read(NEWS.encode("utf-16-le"))
    assert text == NEWS
    assert "utf-16-le" in problems[0]


def test_windows_1252_is_read_and_said() -> None:
    """The commonest code page of old newsrooms."""
    text, [reason] = read(NEWS.encode("cp1252"))
    assert text == NEWS
    assert "not UTF-8: assumed cp1252" in reason
    assert "convert the file" in reason


@pytest.mark.parametrize("encoding", ["cp1252", "mac_roman"])
@pytest.mark.parametrize(
    "words",
    [
        "Nr;Zeitung;Überschrift;Text\n1;Harbour News;Pilots march;About 90 marched, said the union “Nautilus”.\n",
        "in a café in Leeds – “warm”",
    ],
    ids=["table", "line"],
)
def test_old_macs_are_told_from_windows_by_where_quotes_and_letters_stand(words: str, encoding: str) -> None:
    """The same bytes are quotes in one and letters in the middle of nowhere in the other."""
    text, reason = decode_text(words.encode(encoding))
    assert text == words
    assert encoding.replace("_", "-") in (reason or "")


def test_one_accent_in_latin_1_is_enough_to_say_so() -> None:
    """One byte says too little to guess at; English news with one is Windows-1252."""
    text, [reason] = read(b"Hundreds met in a caf\xe9 in Leeds.")
    assert text == "Hundreds met in a café in Leeds."
    assert "cp1252" in reason


def test_russian_in_windows_1251_is_read() -> None:
    """charset-normalizer tells scripts apart."""
    words = "Тысячи людей вышли на улицы города в субботу, сообщили организаторы митинга. Полиция насчитала пятьсот человек. " * 3
    text, [reason] = read(words.encode("cp1251"))
    assert text == words
    assert "cp1251" in reason


def test_a_broken_byte_in_utf8_costs_one_character() -> None:
    """A page cut in the middle of a character does not turn its other accents into garbage."""
    data = NEWS.encode() + b"\xe2\x80"
    text, [reason] = read(data)
    assert text == NEWS + "�"
    assert "not quite UTF-8" in reason


def test_json_lines_mend_their_encoding_line_by_line() -> None:
    """One line in another encoding does not change how the others are read."""
    data = '{"text": "café"}\n'.encode() + '{"text": "naïve café people"}\n'.encode("cp1252") + '{"text": "façade"}\n'.encode()
    items = list(find_reports(["-"], stdin=io.BytesIO(data)))
    assert [item.text for item in items if isinstance(item, Report)] == ["café", "naïve café people", "façade"]
    [problem] = [item for item in items if isinstance(item, Problem)]
    assert (problem.record, problem.fatal) == ("-:2", False)


def test_json_lines_in_utf16_are_read() -> None:
    """Windows tools write them so."""
    data = codecs.BOM_UTF16_LE + '{"text": "One – 1."}\r\n{"text": "Two."}\r\n'.encode("utf-16-le")
    assert [item.text for item in find_reports(["-"], stdin=io.BytesIO(data)) if isinstance(item, Report)] == ["One – 1.", "Two."]


def test_decoding_keeps_plain_utf8_without_a_note() -> None:
    """The common case has nothing to say."""
    assert decode_text(NEWS.encode()) == (NEWS, None)


@pytest.mark.parametrize("mark", [codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF32_LE])
@pytest.mark.parametrize(
    ("words", "encoding"),
    [
        ("A rally of 50 was held in Leeds on Monday.", "ascii"),
        ("A rally of 500 was held in Leeds on Monday", "ascii"),
        (NEWS, "utf-8"),
        (NEWS, "cp1252"),
        ("Тысячи людей вышли на улицы города в субботу, сообщили организаторы. " * 5, "utf-8"),
        ("Тысячи людей вышли на улицы города в субботу, сообщили организаторы. " * 5, "cp1251"),
    ],
)
def test_a_mark_that_lies_is_not_believed(mark: bytes, words: str, encoding: str) -> None:
    """The bytes after it are read as what they are, and a note says so."""
    text, reasons = read(mark + words.encode(encoding))
    assert text == words
    assert "byte order mark says" in reasons[0]


@pytest.mark.parametrize(
    "words",
    [
        "周六数千人在市中心游行抗议",
        "土曜日にあしたのデモにひとびとがあつまりました",
        "あしたはいいひ",
        "शनिवार को हजारों लोग सड़कों पर उतरे",
        "சனிக்கிழமை ஆயிரக்கணக்கான மக்கள்",
        "Тысячи людей вышли на улицы",
        "토요일에 수천 명이 행진했다",
        "Χιλιάδες διαδηλωτές",
        "خرج الآلاف إلى الشوارع",
        "Hundreds 🎉 marched",
    ],
)
@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
def test_a_mark_that_does_not_lie_is_believed_in_every_script(words: str, encoding: str) -> None:
    """Nothing that is truly UTF-16 or UTF-32 is taken for something else."""
    assert read(("\ufeff" + words).encode(encoding)) == (words, [])
    assert read(("\ufeff" + words * 50).encode(encoding)) == (words * 50, [])


@pytest.mark.parametrize("words", ["50 marched \ud800 in Leeds.", "A caf\u00e9 \udfff and 50 \u2013 60 marched.", "Marched\ud83d"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "utf-16-be"])
def test_a_half_character_is_replaced_and_told(words: str, encoding: str) -> None:
    """One U+FFFD for one lone surrogate, and the rest stays UTF-8 or UTF-16."""
    mark = "\ufeff" if encoding != "utf-8" else ""
    text, [reason] = read((mark + words).encode(encoding, "surrogatepass"))
    assert text == words.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    assert "1 lone surrogates" in reason


def test_utf16_that_is_cut_within_a_character_is_read_and_said() -> None:
    """An odd number of bytes costs the last character."""
    text, [reason] = read(codecs.BOM_UTF16_LE + NEWS.encode("utf-16-le") + b"x")
    assert text == NEWS + "�"
    assert "U+FFFD" in reason
