"""``induction run``."""

from __future__ import annotations

import re
from pathlib import Path

import click

from induction.commands.common import JSON, show

_LONGEST_NAME = 200  # characters; longer ones are bits or rules


@click.command("run")
@click.argument("program")
@click.option("--bits", default=64, show_default=True, help="How many output bits to ask for.")
@click.option("--machine", help="Reference machine.  [default: the file's, or queue]")
@click.option("--max-steps", default=65_536, show_default=True, help="Most steps between output bits.")
@click.option("--total", type=int, help="Most steps in all.  [default: no limit]")
@JSON
def command(program: str, bits: int, machine: str | None, max_steps: int, total: int | None, as_json: bool) -> None:
    """Run PROGRAM: bits, rule text, a program file, or the name of a sample program."""
    from induction.cli_text import run_text
    from induction.enumeration.library import load
    from induction.enumeration.runner import run as run_program

    name = len(program) < _LONGEST_NAME and program.strip("01_ ")
    if name and (re.fullmatch(r"[\w./~-]*[a-zA-Z][\w./~-]*", program) or Path(program).is_file()):
        sample = load(program)
        if machine not in (None, sample.machine):
            raise ValueError(f"{program} is written for {sample.machine}, not {machine}; leave --machine out")
        program, machine = sample.rules, sample.machine
    result = run_program(program, machine=machine or "queue", bits=bits, max_steps=max_steps, total=total)
    show(result.to_json(), as_json, lambda: run_text(result))
