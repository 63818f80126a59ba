"""Files, folders and standard input: what is read, what becomes a Problem, and that nothing raises."""

from __future__ import annotations

import datetime as dt
import io
import json
import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from headcount.models import Document, Problem, Report
from headcount.sources import Asked, Defaults, find_reports, open_document


def read_bytes(data: bytes, defaults: Defaults | None = None) -> list[Report | Problem]:
    """With documents opened here, without the process of their own that a run gives them."""
    asked = Asked(defaults=defaults or Defaults())
    items: list[Report | Problem] = []
    for item in find_reports(["-"], stdin=io.BytesIO(data), asked=asked):
        items += open_document(item, asked) if isinstance(item, Document) else [item]  # type: ignore[list-item]
    return items


def reports_of(items: list[Report | Problem]) -> list[Report]:
    return [item for item in items if isinstance(item, Report)]


def problems_of(items: list[Report | Problem]) -> list[Problem]:
    return [item for item in items if isinstance(item, Problem)]


def only_problem(items: list[Report | Problem], *, fatal: bool) -> str:
    [problem] = problems_of(items)
    assert problem.fatal is fatal
    assert problem.stage == "sources"
    return problem.reason


def test_plain_text_is_one_report(tmp_path: Path) -> None:
    """A .txt is one report, its text as it stands and its path as record."""
    path = tmp_path / "a.txt"
    path.write_bytes(b"Hundreds marched.\r\n\r\nIn Leeds.\r\n")
    [report] = find_reports([path])
    assert isinstance(report, Report)
    assert report.text == "Hundreds marched.\r\n\r\nIn Leeds.\r\n"
    assert report.record == str(path)
    assert report.published is None


def test_front_matter_gives_the_fields() -> None:
    """A head between two lines of --- gives the fields; the body starts at its first line that is not blank."""
    head = "title: \"Leeds: a rally\"\npublished: 2016-08-02\npublisher: 'Leeds Post'\nid: 7\ncountry: uk\nurl: http://x.example/a"
    text = f"---\n{head}\ntags:\n  - a\n---\n\nHundreds.\n"
    [report] = read_bytes(text.encode())
    assert report == Report(
        text="Hundreds.\n",
        given_id="7",
        published=dt.date(2016, 8, 2),
        publisher="Leeds Post",
        title="Leeds: a rally",
        country="GB",
        url="http://x.example/a",
        record="-",
    )


@pytest.mark.parametrize(
    "text",
    [
        "---\nHundreds marched in Leeds.\n---\nAnd so on.",
        "---\ntitle: never closed\nHundreds",
        "--- not a head\ntitle: a\n---\nbody",
        "---\ncolour: red\n---\nbody",
        "---\n" + "a: b\n" * 100 + "---\nbody",
    ],
)
def test_rules_are_no_front_matter(text: str) -> None:
    """Lines of --- around prose, a head that never ends, and a head without one of the keys are text."""
    [report] = reports_of(read_bytes(text.encode()))
    assert report.text == text


def test_json_lines_are_read_with_their_fields() -> None:
    """Each line is a report with its line number in the record; keys that are not known are ignored."""
    lines = [
        {"id": "a", "published": "2016-08-02", "publisher": "P", "title": "T", "text": "One.", "country": "GB", "x": [1]},
        {"text": "Two.", "date": "2016-08-03T09:30:00Z", "id": 12},
    ]
    first, second = reports_of(read_bytes(b"\n".join(json.dumps(line).encode() for line in lines)))
    assert (first.given_id, first.published, first.record) == ("a", dt.date(2016, 8, 2), "-:1")
    assert (second.given_id, second.published, second.text) == ("12", dt.date(2016, 8, 3), "Two.")


def test_content_decides_before_the_name(tmp_path: Path) -> None:
    """JSON Lines in a .txt are JSON Lines, and prose that opens with a brace is prose."""
    lines = tmp_path / "a.txt"
    lines.write_text('\n\n{ "text": "One." }\n{ "text": "Two." }\n')
    prose = tmp_path / "b.md"
    prose.write_text("{ sic } marched in Leeds\n")
    assert [report.text for report in reports_of(list(find_reports([lines, prose])))] == [
        "One.",
        "Two.",
        "{ sic } marched in Leeds\n",
    ]


def test_bad_lines_cost_only_themselves() -> None:
    """A line that is no JSON, a list, without text, or with an empty text is a fatal Problem; the others are read."""
    lines = ['{"text": "One."}', "no json", "[1]", '{"id": "x"}', '{"text": "  "}', '{"text": 5}', "", '{"text": "Two."}']
    items = read_bytes("\n".join(lines).encode())
    assert [report.record for report in reports_of(items)] == ["-:1", "-:8"]
    problems = problems_of(items)
    assert [problem.record for problem in problems] == ["-:2", "-:3", "-:4", "-:5", "-:6"]
    assert all(problem.fatal for problem in problems)
    assert "no JSON" in problems[0].reason
    assert "a list" in problems[1].reason
    assert "text" in problems[2].reason


@pytest.mark.parametrize("published", ["yesterday", "02/08/2016", "2016-13-01", "2016-08-02 and later", 20160802, ["2016"], True])
def test_a_date_that_is_none_stays_unknown(published: object) -> None:
    """What is no ISO date costs the date and not the report, and a Problem shows what was found."""
    items = read_bytes(json.dumps({"text": "One.", "published": published}).encode())
    [report] = reports_of(items)
    assert report.published is None
    assert "YYYY-MM-DD" in only_problem(items, fatal=False)


def test_defaults_fill_only_what_is_lacking() -> None:
    """--published, --publisher and --country are for the reports that do not say it themselves."""
    defaults = Defaults(published=dt.date(2020, 1, 1), publisher="Mine", country="US")
    own = {"text": "One.", "published": "2016-08-02", "publisher": "Own", "country": "GB"}
    first, second = reports_of(read_bytes(f'{json.dumps(own)}\n{{"text": "Two."}}\n'.encode(), defaults))
    assert (first.published, first.publisher, first.country) == (dt.date(2016, 8, 2), "Own", "GB")
    assert (second.published, second.publisher, second.country) == (dt.date(2020, 1, 1), "Mine", "US")


def test_half_characters_are_replaced_one_for_one() -> None:
    """A lone surrogate from a JSON escape becomes U+FFFD, so that no output can fail on it and spans stay true."""
    items = read_bytes(b'{"text": "a\\ud800b \\ud83d\\ude00", "title": "x\\udfff"}')
    [report] = reports_of(items)
    assert report.text == "a�b 😀"
    assert report.title == "x�"
    assert [problem.fatal for problem in problems_of(items)] == [False, False]


@pytest.mark.parametrize(
    "line",
    [
        b'{"text": ' + b"[" * 200_000 + b"}",
        b'{"text": "ok", "n": ' + b"9" * 20_000 + b"}",
        b'{"text": "ok", "n": NaN}',
        b'{"text": "ok", "n": -Infinity}',
        b'{"text": "ok", "n": 1e99999}',
        b'{"text": "first", "text": "ok"}',
        b'{"text": "ok", "id": 1e3, "title": {"a": 1}, "country": "Narnia"}',
        b'{"text": "o\x00k"}',
        b'{"text": "o\xffk"}',
        b"{",
        b'{"',
    ],
)
def test_strange_json_never_raises(line: bytes) -> None:
    """Deep nesting, endless numbers, NaN, a key twice, a raw control character: a report or a Problem."""
    items = read_bytes(b'{"text": "before"}\n' + line + b'\n{"text": "after"}\n')
    assert [reports_of(items)[0].text, reports_of(items)[-1].text] == ["before", "after"]
    assert all(report.text in {"before", "ok", "after", "oÿk"} for report in reports_of(items))


def test_a_line_without_a_text_says_which_keys_it_has() -> None:
    """Whoever exported it under other names learns what to write after --map."""
    lines = b'{"headline": "March", "text": "Hundreds marched."}\n{"headline": "March", "body": "Hundreds marched."}\n'
    [_, problem] = find_reports(["-"], stdin=io.BytesIO(lines))
    assert isinstance(problem, Problem)
    assert problem.record == "-:2"
    assert "its keys are headline, body; say which holds it with --map text=KEY" in problem.reason


def test_of_a_key_given_twice_the_last_counts() -> None:
    """As in every other JSON reader that people use."""
    [report] = read_bytes(b'{"text": "first", "text": "last"}')
    assert isinstance(report, Report)
    assert report.text == "last"


def test_a_missing_file_and_an_empty_one_are_problems(tmp_path: Path) -> None:
    """Neither stops what stands beside it."""
    (tmp_path / "empty.txt").write_bytes(b"")
    (tmp_path / "blank.txt").write_bytes(b" \n\t\n")
    (tmp_path / "empty.jsonl").write_bytes(b"\n\n")
    (tmp_path / "good.txt").write_bytes(b"One.")
    names = ["nowhere.txt", "empty.txt", "blank.txt", "empty.jsonl", "good.txt", "a\0b"]
    items = list(find_reports([tmp_path / name for name in names]))
    assert [type(item) for item in items] == [Problem, Problem, Problem, Problem, Report, Problem]
    assert "no such file" in items[0].reason  # type: ignore[union-attr]
    assert "empty" in items[1].reason  # type: ignore[union-attr]


def test_a_folder_is_read_in_the_order_of_names(tmp_path: Path) -> None:
    """Below it too; hidden files and folders are passed over, other files are told in one note."""
    for name in ["b.txt", "a.md", "c/d.txt", ".hidden.txt", ".git/x.txt", "photo.jpg", "C.TXT"]:
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"I am {name}")
    (tmp_path / "photo.jpg").write_bytes(b"\xff\xd8\xff\xe0" + bytes(200))
    (tmp_path / "lines.jsonl").write_text('{"text": "I am a line"}')
    items = list(find_reports([tmp_path]))
    assert [report.text for report in reports_of(items)] == ["I am C.TXT", "I am a.md", "I am b.txt", "I am a line", "I am c/d.txt"]
    reason = only_problem(items, fatal=False)
    assert "photo.jpg" in reason


def test_a_folder_without_reports_is_a_problem(tmp_path: Path) -> None:
    """With what was expected in it."""
    (tmp_path / "photo.jpg").write_bytes(b"\xff\xd8\xff")
    reason = only_problem(list(find_reports([tmp_path])), fatal=True)
    assert "expected saved pages" in reason
    assert "photo.jpg" in reason


def test_links_in_a_circle_end(tmp_path: Path) -> None:
    """A link back up the tree is not followed; a dangling one is a Problem."""
    (tmp_path / "a.txt").write_text("One.")
    (tmp_path / "loop").symlink_to(tmp_path, target_is_directory=True)
    (tmp_path / "gone.txt").symlink_to(tmp_path / "nowhere")
    items = list(find_reports([tmp_path]))
    assert len(reports_of(items)) == 1
    assert "no such file" in only_problem(items, fatal=True)


def test_a_pipe_in_a_folder_is_not_opened(tmp_path: Path) -> None:
    """Opening it would wait for ever."""
    os.mkfifo(tmp_path / "pipe.txt")
    (tmp_path / "a.txt").write_text("One.")
    assert len(list(find_reports([tmp_path]))) == 1


def test_a_file_name_that_is_no_utf8_can_be_told(tmp_path: Path) -> None:
    """Its record holds U+FFFD, which every output can write."""
    path = os.fsencode(tmp_path) + b"/caf\xe9.txt"
    with open(path, "wb") as file:
        file.write(b"One.")
    [report] = find_reports([os.fsdecode(path)])
    report.record.encode("utf-8")
    assert report.record.endswith("caf�.txt")


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (bytes(range(256)) * 20, "binary"),
        (b"%PDF-1.7 text", "pdf"),
        (b"\x1f\x8b\x08\0", "gzip"),
        (b"PK\x03\x04\x14", "zip"),
        (b"\x89PNG\r\n\x1a\n\0\0", "picture"),
    ],
)
def test_binary_is_a_problem_that_names_its_kind(data: bytes, kind: str) -> None:
    """What is no text is not coded as text."""
    assert kind in only_problem(read_bytes(data), fatal=True)


def test_control_characters_and_direction_marks_stay() -> None:
    """Spans point into what the file says, so nothing in it is taken out."""
    text = "a\x00b\x07c\x1b[31m\u202egnp\u202c \u200fx\u2028y\x85z" + " word" * 20
    [report] = reports_of(read_bytes(text.encode()))
    assert report.text == text


def test_reports_come_before_the_stream_ends() -> None:
    """A pipe that has said a line is read, not waited for: the next one may come in an hour."""
    read_end, write_end = os.pipe()
    with os.fdopen(read_end, "rb") as reader, os.fdopen(write_end, "wb", buffering=0) as writer:
        reports = find_reports(["-"], stdin=reader)
        writer.write(b'{"text": "One."}\n{"te')
        first = next(reports)
        assert isinstance(first, Report)
        assert first.text == "One."
        writer.write(b'xt": "Two."}\n')
        second = next(reports)
        assert isinstance(second, Report)
        assert second.text == "Two."


def test_a_text_of_50_mb_is_read_and_one_over_the_limit_is_not(tmp_path: Path) -> None:
    """The limit is a Problem that says what to do."""
    big = tmp_path / "big.txt"
    big.write_bytes(b"Hundreds marched in Leeds. " * 2_000_000)
    [report] = find_reports([big])
    assert isinstance(report, Report)
    assert len(report.text) == 54_000_000
    with big.open("ab") as file:
        file.truncate(65 * 2**20)
    assert "64 MiB" in only_problem(list(find_reports([big])), fatal=True)


def test_a_line_over_the_limit_costs_only_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    """What follows it is read, with its right line number."""
    monkeypatch.setattr("headcount.sources.jsonl.LINE_BYTES", 1000)
    items = read_bytes(b'{"text": "One."}\n{"text": "' + b"x" * 700_000 + b'"}\n{"text": "Three."}')
    assert [report.record for report in reports_of(items)] == ["-:1", "-:3"]
    assert problems_of(items)[0].record == "-:2"


def test_a_web_page_is_a_document_whatever_it_is_called(tmp_path: Path) -> None:
    """Its tags are no words: it is opened, not read as text."""
    page = tmp_path / "march.txt"
    page.write_bytes(b"<!DOCTYPE html><html><p>Hundreds marched.</p></html>")
    [item] = find_reports([page])
    assert isinstance(item, Document)
    assert (item.media, item.record, item.source) == ("html", str(page), str(page))
    assert item.data == page.read_bytes()


def test_what_a_browser_saves_beside_a_page_is_part_of_it(tmp_path: Path) -> None:
    """The frames and advertisements in march_files are no reports of their own; a folder of that name without a page is one."""
    for name in ("march.html", "march_files/frame.html", "march_files/ad.txt", "march_archivos/ad.html", "other_files/a.txt"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("<html><p>Hundreds marched.</p></html>")
    assert [os.path.relpath(item.record, tmp_path) for item in find_reports([tmp_path])] == ["march.html", "other_files/a.txt"]  # type: ignore[union-attr]


def test_binary_data_under_the_name_of_a_report_is_a_broken_report(tmp_path: Path) -> None:
    """In a folder, a picture is passed over, and garbage called march.html fails by name."""
    (tmp_path / "march.html").write_bytes(bytes(range(256)) * 20)
    (tmp_path / "cache").write_bytes(bytes(range(256)) * 20)
    failed, passed = problems_of(list(find_reports([tmp_path])))
    assert failed.fatal
    assert failed.record.endswith("march.html")
    assert "cache" in passed.reason
    assert not passed.fatal


def test_bytes_read_are_told() -> None:
    """For a progress bar, every byte once."""
    told: list[int] = []
    data = b'{"text": "One."}\n' * 50_000
    assert len(list(find_reports(["-"], stdin=io.BytesIO(data), on_bytes=told.append))) == 50_000
    assert sum(told) == len(data)


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_give_reports_or_problems(data: bytes) -> None:
    """Nothing that an input holds raises, and everything that comes out can be written as UTF-8."""
    items = read_bytes(data)
    assert items
    for item in items:
        words = [item.text, item.title or "", item.given_id or ""] if isinstance(item, Report) else [item.reason, item.record]
        for word in words:
            word.encode("utf-8")


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(), max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)


@settings(max_examples=200, deadline=None)
@given(
    st.dictionaries(st.sampled_from(["id", "text", "title", "published", "date", "publisher", "country", "url", "x"]), json_values)
)
def test_any_json_object_gives_one_report_or_one_failure(fields: dict[str, object]) -> None:
    """One line in, one report or one fatal Problem out, whatever its values are."""
    items = read_bytes(json.dumps({"x": 0, **fields}).encode() + b"\n")
    failures = [problem for problem in problems_of(items) if problem.fatal]
    assert len(reports_of(items)) + len(failures) == 1


@settings(max_examples=100, deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1))
def test_utf8_text_comes_through_unchanged(text: str) -> None:
    """Whatever is told from plain text as JSON Lines carries it code point for code point."""
    items = read_bytes(json.dumps({"text": text}).encode())
    reports = reports_of(items)
    assert [report.text for report in reports] == ([text] if not text.isspace() else [])


def test_an_empty_path_is_called_empty() -> None:
    """Not the folder that we are in."""
    assert "the path is empty" in only_problem(list(find_reports([""])), fatal=True)


def test_a_folder_below_that_cannot_be_read_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No permission is no lack of reports, whichever folder comes last."""
    (tmp_path / "shut").mkdir()
    scan = os.scandir

    def refuse(path: str) -> object:
        if os.fspath(path).endswith("shut"):
            raise PermissionError(13, "Permission denied", os.fspath(path))
        return scan(path)

    monkeypatch.setattr(os, "scandir", refuse)
    for folder in (tmp_path, tmp_path / "shut"):
        [problem] = problems_of(list(find_reports([folder])))
        assert problem.record == str(tmp_path / "shut")
        assert "no permission" in problem.reason


def test_a_country_that_is_none_costs_the_field() -> None:
    """Two letters alone do not make a country."""
    items = read_bytes(b'{"text": "One.", "country": "XX"}')
    assert reports_of(items)[0].country is None
    assert "country: expected a code" in only_problem(items, fatal=False)
    assert reports_of(read_bytes(b'{"text": "One.", "country": "xk"}'))[0].country == "XK"
