"""A quick look at a page of a bulk archive: may it tell of a gathering at all?"""

from __future__ import annotations


def may_tell_page(data: bytes, *, charset: str | None = None) -> bool:
    """Whether the page may hold a word that a gathering is told with; where in doubt, it may."""
    return bool(data) or charset is not None
