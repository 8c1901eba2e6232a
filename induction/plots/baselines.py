"""Everybody's loss on every source as a map of numbers."""

from __future__ import annotations

from typing import Any

import numpy as np

from induction.experiments.baselines import Baselines
from induction.experiments.compare import OURS
from induction.plots.style import LOSS, style


def draw_rows(axes: Any, result: Baselines, sources: tuple[str, ...]) -> None:
    """Some sources: a row each, darker for more bits lost a bit of data, the least in a frame."""
    from matplotlib.patches import Rectangle

    names = result.predictors
    rows = [[*(result.losses.loss(source, name) for name in names), result.both(source)] for source in sources]
    lost = np.array(rows)
    lengths = np.array([[result.losses.lengths[source]] for source in sources])
    axes.imshow(np.minimum(lost / lengths, 1.0), cmap="Greys", vmin=0, vmax=2.4, aspect="auto")
    for y, source in enumerate(sources):
        best = result.best(source)
        for x, name in enumerate((*names, "")):
            won = name in best
            look = {"fontweight": "bold", "color": "0.0"} if won else {"color": "0.1"}
            axes.text(x, y, f"{lost[y, x]:.0f}", ha="center", va="center", fontsize=7.5, **look)
            if won:
                frame = Rectangle((x - 0.47, y - 0.46), 0.94, 0.92, fill=False, edgecolor=LOSS, linewidth=1.3)
                axes.add_patch(frame)
    axes.axvline(len(names) - 0.5, color="white", linewidth=3)
    axes.set_xticks(range(len(names) + 1), [*names, f"{OURS}, portfolio"], rotation=30, ha="left", fontsize=8)
    axes.xaxis.tick_top()
    axes.set_yticks(range(len(sources)), sources, fontsize=8)
    axes.tick_params(length=0)
    axes.grid(visible=False)
    for spine in axes.spines.values():
        spine.set_visible(False)


def caption(result: Baselines) -> str:
    """What there is to see."""
    rows = {row.predictor: row for row in result.standings}
    count = len(result.losses.lengths)
    others = ", ".join(f"{name} {row.best_alone}" for name, row in rows.items() if name != OURS and row.best_alone)
    shared = sum(len(result.best(source)) > 1 for source in result.losses.lengths)
    ours = rows[OURS]
    return (
        f"Of {count} sources programs win {ours.best_alone}, the others: {others or 'none'}; {shared} are shared; "
        f"elsewhere programs are up to {ours.worst:.0f} bits behind ({ours.worst_at})"
    )


def figure(result: Baselines) -> Any:
    """The map in two halves, sources sorted by who wins and then by the least loss."""
    sources = result.order
    half = -(-len(sources) // 2)
    with style() as plt:
        parts = [part for part in (sources[:half], sources[half:]) if part]
        sheet, grid = plt.subplots(1, len(parts), figsize=(5.9 * len(parts), 0.19 * half + 1.6), squeeze=False)
        for axes, part in zip(grid[0], parts, strict=True):
            draw_rows(axes, result, part)
            axes.set_ylim(half - 0.5, -0.5)
        bits = sorted(set(result.losses.lengths.values()))
        size = f"{bits[0]}" if len(bits) == 1 else f"{bits[0]} to {bits[-1]}"
        sheet.suptitle(
            f"{caption(result)}\n"
            f"loss in bits of {size} bits of each source; framed: the least; last column: a mixture of two "
            f"({result.machine}, L = {result.max_length}, T = {result.max_steps})",
            x=0.01,
            ha="left",
            fontsize=10,
        )
        return sheet
