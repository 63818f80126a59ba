"""Killed at any moment and run again, an ingest leaves the record that an undisturbed one makes."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from pathlib import Path

import pytest
from driver import STEPS, Command, check_balances, check_whole, compare, contents, kill_at, kill_at_random, run
from peace import Undisturbed, make_mixed, make_undisturbed

from databases import new_record
from headcount.run import IN_PROCESS_CHARACTERS, load_reader

KILLS = 30
"""In ``make test``; ``make soak`` kills 240 times."""


@pytest.mark.parametrize("step", STEPS)
def test_a_kill_at_each_step_leaves_no_trace(
    step: str, empty_record: str, make_command: Callable[..., Command], undisturbed
) -> None:
    """The run stood at that very step when it was killed; the same command ends well and the record is the undisturbed one."""
    command = make_command(record=empty_record)
    occurrence = 3 if step in STEPS[2:9] else 1
    ended = kill_at(command, step, occurrence=occurrence)
    assert os.WTERMSIG(ended.status) == signal.SIGKILL
    assert ended.steps[-1] == "stopped"
    assert ended.steps.count(step) == occurrence
    assert "ended" not in ended.steps
    check_whole(command.record)
    again = run(command)
    assert again.code == 0, again.said
    check_whole(command.record)
    batches = ended.steps.count("before the commit") - (step == "before the commit")
    check_balances(command.record, interrupted=0 if "linking" in ended.steps else int(batches > 0))
    compare(contents(command.record), undisturbed.tables)


def test_every_step_that_an_ingest_tells_of_is_killed_at(any_record: str, make_command: Callable[..., Command]) -> None:
    """A step added to the code and not to the list above fails here; the record is made by the run itself."""
    ended = run(make_command(record=any_record))
    assert ended.code == 0, ended.said
    assert tuple(dict.fromkeys(ended.steps)) == (*STEPS, "ended")


def test_kills_at_random_moments_leave_no_trace(make_command: Callable[..., Command], undisturbed: Undisturbed) -> None:
    """Each of them hit a running ingest: it was alive, had begun, and had not ended. The record is made by the run, too."""
    told = list(
        kill_at_random(make_command, kills=KILLS - 10, seed=2, expected=undisturbed.tables, lasts=undisturbed.seconds)
    )  # fmt: skip
    assert len(told) == KILLS - 10
    assert all(one.killed for one in told)
    assert len({len(one.steps) for one in told}) > 5, "the kills hit few places"


def test_kills_of_an_ingest_with_two_readers_leave_no_trace(make_command: Callable[..., Command], tmp_path: Path) -> None:
    """The readers end with the process that they read for, and make the record that one reader makes."""
    alone = make_undisturbed(tmp_path, 160, load_reader())
    assert alone.source.stat().st_size > 1.2 * IN_PROCESS_CHARACTERS, "too short for a pool of readers"
    command = partial(make_command, jobs=2, source=alone.source, reader=alone.reader)
    told = list(kill_at_random(command, kills=5, seed=3, expected=alone.tables, lasts=alone.seconds))
    assert sum(one.killed for one in told) == 5


def test_kills_beside_a_server_leave_no_trace(
    make_command: Callable[..., Command], undisturbed: Undisturbed, tmp_path: Path
) -> None:
    """PostgreSQL takes back what a killed process had not committed, and lets go of its lock."""
    with ExitStack() as records:
        told = list(
            kill_at_random(
                lambda: make_command(record=records.enter_context(new_record("postgresql", tmp_path))),
                kills=5, seed=4, expected=undisturbed.tables, lasts=2 * undisturbed.seconds,
            )
        )  # fmt: skip
    assert sum(one.killed for one in told) == 5


@pytest.fixture(scope="module")
def mixed(tmp_path_factory: pytest.TempPathFactory) -> Undisturbed:
    """The record of a folder of pages, a web archive and lines."""
    return make_mixed(tmp_path_factory.mktemp("mixed"))


@pytest.mark.parametrize("step", STEPS[1:9])
def test_a_kill_among_pages_and_archives_leaves_no_trace(
    step: str, make_command: Callable[..., Command], mixed: Undisturbed
) -> None:
    """Each page is opened again or known, the archive is read on, and the record is the undisturbed one, bytes and places too."""
    command = make_command(source=mixed.source, reader=mixed.reader)
    ended = kill_at(command, step, occurrence=1 if step == "opened" else 4)
    assert ended.steps[-1] == "stopped"
    again = run(command)
    assert again.code == 0, again.said
    check_whole(command.record)
    check_balances(command.record)
    compare(contents(command.record), mixed.tables)


def test_random_kills_among_pages_and_archives_leave_no_trace(make_command: Callable[..., Command], mixed: Undisturbed) -> None:
    """Killed up to four times on the way, with the processes that open documents, it ends as if nothing had happened."""
    command = partial(make_command, source=mixed.source, reader=mixed.reader)
    told = list(kill_at_random(command, kills=8, seed=7, expected=mixed.tables, lasts=mixed.seconds))
    assert sum(one.killed for one in told) == 8
