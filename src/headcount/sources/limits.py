"""How much of an input is read, in one place: past these bounds an input is a Problem, not a swollen process.

Every bound counts bytes of UTF-8, as they lie in the file (UTF-16 and UTF-32 are counted after conversion).
"""

from __future__ import annotations

from typing import Final

REPORT_BYTES: Final = 64 * 1024 * 1024
"""The longest text of one report. A 50 MB text must be read (issue 2); the longest article known to us has 0.4 MB."""

LINE_BYTES: Final = 128 * 1024 * 1024
"""The longest line of a JSON Lines file: a report at its limit, written with escapes, and its other keys."""

SNIFF_BYTES: Final = 64 * 1024
"""How much of an input is looked at to tell text from binary and to tell JSON Lines from plain text."""

CHARSET_SAMPLE_BYTES: Final = 16 * 1024
"""How much around the first byte that is no UTF-8 is shown to charset-normalizer, which takes 10 ms a kilobyte at worst."""

FRONT_MATTER_LINES: Final = 60
"""A head between two lines of --- that is longer than this is text: a ruled-off paragraph, not front matter."""

FIELD_CHARACTERS: Final = 2000
"""The longest id, title, publisher or url that is kept; what is longer is cut, and a Problem says so."""
