"""The sheet that ``make bench`` draws from its rows."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from induction.plots.style import BOUND, LOSS, save, style

MATCHES = "#9db4d8"  # a walk for matches only
Rows = list[dict[str, Any]]


def column(rows: Rows, name: str) -> list[Any]:
    """One column of a table."""
    return [row[name] for row in rows]


def by_length(axes: Any, rows: Rows, name: str, unit: str, title: str) -> None:
    """Forks or seconds against L, for both walks."""
    lengths = column(rows, "L")
    axes.semilogy(lengths, column(rows, name), "o-", color=LOSS, label="all fates")
    axes.semilogy(lengths, column(rows, f"matches_{name}"), "s--", color=MATCHES, label="matches only")
    axes.set(title=title, xlabel="L (program bits), T = 256", ylabel=unit)
    axes.set_xticks(lengths)
    axes.legend()


def by_steps(axes: Any, rows: Rows) -> None:
    """Forks and seconds against T, each as a share of its value at the largest T."""
    steps = column(rows, "T")
    for name, mark, color in (("forks", "o-", LOSS), ("seconds", "s--", MATCHES)):
        values = np.array(column(rows, name))
        axes.semilogx(steps, values / values[-1], mark, color=color, base=2, label=name)
    axes.set(title="Patience is nearly free: silence is proved", xlabel=f"T (steps), L = {rows[0]['L']}")
    axes.set_ylabel("share of the last")
    axes.set_ylim(0)
    axes.legend(loc="lower right")


def beside_c(axes: Any, rows: Rows) -> None:
    """Both walks' time as a ratio to plain C."""
    places = np.arange(len(rows))
    axes.bar(places - 0.2, column(rows, "ratio"), 0.4, color=LOSS, label="all fates")
    axes.bar(places + 0.2, column(rows, "match_only_ratio"), 0.4, color=MATCHES, label="matches only")
    axes.axhline(1, color=BOUND, linestyle="--", label="plain C")
    axes.set_xticks(places, [name.replace("-", "\n") for name in column(rows, "target")])
    axes.set(title=f"Time beside plain C, one core, L = {rows[0]['L']}", ylabel="ratio (less is faster)")
    axes.set_ylim(0, 1.6)
    axes.legend(ncols=2, loc="upper left")


def bars(axes: Any, names: list[str], values: list[float], title: str, unit: str) -> None:
    """Named values, the first on top, each with its number."""
    places = np.arange(len(names))[::-1]
    axes.barh(places, values, color=LOSS)
    for place, value in zip(places, values, strict=True):
        axes.text(value, place, f" {value:.2g}", va="center")
    axes.set_yticks(places, names)
    axes.set(title=title, xlabel=unit)
    axes.set_xlim(0, 1.2 * max(values))


def draw(results: dict[str, Rows], path: Path) -> None:
    """Growth with L and T, the time beside C, scaling over workers, start-up times."""
    with style() as plt:
        sheet, panels = plt.subplots(2, 3, figsize=(11, 6.4))
        lengths, steps = results["growth with L"], results["growth with T"]
        by_length(panels[0, 0], lengths, "forks", "forks", "Forks grow 1.8 to 1.9 times a bit")
        by_length(panels[0, 1], lengths, "seconds", "seconds, one core", "And so does time")
        by_steps(panels[0, 2], steps)
        if "beside C" in results:
            beside_c(panels[1, 0], results["beside C"])
        else:
            panels[1, 0].set(title="No C compiler: no comparison")
        cores, commands = results["cores"], results["start-up"]
        kinds = [f"{row['workers']} {row['executor']}".replace("1 threads", "1 thread") for row in cores]
        bars(
            panels[1, 1],
            kinds,
            column(cores, "speed_up"),
            f"Workers, L = {cores[0]['L']}",
            "times as fast as one thread",
        )
        bars(
            panels[1, 2],
            column(commands, "command"),
            column(commands, "seconds"),
            "Start-up, whole processes",
            "seconds",
        )
        save(sheet, path)
