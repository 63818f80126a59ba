"""``headcount read`` and ``headcount ingest`` with addresses: off unless asked for, and from this machine only in tests."""

from __future__ import annotations

import io
import json
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from fetching.conftest import Site
from headcount.cli.commands import run_command

Run = Callable[..., tuple[int, list[dict[str, object]], str]]


def page(town: str) -> str:
    return (
        f"<!doctype html><html><head><title>Hundreds march in {town}</title></head><body><article><h1>Hundreds march in {town}</h1>"
        f"<p>About 300 people marched through {town} on Saturday against the closure of the town library, organisers said.</p>"
        "<p>Police said 200 took part, and there were no arrests. The council is to decide next month.</p></article></body></html>"
    )


def rss(site: Site, *towns: str) -> str:
    items = "".join(
        f"<item><title>{town}</title><link>{site.url('/' + town)}</link><pubDate>Sun, 02 Jun 2024 10:00:00 +0000</pubDate></item>"
        for town in towns
    )
    return f'<rss version="2.0"><channel><title>Post</title>{items}</channel></rss>'


@pytest.fixture
def run(capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    """The command in an empty folder, allowed to ask this machine; its exit code, lines of JSON and messages."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HEADCOUNT_TEST_ALLOW_LOOPBACK", "1")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "home"))
    for name in ("HEADCOUNT_RECORD", "HEADCOUNT_CONTACT"):
        monkeypatch.delenv(name, raising=False)

    def run(*arguments: str) -> tuple[int, list[dict[str, object]], str]:
        before = signal.getsignal(signal.SIGTERM)
        try:
            code = run_command([*arguments])
        finally:
            signal.signal(signal.SIGTERM, before)
        out, err = capfd.readouterr()
        assert "Traceback" not in err, err
        return code, [json.loads(line) for line in out.splitlines() if line.startswith("{")], err

    return run


@pytest.fixture
def paper(site: Site) -> Site:
    """A paper with a feed of two articles."""
    for town in ("Ludlow", "Leominster", "Bromyard"):
        site.answer(f"/{town}", page(town))
    site.answer("/feed", rss(site, "Ludlow", "Leominster"), media="application/rss+xml", ETag='"1"')
    return site


@pytest.mark.parametrize("command", ["read", "ingest"])
def test_an_address_is_wrong_usage_without_fetch(paper: Site, run: Run, command: str) -> None:
    """Nothing is asked of the network, and the message says what to add."""
    for name in (paper.url("/feed"), "crawl-data/CC-NEWS/2024/03/CC-NEWS-1.warc.gz", "ftp://post.example/x"):
        code, _, err = run(command, name)
        assert code == 2
        assert "reading from the network is off: add --fetch" in err
    assert paper.asked == []


def test_a_list_is_not_read_as_a_text_without_fetch(paper: Site, run: Run) -> None:
    """It fails like an input that cannot be read; a text that only names addresses is a text."""
    Path("urls.txt").write_text(f"# mine\n{paper.url('/Ludlow')}\n")
    Path("text.txt").write_text(f"{paper.url('/Ludlow')} says that hundreds marched in Ludlow.\n")
    code, [listed, text], _ = run("read", "urls.txt", "text.txt", "--format", "jsonl")
    assert code == 3
    assert listed["problems"][0]["reason"] == "a list of addresses; reading from the network is off: add --fetch"  # type: ignore[index]
    assert text["problems"] == []
    assert paper.asked == []


def test_this_machine_is_refused_but_in_tests(paper: Site, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the allowance of the tests an address of this machine fails, and nothing is asked."""
    monkeypatch.delenv("HEADCOUNT_TEST_ALLOW_LOOPBACK")
    code, [failed], _ = run("read", paper.url("/Ludlow"), "--fetch", "--format", "jsonl")
    assert code == 3
    assert failed["problems"][0]["reason"] == "127.0.0.1 is this machine itself: only public addresses are fetched from"  # type: ignore[index]
    assert paper.asked == []


def test_paths_and_addresses_come_in_the_order_given(paper: Site, run: Run) -> None:
    """Files, pages, feeds and lists beside each other on one command line."""
    Path("a.txt").write_text("Hundreds marched in Hereford.")
    Path("urls.txt").write_text(f"{paper.url('/Bromyard')}\n")
    code, made, _ = run("read", paper.url("/feed"), "a.txt", "urls.txt", "--fetch", "--delay", "0", "--format", "jsonl")
    assert code == 0
    assert len(made) == 4
    assert [one["published"] for one in made] == ["2024-06-02", "2024-06-02", None, None]
    assert paper.paths == ["/feed", "/Ludlow", "/Leominster", "/Bromyard"]


def test_a_feed_or_sitemap_on_disk_is_followed_with_fetch(paper: Site, run: Run) -> None:
    """What lies on disk names pages on the web."""
    Path("feed.xml").write_text(rss(paper, "Ludlow"))
    Path("map.xml").write_text(f"<urlset><url><loc>{paper.url('/Bromyard')}</loc></url></urlset>")
    code, made, _ = run("read", "feed.xml", "map.xml", "--fetch", "--delay", "0", "--format", "jsonl")
    assert (code, len(made)) == (0, 2)
    assert paper.paths == ["/Ludlow", "/Bromyard"]
    code, made, _ = run("read", "feed.xml", "map.xml", "--format", "jsonl")
    assert code == 3
    assert all("--fetch" in one["problems"][0]["reason"] for one in made)  # type: ignore[index]


def test_a_list_may_come_from_standard_input(paper: Site, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """As from a file; a text that begins with an address is a text."""
    for given, paths in ((f"{paper.url('/Ludlow')}\n", ["/Ludlow"]), (f"{paper.url('/x')} says:\nHundreds marched in Ludlow.", [])):
        paper.asked.clear()
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BufferedReader(io.BytesIO(given.encode()))))  # type: ignore[arg-type]
        code, [made], _ = run("read", "-", "--fetch", "--delay", "0", "--format", "jsonl")
        assert code == 0
        assert len(made["events"]) == 1  # type: ignore[arg-type]
        assert paper.paths == paths


def test_the_next_run_reads_only_what_is_new(paper: Site, run: Run) -> None:
    """The feed is asked whether it has changed, its known items not at all, even where the cache is gone."""
    feed = paper.url("/feed")
    code, _, err = run("ingest", feed, "--fetch", "--delay", "0", "--cache", "one")
    assert code == 0, err
    assert "2 reports in: 2 coded" in err
    paper.asked.clear()
    run("ingest", feed, "--fetch", "--delay", "0", "--cache", "one")
    assert [(path, headers.get("if-none-match")) for path, headers in paper.asked] == [("/feed", '"1"')]
    paper.answer("/feed", rss(paper, "Bromyard", "Ludlow", "Leominster"), media="application/rss+xml")
    paper.asked.clear()
    _, _, err = run("ingest", feed, "--fetch", "--delay", "0", "--cache", "two")
    assert paper.paths == ["/feed", "/Bromyard"]
    assert "1 report in: 1 coded" in err


def test_a_failed_page_is_asked_for_again(paper: Site, run: Run) -> None:
    """What failed is not known: the next run tries it."""
    paper.answer("/Ludlow", status=418)
    assert run("ingest", paper.url("/feed"), "--fetch", "--delay", "0", "--jobs", "1")[0] == 3
    paper.answer("/Ludlow", page("Ludlow"))
    code, _, err = run("ingest", paper.url("/feed"), "--fetch", "--delay", "0", "--jobs", "1")
    assert code == 0
    assert "1 report in: 1 coded" in err


def test_who_asks_is_told_and_the_cache_has_its_place(paper: Site, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """From an option or the environment; a contact that breaks the header is wrong usage."""
    monkeypatch.setenv("HEADCOUNT_CONTACT", "https://lab.example/bot")
    run("read", paper.url("/Ludlow"), "--fetch", "--format", "jsonl")
    assert paper.asked[-1][1]["user-agent"].endswith("(+https://lab.example/bot)")
    assert list(Path("home/headcount/http").rglob("*"))
    code, _, err = run("read", paper.url("/Ludlow"), "--fetch", "--contact", "a)b")
    assert code == 2
    assert "--contact: expected a mail address or a URL" in err
