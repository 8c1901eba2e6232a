"""``induction zoo``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from induction.commands.common import JSON, Progress, show


@click.command("zoo")
@click.option("--machine", default="queue", show_default=True, help="Reference machine.")
@click.option("--max-length", default=28, show_default=True, help="L, program bits, 1 to 62.")
@click.option("--max-steps", default=1024, show_default=True, help="T, steps between output bits.")
@click.option("--bits", default=512, show_default=True, help="Bits of each sequence that a program has to print.")
@click.option("--source", "sources", multiple=True, help="A named sequence; may be repeated.  [default: all]")
@click.option("--workers", default=1, show_default=True, help="Threads.")
@click.option(
    "--store", type=click.Path(path_type=Path), help="Keep finished parts in files of this name and a number."
)
@click.option("--out", type=click.Path(path_type=Path), help="Write a program file for each sequence into this folder.")
@JSON
def command(sources: tuple[str, ...], out: Path | None, as_json: bool, **options: Any) -> None:
    """Find the shortest programs of all named sequences, all of them in each walk."""
    from induction.cli_text import table
    from induction.experiments.zoo import zoo
    from induction.sources.sequences import names

    with Progress("walking", 1.0, "work") as bar:
        result = zoo(sources or names(), progress=bar.to, **options)
    if out is not None:
        result.write(out)

    def text() -> str:
        rows = [
            [one.title, str(one.program.length) if one.program else "-", one.program.text if one.program else "none"]
            for one in result.specimens
        ]
        return table(["sequence", "bits", "shortest program"], rows, left=(0, 2))

    show(result.to_json(), as_json, text)
