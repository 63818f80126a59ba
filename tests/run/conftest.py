"""What the tests of runs share: empty records, and Headcount's own reader."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from databases import new_record
from headcount.record.engine import connect
from headcount.run import ReportReader, load_reader


@pytest.fixture(params=["sqlite", "postgresql"])
def record(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[sa.Engine]:
    """An empty record on both databases, in a folder of its own: what a test reads lies beside it."""
    (tmp_path / "record").mkdir()
    with new_record(request.param, tmp_path / "record") as name:
        engine = connect(name)
        yield engine
        engine.dispose()


@pytest.fixture
def lite(tmp_path: Path) -> Iterator[sa.Engine]:
    """An empty record on SQLite, where the database makes no difference."""
    (tmp_path / "record").mkdir()
    with new_record("sqlite", tmp_path / "record") as name:
        engine = connect(name)
        yield engine
        engine.dispose()


@pytest.fixture(scope="module")
def reader() -> ReportReader:
    """Headcount's own reader."""
    return load_reader()
