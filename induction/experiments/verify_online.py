"""Statements about the predictors as they run: every branch of short data, named sources, inputs with labels."""

from __future__ import annotations

import copy
import math
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from induction.budget import Budget
from induction.experiments.verify_base import Books, tabulate
from induction.experiments.verify_mixtures import noise, uniform_timeouts
from induction.inductor.asleep import AsleepTimeouts
from induction.inductor.conditional import ConditionalPredictor
from induction.inductor.noisy import NoisyPredictor
from induction.inductor.speed import SpeedPredictor
from induction.inductor.timeouts import UniformTimeouts
from induction.sources.sequences import sequence
from induction.sources.tasks import TASKS

_CLOSE = 1e-6  # bits; sums of thousands of floats
_INPUTS = ("", "0", "1", "10", "01", "110", "1", "0110")


def _makers(machine: str, budget: Budget) -> dict[str, Callable[[], Any]]:
    """The mixtures, by name; sleepers get few steps a round, so that some sleep."""
    limits: dict[str, Any] = {"machine": machine, "max_length": budget.max_length, "max_steps": budget.max_steps}
    return {
        "noise": lambda: NoisyPredictor(**limits),
        "timeouts uniform": lambda: UniformTimeouts(**limits),
        "timeouts asleep": lambda: AsleepTimeouts(**limits | {"max_steps": 3}),
        "speed kt": lambda: SpeedPredictor("kt", **limits),
        "speed fast": lambda: SpeedPredictor("fast", **limits),
    }


def _enter(books: Books, name: str, predictor: Any) -> None:
    """The running statements of one predictor, at every step of its history."""
    rows = predictor.history[1:]
    books.enter(f"{name}, online: loss_bits <= bound_bits", np.array([s.bound_bits - s.loss_bits for s in rows]), 0)
    room = np.array([s.mistake_bound - s.mistakes for s in rows])
    books.enter(f"{name}, online: mistakes <= their bound (mistakes)", room, 0)


def _branches(predictor: Any, depth: int, path: str = "") -> Iterator[tuple[str, Any]]:
    """The predictor after every string of 1 to `depth` bits."""
    for bit in (0, 1) if depth else ():
        after = copy.deepcopy(predictor).learn_one(bit)
        yield path + str(bit), after
        yield from _branches(after, depth - 1, path + str(bit))


def every_branch(books: Books, machine: str, budget: Budget, depth: int) -> None:
    """Every online mixture on every string of up to `depth` bits; noise and coins against their definition."""
    table = tabulate(machine, budget, depth)
    known = {"noise": noise(Books(), table), "timeouts uniform": uniform_timeouts(Books(), table)}
    for name, make in _makers(machine, budget).items():
        for path, predictor in _branches(make(), depth):
            now = predictor.standing
            books.enter(f"{name}, online: loss_bits <= bound_bits", now.bound_bits - now.loss_bits, 0)
            room = now.mistake_bound - now.mistakes
            books.enter(f"{name}, online: mistakes <= their bound (mistakes)", room, 0)
            if name in known:
                truth = -math.log2(known[name][len(path)][int(path, 2)])
                off = -abs(now.unnormalised_loss_bits - truth)
                books.enter(f"{name}, online: the loss is that of its definition", off)


def mixtures_on_sources(books: Books, machine: str, length: int, bits: int, names: tuple[str, ...]) -> None:
    """Every online mixture on named sequences."""
    for source in names:
        data = sequence(source).bits(bits)
        for name, make in _makers(machine, Budget(length, 64)).items():
            # A speed prior walks all programs anew at every bit.
            _enter(books, name, make().learn_many(data[:64] if name.startswith("speed") else data))


def _readings(machine: str, length: int) -> Iterator[ConditionalPredictor]:
    for reading in ("label", "probability"):
        for encoding in ("raw", "delimited"):
            yield ConditionalPredictor(machine, length, 64, reading=reading, encoding=encoding)


def conditional(books: Books, machine: str, length: int, rounds: int) -> None:
    """§2 and §3 with inputs: all labellings of some inputs."""
    for predictor in _readings(machine, length):
        ends: list[float] = []
        _labellings(books, predictor, _INPUTS[:rounds], ends)
        name = "conditional: probabilities of all labellings sum to 1"
        books.enter(name, -abs(math.fsum(ends) - 1.0), _CLOSE)


def _labellings(books: Books, predictor: ConditionalPredictor, inputs: tuple[str, ...], ends: list[float]) -> None:
    if not inputs:
        ends.append(2.0**-predictor.loss_bits)
        return
    masses = sum(predictor.masses(inputs[0]))
    books.enter("conditional: weights add up to 2^L (masses)", float(-abs(masses - predictor.budget.whole)), 0)
    for label in (0, 1):
        after = copy.deepcopy(predictor).learn_one(inputs[0], label)
        _regret(books, after)
        _labellings(books, after, inputs[1:], ends)


def _regret(books: Books, predictor: ConditionalPredictor) -> None:
    """The loss beside every hypothesis's weight and loss."""
    now = predictor.standing
    weights, losses = predictor.records()
    books.enter("conditional: loss <= log2(1/w_p) + p's loss", weights + losses - now.loss_bits)
    whole = -math.log2(math.fsum(np.exp2(-weights - losses)))
    books.enter("conditional: the loss is that of its definition", -abs(whole - now.loss_bits), _CLOSE)
    books.enter("conditional: loss_bits <= bound_bits", now.bound_bits - now.loss_bits, 0)
    books.enter("conditional: mistakes <= their bound (mistakes)", now.mistake_bound - now.mistakes, 0)


def conditional_tasks(books: Books, machine: str, length: int, rounds: int) -> None:
    """Tasks whose inputs shift halfway to longer ones, mostly of ones; and labels that are never the likelier one."""
    chance = np.random.default_rng(0)
    sizes = np.repeat([4, 12], rounds // 2)
    inputs = ["".join("01"[int(bit)] for bit in chance.random(n) < (0.5 if n == 4 else 0.75)) for n in sizes]
    for task in TASKS.values():
        predictor = ConditionalPredictor(machine, length, 64)
        for x in inputs:
            predictor.learn_one(x, task.label(x))
        _enter(books, "conditional, tasks", predictor)
    predictor = ConditionalPredictor(machine, length, 64)
    for x in inputs:
        exact = predictor.predict_exact(x)
        predictor.learn_one(x, int(exact[1] <= exact[0]))
    _enter(books, "conditional, adversary", predictor)
    mistakes = float(-abs(predictor.mistakes - rounds))
    books.enter("conditional, adversary: every round is a mistake (mistakes)", mistakes, 0)
    books.enter("conditional, adversary: n <= loss", predictor.loss_bits - rounds)
