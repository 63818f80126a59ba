"""Each way of being broken by itself: no crash, no hang, a reason that names the input and says what to do."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from headcount.cli.commands import run_command
from headcount.models import Document, Problem, Report
from headcount.run.extracting import open_documents
from headcount.sources import Asked, find_reports
from headcount.sources.limits import DOCUMENT_SECONDS
from headcount.sources.media import sniff_media
from headcount.sources.opening import READERS
from tree_broken import BREAKAGES
from tree_good import make_zip
from tree_news import write_article
from tree_runs import command

LINE_MB = 300
"""In ``make test``; HEADCOUNT_LINE_MB=1000 makes it a gigabyte."""

FLAT_MIB = 600
"""What a process may hold at most whatever it is sent: half of the longest line that is sent, and twice what is held of it."""


Read = Callable[[str], tuple[int, str, str]]


@pytest.fixture
def read(capfd: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Read:
    """Runs ``headcount read FILE --format jsonl`` in an empty folder: exit code, output, messages."""
    monkeypatch.chdir(tmp_path)

    def run(name: str) -> tuple[int, str, str]:
        before = signal.getsignal(signal.SIGTERM)
        try:
            code = run_command(["read", name, "--format", "jsonl", "--jobs", "1"])
        finally:
            signal.signal(signal.SIGTERM, before)
        out, err = capfd.readouterr()
        assert "Traceback" not in err, err
        return code, out, err

    return run


@pytest.mark.parametrize("kind", BREAKAGES)
def test_what_is_broken_is_named(read: Read, kind: str) -> None:
    """As many failures as are promised, each under the name of the file, with words; the good articles in it are read."""
    breakage = BREAKAGES[kind]
    articles = [write_article(random.Random(number), number, tells=True) for number in range(breakage.holds)]
    name = f"broken{breakage.ending}"
    Path(name).write_bytes(breakage.make(random.Random(1), articles))
    code, out, err = read(name)
    assert code == (3 if breakage.failures else 0), err
    told = [json.loads(line) for line in out.splitlines()]
    problems = [problem for one in told for problem in one["problems"]]
    failed = [problem for problem in problems if problem["fatal"]]
    assert len(failed) == breakage.failures
    assert sum(not any(problem["fatal"] for problem in one["problems"]) for one in told) == breakage.read
    assert all(problem["record"].startswith(name) and len(problem["reason"]) > 10 for problem in problems)
    assert not breakage.doubt or any(breakage.doubt in problem["reason"] for problem in problems)
    assert not failed or f"headcount: failed: {name}" in err
    assert [path.name for path in Path.cwd().iterdir()] == [name], "something was written"
    assert not Path.cwd().parent.joinpath("climbed.txt").exists()


STARTS = {
    "text": b"Some 300 people marched in Leeds ",
    "JSON Lines": b'{"text": "',
    "a brace": b"{",
    "page": b"<!doctype html><html><body><p>",
    "feed": b'<?xml version="1.0"?><rss version="2.0"><channel><item>',
    "web archive": b"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: https://a.example/\r\nContent-Length: 99999999999\r\n\r\n",
    "RIS": b"TY  - NEWS\nTI  - x\nAB  - ",
    "message": b"From: a@b.example\nSubject: x\n\n",
    "zip": b"PK\x03\x04",
}
"""What an endless input may begin with."""


@pytest.mark.parametrize("kind", STARTS)
def test_memory_stays_flat_on_an_endless_line(kind: str) -> None:
    """Hundreds of megabytes without a line end on standard input: a named failure, and never all of it in memory."""
    code, peak_mib, said = send(STARTS[kind], b"and sang a song of the kettle, " * 8_000, megabytes=line_mb())
    assert code == 3, said
    assert "headcount: failed: -" in said
    assert "Traceback" not in said
    assert peak_mib < FLAT_MIB


@pytest.mark.parametrize("start", [b'id,published,text\nx,2020-01-01,"', b"text,", b""])
def test_memory_stays_flat_on_an_endless_row(tmp_path: Path, start: bytes) -> None:
    """A cell that is never closed, a row of names that never ends. The latter was once stopped by a defect: exit code 70."""
    pipe = tmp_path / "endless.csv"
    os.mkfifo(pipe)
    code, peak_mib, said = send(start, b"a,b and sang, " * 10_000, megabytes=100, pipe=pipe)
    assert code == 3, said
    assert f"headcount: failed: {pipe}" in said
    assert peak_mib < FLAT_MIB


def test_documents_that_take_too_much_are_cut_off_and_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """One that hangs, one that swells, one that kills its process, one that raises: each is named, the others are opened."""
    monkeypatch.syspath_prepend(Path(__file__).parent)
    monkeypatch.setitem(READERS, "rtf", "slow_reader:read_slowly")  # type: ignore[arg-type]
    words = ["good one", "slow", "good two", "swells", "dies", "good three", "raises", "good four"]
    documents = [Document(data=word.encode(), media="rtf", record=word, source="a test") for word in words]
    opened = list(open_documents(documents, asked=Asked(), jobs=1, seconds=2.0))
    assert [one.record for one in opened] == words
    assert [one.text for one in opened if isinstance(one, Report)] == [word for word in words if "good" in word]
    slow, swells, dies, raises = (one.reason for one in opened if isinstance(one, Problem))
    assert slow == str(DOCUMENT_SECONDS)
    assert "memory" in swells
    assert "killed by SIGKILL" in dies
    assert "ZeroDivisionError" in raises


@pytest.mark.parametrize("text", ["(@)", "@_", "a@!", "On 2016-08077777772-618 they met."])
def test_signs_that_stopped_the_coder(read: Read, text: str) -> None:
    """Fuzzing found both: a handle without a letter, a date with more digits than any calendar has."""
    Path("a.txt").write_text(f"Some 300 people marched in Leeds on Monday, police said. {text} It was quiet in the town.", "utf-8")
    code, out, err = read("a.txt")
    assert code == 0, err
    assert len(json.loads(out)["events"]) == 1


@pytest.mark.parametrize("start", [b"<!-- x -->", b"<!DOCTYPE a[]>", b"<?x?>", b"%\n", b"A: b\n c\n", b" ", b"\r", b"# x\n"])
def test_what_stands_before_is_looked_at_once(read: Read, start: bytes) -> None:
    """Patterns that took twice as long for each further comment, declaration or blank: with forty they never ended."""
    Path("a.txt").write_bytes(start * 4_000 + b"Some 300 people marched in Leeds on Monday, police said.")
    sniff_media(start * 4_000)
    code, out, err = read("a.txt")
    assert code == 0, err
    assert len(out.splitlines()) == 1


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (b'text,id\nSome 300 people marched in Leeds,1\n"a" b\rc,2\n', 3),
        (b"text," + b"a," * 2_000_000 + b"\nx\n", 0),
    ],
)
def test_tables_that_stopped_a_run(read: Read, content: bytes, line: int) -> None:
    """A carriage return behind a quote, names of columns without end: each ended the run with exit code 70."""
    Path("a.csv").write_bytes(content)
    code, out, _ = read("a.csv")
    assert code == (0 if line else 3)
    told = [problem["record"] for one in out.splitlines() for problem in json.loads(one)["problems"]]
    assert told == ([f"a.csv:{line}"] if line else ["a.csv"])


def test_a_file_without_a_name_in_a_zip_costs_only_itself(read: Read) -> None:
    """It ended the run with exit code 70."""
    name = b"x.txt"
    Path("a.zip").write_bytes(
        make_zip({"x.txt": b"Some 300 people marched in Leeds.", "y.txt": b"Police counted 300 marchers in Hull."})
    )
    content = Path("a.zip").read_bytes()
    place = content.rindex(b"PK\x01\x02", 0, content.rindex(b"PK\x01\x02"))
    spoilt = content[: place + 28] + b"\0\0" + content[place + 30 : place + 46] + content[place + 46 + len(name) :]
    end = spoilt.rindex(b"PK\x05\x06")
    size = int.from_bytes(spoilt[end + 12 : end + 16], "little") - len(name)
    Path("a.zip").write_bytes(spoilt[: end + 12] + size.to_bytes(4, "little") + spoilt[end + 16 :])
    code, out, err = read("a.zip")
    assert code in {0, 3}, err
    assert "defect" not in err
    assert "marchers in Hull" in out


@pytest.mark.parametrize("kind", ["cut WARC.gz", "cut WARC", "brotli bomb", "cut brotli"])
def test_an_archive_is_taken_up_at_any_record(tmp_path: Path, kind: str) -> None:
    """What was named after a record is named again from there, and nothing else: one that is cut off was called shortened, too."""
    breakage = BREAKAGES[kind]
    articles = [write_article(random.Random(number), number, tells=True) for number in range(breakage.holds)]
    path = tmp_path / f"a{breakage.ending}"
    path.write_bytes(breakage.make(random.Random(1), articles))
    whole = list(find_reports([path]))
    ends = [(number, item.after) for number, item in enumerate(whole) if isinstance(item, Document) and item.after]
    assert ends
    for number, after in ends:
        assert list(find_reports([path], resume=lambda _, after=after: after)) == whole[number + 1 :]


def test_a_feed_is_told_by_its_bytes_whatever_it_declares() -> None:
    """One with entities of its own was taken for a text, and its markup for a report."""
    assert sniff_media(BREAKAGES["XML bomb in a feed"].make(random.Random(1), [])) == "feed"


def test_noise_under_the_name_of_a_page_is_no_page() -> None:
    """In every two hundredth file of noise there is a <p by chance."""
    noise = b"\xf7\x00\x01" + random.Random(1).randbytes(4_000)
    assert sniff_media(noise + b"<p>" + noise, ending=".html") == "text"


def line_mb() -> int:
    """How many megabytes the endless line has."""
    return int(os.environ.get("HEADCOUNT_LINE_MB", LINE_MB))


MEASURED = """
import resource, subprocess, sys
code = subprocess.call(sys.argv[1:])
print(f"peak {resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss}", file=sys.stderr)
sys.exit(code)
"""
"""A small process between: what a process has at its most counts what its parent had when it was forked."""


def send(start: bytes, block: bytes, *, megabytes: int, pipe: Path | None = None) -> tuple[int, float, str]:
    """Reads what is sent block by block: exit code, most memory of the process in MiB, its messages."""
    child = subprocess.Popen(
        [sys.executable, "-c", MEASURED, *map(str, command("read", pipe or "-", "--format", "jsonl"))],
        stdin=subprocess.PIPE if pipe is None else subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    into = child.stdin if pipe is None else pipe.open("wb")
    assert into is not None
    assert child.stderr is not None
    try:
        into.write(start)
        for _ in range(megabytes * 1_000_000 // len(block)):
            into.write(block)
        into.close()
    except BrokenPipeError:  # it has read enough
        _close(into)
    said = child.stderr.read().decode("utf-8", "replace")
    child.stderr.close()
    said, _, peak = said.rpartition("peak ")
    return child.wait(), int(peak) / (1024 if sys.platform != "darwin" else 2**20), said


def _close(file) -> None:
    try:
        file.close()
    except BrokenPipeError:
        return
