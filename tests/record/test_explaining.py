"""From every value to its words: over a record of the sample reports, and over single sentences."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa

import headcount
from headcount.gazetteer import Gazetteer
from headcount.models import CandidateEvent, Event, Span
from headcount.record import ledger
from headcount.record.asking import find_events
from headcount.record.deriving import derive_events
from headcount.record.engine import connect, reading, writing
from headcount.record.explaining import COLUMNS, TOLD, SentencesOf, explain_columns, find_event, load_accounts, load_ties
from headcount.record.pairing import load_decisions, load_joining, load_reviewed
from headcount.record.sentences import AROUND, Sentences
from headcount.record.weighing import say_how
from headcount.run.ingesting import ingest_reports
from headcount.sources import find_reports

SAMPLES = Path(headcount.__file__).parent / "samples"
NOW = dt.datetime(2026, 1, 1, 12)  # noqa: DTZ001


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return Gazetteer.open()


@pytest.fixture(scope="module")
def sentences_of(gazetteer: Gazetteer) -> SentencesOf:
    return lambda text: Sentences(text, gazetteer)


@pytest.fixture(scope="module")
def samples(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A record of all sample reports, linked."""
    path = tmp_path_factory.mktemp("samples") / "samples.db"
    engine = connect(str(path), create=True)
    ingest_reports(engine, find_reports([str(SAMPLES)]), record=str(path), command="test", coder="test", clock=lambda: NOW, jobs=1)
    with writing(engine) as connection:
        derive_events(connection)
    engine.dispose()
    return path


@pytest.fixture
def record(samples: Path, tmp_path: Path) -> Iterator[sa.Engine]:
    """A copy of it."""
    path = tmp_path / "copy.db"
    path.write_bytes(samples.read_bytes())
    engine = connect(str(path))
    yield engine
    engine.dispose()


def merged(connection: sa.Connection) -> Event:
    """The event that three reports tell of."""
    return next(one for one in find_events(connection) if len(one.reports) == 3)


def test_every_value_of_every_event_leads_to_words_in_their_report(record: sa.Engine, sentences_of: SentencesOf) -> None:
    """No statement is missing, each stands in its report, and no sentence is empty."""
    with reading(record) as connection:
        events = list(find_events(connection))
        assert len(events) > 100
        for event in events:
            for one in explain_columns(connection, event, load_accounts(connection, event, sentences_of), sentences_of):
                assert one.how
                assert not one.missing
                assert one.sources, (event.event_id, one.column)
                for source in one.sources:
                    assert source.sentence is not None
                    assert source.sentence.words


def test_every_column_can_be_asked_for(record: sa.Engine, sentences_of: SentencesOf) -> None:
    """Also one that no report tells; what is no column is refused with those that are."""
    with reading(record) as connection:
        event = merged(connection)
        accounts = load_accounts(connection, event, sentences_of)
        for column in COLUMNS:
            (one,) = explain_columns(connection, event, accounts, sentences_of, column=column)
            assert one.column == column
        with pytest.raises(ValueError, match="expected a column of an event"):
            explain_columns(connection, event, accounts, sentences_of, column="colour")
    assert set(TOLD) <= set(COLUMNS)


def test_the_words_of_a_value_stand_in_its_sentence(record: sa.Engine, sentences_of: SentencesOf) -> None:
    """The figure of the police is what decides the lowest end, in the sentence that gives it."""
    with reading(record) as connection:
        event = merged(connection)
        (size,) = explain_columns(connection, event, load_accounts(connection, event, sentences_of), sentences_of, column="size")
    assert dict(size.values)["size_low"] == 450
    lowest = next(one for one in size.sources if "lowest" in one.gives)
    assert lowest.sentence is not None
    assert lowest.sentence.words == "About 450 people"
    assert str(lowest.sentence).endswith("police said.")


def test_a_sentence_names_no_private_person(gazetteer: Gazetteer) -> None:
    """Names around the words are masked as in quotes."""
    text = 'About 500 people marched in Leeds. "We will be back," said Colette Marchbank, 41, a school cook.'
    sentences = Sentences(text, gazetteer)
    spoken = sentences.around(Span(start=text.index("back"), end=text.index("back") + 4))
    assert spoken is not None
    assert "Marchbank" not in str(spoken)
    assert "Colette" not in str(spoken)
    name = sentences.around(Span(start=text.index("Colette"), end=text.index("Colette") + 7))
    assert name is not None
    assert "Colette" not in str(name)


def test_a_title_names_no_private_person(gazetteer: Gazetteer) -> None:
    """Neither where the report names the person too, nor where the title alone does; a public figure is named."""
    text = "About 500 people marched in Leeds. A school cook, Colette Marchbank, 41, spoke. The mayor, Denis Farrow, did not."
    sentences = Sentences(text, gazetteer)
    for title in ("Colette Marchbank leads march", "Tobias Greenhalgh, 19, arrested at march"):
        shown = sentences.title(title)
        assert shown is not None
        assert shown.startswith("[name withheld]")
        assert shown.endswith("march")
    assert sentences.title("Denis Farrow stays away from march") == "Denis Farrow stays away from march"
    assert sentences.title(None) is None


def test_a_sentence_as_long_as_a_report_is_cut_around_the_words(gazetteer: Gazetteer) -> None:
    """Not more than so much on each side."""
    text = "and so " * 3000 + "500 marched " + "and on " * 3000
    at = text.index("500")
    found = Sentences(text, gazetteer).around(Span(start=at, end=at + 3))
    assert found is not None
    assert found.words == "500"
    assert len(str(found)) < 2 * AROUND + 20


def test_words_beyond_the_report_have_no_sentence(gazetteer: Gazetteer) -> None:
    """A span that points past the text is damage, not a crash."""
    assert Sentences("Short.", gazetteer).around(Span(start=2, end=70)) is None
    assert Sentences("", gazetteer).around(Span(start=0, end=0)) is None


def test_the_accounts_of_an_event_hang_together_by_their_strongest_pairs(record: sa.Engine) -> None:
    """For three accounts two pairs, each with reasons."""
    with reading(record) as connection:
        event = merged(connection)
        joined = load_joining(connection, event.event_id, event.candidates)
        assert len(joined.pairs) == 2
        assert {name for pair in joined.pairs for name in (pair.left, pair.right)} == set(event.candidates)
        assert all(pair.reasons for pair in joined.pairs)
        assert load_ties(connection, event.event_id) == ()


def test_ids_are_followed_and_their_end_is_told(record: sa.Engine) -> None:
    """After a merge the old id leads on, after a withdrawal it says why, and an account leads to its event."""
    with writing(record) as connection:
        events = list(find_events(connection))
        ledger.merge(connection, [events[0].event_id, events[-1].event_id], by="Ann", at=NOW)
        ledger.withdraw(connection, events[5].event_id, reason="a hoax", by="Ann", at=NOW)
        derive_events(connection)
    with reading(record) as connection:
        ends = {find_event(connection, one.event_id).event_id for one in (events[0], events[-1])}
        assert len(ends) == 1
        gone = find_event(connection, events[5].event_id)
        assert (gone.event, gone.state, gone.reason) == (None, "withdrawn", "withdrawn on 1 Jan 2026 by Ann: a hoax")
        assert find_event(connection, events[7].candidates[0]).event_id == events[7].event_id
        with pytest.raises(ledger.UnknownIdError, match="headcount events lists them"):
            find_event(connection, "ev-none")


def test_a_review_stands_beside_the_statement_that_it_is_about(record: sa.Engine, sentences_of: SentencesOf) -> None:
    """With the person's name and note; taken back it stands there no more, but in the list."""
    with writing(record) as connection:
        event = merged(connection)
        statement = event.lineage["size_low"][0]
        number = ledger.review(connection, statement, "replace", value="400", by="Ann", at=NOW, note="a slip")
        derive_events(connection)
    with reading(record) as connection:
        event = merged(connection)
        accounts = load_accounts(connection, event, sentences_of)
        (size,) = explain_columns(connection, event, accounts, sentences_of, column="size")
        told = {one.statement_id: one.review for one in size.sources}
        assert told[statement] is not None
        assert (told[statement].by, told[statement].note, told[statement].value) == ("Ann", "a slip", "400")
        assert event.size_low == 400
    with writing(record) as connection:
        ledger.unreview(connection, number, by="Ben", at=NOW)
        derive_events(connection)
        (listed,) = load_reviewed(connection)
        assert (listed.reverted_by, listed.quote, listed.event_id) == ("Ben", "About 450 people", event.event_id)


def test_a_split_is_one_decision_on_several_pairs(record: sa.Engine) -> None:
    """And of the event that it left it is told."""
    with writing(record) as connection:
        event = merged(connection)
        ledger.split(connection, event.event_id, [event.candidates[0]], by="Ann", at=NOW, note="another march")
        derive_events(connection)
        (made,) = load_decisions(connection)
        assert (made.by, made.note, len(made.pairs)) == ("Ann", "another march", 2)
        left = find_event(connection, event.candidates[1]).event
        assert left is not None
        assert load_joining(connection, left.event_id, left.candidates).decisions == (made,)


def test_how_a_value_was_weighed_is_told(record: sa.Engine) -> None:
    """By how many independent reports, copies taken together, and what outweighed what."""
    with reading(record) as connection:
        event = merged(connection)
    rally = CandidateEvent(event_id="e", event_type="rally", quote_span=Span(start=0, end=0))
    march = replace(rally, event_type="march")
    assert say_how(event, [(march, "a")], "event_type") == "one report says so"
    assert say_how(event, [(march, "a")], "claims") == "one report says so"
    assert say_how(event, [(march, "a"), (march, "b")], "claims") == "all that any report tells, the best supported first"
    assert say_how(event, [(march, "a"), (march, "b")], "deaths") == "no report tells any"
    assert say_how(event, [(march, "a"), (march, "a")], "event_type") == "one report says so, and its copies"
    assert say_how(event, [(march, "a"), (march, "b")], "event_type") == "all reports that tell it agree"
    assert say_how(event, [(march, "a"), (march, "b"), (rally, "c")], "event_type").startswith(
        "2 of 3 independent reports say so, more"
    )
    tied = say_how(event, [(march, "a"), (rally, "c"), (rally, "c")], "event_type")
    assert tied == "1 of 2 independent reports says so, as many as say otherwise: the more specific is taken"
    assert say_how(replace(event, status="planned"), [(march, "a")], "size") == (
        "an event that is planned has no size; a number expected beforehand is kept beside it"
    )
