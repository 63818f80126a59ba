"""What the commands that take reports share: which inputs, what is asked of them, and the items that come out."""

from __future__ import annotations

import datetime as dt
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any

import click

from headcount.cli.networking import is_url, items_of
from headcount.cli.options import now
from headcount.cli.terminal import is_terminal

if TYPE_CHECKING:
    from headcount.cli.networking import Fetching
    from headcount.models import Problem, Reading, Report
    from headcount.sources import Asked, Item


def gather(
    paths: Iterable[str | os.PathLike[str]],
    asked: Asked,
    *,
    jobs: int | None = None,
    on_bytes: Callable[[int], None] | None = None,
    resume: Callable[[str], int | None] = lambda _: None,
    leave_out: Callable[[Iterable[Item]], Iterator[Item]] = iter,
    fetching: Fetching | None = None,
) -> Iterator[Report | Problem | Reading]:
    """The reports of all inputs, with every page and document opened but those that ``leave_out`` answers for.

    Addresses among ``paths`` are fetched where ``fetching`` says how.
    """
    from headcount.run.extracting import open_documents

    found = items_of(paths, fetching, asked=asked, on_bytes=on_bytes, resume=resume)
    return open_documents(leave_out(found), asked=asked, jobs=jobs)


def asked_of(
    *,
    published: dt.date | None,
    publisher: str | None,
    country: str | None,
    columns: dict[str, str],
    screen: bool = True,
    **more: Any,
) -> Asked:
    """What the options ask of all documents."""
    from headcount.sources import Asked, Defaults

    defaults = Defaults(published=published, publisher=publisher or None, country=country)
    return Asked(today=now().date(), defaults=defaults, columns=columns, screen=screen, **more)


def require_sources(sources: tuple[str, ...]) -> tuple[str, ...]:
    """What is to be read: standard input where nothing is named and something comes from there."""
    if not sources:
        if sys.stdin is None or is_terminal(sys.stdin):
            raise click.UsageError("nothing to read: give a file, a folder, an address with --fetch, or - for standard input")
        return ("-",)
    if "" in sources:
        raise click.UsageError("a path is empty: give a file, a folder, or - for standard input")
    return sources


def total_bytes(paths: tuple[str, ...]) -> int | None:
    """How much there is to read, for the bar; None where that cannot be known."""
    total = 0
    for path in paths:
        if path == "-" or is_url(path):
            return None
        for parent, folders, files in os.walk(path) if os.path.isdir(path) else [("", [], [path])]:
            folders[:] = [name for name in folders if not name.startswith(".")]
            for name in files:
                if not os.path.basename(name).startswith(".") and os.path.isfile(os.path.join(parent, name)):
                    total += os.path.getsize(os.path.join(parent, name))
    return total or None
