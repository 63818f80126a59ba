"""How like two accounts are: a level for each comparison of codebook/linkage.toml, pair by pair, in columns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from headcount.codebook import table
from headcount.linkage.accounts import COUNTER, KINDS, NO_CODE, NO_DAY, STATUSES, Accounts
from headcount.linkage.blocking import place_keys
from headcount.linkage.days import Days, find_days
from headcount.linkage.levels import Levels, Rulebook, rulebook
from headcount.linkage.rarity import rate_words
from headcount.linkage.terms import PAIRS_AT_ONCE, WeighedTerms, distinct

Bools: TypeAlias = NDArray[np.bool_]
Floats: TypeAlias = NDArray[np.float64]
Longs: TypeAlias = NDArray[np.int64]

_DAYTIME: Final = 0b00111
_DARK: Final = 0b11000
_NEAR_TIMES: Final = np.array(
    [(((told & _DAYTIME) << 1 | told | (told & _DAYTIME) >> 1) & _DAYTIME) | (_DARK if told & _DARK else 0) for told in range(32)]
)
"""Parts of the day that may be one event's: those next to each other before evening, and evening with night."""

NEAR_KM: Final = 6.0
NEIGHBOUR_KM: Final = 20.0
NEWS_DAYS: Final = 2
SEASON: Final = 45
"""Days before and after, in which a town's gatherings are counted: a corpus may cover a month of one year well."""

SHORT_RUN: Final = 2
"""Days from the first to the last of a run that is as good as a day: a weekend, three days of a blockade."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Compared:
    """Accounts with what is told by all of them together: rarity of words, how busy each place is, windows of days."""

    accounts: Accounts
    days: Days
    idf: Floats
    """Rarity of each of ``accounts.words.values``, 0 to 1."""

    told_again: Bools
    """Of each word, whether another account has it."""

    mass: Floats
    """Rarity of all words of each account together."""

    activity: NDArray[np.int8]
    """Level of the comparison ``activity`` for each account's place."""

    kin: NDArray[np.bool_]
    """Which kinds are near kinds."""

    still: NDArray[np.bool_]
    """Which kinds stay in one place."""

    target: Bools
    """Accounts that their own report sets against a counter-protest."""

    words: WeighedTerms
    """By rarity; the other terms count one each."""

    venue: WeighedTerms
    organizations: WeighedTerms
    claims: WeighedTerms
    issues: WeighedTerms
    targets: WeighedTerms


def compare_all(accounts: Accounts) -> Compared:
    """What the accounts tell together, for ``compare``."""
    days = find_days(accounts)
    idf, told_again = rate_words(accounts.words)
    row_of = np.repeat(np.arange(len(accounts)), accounts.words.counts)
    mass = np.bincount(row_of, weights=idf, minlength=len(accounts)).astype(np.float64)
    return Compared(
        accounts=accounts,
        days=days,
        idf=idf,
        told_again=told_again,
        mass=mass,
        activity=_rate_places(accounts, days),
        kin=_kin(),
        still=np.array([kind in table("linkage")["still"]["kinds"] for kind in KINDS]),
        target=(accounts.macroevent != NO_CODE) & (accounts.kind != COUNTER),
        words=accounts.words.weighed(idf),
        venue=accounts.venue.weighed(),
        organizations=accounts.organizations.weighed(),
        claims=accounts.claims.weighed(),
        issues=accounts.issues.weighed(),
        targets=accounts.targets.weighed(),
    )


def _kin() -> Bools:
    kin = np.eye(len(KINDS), dtype=np.bool_)
    for group in table("linkage")["kin"]["groups"]:
        at = [KINDS.index(name) for name in group]
        kin[np.ix_(at, at)] = True
    return kin


def _rate_places(accounts: Accounts, days: Days) -> NDArray[np.int8]:
    """How many days of a hundred about its own each account's place has gatherings, by the accounts themselves.

    The account's own day does not count, and half a day in a month is supposed: two accounts tell nothing of a town.
    """
    rules = rulebook()
    activity = rules["activity"]
    places, known = place_keys(accounts)
    rated = np.full(len(accounts), activity.code("ordinary"), dtype=np.int8)
    at = np.flatnonzero(days.dated & known)
    if not len(at):
        return rated
    _, place = np.unique(places[at], return_inverse=True)
    low = days.low[at].astype(np.int64)
    low -= low.min()
    met = distinct((place.astype(np.int64) << 32) | low)
    own = (place.astype(np.int64) << 32) | low
    near = np.searchsorted(met, own + SEASON, side="right") - np.searchsorted(met, own - np.minimum(SEASON, low))
    span = min(2 * SEASON, int(low.max()))
    rate = (near - 1 + 0.5) / (span + 30)
    codes = np.full(len(at), activity.code("ordinary"), dtype=np.int8)
    codes[rate < rules.quiet] = activity.code("quiet")
    codes[rate >= rules.busy] = activity.code("busy")
    codes[rate >= rules.crowded] = activity.code("crowded")
    rated[at] = codes
    return rated


def compare(held: Compared, left: Longs, right: Longs) -> Levels:
    """The level of each comparison for each pair of accounts, one row a pair, one column a comparison."""
    rules = rulebook()
    levels = np.zeros((len(left), len(rules.comparisons)), dtype=np.int8)
    for begin in range(0, len(left), PAIRS_AT_ONCE):
        part = slice(begin, begin + PAIRS_AT_ONCE)
        _compare(held, left[part], right[part], levels[part], rules)
    return levels


def _compare(held: Compared, left: Longs, right: Longs, out: Levels, rules: Rulebook) -> None:
    accounts = held.accounts
    out[:, rules.column("date")] = date = _dates(held.days, left, right, rules)
    out[:, rules.column("place")] = place = _places(accounts, left, right, rules)
    out[:, rules.column("kind")] = _kinds(held, left, right, rules)
    out[:, rules.column("size")] = _sizes(accounts, left, right, rules)
    out[:, rules.column("organisers")] = _listed(held.organizations, left, right, rules, "organisers", "shared")
    out[:, rules.column("cause")] = _causes(held, left, right, rules)
    out[:, rules.column("words")] = _words(held, left, right, rules)
    out[:, rules.column("venue")] = _venues(held, left, right, rules)
    out[:, rules.column("time")] = _times(accounts, left, right, rules)
    out[:, rules.column("apart")] = _signs(out, rules)
    out[:, rules.column("status")] = _statuses(accounts, left, right, rules)
    here = np.isin(place, [rules["place"].code(name) for name in ("same_town", "near", "same_name")])
    today = np.isin(date, [rules["date"].code(name) for name in ("same_day", "overlap", "run")])
    rated = np.maximum(held.activity[left], held.activity[right])
    out[:, rules.column("activity")] = np.where(here & today, rated, rules["activity"].code("none"))
    copies = (accounts.copy_group[left] == accounts.copy_group[right]) & (accounts.copy_group[left] != NO_CODE)
    out[:, rules.column("text")] = np.where(copies, rules["text"].code("copy"), rules["text"].code("own"))


def _dates(days: Days, left: Longs, right: Longs, rules: Rulebook) -> Levels:
    code = rules["date"].code
    gap = days.gap(left, right)
    dated = days.dated[left] & days.dated[right]
    one_day = dated & (days.low[left] == days.high[left]) & (days.low[right] == days.high[right])
    longest = np.maximum(days.high[left] - days.low[left], days.high[right] - days.low[right])
    known = (days.low[left] != NO_DAY) & (days.low[right] != NO_DAY)
    one_dated = days.dated[left] | days.dated[right]
    news = days.news_gap(left, right)
    chosen = np.select(
        [
            one_day & (gap == 0),
            dated & (gap == 0) & (longest <= SHORT_RUN),
            dated & (gap == 0),
            dated & (gap == 1),
            dated & (gap <= 3),
            dated & (gap % 7 == 0) & (gap <= 28),
            dated,
            known & (gap > 0),
            one_dated & (news >= 0) & (news <= NEWS_DAYS),
            one_dated,
            (news >= 0) & (news <= 1),
        ],
        [code(name) for name in (
            "same_day", "overlap", "run", "next_day", "few_days", "weeks", "apart", "open_misfit",
            "open_news", "open_fits", "open_both_news",
        )],
        default=code("open_both"),
    )  # fmt: skip
    return chosen.astype(np.int8)


def kilometres(accounts: Accounts, left: Longs, right: Longs) -> Floats:
    """The distance between two accounts' places on the sphere; nan where one has no coordinates."""
    north, south = np.radians(accounts.lat[right]), np.radians(accounts.lat[left])
    east, west = np.radians(accounts.lon[right]), np.radians(accounts.lon[left])
    half = np.sin((north - south) / 2) ** 2
    half += np.cos(south) * np.cos(north) * np.sin((east - west) / 2) ** 2
    distance: Floats = 12_742.0 * np.arcsin(np.sqrt(np.clip(half, 0.0, 1.0)))
    return distance


def _places(accounts: Accounts, left: Longs, right: Longs, rules: Rulebook) -> Levels:
    code = rules["place"].code

    def same(column: NDArray[np.int32] | NDArray[np.int64]) -> Bools:
        told: Bools = (column[left] == column[right]) & (column[left] != NO_CODE)
        return told

    def both(column: NDArray[np.int32] | NDArray[np.int64]) -> Bools:
        told: Bools = (column[left] != NO_CODE) & (column[right] != NO_CODE)
        return told

    distance = kilometres(accounts, left, right)
    located = ~np.isnan(distance)
    told = both(accounts.town)
    other_country = both(accounts.country) & ~same(accounts.country)
    other_state = both(accounts.state) & ~same(accounts.state)
    same_town = same(accounts.town)
    chosen = np.select(
        [
            told & same(accounts.geonames),
            located & told & (distance <= NEAR_KM) & same_town,
            located & told & (distance <= NEAR_KM),
            located & told & (distance <= NEIGHBOUR_KM),
            located & told & same_town,
            located & told,
            same_town & ~other_country & ~other_state & both(accounts.country),
            same_town & ~other_country & ~other_state,
            same_town,
            told,
            other_country | other_state,
        ],
        [code(name) for name in (
            "same_town", "same_town", "near", "neighbours", "namesake", "far", "same_town", "same_name", "namesake",
            "other_name", "open_misfit",
        )],
        default=code("open_fits"),
    )  # fmt: skip
    return chosen.astype(np.int8)


def _kinds(held: Compared, left: Longs, right: Longs, rules: Rulebook) -> Levels:
    code = rules["kind"].code
    one, other = held.accounts.kind[left], held.accounts.kind[right]
    counter = (one == COUNTER) != (other == COUNTER)
    targeted = held.target[np.where(one == COUNTER, right, left)]
    listed = (one < len(KINDS)) & (other < len(KINDS)) & (one >= 0) & (other >= 0)
    last = len(KINDS) - 1
    kin = held.kin[np.clip(one, 0, last), np.clip(other, 0, last)] & listed
    general = (one == KINDS.index("demonstration")) | (other == KINDS.index("demonstration"))
    return np.select(
        [counter & targeted, counter, (one == other), kin, general],
        [code("opposed"), code("counter"), code("same"), code("kin"), code("general")],
        default=code("unlike"),
    ).astype(np.int8)


def _sizes(accounts: Accounts, left: Longs, right: Longs, rules: Rulebook) -> Levels:
    code = rules["size"].code
    low, high = (accounts.low[left], accounts.low[right]), (accounts.high[left], accounts.high[right])
    with np.errstate(invalid="ignore", divide="ignore"):
        least = [np.where(np.isnan(one), other / 4, one) for one, other in zip(low, high, strict=True)]
        most = [np.where(np.isnan(other), one * 4, other) for one, other in zip(low, high, strict=True)]
        known = ~(np.isnan(least[0]) | np.isnan(least[1]))
        gap = np.maximum(*least) / np.maximum(np.minimum(*most), 1.0)
        spread = np.maximum(*most) / np.maximum(np.minimum(*least), 1.0)
        exact = (least[0] == least[1]) & (most[0] == most[1])
        figure = np.where(low[0] == high[0], low[0], 0.0)
        ten = 10.0 ** np.floor(np.log10(np.maximum(figure, 1.0)))
        odd = (np.mod(figure, ten / 2) > 0) & (figure >= 20)
        return np.select(
            [
                ~known, exact & odd, exact, spread <= 1.25, gap <= 1.0, gap <= 5.0, gap <= 20.0,
            ],
            [code(name) for name in ("open", "same_odd", "same", "near", "overlap", "apart", "far")],
            default=code("beyond"),
        ).astype(np.int8)  # fmt: skip


def _listed(terms: WeighedTerms, left: Longs, right: Longs, rules: Rulebook, name: str, same: str) -> Levels:
    """Shared, unlike or open, for a column of names."""
    code = rules[name].code
    shared = terms.shared(left, right)
    counts = terms.counts
    told = (counts[left] > 0) & (counts[right] > 0)
    return np.select([shared > 0.5, told], [code(same), code("unlike")], default=code("open")).astype(np.int8)


def _venues(held: Compared, left: Longs, right: Longs, rules: Rulebook) -> Levels:
    code = rules["venue"].code
    level = _listed(held.venue, left, right, rules, "venue", "same")
    kind = held.accounts.kind
    last = len(KINDS) - 1
    still = held.still[np.clip(kind[left], 0, last)] & held.still[np.clip(kind[right], 0, last)]
    return np.where((level == code("unlike")) & still, code("unlike_still"), level).astype(np.int8)


def _times(accounts: Accounts, left: Longs, right: Longs, rules: Rulebook) -> Levels:
    code = rules["time"].code
    one, other = accounts.times[left], accounts.times[right]
    near = _NEAR_TIMES[one] & other
    return np.select(
        [(one == 0) | (other == 0), (one & other) > 0, near > 0],
        [code("open"), code("same"), code("open")],
        default=code("unlike"),
    ).astype(np.int8)


def _signs(levels: Levels, rules: Rulebook) -> Levels:
    """In how many ways the two are told apart."""
    code = rules["apart"].code

    def at(name: str, *told: str) -> Bools:
        return np.isin(levels[:, rules.column(name)], [rules[name].code(level) for level in told])

    venue, time = at("venue", "unlike", "unlike_still"), at("time", "unlike")
    signs = venue.astype(int) + time + at("organisers", "unlike") + at("size", "far", "beyond")
    return np.select([venue & time, signs >= 2], [code("venue_and_time"), code("two_signs")], default=code("nothing")).astype(
        np.int8
    )


def _causes(held: Compared, left: Longs, right: Longs, rules: Rulebook) -> Levels:
    code = rules["cause"].code

    def told(terms: WeighedTerms) -> NDArray[np.int64]:
        fewest: NDArray[np.int64] = np.minimum(terms.counts[left], terms.counts[right])
        return fewest

    claimed, tagged, aimed = told(held.claims), told(held.issues), told(held.targets)
    claim = held.claims.shared(left, right)
    series = (held.accounts.series[left] == held.accounts.series[right]) & (held.accounts.series[left] != NO_CODE)
    issue = held.issues.shared(left, right) > 0.5
    target = held.targets.shared(left, right) > 0.5
    return np.select(
        [
            series | ((claimed > 0) & (claim > 0.9) & ((claim >= np.maximum(2, 0.4 * claimed)) | (claim >= claimed - 0.1))),
            (claimed > 0) & (claim > 0.9) & ~((tagged > 0) & ~issue),
            (claimed > 0) & (claim < 0.5) & issue & ~target,
            issue | target,
            (tagged > 0),
            (claimed > 0) | (aimed > 0),
        ],
        [code("same_claim"), code("near_claim"), code("broad_issue"), code("same_issue"), code("other_issue"), code("other_claim")],
        default=code("open"),
    ).astype(np.int8)


def _words(held: Compared, left: Longs, right: Longs, rules: Rulebook) -> Levels:
    code = rules["words"].code
    shared = held.words.shared(left, right)
    fewer = np.minimum(held.mass[left], held.mass[right])
    every = np.maximum(held.mass[left] + held.mass[right] - shared, 0.01)
    part = shared / np.maximum(fewer, 0.01)
    return np.select(
        [
            fewer < 1.5,
            (shared / every >= 0.6) & (shared >= 4.0),
            (shared >= 4.0) & (part >= 0.35),
            (shared >= 2.0) & (part >= 0.18),
            (fewer >= 7.0) & (shared < 0.5),
            (fewer >= 2.0) & (shared < 0.3),
            (fewer >= 2.0) & (shared < 1.0) & (part < 0.25),
        ],
        [code("open"), code("copied"), code("many"), code("some"), code("none"), code("none_short"), code("few")],
        default=code("little"),
    ).astype(np.int8)


def _statuses(accounts: Accounts, left: Longs, right: Longs, rules: Rulebook) -> Levels:
    code = rules["status"].code
    one, other = accounts.status[left], accounts.status[right]
    off = STATUSES.index("cancelled")
    planned = STATUSES.index("planned")
    cancelled = (one == off) | (other == off)
    announced = (one == planned) | (other == planned)
    return np.select(
        [one == other, cancelled & announced, cancelled],
        [code("same"), code("planned_off"), code("called_off")],
        default=code("announced"),
    ).astype(np.int8)
