"""The bytes that a report came out of are found again by report and hash, and every statement's words stand in them."""

from __future__ import annotations

import datetime as dt
import hashlib
import zlib
from dataclasses import replace

import pytest
import sqlalchemy as sa

from headcount.models import Origin, Report
from headcount.record import schema as s
from headcount.record.engine import reading, writing
from headcount.record.ledger import UnknownIdError
from headcount.record.originals import find_original
from headcount.record.origins import CaptureDamagedError
from headcount.record.verifying import verify_record
from keeping import CARDIFF, LEEDS, findings, keep, link, report
from pages import make_page

PAGE = make_page("A march", LEEDS, day=dt.date(2022, 10, 4))
DIGEST = hashlib.sha256(PAGE).hexdigest()


def of_page(one: Report, page: bytes = PAGE) -> Report:
    digest = hashlib.sha256(page).hexdigest()
    origin = Origin(source="pages", media="html", charset="utf-8", digest=digest, packed=zlib.compress(page))
    return replace(one, origin=origin)


def test_the_page_of_a_report_is_found(record: sa.Engine) -> None:
    """By the report's id, by the hash, and by its beginning; byte for byte."""
    keep(record, of_page(report("a", LEEDS)), report("b", CARDIFF))
    with reading(record) as connection:
        for name in ("a", DIGEST, DIGEST[:8]):
            found = find_original(connection, name)
            assert (found.data, found.media, found.digest, found.size) == (PAGE, "html", DIGEST, len(PAGE))
        for name, why in (
            ("b", "came out of text, whose words are its own"),
            ("x", "expected the id of a report"),
            ("00000000", "expected the id of a report"),
        ):
            with pytest.raises(UnknownIdError, match=why):
                find_original(connection, name)


def test_bytes_that_are_not_kept_are_said_to_be_missing(record: sa.Engine) -> None:
    """A reading without them leaves their hash alone."""
    one = of_page(report("a", LEEDS))
    keep(record, replace(one, origin=replace(one.origin, packed=None)))  # type: ignore[type-var]
    with reading(record) as connection, pytest.raises(UnknownIdError, match="the bytes that it came out of are not kept"):
        find_original(connection, "a")


def test_a_deep_verification_finds_words_that_are_not_in_the_page(record: sa.Engine) -> None:
    """And only a deep one looks; what a page says is found between its tags, whoever is masked in the quotes."""
    other = make_page("Nothing", "The council has bought a lawnmower.", day=dt.date(2022, 10, 4))
    keep(record, of_page(report("a", LEEDS)), of_page(report("b", CARDIFF), other))
    link(record)
    found = findings(record)
    assert {one.check for one in found} == {"originals"}
    assert all(one.where.startswith("b statement s-") for one in found)
    assert "its words do not stand in the bytes of " in found[0].found
    with reading(record) as connection:
        assert list(verify_record(connection)) == []


def test_a_deep_verification_finds_damaged_bytes(record: sa.Engine) -> None:
    """They are told by their hash, and never written out."""
    keep(record, of_page(report("a", LEEDS)))
    link(record)
    assert findings(record) == []
    with writing(record) as connection:
        connection.execute(sa.update(s.capture).values(packed=zlib.compress(PAGE.replace(b"2,000", b"3,000"))))
    [finding] = findings(record)
    assert (finding.check, finding.where, finding.found) == ("originals", f"capture {DIGEST[:12]}", "its bytes have changed")
    with reading(record) as connection, pytest.raises(CaptureDamagedError):
        find_original(connection, "a")
