"""``induction sample``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from induction.commands.common import JSON, FilePath, budget_options, check_out, show
from induction.commands.progress import Progress


@click.command("sample")
@click.argument("n", type=int)
@click.option("--bits", default=256, show_default=True, help="Most output bits of a draw.")
@click.option("--out", type=FilePath(), required=True, help="The .npz file to write.")
@click.option("--seed", default=0, show_default=True, help="Any whole number of at least 0.")
@budget_options
@JSON
def command(n: int, bits: int, out: Path, seed: int, as_json: bool, **budget: Any) -> None:
    """Draw N outputs from the prior, as training data.

    The file holds the arrays outputs (N x bits), mask (N x bits: which bits were written before the path
    ended) and lengths (N: program bits read).
    """
    from induction.inductor.sampling import check_path
    from induction.inductor.sampling import sample as draw

    check_path(out)
    check_out(out)
    with Progress("drawing", n, "draw") as bar:
        draws = draw(n, bits=bits, seed=seed, progress=bar.to, **budget)
    draws.save(out)
    show(draws.to_json() | {"file": str(out)}, as_json, lambda: _text(draws, out))


def _text(draws: Any, out: Path) -> str:
    from induction.cli_text import counted, reach, table

    meaning = {
        "complete": "wrote all bits that were asked for",
        "cut": f"needed more than {draws.budget.max_length} program bits",
        "silent": "proved never to write again",
        "timeout": f"took more than {draws.budget.max_steps} steps for a bit, or used up the total",
    }
    rows = [[str(count), name, meaning[name]] for name, count in draws.counts.items()]
    return "\n".join(
        [
            f"{counted(len(draws), 'draw')} from {draws.machine}, programs of {reach(draws.budget)}, seed {draws.seed}",
            "",
            table(["draws", "status", "what became of them"], rows, left=(1, 2)),
            "",
            f"on average {draws.written.mean():.2f} bits written, {draws.lengths.mean():.2f} program bits read",
            f"outputs, mask and lengths: {out}",
        ]
    )
