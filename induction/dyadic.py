"""Exact masses, and the only roads from them to floats.

A mass is an integer over 2^L. It leaves the package as a :class:`fractions.Fraction`, as a
:class:`sympy.Rational`, as text ``"a/b"``, or as a float that is rounded in a stated direction.
"""

from __future__ import annotations

import decimal
import math
from fractions import Fraction
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sympy

_MANTISSA = 64  # bits kept of a big integer before the logarithm of its head is taken
_SHORT = 1e-300  # floats above it carry all of their digits


def to_fraction(mass: int, max_length: int) -> Fraction:
    """An integer mass over 2^max_length as a Fraction."""
    return Fraction(int(mass), 1 << max_length)


def to_sympy(value: Fraction) -> sympy.Rational:
    """A Fraction as a sympy number, for people who go on calculating."""
    import sympy  # slow to import, and needed only here

    return sympy.Rational(value.numerator, value.denominator)


def to_text(value: Fraction) -> str:
    """A Fraction as ``"a/b"``, the form of every exact number in JSON (``"0/1"`` and ``"1/1"`` included)."""
    return f"{_digits(value.numerator)}/{_digits(value.denominator)}"


def size_text(value: Fraction, digits: int = 6) -> str:
    """A Fraction of at least 0 in decimals, to `digits` places: ``0.983405``, ``1.3e-4821``, ``1 - 2.1e-331``.

    Nothing between 0 and 1 is shown as 0 or 1: below the range of floats the decimals are those of the Fraction, and
    what is too close to 1 is shown by its distance.
    """
    if _SHORT < value < 1 / _SHORT:
        text = f"{float(value):.{digits}g}"
        if text != "1" or value == 1:
            return text
        return f"1 {'-' if value < 1 else '+'} {size_text(abs(1 - value), digits)}"
    with decimal.localcontext(prec=digits, Emin=decimal.MIN_EMIN, Emax=decimal.MAX_EMAX):
        quotient = decimal.Decimal(value.numerator) / decimal.Decimal(value.denominator)
        return str(quotient.normalize()).lower()


def _digits(number: int) -> str:
    """A whole number of any length in decimals; `str` refuses those of over 4300 digits."""
    return str(decimal.Decimal(number))


def log2_below(value: Fraction) -> float:
    """The largest convenient float that is at most log2(value); exact for powers of two, -inf for 0."""
    return _log2(value, -1)


def log2_above(value: Fraction) -> float:
    """The smallest convenient float that is at least log2(value); exact for powers of two, -inf for 0."""
    return _log2(value, +1)


def _log2(value: Fraction, direction: int) -> float:
    if value < 0:
        raise ValueError(f"log2 of {value}: only numbers of at least 0 have one")
    if value == 0:
        return -math.inf
    exponent, head = _split(value.numerator)
    exponent_below, head_below = _split(value.denominator)
    exponent -= exponent_below
    if head == head_below == 1.0:
        return float(exponent)
    # Errors: 2^-53 in each head, an ulp in each logarithm and in each of two sums.
    estimate = exponent + (math.log2(head) - math.log2(head_below))
    margin = 4 * math.ulp(max(1.0, abs(estimate)))
    return estimate + direction * margin


def _split(number: int) -> tuple[int, float]:
    """number = head * 2^exponent with 1 <= head <= 2; the head is exactly 1.0 for powers of two only."""
    exponent = number.bit_length() - 1
    if number & (number - 1) == 0:
        return exponent, 1.0
    shift = max(0, exponent - _MANTISSA)
    head = (number >> shift) / (1 << (exponent - shift))
    return exponent, max(head, 1.0 + 2.0**-52)


def add_below(total: float, term: float) -> float:
    """total + term, rounded down."""
    return math.nextafter(total + term, -math.inf) if term else total


def add_above(total: float, term: float) -> float:
    """total + term, rounded up."""
    return math.nextafter(total + term, math.inf) if term else total
