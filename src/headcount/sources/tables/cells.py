"""Days as people write them in the cells of a table, where they can be one day only."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

BEFORE: Final = re.compile(r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\.?,?\s*)?", re.I)
AFTER: Final = re.compile(
    r"(?:[\s,]*(?:mon|tues?|wed(?:nes)?|thurs?|fri|sat(?:ur)?|sun)(?:day)?)?"
    r"(?:[\s,T]*(?:at )?\d{1,2}:\d\d(?::\d\d)?(?:\.\d+)?(?:\s*[ap]\.?m\.?)?)?(?:\s*(?:[A-Z]{1,4}|[+-]\d\d:?\d\d))?\s*",
    re.I,
)


def with_plain_day(fields: Mapping[str, object]) -> Mapping[str, object]:
    """The fields with their day as an ISO date where it is written as ``August 2, 2016`` or ``13/08/2016``.

    What may be two days (02/08/2016) stays as it is, to be doubted.
    """
    value = fields.get("published")
    if not isinstance(value, str) or not value.strip() or re.match(r"\s*\d{4}-\d{2}-\d{2}", value):
        return fields
    from headcount.sources.pages.days import read_day

    value = " ".join(value.split())
    day = read_day(value, regions=[])
    if day is None or day.other is not None:
        return fields
    before, _, after = value.partition(day.words)
    if BEFORE.fullmatch(before) and AFTER.fullmatch(after):
        return {**fields, "published": day.day}
    return fields
