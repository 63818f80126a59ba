"""Which release of Headcount this is."""

from __future__ import annotations

from typing import Final

RELEASE: Final = "0.1.0"
"""The same as in pyproject.toml, which a test holds."""
