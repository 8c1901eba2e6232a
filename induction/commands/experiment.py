"""``induction experiment``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from induction.commands.common import JSON, FilePath, check_figure, show
from induction.commands.progress import Progress

_SHOWN = 6  # numbers of a series that are printed as text
_WIDEST = 48  # letters of a cell


@click.command("experiment")
@click.argument("name", required=False)
@click.option("--figure", type=FilePath(), help="Draw the result to a PNG, SVG or PDF file.")
@click.option("--full", is_flag=True, help="The full size: up to minutes, in place of seconds.")
@JSON
def command(name: str | None, figure: Path | None, full: bool, as_json: bool) -> None:
    """Run one experiment and print its numbers; without NAME, list them with their questions."""
    from induction.cli_text import table
    from induction.experiments.registry import EXPERIMENTS, experiment

    if name is None:
        if figure is not None or full:
            raise click.UsageError("--figure and --full need the name of an experiment")
        rows = [{"name": each.name, "question": each.question} for each in EXPERIMENTS.values()]
        cells = [[row["name"], row["question"]] for row in rows]
        show({"experiments": rows}, as_json, lambda: table(["experiment", "question"], cells, left=(0, 1)))
        return
    chosen = experiment(name)
    check_figure(figure)
    with Progress(chosen.name, 1, "part") as bar:
        result = chosen.run(full=full, progress=lambda done, parts=1: bar.to(done / parts))
    answer: dict[str, Any] = {"experiment": chosen.name} | result.to_json()
    if figure is not None:
        from induction.plots.style import save

        save(chosen.draw(result), figure)
        answer["figure"] = str(figure)
    show(answer, as_json, lambda: chosen.question + "\n\n" + as_text(answer))


def as_text(answer: dict[str, Any]) -> str:
    """A result's JSON as lines and tables: numbers one a line, lists of rows as a table each."""
    from induction.cli_text import table

    lines, tables = [], []
    for key, value in answer.items():
        if isinstance(value, list) and value and all(isinstance(row, dict) for row in value):
            flat = [_flat(row) for row in value]
            head = list(dict.fromkeys(name for row in flat for name in row))
            words = [i for i, name in enumerate(head) if isinstance(flat[0].get(name), str)]
            cells = [[_cell(row.get(name)) for name in head] for row in flat]
            tables += ["", f"{key}:", table([name.replace("_", " ") for name in head], cells, left=words)]
        elif isinstance(value, dict):
            lines += [f"{key} {name}: {_cell(inner)}" for name, inner in value.items()]
        else:
            lines.append(f"{key.replace('_', ' ')}: {_cell(value)}")
    return "\n".join(lines + tables)


def _flat(row: dict[str, Any]) -> dict[str, Any]:
    """Columns of a table: inner numbers get columns of their own, a program stays with its text."""
    columns: dict[str, Any] = {}
    for name, value in row.items():
        if isinstance(value, dict) and "text" in value:
            columns[name] = value["text"]
        elif isinstance(value, dict):
            columns |= {f"{name} {inner}": number for inner, number in _flat(value).items()}
        else:
            columns[name] = value
    return columns


def _cell(value: Any) -> str:
    if value is None:
        return "-"
    if isinstance(value, float):
        return f"{value:.5g}"
    if isinstance(value, list):
        shown = ", ".join(_cell(each) for each in value[:_SHOWN])
        return shown if len(value) <= _SHOWN else f"{shown}, … ({len(value)} in all)"
    text = str(value)
    return text if len(text) <= _WIDEST else text[: _WIDEST - 1] + "…"
