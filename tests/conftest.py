"""Fixtures for the tests of everything around the coding."""

from __future__ import annotations

import pytest
from hypothesis import settings

from fakes import MarchReader, full_event, full_reading
from headcount.models import CandidateEvent, Reading

settings.register_profile("headcount", deadline=None)  # nothing in tests/ asserts a time
settings.load_profile("headcount")


@pytest.fixture
def march_reader() -> MarchReader:
    """A reader that reads almost nothing, but exactly."""
    return MarchReader()


@pytest.fixture
def reading() -> Reading:
    """A reading with everything in it that a reading can hold."""
    return full_reading()


@pytest.fixture
def event() -> CandidateEvent:
    """An event with every field filled."""
    return full_event()
