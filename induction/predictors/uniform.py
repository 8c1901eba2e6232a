"""The uniform predictor: one half, always. The fallback that keeps every loss finite."""

from __future__ import annotations

from fractions import Fraction

from induction.bits import as_bit


class Uniform:
    """Gives each bit probability ½ and loses exactly one bit a round.

    Attributes
    ----------
    loss_bits : float
        Cumulative log loss: the number of bits learned.
    """

    def __init__(self) -> None:
        self.loss_bits = 0.0

    def __repr__(self) -> str:
        return "Uniform()"

    def predict_proba_one(self) -> dict[int, float]:
        """The next bit's distribution, ½ each."""
        return {0: 0.5, 1: 0.5}

    def predict_exact(self) -> dict[int, Fraction]:
        """The same as Fractions."""
        return {0: Fraction(1, 2), 1: Fraction(1, 2)}

    def learn_one(self, bit: int) -> Uniform:
        """Count a lost bit; nothing else can be learned. ValueError if it is not 0 or 1."""
        as_bit(bit)
        self.loss_bits += 1.0
        return self

    def clone(self) -> Uniform:
        """A fresh one."""
        return Uniform()
