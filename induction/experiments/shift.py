"""Does what was learned on some inputs hold on others? Labels of short programs, under a shift of inputs.

Pairs of 4-bit inputs, all 16 of them among these, then inputs of 12 bits from another distribution, learned
online all the time. Beside the programs: online logistic regression on the same pairs, on the bits alone
and on their products too, with the best of four step sizes in hindsight.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from induction.budget import whole_number
from induction.experiments.result import Result
from induction.inductor.conditional import ConditionalPredictor
from induction.sources.tasks import all_inputs, biased_inputs, pairs, task

TASKS = ("constant-0", "first", "not-first", "and", "xor")
BEFORE, AFTER = (4, 64), (12, 1000)  # bits of an input, pairs
BIAS = 0.75  # of the bits after the shift; before it all inputs are equally frequent
_MOST_LOSS = 1e-12  # probabilities of the regression are kept this far from 0 and 1


class LogisticRegression:
    """Online logistic regression with AdaGrad steps.

    A bit is -1 or 1, a bit that the input does not have 0, so inputs of all lengths go in.

    Parameters
    ----------
    bits : int
        Length of the longest input.
    products : bool
        Whether products of any two bits are features as well.
    rate : float
        Step size (Duchi, Hazan, Singer 2011).
    """

    def __init__(self, bits: int, *, products: bool = False, rate: float = 1.0) -> None:
        self.bits, self.products, self.rate = bits, products, rate
        self._pairs = np.triu_indices(bits, 1)
        self.weights = np.zeros(1 + bits + (len(self._pairs[0]) if products else 0))
        self._squares = np.zeros_like(self.weights)

    def _features(self, x: str) -> np.ndarray:
        values = np.zeros(self.bits)
        values[: len(x)] = [2 * int(bit) - 1 for bit in x]
        parts = [np.ones(1), values]
        if self.products:
            parts.append(values[self._pairs[0]] * values[self._pairs[1]])
        return np.concatenate(parts)

    def predict_proba_one(self, x: str) -> dict[int, float]:
        """The label's distribution."""
        height = float(np.clip(self.weights @ self._features(x), -40, 40))
        one = min(max(1 / (1 + np.exp(-height)), _MOST_LOSS), 1 - _MOST_LOSS)
        return {0: 1 - one, 1: one}

    def learn_one(self, x: str, y: int) -> LogisticRegression:
        """One step down the gradient of the log loss."""
        features = self._features(x)
        gradient = (self.predict_proba_one(x)[1] - y) * features
        self._squares += gradient**2
        self.weights -= self.rate * gradient / np.sqrt(self._squares + 1e-12)
        return self


@dataclass(frozen=True, eq=False)
class Curve:
    """Cumulative loss in bits and mistakes after 0, 1, ... pairs."""

    loss: np.ndarray = field(repr=False)
    mistakes: np.ndarray = field(repr=False)


@dataclass(frozen=True, eq=False)
class ShiftRun:
    """One task with one seed.

    Parameters
    ----------
    task : str
    seed : int
    before : int
        How many pairs came before the shift.
    own : Curve
        The conditional predictor's.
    bound : numpy.ndarray
        Its ceiling in bits after 0, 1, ... pairs.
    best : str
        The heaviest hypothesis's rules at the end.
    baselines : dict
        Curves of others on the same pairs, by name.
    """

    task: str
    seed: int
    before: int
    own: Curve
    bound: np.ndarray = field(repr=False)
    best: str
    baselines: dict[str, Curve]

    @property
    def holds(self) -> bool:
        """Whether the loss was under the bound all the time."""
        return bool((self.own.loss <= self.bound).all())

    def mistakes_after(self, name: str | None = None) -> int:
        """Mistakes after the shift: the predictor's own, or a baseline's."""
        curve = self.own if name is None else self.baselines[name]
        return int(curve.mistakes[-1] - curve.mistakes[self.before])

    def to_json(self) -> dict[str, Any]:
        """Totals."""
        return {
            "task": self.task,
            "seed": self.seed,
            "pairs": len(self.bound) - 1,
            "loss_bits": float(self.own.loss[-1]),
            "bound_bits": float(self.bound[-1]),
            "mistakes": int(self.own.mistakes[-1]),
            "mistakes_after_shift": self.mistakes_after(),
            "best": self.best,
            "baselines": {
                name: {"loss_bits": float(curve.loss[-1]), "mistakes_after_shift": self.mistakes_after(name)}
                for name, curve in self.baselines.items()
            },
        }


@dataclass(frozen=True)
class ShiftResult(Result):
    """All runs, and the parameters that they share."""

    runs: tuple[ShiftRun, ...] = field(repr=False)

    @property
    def tasks(self) -> tuple[str, ...]:
        """The tasks, in order."""
        return tuple(dict.fromkeys(run.task for run in self.runs))

    def of(self, name: str) -> list[ShiftRun]:
        """The runs of a task."""
        return [run for run in self.runs if run.task == name]

    def to_json(self) -> dict[str, Any]:
        """Parameters and one row a run."""
        return super().to_json() | {
            "runs": [run.to_json() for run in self.runs],
        }


def shifted_pairs(name: str, seed: int, before: tuple[int, int], after: tuple[int, int]) -> Iterator[tuple[str, int]]:
    """Labelled inputs: (bits, pairs) in which every input occurs, then (bits, pairs) from another distribution."""
    chosen = task(name)
    yield from pairs(chosen, all_inputs(before[0], seed, before[1]))
    yield from pairs(chosen, biased_inputs(after[0], BIAS, seed), after[1])


def curve(predictor: Any, data: Iterable[tuple[str, int]]) -> Curve:
    """Loss and mistakes of anything with the two methods, online; a tie is a mistake."""
    losses, mistakes = [0.0], [0]
    for x, y in data:
        chances = predictor.predict_proba_one(x)
        losses.append(-np.log2(chances[y]))
        mistakes.append(chances[y] <= chances[1 - y])
        predictor.learn_one(x, y)
    return Curve(np.cumsum(losses), np.cumsum(mistakes))


def shift(
    names: Sequence[str] = TASKS,
    *,
    seeds: int = 20,
    before: tuple[int, int] = BEFORE,
    after: tuple[int, int] = AFTER,
    predictor: ConditionalPredictor | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> ShiftResult:
    """Learn tasks on short inputs, go on with others.

    Parameters
    ----------
    names : sequence of str
        Of :data:`induction.sources.tasks.TASKS`.
    seeds : int
        Runs a task, at least 1.
    before, after : (int, int)
        Bits of an input and number of pairs, before and after the shift.
    predictor : ConditionalPredictor, optional
        Whose parameters to use: ``queue``, L = 18, ``label`` and ``raw`` if left out.
    progress : callable, optional
        Told (runs done, runs in all).

    Returns
    -------
    ShiftResult

    Notes
    -----
    About a second a run: two minutes for all.
    """
    seeds = whole_number("seeds", seeds, None, "runs of each task")
    chosen = ConditionalPredictor() if predictor is None else predictor
    runs: list[ShiftRun] = []
    for name, seed in itertools.product(names, range(seeds)):
        data = list(shifted_pairs(name, seed, before, after))
        runs.append(run_shift(chosen, name, seed, data, before[1]))
        if progress is not None:
            progress(len(runs), len(names) * seeds)
    return ShiftResult(chosen.machine, chosen.budget.max_length, chosen.budget.max_steps, tuple(runs))


def run_shift(
    predictor: ConditionalPredictor, name: str, seed: int, data: list[tuple[str, int]], before: int
) -> ShiftRun:
    """One run with a fresh twin of `predictor`."""
    own = predictor.clone()
    for x, y in data:
        own.learn_one(x, y)
    longest = max(len(x) for x, _ in data)
    rivals = {
        "logistic regression": LogisticRegression(longest),
        "with products": LogisticRegression(longest, products=True, rate=0.3),
    }
    return ShiftRun(
        name,
        seed,
        before,
        Curve(np.array([s.loss_bits for s in own.history]), np.array([s.mistakes for s in own.history])),
        np.array([s.bound_bits for s in own.history]),
        own.posterior(1)[0].text,
        {label: curve(rival, data) for label, rival in rivals.items()},
    )
