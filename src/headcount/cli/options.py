"""Options that several commands share: which record, which events, who decides."""

from __future__ import annotations

import datetime as dt
import getpass
import os
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final, TypeVar

import click

if TYPE_CHECKING:
    from headcount.record.filters import Filters

Command = TypeVar("Command", bound=Callable[..., Any])

DEFAULT_RECORD: Final = "headcount.db"
"""The same as ``record.engine.DEFAULT_RECORD``, which would load a database to tell it."""

STATUSES: Final = ("held", "planned", "cancelled")
WHERE: Final = {"default": DEFAULT_RECORD, "envvar": "HEADCOUNT_RECORD", "show_default": True, "show_envvar": True}


class DateType(click.ParamType[dt.date]):
    """A day as YYYY-MM-DD."""

    name = "date"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> dt.date:
        from headcount.sources import parse_published

        try:
            return parse_published(value)
        except ValueError:
            self.fail(f"expected a date as YYYY-MM-DD, found {value!r}", param, ctx)


class CountryType(click.ParamType[str]):
    """Two letters of ISO 3166-1."""

    name = "country"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> str:
        from headcount.sources import parse_country

        try:
            return parse_country(value)
        except ValueError:
            self.fail(f"expected a code of two letters of ISO 3166-1 such as GB, found {value!r}", param, ctx)


class NumberType(click.ParamType[int]):
    """A number of people, with or without thousands separators."""

    name = "number"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> int:
        written = str(value).replace(",", "").strip()
        if not (written.isascii() and written.isdigit() and len(written) <= 15):
            self.fail(f"expected a number of people such as 1000, found {value!r}", param, ctx)
        return int(written)


class TextType(click.ParamType[str]):
    """Words, or an id: what a record can hold. Bytes that are no UTF-8 come from the shell as half characters."""

    name = "text"

    def __init__(self, *, empty: bool = False) -> None:
        self._empty = empty

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> str:
        text = str(value)
        try:
            text.encode("utf-8")
        except UnicodeEncodeError:
            self.fail(f"expected text in UTF-8, found {text!r}", param, ctx)
        if not self._empty and not text.strip():
            self.fail("expected some text, found none", param, ctx)
        return text


TEXT: Final = TextType()
LARGEST: Final = 2**31 - 1
"""The largest number that a column of PostgreSQL takes for the number of a decision, or a review."""


def record_option(function: Command) -> Command:
    """``--record``: the path of a file or the URL of a database, from HEADCOUNT_RECORD where it is not given."""
    return click.option("--record", metavar="PATH|URL", callback=_not_empty, help="The record.", **WHERE)(function)  # type: ignore[arg-type]


def defaults_options(function: Command) -> Command:
    """What fills the fields that a report lacks, as ``read`` and ``ingest`` take it."""
    for option in reversed(
        (
            click.option("--published", type=DateType(), metavar="DATE", help="Day of publication of reports that do not say it."),
            click.option("--publisher", metavar="NAME", help="Publisher of reports that do not name it."),
            click.option("--country", type=CountryType(), metavar="CC", help="Country of the publisher (GB, US ...), likewise."),
            click.option(
                "--map",
                "columns",
                type=TEXT,
                multiple=True,
                metavar="KEY=COLUMN",
                callback=_columns,
                help="Where a table or JSON Lines keeps what: --map text=body --map published=date. Once for each key.",
            ),
        )
    ):
        function = option(function)
    return function


def fetch_options(function: Command) -> Command:
    """Whether and how the network is asked, as ``read`` and ``ingest`` take it."""
    for option in reversed(
        (
            click.option("--fetch", is_flag=True, help="Fetch addresses, and the pages that feeds, sitemaps and lists name."),
            click.option("--cache", metavar="DIR", help="Where fetched pages are kept. Default: ~/.cache/headcount/http."),
            click.option(
                "--contact",
                default="",
                envvar="HEADCOUNT_CONTACT",
                metavar="MAIL|URL",
                help="Whom a site's owner can write to; told with each request.",
            ),
            click.option(
                "--delay",
                type=click.FloatRange(min=0, max=3600),
                default=1.0,
                show_default=True,
                metavar="SECONDS",
                help="Pause between two requests to one host.",
            ),
        )
    ):
        function = option(function)
    return function


MAPPED: Final = ("text", "title", "published", "publisher", "url", "id", "country")


def _columns(_ctx: click.Context, _param: click.Parameter, given: tuple[str, ...]) -> dict[str, str]:
    columns: dict[str, str] = {}
    for one in given:
        key, equals, column = (part.strip() for part in one.partition("="))
        if key not in MAPPED or not equals or not column:
            raise click.UsageError(f"--map {one}: expected KEY=COLUMN with a KEY of {', '.join(MAPPED)}")
        if key in columns:
            raise click.UsageError(f"--map {one}: {key} is mapped twice")
        columns[key] = column
    return columns


def filter_options(function: Command) -> Command:
    """Which events; the command takes them as ``**asked`` and hands them to ``filters_of``."""
    for option in reversed(
        (
            click.option("--since", type=DateType(), metavar="DATE", help="Events on this day or later."),
            click.option("--until", type=DateType(), metavar="DATE", help="Events on this day or before."),
            click.option("--country", type=CountryType(), metavar="CC", help="Country of the event: GB, US ..."),
            click.option("--state", type=TEXT, metavar="NAME", help="State, province or nation, in full."),
            click.option("--locality", type=TEXT, metavar="NAME", help="Town or city."),
            click.option("--type", "event_type", type=TEXT, metavar="TYPE", help="march, rally, demonstration, vigil, strike ..."),
            click.option("--status", type=click.Choice(STATUSES), help="Default: all of them."),
            click.option("--series", type=TEXT, metavar="NAME", help="One campaign, tour or day of action."),
            click.option("--issue", type=TEXT, metavar="TAG", help="A tag such as labour, housing, war."),
            click.option(
                "--min-size",
                type=NumberType(),
                metavar="N",
                help="At least so many people by the lowest number told, or by the highest where the lowest is open.",
            ),
            click.option("--background/--no-background", default=None, help="Only, or without, events told as history."),
        )
    ):
        function = option(function)
    return function


def filters_of(asked: dict[str, Any]) -> Filters:
    """The filters that the options of ``filter_options`` ask for. Raises a usage error for days the wrong way round."""
    from headcount.record.filters import Filters

    since, until = asked["since"], asked["until"]
    if since and until and since > until:
        raise click.UsageError(f"--since {since} is after --until {until}: no day lies between them")
    for name in ("event_type", "issue"):
        asked[name] = asked[name].strip().lower() if asked[name] else None
    return Filters(**asked)


def by_option(function: Command) -> Command:
    """``--by``: whose decision it is, the name of this account where it is not given."""
    return click.option("--by", type=TEXT, metavar="NAME", callback=_named, help="Who decides. Default: your user name.")(function)


def note_option(function: Command) -> Command:
    """``--note``: why; it is shown wherever the decision is."""
    text = TextType(empty=True)
    return click.option("--note", type=text, default="", metavar="TEXT", help="Why; shown with the decision.")(function)


def format_option(*names: str, default: str | None = None) -> Callable[[Command], Command]:
    """``--format``, one of ``names``."""
    told = None if default else f"Default: {names[0]} on a terminal, else {names[1]}."
    return click.option("--format", "form", type=click.Choice(names), default=default, show_default=default is not None, help=told)


def now() -> dt.datetime:
    """This moment in UTC, without a zone, as the record keeps it. Below the commands nothing reads the clock."""
    return dt.datetime.now(dt.UTC).replace(tzinfo=None, microsecond=0)


def _not_empty(_ctx: click.Context, _param: click.Parameter, value: str) -> str:
    if not value.strip():
        raise click.UsageError("--record is empty: give the path of a file or a postgresql:// URL")
    return value


def _named(_ctx: click.Context, _param: click.Parameter, value: str | None) -> str:
    if value:
        return value.strip()
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # an account without a name, in a container
        return f"user {os.getuid()}"
