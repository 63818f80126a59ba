"""The day that a report prints above its text stands for the day of publication, where the source gives none."""

from __future__ import annotations

import datetime as dt

import pytest

from headcount.coding.marks import mark
from headcount.coding.stamps import with_printed_day
from headcount.gazetteer import Gazetteer
from headcount.models import Report

BODY = "Some 300 dockers marched in Hull on Tuesday."
WEDNESDAY, TUESDAY = dt.date(2013, 3, 13), dt.date(2013, 3, 12)


@pytest.mark.parametrize(
    "head",
    [
        "Dockers march in Hull\nWed March 13, 2013 7:12pm GMT\n",
        "Dockers march in Hull\n13 March 2013\n",
        "PUBLISHED: WEDNESDAY, MARCH 13, 2013, 2:29 PM\nUPDATED: THURSDAY, MARCH 14, 2013, 9:31 AM\n",
        "Dockers march March 13 , 2013 00:00 IST ",
    ],
)
def test_a_printed_day_dates_the_weekdays(head: str, gazetteer: Gazetteer) -> None:
    """The first stamp is taken, is itself no day of an event, and leaves the id of the report as it was."""
    report = Report(text=head + BODY)
    marks = mark(report, gazetteer)
    assert marks.report.published == WEDNESDAY
    assert marks.report.report_id == report.report_id
    assert (TUESDAY, TUESDAY) in [date.past for date in marks.dates]
    assert marks.dates[0].past != (WEDNESDAY, WEDNESDAY)


@pytest.mark.parametrize(
    "head",
    [
        "Police hold a line in Hull on March 13, 2013\n",
        "Footage from March 13, 2013 showed a van.\n",
        "The dockers, who came out in 2012, won.\n",
        "03/04/13 2:39 PM\n",
        "March 13\n",
    ],
)
def test_a_day_in_a_sentence_is_no_stamp(head: str, gazetteer: Gazetteer) -> None:
    """Nor is one that could be of two months, or that lacks its year."""
    assert mark(Report(text=head + BODY), gazetteer).report.published is None


def test_a_known_day_of_publication_goes_first(gazetteer: Gazetteer) -> None:
    """What the source gives is never overruled by what is printed."""
    known = dt.date(2014, 1, 1)
    assert mark(Report(text="13 March 2013\n" + BODY, published=known), gazetteer).report.published == known


def test_linkage_is_told_the_printed_day() -> None:
    """A report whose source gives no day is placed in time by its head; one whose source gives one keeps that."""
    undated = Report(text="Dockers march in Hull\n13 March 2013\n" + BODY)
    assert with_printed_day(undated).published == WEDNESDAY
    assert with_printed_day(Report(text=undated.text, published=TUESDAY)).published == TUESDAY
    assert with_printed_day(Report(text=BODY)).published is None
