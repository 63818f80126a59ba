"""News pages made at bench time: a text in one of five page templates of ours, with all that stands beside a story on real pages.

Menus, teasers of other stories (with their own words, a march among them now and then), comments, scripts, styles, picture
sets: about 100 KB and 1,500 tags and ends of tags a page, as on the sites of newspapers. All drawn by seed.
"""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Final

SITES: Final = ("courier", "herald", "examiner", "post", "gazette")
SECTIONS: Final = (
    "News Local UK World Politics Business Money Opinion Sport Football Cricket Rugby Tennis Culture Books Music Film Stage Travel "
    "Food Health Science Tech Environment Education Property Jobs Weather Puzzles Events Obituaries Letters Newsletters Podcasts"
).split()
PICTURE_WIDTHS: Final = (240, 360, 480, 640, 800, 1024, 1280, 1600)
COMMENTS: Final = (
    "About time somebody said this.",
    "I was there in 1987 and it was nothing like that.",
    "Why is this news? Fix the roads first.",
    "My grandmother would have marched with them.",
    "Well written, thank you.",
    "The council will do what it always does, which is nothing at all until an election comes round.",
    "Does anyone know when the library opens again?",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """What a page is made of."""

    text: str
    title: str
    published: str
    publisher: str


def make_page(story: Story, beside: Sequence[Story], *, number: int) -> bytes:
    """The page of a story, with the teasers of those beside it; the same for the same number."""
    draw = random.Random(number)
    site = SITES[number % len(SITES)]
    paragraphs = [escape(part.strip()) for part in story.text.split("\n") if part.strip()]
    body = TEMPLATES[number % len(TEMPLATES)](story, paragraphs, beside, draw)
    address = f"https://{site}.example/news/{story.published.replace('-', '/')}/{number}"
    parts = [
        '<!DOCTYPE html>\n<html lang="en-GB">\n<head>\n<meta charset="utf-8">\n',
        f"<title>{escape(story.title)} | The {site.title()}</title>\n",
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n',
        f'<link rel="canonical" href="{address}">\n<meta property="og:title" content="{escape(story.title)}">\n',
        f'<meta property="og:site_name" content="The {site.title()}">\n',
        f'<meta property="article:published_time" content="{story.published}T08:15:00Z">\n',
        f'<script type="application/ld+json">{_linked(story, site, address)}</script>\n',
        f"<style>{_styles(draw)}</style>\n<script>{_script(draw, 9_000)}</script>\n</head>\n<body>\n",
        _menus(draw, 3),
        body,
        _footer(draw),
        f"<script>window.__STATE__={_state(draw, draw.randint(18_000, 34_000))};</script>\n",
        f"<script>{_script(draw, 6_000)}</script>\n",
        "</body>\n</html>\n",
    ]
    return "".join(parts).encode()


def _article_tag(story: Story, paragraphs: list[str], beside: Sequence[Story], draw: random.Random) -> str:
    inner = _with_inserts(paragraphs, draw, '<p class="body-text">{}</p>')
    return (
        f'<main id="main"><article class="story"><header><h1>{escape(story.title)}</h1>'
        f'<p class="byline">By <a href="/by/reporter">Jo Reporter</a> '
        f'<time datetime="{story.published}">{story.published}</time></p>'
        f"{_share()}</header>{_picture(draw)}{inner}</article>{_teasers(beside, draw, 'Related stories')}{_comments(draw)}</main>"
        f"<aside>{_teasers(beside[::-1], draw, 'Most read')}</aside>"
    )


def _divs(story: Story, paragraphs: list[str], beside: Sequence[Story], draw: random.Random) -> str:
    inner = _with_inserts(paragraphs, draw, '<div class="c-par"><p>{}</p></div>')
    return (
        f'<div class="page"><div class="col-8"><div class="headline"><h1 class="t1">{escape(story.title)}</h1></div>'
        f'<div class="meta"><span class="author">Sam Writer</span><span class="date">{story.published}</span></div>{_share()}'
        f'<div class="article-body" itemprop="articleBody">{_picture(draw)}{inner}</div>{_comments(draw)}</div>'
        f'<div class="col-4 sidebar">{_teasers(beside, draw, "More from News")}</div></div>'
        f'<div class="recirculation">{_teasers(beside[::-1], draw, "You may also like")}</div>'
    )


def _old(story: Story, paragraphs: list[str], beside: Sequence[Story], draw: random.Random) -> str:
    inner = _with_inserts(paragraphs, draw, "<p>{}</p>")
    return (
        f'<table width="980"><tr><td valign="top" width="180">{_teasers(beside, draw, "Headlines")}</td><td valign="top">'
        f'<h2>{escape(story.title)}</h2><font size="2">{story.published}</font><div id="storytext">{inner}</div></td>'
        f'<td valign="top">{_teasers(beside[::-1], draw, "Also in the news")}</td></tr></table>{_comments(draw)}'
    )


def _sections(story: Story, paragraphs: list[str], beside: Sequence[Story], draw: random.Random) -> str:
    inner = _with_inserts(
        paragraphs, draw, '<section class="block block-text" data-component="text"><p class="s1">{}</p></section>'
    )
    return (
        f'<main role="main"><article><h1 id="main-heading">{escape(story.title)}</h1>'
        f'<section class="byline">{story.published}</section>{_picture(draw)}{inner}'
        f"<section class='topics'><ul><li>{'</li><li>'.join(draw.sample(SECTIONS, 4))}</li></ul></section></article>"
        f'<section data-component="related">{_teasers(beside, draw, "More on this story")}</section>'
        f'<section data-component="top">{_teasers(beside[::-1], draw, "Top stories")}</section></main>{_comments(draw)}'
    )


def _blog(story: Story, paragraphs: list[str], beside: Sequence[Story], draw: random.Random) -> str:
    inner = _with_inserts(paragraphs, draw, "<p>{}</p>")
    return (
        f'<div id="content" class="site-content"><div class="entry"><h1 class="entry-title">{escape(story.title)}</h1>'
        f'<div class="entry-meta">Posted on {story.published}</div><div class="entry-content">{inner}</div>{_share()}</div>'
        f'<div id="comments">{_comments(draw)}</div></div><div id="secondary" class="widget-area">'
        f"{_teasers(beside, draw, 'Recent posts')}{_teasers(beside[::-1], draw, 'From the archive')}</div>"
    )


TEMPLATES: Final = (_article_tag, _divs, _old, _sections, _blog)


def _with_inserts(paragraphs: list[str], draw: random.Random, pattern: str) -> str:
    """The paragraphs with advertisements, pictures and a newsletter's box between them."""
    inserts = (
        '<div class="ad-slot" data-size="300x250"><span>Advertisement</span></div>',
        '<aside class="newsletter"><h3>Get our newsletter</h3><form><input type="email"><button>Sign up</button></form></aside>',
    )
    made = []
    for index, paragraph in enumerate(paragraphs):
        made.append(pattern.format(paragraph))
        if index % 4 == 3:
            made.append(_picture(draw) if index % 8 == 7 else draw.choice(inserts))
    return "\n".join(made)


def _picture(draw: random.Random) -> str:
    key = draw.randrange(10**9)
    sources = ", ".join(f"https://img.example/{key:09}/{width}.jpg {width}w" for width in PICTURE_WIDTHS)
    return (
        f'<figure><picture><source srcset="{sources}" type="image/webp">'
        f'<img src="https://img.example/{key:09}/640.jpg" alt="A street">'
        "</picture><figcaption>A street in the town. Photograph: Our own</figcaption></figure>"
    )


def _teasers(beside: Sequence[Story], draw: random.Random, heading: str) -> str:
    cards = "".join(
        f'<li class="card"><div class="card__image">{_picture(draw)}</div>'
        f'<div class="card__text"><h3><a href="/news/{draw.randrange(10**7)}">'
        f'<span class="kicker">{draw.choice(SECTIONS)}</span> {escape(one.title)}</a></h3>'
        f"<p>{escape(one.text[:120].replace(chr(10), ' '))}…</p></div></li>"
        for one in beside
    )
    return f'<div class="related"><h2>{heading}</h2><ul>{cards}</ul></div>'


def _comments(draw: random.Random) -> str:
    items = "".join(
        f'<li class="comment"><div class="comment-author">reader{draw.randrange(9999)}</div>'
        f'<div class="comment-body"><p>{text}</p></div>'
        '<div class="actions"><a href="#">Reply</a> <a href="#">Report</a></div></li>'
        for text in draw.choices(COMMENTS, k=draw.randint(3, 12))
    )
    return f'<div class="comments" id="comments-list"><h2>Comments</h2><ol>{items}</ol></div>'


def _menus(draw: random.Random, count: int) -> str:
    made = []
    for level in range(count):
        links = "".join(
            f'<li class="nav__item"><a class="nav__link" href="/{name.lower()}/{level}" data-track="nav-{level}">{name}</a></li>'
            for name in draw.sample(SECTIONS, len(SECTIONS) - level * 6)
        )
        made.append(f'<nav class="nav nav--{level}" aria-label="Menu {level}"><ul>{links}</ul></nav>')
    return "<header>" + "".join(made) + "</header>"


def _footer(draw: random.Random) -> str:
    links = "".join(
        f'<li><a href="/about/{index}">{name} service</a></li>' for index, name in enumerate(draw.choices(SECTIONS, k=60))
    )
    return f"<footer><ul>{links}</ul><p>© Our own group. All rights reserved.</p></footer>"


def _share() -> str:
    names = ("Facebook", "Twitter", "WhatsApp", "Email")
    return (
        '<div class="share">'
        + "".join(f'<a href="#" class="share__{n.lower()}"><svg><path d="M0 0h24v24"/></svg>{n}</a>' for n in names)
        + "</div>"
    )


def _linked(story: Story, site: str, address: str) -> str:
    return json.dumps(
        {
            "@context": "https://schema.org", "@type": "NewsArticle", "headline": story.title, "datePublished": story.published,
            "url": address, "publisher": {"@type": "Organization", "name": f"The {site.title()}"},
        }
    )  # fmt: skip


def _styles(draw: random.Random) -> str:
    return "".join(
        f".c{index}-{draw.randrange(999)}{{margin:{draw.randrange(40)}px;color:#{draw.randrange(1 << 24):06x};display:flex}}\n"
        for index in range(160)
    )


def _script(draw: random.Random, size: int) -> str:
    lines = []
    length = 0
    while length < size:
        name = draw.randrange(10**6)
        lines.append(
            f"(function(w,d){{var e{name}=d.createElement('script');e{name}.async=true;"
            f"w.q=w.q||[];w.q.push(['t',{name}]);}})(window,document);"
        )
        length += len(lines[-1])
    return "\n".join(lines)


def _state(draw: random.Random, size: int) -> str:
    rows = [{"id": draw.randrange(10**9), "kind": draw.choice(SECTIONS), "flags": [1, 0, 1], "slot": f"mpu-{draw.randrange(99)}"}]
    while len(rows) * 75 < size:
        rows.append(
            {"id": draw.randrange(10**9), "kind": draw.choice(SECTIONS), "flags": [0, 0, 1], "slot": f"mpu-{draw.randrange(99)}"}
        )
    return json.dumps(rows)
