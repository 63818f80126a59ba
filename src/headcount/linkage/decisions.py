"""What people decided of pairs of accounts: it comes first, and the newest word of two that contradict each other holds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

Verdict: TypeAlias = Literal["same", "different", "unsure"]

Decision: TypeAlias = tuple[str, str, Verdict]
"""Two candidate ids and what a person judged of them. A later one of the same pair takes the place of an earlier."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """Decisions that hold together, by rows of the accounts."""

    same: tuple[tuple[int, int], ...] = ()
    different: tuple[tuple[int, int], ...] = ()
    unsure: tuple[tuple[int, int], ...] = ()
    overruled: tuple[Decision, ...] = ()
    """Decisions that newer ones contradict, directly or through others; they do not hold."""

    unplaced: tuple[Decision, ...] = ()
    """Decisions of which an account is not among those given."""


def settle_decisions(decisions: Iterable[Decision], rows: Mapping[str, int]) -> Settled:
    """The decisions that hold, taken from the newest to the oldest: one that those newer contradict is overruled.

    Raises ValueError for a verdict that is none, or an account set against itself.
    """
    newest: dict[tuple[int, int], Decision] = {}
    unplaced: list[Decision] = []
    for decision in decisions:
        left, right, verdict = decision
        if verdict not in ("same", "different", "unsure"):
            raise ValueError(f"decision {left}, {right}: expected same, different or unsure, found {verdict!r}")
        if left == right:
            raise ValueError(f"decision {left}, {right}: expected two candidate ids, found one twice")
        if left not in rows or right not in rows:
            unplaced.append(decision)
            continue
        pair = (min(rows[left], rows[right]), max(rows[left], rows[right]))
        newest.pop(pair, None)
        newest[pair] = decision
    groups = _Groups()
    kept: dict[str, list[tuple[int, int]]] = {"same": [], "different": [], "unsure": []}
    overruled: list[Decision] = []
    for pair, decision in reversed(newest.items()):
        verdict = decision[2]
        holds = groups.join(*pair) if verdict == "same" else groups.part(*pair) if verdict == "different" else True
        if holds:
            kept[verdict].append(pair)
        else:
            overruled.append(decision)
    return Settled(
        same=tuple(sorted(kept["same"])),
        different=tuple(sorted(kept["different"])),
        unsure=tuple(sorted(kept["unsure"])),
        overruled=tuple(overruled),
        unplaced=tuple(unplaced),
    )


class _Groups:
    """Rows that people joined, and which of these groups they parted."""

    def __init__(self) -> None:
        self._parent: dict[int, int] = {}
        self._parted: dict[int, set[int]] = {}

    def root(self, row: int) -> int:
        parent = self._parent.setdefault(row, row)
        while parent != self._parent[parent]:
            self._parent[parent] = parent = self._parent[self._parent[parent]]
        self._parent[row] = parent
        return parent

    def join(self, left: int, right: int) -> bool:
        one, other = self.root(left), self.root(right)
        if other in self._parted.get(one, ()):
            return False
        if one != other:
            self._parent[other] = one
            for far in self._parted.pop(other, set()):
                self._parted[far].discard(other)
                self._parted[far].add(one)
                self._parted.setdefault(one, set()).add(far)
        return True

    def part(self, left: int, right: int) -> bool:
        one, other = self.root(left), self.root(right)
        if one == other:
            return False
        self._parted.setdefault(one, set()).add(other)
        self._parted.setdefault(other, set()).add(one)
        return True
