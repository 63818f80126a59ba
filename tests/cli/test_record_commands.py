"""The commands of a record from outside: what they answer, what they say, and how they end."""

from __future__ import annotations

import csv
import datetime as dt
import json
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from databases import new_database

Headcount = Any  # the fixture of conftest.py


def events_of(said: Any) -> list[dict[str, Any]]:
    return [json.loads(line) for line in said.out.splitlines()]


def test_the_same_ingest_twice_changes_nothing(headcount_in: Headcount, tmp_path: Path) -> None:
    """The balance is told, and the second time it says 0 new and leaves every row as it was but those of the sources, looked at."""
    (tmp_path / "a.txt").write_text("About 300 people marched in Leeds on Saturday.\n")
    (tmp_path / "b.txt").write_text("Bake the cake for an hour.\n")
    arguments = ("ingest", tmp_path / "a.txt", tmp_path / "b.txt", "--published", "2019-03-18", "--record", "new.db")
    first = headcount_in(*arguments)
    assert (first.code, first.out) == (0, "")
    assert "2 reports in: 1 coded, 1 screened out, 0 duplicate, 0 failed; 2 new" in first.err
    assert "1 event of 1 account: 1 new" in first.err
    with sqlite3.connect(tmp_path / "new.db") as before:
        rows = [row for row in before.iterdump() if not row.startswith('INSERT INTO "source"')]
    second = headcount_in(*arguments)
    assert "2 reports in: 0 coded, 0 screened out, 2 duplicate, 0 failed; 0 new" in second.err
    assert "linked: nothing has changed" in second.err
    with sqlite3.connect(tmp_path / "new.db") as after:
        assert [row for row in after.iterdump() if not row.startswith('INSERT INTO "source"')] == rows


def test_an_input_that_cannot_be_read_is_exit_code_3(headcount_in: Headcount, tmp_path: Path) -> None:
    """The others are stored, the failure is told and counted."""
    (tmp_path / "a.txt").write_text("About 300 people marched in Leeds on Saturday.\n")
    said = headcount_in("ingest", "a.txt", "missing.txt")
    assert said.code == 3
    assert "failed: missing.txt" in said.err
    assert "2 reports in: 1 coded, 0 screened out, 0 duplicate, 1 failed; 1 new" in said.err


def test_ctrl_c_says_what_is_safe(headcount_in: Headcount, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Interrupted while it reads, ingest ends with 130 and says how much is stored and what to do."""
    import headcount.sources

    (tmp_path / "a.txt").write_text("About 300 people marched in Leeds on Saturday.\n")

    def interrupted(*_: object, **__: object) -> Any:
        raise KeyboardInterrupt
        yield

    monkeypatch.setattr(headcount.sources, "find_reports", interrupted)
    said = headcount_in("ingest", "a.txt")
    assert said.code == 130
    assert "0 reports of this run stored and safe; run the same command again" in said.err


@pytest.mark.parametrize(
    "arguments",
    [("events",), ("show", "ev-1"), ("explain", "ev-1"), ("totals",), ("export", "csv"), ("link",), ("judgements",), ("reviews",)],
)
def test_without_a_record_they_say_what_makes_one(headcount_in: Headcount, tmp_path: Path, arguments: tuple[str, ...]) -> None:
    """Exit code 2, one line, and no file is made by asking."""
    said = headcount_in(*arguments)
    assert (said.code, said.out) == (2, "")
    assert said.err == "headcount: headcount.db: there is no record here; headcount ingest makes one, --record names another\n"
    assert not (tmp_path / "headcount.db").exists()


def test_what_is_no_record_is_exit_code_5(headcount_in: Headcount, tmp_path: Path) -> None:
    """A file of another kind is named, and stays as it was."""
    (tmp_path / "other.db").write_text("no database at all, " * 100)
    for arguments in (("events",), ("ingest", "other.db")):
        said = headcount_in(*arguments, "--record", "other.db")
        assert said.code == 5
        assert "other.db: this file is not a record of Headcount" in said.err
    assert (tmp_path / "other.db").read_text() == "no database at all, " * 100


def test_the_environment_names_the_record(
    headcount_in: Headcount, made_record: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """HEADCOUNT_RECORD stands in for --record, which wins over it."""
    monkeypatch.setenv("HEADCOUNT_RECORD", str(made_record))
    assert headcount_in("events", "--limit", "1").code == 0
    assert headcount_in("events", "--record", "none.db").code == 2


def test_events_are_filtered_and_counted(headcount_in: Headcount, record: Path) -> None:
    """Every filter leaves a part of what is there, and the note says how many."""
    every = events_of(headcount_in("events"))
    assert len(every) > 20
    ludlow = headcount_in("events", "--locality", "LUDLOW", "--since", "2022-10-01", "--until", "2022-10-01", "--min-size", "400")
    assert [one["locality"] for one in events_of(ludlow)] == ["Ludlow"]
    assert ludlow.err == "headcount: 1 event\n"
    planned = events_of(headcount_in("events", "--status", "planned"))
    assert planned == [one for one in every if one["status"] == "planned"] != []
    first = headcount_in("events", "--limit", "3")
    assert events_of(first) == every[:3]
    assert first.err == f"headcount: 3 of {len(every)} events\n"
    none = headcount_in("events", "--country", "FR", "--type", "march", "--min-size", "999,999")
    assert (none.code, none.out, none.err) == (0, "", f"headcount: no event is like that; the record holds {len(every)}\n")


def test_the_formats_hold_the_same_events(headcount_in: Headcount, record: Path) -> None:
    """JSON is an array of the lines of JSON Lines; CSV has a row for each; an empty JSON is an empty array."""
    lines = events_of(headcount_in("events", "--format", "jsonl"))
    assert json.loads(headcount_in("events", "--format", "json").out) == lines
    rows = list(csv.DictReader(headcount_in("events", "--format", "csv").out.splitlines()))
    assert [row["event_id"] for row in rows] == [one["event_id"] for one in lines]
    assert headcount_in("events", "--country", "FR", "--type", "riot", "--format", "json").out == "[]\n"


@pytest.mark.parametrize("width", [40, 80, 120])
def test_the_table_fits_and_marks_what_is_not_held(
    headcount_in: Headcount, record: Path, width: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No line is wider than the screen from 80 columns on, and a planned event says so."""
    monkeypatch.setenv("COLUMNS", str(width))
    said = headcount_in("events", "--format", "table")
    assert max(map(len, said.out.splitlines())) <= max(width, 80)
    assert "(planned)" in said.out
    assert "\x1b" not in said.out
    assert "2 of 3" in said.out  # three reports, one of them a copy


def test_no_color_leaves_the_bold(headcount_in: Headcount, record: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With NO_COLOR a forced style has no colour in it."""
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert "\x1b[1;35m" in headcount_in("events", "--format", "table").out
    monkeypatch.setenv("NO_COLOR", "1")
    said = headcount_in("events", "--format", "table")
    assert "\x1b[1m" in said.out
    assert "\x1b[1;35m" not in said.out


def test_days_the_wrong_way_round_are_refused(headcount_in: Headcount, record: Path) -> None:
    """Since after until is no empty answer but wrong usage."""
    assert headcount_in("events", "--since", "2020-02-01", "--until", "2020-01-01").code == 2


def test_asking_loads_nothing_that_it_does_not_need(record: Path) -> None:
    """events starts without the linkage's libraries, without migrations, without a console."""
    code = (
        "import sys; from headcount.cli.commands import run_command;"
        f"run_command(['events', '--record', {str(record)!r}, '--format', sys.argv[1]]);"
        "print({'numpy', 'scipy', 'alembic', 'pyarrow', 'rich.console'} & set(sys.modules), file=sys.stderr)"
    )
    for form in ("table", "jsonl"):
        done = subprocess.run([sys.executable, "-c", code, form], capture_output=True, text=True, check=True)
        assert done.stderr.splitlines()[-1] == "set()"


def test_show_has_every_account_and_every_figure(headcount_in: Headcount, ludlow: str) -> None:
    """Three reports, two of them independent, the police beside the organisers."""
    said = headcount_in("show", ludlow)
    assert said.code == 0
    assert "told by 3 reports, 2 of them independent" in said.out
    assert "about 450 (police)" in said.out
    assert "900 (organisers)" in said.out
    first, reprint, other = said.out.partition("told by")[2].split("\n\n")[:3]
    assert "near-copy of\n  Marches News Agency, 3 Oct 2022" in reprint  # the later one copies; the agency's own does not
    assert "copy" not in first + other
    told = json.loads(headcount_in("show", ludlow, "--format", "json").out)
    assert told["event"]["event_id"] == ludlow
    assert [one["report"]["report_id"] for one in told["accounts"]] == told["event"]["reports"]


def test_ids_that_are_no_events_are_told_apart(headcount_in: Headcount, ludlow: str) -> None:
    """An unknown id is wrong usage; a report's id leads to its events, an account's to its event."""
    unknown = headcount_in("show", "ev-nothing")
    assert unknown.code == 2
    assert "headcount events lists them" in unknown.err
    report = headcount_in("show", "sample-52")
    assert report.code == 2
    assert ludlow in report.err
    account = json.loads(headcount_in("show", ludlow, "--format", "json").out)["event"]["candidates"][0]
    assert ludlow in headcount_in("show", account).out


def test_explain_leads_from_the_value_to_the_words(headcount_in: Headcount, ludlow: str) -> None:
    """The sentence, the report, the rule, and what each figure has to do with the range."""
    said = headcount_in("explain", ludlow, "size")
    assert said.code == 0
    assert "450 (police) to 1,000" in said.out
    assert "Organisers said 900 had taken part." in said.out
    assert "gives the lowest" in said.out
    assert "by rule sizes" in said.out
    assert said.out.count("Organisers said 900 had taken part.") == 1  # two reports say it, the second copies the first
    assert "Marches News Agency, 3 Oct 2022  within the range" in said.out
    assert "The Border Echo, 4 Oct 2022  within the range" in said.out
    whole = headcount_in("explain", ludlow)
    assert "one event  3 accounts" in whole.out
    assert "same day, 1 October 2022" in whole.out
    refused = headcount_in("explain", ludlow, "colour")
    assert refused.code == 2
    assert "expected a column of an event" in refused.err


def test_columns_are_explained_by_the_names_that_tables_give_them(headcount_in: Headcount, ludlow: str) -> None:
    """size_claims and size_texts are the size; outcomes are all that came of it, and none where nothing did."""
    size = headcount_in("explain", ludlow, "size").out
    assert headcount_in("explain", ludlow, "size_claims").out == size
    assert headcount_in("explain", ludlow, "size_texts").out == size
    assert "no report tells any" in headcount_in("explain", ludlow, "outcomes").out
    some = next(one for one in events_of(headcount_in("events")) if len(one["outcomes"]) > 1)
    said = headcount_in("explain", some["event_id"], "outcomes").out
    assert all(told["variable"].replace("_", " ") + "  " in said for told in some["outcomes"])


def test_a_question_in_python_has_the_answer_of_the_command(headcount_in: Headcount, record: Path) -> None:
    """The same countries whatever they are called, the same refusals; a notebook shows a table."""
    import headcount

    with headcount.open(str(record)) as opened:
        found = opened.events(country="uk", status="held")
        named = [one["event_id"] for one in events_of(headcount_in("events", "--country", "uk", "--status", "held"))]
        assert named
        assert [one.event_id for one in found] == named
        assert repr(found).startswith(f"<{len(named)} events of <record ")
        shown = found._repr_html_()
        assert shown.count("<tr>") == 21
        assert f"the first 20 of {len(named)} events" in shown
        assert opened.events(country="CL")._repr_html_() == "<div><p>0 events</p></div>"
        for wrong in ({"country": "England"}, {"status": "HELD"}, {"since": "2023"}):
            with pytest.raises(ValueError, match="expected"):
                opened.events(**wrong)  # type: ignore[arg-type]


def test_of_two_texts_of_one_day_neither_is_called_the_copy() -> None:
    """Nobody knows which was first; still one of them is no witness of its own, and is marked."""
    from headcount.cli.explanation import _whom_it_copies
    from headcount.models import CandidateEvent, Span
    from headcount.record.explaining import Account, Told

    def account(name: str, day: int | None, group: str | None = "g") -> Account:
        told = Told(
            report_id=name, publisher=name, title=None, published=dt.date(2022, 10, day) if day else None, url=None, version=1
        )
        candidate = CandidateEvent(event_id=name, event_type="march", quote_span=Span(start=0, end=0))
        return Account(candidate_id=name, report=told, candidate=candidate, lineage={}, copy_group=group)

    told = [account("Wire", 3), account("Mail", 3), account("Echo", 4), account("Blog", None), account("Post", 2, None)]
    assert [_whom_it_copies(one, told) for one in told] == [
        "",
        "nearly the same text as Wire, 3 Oct 2022",
        "near-copy of Wire, 3 Oct 2022",
        "nearly the same text as Wire, 3 Oct 2022",
        "",
    ]


def test_demo_ends_with_one_merged_event_explained(headcount_in: Headcount) -> None:
    """The table, the balance, and an event of several reports; JSON Lines are the readings alone."""
    said = headcount_in("demo")
    assert said.code == 0
    assert "near-cop" in said.err
    assert said.out.index("told by 3 reports") < said.out.index("gives the lowest") < said.out.index("one event  3 accounts")
    lines = headcount_in("demo", "--format", "jsonl")
    assert all("events" in json.loads(line) for line in lines.out.splitlines())
    assert "record" not in lines.err


def test_the_commands_are_the_same_on_postgresql(headcount_in: Headcount, made_record: Path, ludlow: str) -> None:
    """Ingested there, the same reports give the same events, explanations and decisions; no message tells the password."""
    with new_database() as url:
        first = headcount_in("ingest", made_record.parent, "--record", url, "--jobs", "1")
        assert first.code == 0, first.err
        for arguments in (
            ("events", "--format", "jsonl"),
            ("show", ludlow),
            ("explain", ludlow),
            ("totals", "--by", "place"),
            ("split", ludlow, "sample-52", "--by", "Ann"),
            ("judgements",),
            ("unjudge", "1", "--by", "Ann"),
        ):
            here, there = headcount_in(*arguments), headcount_in(*arguments, "--record", url)
            assert (there.code, there.out, there.err) == (here.code, here.out, here.err)
            assert "s3cret" not in there.out + there.err


def test_explain_says_why_two_events_are_two(headcount_in: Headcount, ludlow: str) -> None:
    """Compared or too far apart to be, with reasons and with how to decide otherwise; one event is not two."""
    events = events_of(headcount_in("events", "--format", "jsonl"))
    other = next(one["event_id"] for one in events if one["locality"] == "Craven Arms")
    said = headcount_in("explain", ludlow, other)
    assert said.code == 0
    assert "two events" in said.out
    assert f"headcount judge {ludlow} {other} same" in said.out
    told = json.loads(headcount_in("explain", ludlow, other, "--format", "json").out)
    assert told["events"] == [ludlow, other]
    assert told["parted"]["pairs"][0]["verdict"] == "different"
    assert told["parted"]["pairs"][0]["reasons"]
    assert headcount_in("explain", ludlow, ludlow).code == 2
