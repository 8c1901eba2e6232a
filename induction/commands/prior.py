"""``induction prior``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from induction.commands.common import JSON, FilePath, budget_options, check_figure, show
from induction.commands.progress import Progress


@click.command("prior")
@click.option("--depth", type=int, required=True, help="Length of the strings, in bits.")
@click.option("--all-depths", is_flag=True, help="Shorter strings too.")
@click.option("--figure", type=FilePath(), help="Draw the tree of strings to a PNG, SVG or PDF file.")
@budget_options
@JSON
def command(depth: int, all_depths: bool, figure: Path | None, as_json: bool, **budget: Any) -> None:
    """M(x) for all strings x of --depth bits."""
    from induction.cli_text import prior_text
    from induction.inductor.prior import prior as prior_table

    check_figure(figure)
    with Progress("walking", 1.0, "walk") as bar:
        table = prior_table(depth, progress=bar.to, **budget)
    drawn = {}
    if figure is not None:
        from induction.plots.prior_map import figure as draw
        from induction.plots.style import save

        save(draw(table), figure)
        drawn = {"figure": str(figure)}
    result = table.to_json(all_depths=all_depths) | drawn if as_json else None
    show(result, as_json, lambda: prior_text(table, all_depths))
