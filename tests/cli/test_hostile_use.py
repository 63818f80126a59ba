"""What a hostile or clumsy user gives the commands: each ends with a word and a documented code, and changes nothing."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Headcount = Callable[..., Any]  # the fixture of conftest.py

HALF = "\udcff"
"""What the shell's byte FF becomes."""

MARCH = "About {} people marched through Leeds on 3 March 2019 against the closure of the library, police said."


@pytest.mark.parametrize(
    "arguments",
    [
        ("events", "--locality", HALF),
        ("events", "--issue", HALF, "--limit", "3"),
        ("totals", "--series", HALF),
        ("export", "csv", "--type", HALF),
        ("show", HALF),
        ("explain", "EVENT", HALF),
        ("judge", "EVENT", HALF, "same"),
        ("merge", "EVENT", HALF),
        ("split", "EVENT", HALF),
        ("withdraw", "EVENT", "--reason", HALF),
        ("withdraw", "EVENT", "--reason", "a hoax", "--by", HALF),
        ("review", HALF, "accept"),
        ("review", "s-0123456789abcdef", "replace", HALF),
        ("judge", "EVENT", "EVENT", "same", "--note", HALF),
        ("events", "--locality", ""),
        ("events", "--issue", " "),
        ("show", ""),
        ("unjudge", "99999999999999999999"),
        ("unreview", "99999999999999999999"),
        ("events", "--limit", "99999999999999999999"),
        ("export", "csv", "--output", ""),
        ("read", "headcount.db", "--output", " "),
    ],
)
def test_what_no_record_can_hold_is_wrong_usage(headcount_in: Headcount, ludlow: str, arguments: tuple[str, ...]) -> None:
    """Half characters, empty text, numbers beyond any column: exit code 2, and nothing is decided."""
    said = headcount_in(*(ludlow if one == "EVENT" else one for one in arguments))
    assert said.code == 2, said.err
    assert "defect" not in said.err
    assert json.loads(headcount_in("judgements", "--format", "json").out) == []
    assert headcount_in("verify").code == 0


@pytest.mark.parametrize("value", ["500-300", "-", "+", "to", "1" * 16])
def test_a_review_that_is_no_number_cannot_stop_the_record(headcount_in: Headcount, tmp_path: Path, value: str) -> None:
    """Of an outcome words are a value; a range the wrong way round was stored once, and no event was derived from then on."""
    (tmp_path / "one.txt").write_text(MARCH.format(300) + " Police arrested 12 people.", encoding="utf-8")
    assert headcount_in("ingest", "one.txt", "--jobs", "1").code == 0
    (event,) = json.loads(headcount_in("events", "--format", "json").out)
    (statement,) = event["lineage"]["arrests"]
    said = headcount_in("review", statement, "replace", "--", value)
    assert (said.code, "arrests: expected" in said.err) == (2, True), said.err
    assert headcount_in("review", statement, "replace", "   ").code == 0
    assert json.loads(headcount_in("events", "--format", "json").out)[0]["outcomes"] == []
    assert headcount_in("review", statement, "replace", "a dozen or so").code == 0
    assert json.loads(headcount_in("events", "--format", "json").out)[0]["outcomes"][0]["text"] == "a dozen or so"
    assert headcount_in("verify", "--deep").code == 0


def test_a_review_of_what_no_report_says_any_more_is_told(headcount_in: Headcount, tmp_path: Path) -> None:
    """It is kept, and has no effect: whoever made it has to know."""
    path = tmp_path / "one.txt"
    path.write_text(MARCH.format(300), encoding="utf-8")
    assert headcount_in("ingest", "one.txt", "--jobs", "1").code == 0
    (event,) = json.loads(headcount_in("events", "--format", "json").out)
    (statement,) = event["lineage"]["size_low"]
    path.write_text(MARCH.format(320), encoding="utf-8")
    assert headcount_in("ingest", "one.txt", "--jobs", "1").code == 0
    said = headcount_in("review", statement, "reject")
    assert (said.code, "no report makes this statement today" in said.err) == (0, True), said.err


def test_a_file_name_that_is_no_text_is_ingested(headcount_in: Headcount, tmp_path: Path) -> None:
    """The name stands in the run's command line, where a half character cannot."""
    path = os.fsdecode(os.fsencode(tmp_path) + b"/\xff\x1b[31m.txt")
    try:
        Path(path).write_text(MARCH.format(300), encoding="utf-8")
    except OSError:
        pytest.skip("this file system takes UTF-8 names alone")
    assert headcount_in("ingest", path, "--jobs", "1").code == 0
    assert headcount_in("verify").code == 0


def test_no_title_names_a_private_person(headcount_in: Headcount, tmp_path: Path) -> None:
    """Neither in show nor in explain, as text or JSON, nor in the table of read, whatever the report itself says of the person."""
    (tmp_path / "one.md").write_text(
        "---\npublished: 2019-03-04\ntitle: Wendalyn Throssgood leads march; Tobias Quellish held\n---\n"
        + MARCH.format(300)
        + " Wendalyn Throssgood, 43, a nurse, was there.",
        encoding="utf-8",
    )
    assert headcount_in("ingest", "one.md", "--jobs", "1").code == 0
    (event,) = json.loads(headcount_in("events", "--format", "json").out)
    told = [headcount_in("read", "one.md", "--format", "table", "--jobs", "1")]
    told += [
        headcount_in(command, event["event_id"], "--format", form) for command in ("show", "explain") for form in ("text", "json")
    ]
    for said in told:
        assert said.code == 0
        assert "march" in said.out
        assert "Throssgood" not in said.out
        assert "Quellish" not in said.out


def test_an_ending_that_means_no_format_is_refused(headcount_in: Headcount, tmp_path: Path) -> None:
    """JSON Lines in a file called .xlsx would be opened by a spreadsheet; with --format it is what was asked for."""
    (tmp_path / "one.txt").write_text(MARCH.format(300), encoding="utf-8")
    said = headcount_in("read", "one.txt", "--output", "out.xlsx", "--jobs", "1")
    assert (said.code, "--format" in said.err, Path("out.xlsx").exists()) == (2, True, False)
    assert headcount_in("read", "one.txt", "--output", "out.xlsx", "--format", "csv", "--jobs", "1").code == 0
    assert headcount_in("read", "one.txt", "--output", "out", "--jobs", "1").code == 0


@pytest.mark.parametrize("ending", ["", "-wal", "-shm", "-journal"])
def test_an_export_never_takes_the_place_of_the_record(headcount_in: Headcount, record: Path, ending: str) -> None:
    """Nor of the files that SQLite keeps beside it, whether they are there or not."""
    said = headcount_in("export", "csv", "--output", f"{record}{ending}")
    assert (said.code, "is the record" in said.err) == (2, True), said.err
    assert headcount_in("verify").code == 0


def test_content_that_cannot_be_read_is_damage(headcount_in: Headcount, record: Path) -> None:
    """Exit code 5, the short way and the long; never a defect."""
    import sqlite3

    with sqlite3.connect(record) as connection:
        connection.execute("UPDATE event SET content = X'7B'")
    for arguments in (("events",), ("events", "--limit", "3"), ("export", "csv")):
        said = headcount_in(*arguments)
        assert (said.code, "headcount verify" in said.err) == (5, True), said.err


@pytest.mark.parametrize(
    ("url", "word"),
    [
        ("postgresql://", "user"),
        ("postgresql://localhost:1/x", "user"),
        ("postgresql://me:s3cret@localhost:1", "database"),
        ("postgresql://me:s3cret@localhost:1/x?sslmode=require", "sslmode"),
        ("postgresql://me:s3cret@localhost:1/x?port=abc", "port"),
    ],
)
def test_a_url_that_is_not_whole_is_exit_code_5(headcount_in: Headcount, url: str, word: str) -> None:
    """It says what is missing or too much, and never the password."""
    said = headcount_in("events", "--record", url)
    assert (said.code, word in said.err, "s3cret" in said.err) == (5, True, False), said.err


def test_a_device_or_a_pipe_is_no_record(headcount_in: Headcount, tmp_path: Path) -> None:
    """SQLite would call it a broken disk."""
    os.mkfifo(tmp_path / "pipe.db")
    for place in ("pipe.db", os.devnull):
        said = headcount_in("totals", "--record", place)
        assert (said.code, "a device or a pipe" in said.err) == (5, True), said.err


def test_nobody_reads_the_help(tmp_path: Path) -> None:
    """A closed pipe is exit code 0 for --help as for every output."""
    reader, writer = os.pipe()
    os.close(reader)
    command = [sys.executable, "-c", "from headcount.cli import main; main()", "--help"]
    done = subprocess.run(command, stdout=writer, stderr=subprocess.PIPE, check=False, cwd=tmp_path)
    os.close(writer)
    assert (done.returncode, done.stderr) == (0, b"")


INTERRUPTED = """
import builtins, os, signal, sys
load = builtins.__import__
def interrupted(name, *rest):
    if name == {name!r}:
        builtins.__import__ = load
        try:
            os.kill(os.getpid(), signal.SIGINT)
        except KeyboardInterrupt:
            {then}
    return load(name, *rest)
builtins.__import__ = interrupted
sys.argv = ["headcount", "events"]
from headcount.cli import main
main()
"""


@pytest.mark.parametrize(
    ("name", "then"),
    [("headcount.cli.commands", "raise"), ("headcount.record.quick", "raise ImportError('initialization failed')")],
)
def test_ctrl_c_while_the_command_is_loaded_is_130(tmp_path: Path, name: str, then: str) -> None:
    """Before the commands can say so, and within a library that takes it for an error of its own: no traceback, no defect."""
    assert signal.getsignal(signal.SIGINT) is not signal.SIG_IGN
    script = INTERRUPTED.format(name=name, then=then)
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False, cwd=tmp_path)
    assert done.returncode == 130, done.stderr
    assert "Traceback" not in done.stderr
    assert "defect" not in done.stderr
