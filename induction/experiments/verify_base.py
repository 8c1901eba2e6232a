"""What a verification is made of: cases by statement, and all programs on all short strings."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from induction.budget import Budget
from induction.enumeration.targets import every
from induction.enumeration.walk import CUT, MATCH, SILENT_MASS, TIMEOUT_MASS, Ledger, enumerate_programs
from induction.machines import get

TOLERANCE = 1e-9  # bits
CHANCE = 1e-12  # of a true statement E being counted as violated, a case
_NOBODY = 62  # no program is longer


@dataclass(frozen=True)
class Check:
    """One statement.

    Parameters
    ----------
    name : str
        The statement.
    cases : int
        How often it was looked at.
    violations : int
        How often it failed.
    worst_slack_bits : float
        The least room that was left, in the statement's own unit (bits, unless it says masses or mistakes).
    """

    name: str
    cases: int
    violations: int
    worst_slack_bits: float


class Books:
    """Cases by statement: ``enter(name, slack)`` with an array of how much room each case has."""

    def __init__(self) -> None:
        self._rows: dict[str, list[float]] = {}

    def enter(self, name: str, slack: np.ndarray | float, tolerance: float = TOLERANCE) -> None:
        """Add cases to a statement; slack below -tolerance is a violation."""
        values = np.atleast_1d(np.asarray(slack, dtype=np.float64))
        values = values[~np.isnan(values)]
        if values.size:
            row = self._rows.setdefault(name, [0, 0, math.inf])
            row[0] += values.size
            row[1] += int((values < -tolerance).sum())
            row[2] = min(row[2], float(values.min()))

    def checks(self) -> tuple[Check, ...]:
        """The rows so far."""
        return tuple(Check(name, int(c), int(v), w) for name, (c, v, w) in self._rows.items())


@dataclass(frozen=True, eq=False)
class Table:
    """What all programs within a budget do on all strings x of at most `depth` bits, by length of x.

    Parameters
    ----------
    machine : str
    budget : Budget
    depth : int
    arrived : list of numpy.ndarray
        M(x) over 2^L, shape (2^d,) for each d, in the order of the strings.
    silent, late : list of numpy.ndarray
        Mass over 2^L whose output is exactly x: proved silent, and open.
    shortest : list of numpy.ndarray
        Length of the shortest program for x, infinite if there is none.
    total : int
        All fates together, over 2^L.
    """

    machine: str
    budget: Budget
    depth: int
    arrived: list[np.ndarray]
    silent: list[np.ndarray]
    late: list[np.ndarray]
    shortest: list[np.ndarray]
    total: int


def tabulate(machine: str, budget: Budget, depth: int) -> Table:
    """Walk all programs against all strings."""
    chosen = get(machine)
    ledger = enumerate_programs(chosen, budget, every(depth))
    shortest = [np.zeros(1)]
    for d in range(1, depth + 1):
        found = enumerate_programs(chosen, budget, every(d), keep=1, matches_only=True).found
        lengths = found[(1 << d) - 1 :, 0].astype(float)
        shortest.append(np.where(lengths > _NOBODY, math.inf, lengths))
    levels = [slice((1 << d) - 1, (2 << d) - 1) for d in range(depth + 1)]
    silent = [ledger.masses[level, SILENT_MASS].copy() for level in levels]
    late = [ledger.masses[level, TIMEOUT_MASS] + ledger.masses[level, CUT] for level in levels]
    whole = int(ledger.totals.sum())
    return Table(machine, budget, depth, arrivals(ledger, depth), silent, late, shortest, whole)


def arrivals(ledger: Ledger, depth: int) -> list[np.ndarray]:
    """M(x) over 2^L for all x of 0, 1, …, depth bits, from a walk over all strings."""
    masses = ledger.masses[:, [MATCH, SILENT_MASS, TIMEOUT_MASS, CUT]].sum(axis=1)
    levels = [masses[(1 << d) - 1 : (2 << d) - 1].copy() for d in range(depth + 1)]
    for d in range(depth - 1, -1, -1):
        levels[d] += levels[d + 1][::2] + levels[d + 1][1::2]
    return levels


def chance_margin(variance: np.ndarray | float, count: int) -> np.ndarray:
    """By how much a frequency among `count` independent cases is off, with a probability of at most `CHANCE`.

    Bernstein's inequality, for a case's variance p (1 - p).
    """
    nats = math.log(2 / CHANCE)
    third = nats / (3 * count)
    return third + np.sqrt(third**2 + 2 * np.asarray(variance) * nats / count)
