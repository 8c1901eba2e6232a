"""``induction run``."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import click

from induction.commands.common import JSON, FilePath, check_figure, show
from induction.commands.progress import Progress

_LONGEST_NAME = 200  # characters; longer ones are bits or rules
_MOST_BITS = 10**8  # of output: about a gigabyte of memory


@click.command("run")
@click.argument("program")
@click.option("--bits", default=64, show_default=True, help="How many output bits to ask for, 1 to 10^8.")
@click.option("--machine", help="Reference machine.  [default: the file's, or queue]")
@click.option("--max-steps", default=65_536, show_default=True, help="Most steps between output bits.")
@click.option("--total", type=int, help="Most steps in all.  [default: no limit]")
@click.option("--figure", type=FilePath(), help="Draw its memory over time to a PNG, SVG or PDF file.")
@JSON
def command(program: str, bits: int, machine: str | None, figure: Path | None, as_json: bool, **limits: Any) -> None:
    """Run PROGRAM: bits, rule text, a program file, or the name of a sample program."""
    from induction.cli_text import run_text
    from induction.enumeration.library import load
    from induction.enumeration.runner import run as run_program

    check_figure(figure)
    if bits > _MOST_BITS:
        raise ValueError(f"bits is {bits}; output is kept in memory, and {_MOST_BITS} bits are the most: ask for fewer")
    name = len(program) < _LONGEST_NAME and program.strip("01_ ")
    if name and (re.fullmatch(r"[\w./~-]*[a-zA-Z][\w./~-]*", program) or Path(program).is_file()):
        sample = load(program)
        if machine not in (None, sample.machine):
            raise ValueError(f"{program} is written for {sample.machine}, not {machine}; leave --machine out")
        program, machine = sample.rules, sample.machine
    with Progress("running", bits, "bit") as bar:
        result = run_program(program, machine=machine or "queue", bits=bits, progress=bar.to, **limits)
    drawn = {}
    if figure is not None:
        from induction.enumeration.trace import MOST_BITS, trace
        from induction.plots.space_time import figure as draw
        from induction.plots.style import save

        save(draw(trace(program, machine=machine or "queue", bits=min(bits, MOST_BITS), **limits)), figure)
        drawn = {"figure": str(figure)}
    show(result.to_json() | drawn, as_json, lambda: run_text(result))
