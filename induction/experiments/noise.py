"""What do flipped bits cost? Programs' outputs, flipped at several rates, predicted with every rate unknown.

The expected loss is the entropy of the flips plus the Kullback-Leibler divergence from the truth to the predictor.
If a program of |p| bits prints the clean sequence, or its complement (which is the sequence flipped at one minus the
rate), then on every single run the loss beyond the truth's own is at most |p| + 1/2 log2 n + 1 bits: the
Krichevsky-Trofimov estimate of the rate costs no more than 1/2 log2 n + 1 beyond the best fixed one, and the truth's
is one of these. So the divergence, its expectation, has the same ceiling. Where no program is short enough the
certified bound still holds, and is about n.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import numpy as np

from induction.bounds.losses import krichevsky_trofimov_ceiling
from induction.budget import whole_number
from induction.experiments.result import Result
from induction.inductor.explanation import explain
from induction.inductor.noisy import NoisyPredictor
from induction.predictors import ContextTree, total_loss
from induction.sources.record import Sequence as BitSequence
from induction.sources.sequences import sequence
from induction.sources.stochastic import Noisy, binary_entropy, check_rate
from induction.sources.words import periodic

OUT_OF_REACH = BitSequence(
    "period-17", "period of 17", "00101110010100111 over and over", "", partial(periodic, period="00101110010100111")
)
"""A source without a program of at most 20 bits on ``queue``, and easy for a context tree."""

SOURCES = ("alternating", "fibonacci-word", OUT_OF_REACH.name)
RATES = (0.0, 0.02, 0.1, 0.25)
_DEPTH = 16  # of the context tree
_TOLERANCE = 1e-6  # bits: the truth's loss is a sum of floats


@dataclass(frozen=True, eq=False)
class NoisySource:
    """One source at one rate, over several seeds.

    Parameters
    ----------
    source, title : str
    rate : float
        The chance that a bit is flipped.
    program_length : int or None
        |p|, of the shortest program for the clean bits or for their complement; None if none is within the budget.
    loss : numpy.ndarray
        Cumulative loss in bits, shape (seeds, n + 1).
    truth : numpy.ndarray
        What the truth itself loses on the same bits, shape (seeds, n + 1).
    divergence : numpy.ndarray
        Sum of KL(truth || predictor) over the predictions so far, in bits, shape (seeds, n + 1).
    bound : numpy.ndarray
        The certified bound on the loss, shape (seeds, n + 1).
    context_tree : numpy.ndarray
        What a context tree loses on the same bits in all, shape (seeds,).
    """

    source: str
    title: str
    rate: float
    program_length: int | None
    loss: np.ndarray = field(repr=False)
    truth: np.ndarray = field(repr=False)
    divergence: np.ndarray = field(repr=False)
    bound: np.ndarray = field(repr=False)
    context_tree: np.ndarray = field(repr=False)

    @property
    def bits(self) -> int:
        """n."""
        return self.loss.shape[1] - 1

    @property
    def entropy(self) -> float:
        """Of all n flips, in bits."""
        return self.bits * abs(float(binary_entropy(self.rate)))

    @property
    def ceiling(self) -> np.ndarray:
        """|p| + 1/2 log2 t + 1 after t bits, for the divergence; infinite without a program, shape (n + 1,)."""
        learned = [krichevsky_trofimov_ceiling(count) for count in range(self.bits + 1)]
        return np.array(learned) + (math.inf if self.program_length is None else self.program_length)

    @property
    def violations(self) -> int:
        """Rounds of all runs in which the loss was above the certified bound, or above the truth's and the ceiling."""
        beyond = self.loss - self.truth > self.ceiling + _TOLERANCE
        return int((self.loss > self.bound).sum() + beyond.sum())

    def to_json(self) -> dict[str, Any]:
        """Means over the seeds after n bits; ``_error`` is two standard errors, None for a single seed."""
        ends = {"loss": self.loss[:, -1], "divergence": self.divergence[:, -1]}
        row: dict[str, Any] = {
            "source": self.source,
            "rate": self.rate,
            "seeds": len(self.loss),
            "program_length": self.program_length,
            "entropy_bits": self.entropy,
        }
        for name, values in ends.items():
            mean, error = band(values)
            row |= {f"{name}_bits": float(mean), f"{name}_error": float(error) if len(values) > 1 else None}
        ceiling = float(self.ceiling[-1])
        return row | {
            "ceiling_bits": ceiling if math.isfinite(ceiling) else None,
            "bound_bits": float(self.bound[:, -1].mean()),
            "context_tree_bits": float(self.context_tree.mean()),
            "violations": self.violations,
        }


@dataclass(frozen=True)
class Noise(Result):
    """Sources at several rates, and the parameters that they share."""

    bits: int
    runs: tuple[NoisySource, ...] = field(repr=False)

    @property
    def sources(self) -> tuple[str, ...]:
        """Names, in order."""
        return tuple(dict.fromkeys(run.source for run in self.runs))

    def of(self, source: str) -> list[NoisySource]:
        """One source, by rate."""
        return [run for run in self.runs if run.source == source]

    @property
    def violations(self) -> int:
        """Rounds of any run that broke a bound which holds on every run."""
        return sum(run.violations for run in self.runs)

    def to_json(self) -> dict[str, Any]:
        """Parameters and a row a source and rate."""
        return super().to_json() | {
            "bits": self.bits,
            "violations": self.violations,
            "runs": [run.to_json() for run in self.runs],
        }


def band(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Mean over the seeds, the first axis, and two standard errors of it; 0 for a single seed."""
    if len(values) == 1:
        return values[0], np.zeros_like(values[0])
    return values.mean(axis=0), 2 * values.std(axis=0, ddof=1) / math.sqrt(len(values))


def noise(
    names: Sequence[str] = SOURCES,
    *,
    rates: Sequence[float] = RATES,
    bits: int | None = None,
    seeds: int | None = None,
    predictor: NoisyPredictor | None = None,
    full: bool = False,
    progress: Callable[[int, int], None] | None = None,
) -> Noise:
    """Predict noisy sources at several rates.

    Parameters
    ----------
    names : sequence of str
        Of :mod:`induction.sources.sequences`, or ``period-17``: see :data:`OUT_OF_REACH`.
    rates : sequence of float
        0 to 1.
    bits : int, optional
        Of each run, at least 1; 256 by default, 1024 at full size.
    seeds : int, optional
        Runs of each source at each rate, at least 1; 12 by default, 16 at full size. Nothing is random at rates
        0 and 1: one run is enough there.
    predictor : NoisyPredictor, optional
        Whose parameters to use: ``queue``, L = 16, or 18 at full size, if left out.
    full : bool
        The full size.
    progress : callable, optional
        Told (runs done, runs in all).

    Returns
    -------
    Noise

    Raises
    ------
    ValueError
        If a name is unknown or a number out of range.
    """
    n = (1024 if full else 256) if bits is None else bits
    each = (16 if full else 12) if seeds is None else seeds
    n = whole_number("bits", n, None, "bits of each run")
    each = whole_number("seeds", each, None, "runs at each rate")
    chosen = NoisyPredictor(max_length=18 if full else 16) if predictor is None else predictor
    counts = {check_rate(rate, "flip rate"): 1 if rate in (0, 1) else each for rate in rates}
    sources = [source(name) for name in names]
    parts, done = len(sources) * sum(counts.values()), 0
    runs = []
    for clean in sources:
        length = shortest(chosen, clean.bits(n))
        for rate, count in counts.items():
            rows = []
            for seed in range(count):
                rows.append(one_run(chosen.clone(), Noisy(clean, rate), n, seed))
                done += 1
                if progress is not None:
                    progress(done, parts)
            series = (np.array(column) for column in zip(*rows, strict=True))
            runs.append(NoisySource(clean.name, clean.title, rate, length, *series))
    budget = chosen.budget
    return Noise(chosen.machine, budget.max_length, budget.max_steps, n, tuple(runs))


def source(name: str) -> BitSequence:
    """A named sequence, :data:`OUT_OF_REACH` included."""
    return OUT_OF_REACH if name == OUT_OF_REACH.name else sequence(name)


def shortest(predictor: NoisyPredictor, clean: np.ndarray) -> int | None:
    """Bits of the shortest program within the predictor's budget for the bits or for their complement, if any."""
    b = predictor.budget
    options: dict[str, Any] = {"machine": predictor.machine, "max_length": b.max_length, "max_steps": b.max_steps}
    found = [explain(x, **options, total=b.total, programs=1, matches_only=True).shortest for x in (clean, 1 - clean)]
    return min((program.length for program in found if program is not None), default=None)


def one_run(
    predictor: NoisyPredictor, truth: Noisy, bits: int, seed: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, float]:
    """Loss, the truth's loss, divergence and bound after 0 to n bits, and a context tree's loss."""
    data = truth.sample(bits, seed)
    divergence = [0.0]
    for one, bit in zip(truth.probabilities(data), data, strict=True):
        chances = predictor.predict_proba_one()
        divergence.append(relative_entropy(float(one), chances))
        predictor.learn_one(int(bit))
    own = np.concatenate([[0.0], np.cumsum(truth.losses(data))])
    loss = np.array([s.loss_bits for s in predictor.history])
    bound = np.array([s.bound_bits for s in predictor.history])
    return loss, own, np.cumsum(divergence), bound, total_loss(ContextTree(_DEPTH), data)


def relative_entropy(one: float, chances: dict[int, float]) -> float:
    """KL divergence in bits from a bit that is 1 with chance `one` to a prediction."""
    pairs = ((one, chances[1]), (1 - one, chances[0]))
    return sum(p * math.log2(p / q) if q else math.inf for p, q in pairs if p)
