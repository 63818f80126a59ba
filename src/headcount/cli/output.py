"""Where readings are written to: standard output, or a file that is there in full or not at all."""

from __future__ import annotations

import contextlib
import os
import stat
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

import click


class OutputClosedError(Exception):
    """Whoever read our standard output has closed it: nothing more is wanted, and nothing is wrong."""


class StorageError(Exception):
    """The output could not be written; the message says where and what to do."""


@contextlib.contextmanager
def open_output(path: str | None) -> Iterator[BinaryIO]:
    """A binary file to write to: a new file beside ``path`` that takes its name at the end, or standard output.

    When the block is left by an exception the file that was there before is untouched. A device or a pipe is written
    to as it is. Raises StorageError for what the storage refuses, OutputClosedError for a pipe that nobody reads any more.
    """
    if (path is None or path == "-") and sys.stdout is None:
        raise StorageError("cannot write to standard output: it is closed; open it, or give --output FILE")
    try:
        if path is None or path == "-":
            yield sys.stdout.buffer
            sys.stdout.buffer.flush()
        elif _is_special(path):
            with open(path, "wb") as out:
                yield out
        else:
            with _replaced_at_the_end(Path(os.path.realpath(path))) as out:
                yield out
    except BrokenPipeError as error:
        raise OutputClosedError from error  # click would end with exit code 1 on a BrokenPipeError
    except OSError as error:
        where = "standard output" if path is None or path == "-" else path
        raise StorageError(f"cannot write to {where}: {error.strerror or error}; {_remedy(error)}") from error


def refuse_empty(output: str | None) -> None:
    """Ends the command where ``--output`` is empty, as with a variable of the shell that is not set."""
    if output is not None and not output.strip():
        raise click.UsageError("--output is empty: give the name of a file, or - for standard output")


def is_output_of(output: str, files: Iterable[str]) -> bool:
    """Whether the output is one of these files, there already or yet to be."""
    return any(os.path.realpath(output) == os.path.realpath(file) for file in files) or is_an_input(output, files)


def is_an_input(output: str, paths: Iterable[str]) -> bool:
    """Whether the output is a file that is to be read, by its own name, through a link, in a folder, or as standard input."""
    try:
        written = os.stat(output)
    except (OSError, ValueError):
        return False
    return stat.S_ISREG(written.st_mode) and any(_reads(path, output, written) for path in paths)


def _reads(path: str, output: str, written: os.stat_result) -> bool:
    try:
        if path == "-":
            return sys.stdin is not None and os.path.samestat(os.fstat(sys.stdin.fileno()), written)
        read = os.stat(path)
    except (OSError, ValueError):
        return False
    if not stat.S_ISDIR(read.st_mode):
        return os.path.samestat(read, written)
    below = os.path.relpath(os.path.realpath(output), os.path.realpath(path)).split(os.sep)
    return not any(part.startswith(".") for part in below)  # .. and hidden ones are not read


@contextlib.contextmanager
def _replaced_at_the_end(path: Path) -> Iterator[BinaryIO]:
    part = path.with_name(f".{path.name[:200]}.{os.getpid()}.headcount-part")
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_NOFOLLOW", 0), 0o666)
    try:
        with open(handle, "wb") as out:
            yield out
            out.flush()
            os.fsync(out.fileno())
        with contextlib.suppress(FileNotFoundError):
            part.chmod(stat.S_IMODE(path.stat().st_mode))
        part.replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            part.unlink()
        raise


def _is_special(path: str) -> bool:
    try:
        mode = os.stat(path).st_mode
    except OSError:
        return False
    if stat.S_ISDIR(mode):
        raise IsADirectoryError(21, "it is a folder", path)
    return not stat.S_ISREG(mode)


def _remedy(error: OSError) -> str:
    if isinstance(error, FileNotFoundError):
        return "make the folder first"
    if isinstance(error, IsADirectoryError):
        return "give the name of a file"
    if isinstance(error, PermissionError):
        return "choose another place, or check its rights"
    return "make room or choose another place"
