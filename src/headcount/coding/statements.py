"""Statements: every value of an event with the words that give it and an id that survives other corrections."""

from __future__ import annotations

import hashlib

from headcount.coding.privacy import NameMask
from headcount.models import Span, Statement


class StatementWriter:
    """Writes the statements of one report. Holds which occurrences it has seen: make one a report.

    An id is made of report, variable, value, quote and which occurrence of these it is, never of an offset:
    a review stays with its statement when another part of the article is corrected.
    """

    def __init__(self, report_id: str, masked: NameMask) -> None:
        """The private names of ``masked`` enter neither a quote, nor a value, nor an id."""
        self._report_id = report_id
        self._masked = masked
        self._seen: dict[tuple[str, str, str], dict[Span, int]] = {}

    def write(self, variable: str, value: str | int | float | bool | None, span: Span, rule: str) -> Statement:
        """The statement that the words at ``span`` give ``variable`` the value."""
        quote = self._masked.at(span)
        if isinstance(value, str):
            value = self._masked.words(value, role=True)
        spans = self._seen.setdefault((variable, repr(value), quote), {})
        occurrence = spans.setdefault(span, len(spans))
        key = "\x1f".join((self._report_id, variable, repr(value), quote, str(occurrence)))
        digest = hashlib.blake2b(key.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()
        return Statement(statement_id=f"s-{digest}", variable=variable, value=value, quote=quote, span=span, rule=rule)
