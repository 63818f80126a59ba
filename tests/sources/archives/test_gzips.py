"""Gzip around anything: read by content, and named where it is cut off, broken, followed by garbage, or a bomb."""

from __future__ import annotations

import gzip
import tracemalloc
from pathlib import Path

import pytest

from headcount.models import Report
from headcount.sources.limits import NESTING
from sources.archives.made import documents, doubts, failures, found, page, streamed

LINES = b"".join(b'{"id": "%d", "text": "%d people marched in Ashby."}\n' % (number, number) for number in range(2000))


def texts(items: list[object]) -> list[str]:
    return [item.text for item in items if isinstance(item, Report)]


@pytest.mark.parametrize("name", ["a.txt.gz", "a.gz", "a", "a.zip"])
def test_what_is_packed_is_read_by_its_content(name: str, tmp_path: Path) -> None:
    """A text, JSON Lines, a page: whatever the file is called."""
    assert texts(found(gzip.compress(b"Hundreds marched."), tmp_path, name=name)) == ["Hundreds marched."]  # type: ignore[arg-type]
    assert len(texts(found(gzip.compress(LINES), tmp_path, name=name))) == 2000  # type: ignore[arg-type]
    assert documents(found(gzip.compress(page(1)), tmp_path, name=name))[0].data == page(1)


def test_the_name_before_gz_decides_what_the_bytes_leave_open(tmp_path: Path) -> None:
    """``reports.jsonl.gz`` is JSON Lines even where its first line is broken."""
    items = found(gzip.compress(b'{"texd"\n{"text": "Hundreds marched."}\n'), tmp_path, name="reports.jsonl.gz")
    assert texts(items) == ["Hundreds marched."]  # type: ignore[arg-type]
    assert failures(items)[0].record.endswith("reports.jsonl.gz:1")


def test_members_are_read_as_one(tmp_path: Path) -> None:
    """Several members one after the other, some of them empty, zeros between them, are one file."""
    data = gzip.compress(LINES[:30]) + gzip.compress(b"") + bytes(600) + gzip.compress(LINES[30:]) + bytes(20)
    items = found(data, tmp_path)
    assert len(texts(items)) == len(items) == 2000  # type: ignore[arg-type]


@pytest.mark.parametrize("share", [0.1, 0.5, 0.99, 0.9999])
def test_a_file_cut_off_is_a_failure_after_its_good_lines(share: float, tmp_path: Path) -> None:
    """The lines before the cut are read, the half one is not, and one failure says where it was cut."""
    data = gzip.compress(LINES)
    cut = int(len(data) * share)
    for items in (found(data[:cut], tmp_path), streamed(data[:cut])):
        ids = [int(item.given_id or -1) for item in items if isinstance(item, Report)]
        assert ids == list(range(len(ids)))
        assert len(ids) < 2000 or share > 0.99
        (failure,) = failures(items)
        assert f"cut off at byte {cut:,}" in failure.reason


def test_a_text_cut_off_is_no_report(tmp_path: Path) -> None:
    """Half a text is not read as if it were all of it."""
    items = found(gzip.compress(b"Hundreds marched in Ashby. " * 50)[:-3], tmp_path)
    assert len(items) == len(failures(items)) == 1


def test_wrong_bytes_are_a_failure(tmp_path: Path) -> None:
    """A wrong byte within, or a checksum that does not hold: named, never a text."""
    data = bytearray(gzip.compress(LINES))
    data[-6] ^= 1
    (failure,) = failures(found(bytes(data), tmp_path))
    assert "broken gzip (incorrect data check)" in failure.reason


def test_garbage_after_it_is_a_doubt(tmp_path: Path) -> None:
    """What follows the last member and is no gzip is told, and the text is read."""
    items = found(gzip.compress(b"Hundreds marched.") + b"<!-- saved -->", tmp_path)
    assert texts(items) == ["Hundreds marched."]  # type: ignore[arg-type]
    assert "no gzip at byte" in doubts(items)[0].reason


def test_a_bomb_is_named_in_little_memory(tmp_path: Path) -> None:
    """200 MB of blanks, packed once or twice, in one member or in many: one failure, little memory."""
    many = gzip.compress(b" " * 3_900_000) * 20
    for data in (gzip.compress(gzip.compress(b" " * 200_000_000)), gzip.compress(b" " * 200_000_000), many):
        tracemalloc.start()
        items = found(data, tmp_path)
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        (failure,) = failures(items)
        assert "as bombs do" in failure.reason
        assert peak < 32_000_000


def test_packed_many_times_is_named(tmp_path: Path) -> None:
    """A file packed more often than archives may stand in each other."""
    data = b"Hundreds marched."
    for _ in range(NESTING.most):
        data = gzip.compress(data)
    assert texts(found(data, tmp_path)) == ["Hundreds marched."]  # type: ignore[arg-type]
    assert "inside each other" in failures(found(gzip.compress(data), tmp_path))[0].reason


@pytest.mark.parametrize("data", [b"\x1f\x8b", b"\x1f\x8b\x08", b"\x1f\x8b\x09" + bytes(60), b"\x1f\x8b\x08\xff" + bytes(60)])
def test_what_only_begins_as_gzip_is_a_failure(data: bytes, tmp_path: Path) -> None:
    """Its two first bytes, and then something else."""
    items = found(data, tmp_path)
    assert len(items) == len(failures(items)) == 1
