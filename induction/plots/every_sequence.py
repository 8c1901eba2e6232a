"""Loss against bound of every sequence, as a density under the diagonal."""

from __future__ import annotations

from typing import Any

import numpy as np

from induction.experiments.every_sequence import EverySequence
from induction.plots.style import BOUND, LOSS, style


def figure(result: EverySequence) -> Any:
    """The density of all strings of the greatest length, and the slack by length."""
    loss, bound = result.losses[-1], result.bounds[-1]
    n = result.length
    with style() as plt:
        sheet, (axes, side) = plt.subplots(1, 2, figsize=(10, 4.6), width_ratios=(3, 2))
        top = float(np.ceil(bound.max())) + 1.5
        columns = np.arange(-0.5, top + 0.5)
        shades = plt.matplotlib.colors.LogNorm(vmin=0.2)  # a cell with one sequence is still seen
        cells = columns, np.arange(0, top, 0.5)
        image = axes.hist2d(np.floor(bound), loss, bins=cells, cmin=1, cmap="Greys", norm=shades)[3]
        axes.plot([0, top], [0, top], color=BOUND, linestyle="--", linewidth=1.4)
        axes.text(0.72 * top, 0.78 * top, "loss = bound", color=BOUND, ha="right")
        axes.set_xlim(0, top)
        axes.set_ylim(0, top)
        axes.set_xlabel("bound: shortest program, or the fallback if that is less (bits)")
        axes.set_ylabel("cumulative log loss (bits)")
        axes.set_title(f"all {len(loss):,} sequences of {n} bits: {result.rows[-1].violations} above the diagonal")
        bar = sheet.colorbar(image, ax=axes, pad=0.01, format="%g")
        bar.ax.set_title("sequences")
        bar.ax.set_ylim(bottom=0.8)
        rows = result.rows
        lengths = [row.length for row in rows]
        side.plot(lengths, [row.mean_slack for row in rows], color=LOSS, marker="o", markersize=3.5)
        side.plot(lengths, [row.least_slack for row in rows], color=LOSS, marker="s", markersize=3.5, linestyle=":")
        side.annotate("mean", (n, rows[-1].mean_slack), xytext=(4, -12), textcoords="offset points", ha="right")
        side.annotate("least", (n, rows[-1].least_slack), xytext=(-4, 6), textcoords="offset points", ha="right")
        side.axhline(0, color=BOUND, linestyle="--", linewidth=1.4)
        side.set_xlabel("length of the sequences (bits)")
        side.set_ylabel("slack: bound minus loss (bits)")
        side.set_ylim(bottom=-0.5)
        side.set_title("room is left at every length")
        sheet.suptitle(
            f"On every sequence, the loss is below the bound "
            f"({result.machine}, L = {result.budget.max_length}, T = {result.budget.max_steps})",
            x=0.01,
            ha="left",
            fontsize=11,
        )
        return sheet
