"""Does everything that is proved hold? Statements for every string up to a length, and on every source.

Masses come from the walk as integers, so sums of masses are compared exactly; where a logarithm is
needed, a case counts as violated if it fails by more than 1e-9 bits. Statements marked (E) hold in expectation and are
simulated, with a margin that chance exceeds with a probability of at most 10^-12 a case.
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
from induction.enumeration.targets import single
from induction.enumeration.walk import CUT, MATCH, MISMATCH, TIMEOUT_MASS, enumerate_programs
from induction.experiments.verify_base import TOLERANCE, Books, Check, Table, chance_margin, tabulate
from induction.experiments.verify_mixtures import (
    nested_predictions,
    noise,
    sampling,
    speed,
    uniform_timeouts,
)
from induction.experiments.verify_online import conditional, conditional_tasks, every_branch, mixtures_on_sources
from induction.inductor.predictor import Predictor
from induction.machines import get
from induction.predictors import BerlekampMassey, KrichevskyTrofimov, LempelZiv, Mixture, Uniform
from induction.sources.adversaries import AntiPredictor
from induction.sources.sequences import DEMO, SEQUENCES, sequence
from induction.sources.stochastic import Bernoulli

_BUILT_IN = ("queue", "turing", "brainphoque", "lambda")


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


def every_string(books: Books, table: Table) -> None:
    """§1 for every string of at most `depth` bits, with the machine's fallback and without."""
    budget, depth, levels, shortest = table.budget, table.depth, table.arrived, table.shortest
    chosen = get(table.machine)
    books.enter("fates add up to 2^L (masses)", float(-abs(table.total - budget.whole)), 0)
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
            books.enter("mistakes <= floor of the loss (mistakes)", np.floor(loss[alive] + TOLERANCE) - mistakes[alive])
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
            rows.append((totals[MATCH], totals[MATCH] + totals[TIMEOUT_MASS] + totals[CUT], totals[MISMATCH]))
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
        margin = float(chance_margin(2.0**-k * (1 - 2.0**-k), runs))
        books.enter("Ville: P[xi / mu >= 2^k] <= 2^-k (E)", 2.0**-k + margin - wins[k] / runs, 0)


def on_every_string(books: Books, machine: str, budget: Budget, depth: int) -> None:
    """The statements of all mixtures that one table of all programs on all strings can answer."""
    table = tabulate(machine, budget, depth)
    every_string(books, table)
    noise(books, table)
    uniform_timeouts(books, table)


def steps(full: bool) -> Iterator[tuple[str, Callable[[Books], None]]]:
    """The parts of a verification, each with a name for the progress bar.

    A quick one runs the online mixtures on `queue` alone: on a fresh machine, compiling them takes longer than all
    the rest.
    """
    depth = 17 if full else 12
    online = _BUILT_IN if full else _BUILT_IN[:1]
    names = tuple(SEQUENCES) if full else DEMO
    small, large = Budget(10, 16), Budget(14, 64)
    for name in _BUILT_IN:
        for length, patience in ((14, 64), (18, 16), (16, 256)) if full else ((14, 64), (16, 256)):
            yield name, partial(on_every_string, machine=name, budget=Budget(length, patience), depth=depth)
        yield name, partial(nested, machine=name, small=small, large=large, depth=depth)
        yield name, partial(nested_predictions, machine=name, small=small, large=large, depth=depth - 4)
    for name in online:
        yield name, partial(speed, machine=name, budget=Budget(16 if full else 12, 64), depth=12 if full else 8)
        yield name, partial(every_branch, machine=name, budget=small, depth=6 if full else 4)
        yield name, partial(sampling, machine=name, draws=1_000_000 if full else 100_000)
        yield name, partial(mixtures_on_sources, machine=name, length=12, bits=128 if full else 24, names=names)
    for name in ("queue", "turing") if full else ("queue",):  # the machines that take inputs
        yield name, partial(conditional, machine=name, length=10, rounds=8 if full else 5)
        yield name, partial(conditional_tasks, machine=name, length=14 if full else 10, rounds=128 if full else 32)
    yield "sources", lambda b: every_source(b, 24 if full else 18, 512 if full else 128, names)
    yield "mixtures", lambda b: mixtures(b, 512 if full else 64, names)
    yield "adversary", lambda b: adversary(b, 256)
    yield "Ville", lambda b: ville(b, 4000 if full else 400, 64)


def verify(*, full: bool = False, progress: Callable[[int, int], None] | None = None) -> Verification:
    """Check the statements of the theory, exhaustively on short strings and on the sources.

    Parameters
    ----------
    full : bool
        Tens of millions of cases in some minutes, in place of a million in one.
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
