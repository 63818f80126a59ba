"""Web archives: what is taken out of them, what is told of broken ones, and where a later run goes on."""

from __future__ import annotations

import datetime as dt
import gzip
import tracemalloc
import zlib
from pathlib import Path

import brotli
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from headcount.models import Problem, Report
from sources.archives.made import answer, documents, doubts, failures, found, packed, page, pages, record, starts, streamed, urls

WHOLE = pages(4)
PACKED = packed(WHOLE)
quick = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def test_a_page_comes_with_address_day_charset_and_places(tmp_path: Path) -> None:
    """A page of an archive knows where it was fetched from and when, and where its record lies."""
    first = documents(found(b"".join(PACKED), tmp_path))[0]
    places = starts(PACKED)
    assert first.data == page(0)
    assert (first.media, first.url, first.charset, first.fetched) == (
        "html",
        "https://courier.example/0",
        "utf-8",
        dt.date(2021, 3, 2),
    )
    assert (first.position, first.after, first.may_screen) == (places[2], places[3], True)
    assert first.record == f"{tmp_path}/a.warc:{places[2]}"
    assert first.source == f"{tmp_path}/a.warc"


@pytest.mark.parametrize(
    "data", [b"".join(WHOLE), b"".join(PACKED), gzip.compress(b"".join(WHOLE))], ids=["plain", "records", "whole"]
)
def test_an_archive_is_read_packed_or_not(data: bytes, tmp_path: Path) -> None:
    """Not packed, packed by record, packed as a whole: the same pages, and no problem."""
    items = found(data, tmp_path, name="a.bin")
    assert urls(items) == urls(streamed(data)) == ["0", "1", "2", "3"]
    assert len(items) == 4


@pytest.mark.parametrize("version", ["0.18", "1.0", "1.1"])
def test_versions_and_their_habits(version: str, tmp_path: Path) -> None:
    """WARC 0.18, 1.0 and 1.1, lines that end in a newline only, folded headers, an address in angle brackets."""
    one = record(answer(page(1)), version=version, url="<https://courier.example/1>", end=b"\n\n")
    head, _, rest = one.partition(b"\r\n\r\n")
    one = head.replace(b"\r\n", b"\n").replace(b"response\n", b"\n response\n", 1) + b"\n\n" + rest
    items = found(one * 2, tmp_path)
    assert urls(items) == ["1", "1"]
    assert len(items) == 2


def test_only_pages_and_texts_are_taken(tmp_path: Path) -> None:
    """Requests, redirects, errors, pictures and styles are passed over and say nothing."""
    others = [
        record(answer(page(1), status="301 Moved")),
        record(answer(page(1), status="404 Not Found")),
        record(answer(b"\x89PNG\r\n\x1a\n" + bytes(80), kind="image/png")),
        record(answer(b"\x89PNG\r\n\x1a\n" + bytes(80))),
        record(answer(b"p { color: red }", kind="text/css")),
        record(answer(b"User-agent: *\nDisallow: /", kind="text/plain")),
        record(b"", kind="revisit"),
        record(
            b"20210302\ncourier.example.\t300\tIN\tA\t192.0.2.1\n", url="dns:courier.example", declared="text/dns", kind="resource"
        ),
        record(b"fetchTimeMs: 12\r\n", kind="metadata", declared="application/warc-fields"),
    ]
    items = found(b"".join([*others, record(answer(page(7)), url="https://courier.example/7")]), tmp_path)
    assert urls(items) == ["7"]
    assert len(items) == 1
    alone = found(b"".join(others), tmp_path)
    assert [problem.reason for problem in failures(alone)] == [
        "a web archive without a page or a text (9 records of other kinds): nothing to read"
    ]


def test_pages_are_known_by_their_bytes(tmp_path: Path) -> None:
    """A page without a type, or under a wrong one, is a page; a PDF is a PDF; what the server calls a page may be a part of one."""
    answers = [
        answer(page(0), kind=None),
        answer(page(1), kind="text/plain"),
        answer(b"%PDF-1.7\n..."),
        answer(b"<div><p>Hundreds marched.</p></div>"),
    ]
    items = found(b"".join(map(record, answers)), tmp_path)
    assert [(document.media, document.may_screen) for document in documents(items)] == [
        ("html", True), ("html", True), ("pdf", False), ("html", True),
    ]  # fmt: skip


def test_texts_of_a_crawl_are_reports(tmp_path: Path) -> None:
    """The records of a WET file are reports at once."""
    text = "Hundreds marched in Ashby.\n\nPolice made no arrests."
    wet = record(text.encode(), kind="conversion", declared="text/plain", url="https://courier.example/wet")
    (item,) = found(gzip.compress(wet), tmp_path)
    assert isinstance(item, Report)
    assert (item.text, item.url) == (text, "https://courier.example/wet")
    assert item.origin is not None
    assert (item.origin.position, item.origin.after) == (0, len(gzip.compress(wet)))


def _chunked(body: bytes) -> bytes:
    half = len(body) // 2
    parts = (body[:half], body[half:])
    return b"".join(b"%x;ext=1\r\n%s\r\n" % (len(part), part) for part in parts) + b"0\r\n\r\n"


@pytest.mark.parametrize(
    "block",
    [
        answer(_chunked(page(3)), transfer_encoding="chunked"),
        answer(page(3), transfer_encoding="chunked"),
        answer(gzip.compress(page(3)), content_encoding="gzip"),
        answer(page(3), content_encoding="gzip"),
        answer(zlib.compress(page(3)), content_encoding="deflate"),
        answer(zlib.compress(page(3))[2:-4], content_encoding="deflate"),
        answer(brotli.compress(page(3)), content_encoding="br"),
        answer(page(3), content_encoding="br"),
        answer(_chunked(gzip.compress(page(3))), transfer_encoding="Chunked", content_encoding="GZIP"),
        answer(page(3) + b"HTTP/1.1 200 OK\r\n\r\nanother", content_length=str(len(page(3)))),
        answer(page(3), content_length="99999"),
        answer(page(3), content_length="minus one"),
    ],
)
def test_encodings_of_the_server_are_taken_off(block: bytes, tmp_path: Path) -> None:
    """Chunks, gzip, deflate with and without its head, brotli, headers that the archive kept after unpacking, declared lengths."""
    items = found(record(block), tmp_path)
    assert [document.data for document in documents(items)] == [page(3)]
    assert len(items) == 1


@pytest.mark.parametrize(("packer", "name"), [(gzip.compress, "gzip"), (brotli.compress, "br"), (zlib.compress, "deflate")])
def test_a_body_that_was_cut_off_is_read_with_a_doubt(packer: object, name: str, tmp_path: Path) -> None:
    """What came of a packed page before it was cut off is read, and the cut is told."""
    body = packer(page(3, filler=40_000) + bytes(range(256)) * 40)[:-9]  # type: ignore[operator]
    items = found(record(answer(body, content_encoding=name)), tmp_path)
    assert documents(items)[0].data.startswith(page(3)[:60])
    assert "cut off" in doubts(items)[0].reason


@pytest.mark.parametrize(("packer", "name"), [(gzip.compress, "gzip"), (brotli.compress, "br"), (zlib.compress, "deflate")])
def test_a_bomb_of_a_body_is_named_and_the_next_page_read(packer: object, name: str, tmp_path: Path) -> None:
    """40 MB of blanks in some bytes: the record is named, the memory small, the next record read."""
    bomb = record(answer(packer(bytes(40_000_000)), content_encoding=name))  # type: ignore[operator]
    tracemalloc.start()
    items = found(bomb + record(answer(page(5)), url="https://courier.example/5"), tmp_path)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert urls(items) == ["5"]
    assert "as bombs do" in failures(items)[0].reason
    assert peak < 24_000_000


def test_a_record_that_is_a_bomb_is_named_and_the_next_one_read(tmp_path: Path) -> None:
    """A record of 300 MB of zeros in 300 KB: named, and reading goes on with the next member."""
    bomb = gzip.compress(record(answer(bytes(30_000_000))))
    items = found(PACKED[0] + bomb + b"".join(PACKED[1:]), tmp_path)
    assert urls(items) == ["0", "1", "2", "3"]
    (failure,) = failures(items)
    assert failure.record.endswith(f":{len(PACKED[0])}")
    assert "as bombs do" in failure.reason


def test_a_page_longer_than_any_is_named(tmp_path: Path) -> None:
    """A page of 33 MiB is not taken, a film of that length is passed over, and the pages after them are read."""
    import random

    noise = random.Random(4).randbytes(33 * 1024 * 1024)
    film = record(answer(noise, kind="video/mp4"), url="https://courier.example/film")
    long = record(answer(page(1) + noise), url="https://courier.example/long")
    items = found(film + long + WHOLE[2], tmp_path)
    assert urls(items) == ["0"]
    assert [(failure.record, "longer than 32 MiB" in failure.reason) for failure in failures(items)] == [
        (f"{tmp_path}/a.warc:{len(film)}", True)
    ]


@quick
@given(st.integers(min_value=2, max_value=len(b"".join(PACKED)) - 1))
def test_a_packed_archive_cut_anywhere(tmp_path: Path, cut: int) -> None:
    """The pages before the cut come out whole, and one failure says that and where it was cut."""
    places = starts(PACKED)
    items = found(b"".join(PACKED)[:cut], tmp_path)
    wanted = [str(number) for number in range(4) if places[2 * number + 3] <= cut]
    assert urls(items) == wanted
    if cut in places:
        return  # a shorter archive, whole in itself
    (failure,) = failures(items)
    assert f"cut off at byte {cut:,}" in failure.reason
    assert items[-1] == failure


@quick
@given(st.integers(min_value=1, max_value=len(b"".join(WHOLE)) - 1))
def test_a_plain_archive_cut_anywhere(tmp_path: Path, cut: int) -> None:
    """As with the packed one; a page whose last byte is there comes out."""
    places = starts(WHOLE)
    items = found(b"".join(WHOLE)[:cut], tmp_path)
    if cut < 10:
        return  # not to be told from a text
    assert urls(items) == [str(number) for number in range(4) if places[2 * number + 3] - 4 <= cut]
    if cut in places or cut + 1 in places:
        return
    (failure,) = failures(items)
    assert f"cut off at byte {cut:,}" in failure.reason


@quick
@given(st.integers(min_value=20, max_value=len(gzip.compress(b"".join(WHOLE))) - 1))
def test_an_archive_packed_as_a_whole_cut_anywhere(tmp_path: Path, cut: int) -> None:
    """Some of its pages, in order, and one failure at the end."""
    items = found(gzip.compress(b"".join(WHOLE), mtime=0)[:cut], tmp_path)
    assert urls(items) == ["0", "1", "2", "3"][: len(items) - 1]
    (failure,) = failures(items)
    assert f"cut off at byte {cut:,}" in failure.reason


@quick
@given(st.integers(min_value=0, max_value=len(b"".join(PACKED)) - 1), st.integers(min_value=1, max_value=255))
def test_a_flipped_byte_costs_one_record(tmp_path: Path, at: int, flip: int) -> None:
    """Every page but that of the member with the wrong byte comes out, and whatever was lost is told."""
    data = bytearray(b"".join(PACKED))
    data[at] ^= flip
    places = starts(PACKED)
    hit = next(index for index in range(len(PACKED)) if at < places[index + 1])
    if hit == 0:
        return  # the first member tells what it is
    items = found(bytes(data), tmp_path)
    wanted = [str(number) for number in range(4) if hit != 2 * number + 2]
    assert [url for url in urls(items) if url in wanted] == wanted
    assert len(urls(items)) == 4 or failures(items) or doubts(items)


@pytest.mark.parametrize("whole", [PACKED, WHOLE, [gzip.compress(b"".join(WHOLE))]], ids=["records", "plain", "whole"])
def test_resumed_at_any_record_the_rest_comes_out(whole: list[bytes], tmp_path: Path) -> None:
    """Where a page says that a later run goes on, it goes on: with the next page, and with the same places."""
    data = b"".join(whole)
    everything = documents(found(data, tmp_path))
    streamed_everything = documents(streamed(data))
    for number, document in enumerate(everything, start=1):
        assert document.after is not None
        resumed = found(data, tmp_path, resume=lambda _, after=document.after: after)  # type: ignore[misc]
        assert resumed == everything[number:]
        assert streamed(data, resume=lambda _, after=document.after: after) == streamed_everything[number:]  # type: ignore[misc]


def test_an_archive_that_grew_gives_what_is_new(tmp_path: Path) -> None:
    """An archive that was read to its end, and to which a record was added, gives that record."""
    data = b"".join(PACKED)
    (item,) = found(data + gzip.compress(record(answer(page(9)), url="u/9")), tmp_path, resume=lambda _: len(data))
    assert urls([item]) == ["9"]


@pytest.mark.parametrize("data", [b"".join(WHOLE), b"".join(PACKED)], ids=["plain", "packed"])
def test_an_archive_that_is_shorter_than_it_was_is_a_failure(data: bytes, tmp_path: Path) -> None:
    """What an earlier run got to lies behind the end now: nobody can say what of it was read."""
    (failure,) = failures(found(data, tmp_path, resume=lambda _: 10**9))
    assert "now it is shorter" in failure.reason


def test_an_archive_in_a_folder_is_resumed_by_its_own_name(tmp_path: Path) -> None:
    """Each at its own place; the folder has none."""
    from headcount.sources import find_reports

    for name in ("a.warc.gz", "b.warc.gz"):
        (tmp_path / name).write_bytes(b"".join(PACKED))
    second = documents(found(b"".join(PACKED), tmp_path, name="b.warc.gz"))[1]
    places = {str(tmp_path): 100, str(tmp_path / "a.warc.gz"): second.after}
    assert urls(find_reports([tmp_path], resume=places.get)) == ["2", "3", "0", "1", "2", "3"]


BROKEN = {
    "no length": record(answer(page(8)), length=""),
    "a length in words": record(answer(page(8)), length="many"),
    "a negative length": record(answer(page(8)), length="-5"),
    "a length of 5,000 digits": record(answer(page(8)), length="9" * 5000),
    "too long a length": record(answer(page(8)), length=900),
    "a length of 1 GB": record(answer(page(8)), length=10**9),
    "a length of 10 MB": record(answer(page(8)), length=10**7),
    "too short a length": record(answer(page(8)), length=50),
    "another version line": b"WORC/1.0\r\nContent-Length: 5\r\n\r\nhello\r\n\r\n",
    "a head without end": b"WARC/1.0\r\nWARC-Type: response\r\n" + b"X: y\r\n" * 50,
    "a head of 300 KB": b"WARC/1.0\r\nWARC-Type: response\r\nX: " + b"y" * 300_000 + b"\r\n\r\n\r\n",
}


@pytest.mark.parametrize("name", BROKEN)
@pytest.mark.parametrize("pack", [False, True], ids=["plain", "packed"])
def test_a_broken_record_is_named_and_the_next_one_read(name: str, pack: bool, tmp_path: Path) -> None:
    """A record that cannot be taken apart costs itself only; the failure names its place."""
    records = [*WHOLE[:3], BROKEN[name], *WHOLE[3:]]
    pieces = packed(records) if pack else records
    items = found(b"".join(pieces), tmp_path)
    assert urls(items) == ["0", "1", "2", "3"]
    (failure,) = failures(items)
    assert failure.record.endswith(f":{starts(pieces)[3]}")


@pytest.mark.parametrize("pack", [False, True], ids=["plain", "packed"])
def test_records_without_their_empty_lines_are_read(pack: bool, tmp_path: Path) -> None:
    """Writers that forget the lines between records are told once, and lose nothing."""
    records = [record(answer(page(number)), url=f"u/{number}", end=b"") for number in range(3)] + [WHOLE[2]]
    items = found(b"".join(packed(records) if pack else records), tmp_path)
    assert urls(items) == ["0", "1", "2", "0"]
    assert [problem.reason for problem in items if isinstance(problem, Problem)] == [
        "its records do not end in two empty lines; read all the same"
    ]


def test_garbage_between_members_is_named(tmp_path: Path) -> None:
    """Bytes that are no gzip between two records are a failure with their place; zeros, as tapes leave them, are nothing."""
    places = starts(PACKED)
    data = b"".join(PACKED)
    items = found(data[: places[3]] + b"not packed at all" + data[places[3] :], tmp_path)
    assert urls(items) == ["0", "1", "2", "3"]
    assert [failure.record for failure in failures(items)] == [f"{tmp_path}/a.warc:{places[3]}"]
    padded = found(data[: places[3]] + bytes(70_000) + data[places[3] :] + bytes(512), tmp_path)
    assert urls(padded) == ["0", "1", "2", "3"]
    assert len(padded) == 4


def test_garbage_after_the_last_member_is_a_doubt(tmp_path: Path) -> None:
    """What follows the last record and is no gzip is told, and loses nothing."""
    items = found(b"".join(PACKED) + b"-- end of tape --", tmp_path)
    assert urls(items) == ["0", "1", "2", "3"]
    assert failures(items) == []
    assert f"no gzip at byte {len(b''.join(PACKED)):,}" in doubts(items)[0].reason


def test_an_archive_packed_in_blocks_is_read(tmp_path: Path) -> None:
    """Members that end in the middle of records (as bgzip writes them) are read as one stream, and resumed all the same."""
    data = b"".join(WHOLE)
    blocks = b"".join(gzip.compress(data[start : start + 300]) for start in range(0, len(data), 300))
    items = documents(found(blocks, tmp_path))
    assert urls(items) == ["0", "1", "2", "3"]
    assert documents(found(blocks, tmp_path, resume=lambda _: items[1].after)) == items[2:]


def test_an_archive_of_broken_records_is_given_up(tmp_path: Path) -> None:
    """After 1,000 broken records the rest is not looked at: each may claim 30 MB that have to be read and given back."""
    items = found(record(answer(page(1)), length=40_000_000) * 3000, tmp_path)
    assert len(items) == len(failures(items)) == 1001
    assert "more than 1,000 broken records" in failures(items)[-1].reason


def test_places_that_only_look_like_members_are_given_up(tmp_path: Path) -> None:
    """Bytes full of what members begin with are no hang, and what came before them is read."""
    items = found(b"".join(PACKED) + b"\x1f\x8b\x08" * 100_000, tmp_path)
    assert urls(items) == ["0", "1", "2", "3"]
    assert len(failures(items) + doubts(items)) == 1


def test_a_page_in_very_many_chunks_is_read_in_part(tmp_path: Path) -> None:
    """A million chunks of a byte: the first 100,000 are read, and a doubt says so."""
    body = page(1) + b" " * 200_000
    block = answer(b"".join(b"1\r\n%c\r\n" % byte for byte in body), transfer_encoding="chunked")
    items = found(record(block), tmp_path)
    assert documents(items)[0].data.startswith(page(1))
    assert "more than 100,000 chunks" in doubts(items)[0].reason


def test_memory_does_not_grow_with_the_archive(tmp_path: Path) -> None:
    """60 MB of pages take no more memory than a few of them."""
    many = packed([record(answer(page(number, filler=15_000))) for number in range(10)]) * 100
    path = tmp_path / "many.warc.gz"
    path.write_bytes(b"".join(many))
    from headcount.sources import find_reports

    tracemalloc.start()
    count = sum(1 for _ in find_reports([path]))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert count == 1000
    assert peak < 8_000_000
