"""The command line: ``induction COMMAND``. Thin: commands read arguments, call the package, print.

Modules that compile or draw are imported by the command that needs them, when it runs, so that
``--help`` is instant. Results go to standard output, progress and errors to standard error.
"""

from __future__ import annotations

import sys
from importlib import import_module
from typing import NoReturn

import click

from induction import __version__

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


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="induction")
def cli() -> None:
    """Solomonoff induction cut off at programs of L bits and T steps: exact, and never worse than its bound."""


def main(arguments: list[str] | None = None) -> NoReturn:
    """Run the command line; bad input ends with one line on standard error and exit status 2."""
    try:
        cli.main(args=arguments, prog_name="induction", standalone_mode=False)
        status = 0
    except click.exceptions.Exit as stop:
        status = stop.exit_code
    except click.ClickException as error:
        status = _complain(error.format_message())
    except (ValueError, OSError) as error:
        status = _complain(str(error))
    except MemoryError:
        status = _complain("out of memory: lower --max-length or --max-steps, or ask for less")
    except (click.Abort, KeyboardInterrupt):
        click.echo("interrupted", err=True)
        status = 130
    sys.exit(status)


def _complain(message: str) -> int:
    click.echo("induction: " + " ".join(message.split()), err=True)
    return 2
