"""Pages in the manner of real templates, each with what must come out of it."""

# ruff: noqa: E501 (markup stands on lines as long as pages write them)
# fmt: off

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass

from sources.pages.stories import (
    CAMPUS,
    CAPTION,
    COMMENT,
    HOSPITAL,
    LIBRARY,
    NAVIGATION,
    NEWSLETTER,
    NOISE,
    PIPELINE,
    RELATED,
    RELATED_TEASER,
    WATER,
    Story,
)

DAY = dt.date(2024, 3, 3)


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page, and what must be read in it."""

    name: str
    html: str | bytes
    story: Story
    published: dt.date | None = DAY
    title: str | None = None
    begins: str | None = None
    ends: str | None = None
    absent: tuple[str, ...] = (*NOISE, CAPTION)
    present: tuple[str, ...] = ()
    publisher: str | None = None
    url: str | None = None
    fetched_from: str | None = None
    charset: str | None = None
    doubt: str | None = None
    """Words of the one doubt that must be told; None where there must be none."""

    @property
    def data(self) -> bytes:
        return self.html if isinstance(self.html, bytes) else self.html.encode("utf-8")


def html(*, head: str = "", body: str, lang: str = ' lang="en"', charset: str = "utf-8") -> str:
    return f'<!DOCTYPE html>\n<html{lang}>\n<head><meta charset="{charset}">\n{head}\n</head>\n<body>\n{body}\n</body>\n</html>\n'


def ld(value: object) -> str:
    return f'<script type="application/ld+json">{json.dumps(value)}</script>'


def meta(**names: str) -> str:
    return "\n".join(f'<meta property="{name.replace("__", ":")}" content="{value}">' for name, value in names.items())


NAV = f"<nav><ul>{''.join(f'<li><a href=/{word}>{word}</a></li>' for word in NAVIGATION.split())}</ul><p>{NAVIGATION}</p></nav>"
ASIDE = f'<aside class="related-stories"><h3>Related stories</h3><ul><li><a href="/kelby"><h4>{RELATED}</h4></a><p>{RELATED_TEASER}</p><time datetime="2023-01-09">9 January 2023</time></li></ul></aside>'
COMMENTS = f'<section id="comments"><h3>1 comment</h3><ol class="comment-list"><li><p>{COMMENT}</p><time datetime="2025-05-05T10:00">May 5, 2025</time></li></ol></section>'
BOX = f'<div class="newsletter-signup"><h4>Newsletter</h4><p>{NEWSLETTER}</p><input type=email><button>Sign up</button></div>'
FIGURE = f'<figure><img src="x.jpg" alt=""><figcaption>{CAPTION}</figcaption></figure>'
FOOTER = "<footer><p>© 1998-2025 All rights reserved. Terms Privacy Contact</p></footer>"


def article(story: Story, *, top: str = "", inside: str = "", after: str = "") -> str:
    middle = len(story.paragraphs) // 2
    tags = [f"<p>{paragraph}</p>" for paragraph in story.paragraphs]
    body = "\n".join([*tags[:middle], inside, *tags[middle:]])
    return f"{NAV}<main><article><h1>{story.title}</h1>\n{top}\n{FIGURE}\n{body}\n{BOX}</article>{after}</main>{ASIDE}{COMMENTS}{FOOTER}"


def news(story: Story, published: str, **more: object) -> dict[str, object]:
    return {"@context": "https://schema.org", "@type": "NewsArticle", "headline": story.title, "datePublished": published, **more}


PAGES: list[Page] = []


def page(name: str, story: Story, markup: str | bytes, **more: object) -> None:
    PAGES.append(Page(name=name, story=story, html=markup, **more))  # type: ignore[arg-type]


# --- JSON-LD ---

page(
    "json-ld", LIBRARY,
    html(head=f"<title>{LIBRARY.title} | Eastmoor Gazette</title>" + ld(news(LIBRARY, "2024-03-03T18:05:00+00:00", dateModified="2024-03-05T08:00:00Z",
         publisher={"@type": "Organization", "name": "Eastmoor Gazette"})), body=article(LIBRARY)),
    publisher="Eastmoor Gazette",
)  # fmt: skip
page(
    "json-ld graph", HOSPITAL,
    html(head=ld({"@context": "https://schema.org", "@graph": [
        {"@type": "WebSite", "@id": "#site", "name": "Norwell Echo"}, {"@type": "Organization", "@id": "#org", "name": "Norwell Echo Ltd"},
        {"@type": "BreadcrumbList", "itemListElement": [{"@type": "ListItem", "name": "News"}]},
        {"@type": "WebPage", "datePublished": "2024-03-03T06:00:00+00:00", "dateModified": "2024-03-04T06:00:00+00:00"},
        {"@type": "Article", "headline": HOSPITAL.title, "datePublished": "2024-03-03T06:00:00+00:00", "publisher": {"@id": "#org"}},
    ]}), body=article(HOSPITAL)),
    publisher="Norwell Echo Ltd",
)  # fmt: skip
page("json-ld list", PIPELINE, html(head=ld([{"@type": "Organization", "name": "Harlan Sun"}, news(PIPELINE, "2024-03-03")]), body=article(PIPELINE)))
page(
    "json-ld nested", CAMPUS,
    html(head=ld({"@type": "WebPage", "mainEntity": {**news(CAMPUS, "2024-03-03T23:30:00-05:00"), "@type": ["NewsArticle", "Article"]}}), body=article(CAMPUS)),
)  # fmt: skip
page(
    "json-ld broken", WATER,
    html(head='<script type="application/ld+json">{"@type": "NewsArticle", "headline": "' + WATER.title + '", "description": "He said "water" again",'
         ' "datePublished": "2024-03-03T09:10:00+05:30", "dateModified": "2024-03-06T09:10:00+05:30",}</script>', body=article(WATER)),
)  # fmt: skip
page(
    "json-ld trailing comma and CDATA", LIBRARY,
    html(head='<script type="application/ld+json">//<![CDATA[\n{"@type": "NewsArticle", "datePublished": "2024-03-03",}\n//]]></script>', body=article(LIBRARY)),
)  # fmt: skip
page(
    "json-ld of other stories as well", HOSPITAL,
    html(head=ld({"@type": "ItemList", "itemListElement": [{"@type": "ListItem", "item": news(LIBRARY, "2023-01-01")}]})
         + ld(news(PIPELINE, "2022-02-02", url="https://norwell.example/other")) + ld(news(HOSPITAL, "2024-03-03", url="https://norwell.example/rally"))
         + '<link rel="canonical" href="https://norwell.example/rally">' + f"<title>{HOSPITAL.title}</title>", body=article(HOSPITAL)),
    url="https://norwell.example/rally",
)  # fmt: skip
page(
    "json-ld with the whole story behind a paywall", PIPELINE,
    html(head=ld({**news(PIPELINE, "2024-03-03"), "isAccessibleForFree": "False", "articleBody": "\n".join(PIPELINE.paragraphs)}),
         body=f"{NAV}<article><h1>{PIPELINE.title}</h1><p>{PIPELINE.paragraphs[0]}</p><div class='paywall-prompt'><p>Subscribe to read on.</p></div></article>{FOOTER}"),
)  # fmt: skip
page(
    "json-ld with the story as markup", WATER,
    html(head=ld({**news(WATER, "2024-03-03"), "articleBody": WATER.tagged()}), body=f"{NAV}<div id=root></div><script src=app.js></script>"),
)  # fmt: skip
page("json-ld with an Indian time", WATER, html(head=ld(news(WATER, "2024-03-03T00:40:00+05:30")), body=article(WATER)))

# --- meta tags ---

page("open graph", LIBRARY, html(head=meta(og__title=LIBRARY.title, og__site_name="Eastmoor Gazette", og__type="article",
     article__published_time="2024-03-03T10:00:00Z", article__modified_time="2024-03-09T10:00:00Z"), body=article(LIBRARY)), publisher="Eastmoor Gazette")  # fmt: skip
page("open graph before html5", HOSPITAL, html(head='<meta name="article:published_time" content="2024-03-03 10:00:00">', body=article(HOSPITAL)))
for name, value in (
    ("date", "2024-03-03"), ("DC.date.issued", "2024-03-03"), ("dcterms.created", "2024-03-03T10:00Z"), ("parsely-pub-date", "2024-03-03T10:00:00Z"),
    ("pubdate", "20240303"), ("sailthru.date", "2024-03-03 10:00"), ("publish-date", "Sun, 03 Mar 2024 18:05:00 GMT"), ("DisplayDate", "March 3, 2024"),
    ("cXenseParse:recs:publishtime", "2024-03-03T10:00:00.000Z"), ("publication_date", "1709478000"),
):  # fmt: skip
    page(f"meta {name}", CAMPUS, html(head=f'<meta name="{name}" content="{value}"><meta name="last-modified" content="2024-04-01">', body=article(CAMPUS)))
page("microdata", PIPELINE, html(body=article(PIPELINE, top='<meta itemprop="datePublished" content="2024-03-03T08:00:00-06:00"><meta itemprop="dateModified" content="2024-03-07">')))

# --- time elements ---

page("time with datetime", LIBRARY, html(body=article(LIBRARY, top='<p class="byline">By Ann Lee <time datetime="2024-03-03T10:00">a while ago</time></p>')))
page("time with pubdate", HOSPITAL, html(body=article(HOSPITAL, top='<p>Updated <time datetime="2024-03-04">4 March</time></p><p><time pubdate datetime="2024-03-03">3 March</time></p>')))
page("two times", CAMPUS, html(body=article(CAMPUS, top='<div class="meta">Published <time datetime="2024-03-03T10:00Z">3 Mar</time> Updated <time datetime="2024-03-06T10:00Z">6 Mar</time></div>')))
page("two times, the change first", CAMPUS, html(body=article(CAMPUS, top='<div class="meta">Last updated: <time datetime="2024-03-06T10:00Z">6 Mar</time>. Published: <time datetime="2024-03-03T10:00Z">3 Mar</time></div>')))
page("time of text only", WATER, html(body=article(WATER, top="<div class=dateline><time>March 3, 2024</time></div>")))
page("times of teasers only above", PIPELINE, html(body=f'<div class="latest"><article><h3><a href=/k>{RELATED}</a></h3><time datetime="2024-05-01">May 1</time></article></div>'
     + article(PIPELINE, top='<time datetime="2024-03-03">March 3</time>')))  # fmt: skip

# --- bylines ---

for name, byline in {
    "published on": "Published on 3 March 2024", "posted": "Posted: Mar 3, 2024 / 10:12 PM CST", "guardian": "Sun 3 Mar 2024 18.05 GMT",
    "ordinal": "By Ann Lee, 3rd March 2024", "of": "the 3rd of March, 2024", "iso": "2024-03-03 10:15", "dotted": "03.03.2024, 10:15",
    "updated after": "Published 3 March 2024, updated 5 March 2024", "updated before": "Updated 5 March 2024 | Published 3 March 2024",
    "indian": "Published - March 03, 2024 10:11 pm IST - KASALPUR", "indian updated first": "Updated: March 5, 2024 10:11 pm IST; First Published: March 3, 2024 9:00 pm IST",
    "american": "Sunday, March 3, 2024 | 6:05 p.m.", "abbreviated": "3-Mar-2024", "released": "Released: 3 March 2024",
}.items():  # fmt: skip
    page(f"byline {name}", HOSPITAL, html(body=article(HOSPITAL, top=f'<div class="article-meta"><span>{byline}</span></div>')))
page("byline British figures", LIBRARY, html(lang=' lang="en-GB"', body=article(LIBRARY, top="<p class=date>Published 03/04/2024 10:00</p>")), published=dt.date(2024, 4, 3))
page("byline American figures", PIPELINE, html(lang=' lang="en-US"', body=article(PIPELINE, top="<p class=date>Published 03/04/2024 10:00 AM</p>")), published=dt.date(2024, 3, 4))
page("byline figures by the domain", LIBRARY, html(lang=' lang="en-US"', head='<link rel=canonical href="https://gazette.example.co.uk/march">',
     body=article(LIBRARY, top="<p class=date>Published 03/04/2024</p>")), published=dt.date(2024, 4, 3), url="https://gazette.example.co.uk/march")  # fmt: skip
page("byline figures by Open Graph", LIBRARY, html(head=meta(og__locale="en_GB"), body=article(LIBRARY, top="<p class=date>Published 03/04/2024</p>")), published=dt.date(2024, 4, 3))
page("byline figures by the address", LIBRARY, html(head='<link rel=canonical href="https://gazette.example/2024/04/march">',
     body=article(LIBRARY, top="<p class=date>Published 03/04/2024</p>")), published=dt.date(2024, 4, 3))  # fmt: skip
page("byline figures open", CAMPUS, html(body=article(CAMPUS, top="<p class=date>Published 03/04/2024</p>")), published=None, doubt="may be 2024-03-04 or 2024-04-03")
page("byline figures that can be one day only", CAMPUS, html(body=article(CAMPUS, top="<p class=date>Published 17/03/2024</p>")), published=dt.date(2024, 3, 17))
page("byline at the end", PIPELINE, html(body=article(PIPELINE, after="<p>First published in the Harlan Sun on March 3, 2024</p>")))
page("byline in French", LIBRARY, html(lang=' lang="fr"', body=article(LIBRARY, top='<p class="date">Publié le 3 mars 2024 à 18h05</p>')))

# --- addresses, none, only a change, what cannot be ---

page("address", HOSPITAL, html(head='<link rel="canonical" href="https://echo.example/2024/03/03/rally/">', body=article(HOSPITAL)), url="https://echo.example/2024/03/03/rally/")
page("address with the month's name", LIBRARY, html(head=meta(og__url="https://post.example/uk/2024/mar/03/march"), body=article(LIBRARY)), url="https://post.example/uk/2024/mar/03/march")
page("address it was fetched from", LIBRARY, html(body=article(LIBRARY)), fetched_from="https://post.example/news-20240303-march.html", url="https://post.example/news-20240303-march.html")
page("no date", LIBRARY, html(body=article(LIBRARY)), published=None, doubt="no date of publication found in this page: give it with --published")
page("no date but those of the story", CAMPUS, html(body=article(CAMPUS, inside="<p>The college was founded on 4 May 1871, and the last camp was cleared on 12 June 2019 by the police.</p>")),
     published=None, doubt="no date of publication", present=("4 May 1871",))  # fmt: skip
page("only a change", WATER, html(head=meta(article__modified_time="2024-03-03T10:00:00Z"), body=article(WATER)), doubt="only the day of its last change")
page("only a visible change", WATER, html(body=article(WATER, top="<p class=meta>Last updated 3 March 2024</p>")), doubt="only the day of its last change")
page("in the future", WATER, html(head=meta(article__published_time="2031-03-03"), body=article(WATER)), published=None, doubt="2031-03-03 (meta article:published_time) is in the future")
page("before 1990", WATER, html(head=ld(news(WATER, "1970-01-01T00:00:00Z")), body=article(WATER)), published=None, doubt="is before 1990")
page("today in the masthead", LIBRARY, html(body='<div class="masthead"><span class="current-date">Tuesday, November 24, 2026</span></div>' + article(LIBRARY, top="<p>By Ann Lee<br>3 March 2024</p>")))

# --- systems ---

page(
    "wordpress", LIBRARY,
    html(head=f"<title>{LIBRARY.title} &#8211; Eastmoor Blog</title>" + meta(og__site_name="Eastmoor Blog"),
         body=f"""{NAV}<div id="page" class="hfeed site has-sidebar"><div id="content" class="site-content"><article id="post-12" class="post-12 post type-post hentry">
<header class="entry-header"><h1 class="entry-title">{LIBRARY.title}</h1><div class="entry-meta"><span class="posted-on">Posted on <a href="/x"><time class="entry-date published" datetime="2024-03-03T10:00:00+00:00">March 3, 2024</time><time class="updated" datetime="2024-03-08T10:00:00+00:00">March 8, 2024</time></a></span></div></header>
<div class="entry-content">{LIBRARY.tagged()}<div class="sharedaddy sd-sharing-enabled"><h3>Share this:</h3><ul><li>Twitter</li></ul></div><div id="jp-relatedposts" class="jp-relatedposts"><h3>Related</h3><p>{RELATED}</p></div></div>
<footer class="entry-footer">Posted in News. Tagged library, protest</footer></article>
<div id="comments" class="comments-area"><h2>One thought on &#8220;{LIBRARY.title}&#8221;</h2><ol class="comment-list"><li class="comment"><div class="comment-content"><p>{COMMENT}</p></div></li></ol><div id="respond"><h3>Leave a Reply</h3></div></div></div>
<aside id="secondary" class="widget-area"><h2>Recent Posts</h2><ul><li>{RELATED}</li></ul></aside></div>{FOOTER}"""),
    publisher="Eastmoor Blog",
)  # fmt: skip
page(
    "drupal", HOSPITAL,
    html(head=f"<title>{HOSPITAL.title} | Norwell Council</title>",
         body=f"""{NAV}<div class="layout-container"><div class="node node--type-article"><h1 class="page-title"><span class="field field--name-title">{HOSPITAL.title}</span></h1>
<div class="node__meta"><span>Submitted by <span>admin</span> on Sun, 03/03/2024 - 18:05</span></div>
<div class="clearfix text-formatted field field--name-body field__item">{HOSPITAL.tagged()}</div><section class="field field--name-comment"><h2>Comments</h2><p>{COMMENT}</p></section></div>
<div class="block-views-blockrelated-block-1"><p>{RELATED_TEASER}</p></div></div>{FOOTER}"""),
)  # fmt: skip
page(
    "arc", PIPELINE,
    html(head=ld(news(PIPELINE, "2024-03-03T14:00:00Z", publisher={"name": "The Harlan Sun"})),
         body=f"""{NAV}<div id="fusion-app"><section class="b-article-body"><h1 class="b-headline">{PIPELINE.title}</h1><span class="b-byline">By June Hart</span>
<article class="b-article-body article-body-wrapper">{PIPELINE.tagged('p', 'class="b-article-body__text"')}<div class="interstitial-link"><a href=/k>[ {RELATED} ]</a></div></article></section>
<div class="b-results-list latest-headlines"><h2>Latest Headlines</h2><a href=/k>{RELATED}</a><p>{RELATED_TEASER}</p></div></div>"""),
    publisher="The Harlan Sun",
)  # fmt: skip
page(
    "a national daily of Britain", LIBRARY,
    html(head=f"<title>{LIBRARY.title} | Libraries | The Sentinel</title>" + meta(og__title=LIBRARY.title, og__site_name="the Sentinel", article__published_time="2024-03-03T18:05:12.000Z"), lang=' lang="en"',
         body=f"""{NAV}<article><div data-gu-name="headline"><div class="dcr-1"><h1 class="dcr-y70er">{LIBRARY.title}</h1></div></div><div data-gu-name="standfirst"><p>Plans to close Eastmoor's only library brought families on to the streets.</p></div>
<aside data-gu-name="meta"><address aria-label="Contributor info">Ann Lee</address><details class="dcr-u0h1qy"><summary><span>Sun 3 Mar 2024 18.05 GMT</span></summary>Last modified on Mon 4 Mar 2024 09.01 GMT</details></aside>
<div data-gu-name="body" class="article-body-commercial-selector">{LIBRARY.tagged('p', 'class="dcr-iy9ec7"')}<figure data-spacefinder-role="richLink"><a href=/k>{RELATED}</a></figure>
<figure class="newsletter-embed"><a href="#EmailSignup-skip-link-5">skip past newsletter promotion</a><p>{NEWSLETTER}</p><p>after newsletter promotion</p></figure></div></article>{COMMENTS}{FOOTER}"""),
)  # fmt: skip
page(
    "a broadcaster of Britain", HOSPITAL,
    html(head=ld({"@context": "http://schema.org", **news(HOSPITAL, "2024-03-03T09:12:33.000Z", dateModified="2024-03-03T19:00:00Z"), "@type": "ReportageNewsArticle", "publisher": {"@type": "NewsMediaOrganization", "name": "XYZ News"}}),
         body=f"""{NAV}<main id="main-content"><article><div data-component="headline-block"><h1 class="ssrcss-1">{HOSPITAL.title}</h1></div><div data-component="byline-block"><time datetime="2024-03-03T09:12:33.000Z">3 March 2024</time><span>Updated 5 hours ago</span></div>
<div data-component="image-block">{FIGURE}</div>{''.join(f'<div data-component="text-block"><p class="ssrcss-2">{text}</p></div>' for text in HOSPITAL.paragraphs)}
<div data-component="links-block"><h2>Related Topics</h2><ul><li><a href=/k>{RELATED}</a></li></ul></div></article><div data-component="related-internet-links"><p>{RELATED_TEASER}</p></div></main>{FOOTER}"""),
    publisher="XYZ News",
)  # fmt: skip
page(
    "a local weekly", LIBRARY,
    html(head=f"<title>Eastmoor Gazette - {LIBRARY.title}</title>" + meta(og__site_name="Eastmoor Gazette"),
         body=f"""{NAV}<div class="mar-article"><h1>{LIBRARY.title}</h1><div class="author-line">3rd March 2024</div><div class="tags">Eastmoor Council</div><div class="article-body">{LIBRARY.tagged()}
<p><strong>Read more:</strong> <a href=/k>{RELATED}</a></p></div></div><div class="comments__wrapper"><p>{COMMENT}</p></div><div class="most-read"><h3>Most read</h3><ol><li>{RELATED}</li></ol></div>"""),
    publisher="Eastmoor Gazette",
)  # fmt: skip
page(
    "a student paper", CAMPUS,
    html(head=f"<title>{CAMPUS.title} – The Aldous Lantern</title>",
         body=f"""{NAV}<div class="sno-story"><h1 class="sno-story-headline">{CAMPUS.title}</h1><div id="sno-main-story-byline">Priya Nair, Staff Writer<span class="time-wrapper">March 3, 2024</span></div><div id="sno-story-body-content">{CAMPUS.tagged()}</div>
<div class="sno-story-related"><h4>Related Stories</h4><p>{RELATED}</p></div><div class="sno-comments-wrap comments"><p>{COMMENT}</p></div></div>{FOOTER}"""),
)  # fmt: skip
page(
    "blogger", WATER,
    html(head=f"<title>Kasalpur Notes: {WATER.title}</title>",
         body=f"""<div class="main section"><div class="blog-posts hfeed"><div class="date-outer"><h2 class='date-header'><span>Sunday, March 3, 2024</span></h2><div class="date-posts"><div class='post hentry'>
<h3 class='post-title entry-title'>{WATER.title}</h3><div class='post-body entry-content'>{'<br><br>'.join(WATER.paragraphs)}<div style='clear: both;'></div></div>
<div class='post-footer'>Posted by R. Das at <a class='timestamp-link' href=x><abbr class='published' title='2024-03-03T22:10:00+05:30'>10:10 PM</abbr></a></div></div></div></div></div>
<div class='comments' id='comments'><h4>1 comment:</h4><p class="comment-content">{COMMENT}</p></div></div><div id="sidebar"><h2>Blog Archive</h2><ul><li>2019 (12)</li></ul></div>"""),
)  # fmt: skip
page(
    "medium-like", CAMPUS,
    html(head=f"<title>{CAMPUS.title} | by Theo B. | The Lawn | Mar, 2024 | Longread</title>" + meta(og__title=CAMPUS.title, article__published_time="2024-03-03T05:11:00.000Z", og__site_name="Longread"),
         body=f"""<div id=root><article><div><section><div><h1 class="pw-post-title">{CAMPUS.title}</h1><div><a rel=author>Theo B.</a><span>5 min read</span><span data-testid="storyPublishDate">Mar 3, 2024</span></div>
{CAMPUS.tagged('p', 'class="pw-post-body-paragraph"')}</div></section></div></article><div><h2>Recommended from Longread</h2><div><h2>{RELATED}</h2><p>{RELATED_TEASER}</p></div></div></div>"""),
)  # fmt: skip
page(
    "letter by mail", PIPELINE,
    html(head=f"<title>{PIPELINE.title} - by June Hart</title>" + ld(news(PIPELINE, "2024-03-03T13:00:00+00:00", publisher={"name": "Route 9 Dispatch"})),
         body=f"""<div class="single-post"><article class="newsletter-post post"><div class="post-header"><h1 class="post-title">{PIPELINE.title}</h1><div class="pencraft">Mar 03, 2024</div></div>
<div class="available-content"><div class="body markup">{PIPELINE.tagged()}<div class="subscription-widget-wrap"><p>{NEWSLETTER}</p><form><input></form></div></div></div></article>
<div class="comments-section" id="discussion"><div class="comment-body"><p>{COMMENT}</p></div></div></div>"""),
    publisher="Route 9 Dispatch",
)  # fmt: skip
page(
    "press release", HOSPITAL,
    html(head="<title>Norwell Health Workers' Union : News release</title>",
         body=f"""{NAV}<div class="content"><p>FOR IMMEDIATE RELEASE</p><p>3 March 2024</p><h1>{HOSPITAL.title}</h1>{HOSPITAL.tagged()}<p>###</p></div>{FOOTER}"""),
    ends="###", doubt="stands above the headline",
)  # fmt: skip
page(
    "television of an American town", PIPELINE,
    html(head=ld({"@type": "NewsArticle", "headline": PIPELINE.title, "datePublished": "2024-03-03T22:12:00-06:00", "author": [{"@type": "Person", "name": "June Hart"}], "publisher": {"@type": "Organization", "name": "KHRL"}, "video": {"@type": "VideoObject", "uploadDate": "2021-01-01"}}),
         body=f"""{NAV}<div class="article-content"><h1>{PIPELINE.title}</h1><div class="article-meta"><div class="article-authors">by: June Hart</div><time>Posted: Mar 3, 2024 / 10:12 PM CST</time><time>Updated: Mar 4, 2024 / 06:00 AM CST</time></div>
<div class="article-body rich-text"><p>HARLAN FALLS, Ky. (KHRL) — The road to the site was closed.</p>{PIPELINE.tagged()}<div class="ad-unit">Advertisement</div></div><div class="recommended-stories"><p>{RELATED_TEASER}</p></div></div>{FOOTER}"""),
    publisher="KHRL", begins="HARLAN FALLS, Ky. (KHRL)",
)  # fmt: skip
page(
    "an Indian daily", WATER,
    html(head=f"<title>{WATER.title} - The Kasal Herald</title>" + meta(og__site_name="The Kasal Herald") + '<meta name="publish-date" content="2024-03-03T21:51:00+05:30"><meta name="modified-date" content="2024-03-04T01:00:00+05:30">',
         body=f"""{NAV}<div class="articlepage"><h1 class="title">{WATER.title}</h1><div class="update-publish-time"><p>Updated - March 04, 2024 01:00 am IST</p><p>Published - March 03, 2024 09:51 pm IST - KASALPUR</p></div>
<div id="content-body-14" class="articlebodycontent">{WATER.tagged()}<div class="article-ad"></div><div class="also-read"><p>Also read: {RELATED}</p></div></div><div id="vuukle-comments"><p>{COMMENT}</p></div></div>{FOOTER}"""),
    publisher="The Kasal Herald",
)  # fmt: skip
page(
    "amp", LIBRARY,
    f"""<!doctype html><html ⚡ lang="en-GB"><head><meta charset="utf-8"><title>{LIBRARY.title}</title><link rel="canonical" href="https://gazette.example/march"><style amp-custom>p{{}}</style><noscript><style amp-boilerplate></style></noscript>
{ld(news(LIBRARY, "2024-03-03T10:00:00Z"))}</head><body><amp-sidebar id=s><ul><li>{NAVIGATION}</li></ul></amp-sidebar><article class="amp-wp-article"><header class="amp-wp-article-header"><h1 class="amp-wp-title">{LIBRARY.title}</h1></header>
<figure class="amp-wp-article-featured-image"><amp-img src=x></amp-img><p class="wp-caption-text">{CAPTION}</p></figure><div class="amp-wp-article-content">{LIBRARY.tagged()}<amp-ad width=300></amp-ad></div></article><div class="amp-related-posts"><p>{RELATED_TEASER}</p></div></body></html>""",
    url="https://gazette.example/march",
)  # fmt: skip
page(
    "print version", HOSPITAL,
    f"""<html><head><title>{HOSPITAL.title} - Print</title></head><body onload="window.print()"><b>Norwell Echo</b><br>Sunday 3 March 2024<hr><h1>{HOSPITAL.title}</h1>{HOSPITAL.tagged()}<hr><small>Printed from www.norwellecho.example</small></body></html>""",
    doubt="stands above the headline",
)  # fmt: skip
page(
    "tables and fonts of the old web", PIPELINE,
    f"""<HTML><HEAD><TITLE>Harlan Sun Online: {PIPELINE.title}</TITLE></HEAD><BODY BGCOLOR="#FFFFFF"><TABLE WIDTH=760 BORDER=0><TR><TD WIDTH=130 VALIGN=top><FONT SIZE=1><A HREF=a>Home</A><BR><A HREF=b>Sports</A><BR><A HREF=c>{RELATED}</A></FONT></TD>
<TD VALIGN=top><FONT SIZE=5><B>{PIPELINE.title}</B></FONT><BR><FONT SIZE=2>By JUNE HART<BR>Published March 3, 2004</FONT><P><FONT FACE="Times">{'<P>'.join(PIPELINE.paragraphs)}</FONT></TD></TR></TABLE></BODY></HTML>""",
    published=dt.date(2004, 3, 3),
)  # fmt: skip
page(
    "nested tables and breaks", WATER,
    f"""<html><head><title>{WATER.title}</title></head><body><center><table><tr><td><table><tr><td><h2>{WATER.title}</h2></td></tr><tr><td><i>3 March 2001</i></td></tr><tr><td>{'<br><br>'.join(WATER.paragraphs)}</td></tr></table></td></tr></table></center></body></html>""",
    published=dt.date(2001, 3, 3),
)  # fmt: skip
page("no closing tags", CAMPUS, f"<title>{CAMPUS.title}</title><body><h1>{CAMPUS.title}<p class=byline>By Theo Brandt, March 3, 2024" + "".join(f"<p>{text}" for text in CAMPUS.paragraphs))
page("no tags about the page", LIBRARY, f"<html><body><h1>{LIBRARY.title}</h1><p>3 March 2024</p>{LIBRARY.tagged()}</body></html>")
page("paragraphs without article", HOSPITAL, html(body=f"<h2>{HOSPITAL.title}</h2><div>Published: 3 March 2024</div>{HOSPITAL.tagged()}", head=f"<title>{HOSPITAL.title}</title>"))
page("divs for paragraphs", PIPELINE, html(head=f"<title>{PIPELINE.title}</title>", body=f"<div class=story><h1>{PIPELINE.title}</h1><div class=date>March 3, 2024</div>{PIPELINE.tagged('div')}</div>{COMMENTS}"))
page("spans and breaks", WATER, html(head=f"<title>{WATER.title}</title>", body=f"<div class=story><h1>{WATER.title}</h1><span class=date>3 March 2024</span><div class=text><span>{'</span><br><br><span>'.join(WATER.paragraphs)}</span></div></div>"))
page("preformatted", LIBRARY, f"<html><head><title>{LIBRARY.title}</title></head><body><h1>{LIBRARY.title}</h1><p>Published 3 March 2024</p><pre>" + "\n\n".join(LIBRARY.paragraphs) + "</pre></body></html>")
page(
    "live page", CAMPUS,
    html(head=ld({**news(CAMPUS, "2024-03-03T08:00:00Z"), "@type": "LiveBlogPosting", "coverageStartTime": "2024-03-03T08:00:00Z"}),
         body=f"<h1>{CAMPUS.title}</h1><main class=liveblog>" + "".join(f'<article class="liveblog-post"><time datetime="2024-03-04T1{number}:00Z">1{number}:00</time><h2>Update {number}: word from the lawn</h2><p>{text}</p></article>' for number, text in enumerate(CAMPUS.paragraphs)) + "</main>"),
    begins="Update 0: word from the lawn",
)  # fmt: skip
page(
    "live page in json-ld", CAMPUS,
    html(head=ld({"@type": "LiveBlogPosting", "headline": CAMPUS.title, "datePublished": "2024-03-03", "liveBlogUpdate": [{"@type": "BlogPosting", "articleBody": text, "datePublished": "2024-03-05"} for text in CAMPUS.paragraphs]}), body="<div id=app></div>"),
)  # fmt: skip
page(
    "lists, subheads and quotations", LIBRARY,
    html(head=ld(news(LIBRARY, "2024-03-03")), body=article(LIBRARY, inside="<h2>What is planned</h2><ul><li>Eastmoor library closes in June</li><li>The reading room in Lower Moor closes in July</li></ul><blockquote><p>We were never asked, said the letter that the staff sent to the council.</p></blockquote>")),
    present=("\n\nWhat is planned\n\n", "Eastmoor library closes in June\nThe reading room in Lower Moor closes in July", "We were never asked"),
)  # fmt: skip
page(
    "a table of figures", LIBRARY,
    html(head=ld(news(LIBRARY, "2024-03-03")), body=article(LIBRARY, inside="<table><tr><th>Town</th><th>Marchers</th></tr><tr><td>Eastmoor</td><td>400</td></tr><tr><td>Lower Moor</td><td>85</td></tr></table>")),
    present=("Eastmoor 400\nLower Moor 85",),
)  # fmt: skip
page("browser's junk", HOSPITAL, html(head=f"<style>{'a{color:red}' * 9000}</style>" + ld(news(HOSPITAL, "2024-03-03")),
     body='<svg width=10><path d="' + "M0 0L9 9" * 9000 + '"/><text>Drawn words</text></svg><img src="data:image/png;base64,' + "iVBORw0KGgo" * 50_000 + '">' + article(HOSPITAL)), absent=(*NOISE, CAPTION, "Drawn words"))  # fmt: skip

# --- encodings ---

ACCENTS = Story(
    title="Café owners march in Château-Bray",
    paragraphs=(
        "Some 90 café owners marched through Château-Bray on Saturday – their third march this spring – over the rent of market stalls.",
        "“We pay for the façade and get the façade,” said René Dupré, whose café stands on the Place de l'Église.",
        "The mayor's office said that it had “naïvely” set the new rents and would look at them once more in the coming weeks.",
        "Another march is planned for the first Saturday in May, from the Hôtel de Ville to the old harbour.",
    ),
)
JAPANESE = Story(
    title="北町で図書館の閉館に反対するデモ",
    paragraphs=(
        "北町では土曜日、図書館の閉館に反対する市民およそ四百人が駅前から市役所までデモ行進を行った。主催者は六百人が参加したと発表した。",
        "参加者は本やプラカードを手に「図書館を守ろう」と声を上げた。市は来週の議会で予算案を審議する予定だという。",
        "市の担当者は「まだ何も決まっていない。市民の意見を聞いてから判断する」と話した。次の集会は来月に開かれる。",
    ),
)


def encoded(story: Story, label: str, codec: str, mark: bytes = b"") -> bytes:
    body = f"<h1>{story.title}</h1><p class=byline>Published 3 March 2024</p>{story.tagged()}{COMMENTS}"
    return mark + html(head=f"<title>{story.title}</title>", body=body, charset=label).encode(codec)


page("iso-8859-1 that is windows-1252", ACCENTS, encoded(ACCENTS, "iso-8859-1", "cp1252"), charset="cp1252")
page("windows-1252", ACCENTS, encoded(ACCENTS, "windows-1252", "cp1252"), charset="cp1252")
page("windows-1252 called utf-8", ACCENTS, encoded(ACCENTS, "utf-8", "cp1252"), charset="cp1252", doubt="it declares utf-8, and its bytes are not")
page("utf-8 called iso-8859-1", ACCENTS, encoded(ACCENTS, "iso-8859-1", "utf-8"), charset="utf-8")
page("utf-8 with a mark", ACCENTS, encoded(ACCENTS, "iso-8859-1", "utf-8", b"\xef\xbb\xbf"), charset="utf-8")
page("utf-16 with a mark", ACCENTS, encoded(ACCENTS, "utf-16", "utf-16-le", b"\xff\xfe"), charset="utf-16-le")
page("utf-7", LIBRARY, encoded(LIBRARY, "utf-7", "utf-8"), charset="utf-8")
page("nul bytes", LIBRARY, encoded(LIBRARY, "utf-8", "utf-8").replace(b"Eastmoor", b"East\0moor"), charset="utf-8")
page("shift_jis", JAPANESE, encoded(JAPANESE, "Shift_JIS", "cp932"), charset="cp932")
page("shift_jis called iso-8859-1", JAPANESE, encoded(JAPANESE, "iso-8859-1", "cp932"), charset="cp932", doubt="it declares iso-8859-1, and its bytes are not")
page("no encoding declared", ACCENTS, encoded(ACCENTS, "", "cp1252"), charset="cp1252", doubt="it declares no encoding")
page("numeric references to windows-1252", LIBRARY, html(head=ld(news(LIBRARY, "2024-03-03")), body=article(LIBRARY).replace("“", "&#147;").replace("”", "&#x94;")), present=("“It is the heart of this town",))
