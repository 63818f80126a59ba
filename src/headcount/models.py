"""The nouns of Headcount: frozen records that every other package speaks in.

Words follow ``docs/codebook.md``. ``None`` means *unknown*, never zero and never an empty
string; an empty tuple means *looked and found none*. Spans are half-open and count code
points of ``Report.text``, so ``report.text[span.start:span.end] == quote`` always holds.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final, Literal

Status = Literal["held", "planned", "cancelled"]
DatePrecision = Literal["day", "range", "week", "month", "year", "unknown"]
PlacePrecision = Literal["venue", "locality", "region", "country", "unknown"]
Scope = Literal["total", "part", "peak", "cumulative"]
ClaimantRole = Literal["organisers", "police", "officials", "media", "witness", "participant", "other", "report"]
Verdict = Literal["same", "different", "unsure"]
Decision = Literal["accept", "reject", "replace"]


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Span:
    """A stretch of one report's text, half-open, in code points."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start <= self.end:
            raise ValueError(f"a span needs 0 <= start <= end, found {self.start}..{self.end}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """What could not be read or mapped: nothing is dropped without one of these.

    ``stage`` names the package that met it (``sources``, ``screen``, ``coding``), ``record``
    the input (a path, or ``path:line``), ``reason`` what was found and what to do.
    """

    stage: str
    record: str
    reason: str
    fatal: bool = True
    """True when the report could not be read at all, False when it was read with a doubt."""

    source: str = ""
    """What was named and held the input: a file, a folder, an archive, a feed. Only counted by, never printed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """Bytes that hold one report or several and are still to be opened: a saved page, a PDF, a database's export."""

    data: bytes
    media: str
    """What the bytes are, by ``sources.media``: ``html``, ``mhtml``, ``pdf``, ``docx`` ..."""

    record: str
    """Where it was found, for messages: a path, ``archive:offset``, ``zip/member`` or a URL."""

    source: str
    url: str | None = None
    """Where it was fetched from, as the fetcher or the archive says."""

    charset: str | None = None
    """The character encoding that the transport declared; it may lie."""

    fetched: dt.date | None = None
    """The day on which it was fetched: no report in it can be younger."""

    fields: tuple[tuple[str, str], ...] = ()
    """What is known beside the bytes (a feed's title and date), by the keys of a report; the document's own word comes first."""

    fields_first: bool = False
    """True where ``fields`` are a person's or a library's word (a list of references), which goes before the document's own."""

    may_screen: bool = False
    """True in bulk archives: where no word of a gathering stands in it, it is counted and not opened."""

    position: int | None = None
    after: int | None = None
    """In an archive: where its record begins, and where a later run goes on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """How a report came out of what it was found in, so that its words can be found there again."""

    source: str
    media: str = "text"
    charset: str | None = None
    digest: str | None = None
    """SHA-256 of the bytes, in hex; None for plain text and JSON Lines, whose text is what the file says."""

    packed: bytes | None = field(default=None, repr=False, compare=False)
    """The bytes, compressed with zlib, where they are to be kept."""

    position: int | None = None
    after: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """One published text: an article, a post, a press release."""

    text: str
    given_id: str | None = None
    published: dt.date | None = None
    publisher: str | None = None
    title: str | None = None
    url: str | None = None
    country: str | None = None
    """ISO 3166-1 alpha-2 code of the publisher's home, a hint for same-named towns."""

    record: str = ""
    """Where the report was found (a path, or ``path:line``), for messages."""

    origin: Origin | None = field(default=None, repr=False, compare=False)
    """How it came out of a page, a document or an archive; None where nothing but its text is known."""

    @property
    def report_id(self) -> str:
        """The id its source gave, else a hash of the content."""
        if self.given_id:
            return self.given_id
        head = f"{self.published or ''}\x1f{self.publisher or ''}\x1f{self.title or ''}\x1f"
        return "r-" + hashlib.blake2b((head + self.text).encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """In one report, a coder reads the words ``quote`` as giving ``variable`` the value ``value``."""

    statement_id: str
    variable: str
    value: str | int | float | bool | None
    quote: str
    """The words as they may be shown; a private person's name in them is replaced by a marker."""

    span: Span
    rule: str
    """The rule of the codebook, or the coder, that read the words so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """A size statement: an interval of people that the words support (codebook section 5)."""

    text: str
    low: int | None
    high: int | None
    vague: bool = False
    claimant_role: ClaimantRole = "report"
    claimant: str = ""
    scope: Scope = "total"
    unit: str = "people"
    hedge: str = ""
    span: Span
    claimant_span: Span | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CandidateEvent:
    """One report's account of one event, as ``headcount read`` gives it (codebook sections 2 to 6)."""

    event_id: str
    event_type: str
    status: Status = "held"
    background: bool = False
    date_start: dt.date | None = None
    date_end: dt.date | None = None
    date_precision: DatePrecision = "unknown"
    date_words: str = ""
    locality: str | None = None
    state: str | None = None
    country: str | None = None
    location_detail: str = ""
    place_words: str = ""
    lat: float | None = None
    lon: float | None = None
    geonames_id: int | None = None
    place_precision: PlacePrecision = "unknown"
    sizes: tuple[Size, ...] = ()
    size_low: int | None = None
    size_high: int | None = None
    size_derived: bool = False
    size_expected: tuple[Size, ...] = ()
    size_unit: str = "people"
    claimant_role: ClaimantRole | None = None
    quote: str = ""
    quote_span: Span
    inferred: bool = False
    organizations: tuple[str, ...] = ()
    participants: tuple[str, ...] = ()
    speakers: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()
    claims: tuple[str, ...] = ()
    chants: tuple[str, ...] = ()
    issues: tuple[str, ...] = ()
    outcomes: tuple[Outcome, ...] = ()
    comparison: Comparison | None = None
    macroevent: str | None = None
    """Shared by a counter-protest and the event of this report that it targets."""
    series: str | None = None
    """Shared by the events of this report that belong to one campaign, tour or day of action."""
    statements: tuple[Statement, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What came of an event: arrests, injuries, deaths, measures. ``low`` and ``high`` where counted."""

    variable: Literal[
        "arrests", "injuries_crowd", "injuries_police", "deaths",
        "property_damage", "police_measures", "participant_measures", "chemical_agents",
    ]  # fmt: skip
    text: str
    low: int | None = None
    high: int | None = None
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """A statement that sets an event against an earlier one; no new event."""

    direction: Literal["larger", "smaller", "same"]
    compared_with: str
    text: str
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Rollup:
    """A plural or umbrella mention: kept beside the events, never counted, never added to a sum."""

    size_text: str
    size_low: int | None
    size_high: int | None
    place: str
    quote: str
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """A decision that two candidate events are one event, two, or undecided: by a person, or by linkage with its score.

    Reverted, never deleted. A person's decision outweighs linkage, and the newest of a pair wins.
    """

    judgement_id: int | None = None
    """None for linkage's own, which are made anew with every run."""

    left: str
    right: str
    """Ids of the two candidate events, the smaller first."""

    verdict: Verdict
    score: float | None = None
    """Log-odds in favour of one event; None for a person's."""

    reasons: tuple[str, ...] = ()
    by: str
    """Who decided: a person's name, or ``linkage``."""

    at: dt.datetime | None = None
    note: str = ""
    reverted_at: dt.datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """A person's word on one statement: right, wrong, or to be read as ``value``. The newest that is not reverted wins."""

    review_id: int | None = None
    statement_id: str
    decision: Decision
    value: str | None = None
    """What stands in place of the statement's value, for ``replace``; None there is *unknown*."""

    by: str
    at: dt.datetime | None = None
    note: str = ""
    reverted_at: dt.datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EventSize:
    """One size statement of an event, with the report that makes it: what each claimant says stays beside the range."""

    text: str
    low: int | None
    high: int | None
    vague: bool
    claimant_role: ClaimantRole
    claimant: str
    scope: Scope
    unit: str
    report_id: str
    candidate_id: str
    statement_id: str | None
    """None only for a record whose statements were lost, which ``headcount verify`` reports."""

    expected: bool = False
    """True for a number expected beforehand; it never decides the size of an event that was held."""


_NOTHING: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One gathering of the real world, from all the candidate events that are judged to tell of it.

    Derived from candidates, judgements and reviews: safe to delete and to make again. ``event_id`` alone is permanent.
    """

    event_id: str
    event_type: str
    status: Status
    background: bool
    date_start: dt.date | None
    date_end: dt.date | None
    date_precision: DatePrecision
    locality: str | None
    state: str | None
    country: str | None
    location_detail: str
    lat: float | None
    lon: float | None
    geonames_id: int | None
    place_precision: PlacePrecision
    size_low: int | None
    size_high: int | None
    size_derived: bool
    size_unit: str
    claimant_role: ClaimantRole | None
    sizes: tuple[EventSize, ...] = ()
    organizations: tuple[str, ...] = ()
    participants: tuple[str, ...] = ()
    speakers: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()
    claims: tuple[str, ...] = ()
    chants: tuple[str, ...] = ()
    issues: tuple[str, ...] = ()
    outcomes: tuple[Outcome, ...] = ()
    comparisons: tuple[Comparison, ...] = ()
    series: str | None = None
    macroevent: str | None = None
    """Shared by a counter-protest and the event that it targets, over all reports."""

    quote: str = ""
    candidates: tuple[str, ...] = ()
    reports: tuple[str, ...] = ()
    witnesses: int = 1
    """Independent reports: near-copies of one story count once."""

    others: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: _NOTHING)
    """By column the values that other reports give, best supported first, as words for a person."""

    lineage: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: _NOTHING)
    """By column the ids of the statements that its value comes from."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """All that one report says: its candidate events, its roll-ups, and what could not be read."""

    report: Report
    events: tuple[CandidateEvent, ...] = ()
    rollups: tuple[Rollup, ...] = ()
    problems: tuple[Problem, ...] = field(default=())
    screened_out: bool = False
    """True when the coders were not asked: no word of a gathering, or another language than English."""

    language: str | None = None
    """ISO 639 code of the report's language as found in its text; None where that was not asked, or too little is there to tell."""

    @property
    def screened_by(self) -> Literal["words", "language"] | None:
        """Why the coders were not asked: no word of a gathering, or another language than English; None where they were."""
        if not self.screened_out:
            return None
        return "words" if self.language in (None, "en") else "language"

    def to_dict(self) -> dict[str, object]:
        """The reading as ``headcount read --format jsonl`` writes it: the promise that ``headcount schema`` prints.

        Dates are ISO strings, spans ``{"start", "end"}``, unknown values None.
        """
        return {
            "id": self.report.report_id,
            "published": self.report.published.isoformat() if self.report.published else None,
            "language": self.language,
            "screened_out": self.screened_by,
            "events": [_as_json(event) for event in self.events],
            "rollups": [_as_json(rollup) for rollup in self.rollups],
            "problems": [{name: getattr(problem, name) for name in PROBLEM_KEYS} for problem in self.problems],
        }

    def _repr_html_(self) -> str:
        """The events as a small table, for a notebook."""
        from headcount.wording import write_html_table

        return write_html_table(self)


PROBLEM_KEYS: Final = ("stage", "record", "reason", "fatal")


def _as_json(record: object) -> object:
    """A noun as plain dictionaries and lists, keys in the order of its fields."""
    if record is None or isinstance(record, str | int | float):
        return record
    if isinstance(record, tuple):
        return [_as_json(item) for item in record]
    if isinstance(record, dt.date):
        return record.isoformat()
    return {name: _as_json(getattr(record, name)) for name in record.__slots__}  # type: ignore[attr-defined]
