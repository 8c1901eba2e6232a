"""What an exploration that was cut off says of the prior that is not: certified intervals.

All masses are of one exploration and in one unit, integers or Fractions (see "Fates, and
certified intervals" in the documentation's page on the theory). Nothing here is rounded.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

Interval = tuple[Fraction, Fraction]
Mass = int | Fraction


@dataclass(frozen=True)
class Explored:
    """Masses around a string x, as an exploration found them.

    Parameters
    ----------
    zeros, ones : int or Fraction
        D_0 and D_1: output begins with x0, with x1.
    stopped : int or Fraction
        E: proved to stop at exactly x.
    open_here : int or Fraction
        U_x: output is x so far, and open (out of steps or length).
    open_before : int or Fraction
        U_<: output is a proper prefix of x so far, and open.
    """

    zeros: Mass
    ones: Mass
    stopped: Mass
    open_here: Mass
    open_before: Mass


def prior_interval(match: Fraction, still_open: Fraction) -> Interval:
    """[A, A + Q] encloses M(x): what matches, and what might still."""
    return match, match + still_open


def conditional_interval(explored: Explored) -> Interval:
    """Encloses M(x1) / M(x), the prediction of a 1 that is not normalised; [0, 1] if nothing is decided."""
    e = explored
    still_open = e.open_here + e.open_before
    whole = Fraction(e.zeros + e.ones + e.stopped + e.open_here + e.open_before)
    if not whole:
        return Fraction(0), Fraction(1)
    return e.ones / whole, min(Fraction(1), (e.ones + still_open) / whole)


def normalised_interval(explored: Explored) -> Interval:
    """Encloses M(x1) / (M(x0) + M(x1)); [0, 1] if nothing is decided."""
    e = explored
    still_open = e.open_here + e.open_before
    whole = Fraction(e.zeros + e.ones + still_open)
    if not e.zeros + e.ones:
        return Fraction(0), Fraction(1)
    return e.ones / whole, (e.ones + still_open) / whole
