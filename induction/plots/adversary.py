"""The anti-predictor's staircase, and performative labels by strength."""

from __future__ import annotations

from typing import Any

import numpy as np

from induction.experiments.adversary import Adversary
from induction.plots.style import BOUND, FALLBACK, LOSS, style


def figure(result: Adversary) -> Any:
    """Loss between n and n + c; performative losses beside their bounds; labels that the predictions moved."""
    anti, runs, n = result.anti, result.performed, result.rounds
    with style() as plt:
        sheet, (left, middle, right) = plt.subplots(1, 3, figsize=(11.5, 4.2))
        rounds = np.arange(n + 1)
        left.plot(rounds[1:], anti.bound[1:], color=BOUND, linestyle="--", linewidth=1.4, label="bound")
        left.plot(rounds, anti.loss, color=LOSS, linewidth=1.6, label="loss")
        left.plot(rounds, rounds, color=FALLBACK, linestyle=":", linewidth=1.2, label="1 bit a round")
        left.legend(loc="upper left")
        left.set_xlabel("rounds")
        left.set_ylabel("cumulative log loss (bits)")
        verdict = f"and still loss ≤ n + {result.fallback_exponent} bits"
        left.set_title(f"anti-predictor: {anti.mistakes} mistakes in {n} rounds,\n{verdict}")
        strength = np.array([run.strength for run in runs])
        spread = strength + 0.012 * (np.array([run.seed for run in runs]) % 8 - 3.5)
        thick = {"markersize": 6, "markeredgewidth": 1.6}
        middle.plot(spread, [run.bound for run in runs], "_", color=BOUND, label="bound", **thick)
        middle.plot(spread, [run.loss for run in runs], "o", color=LOSS, markersize=3, label="loss")
        middle.set_ylim(bottom=0)
        middle.legend(loc="lower left")
        middle.set_ylabel(f"after {n} labels (bits)")
        middle.set_title("performative labels: the bound holds\nfor the labels that came")
        right.plot(spread, [run.moved / n for run in runs], "o", color=LOSS, markersize=3)
        right.set_ylim(-0.02, 1.0)
        right.set_ylabel("share of labels that would have been others")
        right.set_title("and says nothing of those that would\nhave come, had the prediction been ½")
        for axes in (middle, right):
            axes.set_xlabel("pull of the prediction on the label")
            axes.set_xticks(sorted(set(strength)))
        sheet.suptitle(
            f"Whoever chooses the bits, the loss stays under the bound "
            f"({result.machine}, L = {result.max_length}, T = {result.max_steps})",
            x=0.01,
            ha="left",
            fontsize=11,
        )
        return sheet
