"""Cumulative regret to the mixture, a panel a source."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from induction.experiments.meta import Meta
from induction.plots.style import FALLBACK, SHADES, SHEET, style

_LINES = ("-", "--", ":", "-.")
_COLUMNS = 2


def figure(result: Meta) -> Any:
    """Bits lost beyond the mixture, summed over steps; below zero the candidate is ahead."""
    sources = result.sources
    with style() as plt:
        columns = min(_COLUMNS, len(sources))
        rows = math.ceil(len(sources) / columns)
        sheet, grid = plt.subplots(
            rows, columns, figsize=(max(4.8 * columns, SHEET), 2.7 * rows + 0.9), squeeze=False, sharex=True
        )
        for axes, source in zip(grid.flat, sources, strict=False):
            scores = result.of(source)
            for number, each in enumerate(scores):
                shade, dash = SHADES[number % len(SHADES)], _LINES[number % len(_LINES)]
                steps = np.arange(len(each.regret) + 1)
                total = np.concatenate([[0.0], np.cumsum(each.regret)])
                axes.plot(steps, total, color=shade, linestyle=dash, linewidth=1.5, label=each.candidate)
            axes.axhline(0, color=FALLBACK, linewidth=0.9)
            runs = scores[0].runs
            axes.set_title(f"{source}: mean of {runs} draws" if runs > 1 else source)
            axes.set_ylabel("regret so far (bits)")
        for axes in list(grid.flat)[len(sources) :]:
            axes.set_visible(False)
        for axes in list(grid.flat)[max(0, len(sources) - columns) : len(sources)]:
            axes.set_xlabel("bits seen")
            axes.tick_params(labelbottom=True)
        handles, labels = grid[0, 0].get_legend_handles_labels()
        sheet.legend(handles, labels, loc="outside lower center", ncols=len(labels))
        sheet.suptitle(
            f"Above 0 the mixture is ahead: regret to it, step by step "
            f"({result.machine}, L = {result.max_length}, T = {result.max_steps})",
            x=0.01,
            ha="left",
            fontsize=11,
        )
        return sheet
