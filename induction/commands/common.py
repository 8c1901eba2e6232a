"""What commands share: options, reading bits, printing."""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from glob import escape
from pathlib import Path
from typing import Any

import click

from induction.commands.cluster import cluster
from induction.commands.interrupts import noted
from induction.commands.streams import tell

_MOST_TEXT = 2**24  # characters; a file that never ends is read no further


class FilePath(click.Path):
    """The path of a file or folder, there or not, which may not be empty."""

    def __init__(self, *, allow_dash: bool = False) -> None:
        super().__init__(path_type=Path, allow_dash=allow_dash)

    def convert(self, value: Any, param: click.Parameter | None, context: click.Context | None) -> Any:
        """The path as a `Path`."""
        if str(value) == "":
            self.fail("the path is empty; name a file or folder", param, context)
        return super().convert(value, param, context)


JSON = click.option("--json", "as_json", is_flag=True, help='Print JSON; exact numbers as "a/b", infinity as null.')
FILE = click.option("--file", "file", type=FilePath(), help="Read the bits from a file.")


def budget_options(command: Callable) -> Callable:
    """--machine, --max-length, --max-steps, --total."""
    options = (
        click.option("--machine", default="queue", show_default=True, help="Reference machine."),
        click.option("--max-length", type=int, help="L, program bits, 1 to 62.  [default: the machine's]"),
        click.option("--max-steps", type=int, help="T, steps between output bits.  [default: the machine's]"),
        click.option("--total", type=int, help="Most steps of a run in all.  [default: no limit]"),
    )
    for option in reversed(options):
        command = option(command)
    return command


def worker_options(command: Callable) -> Callable:
    """--workers, --processes, --dask; see `at_work`."""
    options = (
        click.option("--workers", default=1, show_default=True, help="Threads that walk, 1 to 256."),
        click.option("--processes", is_flag=True, help="Processes in place of threads."),
        click.option("--dask", metavar="ADDRESS", help="Have a Dask cluster walk, such as tcp://10.0.0.1:8786."),
    )
    for option in reversed(options):
        command = option(command)
    return command


@contextmanager
def at_work(options: dict[str, Any]) -> Iterator[None]:
    """Put the executor that --processes or --dask stands for in their place among `options`."""
    processes, address = options.pop("processes"), options.pop("dask")
    if processes and address is not None:
        raise click.UsageError("--processes and --dask are two ways to walk: leave one of them out")
    options["executor"] = "processes" if processes else None
    if address is None:
        yield
        return
    with cluster(address) as options["executor"]:
        yield


@contextmanager
def resumable(store: Path | None, name: str = "{}") -> Iterator[None]:
    """On Ctrl-C say what holds what is done, if something does; `name` says how its files are called."""

    def text() -> str:
        if store is None or not any(store.parent.glob(name.format(escape(store.name)))):  # nothing was begun yet
            return "interrupted"
        return f"interrupted; {name.format(store)} holds what is done: run the same command again to go on"

    with noted(text):
        yield


def read_bits(argument: str | None, file: Path | None) -> str:
    """Bits from the argument, a file, or standard input."""
    if argument is not None and file is not None:
        raise click.UsageError("bits are given twice, as an argument and with --file; give one")
    if file is not None:
        return read_text(file, "bits")
    if argument is not None and argument != "-":
        return argument
    if sys.stdin.isatty():
        raise click.UsageError("no bits are given; write them as an argument, name a file with --file, or pipe them in")
    return read_input()


def read_input() -> str:
    """The text on standard input."""
    return _short(sys.stdin.read(_MOST_TEXT + 1), "standard input").removeprefix("\ufeff")


def _short(text: str, where: str) -> str:
    if len(text) > _MOST_TEXT:
        raise click.UsageError(f"{where} has more than {_MOST_TEXT} characters, which are the most: give fewer")
    return text


def read_text(file: Path, wanted: str) -> str:
    """The text of a file that should hold what is `wanted`."""
    with readable(file):
        try:
            with file.open(encoding="utf-8-sig") as source:  # a byte-order mark is no text
                return _short(source.read(_MOST_TEXT + 1), str(file))
        except UnicodeDecodeError:
            raise click.UsageError(f"{file} is no text; name a text file of {wanted}") from None


@contextmanager
def readable(file: Path) -> Iterator[None]:
    """Say in plain words why a file cannot be read, and what to do."""
    try:
        yield
    except FileNotFoundError:
        raise click.UsageError(f"there is no file {str(file)!r}; check its name and folder") from None
    except IsADirectoryError:
        raise click.UsageError(f"{str(file)!r} is a folder; name a file in it") from None
    except PermissionError:
        raise click.UsageError(f"{str(file)!r} may not be read; change its permissions or name another file") from None
    except OSError as error:
        raise click.UsageError(f"{str(file)!r} cannot be read ({error.strerror}); name another file") from None


def check_out(file: Path) -> None:
    """See before the work that what comes of it can be written to a file."""
    if file.is_dir():
        raise click.UsageError(f"--out is {str(file)!r}, a folder; name a file in it")
    if not file.parent.is_dir():
        raise click.UsageError(f"there is no folder {str(file.parent)!r}; make it first")


def check_figure(file: Path | None) -> None:
    """See before the work that a figure can be written, if one is asked for."""
    if file is None:
        return
    if file.is_dir():
        raise click.UsageError(f"--figure is {str(file)!r}, a folder; name a file in it, such as {file / 'figure.png'}")
    from induction.plots.style import check_path

    check_path(file)


def show(result: Any, as_json: bool, text: Callable[[], str]) -> None:
    """Print a result as JSON, in which an infinite loss is null, or as text."""
    tell(json.dumps(_finite(result), ensure_ascii=False, allow_nan=False) if as_json else text())


def _finite(result: Any) -> Any:
    """The same with null for numbers that JSON does not have."""
    if isinstance(result, dict):
        return {key: _finite(value) for key, value in result.items()}
    if isinstance(result, list | tuple):
        return [_finite(value) for value in result]
    return None if isinstance(result, float) and not math.isfinite(result) else result
