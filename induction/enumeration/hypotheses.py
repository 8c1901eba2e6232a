"""All programs at once, each followed along its own output, whatever the data are.

Where data may be noisy no program is ever refuted, so every program of at most L bits is kept, with
the number of *flips*: rounds in which the data were not what it wrote. A program that falls silent,
runs out of steps or needs more than L bits *stops*; what stops is told to the caller once, by
flips, and forgotten.

A program is kept as in :mod:`induction.enumeration.frontier`: packed configuration, and the output that
it has run ahead of the data, here up to fixed depths at which every program stands at the same bit.
At those, programs with equal flips, equal lengths and equal configurations become one entry: they do
the same for ever. The configuration includes the steps since the last output bit, and under a total
budget the steps in all.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from induction.bits import from_integer
from induction.budget import NO_PROGRAM, Budget
from induction.enumeration.entries import ENTRIES, PROGRAM, SIZE
from induction.enumeration.hypotheses_kernels import (
    BLOCK,
    FIRST_PROGRAM,
    FLIPS,
    KIND,
    LEAST,
    LIKENESS,
    MASS,
    MEETING,
    NOW,
    ONES,
    SLOTS,
    STOP_COLUMNS,
    TABLE,
    TALLY_COLUMNS,
    WAITING,
    ZEROS,
    advance,
    tally,
    thin,
)
from induction.enumeration.population import Population
from induction.machines.machine import Machine

FIRST_BLOCKS = (8, 16, 60)  # where programs meet before the first multiple of BLOCK: most are short of breath


class Round(NamedTuple):
    """What all programs say of the next bit; masses over 2^L by number of flips so far.

    Attributes
    ----------
    going : list of (int, int, int)
        Flips, mass that goes on with 0, mass that goes on with 1.
    stopped : list of (int, int, int, str)
        Flips, mass that has stopped just here, the heaviest program's mass among it, its bits.
    """

    going: list[tuple[int, int, int]]
    stopped: list[tuple[int, int, int, str]]


class Hypotheses(Population):
    """All programs within a budget, at one bit of the data.

    Parameters
    ----------
    machine : Machine
    budget : Budget
    """

    _outputs = BLOCK + 2
    _levels = TABLE
    _KIND = KIND

    def __init__(self, machine: Machine, budget: Budget) -> None:
        self.machine = machine
        self.budget = budget
        self.rounds = 0
        self._begun, self._meeting = 0, _next_meeting(0)  # where this block of output bits begins and ends
        self._settle_in(budget, KIND.columns, SLOTS)
        self._plant()
        self._state[WAITING] = 1
        self._shortest = np.empty((0, TALLY_COLUMNS), dtype=np.int64)
        self._round: Round | None = None

    def round(self) -> Round:
        """Carry every program on by one bit, if that is not done yet, and say what they all do."""
        if self._round is None:
            stopped = self._extend()
            count = int(self._state[ENTRIES])
            sums = np.zeros((self.rounds + 1, TALLY_COLUMNS), dtype=np.int64)
            words = self._call(tally, self._entries, count, self._now, sums)
            rows = np.flatnonzero(sums[:, ZEROS] | sums[:, ONES])
            going = [(int(f), int(sums[f, ZEROS]), int(sums[f, ONES])) for f in rows]
            self._round = Round(going, _listed(stopped))
            self._tidy(words)  # what is waiting loses its configuration: it has been carried on
        return self._round

    def learn(self, bit: int) -> None:
        """Count flips against `bit` and go on."""
        self.round()
        state = self._state
        self._shortest = np.full((self.rounds + 2, TALLY_COLUMNS), NO_PROGRAM, dtype=np.int64)
        self._call(advance, self._entries, int(state[ENTRIES]), self._now, bit, self._shortest, state)
        self.rounds += 1
        if self.rounds == self._meeting:
            self._begun, self._meeting = self.rounds, _next_meeting(self.rounds)
            state[ENTRIES] = state[WAITING] = self._merged(int(state[ENTRIES]), LIKENESS, np.zeros(0, dtype=np.int64))
        self._size = int(state[ENTRIES])
        self._round = None

    def drop(self, weights: np.ndarray, most: int) -> list[tuple[int, int, int, str]]:
        """Keep the `most` heaviest entries, `weights` being the log2 weight of each number of flips.

        Returns
        -------
        list of (int, int, int, str)
            The others, as in :attr:`Round.stopped`.
        """
        keep = np.zeros(self._size, dtype=np.int64)
        keep[self._order(weights)[:most]] = 1
        stopped = np.zeros((self.rounds + 1, STOP_COLUMNS), dtype=np.int64)
        self._state[ENTRIES] = self._size = self._call(thin, self._entries, keep, self.budget.max_length, stopped)
        return _listed(stopped)

    def _order(self, weights: np.ndarray) -> np.ndarray:
        entries = self._entries[: self._size]
        heavy = np.log2(entries[:, MASS].astype(np.float64)) + weights[entries[:, FLIPS]]
        return np.lexsort((entries[:, PROGRAM], entries[:, SIZE], -heavy))

    def shortest(self) -> list[tuple[int, int, int]]:
        """Flips, length and bits (as a number) of the first of the shortest programs with as many flips.

        Taken when the last bit was learned, before anything was dropped.
        """
        rows = np.flatnonzero(self._shortest[:, LEAST] < NO_PROGRAM)
        return [(int(f), int(self._shortest[f, LEAST]), int(self._shortest[f, FIRST_PROGRAM])) for f in rows]

    def heaviest(self, weights: np.ndarray, count: int) -> list[tuple[str, int, int]]:
        """Bits, mass and flips of the `count` heaviest entries by the log weight of their flips, heaviest first."""
        entries = self._entries[self._order(weights)[:count]]
        return [(from_integer(int(row[PROGRAM]), int(row[SIZE])), int(row[MASS]), int(row[FLIPS])) for row in entries]

    @property
    def _now(self) -> int:
        return self.rounds - self._begun

    def _extend(self) -> np.ndarray:
        state = self._state
        stopped = np.zeros((self.rounds + 1, STOP_COLUMNS), dtype=np.int64)
        state[NOW], state[MEETING] = self._now, self._meeting - self._begun
        if state[WAITING] > 0:
            self._carry_on(stopped)
        return stopped


def _listed(stopped: np.ndarray) -> list[tuple[int, int, int, str]]:
    return [
        (f, mass, heaviest, from_integer(program, length))
        for f, (mass, heaviest, program, length) in enumerate(stopped.tolist())
        if mass
    ]


def _next_meeting(depth: int) -> int:
    return next((first for first in FIRST_BLOCKS if first > depth), BLOCK * (depth // BLOCK + 1))
