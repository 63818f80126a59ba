"""A page's markup made light and parsed: without scripts, styles, drawings, pictures in the text, and what is not the story."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from headcount.sources.limits import PAGE_DEPTH
from headcount.sources.pages.linked import plain

if TYPE_CHECKING:
    from lxml.html import HtmlElement

OPENING: Final = re.compile(r"<(?:!--|(script|style|svg|template|iframe|noscript|canvas|object|math)(?=[\s>/]))", re.I)
CLOSING: Final = {
    tag: re.compile(rf"</{tag}\s*>", re.I)
    for tag in ("script", "style", "svg", "template", "iframe", "noscript", "canvas", "object", "math")
}
EMBEDDED: Final = re.compile(r"data:[a-zA-Z]+/[^\"'\s)>]{100,}")
LADEN: Final = re.compile(r"<([a-zA-Z][a-zA-Z0-9:-]{0,30})(\s[^<>]{4000,})>")
ATTRIBUTES: Final = 300
"""A tag of more attributes loses them: the time that parsers take grows with their square (20,000 of them 2 s)."""

WINDOWS_REFERENCE: Final = re.compile(r"&#(?:1([2-5]\d)|x([89][0-9a-f]));?", re.I)
"""Numeric references to places that are no characters: pages mean those of Windows-1252, as browsers read them."""

WINDOWS: Final = {code: bytes([code]).decode("cp1252", "ignore") for code in range(0x80, 0xA0)}
CONTROLS: Final = {**WINDOWS, **{code: "" for code in range(32) if code not in (9, 10, 12, 13)}, 12: " ", 0x7F: ""}

TAG: Final = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9:-]{0,30})([^<>]*)>")
UNNESTED: Final = frozenset(
    ("area base br col embed hr img input link meta param source track wbr p li td th tr dt dd option thead tbody tfoot").split()
)
"""Tags that have no end, or whose end may be left out: they do not count as depth."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Markup:
    """A page's markup without what no reader sees, and the JSON-LD that stood in its scripts."""

    text: str
    linked: tuple[str, ...]
    tags: int
    depth: int
    scripted: bool


def lighten(text: str) -> Markup:
    """The markup without comments, scripts, styles, drawings and embedded files. Time grows with the length only."""
    kept: list[str] = []
    linked: list[str] = []
    unclosed: set[str] = set()
    scripted = False
    position = 0
    cursor = 0
    while opened := OPENING.search(text, cursor):
        tag = (opened[1] or "!--").lower()
        cursor = opened.end()
        scripted = scripted or tag == "script"
        if tag in unclosed:
            continue
        if tag == "!--":
            end = text.find("-->", opened.start() + 2)
            inner_end, end = end, end + 3 if end >= 0 else -1
        else:
            head_end = text.find(">", cursor)
            if head_end > 0 and text[head_end - 1] == "/" and tag in {"svg", "math"}:
                inner_end, end = head_end, head_end + 1
            else:
                closed = CLOSING[tag].search(text, cursor)
                inner_end, end = (closed.start(), closed.end()) if closed else (-1, -1)
            head = text[cursor:head_end].lower() if 0 <= head_end < cursor + 4000 else ""
            if tag == "script" and "ld+json" in head and end >= 0:
                linked.append(text[head_end + 1 : inner_end])
            if tag == "template" and "shadowroot" in head:
                continue
        if end < 0:
            unclosed.add(tag)
            continue
        kept.append(text[position : opened.start()])
        position = cursor = end
    kept.append(text[position:])
    light = EMBEDDED.sub("data:,", "".join(kept)).translate(CONTROLS)
    light = LADEN.sub(lambda tag: f"<{tag[1]}>" if len(tag[2].split()) > ATTRIBUTES else tag[0], light)
    light = WINDOWS_REFERENCE.sub(_windows_character, light)
    tags, depth = _count_tags(light)
    return Markup(text=light, linked=tuple(linked), tags=tags, depth=depth, scripted=scripted)


def _windows_character(match: re.Match[str]) -> str:
    code = int("1" + match[1]) if match[1] else int(match[2], 16)
    return WINDOWS.get(code, match[0])


def _count_tags(text: str) -> tuple[int, int]:
    """How many tags there are, and how deep they are nested at most."""
    tags = text.count("<")
    if tags < PAGE_DEPTH.most:
        return tags, 0
    depth = deepest = 0
    for match in TAG.finditer(text):
        if match[2].lower() in UNNESTED or match[3].endswith("/"):
            continue
        depth = max(0, depth - 1) if match[1] else depth + 1
        deepest = max(deepest, depth)
    return tags, deepest


def parse_markup(text: str) -> HtmlElement | None:
    """The tree of the page; None where there is nothing to parse."""
    from lxml import etree
    from lxml.html import HTMLParser, document_fromstring

    parser = HTMLParser(
        encoding="utf-8", remove_comments=True, remove_pis=True, collect_ids=False, huge_tree=True, default_doctype=False
    )
    try:
        tree = document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return None
    return tree


# --- what is not the story ---

ASIDE: Final = re.compile(
    r"(?:^|[\s_-])(?:related|relateds|recommend\w*|newsletters?|sign-?up|most-?(?:read|popular|viewed|shared)|trending|popular"
    r"|read-?(?:more|next|also)|more-?(?:stories|news|on|from|like|in|articles)|also-?(?:read|like)|you-?(?:may|might)|promo\w*"
    r"|teasers?|comments?|commentlist|disqus\w*|dsq|respond|taboola|outbrain|zergnet|share|sharedaddy|sharing|social(?:-?\w+)?"
    r"|bread-?crumbs?|cookies?|consent|gdpr|advert\w*|ads?|sponsored|sidebar|latest|up-?next|next-?up|post-?nav\w*|pagination"
    r"|pager|tag-?cloud|tags|author-?(?:bio|box|info|card)|about-?author|wp-caption(?:-?\w+)?|captions?|figcaption|cutline"
    r"|subscribe\w*|subscription\w*"
    r"|jp-relatedposts|donat\w*|support-?us|polls?|quiz|site-?(?:header|footer|nav)|skip-?(?:link|to)|reader-?comments"
    r"|login|paywall-?(?:prompt|promo|message)|follow-?us|copyright|legal|toolbar|photo-?credit|image-?credit|credit)(?=$|[\s_-])",
    re.I,
)
"""Classes and ids, words split by hyphens, of what stands beside the story."""

CAMEL: Final = re.compile(r"(?<=[a-z])(?=[A-Z])")
CUT: Final = frozenset(
    {"nav", "aside", "footer", "figure", "figcaption", "form", "button", "select", "menu", "dialog", "amp-sidebar"}
)
PRUNED: Final = frozenset(
    "div section ul ol p span table li h2 h3 h4 h5 dl article header amp-ad amp-embed center details a".split()
)
STORY_SHARE: Final = 0.4
"""What holds more than this share of the text in paragraphs is the story, whatever it is called (``has-sidebar``)."""


READERS: Final = re.compile(r"(?:^|[\s_-])(?:comments?|commentlist|disqus\w*|respond|related|recommend\w*)(?=$|[\s_-])", re.I)
"""Sure words for what is no story, however long it is: readers may say more than the paper."""

OF_COMMENTS: Final = re.compile(
    r"(?:(?:\d[\d,]* )?(?:(?:readers?'? |user |view |show |post |add |leave )?(?:a )?(?:comments?|responses?|repl(?:y|ies)))"
    r"(?: to .{1,200}| \(\d+\)| on .{1,200})?|have your say|join the (?:conversation|discussion|debate)"
    r"|(?:\d+|one|two|three) thoughts? on .{1,200})\W*",
    re.I,
)
"""Headings over readers' comments, with which the story ends."""

STORY_CHARACTERS: Final = 300
"""So much must be left for a long section of comments to be taken out."""


def prune(tree: HtmlElement, *, title: str | None = None) -> None:
    """Takes comments, related stories, navigation, captions, boxes and hidden parts out of the tree."""
    _drop_appended(tree, title)
    total = left = sum(_story_length(element) for element in tree.iter("p")) or len(tree.text_content())
    titled = {ancestor for heading in tree.iter("h1") for ancestor in heading.iterancestors()}
    asides = [element for element in _asides(tree) if element not in titled]
    paragraphs = sum(_story_length(element) for element in asides if element.tag == "p")
    for element in asides:
        if element.tag == "p":
            if paragraphs <= STORY_SHARE * total:
                element.drop_tree()
            continue
        inside = sum(_story_length(paragraph) for paragraph in element.iter("p"))
        sure = left - inside >= STORY_CHARACTERS and READERS.search(f"{element.get('class', '')} {element.get('id', '')}"[:1000])
        if inside <= STORY_SHARE * total or sure:
            left -= inside
            element.drop_tree()
    _drop_comments(tree)


def _drop_comments(tree: HtmlElement) -> None:
    """Takes out what follows a heading over readers' comments, where the story stands before it."""
    for heading in list(tree.iter("h2", "h3", "h4", "h5")):
        if not OF_COMMENTS.fullmatch(" ".join(heading.text_content()[:300].split())):
            continue
        before = sum(_story_length(element) for element in heading.itersiblings("p", preceding=True))
        before += sum(_story_length(part) for holder in heading.itersiblings("div", preceding=True) for part in holder.iter("p"))
        if before >= STORY_CHARACTERS:
            for element in [heading, *heading.itersiblings()]:
                element.drop_tree()
            return


def _drop_appended(tree: HtmlElement, title: str | None) -> None:
    """Takes out whole other articles that an endless page appends to its own."""
    articles = list(tree.iter("article"))
    if len(articles) < 2 or not title:
        return
    heads = [head for head in tree.iter("h1") if plain(head.text_content()) == plain(title)]
    own = next((parent for head in heads for parent in head.iterancestors("article")), None)
    if own is None or sum(_story_length(element) for element in own.iter("p")) < STORY_CHARACTERS:
        return
    above = {own, *own.iterancestors()}
    for article in articles:
        if article not in above and article.getparent() is not None and own not in article.iterancestors():
            article.drop_tree()


def _asides(tree: HtmlElement) -> Iterator[HtmlElement]:
    """Elements that by their tag, class or id stand beside the story, the outermost of them only."""
    passed: set[HtmlElement] = set()
    for element in tree.iter():
        if not isinstance(element.tag, str):
            continue
        if element.getparent() in passed:
            passed.add(element)
        elif is_aside(element):
            passed.add(element)
            yield element


def is_aside(element: HtmlElement) -> bool:
    """Whether its tag, role, class or id says that it stands beside the story."""
    if element.tag in CUT:
        return True
    if element.tag not in PRUNED:
        return False
    attributes = element.attrib
    if "hidden" in attributes and attributes["hidden"] != "until-found" or attributes.get("aria-hidden") == "true":
        return True
    if attributes.get("role") in {"navigation", "complementary", "contentinfo", "dialog", "search", "alert"}:
        return True
    named = f"{attributes.get('class', '')} {attributes.get('id', '')} {attributes.get('data-component', '')}"
    if len(named) == 2:
        return False
    return bool(ASIDE.search(CAMEL.sub("-", named[:1000])))


def _story_length(paragraph: HtmlElement) -> int:
    return len(paragraph.text_content().strip())


INLINE: Final = frozenset("p font span b i em strong u small big center a tt ins".split())


LOOSE: Final = frozenset("a b i em strong u font span small big q cite abbr sup sub tt time mark".split())
LOOSE_CHARACTERS: Final = 40
"""Loose text that is shorter is a label or a link, no paragraph."""


def tidy(tree: HtmlElement) -> None:
    """Brings what the old web does with tags into the form in which readers of pages look for paragraphs."""
    _part_preformatted(tree)
    _unwrap_tables(tree)
    posts = [article for article in tree.iter("article") if next(article.iter("h1"), None) is None]
    for post in posts if len(posts) > 1 else ():
        post.tag = "div"  # the posts of a live page: of several articles readers take one, or leave out the headings
    for block in list(tree.iter("p", "ul", "ol", "table", "blockquote", "h2", "h3", "div")):
        for parent in block.iterancestors():
            if parent.tag not in INLINE:
                break
            parent.tag = "div"  # <p><font>...<p>...<p>: a paragraph that was never closed holds all the others
    for holder in {block.getparent() for block in tree.iter("p")}:
        if holder is not None and holder.tag in {"div", "section", "article", "main", "body"}:
            _wrap_loose(holder)


def _wrap_loose(holder: HtmlElement) -> None:
    """Makes paragraphs of the loose text that stands between others: readers of pages pass over it."""
    from lxml import etree

    text, children = holder.text, list(holder)
    run: list[HtmlElement] = []

    def close(before: HtmlElement | None) -> None:
        nonlocal text
        length = len((text or "").strip()) + sum(len(part.text_content()) + len(part.tail or "") for part in run)
        if length >= LOOSE_CHARACTERS:
            paragraph = etree.SubElement(holder, "p")
            paragraph.text = text
            if run:
                run[0].addprevious(paragraph)
            elif before is not None:
                before.addprevious(paragraph)
            previous = paragraph.getprevious()
            paragraph.tail = None
            if previous is None:
                holder.text = None
            else:
                previous.tail = None
            for part in run:
                paragraph.append(part)
        run.clear()

    for child in children:
        if child.tag in LOOSE:
            run.append(child)
            continue
        close(child)
        text = child.tail
    close(None)


def _part_preformatted(tree: HtmlElement) -> None:
    """Makes paragraphs of what stands in ``pre`` with blank lines between: stories of terminals and wire services."""
    from lxml import etree

    for element in list(tree.iter("pre")):
        blocks = [block for block in re.split(r"\n[ \t]*\n", element.text_content()) if block.strip()]
        if len(blocks) < 2:
            continue
        tail = element.tail
        element.clear()
        element.tag, element.tail = "div", tail
        for block in blocks:
            etree.SubElement(element, "p").text = block


CELL_CHARACTERS: Final = 250
"""A cell of more is no figure of a table: the table lays out the page, as on the old web."""


def _unwrap_tables(tree: HtmlElement) -> None:
    """Makes plain divisions of tables that lay out the page, and paragraphs of what two line breaks part in their cells."""
    for table in list(tree.iter("table")):
        cells = [cell for cell in table.iter("td", "th") if len(cell.text_content()) > CELL_CHARACTERS]
        if not cells and next(table.iterdescendants("table"), None) is None:
            continue
        table.tag = "div"
        for part in list(table.iterdescendants("tbody", "thead", "tfoot", "tr", "td", "th")):
            if next(part.iterancestors("table"), None) is None:
                part.tag = "div"
