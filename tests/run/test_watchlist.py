"""The watch list: what it may say, and that each mistake is told with its line, its key, and what was expected."""

from __future__ import annotations

from pathlib import Path

import pytest

from headcount.run.watchlist import Source, Watchlist, WatchlistError, read_watchlist

LIST = """record = "marches.db"
every = "30m"
contact = "desk@example.org"

[health]
address = "127.0.0.1:8780"

[[source]]
name = "Leeds Post"
url = "https://post.example/rss"
publisher = "Leeds Post"
country = "gb"

[[source]]
url = "HTTPS://Other.Example/news-sitemap.xml"
kind = "sitemap"
every = "1d"
"""


def read(tmp_path: Path, text: str | bytes) -> Watchlist:
    path = tmp_path / "feeds.toml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_watchlist(str(path))


def test_a_list_says_what_is_watched_how_often_and_for_which_record(tmp_path: Path) -> None:
    """Paths are meant from the list's own folder; what a source does not say is that of all, or its address."""
    told = read(tmp_path, LIST)
    assert (told.record, told.contact, told.health, told.cache) == (
        str(tmp_path / "marches.db"), "desk@example.org", ("127.0.0.1", 8780), None,
    )  # fmt: skip
    other = "https://other.example/news-sitemap.xml"
    assert told.sources == (
        Source(name="Leeds Post", url="https://post.example/rss", publisher="Leeds Post", country="GB", every=1800),
        Source(name=other, url=other, kind="sitemap", every=86_400),
    )


def test_little_has_to_be_said(tmp_path: Path) -> None:
    """One address: looked at every half an hour, for the record that the command means; and a record may be a database."""
    told = read(tmp_path, b"\xef\xbb\xbf[[source]]\r\nurl = 'https://post.example/'\r\n")
    assert (told.record, told.health, told.sources[0].every) == (None, None, 1800)
    assert read(tmp_path, 'record = "postgresql://me@db/news"\n' + LIST.partition("\n")[2]).record == "postgresql://me@db/news"


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ('every = "30m"', 'every = "soon"', 2, 'every: expected a time from "1m" to "31d"'),
        ('every = "30m"', 'every = "10s"', 2, 'every: expected a time from "1m"'),
        ('every = "1d"', "every = 5", 17, "every: expected a text in quotation marks, found 5"),
        ('every = "1d"', 'often = "1d"', 17, "often: there is no such key; expected name, url, kind"),
        ('country = "gb"', 'country = "England"', 12, "country: expected a code of two letters"),
        ('kind = "sitemap"', 'kind = "blog"', 16, "kind: expected one of feed, sitemap, list, page, found 'blog'"),
        ('url = "https://post.example/rss"', "", 8, "this source has no url"),
        ("https://post.example/rss", "ftp://post.example/rss", 10, "url: "),
        ("https://post.example/rss", "https://me:secret@post.example/rss", 10, "url: "),
        ("HTTPS://Other.Example/news-sitemap.xml", "https://POST.example/rss", 15, "url of another source, too (line 10)"),
        ('kind = "sitemap"', 'name = "Leeds Post"', 16, "name of another source, too (line 9)"),
        ('name = "Leeds Post"', 'name = ""', 9, "name: expected a text of one line"),
        ("desk@example.org", "desk (news)", 3, "contact: expected a mail address or a URL"),
        ("127.0.0.1:8780", "localhost:8780", 6, "address: expected an IP address and a port"),
        ("127.0.0.1:8780", "127.0.0.1:99999", 6, "address: expected an IP address and a port"),
        ("127.0.0.1:8780", "0.0.0.0:8780", 6, "address: 0.0.0.0 can be reached from other machines"),
        ('[health]\naddress = "127.0.0.1:8780"', "health = true", 5, "health: expected a table [health]"),
        ('record = "marches.db"', "record = 1", 1, "record: expected a text"),
        ('record = "marches.db"', 'recrod = "marches.db"', 1, "recrod: there is no such key"),
        ('"Leeds Post"\ncountry', '"Leeds Post\ncountry', 11, "expected TOML"),
        ('[[source]]\nname = "Leeds', '[source]\nname = "Leeds', 14, "expected TOML"),
    ],
)
def test_each_mistake_is_told_with_its_line_its_key_and_what_was_expected(
    tmp_path: Path, old: str, new: str, line: int, words: str
) -> None:
    """As an editor jumps to it."""
    assert old in LIST
    with pytest.raises(WatchlistError) as refused:
        read(tmp_path, LIST.replace(old, new, 1))
    assert f"feeds.toml:{line}: " in str(refused.value)
    assert words in str(refused.value)
    assert "secret" not in str(refused.value)


def test_what_is_no_list_at_all_is_told(tmp_path: Path) -> None:
    """No file, a folder, no sources, other bytes."""
    for text, words in (
        ("", "no source to watch"),
        ("source = 3\n[health]\n", "[[source]]"),
        (LIST.encode() + b'name = "caf\xe9"', ":18: expected UTF-8"),
        ("a = " + "[" * 50_000, "feeds.toml"),
        (b"x" * 5_000_000, "longer than"),
    ):
        with pytest.raises(WatchlistError) as refused:
            read(tmp_path, text)
        assert words in str(refused.value)
    for path in (tmp_path, tmp_path / "nowhere.toml"):
        with pytest.raises(WatchlistError, match="cannot be read"):
            read_watchlist(str(path))


def test_a_number_of_thousands_of_digits_is_told(tmp_path: Path) -> None:
    """Python takes none of more than 4,300, and says so with an error of another kind than for other mistakes."""
    with pytest.raises(WatchlistError, match="a number in it is too long"):
        read(tmp_path, "every = " + "9" * 10_000)


def test_other_machines_may_ask_for_health_only_where_that_is_said(tmp_path: Path) -> None:
    """With public = true."""
    opened = LIST.replace('"127.0.0.1:8780"', '"[::]:8780"\npublic = true')
    assert read(tmp_path, opened).health == ("::", 8780)
