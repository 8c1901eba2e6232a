"""Certified digits of M(x), and open mass, against L."""

from __future__ import annotations

from typing import Any

from induction.experiments.glimpse import Glimpses
from induction.plots.style import SHADES, style

_MARKS = "osD^vP"


def figure(result: Glimpses) -> Any:
    """The width of the certified interval in bits and the digits that it fixes; what stays open, and why."""
    with style() as plt:
        sheet, (left, right) = plt.subplots(1, 2, figsize=(10, 4.4))
        for number, bits in enumerate(result.strings):
            rows = result.of(bits)
            at = [each.max_length for each in rows]
            line = {"color": SHADES[number % len(SHADES)], "marker": _MARKS[number % len(_MARKS)], "markersize": 3.5}
            last = rows[-1].digits
            digits = [len(each.digits) for each in rows]
            label = f"x = {bits}: M(x) = 0.{last}…"
            left.step(at, digits, where="post", label=label, linewidth=1.3, **line)
            right.plot(at, [float(each.cut) or None for each in rows], linewidth=1.3, **line)
            right.plot(at, [float(each.timeout) or None for each in rows], linewidth=1.1, linestyle=":", **line)
        left.set_ylim(bottom=0)
        left.set_ylabel("certified binary digits of M(x)")
        left.set_title("leading binary digits that no longer program can change")
        left.legend(loc="upper left")
        right.set_yscale("log")
        right.set_ylabel("undecided share of all mass")
        right.set_title(f"undecided: too long for L (lines), out of {result.max_steps} steps (dotted)")
        for axes in (left, right):
            axes.set_xlabel("L (program bits)")
            axes.xaxis.get_major_locator().set_params(integer=True)
        left.yaxis.get_major_locator().set_params(integer=True)
        top = left.get_ylim()[1]
        left.set_ylim(0, max(top, 1) * 1.5)  # room for the legend
        sheet.suptitle(
            f"Digits of the prior itself come slowly: it is long programs that are undecided ({result.machine})",
            x=0.01,
            ha="left",
            fontsize=11,
        )
        return sheet
