"""``induction compress``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from induction.commands.common import JSON, FilePath, budget_options, check_out, readable, show
from induction.commands.progress import Progress

SUFFIX = ".induced"


@click.command("compress")
@click.argument("file", type=FilePath())
@click.option("--out", type=FilePath(), help=f"The coded file.  [default: FILE{SUFFIX}]")
@budget_options
@JSON
def command(file: Path, out: Path | None, as_json: bool, **budget: Any) -> None:
    """Code FILE with the predictor, arithmetically: a demonstration for at most 64 KiB.

    Here --max-length is at most 28 (20 by default) and --max-steps at most 4096.
    """
    from induction.coding import LARGEST, encode
    from induction.files import whole_file

    with readable(file), file.open("rb") as source:
        data = source.read(LARGEST + 1)
    if len(data) > LARGEST:
        raise ValueError(
            f"{file} has more than {LARGEST} bytes; this is a demonstration for at most {LARGEST}: "
            "use a compressor made for files"
        )
    target = file.with_name(file.name + SUFFIX) if out is None else out
    check_out(target)
    try:
        with Progress("predicting", 8 * len(data), "bit") as bar:
            coding = encode(data, progress=bar.to, **budget)
    except ImportError as error:
        raise click.ClickException(str(error)) from None
    with whole_file(target) as written:
        written.write(coding.blob)
    result = {"file": str(file), "out": str(target), "bytes": len(data)} | coding.to_json()
    show(result, as_json, lambda: _text(result))


def _text(result: dict[str, Any]) -> str:
    bits = 8 * result["bytes"]
    printed = result["shortest_bits"]
    return "\n".join(
        [
            f"{result['file']}: {result['bytes']} bytes; {result['out']}: {result['coded_bytes']} bytes, "
            f"a header of {result['header_bytes']} and {result['payload_bytes']} of code",
            f"bound: {result['bound_bits']:.4f} bits and at most 64 beside the header",
            f"{result['predicted_bits']} of {bits} bits were predicted"
            + ("" if result["predicted_bits"] == bits else "; then no program was left, and the rest stands as it is"),
            f"a program of {printed} bits prints them all" if printed is not None else "no program known prints them",
        ]
    )
