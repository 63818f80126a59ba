"""What the command says on standard error: problems as they come, a progress bar, and a summary at the end."""

from __future__ import annotations

import contextlib
import sys
import time
from collections import Counter
from types import TracebackType
from typing import TYPE_CHECKING, Final

from headcount.models import Problem, Reading
from headcount.wording import make_harmless

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

PROBLEMS_SHOWN: Final = 20
"""More problems than this of a kind are counted, not listed; the output of --format jsonl has them all."""

PROGRESS_AFTER_REPORTS: Final = 20


def write_error(line: str) -> None:
    """A line on standard error; where that is closed or full nobody reads it, and the run goes on."""
    if sys.stderr is None:
        return
    with contextlib.suppress(OSError, ValueError):
        sys.stderr.write(line + "\n")
        sys.stderr.flush()


class Tally:
    """What was read so far, counted; every report that goes in is counted once on its way out."""

    def __init__(self) -> None:
        self.reports = 0
        self.screened_out = 0
        self.other_language = 0
        self.failed = 0
        self.events = 0
        self.rollups = 0
        self.problems = 0
        self.undated: Counter[str] = Counter()

    def count(self, reading: Reading) -> None:
        """Takes a reading in. One that holds only a note about an input (a folder's other files) is no report;
        a page of an archive that was screened out unopened is one, without its text.
        """
        self.problems += len(reading.problems)
        if any(problem.fatal for problem in reading.problems):
            self.reports += 1
            self.failed += 1
            return
        if not reading.report.text and reading.screened_by is None:
            return
        self.reports += 1
        self.screened_out += reading.screened_by == "words"
        self.other_language += reading.screened_by == "language"
        self.events += len(reading.events)
        self.rollups += len(reading.rollups)
        if reading.report.published is None:
            self.undated.update(event.date_words for event in reading.events if event.date_words and event.date_start is None)

    def summary(self) -> str:
        """One line: "12 reports (3 without a word of a gathering, 1 in another language), 17 events, 2 roll-ups, 1 problem"."""
        reports = _many(self.reports, "report")
        apart = [f"{self.screened_out:,} without a word of a gathering"] if self.screened_out else []
        apart += [f"{self.other_language:,} in another language"] if self.other_language else []
        apart += [f"{self.failed:,} not read"] if self.failed else []
        if apart:
            reports += f" ({', '.join(apart)})"
        counts = [reports, _many(self.events, "event"), _many(self.rollups, "roll-up"), _many(self.problems, "problem")]
        return ", ".join(counts)

    def undated_hint(self) -> str | None:
        """What to do about dates that hang on an unknown day of publication; None where there are none."""
        number = sum(self.undated.values())
        if not number:
            return None
        words = make_harmless(self.undated.most_common(1)[0][0])[:40]
        them = "1 event has a date" if number == 1 else f"{number} events have dates"
        return (
            f"{them} told only from the day of publication, which is unknown (“{words}”): left open. "
            "Give it with --published YYYY-MM-DD, or as a published key in the report."
        )


class Messages:
    """Standard error of one run. A ``with`` block: at its end the bar is gone."""

    def __init__(self, *, show_bar: bool, total_bytes: int | None = None) -> None:
        self._show_bar = show_bar
        self._total = total_bytes
        self._bytes = 0
        self._seen = 0
        self._shown: Counter[bool] = Counter()
        self._bar: Progress | None = None
        self._bar_task: TaskID | None = None
        self._last = 0.0

    def __enter__(self) -> Messages:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._bar is not None:
            self._bar.stop()
            self._bar = None

    def say(self, text: str) -> None:
        """One line of standard error, above the bar where there is one."""
        line = f"headcount: {make_harmless(text)}"
        if self._bar is not None:
            self._bar.console.print(line, markup=False, highlight=False, soft_wrap=True)
        else:
            write_error(line)

    def tell_problem(self, problem: Problem) -> None:
        """A problem as it comes, up to the number that a person would still read."""
        self._shown[problem.fatal] += 1
        if self._shown[problem.fatal] <= PROBLEMS_SHOWN:
            self.say(f"{'failed' if problem.fatal else 'note'}: {problem.record}: {problem.reason}")

    def tell_the_rest(self, where: str) -> None:
        """How many problems were not listed, and ``where`` all of them are."""
        hidden = sum(max(0, number - PROBLEMS_SHOWN) for number in self._shown.values())
        if hidden:
            self.say(f"{_many(hidden, 'more problem')} not listed here; {where}")

    def add_bytes(self, number: int) -> None:
        """Told by the sources what they have read."""
        self._bytes += number

    def advance(self) -> None:
        """One more report is out; the bar appears when there are many."""
        self._seen += 1
        if not self._show_bar or self._seen <= PROGRESS_AFTER_REPORTS:
            return
        now = time.monotonic()
        if now - self._last < 0.1:
            return
        self._last = now
        if self._bar is None:
            self._start_bar()
        assert self._bar is not None  # noqa: S101
        assert self._bar_task is not None  # noqa: S101
        self._bar.update(self._bar_task, completed=self._bytes, reports=self._seen)
        self._bar.refresh()

    def _start_bar(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

        columns = [TextColumn("reading"), BarColumn(), TextColumn("{task.fields[reports]:,} reports"), TimeElapsedColumn()]
        # No thread of its own: a worker may be forked at any time.
        self._bar = Progress(*columns, console=Console(stderr=True), auto_refresh=False, transient=True, redirect_stdout=False)
        self._bar_task = self._bar.add_task("reading", total=self._total, reports=self._seen)
        self._bar.start()


def _many(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
