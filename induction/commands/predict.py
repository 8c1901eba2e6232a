"""``induction predict``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from induction.commands.common import FILE, JSON, FilePath, budget_options, check_figure, read_bits, show
from induction.commands.progress import Progress


@click.command("predict")
@click.argument("bits", required=False)
@FILE
@budget_options
@click.option("--fallback", help="A measure beside the programs, or 'none'.  [default: uniform]")
@click.option("--noise", is_flag=True, help="Programs whose output may be flipped, at a rate that each learns.")
@click.option(
    "--prior",
    type=click.Choice(["length", "kt", "fast"]),
    default="length",
    show_default=True,
    help="Weigh programs by their length alone, or by a speed prior.",
)
@click.option(
    "--timeouts",
    type=click.Choice(["dead", "uniform", "asleep"]),
    default="dead",
    show_default=True,
    help="A program out of time is dropped, predicts ½ from then on, or sleeps until it has caught up.",
)
@click.option("--intervals", is_flag=True, help="Show certified intervals after every bit.")
@click.option("--figure", type=FilePath(), help="Draw the posterior over time to a PNG, SVG or PDF file.")
@JSON
def command(
    bits: str | None, file: Path | None, intervals: bool, figure: Path | None, as_json: bool, **options: Any
) -> None:
    """Predict the bit that comes after BITS."""
    from induction.bits import as_bits
    from induction.cli_mixtures import choose, intervals_json, intervals_text, mixture_text, prediction_json
    from induction.cli_text import predict_text
    from induction.inductor.certified import CertifiedRun
    from induction.inductor.predictor import Predictor

    predictor = choose(**options)
    if intervals and not isinstance(predictor, Predictor):
        raise click.UsageError("--intervals are known for the usual mixture; leave --noise, --prior and --timeouts out")
    check_figure(figure)
    if figure is not None and not isinstance(predictor, Predictor):
        raise click.UsageError("--figure is drawn of the usual mixture; leave --noise, --prior and --timeouts out")
    data = as_bits(read_bits(bits, file))
    steps = []
    with Progress("learning", len(data), "bit") as bar:
        for count, bit in enumerate(data):
            if intervals and isinstance(predictor, Predictor):
                steps.append(predictor.certified())
            predictor.learn_one(int(bit))
            bar.to(count + 1)
    result = prediction_json(predictor) if as_json else {}
    if not isinstance(predictor, Predictor):
        show(result, as_json, lambda: mixture_text(predictor))
        return
    if figure is not None:
        _draw(predictor, figure)
        result["figure"] = str(figure)
    if not intervals:
        show(result, as_json, lambda: predict_text(predictor))
        return
    run = CertifiedRun((*steps, predictor.certified()))
    if as_json:
        result["intervals"] = intervals_json(run)
    show(result, as_json, lambda: predict_text(predictor) + "\n\n" + intervals_text(run))


def _draw(predictor: Any, figure: Path) -> None:
    """The posterior after each of the bits that a predictor has learned; a twin learns them again."""
    from induction.inductor.posterior_history import posterior_history
    from induction.plots.posterior import figure as draw
    from induction.plots.style import save

    with Progress("drawing", max(1, len(predictor.data)), "bit") as bar:
        history = posterior_history(predictor.clone(), predictor.data, progress=bar.to)
    save(draw(history), figure)
