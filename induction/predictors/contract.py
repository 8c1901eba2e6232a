"""What a bit predictor is: any object with two methods.

``predict_proba_one()`` gives the next bit's distribution ``{0: float, 1: float}`` and
``learn_one(bit)`` tells what it was. There is no base class to inherit from. By habit, and
checked for ours, predictors are also

* deterministic, picklable, and free of hidden global state;
* cloneable: ``clone()`` is a fresh untrained predictor with equal parameters (``copy.deepcopy``
  and ``pickle`` keep what was learned);
* exact where they can be: ``predict_exact()`` gives the same distribution in Fractions;
* able to say what they lost: ``loss_bits``, the cumulative log loss.

A *specialist* may sleep: in a round in which its prediction is None, or its attribute ``awake``
is False, it says nothing, and a mixture leaves it alone (Freund, Schapire, Singer, Warmuth 1997).
It is told every bit all the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any, Protocol, Self, runtime_checkable

from induction.bits import BitsLike, as_bit, as_bits
from induction.bounds.losses import log_loss


@runtime_checkable
class BitPredictor(Protocol):
    """Predicts one bit at a time, without features."""

    def predict_proba_one(self) -> dict[int, float]:
        """The next bit's distribution; the two floats sum to 1."""
        ...

    def learn_one(self, bit: int) -> Self:
        """Take note of what the bit was, and return the predictor itself."""
        ...


@runtime_checkable
class ExactPredictor(BitPredictor, Protocol):
    """A bit predictor that can give its predictions as Fractions."""

    def predict_exact(self) -> dict[int, Fraction]:
        """The next bit's distribution; the two Fractions sum to 1."""
        ...


@runtime_checkable
class Specialist(Protocol):
    """What a mixture accepts: a bit predictor that may sleep and whose floats may sum to less than 1."""

    def predict_proba_one(self) -> Mapping[int, float] | None:
        """The next bit's distribution, or None to sleep through this round."""
        ...

    def learn_one(self, bit: int) -> object:
        """Take note of what the bit was."""
        ...


def is_exact(predictor: object) -> bool:
    """Whether a predictor gives Fractions: it has ``predict_exact`` and no attribute ``exact`` that denies it."""
    return callable(getattr(predictor, "predict_exact", None)) and bool(getattr(predictor, "exact", True))


def fresh(predictor: Any) -> Any:
    """An untrained predictor with equal parameters, by the predictor's own ``clone()``.

    Raises
    ------
    ValueError
        If it has no such method.
    """
    if not callable(getattr(predictor, "clone", None)):
        raise ValueError(f"{type(predictor).__name__} has no clone(); add one that returns an untrained twin")
    return predictor.clone()


def total_loss(predictor: BitPredictor, bits: BitsLike) -> float:
    """Cumulative log loss in bits of a predictor over data, which it learns on the way.

    Parameters
    ----------
    predictor : BitPredictor
        Any object with the two methods; its state moves on.
    bits : str or iterable of int
        The data, scored one bit at a time, before each is learned.

    Returns
    -------
    float
        Sum of -log2 of the probabilities given to what happened; infinite if one of them is 0.
    """
    loss = 0.0
    for bit in as_bits(bits).tolist():
        loss += log_loss(predictor.predict_proba_one()[bit])
        predictor.learn_one(bit)
    return loss


class RiverAdapter:
    """A bit predictor with river's signature: features come in and are not looked at.

    Parameters
    ----------
    predictor : BitPredictor
        Any object with the two methods; the adapter holds it, not a copy.

    Notes
    -----
    river's evaluation accepts it after ``river.base.Classifier.register(RiverAdapter)``; river is not
    imported here.

    Examples
    --------
    >>> from induction.predictors import KrichevskyTrofimov
    >>> model = RiverAdapter(KrichevskyTrofimov())
    >>> model.learn_one({"hour": 12}, True)
    >>> model.predict_proba_one({"hour": 13})[True]
    0.75
    """

    _supervised = True  # river asks for these two of every classifier
    _multiclass = False

    def __init__(self, predictor: BitPredictor) -> None:
        self.predictor = predictor

    def __repr__(self) -> str:
        return f"RiverAdapter({self.predictor!r})"

    def predict_proba_one(self, x: object = None) -> dict[int, float]:
        """The next label's distribution; the keys 0 and 1 are also found under False and True."""
        return self.predictor.predict_proba_one()

    def predict_one(self, x: object = None) -> int:
        """The likelier label; 0 on a tie."""
        chances = self.predictor.predict_proba_one()
        return int(chances[1] > chances[0])

    def learn_one(self, x: object, y: object) -> None:
        """Learn the label, 0, 1, False or True."""
        self.predictor.learn_one(as_bit(y, "label"))

    def clone(self) -> RiverAdapter:
        """An adapter around an untrained twin of the predictor."""
        return RiverAdapter(fresh(self.predictor))
