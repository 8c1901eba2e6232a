"""``induction zoo``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from induction.commands.common import JSON, FilePath, at_work, resumable, show, worker_options
from induction.commands.progress import Progress


@click.command("zoo")
@click.option("--machine", default="queue", show_default=True, help="Reference machine.")
@click.option("--max-length", default=28, show_default=True, help="L, program bits, 1 to 62.")
@click.option("--max-steps", default=1024, show_default=True, help="T, steps between output bits.")
@click.option("--bits", default=512, show_default=True, help="Bits of each that a program has to print, 1 to 16384.")
@click.option("--source", "sources", multiple=True, help="A named sequence; may be repeated.  [default: all]")
@worker_options
@click.option("--store", type=FilePath(), help="Keep what is done in STORE.16, STORE.20, ... by L.")
@click.option("--out", type=FilePath(), help="Merge a program file for each sequence into this folder.")
@JSON
def command(
    sources: tuple[str, ...], store: Path | None, out: Path | None, as_json: bool, machine: str, **options: Any
) -> None:
    """Find the shortest programs of all named sequences, all of them in each walk.

    --out keeps what the folder says from larger searches; none.md lists the sequences without a program.
    """
    from induction.cli_text import table
    from induction.experiments.zoo import zoo
    from induction.experiments.zoo_files import check_folder
    from induction.machines import get
    from induction.sources.sequences import names, sequence

    asked = [sequence(name).name for name in sources or names()]
    if out is not None:
        check_folder(out, get(machine).name, asked)
    with at_work(options), resumable(store, "{}.*"), Progress("walking", 1.0, "work") as bar:
        result = zoo(asked, machine=machine, store=store, progress=bar.to, **options)
    shown = result.to_json()
    kept: list[str] = []
    if out is not None:
        kept = result.write(out)[1]
        shown |= {"out": str(out), "kept": kept}

    def text() -> str:
        rows = [
            [one.title, str(one.program.length) if one.program else "-", one.program.text if one.program else "none"]
            for one in result.specimens
        ]
        note = f"\n\n{out} keeps the word of a search larger in L, T or bits on {', '.join(kept)}" if kept else ""
        return table(["sequence", "bits", "shortest program"], rows, left=(0, 2)) + note

    show(shown, as_json, text)
