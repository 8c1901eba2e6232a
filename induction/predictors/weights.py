"""The arithmetic of a Bayes mixture, twice: in whole numbers, and in logarithms.

A member h with prior weight w_h has the *running weight* u_h: w_h times the probabilities that h
gave to what happened, where a round that h slept through counts as if h had predicted what the
mixture did. So the sum of the u_h is the mixture's probability of the data, asleep or not, and
every statement about mixtures is a statement about sums of positive numbers. (That an asleep
member agrees with the mixture is the same rule as leaving asleep weights alone and rescaling the
awake ones to an unchanged total: Freund, Schapire, Singer, Warmuth 1997; Chernov and Vovk 2009.)

Both classes answer the same questions; losses come as (below, above) pairs of floats that enclose
the true value.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any, NamedTuple

from induction.bounds.losses import log2_ratio, log_loss
from induction.dyadic import log2_above, log2_below

Pair = tuple[float, float]
_LARGEST = 1 << 17  # bits of an exact weight once members have slept, which can double it every round
_UNIT = 2.0**-50


class Mixed(NamedTuple):
    """What the awake say together: xi(0) = zero / whole, xi(1) = one / whole."""

    zero: Any
    one: Any
    whole: Any


_UNDECIDED = Mixed(1, 1, 2)  # any prediction keeps every bound when nobody awake has weight left


class ExactWeights:
    """Running weights as whole numbers over one common denominator, without a rounding anywhere.

    The numbers grow by the digits of the members' fractions: a round costs time proportional to the
    rounds before it.

    Parameters
    ----------
    priors : sequence of Fraction
        Positive, of sum at most 1.
    """

    def __init__(self, priors: Sequence[Fraction]) -> None:
        self._priors = list(priors)
        self._below = math.lcm(*(prior.denominator for prior in priors))
        self._above = [int(prior * self._below) for prior in priors]

    def mix(self, proposals: Sequence[tuple[Fraction, Fraction] | None]) -> Mixed:
        """The awake members' mixture; None marks the asleep."""
        awake = [(above, pair) for above, pair in zip(self._above, proposals, strict=True) if pair is not None]
        common = math.lcm(*(chance.denominator for _, pair in awake for chance in pair))
        zero, one = (
            sum(above * (pair[bit].numerator * (common // pair[bit].denominator)) for above, pair in awake)
            for bit in (0, 1)
        )
        whole = common * sum(above for above, _ in awake)
        return Mixed(zero, one, whole) if whole else _UNDECIDED

    def learn(self, proposals: Sequence[tuple[Fraction, Fraction] | None], mixed: Mixed, bit: int) -> None:
        """Multiply every awake weight by what the member gave to `bit`, the others by what the mixture gave.

        Raises
        ------
        ValueError
            If the exact numbers have become too large to go on with.
        """
        factors = [None if pair is None else pair[bit] for pair in proposals]
        common = math.lcm(*(factor.denominator for factor in factors if factor is not None))
        slept = None in factors
        whole = mixed.whole if slept else 1
        for i, factor in enumerate(factors):
            if factor is None:
                self._above[i] *= mixed[bit] * common
            else:
                self._above[i] *= factor.numerator * (common // factor.denominator) * whole
        self._below *= common * whole
        if slept:
            self._reduce()

    def _reduce(self) -> None:
        shared = math.gcd(self._below, *self._above)
        self._below //= shared
        self._above = [above // shared for above in self._above]
        size = self._below.bit_length()
        if size > _LARGEST:
            raise ValueError(f"exact weights of sleeping members take {size} bits, over {_LARGEST}: use exact=False")

    def leak(self, mixed: Mixed) -> Pair:
        """log2(xi(0) + xi(1)): 0 for measures, negative where the awake hold back some probability."""
        given = mixed.zero + mixed.one
        return (0.0, 0.0) if given == mixed.whole else log2_ratio(given, mixed.whole)

    def total_loss(self, scale: Fraction) -> Pair:
        """log2(scale / sum of the running weights)."""
        return self._minus_log2(sum(self._above), scale)

    def best_loss(self, scale: Fraction) -> Pair:
        """The least log2(scale / running weight)."""
        return self._minus_log2(max(self._above), scale)

    def member_loss(self, i: int) -> Pair:
        """Bits that member i lost (as much as the mixture while it was asleep)."""
        return self._minus_log2(self._above[i], self._priors[i])

    def _minus_log2(self, above: int, scale: Fraction) -> Pair:
        below, over = log2_ratio(above * scale.denominator, self._below * scale.numerator)
        return 0.0 - over, 0.0 - below

    def posterior(self, i: int) -> Fraction:
        """Member i's share of the running weights; 0 for all when nobody has any left."""
        return Fraction(self._above[i], sum(self._above) or 1)


class LogWeights:
    """Running weights as base-2 logarithms in floats; the members' floats are taken as given.

    A loss is a sum of n rounded logarithms, each partial sum rounded: at most 2^-52 of its size a
    round. Errors of weights reach the mixture through relative weights only, and members
    that are 64 bits behind the mixture no longer matter. So all losses, of the mixture and of members
    that matter, are within :meth:`tolerance` of their true values.

    Parameters
    ----------
    priors : sequence of Fraction
        Positive, of sum at most 1.
    """

    def __init__(self, priors: Sequence[Fraction]) -> None:
        self._priors = [log2_below(prior) for prior in priors]
        self._losses = [0.0] * len(self._priors)
        self._rounds = 0

    def mix(self, proposals: Sequence[Pair | None]) -> Mixed:
        """The awake members' mixture; None marks the asleep."""
        awake = [i for i, pair in enumerate(proposals) if pair is not None]
        logs = [self._priors[i] - self._losses[i] for i in awake]
        top = max(logs)
        if top == -math.inf:
            return _UNDECIDED
        weights = [2.0 ** (log - top) for log in logs]
        pairs = [pair for pair in proposals if pair is not None]
        zero, one = (math.fsum(w * pair[bit] for w, pair in zip(weights, pairs, strict=True)) for bit in (0, 1))
        return Mixed(zero, one, math.fsum(weights))

    def learn(self, proposals: Sequence[Pair | None], mixed: Mixed, bit: int) -> None:
        """Add to every awake member's loss what it lost on `bit`, to the others what the mixture lost."""
        shared = log_loss(mixed[bit] / mixed.whole)
        for i, pair in enumerate(proposals):
            self._losses[i] += shared if pair is None else log_loss(pair[bit])
        self._rounds += 1

    def tolerance(self) -> float:
        """Bits that separate any loss given here from the true one, at most."""
        return _UNIT * (self._rounds + 1) * _finite(self._mixture_loss() + 64.0 - min(self._priors))

    def leak(self, mixed: Mixed) -> Pair:
        """log2(xi(0) + xi(1)): 0 for measures, negative where the awake hold back some probability."""
        given = -log_loss(min(1.0, (mixed.zero + mixed.one) / mixed.whole))
        return given, given

    def total_loss(self, scale: Fraction) -> Pair:
        """log2(scale / sum of the running weights)."""
        return self._enclosed(self._mixture_loss(), scale)

    def _mixture_loss(self) -> float:
        logs = [prior - loss for prior, loss in zip(self._priors, self._losses, strict=True)]
        top = max(logs)
        return math.inf if top == -math.inf else -top - math.log2(math.fsum(2.0 ** (log - top) for log in logs))

    def best_loss(self, scale: Fraction) -> Pair:
        """The least log2(scale / running weight)."""
        return self._enclosed(min(loss - prior for prior, loss in zip(self._priors, self._losses, strict=True)), scale)

    def _enclosed(self, loss: float, scale: Fraction) -> Pair:
        margin = self.tolerance()
        return loss + log2_below(scale) - margin, loss + log2_above(scale) + margin

    def member_loss(self, i: int) -> Pair:
        """Bits that member i lost (as much as the mixture while it was asleep)."""
        margin = _UNIT * (self._rounds + 1) * (64.0 + _finite(self._losses[i]))
        return max(0.0, self._losses[i] - margin), self._losses[i] + margin

    def posterior(self, i: int) -> float:
        """Member i's share of the running weights; 0 for all when nobody has any left."""
        loss = self._mixture_loss()
        return 0.0 if loss == math.inf else 2.0 ** (self._priors[i] - self._losses[i] + loss)


def _finite(size: float) -> float:
    return size if size < math.inf else 0.0


def checked_priors(
    weights: Sequence[Fraction] | Mapping[str, Fraction] | None, names: Sequence[str]
) -> list[Fraction]:
    """One prior weight a name, in the names' order; equal shares of 1 for None.

    Raises
    ------
    ValueError
        If a weight is missing, too many, no number or not positive, or their sum is over 1.
    """
    if weights is None:
        return [Fraction(1, len(names))] * len(names)
    if isinstance(weights, Mapping):
        if set(weights) != set(names):
            raise ValueError(f"weights name {sorted(weights)}, members are {sorted(names)}; give one weight to each")
        weights = [weights[name] for name in names]
    try:
        shares = [Fraction(weight) for weight in weights]
    except (TypeError, ValueError, OverflowError):
        raise ValueError(f"weights are {weights!r}; give Fractions, such as Fraction(1, 3)") from None
    if len(shares) != len(names):
        raise ValueError(f"{len(shares)} weights for {len(names)} members; give one weight to each")
    if min(shares) <= 0 or sum(shares) > 1:
        raise ValueError(f"weights {[str(s) for s in shares]} must be positive, of sum at most 1; give Fractions")
    return shares
