"""Keeps the sketches of reports that tell of events, and finds which of them are near-copies of each other.

Reports that share a band of their sketches may be copies. Of a story that is printed a thousand times, a band keeps the first
few reports alone: the thousandth is compared with those, and not with all before it, so that a record of a million reprints
grows with their number and not with its square.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any, Final, NamedTuple

import sqlalchemy as sa

from headcount.linkage import COPY_SIMILARITY, band_keys, similarity
from headcount.record import schema as s
from headcount.record.rows import Rows, in_chunks

KEPT_IN_A_BAND: Final = 8
"""Reports that a band keeps. What is a copy of a later one shares other bands with it, or is a copy of an earlier one as well."""


class Sketched(NamedTuple):
    """The sketch of one version of one report."""

    version_id: int
    report_id: str
    signature: bytes


def store_sketches(connection: sa.Connection, sketched: Sequence[Sketched]) -> int:
    """Stores sketches that are new, and the pairs of near-copies that they make; how many of them copy a report before."""
    keys = {one.version_id: sorted(set(band_keys(one.signature))) for one in sketched}
    bands = _load_bands(connection, {key for found in keys.values() for key in found})
    held = _load_sketches(connection, {version_id for versions in bands.values() for version_id in versions})
    held |= {one.version_id: one for one in sketched}
    rows = Rows()
    copying = set()
    for one in sketched:
        rows.add(s.sketch, version_id=one.version_id, signature=one.signature)
        beside: set[int] = set()
        for key in keys[one.version_id]:
            versions = bands[key]
            beside.update(versions[:KEPT_IN_A_BAND])
            if len(versions) < KEPT_IN_A_BAND:
                versions.append(one.version_id)
                rows.add(s.band, band_key=key, version_id=one.version_id)
        for version_id in sorted(beside):
            other = held[version_id]
            if other.report_id == one.report_id:
                continue
            alike = similarity(one.signature, other.signature)
            if alike >= COPY_SIMILARITY:
                left, right = sorted((version_id, one.version_id))
                rows.add(s.near_copy, left_version=left, right_version=right, similarity=alike)
                copying.add(one.version_id)
    rows.insert(connection)
    return len(copying)


def _load_bands(connection: sa.Connection, keys: Iterable[int]) -> defaultdict[int, list[int]]:
    """By key the versions that the band holds, the oldest first."""
    found: defaultdict[int, list[int]] = defaultdict(list)
    band: Any = s.band.c
    for chunk in in_chunks(sorted(keys)):
        query = sa.select(band.band_key, band.version_id).where(band.band_key.in_(chunk)).order_by(band.version_id)
        for key, version_id in connection.execute(query):
            found[key].append(version_id)
    return found


def _load_sketches(connection: sa.Connection, version_ids: Iterable[int]) -> dict[int, Sketched]:
    found: dict[int, Sketched] = {}
    query = sa.select(s.sketch.c.version_id, s.version.c.report_id, s.sketch.c.signature).join(
        s.version, s.version.c.version_id == s.sketch.c.version_id
    )
    for chunk in in_chunks(sorted(version_ids)):
        for version_id, report_id, signature in connection.execute(query.where(s.sketch.c.version_id.in_(chunk))):
            found[version_id] = Sketched(version_id, report_id, bytes(signature))
    return found
