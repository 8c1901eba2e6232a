"""A measure kept beside the programs, so that no data can make the loss infinite.

Its joint probability of the data is kept as an exact ratio of integers. A measure that is known
by floats only is taken at the nearest multiple of 2^-32, never at 0 or 1: that rounded measure is
exact, and is the same on every machine that computes the same floats.
"""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

from induction.bounds.losses import log2_ratio
from induction.budget import whole_number
from induction.predictors.contract import BitPredictor, fresh, is_exact

_GRID = 1 << 32


class Fallback:
    """A predictor with a weight.

    Parameters
    ----------
    predictor : BitPredictor
        Fresh, or already trained on what will count as the past.
    exponent : int
        Its weight is 2^-exponent.
    """

    def __init__(self, predictor: BitPredictor, exponent: int) -> None:
        self.predictor = predictor
        self.exponent = exponent
        self.numerator, self.denominator = 1, 1 << exponent  # weight times joint probability so far
        self._next: tuple[int, int, int] | None = None

    @property
    def weight(self) -> Fraction:
        """The prior weight, 2^-exponent."""
        return Fraction(1, 1 << self.exponent)

    @property
    def total_bits(self) -> float:
        """-log2 of its weight times its probability of the data so far, rounded up; infinite once it was ruled out."""
        return log2_ratio(self.denominator, self.numerator)[1] if self.numerator else math.inf

    def next_bit(self) -> tuple[int, int, int]:
        """The next bit's probabilities as (zero, one, whole), integers with zero + one = whole."""
        if self._next is None:
            self._next = _integers(self.predictor)
        return self._next

    def learn(self, bit: int) -> None:
        """Multiply in the probability of what came."""
        zero, one, whole = self.next_bit()
        self.predictor.learn_one(bit)
        self.numerator *= one if bit else zero
        self.denominator *= whole
        self._next = None

    def clone(self) -> Fallback:
        """The same, untrained."""
        return Fallback(fresh(self.predictor), self.exponent)


def _integers(predictor: Any) -> tuple[int, int, int]:
    if is_exact(predictor):
        exact = predictor.predict_exact()
        one = Fraction(exact[1]) / (Fraction(exact[0]) + Fraction(exact[1]))
        return one.denominator - one.numerator, one.numerator, one.denominator
    one = min(max(round(predictor.predict_proba_one()[1] * _GRID), 1), _GRID - 1)
    return _GRID - one, one, _GRID


def choose_fallback(fallback: str | BitPredictor | None, exponent: int) -> Fallback | None:
    """A fallback by name (see FALLBACKS), as a predictor of your own, or none.

    Raises
    ------
    ValueError
        If the name is unknown, the object predicts nothing, or the exponent is out of range.
    """
    exponent = whole_number("fallback_exponent", exponent, 1024, "weight 2^-c", smallest=0)
    if fallback is None:
        return None
    if isinstance(fallback, str):
        return Fallback(_by_name(fallback), exponent)
    if isinstance(fallback, type) or not isinstance(fallback, BitPredictor):
        raise ValueError(
            f"fallback is {type(fallback).__name__}; give None, a name ({', '.join(FALLBACKS)}) "
            "or a predictor with predict_proba_one and learn_one"
        )
    return Fallback(fresh(fallback), exponent)


def total_weight(fallback: Fallback | None) -> Fraction:
    """W: 1 for all programs together, and the fallback's weight."""
    return 1 + (fallback.weight if fallback else Fraction(0))


FALLBACKS = {
    "uniform": ("induction.predictors.uniform", "Uniform"),
    "kt": ("induction.predictors.krichevsky_trofimov", "KrichevskyTrofimov"),
    "ctw": ("induction.predictors.context_tree", "ContextTree"),
    "lz78": ("induction.predictors.lempel_ziv", "LempelZiv"),
    "berlekamp-massey": ("induction.predictors.berlekamp_massey", "BerlekampMassey"),
    "portfolio": ("induction.predictors.portfolio", "portfolio"),
}


def _by_name(name: str) -> BitPredictor:
    if name not in FALLBACKS:
        raise ValueError(f"there is no fallback {name!r}; fallbacks are {', '.join(FALLBACKS)}, or None")
    from importlib import import_module

    module, attribute = FALLBACKS[name]
    return getattr(import_module(module), attribute)()
