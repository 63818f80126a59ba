"""Speed beside the peer, in one run on one core: ``make bench``.

    python bench/run.py [--peer-python PYTHON] [--skip-screen] [--to-read FILE] [--everything [--accounts 5000 100000]]

Measures the texts of ``gold/dev.jsonl`` and of ``data/stream.jsonl.gz`` as whole processes and after loading, the cold
start, and what the screen loses. Ratios are of words a second after loading, both sides in this run: loading counts
against Headcount least there. On the stream the peer reads a seeded sample of 150 reports, Headcount all of them.
With ``--everything`` linkage, ingest, questions and web archives are measured after it (``linkage.py``, ``ingest.py``,
``events.py``, ``archives.py``), each whether or not one before it missed. Exits 1 where a floor of the project is missed.
The figures are written to ``build/bench/figures.json``.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import random
import statistics
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

from measure import Taken, pin_to_one_core, take
from screen import ScreenLoss, compare_screened

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared"
PEER = SHARED / "peers" / "afternoon.py"
WORK = ROOT / "build" / "bench"
HEADCOUNT = Path(sys.executable).with_name("headcount")
INSIDE = ROOT / "bench" / "inside.py"

SAMPLE: Final = 150
"""Reports of the stream that the peer reads: about 40 s; all 5,964 would take half an hour."""

SEED: Final = 2016
FLOORS: Final = {"dev_ratio": 10.0, "stream_ratio": 60.0}
CEILINGS: Final = {"version_s": 0.2, "cold_s": 1.0, "cold_mib": 400.0, "screen_loss": 1 / 200}

SHORT_ARTICLE: Final = """Over 2,000 people marched in Leeds on Saturday against the closure of the town's library, organisers said.
Police put the number at 900. A second march is planned for next Saturday in Bradford.
"""


def main() -> int:
    """Measures, prints, and says whether the floors hold."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--peer-python", default=os.environ.get("HEADCOUNT_PEER_PYTHON"), help="Python of the peer's environment")
    parser.add_argument("--skip-screen", action="store_true", help="leave out the unscreened reading of the stream (minutes)")
    parser.add_argument(
        "--to-read", type=Path, metavar="FILE", help="write fifty articles with an event, drawn by seed, to be read"
    )
    parser.add_argument("--everything", action="store_true", help="measure linkage, ingest, questions and web archives, too")
    parser.add_argument("--accounts", type=int, nargs="+", help="sizes of the made worlds of linkage, with --everything")
    args = parser.parse_args()
    cores = os.sched_getaffinity(0)
    missed = measure_reading(args, cores)
    if args.everything:
        os.sched_setaffinity(0, cores)
        sizes = ["--accounts", *map(str, args.accounts)] if args.accounts else []
        for name, options in (("linkage", sizes), ("ingest", []), ("events", []), ("archives", [])):
            print(f"\n{name}", flush=True)
            missed |= subprocess.run([sys.executable, ROOT / "bench" / f"{name}.py", *options], check=False).returncode
    return missed


def measure_reading(args: argparse.Namespace, cores: set[int]) -> int:
    """Reading beside the peer; 1 where a floor is missed. Skipped where there are no texts."""
    if not PEER.exists():
        print("bench: reading skipped, no ../shared with the texts to measure on")
        return 0
    if not args.peer_python:
        raise SystemExit("bench: give the Python of the peer's environment with --peer-python, or use make bench")
    WORK.mkdir(parents=True, exist_ok=True)
    pin_to_one_core()
    figures: dict[str, float] = {}
    figures |= measure_cold_start()  # first, while this process is small: a child's peak counts from its fork
    figures |= measure_beside_peer("dev", SHARED / "gold" / "dev.jsonl", SHARED / "gold" / "dev.jsonl", args.peer_python)
    stream, sample = unpack_stream()
    figures |= measure_beside_peer("stream", stream, sample, args.peer_python)
    if not args.skip_screen:
        loss = measure_screen(stream, cores)
        figures |= {"screen_loss": loss.share, "unscreened": loss.unscreened, "yielding": loss.yielding, "articles": loss.reports}
        if args.to_read:
            write_to_read(stream, WORK / "stream.headcount.jsonl", args.to_read)
    (WORK / "figures.json").write_text(json.dumps(figures, indent=2) + "\n", "utf-8")
    return tell_missed(figures)


def measure_cold_start() -> dict[str, float]:
    """Wall time of ``--version`` and of one short article, medians; its peak memory."""
    article = WORK / "short.txt"
    article.write_text(SHORT_ARTICLE, "utf-8")
    take([HEADCOUNT, "--version"])  # the first start reads from the disk what the later ones find in memory
    version = statistics.median(take([HEADCOUNT, "--version"]).wall for _ in range(9))
    read = [HEADCOUNT, "read", article, "--published", "2016-08-02", "--format", "jsonl"]
    first = take(read)
    cold = [take(read) for _ in range(5)]
    wall, peak = statistics.median(one.wall for one in cold), max(one.peak_mib for one in cold)
    print(f"headcount --version    {version:.3f} s")
    print(f"one short article      {wall:.3f} s ({first.wall:.3f} s the first time), {peak:.0f} MiB", flush=True)
    return {"version_s": version, "cold_s": wall, "cold_mib": peak}


def measure_beside_peer(name: str, texts: Path, peer_texts: Path, peer_python: str) -> dict[str, float]:
    """Words a second of both, as whole processes and after loading, one after the other on the same core."""
    words, peer_words = count_words(texts), count_words(peer_texts)
    peer = take([peer_python, PEER, peer_texts], output=WORK / f"{name}.peer.jsonl")
    whole = take([HEADCOUNT, "read", texts, "--format", "jsonl"], output=WORK / f"{name}.headcount.jsonl")
    inside = take([sys.executable, INSIDE, texts], output=WORK / f"{name}.inside")
    ours, theirs = _pace(inside), _pace(peer)
    whole_ratio = (words / whole.wall) / (peer_words / peer.wall)
    print(f"\n{name}: {words:,} words ({peer_words:,} for the peer)")
    print(f"  {'':10}{'whole process':>22}{'after loading':>22}{'peak memory':>14}")
    for who, one, count, pace in (("peer", peer, peer_words, theirs), ("headcount", whole, words, ours)):
        print(f"  {who:10}{count / one.wall:14,.0f} words/s{pace:14,.0f} words/s{one.peak_mib:10,.0f} MiB   {one.wall:.1f} s")
    print(f"  {'ratio':10}{whole_ratio:21.1f}x{ours / theirs:21.1f}x", flush=True)
    return {
        f"{name}_words_per_second": ours,
        f"{name}_peer_words_per_second": theirs,
        f"{name}_ratio": ours / theirs,
        f"{name}_whole_ratio": whole_ratio,
    }


def measure_screen(stream: Path, cores: set[int]) -> ScreenLoss:
    """Reads the stream once more without the screen, untimed and on all cores, and compares."""
    os.sched_setaffinity(0, cores)
    unscreened = WORK / "stream.unscreened.jsonl"
    take([HEADCOUNT, "read", stream, "--no-screen", "--format", "jsonl"], output=unscreened)
    loss = compare_screened(WORK / "stream.headcount.jsonl", unscreened)
    said = f"1 in {loss.unscreened / len(loss.lost):.0f}" if loss.lost else "none"
    print(f"\nstream: {loss.yielding} of {loss.reports:,} articles yield an event, {loss.unscreened} without the screen")
    print(f"  the screen loses {len(loss.lost)} of them ({said}): {', '.join(loss.lost[:12])}", flush=True)
    return loss


def unpack_stream() -> tuple[Path, Path]:
    """The stream as a plain file, and the peer's sample of it."""
    stream, sample = WORK / "stream.jsonl", WORK / "stream.sample.jsonl"
    with gzip.open(SHARED / "data" / "stream.jsonl.gz", "rt", encoding="utf-8") as packed:
        lines = packed.readlines()
    stream.write_text("".join(lines), "utf-8")
    sample.write_text("".join(random.Random(SEED).sample(lines, SAMPLE)), "utf-8")
    return stream, sample


def count_words(path: Path) -> int:
    """Words as the peer counts them: what stands between white space."""
    with path.open(encoding="utf-8") as lines:
        return sum(len(json.loads(line)["text"].split()) for line in lines)


def write_to_read(stream: Path, readings: Path, output: Path) -> None:
    """Fifty articles with an event: what was read in each, and the text, for a person to judge."""
    yielding = [reading for reading in _lines(readings) if reading["events"]]
    chosen = {r["id"]: r for r in random.Random(SEED).sample(yielding, min(50, len(yielding)))}
    with output.open("w", encoding="utf-8") as page:
        for article in _lines(stream):
            if article["id"] not in chosen:
                continue
            page.write(f"##### {article['id']} {article.get('published')} {article.get('publisher')}: {article.get('title')}\n")
            for event in chosen[article["id"]]["events"]:
                keys = ("event_type", "status", "background", "date_start", "locality", "country", "size_low", "size_high", "quote")
                page.write("> " + " | ".join(str(event[key]) for key in keys) + "\n")
            page.write(article["text"] + "\n\n")


def tell_missed(figures: dict[str, float]) -> int:
    """Says which floors are missed; 1 where any is."""
    missed = [
        f"{name} is {figures[name]:.3g}, at least {floor:g} wanted" for name, floor in FLOORS.items() if figures[name] < floor
    ]
    missed += [
        f"{name} is {figures[name]:.3g}, at most {most:g} wanted"
        for name, most in CEILINGS.items()
        if figures.get(name, 0.0) > most
    ]
    for line in missed:
        print(f"bench: {line}")
    return 1 if missed else 0


def _pace(one: Taken) -> float:
    if one.words_per_second is None:
        raise SystemExit("bench: expected a line with words/s on standard error, found none")
    return one.words_per_second


def _lines(path: Path) -> list[dict[str, Any]]:
    return [
        json.loads(line) for line in path.read_text("utf-8").split("\n") if line
    ]  # a text may hold U+2028, which splitlines would split at


if __name__ == "__main__":
    sys.exit(main())
