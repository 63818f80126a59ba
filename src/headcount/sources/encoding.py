"""From bytes to text: UTF-8 where it is UTF-8, else what the bytes look like, and a word on what was assumed.

Nothing is normalised: line ends, control characters and direction marks stay, so that a span points into what the
file says. Only a byte order mark at the very start is no part of the text.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from typing import Final

from headcount.sources.limits import CHARSET_SAMPLE_BYTES, SNIFF_BYTES

WIDE_MARKS: Final = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
UNREADABLE: Final = (
    (b"\x89PNG", "a picture", "give its text"),
    (b"\xff\xd8\xff", "a picture", "give its text"),
    (b"GIF8", "a picture", "give its text"),
    (b"RIFF", "a picture or a sound", "give its text"),
    (b"\xd0\xcf\x11\xe0", "a document of an old office program", "save it as .docx or as plain text first"),
    (b"\x28\xb5\x2f\xfd", "a zstd archive", "unpack it first (zstd -d)"),
    (b"BZh", "a bzip2 archive", "unpack it first (bunzip2)"),
    (b"\xfd7zXZ\x00", "an xz archive", "unpack it first (unxz)"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive", "unpack it first"),
    (b"Rar!", "a RAR archive", "unpack it first"),
    (b"SQLite format 3", "an SQLite database", "export its table as CSV first"),
    (b"wOFF", "a font", "give a report"),
    (b"wOF2", "a font", "give a report"),
    (b"\x7fELF", "a program", "give a report"),
)
"""What is no text and is not opened either: its first bytes, what it is, what to do."""

TEXT_SHARE: Final = 0.85
"""An input with NUL bytes is text if at least this share of it is UTF-8 and no control character; of a photo 0.5 is."""

# Single-byte code pages of western Europe that charset-normalizer cannot tell apart on a page of English: all but a
# handful of such pages are Windows-1252 (it contains ISO 8859-1's letters), so that one is assumed for the family.
WESTERN: Final = frozenset(
    {"cp1252", "latin_1", "iso8859_15", "iso8859_9", "cp1254", "cp1250", "cp1257", "iso8859_2", "iso8859_3", "iso8859_4",
     "iso8859_10", "iso8859_13", "iso8859_14", "iso8859_16", "cp1258", "mac_iceland", "mac_latin2", "mac_turkish", "hp_roman8",
     "cp437", "cp850", "cp858", "cp775", "cp852", "cp857", "cp860", "cp861", "cp863", "cp865", "cp1140", "cp037", "cp273",
     "cp500", "cp1026", "ascii", "tis_620", "ptcp154", "kz1048"}
)  # fmt: skip
CANDIDATES: Final = [
    "cp1252", "mac_roman", "cp1250", "cp1251", "koi8_r", "cp1253", "iso8859_7", "cp1254", "cp1255", "cp1256",
    "gb18030", "big5", "shift_jis", "euc_jp", "euc_kr", "cp949",
]  # fmt: skip
HALF_CHARACTER: Final = re.compile(rb"\xed[\xa0-\xbf][\x80-\xbf]")
"""A lone surrogate as UTF-8 would write it if it might."""

KEEP_HALVES: Final = "headcount.keep-halves"
"""An error handler of codecs: what is no character becomes a lone surrogate, which ``decode_text`` mends and tells of."""
codecs.register_error(KEEP_HALVES, lambda error: ("\ud800", error.end))  # type: ignore[attr-defined]

NOISE_SHARE: Final = 0.3
"""More unassigned and private characters and halves than this, and a byte order mark does not belong to its bytes."""
NOT_TEXT: Final = bytes(byte for byte in range(32) if byte not in b"\t\n\r\f\x1b")


def wide_encoding(head: bytes) -> tuple[str, int] | None:
    """UTF-16 or UTF-32 by its byte order mark, or UTF-16 by the NULs that its letters leave; with the mark's length."""
    for mark, encoding in WIDE_MARKS:
        if head.startswith(mark):
            return encoding, len(mark)
    sample = head[: min(len(head), 4096) & ~1]
    if len(sample) >= 16:
        even, odd = (sample[start::2].count(0) / (len(sample) // 2) for start in (0, 1))
        if odd > 0.4 and even < 0.02:
            return "utf-16-le", 0
        if even > 0.4 and odd < 0.02:
            return "utf-16-be", 0
    return None


def mark_lies(data: bytes, encoding: str) -> bool:
    """Whether these bytes, which follow a byte order mark, are not in the encoding that it states.

    They are not where they read as letters of a narrow encoding at even and odd places alike (the high bytes of true
    UTF-16 never do), or where they give mostly what is no character.
    """
    sample = data[: min(len(data), 4096) & ~3] or data[: len(data) & ~1]
    if len(sample) < 8:
        return False
    if encoding.startswith("utf-16"):
        narrow = sum(byte >= 32 and byte != 127 for byte in sample) >= 0.95 * len(sample)
        letters = min(sum(_is_letter(byte) for byte in half) / len(half) for half in (sample[::2], sample[1::2]))
        if narrow and letters >= 0.5 and (_is_utf8(sample) or sum(byte < 128 for byte in sample) >= TEXT_SHARE * len(sample)):
            return True
    text = sample.decode(encoding, KEEP_HALVES)
    return sum(unicodedata.category(character) in {"Cn", "Co", "Cs"} for character in text) > NOISE_SHARE * len(text)


def _is_letter(byte: int) -> bool:
    return byte >= 128 or byte == 32 or chr(byte).isalpha()


def _is_utf8(sample: bytes) -> bool:
    """Whether it is UTF-8, but for a character that the sample's end cuts."""
    try:
        codecs.getincrementaldecoder("utf-8")().decode(sample)
    except UnicodeDecodeError:
        return False
    return True


def why_not_text(head: bytes) -> str | None:
    """Why these first bytes are no text to read, with what to do; None where they are text."""
    for mark, kind, remedy in UNREADABLE:
        if head.startswith(mark):
            return f"expected text, found {kind}: {remedy}"
    sample = head[:SNIFF_BYTES]
    if 0 in sample and len(sample.translate(None, NOT_TEXT).decode("utf-8", "ignore")) < TEXT_SHARE * len(sample):
        return "expected text, found binary data: give a text, a page, a document or an archive"
    return None


def decode_text(data: bytes) -> tuple[str, str | None]:
    """The text that the bytes hold, and what had to be assumed (None where they are plain UTF-8)."""
    data = data.removeprefix(codecs.BOM_UTF8)
    try:
        return data.decode("utf-8"), None
    except UnicodeDecodeError as error:
        first_bad = error.start
    whole, halves = HALF_CHARACTER.subn("�".encode(), data)
    mended = whole.decode("utf-8", "replace")
    broken = mended.count("�") - whole.count("�".encode())
    if halves and not broken:
        return mended, f"{halves} lone surrogates (half characters), the first at byte {first_bad}, were read as U+FFFD"
    broken += halves
    # Mostly UTF-8 with a few broken bytes (a cut, a stray byte): any code page would garble its good characters.
    good = len(re.findall("[^\\x00-\\x7f�]", mended))
    if good >= 4 * broken:
        return mended, f"not quite UTF-8: {broken} broken bytes, the first at byte {first_bad}, were read as U+FFFD"
    encoding = _guess_charset(data, first_bad)
    text = data.decode(encoding, "replace")
    replaced = text.count("�")
    note = f"not UTF-8: assumed {encoding.replace('_', '-')} from its bytes"
    if replaced:
        note += f", and read {replaced} bytes that it lacks as U+FFFD"
    return text, note + "; if that is wrong, convert the file to UTF-8"


def _guess_charset(data: bytes, first_bad: int) -> str:
    from charset_normalizer import from_bytes

    start = max(0, first_bad - CHARSET_SAMPLE_BYTES // 2)
    sample = data[start : start + CHARSET_SAMPLE_BYTES]
    match = from_bytes(sample, cp_isolation=CANDIDATES, steps=4).best()
    if match is None or match.encoding in WESTERN:
        return "cp1252"
    if match.encoding == "mac_roman" and _well_placed(sample, "mac_roman") <= _well_placed(sample, "cp1252"):
        return "cp1252"
    return str(match.encoding)


def _well_placed(sample: bytes, encoding: str) -> int:
    """How many characters beyond ASCII stand where this reading of the bytes has a place for them.

    A small letter stands in a word, a capital begins one, and quotes and dashes stand at its border.
    """
    text = f" {sample.decode(encoding, 'replace')} "
    placed = 0
    for before, one, behind in zip(text, text[1:], text[2:], strict=False):
        if one < "\x80":
            continue
        if one.isalpha():
            placed += (one.islower() and (before.isalpha() or behind.isalpha())) or (not before.isalpha() and behind.islower())
        else:
            placed += one in "’£€…–—“”‘" and (one == "’" or not (before.isalpha() and behind.isalpha()))
    return placed
