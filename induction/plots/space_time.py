"""A program's own picture: its queue or tape as a space-time diagram, a row a round or a step."""

from __future__ import annotations

import textwrap
from typing import Any

import numpy as np

from induction.enumeration.trace import BLANK, NOTHING, Trace
from induction.plots.style import FALLBACK, LOSS, style

ZERO, HIDDEN_ONE, HIDDEN_ZERO, HEAD = "#d6dded", "#7a4a12", "#ffffff", "#f0a000"
_MOST_COLUMNS = 160
_LARGEST, _WIDEST, _HIGHEST = 0.24, 9.5, 8.0  # inches: a cell, all columns, all rows
_LABELLED = 0.115  # inches: the least cell whose row has room for the name of its rule
_TICKS_APART = 0.3  # inches
_NARROW = 7.5  # inches: a sheet whose legend needs two lines
_LETTERS_AN_INCH = 13
_ENDS = {
    "complete": "",
    "cut": "; then it needs more program bits",
    "silent": "; then it is proved to be silent for ever",
    "timeout": "; then it is out of steps",
}


def draw(axes: Any, trace: Trace) -> None:
    """The diagram on one axes: squares are bits of the output too, discs are hidden, dark is 1.

    Under a queue, which is where its bits were written one after another, and beside a tape, the output is repeated.
    """
    rows, columns = shown(trace)
    values, visible = trace.values[:rows, :columns], trace.visible[:rows, :columns]
    queue = trace.row_is == "round"
    y, x = np.indices(values.shape)
    _cells(axes, x.ravel(), y.ravel(), values.ravel(), visible.ravel())
    if queue:
        _taken_and_written(axes, trace, rows)
        final = np.full(columns, BLANK, dtype=np.int8)  # a cell is seen from its round on, for one row at least
        for row in range(rows):
            new = trace.written[row, :columns] & visible[row]
            final[new] = values[row][new]
        _cells(axes, np.arange(columns), np.full(columns, rows + 1), final, final != BLANK)
    else:
        _squares(axes, trace.at[:rows], np.arange(rows), 0.94, facecolor="none", edgecolor=HEAD, linewidth=1.5)
        bits = np.array([int(out) if out else BLANK for out in trace.outputs[:rows]], dtype=np.int8)
        _cells(axes, np.full(rows, columns + 1), np.arange(rows), bits, bits != BLANK)
    _axes(axes, trace, rows, columns)


def shown(trace: Trace) -> tuple[int, int]:
    """How many rows and columns are drawn: all, unless a queue goes on past what a page can show."""
    rows, columns = trace.values.shape
    if columns <= _MOST_COLUMNS or trace.row_is == "step":
        return rows, columns
    fits = (trace.values[:, _MOST_COLUMNS:] == BLANK).all(axis=1)
    rows = max(1, int(np.argmin(fits)) if not fits.all() else rows)
    used = np.flatnonzero((trace.values[:rows] != BLANK).any(axis=0))
    return rows, int(used[-1]) + 1 if len(used) else 1


def _squares(axes: Any, x: np.ndarray, y: np.ndarray, size: float, **look: Any) -> None:
    from matplotlib.collections import PatchCollection
    from matplotlib.patches import Rectangle

    boxes = [Rectangle((a - size / 2, b - size / 2), size, size) for a, b in zip(x, y, strict=True)]
    axes.add_collection(PatchCollection(boxes, **look))


def _discs(axes: Any, x: np.ndarray, y: np.ndarray, radius: float, **look: Any) -> None:
    from matplotlib.collections import PatchCollection
    from matplotlib.patches import Circle

    axes.add_collection(PatchCollection([Circle((a, b), radius) for a, b in zip(x, y, strict=True)], **look))


def _cells(axes: Any, x: np.ndarray, y: np.ndarray, values: np.ndarray, visible: np.ndarray) -> None:
    """Bits at their places: a square if they are visible, a disc if not; dark for 1."""
    for value, shade in ((0, ZERO), (1, LOSS)):
        here = visible & (values == value)
        _squares(axes, x[here], y[here], 0.92, facecolor=shade, edgecolor="none")
    for value, shade in ((0, HIDDEN_ZERO), (1, HIDDEN_ONE)):
        here = ~visible & (values == value)
        _discs(axes, x[here], y[here], 0.27, facecolor=shade, edgecolor=HIDDEN_ONE, linewidth=0.7)


def _taken_and_written(axes: Any, trace: Trace, rows: int) -> None:
    """Hollow, the bits that were taken; a stair, left of what each round wrote."""
    took = np.flatnonzero(trace.at[:rows] != NOTHING)
    _squares(axes, trace.at[took], took, 0.8, facecolor="none", edgecolor=FALLBACK, linewidth=0.6)
    edge = -0.5
    stair = []
    for row in range(rows):
        new = np.flatnonzero(trace.written[row])
        stair += [(edge, row - 0.5), (edge, row + 0.5)]
        edge = new[-1] + 0.5 if len(new) else edge
    axes.plot(*zip(*stair, strict=True), color="black", linewidth=0.9)


def _axes(axes: Any, trace: Trace, rows: int, columns: int) -> None:
    queue = trace.row_is == "round"
    axes.set_aspect("equal")
    axes.grid(False)
    axes.set_xlim(-0.8, columns - 0.2 + (0 if queue else 2))
    axes.set_ylim(rows - 0.2 + (2 if queue else 0), -0.8)
    axes.spines[["left", "bottom"]].set_visible(False)
    axes.tick_params(length=2)
    edge = cell_size(trace)
    if edge >= _LABELLED:
        at, names = list(range(rows)), [f"{rule}   {row + 1}" for row, rule in enumerate(trace.rules[:rows])]
        what = "instruction" if trace.machine == "brainphoque" else "rule"
        axes.set_ylabel(f"{what} and {trace.row_is}")
    else:
        at = [0, *range(7, rows, 8)]
        names = [str(row + 1) for row in at]
        axes.set_ylabel(f"{trace.row_is}s")
    axes.set_yticks([*at, rows + 1] if queue else at, [*names, "output"] if queue else names)
    axes.tick_params(axis="y", labelsize=min(8, 55 * edge) if edge >= _LABELLED else 8)
    step = next(width for width in (1, 2, 5, 10, 20, 50, 100, 200) if width * edge >= _TICKS_APART or width == 200)
    first = -(trace.origin // step) * step
    at = [cell + trace.origin for cell in range(first, columns - trace.origin, step)]
    names = [str(cell - trace.origin) for cell in at]
    if queue:
        at = [0, *range(max(step, 2) - 1, columns, step)] if columns > 1 else [0]
        names = [str(cell + 1) for cell in at]
    axes.set_xticks(at if queue else [*at, columns + 1], names if queue else [*names, "output"])
    axes.set_xlabel("bits ever put into the queue, in this order" if queue else "cells of the tape")


def cell_size(trace: Trace) -> float:
    """The edge of a cell on a sheet of :func:`figure`, in inches."""
    rows, columns = shown(trace)
    return min(_LARGEST, _WIDEST / (columns + 3), _HIGHEST / (rows + 3))


def caption(trace: Trace) -> str:
    """What there is to see, in one sentence."""
    rows, columns = shown(trace)
    if not rows:
        return f"nothing was done within the budget{_ENDS[trace.run.status]}"
    bits = len("".join(trace.outputs[:rows]))
    whole = rows == len(trace.steps) and trace.complete
    numbers = f"{_many(rows, trace.row_is)} write {_many(bits, 'bit')}"
    start = numbers if whole else f"the first {numbers}"
    if rows == 1:
        start = start.replace("write", "writes")
    if trace.row_is == "round":
        left = trace.values[rows - 1] != BLANK
        hidden = int((left & ~trace.visible[rows - 1]).sum())
        rest = f"and leave {_many(int(left.sum()), 'bit')} in the queue, {hidden or 'none'} of them hidden"
    else:
        rest = f"on {_many(columns, 'cell')} of the tape"
    return f"{start} {rest}{_ENDS[trace.run.status] if whole else ''}"


def _many(count: int, word: str) -> str:
    return f"{count} {word}" + ("" if count == 1 else "s")


def figure(trace: Trace) -> Any:
    """The whole sheet, with a caption that says what to see."""
    rows, columns = shown(trace)
    cell = cell_size(trace)
    width = max(5.6, cell * (columns + 3) + 1.2)
    letters = int(width * _LETTERS_AN_INCH)
    head = textwrap.wrap(f"{trace.machine}: {caption(trace)}", letters)
    rules = textwrap.shorten(trace.run.text.split(" + ")[0], 4 * letters, placeholder=" …")
    head += textwrap.wrap(rules, letters)
    with style() as plt:
        sheet, axes = plt.subplots(figsize=(width, cell * (rows + 3) + 1.3 + 0.19 * len(head)))
        if rows:
            draw(axes, trace)
        else:
            axes.set_axis_off()
        sheet.suptitle("\n".join(head), x=0.01, ha="left", fontsize=11)
        look = {"color": "none", "markeredgecolor": FALLBACK, "markeredgewidth": 0.4, "markersize": 7, "marker": "s"}
        handles = [
            plt.Line2D([], [], markerfacecolor=LOSS, label="1, in the output too", **look),
            plt.Line2D([], [], markerfacecolor=ZERO, label="0, in the output too", **look),
        ]
        disc = look | {"marker": "o", "markersize": 5, "markeredgecolor": HIDDEN_ONE, "markeredgewidth": 0.7}
        handles += [
            plt.Line2D([], [], markerfacecolor=HIDDEN_ONE, label="1, hidden", **disc),
            plt.Line2D([], [], markerfacecolor=HIDDEN_ZERO, label="0, hidden", **disc),
        ]
        if trace.row_is == "round":
            taken = look | {"markersize": 6, "markeredgewidth": 0.6}
            handles += [
                plt.Line2D([], [], markerfacecolor="none", label="just taken", **taken),
                plt.Line2D([], [], color="black", linewidth=0.9, label="right of it: just written"),
            ]
        else:
            frame = look | {"markeredgecolor": HEAD, "markeredgewidth": 1.5}
            handles += [plt.Line2D([], [], markerfacecolor="none", label="head", **frame)]
        columns_of_legend = len(handles) if width > _NARROW else 3
        spaces = {"columnspacing": 1.2, "handletextpad": 0.4}
        sheet.legend(handles=handles, loc="outside lower center", ncols=columns_of_legend, **spaces)
        return sheet
