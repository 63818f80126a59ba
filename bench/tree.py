"""A tree of mixed files, a tenth of them broken, and whether an ingest of it keeps its books: ``make soak``.

    python bench/tree.py [--files 10000] [--kills 5] [--seed 1] [--keep FOLDER]

Ingests the tree undisturbed and tells time, memory and balance; then once more, killed at random moments, and compares the
records. Ends with 1 where a good report is missing, a broken file is not named, a count is off, or the records differ.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tree_broken import BREAKAGES
from tree_good import FORMS
from tree_news import Article, write_article

TESTS = Path(__file__).resolve().parents[1] / "tests"

UGLY: Final = (
    b"two\nlines", b"\xff\xfe no UTF-8", b"-rf --help", b"100% %s {x}", b"\x1b[31mred", "кафе ☕ 集会".encode(), b"a" * 200,
    b"quote \" ' ` $(x)", b" blank ", b"back\\slash", b"CON", b"\xe2\x80\xaegpj",
)  # fmt: skip
"""Names that files may have on a POSIX system, and do."""

BESIDE: Final = {"style.css": b"p { margin: 0 }", "photo.png": b"\x89PNG\r\n\x1a\n" + bytes(64), ".hidden.txt": b"Not to be read."}
"""What lies beside reports in a folder and is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Planted:
    """One file of a tree, and what must come of it."""

    record: str
    """How messages call it."""

    kind: str
    good: bool
    read: tuple[Article, ...] = ()
    """The articles that must be in the record."""

    failures: int = 0
    doubt: str = ""
    duplicates: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Tree:
    """A folder of planted files."""

    folder: Path
    files: tuple[Planted, ...]

    @property
    def reports_in(self) -> int:
        """The reports that go in, by the balance: read, told twice, or failed."""
        return sum(len(one.read) + one.failures + one.duplicates for one in self.files)

    @property
    def failures(self) -> int:
        """The failures that must be named."""
        return sum(one.failures for one in self.files)


def make_tree(
    folder: Path, count: int, *, seed: int = 1, heavy: bool = True, forms: Sequence[str] = tuple(FORMS),
    breakages: Sequence[str] = tuple(BREAKAGES),
) -> Tree:  # fmt: skip
    """``count`` files below ``folder``, a tenth of them broken; the same ones for the same seed.

    ``heavy`` says whether those breakages that take long are among them, once each.
    """
    rng = random.Random(seed)
    spoilt = count // 10
    once = [name for name in breakages if BREAKAGES[name].heavy]
    often = [name for name in breakages if name not in once] + list(LINKS)
    names = (once if heavy else []) + [often[number % len(often)] for number in range(spoilt)]
    kinds = [*names[:spoilt], *(list(forms)[number % len(forms)] for number in range(count - spoilt))]
    rng.shuffle(kinds)
    planter = _Planter(folder, rng)
    files = [planter.plant(number, kind) for number, kind in enumerate(kinds)]
    for name, content in BESIDE.items():
        (folder / name).write_bytes(content)
    return Tree(folder=folder, files=tuple(files))


LINKS: Final = ("dangling link", "link to itself", "folder nobody may read", "file nobody may read")


class _Planter:
    """Writes files under names of their own, and numbers the articles."""

    def __init__(self, folder: Path, rng: random.Random) -> None:
        self._folder = folder
        self._rng = rng
        self._articles = 0
        self._copied: tuple[bytes, Article] | None = None

    def plant(self, number: int, kind: str) -> Planted:
        """One file of a kind."""
        rng = self._rng
        place = self._folder / f"paper {number % 7}" / f"{number % 41:02}"
        place.mkdir(parents=True, exist_ok=True)
        ugly = rng.choice(UGLY) if rng.random() < 0.05 else b"report"
        stem = os.fsencode(place) + f"/{number:05}_".encode() + ugly
        if kind in LINKS:
            return self._link(stem + b".txt", kind)
        if kind in FORMS:
            form = FORMS[kind]
            path = stem + form.ending.encode()
            if kind == "bare text" and self._copied and rng.random() < 0.1:
                return self._write(path, self._copied[0], kind=kind, good=True, duplicates=1)
            articles = self._next(form.holds, plain=kind == "PDF")
            content = form.write(articles)
            if kind == "bare text":
                self._copied = (content, articles[0])
            return self._write(path, content, kind=kind, good=True, read=articles)
        broken = BREAKAGES[kind]
        articles = self._next(broken.holds, tells=True)
        return self._write(
            stem + broken.ending.encode(), broken.make(rng, articles), kind=kind, good=False, read=articles[: broken.read],
            failures=broken.failures, doubt=broken.doubt,
        )  # fmt: skip

    def _next(self, count: int, *, tells: bool | None = None, plain: bool = False) -> tuple[Article, ...]:
        first = self._articles
        self._articles += count
        return tuple(write_article(self._rng, first + one, tells=tells, plain=plain) for one in range(count))

    def _write(self, path: bytes, content: bytes, **told: object) -> Planted:
        with open(path, "wb") as file:
            file.write(content)
        return Planted(record=_shown(path), **told)  # type: ignore[arg-type]

    def _link(self, path: bytes, kind: str) -> Planted:
        """Links that lead nowhere; what nobody may read is readable to root, who gets another link instead."""
        root = os.geteuid() == 0
        if kind == "file nobody may read" and not root:
            with open(path, "wb") as file:
                file.write(b"Nobody may read this.")
            os.chmod(path, 0)
        elif kind == "folder nobody may read" and not root:
            os.mkdir(path)
            os.chmod(path, 0)
        else:
            os.symlink(os.path.basename(path) if kind == "link to itself" else b"nowhere.txt", path)
        return Planted(record=_shown(path), kind=kind, good=False, failures=1)


def _shown(path: bytes) -> str:
    return path.decode("utf-8", "replace")


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What an ingest left: the balance, the texts and the problems, as a record has them."""

    balance: Mapping[str, int]
    texts: Sequence[str]
    problems: Sequence[tuple[str, str, bool]]
    """Record, reason, fatal."""


def check_tree(tree: Tree, kept: Kept) -> list[str]:
    """What is off, file by file and in the balance; empty where all is as it must be."""
    wrong = [*_check_reports(tree, kept), *_check_problems(tree, kept)]
    outcomes = sum(kept.balance[name] for name in ("coded", "screened_out", "duplicate", "failed"))
    for name, expected, found in (
        ("reports in, and what became of them", kept.balance["reports_in"], outcomes),
        ("reports in", tree.reports_in, kept.balance["reports_in"]),
        ("failed", tree.failures, kept.balance["failed"]),
        ("duplicate", sum(one.duplicates for one in tree.files), kept.balance["duplicate"]),
        ("coded", sum(article.tells for one in tree.files for article in one.read), kept.balance["coded"]),
    ):
        if expected != found:
            wrong.append(f"{name}: expected {expected}, found {found}")
    return wrong


def _check_reports(tree: Tree, kept: Kept) -> Iterable[str]:
    """Each article that must be read is, once; one of bulk archives without a word of a gathering is only counted."""
    found = Counter(word for text in kept.texts for word in {word.strip(".,") for word in text.split() if word.startswith("Zy")})
    for planted in tree.files:
        for article in planted.read:
            times = found.pop(article.mark, 0)
            unopened = not article.tells and "web archive" in planted.kind
            if times != 1 and not (unopened and times == 0):
                yield f"{planted.record!r} ({planted.kind}): the report {article.mark} is in the record {times} times"
    if found:
        yield f"reports that nobody expected: {list(found.items())[:5]}"


def _check_problems(tree: Tree, kept: Kept) -> Iterable[str]:
    """Each failure is named under its file, and nothing fails that is whole."""
    by_file: dict[str, list[tuple[str, bool]]] = {one.record: [] for one in tree.files}
    for record, reason, fatal in kept.problems:
        name = record
        while name not in by_file and name:
            name = name[: max(name.rfind(mark) for mark in "/:#")] if any(mark in name for mark in "/:#") else ""
        if name:
            by_file[name].append((reason, fatal))
        elif fatal:
            yield f"{record!r} failed and is no file of the tree: {reason}"
    for planted in tree.files:
        told = by_file[planted.record]
        fatal = [reason for reason, is_fatal in told if is_fatal]
        if len(fatal) != planted.failures:
            yield f"{planted.record!r} ({planted.kind}): expected {planted.failures} failures, found {len(fatal)}: {fatal[:3]}"
        notes = [reason for reason, is_fatal in told if not is_fatal]
        if planted.doubt and not any(planted.doubt in reason for reason in notes):
            yield f"{planted.record!r} ({planted.kind}): expected a note of {planted.doubt!r}, found {notes[:3]}"


def read_record(path: Path) -> Kept:
    """What a record holds, over all its runs."""
    import sqlite3

    raw = sqlite3.connect(path)
    try:
        names = ("reports_in", "coded", "screened_out", "duplicate", "failed")
        counts = raw.execute(f"SELECT {', '.join(f'sum({name})' for name in names)} FROM run").fetchone()
        return Kept(
            balance=dict(zip(names, counts, strict=True)),
            texts=[text for (text,) in raw.execute("SELECT text FROM version")],
            problems=[
                (record, reason, bool(fatal)) for record, reason, fatal in raw.execute("SELECT record, reason, fatal FROM problem")
            ],
        )
    finally:
        raw.close()


def main() -> int:
    """Makes the tree, ingests it undisturbed and killed, and tells what came of it."""
    sys.path[:0] = [str(TESTS), str(TESTS / "faults")]
    from driver import FaultError, check_whole, compare, contents

    from tree_runs import ingest, ingest_killed, without_times

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--files", type=int, default=10_000)
    parser.add_argument("--kills", type=int, default=5)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="leave the tree and the records there")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="headcount-tree-") as scratch:
        folder = args.keep or Path(scratch)
        tree = make_tree(folder / "tree", args.files, seed=args.seed)
        mib = sum(path.lstat().st_size for path in tree.folder.rglob("*")) / 2**20
        broken = sum(not one.good for one in tree.files)
        print(
            f"tree: {len(tree.files):,} files ({mib:.0f} MiB), {broken:,} broken; {tree.reports_in:,} reports to go in", flush=True
        )
        taken = ingest(tree.folder, folder / "undisturbed.db")
        kept = read_record(folder / "undisturbed.db")
        told = ", ".join(f"{count:,} {name.replace('_', ' ')}" for name, count in kept.balance.items())
        print(f"tree: exit code {taken.code}, {taken.seconds:.0f} s, {taken.peak_mib:,.0f} MiB at most in all its processes")
        print(f"tree: {told}", flush=True)
        wrong = check_tree(tree, kept)
        if taken.code != 3:
            wrong.append(f"exit code: expected 3, found {taken.code}: {taken.said[-2000:]}")
        if args.kills:
            hit = ingest_killed(tree.folder, folder / "killed.db", kills=args.kills, seed=args.seed, lasts=taken.seconds)
            print(f"tree: killed {hit} times and run again", flush=True)
            try:
                check_whole(str(folder / "killed.db"))
                killed, undisturbed = (without_times(contents(str(folder / f"{name}.db"))) for name in ("killed", "undisturbed"))
                compare(killed, undisturbed)
            except FaultError as error:
                wrong.append(f"killed {hit} times, the record is another: {error}")
        for line in wrong[:40]:
            print(f"tree: {line}")
        print(
            f"tree: {len(wrong)} things are off" if wrong else "tree: every report is accounted for, and every broken file is named"
        )
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
