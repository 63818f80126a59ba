"""A corpus, its reader, and the record that an undisturbed ingest makes of it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from driver import Command
from peace import Undisturbed, make_undisturbed

from databases import new_database, new_record


@pytest.fixture(scope="session")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Undisturbed:
    """The record of the corpus. Both databases must hold this very content."""
    return make_undisturbed(tmp_path_factory.mktemp("undisturbed"), 70)


@pytest.fixture
def make_command(undisturbed: Undisturbed, tmp_path: Path) -> Callable[..., Command]:
    """A command on a file that is not there yet."""
    made: list[None] = []

    def make(**options: object) -> Command:
        made.append(None)
        path = str(tmp_path / f"{len(made)}.db")
        return Command(**{"record": path, "source": undisturbed.source, "reader": undisturbed.reader, **options})  # type: ignore[arg-type]

    return make


@pytest.fixture(params=["sqlite", "postgresql"])
def any_record(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The name of a record that is still to be made, on both databases."""
    if request.param == "sqlite":
        yield str(tmp_path / "record.db")
    else:
        with new_database() as url:
            yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_record(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The name of an empty record with its tables, on both databases."""
    with new_record(request.param, tmp_path) as name:
        yield name
