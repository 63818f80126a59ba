"""Events as JSON Lines: all that the record knows of each, sizes, other values and lineage included."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass
from importlib.resources import files
from typing import BinaryIO

import msgspec

from headcount.exports.cells import escape_unseen, make_encodable
from headcount.models import Event


def write_event_jsonl(events: Iterable[Event], out: BinaryIO) -> int:
    """One line an event, every key always there, null for unknown. Returns how many were written."""
    number = 0
    for event in events:
        out.write(encode_event(event) + b"\n")
        number += 1
    out.flush()
    return number


def encode_event(event: Event) -> bytes:
    """The event as one line of JSON, as ``event.schema.json`` promises it."""
    try:
        return escape_unseen(_encoder.encode(event))
    except UnicodeEncodeError:  # half of a surrogate pair: no JSON in UTF-8 can hold it
        return escape_unseen(_encoder.encode(_plain(event)))


def read_event_schema() -> str:
    """The JSON Schema of one line of ``headcount export jsonl``, as it is published with the package."""
    return files("headcount.exports").joinpath("event.schema.json").read_text("utf-8")


def _as_mapping(value: object) -> object:
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"an event holds texts, numbers, days, lists and mappings, found {type(value).__name__}")


_encoder = msgspec.json.Encoder(enc_hook=_as_mapping)


def _plain(value: object) -> object:
    """The value with every text made encodable."""
    if isinstance(value, str):
        return make_encodable(value)
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if isinstance(value, Mapping):
        return {make_encodable(key): _plain(item) for key, item in value.items()}
    if is_dataclass(value):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    return value
