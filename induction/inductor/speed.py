"""Speed priors: a program counts for less the longer it takes.

With t(p, x) >= 1 the steps that p has taken in all when its output first begins with x, and p over the programs
for x within the budget,

* ``kt``: S_Kt(x) = sum of 2^-|p| / t(p, x), and S_Kt of the empty string is 1 (Filan, Leike, Hutter 2016). Every
  single term is a lower bound, so -log2 S_Kt(x) <= min of |p| + log2 t(p, x), Levin's Kt(x).
* ``fast``: Schmidhuber's (2002) phases. In phase i = 1, 2, … every program p gets 2^(i - |p|) steps; what
  is answered in it weighs 2^-i 2^-|p|. A program is answered in all phases from |p| + ceil(log2 t) on, and so
  S_Fast(x) = sum of 2^-(2|p| + ceil(log2 t(p, x)) - 1); S_Fast of the empty string is 1 too.

Both are semimeasures: a program for x0 or x1 has read and run at least as much as the one for x that it began with.
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, NamedTuple

import numpy as np

from induction.bits import BitsLike, as_bits, from_integer, to_text
from induction.bounds.losses import log2_ratio
from induction.bounds.tracker import Competitor
from induction.budget import Budget
from induction.dyadic import to_text as fraction_text
from induction.enumeration.runner import program_text
from induction.enumeration.targets import several
from induction.inductor.fallback import choose_fallback, total_weight
from induction.inductor.online import Exact
from induction.inductor.speed_walk import BITS, LEAF_NODE, SIZE, STEPS_TAKEN, matches, tally
from induction.machines import get
from induction.machines.machine import Machine
from induction.predictors.contract import BitPredictor

KINDS = ("kt", "fast")
DEFAULT_LENGTH = 22  # program bits; a round of the predictor walks all programs for the data anew


_Program = tuple[int, int, int, int]  # 1 over its weight, length, bits, steps


class _Found(NamedTuple):
    """The programs for some data: their weights' sum, how many they are, the heaviest."""

    value: Fraction
    programs: int
    best: _Program | None


@dataclass(frozen=True)
class SpeedPrior:
    """The speed prior of some data.

    Parameters
    ----------
    bits : str
        x.
    kind : str
        ``kt`` or ``fast``.
    value : Fraction
        S(x), exact, over the programs within the budget.
    programs : int
        How many programs for x there are.
    best, best_text : str
        The heaviest program, the first of them by length and then by bits, also as rule text; empty without any.
    best_steps : int
        Its steps; 0 without any.
    bound_bits : float
        Its weight's -log2, rounded up: for ``kt`` Levin's Kt(x) within the budget; infinite without any.
    """

    bits: str
    kind: str
    value: Fraction
    programs: int
    best: str
    best_text: str
    best_steps: int
    bound_bits: float

    @property
    def loss_bits(self) -> float:
        """-log2 S(x), rounded down; at most `bound_bits`."""
        return log2_ratio(self.value.denominator, self.value.numerator)[0] if self.value else math.inf

    def to_json(self) -> dict[str, Any]:
        """The fields, the value as ``"a/b"``."""
        best = {"bits": self.best, "text": self.best_text, "length": len(self.best), "steps": self.best_steps}
        value = fraction_text(self.value)
        return {"bits": self.bits, "kind": self.kind, "value": value, "programs": self.programs, "best": best}


def speed_prior(
    bits: BitsLike,
    kind: str = "kt",
    *,
    machine: str | Machine = "queue",
    max_length: int | None = None,
    max_steps: int | None = None,
    total: int | None = None,
) -> SpeedPrior:
    """S_Kt or S_Fast of some data, exact within a budget.

    Parameters
    ----------
    bits : str or iterable of int
        x.
    kind : str
        ``kt`` or ``fast``: see the module's header.
    machine : str or Machine
    max_length : int, optional
        L, 1 to 62; 22 or the machine's default if that is less.
    max_steps, total : int, optional
        As for :class:`induction.inductor.predictor.Predictor`.

    Returns
    -------
    SpeedPrior

    Raises
    ------
    ValueError
        If bits, kind, machine or a budget is not what is allowed.

    Examples
    --------
    >>> from induction import speed_prior
    >>> s = speed_prior("00000000", max_length=12, max_steps=64)
    >>> s.best_text, s.best_steps, round(s.bound_bits, 3)
    ('0,0: 0 > 0', 15, 8.907)
    >>> s.loss_bits <= s.bound_bits
    True
    """
    data = as_bits(bits)
    check_kind(kind)
    chosen, budget = _chosen(machine, max_length, max_steps, total)
    if len(data) == 0:
        return SpeedPrior("", kind, Fraction(1), 1, "", "", 0, 0.0)
    (found,) = _search(chosen, budget, [data], kind)
    if found.best is None:
        return SpeedPrior(to_text(data), kind, found.value, 0, "", "", 0, math.inf)
    inverse, length, program, steps = found.best
    name = from_integer(program, length)
    text = program_text(chosen, name, len(data), budget.max_steps, budget.total)
    return SpeedPrior(to_text(data), kind, found.value, found.programs, name, text, steps, log2_ratio(inverse, 1)[1])


class SpeedPredictor(Exact):
    """Online prediction by a speed prior, exact within a budget, with a fallback beside it.

    The mixture S(x) + 2^-c u(x), normalised: S(xb) + … over the sum for both b. Every round walks all
    programs for the data anew, matches only: meant for short data and for comparisons.

    Parameters
    ----------
    kind : str
        ``kt`` or ``fast``: see the module's header.
    machine, max_length, max_steps, total
        As for :func:`speed_prior`.
    fallback, fallback_exponent
        As for :class:`induction.inductor.predictor.Predictor`.

    Raises
    ------
    ValueError
        If an argument is not what is allowed.

    Examples
    --------
    >>> from induction import SpeedPredictor
    >>> p = SpeedPredictor(max_length=12, max_steps=64).learn_many("0101010101")
    >>> p.predict_proba_one()[0] > 0.6
    True
    >>> p.loss_bits <= p.bound_bits
    True
    """

    def __init__(
        self,
        kind: str = "kt",
        *,
        machine: str | Machine = "queue",
        max_length: int | None = None,
        max_steps: int | None = None,
        total: int | None = None,
        fallback: str | BitPredictor | None = "uniform",
        fallback_exponent: int | None = None,
    ) -> None:
        chosen, budget = _chosen(machine, max_length, max_steps, total)
        exponent = chosen.fallback_exponent if fallback_exponent is None else fallback_exponent
        self._fallback = choose_fallback(fallback, exponent)
        parameters = {
            "kind": check_kind(kind),
            "machine": machine,
            "max_length": max_length,
            "max_steps": max_steps,
            "total": total,
            "fallback": fallback,
            "fallback_exponent": fallback_exponent,
        }
        # S of the empty string is 1.
        super().__init__(chosen, budget, parameters, total_weight(self._fallback))
        self.kind = kind
        self._machine = chosen
        self._next: tuple[list[Fraction], list[_Program | None]] | None = None

    def __repr__(self) -> str:
        return (
            f"SpeedPredictor({self.kind!r}, machine={self.machine!r}, max_length={self.budget.max_length}, "
            f"max_steps={self.budget.max_steps})  # {len(self._data)} bits learned"
        )

    def best(self) -> SpeedPrior:
        """The speed prior of the data so far, with its heaviest program; the fallback is left out."""
        budget = self.budget
        limits = {"max_length": budget.max_length, "max_steps": budget.max_steps, "total": budget.total}
        return speed_prior(self.data, self.kind, machine=self._machine, **limits)

    def _learn(self, bit: int) -> None:
        joint = self._joint()
        values, best = self._look()
        if self._fallback:
            self._fallback.learn(bit)
        self._next = None
        ratio = values[bit].as_integer_ratio()
        self._tracker.learn(joint[bit], joint[1 - bit], ratio, self._competitor(best[bit]))

    def _joint(self) -> tuple[int, int]:
        zero, one = self._look()[0]
        unit = math.lcm(zero.denominator, one.denominator)
        return int(zero * unit), int(one * unit)

    def _look(self) -> tuple[list[Fraction], list[_Program | None]]:
        """The mixture's mass of x0 and x1, and the heaviest program for each."""
        if self._next is None:
            targets = [as_bits([*self._data, bit]) for bit in (0, 1)]
            found = _search(self._machine, self.budget, targets, self.kind)
            values = [here.value for here in found]
            if self._fallback:
                zero, one, whole = self._fallback.next_bit()
                share = Fraction(self._fallback.numerator, self._fallback.denominator * whole)
                values = [values[0] + share * zero, values[1] + share * one]
            self._next = values, [here.best for here in found]
        return self._next

    def _competitor(self, best: _Program | None) -> Competitor | None:
        rivals = []
        if best is not None:
            inverse, length, program, _ = best
            rivals.append(Competitor(from_integer(program, length), log2_ratio(inverse, 1)[1], 0.0))
        if self._fallback:
            size = self._fallback.total_bits
            rivals.append(Competitor("fallback", size, 0.0))
        return min(rivals, key=lambda rival: rival.total_bits, default=None)


def check_kind(kind: str) -> str:
    """`kind` itself; ValueError if there is no such speed prior."""
    if kind not in KINDS:
        raise ValueError(f"kind is {kind!r}; speed priors are kt and fast")
    return kind


def _chosen(
    machine: str | Machine, max_length: int | None, max_steps: int | None, total: int | None
) -> tuple[Machine, Budget]:
    chosen = get(machine)
    length = min(DEFAULT_LENGTH, chosen.default.max_length) if max_length is None else max_length
    return chosen, chosen.budget(length, max_steps, total)


def _inverse(length: int, steps: int, kind: str) -> int:
    """1 over a program's weight, a whole number."""
    return steps << length if kind == "kt" else 1 << max(0, 2 * length + (steps - 1).bit_length() - 1)


def _search(machine: Machine, budget: Budget, targets: list[np.ndarray], kind: str) -> list[_Found]:
    """What programs there are for each target."""
    table = several([target.tolist() for target in targets])
    counts: list[Counter[tuple[int, int]]] = [Counter() for _ in targets]
    best: list[_Program | None] = [None for _ in targets]
    for rows in matches(machine, budget, table):
        for i, leaf in enumerate(table.leaves):
            here = rows[rows[:, LEAF_NODE] == leaf]
            kinds = tally(here)
            counts[i].update(kinds)
            if kinds:
                # The heaviest, of these the shortest, of these the first.
                least = min((_inverse(*shape, kind), shape[0]) for shape in kinds)
                for shape in (shape for shape in kinds if (_inverse(*shape, kind), shape[0]) == least):
                    first = int(here[(here[:, SIZE] == shape[0]) & (here[:, STEPS_TAKEN] == shape[1]), BITS].min())
                    rival = *least, first, shape[1]
                    old = best[i]
                    best[i] = rival if old is None or rival < old else old
    return [_Found(_sum(found, kind), found.total(), heaviest) for found, heaviest in zip(counts, best, strict=True)]


def _sum(found: Counter[tuple[int, int]], kind: str) -> Fraction:
    """All weights together."""
    inverses = {shape: _inverse(*shape, kind) for shape in found}
    unit = math.lcm(*inverses.values())
    return Fraction(sum(count * (unit // inverses[shape]) for shape, count in found.items()), unit)
