"""Machine beside machine: -log2 M(x) of all x of a length, a scatter plot a pair, and the differences as x grows."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import cycle
from typing import Any

import numpy as np

from induction.experiments.invariance import Invariance, Pair
from induction.plots.style import FALLBACK, LOSS, SHADES, style

_MARKS = "os^Dv*XP<>"
_LINES = ("-", "--", ":", "-.")
_ALIKE = 0.01  # bits: a column that spans less tells no string from another


def draw_pair(axes: Any, result: Invariance, first: str, second: str) -> None:
    """One dot a string: bits by `first` to the right, by `second` upwards; dashed, where they would be equal."""
    a, b = result.bits[first], result.bits[second]
    both = np.isfinite(a) & np.isfinite(b)
    axes.axline((0, 0), slope=1, color=FALLBACK, linewidth=0.8, linestyle="--")
    axes.scatter(a[both], b[both], s=7, color=LOSS, alpha=0.35, linewidths=0)
    axes.set_xlim(*spread(a[both]))
    axes.set_ylim(*spread(b[both]))


def spread(values: np.ndarray) -> tuple[float, float]:
    """Limits of an axis around values, at least 2 bits apart, so that no noise is blown up."""
    low, high = (float(values.min()), float(values.max())) if len(values) else (0.0, 0.0)
    margin = max(0.06 * (high - low), (2 - (high - low)) / 2)
    return low - margin, high + margin


def alike(result: Invariance) -> list[str]:
    """Columns in which all strings have the same number of bits, within a hundredth: nothing can agree with them."""
    finite = {name: values[np.isfinite(values)] for name, values in result.bits.items()}
    return [name for name, values in finite.items() if len(values) and np.ptp(values) < _ALIKE]


def draw_numbers(axes: Any, pair: Pair, same: Sequence[str] = ()) -> None:
    """What the scatter plot across the diagonal comes to, in words; no correlation with the columns in `same`."""
    constant = [name for name in (pair.first, pair.second) if name in same]
    if constant:
        lines = [f"{name}: all x alike," for name in constant] + ["no correlation"]
    else:
        lines = [f"{name} {value:.2f}" for name, value in (("rank", pair.spearman), ("linear", pair.pearson))]
        lines = [line.replace("nan", "–") for line in lines]
    if pair.strings:
        lines += [f"differ by ≤ {pair.largest:.1f} bits", f"(x = {pair.at})"]
    if pair.strings < 2**pair.length:
        lines.append(f"{pair.strings} strings only")
    axes.text(0.5, 0.5, "\n".join(lines), ha="center", va="center", fontsize=8, transform=axes.transAxes)
    axes.set_axis_off()


def draw_growth(axes: Any, result: Invariance) -> None:
    """The largest difference a symbol as strings get longer, a line a pair of machines."""
    marks, lines, shades = cycle(_MARKS), cycle(_LINES), cycle(SHADES)
    for one in result.pairs:
        if one.length == result.length and {one.first, one.second} <= result.budgets.keys():
            run = [p for p in result.pairs if (p.first, p.second) == (one.first, one.second)]
            axes.plot(
                [p.length for p in run],
                [p.per_symbol for p in run],
                marker=next(marks),
                linestyle=next(lines),
                color=next(shades),
                markersize=4,
                linewidth=1.2,
                label=f"{one.first}, {one.second}",
            )
    axes.set_ylim(bottom=0)
    axes.set_xlabel("length of x in bits")
    axes.set_ylabel("bits a symbol")
    axes.xaxis.get_major_locator().set_params(integer=True)
    axes.set_title("largest difference, a symbol of x")
    if axes.lines:
        axes.set_ylim(0, 1.2 * axes.get_ylim()[1])
        axes.legend(loc="best")


def caption(result: Invariance) -> str:
    """What there is to see."""
    full = [p for p in result.pairs if p.length == result.length]
    same = alike(result)
    known = [p for p in full if not {p.first, p.second} & set(same) and not math.isnan(p.spearman)]
    cuts = ", ".join(f"{name} {budget.max_length}" for name, budget in result.budgets.items())
    where = (
        f"−log2 M(x) and K(x), in bits, of all x of {result.length} bits; dashed: equal; "
        f"programs of at most {cuts} bits."
    )
    if same:
        where += f"\nFor {' and '.join(same)} all x are alike within {_ALIKE} bits: no ranks to compare."
    if not known:
        return where
    near = max(known, key=lambda p: p.spearman)
    far = max((p for p in full if p.strings), key=lambda p: p.largest)
    return (
        f"{near.first} and {near.second} agree most on which strings are simple (rank {near.spearman:.2f}); "
        f"{far.first} and {far.second} differ by up to {far.largest:.1f} bits.\n{where}"
    )


def figure(result: Invariance) -> Any:
    """The whole sheet: scatter plots below the diagonal, their numbers above it, growth beside them."""
    columns = result.columns
    size, same = len(columns), alike(result)
    with style() as plt:
        sheet = plt.figure(figsize=(1.75 * size + 3.2, 1.6 * size + 0.8))
        left, right = sheet.subfigures(1, 2, width_ratios=[1.75 * size, 3.2])
        grid = left.subplots(size, size, squeeze=False)
        for row, second in enumerate(columns):
            for column, first in enumerate(columns):
                axes = grid[row][column]
                if column < row:
                    draw_pair(axes, result, first, second)
                elif column > row:
                    draw_numbers(axes, result.pair(second, first), same)
                else:
                    values = result.bits[first][np.isfinite(result.bits[first])]
                    axes.hist(values, bins=16, range=spread(values), color=SHADES[-1])
                    axes.set_title(first)
                    axes.set_yticks([])
                if column <= row == size - 1:
                    axes.set_xlabel(f"{first}, bits")
                if column == 0 < row:
                    axes.set_ylabel(f"{second}, bits")
        draw_growth(right.subplots(), result)
        sheet.suptitle(caption(result), x=0.01, ha="left", fontsize=11)
        return sheet
