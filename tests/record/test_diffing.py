"""What a recoding would change is told before it is accepted, and nothing else is."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from databases import dump
from headcount.record import ledger
from headcount.record.diffing import (
    EventChange,
    StatementChange,
    diff_events,
    diff_statements,
    find_lost_decisions,
    plan_accepted,
    summarise,
)
from headcount.record.engine import reading, writing
from keeping import (
    CARDIFF,
    LEEDS,
    LEEDS_TOO,
    NEWS,
    NOW,
    Otherwise,
    accept,
    events_of,
    findings,
    keep,
    link,
    nothing,
    police_counted,
    recode,
    report,
    statement_of,
    without,
)


@pytest.fixture
def kept(lite: sa.Engine) -> sa.Engine:
    """Two reports of one march, one of a picket, one of no event."""
    keep(lite, report("a", LEEDS), report("b", LEEDS_TOO), report("c", CARDIFF), report("d", NEWS))
    link(lite)
    return lite


def statements_of(engine: sa.Engine) -> list[StatementChange]:
    with reading(engine) as connection:
        return list(diff_statements(connection))


def changes_of(engine: sa.Engine) -> list[EventChange]:
    with reading(engine) as connection:
        return list(diff_events(connection, plan_accepted(connection)))


def summary_of(engine: sa.Engine) -> dict[str, int]:
    with reading(engine) as connection:
        found = summarise(connection, plan_accepted(connection))
        return {name: number for name, number in found.items() if number}


def test_nothing_staged_is_no_difference(kept: sa.Engine) -> None:
    """Neither is the same reading under another coder's name."""
    assert summary_of(kept) == {}
    recode(kept)
    assert summary_of(kept) == {"reports": 4}
    assert (statements_of(kept), changes_of(kept)) == ([], [])


def test_the_same_words_with_another_value_are_a_change(kept: sa.Engine) -> None:
    """One line for what one coder reads as 900 and the other as 950, with the words and both ids."""
    recode(kept, reader=Otherwise(a=police_counted(950)))
    (change,) = statements_of(kept)
    assert (change.kind, change.report_id, change.variable) == ("changed", "a", "size")
    assert (change.before, change.after, "900" in change.quote) == ("900", "950", True)
    assert (change.statement_id, change.reviewed) == ("s-950", False)


def test_statements_that_are_gained_and_lost_are_told(kept: sa.Engine) -> None:
    """Both ways: what the new coder leaves out is lost, and gained again when the old way of reading comes back."""
    recode(kept, reader=Otherwise(a=without("arrests")))
    assert [(one.kind, one.variable, one.before) for one in statements_of(kept)] == [("lost", "arrests", 3)]
    accept(kept)
    recode(kept, coder="coder 3")
    assert [(one.kind, one.variable, one.after) for one in statements_of(kept)] == [("gained", "arrests", 3)]


def test_an_event_is_told_with_the_columns_that_change(kept: sa.Engine) -> None:
    """The event of the two reports, its size and the list of its sizes; no column that stays, no id of a statement."""
    before = events_of(kept)
    recode(kept, reader=Otherwise(a=police_counted(700)))
    changes = changes_of(kept)
    assert [(one.kind, one.event_id) for one in changes] == [("changed", before[0].event_id)]
    assert set(changes[0].columns) == {"size_low", "sizes"}
    assert changes[0].columns["size_low"] == (900, 700)
    assert "Leeds" in changes[0].label


def test_what_the_diff_says_is_what_accepting_does(kept: sa.Engine) -> None:
    """Event by event the values that were told are those that the record then holds, and nothing was written to tell them."""
    recode(kept, reader=Otherwise(a=police_counted(700), c=nothing))
    stored = dump(kept)
    told = {one.event_id: one for one in changes_of(kept)}
    assert dump(kept) == stored
    before = {event.event_id: event for event in events_of(kept)}
    accept(kept)
    after = {event.event_id: event for event in events_of(kept)}
    assert {one for one, change in told.items() if change.kind == "gone"} == before.keys() - after.keys()
    for event_id in before.keys() & after.keys():
        columns = told[event_id].columns if event_id in told else {}
        assert (before[event_id].size_low != after[event_id].size_low) == ("size_low" in columns)
        if "size_low" in columns:
            assert columns["size_low"] == (before[event_id].size_low, after[event_id].size_low)
    assert findings(kept) == []


def test_an_event_that_is_told_for_the_first_time_is_gained(record: sa.Engine) -> None:
    """Under the id that it then has."""
    keep(record, report("c", CARDIFF), reader=Otherwise(c=nothing))
    link(record)
    recode(record)
    (change,) = changes_of(record)
    accept(record)
    assert (change.kind, change.event_id) == ("gained", events_of(record)[0].event_id)


def test_reviews_and_decisions_that_would_lose_their_object_are_told(kept: sa.Engine) -> None:
    """A reviewed number that is read otherwise, and a judgement about an account that is told no more; the others are not named."""
    march, picket = events_of(kept)
    arrests = statement_of(kept, "arrests", "a")
    with writing(kept) as connection:
        lost = ledger.judge(connection, march.event_id, picket.event_id, "different", by="ann", at=NOW)
        ledger.judge(connection, march.candidates[0], march.candidates[1], "same", by="ann", at=NOW)
        ledger.review(connection, arrests, "accept", by="ann", at=NOW)
        ledger.review(connection, statement_of(kept, "size", "b"), "accept", by="ann", at=NOW)
    link(kept)
    recode(kept, reader=Otherwise(a=without("arrests"), c=nothing))
    assert [one.lost_id for one in statements_of(kept) if one.reviewed] == [arrests]
    with reading(kept) as connection:
        decisions = find_lost_decisions(connection)
    assert [(one.decision, one.accounts) for one in decisions] == [(lost.decision, picket.candidates)]
    summary = summary_of(kept)
    assert (summary["reviews_lost"], summary["decisions_lost"], summary["events_gone"]) == (1, 1, 1)


def test_a_review_whose_statement_was_lost_counts_again_when_it_is_told_again(kept: sa.Engine) -> None:
    """Nothing that a person said is thrown away with a reading."""
    police = next(one.statement_id for one in events_of(kept)[0].sizes if one.low == 900)
    assert police is not None
    with writing(kept) as connection:
        ledger.review(connection, police, "replace", value="100", by="ann", at=NOW)
    link(kept)
    recode(kept, reader=Otherwise(a=police_counted(950)))
    accept(kept)
    assert events_of(kept)[0].size_low == 950
    recode(kept, coder="coder 3")
    accept(kept)
    assert events_of(kept)[0].size_low == 100


def test_on_either_database(record: sa.Engine) -> None:
    """The same differences are told of a PostgreSQL database."""
    keep(record, report("a", LEEDS), report("b", LEEDS_TOO), report("c", CARDIFF), report("d", NEWS))
    link(record)
    recode(record, reader=Otherwise(a=police_counted(950), c=nothing))
    summary = summary_of(record)
    assert {name: summary[name] for name in ("reports", "statements_changed", "events_changed", "events_gone")} == {
        "reports": 4, "statements_changed": 1, "events_changed": 1, "events_gone": 1,
    }  # fmt: skip
