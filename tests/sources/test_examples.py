"""The examples beside the README: each kind of file gives the words of the sample reports that it was made of."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import pytest

from headcount.models import Problem, Report
from headcount.run.extracting import open_documents
from headcount.sources import Asked, find_reports

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
_spec = importlib.util.spec_from_file_location("make_examples", EXAMPLES / "make.py")
assert _spec is not None
assert _spec.loader is not None
made = importlib.util.module_from_spec(_spec)
sys.modules["make_examples"] = made
_spec.loader.exec_module(made)


@pytest.mark.parametrize("name", sorted(made.EXAMPLES))
def test_an_example_gives_the_reports_that_it_was_made_of(name: str) -> None:
    """Word for word and in order, with their titles, and their days where the kind of file can tell them."""
    asked = Asked(screen=False)
    items = list(open_documents(find_reports([EXAMPLES / name], asked=asked), asked=asked, jobs=1))
    assert not [item.reason for item in items if isinstance(item, Problem) and item.fatal]
    reports = [item for item in items if isinstance(item, Report)]
    articles = [made.load_article(number) for number in made.EXAMPLES[name][1]]
    assert len(reports) == len(articles)
    for report, article in zip(reports, articles, strict=True):
        assert squeezed(article.text) in squeezed(report.text)
        assert len(squeezed(report.text)) < len(squeezed(article.text)) * 1.1 + 200
        assert name.endswith((".pdf", ".docx")) or report.published == article.published


def test_every_example_was_made_here() -> None:
    """None lies there that the script does not write."""
    assert {path.name for path in EXAMPLES.iterdir() if path.is_file()} == {*made.EXAMPLES, "make.py"}


def squeezed(text: str) -> str:
    """Its letters and figures: PDFs break lines, and pages straighten quotation marks."""
    return "".join(character for character in text if character.isalnum())
