"""``induction compare``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from induction.commands.common import FILE, JSON, budget_options, read_bits, show
from induction.commands.progress import Progress


@click.command("compare")
@click.argument("bits_given", metavar="[BITS]", required=False)
@FILE
@click.option("--source", "sources", multiple=True, help="A named sequence; may be repeated.  [default: twelve]")
@click.option("--bits", type=int, help="How many bits of each source.  [default: 256 of a named one, else all]")
@budget_options
@JSON
def command(
    bits_given: str | None, file: Path | None, sources: tuple[str, ...], bits: int | None, as_json: bool, **budget: Any
) -> None:
    """Losses of the predictor beside those of classical ones, on named sequences or on BITS.

    The columns: programs (ours), uniform, KT (Krichevsky-Trofimov), CTW (context-tree weighting of depth 16),
    LZ78, BM (Berlekamp-Massey: linear recurrences), and a portfolio, the mixture of the classical ones.
    """
    from induction.experiments.compare import compare, rivals
    from induction.inductor.predictor import Predictor
    from induction.sources.sequences import DEMO

    own = {}
    if bits_given is not None or file is not None:
        own[str(file) if file is not None else "bits"] = read_bits(bits_given, file)
    names = sources or (() if own else DEMO)
    predictors = rivals(Predictor(**budget))
    total = len(predictors) * (len(names) + len(own))
    with Progress("comparing", total, "row") as bar:
        result = compare(names, bits=bits, data=own, predictors=predictors, progress=bar.to)
    show(result.to_json(), as_json, lambda: _text(result))


def _text(result: Any) -> str:
    from induction.cli_text import table

    rows = []
    for source, length in result.lengths.items():
        best = result.best(source)
        losses = [f"{result.loss(source, name):.2f}" + ("*" if name in best else " ") for name in result.predictors]
        rows.append([source, str(length), *losses])
    head = ["source", "bits", *(f"{name} " for name in result.predictors)]
    return table(head, rows) + "\n\nloss in bits of all predictions together; * the least on the source"
