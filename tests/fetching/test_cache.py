"""The folder of what was fetched: whole files or none, broken ones passed over, never larger than it may be."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path

import pytest

from headcount.fetching.cache import Cache, Entry

URL = "https://post.example/a"
ENTRY = Entry(url=URL, final_url=URL, status=200, at=1.5, fetched="2024-06-03", content_type="text/html", etag='"v1"')


def only_file(folder: Path) -> Path:
    [path] = [path for path in folder.rglob("*") if path.is_file()]
    return path


def test_what_is_put_comes_back(tmp_path: Path) -> None:
    """All of it, in another process as well; what was put last counts."""
    cache = Cache(tmp_path)
    assert cache.get(URL) is None
    cache.put(ENTRY, b"one")
    cache.put(ENTRY, b"two \x00\xff")
    found = Cache(tmp_path).get(URL)
    assert found is not None
    assert replace(found[0], digest="") == ENTRY
    assert found[1] == b"two \x00\xff"
    assert cache.get(URL + "b") is None


def test_a_folder_that_others_cannot_read(tmp_path: Path) -> None:
    """What somebody reads is nobody else's business."""
    Cache(tmp_path / "new").put(ENTRY, b"one")
    assert only_file(tmp_path).parent.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    "spoil",
    [
        lambda data: b"",
        lambda data: data[:-1],
        lambda data: data[:20],
        lambda data: data.replace(b'"layout": 1', b'"layout": 2'),
        lambda data: data.replace(b"post.example/a", b"post.example/b"),
        lambda data: data.replace(b"2024-06-03", b"2024-13-03"),
        lambda data: data.replace(b'"status": 200', b'"status": "x"'),
        lambda data: data.replace(b'"etag"', b'"else"'),
        lambda data: data.replace(b'"at": 1.5', b'"at": 1e300'),
        lambda data: data.replace(b'"at": 1.5', b'"at": NaN'),
        lambda data: data.replace(b'"at": 1.5', b'"at": 1' + b"0" * 400),
        lambda data: data.replace(b'"content_type": "text/html"', b'"content_type": null'),
        lambda data: data.replace(b'"last_modified": ""', b'"last_modified": {}'),
        lambda data: data.replace(b'"final_url": "https:', b'"final_url": "file:'),
        lambda data: b"[" * 50_000 + b"\n" + data,
        lambda data: b"null\n" + data,
        lambda data: data.split(b"\n", 1)[0] + b"\n" + os.urandom(30),
    ],
)
def test_a_broken_file_is_as_good_as_none(tmp_path: Path, spoil: object) -> None:
    """Cut off, changed, of another address or another release: fetched again, and replaced."""
    cache = Cache(tmp_path)
    cache.put(ENTRY, b"one")
    path = only_file(tmp_path)
    path.write_bytes(spoil(path.read_bytes()))  # type: ignore[operator]
    assert cache.get(URL) is None
    cache.put(ENTRY, b"two")
    found = cache.get(URL)
    assert found is not None
    assert found[1] == b"two"


@pytest.mark.parametrize("make", [os.mkfifo, os.mkdir, lambda path: os.symlink("/dev/zero", path)])
def test_what_is_no_file_is_not_waited_for(tmp_path: Path, make: object) -> None:
    """A pipe in its place, which nobody writes to, stopped a run for good."""
    cache = Cache(tmp_path)
    cache.put(ENTRY, b"one")
    path = only_file(tmp_path)
    path.unlink()
    make(path)  # type: ignore[operator]
    assert cache.get(URL) is None


def test_a_body_that_unpacks_to_gigabytes_is_not_read(tmp_path: Path) -> None:
    """A file in the cache is no more to be trusted than a server."""
    import zlib

    cache = Cache(tmp_path)
    cache.put(ENTRY, b"one")
    path = only_file(tmp_path)
    head = path.read_bytes().split(b"\n", 1)[0]
    packer = zlib.compressobj()
    path.write_bytes(head + b"\n" + b"".join(packer.compress(bytes(1 << 20)) for _ in range(64)) + packer.flush())
    assert cache.get(URL) is None


def test_what_was_kept_longest_goes_first(tmp_path: Path) -> None:
    """Past the bound, down to nine tenths of it; files of others are left alone."""
    (tmp_path / "aa").mkdir()
    other = tmp_path / "aa" / "notes.txt"
    other.write_text("mine")
    cache = Cache(tmp_path, most=30_000)
    for number in range(8):
        entry = replace(ENTRY, url=f"{URL}{number}", final_url=URL)
        cache.put(entry, os.urandom(5_000))
        path = cache._path(entry.url)
        os.utime(path, (number, number)) if path.exists() else None
    kept = [number for number in range(8) if cache.get(f"{URL}{number}")]
    assert kept == list(range(kept[0], 8))
    assert 2 < len(kept) < 6
    assert other.read_text() == "mine"


def test_an_interrupted_write_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The new one takes its name at the end, and nothing else is left behind."""
    cache = Cache(tmp_path)
    cache.put(ENTRY, b"one")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    cache.put(ENTRY, b"two")
    assert cache.trouble == f"nothing can be kept in {tmp_path} (No space left on device)"
    found = cache.get(URL)
    assert found is not None
    assert found[1] == b"one"
    assert json.loads(only_file(tmp_path).read_bytes().split(b"\n")[0])["url"] == URL
