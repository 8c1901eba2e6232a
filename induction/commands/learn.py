"""``induction learn``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from induction.commands.common import JSON, FilePath, budget_options, read_input, read_text, show
from induction.commands.progress import Progress


@click.command("learn")
@click.argument("file", required=False, type=FilePath(allow_dash=True))
@budget_options
@click.option(
    "--predict",
    "asked",
    multiple=True,
    metavar="X",
    help="Predict the label of this input afterwards; may be repeated.",
)
@click.option("--reading", default="label", show_default=True, help="What an output says: 'label' or 'probability'.")
@click.option("--encoding", default="raw", show_default=True, help="How an input is given: 'raw' or 'delimited'.")
@JSON
def command(file: Path | None, asked: tuple[str, ...], as_json: bool, **options: Any) -> None:
    """Learn labels y of inputs x from FILE, or standard input: a line "x y" for each pair.

    x is a bit string, y a bit; "-" is the empty input, and what follows a "#" is left out.
    """
    from induction.bits import as_bits, to_text
    from induction.cli_mixtures import learn_json, learn_text
    from induction.inductor.conditional import ConditionalPredictor

    if options["max_length"] is None:
        del options["max_length"]
    questions = [to_text(as_bits("" if x == "-" else x, "--predict")) for x in asked]
    predictor = ConditionalPredictor(**options)
    pairs = _pairs(_lines(file))
    with Progress("learning", len(pairs), "pair") as bar:
        for count, (x, y) in enumerate(pairs):
            predictor.learn_one(x, y)
            bar.to(count + 1)
    show(learn_json(predictor, questions) if as_json else None, as_json, lambda: learn_text(predictor, questions))


def _lines(file: Path | None) -> list[str]:
    if file is not None and str(file) != "-":
        return read_text(file, "lines like '0110 1'").splitlines()
    if file is None and sys.stdin.isatty():
        raise click.UsageError("no pairs are given; name a file of lines 'x y', or pipe them in")
    return read_input().splitlines()


def _pairs(lines: list[str]) -> list[tuple[str, int]]:
    """Inputs and labels, from lines of two words; the empty input is a hyphen."""
    pairs = []
    for number, line in enumerate(lines, 1):
        words = line.partition("#")[0].split()
        if not words:
            continue
        if len(words) != 2 or words[1] not in ("0", "1") or (words[0].strip("01") and words[0] != "-"):
            raise click.UsageError(f"line {number} is {line!r}; allowed are an input and its label, like '0110 1'")
        pairs.append((words[0].replace("-", ""), int(words[1])))
    if not pairs:
        raise click.UsageError("no pairs are given; write a line 'x y' for each, an input and its label, like '0110 1'")
    return pairs
