"""The command line: ``induction COMMAND``. Thin: it reads arguments, calls the package, prints.

Modules that compile or draw are imported by the command that needs them, so that ``--help`` is
instant. Results go to standard output, progress and errors to standard error.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

import click

from induction import __version__

JSON = click.option("--json", "as_json", is_flag=True, help='Print JSON; exact numbers as "a/b".')
FILE = click.option("--file", "file", type=click.Path(path_type=Path), help="Read the bits from a file.")


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


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
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
    except (click.Abort, KeyboardInterrupt):
        click.echo("interrupted", err=True)
        status = 130
    sys.exit(status)


def _complain(message: str) -> int:
    click.echo("induction: " + " ".join(message.split()), err=True)
    return 2


def read_bits(argument: str | None, file: Path | None) -> str:
    """Bits from the argument, a file, or standard input."""
    if argument is not None and file is not None:
        raise click.UsageError("bits are given twice, as an argument and with --file; give one")
    if file is not None:
        return file.read_text(encoding="utf-8")
    if argument is not None and argument != "-":
        return argument
    if sys.stdin.isatty():
        raise click.UsageError("no bits are given; write them as an argument, name a file with --file, or pipe them in")
    return sys.stdin.read()


class Progress:
    """A bar on standard error for work that goes on for over a second."""

    def __init__(self, label: str, total: float, unit: str) -> None:
        from tqdm import tqdm

        layout = "{l_bar}{bar}| {elapsed}<{remaining}"
        self._bar = tqdm(desc=label, total=total, unit=unit, delay=1, leave=False, bar_format=layout, file=sys.stderr)

    def __enter__(self) -> Progress:
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.close()

    def to(self, done: float, _total: float | None = None) -> None:
        """Move the bar to `done`."""
        self._bar.update(done - self._bar.n)


def show(result: Any, as_json: bool, text: Callable[[], str]) -> None:
    """Print a result as JSON or as text."""
    click.echo(json.dumps(result, ensure_ascii=False) if as_json else text())


@cli.command()
@click.argument("bits", required=False)
@FILE
@budget_options
@click.option("--fallback", default="uniform", show_default=True, help="A measure beside the programs, or 'none'.")
@JSON
def predict(bits: str | None, file: Path | None, as_json: bool, fallback: str, **budget: Any) -> None:
    """Predict the bit that comes after BITS."""
    from induction.bits import as_bits
    from induction.cli_text import predict_text
    from induction.dyadic import to_text
    from induction.inductor.predictor import Predictor

    predictor = Predictor(fallback=None if fallback == "none" else fallback, **budget)
    data = as_bits(read_bits(bits, file))
    with Progress("learning", len(data), "bit") as bar:
        for count, bit in enumerate(data):
            predictor.learn_one(int(bit))
            bar.to(count + 1)
    exact = predictor.predict_exact()[1]
    low, high = predictor.interval()
    result = {
        "p1": to_text(exact),
        "p1_float": predictor.predict_proba_one()[1],
        "interval": [to_text(low), to_text(high)],
        "loss_bits": predictor.loss_bits,
        "bound_bits": predictor.bound_bits,
    }
    show(result, as_json, lambda: predict_text(predictor))


@cli.command()
@click.argument("bits", required=False)
@FILE
@budget_options
@click.option("--programs", default=10, show_default=True, help="How many of the heaviest programs to show.")
@JSON
def explain(bits: str | None, file: Path | None, as_json: bool, programs: int, **budget: Any) -> None:
    """Say what became of every program on BITS, and which ones print them."""
    from induction.cli_text import explain_text
    from induction.inductor.explanation import explain as explain_bits

    with Progress("walking", 1.0, "mass") as bar:
        result = explain_bits(read_bits(bits, file), programs=programs, progress=bar.to, **budget)
    show(result.to_json() if as_json else None, as_json, lambda: explain_text(result))


@cli.command()
@click.option("--depth", type=int, required=True, help="Length of the strings, in bits.")
@click.option("--all-depths", is_flag=True, help="Shorter strings too.")
@budget_options
@JSON
def prior(depth: int, all_depths: bool, as_json: bool, **budget: Any) -> None:
    """M(x) for all strings x of --depth bits."""
    from induction.cli_text import prior_text
    from induction.inductor.prior import prior as prior_table

    with Progress("walking", 1.0, "mass") as bar:
        table = prior_table(depth, progress=bar.to, **budget)
    show(table.to_json(all_depths=all_depths) if as_json else None, as_json, lambda: prior_text(table, all_depths))


@cli.command()
@click.argument("program")
@click.option("--bits", default=64, show_default=True, help="How many output bits to ask for.")
@click.option("--machine", help="Reference machine.  [default: the file's, or queue]")
@click.option("--max-steps", default=65_536, show_default=True, help="Most steps between output bits.")
@click.option("--total", type=int, help="Most steps in all.  [default: no limit]")
@JSON
def run(program: str, bits: int, machine: str | None, max_steps: int, total: int | None, as_json: bool) -> None:
    """Run PROGRAM: bits, rule text, a program file, or the name of a sample program."""
    from induction.cli_text import run_text
    from induction.enumeration.library import load
    from induction.enumeration.runner import run as run_program

    if re.fullmatch(r"[\w./~-]*[a-zA-Z][\w./~-]*", program) or Path(program).is_file():
        sample = load(program)
        if machine not in (None, sample.machine):
            raise ValueError(f"{program} is written for {sample.machine}, not {machine}; leave --machine out")
        program, machine = sample.rules, sample.machine
    result = run_program(program, machine=machine or "queue", bits=bits, max_steps=max_steps, total=total)
    show(result.to_json(), as_json, lambda: run_text(result))


@cli.command()
@budget_options
@click.option("--bits", default=256, show_default=True, help="How many bits of each sequence.")
@click.option("--figure", type=click.Path(path_type=Path), default=Path("demo.png"), show_default=True)
@click.option("--source", "sources", multiple=True, help="A named sequence; may be repeated.  [default: twelve]")
@JSON
def demo(bits: int, figure: Path, sources: tuple[str, ...], as_json: bool, **budget: Any) -> None:
    """Predict named sequences and show the loss beside its bound."""
    from induction.cli_text import demo_text
    from induction.experiments.bound import bound
    from induction.inductor.predictor import Predictor
    from induction.plots.bound import figure as draw
    from induction.plots.style import check_path, save
    from induction.sources.sequences import DEMO

    check_path(figure)
    predictor = Predictor(**budget)
    names = sources or DEMO
    with Progress("predicting", len(names), "source") as bar:
        result = bound(names, bits=bits, predictor=predictor, progress=bar.to)
    save(draw(result), figure)
    show(result.to_json() | {"figure": str(figure)}, as_json, lambda: demo_text(result, figure))
