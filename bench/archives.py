"""Pages of a web archive a second, beside trafilatura alone on every page: ``make bench``.

    python bench/archives.py [--pages 20000] [--alone 1500] [--again]

A WARC.gz of 20,000 pages is built once in ``build/bench``: the texts of ``data/stream.jsonl.gz`` (else the samples of the
package, varied), in five page templates of ours with menus, teasers of other stories, comments and scripts, about 100 KB each.
Measured in one run, on the same file: (a) trafilatura alone, in one process, every page read with fastwarc and opened with its
text, title and date, on pages drawn by seed, since all 20,000 would take five minutes and more; (b) all of Headcount's way to
opened reports, ``find_reports`` and ``open_documents`` with ``jobs=1``: one process opens, this one reads the archive. Then the
reader looks for events in both sides' texts of the pages drawn. An event counts where the story by itself has one and its words
are the story's own: trafilatura takes teasers of other stories for the text of short ones, and a table's cell for one line.
Exits 1 where (b) is less than five times as fast as (a), or where of the reports with an event in (a) more than 1 in 200 have none
in (b). Seconds of all processes' work are printed beside the pace: on a busy machine they say more.
"""

from __future__ import annotations

import argparse
import datetime as dt
import gzip
import json
import logging
import random
import resource
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from archive_pages import Story, make_page

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared"
WORK = ROOT / "build" / "bench"
SAMPLES = ROOT / "src" / "headcount" / "samples"

FLOOR: Final = 5.0
"""Pages a second over those of trafilatura alone."""

CEILING: Final = 1 / 200
"""Reports with an event that are lost."""

BESIDE: Final = 14
"""Stories whose teasers stand on a page, twice."""

PLAIN: Final = 200
"""Pages on which trafilatura's pace without title and date is measured."""

SEED: Final = 1848


@dataclass(slots=True, kw_only=True)
class Side:
    """What one side made of the archive."""

    seconds: float = 0.0
    work: float = 0.0
    """Seconds of processors, of this process and of those that it started."""

    pages: int = 0
    reports: dict[int, Any] = field(default_factory=dict)
    """By the number of their page."""

    passed_over: int = 0
    failed: int = 0
    plain: float = 0.0
    """Pages a second without title and date."""

    @property
    def pace(self) -> float:
        """Pages a second."""
        return self.pages / self.seconds


def main() -> int:
    """Builds, measures, prints, and says whether the floor and the ceiling hold."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=20_000)
    parser.add_argument("--alone", type=int, default=1500, help="pages that trafilatura opens, drawn by seed (0: all)")
    parser.add_argument("--again", action="store_true", help="build the archive anew")
    args = parser.parse_args()
    logging.disable(logging.CRITICAL)
    WORK.mkdir(parents=True, exist_ok=True)
    archive = WORK / f"pages-{args.pages}.warc.gz"
    if args.again or not archive.exists():
        build_archive(archive, args.pages)
    print(f"{archive.name}: {args.pages:,} pages, {archive.stat().st_size / 2**20:,.0f} MiB packed", flush=True)
    drawn = (
        range(args.pages) if not args.alone else sorted(random.Random(SEED).sample(range(args.pages), min(args.alone, args.pages)))
    )
    ours = open_ours(archive)
    alone = open_alone(archive, set(drawn))
    ratio = ours.pace / alone.pace
    drawn_by = f"{alone.pages:,} of the pages, drawn by seed; {alone.plain:,.0f} pages/s without title and date"
    fate = f"{ours.passed_over:,} turned away at a glance, {ours.failed} failed"
    print(f"  trafilatura alone {alone.pace:8,.0f} pages/s {1000 * alone.work / alone.pages:8.2f} ms of work a page   ({drawn_by})")
    print(f"  headcount         {ours.pace:8,.0f} pages/s {1000 * ours.work / ours.pages:8.2f} ms of work a page   ({fate})")
    print(f"  ratio             {ratio:8.1f}x       {alone.work / alone.pages / (ours.work / ours.pages):8.1f}x", flush=True)
    told, lost = compare_events(alone, ours)
    share = len(lost) / max(len(told), 1)
    print(f"  with an event in trafilatura's text: {len(told)} of {alone.pages:,}; without one in ours: {len(lost)} ({share:.2%})")
    for number in lost[:12]:
        print(f"    page {number}: {'opened' if number in ours.reports else 'turned away'}")
    figures = {
        "ratio": ratio,
        "pages_per_second": ours.pace,
        "alone_pages_per_second": alone.pace,
        "told": len(told),
        "lost": len(lost),
    }
    (WORK / "archives.json").write_text(json.dumps(figures, indent=2) + "\n", "utf-8")
    missed = []
    if ratio < FLOOR:
        missed.append(f"the ratio is {ratio:.2f}, at least {FLOOR:g} wanted")
    if share > CEILING:
        missed.append(f"{share:.2%} of the reports with an event are lost, at most {CEILING:.2%} wanted")
    for line in missed:
        print(f"bench: {line}")
    return 1 if missed else 0


def build_archive(path: Path, count: int) -> None:
    """Writes the archive: a request and a response for each page, every record a gzip member of its own."""
    stories = read_stories()
    draw = random.Random(SEED)
    made = path.with_suffix(".part")
    with made.open("wb") as file:
        file.write(gzip.compress(_record("warcinfo", "", b"software: bench\r\n", "application/warc-fields"), 6))
        for number in range(count):
            story = stories[number % len(stories)]
            address = f"https://paper.example/{number}"
            body = make_page(story, draw.sample(stories, min(BESIDE, len(stories))), number=number)
            head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: %d\r\n\r\n" % len(body)
            request = b"GET /%d HTTP/1.1\r\nHost: paper.example\r\n\r\n" % number
            file.write(gzip.compress(_record("request", address, request, "application/http; msgtype=request"), 6))
            file.write(gzip.compress(_record("response", address, head + body, "application/http; msgtype=response"), 6))
    made.rename(path)


def read_stories() -> list[Story]:
    """The texts that the pages are made of."""
    stream = SHARED / "data" / "stream.jsonl.gz"
    if stream.exists():
        with gzip.open(stream, "rt", encoding="utf-8") as lines:
            return [
                Story(
                    text=given["text"], title=given.get("title") or "News", published=(given.get("published") or "2015-01-01")[:10],
                    publisher=given.get("publisher") or "",
                )
                for given in map(json.loads, lines)
            ]  # fmt: skip
    texts = [path.read_text("utf-8").split("---", 2)[-1].strip() for path in sorted(SAMPLES.glob("*.md"))]
    paragraphs = [part for text in texts for part in text.split("\n\n")]
    draw = random.Random(SEED)
    varied = texts + ["\n\n".join(draw.sample(paragraphs, min(6, len(paragraphs)))) for _ in range(200)]
    return [Story(text=text, title=text[:60], published="2016-08-02", publisher="") for text in varied]


def open_ours(archive: Path) -> Side:
    """Headcount's way, up to opened reports; loading counts."""
    from headcount.models import Problem, Reading
    from headcount.run.extracting import open_documents
    from headcount.sources import Asked, find_reports

    side = Side()
    asked = Asked(today=dt.date(2026, 1, 1))
    begun, worked = time.perf_counter(), _worked()
    for item in open_documents(find_reports([archive], asked=asked), asked=asked, jobs=1):
        if isinstance(item, Reading):
            side.passed_over += 1
        elif isinstance(item, Problem):
            side.failed += item.fatal
        else:
            side.reports[_number(item.url)] = item
    side.seconds, side.work = time.perf_counter() - begun, _worked() - worked
    side.pages = side.passed_over + len(side.reports) + side.failed
    return side


def open_alone(archive: Path, drawn: set[int]) -> Side:
    """Trafilatura on every page that was drawn; fastwarc's reading of the archive counts by the same share."""
    import trafilatura

    from headcount.models import Report

    side = Side()
    bodies: dict[int, bytes] = {}
    count = 0
    begun, worked = time.perf_counter(), _worked()
    for number, body in _pages(archive):
        count += 1
        if number in drawn:
            bodies[number] = body
    reading, reading_work = time.perf_counter() - begun, _worked() - worked
    share = len(bodies) / count
    trafilatura.bare_extraction(next(iter(bodies.values())), with_metadata=True)  # what it loads at first
    begun, worked = time.perf_counter(), _worked()
    extracted = {number: trafilatura.bare_extraction(body, with_metadata=True) for number, body in bodies.items()}
    side.seconds = time.perf_counter() - begun + share * reading
    side.work = _worked() - worked + share * reading_work
    side.pages = len(bodies)
    begun = time.perf_counter()
    for body in list(bodies.values())[:PLAIN]:
        trafilatura.extract(body)
    side.plain = min(PLAIN, len(bodies)) / (time.perf_counter() - begun)
    for number, found in extracted.items():
        if found is not None and not isinstance(found, dict) and found.text:
            day = dt.date.fromisoformat(found.date) if found.date else None
            side.reports[number] = Report(text=found.text, title=found.title, published=day)
    return side


def compare_events(alone: Side, ours: Side) -> tuple[list[int], list[int]]:
    """Pages whose story has an event, in trafilatura's text as in the story itself, and those of them that have none in ours.

    The same is printed for all pages, beside the stories themselves.
    """
    from headcount.models import Report
    from headcount.run import load_reader

    reader = load_reader()
    stories = read_stories()
    yielding = {
        index
        for index, story in enumerate(stories)
        if reader.read(Report(text=story.text, title=story.title, published=dt.date.fromisoformat(story.published))).events
    }
    squeezed = {index: "".join(stories[index].text.split()) for index in yielding}

    def tells(number: int, report: Any) -> bool:
        story = squeezed.get(number % len(stories), "")
        spans = [event.quote_span for event in reader.read(report).events] if story else []
        return any("".join(report.text[span.start : span.end].split())[:40] in story for span in spans)

    every = [number for number in range(ours.pages) if number % len(stories) in yielding]
    found = [number for number in every if number in ours.reports and reader.read(ours.reports[number]).events]
    opened = sum(number in ours.reports for number in every)
    print(f"  pages whose story has an event: {len(every):,}; opened {opened:,}; with an event in our text {len(found):,}")
    told = [number for number, report in alone.reports.items() if tells(number, report)]
    return told, sorted(set(told) - set(found))


def _worked() -> float:
    return sum(sum(resource.getrusage(who)[:2]) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))


def _pages(archive: Path) -> Iterator[tuple[int, bytes]]:
    from fastwarc.warc import ArchiveIterator, WarcRecordType

    with archive.open("rb") as file:
        for record in ArchiveIterator(file, record_types=WarcRecordType.response):
            yield _number(record.headers["WARC-Target-URI"]), record.reader.read()


def _number(address: str | None) -> int:
    return int((address or "/-1").rpartition("/")[2])


def _record(kind: str, address: str, block: bytes, declared: str) -> bytes:
    target = f"WARC-Target-URI: {address}\r\n" if address else ""
    head = f"WARC/1.0\r\nWARC-Type: {kind}\r\n{target}WARC-Date: 2025-12-31T09:00:00Z\r\nContent-Type: {declared}\r\n"
    return head.encode() + b"Content-Length: %d\r\n\r\n" % len(block) + block + b"\r\n\r\n"


if __name__ == "__main__":
    sys.exit(main())
