"""Who carries the posterior? Its mass by excess length over the shortest program for the data.

A program that is much longer than the shortest weighs next to nothing alone; there may be many of them. Here their
mass is counted exactly: M(data) split by length, as the data grow. Programs longer than L are not seen: excess is
at most L less the shortest program's length, so a source near the budget's edge looks more concentrated than it is.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import numpy as np

from induction.budget import whole_number
from induction.dyadic import to_text
from induction.experiments.result import Result
from induction.inductor.predictor import Predictor
from induction.sources.sequences import sequence

SOURCES = ("zeros", "alternating", "fibonacci-word", "period-doubling", "squares", "coin")
_ROUNDS = (1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024)


@dataclass(frozen=True, eq=False)
class Posterior:
    """The programs for the first bits of a source, by length.

    Parameters
    ----------
    source : str
    bits : int
        How many bits the programs print at least.
    counts : numpy.ndarray
        How many programs there are of each length, shape (63,).
    """

    source: str
    bits: int
    counts: np.ndarray = field(repr=False)

    @property
    def shortest(self) -> int | None:
        """Length of the shortest, in bits; None if there is no program left."""
        lengths = np.flatnonzero(self.counts)
        return int(lengths[0]) if len(lengths) else None

    @property
    def shares(self) -> tuple[Fraction, ...]:
        """Share of M(data) by excess length 0, 1, 2, …; empty if there is no program left. The sum is exactly 1."""
        if self.shortest is None:
            return ()
        masses = [int(count) << (62 - length) for length, count in enumerate(self.counts)]
        longest = max(length for length, mass in enumerate(masses) if mass)
        return tuple(Fraction(mass, sum(masses)) for mass in masses[self.shortest : longest + 1])

    def within(self, excess: int) -> Fraction:
        """Share of programs at most `excess` bits longer than the shortest; 0 if there is no program left."""
        return sum(self.shares[: excess + 1], Fraction(0))

    @property
    def mean_excess(self) -> float:
        """Expected excess length in bits; nan if there is no program left."""
        if not self.shares:
            return float("nan")
        return float(sum((excess * share for excess, share in enumerate(self.shares)), Fraction(0)))

    def to_json(self) -> dict[str, Any]:
        """The numbers; None where no program is left."""
        alive = self.shortest is not None
        return {
            "source": self.source,
            "bits": self.bits,
            "programs": int(self.counts.sum()),
            "shortest": self.shortest,
            "share_of_shortest": to_text(self.within(0)) if alive else None,
            "within_0": float(self.within(0)) if alive else None,
            "within_2": float(self.within(2)) if alive else None,
            "within_5": float(self.within(5)) if alive else None,
            "mean_excess_bits": self.mean_excess if alive else None,
        }


@dataclass(frozen=True)
class Nested(Result):
    """Posteriors of all sources after growing numbers of bits."""

    posteriors: tuple[Posterior, ...] = field(repr=False)

    @property
    def sources(self) -> tuple[str, ...]:
        """Names, in order."""
        return tuple(dict.fromkeys(each.source for each in self.posteriors))

    def of(self, source: str) -> tuple[Posterior, ...]:
        """One source's posteriors, bits ascending."""
        return tuple(each for each in self.posteriors if each.source == source)

    def to_json(self) -> dict[str, Any]:
        """Parameters and a row for each source and number of bits."""
        return super().to_json() | {
            "posteriors": [each.to_json() for each in self.posteriors],
        }


def nested(
    names: Sequence[str] = SOURCES,
    *,
    bits: int | None = None,
    predictor: Predictor | None = None,
    full: bool = False,
    progress: Callable[[int, int], None] | None = None,
) -> Nested:
    """Split the posterior of sources by length, at 1, 2, 4, … bits.

    Parameters
    ----------
    names : sequence of str
        Of :mod:`induction.sources.sequences`.
    bits : int, optional
        Of each source, at least 1; 256 by default, 1024 at full size.
    predictor : Predictor, optional
        Whose parameters to use; L = 24 and T = 256 by default, L = 28 at full size.
    full : bool
        The full size.
    progress : callable, optional
        Told (sources done, sources in all).

    Returns
    -------
    Nested

    Raises
    ------
    ValueError
        If a name is unknown or the number of bits out of range.
    """
    most = (1024 if full else 256) if bits is None else bits
    most = whole_number("bits", most, None, "bits of each sequence")
    chosen = Predictor(max_length=28 if full else 24, max_steps=256) if predictor is None else predictor
    stops = {n for n in _ROUNDS if n < most} | {most}
    posteriors = []
    for done, name in enumerate(names, 1):
        own = chosen.clone()
        for count, bit in enumerate(sequence(name).bits(most), 1):
            own.learn_one(int(bit))
            if count in stops:
                posteriors.append(Posterior(name, count, own._frontier.lengths()))
        if progress is not None:
            progress(done, len(names))
    return Nested(chosen.machine, chosen.budget.max_length, chosen.budget.max_steps, tuple(posteriors))
