"""JSON that is no JSON Lines: an array of reports, CSL JSON, and Zotero's own."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, Final

from headcount.models import Document
from headcount.sources.fields import rename_keys
from headcount.sources.opening import Asked, Found
from headcount.sources.references.entries import Reference, decode_export, fields_of, found_of

DEPTH: Final = 3
"""So many objects deep a list of reports is looked for: ``{"response": {"results": [...]}}``."""

PARTS: Final = frozenset({"attachment", "annotation"})
"""What Zotero lists beside the entry that it belongs to."""

SHOWN: Final = 15


def read_json(document: Document, asked: Asked) -> Iterator[Found]:
    """The reports of an array of objects, whose keys are those of a report, or mapped to them, or those of a reference."""
    try:
        items, note = _items_of(document.data, asked.columns)
    except ValueError as error:
        yield Found(doubts=(str(error),), fatal=True)
        return
    for number, item in enumerate(items, start=1):
        for found in _found_of(item, f"item {number}", document, asked):
            yield replace(found, doubts=(note, *found.doubts)) if note and number == 1 else found


def references_of(data: bytes) -> Iterator[Reference]:
    """The entries of an export; of a plain array of reports none."""
    try:
        items, _ = _items_of(data, {})
    except ValueError:
        return
    for number, item in enumerate(items, start=1):
        reference = _reference_of(item, f"item {number}") if isinstance(item, dict) and "text" not in item else None
        if reference is not None:
            yield reference


def _found_of(item: object, name: str, document: Document, asked: Asked) -> Iterator[Found]:
    if not isinstance(item, dict):
        yield Found(doubts=(f"expected an object with a report's text, found {_kind(item)}",), part=name, fatal=True)
        return
    fields = rename_keys(item, asked.columns)
    if "text" in fields:
        yield Found(fields=fields, part=name)
        return
    reference = _reference_of(item, name)
    if reference is not None:
        yield from found_of([reference], document)
    elif not _is_part(item):
        keys = ", ".join(ascii(key[:40]) if not key.isprintable() else key[:40] for key in list(item)[:SHOWN])
        more = ", ..." if len(item) > SHOWN else ""
        reason = f'no key "text": its keys are {keys}{more}; say which holds the text with --map text=KEY'
        yield Found(doubts=(reason,), part=name, fatal=True)


def _items_of(data: bytes, columns: Mapping[str, str]) -> tuple[list[object], str | None]:
    """What the array holds, or the one list within an object, and what was assumed of the encoding. Raises ValueError."""
    text, note = decode_export(data)
    try:
        value = json.loads(text, parse_int=lambda digits: int(digits) if len(digits) < 40 else float("inf"))
    except RecursionError:
        raise ValueError("the JSON is nested too deeply") from None
    except json.JSONDecodeError as error:
        what = error.msg.removesuffix(" at")
        raise ValueError(f"no JSON: {what} at character {error.pos + 1}; it is broken or cut off") from None
    return _list_in(value, columns, DEPTH), note


def _list_in(value: object, columns: Mapping[str, str], depth: int) -> list[object]:
    if isinstance(value, list):
        return value
    if not isinstance(value, dict):
        raise ValueError(f"expected an array of reports, found {_kind(value)}")
    if columns.get("text", "text") in value or "itemType" in value or depth == 0:
        return [value]
    lists = [inner for inner in value.values() if isinstance(inner, list) and inner and isinstance(inner[0], dict)]
    if len(lists) == 1 or (lists and isinstance(value.get("items"), list)):  # Zotero's has collections beside its items
        return value["items"] if isinstance(value.get("items"), list) else lists[0]
    inner = [found for found in value.values() if isinstance(found, dict)]
    return _list_in(inner[0], columns, depth - 1) if len(inner) == 1 and not lists else [value]


# --- entries ---


def _is_part(item: Mapping[str, Any]) -> bool:
    """Whether it is something of another entry in Zotero's own list: an attachment, a mark in one."""
    entry = item.get("data", item)
    return isinstance(entry, dict) and _text(entry, "itemType") in PARTS


def _reference_of(item: Mapping[str, Any], name: str) -> Reference | None:
    inner = item.get("data")
    entry: Mapping[str, Any] = inner if isinstance(inner, dict) and "itemType" in inner else item
    if _text(entry, "itemType") in PARTS:
        return None
    if "itemType" in entry:
        return _zotero(entry, name)
    if isinstance(entry.get("type"), str) and entry.keys() & {"issued", "container-title", "abstract", "author", "URL"}:
        return _csl(entry, name)
    return None


def _zotero(entry: Mapping[str, Any], name: str) -> Reference:
    publisher = next(
        (
            text
            for key in ("publicationTitle", "websiteTitle", "blogTitle", "programTitle", "publisher")
            if (text := _text(entry, key))
        ),
        "",
    )
    fields, doubts = fields_of(title=_text(entry, "title"), publisher=publisher, url=_text(entry, "url"), date=_text(entry, "date"))
    notes = [_text(note, "note") if isinstance(note, dict) else str(note) for note in _list(entry, "notes")]
    files = [_text(file, "path") or _text(file, "localPath") for file in _list(entry, "attachments") if isinstance(file, dict)]
    return Reference(
        name=name,
        fields=fields,
        abstract=_text(entry, "abstractNote"),
        notes=tuple(note for note in (*notes, _text(entry, "note")) if note),
        files=tuple(file for file in files if file),
        doubts=doubts,
    )


def _csl(entry: Mapping[str, Any], name: str) -> Reference:
    fields, doubts = fields_of(
        title=_text(entry, "title"),
        publisher=_text(entry, "container-title") or _text(entry, "publisher"),
        url=_text(entry, "URL"),
        date=_issued(entry.get("issued")),
    )
    return Reference(name=name, fields=fields, abstract=_text(entry, "abstract"), notes=_some(_text(entry, "note")), doubts=doubts)


def _issued(issued: object) -> str:
    """The date of CSL: ``{"date-parts": [[2016, 8, 2]]}``, or raw words."""
    if not isinstance(issued, dict):
        return issued if isinstance(issued, str) else ""
    parts = issued.get("date-parts")
    first = parts[0] if isinstance(parts, list) and parts else None
    if isinstance(first, list) and first and all(isinstance(part, int | str) for part in first):
        return "-".join(str(part).zfill(2) for part in first[:3])
    return _text(issued, "raw") or _text(issued, "literal")


def _some(text: str) -> tuple[str, ...]:
    return (text,) if text else ()


def _text(entry: Mapping[str, Any], key: str) -> str:
    value = entry.get(key)
    return value if isinstance(value, str) else ""


def _list(entry: Mapping[str, Any], key: str) -> list[Any]:
    value = entry.get(key)
    return value if isinstance(value, list) else []


def _kind(value: object) -> str:
    return {list: "a list", str: "a string", bool: "true or false", type(None): "null"}.get(type(value), "a number")
