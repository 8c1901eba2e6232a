"""The command line: ``induction COMMAND``. Thin: commands read arguments, call the package, print.

Modules that compile or draw are imported by the command that needs them, when it runs, so that
``--help`` is instant. Results go to standard output, progress and errors to standard error.
"""

from __future__ import annotations

import os
import sys
from importlib import import_module
from typing import Any, NoReturn

import click

from induction import __version__
from induction.commands import interrupts
from induction.commands.streams import (
    BROKEN_PIPE,
    OutputError,
    drop_output,
    flush_output,
    flush_remarks,
    open_closed,
    remark,
)

# In the order of the help page.
COMMANDS = (
    "demo",
    "predict",
    "learn",
    "explain",
    "prior",
    "run",
    "sample",
    "zoo",
    "verify",
    "experiment",
    "table",
    "compress",
    "expand",
    "compare",
)

_LEAST_MEMORY = 600 * 2**20  # bytes of addresses; with less the compiler fails in ways of its own
_LOADING = "memory is short: a library does not fit; raise the ceiling (ulimit -v), or end other programs"
_NO_ARGUMENTS: Any = getattr(click.exceptions, "NoArgsIsHelpError", ())  # its message is the help page
_SIGNS = ("libllvmlite", "failed to map segment", "Cannot allocate memory")  # of a library that did not fit


class Commands(click.Group):
    """A group that finds each command in its own file."""

    def list_commands(self, _context: click.Context) -> list[str]:
        """All commands, most useful first."""
        return list(COMMANDS)

    def get_command(self, _context: click.Context, name: str) -> click.Command | None:
        """The command of a name, None if there is none."""
        if name not in COMMANDS:
            return None
        return import_module(f"induction.commands.{name}").command

    def invoke(self, context: click.Context) -> object:
        """As click does it, but for Ctrl-C, at which click writes an empty line."""
        try:
            return super().invoke(context)
        except KeyboardInterrupt:
            raise click.Abort from None


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="induction")
def cli() -> None:
    """Solomonoff induction cut off at programs of L bits and T steps: exact, and never worse than its bound."""


def main(arguments: list[str] | None = None) -> NoReturn:
    """Run the command line; bad input ends with one line on standard error and exit status 2."""
    with interrupts.heeded():
        status = _status(sys.argv[1:] if arguments is None else arguments)
        try:
            flush_output()
        except OutputError as error:
            status = _lost(error)
        flush_remarks()
    sys.exit(status)


def _status(arguments: list[str]) -> int:
    """Run a command; its exit status."""
    try:
        open_closed()
        _check_ceiling(arguments)
        cli.main(args=arguments, prog_name="induction", standalone_mode=False)
    except SystemExit as stop:
        return int(stop.code or 0)
    except _NO_ARGUMENTS as error:
        remark(error.format_message())
        return error.exit_code
    except click.ClickException as error:
        return _complain(error.format_message())
    except MemoryError:
        return _complain("out of memory: lower --max-length or --max-steps, or ask for less")
    except OutputError as error:
        return _lost(error)
    except (ValueError, OSError, ImportError) as error:
        short = any(sign in str(error) for sign in _SIGNS)
        if isinstance(error, ImportError) and not short:
            raise
        return _complain(_LOADING if short else _in_words(error))
    except (click.Abort, KeyboardInterrupt):
        return interrupts.say()
    return 0


def _lost(error: OutputError) -> int:
    """Say that the result was not written, unless its reader has gone; the exit status."""
    drop_output()
    return BROKEN_PIPE if error.broken_pipe else _complain(str(error))


def _in_words(error: Exception) -> str:
    """What an error says; of one of the system's own, without its number."""
    if not isinstance(error, OSError) or error.strerror is None:
        return str(error)
    try:
        os.getcwd()
    except FileNotFoundError:
        return "the folder that this was started in is gone: go to another one"
    return error.strerror if error.filename is None else f"{str(error.filename)!r}: {error.strerror}"


def _check_ceiling(arguments: list[str]) -> None:
    """Refuse to begin under a ceiling on memory at which the compiler fails, or never comes back."""
    if sys.platform == "win32" or not set(arguments).isdisjoint(("-h", "--help", "--version")):
        return
    import resource

    ceiling = resource.getrlimit(resource.RLIMIT_AS)[0]
    if ceiling != resource.RLIM_INFINITY and ceiling < _LEAST_MEMORY:
        raise click.ClickException(
            f"memory is short: a ceiling (ulimit -v) of {ceiling >> 20} MiB is set, and at least "
            f"{_LEAST_MEMORY >> 20} MiB are needed; raise it"
        )


def _complain(message: str) -> int:
    remark("induction: " + " ".join(message.split()))
    return 2
