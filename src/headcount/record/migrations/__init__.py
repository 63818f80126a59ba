"""Alembic's migrations of a record, run on a connection that the caller has opened."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import command
from alembic.config import Config


def config_for(connection: sa.Connection | None = None) -> Config:
    """Alembic's configuration: these scripts, on this connection."""
    config = Config()
    config.set_main_option("script_location", "headcount.record:migrations")
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def upgrade(connection: sa.Connection, revision: str = "head") -> None:
    """Brings the tables up to ``revision`` inside the connection's transaction."""
    command.upgrade(config_for(connection), revision)
