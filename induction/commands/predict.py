"""``induction predict``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from induction.commands.common import FILE, JSON, Progress, budget_options, read_bits, show


@click.command("predict")
@click.argument("bits", required=False)
@FILE
@budget_options
@click.option("--fallback", default="uniform", show_default=True, help="A measure beside the programs, or 'none'.")
@JSON
def command(bits: str | None, file: Path | None, as_json: bool, fallback: str, **budget: Any) -> None:
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
