"""People's decisions come first, are never undone by a re-run, and can all be taken back."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from headcount.record import ledger
from headcount.record import schema as s
from headcount.record.engine import reading, writing
from keeping import CARDIFF, LEEDS, LEEDS_TOO, NOW, events_of, findings, keep, link, report

BY = {"by": "ann", "at": NOW}


@pytest.fixture
def kept(lite: sa.Engine) -> sa.Engine:
    """Two reports of one march, and one of a picket in another town: two events."""
    keep(lite, report("a", LEEDS), report("b", LEEDS_TOO), report("c", CARDIFF))
    link(lite)
    assert [len(event.reports) for event in events_of(lite)] == [2, 1]
    return lite


def ids_of(engine: sa.Engine) -> dict[str, str]:
    """By report the id of its event."""
    return {one: event.event_id for event in events_of(engine) for one in event.reports}


def accounts_of_report(engine: sa.Engine, name: str) -> str:
    with reading(engine) as connection:
        return connection.execute(
            sa.select(s.candidate.c.candidate_id).where(s.candidate.c.report_id == name, s.candidate.c.live)
        ).scalar_one()


def test_a_split_parts_an_event_until_it_is_taken_back(kept: sa.Engine) -> None:
    """What linkage holds to be one stays two by a person's word, however often it is derived; the old id stays with its founder."""
    before = ids_of(kept)
    with writing(kept) as connection:
        decided = ledger.split(connection, before["a"], ["b"], note="another march", **BY)
    for _ in range(2):
        link(kept)
        assert len(set(ids_of(kept).values())) == 3
    assert before["a"] in ids_of(kept).values()
    assert findings(kept) == []
    with writing(kept) as connection:
        assert ledger.unjudge(connection, decided.decision, **BY) == 1
    link(kept)
    assert ids_of(kept) == before
    assert findings(kept) == []


def test_a_merge_joins_what_linkage_keeps_apart_and_the_old_id_leads_on(kept: sa.Engine) -> None:
    """A march in Leeds and a picket in Cardiff are one event if a person says so."""
    before = ids_of(kept)
    with writing(kept) as connection:
        ledger.merge(connection, [before["a"], before["c"]], **BY)
    link(kept)
    (event,) = events_of(kept)
    assert set(event.reports) == {"a", "b", "c"}
    with reading(kept) as connection:
        assert {ledger.follow(connection, name) for name in before.values()} == {event.event_id}
    assert findings(kept) == []


def test_same_after_different_joins_all_accounts_again(kept: sa.Engine) -> None:
    """Different of two events is written for each pair of their accounts; the same word of a person takes all of it back."""
    before = ids_of(kept)
    with writing(kept) as connection:
        ledger.judge(connection, before["a"], before["c"], "different", **BY)
    link(kept)
    with writing(kept) as connection:
        ledger.judge(connection, before["a"], before["c"], "same", **BY)
    derived = link(kept)
    assert len(set(ids_of(kept).values())) == 1
    assert derived.overruled == ()


def test_one_event_is_not_joined_with_itself(kept: sa.Engine) -> None:
    """Two ids that lead to one event, or an event and its own account, cannot be merged or judged."""
    before = ids_of(kept)
    account = accounts_of_report(kept, "b")
    with writing(kept) as connection:
        for wrong in ([before["a"], before["b"]], [before["a"], account], [before["a"]]):
            with pytest.raises(ValueError, match=r"one event already|at least two"):
                ledger.merge(connection, wrong, **BY)
        with pytest.raises(ValueError, match="headcount split"):
            ledger.judge(connection, before["a"], account, "same", **BY)
        assert connection.execute(sa.select(sa.func.count()).select_from(s.judgement)).scalar_one() == 0


def test_a_split_names_each_account_once(kept: sa.Engine) -> None:
    """An account told by its report and by its own id is one account; the whole event cannot be taken out of itself."""
    before, account = ids_of(kept), accounts_of_report(kept, "b")
    with writing(kept) as connection:
        assert len(ledger.split(connection, before["a"], ["b", account], **BY).pairs) == 1
        with pytest.raises(ValueError, match="no account left"):
            ledger.split(connection, before["a"], ["a", "b"], **BY)
        with pytest.raises(ValueError, match="at least one account"):
            ledger.split(connection, before["a"], [], **BY)
        with pytest.raises(ledger.UnknownIdError, match="no account or report of this event"):
            ledger.split(connection, before["a"], ["c"], **BY)


def test_the_newest_decision_holds(kept: sa.Engine) -> None:
    """Of two people who contradict each other the later is followed, and the earlier is told as overruled, not lost."""
    before = ids_of(kept)
    with writing(kept) as connection:
        ledger.split(connection, before["a"], ["b"], **BY)
        ledger.judge(connection, accounts_of_report(kept, "a"), accounts_of_report(kept, "b"), "same", **BY)
    link(kept)
    assert ids_of(kept)["a"] == ids_of(kept)["b"]
    with reading(kept) as connection:
        assert connection.execute(sa.select(sa.func.count()).select_from(s.judgement)).scalar_one() == 2


def test_a_decision_is_taken_back_once(kept: sa.Engine) -> None:
    """A number that the record does not know, and one that was taken back before, are told apart."""
    before = ids_of(kept)
    with writing(kept) as connection:
        decided = ledger.judge(connection, before["a"], before["c"], "unsure", **BY)
        ledger.unjudge(connection, decided.decision, **BY)
        with pytest.raises(ValueError, match="taken back before"):
            ledger.unjudge(connection, decided.decision, **BY)
        with pytest.raises(ledger.UnknownIdError):
            ledger.unjudge(connection, 99, **BY)
        rows = connection.execute(sa.select(s.judgement.c.reverted_by)).scalars().all()
    assert set(rows) == {"ann"}


def test_a_withdrawal_says_why_and_can_be_undone(kept: sa.Engine) -> None:
    """The event is in no answer, its id tells the reason, and restoring brings it back under its id."""
    before = ids_of(kept)
    with writing(kept) as connection:
        with pytest.raises(ValueError, match="a reason"):
            ledger.withdraw(connection, before["c"], reason=" ", **BY)
        ledger.withdraw(connection, before["c"], reason="a film set", **BY)
    link(kept)
    assert "c" not in ids_of(kept)
    assert findings(kept) == []
    with writing(kept) as connection:
        assert "withdrawn on 1 Jan 2026: a film set" in ledger.say_why_gone(connection, before["c"])
        with pytest.raises(ValueError, match="withdrawn"):
            ledger.withdraw(connection, before["c"], reason="again", **BY)
        ledger.restore(connection, before["c"])
        with pytest.raises(ValueError, match="not withdrawn"):
            ledger.restore(connection, before["c"])
    link(kept)
    assert ids_of(kept) == before


def test_one_withdrawn_and_another_restored_are_derived_anew(kept: sa.Engine) -> None:
    """As many events are withdrawn as before, but not the same: the record does not take itself to be up to date."""
    before = ids_of(kept)
    with writing(kept) as connection:
        ledger.withdraw(connection, before["c"], reason="a film set", **BY)
    link(kept)
    with writing(kept) as connection:
        ledger.restore(connection, before["c"])
        ledger.withdraw(connection, before["a"], reason="another film set", **BY)
    assert [one.check for one in findings(kept) if one.check == "derived"] == ["derived"]
    link(kept)
    assert list(ids_of(kept)) == ["c"]
    assert findings(kept) == []


def test_an_unknown_id_is_told(kept: sa.Engine) -> None:
    """No decision is written about what the record does not hold."""
    with writing(kept) as connection:
        for call in (
            lambda: ledger.judge(connection, "ev-none", ids_of(kept)["a"], "same", **BY),
            lambda: ledger.review(connection, "s-none", "accept", **BY),
            lambda: ledger.unreview(connection, 7, **BY),
            lambda: ledger.withdraw(connection, "ev-none", reason="x", **BY),
            lambda: ledger.restore(connection, "ev-none"),
        ):
            with pytest.raises(ledger.UnknownIdError):
                call()
        with pytest.raises(ValueError, match="expected same, different, unsure"):
            ledger.judge(connection, ids_of(kept)["a"], ids_of(kept)["c"], "maybe", **BY)  # type: ignore[arg-type]


def test_on_either_database(record: sa.Engine) -> None:
    """Split, merged, withdrawn and taken back in a PostgreSQL database as in a file."""
    keep(record, report("a", LEEDS), report("b", LEEDS_TOO), report("c", CARDIFF))
    link(record)
    before = ids_of(record)
    with writing(record) as connection:
        parted = ledger.split(connection, before["a"], ["b"], **BY)
        joined = ledger.merge(connection, [before["a"], before["c"]], **BY)
        ledger.withdraw(connection, before["c"], reason="a film set", **BY)
    link(record)
    assert findings(record) == []
    with writing(record) as connection:
        for decided in (parted, joined):
            ledger.unjudge(connection, decided.decision, **BY)
        ledger.restore(connection, before["c"])
    link(record)
    assert ids_of(record) == before
    assert findings(record) == []
