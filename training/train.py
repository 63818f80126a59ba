"""Learn the weights of every decision from coded reports, with cross-validated figures.

    python training/train.py [--folds 5] [--out FILE] [--write]

The decisions form a chain: each is trained on what the ones before it give for reports that they
were not trained on, so that its training data look like what it will meet. Prints the figures of
``score.py`` for dev and ordinary, every report read by models that have not seen it, and for
check read by the final models. ``--write`` puts the weights into the package.
"""

from __future__ import annotations

import argparse
import collections
import json
import os
import random
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from coded import SHARED, CodedEvent, CodedReport, load_coded, load_gold, load_negatives, load_own
from scipy.optimize import minimize
from scipy.sparse import csr_matrix, hstack
from sklearn.linear_model import LogisticRegression

from headcount.coding import crowds, days, judging, towns
from headcount.coding.assemble import Draft, crowd_numbers, draft_accounts, fill_accounts, likely_towns, merge_features
from headcount.coding.building import build_reading
from headcount.coding.features import place_features, sentence_features
from headcount.coding.linear import Linear
from headcount.coding.linking import (
    Account,
    choose_quotes,
    find_lead,
    fresh_features,
    link_features,
    link_units,
    near_accounts,
    quote_features,
)
from headcount.coding.marks import Marks, mark
from headcount.coding.units import Unit, context_features, find_units, first_look
from headcount.gazetteer import Gazetteer

sys.path.insert(0, str(SHARED))
import score

Features = list[list[str]]
REGULAR = {
    "tells": 0.1,
    "context": 0.1,
    "stands": 0.3,
    "rollup": 0.05,
    "same": 0.3,
    "quote": 0.1,
    "merge": 0.3,
    "day": 0.1,
    "somewhere": 1.0,
    "size": 0.2,
    "counts": 0.05,
    "part": 0.1,
    "planned": 0.1,
    "background": 0.1,
    "type": 0.3,
    "event": 0.02,
}
"""Inverse strength of the L2 penalty of each decision: the best of {0.02, 0.05, 0.1, 0.2, 0.3, 1} by cross-validated log loss."""


PREFIXES = ("l=", "r=", "s=", "btw=", "noun=", "-1=", "-2=", "+1=", "+2=", "-3=", "+3=", "in=", "L=", "T=", "t-1=", "t+1=", "verb=")
"""Features that are a word at a place: their weights are shared between like words."""

SCALE = float(os.environ.get("SCALE", "0.3"))
"""Length of a word's vector beside a feature's 1: the best of 0, 0.2, 0.4, 0.8 by cross-validated log loss."""


GOLD_WEIGHT = float(os.environ.get("GOLD", "4"))
"""How many of our own codings a gold report counts for."""

NEGATIVES = int(os.environ.get("NEGATIVES", "400"))
"""Reports without a word of a gathering that are added as reports without an event."""

PRUNED = 0.04
"""Weights of words below it are left out: a quarter of the file, the cross-validated figures within their noise."""


class Words:
    """Vectors of words, and the design matrices that they make with named features."""

    def __init__(self, path: Path | None) -> None:
        self.index: dict[str, int] = {}
        self.vectors = np.zeros((0, 0))
        if path is not None:
            data = np.load(path)
            self.index = {str(w): i for i, w in enumerate(data["words"])}
            self.vectors = data["vectors"] * SCALE

    def design(self, rows: Sequence[Sequence[str]], index: dict[str, int]) -> tuple[Any, list[str]]:
        """One row of 0 and 1 for the features of ``index``, and behind it the summed vectors by prefix."""
        at, cols = [], []
        word_at: dict[str, tuple[list[int], list[int]]] = {p: ([], []) for p in PREFIXES}
        for i, row in enumerate(rows):
            for f in set(row):
                if f in index:
                    at.append(i)
                    cols.append(index[f])
                cut = f.find("=") + 1
                prefix = f[:cut]
                if prefix in word_at and "|" not in f:
                    word = self.index.get(f[cut:])
                    if word is not None:
                        word_at[prefix][0].append(i)
                        word_at[prefix][1].append(word)
        blocks = [csr_matrix((np.ones(len(at)), (at, cols)), shape=(len(rows), len(index)))]
        used = []
        for prefix, (rows_at, words_at) in word_at.items():
            if len(rows_at) > 100 and len(self.index):
                counts = csr_matrix((np.ones(len(rows_at)), (rows_at, words_at)), shape=(len(rows), len(self.index)))
                blocks.append(csr_matrix(counts @ self.vectors))
                used.append(prefix)
        return hstack(blocks).tocsr(), used

    def fold(self, w: Any, index: dict[str, int], used: list[str]) -> dict[str, float]:
        """One weight a feature: the vectors' weights are given to every word of the vocabulary."""
        weights = {f: float(w[i]) for f, i in index.items()}
        size = self.vectors.shape[1] if len(self.index) else 0
        for n, prefix in enumerate(used):
            part = self.vectors @ w[len(index) + n * size : len(index) + (n + 1) * size]
            for word, i in self.index.items():
                weights[prefix + word] = weights.get(prefix + word, 0.0) + float(part[i])
        words = tuple(used)
        return {f: round(x, 3) for f, x in weights.items() if abs(x) >= (PRUNED if words and f.startswith(words) else 0.01)}


WORDS = Words(None)


def fit(
    features: Features, labels: Sequence[int], strength: float, *, least: int = 3, weights: Sequence[float] | None = None
) -> Linear:
    """A logistic regression over the features that occur at least ``least`` times."""
    counts = collections.Counter(f for row in features for f in set(row))
    index = {f: i for i, f in enumerate(sorted(f for f, n in counts.items() if n >= least))}
    if len(set(labels)) < 2:
        return Linear(-5.0 if not labels or not labels[0] else 5.0, {})
    matrix, used = WORDS.design(features, index)
    model = LogisticRegression(C=strength, max_iter=400, solver="liblinear").fit(matrix, np.array(labels), sample_weight=weights)
    return Linear(round(float(model.intercept_[0]), 4), WORDS.fold(model.coef_[0], index, used))


def fit_choice(groups: Sequence[tuple[Features, int, float]], strength: float, *, least: int = 3) -> Linear:
    """A conditional logit: of each group of candidates (their features) the right one (its index) is the likeliest."""
    counts = collections.Counter(f for rows, _, _ in groups for row in rows for f in set(row))
    index = {f: i for i, f in enumerate(sorted(f for f, n in counts.items() if n >= least))}
    starts, right = [], []
    n = 0
    for rows, answer, _ in groups:
        starts.append(n)
        right.append(n + answer)
        n += len(rows)
    matrix, used = WORDS.design([row for rows, _, _ in groups for row in rows], index)
    begin, answers = np.array(starts), np.array(right)
    group = np.repeat(np.arange(len(begin)), np.diff(np.append(begin, n)))
    weight = np.array([w for _, _, w in groups])
    target = np.zeros(n)
    target[answers] = 1.0

    def loss(w: Any) -> tuple[float, Any]:
        z = matrix @ w
        z = z - np.maximum.reduceat(z, begin)[group]
        e = np.exp(z)
        total = np.add.reduceat(e, begin)
        value = -(weight * (z[answers] - np.log(total))).sum() + (w @ w) / (2 * strength)
        return float(value), matrix.T @ (weight[group] * (e / total[group] - target)) + w / strength

    w = minimize(loss, np.zeros(matrix.shape[1]), jac=True, method="L-BFGS-B", options={"maxiter": 200}).x
    return Linear(0.0, WORDS.fold(w, index, used))


def sentences_of(marks: Marks, spans: Sequence[tuple[int, int]]) -> set[int]:
    """The sentences that lie in the character spans."""
    text, found = marks.text, set()
    for a, b in spans:
        for s, (x, y) in enumerate(text.sentences):
            start, end = text.starts[x], text.ends[y - 1]
            if min(b, end) - max(a, start) > min(10, 0.5 * (end - start)):
                found.add(s)
    return found


def same_town(place: Any, event: CodedEvent) -> bool:
    """Is the place mention the town of the coded event?"""
    if place is None or not place.town or not event.locality:
        return False
    if score.norm(place.town) == score.norm(event.locality):
        return True
    p = place.place
    return bool(p and event.lat and p.lat and abs(p.lat - event.lat) < 0.2 and abs(p.lon - event.lon) < 0.3)


class Corpus:
    """Coded reports with their marks, and the fold of each."""

    def __init__(self, reports: list[CodedReport], folds: int, gazetteer: Gazetteer) -> None:
        self.reports = reports
        self.marks = [mark(r.report, gazetteer) for r in reports]
        rng = random.Random(1)
        self.fold = [rng.randrange(folds) for _ in reports]
        self.told = [[sentences_of(m, e.spans) for e in r.events] for r, m in zip(reports, self.marks, strict=True)]
        self.folds = folds
        self.weight = [GOLD_WEIGHT if r.source in ("dev", "ordinary", "seed") else 1.0 for r in reports]
        self.models: list[dict[str, Linear]] = [{} for _ in range(folds + 1)]

    def learn(self, name: str, rows: list[tuple[int, list[str], int, float]]) -> None:
        """Fit the decision ``name`` once for each fold left out, and once on everything."""
        for k in range(self.folds + 1):
            mine = [row for row in rows if self.fold[row[0]] != k]
            self.models[k][name] = fit(
                [r[1] for r in mine], [r[2] for r in mine], REGULAR[name], weights=[r[3] * self.weight[r[0]] for r in mine]
            )
        log = 0.0
        for i, features, label, weight in rows:
            p = min(max(self.models[self.fold[i]][name].probability(features), 1e-6), 1 - 1e-6)
            log -= weight * float(np.log(p if label else 1 - p))
        right = sum(w for i, f, y, w in rows if (self.models[self.fold[i]][name].probability(f) >= 0.5) == bool(y))
        total = sum(w for *_, w in rows)
        print(
            f"{name:11} {len(rows):6} rows, {sum(r[2] for r in rows):5} yes, accuracy {right / total:.3f}, "
            f"log loss {log / total:.3f}, {len(self.models[-1][name].weights)} weights",
            file=sys.stderr,
        )

    def learn_choice(self, name: str, groups: list[tuple[int, Features, int]], *, gold: float = GOLD_WEIGHT) -> None:
        """Fit the choice ``name`` once for each fold left out, and on everything; ``gold`` is what a gold report counts for."""
        for k in range(self.folds + 1):
            mine = [(rows, answer, min(self.weight[i], gold)) for i, rows, answer in groups if self.fold[i] != k]
            self.models[k][name] = fit_choice(mine, REGULAR[name])
        right = 0
        for i, rows, answer in groups:
            model = self.models[self.fold[i]][name]
            right += max(range(len(rows)), key=lambda j: model.logit(rows[j])) == answer
        print(
            f"{name:11} {len(groups):6} choices, right {right / len(groups):.3f}, {len(self.models[-1][name].weights)} weights",
            file=sys.stderr,
        )


def learn_sentences(c: Corpus) -> None:
    """``tells`` and ``stands``: sentences that tell of a gathering, towns where one came together."""
    tells, stands = [], []
    for i, (r, m, told) in enumerate(zip(c.reports, c.marks, c.told, strict=True)):
        positive = set().union(*told) if told else set()
        for s in range(len(m.text.sentences)):
            if not (m.triggers_in[s] or m.sizes_in[s]) or (s not in positive and not r.complete):
                continue
            tells.append((i, sentence_features(m, s), int(s in positive), 1.0))
            if s in positive:
                here = [e for e, S in zip(r.events, told, strict=True) if s in S]
                for p in m.places_in[s]:
                    if p.role != "organisation" and p.town:
                        stands.append((i, place_features(m, p), int(any(same_town(p, e) for e in here)), 1.0))
    c.learn("tells", tells)
    c.learn("stands", stands)


def learn_context(c: Corpus) -> None:
    """``context``: does a sentence tell of a gathering, given what ``tells`` thinks of its neighbours?"""
    rows = []
    for i, (r, m, told) in enumerate(zip(c.reports, c.marks, c.told, strict=True)):
        positive = set().union(*told) if told else set()
        look = first_look(m, c.models[c.fold[i]])
        rows += [(i, context_features(m, s, look), int(s in positive), 1.0) for s in look if s in positive or r.complete]
    c.learn("context", rows)


def learn_rollups(c: Corpus) -> None:
    """``rollup``: a sentence with a plural or umbrella mention, which is no event of its own."""
    rows = []
    for i, (r, m) in enumerate(zip(c.reports, c.marks, strict=True)):
        plural = sentences_of(m, r.rollups)
        for s in range(len(m.text.sentences)):
            if m.triggers_in[s] or m.sizes_in[s]:
                rows.append((i, sentence_features(m, s), int(s in plural), 1.0))
    c.learn("rollup", rows)


def label_units(r: CodedReport, m: Marks, told: list[set[int]], units: list[Unit]) -> list[int | None]:
    """The coded event of each unit; None for none, -1 where it is not known."""
    labels: list[int | None] = []
    for u in units:
        here = [i for i, S in enumerate(told) if u.sentence in S]
        start, end = m.text.starts[u.first], m.text.ends[u.end - 1]
        if not here:
            labels.append(None if r.complete else -1)
            continue
        if u.place is not None and u.place.candidates:
            towns = [i for i in here if same_town(u.place, r.events[i])]
            if towns:
                here = towns
            elif not u.alone:
                labels.append(None)
                continue
        if len(here) > 1 and u.sizes:
            here = [i for i in here if any(start <= z["start"] < end for z in r.events[i].sizes)] or here
        if len(here) > 1:
            here = [i for i in here if r.events[i].main and start <= r.events[i].main[0] < end] or here  # type: ignore[index]
        labels.append(here[0])
    return labels


GOLD_LINKS = 1.0
"""What a gold report counts for in ``same``: of its events only the quoted sentence is known, which tells gatherings
apart but hardly ever joins two sentences. The best of 0, 0.3, 1 and 4 by cross-validated whole_f1 of dev and our own codings."""


def learn_links(c: Corpus) -> None:
    """``same``: the account that a unit joins, or none; learned with the accounts as the coder joined them.

    A second round on the accounts as the models join them lowered cross-validated whole_f1 by .01 and is left out.
    """
    choices: list[tuple[int, Features, int]] = []
    for i, (r, m, told) in enumerate(zip(c.reports, c.marks, c.told, strict=True)):
        units = find_units(m, c.models[c.fold[i]])
        order: list[Account] = []
        coded: dict[int, Account] = {}
        for unit, label in zip(units, label_units(r, m, told, units), strict=True):
            if label is None or label < 0:
                continue
            near = near_accounts(unit, order)
            account = coded.get(label)
            right = next((k for k, (_, a) in enumerate(near) if a is account), None)
            if near and (account is None or right is not None):
                rows = [link_features(m, unit, a, rank, len(order)) for rank, a in near]
                rows.append(fresh_features(m, unit, near, len(order)))
                choices.append((i, rows, len(near) if right is None else right))
            if account is None:
                account = coded[label] = Account()
            else:
                order.remove(account)
            account.add(unit)
            order.append(account)
    c.learn_choice("same", choices, gold=GOLD_LINKS)


def learn_quotes(c: Corpus) -> None:
    """``quote``: the unit of a gathering that the coder quoted."""
    groups = []
    for i, (r, m, told) in enumerate(zip(c.reports, c.marks, c.told, strict=True)):
        models = c.models[c.fold[i]]
        accounts = link_units(m, find_units(m, models), models)
        for account, label in zip(accounts, matched(r, m, told, accounts), strict=True):
            main = r.events[label].main if label is not None else None
            if main is None or len(account.units) < 2:
                continue
            sentences = sentences_of(m, [main])
            right = next(
                (
                    n
                    for n, u in enumerate(account.units)
                    if u.sentence in sentences and m.text.starts[u.first] <= main[0] < m.text.ends[u.end - 1]
                ),
                None,
            )
            lead = find_lead(account)
            if right is not None:
                groups.append((i, [quote_features(m, account, n, lead) for n in range(len(account.units))], right))
    c.learn_choice("quote", groups)


def matched(r: CodedReport, m: Marks, told: list[set[int]], accounts: list[Account]) -> list[int | None]:
    """The coded event that most units of each account tell of."""
    found: list[int | None] = []
    for account in accounts:
        labels = [x for x in label_units(r, m, told, account.units) if x is not None and x >= 0]
        found.append(collections.Counter(labels).most_common(1)[0][0] if labels else None)
    return found


def learn_values(c: Corpus) -> None:
    """``somewhere``, ``size``, ``part``, ``planned``, ``background`` and ``type``."""
    rows: dict[str, list[tuple[int, list[str], int, float]]] = collections.defaultdict(list)
    choices: dict[str, list[tuple[int, Features, int]]] = collections.defaultdict(list)
    for i, (r, m, told) in enumerate(zip(c.reports, c.marks, c.told, strict=True)):
        models = c.models[c.fold[i]]
        units = find_units(m, models)
        accounts = link_units(m, units, models)
        choose_quotes(m, accounts, models)
        stands = likely_towns(units)
        for account, label in zip(accounts, matched(r, m, told, accounts), strict=True):
            if label is None:
                continue
            event = r.events[label]
            planned = event.status != "held"
            status = judging.status_features(m, account)
            rows["planned"].append((i, status, int(planned), 1.0))
            if not planned:
                rows["background"].append((i, status, int(event.background), 1.0))
            if account.named is None:
                places = towns.place_candidates(m, account, accounts, stands)
                right = next((n for n, place in enumerate(places) if same_town(place.mention, event)), None)
                if places and (right is not None or not event.locality):
                    choices["somewhere"].append(
                        (
                            i,
                            [x.features for x in places] + [towns.no_place_features(m, account, places)],
                            len(places) if right is None else right,
                        )
                    )
            types = {t.event_type for u in account.units for t in u.triggers} | {"demonstration"}
            if event.event_type in types:
                names = sorted(types)
                choices["type"].append((i, [judging.type_features(m, account, y) for y in names], names.index(event.event_type)))
            sizes = [(u, z) for u in account.units for z in u.sizes]
            real = [z for e in r.events for z in e.sizes if z["low"] is not None or z["high"] is not None]
            hits = []
            for u, z in sizes:
                a, b = m.text.starts[z.first], m.text.ends[z.end - 1]
                hit = next((x for x in real if x["start"] < b and x["end"] > a), None)
                features = crowds.size_features(m, u, z)
                rows["size"].append((i, features, int(hit is not None), 1.0))
                if hit is not None:
                    hits.append((u, z, features, hit))
            if len(hits) > 1:
                largest = max(z.quantity.low or z.quantity.high or 0 for _, z, _, _ in hits)
                for _, z, features, hit in hits:
                    rows["part"].append(
                        (i, judging.part_features(z, largest, len(hits), features), int(hit["scope"] == "part"), 1.0)
                    )
    for name in ("planned", "background", "size", "part"):
        c.learn(name, rows[name])
    for name in ("somewhere", "type"):
        c.learn_choice(name, choices[name])


def learn_days(c: Corpus) -> None:
    """``day``: with the days told before as the coder gave them, and again with those that a first round gives.

    A day in force is inherited from account to account: a model that has only seen right days before trusts them too much,
    and fills days that the report leaves open (false_fill on our own codings .22, with both .17).
    """
    given = day_choices(c, own=False)
    c.learn_choice("day", given)
    c.learn_choice("day", given + day_choices(c, own=True))


def day_choices(c: Corpus, *, own: bool) -> list[tuple[int, Features, int]]:
    """The candidate days of each account and the right one; ``own`` takes the days told before from the models."""
    choices: list[tuple[int, Features, int]] = []
    for i, (r, m, told) in enumerate(zip(c.reports, c.marks, c.told, strict=True)):
        models = c.models[c.fold[i]]
        accounts = link_units(m, find_units(m, models), models)
        choose_quotes(m, accounts, models)
        owner = days.Owners(m, accounts)
        before: list[Any] = []
        for account, label in zip(accounts, matched(r, m, told, accounts), strict=True):
            event = r.events[label] if label is not None else None
            planned = event.status != "held" if event is not None else False
            candidates = days.day_candidates(m, account, owner, before, planned=planned)
            right = None
            if event is not None:
                want = (event.date_start, event.date_end or event.date_start)
                right = next(
                    (
                        n
                        for n, day in enumerate(candidates)
                        if day.days and (day.days[0].isoformat(), day.days[1].isoformat()) == want
                    ),
                    None,
                )
                if candidates and (right is not None or not event.date_start):
                    answers = [day.features for day in candidates] + [days.no_day_features(m, account, candidates)]
                    choices.append((i, answers, len(candidates) if right is None else right))
            if own:
                chosen = days.choose_day(m, account, owner, before, models, planned=planned)
                if chosen is not None:
                    before.append((account.main, chosen))
            elif right is not None:
                before.append((account.main, candidates[right]))
    return choices


def learn_counts(c: Corpus) -> None:
    """``counts``: a number is one of its account's own size statements."""
    rows = []
    for i, (r, m, told) in enumerate(zip(c.reports, c.marks, c.told, strict=True)):
        models = c.models[c.fold[i]]
        units = find_units(m, models)
        accounts = link_units(m, units, models)
        choose_quotes(m, accounts, models)
        for account, label in zip(accounts, matched(r, m, told, accounts), strict=True):
            found = crowd_numbers(m, account, models)
            if label is None or not found:
                continue
            real = [z for z in r.events[label].sizes if z["low"] is not None or z["high"] is not None]
            roles = crowds.claimant_roles(m, found)
            for unit, size, p in found:
                a, b = m.text.starts[size.first], m.text.ends[size.end - 1]
                hit = any(z["start"] < b and z["end"] > a for z in real)
                rows.append((i, crowds.count_features(m, account, unit, size, p, found, roles), int(hit), 1.0))
    c.learn("counts", rows)


def learn_merges(c: Corpus) -> None:
    """``merge``: two filled accounts tell of one gathering."""
    rows = []
    for i, (r, m, told) in enumerate(zip(c.reports, c.marks, c.told, strict=True)):
        models = c.models[c.fold[i]]
        units = find_units(m, models)
        accounts = link_units(m, units, models)
        choose_quotes(m, accounts, models)
        drafts = fill_accounts(m, units, accounts, models)
        labels = matched(r, m, told, [d.account for d in drafts])
        for j, b in enumerate(drafts):
            for a, other in list(zip(drafts[:j], labels[:j], strict=True))[-16:]:
                if labels[j] is not None and other is not None:
                    rows.append((i, merge_features(m, a, b), int(other == labels[j]), 1.0))
    c.learn("merge", rows)


def as_gold(event: CodedEvent, text: str) -> dict[str, Any]:
    """A coded event with the keys that score.py compares."""
    from headcount.coding.reduction import reduce_sizes
    from headcount.models import Size, Span

    sizes = [
        Size(
            text="",
            low=z["low"],
            high=z["high"],
            vague=z["vague"],
            scope=z["scope"],
            claimant_role=z["claimant_role"],
            span=Span(start=0, end=0),
        )
        for z in event.sizes
    ]
    reduced = reduce_sizes(sizes)
    quote = text[event.main[0] : event.main[1]] if event.main else ""
    return {
        "event_type": event.event_type,
        "status": event.status,
        "background": event.background,
        "date_start": event.date_start,
        "date_end": event.date_end,
        "locality": event.locality,
        "country": event.country,
        "lat": event.lat,
        "lon": event.lon,
        "size_low": reduced.low,
        "size_high": reduced.high,
        "claimant_role": reduced.claimant_role,
        "quote": quote,
    }


def draft_as_gold(m: Marks, draft: Draft) -> dict[str, Any]:
    """A draft as score.py compares it, whatever its status."""
    reading = build_reading(m, [draft], accept=0.0)
    return reading.to_dict()["events"][0]


def learn_events(c: Corpus) -> None:
    """``event``: is an account an event at all; yes where score.py matches it to a coded one."""
    rows = []
    for i, (r, m) in enumerate(zip(c.reports, c.marks, strict=True)):
        drafts = draft_accounts(m, {**c.models[c.fold[i]], "event": Linear(0.0, {})})
        system = [draft_as_gold(m, d) for d in drafts]
        gold = [as_gold(e, r.report.text) for e in r.events]
        hits = {j for _, j in score.match(gold, system)}
        for j, draft in enumerate(drafts):
            rows.append((i, draft.features, int(j in hits), 1.0))
    c.learn("event", rows)


def evaluate(c: Corpus, sources: Sequence[str], read: Callable[[int], dict[str, Any]]) -> dict[str, float]:
    """Figures over the reports of the named sources."""
    rows = []
    for i, r in enumerate(c.reports):
        if r.source in sources:
            gold = {"events": [as_gold(e, r.report.text) | {"unsure": e.allowed_types} for e in r.events]}
            rows.append(score.score_report(gold, read(i))[0])
    return score.figures(rows)


def main() -> None:
    """Train, print cross-validated figures, and write the weights if asked."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folds", type=int, default=5)
    parser.add_argument("--gazetteer", type=Path, default=None)
    parser.add_argument("--accept", type=float, nargs="*", default=[0.4, 0.45, 0.5, 0.55])
    parser.add_argument("--write", type=Path, default=None)
    parser.add_argument("--outputs", type=Path, default=None)
    parser.add_argument("--vectors", type=Path, default=None)
    args = parser.parse_args()
    global WORDS
    WORDS = Words(args.vectors)
    gazetteer = Gazetteer.open(args.gazetteer)
    corpus = Corpus(
        load_gold("dev") + load_gold("ordinary") + load_gold("seed") + load_coded() + load_own() + load_negatives(NEGATIVES),
        args.folds,
        gazetteer,
    )
    learn_sentences(corpus)
    learn_context(corpus)
    learn_rollups(corpus)
    learn_links(corpus)
    learn_quotes(corpus)
    learn_values(corpus)
    learn_days(corpus)
    learn_counts(corpus)
    learn_merges(corpus)
    learn_events(corpus)
    if args.write:
        models = {name: {"bias": model.bias, "weights": model.weights} for name, model in corpus.models[-1].items()}
        args.write.write_text(
            json.dumps({"models": models}, ensure_ascii=False, separators=(",", ":"), sort_keys=True), encoding="utf-8"
        )
    drafts = [draft_accounts(m, corpus.models[f]) for m, f in zip(corpus.marks, corpus.fold, strict=True)]
    names = (
        "event_p",
        "event_r",
        "event_f1",
        "report_f1",
        "place",
        "date",
        "size",
        "size_recall",
        "attributed",
        "type",
        "false_fill",
        "whole",
        "whole_f1",
    )
    print(f"{'':22}" + " ".join(f"{n[:8]:>8}" for n in names))
    for accept in args.accept:
        for sources in (("dev",), ("ordinary",), ("coded",)):
            figures = evaluate(corpus, sources, lambda i, a=accept: build_reading(corpus.marks[i], drafts[i], accept=a).to_dict())
            print(f"{accept:.2f} {'+'.join(sources):17}" + " ".join(f"{figures[n]:8.3f}" for n in names))
    if args.outputs:
        args.outputs.mkdir(parents=True, exist_ok=True)
        for source in ("dev", "ordinary", "coded"):
            with (
                (args.outputs / f"{source}.jsonl").open("w", encoding="utf-8") as out,
                (args.outputs / f"{source}.gold.jsonl").open("w", encoding="utf-8") as gold,
            ):
                for i, r in enumerate(corpus.reports):
                    if r.source == source:
                        out.write(json.dumps(build_reading(corpus.marks[i], drafts[i]).to_dict()) + "\n")
                        gold.write(
                            json.dumps(
                                {
                                    "id": r.report.report_id,
                                    "events": [as_gold(e, r.report.text) for e in r.events],
                                    "text": r.report.text,
                                    "published": str(r.report.published),
                                    "publisher": r.report.publisher,
                                }
                            )
                            + "\n"
                        )
    fitted = [
        draft_accounts(m, corpus.models[-1]) if r.source in ("dev", "ordinary", "seed") else []
        for r, m in zip(corpus.reports, corpus.marks, strict=True)
    ]
    if args.outputs:
        for source in ("dev", "ordinary"):
            with (args.outputs / f"fit_{source}.jsonl").open("w", encoding="utf-8") as out:
                for i, r in enumerate(corpus.reports):
                    if r.source == source:
                        out.write(json.dumps(build_reading(corpus.marks[i], fitted[i]).to_dict()) + "\n")
    for source in ("dev", "ordinary", "seed"):
        figures = evaluate(
            corpus,
            (source,),
            lambda i: build_reading(corpus.marks[i], fitted[i], accept=args.accept[-1]).to_dict(),
        )
        print(f"fit  {source:17}" + " ".join(f"{figures[n]:8.3f}" for n in names))
    check = load_gold("check")
    held = Corpus(check, 1, gazetteer)
    final = [draft_accounts(m, corpus.models[-1]) for m in held.marks]
    for accept in args.accept:
        figures = evaluate(held, ("check",), lambda i, a=accept: build_reading(held.marks[i], final[i], accept=a).to_dict())
        print(f"{accept:.2f} {'check':17}" + " ".join(f"{figures[n]:8.3f}" for n in names))


if __name__ == "__main__":
    main()
