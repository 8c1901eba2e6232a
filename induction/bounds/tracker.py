"""The bound at work: loss beside the best competitor, step by step, never the wrong way round.

A mixture with total weight W that gives the data joint probability xi(x) loses, normalised, at
most log2(W / w_h) + loss_h bits for every hypothesis h in it, and not normalised at most
log2(1 / w_h) + loss_h. Losses are kept rounded down and bounds rounded up, so that loss <= bound
holds between the floats too.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction

from induction.bounds.losses import log2_ratio
from induction.dyadic import log2_above

_UNIT = 2**50  # losses add up in whole 2^-50 bits, without rounding


@dataclass(frozen=True)
class Competitor:
    """A hypothesis that the loss is held against.

    Parameters
    ----------
    name : str
        A program's bits, or ``fallback``.
    weight_bits : float
        log2(1 / w_h), rounded up if it is no whole number.
    loss_bits : float
        The hypothesis's own loss on the data, rounded up.
    """

    name: str
    weight_bits: float
    loss_bits: float

    @property
    def total_bits(self) -> float:
        """|p| + the program's loss: what the competitor lets the mixture lose."""
        return self.weight_bits + self.loss_bits


@dataclass(frozen=True)
class Standing:
    """Where a predictor stands after some data; all losses in bits and cumulative.

    Parameters
    ----------
    rounds : int
        Bits seen.
    loss_bits : float
        Log loss of the normalised predictions, rounded down.
    unnormalised_loss_bits : float
        -log2 xi(x), rounded down.
    bound_bits : float
        The ceiling of `loss_bits`, W counted, rounded up.
    unnormalised_bound_bits : float
        The ceiling of `unnormalised_loss_bits`, rounded up.
    competitor : str
        Who sets the ceiling: a program's bits, or ``fallback``; empty if nobody is left.
    mistakes : int
        Rounds in which the bit was not the likelier one; a tie counts.
    mistake_bound : float
        No more mistakes than this: floor of `loss_bits`.
    """

    rounds: int
    loss_bits: float
    unnormalised_loss_bits: float
    bound_bits: float
    unnormalised_bound_bits: float
    competitor: str
    mistakes: int
    mistake_bound: float


class BoundTracker:
    """Keeps a mixture's loss beside its bound.

    Parameters
    ----------
    total_weight : Fraction
        W, the sum of all weights.
    """

    def __init__(self, total_weight: Fraction) -> None:
        self._log_weight = log2_above(total_weight)
        self._units: int | float = 0
        self.standings = [Standing(0, 0.0, 0.0, max(0.0, self._log_weight), 0.0, "", 0, 0.0)]

    @property
    def now(self) -> Standing:
        """The standing after all data so far."""
        return self.standings[-1]

    def learn(self, seen: int, other: int, joint: tuple[int, int], competitor: Competitor | None) -> Standing:
        """Book one round.

        Parameters
        ----------
        seen, other : int
            Masses, in one unit, of the bit that came and of the one that did not.
        joint : (int, int)
            xi(x) of all data so far as numerator and denominator.
        competitor : Competitor, optional
            The best one; None if no hypothesis allows the data.
        """
        last = self.now
        step = _loss_below(seen, other)
        self._units = math.inf if math.isinf(step) else self._units + math.floor(step * _UNIT)
        loss = _rounded_down(self._units)
        free = math.inf if competitor is None else competitor.total_bits
        standing = Standing(
            rounds=last.rounds + 1,
            loss_bits=loss,
            unnormalised_loss_bits=max(0.0, log2_ratio(joint[1], joint[0])[0]) if joint[0] else math.inf,
            bound_bits=math.nextafter(free + self._log_weight, math.inf) if self._log_weight else free,
            unnormalised_bound_bits=free,
            competitor="" if competitor is None else competitor.name,
            mistakes=last.mistakes + (seen <= other),
            mistake_bound=math.floor(loss) if math.isfinite(loss) else math.inf,
        )
        self.standings.append(standing)
        return standing


def _loss_below(seen: int, other: int) -> float:
    """-log2 of the normalised probability, rounded down; a round without any mass is a fair guess."""
    if not seen and not other:
        return 1.0
    if not seen:
        return math.inf
    below = max(0.0, log2_ratio(seen + other, seen)[0])
    return max(below, 1.0) if seen <= other else below


def _rounded_down(units: int | float) -> float:
    if math.isinf(units):
        return math.inf
    whole = int(units)
    excess = max(0, whole.bit_length() - 53)
    return math.ldexp(whole >> excess, excess) / _UNIT
