"""The Bayes mixture over anything that predicts, with its bound at its side.

Members h with weights w_h of sum W ≤ 1 predict together: xi(y) = sum of w_h h(y). Whatever the
data, the mixture loses at most log2(W / w_h) bits more than member h, for every h at once
(Solomonoff 1978; Hutter 2005). Members may hold back probability (semimeasures) and may sleep
(specialists); a mixture is a member like any other, so mixtures nest.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from induction.bits import as_bit
from induction.bounds.losses import log_loss
from induction.dyadic import add_above, add_below, log2_above
from induction.predictors.contract import Specialist, fresh, is_exact
from induction.predictors.weights import ExactWeights, LogWeights, Mixed, checked_priors

_ROUNDING = 1e-6  # a member's floats may sum to this much more than 1, and are scaled to sum to 1


@dataclass(frozen=True)
class Standing:
    """How a member of a mixture stands: posterior weight, prior weight, cumulative loss in bits."""

    name: str
    weight: Fraction | float
    prior: Fraction
    loss_bits: float


@dataclass(frozen=True)
class Regret:
    """What a mixture lost beyond one member in the rounds in which the member was awake.

    Attributes
    ----------
    name : str
        The member.
    rounds : int
        How many rounds it was awake.
    regret_bits : float
        Mixture's loss minus the member's over those rounds, rounded down; -inf for a member that is ruled out.
    bound_bits : float
        The ceiling log2(W / w), rounded up.
    """

    name: str
    rounds: int
    regret_bits: float
    bound_bits: float


class Mixture:
    """Bayes mixture over anything with ``predict_proba_one`` and ``learn_one``.

    Parameters
    ----------
    members : sequence or mapping of str to Specialist
        At least one object with the two methods; a mapping names them. The mixture holds the
        objects themselves and lets them learn. Floats of a member may sum to less than 1. A member whose
        prediction is None, or whose attribute ``awake`` is False, sleeps through the round.
    weights : sequence or mapping of Fraction, optional
        Positive, of sum W at most 1; equal shares of 1 by default. A mapping goes by the members' names.
    normalised : bool
        Whether predictions are scaled to sum to 1 (default), or left as
        xi(b | past) = xi(past b) / xi(past), which may sum to less.
    exact : bool, optional
        Whether to reckon in Fractions. By default done when every member has ``predict_exact`` and none
        has an attribute ``awake``: exact weights of members that sleep may double in size every round, and
        are refused beyond 2^17 bits. Exact rounds grow slower, in proportion to the rounds before; for very long
        runs False gives log-domain floats within a stated :attr:`tolerance_bits`.

    Raises
    ------
    ValueError
        No members, weights out of range or of the wrong number, ``exact=True`` over members that are not.

    Notes
    -----
    When every awake member with weight left has ruled out what happened, the loss is infinite and so
    is the bound; from then on the mixture predicts ½. A member such as :class:`Uniform` keeps it finite.
    """

    def __init__(
        self,
        members: Sequence[Specialist] | Mapping[str, Specialist],
        weights: Sequence[Fraction] | Mapping[str, Fraction] | None = None,
        *,
        normalised: bool = True,
        exact: bool | None = None,
    ) -> None:
        self._members, self._names = _named(members)
        self._priors = checked_priors(weights, self._names)
        able = all(is_exact(member) for member in self._members)
        if exact and not able:
            wrong = next(n for n, m in zip(self._names, self._members, strict=True) if not is_exact(m))
            raise ValueError(f"exact=True, but member {wrong!r} has no exact predictions; use exact=False")
        self.normalised = normalised
        self.exact = able and not any(hasattr(m, "awake") for m in self._members) if exact is None else exact
        self._total_prior = sum(self._priors, Fraction(0))
        self._weights: Any = (ExactWeights if self.exact else LogWeights)(self._priors)
        self._awake_rounds = [0] * len(self._members)
        self._leak = (0.0, 0.0)
        self._leaks = [0.0] * len(self._members)
        self._scored = -math.log2(self._total_prior)
        self._round: tuple[list[Any], Mixed] | None = None
        self.mistakes = 0

    def __repr__(self) -> str:
        shares = ", ".join(f"{name}: {prior}" for name, prior in self.weights.items())
        return f"Mixture({{{shares}}}, normalised={self.normalised}, exact={self.exact})"

    @property
    def weights(self) -> dict[str, Fraction]:
        """The prior weights, by name."""
        return dict(zip(self._names, self._priors, strict=True))

    @property
    def members(self) -> dict[str, Specialist]:
        """The members, by name."""
        return dict(zip(self._names, self._members, strict=True))

    def predict_proba_one(self) -> dict[int, float]:
        """The next bit's distribution; sums to 1 when normalised, else to at most 1.

        Raises
        ------
        ValueError
            If every member is asleep, or one gives numbers that are not probabilities.
        """
        mixed = self._mix()[1]
        whole = self._whole(mixed)
        return {0: mixed.zero / whole, 1: mixed.one / whole} if whole else {0: 0.5, 1: 0.5}

    def predict_exact(self) -> dict[int, Fraction]:
        """The same in Fractions. ValueError if the mixture reckons in floats."""
        if not self.exact:
            raise ValueError("this mixture reckons in floats; predict_exact needs members that all have predict_exact")
        mixed = self._mix()[1]
        whole = self._whole(mixed)
        pair = (Fraction(mixed.zero, whole), Fraction(mixed.one, whole)) if whole else (Fraction(1, 2), Fraction(1, 2))
        return {0: pair[0], 1: pair[1]}

    def _whole(self, mixed: Mixed) -> Any:
        return mixed.zero + mixed.one if self.normalised else mixed.whole

    def _mix(self) -> tuple[list[Any], Mixed]:
        """This round's proposals and what they make together; asked of the members once a round."""
        if self._round is None:
            proposals = [self._ask(i) for i in range(len(self._members))]
            if all(pair is None for pair in proposals):
                raise ValueError("every member is asleep; keep one that is always awake, such as Uniform()")
            self._round = proposals, self._weights.mix(proposals)
        return self._round

    def _ask(self, i: int) -> tuple[Any, Any] | None:
        member: Any = self._members[i]
        if not getattr(member, "awake", True):
            return None
        given = member.predict_exact() if self.exact else member.predict_proba_one()
        if given is None:
            return None
        try:
            pair = given[0], given[1]
            whole = pair[0] + pair[1]
            fits = pair[0] >= 0 and pair[1] >= 0 and whole <= (1 if self.exact else 1 + _ROUNDING)
        except (TypeError, LookupError):
            fits = False
        if not fits:
            raise ValueError(
                f"member {self._names[i]!r} predicts {given!r}; give {{0: p, 1: q}} with p, q >= 0 and p + q <= 1"
            )
        return pair if whole <= 1 else (pair[0] / whole, pair[1] / whole)

    def learn_one(self, bit: int) -> Mixture:
        """Score the bit, reweigh the awake members by it, and let all members learn it.

        Raises
        ------
        ValueError
            If `bit` is not 0 or 1, every member is asleep, or one gives numbers that are not probabilities.
        """
        bit = as_bit(bit)
        proposals, mixed = self._mix()
        self.mistakes += bool(mixed[bit] <= mixed[1 - bit])
        below, above = self._weights.leak(mixed)
        self._leak = add_below(self._leak[0], below), add_above(self._leak[1], above)
        for i, pair in enumerate(proposals):
            if pair is not None:
                self._awake_rounds[i] += 1
                self._leaks[i] = add_below(self._leaks[i], below)
        self._scored += log_loss(mixed[bit] / mixed.whole)
        self._weights.learn(proposals, mixed, bit)
        self._round = None
        for member in self._members:
            member.learn_one(bit)
        return self

    @property
    def loss_bits(self) -> float:
        """Cumulative loss in bits, rounded down: normalised, or -log2 xi for ``normalised=False``."""
        return self.normalised_loss_bits if self.normalised else self.unnormalised_loss_bits

    @property
    def normalised_loss_bits(self) -> float:
        """Sum of -log2 of the normalised predictions for what happened, rounded down."""
        return max(0.0, self._normalised_loss()[0])

    @property
    def unnormalised_loss_bits(self) -> float:
        """-log2 xi(data), rounded down; log2(1/W) before any data."""
        return max(0.0, self._weights.total_loss(Fraction(1))[0])

    def _normalised_loss(self) -> tuple[float, float]:
        below, above = self._weights.total_loss(self._total_prior)
        if below == math.inf:
            return below, above
        return add_below(below, self._leak[0]), add_above(above, self._leak[1])

    @property
    def bound_bits(self) -> float:
        """Ceiling of :attr:`loss_bits`: the least log2(W/w) + loss over the members, rounded up (W = 1 unnormalised).

        A member that slept is counted there with the mixture's own loss in the rounds it slept through.
        """
        return self._weights.best_loss(self._total_prior if self.normalised else Fraction(1))[1]

    @property
    def mistake_bound(self) -> float:
        """Ceiling of ``mistakes``: the floor of the normalised loss, a whole number (or inf).

        A mistake is a round whose likelier bit did not come, ties included: it costs a bit at least.
        """
        above = self._normalised_loss()[1]
        return above if above == math.inf else math.floor(above)

    @property
    def tolerance_bits(self) -> float:
        """How far rounding may have moved any loss, at most; 0 for an exact mixture."""
        return 0.0 if self.exact else self._weights.tolerance()

    def posterior(self, count: int | None = None) -> list[Standing]:
        """Members by posterior weight, heaviest first.

        Parameters
        ----------
        count : int, optional
            How many; all by default.

        Returns
        -------
        list of Standing
            Weights are Fractions of sum 1 in an exact mixture, floats otherwise; a sleeper's loss counts the
            mixture's own in the rounds it slept through.
        """
        rows = [
            Standing(name, self._weights.posterior(i), self._priors[i], self._weights.member_loss(i)[0])
            for i, name in enumerate(self._names)
        ]
        return sorted(rows, key=lambda row: -row.weight)[:count]

    def regret(self) -> list[Regret]:
        """Loss of the mixture's predictions beyond each member's, in its awake rounds, beside log2(W/w).

        Returns
        -------
        list of Regret
            In the members' order.
        """
        mixture = self._weights.total_loss(self._total_prior)[0]
        rows = []
        for i, name in enumerate(self._names):
            loss = self._weights.member_loss(i)[1]
            # While a member sleeps it loses what the mixture does, so the difference is that of its awake rounds.
            gap = -math.inf if loss == math.inf else mixture - loss + (self._leaks[i] if self.normalised else 0.0)
            bound = log2_above(self._total_prior / self._priors[i])
            rows.append(Regret(name, self._awake_rounds[i], math.nextafter(gap, -math.inf) if gap else gap, bound))
        return rows

    def identity(self) -> tuple[float, float]:
        """Both sides of -log2 xi = E_post[loss] + KL(post || w), in bits.

        The left side is summed over the rounds' predictions, the right side taken from the members'
        losses and weights; that they agree checks the books.
        """
        sides = 0.0
        for i, prior in enumerate(self._priors):
            share = self._weights.posterior(i)
            if float(share):
                sides += float(share) * (self._weights.member_loss(i)[0] + math.log2(share / prior))
        return self._scored, sides if self._scored < math.inf else math.inf

    def clone(self) -> Mixture:
        """An untrained mixture of the members' clones, parameters equal. ValueError if one has no ``clone()``."""
        twins = {name: fresh(member) for name, member in self.members.items()}
        return Mixture(twins, self._priors, normalised=self.normalised, exact=self.exact)


def _named(members: Sequence[Specialist] | Mapping[str, Specialist]) -> tuple[list[Specialist], list[str]]:
    if isinstance(members, Mapping):
        names = [str(name) for name in members]
        objects = list(members.values())
    else:
        objects = list(members)
        names = [f"{i}:{type(member).__name__}" for i, member in enumerate(objects)]
    if not objects:
        raise ValueError("a mixture has no members; give at least one, such as Uniform()")
    for name, member in zip(names, objects, strict=True):
        if not isinstance(member, Specialist):
            raise ValueError(f"member {name!r} lacks predict_proba_one() or learn_one(bit); give objects with both")
    if len({id(member) for member in objects}) < len(objects):
        raise ValueError("one object is a member twice and would learn every bit twice; give clones")
    return objects, names
