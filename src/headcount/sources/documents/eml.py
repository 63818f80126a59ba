"""Mail: a message as one report (a newsletter, an alert, a press release), its attached documents, and mailboxes of messages.

Messages are parsed by the older of the standard library's two policies: the newer one raises on broken headers, and there
are many. Who wrote a message is not shown where it may be a private person; the name of a list or a domain stands for it.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from email import message_from_bytes
from email.errors import HeaderParseError
from email.header import Header, decode_header
from email.message import Message
from email.utils import parseaddr, parsedate_to_datetime
from typing import Final

from headcount.models import Document
from headcount.sources.documents.letters import SUBSTANCE, Letter, read_letter, words_in
from headcount.sources.documents.nested import open_nested, without_date_doubts
from headcount.sources.encoding import decode_text
from headcount.sources.limits import MAIL_PARTS, NESTING, LimitError
from headcount.sources.media import sniff_media
from headcount.sources.opening import READERS, Asked, Found

REPLIED: Final = re.compile(r"(?:\s*(?:re|fwd?|aw|wg|tr|sv)(?:\[\d+\])?\s*:)+\s*|\s+", re.I)
ENVELOPE: Final = re.compile(rb"(?:^|\n\r?\n)(From [^\r\n]{1,200}\r?\n)(?=[A-Za-z][A-Za-z0-9-]{1,60}:)")
FREE: Final = frozenset(
    "gmail googlemail outlook hotmail live msn yahoo ymail aol icloud me mac gmx web proton protonmail pm zoho mail yandex "
    "fastmail hey tutanota posteo btinternet ntlworld talktalk sky virginmedia comcast verizon att sbcglobal cox earthlink".split()
)
"""Providers of mailboxes to private people: their domain is nobody's publisher."""

ROLES: Final = re.compile(
    r"(?:no-?reply|do-?not-?reply|news|newsletters?|alerts?|press|media|info|hello|contact|office|edit\w*|digest|updates?|mail(?:er|ing)?|"
    r"bounces?|notifications?|team|admin|list|subscriptions?|briefing|daily|weekly|comms|communications)",
    re.I,
)
HEAD_CHARACTERS: Final = 10_000
"""So much of a header is decoded: the standard library takes 13 s for one of 1 MiB."""

OPENED: Final = frozenset({"pdf", "docx", "html", "rtf", "epub"})
"""What is attached to messages and read; ``READERS`` has the readers."""

BY_ENDING: Final = {".docx": "docx", ".epub": "epub"}
NOT_TOLD: Final = re.compile(
    r"image/|audio/|video/|text/(?:calendar|x-vcard|vcard|css)|application/(?:pgp|pkcs7|x-pkcs7|ms-tnef)", re.I
)


def read_message(document: Document, asked: Asked) -> Iterator[Found]:
    """The report of one message, and those of the documents attached to it."""
    yield from _reports_of(_parsed(document.data), document, asked, part="", depth=0)


def read_mailbox(document: Document, asked: Asked) -> Iterator[Found]:
    """The reports of all messages of a mailbox in the mbox format, numbered in their order."""
    starts = [match.start(1) for match in ENVELOPE.finditer(document.data)] or [0]
    for number, (start, end) in enumerate(zip(starts, [*starts[1:], len(document.data)], strict=True), start=1):
        raw = re.sub(rb"(?m)^>(>*From )", rb"\1", document.data[document.data.find(b"\n", start) + 1 : end])
        part = f"message {number}"
        try:
            message = _parsed(raw)
        except (RecursionError, LimitError):
            yield Found(doubts=("a message nested too deeply to open: save its text instead",), part=part, fatal=True)
            continue
        yield from _reports_of(message, document, asked, part=part, depth=0)


Part = Message


def _parsed(data: bytes) -> Part:
    return message_from_bytes(data.lstrip(b"\xef\xbb\xbf\r\n\t "))


@dataclass(slots=True, kw_only=True)
class _Parts:
    """The leaves of a message by what they are."""

    plain: list[str] = field(default_factory=list)
    pages: list[Part] = field(default_factory=list)
    messages: list[Part] = field(default_factory=list)
    documents: list[tuple[str, str, bytes]] = field(default_factory=list)
    """Name, medium and bytes of each attached document."""

    passed: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def _reports_of(message: Part, document: Document, asked: Asked, *, part: str, depth: int) -> Iterator[Found]:
    parts = _parts_of(message)
    fields, doubts = _fields_of(message)
    body = _body_of(parts, fields, document, asked)
    attached = len(parts.documents) + len(parts.messages)
    if parts.passed:
        shown = ", ".join(parts.passed[:5]) + (", ..." if len(parts.passed) > 5 else "")
        doubts.append(f"attached and not read: {shown}; save and give them if they hold reports")
    if body is not None and (words_in(str(body.fields.get("text", ""))) >= SUBSTANCE or not attached):
        yield replace(body, doubts=(*doubts, *parts.notes, *body.doubts), part=part)
    elif not attached:
        yield Found(doubts=("a message without a text: nothing to read", *doubts), part=part, fatal=True)
    outer = {key: value for key, value in fields.items() if key != "title"}
    for name, media, data in parts.documents:
        inner = replace(
            document,
            data=data,
            media=media,
            charset=None,
            url=None,
            fields=tuple((key, str(value)) for key, value in outer.items()),
        )
        for found in open_nested(inner, asked, part=f"{part}/{name}" if part else name):
            yield replace(found, fields={**outer, **_stated(found)})
    for number, inner_message in enumerate(parts.messages, start=1):
        told = f"{part}/attached message {number}" if part else f"attached message {number}"
        if depth + 1 >= NESTING.most:
            yield Found(doubts=(str(NESTING),), part=told, fatal=True)
        else:
            yield from _reports_of(inner_message, document, asked, part=told, depth=depth + 1)


def _stated(found: Found) -> dict[str, object]:
    return {key: value for key, value in found.fields.items() if value not in (None, "")}


# --- the text ---


def _body_of(parts: _Parts, fields: dict[str, object], document: Document, asked: Asked) -> Found | None:
    """The words of the message: its plain text, unless that is empty or a stub beside a page."""
    plain = "\n\n".join(parts.plain)
    letter = read_letter(plain)
    enough = words_in(letter.text)
    if parts.pages and enough < SUBSTANCE:
        page = _page_of(parts.pages, fields, document, asked)
        if page is not None and words_in(str(page.fields.get("text", ""))) > enough:
            return page
    if not letter.text.strip():
        return None
    return _letter_found(letter, fields)


def _page_of(pages: list[Part], fields: dict[str, object], document: Document, asked: Asked) -> Found | None:
    largest = max(((_bytes_of(page), page) for page in pages), key=lambda pair: len(pair[0]))
    known = tuple((key, str(value)) for key, value in fields.items())
    inner = replace(
        document, data=_without_quotes(largest[0]), media="html", charset=_charset_of(largest[1]), url=None, fields=known,
        may_screen=False,
    )  # fmt: skip
    for found in open_nested(inner, asked, part=""):
        if not found.fatal and found.fields.get("text"):
            doubts = without_date_doubts(found) if "published" in fields else found.doubts
            return replace(found, fields={**found.fields, **fields}, doubts=doubts)
    return None


def _without_quotes(data: bytes) -> bytes:
    """A page of mail without the messages that it answers: mailers put them last, each in an element of their own mark."""
    match = re.search(
        rb"<(?:div|blockquote)\b[^>]{0,300}(?:class=[\"'](?:gmail_quote|moz-cite-prefix|yahoo_quoted)|type=[\"']cite)", data, re.I
    )
    if match and len(re.findall(rb"[A-Za-z]{2,}", re.sub(rb"<[^>]*>", b" ", data[: match.start()]))) >= SUBSTANCE:
        return data[: match.start()]
    return data


def _letter_found(letter: Letter, fields: dict[str, object]) -> Found:
    if not letter.forwarded:
        return Found(fields={**fields, "text": letter.text})
    day = _day_of(letter.forwarded.get("date", ""))
    own: dict[str, object] = {"text": letter.text}
    if title := _without_reply(letter.forwarded.get("subject", "")):
        own["title"] = title
    if publisher := publisher_of(letter.forwarded.get("from", "").replace("*", "")):
        own["publisher"] = publisher
    if day:
        own["published"] = day
        return Found(fields={**fields, **own})
    doubt = "a message handed on, whose own date cannot be told: the day on which it was handed on stands for it"
    return Found(fields={**fields, **own}, doubts=(doubt,) if "published" in fields else ())


# --- the head ---


def _fields_of(message: Part) -> tuple[dict[str, object], list[str]]:
    fields: dict[str, object] = {}
    doubts: list[str] = []
    if title := _without_reply(_header(message, "Subject")):
        fields["title"] = title
    day = _day_of(_header(message, "Date"))
    if day:
        fields["published"] = day
    else:
        stated = _header(message, "Date")
        doubts.append(f"no date in its head that can be read{f' ({stated[:60]!r})' if stated else ''}: give it with --published")
    if publisher := publisher_of(_header(message, "From"), listed=_header(message, "List-Id")):
        fields["publisher"] = publisher
    return fields, doubts


def publisher_of(sender: str, *, listed: str = "") -> str | None:
    """Who publishes a message: its list, an office's name, or the domain; never the name or the mailbox of a private person."""
    name = re.match(r"\s*\"?([^\"<>@]{3,100}?)\"?\s*<", listed)
    if name and not re.fullmatch(r"[\da-f]{8,}", name[1], re.I):
        return name[1].strip()
    shown, address = parseaddr(sender)
    mailbox, _, domain = address.rpartition("@")
    domain = domain.strip("[]. \t>").lower()
    if not re.fullmatch(r"(?:[\w-]+\.)+[a-z][\w-]+", domain):
        return None
    labels = domain.split(".")
    if labels[-2] in FREE or (len(labels) > 2 and labels[-2] in {"co", "com"} and labels[-3] in FREE):
        return None
    shown = " ".join(shown.split())
    words = {word for word in re.findall(r"[^\W\d_]{3,}", shown.lower()) if word not in {"the", "and", "news"}}
    of_domain = any(word in domain.replace("-", "") for word in words)
    if shown and "@" not in shown and (of_domain or ROLES.fullmatch(re.split(r"[+._\d-]", mailbox)[0])):
        return shown
    while len(labels) > 2 and labels[0] in {
        "mail",
        "email",
        "e",
        "em",
        "news",
        "newsletter",
        "newsletters",
        "send",
        "mailer",
        "www",
    }:
        labels = labels[1:]
    return ".".join(labels)


def _header(message: Part, name: str) -> str:
    """A header in characters; "" where it is missing or nobody can read it."""
    try:
        value: object = message.get(name, "")
        told = str(value)[:HEAD_CHARACTERS]
        pieces = decode_header(value if isinstance(value, Header) and len(told) < HEAD_CHARACTERS else told)
    except (HeaderParseError, ValueError, LookupError, IndexError, TypeError, AttributeError):
        return " ".join(str(message.get(name, ""))[:HEAD_CHARACTERS].split())
    decoded = [piece if isinstance(piece, str) else _decoded(piece, charset) for piece, charset in pieces]
    return " ".join("".join(decoded).replace("\0", "").split())


def _decoded(piece: bytes, charset: str | None) -> str:
    from headcount.sources.pages.charsets import codec_of

    codec = codec_of(charset) if charset and charset.lower() != "us-ascii" else None
    if codec:
        return piece.decode(codec, "replace")
    return decode_text(piece)[0]


def _without_reply(subject: str) -> str:
    match = REPLIED.match(subject)
    return subject[match.end() :] if match else subject


def _day_of(value: str) -> dt.date | None:
    """The day of a header's date, as it stands there; None where it is none."""
    value = re.sub(r"\s+at\s+", " ", value)
    try:
        return parsedate_to_datetime(value).date()
    except (ValueError, TypeError, OverflowError, IndexError):
        return None


# --- the parts ---


def _parts_of(message: Part) -> _Parts:
    """The leaves of a message, without those of the messages attached to it."""
    parts = _Parts()
    left = [message]
    taken = 0
    while left:
        part = left.pop()
        taken += 1
        if taken > MAIL_PARTS.most:
            raise LimitError(MAIL_PARTS)
        kind = part.get_content_type()
        payload = part.get_payload() if part.is_multipart() else None  # else it would be decoded, by whatever codec it names
        if kind in {"message/rfc822", "message/global"} and isinstance(payload, list):
            parts.messages.extend(inner for inner in payload if isinstance(inner, Message))
        elif isinstance(payload, list):
            left.extend(inner for inner in reversed(payload) if isinstance(inner, Message))
        else:
            _sort_leaf(part, kind, parts)
    return parts


def _sort_leaf(part: Part, kind: str, parts: _Parts) -> None:
    name = _name_of(part)
    ending = re.search(r"\.[A-Za-z0-9]{1,5}$", name)
    is_attached = str(part.get("Content-Disposition", "")).lower().lstrip().startswith("attachment")
    if kind == "text/plain" and not is_attached:
        text, _, note = _decode(part)
        parts.plain.append(_flowed(text, part))
        if note:
            parts.notes.append(note)
    elif kind in {"text/html", "application/xhtml+xml"} and not is_attached:
        parts.pages.append(part)
    elif not NOT_TOLD.match(kind):
        data = _bytes_of(part)
        media = sniff_media(data, ending=ending[0].lower() if ending else "")
        if media == "zip":
            media = BY_ENDING.get(ending[0].lower() if ending else "", "zip")
        if media == "eml":
            parts.messages.append(_parsed(data))
        elif media in OPENED and media in READERS:
            parts.documents.append((name or f"attached {media}", media, data))
        elif data.strip():
            parts.passed.append(name or kind)


def _name_of(part: Part) -> str:
    try:
        name = part.get_filename() or ""
    except (ValueError, LookupError, TypeError, IndexError, AttributeError):
        return ""
    try:
        told = "".join(piece if isinstance(piece, str) else _decoded(piece, charset) for piece, charset in decode_header(name))
    except (HeaderParseError, ValueError, LookupError):
        told = name
    return re.sub(r"[^\w.,() +-]", "_", told.replace("\\", "/").rsplit("/", 1)[-1])[:80]


def _bytes_of(part: Part) -> bytes:
    try:
        payload = part.get_payload(decode=True)
    except (ValueError, LookupError, TypeError, AttributeError):
        payload = str(part.get_payload()).encode("utf-8", "replace")
    return payload if isinstance(payload, bytes) else b""


def _charset_of(part: Part) -> str | None:
    try:
        charset = part.get_content_charset()
    except (ValueError, LookupError, TypeError, AttributeError):
        return None
    return str(charset) if charset else None


def _decode(part: Part) -> tuple[str, str, str | None]:
    from headcount.sources.pages.charsets import decode_page

    return decode_page(_bytes_of(part), declared=_charset_of(part))


def _flowed(text: str, part: Part) -> str:
    """Lines that a mailer broke with a blank at their end (RFC 3676) joined again."""
    if "flowed" not in str(part.get("Content-Type", "")).lower():
        return text
    glue = "" if "delsp=yes" in str(part.get("Content-Type", "")).lower().replace('"', "") else " "
    return re.sub(r"(?m)(?<!^--)(?<=\S) \r?\n(?![>\r\n]| )", glue, text)
