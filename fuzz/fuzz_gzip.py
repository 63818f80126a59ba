"""gzip: members after members, cut off, spoilt, followed by what is none; what is inside is read by its own rules."""

import gzip
import zlib

from harness import check_item, fuzz, read_named, watched

with watched():
    from headcount.models import Problem
    from headcount.sources.archives.gzips import read_gzip


def one(data: bytes) -> None:
    """The bytes as a gzip, and packed into one, which is then cut."""
    _read(data)
    packed = gzip.compress(data, 1, mtime=0)
    _read(packed)
    cut = packed[: max(11, len(packed) - 5 - len(data) % 9)]
    items = read_named(cut, read_gzip)
    assert any(isinstance(item, Problem) and item.fatal for item in items), "a gzip that is cut off is no failure"


def _read(data: bytes) -> None:
    items = read_named(data, read_gzip)
    for item in items:
        check_item(item)
    if data[:2] == b"\x1f\x8b" and not _is_whole(data):
        assert any(isinstance(item, Problem) for item in items), "nothing is said of a broken gzip"


def _is_whole(data: bytes) -> bool:
    try:
        gzip.decompress(data)
    except (OSError, EOFError, zlib.error):
        return False
    return True


if __name__ == "__main__":
    fuzz(one)
