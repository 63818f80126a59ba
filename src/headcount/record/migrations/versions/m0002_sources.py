"""Where reports come from: the bytes that they came out of, the sources, and how far archives were read."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Adds the columns and the tables; what is stored stays, from a source that is not known."""
    op.add_column("run", sa.Column("other_language", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("run", sa.Column("unopened", sa.Integer(), nullable=False, server_default="0"))
    for name in ("source", "media", "charset", "digest", "language"):
        op.add_column("version", sa.Column(name, sa.Text(), nullable=True))
    op.add_column("version", sa.Column("position", sa.BigInteger(), nullable=True))
    op.create_index(op.f("ix_version_source_published"), "version", ["source", "published"], unique=False)
    op.create_table(
        "capture",
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("media", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("packed", sa.LargeBinary(), nullable=False),
        sa.Column("reports", sa.Integer(), nullable=True),
        sa.Column("asked", sa.Text(), nullable=True),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["run.run_id"], name=op.f("fk_capture_run_id_run")),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_capture")),
    )
    op.create_table(
        "source",
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("first_seen", sa.DateTime(), nullable=False),
        sa.Column("last_seen", sa.DateTime(), nullable=False),
        sa.Column("last_fetched", sa.DateTime(), nullable=True),
        sa.Column("fetched", sa.Integer(), nullable=False),
        sa.Column("new", sa.Integer(), nullable=False),
        sa.Column("unchanged", sa.Integer(), nullable=False),
        sa.Column("screened_out", sa.Integer(), nullable=False),
        sa.Column("failed", sa.Integer(), nullable=False),
        sa.Column("last_why", sa.Text(), nullable=True),
        sa.Column("last_published", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("source", name=op.f("pk_source")),
    )
    op.create_table(
        "item",
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("why", sa.Text(), nullable=True),
        sa.Column("published", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("source", "address", name=op.f("pk_item")),
    )
    op.create_table(
        "archive",
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("path", name=op.f("pk_archive")),
    )
