"""How the index file is laid out: shared by the builder, which writes it, and the reader.

All integers are little-endian and unsigned unless said. The file is a header, then the
sections in the order of ``SECTIONS``, each aligned to four bytes:

- ``buckets``: u32 per value of a name hash's upper bits, and one more: where that value's hashes begin;
- ``hashes``: u32, the CRC-32 of every folded name, rising;
- ``entries``: u32 per hash, where its name stands in ``names``;
- ``names``: u8 length, the folded name as UTF-8, u8 count, then that many u32 numbers of places, best first;
- ``heads``: u32, the CRC-32 of every word that begins a name, rising;
- ``lengths``: u8 per head, how many words the longest name has that begins so;
- ``places``: one ``PLACE`` record each; ``strings``: u16 length, UTF-8;
- ``extras``: JSON with states, demonyms, namesakes and abbreviations, read when first wanted.
"""

from __future__ import annotations

import hashlib
import struct
import zlib
from pathlib import Path
from typing import Final, Literal

MAGIC: Final = b"HCGZTTR\n"
VERSION: Final = 1
SECTIONS: Final = ("buckets", "hashes", "entries", "names", "heads", "lengths", "places", "strings", "extras")
HEADER: Final = struct.Struct("<8sI16s" + "II" * len(SECTIONS))
"""Magic, version, digest of the hand-written files, then offset and length of each section."""

PLACE: Final = struct.Struct("<IIIH2siiIBB")
"""Geonames id, name, town, state, country, latitude and longitude in 1e-5 degrees, population, kind, flags."""

Kind = Literal["locality", "district", "state", "country", "region", "landmark"]
KINDS: Final[tuple[Kind, ...]] = ("locality", "district", "state", "country", "region", "landmark")
NONE32: Final = 0xFFFFFFFF
NONE16: Final = 0xFFFF
NO_DEGREES: Final = 0x7FFFFFFF
DEGREES: Final = 100_000
AMBIGUOUS: Final = 1
MOST_HITS: Final = 40
"""Places kept for one name; "San José" has 300, and no report means the forty-first."""

HERE: Final = Path(__file__).parent
INDEX_FILE: Final = HERE / "data" / "gazetteer.bin"
LANDMARK_FILES: Final = (
    "landmarks_africa.toml",
    "landmarks_asia.toml",
    "landmarks_canada_oceania.toml",
    "landmarks_europe.toml",
    "landmarks_europe_east.toml",
    "landmarks_gb_ie.toml",
    "landmarks_latin_america.toml",
    "landmarks_middle_east.toml",
    "landmarks_us.toml",
    "quarters.toml",
    "campuses.toml",
)
HAND_FILES: Final = (
    "names.toml",
    "states.toml",
    "abbreviations.toml",
    "districts.toml",
    *LANDMARK_FILES,
    "regions.toml",
    "demonyms.toml",
    "namesakes.toml",
)


def hash_name(folded: bytes) -> int:
    """Hash a folded name; the same on every machine, unlike ``hash``."""
    return zlib.crc32(folded)


def digest_hand_files(folder: Path) -> bytes:
    """Give 16 bytes that change when any hand-written file in ``folder`` changes."""
    digest = hashlib.blake2b(digest_size=16)
    for name in HAND_FILES:
        path = folder / name
        digest.update(path.read_bytes() if path.exists() else b"")
        digest.update(b"\x00")
    return digest.digest()
