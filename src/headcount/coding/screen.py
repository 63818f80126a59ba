"""The screen: is there a word of a gathering in the text at all?

One pass of a multi-pattern matcher over the raw characters, before anything else is done. It is
built from the codebook's own trigger words, so that it loses nothing that a strong trigger or a
counted crowd would have told; its misses are measured by ``make bench``.
"""

from __future__ import annotations

from headcount.codebook.screening import screen_pattern


def may_tell(text: str) -> bool:
    """Does the text hold a word that a gathering could be told with?"""
    return screen_pattern().search(text) is not None
