"""Sources that look at the prediction before they choose the bit.

Works with anything that has ``predict_proba_one()`` (a mapping with the keys 0 and 1) and ``learn_one(bit)``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from ..bits import as_bit
from .record import check_count
from .stochastic import check_rate


class Predicts(Protocol):
    """The two methods that an adversary needs."""

    def predict_proba_one(self) -> dict[int, float]:
        """Probabilities of the next bit, by bit."""

    def learn_one(self, bit: int) -> object:
        """Take the bit that came."""


@dataclass(frozen=True)
class Round:
    """What happened in one round: the prediction made, and the bit that came.

    Attributes
    ----------
    p0, p1 : float
        Predicted probabilities of a 0 and of a 1.
    bit : int
        The bit that came.
    """

    p0: float
    p1: float
    bit: int

    @property
    def mistake(self) -> bool:
        """True if the other bit was predicted, or neither (a tie counts as a mistake)."""
        return self.p1 <= self.p0 if self.bit else self.p0 <= self.p1

    @property
    def loss_bits(self) -> float:
        """-log2 of the predicted probability of the bit that came."""
        chosen = self.p1 if self.bit else self.p0
        return float(-np.log2(chosen)) if chosen > 0 else float("inf")


class Game:
    """Bits that answer a predictor, round after round."""

    def round(self) -> Round:
        """Play one round."""
        raise NotImplementedError

    def __iter__(self) -> Iterator[int]:
        """The bits, without end."""
        while True:
            yield self.round().bit

    def bits(self, n: int) -> np.ndarray:
        """Play n rounds; the bits, shape (n,), uint8."""
        return np.array([self.round().bit for _ in range(check_count(n, "number of rounds"))], dtype=np.uint8)


class AntiPredictor(Game):
    """Yields the bit that was not predicted, and teaches it to the predictor.

    Iterating asks the predictor, answers with the less likely bit and calls ``learn_one`` with it. A tie may be
    broken either way, as it counts as a mistake in any case: the adversary gives `on_tie`. So every round is a
    mistake and costs at least one bit, and by the regret bound a mixture with a uniform member of weight w loses
    at most n + log2(W/w) bits over n rounds.

    Parameters
    ----------
    predictor : object
        Anything with the two methods; it is changed by every round.
    on_tie : int
        The bit that is given when both are equally likely.

    Raises
    ------
    ValueError
        If `on_tie` is not a bit.
    """

    def __init__(self, predictor: Predicts, on_tie: int = 1) -> None:
        self.predictor = predictor
        self.on_tie = as_bit(on_tie, "on_tie")

    def round(self) -> Round:
        """Play one round."""
        answer = self.predictor.predict_proba_one()
        p0, p1 = float(answer[0]), float(answer[1])
        bit = self.on_tie if p0 == p1 else int(p1 < p0)
        self.predictor.learn_one(bit)
        return Round(p0, p1, bit)


class Performative(Game):
    """Labels that depend on the prediction: bit t is drawn with P(1) = response(predicted P(1)).

    The prediction moves the world and the world moves the labels (performative prediction, Perdomo et al. 2020).
    The regret bound holds against the labels that came; it says nothing of those that would have followed from
    other predictions.

    Parameters
    ----------
    predictor : object
        Anything with the two methods; it is changed by every round.
    response : callable
        From the predicted P(1) to the true P(1), both from 0 to 1.
    seed : int
        Of the draws; the same seed and predictor give the same labels.
    """

    def __init__(self, predictor: Predicts, response: Callable[[float], float], seed: int = 0) -> None:
        self.predictor = predictor
        self.response = response
        self._draws = np.random.default_rng(seed)

    def round(self) -> Round:
        """Play one round.

        Raises
        ------
        ValueError
            If the response is not a probability.
        """
        answer = self.predictor.predict_proba_one()
        p0, p1 = float(answer[0]), float(answer[1])
        truth = check_rate(self.response(p1), f"response to the prediction {p1!r}")
        bit = int(self._draws.random() < truth)
        self.predictor.learn_one(bit)
        return Round(p0, p1, bit)


def self_fulfilling(strength: float) -> Callable[[float], float]:
    """Response that moves a fair coin towards the prediction: 1/2 + strength (p - 1/2).

    A negative strength is self-defeating; `strength` from -1 to 1.
    """
    if not -1.0 <= strength <= 1.0:
        raise ValueError(f"strength is {strength!r}; give a number from -1 to 1")
    return lambda p1: 0.5 + strength * (p1 - 0.5)
