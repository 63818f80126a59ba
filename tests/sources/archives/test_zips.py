"""Zips: documents, web archives and files in them; bombs, lies and broken ones."""

from __future__ import annotations

import gzip
import io
import os
import struct
import tracemalloc
import zipfile
from pathlib import Path

import pytest

from headcount.models import Problem, Report
from headcount.sources.limits import ZIP_MEMBERS
from sources.archives.made import documents, doubts, failures, found, packed, page, pages, streamed, urls

STORY = "Hundreds marched in Ashby."


def zipped(files: dict[str, bytes], *, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip of these files, in their order."""
    packed_into = io.BytesIO()
    with zipfile.ZipFile(packed_into, "w", method) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return packed_into.getvalue()


def reasons(items: list[object]) -> list[str]:
    return [item.reason for item in items if isinstance(item, Problem)]


def test_each_file_of_a_zip_is_read_by_its_content(tmp_path: Path) -> None:
    """Pages, texts and JSON Lines come out under the zip's name and their own; what is no report is counted."""
    data = zipped(
        {
            "a/page.htm": page(1),
            "a/page_files/style.txt": b"body { }",
            "b.txt": STORY.encode(),
            "c.jsonl": b'{"text": "One marched."}\n{"text": "Two marched."}\n',
            "d.txt.gz": gzip.compress(STORY.encode()),
            "photo.jpg": b"\xff\xd8\xff\xe0" + bytes(200),
            "style.css": b"body { }",
            "__MACOSX/._b.txt": b"\0\5\x16\7",
            ".DS_Store": b"\0\0\0\1Bud1",
        }
    )
    items = found(data, tmp_path, name="a.zip")
    assert [item.record for item in items] == [
        f"{tmp_path}/a.zip{rest}" for rest in ("/a/page.htm", "/b.txt", "/c.jsonl:1", "/c.jsonl:2", "/d.txt.gz", "")
    ]
    assert {getattr(item, "source", None) or item.origin.source for item in items} == {f"{tmp_path}/a.zip"}  # type: ignore[union-attr]
    assert reasons(items) == [  # type: ignore[arg-type]
        "passed over 2 files without a report (photo.jpg, style.css); unpack the zip and name one to have it read"
    ]
    assert documents(items)[0].data == page(1)


def test_a_zip_on_standard_input_is_read(tmp_path: Path) -> None:
    """What cannot be read backwards is put aside first, and read all the same."""
    data = zipped({"a.html": page(1), "b.zip": zipped({"c.html": page(2)})})
    assert [document.data for document in documents(streamed(data))] == [page(1), page(2)]


@pytest.mark.parametrize(
    ("files", "media"),
    [
        ({"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<w/>"}, "docx"),
        ({"mimetype": b"application/epub+zip", "META-INF/container.xml": b"<c/>"}, "epub"),
        ({"OEBPS/a.html": page(1), "META-INF/container.xml": b"<c/>"}, "epub"),
    ],
)
def test_documents_that_are_zips_are_told_as_such(files: dict[str, bytes], media: str, tmp_path: Path) -> None:
    """A Word document or a book is one document, whatever its name is."""
    data = zipped(files)
    (document,) = documents(found(data, tmp_path, name="a.bin"))
    assert (document.media, document.data) == (media, data)


@pytest.mark.parametrize(
    ("files", "told"),
    [
        ({"xl/workbook.xml": b"<w/>"}, "an Excel workbook: save its sheet as CSV"),
        ({"ppt/presentation.xml": b"<w/>"}, "slides: save them as PDF"),
        (
            {"mimetype": b"application/vnd.oasis.opendocument.text", "content.xml": b"<w/>"},
            "an OpenDocument text: save it as .docx",
        ),
    ],
)
def test_what_is_no_archive_says_what_to_do(files: dict[str, bytes], told: str, tmp_path: Path) -> None:
    """Sheets, slides and OpenDocument texts are named, not unpacked into their parts."""
    (reason,) = reasons(found(zipped(files), tmp_path))  # type: ignore[arg-type]
    assert told in reason


def test_the_records_of_a_wacz_are_read(tmp_path: Path) -> None:
    """Only the archives in it; its indexes and lists of pages say nothing."""
    data = zipped(
        {
            "datapackage.json": b"{}",
            "pages/pages.jsonl": b'{"text": "a list"}\n',
            "indexes/index.cdx.gz": b"x",
            "archive/data.warc.gz": b"".join(packed(pages(3))),
        },
        method=zipfile.ZIP_STORED,
    )
    items = found(data, tmp_path, name="a.wacz")
    assert urls(items) == ["0", "1", "2"]
    assert len(items) == 3
    assert documents(items)[0].record.startswith(f"{tmp_path}/a.wacz/archive/data.warc.gz:")


def test_names_that_lead_out_are_only_shown(tmp_path: Path) -> None:
    """../ and absolute names, controls in names: read, shown harmlessly, nothing written anywhere."""
    folder = tmp_path / "in"
    folder.mkdir()
    data = zipped(
        {"../../evil.html": page(1), "/etc/evil.html": page(2), "a\x1b[2Jb\n.html": page(3), "n" * 5000 + ".html": page(4)}
    )
    items = found(data, folder, name="a.zip")
    assert [document.data for document in documents(items)] == [page(number) for number in (1, 2, 3, 4)]
    assert not any("\x1b" in item.record or "\n" in item.record or len(item.record) > 1000 for item in items)
    assert [name for _, _, files in os.walk(tmp_path) for name in files] == ["a.zip"]


def test_a_bomb_is_named_and_the_other_files_read(tmp_path: Path) -> None:
    """300 MB of zeros in a file: the file is named, the memory small, the next one read."""
    data = zipped({"bomb.html": b"<html>" + bytes(300_000_000), "a.html": page(1)})
    tracemalloc.start()
    items = found(data, tmp_path)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert [document.data for document in documents(items)] == [page(1)]
    (failure,) = failures(items)
    assert failure.record.endswith("/bomb.html")
    assert "as bombs do" in failure.reason
    assert peak < 32_000_000


def test_many_small_bombs_are_a_large_one(tmp_path: Path) -> None:
    """Ten zips of ten zips of ten files of 4 MB in 10 KB: no file was large enough for a bomb, and together they took a minute."""
    inner = zipped({f"{number}.html": page(number) + bytes(4_000_000) for number in range(10)})
    middle = zipped({f"{number}.zip": inner for number in range(10)})
    items = found(zipped({f"{number}.zip": middle for number in range(10)}), tmp_path)
    assert len(documents(items)) <= 2
    assert all("as bombs do" in failure.reason for failure in failures(items))
    assert failures(items)


def test_a_name_of_thousands_of_folders_is_looked_at_once(tmp_path: Path) -> None:
    """Each folder might be that of a saved page: the time grew with the square of the name, and 200 such took minutes."""
    files = {"story.html": page(1), "story_files/ad.html": page(2)} | {
        "a_files/" * 8_000 + f"{number}.html": page(3) for number in range(200)
    }
    assert len(documents(found(zipped(files), tmp_path))) == 201


def test_zips_in_zips_are_read_to_a_depth(tmp_path: Path) -> None:
    """Nested more than three deep, as 42.zip is, a zip is named; what lies less deep is read."""
    data = zipped({"deep.html": page(9)})
    for depth in range(6):
        data = zipped({f"{depth}.html": page(depth), f"{depth}.zip": data})
    items = found(data, tmp_path)
    assert [document.data for document in documents(items)] == [page(5), page(4), page(3)]
    (failure,) = failures(items)
    assert "more than 3 archives inside each other" in failure.reason


def test_files_that_overlap_are_refused(tmp_path: Path) -> None:
    """A list of files that names the same bytes twice is a bomb's."""
    data = bytearray(zipped({"a.html": page(1), "b.html": page(2)}))
    second = data.rfind(b"PK\x01\x02")
    struct.pack_into("<L", data, second + 42, 0)
    (failure,) = failures(found(bytes(data), tmp_path))
    assert "overlap" in failure.reason


@pytest.mark.parametrize("size", [5, 1000, 10**9], ids=["too short", "too long", "a bomb's"])
def test_sizes_that_lie_are_named(size: int, tmp_path: Path) -> None:
    """A file that unpacks to more or less than the list says is broken; the other one is read."""
    data = bytearray(zipped({"a.html": page(1), "b.html": page(2)}))
    second = data.rfind(b"PK\x01\x02")
    struct.pack_into("<L", data, second + 24, size)
    items = found(bytes(data), tmp_path)
    assert [document.data for document in documents(items)] == [page(1)]
    assert failures(items)[0].record.endswith("/b.html")


@pytest.mark.parametrize(
    ("offset", "value", "told"), [(8, b"\x01", "password"), (10, b"\x0e", "another method"), (10, b"\x63", "another method")]
)
def test_what_cannot_be_unpacked_says_why(offset: int, value: bytes, told: str, tmp_path: Path) -> None:
    """Encrypted files and rare methods are named; the other file is read."""
    data = bytearray(zipped({"a.html": page(1), "b.html": page(2)}))
    second = data.rfind(b"PK\x01\x02")
    data[second + offset : second + offset + 1] = value
    items = found(bytes(data), tmp_path)
    assert [document.data for document in documents(items)] == [page(1)]
    assert told in failures(items)[0].reason


def test_a_wrong_byte_in_a_file_is_named(tmp_path: Path) -> None:
    """The checksum of a file is looked at; its bytes are not taken on trust."""
    data = bytearray(zipped({"a.html": page(1), "b.html": page(2)}, method=zipfile.ZIP_STORED))
    data[data.find(b"ward 2")] ^= 1
    items = found(bytes(data), tmp_path)
    assert [document.data for document in documents(items)] == [page(1)]
    assert "cannot be unpacked" in failures(items)[0].reason


def test_a_zip_that_is_cut_off_is_named(tmp_path: Path) -> None:
    """Cut anywhere, a zip is one failure or gives its files whole; never anything else."""
    data = zipped({"a.html": page(1), "b.html": page(2)})
    for cut in range(4, len(data)):
        items = found(data[:cut], tmp_path)
        assert [document.data for document in documents(items)] in ([], [page(1)], [page(1), page(2)])
        assert failures(items)


def test_a_flipped_byte_is_no_crash(tmp_path: Path) -> None:
    """One wrong byte anywhere: the files come out whole, or a failure says what is wrong."""
    files = {"a.html": page(1), "b.html": page(2)}
    data = zipped(files)
    for at in range(4, len(data)):
        broken = bytearray(data)
        broken[at] ^= 0x55
        items = found(bytes(broken), tmp_path)
        taken = [document.data for document in documents(items)]
        assert failures(items) or doubts(items) or all(one in files.values() for one in taken)


def test_too_many_files_are_refused_before_their_list_is_read(tmp_path: Path) -> None:
    """A list that says it has more files than are taken is not read into memory."""
    data = bytearray(zipped({"a.html": page(1)}))
    end = data.rfind(b"PK\x05\x06")
    struct.pack_into("<L", data, end + 12, 2**31)
    (failure,) = failures(found(bytes(data), tmp_path))
    assert failure.reason == str(ZIP_MEMBERS)


def test_an_empty_zip_and_one_of_pictures_are_named(tmp_path: Path) -> None:
    """A zip without a report is a failure that says what was in it."""
    assert "a zip without reports" in failures(found(zipped({}), tmp_path))[0].reason
    (failure,) = failures(found(zipped({"a.png": b"\x89PNG\r\n\x1a\n" + bytes(100)}), tmp_path))
    assert "(1 other file: a.png)" in failure.reason


def test_a_page_under_a_wrong_name_in_a_zip_is_a_page(tmp_path: Path) -> None:
    """Content decides: a page named .jpg is read, a picture named .html is a failure."""
    items = found(zipped({"a.jpg": page(1), "b.html": b"\x89PNG\r\n\x1a\n" + bytes(100)}), tmp_path)
    assert [document.data for document in documents(items)] == [page(1)]
    assert "expected text, found a picture" in failures(items)[0].reason
    assert not any(isinstance(item, Report) for item in items)
