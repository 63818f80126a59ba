"""Readers of documents that do what no reader may, by a word in the document."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator

from headcount.models import Document
from headcount.sources import Asked
from headcount.sources.opening import Found


def read_slowly(document: Document, asked: Asked) -> Iterator[Found]:
    """Sleeps, swells, dies, raises, or reads."""
    if b"slow" in document.data:
        time.sleep(3600)
    if b"swells" in document.data:
        held = [b"x" * 2**28 for _ in range(16)]
        assert held
    if b"dies" in document.data:
        os.kill(os.getpid(), signal.SIGKILL)
    if b"raises" in document.data:
        raise ZeroDivisionError("a defect of a library")
    yield Found(fields={"text": document.data.decode()})
