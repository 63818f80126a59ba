"""Persons named in a report, and whether each is a public figure: the ground that privacy stands on.

Default deny (codebook section 6): whoever is named is private until a cue says otherwise. A run of
capitalised words that no list knows is taken for a private person, too; an organisation hidden by
mistake costs a word, a person shown by mistake cannot be taken back.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from typing import Literal

from headcount.codebook import table
from headcount.coding.phrases import Lexicon, split_words
from headcount.coding.runs import Run, find_runs
from headcount.coding.standing import judge_standing
from headcount.gazetteer import Gazetteer
from headcount.gazetteer.fold import fold_name
from headcount.text import Text

Standing = Literal["public", "private", "case"]
"""``case`` is somebody after whom a protest is named ("justice for X"): the name belongs to the claim."""

_TOWN_OF = 15_000
"""Inhabitants from which a town's name alone is the town and not a first name (Florence; not Denise)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody named at the tokens ``first`` to ``end`` (half-open), without title."""

    first: int
    end: int
    standing: Standing
    role: str
    """What a private person is, with its article ("a student"); "a person" where nothing is told."""

    name: str
    """The full name as far as the report gives it, also where only the surname stands here."""


class _Words:
    def __init__(self) -> None:
        book = table("people")
        given = table("given_names")["given"]["names"]
        self.given = frozenset(fold_name(w) for names in given.values() for w in names.split())
        self.things = split_words(book["things"]["words"])
        self.surnames_too = split_words(book["things"]["surnames_too"])
        self.before_place = split_words(book["things"]["before_place"])
        self.runs = Lexicon({"thing": book["things"]["runs"]})
        self.single_things = frozenset(run for run in book["things"]["runs"] if " " not in run)
        self.credits = split_words(book["things"]["credits"])
        self.known = frozenset(name.replace("_", " ") for name in book["known"]["names"].split())
        self.known_single = split_words(book["known"]["single"])
        self.cases = frozenset(name.replace("_", " ") for name in book["cases"]["names"].split())
        self.saying = split_words(book["saying"]["words"])
        self.courtesy = split_words(book["titles"]["courtesy"])
        self.roles = split_words(book["roles"]["words"])
        self.plain: str = book["roles"]["plain"]
        self.family = split_words(book["family"]["words"])


@cache
def _words() -> _Words:
    return _Words()


def find_persons(text: Text, gazetteer: Gazetteer) -> list[Person]:
    """Everybody whom the report names, in the order of the text, each mention for itself."""
    runs = [_cut_front(text, run, gazetteer) for run in find_runs(text)]
    full = [run for run in runs if len(run.parts) > 1]
    lowercase = {word for word in text.lower if word} if not runs else {w for w in text.words if w.islower()}
    persons: list[Person] = []
    for run in full:
        if is_full_name(text, run, gazetteer, lowercase):
            standing, role = _stand(text, run)
            persons.append(Person(first=run.first, end=run.end, standing=standing, role=role, name=_shown(text, run)))
    names = {fold_name(person.name) for person in persons}
    found = {person.first for person in persons}
    for run in full:  # a name that some cue gave away elsewhere
        if run.first not in found and " ".join(fold_name(part) for part in run.parts) in names:
            standing, role = _stand(text, run)
            persons.append(Person(first=run.first, end=run.end, standing=standing, role=role, name=_shown(text, run)))
    persons = sorted(_agree(persons), key=lambda person: person.first)
    surnames: dict[str, list[Person]] = {}
    givens: dict[str, list[Person]] = {}
    for person in persons:
        parts = fold_name(person.name).split()
        surnames.setdefault(parts[-1], []).append(person)
        surnames.setdefault(fold_name(text.words[person.end - 1]), []).append(person)
        if len(parts) > 2:
            surnames.setdefault(" ".join(parts[-2:]), []).append(person)
        givens.setdefault(parts[0], []).append(person)
    taken = {person.first for person in persons}
    for run in runs:
        if len(run.parts) > 1 and run.first not in taken:
            key = " ".join(fold_name(part) for part in run.parts)
            if key in surnames:  # "Considine-Fahy", a double surname alone
                persons.append(_inherit(run, surnames[key]))
        if len(run.parts) == 1:
            found = _judge_single(text, run, gazetteer, surnames, givens, lowercase)
            if found is not None:
                persons.append(found)
    persons.sort(key=lambda person: person.first)
    return persons


def _cut_front(text: Text, run: Run, gazetteer: Gazetteer) -> Run:
    """A run without the towns, offices and things in front of a person: "London Sadiq Khan", "Armistice Day Philip"."""
    known = _words()
    folded = [fold_name(part) for part in run.parts]
    for k in range(1, len(folded)):
        before = folded[k - 1]
        if len(folded) - k == 2 and before not in known.given and " ".join(folded[k:]) in known.known and " ".join(folded) not in known.known:
            return _tail(text, run, k)
        if folded[k] not in known.given or gazetteer.namesake(folded[k]) == "word" or any(word in known.things for word in folded[k:]):
            continue
        thing = before in known.things or before in known.roles or any(c.isupper() for c in run.parts[k - 1][1:]) or gazetteer.demonym(run.parts[k - 1]) or "-" in run.parts[k - 1] and before not in known.given
        town = len(folded) - k >= 2 and before not in known.given and any(hit.kind != "locality" or (hit.population or 0) >= _TOWN_OF for hit in gazetteer.find(run.parts[k - 1])[:1])
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


def _shown(text: Text, run: Run) -> str:
    return " ".join(text.quote(run.first, run.end).split())


def _key(run: Run) -> str:
    return " ".join(fold_name(part) for part in run.parts if len(part) > 1)


def _stand(text: Text, run: Run) -> tuple[Standing, str]:
    known = _words()
    key = _key(run)
    parts = key.split()
    short = f"{parts[0]} {parts[-1]}" if len(parts) > 2 else key
    if key in known.cases:
        return "case", ""
    if key in known.known or short in known.known:
        return "public", ""
    return judge_standing(text, run)


def is_full_name(text: Text, run: Run, gazetteer: Gazetteer, lowercase: set[str]) -> bool:
    """Is a run of two or more capitalised words the name of a person?"""
    known = _words()
    folded = [fold_name(part) for part in run.parts]
    key = _key(run)
    if key in known.known or key in known.cases:
        return True
    lower, first, end = text.lower, run.first, run.end
    before = lower[first - 1] if first and text.sentence_of[first - 1] == text.sentence_of[first] else ""
    if before == "." and lower[first - 2 : first - 1] in (["st"], ["ste"]):
        return False
    named = folded[0] in known.given and gazetteer.namesake(folded[0]) != "word"
    human = gazetteer.namesake(folded[0]) == "person"
    cue = run.courtesy or run.office or _has_cue(text, run)
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
    if whole and not (named and before not in known.before_place and (whole[0].population or 0) < _TOWN_OF and whole[0].kind == "locality"):
        return False
    if named:
        return True
    if before == "the" or before in known.before_place and not human:
        return False
    initials = len(run.parts[0]) == 2 and run.parts[0].isupper()
    if initials or folded[0] in known.given or gazetteer.namesake(folded[-1]) == "person" or folded[-1] in known.given:
        return gazetteer.demonym(run.parts[0]) is None and not any(len(part) > 2 and part.isupper() for part in run.parts)
    if human and not gazetteer.find(run.parts[0]):
        return True
    # Neither a known given name nor a cue: a person, unless its words are words of the language or places.
    odd = [not _ordinary(word, part, gazetteer, lowercase) for word, part in zip(folded, run.parts, strict=True)]
    word_first = gazetteer.namesake(folded[0]) == "word" and gazetteer.demonym(run.parts[0]) is None
    town_last = odd[0] and _town(run.parts[-1], gazetteer)  # "Kyrie Irving": many surnames are towns
    return (odd[-1] and (odd[0] or word_first) or town_last) and len(run.parts) <= 3


def _ordinary(folded: str, part: str, gazetteer: Gazetteer, lowercase: set[str]) -> bool:
    """Is the word one of the language, or the name of a larger place or of a people?"""
    if gazetteer.namesake(folded) == "word" or part.lower() in lowercase or gazetteer.demonym(part) is not None:
        return True
    if any(character.isupper() for character in part[1:]) and not part.startswith(("Mc", "Mac", "O'", "O’", "De", "Di", "La", "Le")) and "-" not in part:
        return True
    return _town(part, gazetteer)


def _town(part: str, gazetteer: Gazetteer) -> bool:
    """Is the word the usual name of a larger town, or of a state, country or landmark?"""
    hits = gazetteer.find(part)
    return bool(hits) and fold_name(hits[0].name) == fold_name(part) and (hits[0].kind != "locality" or (hits[0].population or 0) >= _TOWN_OF)



def _has_cue(text: Text, run: Run) -> bool:
    """Does an age, a word of saying or a role beside the run say that it is a person?"""
    known = _words()
    lower, words, first, end, count = text.lower, text.words, run.first, run.end, len(text.words)
    sentence = text.sentence_of[first]
    after = [lower[i] for i in range(end, min(end + 5, count)) if text.sentence_of[i] == sentence]
    if after[:1] == [","] or after[:1] == ["("]:
        age = after[2:3] if after[1:2] == ["aged"] else after[1:2]
        if age and age[0].isdigit() and 4 <= int(age[0][:4]) <= 110 and (after[2:3] or [","])[0] in (",", ")", ".", "-", "and", "of", "from", ";"):
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


def _sounds_like_a_name(text: Text, run: Run) -> bool:
    """No word of the run is an acronym or stands in the list of things."""
    things = _words().things
    return not any(part.isupper() and len(part) > 1 for part in run.parts) and fold_name(run.parts[0]) not in things and text.lower[run.first - 1 : run.first] != ["the"]


def _agree(persons: list[Person]) -> list[Person]:
    """One standing for one name: a cue at any mention holds for all; the role likewise."""
    public: dict[str, Standing] = {}
    roles: dict[str, str] = {}
    for person in persons:
        key = _identity(person.name)
        if person.standing != "private":
            public.setdefault(key, person.standing)
        elif person.role != _words().plain:
            roles.setdefault(key, person.role)
    agreed = []
    for person in persons:
        key = _identity(person.name)
        standing = public.get(key, "private")
        agreed.append(replace(person, standing=standing, role="" if standing != "private" else roles.get(key, person.role)))
    return agreed


def _identity(name: str) -> str:
    parts = fold_name(name).split()
    return f"{parts[0]} {parts[-1]}"


def _inherit(run: Run, candidates: list[Person]) -> Person:
    """The person of that surname who was named last before, else the first one in the report."""
    earlier = [person for person in candidates if person.first < run.first]
    source = earlier[-1] if earlier else candidates[0]
    return replace(source, first=run.first, end=run.end)


def _judge_single(
    text: Text, run: Run, gazetteer: Gazetteer, surnames: dict[str, list[Person]], givens: dict[str, list[Person]], lowercase: set[str]
) -> Person | None:
    """A capitalised word alone: a surname or first name told before, a world-known figure, or a first name by its cue."""
    known = _words()
    word = run.parts[0]
    folded = fold_name(word)
    before = text.lower[run.first - 1] if run.first and text.sentence_of[run.first - 1] == text.sentence_of[run.first] else ""
    if before == "." and text.lower[run.first - 2 : run.first - 1] in (["st"], ["ste"]) or run.first and text.sentence_of[run.first - 1] != text.sentence_of[run.first] and text.lower[max(0, run.first - 2) : run.first] in (["st", "."], ["ft", "."]):
        return None
    if text.lower[run.end : run.end + 1] == ["."] and gazetteer.state_abbreviation(word) is not None:
        return None
    cue = run.courtesy or run.office or _has_cue(text, run)
    locative = before in known.before_place and bool(gazetteer.find(word)) and not cue
    if folded in surnames and not locative:
        return _inherit(run, surnames[folded])
    if folded in givens and not locative:
        return _inherit(run, givens[folded])
    if folded in known.known_single:
        return Person(first=run.first, end=run.end, standing="public", role="", name=word)
    if folded in known.things or folded in known.single_things or (word.isupper() and len(word) < 6 and not run.courtesy):
        return None
    kind = gazetteer.namesake(folded)
    named = folded in known.given and kind != "word"
    hits = gazetteer.find(word)
    place = bool(hits) and (hits[0].kind != "locality" or (hits[0].population or 0) >= _TOWN_OF)
    if not cue:
        alone = named and not place and before not in ("the", *known.before_place) and folded not in lowercase and len(folded) > 2
        if not alone:
            return None
    elif not (run.courtesy or run.office) and not named and kind != "person":
        plural = folded.endswith("s") and run.first == text.sentences[text.sentence_of[run.first]][0]
        if plural or kind == "word" or folded in lowercase or hits or gazetteer.demonym(word) or before == "the":
            return None
    elif not run.courtesy and (place and not named or (kind == "word" or folded in lowercase) and run.office):
        return None
    standing, role = judge_standing(text, run)
    return Person(first=run.first, end=run.end, standing=standing, role=role, name=word)
