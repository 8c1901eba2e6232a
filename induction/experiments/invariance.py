"""How much does the machine matter? -log2 M(x) of all x of a length, machine beside machine.

The invariance theorem says that for universal machines a and b, -log2 M_a(x) and -log2 M_b(x) differ by at most a
constant that does not depend on x: the length of a program of the one that acts like the other [1]_. It says
nothing about how large the constant is. Here the difference is measured on every short x, as M is cut off at
each machine's budget. K(x) of the Coding Theorem Method, from the halting distribution D(n), stands beside the
machines as one more column: it is of halting machines, not of monotone ones, so no theorem joins it to them.

.. [1] M. Li, P. Vitányi, "An Introduction to Kolmogorov Complexity and Its Applications", 4th ed. (2019), ch. 4.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any

import numpy as np

from induction.budget import Budget, whole_number
from induction.inductor.prior import prior
from induction.machines import get
from induction.tables.busy_beaver import distribution

MACHINES = ("queue", "turing", "brainphoque", "lambda")
LONGEST = 12
# What the tables say, a column a row; cells of the command's tables hold 48 letters.
LEGEND = (
    ("open", "share of all programs, by weight, that wrote"),
    ("", "less than the full length, and may write more"),
    ("strings", "how many x of that length both of them print"),
    ("pearson", "correlation of -log2 M(x), first with second;"),
    ("", "- where one of them is the same for all x,"),
    ("", "and noise where they differ by almost nothing"),
    ("spearman", "the same of the ranks"),
    ("largest", "largest difference of -log2 M(x), in bits"),
    ("per symbol", "the same, divided by the length of x"),
    ("at", "the first x that has the largest difference"),
)
_HALTING = (
    ("{}", "no machine of this package: K(x), in bits, from"),
    ("", "what all Turing machines of {} states print that"),
    ("", "halt (Coding Theorem Method); no theorem joins"),
    ("", "it to the others"),
)
# At its default budget brainphoque prints few strings of 8 bits; its program that copies x has 21 bits and x.
BUDGETS = {"brainphoque": Budget(29, 256)}


@dataclass(frozen=True)
class Pair:
    """Two columns on all x of one length that both give a finite number of bits.

    Parameters
    ----------
    length : int
        Of the strings.
    first, second : str
        The columns.
    strings : int
        How many strings are compared; 2^length if both columns are finite everywhere.
    pearson, spearman : float
        Correlation of the numbers, and of their ranks (ties share the mean rank); nan where a column
        is constant, or fewer than two strings are compared.
    largest : float
        The largest difference, in bits; nan where no string is compared.
    at : str
        The first string that has it, "" if none.
    """

    length: int
    first: str
    second: str
    strings: int
    pearson: float
    spearman: float
    largest: float
    at: str

    @property
    def per_symbol(self) -> float:
        """The largest difference in bits a symbol of x: it goes to 0 where a constant bounds the difference."""
        return self.largest / self.length

    def to_json(self) -> dict[str, Any]:
        """The fields and ``per_symbol``; None for nan."""
        numbers = {"pearson": self.pearson, "spearman": self.spearman}
        numbers |= {"largest_bits": self.largest, "per_symbol_bits": self.per_symbol}
        shown = {name: None if math.isnan(value) else value for name, value in numbers.items()}
        words = {"length": self.length, "first": self.first, "second": self.second, "strings": self.strings}
        return {**words, **shown, "at": self.at}


@dataclass(frozen=True, eq=False)
class Invariance:
    """All columns at one length, and all pairs at every length up to it.

    Parameters
    ----------
    length : int
        n, of the strings in `bits`.
    budgets : dict of str to Budget
        By machine: M is cut off there, so that `bits` are upper bounds of -log2 M for programs of any length.
    bits : dict of str to numpy.ndarray
        By column, shape (2^n,): -log2 M(x), or K(x), in bits, for x in lexicographic order; infinite where nothing
        prints x.
    open : dict of str to float
        By machine: the share of all mass that wrote less than n bits and may yet write more.
    pairs : tuple of Pair
        Lengths ascending, then in the order of the columns.
    """

    length: int
    budgets: dict[str, Budget]
    bits: dict[str, np.ndarray] = field(repr=False)
    open: dict[str, float]
    pairs: tuple[Pair, ...] = field(repr=False)

    @property
    def columns(self) -> tuple[str, ...]:
        """The machines, then ``D(n)`` if it is there."""
        return tuple(self.bits)

    def pair(self, first: str, second: str, length: int | None = None) -> Pair:
        """Two columns, in the order of the columns, at one length; the full one by default.

        Raises
        ------
        KeyError
            If there is no such pair.
        """
        wanted = first, second, self.length if length is None else length
        for pair in self.pairs:
            if (pair.first, pair.second, pair.length) == wanted:
                return pair
        raise KeyError(wanted)

    def to_json(self) -> dict[str, Any]:
        """``length``, ``machines`` with budgets and open mass, ``pairs``, ``legend``; single strings are left out."""
        machines = [
            {"name": name, "max_length": b.max_length, "max_steps": b.max_steps, "open": self.open[name]}
            for name, b in self.budgets.items()
        ]
        tables = [name for name in self.columns if name not in self.budgets]
        halting = [(a.format(name), b.format(name[2:-1])) for name in tables for a, b in _HALTING]
        return {
            "length": self.length,
            "machines": machines,
            "pairs": [pair.to_json() for pair in self.pairs],
            "legend": [{"name": name, "meaning": meaning} for name, meaning in (*LEGEND, *halting)],
        }


def invariance(
    length: int = 8,
    *,
    machines: Sequence[str] = MACHINES,
    states: int | None = 4,
    budgets: Mapping[str, Budget] | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Invariance:
    """Compare machines on all strings of 1 to `length` bits.

    Parameters
    ----------
    length : int
        1 to 12.
    machines : sequence of str
        Two or more names, each once.
    states : int or None
        K is taken from D(states), 1 to 5 (minutes); None leaves it out.
    budgets : mapping of str to Budget, optional
        By machine; for others :data:`BUDGETS` holds, or their default.
    progress : callable, optional
        Told (columns done, columns in all).

    Returns
    -------
    Invariance

    Raises
    ------
    ValueError
        If the length is out of range, a machine is unknown or named twice, or there are less than two columns.
    """
    length = whole_number("length", length, LONGEST, "bits of each string")
    names = [get(name).name for name in machines]
    if len(set(names)) < len(names) or len(names) + (states is not None) < 2:
        raise ValueError(f"machines are {', '.join(names) or 'none'}; give two or more, each once")
    given = BUDGETS | dict(budgets or {})
    chosen = {name: given.get(name, get(name).default) for name in names}
    by_length: list[dict[str, np.ndarray]] = [{} for _ in range(length)]
    still_open = {}
    for name, b in chosen.items():
        table = prior(length, machine=name, max_length=b.max_length, max_steps=b.max_steps, total=b.total)
        for n, columns in enumerate(by_length, 1):
            mass = table.masses[(1 << n) - 1 : (2 << n) - 1]
            with np.errstate(divide="ignore"):
                columns[name] = b.max_length - np.log2(mass.astype(np.float64))
        still_open[name] = float(table.open["timeout"] + table.open["cut"])
        if progress is not None:
            progress(len(still_open), len(names) + (states is not None))
    if states is not None:
        halting = distribution(states)
        for n, columns in enumerate(by_length, 1):
            strings = (format(i, f"0{n}b") for i in range(1 << n))
            columns[f"D({states})"] = np.array([halting.complexity(x) for x in strings])
        if progress is not None:
            progress(len(names) + 1, len(names) + 1)
    pairs = tuple(
        compare(n, (first, columns[first]), (second, columns[second]))
        for n, columns in enumerate(by_length, 1)
        for first, second in combinations(columns, 2)
    )
    return Invariance(length, chosen, by_length[-1], still_open, pairs)


def compare(length: int, first: tuple[str, np.ndarray], second: tuple[str, np.ndarray]) -> Pair:
    """Two named columns over all strings of a length."""
    (name, a), (other, b) = first, second
    both = np.isfinite(a) & np.isfinite(b)
    gap = np.abs(np.subtract(a, b, out=np.full(len(a), -1.0), where=both))
    gap[~both] = -1.0
    place = int(gap.argmax())
    known = bool(both.any())
    a, b = a[both], b[both]
    return Pair(
        length,
        name,
        other,
        len(a),
        pearson(a, b),
        pearson(ranks(a), ranks(b)),
        float(gap[place]) if known else math.nan,
        format(place, f"0{length}b") if known else "",
    )


def pearson(a: np.ndarray, b: np.ndarray) -> float:
    """The linear correlation of two columns, -1 to 1; nan if either is constant, within rounding."""
    if len(a) < 2 or min(np.ptp(a), np.ptp(b)) < 1e-9:
        return math.nan
    return float(np.corrcoef(a, b)[0, 1])


def ranks(values: np.ndarray) -> np.ndarray:
    """The rank of each value, from 1; equal values share the mean of their ranks."""
    _, place, counts = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(counts)
    return (last - (counts - 1) / 2)[place]
