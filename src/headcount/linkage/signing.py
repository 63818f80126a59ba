"""What linkage decides by, in few words: it changes whenever the same accounts may be linked in another way."""

from __future__ import annotations

import hashlib
import json
from types import ModuleType
from typing import Final

from headcount.codebook import table
from headcount.linkage import agglomerating, blocking, clustering, comparing, days, hashing, rarity, ties

DECIDING: Final[tuple[ModuleType, ...]] = (agglomerating, blocking, clustering, comparing, days, hashing, rarity, ties)
"""The modules whose constants are thresholds, windows and bounds."""


def sign_rules() -> str:
    """A hash of codebook/linkage.toml, as it is read, and of the numbers that the code holds; comments do not count.

    A change of the code itself is not seen: ``RULES`` of record/deriving.py is for that.
    """
    numbers = {
        f"{module.__name__}.{name}": value
        for module in DECIDING
        for name, value in vars(module).items()
        if name.isupper() and isinstance(value, (int, float, tuple, dict))
    }
    told = json.dumps([table("linkage"), numbers], sort_keys=True)
    return hashlib.blake2b(told.encode(), digest_size=6).hexdigest()
