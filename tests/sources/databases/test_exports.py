"""Every layout of a newspaper database: its articles with their fields and nothing of what stands around them, in any file."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from headcount.models import Document
from headcount.sources.databases import split_export
from headcount.sources.documents.docx import read_docx
from headcount.sources.documents.rtf import read_rtf
from headcount.sources.opening import Asked, Found
from sources.databases.exports import SAMPLES, as_docx, as_rtf, paragraphs_of, sample

NAMES = sorted(path.stem for path in SAMPLES.glob("*.txt"))
BOILERPLATE = (
    "Load-Date", "LOAD-DATE", "LENGTH", "Length:", "SECTION", "Section:", "BYLINE", "Byline", "HIGHLIGHT", "Highlight", "GRAPHIC",
    "Copyright", "All Rights Reserved", "Alle Rechte", "End of Document", "DOCUMENTS", "Classification", "Publication-Type",
    "PUBLICATION-TYPE", "Client/Matter", "Search Terms", "Timeline", "Search Summary", "gcivds", "EXTMS", "Document ",
    "ProQuest", "Last updated", "Database:", "Subject:", "SUBJECT", "Credit:", "Caption", "Illustration", "DETAILS", "LINKS",
    "Check for full text", "Page 2 of 2", "Terms and Conditions", "____", "Picture, A docker", "A. Lim", "A. LIM", "Jane Roe",
    "ORME", "Ann Ray", "without a word", "shut for a day", "| ",
)  # fmt: skip
"""What stands around the texts of the samples, and in none of them."""


def articles_of(name: str, media: str) -> list[Found]:
    text = sample(name)
    if media == "text":
        found = split_export(text)
        assert found is not None
        return found
    paragraphs = paragraphs_of(text, wrapped=name.startswith("lexisnexis"))
    data = as_docx(paragraphs) if media == "docx" else as_rtf(paragraphs)
    reader = read_docx if media == "docx" else read_rtf
    return list(reader(Document(data=data, media=media, record="export", source="export"), Asked()))


def read(found: Iterable[Found]) -> list[tuple[Any, ...]]:
    keys = ("title", "published", "publisher", "url", "id", "text")
    return [(article.part, *(article.fields.get(key) for key in keys)) for article in found if not article.fatal]


def day(month: int, number: int) -> dt.date:
    return dt.date(2016, month, number)


EXPECTED: dict[str, list[tuple[Any, ...]]] = {
    "lexisnexis_title_first": [
        ("article 1", "Hundreds cross the bridge in silence after the ferry company closes its booking office", day(8, 2),
         "The Penmoor Courier", "http://www.penmoorcourier.example/bridge", None,
         "PENMOOR, England\n\nAbout 300 people crossed the Penmoor bridge in silence on Monday, two days after the ferry company "
         "had closed its booking office, in what its organisers called a well-known form of mourning.\n\n"
         '"We walked," said Ada Pell, a clerk. "Nobody was told to."\n\n'
         "NOTE: three of those who walked were children, the police said."),
        ("article 2", "Beet growers block the gate", day(7, 30), "The Harrow Bay Sentinel (Ireland)", None, None,
         "Sixty growers stood at the gate of the sugar works for four hours on Friday."),
        ("article 3", "A year of vigils", None, "The Lantern Monthly", None, None,
         "Every Thursday a dozen people stand with candles before the town hall of Elm."),
    ],
    "lexisnexis_fields_first": [
        ("article 1", "Teachers walk out, and parents walk with them", day(7, 1), "The Harrow Bay Post", None, None,
         "Forty teachers walked out of Harrow Bay High on Thursday, and some 90 parents walked with them to the school board.\n\n"
         "UPDATE: By evening the board had agreed to meet them."),
        ("article 2", "Bauern demonstrieren vor dem Landtag", day(8, 2), "Nordkurier am Deich", None, None,
         "Rund 200 Bauern haben am Montag vor dem Landtag demonstriert."),
        ("article 4", "Nurses at the gate", day(7, 5), "The Elm Herald", None, None,
         "A dozen nurses stood at the hospital's gate at noon."),
    ],
    "nexis_uni": [
        ("article 1", "Dockers block the gate", day(8, 2), "The Example Times (London)", None, None,
         "Sixty dockers blocked the gate at Port Elm on Monday.\n\n"
         "Language: \N{NO-BREAK SPACE}the placards were in Welsh and in English, and so were the answers.\n\n"
         "Notes of a speech were handed out to 200 people."),
        ("article 2", "Vigil for the ferry", day(8, 2), "Elm Herald", None, None,
         "PORT ELM, Wales\n\nA vigil of 30 people was held on the quay."),
        ("article 4", "Rally in the rain", day(8, 4), "The Harrow Bay Post", None, None,
         "About 1,200 people stood in the rain on Wednesday."),
    ],
    "nexis_uk": [
        ("article 1", "Tenants march on the council", day(8, 2), "Leith Evening Star", None, None,
         "Tenants of Cable Street marched on the council on Monday.\n\n"
         "The police counted 450 of them. The tenants' union said 700.\n\n\"We will be back,\" said one."),
        ("article 2", "Landwirte am Deich", day(8, 2), "Nordkurier am Deich", None, None,
         "Rund 200 Landwirte haben am Montag demonstriert."),
        ("article 3", "Clerks picket the court", day(8, 5), "Leith Evening Star", None, None, "Nine clerks picketed the court."),
    ],
    "proquest_text": [
        ("article 1", "Hundreds march in Leeds: [1]", day(8, 2), "The Example Times",
         "http://search.proquest.example/docview/1808123451?accountid=1", "proquest-1808123451",
         "Hundreds of people marched through Leeds on Monday against the closing of the baths.\n\n"
         "Location: they stood by the town hall, and did not move.\n\nPolice said 500 came; the organisers said 900."),
        ("article 2", "Rally for the baths", None, "Elm Herald", None, "proquest-1808123452",
         "About 60 people rallied outside the baths of Elm on Tuesday."),
    ],
    "proquest_details": [
        ("article 1", "Bus drivers stop at noon", day(8, 2), "Yorkshire Example",
         "https://www.proquest.example/newspapers/x/docview/1808123461/se-2", "proquest-1808123461",
         "About 80 drivers stopped their buses at noon on Monday.\n\nNobody was hurt."),
        ("article 2", "Silence on the ring road", day(8, 3), "Yorkshire Example",
         "https://www.proquest.example/newspapers/x/docview/1808123462/se-2", "proquest-1808123462",
         "Some 300 cyclists rode in silence around the city."),
        ("article 3", "Students sit down", day(8, 4), "The Gown",
         "https://www.proquest.example/newspapers/x/docview/1808123463/se-2", "proquest-1808123463",
         "Forty students sat down in the hall of the Faculty of Law."),
    ],
    "factiva_indexed": [
        ("article 1", "Miners march in Example City", day(8, 2), "The Example Times", None, "factiva-EXTMS00020160802ec820001x",
         "About 900 miners marched in Example City on Monday.\n\nIN THE SQUARE they were met by the mayor.\n\n"
         "Police said 700 had come.\n\nRE the letter: nobody had read it."),
        ("article 2", "Short and without an author", day(8, 3), "Elm Herald", None, "factiva-ELMHR00020160803ec830002b",
         "Ten bakers marched to the mill."),
    ],
    "factiva_display": [
        ("article 1", "Miners march in Example City", day(8, 2), "The Example Times", None, "factiva-EXTMS00020160802ec820001x",
         "About 900 miners marched in Example City on Monday.\n\n\"We are 900 words,\" said one.\n\nPolice said 700 had come."),
        ("article 2", "Bakers march to the mill", day(8, 3), "Elm Herald", None, "factiva-ELMHR00020160803ec830002b",
         "Ten bakers marched to the mill."),
        ("article 3", "Bäcker ziehen zur Mühle", day(8, 4), "Nordkurier am Deich", None, "factiva-NKDEI00020160804ec840003c",
         "Zehn Bäcker sind zur Mühle gezogen."),
    ],
}  # fmt: skip

FAILED = {
    "lexisnexis_fields_first": ("article 3", "In pictures"),
    "nexis_uni": ("article 3", "What the harbour owes"),
    "proquest_text": ("article 3", "Nobody came"),
    "factiva_indexed": ("article 3", "A headline and nothing else"),
}
"""By sample the article in it that has no text."""

DOUBTS = {
    ("lexisnexis_title_first", "article 3"): ("published: 'August 2016' names no day",),
    ("proquest_text", "article 2"): ("published: 'Aug 2016' names no day", "the export holds its abstract and not its full text"),
}


@pytest.mark.parametrize("media", ["text", "docx", "rtf"])
@pytest.mark.parametrize("name", NAMES)
def test_every_article_comes_out_with_its_fields(name: str, media: str) -> None:
    """Title, day, publisher, address, id and text of each article are those of the export, whatever file it came in."""
    assert read(articles_of(name, media)) == EXPECTED[name]


def test_the_country_of_publication_is_that_of_the_report() -> None:
    """It tells Lincoln in England from Lincoln in Nebraska; one that is not known costs nothing."""
    found = split_export(sample("proquest_text"))
    assert found is not None
    assert [article.fields.get("country") for article in found if not article.fatal].count("GB") == 1
    other = split_export(sample("proquest_text").replace("publication: United Kingdom", "publication: Ruritania"))
    assert other is not None
    assert not any("country" in article.fields for article in other)


@pytest.mark.parametrize("media", ["text", "docx", "rtf"])
@pytest.mark.parametrize("name", NAMES)
def test_nothing_around_the_text_is_in_it(name: str, media: str) -> None:
    """Covers, fields, notices of copyright and tails are in no text."""
    for article in articles_of(name, media):
        text = str(article.fields.get("text", ""))
        assert [words for words in BOILERPLATE if words in text] == []


@pytest.mark.parametrize("name", NAMES)
def test_an_article_without_text_is_named_and_the_others_come_out(name: str) -> None:
    """A broken article is a fatal Found with its number, its title and what to do."""
    failed = [article for article in articles_of(name, "text") if article.fatal]
    if name not in FAILED:
        assert failed == []
        return
    [article] = failed
    assert article.part == FAILED[name][0]
    assert f"no text in {FAILED[name][0]} of this export ({FAILED[name][1]})" in article.doubts[0]


@pytest.mark.parametrize("name", NAMES)
def test_doubts_are_told_of_what_is_missing_and_of_nothing_else(name: str) -> None:
    """A month is no day, an abstract no text; the rest is not doubted."""
    for article in articles_of(name, "text"):
        if not article.fatal:
            expected = DOUBTS.get((name, article.part), ())
            assert len(article.doubts) == len(expected)
            assert all(doubt.startswith(words) for doubt, words in zip(article.doubts, expected, strict=True))


@pytest.mark.parametrize("name", NAMES)
def test_line_ends_page_breaks_and_blanks_change_nothing(name: str) -> None:
    """Windows line ends, a page break before each article, unbreakable blanks in fields and more blank lines give the same."""
    text = sample(name)
    rewritten = text.replace("\n\n\n", "\n\n\n\n \n\f\n").replace("\n", "\r\n")
    assert read(split_export(rewritten) or []) == EXPECTED[name]


@pytest.mark.parametrize(
    ("name", "end", "said", "found"),
    [
        ("lexisnexis_title_first", "2 of 3 DOCUMENTS", 3, 1),
        ("nexis_uni", "Rally in the rain\nThe Harrow", 4, 3),
        ("proquest_text", "_" * 60 + "\n\nDocument 3 of 3", 3, 2),
    ],
)
def test_an_export_that_was_cut_off_is_doubted(name: str, end: str, said: int, found: int) -> None:
    """Where the export says how many documents it holds and another number is there, the last good article has a doubt."""
    text = sample(name)
    articles = split_export(text[: text.rindex(end)]) or []
    assert len(articles) == found
    doubts = [doubt for article in articles for doubt in article.doubts if "check that the file is whole" in doubt]
    assert doubts == [f"the export says that it holds {said} documents, and {found} were found in it: check that the file is whole"]


def test_two_exports_in_one_file_are_counted_together() -> None:
    """Numbers that begin anew are numbered on, and the documents that both say they hold are added."""
    articles = split_export(sample("lexisnexis_title_first") + sample("lexisnexis_fields_first")) or []
    assert [article.part for article in articles] == [f"article {number}" for number in range(1, 8)]
    assert not any("check that the file is whole" in doubt for article in articles for doubt in article.doubts)


def test_an_article_that_breaks_off_is_read_and_doubted() -> None:
    """Factiva's last line is missing: what is there is read, and the doubt says why it may not be all."""
    text = sample("factiva_display")
    [*_, last] = split_export(text[: text.index("Dokument NKDEI")]) or []
    assert last.fields["text"] == "Zehn Bäcker sind zur Mühle gezogen."
    assert any("breaks off" in doubt for doubt in last.doubts)


def test_numbers_of_the_export_name_its_articles() -> None:
    """Where a document is missing in the middle, the others keep the numbers that the export gives them."""
    text = sample("lexisnexis_fields_first")
    start, end = text.rindex("\n", 0, text.index("2 of 4 DOCUMENTS")), text.rindex("\n", 0, text.index("3 of 4 DOCUMENTS"))
    assert [article.part for article in split_export(text[:start] + text[end:]) or []] == ["article 1", "article 3", "article 4"]


CODES = re.compile(r"^([A-Z]{2,3})(\t|$)", re.M)


@pytest.mark.parametrize(
    "written", ["\t\\1\t", "\\1   ", "\\1\n", "\\1 ", "  \\1\t"], ids=["tabs", "blanks", "line", "blank", "indent"]
)
def test_codes_are_told_however_they_are_set_off(written: str) -> None:
    """Programs that turn Factiva's tables into text put tabs, blanks or a line between a code and its value."""
    assert read(split_export(CODES.sub(written, sample("factiva_indexed"))) or []) == EXPECTED["factiva_indexed"]


@pytest.mark.parametrize(
    ("name", "lost", "changed"),
    [
        ("nexis_uk", r"^Body\n", {}),
        ("nexis_uk", r"^(?:Copyright|All Rights).*\n", {}),
        ("nexis_uk", r"^(?:Section|Byline|Load-Date|Rubrik): .*\n", {}),
        ("nexis_uk", r"^2 August 2016 Tuesday\n", {"published": None}),
        ("lexisnexis_title_first", r"^ +August 2, 2016 Tuesday\n", {"published": None}),
        ("lexisnexis_title_first", r"^(?:SECTION|LENGTH|HIGHLIGHT|LANGUAGE|GRAPHIC): .*\n", {}),
        ("lexisnexis_fields_first", r"^(?:LENGTH|SECTION|SUBJECT): .*\n(?:\(.*\n)?", {}),
        ("proquest_text", r"^(?:Author|Subject|Publication info|Title|Copyright|Database): .*\n", {}),
        ("proquest_text", r"^Publication title: .*\n", {}),
        ("factiva_display", r"^English\n", {}),
        ("factiva_display", r"^(?:Copyright|\(c\)) .*\n", {}),
    ],
)
def test_a_field_that_is_missing_costs_the_field(name: str, lost: str, changed: dict[str, None]) -> None:
    """The first article keeps what the export still says of it."""
    whole, [first, *_] = EXPECTED[name][0], split_export(re.sub(lost, "", sample(name), flags=re.M)) or []
    keys = ("title", "published", "publisher", "text")
    expected = dict(zip(keys, (whole[1], whole[2], whole[3], whole[6]), strict=True)) | changed
    assert {key: first.fields.get(key) for key in keys} == expected


def test_an_article_saved_by_itself_is_one_article() -> None:
    """Nexis saves articles one a file as well; such a file may lack its last line."""
    text = sample("nexis_uk")
    found = split_export(text[: text.index("End of Document")]) or []
    assert read(found) == EXPECTED["nexis_uk"][:1]


def test_a_list_of_documents_without_their_texts_is_named() -> None:
    """The list beside articles saved one a file is no report."""
    text = sample("nexis_uni")
    [found] = split_export(text[: text.index("Dockers block the gate\nThe Example")]) or []
    assert found.fatal
    assert found.doubts == ("a list of 4 documents of Nexis without their texts: give the files with the articles",)


@settings(deadline=None, max_examples=60)
@given(data=st.data(), name=st.sampled_from(NAMES))
def test_a_damaged_export_never_stops_and_invents_nothing(data: st.DataObject, name: str) -> None:
    """With lines lost, doubled, moved or cut nothing raises, and every word of a text stands in the export."""
    lines = sample(name).split("\n")
    for _ in range(data.draw(st.integers(1, 12))):
        at, to = data.draw(st.integers(0, len(lines) - 1)), data.draw(st.integers(0, len(lines) - 1))
        change = data.draw(st.sampled_from(["lose", "double", "swap", "cut", "blank"]))
        if change == "lose" and len(lines) > 2:
            del lines[at]
        elif change == "double":
            lines.insert(min(to, len(lines)), lines[at])
        elif change == "swap":
            to = min(to, len(lines) - 1)
            lines[at], lines[to] = lines[to], lines[at]
        else:
            lines[at] = lines[at][: len(lines[at]) // 2] if change == "cut" else ""
    found = split_export("\n".join(lines)) or []
    whole = "".join("".join(lines).split())
    for article in found:
        text = str(article.fields.get("text", ""))
        assert article.fatal or text.strip()
        assert article.part
        assert all(word in whole for word in text.split())
