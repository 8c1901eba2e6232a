"""``induction prior``."""

from __future__ import annotations

from typing import Any

import click

from induction.commands.common import JSON, Progress, budget_options, show


@click.command("prior")
@click.option("--depth", type=int, required=True, help="Length of the strings, in bits.")
@click.option("--all-depths", is_flag=True, help="Shorter strings too.")
@budget_options
@JSON
def command(depth: int, all_depths: bool, as_json: bool, **budget: Any) -> None:
    """M(x) for all strings x of --depth bits."""
    from induction.cli_text import prior_text
    from induction.inductor.prior import prior as prior_table

    with Progress("walking", 1.0, "mass") as bar:
        table = prior_table(depth, progress=bar.to, **budget)
    show(table.to_json(all_depths=all_depths) if as_json else None, as_json, lambda: prior_text(table, all_depths))
