"""``induction expand``."""

from __future__ import annotations

from pathlib import Path

import click

from induction.commands.common import JSON, FilePath, check_out, readable, show
from induction.commands.compress import SUFFIX
from induction.commands.progress import Progress

_MOST = 2**18  # bytes; no coded file is as long


@click.command("expand")
@click.argument("file", type=FilePath())
@click.option("--out", type=FilePath(), help=f"Where to.  [default: FILE without {SUFFIX}]")
@JSON
def command(file: Path, out: Path | None, as_json: bool) -> None:
    """Turn FILE, made by ``induction compress``, back into what it was."""
    from induction.coding import expand
    from induction.files import whole_file

    target = out
    if target is None:
        if file.suffix != SUFFIX:  # nor has a file that is called that, and no more, this suffix
            raise ValueError(f"{file} does not end with {SUFFIX}; say with --out where the data should go")
        target = file.with_suffix("")
        if target.exists():
            raise ValueError(f"{target} is there already; move it away, or say with --out where the data should go")
    check_out(target)
    with readable(file), file.open("rb") as source:
        blob = source.read(_MOST)
    try:
        with Progress("predicting", 1.0, "share") as bar:
            data = expand(blob, progress=lambda done, whole: bar.to(done / whole))
    except ImportError as error:
        raise click.ClickException(str(error)) from None
    except ValueError as error:
        raise ValueError(f"{file}: {error}") from None
    with whole_file(target) as written:
        written.write(data)
    result = {"file": str(file), "out": str(target), "bytes": len(data)}
    show(result, as_json, lambda: f"{target}: {len(data)} bytes")
