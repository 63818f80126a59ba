"""A record of a few sample reports, and the command run in this process on a copy of it."""

from __future__ import annotations

import json
import shutil
import signal
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

import headcount
from headcount.cli.commands import run_command

SAMPLES = Path(headcount.__file__).parent / "samples"
CHOSEN = ("01_", "05_", "08_", "11_", "43_", "44_", "51_", "52_", "53_")
"""A march told three times, once by a copy; several events of one report; roll-ups; plans."""


@dataclass(frozen=True)
class Said:
    """What a command wrote, and its exit code."""

    code: int
    out: str
    err: str


Headcount = Callable[..., Said]


@pytest.fixture
def headcount_in(capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Headcount:
    """Runs ``headcount`` with these arguments in an empty folder; never a traceback."""
    for name in ("HEADCOUNT_RECORD", "NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str | Path) -> Said:
        capfd.readouterr()
        before = signal.getsignal(signal.SIGTERM)
        try:
            code = run_command([str(argument) for argument in arguments])
        finally:
            signal.signal(signal.SIGTERM, before)
        out, err = capfd.readouterr()
        assert "Traceback" not in err, err
        return Said(code, out, err)

    return run


@pytest.fixture(scope="session")
def made_record(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The record of the chosen samples; tests take copies."""
    folder = tmp_path_factory.mktemp("made")
    for path in SAMPLES.iterdir():
        if path.name.startswith(CHOSEN):
            shutil.copy(path, folder)
    assert run_command(["ingest", str(folder), "--record", str(folder / "made.db"), "--jobs", "1", "--quiet"]) == 0
    return folder / "made.db"


@pytest.fixture
def record(made_record: Path, tmp_path: Path) -> Path:
    """A copy of it under the name that commands take by default."""
    return Path(shutil.copy(made_record, tmp_path / "headcount.db"))


@pytest.fixture
def ludlow(record: Path, headcount_in: Headcount) -> str:
    """The id of the event that three reports tell of."""
    return str(json.loads(headcount_in("events", "--locality", "ludlow", "--format", "json").out)[0]["event_id"])
