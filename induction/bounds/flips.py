"""Flip rates learned by counting, in whole numbers: what every number of flips weighs after n rounds.

A hypothesis whose bits were wrong in f of n rounds has, by the Krichevsky–Trofimov estimator, given the
data the probability

    KT(f, n - f) = (2f - 1)!! (2(n - f) - 1)!! / (2^n n!),

a product of one factor (count + ½) / (rounds + 1) a round. The denominator is the same for all f, so a
mixture over any number of hypotheses is a sum of integers over 2^n n!.
"""

from __future__ import annotations

import numpy as np

from induction.bounds.losses import log2_ratio, odd_product


class FlipCode:
    """The weights of all numbers of flips, round by round.

    Attributes
    ----------
    rounds : int
        n.
    unit : int
        2^n n!, the denominator.
    """

    def __init__(self) -> None:
        self.rounds = 0
        self.unit = 1
        self._known = {0: 1}  # weights by flips
        self._known_at = 0  # after so many rounds
        self._logs = np.zeros(1)  # log2 of (2k - 1)!!

    def weights(self, flips: list[int]) -> list[int]:
        """KT(f, n - f) times the unit for each f, an exact integer; kept, so that the next round's are quick.

        Parameters
        ----------
        flips : list of int
            Each from 0 to n.
        """
        self._known = {f: self.weight(f) for f in flips}
        self._known_at = self.rounds
        return list(self._known.values())

    def weight(self, flips: int) -> int:
        """KT(f, n - f) times the unit for one f."""
        known = self._known
        if self._known_at == self.rounds and flips in known:
            return known[flips]
        if self._known_at == self.rounds - 1:
            if flips in known:
                return known[flips] * (2 * (self.rounds - flips) - 1)  # the last round was a hit
            if flips - 1 in known:
                return known[flips - 1] * (2 * flips - 1)  # or a flip
        return odd_product(flips) * odd_product(self.rounds - flips)

    def logs(self) -> np.ndarray:
        """Roughly log2 of the weights of 0, 1, …, n flips, for comparing them; good to 1e-9 or so."""
        halves = self._logs[: self.rounds + 1]
        return halves + halves[::-1]

    def loss(self, flips: int) -> float:
        """Bits that a hypothesis with so many flips has lost, rounded up."""
        return log2_ratio(self.unit, self.weight(flips))[1]

    def next_round(self) -> None:
        """One round more."""
        self.rounds += 1
        self.unit *= 2 * self.rounds
        if self.rounds >= len(self._logs):
            more = np.arange(len(self._logs), 2 * self.rounds + 64)
            self._logs = np.append(self._logs, self._logs[-1] + np.cumsum(np.log2(2 * more - 1.0)))
