"""A page's day of publication: as it is stated for machines, as it stands by the headline, or in the address.

The day of a change is taken only where no day of publication is given, with a doubt. A day in the future or before 1990 is
told and left out.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from headcount.models import Document
from headcount.sources.opening import Asked
from headcount.sources.pages.bylines import ABOVE_HEADLINE, DATED, MOVED, Line, days_seen, lines_of
from headcount.sources.pages.days import MONTHS, Day, days_in, read_day
from headcount.sources.pages.linked import Linked, told
from headcount.sources.pages.markup import is_aside
from headcount.sources.pages.naming import Metas, regions_of

if TYPE_CHECKING:
    from lxml.html import HtmlElement

EARLIEST: Final = dt.date(1990, 1, 1)
"""No paper was on the web before; an earlier day is a placeholder (1970-01-01) or another day than that of publication."""

NO_DATE: Final = "no date of publication found in this page: give it with --published"

METAS: Final = (
    "article:published_time article:published og:article:published_time og:published_time og:pubdate og:publish_date "
    "article:post_date datepublished parsely-pub-date sailthru.date cxenseparse:recs:publishtime cxenseparse:publishtime "
    "publishdate publish-date publish_date published-date published_date publication_date publication-date publicationdate "
    "pubdate pub_date article.published article_date_original originalpublicationdate citation_publication_date "
    "citation_online_date dc.date.issued dcterms.issued dc.date.published dcterms.date dc.date dc:date dc.date.created "
    "dcterms.created dc.created date displaydate article:date rnews:datepublished bt:pubdate ptime "
    "shareaholic:article_published_time iso-8601-publish-date blog_date created release_date"
).split()
"""Meta tags that give the day of publication, surest first."""

CHANGED_METAS: Final = (
    "article:modified_time", "og:updated_time", "datemodified", "last-modified", "lastmod", "dcterms.modified", "dc.date.modified",
    "revised", "article:updated", "utime", "updated_time", "last_updated",
)  # fmt: skip
ADDRESS: Final = (
    re.compile(
        r"(?<!-on)(?<!-of)(?<!-for)(?<!-by)(?<!-from)(?<!-until)"
        r"[/._-]((?:19|20)\d\d)[/_-](\d{1,2}|[a-z]{3,9})[/_-](\d{1,2})(?=[/_.-]|$)",
        re.I,
    ),
    re.compile(r"[/_-]((?:19|20)\d\d)(0[1-9]|1[0-2])([0-2]\d|3[01])(?=[/_.-]|$)"),
)
URL_LABEL: Final = "its address"


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A day that the page gives, where it gives it, and whether it is that of a change only."""

    day: Day
    place: str
    changed: bool = False
    doubtful: bool = False
    """Whether it may be the day of the visit, as mastheads show it."""


def date_page(
    tree: HtmlElement, linked: Linked, metas: Metas, *, title: str | None, url: str | None, document: Document, asked: Asked
) -> tuple[dt.date | None, list[str]]:
    """The day of publication, and what is doubtful about it. None where there is none that can be believed."""
    regions = regions_of(tree, linked, metas, url=url or document.url)
    bounds = _Bounds.of(document, asked)
    lines = lines_of(tree, title=title)
    doubts: list[str] = []
    changes: list[Candidate] = []
    address = url or document.url
    for candidate in _candidates(tree, linked, metas, lines, address, regions):
        if candidate.changed:
            changes.append(candidate)
            continue
        settled = _settled(candidate.day, address, document)
        if settled is None:
            doubts.append(_open_order(candidate.day))
            return None, doubts
        if why := bounds.why_not(settled):
            doubts.append(f"the date {settled.words} ({candidate.place}) {why}: left out; give it with --published")
            continue
        if candidate.doubtful and settled.day in {asked.today, document.fetched}:
            continue
        if candidate.doubtful:
            doubts.append(f"the date {settled.words} stands above the headline: if it is the day of a visit, give --published")
        return settled.day, doubts
    if doubts:
        return None, list(dict.fromkeys(doubts))
    if guessed := _guess(lines, title, bounds):
        return guessed, []
    for candidate in changes:
        settled = _settled(candidate.day, address, document)
        if settled is None:
            return None, [_open_order(candidate.day)]
        if not bounds.why_not(settled):
            doubt = f"only the day of its last change ({settled.words}) is given: taken as the day of publication"
            return settled.day, [doubt]
    return None, [] if any(
        key in {"published", "date"} and value for key, value in document.fields
    ) or asked.defaults.published else [NO_DATE]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Bounds:
    """The last day on which the page can have been published, and what that day is."""

    latest: dt.date | None
    what: str

    @classmethod
    def of(cls, document: Document, asked: Asked) -> _Bounds:
        known = [
            (day, what)
            for day, what in ((asked.today, "in the future"), (document.fetched, "later than the page was saved"))
            if day
        ]
        latest, what = min(known) if known else (None, "")
        return cls(latest=latest, what=what)

    def why_not(self, day: Day) -> str | None:
        """Why it can be no day of publication; None where it can. A moment is compared as such: Sydney is a day ahead."""
        if day.day < EARLIEST:
            return f"is before {EARLIEST.year}"
        if self.latest is None or day.day <= self.latest:
            return None
        if day.instant is not None and day.instant.astimezone(dt.UTC).date() <= self.latest:
            return None
        return f"is {self.what}"


def _candidates(
    tree: HtmlElement, linked: Linked, metas: Metas, lines: list[Line], url: str | None, regions: list[str]
) -> Iterator[Candidate]:
    """The days that the page gives, surest first."""
    yield from _stated(linked, metas, regions)
    yield from _timed(tree, lines, regions)
    seen = days_seen(lines, regions=regions)
    by_address = next(days_of_address(url), None)
    sure = [found for found in seen if found.rank <= 2]
    for found in sure:
        yield Candidate(day=found.day, place="by the headline" if found.rank < 2 else "in a line of its own", changed=found.changed)
    if by_address:
        yield Candidate(day=by_address, place=URL_LABEL)
    for found in seen[len(sure) :]:
        above = found.rank == ABOVE_HEADLINE
        yield Candidate(day=found.day, place="in a line of its own", changed=found.changed, doubtful=above)


def _stated(linked: Linked, metas: Metas, regions: list[str]) -> Iterator[Candidate]:
    """What the page states for machines: JSON-LD, then meta tags."""
    nodes = [*linked.articles[:1], *(node for node in linked.articles[1:] if not linked.article.get("datePublished"))]
    nodes += [node for node in linked.others if set(_kinds(node)) & {"WebPage", "ItemPage", "CreativeWork"}]
    for key, changed in (("datePublished", False), ("dateCreated", False), ("dateModified", True)):
        for node in nodes:
            value = told(node.get(key))
            day = read_day(value, regions=regions) if value else None
            if day:
                yield Candidate(day=day, place=f"JSON-LD {key}", changed=changed)
    for names, changed in ((METAS, False), (CHANGED_METAS, True)):
        for name in names:
            for value in metas.get(name, [])[:1]:
                if day := read_day(value, regions=regions):
                    yield Candidate(day=day, place=f"meta {name}", changed=changed)


def _kinds(node: object) -> list[object]:
    value = node.get("@type") if hasattr(node, "get") else None
    return value if isinstance(value, list) else [value]


def _timed(tree: HtmlElement, lines: list[Line], regions: list[str]) -> Iterator[Candidate]:
    """The days of elements that are marked as times: microdata first, then those called so, then the first under the headline."""
    ranked: list[tuple[int, Candidate]] = []
    headed = [element for element in tree.iter("h1") if element.text_content().strip()]
    near = [line.text for line in lines if line.zone or line.above]
    own_article = next((parent for head in headed for parent in head.iterancestors("article")), None)
    for element in tree.iter("time", "abbr", "span", "div", "p", "meta", "relative-time", "bsp-timestamp", "ps-timestamp"):
        item = (element.get("itemprop") or "").lower()
        marked = item in {"datepublished", "datecreated", "datemodified"}
        if (
            not marked
            and element.tag not in {"time", "relative-time"}
            and not (element.tag == "abbr" and "published" in element.get("class", ""))
        ):
            continue
        value = element.get("datetime") or element.get("content") or (element.get("title") if element.tag == "abbr" else None)
        day = read_day(value or element.text_content(), regions=regions) or read_day(element.text_content(), regions=regions)
        if day is None or _is_elsewhere(element, own_article):
            continue
        if not marked and (
            not _is_by_headline(element, near) if own_article is None else own_article not in element.iterancestors()
        ):
            continue
        named = f"{element.get('class', '')} {element.get('id', '')}"
        before = _text_before(element)
        changed = (
            item == "datemodified"
            or bool(MOVED.search(named))
            or bool(re.search(r"\b(?:updated?|modified|edited)\W*(?:on|at)?\W*$", before, re.I))
        )
        if marked or "pubdate" in element.attrib or re.search(r"publish|entry-date", named, re.I):
            rank = 0
        elif re.search(r"(?:published|posted)\W*(?:on|at)?\W*$", before, re.I) or DATED.search(named):
            rank = 1
        else:
            rank = 2
        ranked.append((rank, Candidate(day=day, place="a marked time", changed=changed)))
    yield from (candidate for _, candidate in sorted(ranked, key=lambda pair: pair[0]))


def _is_by_headline(element: HtmlElement, near: list[str]) -> bool:
    """Whether a time stands in a line by the headline; so it does where the page shows no headline, or the time no words."""
    words = " ".join(element.text_content().split())
    return not near or not words or any(words in line for line in near)


def _text_before(element: HtmlElement) -> str:
    """The words just before an element, within the block that holds it."""
    previous = element.getprevious()
    if previous is not None:
        return ((previous.text_content() if not (previous.tail or "").strip() else "") + (previous.tail or ""))[-60:]
    parent = element.getparent()
    own = (parent.text or "") if parent is not None else ""
    if own.strip() or parent is None:
        return own[-60:]
    previous = parent.getprevious()
    return (
        (previous.text_content() + (previous.tail or ""))[-60:]
        if previous is not None and len(previous.text_content()) < 60
        else ""
    )


def _is_elsewhere(element: HtmlElement, own_article: HtmlElement | None) -> bool:
    """Whether a time is that of another story, a comment or a list."""
    for parent in element.iterancestors():
        if parent is own_article:
            return False
        if parent.tag in {"aside", "nav"} or (parent.tag == "article" and own_article is not None):
            return True
        if parent.tag in {"li", "a", "blockquote"} and not DATED.search(parent.get("class", "")):
            return not any(DATED.search(above.get("class", "")) for above in parent.iterancestors("ul", "div", "header"))
        if parent.tag in {"div", "section", "ul", "ol"} and is_aside(parent) and not DATED.search(parent.get("class", "")):
            return True
    return False


def days_of_address(url: str | None) -> Iterator[Day]:
    """The day in a page's address: ``/2024/03/03/``, ``/2024/mar/03/``, ``-20240303``."""
    for pattern in ADDRESS:
        for match in pattern.finditer((url or "")[:2000]):
            month = MONTHS.get(match[2].lower()) or (int(match[2]) if match[2].isdigit() else 0)
            try:
                yield Day(day=dt.date(int(match[1]), month, int(match[3])), words=match[0].strip("/._-"))
            except ValueError:
                continue


def _settled(day: Day, url: str | None, document: Document) -> Day | None:
    """The day, where the order of its figures was open settled by the address or by when the page was fetched; else None."""
    if day.other is None:
        return day
    both = (day.day, day.other)
    months = {(int(match[1]), int(match[2])) for match in re.finditer(r"/((?:19|20)\d\d)/(\d{1,2})(?=/)", url or "")}
    fitting = [one for one in both if (one.year, one.month) in months]
    if not fitting and document.fetched:
        fitting = [one for one in both if one <= document.fetched]
    return Day(day=fitting[0], words=day.words) if len(fitting) == 1 else None


def _open_order(day: Day) -> str:
    one, other = sorted((day.day, day.other or day.day))
    return f"the date {day.words} may be {one} or {other}, and nothing in the page tells which: give it with --published"


def _guess(lines: list[Line], title: str | None, bounds: _Bounds) -> dt.date | None:
    """What htmldate reads in the lines by the headline, in languages that this module does not know; never in the story."""
    near = [line.text for line in lines if line.zone and len(line.text) <= 100 and re.search(r"(?:19|20)\d\d", line.text)]
    near = [text for text in near if not next(days_in(text, regions=[]), None)][:5]
    if not near:
        return None
    from html import escape

    from htmldate import find_date

    body = "".join(f'<div class="date">{escape(text)}</div>' for text in near)
    latest = bounds.latest or dt.date(2100, 1, 1)
    page = f"<html><head><title>{escape(title or '')}</title></head><body>{body}</body></html>"
    found = find_date(
        page, extensive_search=False, original_date=True, url="", min_date=EARLIEST.isoformat(), max_date=latest.isoformat()
    )
    return dt.date.fromisoformat(found) if found else None
