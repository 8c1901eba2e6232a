"""Loss beside bound under a shift of inputs, a panel a task."""

from __future__ import annotations

from typing import Any

import numpy as np

from induction.experiments.shift import ShiftResult, ShiftRun
from induction.plots.style import BOUND, FALLBACK, LOSS, SHADES, SHEET, style

_DASHES = ("-.", ":")


def draw_task(axes: Any, runs: list[ShiftRun]) -> None:
    """One task: every run's cumulative loss and bound, the baselines' means, the shift as a vertical line."""
    pairs = np.arange(1, len(runs[0].bound))
    for run in runs:
        faint = 1.0 if run is runs[0] else 0.25
        axes.step(pairs, run.bound[1:], where="post", color=BOUND, linestyle="--", linewidth=1.3, alpha=faint)
        axes.step(pairs, run.own.loss[1:], where="post", color=LOSS, linewidth=1.5, alpha=faint)
    for name, dash, shade in zip(runs[0].baselines, _DASHES, SHADES[2:], strict=False):
        mean = np.mean([run.baselines[name].loss for run in runs], axis=0)
        axes.step(pairs, mean[1:], where="post", color=shade, linestyle=dash, linewidth=1.4)
    axes.axvline(runs[0].before, color=FALLBACK, linewidth=0.8)
    axes.set_xscale("log", base=2)
    axes.set_yscale("log", base=2)
    axes.set_xlim(1, pairs[-1])
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_formatter(lambda value, _: f"{value:g}")
    wrong = sum(run.mistakes_after() for run in runs)
    rival = sum(run.mistakes_after("logistic regression") for run in runs)
    axes.set_title(f"{runs[0].task}\nmistakes after the shift: {wrong}, regression {rival}")


def figure(result: ShiftResult) -> Any:
    """The whole sheet, with a caption that says what to see."""
    tasks = result.tasks
    with style() as plt:
        columns = min(3, len(tasks))
        rows = -(-len(tasks) // columns)
        sheet, grid = plt.subplots(rows, columns, figsize=(max(3.3 * columns, SHEET), 2.3 * rows + 0.9), squeeze=False)
        for axes, name in zip(grid.flat, tasks, strict=False):
            draw_task(axes, result.of(name))
        for axes in list(grid.flat)[len(tasks) :]:
            axes.set_visible(False)
        for row in grid:
            row[0].set_ylabel("bits lost")
        for axes in list(grid.flat)[max(0, len(tasks) - columns) : len(tasks)]:
            axes.set_xlabel("pairs seen")
        names = list(result.runs[0].baselines)
        handles = [
            plt.Line2D([], [], color=LOSS, linewidth=1.5, label="all programs"),
            plt.Line2D([], [], color=BOUND, linewidth=1.3, linestyle="--", label="proven ceiling: best |p| + loss"),
            plt.Line2D([], [], color=SHADES[2], lw=1.4, linestyle=_DASHES[0], label=names[0]),
            plt.Line2D([], [], color=SHADES[3], lw=1.4, linestyle=_DASHES[1], label=f"{names[0]} {names[1]} of bits"),
            plt.Line2D([], [], color=FALLBACK, lw=0.8, label="inputs change"),
        ]
        sheet.legend(handles=handles, loc="outside lower center", ncols=3)
        seeds = len(result.runs) // len(tasks)
        plural = "" if seeds == 1 else "s"
        sheet.suptitle(
            f"Programs go on being right when the inputs change ({result.machine}, L = {result.max_length}, "
            f"mistakes of {seeds} seed{plural} together)",
            x=0.01,
            ha="left",
            fontsize=11,
        )
        return sheet
