"""The frontier: all programs for the data so far, ready to be carried on bit by bit.

A program for x is kept with its machine's packed configuration and with the output that it has
already run ahead of the data. When that is used up it runs on: without a fork it is only run
ahead again; at a fork the tree below it is walked until each branch has written one more bit, and
every branch becomes an entry of its own. Nothing that the machine did before is done again.
"""

from __future__ import annotations

import threading
from typing import Any, NamedTuple

import numpy as np

from induction.bits import from_integer
from induction.budget import LONGEST, Budget
from induction.enumeration.entries import ENTRIES, PROGRAM, SIZE
from induction.enumeration.frontier_kernels import AHEAD, KIND, SLOTS, keep, tally
from induction.enumeration.population import Population
from induction.machines.machine import CUT, FATES, SILENT_MASS, TIMEOUT_MASS, Machine


class Masses(NamedTuple):
    """Masses over 2^L at the data so far, as integers that add up to 2^L.

    Attributes
    ----------
    zeros, ones : int
        Programs that go on with 0, with 1.
    silent, timeout, cut : int
        Programs that write exactly the data: proved to stop there, out of steps, out of length.
    silent_before, open_before : int
        The same at proper prefixes of the data: proved silent; out of steps or length.
    mismatch : int
        Programs that the data have refuted.
    """

    zeros: int
    ones: int
    silent: int
    timeout: int
    cut: int
    silent_before: int
    open_before: int
    mismatch: int

    @property
    def matching(self) -> int:
        """M(data): every program for the data."""
        return self.zeros + self.ones + self.silent + self.timeout + self.cut


class Frontier(Population):
    """All programs for the data so far.

    Parameters
    ----------
    machine : Machine
    budget : Budget
    """

    _outputs = AHEAD + 2
    _levels = AHEAD
    _KIND = KIND

    def __init__(self, machine: Machine, budget: Budget) -> None:
        self.machine = machine
        self.budget = budget
        self._settle_in(budget, KIND.columns, SLOTS)
        self._plant()
        self._lock = threading.RLock()
        self._past = (0, 0, 0)  # silent, open and refuted before now
        self._masses: Masses | None = None

    def __getstate__(self) -> dict[str, Any]:
        state = Population.__getstate__(self)
        del state["_lock"]
        return state

    def __setstate__(self, state: dict[str, Any]) -> None:
        Population.__setstate__(self, state)
        self._lock = threading.RLock()

    def masses(self) -> Masses:
        """Carry every program on by one bit, if that is not done yet, and say what became of the mass."""
        with self._lock:
            return self._carried_on()

    def _carried_on(self) -> Masses:
        if self._masses is None:
            here = np.zeros(FATES, dtype=np.int64)
            self._carry_on(here)
            sums = np.zeros(3, dtype=np.int64)
            self._call(tally, self._entries, self._state[ENTRIES], self.budget.max_length, sums)
            self._tidy(int(sums[2]))
            self._masses = Masses(
                int(sums[0]), int(sums[1]), int(here[SILENT_MASS]), int(here[TIMEOUT_MASS]), int(here[CUT]), *self._past
            )
            assert sum(self._masses) == self.budget.whole, "the masses of the frontier do not add up"
        return self._masses

    def learn(self, bit: int) -> None:
        """Keep the programs whose next bit is `bit`."""
        m = self.masses()
        self._past = (
            m.silent_before + m.silent,
            m.open_before + m.timeout + m.cut,
            m.mismatch + (m.zeros if bit else m.ones),
        )
        kept = self._call(keep, self._entries, self._state[ENTRIES], bit)
        self._state[ENTRIES] = self._size = kept
        self._masses = None

    def shortest(self) -> tuple[int, int] | None:
        """Length and bits (as a number) of the first of the shortest programs for the data; None without any."""
        if not self._size:
            return None
        lengths = self._entries[: self._size, SIZE]
        least = lengths.min()
        return int(least), int(self._entries[: self._size, PROGRAM][lengths == least].min())

    def programs(self, count: int) -> list[str]:
        """The `count` heaviest programs for the data, by length and then lexicographically."""
        entries = self._entries[: self._size]
        order = np.lexsort((entries[:, PROGRAM], entries[:, SIZE]))[:count]
        return [from_integer(int(entries[i, PROGRAM]), int(entries[i, SIZE])) for i in order]

    def lengths(self) -> np.ndarray:
        """How many programs for the data there are of each length, shape (63,)."""
        return np.bincount(self._entries[: self._size, SIZE], minlength=LONGEST + 1)
