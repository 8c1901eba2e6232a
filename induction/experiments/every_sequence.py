"""Is the loss under its bound on every sequence? All strings of n bits, from one table of the prior.

One walk over all strings gives M(x) at every depth, and with it every prediction that a predictor would make on
any of them: the normalised loss of x is the sum over its prefixes of -log2 of xi(x_1..t) / (xi(.. 0) + xi(.. 1)).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np

from induction.budget import NO_PROGRAM, Budget, whole_number
from induction.enumeration.targets import every
from induction.enumeration.walk import enumerate_programs
from induction.experiments.verify_base import arrivals
from induction.machines import get

LONGEST = 16
_TOLERANCE = 1e-9  # bits; sums of n logarithms of exact ratios


@dataclass(frozen=True)
class Length:
    """All strings of one length.

    Parameters
    ----------
    length, sequences : int
    violations : int
        Strings whose loss exceeds the bound by more than 1e-9 bits.
    least_slack, mean_slack : float
        Bound minus loss, in bits.
    by_programs : int
        Strings whose bound is a program's length, not the fallback's.
    """

    length: int
    sequences: int
    violations: int
    least_slack: float
    mean_slack: float
    by_programs: int


@dataclass(frozen=True, eq=False)
class EverySequence:
    """Loss beside bound on every string.

    Parameters
    ----------
    machine : str
    budget : Budget
    fallback_exponent : int
        c, the uniform fallback weighs 2^-c.
    losses, bounds : tuple of numpy.ndarray
        By length 1 to n: normalised loss, and log2 W + min(|p|, c + length), in bits, of all strings of that length
        in lexicographic order.
    """

    machine: str
    budget: Budget
    fallback_exponent: int
    losses: tuple[np.ndarray, ...] = field(repr=False)
    bounds: tuple[np.ndarray, ...] = field(repr=False)

    @property
    def length(self) -> int:
        """n, the greatest length."""
        return len(self.losses)

    @property
    def rows(self) -> tuple[Length, ...]:
        """Numbers of each length."""
        rows = []
        for n, (loss, bound) in enumerate(zip(self.losses, self.bounds, strict=True), 1):
            slack = bound - loss
            programs = int((bound < self.fallback_exponent + n).sum())
            wrong = int((slack < -_TOLERANCE).sum())
            rows.append(Length(n, len(loss), wrong, float(slack.min()), float(slack.mean()), programs))
        return tuple(rows)

    @property
    def violations(self) -> int:
        """Strings of any length above their bound."""
        return sum(row.violations for row in self.rows)

    @property
    def tightest(self) -> str:
        """The first string of n bits with the least slack."""
        return format(int((self.bounds[-1] - self.losses[-1]).argmin()), f"0{self.length}b")

    def to_json(self) -> dict[str, Any]:
        """Parameters, totals and a row a length."""
        rows = self.rows
        slack = np.concatenate([b - x for b, x in zip(self.bounds, self.losses, strict=True)])
        return {
            "machine": self.machine,
            "max_length": self.budget.max_length,
            "max_steps": self.budget.max_steps,
            "fallback_exponent": self.fallback_exponent,
            "sequences": sum(row.sequences for row in rows),
            "violations": self.violations,
            "least_slack_bits": float(slack.min()),
            "mean_slack_bits": float(slack.mean()),
            "tightest": self.tightest,
            "lengths": [asdict(row) for row in rows],
        }


def every_sequence(
    length: int | None = None,
    *,
    machine: str = "queue",
    budget: Budget | None = None,
    full: bool = False,
    progress: Callable[[int, int], None] | None = None,
) -> EverySequence:
    """Predict every string of 1 to `length` bits.

    Parameters
    ----------
    length : int, optional
        1 to 16; 12 by default, 14 at full size.
    machine : str
    budget : Budget, optional
        L = 22 and T = 256 by default, L = 26 at full size; masses are exact in floats while
        L, and the fallback's exponent and `length` together, are under 53.
    full : bool
        The full size.
    progress : callable, optional
        Told (lengths done, lengths in all).

    Returns
    -------
    EverySequence

    Raises
    ------
    ValueError
        If the length is out of range or there is no such machine.
    """
    depth = whole_number("length", (14 if full else 12) if length is None else length, LONGEST, "bits")
    chosen = get(machine)
    chosen_budget = Budget(26 if full else 22, 256) if budget is None else budget
    exponent = chosen.fallback_exponent
    whole = float(chosen_budget.whole)
    levels = arrivals(enumerate_programs(chosen, chosen_budget, every(depth)), depth)
    total = math.log2(1 + 2.0**-exponent)
    loss = np.zeros(1)
    losses, bounds = [], []
    for d in range(1, depth + 1):
        below = levels[d] / whole + 2.0 ** -(exponent + d)
        loss = np.repeat(loss, 2) - np.log2(below / np.repeat(below[::2] + below[1::2], 2))
        found = enumerate_programs(chosen, chosen_budget, every(d), keep=1, matches_only=True).found
        shortest = found[(1 << d) - 1 :, 0].astype(np.float64)
        shortest[shortest == NO_PROGRAM] = math.inf
        losses.append(loss)
        bounds.append(total + np.minimum(shortest, exponent + d))
        if progress is not None:
            progress(d, depth)
    return EverySequence(chosen.name, chosen_budget, exponent, tuple(losses), tuple(bounds))
