"""Reading the codebook's TOML files, once a process."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def table(name: str) -> dict[str, Any]:
    """The codebook's file ``name`` (without ``.toml``) as plain dictionaries and lists.

    Raises FileNotFoundError when the codebook has no such file: the lists are part of the
    package, so that is a broken installation.
    """
    return tomllib.loads((files("headcount.codebook") / f"{name}.toml").read_text(encoding="utf-8"))
