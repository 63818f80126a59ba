"""The command from outside: what goes to which stream, and the exit code."""

from __future__ import annotations

import csv
import json
import os
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import headcount

ROOT = Path(__file__).parents[2]
RUN = f"""
import sys
sys.path.insert(0, {str(ROOT / "tests")!r})
import fakes, headcount.run
headcount.run.load_reader = lambda *, screen=True: fakes.MarchReader()
from headcount.cli.commands import run_command
sys.exit(run_command())
"""
MARCH = "2,000 marched in Leeds on Saturday.\n"


def environment(**more: str) -> dict[str, str]:
    kept = {
        key: value for key, value in os.environ.items() if key not in {"NO_COLOR", "FORCE_COLOR", "COLUMNS", "PYTHONIOENCODING"}
    }
    return {**kept, "PYTHONDONTWRITEBYTECODE": "1", **more}


def run(
    *arguments: str | Path, given: bytes = b"", env: dict[str, str] | None = None, cwd: Path | None = None
) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        [sys.executable, "-c", RUN, *map(str, arguments)],
        input=given,
        capture_output=True,
        env=env or environment(),
        cwd=cwd,
        timeout=60,
    )
    out, err = done.stdout.decode(), done.stderr.decode()
    assert "Traceback" not in err, err
    return subprocess.CompletedProcess(done.args, done.returncode, out, err)


def lines_of(out: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in out.splitlines()]


@pytest.fixture
def article(tmp_path: Path) -> Path:
    path = tmp_path / "article.txt"
    path.write_text(MARCH)
    return path


def test_version_needs_nothing_loaded() -> None:
    """The version is told before click, rich or the models are imported, and it is the package's."""
    code = (
        "import sys; sys.argv = ['headcount', '--version']; from headcount.cli import main; main();"
        "sys.exit(bool({'click', 'rich', 'msgspec', 're2', 'headcount.models', 'dataclasses'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, f"headcount {headcount.__version__}\n")
    assert f'version = "{headcount.__version__}"' in (ROOT / "pyproject.toml").read_text()


def test_reading_loads_only_what_it_writes(article: Path) -> None:
    """JSON Lines need no rich."""
    code = RUN.replace("sys.exit(run_command())", "run_command(); sys.exit('rich' in sys.modules)")
    done = subprocess.run([sys.executable, "-c", code, "read", article], capture_output=True, env=environment(), check=False)
    assert done.returncode == 0


def test_away_from_a_terminal_it_writes_json_lines(article: Path) -> None:
    """A line a report on standard output, the summary on standard error, exit code 0."""
    done = run("read", article, "--published", "2016-08-02", "--publisher", "Post", "--country", "gb")
    assert done.returncode == 0
    [line] = lines_of(done.stdout)
    assert line["published"] == "2016-08-02"
    assert line["events"][0]["locality"] == "Leeds"  # type: ignore[index]
    assert done.stderr == "headcount: 1 report, 1 event, 0 roll-ups, 0 problems\n"


def test_standard_input_is_read_without_a_path() -> None:
    """As with a dash."""
    for arguments in (["read"], ["read", "-"]):
        done = run(*arguments, given=MARCH.encode())
        assert (done.returncode, len(lines_of(done.stdout))) == (0, 1)


def test_what_cannot_be_read_is_told_and_the_rest_is_read(article: Path, tmp_path: Path) -> None:
    """Exit code 3; each failure has a line on standard error and a line in the output."""
    lines = tmp_path / "some.jsonl"
    lines.write_text('{"text": "1 marched in Hull."}\nno json\n{"text": "CRASH"}\n')
    done = run("read", tmp_path / "nowhere.txt", lines, article)
    assert done.returncode == 3
    read = lines_of(done.stdout)
    assert [len(line["events"]) for line in read] == [0, 1, 0, 0, 1]  # type: ignore[arg-type]
    assert read[2]["id"] == f"{lines}:2"
    assert done.stderr.count("headcount: failed: ") == 3
    assert f"failed: {lines}:2: expected a JSON object" in done.stderr
    assert "ZeroDivisionError" in done.stderr
    assert "5 reports (3 not read), 2 events, 0 roll-ups, 3 problems" in done.stderr


def test_doubts_are_told_with_exit_code_0(tmp_path: Path) -> None:
    """A report that was read with a doubt was read."""
    path = tmp_path / "old.txt"
    path.write_bytes(b"5 marched in Leeds. Caf\xe9.")
    done = run("read", path)
    assert done.returncode == 0
    assert f"note: {path}: not UTF-8" in done.stderr


def test_many_problems_are_counted_not_listed(tmp_path: Path) -> None:
    """A person reads twenty; the output has them all."""
    path = tmp_path / "bad.jsonl"
    path.write_text("no json\n" * 50)
    done = run("read", path)
    assert done.returncode == 3
    assert done.stderr.count("failed:") == 20
    assert "30 more problems not listed" in done.stderr
    assert len(lines_of(done.stdout)) == 50


def test_dates_without_a_day_of_publication_are_told_once(tmp_path: Path) -> None:
    """With how to give it; never with it given."""
    path = tmp_path / "two.jsonl"
    path.write_text(json.dumps({"text": MARCH}) + "\n" + json.dumps({"text": MARCH + "1 marched in Hull."}) + "\n")
    told = run("read", path).stderr
    assert told.count("--published YYYY-MM-DD") == 1
    assert "2 events" in told
    assert "“on Saturday”" in told
    assert "--published" not in run("read", path, "--published", "2016-08-02").stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ["read", "--published", "yesterday", "x.txt"],
        ["read", "--country", "Britain", "x.txt"],
        ["read", "--country", "XX", "x.txt"],
        ["read", ""],
        ["read", "--format", "xml", "x.txt"],
        ["read", "--jobs", "0", "x.txt"],
        ["read", "--colour"],
        ["write"],
    ],
)
def test_wrong_usage_is_exit_code_2(arguments: list[str]) -> None:
    """With the usage and what was expected, before anything is read."""
    done = run(*arguments)
    assert done.returncode == 2
    assert "Error: " in done.stderr
    assert done.stdout == ""


def test_help_names_the_formats() -> None:
    """Of the command and of each part."""
    assert "read" in run("--help").stdout
    assert "table|jsonl|json|csv" in run("read", "--help").stdout


def test_output_takes_its_name_when_it_is_complete(article: Path, tmp_path: Path) -> None:
    """Nothing else is left in the folder; the format is what the name ends in; rights are the usual ones."""
    target = tmp_path / "out.csv"
    done = run("read", article, "--output", target)
    assert (done.returncode, done.stdout) == (0, "")
    with target.open(newline="") as file:
        [row] = csv.DictReader(file)
    assert row["locality"] == "Leeds"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["article.txt", "out.csv"]
    umask = os.umask(0)
    os.umask(umask)
    assert stat.S_IMODE(target.stat().st_mode) == 0o666 & ~umask
    target.chmod(0o600)
    assert run("read", article, "--output", target, "--format", "jsonl").returncode == 0
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    assert len(lines_of(target.read_text())) == 1


def test_output_through_a_link_keeps_the_link(article: Path, tmp_path: Path) -> None:
    """What the link points to is replaced."""
    (tmp_path / "real.jsonl").write_text("old")
    (tmp_path / "link.jsonl").symlink_to("real.jsonl")
    assert run("read", article, "--output", tmp_path / "link.jsonl").returncode == 0
    assert (tmp_path / "link.jsonl").is_symlink()
    assert "Leeds" in (tmp_path / "real.jsonl").read_text()


@pytest.mark.parametrize("target", ["no/such/folder/out.jsonl", ".", "/proc/nowhere.jsonl"])
def test_an_output_that_cannot_be_written_is_exit_code_5(article: Path, tmp_path: Path, target: str) -> None:
    """With where and what to do."""
    done = run("read", article, "--output", target, cwd=tmp_path)
    assert done.returncode == 5
    assert f"cannot write to {target}" in done.stderr


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no /dev/full")
def test_a_full_disk_is_exit_code_5(article: Path) -> None:
    """As a file and as standard output."""
    done = run("read", article, "--output", "/dev/full")
    assert done.returncode == 5
    assert "No space left" in done.stderr
    for form in ("jsonl", "json", "csv", "table"):
        with open("/dev/full", "wb") as full:
            straight = subprocess.run(
                [sys.executable, "-c", RUN, "read", str(article), "--format", form],
                stdout=full, stderr=subprocess.PIPE, env=environment(), check=False,
            )  # fmt: skip
        assert straight.returncode == 5, form
        assert b"cannot write to standard output" in straight.stderr
        assert b"Traceback" not in straight.stderr
        assert b"Exception ignored" not in straight.stderr


@pytest.mark.parametrize("form", ["jsonl", "csv", "table"])
def test_a_closed_pipe_ends_quietly(tmp_path: Path, form: str) -> None:
    """headcount read ... | head -1 says nothing about it."""
    path = tmp_path / "many.jsonl"
    path.write_text((json.dumps({"text": MARCH * 20, "published": "2016-08-02"}) + "\n") * 2000)
    with subprocess.Popen(
        [sys.executable, "-c", RUN, "read", str(path), "--format", form],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment(),
    ) as process:  # fmt: skip
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        told = process.stderr.read()
        assert process.wait(30) == 0
    assert told == b""


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_interrupted_it_leaves_the_old_output(tmp_path: Path, number: signal.Signals, code: int) -> None:
    """Ctrl-C is exit code 130; the file that was there is untouched, no part is left beside it, no process lives on."""
    target = tmp_path / "out.jsonl"
    target.write_text("old")
    with subprocess.Popen(
        [sys.executable, "-c", RUN, "read", "-", "--output", str(target), "--jobs", "2"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment(),
    ) as process:  # fmt: skip
        assert process.stdin is not None
        assert process.stderr is not None
        process.stdin.write(json.dumps({"text": MARCH + "x" * 10_000}).encode() * 1 + b"\n")
        process.stdin.write((json.dumps({"text": MARCH + "x" * 10_000}).encode() + b"\n") * 200)
        process.stdin.flush()
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline and not list(tmp_path.glob(".out.jsonl.*.headcount-part")):
            time.sleep(0.02)
        time.sleep(0.3)
        process.send_signal(number)
        assert process.wait(20) == code
        process.stdin.close()
        assert b"Traceback" not in process.stderr.read()
    assert target.read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["out.jsonl"]


def test_the_schema_is_printed() -> None:
    """For whoever reads the output."""
    done = run("schema")
    assert done.returncode == 0
    assert json.loads(done.stdout)["title"] == "Reading"


def test_a_broken_installation_is_one_line(article: Path) -> None:
    """No traceback, exit code 70, and how to see more."""
    code = RUN.replace("lambda *, screen=True: fakes.MarchReader()", "lambda *, screen=True: open('/no/index.bin')")
    done = subprocess.run(
        [sys.executable, "-c", code, "read", article], capture_output=True, text=True, env=environment(), check=False
    )
    assert done.returncode == 70
    assert "Traceback" not in done.stderr
    assert "/no/index.bin" in done.stderr
    assert "HEADCOUNT_TRACEBACK" in done.stderr


def test_an_ascii_terminal_gets_a_table_all_the_same(article: Path) -> None:
    """What it cannot show becomes a question mark."""
    done = run("read", article, "--format", "table", env=environment(PYTHONIOENCODING="ascii"))
    assert done.returncode == 0
    assert "?2,000 marched in Leeds on Saturday.?" in done.stdout


def test_jobs_change_nothing(tmp_path: Path) -> None:
    """One process or three, the bytes are the same."""
    path = tmp_path / "many.jsonl"
    path.write_text("".join(json.dumps({"text": f"{n} marched in Leeds. " + "x" * 2000}) + "\n" for n in range(1, 200)))
    assert run("read", path, "--jobs", "1").stdout == run("read", path, "--jobs", "3").stdout


@pytest.mark.skipif(not os.path.exists("/proc/self/task"), reason="no /proc to look for processes in")
def test_no_worker_outlives_a_killed_command(tmp_path: Path) -> None:
    """Killed with SIGKILL, the command cannot end its workers; they end with their pipes."""
    with subprocess.Popen(
        [sys.executable, "-c", RUN, "read", "-", "--jobs", "3"],
        stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment(),
    ) as process:  # fmt: skip
        assert process.stdin is not None
        process.stdin.write((json.dumps({"text": MARCH + "x" * 10_000}).encode() + b"\n") * 1000)
        process.stdin.flush()
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
        workers = _wait_for(lambda: found if len(found := children.read_text().split()) == 3 else None)
        assert workers
        process.kill()
        process.wait(20)
        process.stdin.close()
    assert _wait_for(lambda: not any(Path(f"/proc/{worker}").exists() for worker in workers))


def _wait_for(look: Callable[[], Any]) -> Any:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        if seen := look():
            return seen
        time.sleep(0.02)
    return None


def run_in_shell(words: str, *arguments: str | Path) -> subprocess.CompletedProcess[bytes]:
    """The command with its streams as a shell would redirect them."""
    given = [sys.executable, "-c", RUN, *map(str, arguments)]
    return subprocess.run(
        ["/bin/sh", "-c", f'"$@" {words}', "sh", *given], capture_output=True, env=environment(), timeout=60, check=False
    )


@pytest.mark.parametrize(
    "words", ["2>&-", pytest.param("2>/dev/full", marks=pytest.mark.skipif("not os.path.exists('/dev/full')"))]
)
def test_standard_error_that_cannot_be_written_changes_no_exit_code(article: Path, tmp_path: Path, words: str) -> None:
    """Nobody reads it; the readings are written all the same."""
    (tmp_path / "bin.txt").write_bytes(bytes(range(256)) * 10)
    assert run_in_shell(words, "read", article).returncode == 0
    done = run_in_shell(words, "read", tmp_path / "bin.txt", article)
    assert (done.returncode, len(done.stdout.splitlines())) == (3, 2)
    assert run_in_shell(words, "read", "--colour").returncode == 2
    assert run_in_shell(words, "read", article, "-o", "no/such/folder/x.jsonl").returncode == 5


@pytest.mark.parametrize("form", ["jsonl", "json", "csv", "table", None])
def test_standard_output_that_is_closed_is_exit_code_5(article: Path, tmp_path: Path, form: str | None) -> None:
    """And with --output it is not needed."""
    chosen = ["--format", form] if form else []
    done = run_in_shell(">&-", "read", article, *chosen)
    assert done.returncode == 5
    assert b"cannot write to standard output: it is closed" in done.stderr
    assert run_in_shell(">&-", "read", article, *chosen, "-o", tmp_path / "out.jsonl").returncode == 0
    assert run_in_shell(">&- 2>&-", "read", article, *chosen).returncode == 5


def test_standard_input_that_is_closed_is_told(article: Path) -> None:
    """As an input that cannot be read, or as nothing to read."""
    assert run_in_shell("<&-", "read", "-", article).returncode == 3
    assert run_in_shell("<&-", "read").returncode == 2


def test_an_output_that_is_an_input_is_refused(article: Path, tmp_path: Path) -> None:
    """By its name, through links, in a folder and as standard input; the report stays."""
    (tmp_path / "link.txt").symlink_to(article)
    for arguments in ([article], [tmp_path / "link.txt"], [tmp_path], ["-", tmp_path / "nowhere"]):
        done = run_in_shell(f"< {article}", "read", *arguments, "-o", article)
        assert done.returncode == 2, arguments
        assert b"is to be read" in done.stderr
    assert run("read", article, "-o", tmp_path / "link.txt").returncode == 2
    assert article.read_text() == MARCH
    assert run("read", tmp_path, "-o", tmp_path / "out.csv").returncode == 0
    assert run("read", tmp_path, "-o", tmp_path / "out.csv").returncode == 2, "now it lies among what is to be read"


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no /dev/full")
@pytest.mark.parametrize("argument", ["--help", "schema"])
def test_help_on_a_full_disk_is_exit_code_5(argument: str) -> None:
    """Not a defect."""
    assert run_in_shell(">/dev/full", argument).returncode == 5
