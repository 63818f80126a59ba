"""The tables of a record."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Makes every table."""
    op.create_table(
        "comparison",
        sa.Column("left_id", sa.Text(), nullable=False),
        sa.Column("right_id", sa.Text(), nullable=False),
        sa.Column("verdict", sa.Text(), nullable=False),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("levels", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("left_id", "right_id", name=op.f("pk_comparison")),
    )
    op.create_index(op.f("ix_comparison_right_id"), "comparison", ["right_id"], unique=False)
    op.create_table(
        "event_member",
        sa.Column("candidate_id", sa.Text(), nullable=False),
        sa.Column("event_id", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("candidate_id", name=op.f("pk_event_member")),
    )
    op.create_index(op.f("ix_event_member_event_id"), "event_member", ["event_id"], unique=False)
    op.create_table(
        "event_name",
        sa.Column("event_id", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("founder", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("merged_into", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("withdrawn_by", sa.Text(), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(), nullable=True),
        sa.PrimaryKeyConstraint("event_id", name=op.f("pk_event_name")),
        sa.UniqueConstraint("number", name=op.f("uq_event_name_number")),
    )
    op.create_index(op.f("ix_event_name_founder"), "event_name", ["founder"], unique=False)
    op.create_table(
        "judgement",
        sa.Column("judgement_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("decision", sa.Integer(), nullable=False),
        sa.Column("left_id", sa.Text(), nullable=False),
        sa.Column("right_id", sa.Text(), nullable=False),
        sa.Column("verdict", sa.Text(), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("reverted_at", sa.DateTime(), nullable=True),
        sa.Column("reverted_by", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("judgement_id", name=op.f("pk_judgement")),
    )
    op.create_index(op.f("ix_judgement_decision"), "judgement", ["decision"], unique=False)
    op.create_table(
        "report",
        sa.Column("report_id", sa.Text(), nullable=False),
        sa.Column("current_version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("report_id", name=op.f("pk_report")),
    )
    op.create_table(
        "review",
        sa.Column("review_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("statement_id", sa.Text(), nullable=False),
        sa.Column("decision", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=True),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("reverted_at", sa.DateTime(), nullable=True),
        sa.Column("reverted_by", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("review_id", name=op.f("pk_review")),
    )
    op.create_index(op.f("ix_review_statement_id"), "review", ["statement_id"], unique=False)
    op.create_table(
        "run",
        sa.Column("run_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("command", sa.Text(), nullable=False),
        sa.Column("coder", sa.Text(), nullable=False),
        sa.Column("started_at", sa.DateTime(), nullable=False),
        sa.Column("ended_at", sa.DateTime(), nullable=True),
        sa.Column("reports_in", sa.Integer(), nullable=False),
        sa.Column("coded", sa.Integer(), nullable=False),
        sa.Column("screened_out", sa.Integer(), nullable=False),
        sa.Column("duplicate", sa.Integer(), nullable=False),
        sa.Column("failed", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("run_id", name=op.f("pk_run")),
    )
    op.create_table(
        "state",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_state")),
    )
    op.create_table(
        "tie",
        sa.Column("left_event", sa.Text(), nullable=False),
        sa.Column("right_event", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("left_event", "right_event", name=op.f("pk_tie")),
    )
    op.create_table(
        "event",
        sa.Column("event_id", sa.Text(), nullable=False),
        sa.Column("event_type", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("background", sa.Boolean(), nullable=False),
        sa.Column("date_start", sa.Date(), nullable=True),
        sa.Column("date_end", sa.Date(), nullable=True),
        sa.Column("date_precision", sa.Text(), nullable=False),
        sa.Column("locality", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), nullable=True),
        sa.Column("country", sa.Text(), nullable=True),
        sa.Column("location_detail", sa.Text(), nullable=False),
        sa.Column("lat", sa.Float(), nullable=True),
        sa.Column("lon", sa.Float(), nullable=True),
        sa.Column("geonames_id", sa.BigInteger(), nullable=True),
        sa.Column("place_precision", sa.Text(), nullable=False),
        sa.Column("size_low", sa.BigInteger(), nullable=True),
        sa.Column("size_high", sa.BigInteger(), nullable=True),
        sa.Column("size_unit", sa.Text(), nullable=False),
        sa.Column("series", sa.Text(), nullable=True),
        sa.Column("size_derived", sa.Boolean(), nullable=False),
        sa.Column("claimant_role", sa.Text(), nullable=True),
        sa.Column("macroevent", sa.Text(), nullable=True),
        sa.Column("witnesses", sa.Integer(), nullable=False),
        sa.Column("report_count", sa.Integer(), nullable=False),
        sa.Column("issues", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("locality_key", sa.Text(), nullable=True),
        sa.Column("state_key", sa.Text(), nullable=True),
        sa.Column("series_key", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["event_id"], ["event_name.event_id"], name=op.f("fk_event_event_id_event_name")),
        sa.PrimaryKeyConstraint("event_id", name=op.f("pk_event")),
    )
    op.create_index(
        "ix_event_asked",
        "event",
        [
            "date_start",
            "event_id",
            "date_end",
            "country",
            "event_type",
            "status",
            "background",
            "size_unit",
            "size_low",
            "size_high",
            "locality_key",
            "state_key",
            "series_key",
            "issues",
        ],
        unique=False,
    )
    op.create_index(op.f("ix_event_locality_key"), "event", ["locality_key"], unique=False)
    op.create_index(op.f("ix_event_series_key"), "event", ["series_key"], unique=False)
    op.create_table(
        "version",
        sa.Column("version_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("report_id", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("content_hash", sa.Text(), nullable=False),
        sa.Column("record", sa.Text(), nullable=False),
        sa.Column("published", sa.Date(), nullable=True),
        sa.Column("publisher", sa.Text(), nullable=True),
        sa.Column("title", sa.Text(), nullable=True),
        sa.Column("url", sa.Text(), nullable=True),
        sa.Column("country", sa.Text(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["report_id"], ["report.report_id"], name=op.f("fk_version_report_id_report")),
        sa.ForeignKeyConstraint(["run_id"], ["run.run_id"], name=op.f("fk_version_run_id_run")),
        sa.PrimaryKeyConstraint("version_id", name=op.f("pk_version")),
        sa.UniqueConstraint("content_hash", name=op.f("uq_version_content_hash")),
        sa.UniqueConstraint("report_id", "number", name=op.f("uq_version_report_id_number")),
    )
    op.create_index(op.f("ix_version_report_id"), "version", ["report_id"], unique=False)
    op.create_table(
        "band",
        sa.Column("band_key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("version_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(["version_id"], ["version.version_id"], name=op.f("fk_band_version_id_version")),
        sa.PrimaryKeyConstraint("band_key", "version_id", name=op.f("pk_band")),
    )
    op.create_table(
        "coding",
        sa.Column("coding_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("coder", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("screened_out", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["run.run_id"], name=op.f("fk_coding_run_id_run")),
        sa.ForeignKeyConstraint(["version_id"], ["version.version_id"], name=op.f("fk_coding_version_id_version")),
        sa.PrimaryKeyConstraint("coding_id", name=op.f("pk_coding")),
    )
    op.create_index(op.f("ix_coding_state"), "coding", ["state"], unique=False)
    op.create_index(op.f("ix_coding_version_id"), "coding", ["version_id"], unique=False)
    op.create_table(
        "near_copy",
        sa.Column("left_version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("right_version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("similarity", sa.Float(), nullable=False),
        sa.ForeignKeyConstraint(["left_version"], ["version.version_id"], name=op.f("fk_near_copy_left_version_version")),
        sa.ForeignKeyConstraint(["right_version"], ["version.version_id"], name=op.f("fk_near_copy_right_version_version")),
        sa.PrimaryKeyConstraint("left_version", "right_version", name=op.f("pk_near_copy")),
    )
    op.create_table(
        "problem",
        sa.Column("problem_id", sa.Text(), nullable=False),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("record", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("fatal", sa.Boolean(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=True),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["run.run_id"], name=op.f("fk_problem_run_id_run")),
        sa.ForeignKeyConstraint(["version_id"], ["version.version_id"], name=op.f("fk_problem_version_id_version")),
        sa.PrimaryKeyConstraint("problem_id", name=op.f("pk_problem")),
    )
    op.create_table(
        "sketch",
        sa.Column("version_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("signature", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["version_id"], ["version.version_id"], name=op.f("fk_sketch_version_id_version")),
        sa.PrimaryKeyConstraint("version_id", name=op.f("pk_sketch")),
    )
    op.create_table(
        "candidate",
        sa.Column("candidate_key", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("candidate_id", sa.Text(), nullable=False),
        sa.Column("coding_id", sa.Integer(), nullable=False),
        sa.Column("report_id", sa.Text(), nullable=False),
        sa.Column("live", sa.Boolean(), nullable=False),
        sa.Column("event_type", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("background", sa.Boolean(), nullable=False),
        sa.Column("date_start", sa.Date(), nullable=True),
        sa.Column("date_end", sa.Date(), nullable=True),
        sa.Column("date_precision", sa.Text(), nullable=False),
        sa.Column("locality", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), nullable=True),
        sa.Column("country", sa.Text(), nullable=True),
        sa.Column("location_detail", sa.Text(), nullable=False),
        sa.Column("lat", sa.Float(), nullable=True),
        sa.Column("lon", sa.Float(), nullable=True),
        sa.Column("geonames_id", sa.BigInteger(), nullable=True),
        sa.Column("place_precision", sa.Text(), nullable=False),
        sa.Column("size_low", sa.BigInteger(), nullable=True),
        sa.Column("size_high", sa.BigInteger(), nullable=True),
        sa.Column("size_unit", sa.Text(), nullable=False),
        sa.Column("series", sa.Text(), nullable=True),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("account", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["coding_id"], ["coding.coding_id"], name=op.f("fk_candidate_coding_id_coding")),
        sa.PrimaryKeyConstraint("candidate_key", name=op.f("pk_candidate")),
        sa.UniqueConstraint("coding_id", "candidate_id", name=op.f("uq_candidate_coding_id_candidate_id")),
    )
    op.create_index(op.f("ix_candidate_candidate_id"), "candidate", ["candidate_id"], unique=False)
    op.create_index(op.f("ix_candidate_coding_id"), "candidate", ["coding_id"], unique=False)
    op.create_index(op.f("ix_candidate_live"), "candidate", ["live"], unique=False)
    op.create_index(op.f("ix_candidate_report_id"), "candidate", ["report_id"], unique=False)
    op.create_table(
        "rollup",
        sa.Column("coding_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("size_text", sa.Text(), nullable=False),
        sa.Column("size_low", sa.BigInteger(), nullable=True),
        sa.Column("size_high", sa.BigInteger(), nullable=True),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("quote", sa.Text(), nullable=False),
        sa.Column("span_start", sa.Integer(), nullable=False),
        sa.Column("span_end", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["coding_id"], ["coding.coding_id"], name=op.f("fk_rollup_coding_id_coding")),
        sa.PrimaryKeyConstraint("coding_id", "position", name=op.f("pk_rollup")),
    )
    op.create_table(
        "statement",
        sa.Column("coding_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("statement_id", sa.Text(), nullable=False),
        sa.Column("variable", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=True),
        sa.Column("quote", sa.Text(), nullable=False),
        sa.Column("span_start", sa.Integer(), nullable=False),
        sa.Column("span_end", sa.Integer(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["coding_id"], ["coding.coding_id"], name=op.f("fk_statement_coding_id_coding")),
        sa.PrimaryKeyConstraint("coding_id", "statement_id", name=op.f("pk_statement")),
    )
    op.create_index(op.f("ix_statement_statement_id"), "statement", ["statement_id"], unique=False)
