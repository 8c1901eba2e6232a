"""Divergence from the truth over time by flip rate, and loss beside entropy and bound against the rate."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from induction.experiments.noise import Noise, NoisySource, band
from induction.plots.style import BOUND, FALLBACK, LOSS, SHADES, SHEET, style

_LINES = ("-", "-.", ":", (0, (5, 1, 1, 1, 1, 1)))
_GREYS = ("0.0", "0.35", "0.5", "0.65")


def draw_divergence(axes: Any, runs: list[NoisySource]) -> None:
    """Mean divergence after 1 to n bits, a line a rate with its band, beside |p| + ½ log2 n + 1.

    What is drawn estimates an expectation, so that a mean or a band may cross the ceiling, which the expectation does
    not.
    """
    rounds = np.arange(1, runs[0].bits + 1)
    for number, run in enumerate(runs):
        mean, error = band(run.divergence)
        colour = _GREYS[number % len(_GREYS)]
        axes.fill_between(rounds, (mean - error)[1:], (mean + error)[1:], color=colour, alpha=0.18, linewidth=0)
        line = {"color": colour, "linestyle": _LINES[number % len(_LINES)], "linewidth": 1.6}
        axes.plot(rounds, mean[1:], **line, label=f"{run.rate:g}")
    length = runs[0].program_length
    if length is None:
        axes.set_title(f"{runs[0].title}: no program is\nshort enough, the divergence goes on growing")
    else:
        axes.plot(rounds, runs[0].ceiling[1:], "--", color=BOUND, linewidth=1.5)
        axes.set_title(f"{runs[0].title}: a program of {length} bits;\nan estimate, and its expectation's ceiling")
    axes.set_xscale("log", base=2)
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:.0f}")
    axes.set_xlim(1, runs[0].bits)
    tops = [float(band(run.divergence)[0][-1]) for run in runs]
    axes.set_ylim(0, 1.1 * max(*tops, *(run.ceiling[-1] for run in runs if math.isfinite(run.ceiling[-1])), 1.0))
    axes.set_xlabel("bits seen")


def draw_rates(axes: Any, runs: list[NoisySource]) -> None:
    """After n bits: entropy, mean loss with its error, the certified bound, and a context tree's loss."""
    rates = [run.rate for run in runs]
    means, errors = zip(*(band(run.loss[:, -1]) for run in runs), strict=True)
    axes.plot(rates, [run.entropy for run in runs], color=FALLBACK, marker="s", markersize=3.5, linestyle=":")
    axes.plot(rates, [run.bound[:, -1].mean() for run in runs], "--", color=BOUND, marker="_", markersize=9)
    trees = [run.context_tree.mean() for run in runs]
    axes.plot(rates, trees, color=SHADES[2], marker="^", markersize=4.5, linestyle="-.", linewidth=1.2)
    axes.errorbar(rates, means, errors, color=LOSS, marker="o", markersize=3.5, capsize=2.5, linewidth=1.4)
    near = means[0] <= trees[0]
    axes.set_title("loss = entropy + a few bits" if near else "a context tree sees what is out of reach")
    axes.set_ylim(0, 1.08 * max(*trees, *(run.bound[:, -1].mean() for run in runs)))
    axes.set_xticks(rates, [f"{rate:g}" for rate in rates])
    axes.set_xlabel("flip rate")


def figure(result: Noise) -> Any:
    """A column a source: divergence over time above, loss against the rate below."""
    with style() as plt:
        size = len(result.sources)
        sheet, grid = plt.subplots(2, size, figsize=(max(3.6 * size + 0.4, 1.2 * SHEET), 7.0), squeeze=False)
        for (upper, lower), name in zip(grid.T, result.sources, strict=True):
            runs = result.of(name)
            draw_divergence(upper, runs)
            draw_rates(lower, runs)
        grid[0][-1].legend(title="flip rate", loc="upper left")
        grid[0][0].set_ylabel("divergence from the truth (bits)")
        grid[1][0].set_ylabel(f"loss after {result.bits} bits (bits)")
        ceilings = "above: |p| + ½ log2 n + 1, of the expectation; below: certified bound of each run, mean"
        handles = [
            plt.Line2D([], [], color=BOUND, linestyle="--", label=ceilings),
            plt.Line2D([], [], color=LOSS, marker="o", markersize=3.5, label="mean loss"),
            plt.Line2D([], [], color=FALLBACK, marker="s", markersize=3.5, linestyle=":", label="entropy of the flips"),
            plt.Line2D([], [], color=SHADES[2], marker="^", markersize=4.5, linestyle="-.", label="context tree"),
        ]
        sheet.legend(handles=handles, loc="outside lower center", ncols=4)
        seeds = max(len(run.loss) for run in result.runs)
        sheet.suptitle(
            f"Where a program of |p| bits fits, flips at any rate cost, in expectation, at most their entropy and "
            f"|p| + ½ log2 n + 1 bits\n({result.machine}, L = {result.max_length}; drawn: means of {seeds} seeds and "
            "± 2 standard errors, estimates that may cross the ceiling)",
            x=0.01,
            ha="left",
            fontsize=10.5,
        )
        return sheet
