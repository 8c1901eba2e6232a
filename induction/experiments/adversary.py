"""What if the world looks at the prediction? The anti-predictor, and labels that the prediction moves.

The bound holds for the bits that came, whoever chose them. Against the anti-predictor it is nearly reached, and
useless. With performative labels it holds too, and says nothing of the labels that other predictions would have
brought about: how many those are is counted, with the same draws and a predictor that always says ½.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from induction.budget import whole_number
from induction.experiments.result import Result
from induction.inductor.predictor import Predictor
from induction.predictors import Uniform
from induction.sources.adversaries import AntiPredictor, Performative, self_fulfilling

STRENGTHS = (-1.0, -0.5, 0.0, 0.5, 1.0)


@dataclass(frozen=True, eq=False)
class Anti:
    """A predictor against its anti-predictor.

    Parameters
    ----------
    loss, bound : numpy.ndarray
        Cumulative, in bits, after 0 to n rounds, shape (n + 1,).
    mistakes : int
    """

    loss: np.ndarray = field(repr=False)
    bound: np.ndarray = field(repr=False)
    mistakes: int

    @property
    def rounds(self) -> int:
        """n."""
        return len(self.loss) - 1


@dataclass(frozen=True)
class Performed:
    """One run with labels drawn at 1/2 + strength (p - 1/2), p the predicted chance of a 1.

    Parameters
    ----------
    strength : float
        1: what is predicted comes true; 0: a fair coin; -1: the opposite.
    seed : int
    loss, bound : float
        Of the labels that came, in bits.
    violations : int
        Rounds after which the loss was above the bound.
    mistakes, ones : int
    moved : int
        Labels that differ from those of the same draws had the prediction always been ½.
    """

    strength: float
    seed: int
    loss: float
    bound: float
    violations: int
    mistakes: int
    ones: int
    moved: int


@dataclass(frozen=True)
class Adversary(Result):
    """The anti-predictor, and the performative runs by strength."""

    fallback_exponent: int
    rounds: int
    anti: Anti
    performed: tuple[Performed, ...] = field(repr=False)

    @property
    def violations(self) -> int:
        """Rounds of any run after which the loss was above its bound."""
        return int((self.anti.loss > self.anti.bound).sum()) + sum(run.violations for run in self.performed)

    def to_json(self) -> dict[str, Any]:
        """Parameters, the anti-predictor's numbers, and a row a strength with means over seeds."""
        rows = []
        for strength in dict.fromkeys(run.strength for run in self.performed):
            runs = [run for run in self.performed if run.strength == strength]
            means = {
                f"mean_{name}": float(np.mean([getattr(run, name) for run in runs]))
                for name in ("loss", "bound", "mistakes", "ones", "moved")
            }
            rows.append({"strength": strength, "runs": len(runs), **means})
        return super().to_json() | {
            "fallback_exponent": self.fallback_exponent,
            "rounds": self.rounds,
            "violations": self.violations,
            "anti_loss_bits": float(self.anti.loss[-1]),
            "anti_bound_bits": float(self.anti.bound[-1]),
            "anti_mistakes": self.anti.mistakes,
            "performative": rows,
        }


def adversary(
    rounds: int | None = None,
    *,
    strengths: Sequence[float] = STRENGTHS,
    seeds: int | None = None,
    predictor: Predictor | None = None,
    full: bool = False,
    progress: Callable[[int, int], None] | None = None,
) -> Adversary:
    """Play against the anti-predictor, and with performative labels.

    Parameters
    ----------
    rounds : int, optional
        At least 1; 128 by default, 512 at full size.
    strengths : sequence of float
        -1 to 1, see :func:`induction.sources.adversaries.self_fulfilling`.
    seeds : int, optional
        Runs of each strength, at least 1; 8 by default, 64 at full size.
    predictor : Predictor, optional
        Whose parameters to use, with the uniform fallback; L = 16 and T = 256 by default.
    full : bool
        The full size.
    progress : callable, optional
        Told (runs done, runs in all).

    Returns
    -------
    Adversary

    Raises
    ------
    ValueError
        If a number is out of range, or the predictor has no fallback.
    """
    n = (512 if full else 128) if rounds is None else rounds
    each = (64 if full else 8) if seeds is None else seeds
    n = whole_number("rounds", n, None, "bits of each run")
    each = whole_number("seeds", each, None, "runs of each adversary")
    chosen = Predictor(max_length=16, max_steps=256) if predictor is None else predictor
    if chosen.fallback_exponent is None:
        raise ValueError("the predictor has no fallback: an adversary makes its loss infinite; leave out fallback=None")
    own = chosen.clone()
    AntiPredictor(own).bits(n)
    history = own.history
    anti = Anti(np.array([s.loss_bits for s in history]), np.array([s.bound_bits for s in history]), own.mistakes)
    runs = []
    for strength in strengths:
        response = self_fulfilling(strength)
        for seed in range(each):
            runs.append(_performed(chosen.clone(), response, strength, seed, n))
            if progress is not None:
                progress(len(runs), len(strengths) * each)
    budget = chosen.budget
    exponent = chosen.fallback_exponent
    return Adversary(chosen.machine, budget.max_length, budget.max_steps, exponent, n, anti, tuple(runs))


def _performed(
    predictor: Predictor, response: Callable[[float], float], strength: float, seed: int, rounds: int
) -> Performed:
    labels = Performative(predictor, response, seed).bits(rounds)
    otherwise = Performative(Uniform(), response, seed).bits(rounds)
    return Performed(
        strength,
        seed,
        predictor.loss_bits,
        predictor.bound_bits,
        sum(s.loss_bits > s.bound_bits for s in predictor.history),
        predictor.mistakes,
        int(labels.sum()),
        int((labels != otherwise).sum()),
    )
