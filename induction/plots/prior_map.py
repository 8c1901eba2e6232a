"""The prior over all x as a map of the binary tree: nested boxes, as wide as M(x)."""

from __future__ import annotations

import math
from typing import Any

from induction.inductor.prior import PriorTable
from induction.plots.style import style

DEEPEST_DRAWN = 12
_WIDE = 10.0  # inches of the root's box
_LETTER = 0.072  # inches
_EDGED = 0.04  # inches: a narrower box would be all edge


def draw(axes: Any, table: PriorTable, depth: int) -> Any:
    """Boxes down to `depth` on one axes: 0 to the left, 1 to the right, between them what writes neither.

    Returns the scale of shades, for a colour bar.
    """
    from matplotlib import colormaps, colors
    from matplotlib.cm import ScalarMappable
    from matplotlib.collections import PatchCollection
    from matplotlib.patches import Rectangle

    left = {"": 0.0}
    boxes, edges, favours, names = [], [], [], []
    for level in range(depth + 1):
        mean = float(sum(table.at(level).values())) / 2**level
        for bits in sorted(table.strings(level)):
            mass = float(table[bits])
            if bits:
                parent = bits[:-1]
                left[bits] = left[parent] + (bits[-1] == "1") * (float(table[parent]) - mass)
            if mass > 0:
                boxes.append(Rectangle((left[bits], level - 0.5), mass, 1.0))
                edges.append(0.5 if mass * _WIDE > _EDGED else 0.0)
                favours.append(math.log2(mass / mean))
                names.append((bits, left[bits] + mass / 2, level, mass))
    most = max(1.0, *(abs(each) for each in favours))
    norm = colors.Normalize(-most, most)
    shades = colors.LinearSegmentedColormap.from_list("favour", colormaps["Blues"]([0.04, 0.35, 0.97]))
    drawn = PatchCollection(boxes, facecolor=shades(norm(favours)), edgecolor="white", linewidth=edges)
    drawn.set_snap(False)  # a box of less than a pixel is faint, and not a pixel wide
    axes.add_collection(drawn)
    for (bits, middle, level, mass), favour in zip(names, favours, strict=True):
        _write(axes, bits or "all programs", (middle, level), mass, "white" if norm(favour) > 0.62 else "black")
    _axes(axes, depth)
    return ScalarMappable(norm, shades)


def _write(axes: Any, bits: str, at: tuple[float, float], mass: float, colour: str) -> None:
    """The string in its box, upright if it only fits so, or not at all."""
    room = mass * _WIDE
    if room >= _LETTER * len(bits) + 0.08:
        axes.text(*at, bits, ha="center", va="center", fontsize=8, color=colour)
    elif room >= 0.14 and len(bits) <= 6:
        axes.text(*at, bits, ha="center", va="center", fontsize=7, color=colour, rotation=90)


def _axes(axes: Any, depth: int) -> None:
    axes.set_xlim(0, 1)
    axes.set_ylim(depth + 0.5, -0.5)
    axes.grid(False)
    axes.set_yticks(range(depth + 1))
    axes.set_ylabel("length of x (bits)")
    axes.set_xlabel("M(x): share of all programs that print x first (%)")
    axes.xaxis.set_major_formatter(lambda value, _: f"{100 * value:.0f}")


def caption(table: PriorTable, depth: int) -> str:
    """What there is to see, in one sentence."""
    printed = sum(table.at(depth).values())
    if not printed:
        return f"No program within the budget prints {_bits(depth)}"
    best = max(sorted(table.strings(depth)), key=lambda bits: table[bits])
    share = 100 * float(table[best] / printed)
    return (
        f"{best} is the likeliest string of {_bits(depth)}, {share:.2g} % of what is printed; "
        f"{100 * float(1 - printed):.0f} % prints less within the budget"
    )


def _bits(count: int) -> str:
    return f"{count} bit" + ("" if count == 1 else "s")


def figure(table: PriorTable) -> Any:
    """The whole sheet, with a caption that says what to see."""
    depth = min(table.depth, DEEPEST_DRAWN)
    with style() as plt:
        sheet, axes = plt.subplots(figsize=(_WIDE + 1.5, max(3.6, 0.42 * (depth + 1) + 1.5)))
        scale = draw(axes, table, depth)
        bar = sheet.colorbar(scale, ax=axes, pad=0.01, fraction=0.05)
        bar.set_label("M(x) beside the mean of its length")
        bar.outline.set_visible(False)
        bar.locator.set_params(integer=True, nbins=7)
        bar.ax.yaxis.set_major_formatter(lambda value, _: f"{'×' if value >= 0 else '÷'} {2 ** abs(value):g}")
        words = {"silent": "proved silent", "timeout": "out of steps", "cut": "too long for L"}
        words = {"silent": "proved silent", "timeout": "out of steps", "cut": "too long for L"}
        why = ", ".join(f"{100 * float(mass):.1f} % {words[name]}" for name, mass in table.open.items())
        axes.set_title(f"white gaps: programs that stop writing there. Fewer than {_bits(table.depth)}: {why}")
        budget = table.budget
        sheet.suptitle(
            f"{caption(table, depth)} ({table.machine}, L = {budget.max_length}, T = {budget.max_steps})",
            x=0.01,
            ha="left",
            fontsize=11,
        )
        return sheet
