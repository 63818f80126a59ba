"""What people decide, from outside: what becomes of the ids, and that everything can be undone."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

Headcount = Any  # the fixture of conftest.py


def ids(headcount_in: Headcount, *asked: str) -> list[str]:
    return [one["event_id"] for one in json.loads(headcount_in("events", "--format", "json", *asked).out)]


def event(headcount_in: Headcount, name: str) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(headcount_in("show", name, "--format", "json").out)["event"]
    return told


def test_a_split_makes_an_event_and_undoing_it_leads_back(headcount_in: Headcount, ludlow: str) -> None:
    """The report taken out stands alone (an id follows its founder); after unjudge the new id leads to the first one."""
    said = headcount_in("split", ludlow, "sample-52", "--note", "another march", "--by", "Ann")
    assert said.code == 0
    assert f"sample-52 and the rest of {ludlow} are two events" in said.err
    assert "to undo: headcount unjudge 1" in said.err
    apart = [name for name in ids(headcount_in, "--locality", "Ludlow") if name != ludlow]
    told = sorted(event(headcount_in, name)["reports"] for name in (ludlow, apart[0]))
    assert told == [["sample-51", "sample-53"], ["sample-52"]]
    assert "decided by people" in headcount_in("show", ludlow).out
    undone = headcount_in("unjudge", "1")
    assert f"{apart[0]} leads to {ludlow} now" in undone.err
    assert len(event(headcount_in, apart[0])["reports"]) == 3
    assert f"{apart[0]} was merged into {ludlow}" in headcount_in("show", apart[0]).err
    again = headcount_in("unjudge", "1")
    assert again.code == 2
    assert "was taken back before" in again.err


@pytest.mark.parametrize("command", ["judge", "merge"])
def test_joined_by_a_person_two_events_are_one(headcount_in: Headcount, record: Path, command: str) -> None:
    """The older id stays, the other leads to it; a link by force changes nothing; unjudge parts them again."""
    names = ids(headcount_in, "--status", "held", "--no-background")
    left, right = names[0], names[-1]
    tail = ("same",) if command == "judge" else ()
    said = headcount_in(command, left, right, *tail, "--note", "I was there")
    assert said.code == 0
    assert "leads to" in said.err
    assert event(headcount_in, left) == event(headcount_in, right)
    headcount_in("link", "--force")
    assert event(headcount_in, left) == event(headcount_in, right)
    headcount_in("unjudge", "1")
    assert event(headcount_in, left) != event(headcount_in, right)
    assert ids(headcount_in, "--status", "held", "--no-background") == names


def test_joined_to_a_withdrawn_event_an_event_is_withdrawn_and_that_is_told(headcount_in: Headcount, record: Path) -> None:
    """Else it would be missing from every answer, and nobody would know why."""
    first, *_, last = ids(headcount_in, "--status", "held", "--no-background")
    headcount_in("withdraw", first, "--reason", "not an event")
    said = headcount_in("judge", first, last, "same")
    assert f"{last} leads to {first} now" in said.err
    assert f"{first} was withdrawn" in said.err
    assert "not an event; its accounts are in no answer" in said.err
    assert last not in ids(headcount_in)


def test_a_long_note_goes_on_beside_its_number(headcount_in: Headcount, ludlow: str) -> None:
    """A number stands alone in its column, so that it is found."""
    headcount_in("split", ludlow, "sample-52", "--note", "another march, " * 20)
    lines = headcount_in("judgements").out.splitlines()
    assert lines[0].startswith("   1  different")
    assert len(lines) > 3
    assert all(line.startswith(" " * 6) for line in lines[1:])


def test_judgements_are_listed_with_who_and_why(headcount_in: Headcount, ludlow: str) -> None:
    """Also those taken back, with by whom."""
    assert headcount_in("judgements").err == "headcount: 0 decisions\n"
    headcount_in("split", ludlow, "sample-52", "--note", "another march", "--by", "Ann")
    headcount_in("unjudge", "1", "--by", "Ben")
    said = headcount_in("judgements")
    for word in ("Ann", "another march", "Ben", "taken back", ludlow):
        assert word in said.out
    told = json.loads(headcount_in("judgements", "--format", "json").out)
    assert (told[0]["by"], told[0]["reverted_by"], told[0]["note"]) == ("Ann", "Ben", "another march")


def test_a_review_moves_the_value_and_is_explained(headcount_in: Headcount, ludlow: str) -> None:
    """Replaced, the range follows, and the explanation names the person; taken back, it is as before."""
    sources = json.loads(headcount_in("explain", ludlow, "size", "--format", "json").out)["columns"][0]["sources"]
    lowest = next(one for one in sources if "lowest" in one["gives"])
    said = headcount_in("review", lowest["statement_id"], "replace", "400", "--note", "a slip", "--by", "Ann")
    assert said.code == 0
    assert "400 (police) to 1,000" in said.err
    assert event(headcount_in, ludlow)["size_low"] == 400
    assert "to be read as 400 by Ann" in headcount_in("explain", ludlow, "size").out
    assert "a slip" in headcount_in("reviews").out
    headcount_in("unreview", "1")
    assert event(headcount_in, ludlow)["size_low"] == 450
    assert json.loads(headcount_in("reviews", "--format", "json").out)[0]["event_id"] == ludlow


def test_up_to_is_a_size_that_a_person_can_type(headcount_in: Headcount, ludlow: str) -> None:
    """ "up to 800" needs no hyphen, which would be an option."""
    sources = json.loads(headcount_in("explain", ludlow, "size", "--format", "json").out)["columns"][0]["sources"]
    highest = next(one for one in sources if "highest" in one["gives"])
    assert headcount_in("review", highest["statement_id"], "replace", "up to 950").code == 0
    assert event(headcount_in, ludlow)["size_high"] == 950


def test_a_withdrawn_event_says_why_and_comes_back(headcount_in: Headcount, ludlow: str) -> None:
    """It is in no answer and no export; its id has the reason; restore undoes it."""
    before = event(headcount_in, ludlow)
    assert headcount_in("withdraw", ludlow, "--reason", "a hoax", "--by", "Ann").code == 0
    assert ludlow not in ids(headcount_in)
    assert ludlow not in headcount_in("export", "csv").out
    shown = headcount_in("show", ludlow)
    assert "by Ann: a hoax" in shown.out
    assert f"headcount restore {ludlow}" in shown.err
    assert json.loads(headcount_in("explain", ludlow, "--format", "json").out)["state"] == "withdrawn"
    assert headcount_in("restore", ludlow).code == 0
    assert event(headcount_in, ludlow) == before


@pytest.mark.parametrize(
    "arguments",
    [
        ("judge", "ev-nothing", "ev-nothing-else", "same"),
        ("judge", "{ludlow}", "sample-52", "same"),
        ("judge", "{ludlow}", "{ludlow}", "different"),
        ("judge", "{ludlow}", "{ludlow}", "equal"),
        ("merge", "{ludlow}"),
        ("split", "{ludlow}", "sample-51", "sample-52", "sample-53"),
        ("split", "{ludlow}", "sample-01"),
        ("unjudge", "7"),
        ("unreview", "7"),
        ("review", "s-nothing", "accept"),
        ("withdraw", "{ludlow}", "--reason", " "),
        ("withdraw", "{ludlow}"),
        ("restore", "{ludlow}"),
        ("judge", "{ludlow}", "{ludlow}", "same", "--by", " "),
    ],
)
def test_what_cannot_be_decided_is_exit_code_2_and_changes_nothing(
    headcount_in: Headcount, ludlow: str, arguments: tuple[str, ...]
) -> None:
    """A word on what is wrong, and no decision in the record."""
    said = headcount_in(*(argument.format(ludlow=ludlow) for argument in arguments))
    assert said.code == 2
    assert said.err
    assert json.loads(headcount_in("judgements", "--format", "json").out) == []
    assert len(event(headcount_in, ludlow)["reports"]) == 3
