"""Standard streams that are closed, full, or whose reader has gone."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from typing import TextIO

import click

BROKEN_PIPE = 141  # exit status where nobody reads on: that of a process that SIGPIPE ends


class OutputError(Exception):
    """Standard output took less than the result."""

    def __init__(self, cause: OSError) -> None:
        self.broken_pipe = isinstance(cause, BrokenPipeError)
        super().__init__(
            f"standard output cannot be written ({cause.strerror or cause}), so the result is lost: "
            "make room or direct it elsewhere, and run again"
        )


class Forgiving:
    """A text stream for what may get lost: what it cannot take is dropped without a word."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> None:
        """As a stream's."""
        with suppress(OSError):
            self._stream.write(text)

    def flush(self) -> None:
        """As a stream's."""
        with suppress(OSError):
            self._stream.flush()

    def __getattr__(self, name: str) -> object:
        return getattr(self._stream, name)


def tell(text: str) -> None:
    """Write a result to standard output.

    Raises
    ------
    OutputError
        If it is not all written.
    click.ClickException
        If standard output has no code for a letter.
    """
    try:
        click.echo(text)
    except UnicodeEncodeError as error:
        raise click.ClickException(
            f"standard output is {error.encoding}, which has no {error.object[error.start]!r}: "
            "set PYTHONIOENCODING to utf-8, and run again"
        ) from None
    except OSError as error:
        raise OutputError(error) from error


def remark(text: str) -> None:
    """Write a line to standard error, if it is there to be written."""
    with suppress(OSError):
        click.echo(text, err=True)


def open_closed() -> None:
    """Put an empty stream, which is no terminal, in the place of standard input or error that was closed.

    Raises
    ------
    click.ClickException
        If standard output was closed: a result would go nowhere.
    """
    closed = sys.stdout is None
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: SIM115 -- until the end
    if closed:
        raise click.ClickException("standard output is closed: direct it to a file, or to /dev/null, and run again")


def flush_output() -> None:
    """See that standard output has taken all.

    Raises
    ------
    OutputError
        If it has not.
    """
    try:
        sys.stdout.flush()
    except OSError as error:
        raise OutputError(error) from error


def drop_output() -> None:
    """Direct standard output nowhere from here on, or the interpreter complains of what is left as it ends."""
    _drop(sys.stdout)


def flush_remarks() -> None:
    """Drop what standard error has not taken, or the interpreter ends with a status of its own."""
    try:
        sys.stderr.flush()
    except OSError:
        _drop(sys.stderr)


def _drop(stream: TextIO) -> None:
    with suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)
