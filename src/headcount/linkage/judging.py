"""Judged pairs, and the reasons of a judgement in words."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from headcount.linkage.accounts import Account, Accounts
from headcount.linkage.comparing import Compared, compare, compare_all, kilometres
from headcount.linkage.decisions import Verdict
from headcount.linkage.levels import Levels, Rulebook, rulebook

Floats: TypeAlias = NDArray[np.float64]
Longs: TypeAlias = NDArray[np.int64]

VERDICTS: Final[tuple[Verdict, ...]] = ("same", "unsure", "different")
SAME, UNSURE, DIFFERENT = range(3)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class JudgedPairs:
    """Pairs of accounts with what was judged of them; rows are those of the accounts as they were given."""

    left: Longs
    right: Longs
    score: Floats
    """Log-odds that both mean one event."""

    levels: Levels
    """One column a comparison, in the order of ``rulebook().comparisons``."""

    verdict: NDArray[np.int8]
    """Index into ``VERDICTS``: of the machine, or of a person where one decided this pair."""

    by_person: NDArray[np.bool_]

    def __len__(self) -> int:
        """How many pairs."""
        return len(self.left)


@dataclass(frozen=True, slots=True, kw_only=True)
class PairJudgement:
    """What is judged of one pair of accounts, for a person to read."""

    verdict: Verdict
    score: float
    levels: dict[str, str]
    """The level of each comparison, by name."""

    odds: dict[str, float]
    """What each comparison adds to the score."""

    reasons: tuple[str, ...]


def judge_scores(score: Floats, rules: Rulebook) -> NDArray[np.int8]:
    """The verdict that the score of each pair gives."""
    return np.select([score >= rules.same, score >= rules.different], [SAME, UNSURE], default=DIFFERENT).astype(np.int8)


def judge_pair(left: Account, right: Account, *, among: Compared | None = None) -> PairJudgement:
    """What linkage judges of two accounts.

    ``among`` (``compare_all`` of all accounts) says how rare their words are and how busy their places, as ``link`` knows
    it; without it the two are judged alone. The last word on a cluster may differ: other accounts speak, too.
    """
    rules = rulebook()
    pair = Accounts.from_accounts([left, right])
    if among is None:
        held, rows = compare_all(pair), np.array([0, 1])
    else:
        held = among
        at = {name: row for row, name in enumerate(among.accounts.candidate_ids) if name in (left.candidate_id, right.candidate_id)}
        rows = np.array([at[left.candidate_id], at[right.candidate_id]])
    levels = compare(held, rows[:1], rows[1:])
    score = rules.score(levels)
    verdict: Verdict = VERDICTS[int(judge_scores(score, rules)[0])]
    if left.report_id == right.report_id:
        verdict = "different"
    told = {held_.name: held_.levels[int(code)] for held_, code in zip(rules.comparisons, levels[0], strict=True)}
    return PairJudgement(
        verdict=verdict,
        score=round(float(score[0]), 2),
        levels={name: level.name for name, level in told.items()},
        odds={name: level.odds for name, level in told.items()},
        reasons=write_reasons(left, right, levels[0]),
    )


def write_reasons(left: Account, right: Account, levels: NDArray[np.int8]) -> tuple[str, ...]:
    """The levels of a pair in words, what speaks loudest first: "same day, 12 May 2018", "2 km apart"."""
    rules = rulebook()
    reasons: list[tuple[float, str]] = []
    if left.report_id == right.report_id:
        reasons.append((99.0, "one report tells them as two events"))
    for comparison, code in zip(rules.comparisons, levels.tolist(), strict=True):
        level = comparison.levels[code]
        if level.reason:
            reasons.append((abs(level.odds), level.reason.format_map(_Told(left, right))))
    reasons.sort(key=lambda reason: -reason[0])
    return tuple(reason for _, reason in reasons)


class _Told(dict[str, str]):
    """What the braces of a reason stand for, written when it is asked for."""

    def __init__(self, left: Account, right: Account) -> None:
        super().__init__()
        self._pair = (left, right)

    def __missing__(self, name: str) -> str:
        left, right = self._pair
        if name == "day":
            return write_day(left.date_start or left.date_end)
        if name == "days":
            return f"{_write_days(left)} and {_write_days(right)}"
        if name == "gap":
            return str(_gap(left, right))
        if name == "km":
            pair = Accounts.from_accounts([left, right])
            distance = float(kilometres(pair, np.array([0]), np.array([1]))[0])
            return "unknown" if np.isnan(distance) else f"{distance:,.0f}" if distance >= 1 else "under 1"
        if name == "place":
            names = [held.locality or "unknown" for held in (left, right)]
            return names[0] if names[0] == names[1] else f"{names[0]} and {names[1]}"
        if name == "kind":
            kinds = [left.event_type, right.event_type]
            return kinds[0] if kinds[0] == kinds[1] else f"{kinds[0]} and {kinds[1]}"
        if name == "sizes":
            sizes = [_write_size(left), _write_size(right)]
            return sizes[0] if sizes[0] == sizes[1] else f"{sizes[0]} and {sizes[1]}"
        raise KeyError(f"linkage.toml: a reason asks for {name}, which nothing tells")


def write_day(day: dt.date | None) -> str:
    """A day as people write it: 12 May 2018."""
    return "unknown" if day is None else f"{day.day} {day:%B} {day.year}"


def _write_days(account: Account) -> str:
    first, last = account.date_start, account.date_end
    if first is None and last is None:
        return f"a day of an unknown {account.date_precision}" if account.date_precision in ("week", "month") else "an unknown day"
    if first is None or last is None or first == last:
        return write_day(first or last)
    return f"{write_day(first)} to {write_day(last)}"


def _write_size(account: Account) -> str:
    low, high = account.size_low, account.size_high
    if low is not None and high is not None:
        return f"{low:,}" if low == high else f"{low:,} to {high:,}"
    return f"over {low:,}" if low is not None else f"up to {high:,}" if high is not None else "unknown"


def _gap(left: Account, right: Account) -> int:
    first, second = sorted((left, right), key=lambda held: held.date_start or dt.date.min)
    if second.date_start is None or (first.date_end or first.date_start) is None:
        return 0
    return max(0, (second.date_start - (first.date_end or first.date_start)).days)  # type: ignore[operator]
