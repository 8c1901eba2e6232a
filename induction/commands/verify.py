"""``induction verify``."""

from __future__ import annotations

import sys

import click

from induction.commands.common import JSON, show
from induction.commands.progress import Progress


@click.command("verify")
@click.option("--full", is_flag=True, help="Tens of millions of cases, in some minutes.")
@JSON
def command(full: bool, as_json: bool) -> None:
    """Check every statement of the theory on all short strings and on the sources."""
    from induction.cli_text import table
    from induction.experiments.verify import steps, verify

    with Progress("verifying", len(list(steps(full))), "part") as bar:
        result = verify(full=full, progress=bar.to)

    def text() -> str:
        rows = [[c.name, f"{c.cases:,}", str(c.violations), f"{c.worst_slack_bits:.3g}"] for c in result.checks]
        cases = sum(check.cases for check in result.checks)
        failed = sum(check.violations for check in result.checks)
        head = ["statement", "cases", "violations", "least slack"]
        return table(head, rows, left=(0,)) + f"\n\n{cases:,} cases, {failed} violations"

    show(result.to_json(), as_json, text)
    if not result.holds:
        sys.exit(1)
