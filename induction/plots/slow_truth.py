"""Loss over time for several T, and the end of it against T by treatment of late programs."""

from __future__ import annotations

from typing import Any

import numpy as np

from induction.experiments.slow_truth import ENOUGH, SlowTruth, Truth
from induction.plots.style import BOUND, FALLBACK, LOSS, SHADES, style

_SPEED = SHADES[5]
_LOOKS = {
    "dead": ("out for good", LOSS, "o", "-"),
    "uniform": ("predict ½ from then on", SHADES[4], "v", "-."),
    "asleep": ("asleep until they catch up", SHADES[2], "s", "-"),
    "noisy": ("out, but bits may be flipped", SHADES[3], "D", ":"),
}


def draw_time(axes: Any, result: SlowTruth, truth: Truth) -> None:
    """Cumulative loss of the mixture that drops late programs, a line a T, and the speed prior at some lengths."""
    rows = result.of(truth.source, "dead")
    names: dict[float, list[int]] = {}
    for row, grey in zip(rows, np.linspace(0.7, 0.0, len(rows)), strict=True):
        axes.plot(row.loss, color=str(grey), linewidth=1.4)
        names.setdefault(round(float(row.loss[-1]), 1), []).append(row.max_steps)
    top = 1.1 * max(row.loss[-1] for row in rows)
    last = np.inf
    for height, steps in sorted(names.items(), reverse=True):
        last = min(height, last - 0.055 * top)
        label = "T = " + ", ".join(map(str, steps))
        if len(steps) > 1 and steps[-1] == rows[-1].max_steps:
            label = f"T ≥ {steps[0]}"
        axes.text(1.02 * result.bits, last, label, va="center", fontsize=8)
    speed = result.speed_of(truth.source)
    axes.plot([s.bits for s in speed], [s.loss for s in speed], "P", color=_SPEED, markersize=6, label="speed prior")
    axes.legend(loc="upper left")
    axes.set_xlim(0, result.bits * 1.16)
    axes.set_ylim(0, top)
    axes.set_xlabel(f"bits of {truth.source} seen")
    axes.set_ylabel("cumulative log loss (bits)")
    axes.set_title("late programs are out for good: after the last one\nthat fits, each further bit costs a bit")


def draw_patience(axes: Any, result: SlowTruth, truth: Truth) -> None:
    """Loss at the end against T by treatment, the bound where late programs are out, and the speed prior's line."""
    n = result.bits
    for treatment, (label, colour, mark, line) in _LOOKS.items():
        rows = result.of(truth.source, treatment)
        places = [row.max_steps for row in rows]
        axes.plot(places, [row.loss[-1] for row in rows], line, marker=mark, color=colour, markersize=4.5, label=label)
        if treatment == "dead":
            bounds = [row.bound[-1] for row in rows]
            axes.plot(places, bounds, "--", color=BOUND, linewidth=1.4, label="bound, if out for good")
    speed = result.speed_of(truth.source)[-1].loss
    axes.axhline(speed, color=_SPEED, linewidth=1.6, label=f"speed prior, T = {ENOUGH}")
    axes.axvline(truth.needs, color=FALLBACK, linewidth=0.8)
    beside = {"transform": axes.get_xaxis_transform(), "va": "top", "fontsize": 8}
    axes.text(truth.needs, 0.99, f" {truth.program.length} bits:\n fits", **beside)
    longer = [row for row in result.of(truth.source, "dead") if (row.length or 0) > truth.program.length]
    if longer:
        words = f"{longer[0].length} bits: a longer,\nquicker one fits"
        box = {"facecolor": "white", "edgecolor": "none", "pad": 1.5}
        axes.text(1.04 * longer[0].max_steps, 0.6, words, bbox=box, **beside)
    axes.set_xscale("log", base=2)
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:.0f}")
    axes.set_ylim(0, 1.1 * max(row.bound[-1] for row in result.of(truth.source, "dead")))
    axes.set_xlabel("T (steps an output bit)")
    axes.set_ylabel(f"loss after {n} bits (bits)")
    axes.set_title(
        f"{truth.source}: the shortest program is silent for {truth.needs} steps;\n"
        "where the late may catch up, they are missed less"
    )


def figure(result: SlowTruth) -> Any:
    """A row a source: loss over time, and what was lost in the end against T."""
    with style() as plt:
        size = len(result.truths)
        sheet, grid = plt.subplots(size, 2, figsize=(10, 3.6 * size + 1.0), squeeze=False)
        for (left, right), truth in zip(grid, result.truths, strict=True):
            draw_time(left, result, truth)
            draw_patience(right, result, truth)
        handles, labels = grid[0][1].get_legend_handles_labels()
        sheet.legend(handles, labels, loc="outside lower center", ncols=3, title="programs that are late:")
        sheet.suptitle(
            f"A T too small for the short program costs up to a bit a bit; the speed prior costs log2 of the steps "
            f"({result.machine}, L = {result.max_length})",
            x=0.01,
            ha="left",
            fontsize=11,
        )
        return sheet
