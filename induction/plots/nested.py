"""The posterior's mass by excess length over the shortest program."""

from __future__ import annotations

from typing import Any

import numpy as np

from induction.experiments.nested import Nested
from induction.plots.style import SHADES, style

_MARKS = "osD^vP"


def figure(result: Nested) -> Any:
    """Cumulative share by excess length after all bits, and the share near the shortest as the data grow."""
    left_out = []
    with style() as plt:
        sheet, (left, right) = plt.subplots(1, 2, figsize=(10, 4.4), sharey=True)
        for number, source in enumerate(result.sources):
            rows = [each for each in result.of(source) if each.shortest is not None]
            last = result.of(source)[-1]
            line = {"color": SHADES[number % len(SHADES)], "marker": _MARKS[number % len(_MARKS)], "markersize": 3.5}
            if last.shortest is None:
                left_out.append(source)
            else:
                share = 100 * np.cumsum([float(each) for each in last.shares])
                left.plot(range(len(share)), share, linewidth=1.3, **line)
            near = [100 * float(each.within(2)) for each in rows]
            right.plot([each.bits for each in rows], near, label=source, linewidth=1.3, **line)
        bits = result.posteriors[-1].bits if result.posteriors else 0
        left.set_ylim(0, 103)
        left.set_xlim(left=-0.3)
        left.set_xlabel("excess over the shortest program, at most (bits)")
        left.set_ylabel("share of the posterior (%)")
        note = f"\nno program is left for {', '.join(left_out)}" if left_out else ""
        left.xaxis.get_major_locator().set_params(integer=True)
        left.set_title(f"after {bits} bits; each line ends where the budget does{note}")
        right.set_xscale("log", base=2)
        right.xaxis.set_major_formatter(lambda value, _: f"{value:.0f}")
        right.set_xlabel("bits seen")
        right.set_title("programs at most 2 bits longer than the shortest")
        handles, labels = right.get_legend_handles_labels()
        sheet.legend(handles, labels, loc="outside lower center", ncols=len(labels))
        sheet.suptitle(
            f"Longer programs carry much of the posterior, where L leaves room for them "
            f"({result.machine}, L = {result.max_length}, T = {result.max_steps})",
            x=0.01,
            ha="left",
            fontsize=11,
        )
        return sheet
