"""The gazetteer at run time: a mapped index file, looked up by folded name."""

from __future__ import annotations

import json
import mmap
import sys
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from headcount.gazetteer import layout
from headcount.gazetteer.fold import fold_name
from headcount.gazetteer.layout import Kind

_CACHE_LIMIT = 200_000
"""Names remembered before the caches are emptied: about 30 MB, more than the names of a year of one paper."""

_HYPHENS = frozenset("-‐‑–")


_REACH = 14
"""Tokens behind its first that a name may have, periods and hyphens counted: "A. A. A. …" is no name."""


class GazetteerError(RuntimeError):
    """The index file is missing, damaged or of another version; the message says how to build it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A place that a name may mean. ``None`` is unknown or does not apply."""

    geonames_id: int | None
    """GeoNames' number; of its town for a landmark; None for a few made by hand."""

    name: str
    """The usual English name: ``Kingston upon Hull``; a landmark's own name."""

    kind: Kind
    country: str | None
    """ISO 3166-1 alpha-2; None only for a region of several countries."""

    state: str | None
    """English name of the first-level division: ``England``, ``California``, ``KwaZulu-Natal``."""

    state_code: str | None
    """Its ISO 3166-2 code without the country (``CA``, ``ENG``, ``KZN``), or GeoNames' code where it has none."""

    lat: float | None
    """Degrees north; for a district or state the middle of its towns, for a landmark its town's."""

    lon: float | None
    population: int | None
    """Of the town for a landmark; None for divisions and regions."""

    town: str | None
    """The town that the place is or stands in; None for divisions, countries and regions."""

    ambiguous: bool = False
    """A landmark whose name stands in many towns ("Union Square"): its town is a guess."""


class Gazetteer:
    """Every place name that Headcount knows. Open one, share it; look-ups are cached."""

    def __init__(self, data: mmap.mmap | bytes) -> None:
        """Read the header of an index. Use ``Gazetteer.open``."""
        fields = layout.HEADER.unpack_from(data, 0)
        whole = memoryview(data)
        parts = {name: whole[fields[3 + 2 * i] : fields[3 + 2 * i] + fields[4 + 2 * i]] for i, name in enumerate(layout.SECTIONS)}
        self._buckets = parts["buckets"].cast("I")
        self._hashes = parts["hashes"].cast("I")
        self._entries = parts["entries"].cast("I")
        self._names = parts["names"]
        self._heads = parts["heads"].cast("I")
        self._lengths = parts["lengths"]
        self._places = parts["places"]
        self._strings = parts["strings"]
        self._shift = 33 - len(self._buckets).bit_length()
        self._extras: dict[str, Any] | None = None
        self._parts = parts["extras"]
        self._found: dict[str, tuple[Place, ...]] = {}
        self._by_folded: dict[str, tuple[Place, ...]] = {}
        self._by_number: dict[int, Place] = {}
        self._head: dict[str, tuple[int, str] | None] = {}

    @classmethod
    def open(cls, path: Path | None = None) -> Gazetteer:
        """Map an index file, by default the one that ``make setup`` builds.

        Raises ``GazetteerError`` where there is none, or one that does not fit this version.
        """
        target = layout.INDEX_FILE if path is None else path
        advice = f"Run `make setup`, or `python -m headcount.gazetteer.build --sources DIR --output {target}`."
        if sys.byteorder != "little":
            raise GazetteerError("The gazetteer index is little-endian; this machine is big-endian and cannot map it.")
        try:
            with target.open("rb") as file:
                data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        except FileNotFoundError:
            raise GazetteerError(f"There is no gazetteer index at {target}. {advice}") from None
        except ValueError:
            raise GazetteerError(f"The gazetteer index at {target} is empty. {advice}") from None
        if len(data) < layout.HEADER.size or data[: len(layout.MAGIC)] != layout.MAGIC:
            raise GazetteerError(f"{target} is not a gazetteer index. {advice}")
        fields = layout.HEADER.unpack_from(data, 0)
        if fields[1] != layout.VERSION:
            raise GazetteerError(f"The gazetteer index at {target} has version {fields[1]}, expected {layout.VERSION}. {advice}")
        if fields[-2] + fields[-1] != len(data):
            raise GazetteerError(f"The gazetteer index at {target} is cut short or too long. {advice}")
        if path is None and fields[2] != layout.digest_hand_files(layout.HERE):
            raise GazetteerError(f"The gazetteer index at {target} is older than the word lists beside it. {advice}")
        return cls(data)

    def find(self, name: str) -> tuple[Place, ...]:
        """Give every place so called, the likeliest first; empty where none is.

        Countries and states come first, unless a state's largest town bears its name
        ("Istanbul"); then places by population, where a name that is not the usual one counts a fifth.
        """
        hits = self._found.get(name)
        if hits is None:
            hits = self._find_abbreviation(name) or self._find_folded(fold_name(name))
            if len(self._found) > _CACHE_LIMIT:
                self._found.clear()
            self._found[name] = hits
        return hits

    def longest(self, words: Sequence[str], i: int, limit: int = 5) -> tuple[int, tuple[Place, ...]] | None:
        """Give the longest place name that starts at ``words[i]``: how many tokens it takes, and the places.

        ``words`` are a text's tokens. A period after an abbreviation ("St", ".", "Louis"), a hyphen
        between words and a separate "'s" ("King", "'s", "Lynn") belong to the name; a possessive
        "London's" is London. At most ``limit`` words of the name are tried, periods and hyphens not
        counted. A token without a capital begins no name, so start at "Bronx" in "the Bronx".
        """
        word = words[i]
        head = self._head[word] if word in self._head else self._read_head(word)
        if head is None:
            return None
        longest, key = head
        best, taken = self._matches(word, key), 1
        limit = min(limit, longest)
        end, last, dotted = i, min(len(words) - 1, i + _REACH), False
        while end < last:
            before, word = word, words[end + 1]
            if word == "." and not dotted and len(before) <= 4:
                end, word, dotted = end + 1, before, True
                continue
            if word in _HYPHENS and not dotted:
                end, word = end + 1, before
                continue
            folded = fold_name(word)
            if folded == "'s":
                key += folded
                limit = max(limit, self._longest_from(key))
            elif folded and dotted and len(before) == len(word) == 1:
                key += folded
            elif folded and key.count(" ") + 1 < limit:
                key += " " + folded
            else:
                break
            end, dotted = end + 1, False
            hits = self._matches(word, key)
            if hits:
                best, taken = hits, end - i + 1
        return (taken, best) if best else None

    def demonym(self, word: str) -> str | None:
        """Give the country whose people or things are so called: ``Turkish`` is TR."""
        return cast("str | None", self._read_extras()["demonyms"].get(fold_name(word)))

    def namesake(self, folded: str) -> str | None:
        """Say what else a folded name is: ``"word"`` for a common word, ``"person"`` for a given name or surname."""
        return cast("str | None", self._read_extras()["namesakes"].get(folded))

    def state_abbreviation(self, text: str, country: str = "US") -> Place | None:
        """Give the state that an abbreviation means: ``Calif.``, ``CA``, ``Ont``, ``NSW``.

        Two and three capitals count only as capitals: ``in`` is not Indiana. Worth asking only after a comma.
        """
        number = self._read_extras()["state_abbreviations"].get(country, {}).get(text.replace(".", ""))
        return None if number is None else self._place(number)

    def _find_abbreviation(self, name: str) -> tuple[Place, ...]:
        """Places of an abbreviation in capitals, which must not be folded: ``US`` is not "us"."""
        if len(name) > 8:
            return ()
        bare = name.replace(".", "")
        if not bare.isupper():
            return ()
        numbers = self._read_extras()["abbreviations"].get(bare, ())
        return tuple(self._place(number) for number in numbers)

    def _matches(self, word: str, key: str) -> tuple[Place, ...]:
        """Places called ``key``, which ends with the token ``word``."""
        if word.isupper() and len(key) <= 4:
            hits = self._find_abbreviation(key.upper())
            if hits:
                return hits
        hits = self._find_folded(key)
        if not hits and key.endswith("'s"):
            hits = self._find_abbreviation(word[:-2]) or self._find_folded(key[:-2])
        return hits

    def _read_head(self, word: str) -> tuple[int, str] | None:
        """How many words the longest name has that begins with a token, and the token folded."""
        head: tuple[int, str] | None = None
        if not word.islower() and word:
            key = fold_name(word)
            longest = self._longest_from(key)
            if not longest and key.endswith("'s"):
                longest = self._longest_from(key[:-2])
            if not longest and word.isupper() and (len(word) == 1 or self._find_abbreviation(word)):
                longest = 1
            if longest:
                head = (longest, key)
        if len(self._head) > _CACHE_LIMIT:
            self._head.clear()
        self._head[word] = head
        return head

    def _longest_from(self, key: str) -> int:
        """Words of the longest name whose first word is the first of ``key``; 0 where none is."""
        hashed = layout.hash_name(key.partition(" ")[0].encode())
        at = bisect_left(self._heads, hashed)
        if at < len(self._heads) and self._heads[at] == hashed:
            return self._lengths[at]
        return 0

    def _find_folded(self, folded: str) -> tuple[Place, ...]:
        """Places of a folded name."""
        hits = self._by_folded.get(folded)
        if hits is not None:
            return hits
        key = folded.encode()
        hashed = layout.hash_name(key)
        low = self._buckets[hashed >> self._shift]
        high = self._buckets[(hashed >> self._shift) + 1]
        at = bisect_left(self._hashes, hashed, low, high)
        hits = ()
        while at < high and self._hashes[at] == hashed:
            start = self._entries[at]
            end = start + 1 + self._names[start]
            if self._names[start + 1 : end] == key:
                count = self._names[end]
                numbers = bytes(self._names[end + 1 : end + 1 + 4 * count])
                hits = tuple(self._place(n) for n in memoryview(numbers).cast("I"))
                break
            at += 1
        if len(self._by_folded) > _CACHE_LIMIT:
            self._by_folded.clear()
        self._by_folded[folded] = hits
        return hits

    def _string(self, offset: int) -> str | None:
        """Read a string of the pool."""
        if offset == layout.NONE32:
            return None
        length = self._strings[offset] | self._strings[offset + 1] << 8
        return str(self._strings[offset + 2 : offset + 2 + length], "utf-8")

    def _place(self, number: int) -> Place:
        """Read the place record of that number."""
        place = self._by_number.get(number)
        if place is not None:
            return place
        geonames_id, name, town, state, country, lat, lon, population, kind, flags = layout.PLACE.unpack_from(
            self._places, number * layout.PLACE.size
        )
        state_name, state_code = (None, None) if state == layout.NONE16 else self._read_extras()["states"][state]
        place = Place(
            geonames_id=geonames_id or None,
            name=self._string(name) or "",
            kind=layout.KINDS[kind],
            country=country.decode() if country != b"\x00\x00" else None,
            state=state_name,
            state_code=state_code,
            lat=None if lat == layout.NO_DEGREES else lat / layout.DEGREES,
            lon=None if lon == layout.NO_DEGREES else lon / layout.DEGREES,
            population=None if population == layout.NONE32 else population,
            town=self._string(town),
            ambiguous=bool(flags & layout.AMBIGUOUS),
        )
        if len(self._by_number) > _CACHE_LIMIT:
            self._by_number.clear()
        self._by_number[number] = place
        return place

    def _read_extras(self) -> dict[str, Any]:
        """States, demonyms, namesakes and abbreviations: a millisecond, when first wanted."""
        if self._extras is None:
            self._extras = json.loads(bytes(self._parts))
        return cast("dict[str, Any]", self._extras)
