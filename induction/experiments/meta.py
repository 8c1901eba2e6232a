"""How far is a predictor from the mixture? Regret per step of anything with the two methods.

Data drawn from the cut-off prior are what the mixture expects: nothing is much better there on average (only
draws that wrote enough bits are scored). On named sources it is a reference that needs no training, and may
lose. Meta-trained sequence models can be scored like any other predictor [1]_.

.. [1] J. Grau-Moya et al., "Learning universal predictors" (2024), arXiv:2401.14953.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from induction.bits import BitsLike, as_bits
from induction.bounds.losses import log_loss
from induction.budget import whole_number
from induction.experiments.result import Result
from induction.inductor.predictor import Predictor
from induction.inductor.sampling import sample
from induction.predictors import BitPredictor, ContextTree, KrichevskyTrofimov
from induction.sources.sequences import sequence

SOURCES = ("fibonacci-word", "squares", "coin")
PRIOR = "prior"  # the name of the draws from the prior among the sources


class FrequencyTable:
    """How often 0 and 1 followed each of the last few bits, one added to both: someone else's predictor.

    Parameters
    ----------
    context : int
        Bits of context, at least 0.

    Examples
    --------
    >>> FrequencyTable(2).predict_proba_one()
    {0: 0.5, 1: 0.5}
    """

    def __init__(self, context: int = 3) -> None:
        self.context = whole_number("context", context, None, "bits", smallest=0)
        self._past: tuple[int, ...] = ()
        self._counts: dict[tuple[int, ...], list[int]] = defaultdict(lambda: [1, 1])

    def predict_proba_one(self) -> dict[int, float]:
        """The next bit's distribution."""
        zeros, ones = self._counts[self._past]
        return {0: zeros / (zeros + ones), 1: ones / (zeros + ones)}

    def learn_one(self, bit: int) -> FrequencyTable:
        """Count the bit."""
        self._counts[self._past][bit] += 1
        self._past = (*self._past, bit)[-self.context :] if self.context else ()
        return self


CANDIDATES: Mapping[str, Callable[[], BitPredictor]] = {
    "KT": KrichevskyTrofimov,
    "context tree": lambda: ContextTree(16),
    "frequency table": FrequencyTable,
}


@dataclass(frozen=True, eq=False)
class Scored:
    """One predictor on one source, beside the mixture.

    Parameters
    ----------
    source, candidate : str
    runs : int
        Strings that the losses are means over.
    losses, reference : numpy.ndarray
        Mean log loss in bits of each step, of the candidate and of the mixture, shape (n,).
    """

    source: str
    candidate: str
    runs: int
    losses: np.ndarray = field(repr=False)
    reference: np.ndarray = field(repr=False)

    @property
    def regret(self) -> np.ndarray:
        """Bits that the candidate loses at each step beyond the mixture; negative where it does better."""
        return self.losses - self.reference

    @property
    def total_regret(self) -> float:
        """The sum over all steps, in bits; infinite if the candidate ruled out what happened."""
        return float(self.regret.sum())

    def to_json(self) -> dict[str, Any]:
        """Totals, and the regret of each step; None where it is infinite."""
        regret = [float(each) if math.isfinite(each) else None for each in self.regret]
        finite = None not in regret
        return {
            "source": self.source,
            "candidate": self.candidate,
            "runs": self.runs,
            "steps": len(regret),
            "loss_bits": float(self.losses.sum()) if finite else None,
            "mixture_loss_bits": float(self.reference.sum()),
            "regret_bits": self.total_regret if finite else None,
            "regret_per_step_bits": self.total_regret / len(regret) if finite else None,
            "regret": regret,
        }


@dataclass(frozen=True)
class Meta(Result):
    """All candidates on all sources."""

    scores: tuple[Scored, ...] = field(repr=False)

    @property
    def sources(self) -> tuple[str, ...]:
        """Names, in order."""
        return tuple(dict.fromkeys(each.source for each in self.scores))

    def of(self, source: str) -> tuple[Scored, ...]:
        """All candidates on one source."""
        return tuple(each for each in self.scores if each.source == source)

    def to_json(self) -> dict[str, Any]:
        """Parameters and a row for each candidate on each source."""
        return super().to_json() | {
            "scores": [each.to_json() for each in self.scores],
        }


def score(
    make: Callable[[], BitPredictor],
    strings: Sequence[BitsLike],
    *,
    predictor: Predictor | None = None,
    reference: np.ndarray | None = None,
    candidate: str = "candidate",
    source: str = "data",
) -> Scored:
    """Regret to the mixture, per step, of any object with ``predict_proba_one`` and ``learn_one``.

    Parameters
    ----------
    make : callable
        Gives a fresh, or a trained, predictor for each string.
    strings : sequence of bits
        At least one, all of one length of at least 1.
    predictor : Predictor, optional
        The mixture's parameters; the default predictor if left out.
    reference : numpy.ndarray, optional
        The mixture's mean losses on these strings, if they are known.
    candidate, source : str
        Names for the result.

    Returns
    -------
    Scored

    Raises
    ------
    ValueError
        If there are no strings, their lengths differ, or `make` gives no predictor.
    """
    data = [as_bits(bits) for bits in strings]
    if not data or not len(data[0]) or any(len(bits) != len(data[0]) for bits in data):
        raise ValueError("the strings are none, empty or of several lengths; give one or more of one length")
    if reference is None:
        chosen = Predictor() if predictor is None else predictor
        reference = np.mean([chosen.clone().score(bits).losses for bits in data], axis=0)
    losses = []
    for bits in data:
        own = make()
        if isinstance(own, type) or not isinstance(own, BitPredictor):
            raise ValueError(f"{candidate} is {type(own).__name__}; give one with predict_proba_one and learn_one")
        row = []
        for bit in bits.tolist():
            row.append(log_loss(own.predict_proba_one()[bit]))
            own.learn_one(bit)
        losses.append(row)
    return Scored(source, candidate, len(data), np.mean(losses, axis=0), reference)


def meta(
    names: Sequence[str] = (PRIOR, *SOURCES),
    *,
    candidates: Mapping[str, Callable[[], BitPredictor]] | None = None,
    bits: int = 96,
    draws: int | None = None,
    seed: int = 0,
    predictor: Predictor | None = None,
    full: bool = False,
    progress: Callable[[int, int], None] | None = None,
) -> Meta:
    """Score predictors by their regret to the mixture, on draws from the prior and on named sources.

    Parameters
    ----------
    names : sequence of str
        ``prior``, or of :mod:`induction.sources.sequences`.
    candidates : mapping of str to callable, optional
        Each gives a fresh predictor; KT, a context tree and a frequency table by default.
    bits : int
        Of each string, at least 1. Of the draws those are taken that wrote as many.
    draws : int, optional
        Programs drawn from the prior, at least 1; 192 by default, 1024 at full size.
    seed : int
        Of the draws.
    predictor : Predictor, optional
        The mixture's parameters; L = 22 and T = 64 by default, L = 24 at full size. The prior is the same.
    full : bool
        The full size.
    progress : callable, optional
        Told (sources done, sources in all).

    Returns
    -------
    Meta

    Raises
    ------
    ValueError
        If a name is unknown, a number out of range, or no draw wrote enough bits.
    """
    bits = whole_number("bits", bits, None, "bits of each string")
    chosen = Predictor(max_length=24 if full else 22, max_steps=64) if predictor is None else predictor
    budget = chosen.budget
    count = (1024 if full else 192) if draws is None else draws
    rivals = CANDIDATES if candidates is None else candidates
    scores: list[Scored] = []
    for done, name in enumerate(names, 1):
        if name == PRIOR:
            limits: dict[str, Any] = {"max_length": budget.max_length, "max_steps": budget.max_steps}
            limits["total"] = budget.total
            drawn = sample(count, machine=chosen.machine, bits=bits, seed=seed, **limits)
            strings = list(drawn.outputs[drawn.mask.all(axis=1)])
            if not strings:
                raise ValueError(f"none of {count} draws wrote {bits} bits; draw more, or take fewer bits")
        else:
            strings = [sequence(name).bits(bits)]
        reference = np.mean([chosen.clone().score(string).losses for string in strings], axis=0)
        for candidate, make in rivals.items():
            scores.append(score(make, strings, reference=reference, candidate=candidate, source=name))
        if progress is not None:
            progress(done, len(names))
    return Meta(chosen.machine, budget.max_length, budget.max_steps, tuple(scores))
