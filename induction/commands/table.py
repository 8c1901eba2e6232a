"""``induction table``."""

from __future__ import annotations

from pathlib import Path

import click

from induction.commands.common import JSON, FilePath, resumable, show
from induction.commands.progress import Progress


@click.command("table")
@click.argument("table", metavar="busy-beaver", type=click.Choice(["busy-beaver"]))
@click.argument("states", metavar="N", type=int)
@click.option("--cut", type=int, help="Most steps of a run that counts.  [default: enough for all; 500 for N = 5]")
@click.option("--workers", default=1, show_default=True, help="Threads.")
@click.option("--store", type=FilePath(), help="File that keeps what is done, to go on from later.")
@JSON
def command(table: str, states: int, cut: int | None, workers: int, store: Path | None, as_json: bool) -> None:
    """D(N) as CSV: how often machines of N states and two symbols leave each string.

    Rows are string,count,K with K = -log2 D(N), by falling count. N is 1 to 5; 5 takes minutes.
    """
    from induction.tables.busy_beaver import distribution

    del table  # there is one so far
    with resumable(store), Progress("walking", 1.0, "share") as bar:
        result = distribution(
            states, cut, workers=workers, store=store, progress=lambda done, total: bar.to(done / total)
        )
    show(result.to_json() if as_json else None, as_json, lambda: result.to_csv().rstrip("\n"))
