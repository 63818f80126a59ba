"""Logistic regression over named features: a sum of weights, readable feature by feature.

The weights are learned by ``training/train.py`` from coded reports (see ``training/README.md``)
and shipped as plain JSON, so that every decision can be explained and none needs a library.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files


class Linear:
    """One decision: P(yes) = 1 / (1 + exp(-(bias + sum of the weights of the features that hold)))."""

    __slots__ = ("bias", "weights")

    def __init__(self, bias: float, weights: Mapping[str, float]) -> None:
        self.bias = bias
        self.weights = weights

    def logit(self, features: Iterable[str]) -> float:
        """The log-odds of yes."""
        get = self.weights.get
        total = self.bias
        for feature in features:
            total += get(feature, 0.0)
        return total

    def probability(self, features: Iterable[str]) -> float:
        """The probability of yes, between 0 and 1."""
        return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, self.logit(features)))))


@cache
def load_models() -> dict[str, Linear]:
    """All learned decisions by name, read once a process."""
    raw = json.loads((files("headcount.coding") / "weights.json").read_bytes())
    return {name: Linear(model["bias"], model["weights"]) for name, model in raw["models"].items()}
