"""How much do different predictors lose on the same bits? Ours beside the classical ones."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from induction.bits import BitsLike, as_bits
from induction.budget import whole_number
from induction.experiments.bound import baselines
from induction.inductor.predictor import Predictor
from induction.predictors import Uniform, fresh, portfolio, total_loss
from induction.predictors.contract import BitPredictor
from induction.sources.sequences import DEMO, sequence

OURS = "programs"


@dataclass(frozen=True)
class Row:
    """One predictor on one source.

    Parameters
    ----------
    source : str
        Name of the sequence, or of what was given.
    predictor : str
    loss_bits : float
        Cumulative log loss of its predictions, in bits; infinite if it called impossible what happened.
    """

    source: str
    predictor: str
    loss_bits: float

    def to_json(self) -> dict[str, Any]:
        """The fields; an infinite loss is None."""
        loss = self.loss_bits if math.isfinite(self.loss_bits) else None
        return {"source": self.source, "predictor": self.predictor, "loss_bits": loss}


@dataclass(frozen=True)
class Comparison:
    """Losses of all predictors on all sources.

    Parameters
    ----------
    lengths : dict
        Bits of data by source.
    predictors : tuple of str
        In the order in which they were given.
    rows : tuple of Row
        Source by source, predictors in order.
    """

    lengths: dict[str, int]
    predictors: tuple[str, ...]
    rows: tuple[Row, ...]

    def loss(self, source: str, predictor: str) -> float:
        """The loss of one predictor on one source; KeyError if there is none."""
        for row in self.rows:
            if (row.source, row.predictor) == (source, predictor):
                return row.loss_bits
        raise KeyError((source, predictor))

    def best(self, source: str) -> list[str]:
        """Who lost least on a source; several if they lost the same."""
        losses = {name: self.loss(source, name) for name in self.predictors}
        return [name for name, loss in losses.items() if loss == min(losses.values())]

    def to_json(self) -> dict[str, Any]:
        """``rows``: source, predictor and loss."""
        return {"rows": [row.to_json() for row in self.rows]}


def rivals(predictor: Predictor | None = None) -> dict[str, BitPredictor]:
    """Untrained predictors by name: ours, the uniform one, the classical ones, and a portfolio of these."""
    ours: BitPredictor = Predictor() if predictor is None else predictor.clone()
    return {OURS: ours, "uniform": Uniform(), **baselines(), "portfolio": portfolio()}


def compare(
    names: Sequence[str] = DEMO,
    *,
    bits: int | None = None,
    data: Mapping[str, BitsLike] | None = None,
    predictors: Mapping[str, BitPredictor] | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Comparison:
    """Run predictors over sources.

    Parameters
    ----------
    names : sequence of str
        Of :mod:`induction.sources.sequences`; may be empty if there are other data.
    bits : int, optional
        How many bits of each source, at least 1: 256 of a named sequence, all of other data by default.
    data : mapping of str to bits, optional
        Data of your own by name.
    predictors : mapping of str to predictor, optional
        Anything with the two methods and ``clone()``; :func:`rivals` by default.
    progress : callable, optional
        Told (rows done, rows in all).

    Returns
    -------
    Comparison

    Raises
    ------
    ValueError
        If a source is unknown or empty, `bits` is out of range, or there is nothing to compare.
    """
    if bits is not None:
        bits = whole_number("bits", bits, None, "bits of each source")
    sources = {name: sequence(name).bits(256 if bits is None else bits) for name in names}
    for name, own in (data or {}).items():
        if name in sources:
            raise ValueError(f"{name!r} is given twice; call your own data something else")
        sources[name] = as_bits(own, name)[:bits]
        if not len(sources[name]):
            raise ValueError(f"{name} holds no bits; give at least one")
    chosen = rivals() if predictors is None else dict(predictors)
    if not sources or not chosen:
        raise ValueError("there is nothing to compare; give at least one source and one predictor")
    rows = []
    for source, own_bits in sources.items():
        for name, predictor in chosen.items():
            twin = fresh(predictor)
            # Ours knows its loss exactly, and rounds it once.
            loss = twin.learn_many(own_bits).loss_bits if isinstance(twin, Predictor) else total_loss(twin, own_bits)
            rows.append(Row(source, name, loss))
            if progress is not None:
                progress(len(rows), len(sources) * len(chosen))
    return Comparison({name: len(own) for name, own in sources.items()}, tuple(chosen), tuple(rows))
