"""Permanent ids: which id each cluster of candidate events goes by, and where every other id leads.

An id follows its founding candidate event. Where two ids end up in one cluster the older stays and the other leads to it;
where they are parted again both live on. An id is never given to anything else, and never forgotten. No chain of ids leads in
a circle: an id that leads on is set to lead to one that is live, or withdrawn, at that time.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

UNDATED = "9999"
"""Stands behind every day of publication."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Name:
    """One row of the ledger of ids."""

    event_id: str
    number: int
    founder: str
    state: str = "live"
    """``live``, ``merged`` (``merged_into`` leads on), ``gone`` (no report tells of it any more) or ``withdrawn``."""

    merged_into: str | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """The ledger as it stands after a linking, and the id of every cluster."""

    names: tuple[Name, ...]
    of_label: dict[int, str]
    """The id of each cluster by its label."""


def name_clusters(
    labels: Mapping[str, int], ledger: Iterable[Name], members: Mapping[str, str], *, told: Mapping[str, str] = MappingProxyType({})
) -> Named:
    """Gives every cluster its id.

    ``labels`` maps each live candidate id to the label of its cluster, ``ledger`` holds all ids so far, ``members`` maps
    candidate ids to the event they belonged to before: where a founder is gone, the first that is left stands in for it,
    one that founded no other event before one that did. ``told`` has the day on which each was published, as ISO: of a new
    cluster the account told first is the founder. A cluster that holds the founder of a withdrawn event stays
    withdrawn. Nothing depends on the values of labels.
    """
    rows = sorted(ledger, key=lambda one: one.number)
    left: dict[str, list[str]] = {}
    founders = {one.founder for one in rows}

    def age(candidate: str) -> tuple[str, str]:
        return told.get(candidate) or UNDATED, candidate

    for candidate, event_id in members.items():
        if candidate in labels:
            left.setdefault(event_id, []).append(candidate)
    known: list[Name] = []
    claims: dict[int, list[int]] = {}
    for row in rows:
        founder = row.founder
        if founder not in labels and row.event_id in left:
            founder = min(left[row.event_id], key=lambda one: (one in founders, age(one)))
        if founder not in labels:
            if row.state == "live":  # one that was merged leads on as it did
                row = replace(row, state="gone", merged_into=None, reason="no report of the record tells of it any more")
            known.append(row)
            continue
        claims.setdefault(labels[founder], []).append(len(known))
        known.append(row if founder in founders else replace(row, founder=founder))
    of_label: dict[int, str] = {}
    for label, claimed in claims.items():
        owner = next((index for index in claimed if known[index].state == "withdrawn"), claimed[0])
        of_label[label] = known[owner].event_id
        if known[owner].state != "withdrawn":
            known[owner] = replace(known[owner], state="live", merged_into=None, reason="")
        for index in claimed:
            if index != owner and known[index].state != "withdrawn":
                known[index] = replace(
                    known[index], state="merged", merged_into=of_label[label], reason="judged to be one event with it"
                )
    new: dict[int, str] = {}
    for candidate, label in labels.items():
        if label not in of_label and (label not in new or age(candidate) < age(new[label])):
            new[label] = candidate
    used = {row.event_id for row in known}
    number = max((row.number for row in known), default=0)
    for label, founder in sorted(new.items(), key=lambda one: one[1]):
        number += 1
        of_label[label] = _mint(founder, used)
        used.add(of_label[label])
        known.append(Name(event_id=of_label[label], number=number, founder=founder))
    return Named(names=tuple(known), of_label=of_label)


def _mint(founder: str, used: set[str]) -> str:
    """An id made of the founder's alone, so that a run that was cut off and one that was not give the same."""
    size, mark = 5, founder
    while True:
        name = "ev-" + hashlib.blake2b(mark.encode("utf-8", "surrogatepass"), digest_size=size).hexdigest()
        if name not in used:
            return name
        size, mark = 8, mark + "\x1f"  # two founders of one hash, or one whose event has passed to another account
