"""What an account is: an event at all, held or planned, told as news or as history, and of which type."""

from __future__ import annotations

from functools import cache

from headcount.codebook import table
from headcount.coding.features import cue_words, document_features
from headcount.coding.linking import Account
from headcount.coding.marks import Marks
from headcount.coding.sizes import SizeMention


def status_features(marks: Marks, account: Account) -> list[str]:
    """Has it happened? The words of the sentences that introduce it, and its days."""
    main = account.main
    features = [f for f in main.features if not f.startswith(("T=", "L=", "D="))]
    published = marks.report.published
    for unit in account.units[:6]:
        for date in unit.dates:
            days = date.past
            ahead = date.future
            where = "main" if unit is main else "more"
            features.append(f"day={date.kind}|{where}")
            if date.kind == "vague":
                features.append(f"dayv={date.precision}|{where}")
            if published is not None and days is not None and date.year_given:
                age = (published - days[1]).days
                features.append(f"age={'future' if age < 0 else 'now' if age < 60 else 'old'}|{where}")
            if date.kind == "relative" and days is not None and ahead is not None and published is not None and days[0] > published:
                features.append(f"ahead|{where}")
    cues = cue_words()
    for unit in account.units[:6]:
        if unit is main:
            continue
        for group in {g for w in marks.text.lower[unit.first : min(unit.end, unit.first + 60)] for g in cues.get(w, ())}:
            features.append(f"more={group}")
    features.append(f"units={min(len(account.units), 5)}")
    features.append(f"mainpos={min(main.sentence, 6)}")
    return features


def account_features(
    marks: Marks,
    account: Account,
    accounts: list[Account],
    *,
    town: str,
    day: str,
    sized: bool,
    planned: float,
    background: float,
    twin: str,
    rank: int,
    biggest: int,
) -> list[str]:
    """Is it an event by the codebook, told once? ``town`` and ``day`` say how they were found, ``twin`` what it repeats."""
    main = account.main
    best = max(u.tells for u in account.units)
    mean = sum(u.tells for u in account.units) / len(account.units)
    triggers = [t for u in account.units for t in u.triggers]
    strong = [t for t in triggers if t.kind != "weak"]
    kinds = {t.kind for t in main.triggers if t.kind != "weak"}
    types = {t.event_type for t in main.triggers if t.kind != "weak"}
    size = len(account.units)
    units = "1" if size == 1 else "2" if size == 2 else "3" if size < 5 else "5"
    hi = int(best * 10)
    features = [
        f"best={hi}",
        f"mean={int(mean * 10)}",
        f"main={int(main.tells * 10)}",
        f"units={units}",
        f"best={hi}|units={units}",
        f"town={town}",
        f"day={day}",
        f"sized={sized}",
        f"town={town}|day={day}",
        f"town={town}|sized={sized}",
        f"day={day}|sized={sized}",
        f"town={town}|day={day}|sized={sized}",
    ]
    features += [f"best={hi}|town={town}", f"best={hi}|day={day}", f"units={units}|town={town}", f"units={units}|day={day}"]
    features.append(f"planned={int(planned * 5)}")
    features.append(f"background={int(background * 5)}")
    features.append(f"twin={twin}")
    features.append(f"twin={twin}|units={units}")
    features.append(f"twin={twin}|best={hi // 2}")
    features += [f"kind={k}" for k in kinds] + [f"type={t}" for t in types]
    features.append(f"kinds={'+'.join(sorted(kinds))}")
    features.append(f"strong={min(len(strong), 6)}")
    features.append(f"accounts={min(len(accounts), 8)}|town={town}")
    features.append(f"rank={min(rank, 5)}")
    features.append(f"rank={min(rank, 2)}|accounts={min(len(accounts), 4)}")
    features.append(f"share={'top' if size == biggest else 'half' if size * 2 >= biggest else 'small'}")
    features.append(f"stands={int(max((u.stands for u in account.units), default=0) * 5)}")
    features += [f"alone={main.alone}", f"bare={main.bare}", f"bare={main.bare}|units={units}"]
    if main.area is not None:
        features.append(f"area|town={town}")
    if marks.text.quoted[main.first]:
        features.append("quoted")
    features.append(f"pos={min(main.sentence, 5)}")
    features += [
        f
        for f in main.features
        if f.startswith(("t=", "ty=", "t-1=", "b=", "a=", "cue=", "p=", "allq", "someq", "unq", "w=", "noun=", "t+1=", "s="))
    ]
    features += document_features(marks)
    return features


@cache
def type_words() -> frozenset[str]:
    """The words beside a gathering that tell of its type, read once."""
    return frozenset(table("forms")["type_words"]["words"])


def type_features(marks: Marks, account: Account, event_type: str) -> list[str]:
    """Is ``event_type`` the word that the codebook would choose for it?"""
    main = account.main
    features: list[str] = []
    everywhere = [(u, t) for u in account.units for t in u.triggers]
    mine = [(u, t) for u, t in everywhere if t.event_type == event_type]
    in_main = [t for u, t in mine if u is main]
    strong = [t for _, t in mine if t.kind != "weak"]
    features.append(f"y={event_type}")
    features.append(f"y={event_type}|n={min(len(strong), 4)}")
    features.append(f"y={event_type}|main={bool([t for t in in_main if t.kind != 'weak'])}")
    for t in in_main:
        features.append(f"y={event_type}|lemma={t.lemma}|{t.kind}")
    for _, t in mine[:6]:
        features.append(f"y={event_type}|any={t.kind}")
    others = {t.event_type for u, t in everywhere if t.event_type != event_type and t.kind != "weak"}
    for other in others:
        features.append(f"y={event_type}|with={other}")
    main_others = {t.event_type for t in main.triggers if t.event_type != event_type and t.kind != "weak"}
    for other in main_others:
        features.append(f"y={event_type}|mainwith={other}")
    first = next((t.event_type for u, t in everywhere if t.kind != "weak"), "")
    features.append(f"y={event_type}|first={first == event_type}")
    top = max((sum(1 for _, t in everywhere if t.event_type == y and t.kind != "weak") for y in others), default=0)
    features.append(f"y={event_type}|more={'yes' if len(strong) > top else 'same' if len(strong) == top else 'no'}")
    if event_type in marks.title_words or any(w.startswith(event_type[:5]) for w in marks.title_words):
        features.append(f"y={event_type}|title")
    main_kinds = [t.kind for t in in_main]
    if "noun" in main_kinds:
        features.append(f"y={event_type}|noun")
    if "past" in main_kinds:
        features.append(f"y={event_type}|past")
    words = {w for u in account.units[:4] for w in marks.text.lower[u.first : min(u.end, u.first + 50)]}
    for w in words & type_words():
        features.append(f"y={event_type}|w={w}")
    return features


def part_features(size: SizeMention, largest: int, count: int, features: list[str]) -> list[str]:
    """Does a number count a part of the crowd only (inside, an overflow, one column)? ``features`` are its size features."""
    q = size.quantity
    value = q.low if q.low is not None else q.high or 0
    share = "top" if value >= largest else "big" if value * 3 >= largest else "small"
    found = [f for f in features if not f.startswith("tells")]
    found += [f"share={share}", f"count={min(count, 4)}", f"share={share}|count={min(count, 4)}", f"share={share}|{size.noun}"]
    return found


def is_called_off(marks: Marks, account: Account) -> bool:
    """Does the sentence that introduces a gathering say of it that it was called off: "the march was called off because of rain"?

    Not of a strike or an occupation, which is called off after it has begun, nor of one called off "after" something.
    """
    book = table("forms")["called_off"]
    lower, unit = marks.text.lower, account.main
    for trigger in [found for found in unit.triggers if found.kind != "weak"][:1]:  # a later one may be another gathering
        if trigger.event_type in book["lasting"]:
            continue
        behind = lower[trigger.end : min(unit.end, trigger.end + 14)]
        before = " " + " ".join(lower[max(unit.first, trigger.first - 4) : trigger.first]) + " "
        for i, word in enumerate(behind):
            if word in book["stop"]:
                break
            if word in book["being"]:
                said = " ".join(behind[i + 1 : i + 4])
                if any(said.startswith((phrase, f"also {phrase}", f"later {phrase}")) for phrase in book["phrases"]):
                    return not set(behind[i + 1 :]) & set(book["after"])
        if any(f" {phrase} " in before for phrase in book["phrases"]) and not set(behind) & set(book["after"]):
            return True
    return False


def is_cancelled(marks: Marks, account: Account) -> bool:
    """Is a gathering that did not happen told as called off or banned, near a word for it?"""
    words = table("forms")["status"]["cancelled"]
    lower = marks.text.lower
    for unit in account.units[:8]:
        for trigger in unit.triggers[:4]:
            first, end = max(unit.first, trigger.first - 8), min(unit.end, trigger.end + 8)
            near = lower[first:end]
            if any(w in words for w in near) or "called off" in " ".join(near):
                return True
    return False
