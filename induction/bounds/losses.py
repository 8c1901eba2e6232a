"""Arithmetic of log losses: bits lost, exact ratios of big integers, the Krichevsky–Trofimov code.

All losses are in bits (log base 2). Nothing here knows of machines or predictors.
"""

from __future__ import annotations

import math
from fractions import Fraction

from induction.dyadic import log2_above, log2_below

_HEAD = 128  # bits kept of a big integer before its ratio to another is taken


def log_loss(probability: float) -> float:
    """Bits lost when something of this probability happens: -log2 of it, infinite for 0."""
    return -math.log2(probability) if probability > 0 else math.inf


def log2_ratio(numerator: int, denominator: int) -> tuple[float, float]:
    """Floats below and above log2(numerator / denominator), without reducing the fraction.

    Linear in the number of digits, where a reduced :class:`~fractions.Fraction` would cost a
    greatest common divisor of big integers.

    Parameters
    ----------
    numerator : int
        At least 0.
    denominator : int
        At least 1.

    Returns
    -------
    below, above : float
        Equal, and exact, when the ratio is a power of two; both -inf when the numerator is 0.
    """
    if numerator == 0:
        return -math.inf, -math.inf
    shift = numerator.bit_length() - denominator.bit_length()
    if (numerator == denominator << shift) if shift >= 0 else (denominator == numerator << -shift):
        return float(shift), float(shift)
    low, high, power = _head(numerator)
    low_below, high_below, power_below = _head(denominator)
    scale = Fraction(2) ** (power - power_below)
    return log2_below(scale * Fraction(low, high_below)), log2_above(scale * Fraction(high, low_below))


def _head(number: int) -> tuple[int, int, int]:
    """(low, high, power) with low * 2^power <= number <= high * 2^power, both of few digits."""
    power = max(0, number.bit_length() - _HEAD)
    low = number >> power
    return low, low + (low << power != number), power


def odd_product(count: int) -> int:
    """1 · 3 · 5 · ... · (2 count - 1), the product of the first `count` odd numbers."""
    return math.factorial(2 * count) // (math.factorial(count) << count)


def krichevsky_trofimov_probability(zeros: int, ones: int) -> Fraction:
    """Probability that the Krichevsky–Trofimov estimator gives any one string with these counts.

    Parameters
    ----------
    zeros, ones : int
        How often each bit occurs, at least 0.

    Returns
    -------
    Fraction
        Gamma(zeros + 1/2) Gamma(ones + 1/2) / (pi (zeros + ones)!), from Krichevsky and
        Trofimov 1981.

    Raises
    ------
    ValueError
        If a count is negative.
    """
    if zeros < 0 or ones < 0:
        raise ValueError(f"counts are {zeros} and {ones}; give two whole numbers of at least 0")
    halves = math.comb(2 * zeros, zeros) * math.comb(2 * ones, ones)
    return Fraction(halves, 4 ** (zeros + ones) * math.comb(zeros + ones, zeros))


def krichevsky_trofimov_ceiling(rounds: int) -> float:
    """Most bits that the Krichevsky–Trofimov estimator loses beyond the best fixed rate.

    ½ log2 n + 1, attained at n = 1 (Willems, Shtarkov, Tjalkens 1995, equation 9); 0 for n = 0.
    """
    if rounds < 0:
        raise ValueError(f"rounds are {rounds}; give a whole number of at least 0")
    return math.log2(rounds) / 2 + 1 if rounds else 0.0


def best_rate_loss(zeros: int, ones: int) -> float:
    """Bits that the best fixed rate loses on a string with these counts: n times its entropy."""
    rounds = zeros + ones
    return sum(count * math.log2(rounds / count) for count in (zeros, ones) if count)
