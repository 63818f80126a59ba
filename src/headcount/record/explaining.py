"""Explains an event: which statements of which reports every value comes from, how the reports were weighed, and why their
accounts are taken for one event. Reads the record and says nothing itself: ``cli.explanation`` writes it for a person."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, Final

import sqlalchemy as sa

from headcount.models import CandidateEvent, Event, Review, Span
from headcount.record import schema as s
from headcount.record.grouping import copy_groups
from headcount.record.ledger import UnknownIdError, follow
from headcount.record.packing import unpack_candidate
from headcount.record.reviewing import OUTCOMES, apply_reviews
from headcount.record.rows import in_chunks
from headcount.record.sentences import Sentence, Sentences
from headcount.record.weighing import say_how

SentencesOf = Callable[[str], Sentences]
"""Makes the sentences of a text: holds the gazetteer that private names are told with."""

GROUPS: Final[dict[str, tuple[str, ...]]] = {
    "date": ("date_start", "date_end", "date_precision"),
    "place": ("locality", "state", "country", "location_detail", "place_precision", "lat", "lon", "geonames_id"),
    "size": ("size_low", "size_high", "size_unit", "size_derived", "claimant_role"),
}
"""What is explained together, by a name of its own."""

TOLD: Final = (
    "event_type", "status", "background", "date", "place", "size", "organizations", "participants", "speakers", "targets",
    "claims", "chants", "issues", *OUTCOMES, "comparisons", "series", "macroevent",
)  # fmt: skip
"""What an explanation of the whole event goes through, in this order."""

ALIASES: Final = {
    "type": "event_type", "dates": "date", "comparison": "comparisons",
    "sizes": "size", "size_texts": "size", "size_claims": "size", "size_expected": "size",
}  # fmt: skip
"""Other names of a column: a person's, and those of the exported tables."""

COLUMNS: Final = tuple(
    dict.fromkeys(
        [*GROUPS, *TOLD, *(one.name for one in fields(Event) if one.name not in {"others", "lineage", "outcomes", "sizes"})]
    )
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Where an id leads: to the event of ``event_id``, or to the reason why it has none."""

    asked: str
    event_id: str
    event: Event | None
    state: str
    """``live``, ``gone`` or ``withdrawn``."""

    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """The report that an account or a statement is of."""

    report_id: str
    publisher: str | None
    title: str | None
    """As it may be shown: a private person's name in it is masked."""

    published: dt.date | None
    url: str | None
    version: int
    """From 2 on, the article has changed since it was first read."""

    media: str | None = None
    """What it came out of (``html``, ``pdf`` ...); ``text`` for a text, None where that is not known."""

    digest: str | None = None
    """SHA-256 of the bytes that it came out of, which ``headcount original`` writes out; None where its text is all there is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """One report's account of the event, reviews applied."""

    candidate_id: str
    report: Told
    candidate: CandidateEvent
    lineage: Mapping[str, Sequence[str]]
    copy_group: str | None
    """Shared by the accounts of near-copies, which are one witness."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One statement: these words of this report give the value, by a rule; and what a person said about it."""

    statement_id: str
    variable: str
    value: object
    rule: str
    quote: str
    sentence: Sentence | None
    """None where the words are not in the report any more, which ``headcount verify`` tells of."""

    report: Told
    review: Review | None = None
    gives: str = ""
    """Of a size: what it has to do with the event's range."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Explained:
    """A column, or a group of them, with its value in the event, how it was arrived at and what it comes from."""

    column: str
    values: Mapping[str, object]
    how: str
    others: tuple[str, ...]
    """Values that other reports give, best supported first."""

    sources: tuple[Source, ...]
    missing: tuple[str, ...] = ()
    """Statements that the event names and the record does not hold: none, unless the record is damaged."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TiedEvent:
    """An event that this one is tied to: a counter-protest, or what it targets."""

    event_id: str
    event_type: str
    date_start: dt.date | None
    locality: str | None


def find_event(connection: sa.Connection, name: str) -> Found:
    """Follows an id: of an event, also a merged one, or of an account. Raises UnknownIdError for what is neither."""
    from headcount.record.asking import load_event

    try:
        event_id = follow(connection, name)
    except UnknownIdError:
        member = sa.select(s.event_member.c.event_id).where(s.event_member.c.candidate_id == name)
        found = connection.execute(member).scalar()
        if found is None:
            raise UnknownIdError(f"{name}: the record holds no event of this id; {_hint(connection, name)}") from None
        event_id = found
    row = connection.execute(sa.select(s.event_name).where(s.event_name.c.event_id == event_id)).one()
    event = load_event(connection, event_id)
    when = f" on {row.withdrawn_at.day} {row.withdrawn_at:%b %Y}" if row.withdrawn_at else ""
    who = f" by {row.withdrawn_by}" if row.withdrawn_by else ""
    reason = f"withdrawn{when}{who}: {row.reason}" if row.state == "withdrawn" else row.reason
    if event is None and row.state == "live":
        reason = "its event is not derived yet; run headcount link"
    return Found(asked=name, event_id=event_id, event=event, state=row.state, reason=reason)


def load_accounts(connection: sa.Connection, event: Event, sentences_of: SentencesOf) -> tuple[Account, ...]:
    """The accounts of an event in the order of the event, reviews applied."""
    groups = copy_groups(connection) if len(event.reports) > 1 else {}
    found: dict[str, Account] = {}
    query = (
        sa.select(s.candidate.c.candidate_id, s.candidate.c.content, s.version.c.text, *_REPORT)
        .join(s.coding, s.coding.c.coding_id == s.candidate.c.coding_id)
        .join(s.version, s.version.c.version_id == s.coding.c.version_id)
    )
    rows = [
        row
        for chunk in in_chunks(event.candidates)
        for row in connection.execute(query.where(s.candidate.c.candidate_id.in_(chunk), s.candidate.c.live))
    ]
    packed = {row.candidate_id: unpack_candidate(row.content) for row in rows}
    reviews = reviews_of(connection, {one for found in packed.values() for ids in found.lineage.values() for one in ids})
    for row in rows:
        reviewed = apply_reviews(packed[row.candidate_id], reviews)
        found[row.candidate_id] = Account(
            candidate_id=row.candidate_id,
            report=_told(row, sentences_of(row.text) if row.title else None),
            candidate=reviewed.event,
            lineage=reviewed.lineage,
            copy_group=groups.get(row.report_id),
        )
    return tuple(found[name] for name in event.candidates if name in found)


def explain_columns(
    connection: sa.Connection,
    event: Event,
    accounts: Sequence[Account],
    sentences_of: SentencesOf,
    *,
    column: str | None = None,
) -> tuple[Explained, ...]:
    """What each value of the event comes from; of one ``column``, or of all that any report tells.

    Raises ValueError for a column that is none.
    """
    if column is not None:
        column = ALIASES.get(column, column)
        if column != "outcomes" and column not in COLUMNS:
            raise ValueError(f"{column}: expected a column of an event ({', '.join(COLUMNS)})")
    if column == "outcomes":
        wanted = [one for one in OUTCOMES if _is_told(event, one)] or ["arrests"]
    else:
        wanted = [column] if column is not None else [one for one in TOLD if _is_told(event, one)]
    ids = {one: _ids(event, one) for one in wanted}
    sources = load_sources(connection, {name for found in ids.values() for name in found}, sentences_of)
    explained = []
    for one in wanted:
        gives = _gives(event) if one in {"size", *GROUPS["size"]} else {}
        explained.append(
            Explained(
                column=one,
                values={name: _value(event, name) for name in GROUPS.get(one, (one,))},
                how=say_how(
                    event, [(account.candidate, account.copy_group or account.report.report_id) for account in accounts], one
                ),
                others=event.others.get(_other_name(one), ()),
                sources=tuple(_with(sources[name], gives.get(name, "")) for name in ids[one] if name in sources),
                missing=tuple(name for name in ids[one] if name not in sources),
            )
        )
    return tuple(explained)


def load_sources(connection: sa.Connection, ids: Iterable[str], sentences_of: SentencesOf) -> dict[str, Source]:
    """The statements of these ids that the record holds, of the versions and codings that count today."""
    wanted = sorted(set(ids))
    reviews = reviews_of(connection, wanted)
    texts: dict[int, Sentences] = {}
    found: dict[str, Source] = {}
    query = (
        sa.select(s.statement, s.version.c.version_id, s.version.c.text, *_REPORT)
        .join(s.coding, s.coding.c.coding_id == s.statement.c.coding_id)
        .join(s.version, s.version.c.version_id == s.coding.c.version_id)
        .join(s.report, s.report.c.current_version == s.version.c.version_id)
        .where(s.coding.c.state == "current")
    )
    for chunk in in_chunks(wanted):
        for row in connection.execute(query.where(s.statement.c.statement_id.in_(chunk))):
            if row.version_id not in texts:
                texts[row.version_id] = sentences_of(row.text)
            found[row.statement_id] = Source(
                statement_id=row.statement_id,
                variable=row.variable,
                value=json.loads(row.value) if row.value is not None else None,
                rule=row.rule,
                quote=row.quote,
                sentence=texts[row.version_id].around(Span(start=row.span_start, end=row.span_end)),
                report=_told(row, texts[row.version_id]),
                review=reviews.get(row.statement_id),
            )
    return found


def reviews_of(connection: sa.Connection, ids: Iterable[str]) -> dict[str, Review]:
    """By statement the review that counts: the newest that is not taken back."""
    found: dict[str, Review] = {}
    for chunk in in_chunks(sorted(set(ids))):
        query = sa.select(s.review).where(s.review.c.reverted_at.is_(None), s.review.c.statement_id.in_(chunk))
        for row in connection.execute(query.order_by(s.review.c.review_id)):
            found[row.statement_id] = Review(
                review_id=row.review_id,
                statement_id=row.statement_id,
                decision=row.decision,
                value=row.value,
                by=row.made_by,
                at=row.made_at,
                note=row.note,
            )
    return found


def load_ties(connection: sa.Connection, event_id: str) -> tuple[TiedEvent, ...]:
    """The events that this one is tied to as a macroevent."""
    tie = s.tie.c
    pairs = connection.execute(
        sa.select(tie.left_event, tie.right_event).where((tie.left_event == event_id) | (tie.right_event == event_id))
    )
    others = sorted({right if left == event_id else left for left, right in pairs})
    event = s.event.c
    query = sa.select(event.event_id, event.event_type, event.date_start, event.locality).where(event.event_id.in_(others))
    return tuple(
        TiedEvent(event_id=row.event_id, event_type=row.event_type, date_start=row.date_start, locality=row.locality)
        for row in connection.execute(query.order_by(event.event_id))
    )


_REPORT: Final = (
    s.version.c.report_id,
    s.version.c.publisher,
    s.version.c.title,
    s.version.c.published,
    s.version.c.url,
    s.version.c.number,
    s.version.c.media,
    s.version.c.digest,
)


def _told(row: Any, sentences: Sentences | None) -> Told:
    return Told(
        report_id=row.report_id,
        publisher=row.publisher,
        title=sentences.title(row.title) if sentences is not None else None,
        published=row.published,
        url=row.url,
        version=row.number,
        media=row.media,
        digest=row.digest,
    )


def _hint(connection: sa.Connection, name: str) -> str:
    """What an id that is no event's may have been meant for."""
    if connection.execute(sa.select(s.statement.c.statement_id).where(s.statement.c.statement_id == name).limit(1)).scalar():
        return "it is that of a statement: headcount review takes it"
    query = (
        sa.select(s.event_member.c.event_id)
        .join(s.candidate, s.candidate.c.candidate_id == s.event_member.c.candidate_id)
        .where(s.candidate.c.report_id == name, s.candidate.c.live)
    )
    events = sorted(set(connection.execute(query).scalars()))
    if events:
        return f"it is that of a report, which tells of {', '.join(events[:5])}{' ...' if len(events) > 5 else ''}"
    return "headcount events lists them"


def _is_told(event: Event, column: str) -> bool:
    """Whether any report tells it, so that it is worth a place in the explanation of the whole."""
    if column == "background":
        return event.background
    return any(event.lineage.get(name) for name in GROUPS.get(column, (column,)))


def _ids(event: Event, column: str) -> list[str]:
    """The statements behind a column; for the size every figure that was told, also those that do not decide it."""
    names = GROUPS.get(column, (column,))
    ids = [one for name in names for one in event.lineage.get(name, ())]
    if column in {"size", "size_low", "size_high", "sizes"}:
        ids += [size.statement_id for size in event.sizes if size.statement_id]
    return list(dict.fromkeys(ids))


def _gives(event: Event) -> dict[str, str]:
    """What each figure has to do with the range."""
    low, high = set(event.lineage.get("size_low", ())), set(event.lineage.get("size_high", ()))
    told: dict[str, str] = {}
    for size in event.sizes:
        if not size.statement_id:
            continue
        if size.statement_id in low | high:
            ends = [end for end, ids in (("lowest", low), ("highest", high)) if size.statement_id in ids]
            told[size.statement_id] = f"gives the {' and the '.join(ends)}"
        elif size.expected:
            told[size.statement_id] = "expected beforehand: never part of the range"
        elif size.low is None and size.high is None:
            told[size.statement_id] = "no number"
        elif size.unit != event.size_unit:
            told[size.statement_id] = f"counts {size.unit}: not added to {event.size_unit}"
        elif size.scope == "cumulative":
            told[size.statement_id] = "over several days together: not the size of one"
        elif size.scope == "part":
            told[size.statement_id] = "a part of the crowd: a total is told, too"
        else:
            told[size.statement_id] = "vague, beside a number" if size.vague else "within the range"
    return told


def _value(event: Event, name: str) -> object:
    if name in OUTCOMES:
        return [outcome.text for outcome in event.outcomes if outcome.variable == name]
    return getattr(event, name)


def _other_name(column: str) -> str:
    """Under which name the other values of a column are listed in the event."""
    return next((name for name, columns in GROUPS.items() if column in columns and column != "location_detail"), column)


def _with(source: Source, gives: str) -> Source:
    from dataclasses import replace

    return replace(source, gives=gives) if gives and source.variable == "size" else source
