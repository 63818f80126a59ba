"""What participants demand, what they chant, and the issues that follow from both (codebook section 6)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Set
from functools import cache

from headcount.codebook import table
from headcount.coding.actors import Ranges, Value, unique
from headcount.coding.marks import Marks
from headcount.coding.nearby import dates_near, sizes_near, triggers_between, triggers_near
from headcount.coding.phrases import Hit, Lexicon, clip_to_sentences, find_quotation, split_words, squeeze
from headcount.models import Span
from headcount.text import Text, tokenize

CLAIM_WORDS = 15
"""Words that a claim may hold: CCC's claims are as short."""

_QUOTE_REACH = 8
"""Tokens between "chanting" and the opening mark: "chanting slogans in two languages, among them “…”"."""

_CHANTS_IN_A_ROW = 6


class _Words:
    def __init__(self) -> None:
        book = table("claims")
        leads = book["leads"]
        self.leads = Lexicon({side: _phrases(leads[side]) for side in ("against", "for")})
        self.never_first = frozenset(tuple(w.split("_")) for w in leads["never_first"].split())
        self.durations = split_words(leads["durations"])
        self.name_words = split_words(leads["names"]) | split_words(table("actors")["organizations"]["nouns"])
        self.stops = Lexicon({"stop": [w.replace("_", " ") for w in leads["stops"].split()]})
        self.chants = Lexicon({"chant": _phrases(book["chants"]["before"])})
        self.chants_behind = Lexicon({"chant": _phrases(book["chants"]["behind"])})
        self.issues: dict[str, Lexicon] = {
            tag: Lexicon({tag: _phrases(words)}) for tag, words in book["issues"].items() if tag != "why"
        }
        self.leading = split_words(leads["leading"])
        self.loose = split_words(leads["loose"])
        self.participles = split_words("marching rallying gathering chanting carrying holding waving blocking")


def _phrases(listed: str) -> list[str]:
    return [phrase.strip() for phrase in listed.replace("\n", "|").split("|") if phrase.strip()]


@cache
def _words() -> _Words:
    return _Words()


def code_claims(marks: Marks, ranges: Ranges, *, cuts: Set[int] = frozenset()) -> tuple[Value, ...]:
    """The demands told of an event, each "for …" or "against …", at most 15 words, cut where its clause ends.

    ``cuts`` are the first tokens of the places where events of the report came together;
    such a place ends a claim ("a march against the war in London").
    """
    text = marks.text
    found: list[Value] = []
    for first, end in clip_to_sentences(text, ranges):
        busy = first
        for hit in _leads_in(marks, first, end):
            if hit.first < busy or text.quoted[hit.first]:
                continue
            low = hit.end
            stop = _claim_end(marks, low, end, cuts)
            if (
                stop <= low
                or _is_no_demand(text, low, stop)
                or any(date.first <= low + 1 < date.end or date.first == low for date in dates_near(marks, low))
            ):
                continue
            words = squeeze(text.quote(low, stop))
            found.append((f"{hit.label} {words}", text.span(hit.first, stop)))
            busy = stop
        found.extend(_compounds(marks, first, end))
    return unique(found)


def _leads_in(marks: Marks, first: int, end: int) -> Iterable[Hit]:
    """The words in front of demands, with the "for" and "over" right behind a word of gathering."""
    text, known = marks.text, _words()
    hits = list(known.leads.find(text.lower, first, end))
    taken = {i for hit in hits for i in range(hit.first, hit.end)}
    for trigger in triggers_between(marks, first, end):
        at = trigger.end
        if trigger.kind in ("agent", "weak") and text.lower[at : at + 1] != ["for"] or not first <= at < end or at in taken:
            continue
        if trigger.kind == "weak":
            continue
        if text.lower[at] == "for":
            hits.append(Hit(at, at + 1, "for"))
        elif text.lower[at] == "over":
            hits.append(Hit(at, at + 1, "against"))
        elif text.lower[at : at + 2] == ["in", "favour"]:
            continue
    hits.sort()
    return [hit for hit in hits if not _not_of_gathering(marks, hit) and not _inside_a_name(text, hit)]


def _not_of_gathering(marks: Marks, hit: Hit) -> bool:
    """A demand stands behind a gathering or a crowd of its sentence, or opens it ("Demanding X, they marched")."""
    first = marks.text.sentences[marks.text.sentence_of[hit.first]][0]
    triggers = triggers_near(marks, hit.first)
    word = marks.text.lower[hit.first]
    if hit.first - first <= 1 and word.endswith("ing") or word == "in" and hit.first == first:
        return not triggers
    told = any(t.end <= hit.first or t.first < hit.end for t in triggers)
    return not told and not any(z.end <= hit.first for z in sizes_near(marks, hit.first))


def _inside_a_name(text: Text, hit: Hit) -> bool:
    """Does the "for" or "against" belong to a name ("Mobilization for Global Justice")?"""
    if hit.end - hit.first != 1 or not hit.first or hit.end >= len(text.words):
        return False
    before, known = text.words[hit.first - 1], _words()
    return before[0].isupper() and text.words[hit.end][0].isupper() and (before.lower() in known.name_words)


def _claim_end(marks: Marks, low: int, end: int, cuts: Set[int]) -> int:
    """Where the clause of a demand ends."""
    text, known = marks.text, _words()
    if low >= end:
        return low
    dates = {date.first for date in dates_near(marks, low)}
    verbs = {t.first for t in triggers_near(marks, low) if t.kind == "past"}
    i = low
    while i < end and i - low < CLAIM_WORDS:
        word = text.lower[i]
        if word in '.;:!?()"“”[]—–…' or word == "," and not _list_goes_on(text, i, end):
            break
        if word == "-" and i + 1 < end and text.lower[i + 1] == "-":
            break
        if i > low and (known.stops.at(text.lower, i, end) is not None or word in known.participles or i in dates):
            break
        if i > low and (
            i in cuts
            or word in ("in", "at", "through", "near", "across")
            and (i + 1 in cuts or i + 2 in cuts and text.lower[i + 1] in ("the", "central", "downtown"))
        ):
            break
        if i > low and word == "at" and any(text.words[k][0].isupper() for k in range(i + 1, min(i + 3, end))):
            break  # "against racism at the Hector Pieterson Museum"
        if i > low and word == "and" and (i + 1 in verbs or known.leads.at(text.lower, min(i + 1, end - 1), end) is not None):
            break
        lead = known.leads.at(text.lower, i, end) if i > low and word in known.leading else None
        if lead is not None and (word != "to" or lead.end - i > 1):
            break
        if i in verbs and i > low + 2:
            break
        i += 1
    while i > low and text.lower[i - 1] in known.loose:
        i -= 1
    return i


def _list_goes_on(text: Text, i: int, end: int) -> bool:
    """Is the comma at ``i`` one of a short list ("jobs, homes and schools")?"""
    for j in range(i + 1, min(i + 5, end)):
        if text.lower[j] in ("and", "or"):
            return j - i <= 4 and j + 1 < end
        if not text.lower[j][0].isalpha() and text.lower[j] != ",":
            return False
    return False


def _is_no_demand(text: Text, low: int, stop: int) -> bool:
    """Durations, walls and pronouns are no demands."""
    known = _words()
    first = text.lower[low]
    if (
        first[0].isdecimal()
        or first in ("to", "them", "him", "her", "us", "me", "it", "you", "and", "what", "this")
        or first in known.durations
        or first in ("the", "a", "an")
        and stop == low + 1
    ):
        return True
    return any(
        tuple(text.lower[low : low + len(words)]) == words and (len(words) > 1 or stop - low <= 3) for words in known.never_first
    )


def _compounds(marks: Marks, first: int, end: int) -> list[Value]:
    """Demands in a word: "anti-fracking rally", "pro-democracy march"."""
    text = marks.text
    found: list[Value] = []
    for i in range(first, end - 2):
        if (
            text.lower[i] in ("anti", "pro")
            and text.words[i + 1] in "-‐‑"
            and text.ends[i] == text.starts[i + 1]
            and text.words[i + 2][0].isalpha()
            and not text.quoted[i]
        ):
            follows = range(i + 3, i + 6)
            if any(t.first in follows for t in triggers_near(marks, i)) and not any(
                w in (",", "police") for w in text.lower[i + 3 : i + 4]
            ):
                side = "against" if text.lower[i] == "anti" else "for"
                found.append((f"{side} {text.words[i + 2]}", text.span(i, i + 3)))
    return found


def code_chants(marks: Marks, ranges: Ranges) -> tuple[Value, ...]:
    """Chants, slogans and placards verbatim, without their quotation marks."""
    text, known = marks.text, _words()
    found: list[Value] = []
    count = len(text.words)
    for first, end in clip_to_sentences(text, ranges):
        for hit in known.chants.find(text.lower, first, end):
            at = hit.end
            for n in range(_CHANTS_IN_A_ROW):
                inside = find_quotation(text, at, min(count, at + (_QUOTE_REACH if n == 0 else 4)))
                if inside is None or text.sentence_of[inside[0]] != text.sentence_of[hit.first]:
                    break
                if not any(text.lower[k] in ("said", "says", ".") for k in range(at, inside[0] - 1)):
                    found.append(_verbatim(text, *inside))
                at = inside[1] + 1
                if (
                    not any(word in (",", "and", "or", ";", "&") for word in text.lower[at : at + 2])
                    and text.lower[inside[1] - 1] != ","
                ):
                    break
        for hit in known.chants_behind.find(text.lower, first, end):
            close = hit.first - 1
            if close > 0 and text.words[close] in "”\"’'»":
                opened = next(
                    (k for k in range(close - 1, max(close - 32, -1), -1) if text.words[k] in "“\"‘'«" and k + 1 < close), None
                )
                if opened is not None and text.paragraph_of[text.sentence_of[opened]] == text.paragraph_of[text.sentence_of[close]]:
                    found.append(_verbatim(text, opened + 1, close))
    return unique(found)


def _verbatim(text: Text, first: int, end: int) -> Value:
    while end - 1 > first and text.words[end - 1] in ",.;":
        end -= 1
    return squeeze(text.quote(first, end)), text.span(first, end)


def tag_issues(claims: Sequence[str], chants: Sequence[str] = (), otherwise: str = "") -> tuple[str, ...]:
    """The issues of an event by the words of its claims and chants; by ``otherwise`` where it has neither."""
    words = [*claims, *chants] or [otherwise]
    nowhere = Span(start=0, end=0)
    return tuple(tag for tag, _ in code_issues([(phrase, nowhere) for phrase in words]))


def code_issues(phrases: Sequence[Value]) -> list[Value]:
    """The issues that phrases of an event tell, each with the place of the first phrase that tells it."""
    lowers = [(tokenize(phrase).lower, span) for phrase, span in phrases if phrase]
    found = []
    for tag, lexicon in _words().issues.items():
        told = next((span for lower, span in lowers if next(iter(lexicon.find(lower, 0, len(lower))), None) is not None), None)
        if told is not None:
            found.append((tag, told))
    return found
