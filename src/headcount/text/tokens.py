"""Words and sentences of one report, each with its place in the report's own characters.

Everything is one pass over the characters and one over the tokens: the time is linear in the
length of the text, whatever the text holds.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from headcount.models import Span

# An acronym with points, a number with its separators and suffix, a word with inner apostrophes, a possessive, a sign.
_TOKEN = re.compile(
    r"(?:[A-Za-z]\.){2,}"
    r"|\d++(?:[.,]\d++)*+(?:st|nd|rd|th|am|pm|k|K|m|s)?+(?![^\W\d_])"
    r"|\d++(?:[.,]\d++)*+"
    r"|[^\W\d_]+(?:['’](?![sS](?!\w))[^\W\d_]+)*"
    r"|['’][sS](?!\w)"
    r"|[^\w\s]|_"
)
_TERMINATORS = frozenset(".!?…")
_CLOSERS = frozenset("\"'”’)]»")
_OPENERS = frozenset("\"'“‘([«")

# A full stop after one of these does not end a sentence.
_ABBREVIATIONS = frozenset(
    "mr mrs ms dr st sr jr rev fr gen col lt sgt capt maj cpl gov sen rep reps sens prof hon pres insp supt det const cllr "
    "jan feb mar apr jun jul aug sept sep oct nov dec no nos vs v ave blvd rd dept univ inc ltd co corp approx est "
    "ala ariz ark calif colo conn del fla ga ill ind kan ky la md mass mich minn miss mo mont neb nev okla ore pa tenn "
    "tex vt va wash wis wyo ont que sask messrs mt ft ph".split()
)
# After these a capitalised word may well begin the next sentence.
_MAY_END = frozenset("a.m. p.m. u.s. u.k. d.c. u.n. e.u. n.y. l.a. inc ltd co corp jr sr".split())
_SENTENCE_STARTERS = frozenset(
    "the a an it he she they we but and in on at after before when while there this that these those his her their as "
    "for police protesters demonstrators students organisers organizers some many more about over hundreds thousands "
    "dozens last one two three i you if no not another other similar what how why who".split()
)


@dataclass(slots=True)
class Text:
    """The tokens of one report in parallel lists; an index into them is written ``i`` everywhere."""

    raw: str
    words: list[str] = field(default_factory=list)
    """Surface forms."""
    lower: list[str] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)
    sentence_of: list[int] = field(default_factory=list)
    sentences: list[tuple[int, int]] = field(default_factory=list)
    """Token ranges, half-open."""
    paragraph_of: list[int] = field(default_factory=list)
    """Paragraph number of each sentence."""
    quoted: bytearray = field(default_factory=bytearray)
    """1 for a token inside a direct quotation of more than a few words."""

    def span(self, first: int, end: int) -> Span:
        """Characters of the tokens ``first`` to ``end`` (half-open)."""
        return Span(start=self.starts[first], end=self.ends[end - 1])

    def quote(self, first: int, end: int) -> str:
        """The report's own characters of the tokens ``first`` to ``end`` (half-open)."""
        return self.raw[self.starts[first] : self.ends[end - 1]]

    def sentence_quote(self, s: int) -> str:
        """The report's own characters of sentence ``s``."""
        first, end = self.sentences[s]
        return self.quote(first, end)


def tokenize(raw: str) -> Text:
    """Tokens, sentences, paragraphs and quotations of ``raw``; offsets are code points of ``raw``."""
    text = Text(raw=raw)
    words, starts, ends = text.words, text.starts, text.ends
    for m in _TOKEN.finditer(raw):
        words.append(m.group())
        starts.append(m.start())
        ends.append(m.end())
    text.lower = [w.lower() for w in words]
    _split_sentences(text)
    _mark_quotations(text)
    return text


def _ends_sentence(text: Text, i: int) -> bool:
    """Does the terminator token ``i`` end a sentence, given the words around it?"""
    words, lower = text.words, text.lower
    before = lower[i - 1] if i else ""
    j = i + 1
    while j < len(words) and j < i + 6 and (words[j] in _OPENERS or words[j] in _CLOSERS):
        j += 1
    following = words[j] if j < len(words) else ""
    if following[:1].islower():
        return False  # "etc.) joined", "“We won!” said"
    if words[i] != ".":
        return True
    if len(before) == 1 and before.isalpha() and before != "i":
        return False
    if before in _ABBREVIATIONS and text.starts[i] == text.ends[i - 1]:
        return before in _MAY_END and lower[j] in _SENTENCE_STARTERS if j < len(words) else True
    return True


def _split_sentences(text: Text) -> None:
    raw, words, starts, ends = text.raw, text.words, text.starts, text.ends
    count = len(words)
    first, paragraph = 0, 0
    i = 0
    while i < count:
        end = i + 1
        boundary = end == count
        new_paragraph = False
        if not boundary:
            gap = raw[ends[i] : starts[end]]
            if gap and "\n" in gap:
                boundary = new_paragraph = True
            elif words[i] in _TERMINATORS:
                while end < count and words[end] in _CLOSERS and starts[end] == ends[end - 1]:
                    end += 1
                if end == count:
                    boundary = True
                else:
                    gap = raw[ends[end - 1] : starts[end]]
                    new_paragraph = "\n" in gap
                    boundary = new_paragraph or (bool(gap) and _ends_sentence(text, i))
            elif words[i][-1] == "." and len(words[i]) > 2 and text.lower[end] in _SENTENCE_STARTERS and words[end][0].isupper():
                boundary = text.lower[i] in _MAY_END  # "at 3 p.m. The march"
        if boundary:
            text.sentences.append((first, end))
            text.paragraph_of.append(paragraph)
            text.sentence_of.extend([len(text.sentences) - 1] * (end - first))
            paragraph += new_paragraph
            first = end
        i = end if boundary else i + 1


def _mark_quotations(text: Text) -> None:
    """Mark direct speech: “…”, "…" and '…'; an opening mark without its end runs to the paragraph's end."""
    words, starts, ends, raw = text.words, text.starts, text.ends, text.raw
    text.quoted = bytearray(len(words))
    opened, mark, paragraph = -1, "", -1
    closing = {"“": "”", '"': '"', "‘": "’", "'": "'"}

    def close(at: int) -> None:
        if at - opened > 5:
            text.quoted[opened:at] = b"\x01" * (at - opened)

    for i, word in enumerate(words):
        here = text.paragraph_of[text.sentence_of[i]]
        if here != paragraph:
            if opened >= 0:
                close(i)
            opened, paragraph = -1, here
        if len(word) != 1:
            continue
        if opened >= 0:
            if word == closing[mark] or (mark == "“" and word == '"'):
                single = mark in "'‘"
                glued = i + 1 < len(words) and starts[i + 1] == ends[i] and words[i + 1][0].isalnum()
                if not (single and glued):
                    close(i)
                    opened = -1
        elif word in closing:
            loose = i == 0 or starts[i] > ends[i - 1] or words[i - 1] in "([—-"
            tight = i + 1 < len(words) and starts[i + 1] == ends[i]
            if loose and (tight or word == "“") and not (word in "'‘" and raw[starts[i] + 1 : starts[i] + 2].isdecimal()):
                opened, mark = i, word
    if opened >= 0:
        close(len(words))
