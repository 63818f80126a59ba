"""Sizes, dates and places as a person would write them: "up to 10,000", "Sat 30 Jul 2016", "Leeds, GB".

Imports no other part of Headcount, so that the nouns themselves can be shown in words.
"""

from __future__ import annotations

import datetime as dt
import html
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from headcount.models import CandidateEvent, Event, EventSize, Reading, Size

# The intervals that the codebook gives to vague words (section 5), back in words.
VAGUE_WORDS: Final[dict[tuple[int | None, int | None], str]] = {
    (3, 9): "a handful",
    (24, 99): "dozens",
    (36, 99): "several dozen",
    (40, 199): "scores",
    (200, 999): "hundreds",
    (300, 999): "several hundred",
    (200, 9999): "hundreds, possibly thousands",
    (2000, 9999): "thousands",
    (3000, 9999): "several thousand",
    (20_000, 99_999): "tens of thousands",
    (200_000, 999_999): "hundreds of thousands",
    (2_000_000, None): "millions",
}
HEDGES: Final = {
    "about": "about", "around": "about", "roughly": "about", "approximately": "about", "some": "about", "circa": "about",
    "an estimated": "about", "estimated": "about", "approx": "about", "or so": "about", "nearly": "nearly",
    "almost": "nearly", "close to": "nearly",
}  # fmt: skip
UNDER: Final = ("under", "fewer than", "less than", "below")
MARKS: Final = dict.fromkeys(
    [*range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070), 0x061C, 0xFEFF, *range(0xFFF9, 0xFFFC)], None
)
CONTROLS: Final = {
    **{code: 0x2400 + code for code in range(0x20)},
    0x09: " ", 0x0A: " ", 0x0B: " ", 0x0C: " ", 0x0D: " ", 0x2028: " ", 0x2029: " ", 0x7F: "␡",
    **dict.fromkeys(range(0x80, 0xA0), "�"), 0x85: " ",
    **dict.fromkeys(range(0xD800, 0xE000), "�"),
    **MARKS,
}  # fmt: skip


def make_harmless(text: str) -> str:
    """The text on one line, as a terminal may safely show it: controls made visible, direction marks taken out."""
    return text.translate(CONTROLS)


def write_number_range(low: int | None, high: int | None, *, hedge: str = "", vague: bool = False) -> str:
    """An interval of people: "3,000", "about 3,000", "300–400", "2,000+", "up to 10,000", "hundreds"; "" where unknown."""
    if low is None and high is None:
        return ""
    if vague and (low, high) in VAGUE_WORDS:
        return VAGUE_WORDS[low, high]
    if low is None:
        return f"{'under' if hedge.lower() in UNDER else 'up to'} {high:,}"
    if high is None:
        return f"{low:,}+"
    if low != high:
        return f"{low:,}–{high:,}"
    written = HEDGES.get(hedge.lower().strip(), "")
    return f"{written} {low:,}".strip()


def write_size_statement(size: Size | EventSize) -> str:
    """One figure and who gives it: "2,000+ (organisers)". The text's own voice is not named."""
    written = write_number_range(size.low, size.high, hedge=_hedge_of(size), vague=size.vague) or size.text
    if size.unit != "people" and size.unit and size.unit not in written:
        written += f" {size.unit}"
    who = _claimant(size)
    return f"{written} ({who})" if who else written


def write_size(event: CandidateEvent) -> str:
    """How many: the figures that decide the event's range, and who gives them; what is expected, where none is told."""
    return _write_range(event, event.sizes, event.size_expected)


def write_event_size(event: Event) -> str:
    """The same of an event of a record: "500 (police) to 2,000 (organisers)"."""
    told = [size for size in event.sizes if not size.expected]
    return _write_range(event, told, [size for size in event.sizes if size.expected])


def _write_range(event: CandidateEvent | Event, sizes: Sequence[Size | EventSize], expected: Sequence[Size | EventSize]) -> str:
    if event.size_low is None and event.size_high is None:
        if expected:
            return "expected " + write_size_statement(expected[0])
        words = [size.text for size in sizes if size.low is None and size.high is None and size.text]
        if words:
            return words[0]
        return write_size_statement(sizes[0]) if sizes else ""
    if event.size_derived:
        return _with_unit(write_number_range(event.size_low, event.size_high), event) + " (added up)"
    deciding = [size for size in sizes if size.scope in {"total", "peak"}] or list(sizes)
    whole = _first(deciding, event.size_low, event.size_high)
    if whole is not None:
        return write_size_statement(whole)
    lower = _first_with(deciding, low=event.size_low)
    upper = _first_with(deciding, high=event.size_high)
    if lower is None or upper is None or event.size_low is None or event.size_high is None:
        return _with_unit(write_number_range(event.size_low, event.size_high), event)
    low = _write_end(lower, event.size_low)
    high = _write_end(upper, event.size_high)
    return _with_unit(f"{low} to {high}", event)


def _write_end(size: Size | EventSize, figure: int) -> str:
    """One end of a range with the name of who gives it: "500 (police)"."""
    vague = size.vague and VAGUE_WORDS.get((size.low, size.high))
    who = _claimant(size)
    written = vague or f"{figure:,}"
    return f"{written} ({who})" if who else written


def write_dates(event: CandidateEvent) -> str:
    """When: "Sat 30 Jul 2016", "30–31 Jul 2016", "June 2016", or the text's words in quotation marks."""
    if event.date_start is None and event.date_words:
        return f"“{event.date_words}”"
    return write_event_dates(event)


def write_event_dates(event: CandidateEvent | Event) -> str:
    """The same of an event of a record, which has no words of its own."""
    start, end = event.date_start, event.date_end or event.date_start
    if start is None or end is None:
        return f"some day of a {event.date_precision}" if event.date_precision in {"week", "month", "year"} else "date unknown"
    if event.date_precision == "year" and start.year == end.year:
        return f"{start.year}"
    if event.date_precision == "month" and (start.year, start.month) == (end.year, end.month):
        return f"{MONTHS[start.month - 1]} {start.year}"
    if start == end:
        return f"{DAYS[start.weekday()]} {write_day(start)}"
    if (start.year, start.month) == (end.year, end.month):
        return f"{start.day}–{write_day(end)}"
    first = write_day(start)
    return f"{first if start.year != end.year else first.rsplit(' ', 1)[0]} – {write_day(end)}"


def write_day(day: dt.date) -> str:
    """A day in English whatever the locale: "30 Jul 2016"."""
    return f"{day.day} {MONTHS[day.month - 1][:3]} {day.year}"


STATES_SHOWN: Final = frozenset({"US", "CA", "AU"})
"""Countries whose news names a town with its state."""


def write_place(event: CandidateEvent) -> str:
    """Where: "Trafalgar Square, London, GB", "Portland, Maine, US", or the text's words in quotation marks where they could not
    be resolved. The state stands where many towns of one name would not be told apart without it."""
    words = event.place_words or event.location_detail
    if not (event.country or event.locality) and words:
        return f"“{words}”"
    return write_event_place(event)


def write_event_place(event: CandidateEvent | Event) -> str:
    """The same of an event of a record."""
    state = event.state if not event.locality or event.country in STATES_SHOWN else None
    if event.country or event.locality:
        return ", ".join(part for part in (event.location_detail, event.locality, state, event.country) if part)
    return f"“{event.location_detail}”" if event.location_detail else event.state or "place unknown"


def write_count(number: int, noun: str, plural: str | None = None) -> str:
    """A number of things: "1 report", "1,200 reports", "2 near-copies"."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {plural or noun + 's'}"


def write_nothing(reading: Reading) -> str:
    """What is said of a reading without events: "no event", or why nobody looked."""
    if reading.screened_by == "language":
        return f"screened out: in {write_language(reading.language)}"
    return "no event"


def write_language(code: str | None) -> str:
    """A language by its English name: "Spanish"; where the name is not known, "a language (xx)"."""
    return LANGUAGES.get(code or "", f"a language ({make_harmless(code or 'unknown')})")


def write_html_table(reading: Reading) -> str:
    """A reading as an HTML table without scripts or styles of its own; every word of the report is escaped."""
    rows = []
    for event in reading.events:
        status: list[str] = [event.status] if event.status != "held" else []
        status += ["background"] if event.background else []
        kind = event.event_type + (f" ({', '.join(status)})" if status else "")
        cells = (kind, write_dates(event), write_place(event), write_size(event), f"“{event.quote}”")
        rows.append("<tr>" + "".join(f'<td style="text-align:left">{_html(cell)}</td>' for cell in cells) + "</tr>")
    heads = "".join(f'<th style="text-align:left">{head}</th>' for head in ("type", "date", "place", "size", "words"))
    title = reading.report.title or reading.report.record or reading.report.report_id
    parts = [f"<p><strong>{_html(title)}</strong></p>"]
    if rows:
        parts.append(f"<table><thead><tr>{heads}</tr></thead><tbody>{''.join(rows)}</tbody></table>")
    else:
        parts.append(f"<p>{_html(write_nothing(reading))}</p>")
    if reading.rollups:
        mentions = "".join(f"<li>“{_html(rollup.quote)}”</li>" for rollup in reading.rollups)
        parts.append(f"<p>roll-ups (not counted)</p><ul>{mentions}</ul>")
    if reading.problems:
        parts.append("<ul>" + "".join(f"<li>{_html(problem.reason)}</li>" for problem in reading.problems) + "</ul>")
    return "<div>" + "".join(parts) + "</div>"


def write_event_html_table(events: Sequence[Event], every: int) -> str:
    """The first events of an answer as an HTML table, and how many there are; every word is escaped."""
    rows = []
    for event in events:
        marks: list[str] = [event.status] if event.status != "held" else []
        marks += ["background"] if event.background else []
        kind = event.event_type + (f" ({', '.join(marks)})" if marks else "")
        size = write_event_size(event) or "not told"
        reports = f"{event.witnesses}" if event.witnesses == len(event.reports) else f"{event.witnesses} of {len(event.reports)}"
        cells = (event.event_id, write_event_dates(event), kind, write_event_place(event), size, reports)
        rows.append("<tr>" + "".join(f'<td style="text-align:left">{_html(cell)}</td>' for cell in cells) + "</tr>")
    heads = "".join(f'<th style="text-align:left">{head}</th>' for head in ("event", "date", "type", "place", "size", "reports"))
    table = f"<table><thead><tr>{heads}</tr></thead><tbody>{''.join(rows)}</tbody></table>" if rows else ""
    shown = f"the first {len(rows):,} of " if len(rows) < every else ""
    return f"<div>{table}<p>{shown}{write_count(every, 'event')}</p></div>"


def _html(text: str) -> str:
    return html.escape(make_harmless(text))


MONTHS: Final = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
DAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def _hedge_of(size: Size | EventSize) -> str:
    """The hedge of a figure: kept with a report's own, found in the words of one that is an event's."""
    kept = getattr(size, "hedge", None)
    if kept is not None:
        return str(kept)
    words = size.text.casefold().strip()
    hedges = [hedge for hedge in (*HEDGES, *UNDER) if words.startswith(hedge + " ")]
    return max(hedges, key=len) if hedges else "about" if words.endswith(" or so") else ""


def _claimant(size: Size | EventSize) -> str:
    if size.claimant_role == "report":
        return ""
    if size.claimant and size.claimant_role in {"media", "other"}:
        return size.claimant
    return size.claimant_role


def _with_unit(written: str, event: CandidateEvent | Event) -> str:
    return written if event.size_unit == "people" else f"{written} {event.size_unit}"


def _first(sizes: Sequence[Size | EventSize], low: int | None, high: int | None) -> Size | EventSize | None:
    return next((size for size in sizes if (size.low, size.high) == (low, high)), None)


def _first_with(sizes: Sequence[Size | EventSize], **end: int | None) -> Size | EventSize | None:
    ((name, value),) = end.items()
    return next((size for size in sizes if getattr(size, name) == value), None)


LANGUAGES: Final = {
    code: name
    for code, _, name in (
        one.partition(" ")
        for one in (
            "af Afrikaans, am Amharic, ar Arabic, as Assamese, az Azerbaijani, ba Bashkir, be Belarusian, bg Bulgarian, "
            "bn Bengali, br Breton, bs Bosnian, ca Catalan, ckb Kurdish, cs Czech, cy Welsh, da Danish, de German, "
            "el Greek, en English, es Spanish, et Estonian, eu Basque, fa Persian, fi Finnish, fo Faroese, fr French, "
            "fy Frisian, ga Irish, gd Scottish Gaelic, gl Galician, gu Gujarati, ha Hausa, he Hebrew, hi Hindi, "
            "hr Croatian, ht Haitian Creole, hu Hungarian, hy Armenian, id Indonesian, ig Igbo, is Icelandic, "
            "it Italian, ja Japanese, jv Javanese, ka Georgian, kk Kazakh, km Khmer, kn Kannada, ko Korean, ku Kurdish, "
            "ky Kyrgyz, lb Luxembourgish, lg Ganda, ln Lingala, lo Lao, lt Lithuanian, lv Latvian, mg Malagasy, "
            "mk Macedonian, ml Malayalam, mn Mongolian, mr Marathi, ms Malay, mt Maltese, my Burmese, ne Nepali, "
            "nl Dutch, nn Norwegian, no Norwegian, nso Northern Sotho, oc Occitan, om Oromo, or Odia, pa Punjabi, "
            "pcm Nigerian Pidgin, pl Polish, ps Pashto, pt Portuguese, qu Quechua, ro Romanian, ru Russian, "
            "rw Kinyarwanda, si Sinhala, sk Slovak, sl Slovene, sn Shona, so Somali, sq Albanian, sr Serbian, st Sotho, "
            "sv Swedish, sw Swahili, ta Tamil, te Telugu, tg Tajik, th Thai, tk Turkmen, tl Tagalog, tr Turkish, "
            "tt Tatar, ug Uyghur, uk Ukrainian, ur Urdu, uz Uzbek, vi Vietnamese, xh Xhosa, yo Yoruba, yue Cantonese, "
            "zh Chinese, zu Zulu"
        ).split(", ")
    )
}
"""English names of the languages that reports are found to be in."""
