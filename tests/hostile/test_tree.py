"""A tree of mixed files, a tenth of them broken: the books balance to the file, killed or not."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import pytest

from tree import Kept, Tree, check_tree, make_tree, read_record
from tree_broken import BREAKAGES
from tree_good import FORMS
from tree_runs import ingest, ingest_killed, without_times

sys.path.insert(0, str(Path(__file__).parents[1] / "faults"))

from driver import check_whole, compare, contents  # type: ignore[import-not-found]

FILES = 520
"""In ``make test``; ``make soak`` takes 10,000."""

KILLS = 5


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Tree:
    """Every kind of good and broken file at least once."""
    return make_tree(tmp_path_factory.mktemp("hostile") / "tree", FILES, seed=7, heavy=False)


@pytest.fixture(scope="module")
def undisturbed(tree: Tree) -> tuple[Path, float]:
    """The record of an ingest that nothing happens to, and how long it took. Some input could not be read: exit code 3."""
    record = tree.folder.parent / "undisturbed.db"
    ended = ingest(tree.folder, record, watch=False)
    assert ended.code == 3, ended.said
    assert "Traceback" not in ended.said
    return record, ended.seconds


def test_the_balance_holds_to_the_file(tree: Tree, undisturbed: tuple[Path, float]) -> None:
    """Each good report is in the record once, each failure is named under its file, and nothing else is."""
    assert check_tree(tree, read_record(undisturbed[0])) == []


def test_a_run_that_is_killed_again_and_again_leaves_the_same_record(tree: Tree, undisturbed: tuple[Path, float]) -> None:
    """SIGKILL at random moments, five times; no worker is left behind, and the same command again does the rest."""
    record, seconds = undisturbed
    killed = record.with_name("killed.db")
    hit = ingest_killed(tree.folder, killed, kills=KILLS, seed=7, lasts=seconds)
    assert hit >= 2, "the kills came too late to hit a running ingest"
    check_whole(str(killed))
    compare(_timeless(killed), _timeless(record))


def test_the_same_command_again_finds_nothing_new(tree: Tree, undisturbed: tuple[Path, float]) -> None:
    """What failed fails again and is told again; what was read is known."""
    record, _ = undisturbed
    before = _timeless(record)
    assert ingest(tree.folder, record, watch=False).code == 3
    compare(_timeless(record), before)


def test_all_kinds_are_in_the_tree(tree: Tree) -> None:
    """A kind that is added and never planted would prove nothing."""
    light = {name for name, kind in BREAKAGES.items() if not kind.heavy}
    assert {one.kind for one in tree.files} >= {*FORMS, *light}
    assert sum(not one.good for one in tree.files) >= FILES // 10


def test_the_same_seed_makes_the_same_tree(tmp_path: Path) -> None:
    """What was found once can be found again."""
    first, second = (make_tree(tmp_path / name, 30, seed=3, heavy=False) for name in "ab")
    for left, right in zip(first.files, second.files, strict=True):
        assert replace(left, record="") == replace(right, record="")
    assert [path.read_bytes() for path in _files(first)] == [path.read_bytes() for path in _files(second)]


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (lambda kept: replace(kept, texts=kept.texts[1:]), "is in the record 0 times"),
        (lambda kept: replace(kept, texts=[*kept.texts, kept.texts[0]]), "is in the record 2 times"),
        (lambda kept: replace(kept, texts=[*kept.texts, "Of Zynobody."]), "nobody expected"),
        (lambda kept: replace(kept, problems=[]), "expected 1 failures, found 0"),
        (lambda kept: replace(kept, problems=[*kept.problems, ("elsewhere.txt", "lost", True)]), "no file of the tree"),
        (lambda kept: replace(kept, balance={**kept.balance, "failed": 0}), "what became of them"),
    ],
)
def test_the_check_sees_what_is_off(tree: Tree, undisturbed: tuple[Path, float], spoil, told: str) -> None:
    """A check that passes whatever happens would prove nothing."""
    kept = read_record(undisturbed[0])
    assert isinstance(kept, Kept)
    assert any(told in line for line in check_tree(tree, spoil(kept)))


def _timeless(record: Path) -> dict[str, list[tuple[object, ...]]]:
    """All that a record holds but when a source was looked at."""
    return without_times(contents(str(record)))


def _files(tree: Tree) -> list[Path]:
    return sorted(path for path in tree.folder.rglob("*") if path.is_file())
