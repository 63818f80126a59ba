"""Units and the accounts that they may join, before any weight is asked."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from headcount.coding.days import Owners
from headcount.coding.linear import Linear
from headcount.coding.linking import Account, fresh_features, link_features, link_units, near_accounts
from headcount.coding.marks import Marks
from headcount.coding.units import Unit, context_features, find_units, first_look

CERTAIN = {name: Linear(5.0, {}) for name in ("tells", "context", "stands")}
"""Models that take every sentence and every town."""

MarkText = Callable[[str], Marks]


def towns(units: list[Unit]) -> list[str | None]:
    return [unit.place.town if unit.place is not None else None for unit in units]


@pytest.mark.parametrize(
    "text",
    [
        "Some 200 workers walked off the job in the Miami suburb of Hialeah Gardens.",
        "Up to 100 people rallied in Miami's inner suburb of Hialeah Gardens.",
    ],
)
def test_a_suburb_and_its_city_are_one_place(text: str, mark_text: MarkText) -> None:
    """The town whose suburb it is gives no unit of its own."""
    assert towns(find_units(mark_text(text), CERTAIN)) == ["Hialeah Gardens"]


def test_a_city_alone_keeps_its_suburb_word(mark_text: MarkText) -> None:
    """ "A Chicago suburb" is the best place there is where no other is named."""
    assert towns(find_units(mark_text("Thousands protested in a Chicago suburb."), CERTAIN)) == ["Chicago"]


def test_a_stretch_without_a_gathering_is_bare(mark_text: MarkText) -> None:
    """Told to the decisions: such a town is mostly a dateline or somebody's home, not a second gathering."""
    both = find_units(mark_text("In Leeds 300 nurses marched, and in Hull 200 teachers rallied."), CERTAIN)
    assert [unit.bare for unit in both] == ["no", "no"]
    home = find_units(mark_text("In Leeds 300 nurses marched, and the minister flew back to her home in Hull."), CERTAIN)
    assert [unit.bare for unit in home] == ["no", "bare"]


def test_a_unit_joins_the_likeliest_or_begins_its_own(mark_text: MarkText) -> None:
    """All accounts and "none of them" are weighed together; no account is joined across two sure, far towns."""
    marks = mark_text("In Leeds 300 nurses marched. The march ended in song. In Hull 200 teachers rallied.")
    units = find_units(marks, CERTAIN)
    join = CERTAIN | {"same": Linear(0.0, {"NEW": -5.0})}
    begin = CERTAIN | {"same": Linear(0.0, {"NEW": 5.0})}
    assert [len(account.units) for account in link_units(marks, units, join)] == [2, 1]
    assert [len(account.units) for account in link_units(marks, units, begin)] == [1, 1, 1]


def test_a_fresh_gathering_is_told_by_town_day_and_number(mark_text: MarkText) -> None:
    """What the unit repeats of the accounts before it, and what it adds."""
    marks = mark_text("In Leeds 300 nurses marched. Another 400 people attended a rally in Hull. The 300 nurses sang in Leeds.")
    first, second, third = find_units(marks, CERTAIN)
    account = Account()
    account.add(first)
    near = near_accounts(third, [account])
    assert "NEW|town=new|size=new" in fresh_features(marks, second, [(0, account)], 1)
    assert "NEW|town=told|size=told" in fresh_features(marks, third, near, 1)
    assert "town=same" in link_features(marks, third, account, 0, 1)


def test_neighbours_speak_for_a_sentence(mark_text: MarkText) -> None:
    """The second look knows the first look at the sentences beside it; no word of a gathering there is "none"."""
    marks = mark_text("The weather was fine. In Leeds 300 nurses marched. The march ended in song.")
    look = first_look(marks, CERTAIN)
    assert list(look) == [1, 2]
    features = context_features(marks, 1, look)
    assert "-1=none" in features
    assert "1=3" in features


@pytest.mark.parametrize(
    ("text", "umbrella"),
    [
        ("Protests were held in Leeds on Saturday.", True),
        ("Nurses marched across the country on Saturday.", True),
        ("Tens of thousands marched on May Day.", True),
        ("Some 300 nurses marched in Leeds on Saturday.", False),
        ("The talks across the country ended on Saturday.", False),
    ],
)
def test_an_umbrella_sentence_tells_of_many_towns(text: str, umbrella: bool, mark_text: MarkText) -> None:
    """Its day is the day of every gathering told under it, so the choice of a day knows of it."""
    assert Owners(mark_text(text), []).umbrella(0) is umbrella
