"""Web archives (WARC 0.18, 1.0, 1.1): their pages and texts, record by record, in memory that does not grow with the file.

Packed archives have a gzip member for each record; where one is broken, the next is found. An archive that was cut off
says so after its last good record. The records are taken apart here and not by fastwarc, which reads a cut-off archive as
if it were whole and does not say where in the packed file a record lies.
"""

from __future__ import annotations

import os
from collections.abc import Generator, Iterator

from headcount.models import Problem
from headcount.sources.archives.gzips import BrokenGzipError, Members, TrailingError, is_member_of
from headcount.sources.archives.lookahead import BEGINNING, LookAhead
from headcount.sources.archives.records import AGAIN, BrokenRecordError, items_of_record, swallowed, take_record
from headcount.sources.finding import Item, Named
from headcount.sources.limits import BROKEN_RECORDS, CONTAINER_RECORDS, LimitError
from headcount.sources.streams import CHUNK, Input


def read_warc(opened: Input, named: Named) -> Iterator[Item]:
    """The pages and texts of an archive that is not packed; where an earlier run stopped, the rest."""
    start = _resumed(named)
    if opened.skip(start) < start:
        yield _shorter(named, start)
        return
    look = LookAhead(lambda: (opened.read1(CHUNK), None), at=start)
    yield from _Archive(look, named, start=start).items()


def read_packed_warc(opened: Input, named: Named) -> Iterator[Item]:
    """The pages and texts of an archive packed with gzip, by record or as a whole; where an earlier run stopped, the rest.

    Places count packed bytes where each record is a member of its own, else unpacked ones. A file is read from the place
    itself in the first case; else, and where it comes as a stream, from its beginning, and the records before it are passed over.
    """
    start = _resumed(named)
    sought = False
    if start and named.path is not None:
        if start == os.path.getsize(named.path):
            return
        sought = is_member_of(named.path, start, _is_beginning)
        if sought:
            opened.skip(start)
    members = Members(opened, offset=start if sought else 0)
    archive = _Archive(LookAhead(members.next_piece), named, start=start, members=members, by_member=sought or None)
    yield from archive.items()
    if start > archive.reached and not sought:
        yield _shorter(named, start)


def _resumed(named: Named) -> int:
    """Where an earlier run got to, by the name of the archive itself; one within another archive is not resumed."""
    outermost = named.record == named.source or named.path is not None
    return max(0, (named.resume(named.record) or 0) if outermost else 0)


def _shorter(named: Named, start: int) -> Problem:
    reason = f"an earlier run read {start:,} bytes of it, and now it is shorter: {AGAIN}, or give it another name to read it anew"
    return Problem(stage="sources", record=named.record, source=named.source, reason=reason)


def _is_beginning(head: bytes) -> bool:
    return BEGINNING.match(head) is not None


class _Archive:
    """One archive on its way: what was read of it, and where the next record lies."""

    def __init__(
        self, look: LookAhead, named: Named, *, start: int = 0, members: Members | None = None, by_member: bool | None = None
    ) -> None:
        self._look = look
        self._named = named
        self._start = start
        """Records before this place were read by an earlier run."""

        self._members = members
        self._by_member = by_member if members is not None else False
        """Whether places count packed bytes; None until the first record has shown it."""

        self.reached = 0
        """The place after the last record."""

        self._name = named.record
        self._records = 0
        self._told = bool(start)
        self._unended = False

    def items(self) -> Iterator[Item]:
        """All pages, texts and problems, in their order."""
        broken = 0
        while True:
            try:
                self._look.skip_blank()
                if self._look.at_end:
                    break
                self._records += 1
                if self._records > CONTAINER_RECORDS.most:
                    yield self._problem(str(CONTAINER_RECORDS))
                    return
                yield from self._next_items()
            except BrokenRecordError as error:
                yield self._passed_over(error)
                broken += 1
            except (BrokenGzipError, LimitError) as error:
                if not (yield from self._recovered(error)):
                    break
                broken += 1
            if broken >= BROKEN_RECORDS.most:
                yield self._problem(str(BROKEN_RECORDS), record=self._named.record)
                return
        if not self._told:
            reason = f"a web archive without a page or a text ({self._records:,} records of other kinds): nothing to read"
            yield self._problem(reason, record=self._named.record)

    def _next_items(self) -> Iterator[Item]:
        """What the next record holds, once it has been seen to be whole."""
        look = self._look
        begins, at = look.begins, look.at
        place = at if self._by_member is False else begins
        self._name = f"{self._named.record}:{at if begins is None else begins}"
        record = take_record(look)
        failure: BrokenGzipError | LimitError | None = None
        blank = b""
        try:
            blank = look.skip_blank()
        except (BrokenGzipError, LimitError) as error:
            if self._members is not None and self._by_member is not False and self._members.started == begins:
                raise  # its own member is broken: the bytes that came out of it cannot be trusted
            failure = error
        if self._by_member is None:
            self._by_member = look.begins is not None or look.at_end or failure is not None
            place = begins if self._by_member else at
        if failure is None and not look.at_end and blank.count(b"\n") < 2 and not look.next_is_record():
            if rest := swallowed(record.block):
                look.give_back(rest + blank)
            raise BrokenRecordError(f"its Content-Length of {record.length:,} is wrong, or it is broken: not read")
        after = None
        if failure is None:
            after = look.at if not self._by_member else look.length if look.at_end else look.begins
            self.reached = after or self.reached
        if place is None or place >= self._start:
            for item in items_of_record(record, self._named, name=self._name, place=place, after=after):
                self._told = True
                yield item
        if failure is not None:
            raise failure
        yield from self._unterminated(blank)

    def _unterminated(self, blank: bytes) -> Iterator[Problem]:
        if blank.count(b"\n") >= 2:
            return
        if self._look.at_end and self._members is None:
            yield self._problem(f"cut off at byte {self._look.at:,}, after the last line of the record: {AGAIN}")
        elif not self._unended:
            self._unended = True
            reason = "its records do not end in two empty lines; read all the same"
            yield self._problem(reason, record=self._named.record, fatal=False)

    def _passed_over(self, error: BrokenRecordError) -> Problem:
        """What is told of a record that is broken, after going on to the next."""
        try:
            if not self._look.next_is_record():
                self._look.skip_to_record()
        except (BrokenGzipError, LimitError):
            pass  # raised once more for the next record
        return self._problem(str(error))

    def _recovered(self, error: BrokenGzipError | LimitError) -> Generator[Item, None, bool]:
        """What is told of a member that is broken; whether there is another after it, to go on with."""
        if self._members is None:
            yield self._problem(str(error))
            return False
        broken = self._members.started
        there = self._members.recover(_is_beginning)
        self._look.restart()
        reason = str(error)
        if there is not None and isinstance(error, BrokenGzipError):
            reason = f"broken gzip at byte {broken:,}: passed over it to the next record, at byte {there:,}; {AGAIN}"
        elif there is not None:
            reason += f"; read on with the next record, at byte {there:,}"
        fatal = there is not None or not isinstance(error, TrailingError)
        yield self._problem(reason, record=f"{self._named.record}:{broken}", fatal=fatal)
        return there is not None

    def _problem(self, reason: str, *, record: str | None = None, fatal: bool = True) -> Problem:
        self._told = True
        return Problem(stage="sources", record=record or self._name, source=self._named.source, reason=reason, fatal=fatal)
