"""What stands beside the story without a class that says so, and stories whose classes say that they stand beside it."""

from __future__ import annotations

# ruff: noqa: E501 (markup stands on lines as long as pages write them)
import pytest

from sources.pages.stories import CAMPUS, COMMENT, LIBRARY, PIPELINE, RELATED
from sources.pages.templates import html, ld, news
from sources.pages.test_html import only_report, opened, squeezed

HEAD = f"<title>{LIBRARY.title} - Eastmoor Gazette</title>" + ld(news(LIBRARY, "2024-03-03"))
TITLE = f"<h1>{LIBRARY.title}</h1>"
TEXT = LIBRARY.tagged()
LINK = f"</p><p><a href=x><strong>READ MORE: {RELATED}</strong></a></p>"
HIDDEN = "".join(f"<p>{paragraph}</p>" for paragraph in LIBRARY.paragraphs[1:])


@pytest.mark.parametrize(
    "body",
    [
        f"<div>{TITLE}{TEXT}<h3>Related</h3><ul><li><a href=a>{RELATED}</a></li><li><a href=b>Council to cut buses</a></li></ul></div>",
        f"<div>{TITLE}{TEXT}<h3>3 Comments</h3><p><b>Bob</b> says:</p><p>{COMMENT}</p><p>I agree with Bob on this.</p></div>",
        f"<article>{TITLE}{TEXT.replace('</p>', LINK, 2)}</article>",
        f"<article>{TITLE}{TEXT}<p>Follow us on Twitter</p><p>Sign up to our newsletter for all the news.</p></article>",
        f"<article>{TITLE}{TEXT}</article><article><h2>{PIPELINE.title}</h2>{PIPELINE.tagged()}</article><article><h1>{CAMPUS.title}</h1>{CAMPUS.tagged()}</article>",
        f"<div>{TITLE}<div>{TEXT}</div><div id='comments'>{f'<div><b>Bob</b><p>{COMMENT}</p></div>' * 40}</div></div>",
        f"<div class='single has-comments sidebar-right'><div class='content related-ok'>{TITLE}{TEXT}</div></div>",
        f"<article>{TITLE}<p>{LIBRARY.paragraphs[0]}</p><div class='premium-content' style='display:none'>{HIDDEN}</div></article>",
        f"<article>{TITLE}<ul>{LIBRARY.tagged('li')}</ul></article>",
        f"<article>{TITLE}{LIBRARY.tagged('p', 'class=share-text')}</article>",
        f"<gz-app><gz-article>{TITLE}{TEXT}</gz-article></gz-app>",
        f"<div>{TITLE}<div class=text>{'<br>'.join(LIBRARY.paragraphs)}</div></div>",
    ],
    ids=[
        "related", "comments", "read more", "newsletter", "other articles appended", "40 comments", "classes of the page",
        "hidden behind a paywall", "story in a list", "story with the class of a button", "custom elements", "line breaks",
    ],
)  # fmt: skip
def test_the_story_is_what_comes_out(body: str) -> None:
    """Its paragraphs, all of them, and nothing else."""
    report = only_report(opened(html(head=HEAD, body=body).encode()))
    assert [squeezed(block) for block in report.text.split("\n") if block] == [squeezed(text) for text in LIBRARY.paragraphs]


def test_a_news_in_brief_is_a_report() -> None:
    """Eight words are news."""
    report = only_report(opened(b"<p>About 300 people marched in Leeds on Saturday.</p>"))
    assert report.text == "About 300 people marched in Leeds on Saturday."


def test_the_posts_of_a_live_page_keep_their_headings() -> None:
    """Each post is an article of its own; all of them are the page's story."""
    posts = "".join(
        f"<article><h2>Post {number} from the lawn</h2><p>{text}</p></article>" for number, text in enumerate(CAMPUS.paragraphs)
    )
    report = only_report(opened(html(body=f"<h1>{CAMPUS.title}</h1><main>{posts}</main>").encode()))
    assert all(f"Post {number} from the lawn\n\n{text[:20]}" in report.text for number, text in enumerate(CAMPUS.paragraphs))
