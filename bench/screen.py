"""What the screen costs: reports with an event that the coders never see because of it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class ScreenLoss:
    """Reports in which the unscreened reader finds an event, and those of them that the screened one loses."""

    reports: int
    yielding: int
    """Reports with an event by the screened reader, as it is used."""

    unscreened: int
    """Reports with an event by the unscreened reader."""

    lost: tuple[str, ...]
    """Ids of reports with an event that only the unscreened reader finds."""

    @property
    def share(self) -> float:
        """Share of the unscreened reader's reports with an event that are lost."""
        return len(self.lost) / self.unscreened if self.unscreened else 0.0


def compare_screened(screened: Path, unscreened: Path) -> ScreenLoss:
    """The loss by two outputs of ``--format jsonl`` over the same reports.

    Raises ValueError where the two do not hold the same reports.
    """
    with_screen, without = _yielding(screened), _yielding(unscreened)
    if with_screen.keys() != without.keys():
        raise ValueError(f"expected the same reports, found {len(with_screen)} in {screened} and {len(without)} in {unscreened}")
    lost = tuple(report_id for report_id, found in without.items() if found and not with_screen[report_id])
    return ScreenLoss(reports=len(without), yielding=sum(with_screen.values()), unscreened=sum(without.values()), lost=lost)


def _yielding(path: Path) -> dict[str, bool]:
    found = {}
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            reading = json.loads(line)
            found[reading["id"]] = bool(reading["events"])
    return found
