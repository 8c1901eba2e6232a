"""The prior as a table: M(x) for every x up to a depth, from one walk."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import numpy as np

from induction.budget import Budget, whole_number
from induction.dyadic import to_fraction, to_text
from induction.enumeration.shards import enumerate_in_turn
from induction.enumeration.targets import DEEPEST, every, heap_name
from induction.enumeration.walk import CUT, MATCH, MISMATCH, SILENT_MASS, TIMEOUT_MASS
from induction.machines import get
from induction.machines.machine import Machine


class MissingStringError(KeyError):
    """A string that a table does not have."""

    def __str__(self) -> str:
        return str(self.args[0])  # KeyError would show it in quotation marks


@dataclass(frozen=True, eq=False)
class PriorTable(Mapping[str, Fraction]):
    """M_{L,T}(x) for every x of 0 to `depth` bits, as Fractions by string.

    Parameters
    ----------
    machine : str
    budget : Budget
    depth : int
    masses : numpy.ndarray
        Mass over 2^L by node of a binary heap, shape (2^(depth + 1) - 1,).
    open : dict
        Mass that wrote less than `depth` bits: ``silent``, ``timeout`` and ``cut``. With the masses
        of depth `depth` it adds up to 1.
    """

    machine: str
    budget: Budget
    depth: int
    masses: np.ndarray = field(repr=False)
    open: dict[str, Fraction]

    def __getitem__(self, bits: str) -> Fraction:
        """M(x); KeyError if the table does not have x."""
        if not isinstance(bits, str) or len(bits) > self.depth or bits.strip("01"):
            raise MissingStringError(
                f"{bits!r:.60} is not in the table, which has text of 0 and 1 of at most {self.depth} bits; "
                "more need a prior of a greater depth"
            )
        return to_fraction(self.masses[int("1" + bits, 2) - 1], self.budget.max_length)

    def __iter__(self) -> Iterator[str]:
        """Longest strings first, each length in lexicographic order."""
        for depth in range(self.depth, -1, -1):
            yield from self.strings(depth)

    def __len__(self) -> int:
        return len(self.masses)

    def strings(self, depth: int) -> Iterator[str]:
        """All strings of one length, in lexicographic order."""
        return (heap_name(node) for node in range((1 << depth) - 1, (2 << depth) - 1))

    def at(self, depth: int) -> dict[str, Fraction]:
        """M(x) for all x of one length; ValueError if the table has no such strings."""
        whole_number("depth", depth, self.depth, "bits, the table's depth", smallest=0)
        return {bits: self[bits] for bits in self.strings(depth)}

    def to_json(self, *, all_depths: bool = False) -> dict[str, Any]:
        """``mass`` by string (of the full depth only, unless `all_depths`) and ``open``, as ``"a/b"``."""
        strings = list(self) if all_depths else list(self.strings(self.depth))
        return {
            "machine": self.machine,
            "max_length": self.budget.max_length,
            "max_steps": self.budget.max_steps,
            "depth": self.depth,
            "mass": {bits: to_text(self[bits]) for bits in strings},
            "open": {name: to_text(mass) for name, mass in self.open.items()},
        }


def prior(
    depth: int,
    *,
    machine: str | Machine = "queue",
    max_length: int | None = None,
    max_steps: int | None = None,
    total: int | None = None,
    progress: Callable[[float], None] | None = None,
) -> PriorTable:
    """M_{L,T}(x) for every string x of at most `depth` bits.

    Parameters
    ----------
    depth : int
        1 to 22.
    machine : str or Machine
    max_length, max_steps, total : int, optional
        The budget; defaults are the machine's.
    progress : callable, optional
        Told the share of the work that is done, an estimate.

    Returns
    -------
    PriorTable

    Raises
    ------
    ValueError
        If the depth or the budget is out of range, or there is no such machine.

    Examples
    --------
    >>> from induction import prior
    >>> table = prior(3, machine="turing", max_length=12, max_steps=64)
    >>> table["000"], table.open["cut"]
    (Fraction(15, 128), Fraction(371, 1024))
    """
    depth = whole_number("depth", depth, DEEPEST, "bits")
    chosen = get(machine)
    budget = chosen.budget(max_length, max_steps, total)
    ledger = enumerate_in_turn(chosen, budget, every(depth), progress=progress)
    masses = ledger.masses[:, [MATCH, SILENT_MASS, TIMEOUT_MASS, CUT]].sum(axis=1)
    for level in range(depth - 1, -1, -1):
        first = (1 << level) - 1
        children = masses[2 * first + 1 : 4 * first + 3]
        masses[first : 2 * first + 1] += children[::2] + children[1::2]
    assert not ledger.totals[MISMATCH]  # all strings are targets
    totals = ledger.totals
    still_open = {
        name: to_fraction(totals[fate], budget.max_length)
        for name, fate in (("silent", SILENT_MASS), ("timeout", TIMEOUT_MASS), ("cut", CUT))
    }
    return PriorTable(chosen.name, budget, depth, masses, still_open)
