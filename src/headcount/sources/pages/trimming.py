"""Lines that an extraction leaves in and that are no part of the story: bylines, lists of other stories, comments, buttons."""

from __future__ import annotations

import re
from typing import Final

from headcount.sources.pages.bylines import is_byline
from headcount.sources.pages.linked import plain
from headcount.sources.pages.markup import OF_COMMENTS


def _any(*patterns: str) -> re.Pattern[str]:
    return re.compile(rf"(?:{'|'.join(patterns)})\W*", re.I)


OF_OTHERS: Final = _any(
    r"related(?: (?:stories|articles|news|topics|posts|content|coverage|links|reading))?", r"more on this(?: story)?",
    r"read (?:more|next|also)", r"also read", r"most (?:read|popular|viewed)", r"trending(?: now)?", r"top stories",
    r"recommended(?: (?:for you|stories|reading|articles))?", r"you (?:may|might) (?:also )?(?:like|be interested in)",
    r"more (?:stories|news|from .{1,40}|like this|in .{1,30}|top stories)", r"latest (?:news|stories|headlines)",
    r"recommended from .{1,40}", r"editor'?s'? picks?", r"don'?t miss", r"up next", r"other stories", r"see also", r"in other news",
    r"popular now", r"what to read next", r"around the web", r"sponsored(?: content| links)?", r"from our partners",
    r"you may have missed", r"elsewhere on .{1,40}", r"(?:previous|next)(?: post| article| story)?", r"recent posts",
)  # fmt: skip
"""Headings over lists of other stories."""

OF_THE_PAGE: Final = _any(
    r"share(?: (?:this|on|via|article|story|with).{0,60})?", r"tweet(?: this)?", r"e-?mail(?: this)?", r"copy link", r"link copied",
    r"print(?: this)?(?: (?:page|article|story))?", r"facebook|twitter|x|whatsapp|reddit|linkedin|pinterest|telegram|messenger",
    r"advertisements?|advert|ad|sponsored", r"(?:story|article) continues (?:below|after).{0,40}", r"getty images", r"loading",
    r"(?:image|photo|picture|video) (?:source|caption|credit)s?:?.{0,80}", r"close|menu|search", r"sign in|log in|register",
    r"subscribe(?: (?:now|here|to .{1,80}))?", r"sign up(?: (?:to|for|here|now).{0,120})?",
    r"get (?:the|our) .{0,60}newsletter.{0,80}",
    r"(?:read more|related|also read|see also|watch|listen|don'?t miss|recommended|related article|read also)\s?[:»|>–—].{1,200}",
    r"more[:»].{1,200}", r"read more|continue reading", r"skip to (?:main )?content", r"skip (?:past )?(?:the )?newsletter.{0,40}",
    r"after newsletter promotion", r"all rights reserved",
    r"(?:©|\(c\) |copyright (?:©|\(c\)|\d)).{0,160}", r"back to top|top of page",
    r"this (?:site|page|website) (?:uses|requires) (?:cookies|javascript).{0,120}", r"permalink", r"click here to .{0,120}",
    r"(?:please |you need to )?enable javascript.{0,120}", r"(?:tags?|topics?|filed under|posted in|categories|category):.{0,200}",
    r"follow (?:us|.{1,60}) on .{1,80}", r"report (?:this|a) (?:comment|error|typo|problem|story|page).{0,60}",
    r"\d+ (?:shares?|views?|likes?)", r"\d+ min(?:ute)?s?(?: read)?", r"read(?:ing)? time:?.{0,30}",
    r"(?:last |first )?(?:updated|modified|published|posted)(?: on| at| by)?",
    r"(?:updated |published |posted )?\d+ (?:minutes?|hours?|days?|weeks?|months?) ago", r"printed from .{1,80}",
)  # fmt: skip
"""Words of buttons, boxes and notices."""

ENDED: Final = re.compile(r"[.!?…:][\"”’')\]]*$")

BESIDE_LINE: Final = 160
"""A line under a heading of other stories that is shorter and does not end as a sentence is one of their headlines."""

HEAD_CHARACTERS: Final = 400
"""How far into the text a headline or a byline is looked for."""


def without_asides(text: str, *, title: str | None) -> str:
    """The text without its headline and byline, lists of other stories, readers' comments, and the words of buttons."""
    kept: list[str] = []
    skipping = False
    passed = 0
    for paragraph in text.split("\n\n"):
        passed += len(paragraph) + 2
        if kept and passed > 0.3 * len(text) and OF_COMMENTS.fullmatch(paragraph.strip()):
            break
        lines = [line.strip() for line in paragraph.split("\n") if line.strip() and not OF_THE_PAGE.fullmatch(line.strip())]
        if passed - len(paragraph) <= HEAD_CHARACTERS:
            lines = [line for line in lines if not is_byline(line) and not (title and plain(line) == plain(title))]
        if not lines:
            continue
        whole = " ".join(lines)
        headlines = all(not ENDED.search(line) and len(line) < BESIDE_LINE for line in lines)
        if OF_OTHERS.fullmatch(whole) or (headlines and OF_OTHERS.fullmatch(lines[0])):
            skipping = True
        elif not (skipping and headlines):
            skipping = False
            kept.append("\n".join(lines))
    return "\n\n".join(kept)
