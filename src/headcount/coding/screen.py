"""The screen: is there a word of a gathering in the text at all?

One pass of a multi-pattern matcher over the raw characters, before anything else is done. It is
built from the codebook's own trigger words, so that it loses nothing that a strong trigger or a
counted crowd would have told; its misses are measured by ``make bench``.
"""

from __future__ import annotations

from functools import cache

import re2

from headcount.codebook import table


@cache
def _pattern() -> re2._Regexp:
    """All strong trigger phrases of the codebook, and the crowds, as one alternation."""
    phrases: set[str] = set()
    for group in table("forms")["trigger"]:
        for kind in ("noun", "plural", "past", "present", "ing", "agent"):
            phrases.update(group.get(kind, ()))
    phrases |= set(table("forms")["screen"]["also"])
    phrases -= set(table("forms")["screen"]["leave"])
    parts = []
    for phrase in sorted(phrases):
        words = [re2.escape(word) for word in phrase.split() if word not in ("-", "'")]
        parts.append(r"[\s\x{a0}\x{2009}\x{202f}\-'’]*".join(words))
    return re2.compile(r"(?i)\b(?:" + "|".join(parts) + r")\b")


def may_tell(text: str) -> bool:
    """Does the text hold a word that a gathering could be told with?"""
    return _pattern().search(text) is not None
