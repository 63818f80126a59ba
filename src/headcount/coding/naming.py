"""Is a run of capitalised words the name of a person? By given names, cues beside it, and what else the words may be."""

from __future__ import annotations

import re
from functools import cache

from headcount.codebook import table
from headcount.coding.phrases import Lexicon, split_words
from headcount.coding.runs import Run
from headcount.gazetteer import Gazetteer
from headcount.gazetteer.fold import fold_name
from headcount.text import Text

_TOWN_OF = 15_000
"""Inhabitants from which a town's name alone is the town and not a first name (Florence; not Denise)."""


_PLACES_CALLED = frozenset(
    "road street avenue drive square lane highway hospital school stadium park clinic bridge university station airport stn".split()
)

_APOSTROPHE = re.compile(r"\w{1,3}['’][A-ZÀ-Þ]")
_BEHIND_A_ROLE = frozenset(", . ) ; who whose from at in of with and".split())


class _Words:
    def __init__(self) -> None:
        book = table("people")
        given = table("given_names")["given"]["names"]
        self.given = frozenset(fold_name(w) for names in given.values() for w in names.split())
        self.places_too = split_words(table("given_names")["places_too"]["words"])
        self.things = split_words(book["things"]["words"])
        self.surnames_too = split_words(book["things"]["surnames_too"])
        self.before_place = split_words(book["things"]["before_place"])
        self.runs = Lexicon({"thing": book["things"]["runs"]})
        self.single_things = frozenset(run for run in book["things"]["runs"] if " " not in run)
        self.credits = split_words(book["things"]["credits"])
        self.organizations = frozenset(fold_name(w) for w in table("actors")["organizations"]["known"].split())
        self.known = frozenset(name.replace("_", " ") for name in book["known"]["names"].split())
        self.known_single = split_words(book["known"]["single"])
        self.cases = frozenset(name.replace("_", " ") for name in book["cases"]["names"].split())
        self.saying = split_words(book["saying"]["words"])
        self.courtesy = split_words(book["titles"]["courtesy"])
        self.roles = split_words(book["roles"]["words"])
        self.plain: str = book["roles"]["plain"]
        self.family = split_words(book["family"]["words"])


@cache
def naming_words() -> _Words:
    return _Words()


def cut_front(text: Text, run: Run, gazetteer: Gazetteer) -> Run:
    """A run without the towns, offices and things in front of a person: "London Sadiq Khan", "Armistice Day Philip"."""
    known = naming_words()
    folded = [fold_name(part) for part in run.parts]
    if len(folded) > 1 and gazetteer.find(" ".join(run.parts)):
        return run
    if len(folded) > 2 and folded[0] == "free" and not any(word in known.things for word in folded[1:]):
        return _tail(text, run, 1)  # "Free Jonny Wetherby"
    for k in range(1, len(folded)):
        before = folded[k - 1]
        if (
            len(folded) - k == 2
            and before not in known.given
            and " ".join(folded[k:]) in known.known
            and " ".join(folded) not in known.known
        ):
            return _tail(text, run, k)
        if (
            folded[k] not in known.given
            or gazetteer.namesake(folded[k]) == "word"
            or any(word in known.things for word in folded[k:])
        ):
            continue
        thing = (
            before in known.things
            or before in known.organizations
            or before in known.roles
            or any(c.isupper() for c in run.parts[k - 1][1:])
            or gazetteer.demonym(run.parts[k - 1])
            or "-" in run.parts[k - 1]
            and before not in known.given
        )
        town = (
            len(folded) - k >= 2
            and before not in known.given
            and any(hit.kind != "locality" or (hit.population or 0) >= _TOWN_OF for hit in gazetteer.find(run.parts[k - 1])[:1])
        )
        if (thing or town) and " ".join(folded) not in known.known:
            return _tail(text, run, k)
    if len(folded) > 2 and folded[0] in known.given and folded[2] in known.credits and folded[1] not in known.things:
        return Run(run.first, run.first + _tokens_of(text, run, 2), run.parts[:2], run.office, run.courtesy)
    return run


def _tokens_of(text: Text, run: Run, k: int) -> int:
    """How many tokens the first ``k`` parts of a run take."""
    at = _start_of(text, run, k)
    return next(i for i in range(run.first, run.end) if text.starts[i] >= at) - run.first


def _tail(text: Text, run: Run, k: int) -> Run:
    first = next(i for i in range(run.first, run.end) if text.starts[i] >= _start_of(text, run, k))
    return Run(first, run.end, run.parts[k:], False, False)


def _start_of(text: Text, run: Run, k: int) -> int:
    """The character at which the part ``k`` of a run begins."""
    at = text.starts[run.first]
    for part in run.parts[:k]:
        at = text.raw.index(part, at) + len(part)
    return text.raw.index(run.parts[k], at)


def name_key(run: Run) -> str:
    """The folded words of a run without its initials, as the lists of known names have them."""
    return " ".join(fold_name(part) for part in run.parts if len(part) > 1)


def is_full_name(text: Text, run: Run, gazetteer: Gazetteer, lowercase: set[str]) -> bool:
    """Is a run of two or more capitalised words the name of a person?"""
    known = naming_words()
    folded = [fold_name(part) for part in run.parts]
    key = name_key(run)
    if key in known.known or key in known.cases:
        return True
    lower, first, end = text.lower, run.first, run.end
    before = lower[first - 1] if first and text.sentence_of[first - 1] == text.sentence_of[first] else ""
    if before == "." and lower[first - 2 : first - 1] in (["st"], ["ste"]) or gives_its_name(text, run):
        return False
    named = folded[0] in known.given and gazetteer.namesake(folded[0]) != "word"
    human = gazetteer.namesake(folded[0]) == "person"
    cue = run.courtesy or run.office or has_cue(text, run)
    if folded[0] in known.organizations or follows_first_half(text, run, gazetteer):
        return False
    if any(known.runs.at(lower, i, end) for i in range(first, end)):
        return False
    things = [word for k, word in enumerate(folded) if word in known.things and not (k == 0 and word in known.given)]
    if things:
        surname_only = len(things) == 1 and folded[-1] == things[0] and things[0] in known.surnames_too
        if not (surname_only and (named or human or cue)) and not run.courtesy:
            return False
        if surname_only and not cue and (before in known.before_place or before == "the" or gazetteer.find(" ".join(run.parts))):
            return False
    if cue:
        return True
    whole = gazetteer.find(" ".join(run.parts))
    if whole and not (
        named and before not in known.before_place and (whole[0].population or 0) < _TOWN_OF and whole[0].kind == "locality"
    ):
        return False
    if named:
        return True
    if before == "the" or before in known.before_place and not human:
        return False
    if folded[0] in known.places_too and len(run.parts) == 2:
        return gazetteer.namesake(folded[-1]) == "person" or not _ordinary(folded[-1], run.parts[-1], gazetteer, lowercase)
    if (
        before in ("for", "of", "to", "against", "and", "&")
        and first >= 2
        and text.words[first - 2][0].isupper()
        and fold_name(text.words[first - 2]) in known.things
        and not named
    ):
        return False  # "Campaign for Nuclear Disarmament"
    initials = len(run.parts[0]) == 2 and run.parts[0].isupper()
    if initials or folded[0] in known.given or gazetteer.namesake(folded[-1]) == "person" or folded[-1] in known.given:
        return gazetteer.demonym(run.parts[0]) is None and not any(len(part) > 2 and part.isupper() for part in run.parts)
    if human and not gazetteer.find(run.parts[0]):
        return True
    # Neither a known given name nor a cue: a person, unless its words are words of the language or places.
    odd = [not _ordinary(word, part, gazetteer, lowercase) for word, part in zip(folded, run.parts, strict=True)]
    word_first = gazetteer.namesake(folded[0]) == "word" and gazetteer.demonym(run.parts[0]) is None
    town_last = odd[0] and is_larger_town(run.parts[-1], gazetteer)  # "Kyrie Irving": many surnames are towns
    return (odd[-1] and (odd[0] or word_first) or town_last) and len(run.parts) <= 3


def _ordinary(folded: str, part: str, gazetteer: Gazetteer, lowercase: set[str]) -> bool:
    """Is the word one of the language, or the name of a larger place or of a people?"""
    if gazetteer.namesake(folded) == "word" or part.lower() in lowercase or gazetteer.demonym(part) is not None:
        return True
    if (
        any(character.isupper() for character in part[1:])
        and not _APOSTROPHE.match(part)  # "D'Arcy", "N’Diaye"
        and not part.startswith(("Mc", "Mac", "O'", "O’", "De", "Di", "La", "Le"))
        and "-" not in part
    ):
        return True
    return is_larger_town(part, gazetteer)


def is_larger_town(part: str, gazetteer: Gazetteer) -> bool:
    """Is the word the usual name of a larger town, or of a state, country or landmark?"""
    hits = gazetteer.find(part)
    return (
        bool(hits)
        and fold_name(hits[0].name) == fold_name(part)
        and (hits[0].kind != "locality" or (hits[0].population or 0) >= _TOWN_OF)
    )


def follows_first_half(text: Text, run: Run, gazetteer: Gazetteer) -> bool:
    """Is the first word the second half of a town whose first half was cut off ("LOS ANGELES--")?"""
    before = text.words[run.first - 1] if run.first else ""
    return before.isupper() and before.isalpha() and len(before) > 1 and bool(gazetteer.find(f"{before} {run.parts[0]}"))


def gives_its_name(text: Text, run: Run) -> bool:
    """Is a place called after the person: "Peter's Square", "Govan Mbeki road"?"""
    behind = text.lower[run.end : run.end + 2]
    if behind[:1] and behind[0] in _PLACES_CALLED:
        return True
    return (
        len(behind) == 2
        and behind[0] in ("'s", "’s")
        and text.words[run.end + 1][0].isupper()
        and behind[1] in naming_words().things
    )


def has_cue(text: Text, run: Run) -> bool:
    """Does an age, a word of saying or a role beside the run say that it is a person?"""
    known = naming_words()
    lower, words, first, end, count = text.lower, text.words, run.first, run.end, len(text.words)
    sentence = text.sentence_of[first]
    after = [lower[i] for i in range(end, min(end + 5, count)) if text.sentence_of[i] == sentence]
    if after[:1] == [","] or after[:1] == ["("]:
        age = after[2:3] if after[1:2] == ["aged"] else after[1:2]
        if (
            age
            and age[0].isdecimal()
            and 4 <= int(age[0][:4]) <= 110
            and (after[2:3] or [","])[0] in (",", ")", ".", "-", "and", "of", "from", ";")
        ):
            return True
        if after[1:2] and after[1] in ("a", "an", "who", "whose", "one") and any(w in known.roles for w in after[2:]):
            return True
    if after[:1] and after[0] in known.saying and after[0] != "posted":
        return _sounds_like_a_name(text, run)
    if first and text.sentence_of[first - 1] == sentence:
        before = lower[first - 1]
        if before in ("old", "aged") or before in known.family:
            return True
        if before in known.roles or (before in known.saying and before not in ("told", "tells", "asked", "warned", "posted")):
            return _sounds_like_a_name(text, run)
        if before == "by" and words[first - 1] == "By" and first - 1 == text.sentences[sentence][0]:
            return _sounds_like_a_name(text, run)
    return False


def has_apposition(text: Text, run: Run) -> bool:
    """Does an age or a private role between commas stand right behind the run: nothing but a person has one?"""
    known = naming_words()
    lower, end = text.lower, run.end
    high = text.sentences[text.sentence_of[run.first]][1]
    behind = lower[end : min(end + 8, high)]
    if behind[:1] not in ([","], ["("]):
        return False
    at = 2 if behind[1:2] == ["aged"] else 1
    age = behind[at : at + 1]
    if age and age[0].isdecimal() and 4 <= int(age[0][:4]) <= 110:
        closed = behind[at + 1 : at + 2]
        listed = closed == [","] and (text.words[end + at + 2 : end + at + 3] or ["A"])[0][0].isupper()
        return closed in ([","], [")"], ["."], []) and not listed
    if behind[1:2] and behind[1] in ("a", "an"):
        for k in range(2, len(behind)):
            if not behind[k][0].isalpha():
                return False
            if behind[k] in known.roles and (not behind[k + 1 : k + 2] or behind[k + 1] in _BEHIND_A_ROLE):
                return True
    return False


def reads_as_a_surname(text: Text, i: int, gazetteer: Gazetteer, lowercase: set[str]) -> bool:
    """May the word at ``i`` be a surname in a headline or in lower case: no word of the language, no thing, no larger town?"""
    known = naming_words()
    word, folded = text.words[i], fold_name(text.words[i])
    return (
        word[0].isalpha()
        and len(word) > 2
        and folded not in known.things
        and folded not in known.roles
        and folded not in known.organizations
        and folded not in known.saying
        and not _ordinary(folded, word, gazetteer, lowercase)
    )


def _sounds_like_a_name(text: Text, run: Run) -> bool:
    """No word of the run is an acronym or stands in the list of things."""
    things = naming_words().things
    return (
        not any(part.isupper() and len(part) > 1 for part in run.parts)
        and fold_name(run.parts[0]) not in things
        and text.lower[run.first - 1 : run.first] != ["the"]
    )
