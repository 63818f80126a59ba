"""Persons named in a report, and whether each is a public figure: the ground that privacy stands on.

Default deny (codebook section 6): whoever is named is private until a cue says otherwise. A run of
capitalised words that no list knows is taken for a private person, too; an organisation hidden by
mistake costs a word, a person shown by mistake cannot be taken back.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, replace
from typing import Literal

from headcount.coding.naming import (
    cut_front,
    follows_first_half,
    gives_its_name,
    has_apposition,
    has_cue,
    is_full_name,
    is_larger_town,
    name_key,
    naming_words,
    reads_as_a_surname,
)
from headcount.coding.runs import Run, find_runs
from headcount.coding.standing import judge_standing
from headcount.gazetteer import Gazetteer
from headcount.gazetteer.fold import fold_name
from headcount.text import Text

Standing = Literal["public", "private", "case"]
"""``case`` is somebody after whom a protest is named ("justice for X"): the name belongs to the claim."""


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


def find_persons(text: Text, gazetteer: Gazetteer) -> list[Person]:
    """Everybody whom the report names, in the order of the text, each mention for itself."""
    runs = [cut_front(text, run, gazetteer) for run in find_runs(text)]
    runs = [_with_month(text, run) for run in runs]
    full = [run for run in runs if len(run.parts) > 1]
    lowercase = {word for word in text.lower if word} if not runs else {w for w in text.words if w.islower()}
    persons: list[Person] = []
    for run in full:
        if is_full_name(text, run, gazetteer, lowercase):
            standing, role = _stand(text, run)
            persons.append(Person(first=run.first, end=run.end, standing=standing, role=role, name=_shown(text, run)))
    covered = {i for person in persons for i in range(person.first, person.end)}
    for run in (*_find_in_headlines(text, gazetteer, runs, lowercase), *_find_lowercase(text, gazetteer)):
        if not covered & set(range(run.first, run.end)):
            standing, role = _stand(text, run)
            persons.append(Person(first=run.first, end=run.end, standing=standing, role=role, name=_shown(text, run)))
            covered.update(range(run.first, run.end))
    names = {fold_name(person.name) for person in persons}
    taken = {person.first for person in persons}
    for run in full:  # a name that some cue gave away elsewhere
        if run.first not in taken and " ".join(fold_name(part) for part in run.parts) in names:
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
    located = _find_located(text)
    for run in runs:
        if len(run.parts) > 1 and run.first not in taken:
            key = " ".join(fold_name(part) for part in run.parts)
            if key in surnames:  # "Considine-Fahy", a double surname alone
                persons.append(_inherit(run, surnames[key]))
        if len(run.parts) == 1:
            found = _judge_single(text, run, gazetteer, surnames, givens, lowercase, located)
            if found is not None:
                persons.append(found)
    persons.extend(_echo(text, gazetteer, persons))
    persons.sort(key=lambda person: person.first)
    return persons


def _with_month(text: Text, run: Run) -> Run:
    """A run with the given name in front that was cut off as a month ("April May Leeds, 33"), where an age or role tells."""
    i = run.first - 1
    if i < 0 or text.sentence_of[i] != text.sentence_of[run.first] or text.lower[i] not in ("april", "may", "june", "august"):
        return run
    if not text.words[i].istitle() or not has_apposition(text, run):
        return run
    return run._replace(first=i, parts=(text.words[i], *run.parts))


def _find_located(text: Text) -> set[str]:
    """Folded words told as places: behind a preposition of place, or as the dateline."""
    before_place = naming_words().before_place
    found = {fold_name(word) for i, word in enumerate(text.words) if i and word[0].isupper() and text.lower[i - 1] in before_place}
    if len(text.words) > 1 and text.words[0].isupper() and text.words[1] in "-–—(,":
        found.add(fold_name(text.words[0]))
    return found


def _find_in_headlines(text: Text, gazetteer: Gazetteer, runs: list[Run], lowercase: set[str]) -> list[Run]:
    """Given name and surname within a headline whose every longer word has a capital, where no run ends with the name."""
    known = naming_words()
    titled = {run.first: run for run in runs}
    found: list[Run] = []
    for low, high in text.sentences:
        words = text.words[low:high]
        if sum(word[0].isupper() for word in words) < 4 or any(word[0].islower() and len(word) > 4 for word in words):
            continue
        i = low
        while i + 1 < high:
            folded = fold_name(text.words[i])
            if (
                text.words[i][0].isupper()
                and folded in known.given
                and folded not in known.things
                and gazetteer.namesake(folded) != "word"
                and text.words[i + 1][0].isupper()
                and reads_as_a_surname(text, i + 1, gazetteer, lowercase)
                and not gazetteer.find(text.quote(i, i + 2))
            ):
                end = i + 2
                while end + 1 < high and text.words[end] == "-" and text.words[end + 1][0].isupper():
                    end += 2
                front = titled.get(i)
                run = Run(
                    i, end, (text.words[i], text.quote(i + 1, end)), bool(front and front.office), bool(front and front.courtesy)
                )
                if not gives_its_name(text, run) and not any(
                    w in known.things and w not in _TOLD for w in text.lower[end : end + 1]
                ):
                    found.append(run)
                i = end
            else:
                i += 1
    return found


_TOLD = frozenset("march rally protest protests strike stop slam against for".split())
"""Things that may follow a name in a headline and make it no organisation: "Hayley Pruszynski March"."""


def _find_lowercase(text: Text, gazetteer: Gazetteer) -> list[Run]:
    """Given name and surname in lower case, an age or a role behind them ("ashley brumfield, a student")."""
    known = naming_words()
    found = []
    for i in range(len(text.words) - 2):
        if text.lower[i] not in known.given or not text.words[i].islower() or not text.words[i + 1].islower():
            continue
        run = Run(i, i + 2, (text.words[i], text.words[i + 1]), False, False)
        if (
            text.sentence_of[i] == text.sentence_of[i + 1]
            and gazetteer.namesake(fold_name(text.words[i])) != "word"
            and text.lower[i - 1 : i] not in (["the"], ["a"], ["an"])
            and has_apposition(text, run)
            and reads_as_a_surname(text, i + 1, gazetteer, set())
        ):
            found.append(run)
    return found


def _echo(text: Text, gazetteer: Gazetteer, persons: list[Person]) -> list[Person]:
    """Private surnames where no run gave them: within a headline or chant, the given name in front, or in lower case."""
    known = naming_words()
    covered = {i for person in persons for i in range(person.first, person.end)}
    private: dict[str, Person] = {}
    small: dict[str, Person] = {}
    for person in persons:
        last = text.words[person.end - 1]
        if person.standing != "private" or not reads_as_a_surname(text, person.end - 1, gazetteer, set()):
            continue
        private.setdefault(fold_name(last), person)
        if last.islower():
            small.setdefault(fold_name(last), person)
    if not private:
        return []
    shared = {fold_name(text.words[person.end - 1]) for person in persons if person.standing != "private"}
    before_place = known.before_place
    found = []
    for i, word in enumerate(text.words):
        folded = fold_name(word)
        told = (private if word[0].isupper() else small).get(folded)
        if told is None or i in covered or folded in shared:
            continue
        first = i
        same = i > 0 and text.sentence_of[i - 1] == text.sentence_of[i]
        if same and text.lower[i - 1] in before_place and gazetteer.find(word):
            continue
        if gives_its_name(text, Run(i, i + 1, (word,), False, False)):
            continue
        if same and i - 1 not in covered and text.words[i - 1][0].isupper() and word[0].isupper():
            front = fold_name(text.words[i - 1])
            if front in known.given or reads_as_a_surname(text, i - 1, gazetteer, set()):
                first = i - 1
        found.append(replace(told, first=first, end=i + 1))
    return found


def _shown(text: Text, run: Run) -> str:
    return " ".join(text.quote(run.first, run.end).split())


def _stand(text: Text, run: Run) -> tuple[Standing, str]:
    known = naming_words()
    key = name_key(run)
    parts = key.split()
    short = f"{parts[0]} {parts[-1]}" if len(parts) > 2 else key
    if key in known.cases:
        return "case", ""
    if key in known.known or short in known.known:
        return "public", ""
    return judge_standing(text, run)


def _agree(persons: list[Person]) -> list[Person]:
    """One standing for one name: a cue at any mention holds for all; the role likewise."""
    public: dict[str, Standing] = {}
    roles: dict[str, str] = {}
    for person in persons:
        key = _identity(person.name)
        if person.standing != "private":
            public.setdefault(key, person.standing)
        elif person.role != naming_words().plain:
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
    at = bisect_left(candidates, run.first, key=lambda person: person.first)
    return replace(candidates[max(0, at - 1)], first=run.first, end=run.end)


def _judge_single(
    text: Text,
    run: Run,
    gazetteer: Gazetteer,
    surnames: dict[str, list[Person]],
    givens: dict[str, list[Person]],
    lowercase: set[str],
    located: set[str],
) -> Person | None:
    """A capitalised word alone: a surname or first name told before, a world-known figure, or a first name by its cue."""
    known = naming_words()
    word = run.parts[0]
    folded = fold_name(word)
    before = text.lower[run.first - 1] if run.first and text.sentence_of[run.first - 1] == text.sentence_of[run.first] else ""
    if (
        before in ("st", "ste", "saint", "san", "santa")
        or gives_its_name(text, run)
        or before == "."
        and text.lower[run.first - 2 : run.first - 1] in (["st"], ["ste"])
        or run.first
        and text.sentence_of[run.first - 1] != text.sentence_of[run.first]
        and text.lower[max(0, run.first - 2) : run.first] in (["st", "."], ["ft", "."])
    ):
        return None
    if text.lower[run.end : run.end + 1] == ["."] and gazetteer.state_abbreviation(word) is not None:
        return None
    if folded in known.organizations or follows_first_half(text, run, gazetteer):
        return None
    cue = run.courtesy or run.office or has_cue(text, run)
    place = is_larger_town(word, gazetteer)
    if place and folded in surnames and folded in located and (before in known.before_place or not cue):
        inherited = _inherit(run, surnames[folded])
        return None if inherited.standing == "private" else inherited  # "Leeds police": the town of the march, not April Leeds
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
    told = kind != "word" and before not in ("the", *known.before_place) and has_apposition(text, run)
    if told and not place and gazetteer.demonym(word) is None:
        standing, role = judge_standing(text, run)  # "Wetherby, 19, was arrested"
        return Person(first=run.first, end=run.end, standing=standing, role=role, name=word)
    if not cue:
        alone = named and not place and before not in ("the", *known.before_place) and folded not in lowercase and len(folded) > 2
        if not alone:
            return None
    elif not (run.courtesy or run.office) and not named and kind != "person":
        if folded.endswith("s") or kind == "word" or folded in lowercase or hits or gazetteer.demonym(word) or before == "the":
            return None
    elif not run.courtesy and (place and not named or (kind == "word" or folded in lowercase) and run.office):
        return None
    standing, role = judge_standing(text, run)
    return Person(first=run.first, end=run.end, standing=standing, role=role, name=word)
