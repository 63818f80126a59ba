"""From a page's bytes to its characters: by its mark, by what it declares where its bytes agree, else by what they look like."""

from __future__ import annotations

import codecs
import re
from typing import Final

from headcount.sources.encoding import CANDIDATES, WESTERN, mark_lies, wide_encoding
from headcount.sources.limits import CHARSET_SAMPLE_BYTES

DECLARED: Final = re.compile(rb"""<(?:meta|\?xml)\b[^>]{0,500}?(?:charset|encoding)\s*=\s*["']?\s*([A-Za-z0-9_:.-]{2,40})""", re.I)
DECLARED_WITHIN: Final = 16 * 1024
"""How far a page is searched for its declaration; browsers look at 1 KiB, saved pages put comments before it."""

LABELS: Final = {
    "iso-8859-1": "cp1252", "latin1": "cp1252", "latin-1": "cp1252", "l1": "cp1252", "iso8859-1": "cp1252", "ascii": "cp1252",
    "us-ascii": "cp1252", "x-cp1252": "cp1252", "ansi": "cp1252", "iso-8859-9": "cp1254", "latin5": "cp1254",
    "gb2312": "gb18030", "gbk": "gb18030", "x-gbk": "gb18030", "x-sjis": "cp932", "shift_jis": "cp932", "shift-jis": "cp932",
    "sjis": "cp932", "cp949": "cp949", "windows-31j": "cp932", "ks_c_5601-1987": "cp949", "euc-kr": "cp949", "big5": "big5hkscs",
    "tis-620": "cp874", "iso-8859-11": "cp874", "iso-8859-8-i": "iso8859-8", "x-mac-roman": "mac-roman", "macintosh": "mac-roman",
    "x-euc-jp": "euc-jp", "windows-874": "cp874", "x-x-big5": "big5hkscs",
}  # fmt: skip
"""What pages declare and browsers read it as (the labels of the WHATWG's Encoding Standard that Python names otherwise)."""

MULTIBYTE: Final = frozenset({"gb18030", "cp932", "cp949", "big5hkscs", "euc_jp", "euc_kr", "iso2022_jp"})
SINGLE: Final = re.compile(r"cp125\d|cp874|cp866|iso8859(?:-\d+|_\d+)|koi8[-_][ru]|mac[-_](?:roman|cyrillic)")
TAG: Final = re.compile(rb"<[^<>]*>")
BEYOND_ASCII: Final = re.compile(rb"[\x80-\xff]+")

WESTERN_SHARE: Final = 0.2
"""English and its neighbours have under 5 % of bytes beyond ASCII; above this, a declared western page is something else."""

ADJACENT_SHARE: Final = 0.3
"""In double-byte encodings most bytes beyond ASCII stand beside another; in western ones under a tenth."""


def decode_page(data: bytes, *, declared: str | None = None) -> tuple[str, str, str | None]:
    """The characters of a page without NULs, the name of the encoding (``decode_as`` takes it), and what had to be assumed."""
    charset, note = choose_charset(data, declared=declared)
    text = decode_as(data, charset)
    broken = text.count("�") - data.count("�".encode())
    if broken > 0 and charset == "utf-8":
        note = f"not quite UTF-8: {broken} broken bytes were read as U+FFFD"
    elif broken > 0:
        note = (f"{note}; " if note else f"read as {charset}: ") + f"{broken} bytes that it lacks were read as U+FFFD"
    return text.replace("\0", "").removeprefix("\ufeff"), charset, note


def decode_as(data: bytes, charset: str) -> str:
    """All characters that the bytes stand for in this encoding, a byte order mark and NULs among them."""
    return data.decode(charset, "replace")


def choose_charset(data: bytes, *, declared: str | None = None) -> tuple[str, str | None]:
    """The encoding in which the page is to be read, and what had to be assumed. UTF-7 is never one."""
    if data.startswith(codecs.BOM_UTF8):
        return "utf-8", None
    wide = wide_encoding(data)
    if wide and not (wide[1] and mark_lies(data[wide[1] :], wide[0])):
        return wide[0], None if wide[1] else f"no byte order mark: assumed {wide[0]} from its bytes"
    found = DECLARED.search(data, 0, DECLARED_WITHIN)
    labels = [label for label in (declared, found[1].decode("ascii") if found else None) if label]
    charsets = [charset for label in labels if (charset := codec_of(label))]
    if b"\x1b$" in data and "iso2022_jp" in charsets:
        return "iso2022_jp", None
    if _is_mostly_utf8(data):
        return "utf-8", None
    for charset in charsets:
        if _agrees(data, charset):
            return charset, None
    charset = _detect(data)
    lie = f"it declares {labels[0][:40]}, and its bytes are not" if labels else "it declares no encoding"
    return charset, f"{lie}: assumed {charset.replace('_', '-')} from its bytes"


def codec_of(label: str) -> str | None:
    """Python's name of the encoding that a page declares; None for what is none, or none for a page (UTF-7)."""
    name = label.strip().strip("\"'").lower()
    try:
        codec = codecs.lookup(LABELS.get(name, name)).name
    except (LookupError, ValueError):
        return None
    if codec in {"utf-8", "utf-8-sig"}:
        return "utf-8"
    return codec if codec in MULTIBYTE or SINGLE.fullmatch(codec) else None


def _is_mostly_utf8(data: bytes) -> bool:
    """Whether it is UTF-8, or so nearly that any code page would garble its good characters."""
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        text = data.decode("utf-8", "replace")
        broken = text.count("�")
        return len(re.findall("[^\\x00-\\x7f�]", text)) >= 4 * broken
    return True


def _agrees(data: bytes, charset: str) -> bool:
    """Whether the bytes can be what the page declares; ``data`` is no UTF-8."""
    if charset == "utf-8":
        return False
    content = TAG.sub(b"", data)
    runs = BEYOND_ASCII.findall(content) or BEYOND_ASCII.findall(data)
    beyond = sum(map(len, runs))
    text = b" ".join(runs).decode(charset, "replace") if SINGLE.fullmatch(charset) else content.decode(charset, "replace")
    bad = sum(character == "�" or "\x80" <= character <= "\x9f" for character in text)
    if bad > 0.02 * beyond + 1:
        return False
    if charset in MULTIBYTE:
        return sum(len(run) for run in runs if len(run) > 1) >= ADJACENT_SHARE * beyond
    return charset != "cp1252" or beyond <= WESTERN_SHARE * max(len(content), 1) or _detect(data) == "cp1252"


def _detect(data: bytes) -> str:
    """The encoding that bytes which are no UTF-8 look like; of the western code pages always Windows-1252."""
    from charset_normalizer import from_bytes

    first = BEYOND_ASCII.search(data)
    start = max(0, first.start() - CHARSET_SAMPLE_BYTES // 2) if first else 0
    content = TAG.sub(b" ", data[start : start + 8 * CHARSET_SAMPLE_BYTES])
    first = BEYOND_ASCII.search(content)
    start = max(0, first.start() - 200) if first else 0
    match = from_bytes(content[start : start + CHARSET_SAMPLE_BYTES], cp_isolation=CANDIDATES, steps=4).best()
    if match is None or match.encoding in WESTERN:
        return "cp1252"
    return codec_of(str(match.encoding)) or str(match.encoding)
