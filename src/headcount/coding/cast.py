"""Everybody whom a report names, ready to be asked who stands where: the coders of details share one."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

from headcount.coding.persons import Person


class Cast:
    """The persons of one report in the order of the text, indexed by token."""

    def __init__(self, persons: Sequence[Person]) -> None:
        self.persons = list(persons)
        self._starts = [person.first for person in self.persons]
        self.at = {person.first: person for person in self.persons}
        """Each mention by its first token."""

        self.named = frozenset(i for person in self.persons for i in range(person.first, person.end))
        """All tokens that belong to a person's name."""

    def between(self, first: int, end: int) -> list[Person]:
        """The mentions that begin at the tokens ``first`` to ``end`` (half-open)."""
        return self.persons[bisect_left(self._starts, first) : bisect_left(self._starts, end)]
