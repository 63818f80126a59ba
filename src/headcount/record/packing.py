"""How a candidate event and an event are kept in one column: JSON that reads back as the same noun."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Final

import msgspec

from headcount.gazetteer.fold import fold_name
from headcount.models import CandidateEvent, Event, Reading, Report

if TYPE_CHECKING:
    from headcount.linkage import Account

HALF: Final = re.compile("[\ud800-\udfff]")

Lineage = dict[str, list[str]]
"""Ids of statements by variable, in the order of the values that they give."""


class Packed(msgspec.Struct, frozen=True):
    """A candidate event without its statements, and which statements give what."""

    event: CandidateEvent
    lineage: Lineage


def _plain(value: object) -> object:
    """An event's empty mappings, which are read-only views."""
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"a noun of the record holds no {type(value).__name__}")


_encode = msgspec.json.Encoder(enc_hook=_plain).encode
_decode_candidate = msgspec.json.Decoder(Packed).decode
_encode_account = msgspec.msgpack.Encoder().encode
_decode_event = msgspec.json.Decoder(Event).decode


def pack_candidate(event: CandidateEvent) -> bytes:
    """The candidate event as its column holds it; the statements themselves have rows of their own."""
    lineage: Lineage = {}
    for statement in event.statements:
        lineage.setdefault(statement.variable, []).append(statement.statement_id)
    return _encode(Packed(replace(event, statements=()), lineage))


def unpack_candidate(content: bytes) -> Packed:
    """The candidate event that ``pack_candidate`` packed."""
    return _decode_candidate(content)


def pack_event(event: Event) -> bytes:
    """An event as its column holds it."""
    return _encode(event)


def unpack_event(content: bytes) -> Event:
    """The event that ``pack_event`` packed."""
    return _decode_event(content)


def pack_account(account: Account) -> bytes:
    """What linkage compares of a candidate event, as its column holds it."""
    return _encode_account(account)


def unpack_account(packed: bytes) -> Account:
    """The account that ``pack_account`` packed."""
    return _account_decoder().decode(packed)


@cache
def _account_decoder() -> msgspec.msgpack.Decoder[Account]:
    """Made when it is first needed: what linkage imports takes 0.4 s, and a command that only asks needs none of it."""
    from headcount.linkage import Account

    return msgspec.msgpack.Decoder(Account)


def fold_key(name: str) -> str:
    """A name as events are found by it: without case, accents and marks, or as it is where nothing would be left.

    No more than its beginning: an index of PostgreSQL refuses rows from 2,700 bytes.
    """
    return (fold_name(name) or name)[:120]


def make_storable(text: str) -> str:
    """The text with U+FFFD for NUL, which PostgreSQL refuses, and for half characters, which no UTF-8 holds: one for one."""
    if "\0" not in text and (text.isascii() or not HALF.search(text)):
        return text
    return HALF.sub("\N{REPLACEMENT CHARACTER}", text.replace("\0", "\N{REPLACEMENT CHARACTER}"))


def hash_content(report: Report) -> str:
    """A hash of everything that a reading depends on but the report's id: two reports with one hash are one report told twice."""
    parts = (report.text, report.title, report.publisher, report.published, report.url, report.country)
    joined = "\x1f".join("" if part is None else str(part) for part in parts)
    return hashlib.blake2b(joined.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def hash_problem(stage: str, record: str, reason: str) -> str:
    """The id of a problem: the same failure met again is the same problem."""
    return "p-" + hashlib.blake2b("\x1f".join((stage, record, reason)).encode("utf-8", "replace"), digest_size=8).hexdigest()


def failed(reading: Reading) -> bool:
    """Whether the input gave no reading."""
    return any(problem.fatal for problem in reading.problems)
