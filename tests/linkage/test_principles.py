"""What makes two accounts one event, and what does not: the principles of codebook/linkage.toml, case by case."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from headcount.linkage import Account, hash_words, judge_pair, link

SATURDAY = dt.date(2018, 5, 12)
LEEDS = {"locality": "Leeds", "state": "England", "country": "GB", "lat": 53.8, "lon": -1.55, "geonames_id": 2644688}
BRADFORD = {"locality": "Bradford", "state": "England", "country": "GB", "lat": 53.79, "lon": -1.75, "geonames_id": 2654993}
SHIPLEY = {"locality": "Shipley", "state": "England", "country": "GB", "lat": 53.83, "lon": -1.77, "geonames_id": 2637952}
LIBRARY = hash_words("readers and pensioners with lanterns against the closure of the Astley library by Mayor Ogden")


def account(name: str, **told: object) -> Account:
    """An account of a march in Leeds for a library, but for what is told otherwise."""
    values: dict[str, object] = {
        "candidate_id": f"{name}/1", "report_id": name, "event_type": "march", "published": SATURDAY + dt.timedelta(days=1),
        "date_start": SATURDAY, "date_end": SATURDAY, "date_precision": "day", "words": LIBRARY,
        "claims": ("against the closure of the Astley library",), "issues": ("education",), **LEEDS,
    }  # fmt: skip
    values.update(told)
    if "date_start" in told and "date_end" not in told:
        values["date_end"] = told["date_start"]
    return Account(**values)  # type: ignore[arg-type]


def joined(*accounts: Account) -> bool:
    """Whether all accounts are one event."""
    return len(set(link(accounts).cluster.tolist())) == 1


def test_conflicting_counts_are_one_event() -> None:
    """Police say 500 and organisers 2,000: that is the rule, not the exception."""
    assert joined(account("a", size_low=500, size_high=500), account("b", size_low=2000, size_high=2000))


@pytest.mark.parametrize("weeks", [1, 2, 4, 52])
def test_weeks_apart_are_two(weeks: int) -> None:
    """Same place, same cause, same words, a week apart: the pattern of every weekly protest."""
    later = SATURDAY + dt.timedelta(days=7 * weeks)
    assert not joined(account("a"), account("b", date_start=later, published=later))


def test_consecutive_days_are_two() -> None:
    """A protest on the day after is another, though cause and place are the same."""
    words = hash_words("candles and songs for the Astley library, where two children read poems by Tennyson to the crowd")
    assert not joined(account("a", size_low=500, size_high=500), account("b", date_start=SATURDAY + dt.timedelta(1), words=words))


def test_a_wrong_date_is_mended_by_the_same_words_and_figures() -> None:
    """One paper in twenty slips by a day; then all else is the same, to the odd figure."""
    slip = account("b", date_start=SATURDAY - dt.timedelta(1), size_low=1437, size_high=1437)
    assert joined(account("a", size_low=1437, size_high=1437), slip)


def test_a_counter_protest_is_never_the_event_that_it_targets() -> None:
    """Same town, day and words: two events, tied."""
    protest = account("a", macroevent="a/m")
    counter = account("a", candidate_id="a/2", event_type="counter-protest", macroevent="a/m")
    other = account("b", event_type="counter-protest")
    linked = link([protest, counter, other])
    assert linked.cluster[0] != linked.cluster[1] == linked.cluster[2]
    assert linked.ties.tolist() == [[linked.cluster[1], linked.cluster[0]]]


def test_a_counter_protest_in_another_paper_is_tied_to_the_protest_of_its_day() -> None:
    """No report tells both: place and day tie them."""
    linked = link([account("a"), account("b", event_type="counter-protest", words=hash_words("whistles drums flags anthem"))])
    assert linked.cluster[0] != linked.cluster[1]
    assert linked.ties.tolist() == [[1, 0]]


def test_two_rallies_of_one_party_are_two_when_told_apart() -> None:
    """One party, one town, one day, another ground and another time of day."""
    morning = account("a", event_type="rally", organizations=("Unity Party",), location_detail="Railway Ground", times=("morning",))
    evening = replace(morning, candidate_id="b/1", report_id="b", location_detail="Elland Road Stadium", times=("evening",))
    evening = replace(evening, words=hash_words("Unity Party and Mayor Ogden promised lanterns, bread, bonfires and a holiday"))
    assert not joined(morning, evening)


def test_planned_and_held_are_one_event() -> None:
    """What was announced for the day was held on the day."""
    planned = account("a", status="planned", published=SATURDAY - dt.timedelta(9))
    assert joined(planned, account("b"))


def test_two_accounts_of_one_report_are_two_events() -> None:
    """The report itself tells them as two, however alike they are."""
    twin = account("a", candidate_id="a/2")
    linked = link([account("a"), twin, account("b")])
    assert linked.cluster[0] != linked.cluster[1]


def test_neighbouring_towns_on_a_day_of_action_are_two() -> None:
    """Same cause, same series, same day, 13 km apart."""
    words = [hash_words(f"pupils of {school} school march for the climate behind a {thing}") for school, thing in
             (("Astley", "paper whale"), ("Buttershaw", "brass band"))]  # fmt: skip
    common = {"series": "Fridays for Future", "claims": ("for the climate",), "issues": ("environment",)}
    assert not joined(account("a", words=words[0], **common), account("b", words=words[1], **BRADFORD, **common))


def test_a_suburb_misread_as_the_town_beside_it_is_one_event() -> None:
    """Nearly all words the same: one of the two towns is a slip of the reader."""
    assert joined(account("a", **BRADFORD), account("b", **SHIPLEY))


def test_an_open_day_joins_its_one_likely_partner() -> None:
    """No day told, published the day after, the same rare words."""
    assert joined(account("a"), account("b", date_start=None, date_precision="unknown"))


def test_an_open_day_with_two_likely_partners_joins_neither() -> None:
    """Last month a march for the library was held: there were two."""
    later = SATURDAY + dt.timedelta(days=7)
    undated = account("c", date_start=None, date_precision="month", published=SATURDAY + dt.timedelta(days=16))
    linked = link([account("a"), account("b", date_start=later, published=later), undated])
    assert len(set(linked.cluster.tolist())) == 3


def test_an_open_day_needs_more_than_the_place() -> None:
    """Same town, no day, nothing in common: unsure is no same."""
    other = hash_words("bus drivers over rosters at the Torre depot with whistles and a samba band")
    assert not joined(account("a"), account("b", date_start=None, date_precision="month", words=other, claims=(), issues=()))


def test_a_place_without_coordinates_joins_by_name() -> None:
    """A report whose town is known by name alone."""
    bare = account("b", lat=None, lon=None, geonames_id=None, state=None)
    assert joined(account("a"), bare)
    assert joined(account("a"), replace(bare, country=None))


def test_namesakes_are_two() -> None:
    """London in Ontario, London in England."""
    there = {"locality": "London", "state": "Ontario", "country": "CA", "lat": 42.98, "lon": -81.23, "geonames_id": 6058560}
    here = {"locality": "London", "state": "England", "country": "GB", "lat": 51.5, "lon": -0.13, "geonames_id": 2643743}
    assert not joined(account("a", **there), account("b", **here))


def test_near_copies_are_joined_as_one_witness() -> None:
    """A wire story in three papers is one witness, an own report another."""
    wire = [account(name, copy_group="w", words=LIBRARY) for name in ("a", "b", "c")]
    own = account(
        "d", words=hash_words("Astley library readers read aloud to Mayor Ogden through a megaphone borrowed from scouts")
    )
    linked = link([*wire, own])
    assert len(set(linked.cluster.tolist())) == 1
    assert len(set(linked.witness.tolist())) == 2


def test_reasons_are_told_in_words() -> None:
    """What speaks for and against, loudest first, in words that need no manual."""
    left = account("a", size_low=500, size_high=500)
    right = account("b", size_low=5000, size_high=5000)
    reasons = judge_pair(left, right).reasons
    assert "same day, 12 May 2018" in reasons
    assert "same place, Leeds" in reasons
    assert "sizes 500 and 5,000 are far apart" in reasons
    apart = judge_pair(account("a"), account("b", date_start=SATURDAY + dt.timedelta(7), **BRADFORD))
    assert apart.verdict == "different"
    assert "7 days apart, to the weekday, 12 May 2018 and 19 May 2018" in apart.reasons
    assert "13 km apart" in apart.reasons


def test_what_a_judgement_adds_up_to_is_its_score() -> None:
    """The prior and the odds of all levels make the score: nothing is hidden."""
    from headcount.linkage import rulebook

    judged = judge_pair(account("a"), account("b"))
    assert judged.score == pytest.approx(rulebook().prior + sum(judged.odds.values()), abs=0.01)
