"""Linear recurrences over GF(2): the shortest one that fits the past predicts the next bit.

Berlekamp and Massey's algorithm keeps the shortest linear feedback shift register that generates
the data so far (Massey 1969). Its next bit is a guess; how far to trust it is learned by the
Krichevsky–Trofimov estimator from the guesses' hits and misses so far.
"""

from __future__ import annotations

from fractions import Fraction

from induction.bits import as_bit
from induction.bounds.losses import log_loss


class BerlekampMassey:
    """Predicts the next bit of the shortest linear recurrence over GF(2) that fits the past.

    The loss is -log2 of the Krichevsky–Trofimov probability of the hits and misses. Data of linear
    complexity k miss only within their first 2k bits, so the loss grows with their logarithm only.

    Attributes
    ----------
    complexity : int
        Length of the current recurrence, the data's linear complexity.
    hits, misses : int
        How often the guess was right and wrong.
    loss_bits : float
        Cumulative log loss in bits, rounded to nearest.

    Notes
    -----
    Time a bit is proportional to the number of bits seen, a machine word at a time.
    """

    def __init__(self) -> None:
        # Polynomials are integers: bit i of `_taps` is the coefficient of the bit i rounds ago, bit 0 is 1.
        self._taps = 1
        self._older = 1
        self._shift = 1
        self._past = 0  # bit i is the bit i rounds ago; bit 0 is kept free for the next
        self._rounds = 0
        self.complexity = 0
        self.hits = self.misses = 0
        self.loss_bits = 0.0

    def __repr__(self) -> str:
        return f"BerlekampMassey(complexity={self.complexity}, hits={self.hits}, misses={self.misses})"

    @property
    def guess(self) -> int:
        """The recurrence's next bit; 0 as long as nothing but 0 was seen."""
        return (self._taps & self._past).bit_count() & 1

    @property
    def recurrence(self) -> list[int]:
        """How many rounds ago the bits lie whose sum modulo 2 is the guess."""
        return [i for i in range(1, self.complexity + 1) if self._taps >> i & 1]

    def predict_proba_one(self) -> dict[int, float]:
        """The next bit's distribution."""
        return {bit: float(chance) for bit, chance in self.predict_exact().items()}

    def predict_exact(self) -> dict[int, Fraction]:
        """The same as Fractions."""
        hit = Fraction(2 * self.hits + 1, 2 * (self._rounds + 1))
        return {self.guess: hit, 1 - self.guess: 1 - hit}

    def learn_one(self, bit: int) -> BerlekampMassey:
        """Score the guess and mend the recurrence if it missed. ValueError if `bit` is not 0 or 1."""
        bit = as_bit(bit)
        self.loss_bits += log_loss(self.predict_proba_one()[bit])
        if bit == self.guess:
            self.hits += 1
            self._shift += 1
        else:
            self.misses += 1
            self._mend()
        self._past = (self._past | bit) << 1
        self._rounds += 1
        return self

    def _mend(self) -> None:
        mended = self._taps ^ self._older << self._shift
        if 2 * self.complexity <= self._rounds:
            self.complexity = self._rounds + 1 - self.complexity
            self._older, self._shift = self._taps, 1
        else:
            self._shift += 1
        self._taps = mended

    def clone(self) -> BerlekampMassey:
        """A fresh one that has seen nothing."""
        return BerlekampMassey()
