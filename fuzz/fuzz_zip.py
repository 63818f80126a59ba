"""Zips: directories that lie, members over one another, names that climb. Nothing is written anywhere."""

import io
import os
import zipfile

from harness import fuzz, read_named, watched

with watched():
    from headcount.sources.archives.zips import read_zip

written: list[str] = []


def one(data: bytes) -> None:
    """The bytes as a zip, and as a member of one under a name of theirs."""
    read_named(data, read_zip)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr(zipfile.ZipInfo("../" + data[:20].decode("latin-1").replace("\0", "_") + ".txt"), data[20:])
    before = set(os.listdir("..")) | set(os.listdir("."))
    read_named(out.getvalue(), read_zip)
    assert set(os.listdir("..")) | set(os.listdir(".")) == before or not data, "a file was written"


if __name__ == "__main__":
    fuzz(one)
