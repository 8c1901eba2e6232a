"""Conditional tasks: inputs x, and the label y that is to be predicted from x.

A task is a function of the whole input; an input sampler is an endless (or finite) iterator of input texts.
Join them with :func:`pairs`. Samplers differ so that training and test inputs can come from different
distributions: shorter and longer, fair and biased.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from types import MappingProxyType

import numpy as np

from ..bits import as_bits, from_integer, to_text
from ..naming import find
from .record import check_count
from .stochastic import check_rate


@dataclass(frozen=True)
class Task:
    """A labelling of bit strings.

    Attributes
    ----------
    name, definition : str
        Kebab-case name; the label in one line.
    least_length : int
        Length of the shortest input that has a label.
    """

    name: str
    definition: str
    rule: Callable[[str], int] = field(repr=False)
    least_length: int = 0

    def label(self, x: str) -> int:
        """The label of an input given as text.

        Raises
        ------
        ValueError
            If x is not text of 0 and 1, or shorter than `least_length`.
        """
        x = to_text(as_bits(x, "input"))
        if len(x) < self.least_length:
            raise ValueError(f"task {self.name} got an input of {len(x)} bits; it needs at least {self.least_length}")
        return self.rule(x)


def _zero(x: str) -> int:
    return 0


def _one(x: str) -> int:
    return 1


def _first(x: str) -> int:
    return int(x[0])


def _not_first(x: str) -> int:
    return 1 - int(x[0])


def _second(x: str) -> int:
    return int(x[1])


def _last(x: str) -> int:
    return int(x[-1])


def _and(x: str) -> int:
    return int(x[0]) & int(x[1])


def _or(x: str) -> int:
    return int(x[0]) | int(x[1])


def _xor(x: str) -> int:
    return int(x[0]) ^ int(x[1])


def _parity(x: str) -> int:
    return x.count("1") & 1


def _majority(x: str) -> int:
    return int(2 * x.count("1") > len(x))


def _any(x: str) -> int:
    return int("1" in x)


def _all(x: str) -> int:
    return int("0" not in x)


def _ends_equal(x: str) -> int:
    return int(x[0] == x[-1])


def _palindrome(x: str) -> int:
    return int(x == x[::-1])


TASKS: Mapping[str, Task] = MappingProxyType({task.name: task for task in (
    Task("constant-0", "always 0", _zero),
    Task("constant-1", "always 1", _one),
    Task("first", "the first bit", _first, 1),
    Task("not-first", "the first bit, negated", _not_first, 1),
    Task("second", "the second bit", _second, 2),
    Task("last", "the last bit", _last, 1),
    Task("and", "first bit and second bit", _and, 2),
    Task("or", "first bit or second bit", _or, 2),
    Task("xor", "first bit exclusive-or second bit", _xor, 2),
    Task("parity", "number of ones in the whole input, modulo 2", _parity),
    Task("majority", "1 if more than half of the input is ones", _majority),
    Task("any", "1 if the input holds a 1", _any),
    Task("all", "1 if the input holds no 0", _all),
    Task("ends-equal", "1 if the first bit equals the last", _ends_equal, 1),
    Task("palindrome", "1 if the input reads the same backwards", _palindrome),
)})
"""Every task, by name."""


def task(name: str) -> Task:
    """The task of a name.

    Raises
    ------
    ValueError
        If no task has that name; the message gives the nearest names.
    """
    return find("task", name, TASKS)


def biased_inputs(length: int, p: float, seed: int) -> Iterator[str]:
    """Endless independent inputs of one length, each bit 1 with probability p."""
    check_count(length, "input length")
    check_rate(p, "p")
    return _draw((length,), p, seed)


def uniform_inputs(length: int, seed: int) -> Iterator[str]:
    """Endless independent uniform inputs of one length."""
    return biased_inputs(length, 0.5, seed)


def mixed_length_inputs(shortest: int, longest: int, seed: int, p: float = 0.5) -> Iterator[str]:
    """Endless inputs of a length that is uniform from `shortest` to `longest`, each bit 1 with probability p."""
    check_count(shortest, "shortest input length")
    if check_count(longest, "longest input length") < shortest:
        raise ValueError(f"input lengths run from {shortest} to {longest}; give the shorter one first")
    check_rate(p, "p")
    return _draw(tuple(range(shortest, longest + 1)), p, seed)


def ones_heavy_inputs(length: int, seed: int, share: float = 0.5, p: float = 0.9) -> Iterator[str]:
    """Endless inputs that are all ones with probability `share`, else have bits that are 1 with probability p."""
    check_count(length, "input length")
    check_rate(share, "share")
    check_rate(p, "p")
    return _ones_heavy(length, np.random.default_rng(seed), share, p)


def _ones_heavy(length: int, draws: np.random.Generator, share: float, p: float) -> Iterator[str]:
    while True:
        yield "1" * length if draws.random() < share else to_text(draws.random(length) < p)


def _draw(lengths: tuple[int, ...], p: float, seed: int) -> Iterator[str]:
    draws = np.random.default_rng(seed)
    while True:
        length = lengths[0] if len(lengths) == 1 else lengths[int(draws.integers(len(lengths)))]
        yield to_text(draws.random(length) < p)


def all_inputs(length: int, seed: int, count: int | None = None) -> Iterator[str]:
    """Every input of one length, in random order, and then again in another order, `count` inputs in all.

    Parameters
    ----------
    length : int
        Length of the inputs, at most 24.
    seed : int
        Of the orders.
    count : int, optional
        How many inputs; by default 2^length, each exactly once. At least 2^length, so that every input occurs.

    Raises
    ------
    ValueError
        If the inputs are too long to list, or `count` is too small for all of them to occur.
    """
    if check_count(length, "input length") > 24:
        raise ValueError(f"all inputs of {length} bits are too many to list; give at most 24 bits")
    total = 1 << length
    count = total if count is None else check_count(count, "number of inputs")
    if count < total:
        raise ValueError(f"{count} inputs of {length} bits cannot hold all of them; give at least {total}")
    return _orders(length, np.random.default_rng(seed), count)


def _orders(length: int, draws: np.random.Generator, count: int) -> Iterator[str]:
    while count > 0:
        for value in draws.permutation(1 << length)[:count]:
            yield from_integer(int(value), length)
        count -= 1 << length


def pairs(task: Task, inputs: Iterable[str], count: int | None = None) -> Iterator[tuple[str, int]]:
    """Inputs with their labels: (x, y), y the label of x; at most `count` of them (None: as many as there are)."""
    return ((x, task.label(x)) for x in islice(inputs, count))


def flipped(examples: Iterable[tuple[str, int]], rate: float, seed: int) -> Iterator[tuple[str, int]]:
    """The same pairs with each label flipped, independently, with probability `rate`."""
    check_rate(rate, "flip rate")
    draws = np.random.default_rng(seed)
    return ((x, y ^ int(draws.random() < rate)) for x, y in examples)
