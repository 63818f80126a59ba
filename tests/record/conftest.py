"""Records for the tests: each runs on SQLite and, where there is a server or one can be started, on PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from databases import new_database, new_record
from headcount.record.engine import connect


@pytest.fixture(params=["sqlite", "postgresql"])
def record_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty record, with its tables, on both databases."""
    with new_record(request.param, tmp_path) as name:
        yield name


@pytest.fixture
def record(record_url: str) -> Iterator[sa.Engine]:
    """The engine of ``record_url``."""
    engine = connect(record_url)
    yield engine
    engine.dispose()


@pytest.fixture
def postgres_url() -> Iterator[str]:
    """An empty PostgreSQL database, without tables."""
    with new_database() as url:
        yield url


@pytest.fixture
def lite(tmp_path: Path) -> Iterator[sa.Engine]:
    """An empty record on SQLite, where the database makes no difference."""
    with new_record("sqlite", tmp_path) as name:
        engine = connect(name)
        yield engine
        engine.dispose()
