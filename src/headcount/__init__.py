"""Headcount reads news reports of rallies and marches into coded events.

    >>> import headcount
    >>> reading = headcount.read("Over 2,000 people marched in Leeds on Saturday.", published="2016-08-02")
    >>> [(event.event_type, event.locality, event.size_low) for event in reading.events]
    [('march', 'Leeds', 2000)]

``read`` takes one text, ``read_many`` any number, ``read_files`` saved pages, documents, archives and folders of them, ``open``
a record of many reports. Nothing is loaded before it is asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import datetime as dt
    import os
    from collections.abc import Iterable, Iterator, Mapping

    from headcount.api import Events, Record
    from headcount.models import (
        CandidateEvent,
        Comparison,
        Event,
        EventSize,
        Judgement,
        Outcome,
        Problem,
        Reading,
        Report,
        Review,
        Rollup,
        Size,
        Span,
        Statement,
    )
    from headcount.run import ReportReader

    __version__: str

_NOUNS = frozenset(
    "CandidateEvent Comparison Event EventSize Judgement Outcome Problem Reading Report Review Rollup Size Span Statement".split()
)
_FACE = frozenset({"Events", "Record"})
__all__ = [
    "CandidateEvent", "Comparison", "Event", "EventSize", "Events", "Judgement", "Outcome", "Problem", "Reading", "Record",
    "Report", "Review", "Rollup", "Size", "Span", "Statement", "__version__", "open", "read", "read_files", "read_many",
]  # fmt: skip

_reader: ReportReader | None = None


def read(
    text: str,
    *,
    published: str | dt.date | None = None,
    publisher: str | None = None,
    title: str | None = None,
    country: str | None = None,
    url: str | None = None,
) -> Reading:
    """All that one report says: the events it tells of, its roll-ups, and what could not be read.

    ``published`` is the day of publication (``YYYY-MM-DD`` or a date); without it "on Saturday" stays without a date.
    ``publisher`` and ``country`` (of the publisher, ISO 3166-1 alpha-2) help to tell same-named towns apart. Spans count
    code points of ``reading.report.text``, which is ``text`` as given, but for lone surrogates, read as U+FFFD.

    Raises TypeError where ``text`` is no string, ValueError where ``published`` or ``country`` is none.
    An empty text is no error: its reading has no event.
    """
    from headcount.models import Report
    from headcount.sources import mend_surrogates, parse_country, parse_published

    _require_string(text)
    if text.endswith((".txt", ".md", ".jsonl")) and not any(map(str.isspace, text)):
        raise ValueError(f"text: expected the words of a report, found what looks like a path, {text!r}; read the file first")
    report = Report(
        text=mend_surrogates(text)[0],
        published=None if published is None else parse_published(published),
        publisher=publisher or None,
        title=title or None,
        country=None if country is None else parse_country(country),
        url=url or None,
    )
    return _shared_reader().read(report)


def open(name: str | os.PathLike[str] = "headcount.db") -> Record:  # noqa: A001 - said as headcount.open
    """The record at a path or a ``postgresql://`` URL, open for reading: ``headcount.open("headcount.db").events().to_pandas()``.

    Raises ``headcount.api.NoRecordError`` where there is none, ``RecordError`` where it cannot be read, with what to do.
    """
    from headcount.api import open_record

    return open_record(str(name))


def read_many(reports: Iterable[str | Mapping[str, object] | Report], *, jobs: int | None = None) -> Iterator[Reading]:
    """The readings of many reports, in order, as they are asked for, on all cores that this process may use.

    A report is a text, a mapping with the keys of a JSON Lines report (``text``, and as known ``id``, ``published``,
    ``publisher``, ``title``, ``url``, ``country``), or a ``Report``. One that cannot be read gives a reading with a fatal
    problem; the others are read all the same. ``jobs=1`` reads in this process alone.
    """
    from headcount.run import read_reports

    return read_reports(_as_reports(reports), reader=_shared_reader() if jobs == 1 else None, jobs=jobs)


def read_files(
    paths: Iterable[str | os.PathLike[str]],
    *,
    published: str | dt.date | None = None,
    publisher: str | None = None,
    country: str | None = None,
    columns: Mapping[str, str] | None = None,
    jobs: int | None = None,
) -> Iterator[Reading]:
    """The readings of what files and folders hold: texts, saved pages, PDFs, exports of databases, archives, tables.

    What an input is, is told from its bytes; nothing is fetched. ``published``, ``publisher`` and ``country`` are for reports
    that do not say it themselves; ``columns`` says where a table or JSON Lines keeps what (``{"text": "body"}``). What cannot be
    read gives a reading with a fatal problem that names it. Raises ValueError where ``published`` or ``country`` is none.
    """
    import datetime as dt
    import os

    from headcount.run import read_reports
    from headcount.run.extracting import open_documents
    from headcount.sources import Asked, Defaults, find_reports, parse_country, parse_published

    asked = Asked(
        today=dt.datetime.now(dt.UTC).date(),
        defaults=Defaults(
            published=None if published is None else parse_published(published),
            publisher=publisher or None,
            country=None if country is None else parse_country(country),
        ),
        columns=columns or {},
    )
    several = [paths] if isinstance(paths, str | os.PathLike) else paths
    return read_reports(open_documents(find_reports(several, asked=asked), asked=asked, jobs=jobs), jobs=jobs)


def _as_reports(reports: Iterable[str | Mapping[str, object] | Report]) -> Iterator[Report | Problem]:
    from collections.abc import Mapping
    from dataclasses import replace

    from headcount.models import Problem, Report
    from headcount.sources import mend_surrogates, report_from_fields

    if isinstance(reports, str | Mapping | Report):
        raise TypeError("reports: expected several reports, found one; put it in a list, or use headcount.read")
    several: Iterable[object] = reports
    for number, given in enumerate(several, start=1):
        record = f"report {number}"
        if isinstance(given, Report):
            yield replace(given, text=mend_surrogates(given.text)[0], record=given.record or record)
        elif isinstance(given, str | Mapping):
            fields = {"text": given} if isinstance(given, str) else given
            report, problems = report_from_fields(fields, record=record)
            yield from problems
            if report is not None:
                yield report
        else:
            reason = f"expected a text, a mapping or a Report, found {type(given).__name__}"
            yield Problem(stage="sources", record=record, reason=reason)


def _require_string(text: object) -> None:
    if not isinstance(text, str):
        raise TypeError(f"text: expected a string, found {type(text).__name__}")


def _shared_reader() -> ReportReader:
    global _reader
    if _reader is None:
        from headcount.run import load_reader

        _reader = load_reader()
    return _reader


def __getattr__(name: str) -> object:
    if name == "__version__":
        from headcount.release import RELEASE

        return RELEASE
    if name in _NOUNS:
        import headcount.models

        return getattr(headcount.models, name)
    if name in _FACE:
        import headcount.api

        return getattr(headcount.api, name)
    raise AttributeError(f"module 'headcount' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
