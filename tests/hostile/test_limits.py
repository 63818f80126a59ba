"""What docs/limits.md says of the limits is what they are."""

from __future__ import annotations

from pathlib import Path

import pytest

from headcount.sources import limits
from headcount.sources.limits import KIB, MIB, Limit

TABLE = Path(__file__).parents[2] / "docs" / "limits.md"
BOUNDS = {name: value for name, value in vars(limits).items() if name.isupper() and name not in {"KIB", "MIB"}}


def rows() -> dict[str, list[str]]:
    """The cells of each row by the name of its limit."""
    lines = [line for line in TABLE.read_text("utf-8").splitlines() if line.startswith("| `")]
    told = [[cell.strip() for cell in line.removeprefix("|").removesuffix("|").split("|")] for line in lines]
    return {cells[0].strip("`"): cells for cells in told}


def test_each_limit_has_its_row() -> None:
    """One that is added to the code is told of, and none is told of that there is not."""
    assert set(rows()) == set(BOUNDS)


@pytest.mark.parametrize("name", BOUNDS)
def test_a_row_says_how_much_and_what_is_told(name: str) -> None:
    """The number as the message shows it, and the message itself."""
    _, _, most, told = rows()[name]
    value = BOUNDS[name]
    number = value.most if isinstance(value, Limit) else value
    assert most == shown(number, in_bytes=name.endswith("_BYTES") or (isinstance(value, Limit) and "{mib}" in value.words))
    if isinstance(value, Limit):
        assert told == str(value)


def shown(number: int, *, in_bytes: bool) -> str:
    """A bound as a person reads it."""
    if not in_bytes:
        return f"{number:,}"
    return f"{number // MIB:,} MiB" if number >= MIB else f"{number // KIB:,} KiB"
