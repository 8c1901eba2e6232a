"""``induction demo``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from induction.commands.common import JSON, FilePath, budget_options, check_figure, show
from induction.commands.progress import Progress


@click.command("demo")
@budget_options
@click.option("--bits", default=256, show_default=True, help="How many bits of each sequence.")
@click.option("--figure", type=FilePath(), default=Path("demo.png"), show_default=True)
@click.option("--source", "sources", multiple=True, help="A named sequence; may be repeated.  [default: twelve]")
@JSON
def command(bits: int, figure: Path, sources: tuple[str, ...], as_json: bool, **budget: Any) -> None:
    """Predict named sequences and show the loss beside its bound."""
    from induction.cli_text import demo_text
    from induction.experiments.bound import bound
    from induction.inductor.predictor import Predictor
    from induction.plots.bound import figure as draw
    from induction.plots.style import save
    from induction.sources.sequences import DEMO

    check_figure(figure)
    predictor = Predictor(**budget)
    names = sources or DEMO
    with Progress("predicting", len(names), "source") as bar:
        result = bound(names, bits=bits, predictor=predictor, progress=bar.to)
    save(draw(result), figure)
    show(result.to_json() | {"figure": str(figure)}, as_json, lambda: demo_text(result, figure, budget["total"]))
