"""The tables of a record. What reports say is kept for good; what is derived from it can be deleted and made again.

Kept: ``run``, ``report``, ``version``, ``capture``, ``coding``, ``candidate``, ``statement``, ``rollup``, ``problem``, ``sketch``,
``band``, ``near_copy``, ``judgement``, ``review``, ``event_name``. Derived: ``comparison``, ``event``, ``event_member``, ``tie``.
Counted: ``source``, ``item``, ``archive``: what was looked at, and where to go on.
The migrations in ``migrations/versions`` make the same tables, which a test holds.
"""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa

HEAD: Final = "0002"
"""The revision of the migrations that this code speaks."""

metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

revision = sa.Table("alembic_version", sa.MetaData(), sa.Column("version_num", sa.String(32), nullable=False))
"""Alembic's own table: at which revision a record stands."""
revision.append_constraint(sa.PrimaryKeyConstraint("version_num", name="alembic_version_pkc"))


def _place_and_day() -> list[sa.Column[object]]:
    """The columns that a candidate event and an event share, by the codebook's names."""
    return [
        sa.Column("event_type", sa.Text, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("background", sa.Boolean, nullable=False),
        sa.Column("date_start", sa.Date),
        sa.Column("date_end", sa.Date),
        sa.Column("date_precision", sa.Text, nullable=False),
        sa.Column("locality", sa.Text),
        sa.Column("state", sa.Text),
        sa.Column("country", sa.Text),
        sa.Column("location_detail", sa.Text, nullable=False),
        sa.Column("lat", sa.Float),
        sa.Column("lon", sa.Float),
        sa.Column("geonames_id", sa.BigInteger),
        sa.Column("place_precision", sa.Text, nullable=False),
        sa.Column("size_low", sa.BigInteger),
        sa.Column("size_high", sa.BigInteger),
        sa.Column("size_unit", sa.Text, nullable=False),
        sa.Column("series", sa.Text),
    ]


state = sa.Table("state", metadata, sa.Column("name", sa.Text, primary_key=True), sa.Column("value", sa.Text, nullable=False))
"""Facts about the record itself: what the events were derived from."""

run = sa.Table(
    "run",
    metadata,
    sa.Column("run_id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("command", sa.Text, nullable=False),
    sa.Column("coder", sa.Text, nullable=False),
    sa.Column("started_at", sa.DateTime, nullable=False),
    sa.Column("ended_at", sa.DateTime),
    sa.Column("reports_in", sa.Integer, nullable=False),
    sa.Column("coded", sa.Integer, nullable=False),
    sa.Column("screened_out", sa.Integer, nullable=False),
    sa.Column("duplicate", sa.Integer, nullable=False),
    sa.Column("failed", sa.Integer, nullable=False),
    sa.Column("other_language", sa.Integer, nullable=False, server_default="0"),
    sa.Column("unopened", sa.Integer, nullable=False, server_default="0"),
)
"""Each run that stored something, with its balance: reports_in = coded + screened_out + duplicate + failed. No ``ended_at``: it was
interrupted, and what it had stored by then is counted. Of those screened out ``other_language`` are not in English; ``unopened``
are pages of archives without a word of a gathering, of which nothing is stored."""

report = sa.Table(
    "report",
    metadata,
    sa.Column("report_id", sa.Text, primary_key=True),
    sa.Column("current_version", sa.Integer, nullable=False),
)

version = sa.Table(
    "version",
    metadata,
    sa.Column("version_id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("report_id", sa.Text, sa.ForeignKey("report.report_id"), nullable=False, index=True),
    sa.Column("number", sa.Integer, nullable=False),
    sa.Column("content_hash", sa.Text, nullable=False, unique=True),
    sa.Column("record", sa.Text, nullable=False),
    sa.Column("published", sa.Date),
    sa.Column("publisher", sa.Text),
    sa.Column("title", sa.Text),
    sa.Column("url", sa.Text),
    sa.Column("country", sa.Text),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("outcome", sa.Text, nullable=False),
    sa.Column("run_id", sa.Integer, sa.ForeignKey("run.run_id"), nullable=False),
    sa.Column("source", sa.Text),
    sa.Column("media", sa.Text),
    sa.Column("charset", sa.Text),
    sa.Column("digest", sa.Text),
    sa.Column("language", sa.Text),
    sa.Column("position", sa.BigInteger),
    sa.UniqueConstraint("report_id", "number"),
    sa.Index(None, "source", "published"),
)
"""What a report said when it was read, the newest under its highest number. ``outcome``: ``coded`` or ``screened_out``.
``source`` is one of the table ``source``; ``digest`` the SHA-256 of the bytes it came out of, which ``capture`` holds where they
are kept; ``media`` and ``charset`` how they are to be read; ``position`` where in its archive they begin. ``language`` is an ISO
code, null where it was not asked."""

capture = sa.Table(
    "capture",
    metadata,
    sa.Column("digest", sa.Text, primary_key=True),
    sa.Column("media", sa.Text, nullable=False),
    sa.Column("size", sa.BigInteger, nullable=False),
    sa.Column("packed", sa.LargeBinary, nullable=False),
    sa.Column("reports", sa.Integer),
    sa.Column("asked", sa.Text),
    sa.Column("run_id", sa.Integer, sa.ForeignKey("run.run_id"), nullable=False),
)
"""The bytes of a page or document as they were found, once however many reports came out of them: ``packed`` with zlib, ``size``
before that, ``digest`` their SHA-256 in hex. ``reports`` came out of it when it was opened as ``asked`` (a hash of the coder and of
what was asked), and will again; null where one of them failed, so that it is opened again."""

coding = sa.Table(
    "coding",
    metadata,
    sa.Column("coding_id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("version_id", sa.Integer, sa.ForeignKey("version.version_id"), nullable=False, index=True),
    sa.Column("coder", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False, index=True),
    sa.Column("run_id", sa.Integer, sa.ForeignKey("run.run_id"), nullable=False),
    sa.Column("screened_out", sa.Boolean, nullable=False),
)
"""One reading of one version by one coder. ``state``: ``current`` counts, ``staged`` waits for ``recode --accept``, ``retired`` is
history."""

candidate = sa.Table(
    "candidate",
    metadata,
    sa.Column("candidate_key", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("candidate_id", sa.Text, nullable=False, index=True),
    sa.Column("coding_id", sa.Integer, sa.ForeignKey("coding.coding_id"), nullable=False, index=True),
    sa.Column("report_id", sa.Text, nullable=False, index=True),
    sa.Column("live", sa.Boolean, nullable=False, index=True),
    *_place_and_day(),
    sa.Column("content", sa.LargeBinary, nullable=False),
    sa.Column("account", sa.LargeBinary, nullable=False),
    sa.UniqueConstraint("coding_id", "candidate_id"),
)
"""Candidate events. ``live``: of the current coding of the current version. ``content``: the CandidateEvent as JSON with the
ids of its statements by column; ``account``: what linkage compares (``packing.py`` packs both)."""

statement = sa.Table(
    "statement",
    metadata,
    sa.Column("coding_id", sa.Integer, sa.ForeignKey("coding.coding_id"), primary_key=True, autoincrement=False),
    sa.Column("statement_id", sa.Text, primary_key=True, index=True),
    sa.Column("variable", sa.Text, nullable=False),
    sa.Column("value", sa.Text),
    sa.Column("quote", sa.Text, nullable=False),
    sa.Column("span_start", sa.Integer, nullable=False),
    sa.Column("span_end", sa.Integer, nullable=False),
    sa.Column("rule", sa.Text, nullable=False),
)
"""``value`` is JSON, so that a number stays a number."""

rollup = sa.Table(
    "rollup",
    metadata,
    sa.Column("coding_id", sa.Integer, sa.ForeignKey("coding.coding_id"), primary_key=True, autoincrement=False),
    sa.Column("position", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("size_text", sa.Text, nullable=False),
    sa.Column("size_low", sa.BigInteger),
    sa.Column("size_high", sa.BigInteger),
    sa.Column("place", sa.Text, nullable=False),
    sa.Column("quote", sa.Text, nullable=False),
    sa.Column("span_start", sa.Integer, nullable=False),
    sa.Column("span_end", sa.Integer, nullable=False),
)

problem = sa.Table(
    "problem",
    metadata,
    sa.Column("problem_id", sa.Text, primary_key=True),
    sa.Column("stage", sa.Text, nullable=False),
    sa.Column("record", sa.Text, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("fatal", sa.Boolean, nullable=False),
    sa.Column("version_id", sa.Integer, sa.ForeignKey("version.version_id")),
    sa.Column("run_id", sa.Integer, sa.ForeignKey("run.run_id"), nullable=False),
)
"""``problem_id`` is a hash of stage, record and reason: the same failure met again is the same problem."""

source = sa.Table(
    "source",
    metadata,
    sa.Column("source", sa.Text, primary_key=True),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("first_seen", sa.DateTime, nullable=False),
    sa.Column("last_seen", sa.DateTime, nullable=False),
    sa.Column("last_fetched", sa.DateTime),
    sa.Column("fetched", sa.Integer, nullable=False),
    sa.Column("new", sa.Integer, nullable=False),
    sa.Column("unchanged", sa.Integer, nullable=False),
    sa.Column("screened_out", sa.Integer, nullable=False),
    sa.Column("failed", sa.Integer, nullable=False),
    sa.Column("last_why", sa.Text),
    sa.Column("last_published", sa.Date),
)
"""What was named and held reports, by its absolute path or its URL, with what was seen in it over all runs:
fetched = new + unchanged + screened_out + failed. ``kind``: ``file``, ``folder``, ``archive``, ``standard input``, ``page``, or
what the fetcher says (``feed``, ``sitemap``, ``list``). ``last_why``: the last failure of the last run that looked at it, of an
archive that of any run; null where nothing failed."""

item = sa.Table(
    "item",
    metadata,
    sa.Column("source", sa.Text, primary_key=True),
    sa.Column("address", sa.Text, primary_key=True),
    sa.Column("outcome", sa.Text, nullable=False),
    sa.Column("at", sa.DateTime, nullable=False),
    sa.Column("why", sa.Text),
    sa.Column("published", sa.Date),
)
"""An address that a feed, a list or a sitemap gave and that was fetched, so that only new ones are fetched next time. ``outcome``:
``new``, ``unchanged``, ``screened_out`` or ``failed``, and ``why``."""

archive = sa.Table(
    "archive",
    metadata,
    sa.Column("path", sa.Text, primary_key=True),
    sa.Column("position", sa.BigInteger, nullable=False),
    sa.Column("fingerprint", sa.Text, nullable=False),
)
"""Where in a web archive the next run goes on: all before ``position`` is stored or counted. ``fingerprint`` says of which file
this is true, and for which coder and options."""

sketch = sa.Table(
    "sketch",
    metadata,
    sa.Column("version_id", sa.Integer, sa.ForeignKey("version.version_id"), primary_key=True, autoincrement=False),
    sa.Column("signature", sa.LargeBinary, nullable=False),
)

band = sa.Table(
    "band",
    metadata,
    sa.Column("band_key", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("version_id", sa.Integer, sa.ForeignKey("version.version_id"), primary_key=True, autoincrement=False),
)

near_copy = sa.Table(
    "near_copy",
    metadata,
    sa.Column("left_version", sa.Integer, sa.ForeignKey("version.version_id"), primary_key=True, autoincrement=False),
    sa.Column("right_version", sa.Integer, sa.ForeignKey("version.version_id"), primary_key=True, autoincrement=False),
    sa.Column("similarity", sa.Float, nullable=False),
)

judgement = sa.Table(
    "judgement",
    metadata,
    sa.Column("judgement_id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("decision", sa.Integer, nullable=False, index=True),
    sa.Column("left_id", sa.Text, nullable=False),
    sa.Column("right_id", sa.Text, nullable=False),
    sa.Column("verdict", sa.Text, nullable=False),
    sa.Column("made_by", sa.Text, nullable=False),
    sa.Column("made_at", sa.DateTime, nullable=False),
    sa.Column("note", sa.Text, nullable=False),
    sa.Column("reverted_at", sa.DateTime),
    sa.Column("reverted_by", sa.Text),
)
"""What people decided, pair by pair of candidate ids; a merge or a split is one ``decision`` with a row a pair."""

review = sa.Table(
    "review",
    metadata,
    sa.Column("review_id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("statement_id", sa.Text, nullable=False, index=True),
    sa.Column("decision", sa.Text, nullable=False),
    sa.Column("value", sa.Text),
    sa.Column("made_by", sa.Text, nullable=False),
    sa.Column("made_at", sa.DateTime, nullable=False),
    sa.Column("note", sa.Text, nullable=False),
    sa.Column("reverted_at", sa.DateTime),
    sa.Column("reverted_by", sa.Text),
)

event_name = sa.Table(
    "event_name",
    metadata,
    sa.Column("event_id", sa.Text, primary_key=True),
    sa.Column("number", sa.Integer, nullable=False, unique=True),
    sa.Column("founder", sa.Text, nullable=False, index=True),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("merged_into", sa.Text),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("withdrawn_by", sa.Text),
    sa.Column("withdrawn_at", sa.DateTime),
)
"""Every id that an event ever had. It follows its founding candidate: ``live``; ``merged`` leads on; ``gone`` and ``withdrawn`` say
why."""

comparison = sa.Table(
    "comparison",
    metadata,
    sa.Column("left_id", sa.Text, primary_key=True),
    sa.Column("right_id", sa.Text, primary_key=True, index=True),
    sa.Column("verdict", sa.Text, nullable=False),
    sa.Column("score", sa.Float, nullable=False),
    sa.Column("levels", sa.Text, nullable=False),
)
"""Linkage's own judgements, with the level that each comparison reached."""

ASKED: Final = (
    "date_start", "event_id", "date_end", "country", "event_type", "status", "background", "size_unit", "size_low", "size_high",
    "locality_key", "state_key", "series_key", "issues",
)  # fmt: skip
"""What events are found by, beginning with the order in which they are given."""

event = sa.Table(
    "event",
    metadata,
    sa.Column("event_id", sa.Text, sa.ForeignKey("event_name.event_id"), primary_key=True),
    *_place_and_day(),
    sa.Column("size_derived", sa.Boolean, nullable=False),
    sa.Column("claimant_role", sa.Text),
    sa.Column("macroevent", sa.Text),
    sa.Column("witnesses", sa.Integer, nullable=False),
    sa.Column("report_count", sa.Integer, nullable=False),
    sa.Column("issues", sa.Text, nullable=False),
    sa.Column("content", sa.LargeBinary, nullable=False),
    sa.Column("fingerprint", sa.Text, nullable=False),
    sa.Column("locality_key", sa.Text, index=True),
    sa.Column("state_key", sa.Text),
    sa.Column("series_key", sa.Text, index=True),
    sa.Index("ix_event_asked", *ASKED),
)
"""``issues`` are set between bars (``|housing|wages|``) so that one can be searched; ``content`` is the Event as JSON; the keys
are the names folded, so that "sao paulo" finds São Paulo. One index holds all that a question may filter by, in the order of
the answer: 100,000 events are looked through in 20 ms, where their rows, with the content, take 200."""

event_member = sa.Table(
    "event_member",
    metadata,
    sa.Column("candidate_id", sa.Text, primary_key=True),
    sa.Column("event_id", sa.Text, nullable=False, index=True),
)

tie = sa.Table(
    "tie",
    metadata,
    sa.Column("left_event", sa.Text, primary_key=True),
    sa.Column("right_event", sa.Text, primary_key=True),
)
"""A counter-protest and the event that it targets."""
