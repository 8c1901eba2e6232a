"""Statements about the mixtures, for every short string at once, from one table of all programs on all strings.

Nothing here uses the online predictors: what a mixture gives to a string is summed anew from its definition.
"""

from __future__ import annotations

import math

import numpy as np

from induction.bounds.losses import krichevsky_trofimov_probability
from induction.budget import Budget
from induction.enumeration.targets import every
from induction.enumeration.walk import enumerate_programs
from induction.experiments.verify_base import TOLERANCE, Books, Table, arrivals, chance_margin, tabulate
from induction.inductor.sampling import Sampler
from induction.inductor.speed_walk import LEAF_NODE, SIZE, STEPS_TAKEN, matches
from induction.machines import get

_ROUNDING = 1e-12  # of sums of doubles that are at most 1
_CHUNK = 100_000


def by_distance(values: np.ndarray, empty: float, join: np.ufunc) -> np.ndarray:
    """Of every string x, all z of its length by Hamming distance: row k joins the values of those at distance k.

    Parameters
    ----------
    values : numpy.ndarray
        Shape (2^d,), by string.
    empty : float
        What joining nothing gives.
    join : numpy.ufunc
        ``np.add`` or ``np.minimum``.

    Returns
    -------
    numpy.ndarray
        Shape (d + 1, 2^d).
    """
    size = len(values)
    depth = size.bit_length() - 1
    rows = np.full((depth + 1, size), empty, dtype=values.dtype)
    rows[0] = values
    strings = np.arange(size)
    for place in range(depth):
        flipped = rows[: place + 1, strings ^ (1 << place)]
        rows[1 : place + 2] = join(rows[1 : place + 2], flipped)
    return rows


def _codes(length: int) -> np.ndarray:
    """Bits of the Krichevsky–Trofimov code of 0, 1, … flips among `length`, as a column."""
    return np.array([[-math.log2(krichevsky_trofimov_probability(k, length - k))] for k in range(length + 1)])


def _bits(masses: np.ndarray, whole: int) -> np.ndarray:
    """log2 of `whole` over each, infinite for 0."""
    with np.errstate(divide="ignore"):
        return math.log2(whole) - np.log2(masses)


def _mistakes(before: np.ndarray, joint: np.ndarray) -> np.ndarray:
    """Mistakes so far by string, a tie counting, from those one bit earlier and the joint probabilities."""
    wrong = np.empty_like(joint)
    wrong[::2], wrong[1::2] = joint[::2] <= joint[1::2], joint[1::2] <= joint[::2]
    return np.repeat(before, 2) + wrong


def _measure(books: Books, name: str, before: np.ndarray, joint: np.ndarray, mistakes: np.ndarray) -> None:
    """What every mixture of measures of total weight 1 must keep."""
    books.enter(f"{name}: xi(x0) + xi(x1) = xi(x) (masses)", -abs(before - joint[::2] - joint[1::2]), _ROUNDING)
    room = np.floor(-np.log2(joint) + TOLERANCE) - mistakes
    books.enter(f"{name}: mistakes <= floor of the loss (mistakes)", room, 0)


def noise(books: Books, table: Table) -> list[np.ndarray]:
    """§3, programs with flipped bits; returns xi of all strings by length."""
    whole = table.budget.whole
    coins = np.zeros(1)  # what predicts ½ by now, over 2^L
    owed = np.full(1, math.inf)  # bits owed to the best set of programs that have stopped
    mistakes = np.zeros(1)
    joints: list[np.ndarray] = []
    for d in range(table.depth + 1):
        codes = _codes(d)
        counts = by_distance(table.arrived[d], 0, np.add)
        joint = ((counts * 2.0**-codes).sum(axis=0) + coins) / whole
        if d:
            mistakes = _mistakes(mistakes, joint)
            _measure(books, "noise", joints[-1], joint, mistakes)
            slack = by_distance(table.shortest[d], math.inf, np.minimum) + codes + np.log2(joint)
            books.enter("noise: -log2 xi(x) <= |p| + p's loss, flips included", slack[np.isfinite(slack)])
            slack = owed + np.log2(joint)
            books.enter("noise: the same for all programs that stopped at one place", slack[np.isfinite(slack)])
        joints.append(joint)
        if d < table.depth:
            stopped = table.silent[d] + table.late[d]
            coins = np.repeat((coins + (by_distance(stopped, 0, np.add) * 2.0**-codes).sum(axis=0)) / 2, 2)
            best = (by_distance(_bits(stopped, whole), math.inf, np.minimum) + codes).min(axis=0)
            owed = np.repeat(np.minimum(owed, best) + 1, 2)
    return joints


def uniform_timeouts(books: Books, table: Table) -> list[np.ndarray]:
    """§2, programs that predict ½ once they have stopped; returns xi of all strings by length."""
    whole = table.budget.whole
    coins = np.zeros(1, dtype=np.int64)  # over 2^(L + d)
    owed = np.full(1, math.inf)
    mistakes = np.zeros(1)
    joints: list[np.ndarray] = []
    for d in range(table.depth + 1):
        joint = ((table.arrived[d] << d) + coins) / (whole << d)
        if d:
            mistakes = _mistakes(mistakes, joint)
            _measure(books, "timeouts uniform", joints[-1], joint, mistakes)
            slack = np.minimum(table.shortest[d], owed) + np.log2(joint)
            books.enter("timeouts uniform: -log2 xi(x) <= |p| + p's loss", slack[np.isfinite(slack)])
        joints.append(joint)
        stopped = table.silent[d] + table.late[d]
        coins = np.repeat(coins + (stopped << d), 2)
        owed = np.repeat(np.minimum(owed, _bits(stopped, whole)) + 1, 2)
    return joints


def speed(books: Books, machine: str, budget: Budget, depth: int) -> None:
    """§3, both speed priors: every program for every string, and predictions with the machine's fallback."""
    chosen = get(machine)
    exponent = chosen.fallback_exponent
    total = math.log2(1 + 2.0**-exponent)
    before: dict[str, np.ndarray] = {kind: np.ones(1) for kind in ("kt", "fast")}
    losses = {kind: np.zeros(1) for kind in before}
    for d in range(1, depth + 1):
        first = (1 << d) - 1
        rows = [row.copy() for row in matches(chosen, budget, every(d))]
        leaf, size, steps = (
            np.concatenate([row[:, column] for row in rows]) for column in (LEAF_NODE, SIZE, STEPS_TAKEN)
        )
        leaf = leaf - first
        costs = {"kt": size + np.log2(steps), "fast": 2 * size + np.ceil(np.log2(steps)) - 1}
        for kind, cost in costs.items():
            values = np.bincount(leaf, 2.0**-cost, minlength=1 << d).astype(np.float64)
            title = "S_Kt" if kind == "kt" else "S_Fast"
            with np.errstate(divide="ignore"):
                slack = cost + np.log2(values)[leaf]
            weight = "|p| + log2 t" if kind == "kt" else "2|p| + ceil(log2 t) - 1"
            books.enter(f"speed: -log2 {title}(x) <= {weight}", slack)
            slack = before[kind] - values[::2] - values[1::2]
            books.enter(f"speed: {title}(x0) + {title}(x1) <= {title}(x) (masses)", slack, _ROUNDING)
            before[kind] = values
            mixed = values + 2.0 ** -(exponent + d)
            loss = np.repeat(losses[kind], 2) - np.log2(mixed / np.repeat(mixed[::2] + mixed[1::2], 2))
            losses[kind] = loss
            best = np.full(1 << d, exponent + d, dtype=np.float64)
            np.minimum.at(best, leaf, cost)
            books.enter(f"speed: normalised loss by {title} <= log2 W + least weight in bits", best + total - loss)


def nested_predictions(books: Books, machine: str, small: Budget, large: Budget, depth: int) -> None:
    """§4: certified intervals of predictions shrink as the budget grows, and hold the larger budget's prediction."""
    less, more = (_prediction_intervals(tabulate(machine, budget, depth)) for budget in (small, large))
    for kind in ("normalised", "conditional"):
        (low, high, _), (lower, higher, exact) = less[kind], more[kind]
        books.enter(f"intervals: {kind} predictions are nested", np.minimum(lower - low, high - higher), _ROUNDING)
        inside = np.minimum(exact - low, high - exact)  # NaN, no case, where the larger budget predicts nothing
        books.enter(f"intervals: the {kind} prediction of a larger budget lies within", inside, _ROUNDING)


def _prediction_intervals(table: Table) -> dict[str, tuple[np.ndarray, ...]]:
    """Lower ends, upper ends and exact predictions of a 1, for all strings shorter than `depth`."""
    rows: dict[str, list[tuple[np.ndarray, ...]]] = {"normalised": [], "conditional": []}
    whole = table.budget.whole
    before = np.zeros(1)
    for d in range(table.depth):
        zero, one = table.arrived[d + 1][::2] / whole, table.arrived[d + 1][1::2] / whole
        here, late = table.silent[d] / whole, table.late[d] / whole
        still = late + before
        both = zero + one
        reached = both + here + late
        with np.errstate(divide="ignore", invalid="ignore"):
            decided = both > 0
            low = np.where(decided, one / (both + still), 0.0)
            high = np.where(decided, (one + still) / (both + still), 1.0)
            rows["normalised"].append((low, high, one / both))
            known = reached + before > 0
            low = np.where(known, one / (reached + before), 0.0)
            high = np.where(known, np.minimum(1.0, (one + still) / (reached + before)), 1.0)
            rows["conditional"].append((low, high, one / reached))
        before = np.repeat(still, 2)
    return {
        kind: tuple(np.concatenate(columns) for columns in zip(*found, strict=True)) for kind, found in rows.items()
    }


def sampling(books: Books, machine: str, draws: int) -> None:
    """E: how often draws begin with each string of up to 8 bits, beside M(x)."""
    depth, budget = 8, Budget(16, 64)
    levels = arrivals(enumerate_programs(get(machine), budget, every(depth)), depth)
    counts = [np.zeros(1 << d) for d in range(depth + 1)]
    sampler = Sampler(machine, bits=depth, seed=0, budget=budget)
    for first in range(0, draws, _CHUNK):
        some = sampler.draw(min(_CHUNK, draws - first), first=first)
        for d in range(1, depth + 1):
            number = some.outputs[:, :d].astype(np.int64) @ (1 << np.arange(d - 1, -1, -1))
            counts[d] += np.bincount(number[some.written >= d], minlength=1 << d)
    for d in range(1, depth + 1):
        exact = levels[d] / budget.whole
        room = chance_margin(exact * (1 - exact), draws) - abs(counts[d] / draws - exact)
        books.enter("sampling: draws begin with x as often as M(x) says (frequencies, E)", room, 0)
