"""Which coder reads: a name that changes whenever its readings may."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.resources import files

from headcount.release import RELEASE


@cache
def name_coder() -> str:
    """ "headcount 0.1.0 (3f9a2c61)": the release, and a hash of the weights and the codebook."""
    digest = hashlib.blake2b((files("headcount.coding") / "weights.json").read_bytes(), digest_size=4)
    for item in sorted(files("headcount.codebook").iterdir(), key=lambda item: item.name):
        if item.name.endswith(".toml"):
            digest.update(item.read_bytes())
    return f"headcount {RELEASE} ({digest.hexdigest()})"
