"""A new record and one that was brought up to date do not differ, and nothing that was stored is lost on the way."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from headcount.record import schema as s
from headcount.record.engine import RecordError, connect, reading, writing
from headcount.record.migrations import upgrade


def tables_of(connection: sa.Connection) -> dict[str, object]:
    """All that the database knows of its tables: columns, keys, indexes and constraints."""
    inspector = sa.inspect(connection)
    return {
        name: [
            [(one["name"], str(one["type"]), one["nullable"]) for one in inspector.get_columns(name)],
            inspector.get_pk_constraint(name),
            sorted(map(repr, inspector.get_indexes(name))),
            sorted(map(repr, inspector.get_unique_constraints(name))),
            sorted(map(repr, inspector.get_foreign_keys(name))),
        ]
        for name in inspector.get_table_names()
    }


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_migrations_make_the_tables_of_the_schema(kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    """A new record and one that went through every migration do not differ, on either database."""
    name = str(tmp_path / "r.db") if kind == "sqlite" else request.getfixturevalue("postgres_url")
    engine = connect(name, create=True)
    with writing(engine) as connection:
        assert MigrationContext.configure(connection).get_current_revision() == s.HEAD
        made = tables_of(connection)
        s.metadata.drop_all(connection)
        s.revision.drop(connection)
    with writing(engine) as connection:
        upgrade(connection)
        assert tables_of(connection) == made
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, s.metadata) == []
        assert context.get_current_revision() == s.HEAD
    engine.dispose()


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_record_of_the_first_release_is_brought_up_to_date(kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    """Its rows stay, from a source that is not known; asking says what to do, and ingest or upgrade does it."""
    name = str(tmp_path / "r.db") if kind == "sqlite" else request.getfixturevalue("postgres_url")
    engine = connect(name, create=True)
    with writing(engine) as connection:
        s.metadata.drop_all(connection)
        s.revision.drop(connection)
    with writing(engine) as connection:
        upgrade(connection, "0001")
        connection.exec_driver_sql(
            "INSERT INTO run (run_id, command, coder, started_at, reports_in, coded, screened_out, duplicate, failed) "
            "VALUES (1, 'ingest', 'c', '2026-01-01 00:00:00', 1, 1, 0, 0, 0)"
        )
        connection.exec_driver_sql("INSERT INTO report (report_id, current_version) VALUES ('a', 1)")
        connection.exec_driver_sql(
            "INSERT INTO version (version_id, report_id, number, content_hash, record, text, outcome, run_id) "
            "VALUES (1, 'a', 1, 'h', 'a.txt', 'A march.', 'coded', 1)"
        )
    with pytest.raises(RecordError, match="stands at revision 0001, this Headcount reads 0002; headcount upgrade brings it up"):
        connect(name)
    connect(name, create=True).dispose()
    with reading(engine) as connection:
        version = connection.execute(sa.select(s.version)).one()
        assert (version.text, version.source, version.digest, version.language) == ("A march.", None, None, None)
        run = connection.execute(sa.select(s.run)).one()
        assert (run.coded, run.other_language, run.unopened) == (1, 0, 0)
        assert MigrationContext.configure(connection).get_current_revision() == s.HEAD
    engine.dispose()
