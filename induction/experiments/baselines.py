"""Where does each predictor win? The programs beside classical predictors on every source, losses included.

The losses are :func:`induction.experiments.compare.compare`'s. Beside the named sequences stand a few random sources:
there a program has nothing to say, and a predictor that counts has.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from induction.budget import whole_number
from induction.experiments.compare import OURS, Comparison, compare, rivals
from induction.experiments.result import Result
from induction.inductor.predictor import Predictor
from induction.sources.sequences import SEQUENCES, sequence
from induction.sources.stochastic import Bernoulli, Noisy, Stochastic, random_markov

_TIE = 0.01  # bits: losses that are nearer than this count as equal
# What the tables say, a column or a predictor a row; cells of the command's tables hold 48 letters.
LEGEND = (
    ("best alone", "sources on which it loses least, alone"),
    ("best shared", "the same, with others within 0.01 bits of it"),
    ("median behind", "bits it loses beyond the best of a source: the"),
    ("", "median over all sources"),
    ("most behind", "the same on its worst source, which is \"at\""),
    ("programs", "the mixture of all programs within L and T"),
    ("uniform", "says one half every time: 1 bit a bit"),
    ("KT", "Krichevsky–Trofimov: counts zeros and ones"),
    ("CTW", "context-tree weighting: counts after contexts"),
    ("LZ78", "Lempel–Ziv 1978: counts in a tree of phrases"),
    ("BM", "Berlekamp–Massey: shortest linear recurrence"),
    ("portfolio", "uniform, KT, CTW, LZ78, BM as one mixture"),
    ("both", "programs and portfolio as a mixture, half each"),
)


def random_sources() -> dict[str, Stochastic]:
    """Random sources by name."""
    return {
        "biased-coin": Bernoulli(0.1),
        "markov-chain-4": random_markov(4, seed=0),
        "noisy-fibonacci": Noisy(sequence("fibonacci-word"), 0.02),
        "noisy-period-5": Noisy(sequence("period-5"), 0.02),
    }


@dataclass(frozen=True)
class Standing:
    """One predictor over all sources.

    Parameters
    ----------
    predictor : str
    best_alone, best_shared : int
        Sources on which it lost least, with nobody or with others within a hundredth of a bit.
    total_loss : float
        Over all sources, in bits.
    behind : float
        How far it is behind the best of each source, in bits: the median over the sources.
    worst : float
        The same, the most.
    worst_at : str
        The source where that is.
    """

    predictor: str
    best_alone: int
    best_shared: int
    total_loss: float
    behind: float
    worst: float
    worst_at: str

    def to_json(self) -> dict[str, Any]:
        """The fields."""
        return {
            "predictor": self.predictor,
            "best_alone": self.best_alone,
            "best_shared": self.best_shared,
            "total_loss_bits": self.total_loss,
            "median_behind_bits": self.behind,
            "most_behind_bits": self.worst,
            "most_behind_at": self.worst_at,
        }


@dataclass(frozen=True)
class Baselines(Result):
    """All losses, and the parameters of the predictor over programs.

    Parameters
    ----------
    machine : str
    max_length, max_steps : int
    losses : Comparison
    """

    losses: Comparison = field(repr=False)

    @property
    def predictors(self) -> tuple[str, ...]:
        """Names, in order."""
        return self.losses.predictors

    def table(self) -> np.ndarray:
        """Losses in bits, shape (sources, predictors), in the orders in which they were compared."""
        return np.array([row.loss_bits for row in self.losses.rows]).reshape(-1, len(self.predictors))

    def best(self, source: str) -> list[str]:
        """Who lost least on a source, several if they lost the same within a hundredth of a bit."""
        losses = {name: self.losses.loss(source, name) for name in self.predictors}
        least = min(losses.values())
        return [name for name, loss in losses.items() if loss <= least + _TIE]

    def both(self, source: str) -> float:
        """What the programs and the portfolio lose as a mixture of two, ½ each: at most a bit more than the better.

        Both are measures, so this follows from their losses on the whole source: -log2 (½ 2^-a + ½ 2^-b).
        """
        low, high = sorted(self.losses.loss(source, name) for name in (OURS, "portfolio"))
        return low + 1 - math.log2(1 + 2.0 ** (low - high))

    @property
    def order(self) -> tuple[str, ...]:
        """Sources by who is the first of the best, in the order of the predictors, then by the least loss."""
        places = {name: i for i, name in enumerate(self.predictors)}
        table = dict(zip(self.losses.lengths, self.table().min(axis=1), strict=True))
        return tuple(sorted(table, key=lambda name: (places[self.best(name)[0]], table[name])))

    @property
    def standings(self) -> tuple[Standing, ...]:
        """One a predictor."""
        table = self.table()
        behind = table - table.min(axis=1, keepdims=True)
        winners = [self.best(source) for source in self.losses.lengths]
        sources = tuple(self.losses.lengths)
        rows = []
        for i, name in enumerate(self.predictors):
            won = [len(names) for names in winners if name in names]
            gaps = behind[:, i]
            total, middle, most = float(table[:, i].sum()), float(np.median(gaps)), float(gaps.max())
            shared = sum(count > 1 for count in won)
            rows.append(Standing(name, won.count(1), shared, total, middle, most, sources[int(gaps.argmax())]))
        return tuple(rows)

    def to_json(self) -> dict[str, Any]:
        """``standings``, a row a predictor; ``sources``, a row a source with all losses, ``both`` too; ``legend``."""
        sources = [
            {
                "source": source,
                "bits": self.losses.lengths[source],
                "best": ", ".join(self.best(source)),
                **{f"{name}_bits": self.losses.loss(source, name) for name in self.predictors},
                "both_bits": self.both(source),
            }
            for source in self.order
        ]
        return super().to_json() | {
            "both_total_bits": sum(map(self.both, self.losses.lengths)),
            "standings": [standing.to_json() for standing in self.standings],
            "sources": sources,
            "legend": [{"name": name, "meaning": meaning} for name, meaning in LEGEND],
        }


def baselines(
    names: Sequence[str] = tuple(SEQUENCES),
    *,
    bits: int | None = None,
    predictor: Predictor | None = None,
    noisy: bool = True,
    full: bool = False,
    progress: Callable[[int, int], None] | None = None,
) -> Baselines:
    """Run the programs and the classical predictors over all sources.

    Parameters
    ----------
    names : sequence of str
        Of :mod:`induction.sources.sequences`.
    bits : int, optional
        Of each source, at least 1; 256 by default, 1024 at full size.
    predictor : Predictor, optional
        Whose parameters to use; L = 24 if left out, 28 at full size.
    noisy : bool
        Whether :func:`random_sources` are among the sources.
    full : bool
        The full size.
    progress : callable, optional
        Told (losses known, losses in all).

    Returns
    -------
    Baselines

    Raises
    ------
    ValueError
        If a name is unknown or a number out of range, or there is no source.
    """
    n = (1024 if full else 256) if bits is None else bits
    n = whole_number("bits", n, None, "bits of each source")
    chosen = Predictor(max_length=28 if full else 24) if predictor is None else predictor
    own = {name: truth.sample(n, seed=0) for name, truth in random_sources().items()} if noisy else {}
    losses = compare(tuple(names), bits=n, data=own, predictors=rivals(chosen), progress=progress)
    return Baselines(chosen.machine, chosen.budget.max_length, chosen.budget.max_steps, losses)
