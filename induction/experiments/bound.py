"""Does the loss stay under its bound? A predictor on named sequences, beside baselines."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from induction.budget import whole_number
from induction.enumeration.program import Program
from induction.experiments.result import Result
from induction.inductor.predictor import Predictor
from induction.predictors import BerlekampMassey, ContextTree, KrichevskyTrofimov, LempelZiv, total_loss
from induction.sources.sequences import DEMO, sequence


def baselines() -> dict[str, Any]:
    """Fresh classical predictors by short name."""
    return {
        "KT": KrichevskyTrofimov(),
        "CTW": ContextTree(16),
        "LZ78": LempelZiv(),
        "BM": BerlekampMassey(),
    }


@dataclass(frozen=True, eq=False)
class SourceRun:
    """One sequence, predicted bit by bit.

    Parameters
    ----------
    name, title : str
    loss, bound : numpy.ndarray
        Cumulative loss and its ceiling in bits after 0, 1, …, n bits, shape (n + 1,).
    mistakes : int
        Rounds in which the likelier bit was wrong, or neither was likelier.
    shortest : Program or None
        The first of the shortest programs for all the data, None if none is left.
    competitor : str
        Who sets the bound at the end: a program's bits, or ``fallback``.
    baselines : dict
        Total loss in bits of other predictors on the same bits.
    """

    name: str
    title: str
    loss: np.ndarray = field(repr=False)
    bound: np.ndarray = field(repr=False)
    mistakes: int
    shortest: Program | None
    competitor: str
    baselines: dict[str, float]

    @property
    def bits(self) -> int:
        """How many bits were predicted."""
        return len(self.loss) - 1

    @property
    def learned(self) -> bool:
        """Whether a program, not the fallback, sets the bound."""
        return self.competitor not in ("", "fallback")

    def to_json(self) -> dict[str, Any]:
        """The row that ``induction demo --json`` prints."""
        return {
            "name": self.name,
            "bits": self.bits,
            "loss_bits": float(self.loss[-1]),
            "bound_bits": float(self.bound[-1]),
            "mistakes": self.mistakes,
            "shortest": self.shortest.to_json() if self.shortest else None,
            "competitor": self.competitor,
            "baselines": self.baselines,
        }


@dataclass(frozen=True)
class BoundResult(Result):
    """All runs, and the parameters that they share."""

    fallback_exponent: int | None
    sources: tuple[SourceRun, ...]

    def to_json(self) -> dict[str, Any]:
        """Parameters and one row a source."""
        return super().to_json() | {
            "fallback_exponent": self.fallback_exponent,
            "sources": [run.to_json() for run in self.sources],
        }


def run_source(predictor: Predictor, name: str, bits: int) -> SourceRun:
    """Predict the first `bits` bits of a named sequence with a fresh twin of `predictor`."""
    source = sequence(name)
    data = source.bits(bits)
    own = predictor.clone().learn_many(data)
    programs = own.posterior(1)
    return SourceRun(
        name,
        source.title,
        np.array([s.loss_bits for s in own.history]),
        np.array([s.bound_bits for s in own.history]),
        own.mistakes,
        programs[0] if programs else None,
        own.standing.competitor,
        {label: total_loss(rival, data) for label, rival in baselines().items()},
    )


def bound(
    names: Sequence[str] = DEMO,
    *,
    bits: int = 256,
    predictor: Predictor | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> BoundResult:
    """Run a predictor over named sequences.

    Parameters
    ----------
    names : sequence of str
        Of :mod:`induction.sources.sequences`.
    bits : int
        How many bits of each, at least 1.
    predictor : Predictor, optional
        Whose parameters to use; the default predictor if left out.
    progress : callable, optional
        Told (sources done, sources in all).

    Returns
    -------
    BoundResult
    """
    bits = whole_number("bits", bits, None, "bits of each sequence")
    if not names:
        raise ValueError("no sequences are named; name at least one")
    chosen = Predictor() if predictor is None else predictor
    runs = []
    for name in names:
        runs.append(run_source(chosen, name, bits))
        if progress is not None:
            progress(len(runs), len(names))
    exponent = chosen.fallback_exponent
    return BoundResult(chosen.machine, chosen.budget.max_length, chosen.budget.max_steps, exponent, tuple(runs))
