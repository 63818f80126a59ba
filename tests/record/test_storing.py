"""What is read is stored row for row, in one transaction, and can be traced: versions, codings, statements, copies, problems."""

from __future__ import annotations

import datetime as dt
import json
import random
from collections.abc import Iterator
from dataclasses import replace

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from corpus import write_march
from databases import dump
from fakes import full_event, full_reading
from headcount.models import CandidateEvent, Problem, Reading, Report, Span, Statement
from headcount.record import schema as s
from headcount.record.engine import reading, writing
from headcount.record.grouping import copy_groups
from headcount.record.packing import hash_content, hash_problem, unpack_candidate
from headcount.record.rows import ASKED_AT_ONCE, Rows, in_chunks, insert_rows, next_id
from headcount.record.storing import carry_ids, current_versions, known_contents, known_problems, store_problems, store_readings

NOW = dt.datetime.fromisoformat("2026-01-01")


@pytest.fixture
def written(record: sa.Engine) -> Iterator[sa.Connection]:
    """A connection that writes to an empty record with one run in it."""
    with writing(record) as connection:
        values = dict.fromkeys(("reports_in", "coded", "screened_out", "duplicate", "failed"), 0)
        connection.execute(sa.insert(s.run).values(run_id=1, command="test", coder="c", started_at=NOW, **values))
        yield connection


def store(connection: sa.Connection, *readings: Reading) -> tuple[int, int]:
    return store_readings(connection, readings, run_id=1, coder="c")


def all_of(connection: sa.Connection, table: sa.Table, *names: str) -> list[tuple[object, ...]]:
    columns = [table.c[name] for name in names] if names else list(table.c)
    return sorted((tuple(row) for row in connection.execute(sa.select(*columns))), key=repr)


def statement(number: int) -> Statement:
    return Statement(
        statement_id=f"s{number}", variable="size", value=number, quote="x", span=Span(start=number, end=number + 1), rule="r"
    )


def event(name: str, *statements: int) -> CandidateEvent:
    return CandidateEvent(
        event_id=name, event_type="march", quote_span=Span(start=0, end=1), statements=tuple(statement(one) for one in statements)
    )


def test_everything_in_a_reading_is_kept(written: sa.Connection) -> None:
    """Report, version, coding, account, statements and roll-up, each value in its own type."""
    told = full_reading()
    assert store(written, told) == (0, 0)
    assert all_of(written, s.report) == [("r1", 1)]
    [version] = written.execute(sa.select(s.version)).all()
    assert version.published == dt.date(2016, 8, 2)
    assert (version.number, version.text, version.outcome) == (1, told.report.text, "coded")
    assert version.content_hash == hash_content(told.report)
    assert all_of(written, s.coding) == [(1, 1, "c", "current", 1, False)]
    [candidate] = written.execute(sa.select(s.candidate)).all()
    assert (candidate.candidate_id, candidate.live, candidate.background) == ("e-1", True, True)
    assert (candidate.size_low, candidate.size_high, candidate.lat) == (None, 10_000, 53.79648)
    assert (candidate.date_start, candidate.date_end) == (dt.date(2016, 7, 30), dt.date(2016, 7, 31))
    assert unpack_candidate(candidate.content).event == replace(full_event(), statements=())
    assert all_of(written, s.statement, "statement_id", "variable", "value", "span_start", "span_end") == [
        ("s-1", "size_high", "10000", 25, 38),
        ("s-2", "locality", '"Leeds"', 80, 85),
    ]
    [rollup] = written.execute(sa.select(s.rollup)).all()
    assert (rollup.size_low, rollup.size_high, rollup.place, rollup.span_start) == (2000, 9999, "the North", 110)


@pytest.mark.parametrize("value", [10_000, 0.5, True, None, "Leeds", "", "\u2028 “Łódź”"])
def test_the_value_of_a_statement_keeps_its_kind(value: str | int | float | bool | None, written: sa.Connection) -> None:
    """A number does not become words, nor unknown zero."""
    told = replace(event("e", 1), statements=(replace(statement(1), value=value),))
    store(written, Reading(report=Report(text="x", given_id="r"), events=(told,)))
    [(kept,)] = all_of(written, s.statement, "value")
    assert json.loads(str(kept)) == value
    assert type(json.loads(str(kept))) is type(value)


def test_a_statement_of_two_events_is_kept_once(written: sa.Connection) -> None:
    """One date told of two marches is one statement of the coding, in the lineage of both."""
    store(written, Reading(report=Report(text="x", given_id="r"), events=(event("a", 1, 2), event("b", 2, 3))))
    assert [row[0] for row in all_of(written, s.statement, "statement_id")] == ["s1", "s2", "s3"]
    lineages = [unpack_candidate(row[0]).lineage for row in written.execute(sa.select(s.candidate.c.content))]  # type: ignore[arg-type]
    assert lineages == [{"size": ["s1", "s2"]}, {"size": ["s2", "s3"]}]


def test_a_new_version_retires_the_coding_before_it(written: sa.Connection) -> None:
    """Current and staged codings end; the accounts hand on their ids to those that share a statement."""
    first = Report(text="one", given_id="r")
    store(written, Reading(report=first, events=(event("a", 1, 2), event("b", 3))))
    store(written, Reading(report=replace(first, text="two"), events=(event("p", 3, 4), event("q", 2), event("z", 9))))
    assert all_of(written, s.report) == [("r", 2)]
    assert all_of(written, s.coding, "version_id", "state") == [(1, "retired"), (2, "current")]
    assert all_of(written, s.candidate, "candidate_id", "live") == [
        ("a", False), ("a", True), ("b", False), ("b", True), ("z", True),
    ]  # fmt: skip


def test_a_screened_out_report_has_a_version_and_no_account(written: sa.Connection) -> None:
    """It is known again, and can be read again by a better coder."""
    store(written, Reading(report=Report(text="x", given_id="r"), screened_out=True))
    assert all_of(written, s.version, "outcome") == [("screened_out",)]
    assert all_of(written, s.coding, "screened_out") == [(True,)]
    assert all_of(written, s.sketch) == []


def test_a_batch_that_fails_leaves_nothing(record: sa.Engine) -> None:
    """A report that the database refuses takes its whole batch back: there is no version without its statements."""
    with writing(record) as connection:
        values = dict.fromkeys(("reports_in", "coded", "screened_out", "duplicate", "failed"), 0)
        connection.execute(sa.insert(s.run).values(run_id=1, command="test", coder="c", started_at=NOW, **values))
    before = dump(record)
    same = Reading(report=Report(text="x", given_id="r"))
    twice = (full_reading(), same, replace(same, report=replace(same.report, given_id="q")))  # one content under two ids

    def store_all() -> None:
        with writing(record) as connection:
            store(connection, *twice)

    with pytest.raises(Exception, match="the storage refused"):
        store_all()
    assert dump(record) == before


def test_copies_are_found_in_the_batch_and_in_the_record(written: sa.Connection) -> None:
    """A copy is told from its sketch; other stories of the same town are none, however many there are."""
    rng = random.Random(1)
    texts = [write_march(rng, "Leeds", "low pay", number * 100) for number in range(1, 5)]
    own = [
        Reading(report=Report(text=text, given_id=f"r{number}"), events=(event(f"e{number}", 1),))
        for number, text in enumerate(texts)
    ]
    copy = Reading(report=Report(text=texts[0] + " More follows.", given_id="c"), events=(event("ec", 1),))
    late = Reading(report=Report(text="Agency. " + texts[0], given_id="d"), events=(event("ed", 1),))
    assert store(written, *own, copy) == (0, 1)
    assert store(written, late) == (0, 1)
    assert all_of(written, s.near_copy, "left_version", "right_version") == [(1, 5), (1, 6), (5, 6)]


def test_a_story_that_is_printed_everywhere_is_compared_with_a_few_of_its_reprints(written: sa.Connection) -> None:
    """All of them are copies of one story, and their pairs grow with their number, not with its square."""
    text = write_march(random.Random(1), "Leeds", "low pay", 100)
    for batch in range(4):
        numbers = range(batch * 30, batch * 30 + 30)
        reprints = [
            Reading(report=Report(text=f"{text} Paper {number}.", given_id=f"p{number}"), events=(event(f"e{number}", 1),))
            for number in numbers
        ]
        assert store(written, *reprints) == (0, 30 - (batch == 0))
    pairs = all_of(written, s.near_copy, "left_version", "right_version")
    assert len(pairs) < 120 * 20, len(pairs)
    assert len(set(copy_groups(written).values())) == 1
    assert len(copy_groups(written)) == 120


def test_versions_of_one_report_are_no_copies_of_each_other(written: sa.Connection) -> None:
    """A corrected article does not attest itself."""
    text = write_march(random.Random(1), "Leeds", "low pay", 100)
    for more in ("", " Corrected."):
        store(written, Reading(report=Report(text=text + more, given_id="r"), events=(event("e", 1),)))
    assert all_of(written, s.near_copy) == []


def test_problems_are_kept_once(written: sa.Connection) -> None:
    """Within a batch and over batches; with what a database refuses taken out."""
    problem = Problem(stage="sources", record="a\0b", reason="bad \ud800 line")
    for expected in (1, 0):
        rows = Rows()
        assert store_problems(written, rows, [problem, problem], run_id=1) == expected
        rows.insert(written)
    assert all_of(written, s.problem, "record", "reason") == [("a\ufffdb", "bad \ufffd line")]


def test_what_is_known_is_found_among_many(written: sa.Connection) -> None:
    """More values than one question takes are asked in several."""
    many = [Reading(report=Report(text=f"x{number}", given_id=f"r{number}")) for number in range(ASKED_AT_ONCE + 5)]
    store(written, *many)
    hashes = {hash_content(one.report) for one in many}
    assert known_contents(written, [*hashes, "unknown"]) == hashes
    assert known_problems(written, [hash_problem("a", "b", "c")]) == set()
    found = current_versions(written, [one.report.report_id for one in many] + ["unknown"])
    assert {name: current.report.text for name, current in found.items()} == {f"r{n}": f"x{n}" for n in range(len(many))}
    assert next_id(written, s.version.c.version_id) == len(many) + 1


def test_many_rows_are_inserted_in_several_commands(record: sa.Engine) -> None:
    """More values than PostgreSQL takes in one command, and none at all, go in."""
    many = [{"name": f"n{number}", "value": "x" * (number % 3)} for number in range(20_011)]
    with writing(record) as connection:
        insert_rows(connection, s.state, many)
        insert_rows(connection, s.state, [])
        assert all_of(connection, s.state) == sorted(((row["name"], row["value"]) for row in many), key=repr)


def test_nothing_asked_finds_nothing(written: sa.Connection) -> None:
    """No question is put for an empty list."""
    assert known_contents(written, []) == set()
    assert current_versions(written, []) == {}
    assert list(in_chunks([])) == []


def test_an_id_goes_to_the_account_that_shares_most(written: sa.Connection) -> None:
    """The largest overlap first; what shares nothing keeps its own id, marked where another has it."""
    old = [("a", {"s1", "s2", "s3"}), ("b", {"s3", "s4"})]
    assert [one.event_id for one in carry_ids([event("x", 3, 4), event("y", 1, 3)], old)] == ["b", "a"]
    assert [one.event_id for one in carry_ids([event("a", 9), event("y", 1)], old)] == ["a-2", "a"]
    assert [one.event_id for one in carry_ids([event("a", 9), event("a", 8)], [])] == ["a", "a-2"]


@given(st.lists(st.sets(st.integers(0, 8), max_size=4), max_size=6), st.lists(st.sets(st.integers(0, 8), max_size=4), max_size=6))
def test_no_two_accounts_get_one_id(new: list[set[int]], old: list[set[int]]) -> None:
    """Whatever is shared, ids stay different, and an account only takes over an id of which it shares a statement."""
    before = [(f"o{number}", {f"s{one}" for one in told}) for number, told in enumerate(old)]
    events = [event(f"n{number}", *told) for number, told in enumerate(new)]
    carried = [one.event_id for one in carry_ids(events, before)]
    assert len(set(carried)) == len(events)
    shares = dict(before)
    for name, one in zip(carried, events, strict=True):
        assert name == one.event_id or {told.statement_id for told in one.statements} & shares[name]


def test_a_reader_waits_for_no_writer(record: sa.Engine) -> None:
    """While a batch is being stored the record can be read, as it was before."""
    with writing(record) as connection:
        values = dict.fromkeys(("reports_in", "coded", "screened_out", "duplicate", "failed"), 0)
        connection.execute(sa.insert(s.run).values(run_id=1, command="test", coder="c", started_at=NOW, **values))
        store(connection, full_reading())
        with reading(record) as other:
            assert all_of(other, s.report) == []
