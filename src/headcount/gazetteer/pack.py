"""Write drafts as the index file that ``layout`` describes."""

from __future__ import annotations

import json
import sys
from array import array
from collections import defaultdict
from pathlib import Path

from headcount.gazetteer import layout
from headcount.gazetteer.hand import HandData
from headcount.gazetteer.rank import rank_names
from headcount.gazetteer.sources import Draft


def pack_index(drafts: list[Draft], states: dict[str, tuple[str, str]], hand: HandData, *, digest: bytes, output: Path) -> int:
    """Write the index and give the number of names in it. The same drafts give the same bytes.

    ``states`` maps GeoNames' codes of first-level divisions to their English name and short code.
    """
    drafts.sort(key=lambda d: (layout.KINDS.index(d.kind), d.geonames_id, d.country, d.state, d.name, d.town or ""))
    numbers = {id(draft): number for number, draft in enumerate(drafts)}
    state_order = sorted(states)
    state_numbers = {code: number for number, code in enumerate(state_order)}
    places, strings = _pack_places(drafts, state_numbers)
    names = {
        folded.encode(): [numbers[id(draft)] for draft in ranked[: layout.MOST_HITS]]
        for folded, ranked in rank_names(drafts).items()
    }
    extras = {
        "states": [states[code] for code in state_order],
        "demonyms": dict(sorted(hand.demonyms.items())),
        "namesakes": dict(sorted(hand.namesakes.items())),
        "abbreviations": {short: [numbers[id(draft)] for draft in meant] for short, meant in sorted(hand.abbreviations.items())},
        "state_abbreviations": {
            country: {short: numbers[id(draft)] for short, draft in sorted(table.items())}
            for country, table in sorted(hand.state_abbreviations.items())
        },
    }
    sections = {
        **_pack_names(names),
        **_pack_heads(names),
        "places": places,
        "strings": strings,
        "extras": json.dumps(extras, ensure_ascii=False, separators=(",", ":")).encode(),
    }
    _write(sections, digest=digest, output=output)
    return len(names)


def _pack_places(drafts: list[Draft], state_numbers: dict[str, int]) -> tuple[bytes, bytes]:
    """Pack fixed records, and the pool of their names."""
    pool = bytearray()
    offsets: dict[str, int] = {}

    def intern(text: str | None) -> int:
        if text is None:
            return layout.NONE32
        if text not in offsets:
            raw = text.encode()
            offsets[text] = len(pool)
            pool.extend(len(raw).to_bytes(2, "little") + raw)
        return offsets[text]

    places = bytearray()
    for draft in drafts:
        places += layout.PLACE.pack(
            draft.geonames_id,
            intern(draft.name),
            intern(draft.town),
            state_numbers.get(draft.state, layout.NONE16),
            draft.country.encode(),
            layout.NO_DEGREES if draft.lat is None else round(draft.lat * layout.DEGREES),
            layout.NO_DEGREES if draft.lon is None else round(draft.lon * layout.DEGREES),
            layout.NONE32 if draft.population is None else draft.population,
            layout.KINDS.index(draft.kind),
            layout.AMBIGUOUS if draft.ambiguous else 0,
        )
    return bytes(places), bytes(pool)


def _pack_names(names: dict[bytes, list[int]]) -> dict[str, bytes]:
    """Pack the hash table: names in the order of their hashes, and where each value of the upper bits begins."""
    hashed = sorted((layout.hash_name(name), name) for name in names)
    bits = max(1, (len(hashed) // 2).bit_length())
    buckets = [0] * ((1 << bits) + 1)
    blob = bytearray()
    entries = []
    for value, name in hashed:
        buckets[(value >> (32 - bits)) + 1] += 1
        entries.append(len(blob))
        numbers = names[name]
        blob += bytes([len(name)]) + name + bytes([len(numbers)]) + _words(numbers)
    for at in range(1 << bits):
        buckets[at + 1] += buckets[at]
    return {
        "buckets": _words(buckets),
        "hashes": _words([value for value, _ in hashed]),
        "entries": _words(entries),
        "names": bytes(blob),
    }


def _pack_heads(names: dict[bytes, list[int]]) -> dict[str, bytes]:
    """Pack the first words of names, each with the length of its longest name."""
    longest: dict[int, int] = defaultdict(int)
    for name in names:
        head = layout.hash_name(name.partition(b" ")[0])
        longest[head] = max(longest[head], min(255, name.count(b" ") + 1))
    order = sorted(longest)
    return {"heads": _words(order), "lengths": bytes(longest[head] for head in order)}


def _words(numbers: list[int]) -> bytes:
    """Numbers as little-endian u32."""
    packed = array("I", numbers)
    if sys.byteorder != "little":
        packed.byteswap()
    return packed.tobytes()


def _write(sections: dict[str, bytes], *, digest: bytes, output: Path) -> None:
    """Write header and sections beside the target, then put the file in its place at once."""
    body = bytearray()
    spans: list[int] = []
    start = (layout.HEADER.size + 3) // 4 * 4
    for name in layout.SECTIONS:
        body += b"\x00" * (-len(body) % 4)
        spans += [start + len(body), len(sections[name])]
        body += sections[name]
    header = layout.HEADER.pack(layout.MAGIC, layout.VERSION, digest, *spans).ljust(start, b"\x00")
    output.parent.mkdir(parents=True, exist_ok=True)
    partial = output.with_name(output.name + ".partial")
    partial.write_bytes(header + body)
    partial.replace(output)
