"""Writes files that are broken, lie or attack, each small on disk, with what must come of it.

What comes of a kind is part of the promise: how many of its articles are read all the same, how many failures are named.
"""

from __future__ import annotations

import gzip
import html
import json
import random
import struct
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from tree_good import (
    make_docx,
    make_epub,
    make_record,
    make_zip,
    pack,
    write_brotli_warc,
    write_docx,
    write_epub,
    write_lines,
    write_packed_lines,
    write_packed_text,
    write_page_json_ld,
    write_pdf,
    write_plain,
    write_warc,
)
from tree_news import Article

BOMB_BYTES: Final = 300_000_000
"""What a bomb unpacks to; the memory that is promised is far less."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Breakage:
    """A way to be broken: its ending, how many articles it is given, and what must come of it."""

    ending: str
    make: Callable[[random.Random, Sequence[Article]], bytes]
    holds: int = 0
    read: int = 0
    """Of the articles given, so many are read, from the first on."""

    failures: int = 1
    doubt: str = ""
    """A word of a note that must be told, although it is no failure."""

    heavy: bool = False
    """Takes seconds, or tens of megabytes: once in a tree is enough."""


@cache
def zeros(length: int = BOMB_BYTES) -> bytes:
    """So many NUL bytes in gzip."""
    squeeze = zlib.compressobj(9, zlib.DEFLATED, 31)
    block = bytes(1_000_000)
    return b"".join([*(squeeze.compress(block) for _ in range(length // len(block))), squeeze.flush()])


@cache
def words(length: int = BOMB_BYTES) -> bytes:
    """So many bytes of text in gzip, all one line."""
    squeeze = zlib.compressobj(9, zlib.DEFLATED, 31)
    block = b"five hundred people marched in Leeds and " * 25_000
    return b"".join([*(squeeze.compress(block) for _ in range(length // len(block))), squeeze.flush()])


@cache
def zip_bomb(length: int = BOMB_BYTES) -> bytes:
    """A zip of one text that unpacks to so much."""
    raw = zeros(length)[10:-8]
    name = b"report.txt"
    crc = zlib.crc32(b"")
    for _ in range(length // 1_000_000):
        crc = zlib.crc32(bytes(1_000_000), crc)
    sizes = struct.pack("<III", crc, len(raw), length)
    local = b"PK\x03\x04" + struct.pack("<HHHHH", 20, 0, 8, 0, 0x5021) + sizes + struct.pack("<HH", len(name), 0) + name
    central = (
        b"PK\x01\x02" + struct.pack("<HHHHHH", 20, 20, 0, 8, 0, 0x5021) + sizes
        + struct.pack("<HHHHHII", len(name), 0, 0, 0, 0, 0, 0) + name
    )  # fmt: skip
    end = b"PK\x05\x06" + struct.pack("<HHHHIIH", 0, 0, 1, 1, len(central), len(local) + len(raw), 0)
    return local + raw + central + end


@cache
def overlapping_zip(entries: int = 3_000, length: int = 3_000_000) -> bytes:
    """A zip whose directory names one packed text again and again: gigabytes in all, each within bounds."""
    body = b"The gardeners like the new lawnmower. " * (length // 38)
    squeeze = zlib.compressobj(9, zlib.DEFLATED, -15)
    raw = squeeze.compress(body) + squeeze.flush()
    sizes = struct.pack("<III", zlib.crc32(body), len(raw), len(body))
    name = b"0000.txt"
    local = b"PK\x03\x04" + struct.pack("<HHHHH", 20, 0, 8, 0, 0x5021) + sizes + struct.pack("<HH", len(name), 0) + name
    central = b"".join(
        b"PK\x01\x02" + struct.pack("<HHHHHH", 20, 20, 0, 8, 0, 0x5021) + sizes
        + struct.pack("<HHHHHII", len(name), 0, 0, 0, 0, 0, 0) + b"%04d.txt" % number
        for number in range(entries)
    )  # fmt: skip
    end = b"PK\x05\x06" + struct.pack("<HHHHIIH", 0, 0, entries, entries, len(central), len(local) + len(raw), 0)
    return local + raw + central + end


LAUGHS: Final = (
    '<!DOCTYPE {root} [<!ENTITY a0 "500 people marched in Leeds. ">'
    + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    + "]>"
)
"""A document type whose last entity, a9, is 30 GB long."""


def cut(data: bytes, share: float) -> bytes:
    """Its beginning."""
    return data[: int(len(data) * share)]


def _noise(rng: random.Random, length: int = 6_000) -> bytes:
    return bytes([0xF7, 0, 1]) + rng.randbytes(length)


def _page(one: Article, *, head: str = "", body: str = "", inside: str = "") -> str:
    shown = "".join(f"<p>{html.escape(paragraph)}</p>" for paragraph in one.paragraphs)
    return (
        f"<!DOCTYPE html><html><head><title>{one.title}</title>{head}</head><body>{body}<article><h1>{one.title}</h1>{shown}"
        f"{inside}</article></body></html>"
    )


def _nested_page(_: random.Random, articles: Sequence[Article]) -> bytes:
    return _page(articles[0], body="<div>" * 100_000).encode()


def _many_paragraphs(_: random.Random, articles: Sequence[Article]) -> bytes:
    return _page(articles[0], inside="<p>The gardeners like it.</p>" * 100_000).encode()


def _lying_charset(_: random.Random, articles: Sequence[Article]) -> bytes:
    """Says UTF-16 in its head and Shift JIS in a tag, and is in Windows-1252."""
    tag = '<meta http-equiv="Content-Type" content="text/html; charset=utf-16"><meta charset="shift_jis">'
    return _page(articles[0], head=tag, inside="<p>The café’s owner said “no”.</p>").encode("cp1252")


def _utf7(_: random.Random, articles: Sequence[Article]) -> bytes:
    said = "+ADw-script+AD4-alert(1)+ADw-/script+AD4-"
    return _page(articles[0], head='<meta charset="utf-7">', inside=f"<p>{said}</p>").encode("ascii", "xmlcharrefreplace")


def _cut_lines(_: random.Random, articles: Sequence[Article]) -> bytes:
    """The last line stops in the middle of a word."""
    return write_lines(articles)[:-200]


def _bad_lines(_: random.Random, articles: Sequence[Article]) -> bytes:
    first, second = (write_lines([one]) for one in articles)
    return first + b'{"id": "x", "text": \n' + second + b"[1, 2, 3]\n\xff\xfe\xfa\n" + b'{"text": 12}\n'


def _deep_json(_: random.Random, articles: Sequence[Article]) -> bytes:
    return write_lines(articles) + b'{"text": ' + b"[" * 100_000 + b"]" * 100_000 + b"}\n"


def _nested_zip(_: random.Random, articles: Sequence[Article]) -> bytes:
    inner = make_zip({"deepest.txt": write_plain(articles[1:])})
    for depth in range(6):
        inner = make_zip({f"{depth}.zip": inner})
    return make_zip({"a.txt": write_plain(articles[:1]), "deep.zip": inner})


def _climbing_zip(_: random.Random, articles: Sequence[Article]) -> bytes:
    names = ("../../../climbed.txt", "/tmp/climbed.txt", "..\\climbed.txt")  # what nobody may write
    return make_zip({name: write_plain([one]) for name, one in zip(names, articles, strict=True)})


def _spoilt_zip(_: random.Random, articles: Sequence[Article]) -> bytes:
    """The second of three files has a wrong checksum."""
    data = bytearray(make_zip({f"{n}.txt": write_plain([one]) for n, one in enumerate((articles[0], articles[2], articles[1]))}))
    middle = data.index(b"1.txt", 30)
    data[middle + 60] ^= 0xFF
    return bytes(data)


def _brotli_bomb(_: random.Random, articles: Sequence[Article]) -> bytes:
    import brotli

    squeeze = brotli.Compressor(quality=5)
    block = bytes(1_000_000)
    packed = b"".join([*(squeeze.process(block) for _ in range(200)), squeeze.finish()])
    return write_brotli_warc(articles) + pack(make_record("bomb", packed, encoding="br"))


def _warc_bomb(_: random.Random, __: Sequence[Article]) -> bytes:
    """One record that is as long as it says."""
    head = make_record("bomb", b"").partition(b"Content-Length: ")[0]
    return pack(head + b"Content-Length: %d\r\n\r\nHTTP/1.1 200 OK\r\n\r\n" % (BOMB_BYTES + 19)) + zeros()


def _cut_brotli(_: random.Random, articles: Sequence[Article]) -> bytes:
    import brotli

    packed = brotli.compress(write_page_json_ld(articles[1:]))
    return write_brotli_warc(articles[:1]) + pack(make_record("cut", packed[: len(packed) * 5 // 6], encoding="br"))


def _lying_warc(_: random.Random, articles: Sequence[Article]) -> bytes:
    """Its second record says that it is longer than the file."""
    page = make_record("long", write_page_json_ld(articles[1:]))
    head, _, rest = page.partition(b"application/http; msgtype=response\r\nContent-Length: ")
    return (
        make_record(articles[0].mark.lower(), write_page_json_ld(articles[:1]))
        + head + b"application/http; msgtype=response\r\nContent-Length: 99" + rest
    )  # fmt: skip


def _epub_bomb(_: random.Random, __: Sequence[Article]) -> bytes:
    body = '<html xmlns="http://www.w3.org/1999/xhtml"><head><title>t</title></head><body><p>&a9;</p></body></html>'
    return make_epub(['<?xml version="1.0"?>' + LAUGHS.replace("{root}", "html") + body], title="bomb", day="2020-01-01")


def _docx_bomb(_: random.Random, __: Sequence[Article]) -> bytes:
    return make_docx("<w:p><w:r><w:t>&a9;</w:t></w:r></w:p>", before=LAUGHS.replace("{root}", "w:document"))


def _feed_bomb(_: random.Random, __: Sequence[Article]) -> bytes:
    body = (
        '<rss version="2.0"><channel><title>t</title><item><title>x</title><description>&a9;</description></item></channel></rss>'
    )
    return ('<?xml version="1.0"?>' + LAUGHS.replace("{root}", "rss") + body).encode()


def _feed_of_files(_: random.Random, __: Sequence[Article]) -> bytes:
    return (
        b'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]><rss version="2.0"><channel><title>t</title>'
        b"<item><title>x</title><description>&x;</description></item></channel></rss>"
    )


def _huge_cell(_: random.Random, articles: Sequence[Article]) -> bytes:
    """Two good rows, and a quote that is never closed, to the end."""
    rows = "".join(f'{one.mark},{one.published},"{one.text}"\n' for one in articles[:-1])
    last = articles[-1]
    return (
        f'id,published,text\n{rows}{last.mark},{last.published},"{" ".join(last.paragraphs)}'.encode() + b" And they sang." * 30_000
    )


def _long_line(_: random.Random, articles: Sequence[Article]) -> bytes:
    return (" ".join(articles[0].paragraphs) + " The gardeners like the lawnmower." * 60_000).encode()


def _nul_text(_: random.Random, articles: Sequence[Article]) -> bytes:
    return write_plain(articles).replace(b" the ", b" the\x00 ") + b"\x00\x00"


def _nul_page(_: random.Random, articles: Sequence[Article]) -> bytes:
    return _page(articles[0]).encode().replace(b"<p>", b"<\x00p><p>\x00")


def _bad_utf8(_: random.Random, articles: Sequence[Article]) -> bytes:
    return (
        write_plain(articles)
        + "\n\nThe café’s “owner” – déjà vu, naïveté, “à la carte”, ‘crème brûlée’, “señor”.\n".encode()
        + b"\xc3\x28 \xe2\x82 \xf0\x9f\n"
    )


def _text_in_1252(_: random.Random, articles: Sequence[Article]) -> bytes:
    return articles[0].text.encode("cp1252") + "\n\nThe café’s owner said “no”.\n".encode("cp1252")


BREAKAGES: Final[Mapping[str, Breakage]] = {
    # --- cut off ---
    "cut gzip": Breakage(ending=".txt.gz", make=lambda _, a: cut(write_packed_text(a), 0.6), holds=1),
    "cut gzip of lines": Breakage(ending=".jsonl.gz", make=lambda _, a: write_packed_lines(a)[:-40], holds=2, read=1),
    "cut WARC.gz": Breakage(ending=".warc.gz", make=lambda _, a: write_warc(a)[:-300], holds=3, read=2),
    "cut WARC": Breakage(ending=".warc", make=lambda _, a: gzip.decompress(write_warc(a))[:-300], holds=3, read=2),
    "WARC that says a wrong length": Breakage(ending=".warc", make=_lying_warc, holds=2, read=1),
    "cut docx": Breakage(ending=".docx", make=lambda _, a: cut(write_docx(a), 0.5), holds=1),
    "cut EPUB": Breakage(ending=".epub", make=lambda _, a: cut(write_epub(a), 0.6), holds=1),
    "cut PDF": Breakage(ending=".pdf", make=lambda _, a: cut(write_pdf(a), 0.1), holds=1),
    "cut zip": Breakage(ending=".zip", make=lambda _, a: cut(make_zip({"a.txt": write_plain(a)}), 0.7), holds=1),
    "cut lines": Breakage(ending=".jsonl", make=_cut_lines, holds=3, read=2),
    # --- bombs ---
    "gzip bomb": Breakage(ending=".txt.gz", make=lambda _, __: zeros()),
    "gzip bomb of words": Breakage(ending=".jsonl.gz", make=lambda _, __: words()),
    "gzip bomb in gzip": Breakage(ending=".gz", make=lambda _, __: pack(zeros())),
    "gzip bomb of a WARC": Breakage(ending=".warc.gz", make=_warc_bomb),
    "zip bomb": Breakage(ending=".zip", make=lambda _, __: zip_bomb()),
    "zip bomb in docx": Breakage(ending=".docx", make=lambda _, __: make_docx(" " * 100_000_000), heavy=True),
    "overlapping zip": Breakage(ending=".zip", make=lambda _, __: overlapping_zip(), heavy=True),
    "XML bomb in docx": Breakage(ending=".docx", make=_docx_bomb),
    "XML bomb in EPUB": Breakage(ending=".epub", make=_epub_bomb),
    "XML bomb in a feed": Breakage(ending=".xml", make=_feed_bomb),
    "feed that names a file": Breakage(ending=".xml", make=_feed_of_files),
    "brotli bomb": Breakage(ending=".warc.gz", make=_brotli_bomb, holds=1, read=1),
    "cut brotli": Breakage(ending=".warc.gz", make=_cut_brotli, holds=2, read=2, failures=0, doubt="cut off"),
    # --- structure ---
    "nested tags": Breakage(ending=".html", make=_nested_page, holds=1, read=1, failures=0, doubt="nested"),
    "many paragraphs": Breakage(ending=".html", make=_many_paragraphs, holds=1, read=1, failures=0, doubt="tags"),
    "long line": Breakage(ending=".txt", make=_long_line, holds=1, read=1, failures=0, heavy=True),
    "deep JSON": Breakage(ending=".jsonl", make=_deep_json, holds=1, read=1),
    "lines that are no JSON": Breakage(ending=".jsonl", make=_bad_lines, holds=2, read=2, failures=4),
    "quote never closed": Breakage(ending=".csv", make=_huge_cell, holds=3, read=3, failures=0, doubt="quote"),
    "zips in zips": Breakage(ending=".zip", make=_nested_zip, holds=2, read=1),
    "zip that climbs": Breakage(ending=".zip", make=_climbing_zip, holds=3, read=3, failures=0),
    "zip with a spoilt file": Breakage(ending=".zip", make=_spoilt_zip, holds=3, read=2),
    # --- characters ---
    "lying charset": Breakage(ending=".html", make=_lying_charset, holds=1, read=1, failures=0, doubt="utf-16"),
    "UTF-7": Breakage(ending=".html", make=_utf7, holds=1, read=1, failures=0),
    "NUL bytes in a text": Breakage(ending=".txt", make=_nul_text, holds=1, read=1, failures=0),
    "NUL bytes in a page": Breakage(ending=".html", make=_nul_page, holds=1, read=1, failures=0),
    "broken UTF-8": Breakage(ending=".txt", make=_bad_utf8, holds=1, read=1, failures=0, doubt="not quite UTF-8"),
    "Windows-1252": Breakage(ending=".txt", make=_text_in_1252, holds=1, read=1, failures=0, doubt="cp1252"),
    "noise as a page": Breakage(ending=".html", make=lambda rng, _: _noise(rng)),
    "noise as a text": Breakage(ending=".txt", make=lambda rng, _: _noise(rng)),
    "noise as a PDF": Breakage(ending=".pdf", make=lambda rng, _: b"%PDF-1.7\n" + _noise(rng)),
    "noise as gzip": Breakage(ending=".gz", make=lambda rng, _: b"\x1f\x8b\x08\x00" + _noise(rng)),
    "noise as zip": Breakage(ending=".zip", make=lambda rng, _: b"PK\x03\x04" + _noise(rng)),
    "noise as RTF": Breakage(ending=".rtf", make=lambda rng, _: b"{\\rtf1" + _noise(rng)),
    "noise as JSON Lines": Breakage(ending=".jsonl", make=lambda rng, _: _noise(rng)),
    # --- nothing ---
    "empty text": Breakage(ending=".txt", make=lambda _, __: b""),
    "empty page": Breakage(ending=".html", make=lambda _, __: b"<html><head></head><body></body></html>"),
    "blank text": Breakage(ending=".txt", make=lambda _, __: b" \n\n\t \n"),
    "empty gzip": Breakage(ending=".gz", make=lambda _, __: pack(b"")),
    "empty zip": Breakage(ending=".zip", make=lambda _, __: make_zip({})),
    "empty JSON object": Breakage(ending=".jsonl", make=lambda _, __: json.dumps({}).encode() + b"\n"),
}
"""By name every way to be broken that is a file's own. Links and rights are the tree's (``tree.py``)."""
