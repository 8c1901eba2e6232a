"""``induction explain``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from induction.commands.common import (
    FILE,
    JSON,
    FilePath,
    at_work,
    budget_options,
    read_bits,
    resumable,
    show,
    worker_options,
)
from induction.commands.progress import Progress, told_of_compiling
from induction.commands.streams import tell

_STORE = "Keep what is done in this file (with --deepen in STORE.16, STORE.17, ...), and go on from it."


@click.command("explain")
@click.argument("bits", required=False)
@FILE
@budget_options
@click.option("--programs", default=10, show_default=True, help="How many of the heaviest programs to show.")
@click.option("--match-only", is_flag=True, help="Drop paths that cannot print BITS: faster, only `match` is exact.")
@click.option("--deepen", type=float, metavar="SECONDS", help="Raise L until this call's time is used.")
@click.option("--store", type=FilePath(), help=_STORE)
@worker_options
@JSON
def command(
    bits: str | None, file: Path | None, as_json: bool, match_only: bool, deepen: float | None, **options: Any
) -> None:
    """Say what became of every program on BITS, and which ones print them."""
    if deepen is not None and not deepen > 0:
        raise click.UsageError(f"--deepen is {deepen:g}; allowed are numbers of seconds above 0")
    data = read_bits(bits, file)
    options["matches_only"] = match_only
    with at_work(options):
        if deepen is None:
            _explain(data, as_json, **options)
        else:
            _deepen(data, as_json, deepen, **options)


def _explain(data: str, as_json: bool, store: Path | None, **options: Any) -> None:
    """One walk."""
    from induction.cli_text import explain_text
    from induction.inductor.explanation import explain

    with resumable(store), Progress("walking", 1.0, "walk") as bar:
        result = explain(data, store=store, progress=bar.to, **options)
    show(result.to_json() if as_json else None, as_json, lambda: explain_text(result))


def _deepen(data: str, as_json: bool, seconds: float, store: Path | None, **options: Any) -> None:
    """Longer and longer programs: a line for each length as it comes, then the last in full."""
    from induction.cli_text import depth_text, explain_text
    from induction.inductor.deepening import deepen

    depths = []
    with resumable(store, "{}.*"), told_of_compiling():
        for result in deepen(data, seconds=seconds, store=store, **options):
            depths.append(result.to_json())
            if not as_json:
                tell(depth_text(result))
    show(depths[-1] | {"depths": depths}, as_json, lambda: "\n" + explain_text(result))
