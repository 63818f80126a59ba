"""Writes articles into every kind of file that Headcount takes, by hand and byte for byte the same each time."""

from __future__ import annotations

import csv
import gzip
import html
import io
import json
import quopri
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from tree_news import Article

STAMP: Final = (2020, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """A kind of file: its ending, how many articles it holds, and what writes them."""

    ending: str
    holds: int
    write: Callable[[Sequence[Article]], bytes]


def pack(data: bytes) -> bytes:
    """One gzip member."""
    return gzip.compress(data, 6, mtime=0)


def make_zip(members: Mapping[str, bytes], *, stored: tuple[str, ...] = ()) -> bytes:
    """A zip of these files; those of ``stored`` are not compressed."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        for name, data in members.items():
            how = zipfile.ZIP_STORED if name in stored else zipfile.ZIP_DEFLATED
            file.writestr(zipfile.ZipInfo(name, STAMP), data, compress_type=how)
    return out.getvalue()


def to_fields(article: Article) -> dict[str, Any]:
    """The keys of a report in JSON Lines."""
    return {
        "id": article.mark, "published": article.published.isoformat(), "publisher": article.publisher,
        "title": article.title, "text": article.text,
    }  # fmt: skip


def write_plain(articles: Sequence[Article]) -> bytes:
    """A text with a head of fields."""
    (one,) = articles
    head = f"---\npublished: {one.published}\npublisher: {one.publisher}\ntitle: {one.title}\n---\n\n"
    return (head + one.text + "\n").encode()


def write_bare(articles: Sequence[Article]) -> bytes:
    """A text and nothing else."""
    (one,) = articles
    return f"{one.title}\n\n{one.text}\n".encode()


def write_wide(articles: Sequence[Article]) -> bytes:
    """A text in UTF-16 with its byte order mark."""
    return write_plain(articles).decode().encode("utf-16")


def write_lines(articles: Sequence[Article]) -> bytes:
    """JSON Lines."""
    return "".join(json.dumps(to_fields(one), ensure_ascii=False) + "\n" for one in articles).encode()


def write_table(articles: Sequence[Article], *, delimiter: str = ",") -> bytes:
    """A table with a row for each article."""
    out = io.StringIO()
    table = csv.writer(out, delimiter=delimiter)
    table.writerow(["id", "published", "publisher", "title", "text"])
    for one in articles:
        table.writerow(to_fields(one)[name] for name in ("id", "published", "publisher", "title", "text"))
    return out.getvalue().encode()


def write_tabs(articles: Sequence[Article]) -> bytes:
    """The same with tabs."""
    return write_table(articles, delimiter="\t")


def _body(one: Article) -> str:
    return "\n".join(f"<p>{html.escape(paragraph)}</p>" for paragraph in one.paragraphs)


def _page(head: str, body: str) -> bytes:
    return (
        f'<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">{head}</head>\n<body>\n'
        f'<nav><a href="/">Home</a> <a href="/news">News</a></nav>\n{body}\n<footer>All rights reserved</footer></body></html>\n'
    ).encode()


def write_page_json_ld(articles: Sequence[Article]) -> bytes:
    """A page whose fields stand in JSON-LD."""
    (one,) = articles
    known = {
        "@context": "https://schema.org", "@type": "NewsArticle", "headline": one.title,
        "datePublished": f"{one.published}T08:30:00Z", "publisher": {"@type": "Organization", "name": one.publisher},
    }  # fmt: skip
    head = f'<title>{html.escape(one.title)}</title><script type="application/ld+json">{json.dumps(known)}</script>'
    return _page(head, f"<article><h1>{html.escape(one.title)}</h1>\n{_body(one)}</article>")


def write_page_open_graph(articles: Sequence[Article]) -> bytes:
    """A page whose fields stand in Open Graph's tags."""
    (one,) = articles
    head = (
        f'<title>{html.escape(one.title)} | {one.publisher}</title><meta property="og:title" content="{html.escape(one.title)}">'
        f'<meta property="og:site_name" content="{one.publisher}">'
        f'<meta property="article:published_time" content="{one.published}T08:30:00+00:00">'
        f'<link rel="canonical" href="https://paper.example/{one.mark.lower()}.html">'
    )
    return _page(head, f'<main><h1>{html.escape(one.title)}</h1>\n<div class="story">{_body(one)}</div></main>')


def write_page_time(articles: Sequence[Article]) -> bytes:
    """A page that tells its day by ``<time>`` alone."""
    (one,) = articles
    shown = f"{one.published.day} {one.published:%B %Y}"
    told = f'<p class="by">By our reporter, <time datetime="{one.published}">{shown}</time></p>'
    return _page(
        f"<title>{html.escape(one.title)}</title>",
        f"<article><h1>{html.escape(one.title)}</h1>{told}\n{_body(one)}</article>",
    )


def write_mhtml(articles: Sequence[Article]) -> bytes:
    """A page as browsers save it in one file."""
    (one,) = articles
    page = quopri.encodestring(write_page_json_ld(articles)).replace(b"\n", b"\r\n")
    head = (
        f"From: <Saved by Blink>\r\nSnapshot-Content-Location: https://paper.example/saved/{one.mark.lower()}\r\n"
        f"Subject: {one.mark}\r\nDate: Mon, 6 Jun 2022 10:00:00 -0000\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/related; type="text/html"; boundary="----part"\r\n\r\n\r\n------part\r\n'
        "Content-Type: text/html\r\nContent-ID: <frame@mhtml.blink>\r\nContent-Transfer-Encoding: quoted-printable\r\n"
        f"Content-Location: https://paper.example/saved/{one.mark.lower()}\r\n\r\n"
    )
    return head.encode() + page + b"\r\n------part--\r\n"


def write_mail(articles: Sequence[Article]) -> bytes:
    """A message in plain text."""
    (one,) = articles
    body = quopri.encodestring(one.text.encode()).replace(b"\n", b"\r\n")
    head = (
        f"From: {one.publisher} <desk@paper.example>\r\nTo: readers@list.example\r\nSubject: {one.title}\r\n"
        f"Date: {one.published:%a, %d %b %Y} 09:00:00 +0000\r\nMessage-ID: <{one.mark.lower()}@paper.example>\r\n"
        "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
    )
    return head.encode() + body


TYPES: Final = (
    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/'
    b'content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default '
    b'Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.'
    b'openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
)
RELATIONS: Final = (
    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/'
    b'relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/'
    b'officeDocument" Target="word/document.xml"/></Relationships>'
)
WORD: Final = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def make_docx(body: str, *, before: str = "") -> bytes:
    """A word document with this inside its body; ``before`` stands before its root."""
    document = f'<?xml version="1.0" encoding="UTF-8"?>{before}<w:document xmlns:w="{WORD}"><w:body>{body}</w:body></w:document>'
    return make_zip({"[Content_Types].xml": TYPES, "_rels/.rels": RELATIONS, "word/document.xml": document.encode()})


def write_docx(articles: Sequence[Article]) -> bytes:
    """A word document."""
    (one,) = articles
    lines = (one.title, f"{one.published.day} {one.published:%B %Y}", *one.paragraphs)
    return make_docx("".join(f"<w:p><w:r><w:t>{html.escape(line)}</w:t></w:r></w:p>" for line in lines))


def write_rtf(articles: Sequence[Article]) -> bytes:
    """Rich text."""
    (one,) = articles
    body = "\\par\\par\n".join([one.title, *one.paragraphs])
    plain = "".join(letter if ord(letter) < 128 else f"\\u{ord(letter)}?" for letter in body)
    return ("{\\rtf1\\ansi\\deff0{\\fonttbl{\\f0 Times;}}\\f0\\fs24\n" + plain + "\\par}").encode("ascii")


def make_epub(chapters: Sequence[str], *, title: str, day: str) -> bytes:
    """A book of these XHTML chapters."""
    names = [f"chapter{number}.xhtml" for number in range(len(chapters))]
    items = "".join(f'<item id="c{n}" href="{name}" media-type="application/xhtml+xml"/>' for n, name in enumerate(names))
    spine = "".join(f'<itemref idref="c{n}"/>' for n in range(len(names)))
    package = (
        '<?xml version="1.0"?><package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="id"><metadata '
        f'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:identifier id="id">{html.escape(title)}</dc:identifier>'
        f"<dc:title>{html.escape(title)}</dc:title><dc:language>en</dc:language><dc:date>{day}</dc:date></metadata>"
        f"<manifest>{items}</manifest><spine>{spine}</spine></package>"
    )
    container = (
        b'<?xml version="1.0"?><container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
        b'<rootfile full-path="OEBPS/content.opf" media-type="application/oebps-package+xml"/></rootfiles></container>'
    )
    members = {"mimetype": b"application/epub+zip", "META-INF/container.xml": container, "OEBPS/content.opf": package.encode()}
    members |= {f"OEBPS/{name}": chapter.encode() for name, chapter in zip(names, chapters, strict=True)}
    return make_zip(members, stored=("mimetype",))


def write_epub(articles: Sequence[Article]) -> bytes:
    """A book of one chapter."""
    (one,) = articles
    chapter = (
        '<?xml version="1.0" encoding="utf-8"?><html xmlns="http://www.w3.org/1999/xhtml"><head><title>'
        f"{html.escape(one.title)}</title></head><body><h1>{html.escape(one.title)}</h1>{_body(one)}</body></html>"
    )
    return make_epub([chapter], title=one.title, day=one.published.isoformat())


def write_pdf(articles: Sequence[Article]) -> bytes:
    """A page of text; the characters of ASCII alone."""
    (one,) = articles
    lines: list[str] = []
    for paragraph in (one.title, *one.paragraphs):
        line = ""
        for word in paragraph.encode("ascii", "replace").decode().split():
            if len(line) + len(word) > 85:
                lines.append(line)
                line = ""
            line = f"{line} {word}".strip()
        lines += [line, ""]
    shown = "".join("(" + line.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)") + ") Tj T*\n" for line in lines)
    content = f"BT /F1 10 Tf 12 TL 50 790 Td\n{shown}ET".encode("ascii")
    day = f"D:{one.published:%Y%m%d}120000Z"
    parts = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        f"<< /Title ({one.title}) /CreationDate ({day}) >>".encode("ascii"),
    ]
    out = io.BytesIO()
    out.write(b"%PDF-1.4\n")
    places = []
    for number, part in enumerate(parts, start=1):
        places.append(out.tell())
        out.write(b"%d 0 obj\n%s\nendobj\n" % (number, part))
    start = out.tell()
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(parts) + 1))
    out.writelines(b"%010d 00000 n \n" % place for place in places)
    out.write(b"trailer\n<< /Size %d /Root 1 0 R /Info 6 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(parts) + 1, start))
    return out.getvalue()


def make_record(name: str, body: bytes, *, encoding: str = "", kind: str = "text/html; charset=utf-8") -> bytes:
    """One response of a web archive."""
    told = f"Content-Encoding: {encoding}\r\n" if encoding else ""
    block = f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\n{told}Content-Length: {len(body)}\r\n\r\n".encode() + body
    head = (
        f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: https://web.example/{name}\r\nWARC-Date: 2022-06-01T00:00:00Z\r\n"
        f"WARC-Record-ID: <urn:uuid:{name:0>8}-0000-4000-8000-000000000000>\r\n"
        f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(block)}\r\n\r\n"
    )
    return head.encode() + block + b"\r\n\r\n"


def write_warc(articles: Sequence[Article]) -> bytes:
    """A web archive, each record a gzip member of its own."""
    info = b"WARC/1.0\r\nWARC-Type: warcinfo\r\nWARC-Date: 2022-06-01T00:00:00Z\r\nContent-Type: application/warc-fields\r\n"
    info += (
        b"WARC-Record-ID: <urn:uuid:00000000-0000-4000-8000-000000000001>\r\nContent-Length: 14\r\n\r\nsoftware: own\r\n\r\n\r\n"
    )
    pages = (make_record(one.mark.lower(), write_page_json_ld([one])) for one in articles)
    return pack(info) + b"".join(pack(page) for page in pages)


def write_brotli_warc(articles: Sequence[Article]) -> bytes:
    """The same with bodies in brotli."""
    import brotli

    pages = (make_record(one.mark.lower(), brotli.compress(write_page_json_ld([one])), encoding="br") for one in articles)
    return b"".join(pack(page) for page in pages)


def write_packed_text(articles: Sequence[Article]) -> bytes:
    """A text in gzip."""
    return pack(write_plain(articles))


def write_packed_lines(articles: Sequence[Article]) -> bytes:
    """JSON Lines in gzip, in two members."""
    return pack(write_lines(articles[:1])) + pack(write_lines(articles[1:]))


def write_zip(articles: Sequence[Article]) -> bytes:
    """A zip with a text, a page in a folder, and a zip with JSON Lines."""
    first, second, *others = articles
    inner = make_zip({"lines.jsonl": write_lines(others)})
    return make_zip({"a.txt": write_plain([first]), "pages/b.html": write_page_time([second]), "more.zip": inner})


def write_ris(articles: Sequence[Article]) -> bytes:
    """Zotero's RIS, with the text as the abstract."""
    return "".join(
        f"TY  - NEWS\r\nTI  - {one.title}\r\nT2  - {one.publisher}\r\nDA  - {one.published:%Y/%m/%d}\r\n"
        f"AB  - {' '.join(one.paragraphs)}\r\nER  - \r\n\r\n"
        for one in articles
    ).encode()


def write_bibtex(articles: Sequence[Article]) -> bytes:
    """BibTeX with the text as the abstract."""
    return "".join(
        f"@article{{{one.mark.lower()},\n  title = {{{one.title}}},\n  journal = {{{one.publisher}}},\n"
        f"  date = {{{one.published}}},\n  abstract = {{{' '.join(one.paragraphs)}}},\n}}\n\n"
        for one in articles
    ).encode()


def write_export(articles: Sequence[Article]) -> bytes:
    """The text export of a newspaper database."""
    return "".join(
        f"{one.title}\n\n{one.publisher}\n\n{one.published:%B} {one.published.day}, {one.published:%Y %A}\n\n"
        f"Copyright {one.published.year} {one.publisher} All Rights Reserved\n\nSection: NEWS; Pg. 4\n\n"
        f"Length: {len(one.text.split())} words\n\nByline: Our reporter\n\nBody\n\n\n{one.text}\n\n"
        f"Load-Date: {one.published:%B} {one.published.day}, {one.published.year}\n\n\nEnd of Document\n\n\n"
        for one in articles
    ).encode()


FORMS: Final[Mapping[str, Form]] = {
    "text": Form(ending=".txt", holds=1, write=write_plain),
    "bare text": Form(ending=".txt", holds=1, write=write_bare),
    "markdown": Form(ending=".md", holds=1, write=write_plain),
    "UTF-16": Form(ending=".txt", holds=1, write=write_wide),
    "JSON Lines": Form(ending=".jsonl", holds=5, write=write_lines),
    "CSV": Form(ending=".csv", holds=4, write=write_table),
    "TSV": Form(ending=".tsv", holds=3, write=write_tabs),
    "page with JSON-LD": Form(ending=".html", holds=1, write=write_page_json_ld),
    "page with Open Graph": Form(ending=".html", holds=1, write=write_page_open_graph),
    "page with a time": Form(ending=".htm", holds=1, write=write_page_time),
    "page without its ending": Form(ending="", holds=1, write=write_page_json_ld),
    "MHTML": Form(ending=".mhtml", holds=1, write=write_mhtml),
    "message": Form(ending=".eml", holds=1, write=write_mail),
    "docx": Form(ending=".docx", holds=1, write=write_docx),
    "RTF": Form(ending=".rtf", holds=1, write=write_rtf),
    "EPUB": Form(ending=".epub", holds=1, write=write_epub),
    "PDF": Form(ending=".pdf", holds=1, write=write_pdf),
    "web archive": Form(ending=".warc.gz", holds=3, write=write_warc),
    "web archive in brotli": Form(ending=".warc.gz", holds=2, write=write_brotli_warc),
    "text in gzip": Form(ending=".txt.gz", holds=1, write=write_packed_text),
    "JSON Lines in gzip": Form(ending=".jsonl.gz", holds=3, write=write_packed_lines),
    "zip": Form(ending=".zip", holds=4, write=write_zip),
    "RIS": Form(ending=".ris", holds=2, write=write_ris),
    "BibTeX": Form(ending=".bib", holds=2, write=write_bibtex),
    "database export": Form(ending=".txt", holds=3, write=write_export),
}
"""By name every kind of good file."""
