"""Words for days: told from the day of publication and the tense, never from today (codebook section 3)."""

from __future__ import annotations

import datetime as dt
from calendar import isleap

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from headcount.codebook import table
from headcount.coding.dates import DateMention, DateReader
from headcount.text import tokenize

BOOK = table("dates")
DAY = dt.timedelta(days=1)
WEEKDAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
MONTHS = "January February March April May June July August September October November December".split()
PUBLISHED = st.dates(dt.date(1900, 1, 1), dt.date(2100, 12, 31))
TUESDAY = dt.date(2016, 8, 2)


def read(words: str, published: dt.date | None = TUESDAY) -> DateMention:
    """The one mention of a day in the words."""
    [mention] = DateReader(tokenize(words), published).mentions()
    return mention


def one(day: dt.date) -> tuple[dt.date, dt.date]:
    return day, day


def listed(name: str) -> list[str]:
    return [words for words in BOOK[name] if words != "why"]


@given(published=PUBLISHED, weekday=st.integers(0, 6), part=st.sampled_from(["", " night", " morning"]))
def test_a_weekday_of_the_past_is_the_latest(published: dt.date, weekday: int, part: str) -> None:
    """On or before publication, also told on that very day; a part of the day moves nothing."""
    [past, end] = read(f"marched on {WEEKDAYS[weekday]}{part}", published).past or ()
    assert past == end
    assert past.weekday() == weekday
    assert dt.timedelta(0) <= published - past < 7 * DAY


@given(published=PUBLISHED, weekday=st.integers(0, 6))
def test_last_friday_is_before_publication(published: dt.date, weekday: int) -> None:
    """ "Last Tuesday" told on a Tuesday is a week ago."""
    [past, _] = read(f"marched last {WEEKDAYS[weekday]}", published).past or ()
    assert past.weekday() == weekday
    assert DAY <= published - past <= 7 * DAY


@given(published=PUBLISHED, weekday=st.integers(0, 6))
def test_a_weekday_to_come(published: dt.date, weekday: int) -> None:
    """ "Next Saturday" lies after publication; "on Tuesday" told on a Tuesday is that day."""
    [ahead, _] = read(f"will march next {WEEKDAYS[weekday]}", published).future or ()
    assert ahead.weekday() == weekday
    assert DAY <= ahead - published <= 7 * DAY
    [ahead, _] = read(f"will march on {WEEKDAYS[weekday]}", published).future or ()
    assert ahead.weekday() == weekday
    assert dt.timedelta(0) <= ahead - published < 7 * DAY


@given(published=PUBLISHED, words=st.sampled_from(["last weekend", "at the weekend", "over the weekend"]))
def test_last_weekend_is_over(published: dt.date, words: str) -> None:
    """The latest Saturday and Sunday that both lie before publication: on a Sunday, those of the week before."""
    mention = read(f"marched {words}", published)
    [saturday, sunday] = mention.past or ()
    assert (saturday.weekday(), sunday.weekday(), sunday - saturday) == (5, 6, DAY)
    assert DAY <= published - sunday <= 7 * DAY
    assert mention.precision == "range"


@given(published=PUBLISHED)
def test_today_and_yesterday(published: dt.date) -> None:
    """Told from publication."""
    for words in ("today", "tonight", "this morning"):
        assert read(f"marched {words}", published).past == one(published)
    for words in ("yesterday", "last night"):
        assert read(f"marched {words}", published).past == one(published - DAY)


@given(published=PUBLISHED, day=st.dates(dt.date(2015, 1, 1), dt.date(2015, 12, 31)), american=st.booleans())
def test_a_day_without_a_year(published: dt.date, day: dt.date, american: bool) -> None:
    """ "14 June": for a held event the latest on or before publication, for a planned one the first on or after it."""
    words = f"{MONTHS[day.month - 1]} {day.day}" if american else f"{day.day} {MONTHS[day.month - 1]}"
    mention = read(f"on {words}", published)
    past, future = (mention.past or (None,))[0], (mention.future or (None,))[0]
    assert past is not None
    assert future is not None
    assert (past.month, past.day) == (future.month, future.day) == (day.month, day.day)
    assert past <= published <= future
    assert published.replace(year=published.year - 1, day=min(published.day, 28)) - 4 * DAY < past
    assert (past == future) == (past == published)


FORMS = ["on {d} {m} {y}", "on {m} {d}, {y}", "on the {d}th of {m} {y}", "on {w}, {m} {d}, {y}", "on {w} {d} {m} {y}", "on {iso}"]


@given(published=st.none() | PUBLISHED, day=st.dates(dt.date(1901, 1, 1), dt.date(2099, 12, 31)), form=st.sampled_from(FORMS))
@example(published=None, day=dt.date(2016, 2, 29), form=FORMS[0])
@example(published=dt.date(2015, 3, 1), day=dt.date(2016, 2, 29), form=FORMS[1])
def test_a_full_date_is_that_day(published: dt.date | None, day: dt.date, form: str) -> None:
    """In every form of newspapers, past and future, whenever published or never: the text wins."""
    words = form.format(d=day.day, m=MONTHS[day.month - 1], y=day.year, w=WEEKDAYS[day.weekday()], iso=day.isoformat())
    mention = read(words, published)
    assert mention.past == mention.future == one(day)
    assert mention.year_given


@pytest.mark.parametrize(
    "words",
    [
        *listed("relative"),
        *listed("weekends"),
        "on Saturday",
        "last Friday",
        "next Saturday",
        "Monday night",
        "three days ago",
        "on 14 June",
        "June 14",
        "on May Day",
        "on Good Friday",
    ],
)
def test_without_publication_a_relative_day_stays_null(words: str) -> None:
    """Today's date is never used: the words are found, no day is fixed."""
    mention = read(f"marched {words}", None)
    assert (mention.past, mention.future) == (None, None)


def test_a_year_in_the_text_holds_for_the_days_after_it() -> None:
    """Without a day of publication, "on 12 September" behind "7 March 2020" is in 2020."""
    first, second = DateReader(tokenize("On 7 March 2020 they met. On 12 September they marched."), None).mentions()
    assert (first.past, second.past) == (one(dt.date(2020, 3, 7)), one(dt.date(2020, 9, 12)))


@pytest.mark.parametrize("words", listed("anchors"))
def test_an_anchor_hangs_on_the_event_before(words: str) -> None:
    """ "The same day", "the previous night": days from the event that the text names just before, none of its own."""
    mention = read(f"They marched {words}.")
    assert (mention.kind, mention.past, mention.future, mention.offset) == ("anchor", None, None, BOOK["anchors"][words])


@pytest.mark.parametrize(("words", "offset"), [("two days later", 2), ("three days earlier", -3), ("a week later", None)])
def test_counted_days_from_the_event_before(words: str, offset: int | None) -> None:
    """ "Two days later" is counted; a week later fixes no day."""
    mention = read(f"They marched {words}.")
    assert (mention.past, mention.offset) == (None, offset)


@pytest.mark.parametrize(("words", "weekday", "offset"), [("the following Sunday", 6, 1), ("the previous Friday", 4, -1)])
def test_a_weekday_told_from_the_event_before(words: str, weekday: int, offset: int) -> None:
    """ "The following Sunday" hangs on the event before, not on publication."""
    mention = read(f"They marched {words}.")
    assert (mention.kind, mention.weekday, mention.offset, mention.past) == ("anchor", weekday, offset, None)


@pytest.mark.parametrize("words", listed("vague"))
def test_words_that_fix_no_day_keep_their_precision(words: str) -> None:
    """ "Last week", "earlier this month", "recently": no day, but week, month or year."""
    mention = read(f"They marched {words}.")
    assert (mention.past, mention.future, mention.precision) == (None, None, BOOK["vague"][words])


@pytest.mark.parametrize(
    "words",
    ["29 February 2015", "February 29, 2015", "31 June", "31 June 2016", "2016-02-30", "31/02/2016", "0 May", "32 May", "99 March"],
)
def test_a_day_that_is_none_fixes_none(words: str) -> None:
    """No month has 32 days, and 2015 had no 29 February."""
    assert all((m.past, m.future) == (None, None) for m in DateReader(tokenize(f"marched on {words}"), TUESDAY).mentions())


@pytest.mark.parametrize(
    ("published", "past", "future"),
    [
        (dt.date(2016, 2, 29), 2016, 2016),
        pytest.param(dt.date(2016, 8, 2), 2016, 2020),
        pytest.param(dt.date(2017, 3, 1), 2016, 2020),
        pytest.param(dt.date(2019, 3, 1), 2016, 2020),
        pytest.param(dt.date(2021, 1, 1), 2020, 2024),
    ],
)
@pytest.mark.parametrize("words", ["29 February", "February 29"])
def test_a_leap_day_without_a_year(words: str, published: dt.date, past: int, future: int) -> None:
    """The latest 29 February on or before publication, the first on or after it, be it years away."""
    assert isleap(past)
    assert isleap(future)
    mention = read(f"on {words}", published)
    assert (mention.past, mention.future) == (one(dt.date(past, 2, 29)), one(dt.date(future, 2, 29)))


@pytest.mark.parametrize(
    ("words", "first", "last"),
    [
        ("from 14 to 16 June", (6, 14), (6, 16)),
        ("June 14-16", (6, 14), (6, 16)),
        ("June 30 to July 2", (6, 30), (7, 2)),
        ("on 18 and 19 July", (7, 18), (7, 19)),
        ("from December 30 to January 2", (12, 30), (1, 2)),
    ],
)
def test_a_run_of_days(words: str, first: tuple[int, int], last: tuple[int, int]) -> None:
    """Both ends, over the end of a month and of a year."""
    [start, end] = read(words).past or ()
    assert ((start.month, start.day), (end.month, end.day)) == (first, last)
    assert dt.timedelta(0) < end - start < 5 * DAY


@pytest.mark.parametrize(
    "words", ["In 2016", "Room 2016", "marched to the sun", "it may rain", "the march", "second", "We sat down", "Mark was there"]
)
def test_words_that_are_no_day(words: str) -> None:
    """Words that other tools take for days: "we", "sun", "sat", "may", "march"."""
    assert [m for m in DateReader(tokenize(words), TUESDAY).mentions() if m.past or m.future] == []


TOKENS = st.sampled_from(
    [
        *WEEKDAYS,
        *MONTHS,
        *listed("relative"),
        *listed("weekends"),
        *listed("vague"),
        *listed("anchors"),
        *listed("holidays"),
        *listed("floating"),
        *listed("easter"),
        "May Day",
        "Easter Monday",
        "Labor Day",
        "Sept.",
        "last",
        "next",
        "the",
        "following",
        "previous",
        "early",
        "late",
        "this",
        "of",
        "and",
        "to",
        "-",
        "/",
        ",",
        "(",
        ".",
        "1",
        "2",
        "29",
        "30",
        "31",
        "32",
        "0",
        "1900",
        "2016",
        "2099",
        "2100",
        "9999",
        "99999999",
        "14th",
        "4/7/20",
        "2016-02-30",
        "1.2.3",
        "days",
        "weeks",
        "later",
        "ago",
        "people",
    ]
)


@given(words=st.lists(TOKENS, max_size=12).map(" ".join), published=st.none() | st.dates())
@example(words="yesterday tomorrow last weekend next Saturday on 29 February", published=dt.date.min)
@example(words="yesterday tomorrow next weekend next Saturday on 31 December", published=dt.date.max)
def test_any_words_on_any_day_are_read_without_an_error(words: str, published: dt.date | None) -> None:
    """From the first day of the calendar to the last: mentions in order, apart, each start on or before its end."""
    text = tokenize(words)
    mentions = DateReader(text, published).mentions()
    at = 0
    for mention in mentions:
        assert at <= mention.first < mention.end <= len(text.words)
        at = mention.end
        for days in (mention.past, mention.future):
            assert days is None or days[0] <= days[1]


@pytest.mark.parametrize(
    ("words", "past", "future"),
    [
        ("on Thursday, May 25,", dt.date(2023, 5, 25), dt.date(2023, 5, 25)),
        ("on Wednesday 3 May", dt.date(2023, 5, 3), dt.date(2023, 5, 3)),
        ("on Tuesday 2 June", dt.date(2022, 6, 2), dt.date(2023, 6, 2)),
        ("on 25 May", dt.date(2022, 5, 25), dt.date(2023, 5, 25)),
    ],
)
def test_a_weekday_before_a_date_fixes_its_year(words: str, past: dt.date, future: dt.date) -> None:
    """ "Thursday, May 25" told on 18 May 2023 is to come: in 2022 it was a Wednesday. One that fits no year fixes none."""
    mention = read(words, dt.date(2023, 5, 18))
    assert (mention.past, mention.future) == (one(past), one(future))
