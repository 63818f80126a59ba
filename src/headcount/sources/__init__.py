"""Where reports come from: files, folders and streams, told apart by what they hold, read forward once in bounded memory.

Everything that cannot be read comes out as a ``Problem`` in the place of its report, and the rest is read all the same.
A non-fatal Problem comes just before the report that it is about, with the same ``record``.
"""

from __future__ import annotations

from headcount.sources.fields import Defaults, mend_surrogates, parse_country, parse_published, report_from_fields
from headcount.sources.finding import Item, Named, find_reports
from headcount.sources.opening import Asked, open_document

__all__ = [
    "Asked", "Defaults", "Item", "Named", "find_reports", "mend_surrogates", "open_document", "parse_country", "parse_published",
    "report_from_fields",
]  # fmt: skip
