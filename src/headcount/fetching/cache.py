"""What was fetched, kept in a folder by address, so that a run goes on where it stopped and nothing is fetched twice a day.

One file an address: a line of JSON that says what it is, then the body, compressed with zlib. A file is there in full or not
at all; one that is broken is as good as none.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
import json
import os
import zlib
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Final

from headcount.fetching.addresses import parse_address
from headcount.sources.limits import FETCHED_BYTES, MIB

LAYOUT: Final = 1
CACHE_BYTES: Final = 4096 * MIB
"""The most that the folder holds: about 250,000 pages. Past it what was kept longest goes, a tenth of it at once."""

FIELD_CHARACTERS: Final = 4000


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One answer as it was kept."""

    url: str
    final_url: str
    status: int
    at: float
    """When it was fetched or last found unchanged, in seconds since 1970."""

    fetched: str
    """The day on which the body was fetched, in ISO form."""

    content_type: str = ""
    etag: str = ""
    last_modified: str = ""
    digest: str = ""
    """SHA-256 of the body, in hex."""

    @property
    def day(self) -> dt.date:
        """The day on which the body was fetched."""
        return dt.date.fromisoformat(self.fetched)


class Cache:
    """The folder. Reading and writing it never fails a run: what the storage refuses is kept in ``trouble`` and told once."""

    def __init__(self, folder: str | os.PathLike[str], *, most: int = CACHE_BYTES) -> None:
        self._folder = Path(folder)
        self._most = most
        self._size: int | None = None
        self.trouble: str | None = None
        """Why nothing can be kept, from the first time that it could not."""

    def get(self, url: str) -> tuple[Entry, bytes] | None:
        """What is kept of an address; None where there is nothing, or what there is is broken or of another address."""
        path = self._path(url)
        try:
            if not path.is_file():
                return None
            with path.open("rb") as file:
                head = file.readline(64 * 1024)
                packed = file.read(2 * FETCHED_BYTES.most)
        except OSError:
            return None
        try:
            told = json.loads(head)
            if not isinstance(told, dict) or told.pop("layout", None) != LAYOUT:
                return None
            entry = Entry(**told)
            unpacker = zlib.decompressobj()
            data = unpacker.decompress(packed, FETCHED_BYTES.most + 1)
            whole = unpacker.eof and hashlib.sha256(data).hexdigest() == entry.digest
            texts = (entry.final_url, entry.content_type, entry.etag, entry.last_modified)
            sound = isinstance(entry.status, int) and all(isinstance(one, str) for one in texts)
            parse_address(entry.final_url)
            dt.datetime.fromtimestamp(entry.at, dt.UTC)
            entry.day  # noqa: B018  # this, and the two before, raise where it is none
        except (ValueError, TypeError, AttributeError, OverflowError, OSError, zlib.error, RecursionError):
            return None
        return (entry, data) if whole and sound and entry.url == url else None

    def put(self, entry: Entry, data: bytes) -> None:
        """Keeps an answer in place of what was kept of its address."""
        told = asdict(entry) | {"digest": hashlib.sha256(data).hexdigest(), "layout": LAYOUT}
        line = json.dumps({name: value[:FIELD_CHARACTERS] if isinstance(value, str) else value for name, value in told.items()})
        path = self._path(entry.url)
        try:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            with NamedTemporaryFile(dir=path.parent, prefix=".new-", delete=False) as file:
                try:
                    file.write(line.encode("ascii") + b"\n" + zlib.compress(data, 6))
                    file.flush()
                    size = file.tell()
                    os.replace(file.name, path)
                except BaseException:
                    with contextlib.suppress(OSError):
                        os.unlink(file.name)
                    raise
            self._grow(size)
        except OSError as error:
            self.trouble = self.trouble or f"nothing can be kept in {self._folder} ({error.strerror or error})"

    def _path(self, url: str) -> Path:
        name = hashlib.sha256(url.encode("utf-8", "surrogatepass")).hexdigest()
        return self._folder / name[:2] / name

    def _grow(self, size: int) -> None:
        self._size = sum(size for _, size, _ in self._files()) if self._size is None else self._size + size
        if self._size > self._most:
            self._make_room()

    def _make_room(self) -> None:
        kept = sorted(self._files(), key=lambda one: (one[0], one[2].name))
        left = sum(size for _, size, _ in kept)
        for _, size, path in kept[:-1]:  # what was written last stays
            if left <= self._most * 0.9:
                break
            with contextlib.suppress(OSError):
                path.unlink()
            left -= size
        self._size = left

    def _files(self) -> Iterator[tuple[float, int, Path]]:
        """When each file of ours was written, and its size. Their names are hashes, in folders named by their first two digits."""
        for folder in sorted(self._folder.glob("[0-9a-f][0-9a-f]")):
            for path in folder.iterdir():
                if (len(path.name) == 64 and path.name.startswith(folder.name)) or path.name.startswith(".new-"):
                    with contextlib.suppress(OSError):  # another run took it away
                        told = path.stat()
                        yield told.st_mtime, told.st_size, path
