"""Who gives a number: the claimant and the role, from the words of saying around a size."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple, get_args

from headcount.codebook import table
from headcount.coding.sizes import SizeMention
from headcount.models import ClaimantRole
from headcount.text import Text

_NEAR = 5
"""Words between the claimant and the word of saying: "police spokeswoman Captain Ann Other said"."""


_TRAILING = 16
"""Words that may follow a claimant named behind the number: "…, police spokeswoman Captain Ann Other said on Friday"."""


_APPOSED = 8
"""Words between "according" and the role that stands behind a name: "according to Ann Other, a reporter with"."""


_SPEAKERS = 4
"""Words of saying beside one number whose speakers are looked for, so that the time is linear in any text."""


_SURNAMES = 1500
"""Tokens before the number in which a speaker's surname is looked for with a title beside it."""


class Claimant(NamedTuple):
    """Who gives a number, at the tokens ``first`` to ``end`` (half-open); both 0 for the report's own voice."""

    role: ClaimantRole
    first: int
    end: int


@cache
def _roles() -> dict[str, list[tuple[tuple[str, ...], ClaimantRole]]]:
    found: dict[str, list[tuple[tuple[str, ...], ClaimantRole]]] = {}
    for role in get_args(ClaimantRole):
        for phrase in table("claimants")["roles"].get(role, ()):
            parts = tuple(phrase.split())
            found.setdefault(parts[-1], []).append((parts, role))
    for entries in found.values():
        entries.sort(key=lambda entry: -len(entry[0]))
    return found


@cache
def _saying() -> frozenset[str]:
    return frozenset(table("claimants")["saying"]["words"])


def _says(lower: list[str], j: int, end: int) -> bool:
    """Is the token a word of saying? To "put" is one only where a number may follow: "put the crowd at", not "to put pressure"."""
    if lower[j] not in _saying() or j and lower[j - 1] == "to":
        return False
    return lower[j] not in ("put", "puts", "putting") or any(w in ("at", "as", "between") for w in lower[j + 1 : min(end, j + 16)])


def _is_addressee(lower: list[str], first: int, start: int) -> bool:
    """Is the role at ``start`` the one spoken to: "police told reporters", "told a press conference"?"""
    before = lower[max(first, start - 2) : start]
    return "told" in before and "," not in before


def find_claimants(text: Text, first: int, end: int) -> list[Claimant]:
    """All who say something between the tokens ``first`` and ``end``."""
    lower = text.lower
    roles, saying = _roles(), _saying()
    found: list[Claimant] = []
    spoken = table("claimants")["spokespeople"]
    for i in range(first, min(end, first + 120)):
        entries = roles.get(lower[i])
        if not entries:
            continue
        for parts, role in entries:
            start = i + 1 - len(parts)
            if start < first or tuple(lower[start : i + 1]) != parts:
                continue
            if _is_addressee(lower, first, start):
                break
            if parts[-1] in spoken["titles"]:
                before = lower[max(first, i - 5) : i]
                role = (
                    "police"
                    if any(w in spoken["police"] for w in before)
                    else "officials"
                    if any(w in spoken["officials"] for w in before)
                    else role
                )
            bystander = role in ("participant", "witness", "other")
            reach = 2 if bystander else _NEAR
            around = [
                lower[j]
                for j in (*range(max(first, start - 2), start), *range(i + 1, min(end, i + 1 + reach)))
                if _says(lower, j, end)
            ]
            according = "according" in lower[max(first, start - (4 if bystander else _APPOSED)) : start]
            gap = lower[i + 1 : min(end, i + 1 + 9)]
            title = role == "police" and any(w in saying for w in gap) and text.words[min(i + 1, end - 1)][0].isupper()
            title = (
                title
                or according
                or (role == "organisers" and lower[min(i + 1, end - 1)] == "of" and any(w in saying for w in gap))
            )
            title = title or lower[i] in saying or (role in ("media", "witness") and "saw" in gap[:reach])
            if around or title:
                if found and found[-1].end >= start:  # "a student spokesman": the longer phrase says who
                    found[-1] = Claimant(role, min(found[-1].first, start), i + 1)
                else:
                    found.append(Claimant(role, start, i + 1))
            break
    return found


def code_claimant(text: Text, size: SizeMention, publisher: str | None = None) -> Claimant:
    """Who gives the number ``size``, by the first of these that tells: a role in brackets behind it, the nearest claimant of
    its sentence, "according to" anybody, a pronoun or surname that stands for a speaker told before, the speaker of the
    quotation that it stands in, a sentence about the figure, the writer who was there; else the report itself."""
    found = _in_brackets(text, size) or _in_sentence(text, size)
    if found is not None:
        own = found.role == "media" and publisher is not None and text.lower[found.end - 1] in publisher.lower()
        return Claimant("report", 0, 0) if own or text.lower[found.first - 1 : found.first] == ["our"] else found
    return (
        _according(text, size)
        or _told_before(text, size)
        or _quoted(text, size)
        or _unknown(text, size)
        or _about_the_figure(text, size)
        or _writer(text, size)
        or Claimant("report", 0, 0)
    )


def _in_brackets(text: Text, size: SizeMention) -> Claimant | None:
    """A role alone in brackets right behind the number: "5,000 (police) to 20,000 (organisers)"."""
    lower = text.lower
    if lower[size.end : size.end + 1] != ["("]:
        return None
    for i in range(size.end + 1, min(size.end + 4, len(lower) - 1)):
        for parts, role in _roles().get(lower[i], ()):
            if tuple(lower[i + 1 - len(parts) : i + 1]) == parts and (lower[i + 1] == ")" or lower[i + 1] in _saying()):
                return Claimant(role, i + 1 - len(parts), i + 1)
    return None


def _in_sentence(text: Text, size: SizeMention) -> Claimant | None:
    """The nearest of the sentence's claimants that may give the number."""
    lower = text.lower
    first, end = text.sentences[text.sentence_of[size.at]]
    inside = range(size.first, size.end)
    addressed = _is_addressed(text, size)
    best: Claimant | None = None
    best_gap = 10_000
    for claimant in find_claimants(text, first, end):
        if claimant.first in inside or (claimant.role in ("participant", "witness") and size.end <= claimant.first < size.end + 4):
            continue
        if addressed and claimant.end <= size.first:
            continue  # "The governor told 300 supporters"
        between = lower[size.end : claimant.first]
        dashed = any(w in (",", "-", "–", "—", ";") for w in between)
        if len(between) < 6 and between and not dashed and not any(w in _saying() or w == "according" for w in between):
            continue  # "50 volunteers and local antiwar activists"
        gap = size.first - claimant.end if claimant.end <= size.first else claimant.first - size.end + 3
        if (
            claimant.first >= size.end
            and "according" not in lower[max(0, claimant.first - 4) : claimant.first]
            and end - claimant.end > _TRAILING
        ):
            continue  # "Nearly 100 people came, and the president, whose spokesperson told students that …"
        if claimant.first >= size.end and _says_something_else(lower, claimant, end):
            continue
        if gap < best_gap:
            best, best_gap = claimant, gap
    for parts, role in _roles().get(lower[size.first - 1], ()) if size.first > first else ():
        start = size.first - len(parts)
        if start >= first and tuple(lower[start : size.first]) == parts and any(w in _saying() for w in lower[first:start]):
            return Claimant(role, start, size.first)  # "police said 5,000 came, organisers 20,000"
    return best


def _says_something_else(lower: list[str], claimant: Claimant, end: int) -> bool:
    """Does a claimant behind a number begin a clause of its own: "… marched, and police said two were arrested"?"""
    before = lower[max(0, claimant.first - 3) : claimant.first]
    if not any(w in ("and", "but", "while", "although", "though", "whose") for w in before) or "according" in before:
        return False
    for i in range(claimant.end, min(claimant.end + 4, end)):
        if lower[i] in _saying():
            return end - i > 3 and lower[i + 1] not in (",", "on", "in", "at", "so")
    return False


def _is_addressed(text: Text, size: SizeMention) -> bool:
    """Are the people counted spoken to: "The governor told 300 supporters", "told a cheering crowd of 300"?"""
    first, _ = text.sentences[text.sentence_of[size.at]]
    before = text.lower[max(first, size.first - 5) : size.first]
    return any(w in ("told", "tells", "telling", "addressed") for w in before) and not any(
        w in ("that", ",", "there") for w in before
    )


def _according(text: Text, size: SizeMention) -> Claimant | None:
    """Whoever stands behind "according to" is another body, where no word tells its role."""
    first, end = text.sentences[text.sentence_of[size.at]]
    plain = table("claimants")["according"]["plain"]
    for i in range(first, min(end, first + 80)):
        if text.lower[i] != "according" or text.lower[i + 1 : i + 2] != ["to"] or i + 2 >= end:
            continue
        j = i + 2
        while j < min(end, i + 10) and (text.words[j][0].isupper() or text.lower[j] in ("the", "a", "an", "some", "of", "for")):
            j += 1
        j = min(max(j, i + 3), end)
        if not any(w in plain for w in text.lower[i + 2 : min(j + 2, end)]):
            media = any(w.endswith(tuple(table("claimants")["according"]["media"])) for w in text.lower[i + 2 : j])
            report = any(w in table("claimants")["according"]["officials"] for w in text.lower[i + 2 : min(j + 2, end)])
            return Claimant("media" if media else "officials" if report else "other", i + 2, j)
    return None


def _told_before(text: Text, size: SizeMention) -> Claimant | None:
    """The speaker of a sentence before, where a pronoun or a bare surname says the number."""
    lower, words = text.lower, table("claimants")
    sentence = text.sentence_of[size.at]
    first, end = text.sentences[sentence]
    for i in (*range(first, min(size.first, first + 40)), *range(max(size.end, end - 8), end)):
        says = i + 1 < end and (
            lower[i + 1] in _saying() or lower[i + 1] in ("also", "later", "then") and lower[i + 2] in _saying()
        )
        if lower[i] in words["pronouns"]["words"] and says and not text.quoted[i]:
            for s in range(sentence - 1, max(-1, sentence - 4), -1):
                told = find_claimants(text, *text.sentences[s])
                if told:
                    return told[-1]
    tried = 0
    for i in range(first, first if _is_addressed(text, size) else min(end, first + 80)):
        if text.quoted[i] or lower[i] == "gave" or not _says(lower, i, end) or not size.first - 12 <= i <= size.end + 25:
            continue
        tried += 1
        for k in _names_at(text, i, first, end) if tried <= _SPEAKERS else ():
            if k not in range(size.first, size.end):
                known = _role_beside(text, k, first, end) or _titled(text, lower[k], first)
                if known is not None:
                    return Claimant(known, k, k + 1)
    return None


def _names_at(text: Text, i: int, first: int, end: int) -> list[int]:
    """Where a name may stand beside the word of saying at ``i``: right at it, or before the words set off by commas."""
    places = [i - 1, i + 1, i + 2]
    if i > first and text.lower[i - 1] == ",":
        comma = next((k for k in range(i - 2, max(first, i - 14), -1) if text.lower[k] == ","), None)
        if comma is not None:
            places.insert(0, comma - 1)
    return [k for k in places if first <= k < end and text.words[k][0].isupper() and len(text.words[k]) > 2 and not text.quoted[k]]


def _titled(text: Text, surname: str, before: int) -> ClaimantRole | None:
    """The role that stands beside a surname where it is told first, before the token ``before``."""
    try:
        k = text.lower.index(surname, max(0, before - _SURNAMES), before)
    except ValueError:
        return None
    low, high = text.sentences[text.sentence_of[k]]
    return _role_beside(text, k, low, high)


def _role_beside(text: Text, k: int, low: int, high: int) -> ClaimantRole | None:
    """The role beside the name at ``k``: the title before it, or the words behind a comma."""
    speakers = table("claimants")["speakers"]
    lower = text.lower
    behind = range(k + 1, min(high, k + 12)) if lower[k + 1 : k + 2] in ([","], ["of"], ["from"]) else ()
    for i in (*range(k - 1, max(low - 1, k - 6), -1), *behind):
        if lower[i] in '.;"“”' or lower[i] in _saying():
            if i < k:
                continue
            break
        spoken: ClaimantRole
        for spoken in get_args(ClaimantRole):
            if lower[i] in speakers.get(spoken, ()):
                return spoken
        for parts, role in _roles().get(lower[i], ()):
            if tuple(lower[i + 1 - len(parts) : i + 1]) == parts and role not in ("participant", "witness"):
                return role
    return None


def _quoted(text: Text, size: SizeMention) -> Claimant | None:
    """A number in somebody's direct speech is never the report's: the speaker's, and somebody who was there if nothing tells."""
    if not text.quoted[size.at]:
        return None
    sentence = text.sentence_of[size.at]
    pronouns = table("claimants")["pronouns"]["words"]
    tried = 0
    for s in (sentence, sentence + 1, sentence - 1):
        if not 0 <= s < len(text.sentences) or text.paragraph_of[s] != text.paragraph_of[sentence]:
            continue
        first, end = text.sentences[s]
        for i in range(first, min(end, first + 120)):
            if text.quoted[i] or text.lower[i] not in _saying():
                continue
            tried += 1
            if tried > _SPEAKERS:
                break
            names = _names_at(text, i, first, end)
            for k in names:
                role = _role_beside(text, k, first, end) or _titled(text, text.lower[k], first)
                if role is not None:
                    return Claimant(role, k, k + 1)
            for k in (*names, i - 1, i + 1):
                if k in names or first <= k < end and text.lower[k] in pronouns:
                    return Claimant("participant", k, k + 1)
    return Claimant("participant", 0, 0)


_ACRONYM = 6
"""Letters that the short name of a union or a campaign has at most: "the NUT said"."""


def _unknown(text: Text, size: SizeMention) -> Claimant | None:
    """A named body of which nothing is told says the number right before it: "The Sierra Club said 300 people marched"."""
    first, _ = text.sentences[text.sentence_of[size.at]]
    for i in range(size.first - 1, max(first, size.first - 4), -1):
        if text.lower[i] in _saying() and text.lower[i] != "told" and text.words[i].islower():
            name = text.words[i - 1]
            if not name[0].isupper() or len(name) < 2 or i - 1 == first and not name.isupper():
                return None
            return Claimant("organisers" if name.isupper() and 3 <= len(name) <= _ACRONYM else "other", i - 1, i)
    return None


def _about_the_figure(text: Text, size: SizeMention) -> Claimant | None:
    """The claimant of the sentence behind the number, or before it, that speaks of "the figure" and gives none of its own."""
    words = table("claimants")["figure"]
    sentence = text.sentence_of[size.at]
    first = text.sentences[sentence][0]
    lower = text.lower

    def speaks(low: int, high: int) -> bool:
        return any(lower[i] in words["words"] and lower[i - 1] in words["deictic"] for i in range(low + 1, min(high, low + 8)))

    if sentence + 1 < len(text.sentences):
        low, high = text.sentences[sentence + 1]
        around = lower[low:high]
        if speaks(low, high) and not any(w in words["disputed"] or w[0].isdecimal() for w in around):
            told = find_claimants(text, low, high) or _bare_roles(text, low, high)
            if told:
                return told[0]
    if sentence and speaks(first, size.first):
        told = find_claimants(text, *text.sentences[sentence - 1])
        if told:
            return told[-1]
    return None


def _bare_roles(text: Text, low: int, high: int) -> list[Claimant]:
    """Words for claimants with no word of saying beside them: "The figure comes from the police"."""
    found = []
    for i in range(low, min(high, low + 40)):
        for parts, role in _roles().get(text.lower[i], ()):
            if tuple(text.lower[i + 1 - len(parts) : i + 1]) == parts and role not in ("participant", "witness"):
                found.append(Claimant(role, i + 1 - len(parts), i + 1))
                break
    return found


def _writer(text: Text, size: SizeMention) -> Claimant | None:
    """The writer who was there: "more than 200 of us marched", "we were 200"."""
    first, _ = text.sentences[text.sentence_of[size.at]]
    if size.noun == "us" and not text.quoted[size.at]:
        return Claimant("participant", 0, 0)
    for i in range(first, min(size.first, first + 12)):
        mine = text.lower[i] in table("claimants")["first_person"]["words"]
        if mine and text.words[i] in ("I", "We", "we") and not text.quoted[i]:
            return Claimant("participant", i, i + 1)
    return None
