"""Bound, loss, decided mass and certified interval against L and against T."""

from __future__ import annotations

from typing import Any

from induction.dyadic import log2_above, log2_below
from induction.experiments.cut_off import CutOff, Setting
from induction.plots.style import SHADES, style

_MARKS = "osD^vP"


def _value(each: Setting, steps: bool) -> int:
    return each.max_steps if steps else each.max_length


def figure(result: CutOff) -> Any:
    """A column for L and one for T; bound over loss, decided mass, and the interval of -log2 M(data)."""
    most_length = max(each.max_length for each in result.by_length)
    most_steps = max(each.max_steps for each in result.by_steps)
    with style() as plt:
        sheet, grid = plt.subplots(3, 2, figsize=(9.5, 8.6), sharex="col", sharey="row", height_ratios=(4, 3, 4))
        for column, steps in enumerate((False, True)):
            top, middle, bottom = grid[:, column]
            for number, source in enumerate(result.sources):
                rows = result.of(source, steps=steps)
                at = [_value(each, steps) for each in rows]
                colour, mark = SHADES[number % len(SHADES)], _MARKS[number % len(_MARKS)]
                line = {"color": colour, "marker": mark, "markersize": 3.5, "linewidth": 1.3}
                top.plot(at, [each.bound for each in rows], linestyle="--", **line)
                top.plot(at, [each.loss for each in rows], label=source, **line)
                middle.plot(at, [100 * float(each.decided) for each in rows], **line)
                seen = [each for each in rows if each.low]
                places = [_value(each, steps) for each in seen]
                bottom.plot(places, [-log2_below(each.low) for each in seen], linestyle="--", **line)
                bottom.plot(at, [-log2_above(each.high) if each.high else None for each in rows], **line)
            if steps:
                for axes in (top, middle, bottom):
                    axes.set_xscale("log", base=2)
                    axes.xaxis.set_major_formatter(lambda value, _: f"{value:.0f}")
            else:
                bottom.xaxis.get_major_locator().set_params(integer=True)
            bottom.set_xlabel("T (steps an output bit)" if steps else "L (program bits)")
        grid[0, 0].set_ylim(bottom=0)
        grid[0, 0].set_title(f"more bits, T = {most_steps}: the bound (dashed) never rises")
        grid[0, 1].set_title(f"more steps, L = {most_length}: a few are enough")
        grid[1, 0].set_title("the decided share of all mass grows")
        grid[1, 1].set_title("patience decides less and less")
        grid[2, 0].set_title("M(data) lies between the lines: they close slowly")
        grid[2, 1].set_title("no dashed line: no program found, M may be 0")
        grid[0, 0].set_ylabel("bound and loss (bits)")
        grid[1, 0].set_ylabel("decided mass (%)")
        grid[2, 0].set_ylabel("−log2 M(data) (bits)")
        handles, labels = grid[0, 0].get_legend_handles_labels()
        sheet.legend(handles, labels, loc="outside lower center", ncols=len(labels))
        sheet.suptitle(
            f"The bound falls at once, where the budget first admits the shortest program "
            f"({result.machine}, {result.bits} bits each)",
            x=0.01,
            ha="left",
            fontsize=11,
        )
        return sheet
