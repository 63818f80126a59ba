"""The exit codes, as docs/exit-codes.md promises them."""

from __future__ import annotations

from typing import Final

OK: Final = 0
FINDINGS: Final = 1
USAGE: Final = 2
PARTIAL: Final = 3
STORAGE: Final = 5
DEFECT: Final = 70
INTERRUPTED: Final = 130
TERMINATED: Final = 143
