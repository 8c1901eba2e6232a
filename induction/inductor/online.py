"""What the predictors over all programs share: how they were made, what they have learned, and their bound."""

from __future__ import annotations

import copy
import math
import os
import threading
from abc import ABC, abstractmethod
from fractions import Fraction
from typing import Any, NamedTuple, Self

import numpy as np

from induction.bits import BitsLike, as_bit, as_bits, to_text
from induction.bounds.tracker import BoundTracker, Standing
from induction.budget import Budget, whole_number
from induction.enumeration.frontier import Frontier
from induction.enumeration.program import Program
from induction.enumeration.runner import program_text
from induction.inductor import saving
from induction.machines.machine import Machine


class Score(NamedTuple):
    """Losses and bounds of a run of data, arrays of one number a step, in bits.

    Attributes
    ----------
    losses : numpy.ndarray
        Log loss of each normalised prediction; infinite from the step on at which the total is.
    loss_bits, bound_bits, unnormalised_loss_bits : numpy.ndarray
        Cumulative, from the very first data on: see :class:`induction.bounds.tracker.Standing`.
    mistakes : numpy.ndarray
        Cumulative.
    """

    losses: np.ndarray
    loss_bits: np.ndarray
    bound_bits: np.ndarray
    unnormalised_loss_bits: np.ndarray
    mistakes: np.ndarray


class Tracked(ABC):
    """A predictor that keeps its loss beside its bound, for labels as for bits.

    Parameters
    ----------
    machine : Machine
    budget : Budget
    parameters : dict
        The arguments that make an untrained twin.
    """

    def __init__(self, machine: Machine, budget: Budget, parameters: dict[str, Any]) -> None:
        self._name = machine.name
        self._parameters = parameters
        self.budget = budget
        self._lock = threading.RLock()  # threads may share a predictor; what they teach it is then interleaved

    @property
    @abstractmethod
    def _standings(self) -> list[Standing]:
        """The standing after 0, 1, 2, … rounds."""

    @abstractmethod
    def learn_many(self, data: Any) -> Self:
        """Learn one after another; returns the predictor."""

    @abstractmethod
    def _written(self) -> Any:
        """What was learned, as JSON."""

    @staticmethod
    @abstractmethod
    def _as_learned(written: Any, /) -> Any:
        """What `learn_many` takes, from what `_written` gave; ValueError if it did not give that."""

    @property
    def machine(self) -> str:
        """The reference machine's name."""
        return self._name

    def get_params(self) -> dict[str, Any]:
        """The arguments that make an untrained twin."""
        return dict(self._parameters)

    def clone(self) -> Self:
        """An untrained predictor with equal parameters (``copy.deepcopy`` and ``pickle`` keep what was learned)."""
        return type(self)(**self._parameters)

    def __copy__(self) -> Self:
        return copy.deepcopy(self)

    def __getstate__(self) -> dict[str, Any]:
        return self._copied({})  # a copy: pickle writes it down after the lock is let go

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        twin = memo[id(self)] = type(self).__new__(type(self))
        twin.__setstate__(self._copied(memo))
        return twin

    def _copied(self, memo: dict[int, Any]) -> dict[str, Any]:
        """A copy of everything but the lock, which is held: no thread learns meanwhile."""
        with self._lock:
            return copy.deepcopy({name: value for name, value in self.__dict__.items() if name != "_lock"}, memo)

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        self._lock = threading.RLock()

    @property
    def standing(self) -> Standing:
        """Loss, bound, competitor and mistakes after all data so far."""
        return self._standings[-1]

    @property
    def history(self) -> list[Standing]:
        """The standing after 0, 1, 2, … rounds."""
        return list(self._standings)

    @property
    def loss_bits(self) -> float:
        """Cumulative log loss of the predictions, in bits, rounded down."""
        return self.standing.loss_bits

    @property
    def bound_bits(self) -> float:
        """min over hypotheses of log2(W / w) + loss, in bits, rounded up; never less than `loss_bits`."""
        return self.standing.bound_bits

    @property
    def mistakes(self) -> int:
        """How often what came was not the likelier of the two; a tie counts."""
        return self.standing.mistakes

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write parameters and data as JSON, with a checksum.

        Raises
        ------
        ValueError
            If the fallback is an object: only names can be written down.
        OSError
            If the file cannot be written.
        """
        budget = {"max_length": self.budget.max_length, "max_steps": self.budget.max_steps, "total": self.budget.total}
        parameters = self._parameters | {"machine": self.machine} | budget
        saving.write(path, type(self).__name__, parameters, self._written())

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> Self:
        """Read parameters and data, and learn the data anew.

        Raises
        ------
        ValueError
            If the file was not made by :meth:`save` of the same class, or has been altered.
        OSError
            If the file cannot be read.
        """
        predictor, data = saving.read(path, cls, cls._as_learned)
        return predictor.learn_many(data)


class Online(Tracked):
    """A tracked predictor of bits.

    Parameters
    ----------
    machine, budget, parameters
        As for :class:`Tracked`.
    total_weight : Fraction
        W, the sum of all weights.
    """

    def __init__(self, machine: Machine, budget: Budget, parameters: dict[str, Any], total_weight: Fraction) -> None:
        super().__init__(machine, budget, parameters)
        self._total_weight = total_weight
        self._data = bytearray()
        self._tracker = BoundTracker(total_weight)

    @abstractmethod
    def predict_proba_one(self) -> dict[int, float]:
        """The next bit's distribution, ``{0: float, 1: float}``; the two floats sum to 1."""

    @abstractmethod
    def _learn(self, bit: int) -> None:
        """Learn a bit and book it; `data` grows afterwards."""

    @property
    def _standings(self) -> list[Standing]:
        return self._tracker.standings

    @property
    def data(self) -> str:
        """The bits learned so far."""
        with self._lock:
            return to_text(self._data)

    @property
    def total_weight(self) -> Fraction:
        """W, the sum of the prior weights of all hypotheses."""
        return self._total_weight

    def learn_one(self, bit: int) -> Self:
        """Learn what the next bit was; returns the predictor. ValueError if it is not 0 or 1."""
        bit = as_bit(bit)
        with self._lock:
            self._learn(bit)
            self._data.append(bit)
        return self

    def learn_many(self, bits: BitsLike) -> Self:
        """Learn bits one after another; returns the predictor."""
        for bit in as_bits(bits):
            self.learn_one(int(bit))
        return self

    def _written(self) -> str:
        return self.data

    @staticmethod
    def _as_learned(written: Any, /) -> np.ndarray:
        if not isinstance(written, str):
            raise ValueError("its data are no text of bits")
        return as_bits(written, "saved data")

    def score(self, bits: BitsLike) -> Score:
        """Losses and bounds step by step, were `bits` to come next. Learns nothing."""
        ahead = copy.deepcopy(self)
        before = ahead.loss_bits
        standings = [ahead.learn_one(int(bit)).standing for bit in as_bits(bits)]
        loss = np.array([s.loss_bits for s in standings])
        with np.errstate(invalid="ignore"):
            step = np.where(np.isinf(loss), np.inf, loss - np.append(before, loss[:-1])[: len(loss)])
        return Score(
            step,
            loss,
            np.array([s.bound_bits for s in standings]),
            np.array([s.unnormalised_loss_bits for s in standings]),
            np.array([s.mistakes for s in standings], dtype=np.int64),
        )


class Exact(Online):
    """One whose predictions are ratios of integers."""

    @abstractmethod
    def _joint(self) -> tuple[int, int]:
        """xi(x0) and xi(x1) in a common unit."""

    def predict_proba_one(self) -> dict[int, float]:
        """The next bit's distribution, ``{0: float, 1: float}``; the two floats sum to 1.

        A chance that no float can hold is shown as the least positive float, 2^-1074, never as 0: a log loss
        computed from floats stays finite. `loss_bits` and :meth:`predict_exact` have its true size.
        """
        with self._lock:
            return distribution(*self._joint())

    def predict_exact(self) -> dict[int, Fraction]:
        """The next bit's distribution in Fractions, which sum to 1; ½ each when nothing is left."""
        with self._lock:
            zero, one = self._joint()
        whole = zero + one
        return {0: Fraction(zero, whole), 1: Fraction(one, whole)} if whole else {0: Fraction(1, 2), 1: Fraction(1, 2)}

    def probability(self, bits: BitsLike) -> Fraction:
        """The probability that `bits` come next: the product of the normalised predictions. Learns nothing."""
        ahead = copy.deepcopy(self)
        result = Fraction(1)
        for bit in as_bits(bits):
            result *= ahead.predict_exact()[int(bit)]
            ahead.learn_one(int(bit))
        return result


def distribution(zero: float, one: float) -> dict[int, float]:
    """Two weights, integers of any size or floats, as floats that sum to 1; ½ each where both are 0.

    What has any weight gets a float above 0.
    """
    whole = zero + one
    if not whole:
        return {0: 0.5, 1: 0.5}
    least = min(zero, one)
    small = max(least / whole, math.ulp(0.0)) if least else 0.0
    return {0: small, 1: 1.0 - small} if zero < one else {0: 1.0 - small, 1: small}


def heaviest(frontier: Frontier, budget: Budget, rounds: int, joint: tuple[int, int], count: int) -> list[Program]:
    """The `count` heaviest programs for the data, with their shares of xi(data), a ratio of two integers."""
    count = check_count(count)
    numerator, denominator = joint
    return [
        Program(
            bits,
            program_text(frontier.machine, bits, max(1, rounds), budget.max_steps, budget.total),
            Fraction(denominator, numerator << len(bits)),
        )
        for bits in frontier.programs(count)
    ]


def check_count(count: object) -> int:
    """A number of things to list; ValueError if it is no whole number of at least 0."""
    return whole_number("count", count, None, "programs", smallest=0)
