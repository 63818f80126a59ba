"""Documents within documents: an attachment of a message, a chapter of a book, opened by the reader of their own kind."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from importlib import import_module

from headcount.models import Document
from headcount.sources.limits import LimitError
from headcount.sources.opening import READERS, Asked, Found


def open_nested(document: Document, asked: Asked, *, part: str) -> Iterator[Found]:
    """What the reader of its kind finds in a document within another; what fails costs this document alone."""
    module, _, name = READERS[document.media].partition(":")
    reader: Callable[[Document, Asked], Iterable[Found]] = getattr(import_module(module), name)
    empty = True
    try:
        for found in reader(document, asked):
            empty = False
            yield replace(found, part=f"{part}#{found.part}" if found.part else part)
    except LimitError as error:
        yield Found(doubts=(str(error),), part=part, fatal=True)
    except (MemoryError, RecursionError):
        yield Found(doubts=("nested too deeply or too large to open: save its text instead",), part=part, fatal=True)
    except Exception as error:  # a library's reader on bytes that nobody foresaw
        what = f"{type(error).__name__}: {str(error)[:200]}"
        reason = f"it could not be opened as {document.media} ({what}): save its text instead"
        yield Found(doubts=(reason,), part=part, fatal=True)
    else:
        if empty:
            yield Found(doubts=(f"no report in this {document.media} document: nothing to read",), part=part, fatal=True)


def without_date_doubts(found: Found) -> tuple[str, ...]:
    """The doubts about a page but for those about its date, where something better than the page says it."""
    return tuple(doubt for doubt in found.doubts if "date" not in doubt and "published" not in doubt)
