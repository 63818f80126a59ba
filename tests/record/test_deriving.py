"""Events are derived from what reports say and people decided: safe to delete, and made again alike."""

from __future__ import annotations

import itertools
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa

from databases import dump, new_record
from headcount.codebook import table
from headcount.linkage import blocking
from headcount.models import Event
from headcount.record import schema as s
from headcount.record.deriving import Derived, derive_anew, derive_events, is_up_to_date
from headcount.record.engine import connect, reading, writing
from keeping import CARDIFF, LEEDS, LEEDS_TOO, NEWS, events_of, findings, keep, link, report

COPY = LEEDS + " More follows from our reporter in the city later this evening."


def up_to_date(engine: sa.Engine) -> bool:
    with reading(engine) as connection:
        return is_up_to_date(connection)


def written_events(engine: sa.Engine) -> dict[str, str]:
    with reading(engine) as connection:
        return {row.event_id: row.fingerprint for row in connection.execute(sa.select(s.event))}


def without_ids(events: list[Event]) -> list[str]:
    return sorted(repr(replace(one, event_id="", candidates=tuple(sorted(one.candidates)))) for one in events)


def test_two_papers_make_one_event_of_two_witnesses(record: sa.Engine) -> None:
    """Every number stays with who claims it, the range holds all of them, and each column leads to statements."""
    keep(record, report("a", LEEDS), report("b", LEEDS_TOO), report("c", CARDIFF))
    assert link(record).events == 2
    event = next(one for one in events_of(record) if one.locality == "Leeds")
    claimed = {(one.low, one.claimant_role, one.report_id) for one in event.sizes}
    assert claimed >= {(900, "police", "a"), (2000, "organisers", "a")}
    assert {report_id for _, _, report_id in claimed} == {"a", "b"}
    assert (event.size_low, event.size_high, event.witnesses) == (900, 2000, 2)
    assert sorted(event.reports) == ["a", "b"]
    assert event.lineage["locality"]
    assert findings(record) == []


def test_deriving_again_changes_nothing(record: sa.Engine) -> None:
    """Not a row, and the record knows that it is up to date until something is added."""
    keep(record, report("a", LEEDS), report("b", LEEDS_TOO), report("c", CARDIFF))
    assert not up_to_date(record)
    link(record)
    assert up_to_date(record)
    before = dump(record)
    again = link(record)
    assert dump(record) == before
    assert (again.new, again.changed, again.merged, again.gone) == (0, 0, 0, 0)
    keep(record, report("d", CARDIFF + " Buses were full.", published="2022-11-09"))
    assert not up_to_date(record)


def test_other_rules_of_linkage_derive_anew(record: sa.Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """A threshold of linkage.toml that was moved, or a constant of the code: the next link does not call the events up to date."""
    keep(record, report("a", LEEDS), report("b", LEEDS_TOO))
    link(record)
    with monkeypatch.context() as changed:
        changed.setitem(table("linkage")["thresholds"], "same", 99.0)
        assert not up_to_date(record)
    assert up_to_date(record)
    with monkeypatch.context() as changed:
        changed.setattr(blocking, "WINDOW", blocking.WINDOW + 1)
        assert not up_to_date(record)
    assert up_to_date(record)


def test_deleted_events_come_back_as_they_were(record: sa.Engine) -> None:
    """All that is derived can be made anew; ids stay."""
    keep(record, report("a", LEEDS), report("b", LEEDS_TOO), report("c", CARDIFF))
    link(record)
    before = dump(record)
    with writing(record) as connection:
        connection.execute(sa.delete(s.comparison))
        derive_anew(connection)
    assert dump(record) == before


def test_only_what_changed_is_written(record: sa.Engine) -> None:
    """A new report of one event leaves the rows of the others alone."""
    keep(record, report("a", LEEDS), report("c", CARDIFF))
    link(record)
    before = written_events(record)
    keep(record, report("b", LEEDS_TOO))
    told = link(record)
    after = written_events(record)
    assert (told.events, told.new, told.changed) == (2, 0, 1)
    assert before.keys() == after.keys()
    assert sum(before[name] == after[name] for name in before) == 1


def test_near_copies_are_no_witnesses(record: sa.Engine) -> None:
    """One story in three papers is one witness, before and after a paper of its own words comes."""
    keep(record, report("wire", LEEDS), report("paper", COPY), report("radio", "From the wires. " + LEEDS))
    link(record)
    [event] = events_of(record)
    assert (event.witnesses, len(event.reports)) == (1, 3)
    keep(record, report("own", LEEDS_TOO))
    link(record)
    [event] = events_of(record)
    assert (event.witnesses, len(event.reports)) == (2, 4)


def test_a_new_version_takes_the_place_of_the_old(record: sa.Engine) -> None:
    """The event keeps its id, and the number of the new version; the old one is no second witness."""
    keep(record, report("a", LEEDS))
    link(record)
    [before] = events_of(record)
    keep(record, report("a", LEEDS.replace("900", "1,200")))
    link(record)
    [after] = events_of(record)
    assert after.event_id == before.event_id
    assert (before.size_low, after.size_low) == (900, 1200)
    assert (after.witnesses, after.reports) == (1, ("a",))
    assert findings(record) == []


def test_an_event_that_no_version_tells_of_is_gone(record: sa.Engine) -> None:
    """A report that takes its story back takes the event back; its id says so and is never used again."""
    keep(record, report("a", LEEDS))
    link(record)
    [before] = events_of(record)
    keep(record, report("a", NEWS))  # the same id and title
    told = link(record)
    assert told.gone == 1
    assert events_of(record) == []
    with reading(record) as connection:
        [name] = connection.execute(sa.select(s.event_name)).all()
    assert (name.event_id, name.state) == (before.event_id, "gone")


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_the_order_of_reports_makes_no_difference(order: tuple[int, ...], tmp_path: Path) -> None:
    """Linked after each or at the end, in any order: the same events, but for their ids."""

    told = [report("a", LEEDS), report("b", LEEDS_TOO), report("c", COPY)]
    found = []
    for sequence, often in ((range(3), False), (order, True)):
        with new_record("sqlite", tmp_path) as name:
            engine = connect(name)
            for number in sequence:
                keep(engine, told[number])
                if often:
                    link(engine)
            link(engine)
            found.append(without_ids(events_of(engine)))
            engine.dispose()
    assert found[0] == found[1]


def test_both_databases_derive_the_same(tmp_path: Path) -> None:
    """Every row that is derived is equal, ids and scores included."""

    dumps = []
    for kind in ("sqlite", "postgresql"):
        with new_record(kind, tmp_path) as name:
            engine = connect(name)
            keep(engine, report("a", LEEDS), report("b", LEEDS_TOO), report("C", COPY), report("ä", CARDIFF), report("Z", NEWS))
            link(engine)
            dumps.append(dump(engine))
            engine.dispose()
    assert dumps[0] == dumps[1]


def test_an_empty_record_has_no_events(record: sa.Engine) -> None:
    """Nothing to link is no error."""
    assert link(record) == Derived(candidates=0, events=0, new=0, changed=0, merged=0, gone=0)
    assert up_to_date(record)


def test_a_derivation_that_is_cut_off_leaves_the_events_before(record: sa.Engine) -> None:
    """It is one transaction: an error at its last step takes all of it back."""
    keep(record, report("a", LEEDS))
    link(record)
    keep(record, report("b", LEEDS_TOO), report("c", CARDIFF))
    before = dump(record)

    def fail(step: str) -> None:
        if step == "events written":
            raise ZeroDivisionError

    def derive() -> None:
        with writing(record) as connection:
            derive_events(connection, on_step=fail)

    with pytest.raises(ZeroDivisionError):
        derive()
    assert dump(record) == before
    assert not up_to_date(record)
