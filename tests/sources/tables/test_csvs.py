"""CSV and TSV: which columns hold what, which rows are read, and what a broken row costs."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterator
from pathlib import Path

import pytest

from headcount.models import Problem, Report
from headcount.sources import Asked, Defaults, Named, find_reports
from headcount.sources.finding import Item, items_of
from headcount.sources.limits import CELL_BYTES, TABLE_AGAIN
from headcount.sources.tables import csvs

HEAD = "Date,Headline,Body,Newspaper"


def read(table: str | bytes, *, ending: str = ".csv", defaults: Defaults | None = None, **columns: str) -> list[Item]:
    data = table.encode() if isinstance(table, str) else table
    asked = Asked(columns=columns, defaults=defaults or Defaults())
    return list(items_of(io.BytesIO(data), Named(record="a" + ending, source="a" + ending, ending=ending, asked=asked)))


def reports_of(items: list[Item]) -> list[Report]:
    return [item for item in items if isinstance(item, Report)]


def told(items: list[Item], *, fatal: bool) -> list[tuple[str, str]]:
    return [(item.record, item.reason) for item in items if isinstance(item, Problem) and item.fatal is fatal]


def test_columns_are_taken_by_their_usual_names_with_a_doubt() -> None:
    """Without a mapping Body, Headline, Date and Newspaper are understood, and one doubt says which were taken."""
    items = read(f"{HEAD}\n2016-08-02,A rally,Hundreds marched.,The Tarn Courier\n2016-08-03,Another,More marched.,\n")
    first, second = reports_of(items)
    assert (first.text, first.title, first.published) == ("Hundreds marched.", "A rally", dt.date(2016, 8, 2))
    assert (first.publisher, second.publisher) == ("The Tarn Courier", None)
    assert (first.record, second.record) == ("a.csv:2", "a.csv:3")
    [(record, doubt)] = told(items, fatal=False)
    assert record == "a.csv:2"
    assert "text=Body, title=Headline, publisher=Newspaper" in doubt


def test_columns_called_as_the_keys_of_a_report_need_no_doubt() -> None:
    """A table in our own words is read without a remark."""
    items = read("id,published,text,country\n7,2016-08-02,Hundreds marched.,uk\n")
    [report] = items
    assert isinstance(report, Report)
    assert (report.given_id, report.published, report.country) == ("7", dt.date(2016, 8, 2), "GB")
    assert report.origin is not None
    assert (report.origin.source, report.origin.media) == ("a.csv", "csv")


def test_what_the_caller_maps_goes_before_usual_names() -> None:
    """--map names the columns; beside it only columns called as keys are taken, not those of usual names."""
    [report] = read("body,lead,headline,title\nlong,short,H,T\n", text="lead")
    assert isinstance(report, Report)
    assert (report.text, report.title) == ("short", "T")


@pytest.mark.parametrize(("column", "row"), [("STORY", "story"), ("the story", " The Story ")])
def test_a_mapped_column_is_found_whatever_its_capitals(column: str, row: str) -> None:
    """Only one column differs from the name in capitals alone, so it is the one."""
    [report] = read(f"x,{row}\n1,Hundreds.\n", text=column)
    assert isinstance(report, Report)
    assert report.text == "Hundreds."


def test_a_table_without_a_text_says_which_columns_it_has() -> None:
    """One fatal Problem for the table, with its columns and the option that helps."""
    items = read("a;b;c\n1;2;3\n4;5;6\n")
    [(record, reason)] = told(items, fatal=True)
    assert record == "a.csv"
    assert "its columns are a, b, c" in reason
    assert "--map text=COLUMN" in reason
    assert not reports_of(items)


def test_a_mapped_column_that_is_missing_stops_the_table() -> None:
    """Nothing is read from another column in its place."""
    [(_, reason)] = told(read("text,date\na,2016-08-02\n", text="story"), fatal=True)
    assert "no column 'story' for text: its columns are text, date" in reason


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_told_from_the_first_row(delimiter: str) -> None:
    """Delimiters within quotes do not count."""
    rows = [['"a, b; c"', "text", "date"], ["1", "Hundreds.", "2016-08-02"]]
    [report] = read("".join(delimiter.join(row) + "\n" for row in rows))
    assert isinstance(report, Report)
    assert (report.text, report.published) == ("Hundreds.", dt.date(2016, 8, 2))


def test_excel_states_its_delimiter_itself() -> None:
    """A first line of sep=; is no header."""
    [report] = read("sep=;\r\ntext;n\r\nHundreds, they say, marched.;1\r\n")
    assert isinstance(report, Report)
    assert (report.text, report.record) == ("Hundreds, they say, marched.", "a.csv:3")


def test_a_tsv_is_parted_by_tabs() -> None:
    """Commas in its text part nothing."""
    [report] = read("text\tn,a,m,e\nOne, two, three.\tx\n", ending=".tsv")
    assert isinstance(report, Report)
    assert report.text == "One, two, three."


def test_quoted_cells_hold_line_breaks_and_the_number_is_that_of_the_first_line() -> None:
    """A report of several paragraphs in one cell; the next row's number counts its lines."""
    first, second = reports_of(
        read('text,n\r\n"One.\r\n\r\nTwo ""quoted""."\r\n,1\r\n'.replace('."\r\n,1', '.",1') + "Three.,2\r\n")
    )
    assert first.text == 'One.\n\nTwo "quoted".'
    assert (first.record, second.record) == ("a.csv:2", "a.csv:5")


def test_a_quote_that_never_closes_costs_its_row_alone() -> None:
    """The rows after it, and before it, are read; the line where the quote opens is named."""
    items = read('n,text\n1,before\n2,"never closed\n3,after\n4,"quoted, too"\n5,last\n')
    assert [report.text for report in reports_of(items)] == ["before", "after", "quoted, too", "last"]
    [(record, reason)] = told(items, fatal=True)
    assert record == "a.csv:3"
    assert "never closes" in reason


def test_a_cell_cut_off_at_the_end_is_one_problem() -> None:
    """The lines of the cut cell are no rows, and are not told one by one."""
    items = read('a,b,text\n1,2,good\n3,4,"One.\n\nTwo, and three.\nFour')
    assert [report.text for report in reports_of(items)] == ["good"]
    assert [record for record, _ in told(items, fatal=True)] == ["a.csv:3"]


def test_an_undoubled_quotation_in_a_quoted_cell_is_doubted() -> None:
    """It is read as it stands, with a word on it."""
    items = read('text,n\n"They cried "never" loudly",1\nnext,2\n')
    assert [report.record for report in reports_of(items)] == ["a.csv:2", "a.csv:3"]
    [(record, reason)] = told(items, fatal=False)
    assert record == "a.csv:2"
    assert "not doubled" in reason


def test_uneven_rows_are_named_and_not_read() -> None:
    """A row with too many or too few cells may hold a cut text; empty cells too many do no harm."""
    items = read("text,n\nOne, two.,1\nThree.\nFour.,1,,\nFive.,1\n")
    assert [report.text for report in reports_of(items)] == ["Four.", "Five."]
    (first, why), (second, _) = told(items, fatal=True)
    assert (first, second) == ("a.csv:2", "a.csv:3")
    assert why == "expected 2 cells as in the first row, found 3: put quotes around a cell that holds a comma"


def test_an_empty_text_and_a_bad_date_are_told_with_their_row() -> None:
    """An empty text is fatal for its row, a date that may be two days costs the date."""
    items = read("text,date\n,2016-08-02\nHundreds.,02/08/2016\n")
    assert told(items, fatal=True) == [("a.csv:2", "the text is empty: nothing to read")]
    [(record, _)] = told(items, fatal=False)
    assert record == "a.csv:3"
    assert reports_of(items)[0].published is None


@pytest.mark.parametrize(
    "written",
    ["2016-08-13", "2016-08-13T23:30:00-05:00", "2016/08/13", "August 13, 2016", "Saturday, 13 Aug 2016", "13/08/2016 10:00"],
)
def test_a_day_that_is_written_plainly_is_read(written: str) -> None:
    """Days that can be one day only are read however they are written."""
    [report] = reports_of(read(f'text;date\nHundreds.;"{written}"\n'))
    assert report.published == dt.date(2016, 8, 13)


@pytest.mark.parametrize("written", ["02/08/2016", "1-3 August 2016", "August 2016", "2016", "13 or 14 August 2016", "nonsense"])
def test_a_day_that_may_be_another_is_not(written: str) -> None:
    """Two days, a range, a month: unknown, with a doubt."""
    items = read(f'text;date\nHundreds.;"{written}"\n')
    assert reports_of(items)[0].published is None
    assert len(told(items, fatal=False)) == 1


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
def test_encodings_are_told_from_the_bytes(encoding: str) -> None:
    """A byte order mark, UTF-16, and Windows-1252 with one remark for the whole table."""
    items = read("text,n\nCafé workers – all of them – marched,1\nÉcole,2\n".encode(encoding))
    assert [report.text for report in reports_of(items)] == ["Café workers – all of them – marched", "École"]
    assert len(told(items, fatal=False)) == (1 if encoding == "cp1252" else 0)


def test_a_table_without_a_csv_name_is_known_by_its_mapped_columns() -> None:
    """On standard input a first line with the mapped columns makes a table; other prose stays prose."""
    [report] = read("n;story\n1;Hundreds marched.\n", ending="", text="story")
    assert isinstance(report, Report)
    assert report.text == "Hundreds marched."
    [prose] = read("Marchers, police, and a story;\nHundreds marched.\n", ending=".txt", text="body")
    assert isinstance(prose, Report)
    assert prose.text.startswith("Marchers, police")
    [wide] = read("n;story\n1;Hundreds.\n".encode("utf-16"), ending="", text="story")
    assert isinstance(wide, Report)
    assert wide.text == "Hundreds."


def test_ten_thousand_columns_are_no_trouble() -> None:
    """They are read, and a message shows the first of them."""
    names = ",".join(f"c{number}" for number in range(10_000))
    [report] = read(f"{names},text\n{',' * 10_000}Hundreds.\n")
    assert isinstance(report, Report)
    assert report.text == "Hundreds."
    [(_, reason)] = told(read(f"{names}\n1\n"), fatal=True)
    assert "and 9,980 more" in reason
    assert len(reason) < 500


def test_a_cell_over_the_limit_costs_its_row() -> None:
    """The rows beside it are read, and the message has the limit."""
    items = read(b"n,text\n1,before\n2," + b"x" * (CELL_BYTES.most + 1) + b"\n3,after\n")
    assert [report.text for report in reports_of(items)] == ["before", "after"]
    assert told(items, fatal=True) == [("a.csv:3", str(CELL_BYTES))]


def test_a_quote_that_swallows_the_file_is_let_go_at_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    """Past the length of the longest row the quote is called unclosed, and the next line is read."""
    monkeypatch.setattr(csvs, "ROW_CHARACTERS", 1000)
    items = read('n,text\n1,"open\n' + "2,good row\n" * 200)
    assert len(reports_of(items)) == 200
    assert [record for record, _ in told(items, fatal=True)] == ["a.csv:2"]


def test_quotes_that_never_close_again_and_again_end_the_table(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each would have the rest of the file read twice: past the limit the table is given up, and says so."""
    monkeypatch.setattr(csvs, "ROW_CHARACTERS", 1000)
    monkeypatch.setattr(csvs, "TABLE_AGAIN", type(TABLE_AGAIN)(5000, TABLE_AGAIN.words))
    items = read('n,text\n1,"open\n' + 'x","\n' * 5000)
    assert len(items) < 20
    assert told(items, fatal=True)[-1][0] == "a.csv"


def test_nul_bytes_are_characters_and_a_photo_is_no_table() -> None:
    """A stray NUL stays in its cell; binary data under .csv is refused once."""
    [report] = read(b"text,n\nHund\0reds marched through the town and were cheered by all who stood there.,1\n")
    assert isinstance(report, Report)
    assert "\0" in report.text
    [(_, reason)] = told(read(bytes(range(256)) * 8), fatal=True)
    assert "binary" in reason


def test_a_table_of_old_macs_and_one_without_rows_are_named() -> None:
    """Both are one Problem that says what is wrong."""
    assert "carriage return" in told(read(b"text,n\rOne,1\rTwo,2\r"), fatal=True)[0][1]
    assert "without rows" in told(read("text,n\n\n"), fatal=True)[0][1]


def test_defaults_fill_the_rows(tmp_path: Path) -> None:
    """--published and --publisher are for rows that do not say it."""
    path = tmp_path / "a.csv"
    path.write_text("text,date\nOne.,2016-08-02\nTwo.,\n")
    asked = Asked(defaults=Defaults(published=dt.date(2020, 1, 1), publisher="Mine"))
    first, second = find_reports([path], asked=asked)
    assert isinstance(first, Report)
    assert isinstance(second, Report)
    assert (first.published, second.published, second.publisher) == (dt.date(2016, 8, 2), dt.date(2020, 1, 1), "Mine")


def test_rows_come_out_while_the_file_is_read() -> None:
    """A table without an end gives its first rows all the same: nothing waits for the whole."""

    class Endless(io.RawIOBase):
        sent = 0

        def readable(self) -> bool:
            return True

        def read1(self, size: int = -1) -> bytes:
            self.sent += 1
            return b"text,n\n" if self.sent == 1 else b"Hundreds marched.,1\n" * 1000

    endless = Endless()
    items: Iterator[Item] = items_of(endless, Named(record="a.csv", source="a.csv", ending=".csv"))  # type: ignore[arg-type]
    for _ in range(5000):
        assert isinstance(next(items), Report)
    assert endless.sent < 20
