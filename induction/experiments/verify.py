"""Does everything that is proved hold? Statements for every string up to a length, and on every source.

Masses come from the walk as integers, so sums of masses are compared exactly; where a logarithm is
needed, a case counts as violated if it fails by more than 1e-9 bits.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from functools import partial
from typing import Any

import numpy as np

from induction.bounds.losses import best_rate_loss, krichevsky_trofimov_ceiling
from induction.budget import Budget
from induction.enumeration.targets import every, single
from induction.enumeration.walk import CUT, MATCH, MISMATCH, SILENT, TIMEOUT, Ledger, enumerate_programs
from induction.inductor.predictor import Predictor
from induction.machines import get
from induction.predictors import BerlekampMassey, KrichevskyTrofimov, LempelZiv, Mixture, Uniform
from induction.sources.adversaries import AntiPredictor
from induction.sources.sequences import DEMO, SEQUENCES, sequence
from induction.sources.stochastic import Bernoulli

_TOLERANCE = 1e-9  # bits
_BUILT_IN = ("queue", "turing", "brainphoque", "lambda")


@dataclass(frozen=True)
class Check:
    """One statement.

    Parameters
    ----------
    name : str
        The statement.
    cases : int
        How often it was looked at.
    violations : int
        How often it failed.
    worst_slack_bits : float
        The least room that was left, in the statement's own unit (bits, unless it says masses or mistakes).
    """

    name: str
    cases: int
    violations: int
    worst_slack_bits: float


@dataclass(frozen=True)
class Verification:
    """All statements."""

    checks: tuple[Check, ...]

    @property
    def holds(self) -> bool:
        """Whether nothing failed."""
        return not any(check.violations for check in self.checks)

    def to_json(self) -> dict[str, Any]:
        """``checks``, a row each."""
        return {"checks": [asdict(check) for check in self.checks]}


class Books:
    """Cases by statement: ``enter(name, slack)`` with an array of how much room each case has."""

    def __init__(self) -> None:
        self._rows: dict[str, list[float]] = {}

    def enter(self, name: str, slack: np.ndarray | float, tolerance: float = _TOLERANCE) -> None:
        """Add cases to a statement; slack below -tolerance is a violation."""
        values = np.atleast_1d(np.asarray(slack, dtype=np.float64))
        values = values[~np.isnan(values)]
        if values.size:
            row = self._rows.setdefault(name, [0, 0, math.inf])
            row[0] += values.size
            row[1] += int((values < -tolerance).sum())
            row[2] = min(row[2], float(values.min()))

    def checks(self) -> tuple[Check, ...]:
        """The rows so far."""
        return tuple(Check(name, int(c), int(v), w) for name, (c, v, w) in self._rows.items())


def arrivals(ledger: Ledger, depth: int) -> list[np.ndarray]:
    """M(x) over 2^L for all x of 0, 1, …, depth bits, from a walk over all strings."""
    masses = ledger.masses[:, MATCH] + ledger.masses[:, SILENT] + ledger.masses[:, TIMEOUT] + ledger.masses[:, CUT]
    levels = [masses[(1 << d) - 1 : (2 << d) - 1].copy() for d in range(depth + 1)]
    for d in range(depth - 1, -1, -1):
        levels[d] += levels[d + 1][::2] + levels[d + 1][1::2]
    return levels


def every_string(books: Books, machine: str, budget: Budget, depth: int) -> None:
    """§1 for every string of at most `depth` bits, with the machine's fallback and without."""
    chosen = get(machine)
    ledger = enumerate_programs(chosen, budget, every(depth))
    levels = arrivals(ledger, depth)
    books.enter("fates add up to 2^L (masses)", float(-abs(int(ledger.totals.sum()) - budget.whole)), 0)
    shortest = [np.zeros(1)]
    for d in range(1, depth + 1):
        found = enumerate_programs(chosen, budget, every(d), keep=1, matches_only=True).found
        lengths = found[(1 << d) - 1 :, 0].astype(float)
        shortest.append(np.where(lengths > 62, math.inf, lengths))
    for exponent in (None, chosen.fallback_exponent):
        loss = np.zeros(1)
        unnormalised_sum = np.zeros(1)
        mistakes = np.zeros(1)
        total = 1.0 if exponent is None else 1.0 + 2.0**-exponent
        for d in range(depth):
            weight = 0.0 if exponent is None else 2.0 ** -(exponent + d)
            here = levels[d] / budget.whole + weight
            below = levels[d + 1] / budget.whole + weight / 2
            zero, one = below[::2], below[1::2]
            books.enter("M(x0) + M(x1) <= M(x) (masses)", here - zero - one, 0)
            both = np.repeat(zero + one, 2)
            with np.errstate(divide="ignore", invalid="ignore"):
                loss = np.repeat(loss, 2) - np.log2(below / both)
                unnormalised_sum = np.repeat(unnormalised_sum, 2) + 1 - below / np.repeat(here, 2)
                joint = -np.log2(below)
            wrong = np.empty_like(below)
            wrong[::2], wrong[1::2] = zero <= one, one <= zero
            mistakes = np.repeat(mistakes, 2) + wrong
            bound = shortest[d + 1]
            if exponent is not None:
                bound = np.minimum(bound, exponent + d + 1)
            alive = np.isfinite(bound)
            books.enter("-log2 xi(x) <= shortest |p|, or the fallback's", bound[alive] - joint[alive])
            books.enter("normalised loss <= log2 W + bound", bound[alive] + math.log2(total) - loss[alive])
            books.enter("normalised loss <= -log2 xi(x) + log2 W", joint[alive] + math.log2(total) - loss[alive])
            books.enter(
                "mistakes <= floor of the loss (mistakes)", np.floor(loss[alive] + _TOLERANCE) - mistakes[alive]
            )
            nats = (joint + math.log2(total)) * math.log(2)
            books.enter("sum of 1 - xi(x_t | x_<t) <= -ln xi(x) + ln W", nats[alive] - unnormalised_sum[alive])


def nested(books: Books, machine: str, small: Budget, large: Budget, depth: int) -> None:
    """§4: intervals for M(x) shrink as the budget grows, and the bound never rises."""
    tables = []
    for budget in (small, large):
        rows = []
        for node in range(1 << min(depth, 6)):
            bits = format(node, f"0{min(depth, 6)}b")
            totals = enumerate_programs(get(machine), budget, single(bits)).totals / budget.whole
            rows.append((totals[MATCH], totals[MATCH] + totals[TIMEOUT] + totals[CUT], totals[MISMATCH]))
        tables.append(np.array(rows))
    low, high = tables
    books.enter("certified intervals are nested: lower end (masses)", high[:, 0] - low[:, 0], 0)
    books.enter("certified intervals are nested: upper end (masses)", low[:, 1] - high[:, 1], 0)
    books.enter("what is refuted stays refuted (masses)", high[:, 2] - low[:, 2], 0)


def every_source(books: Books, length: int, bits: int, names: tuple[str, ...]) -> None:
    """The online predictor on named sequences: loss beside bound at every step, and its certificate."""
    for name in names:
        predictor = Predictor(max_length=length).learn_many(sequence(name).bits(bits))
        rows = predictor.history[1:]
        books.enter("online: loss_bits <= bound_bits", np.array([s.bound_bits - s.loss_bits for s in rows]), 0)
        slack = np.array([s.unnormalised_bound_bits - s.unnormalised_loss_bits for s in rows])
        books.enter("online: unnormalised loss <= its bound", slack, 0)
        slack = np.array([s.mistake_bound - s.mistakes for s in rows])
        books.enter("online: mistakes <= their bound (mistakes)", slack, 0)
        books.enter("certificates hold", 0.0 if predictor.certificate().holds() else -1.0, 0)
        low, high = predictor.interval()
        p1 = predictor.predict_exact()[1]
        books.enter("the prediction is in its certified interval", float(min(p1 - low, high - p1)), 0)


def mixtures(books: Books, bits: int, names: tuple[str, ...]) -> None:
    """§2: regret and identity of mixtures of classical predictors, and the KT estimator's cost."""
    for name in names:
        data = sequence(name).bits(bits)
        members: dict[str, Any] = {"u": Uniform(), "kt": KrichevskyTrofimov(), "lz": LempelZiv()}
        members["bm"] = BerlekampMassey()
        mixture = Mixture(members)
        for bit in data:
            mixture.learn_one(int(bit))
            books.enter("mixture: loss_bits <= bound_bits", mixture.bound_bits - mixture.loss_bits, 1e-6)
        left, right = mixture.identity()
        books.enter("mixture: -log2 xi = E_post[loss] + KL(post || w)", -abs(float(left) - float(right)), 1e-6)
        estimator = KrichevskyTrofimov()
        for count, bit in enumerate(data, 1):
            estimator.learn_one(int(bit))
            ones = int(data[:count].sum())
            cost = estimator.loss_bits - best_rate_loss(count - ones, ones)
            books.enter("KT costs at most ½ log2 n + 1 bits", krichevsky_trofimov_ceiling(count) - cost, 1e-6)


def adversary(books: Books, rounds: int) -> None:
    """§2: the anti-predictor makes every round a mistake, and the bound holds."""
    predictor = Predictor(max_length=12)
    AntiPredictor(predictor).bits(rounds)
    books.enter("anti-predictor: every round is a mistake (mistakes)", float(-abs(predictor.mistakes - rounds)), 0)
    books.enter("anti-predictor: n <= loss", predictor.loss_bits - rounds, 0)
    books.enter("anti-predictor: loss <= n + log2(W / w_u)", predictor.bound_bits - predictor.loss_bits, 0)


def ville(books: Books, runs: int, rounds: int) -> None:
    """§2, in expectation: how often the mixture beats the truth by k bits, with a margin of five deviations."""
    truth = Bernoulli(0.3)
    wins = np.zeros(9)
    for seed in range(runs):
        data = truth.sample(rounds, seed)
        estimator, best = KrichevskyTrofimov(), -math.inf
        own = np.cumsum(truth.losses(data))
        for count, bit in enumerate(data):
            estimator.learn_one(int(bit))
            best = max(best, own[count] - estimator.loss_bits)
        wins += best >= np.arange(9)
    for k in range(1, 9):
        margin = 5 * math.sqrt(2.0**-k / runs)
        books.enter("Ville: P[xi / mu >= 2^k] <= 2^-k, up to chance (E)", 2.0**-k + margin - wins[k] / runs, 0)


def steps(full: bool) -> Iterator[tuple[str, Callable[[Books], None]]]:
    """The parts of a verification, each with a name for the progress bar."""
    depth = 17 if full else 12
    for name in _BUILT_IN:
        for length, patience in ((14, 64), (18, 16), (16, 256)) if full else ((14, 64), (16, 256)):
            budget = Budget(length, patience)
            yield name, partial(every_string, machine=name, budget=budget, depth=depth)
        small, large = Budget(10, 16), Budget(14, 64)
        yield name, partial(nested, machine=name, small=small, large=large, depth=depth)
    names = tuple(SEQUENCES) if full else DEMO
    yield "sources", lambda b: every_source(b, 24 if full else 18, 512 if full else 128, names)
    yield "mixtures", lambda b: mixtures(b, 512 if full else 64, names)
    yield "adversary", lambda b: adversary(b, 256)
    yield "Ville", lambda b: ville(b, 4000 if full else 400, 64)


def verify(*, full: bool = False, progress: Callable[[int, int], None] | None = None) -> Verification:
    """Check the statements of the theory, exhaustively on short strings and on the sources.

    Parameters
    ----------
    full : bool
        Some ten million cases and minutes, in place of some hundred thousand and a minute.
    progress : callable, optional
        Told (parts done, parts in all).

    Returns
    -------
    Verification
    """
    books = Books()
    parts = list(steps(full))
    for done, (_, part) in enumerate(parts):
        if progress is not None:
            progress(done, len(parts))
        part(books)
    return Verification(books.checks())
