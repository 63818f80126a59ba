"""The command ``headcount``. Its version is told before anything else is loaded."""

from __future__ import annotations

import sys


def main() -> None:
    """Runs the command with the arguments of this process, and ends it with one of the documented exit codes."""
    if sys.argv[1:] in (["--version"], ["-V"]):
        from headcount import __version__

        try:
            if sys.stdout is None:
                sys.exit(5)  # storage: standard output is closed
            sys.stdout.write(f"headcount {__version__}\n")
            sys.stdout.flush()
        except OSError as error:
            if not isinstance(error, BrokenPipeError):
                sys.exit(5)
        return
    try:
        from headcount.cli.commands import run_command

        code = run_command()
    except KeyboardInterrupt:  # while the commands are loaded, before they can say so
        code = 130
    sys.exit(code)
