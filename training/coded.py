"""Coded reports for training: the gold and our own codings, in one shape.

Our codings (``training/coded/*.jsonl``) hold ids, spans and values, no text: the texts are in the
shared data. Without them this module yields nothing.
"""

from __future__ import annotations

import datetime as dt
import gzip
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from headcount.models import Report

HERE = Path(__file__).parent
SHARED = HERE.parent.parent / "shared"


@dataclass
class CodedEvent:
    """An event as a coder wrote it down, with the character spans of the sentences that tell of it."""

    event_type: str
    status: str
    background: bool
    date_start: str | None
    date_end: str | None
    locality: str | None
    state: str | None
    country: str | None
    lat: float | None
    lon: float | None
    sizes: list[dict[str, Any]]
    main: tuple[int, int] | None
    spans: list[tuple[int, int]] = field(default_factory=list)
    allowed_types: str = ""

    @property
    def counted(self) -> bool:
        """Is it one of the events that the figures count?"""
        return self.status == "held" and not self.background


@dataclass
class CodedReport:
    """A report with its coded events; ``complete`` when every sentence about them is listed."""

    report: Report
    events: list[CodedEvent]
    complete: bool
    source: str
    rollups: list[tuple[int, int]] = field(default_factory=list)


def _published(value: str | None) -> dt.date | None:
    return dt.date.fromisoformat(value[:10]) if value else None


def _report(row: dict[str, Any]) -> Report:
    return Report(
        text=row["text"],
        given_id=row["id"],
        published=_published(row.get("published")),
        publisher=row.get("publisher"),
        title=row.get("title"),
    )


def _coded_event(
    e: dict[str, Any],
    sizes: list[dict[str, Any]],
    main: tuple[int, int] | None,
    spans: list[tuple[int, int]],
    allowed_types: str = "",
) -> CodedEvent:
    """An event of a file, with its spans already in characters of the report."""
    named = (e[key] for key in ("event_type", "status", "background", "date_start", "date_end", "locality", "state", "country"))
    return CodedEvent(*named, e.get("lat"), e.get("lon"), sizes, main, spans, allowed_types)


def load_gold(name: str) -> list[CodedReport]:
    """The gold file ``name``: of each event only the quoted sentence is known."""
    reports = []
    for line in (SHARED / "gold" / f"{name}.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        events = []
        for e in row["events"]:
            at = row["text"].find(e["quote"])
            main = (at, at + len(e["quote"])) if at >= 0 else None
            sizes = []
            for size in e["sizes"]:
                near = row["text"].find(size["text"], max(0, at - 400)) if at >= 0 else -1
                near = near if near >= 0 else row["text"].find(size["text"])
                sizes.append(size | {"start": near, "end": near + len(size["text"])})
            events.append(
                _coded_event(
                    e,
                    sizes,
                    main,
                    [main] if main else [],
                    e.get("unsure") or "",
                )
            )
        rollups = [(row["text"].find(x["quote"]), len(x["quote"])) for x in row["rollups"]]
        reports.append(CodedReport(_report(row), events, not events, name, [(a, a + n) for a, n in rollups if a >= 0]))
    return reports


def load_coded() -> list[CodedReport]:
    """Our own codings of unlabelled reports, joined with their texts."""
    texts: dict[str, dict[str, Any]] = {}
    for name in ("stream", "protest_unlabelled"):
        with gzip.open(SHARED / "data" / f"{name}.jsonl.gz", "rt", encoding="utf-8") as lines:
            for line in lines:
                row = json.loads(line)
                texts[row["id"]] = row
    reports = []
    for path in sorted((HERE / "coded").glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            events = [
                _coded_event(
                    e,
                    e["sizes"],
                    tuple(e["main"]) if e["main"] else None,
                    [tuple(s) for s in e["spans"]],
                )
                for e in row["events"]
            ]
            reports.append(CodedReport(_report(texts[row["id"]]), events, True, "coded", [tuple(x) for x in row["rollups"]]))
    return reports


def load_own() -> list[CodedReport]:
    """Short reports that we wrote ourselves (``training/own/*.jsonl``), each construct of the codebook many times."""
    reports = []
    for path in sorted((HERE / "own").glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            events = [
                _coded_event(
                    e,
                    e["sizes"],
                    tuple(e["main"]),
                    [tuple(s) for s in e["spans"]],
                )
                for e in row["events"]
            ]
            reports.append(CodedReport(_report(row), events, True, "own", [tuple(x) for x in row["rollups"]]))
    return reports


def load_negatives(count: int) -> list[CodedReport]:
    """Ordinary news in which the screen finds no word of a gathering: coded as reports without events.

    Every ``n``-th of them that holds a weak trigger, so that the weak words are seen in their everyday sense.
    """
    from headcount.coding.screen import may_tell

    found = []
    with gzip.open(SHARED / "data" / "stream.jsonl.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            if len(row["text"]) > 400 and not may_tell(row["text"]):
                found.append(row)
    step = max(1, len(found) // count)
    return [CodedReport(_report(row), [], True, "negative") for row in found[::step][:count]]
