"""``induction explain``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from induction.commands.common import FILE, JSON, Progress, budget_options, read_bits, show


@click.command("explain")
@click.argument("bits", required=False)
@FILE
@budget_options
@click.option("--programs", default=10, show_default=True, help="How many of the heaviest programs to show.")
@JSON
def command(bits: str | None, file: Path | None, as_json: bool, programs: int, **budget: Any) -> None:
    """Say what became of every program on BITS, and which ones print them."""
    from induction.cli_text import explain_text
    from induction.inductor.explanation import explain as explain_bits

    with Progress("walking", 1.0, "mass") as bar:
        result = explain_bits(read_bits(bits, file), programs=programs, progress=bar.to, **budget)
    show(result.to_json() if as_json else None, as_json, lambda: explain_text(result))
