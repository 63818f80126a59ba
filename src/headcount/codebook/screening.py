"""The words of the screen as one pattern: what a gathering could be told with, for texts and for pages not yet opened."""

from __future__ import annotations

from functools import cache

import re2

from headcount.codebook.load import table


@cache
def screen_pattern() -> re2._Regexp:
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
