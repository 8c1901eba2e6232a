"""Loss beside bound over time, a panel a source."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from induction.experiments.bound import BoundResult, SourceRun
from induction.plots.style import BOUND, FALLBACK, LOSS, SHEET, style

_COLUMNS = 4


def draw_source(axes: Any, run: SourceRun) -> None:
    """One source: cumulative loss as a line, its bound as a dashed line, on a logarithmic time axis."""
    rounds = np.arange(1, run.bits + 1)
    colour = BOUND if run.learned else FALLBACK
    axes.step(rounds, run.bound[1:], where="post", color=colour, linestyle="--", linewidth=1.4)
    axes.step(rounds, run.loss[1:], where="post", color=LOSS, linewidth=1.6)
    axes.fill_between(rounds, run.loss[1:], run.bound[1:], step="post", color=colour, alpha=0.12, linewidth=0)
    axes.set_xscale("log", base=2)
    axes.set_xlim(1, run.bits)
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:.0f}")
    finite = [value for value in (*run.loss, *run.bound) if math.isfinite(value)]
    axes.set_ylim(0, 1.15 * max(*finite, 1.0))
    if run.learned:
        plural = "" if run.mistakes == 1 else "s"
        verdict = f"{run.loss[-1]:.1f} ≤ {len(run.competitor)} bits, {run.mistakes} mistake{plural}"
    else:
        verdict = f"not learned: {run.loss[-1]:.0f} ≤ {run.bound[-1]:.0f} bits"
    axes.set_title(f"{run.title}\n{verdict}")


def figure(result: BoundResult) -> Any:
    """The whole sheet, with a caption that says what to see."""
    runs = result.sources
    with style() as plt:
        columns = min(_COLUMNS, len(runs))
        rows = math.ceil(len(runs) / columns)
        sheet, grid = plt.subplots(rows, columns, figsize=(max(2.9 * columns, SHEET), 2.1 * rows + 0.9), squeeze=False)
        for axes, run in zip(grid.flat, runs, strict=False):
            draw_source(axes, run)
        for axes in list(grid.flat)[len(runs) :]:
            axes.set_visible(False)
        for row in grid:
            row[0].set_ylabel("bits")
        for axes in list(grid.flat)[max(0, len(runs) - columns) : len(runs)]:
            axes.set_xlabel("bits seen")
        handles = [
            plt.Line2D([], [], color=LOSS, linewidth=1.6, label="cumulative log loss of the predictor"),
            plt.Line2D([], [], color=BOUND, lw=1.4, linestyle="--", label="proven ceiling: shortest program left"),
            plt.Line2D([], [], color=FALLBACK, lw=1.4, linestyle="--", label="ceiling of the fallback alone"),
        ]
        sheet.legend(handles=handles, loc="outside lower center", ncols=3)
        sheet.suptitle(
            f"Where a program fits, the loss stops growing; it never exceeds its ceiling "
            f"({result.machine}, L = {result.max_length}, T = {result.max_steps})",
            x=0.01,
            ha="left",
            fontsize=11,
        )
        return sheet
