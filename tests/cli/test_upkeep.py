"""verify, recode, diff and upgrade from outside: what goes to which stream, and the exit codes."""

from __future__ import annotations

import json
import signal
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from databases import new_record
from headcount.cli.commands import run_command
from headcount.record.engine import connect
from keeping import CARDIFF, LEEDS, LEEDS_TOO, Otherwise, keep, link, police_counted, recode, report

PRIVATE = "Colette Dubois, a student, was one of 400 people at a rally for cheaper rents in Leeds on Saturday."


@pytest.fixture
def name(tmp_path: Path) -> str:
    """A record of four reports, on SQLite."""
    with new_record("sqlite", tmp_path) as found:
        engine = connect(found)
        keep(engine, report("a", LEEDS), report("b", LEEDS_TOO), report("c", CARDIFF), report("e", PRIVATE))
        link(engine)
        engine.dispose()
        return found


class Told(NamedTuple):
    """What a command left behind."""

    returncode: int
    stdout: str
    stderr: str


Run = Callable[..., Told]


@pytest.fixture
def run(capfd: pytest.CaptureFixture[str]) -> Iterator[Run]:
    """Runs a command line in this process."""
    before = signal.getsignal(signal.SIGTERM)

    def call(*arguments: str) -> Told:
        code = run_command(list(arguments))
        out, err = capfd.readouterr()
        return Told(code, out, err)

    yield call
    signal.signal(signal.SIGTERM, before)


def change(name: str, statement: str) -> None:
    connection = sqlite3.connect(name)
    connection.execute(statement)
    connection.commit()
    connection.close()


def test_a_sound_record_is_verified(name: str, run: Run) -> None:
    """Nothing on standard output, one line of talk, exit code 0."""
    told = run("verify", "--deep", "--record", name)
    assert (told.returncode, told.stdout) == (0, "")
    assert "every value leads to its words" in told.stderr


def test_findings_are_one_a_line_with_exit_code_1(name: str, run: Run) -> None:
    """What, where, what is off, what to do; the same as JSON Lines."""
    change(name, "UPDATE run SET coded = coded + 1")
    told = run("verify", "--record", name)
    (balance, stored) = told.stdout.splitlines()
    assert told.returncode == 1
    assert balance.startswith("runs: run 1 (2026-01-01 12:00): 4 reports went in, 5 came out; ")
    assert "the record holds 4 and 0" in stored
    assert "2 findings" in told.stderr
    as_json = run("verify", "--record", name, "--format", "jsonl")
    assert [set(json.loads(line)) for line in as_json.stdout.splitlines()] == [{"check", "where", "found", "todo"}] * 2
    assert as_json.returncode == 1


def test_a_finding_never_shows_a_private_name(name: str, run: Run) -> None:
    """Where a quote is off, neither it nor the report's own words are shown."""
    change(name, "UPDATE statement SET span_start = 0, span_end = 20")
    change(name, "UPDATE version SET text = text || ' More.'")
    told = run("verify", "--deep", "--record", name)
    assert told.returncode == 1
    assert "Colette" not in told.stdout + told.stderr


def test_recode_diff_accept(name: str, run: Run) -> None:
    """The way that the manual shows: read again, look, accept; nothing is left to look at then."""
    told = run("recode", "--record", name, "--jobs", "1")
    assert (told.returncode, told.stdout) == (0, "")
    assert "4 reports read again = 4 coded, 0 screened out, 0 failed" in told.stderr
    told = run("diff", "--record", name)
    assert told.returncode == 0
    assert told.stdout.splitlines()[:2] == ["reports read again: 4", "statements: 0 gained, 0 lost, 0 changed"]
    assert "accepted: 4 reports" in run("recode", "--accept", "--record", name).stderr
    assert "nothing is waiting" in run("diff", "--record", name).stderr
    assert "nothing is waiting" in run("recode", "--discard", "--record", name).stderr
    assert "has read all of them" in run("recode", "--record", name).stderr
    assert run("verify", "--deep", "--record", name).returncode == 0


def test_a_diff_says_what_would_change(name: str, run: Run) -> None:
    """Summary first, then a line a statement and a block an event; as JSON the same in one object."""
    engine = connect(name)
    recode(engine, reader=Otherwise(a=police_counted(700)))
    engine.dispose()
    lines = run("diff", "--record", name).stdout.splitlines()
    assert lines[1:3] == ["statements: 0 gained, 0 lost, 1 changed", "events: 0 gained, 0 gone, 0 merged, 1 changed"]
    assert any(line.startswith("~ a size 900 -> 700") for line in lines)
    assert any(line.strip() == "size_low: 900 -> 700" for line in lines)
    told = json.loads(run("diff", "--record", name, "--format", "json").stdout)
    assert told["summary"]["events_changed"] == len(told["events"]) == 1
    assert told["events"][0]["columns"]["size_low"] == {"before": 900, "after": 700}
    assert told["statements"][0]["before"] == "900"
    assert len(run("diff", "--record", name, "--summary").stdout.splitlines()) == 5


def test_upgrade_makes_no_record(name: str, tmp_path: Path, run: Run) -> None:
    """It brings one up to date that is there; --rebuild mends an event that was tampered with."""
    missing = tmp_path / "none.db"
    for command in ("verify", "recode", "diff", "upgrade"):
        told = run(command, "--record", str(missing))
        assert (told.returncode, told.stdout, missing.exists()) == (2, "", False)
        assert "there is no record here" in told.stderr
    assert "up to date" in run("upgrade", "--record", name).stderr
    change(name, "UPDATE event SET size_low = 7")
    assert run("verify", "--record", name).returncode == 1
    assert "made anew" in run("upgrade", "--rebuild", "--record", name).stderr
    assert run("verify", "--deep", "--record", name).returncode == 0


def test_an_older_record_is_brought_up_to_date(name: str, run: Run) -> None:
    """One without tables of this release is refused by the other commands with what to do, and a newer one by all of them."""
    change(name, "UPDATE alembic_version SET version_num = '9999'")
    for command in ("verify", "upgrade"):
        told = run(command, "--record", name)
        assert told.returncode == 5
        assert "newer Headcount" in told.stderr


def test_two_things_at_once_are_refused(name: str, run: Run) -> None:
    """Accepting and discarding is no command."""
    told = run("recode", "--accept", "--discard", "--record", name)
    assert told.returncode == 2
    assert "give one of them" in told.stderr
