"""Certified intervals along a run of data, and the point from which they stop saying anything.

An exploration that was cut off splits all mass into what surely prints x, what surely does not, and what is open.
From these follow bounds for the prior without cut-offs: programs of any length and any patience (see "Fates, and
certified intervals" in the page on the theory). What is open at a proper prefix of x can only grow with x while
M(x) can only fall, so for long data the bounds end up saying nothing. Every number here is exact.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from induction.bounds.intervals import Explored, Interval, conditional_interval, normalised_interval, prior_interval
from induction.budget import Budget
from induction.dyadic import to_text
from induction.enumeration.frontier import Masses
from induction.inductor.fallback import Fallback

WIDE = Fraction(9, 10)  # an interval of a prediction that is wider than this says next to nothing


@dataclass(frozen=True)
class CertifiedStep:
    """What is certain after some bits x.

    Parameters
    ----------
    rounds : int
        How many bits x has.
    prior : (Fraction, Fraction)
        Encloses M(x), the fallback left out.
    conditional : tuple of two (Fraction, Fraction)
        Enclose xi(x0) / xi(x) and xi(x1) / xi(x): M(0|x) and M(1|x) where there is no fallback.
    normalised : (Fraction, Fraction)
        Encloses xi(x1) / (xi(x0) + xi(x1)).
    undecided : Fraction
        Mass that stopped being known at a proper prefix of x: the width of `prior`.
    """

    rounds: int
    prior: Interval
    conditional: tuple[Interval, Interval]
    normalised: Interval
    undecided: Fraction

    @property
    def width(self) -> Fraction:
        """Of the interval of the normalised prediction."""
        return self.normalised[1] - self.normalised[0]

    def to_json(self) -> dict[str, Any]:
        """The fields, intervals as pairs of ``"a/b"``."""
        return {
            "rounds": self.rounds,
            "prior": [to_text(end) for end in self.prior],
            "conditional": [[to_text(end) for end in pair] for pair in self.conditional],
            "normalised": [to_text(end) for end in self.normalised],
            "undecided": to_text(self.undecided),
        }


@dataclass(frozen=True)
class CertifiedRun:
    """Certified intervals after every bit of a run.

    Parameters
    ----------
    steps : tuple of CertifiedStep
        From the data before the run on: one more than the run has bits.
    """

    steps: tuple[CertifiedStep, ...]

    @property
    def undecided_from(self) -> int | None:
        """The first round at which, and ever after in this run, the undecided mass exceeds what surely prints x.

        From there on M(x) is known to less than a factor of 2. None if that never happens.
        """
        return self._onwards(lambda step: step.undecided > step.prior[0])

    @property
    def unproved_from(self) -> int | None:
        """The first round at which no program within the budget prints x any more: M(x) >= 0 is all that is known."""
        return self._onwards(lambda step: not step.prior[0])

    def silent_from(self, width: Fraction = WIDE) -> int | None:
        """The first round from which on, in this run, the prediction's interval is wider than `width`; None if none.

        Raises
        ------
        ValueError
            If `width` is not from 0 to 1.
        """
        if not 0 <= width <= 1:
            raise ValueError(f"width is {width!r}; allowed are numbers from 0 to 1 (of an interval of a prediction)")
        return self._onwards(lambda step: step.width > width)

    def to_json(self) -> dict[str, Any]:
        """The steps, and the points from which they say little or nothing."""
        return {
            "steps": [step.to_json() for step in self.steps],
            "undecided_from": self.undecided_from,
            "silent_from": self.silent_from(),
            "unproved_from": self.unproved_from,
        }

    def _onwards(self, vain: Callable[[CertifiedStep], bool]) -> int | None:
        first = None
        for step in reversed(self.steps):
            if not vain(step):
                break
            first = step.rounds
        return first


def certify_step(rounds: int, masses: Masses, budget: Budget, fallback: Fallback | None) -> CertifiedStep:
    """What an exploration of some data, its masses over 2^L, makes certain of the mixture with a fallback."""
    explored = explore(masses, budget, fallback)
    swapped = Explored(explored.ones, explored.zeros, explored.stopped, explored.open_here, explored.open_before)
    undecided = Fraction(masses.open_before, budget.whole)
    return CertifiedStep(
        rounds,
        # What is open at the data itself has printed them already, and counts as a match.
        prior_interval(Fraction(masses.matching, budget.whole), undecided),
        (conditional_interval(swapped), conditional_interval(explored)),
        normalised_interval(explored),
        undecided,
    )


def explore(masses: Masses, budget: Budget, fallback: Fallback | None) -> Explored:
    """Masses around the data as Fractions, those of the fallback among them."""
    whole = budget.whole
    zero, one, here = (Fraction(mass, whole) for mass in (masses.zeros, masses.ones, masses.silent))
    if fallback:
        next_zero, next_one, grid = fallback.next_bit()
        zero += Fraction(fallback.numerator * next_zero, fallback.denominator * grid)
        one += Fraction(fallback.numerator * next_one, fallback.denominator * grid)
    still_open = Fraction(masses.timeout + masses.cut, whole)
    return Explored(zero, one, here, still_open, Fraction(masses.open_before, whole))
