"""The Krichevsky–Trofimov estimator: the rate of ones, learned with half a count to spare."""

from __future__ import annotations

from fractions import Fraction

from induction.bits import as_bit
from induction.bounds.losses import log_loss


class KrichevskyTrofimov:
    """Predicts bit b with probability (count of b + ½) / (bits seen + 1).

    The Bayes mixture of all fixed rates under the Beta(½, ½) prior. On every string of n bits it
    loses at most ½ log2 n + 1 bits more than the best fixed rate, attained at n = 1
    (Krichevsky and Trofimov 1981; Willems, Shtarkov, Tjalkens 1995).

    Attributes
    ----------
    zeros, ones : int
        The counts.
    loss_bits : float
        Cumulative log loss in bits, rounded to nearest.

    Examples
    --------
    >>> KrichevskyTrofimov().learn_one(1).predict_exact()[1]
    Fraction(3, 4)
    """

    def __init__(self) -> None:
        self.zeros = self.ones = 0
        self.loss_bits = 0.0

    def __repr__(self) -> str:
        return f"KrichevskyTrofimov(zeros={self.zeros}, ones={self.ones})"

    def predict_proba_one(self) -> dict[int, float]:
        """The next bit's distribution."""
        whole = 2 * (self.zeros + self.ones + 1)
        return {0: (2 * self.zeros + 1) / whole, 1: (2 * self.ones + 1) / whole}

    def predict_exact(self) -> dict[int, Fraction]:
        """The same as Fractions."""
        whole = 2 * (self.zeros + self.ones + 1)
        return {0: Fraction(2 * self.zeros + 1, whole), 1: Fraction(2 * self.ones + 1, whole)}

    def learn_one(self, bit: int) -> KrichevskyTrofimov:
        """Count the bit. ValueError if it is not 0 or 1."""
        bit = as_bit(bit)
        self.loss_bits += log_loss(self.predict_proba_one()[bit])
        if bit:
            self.ones += 1
        else:
            self.zeros += 1
        return self

    def clone(self) -> KrichevskyTrofimov:
        """A fresh one, counts at 0."""
        return KrichevskyTrofimov()
