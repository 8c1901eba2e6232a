"""Why some bits are likely: what became of every program, and which ones print them."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass
from fractions import Fraction
from os import PathLike
from typing import Any

import numpy as np

from induction.bits import BitsLike, as_bits, to_text
from induction.bounds.intervals import Interval, prior_interval
from induction.budget import Budget, whole_number
from induction.dyadic import to_fraction
from induction.dyadic import to_text as fraction_text
from induction.enumeration.program import Program
from induction.enumeration.runner import program_text
from induction.enumeration.shards import ShardedLedger, enumerate_sharded
from induction.enumeration.targets import single
from induction.machines import get
from induction.machines.machine import Machine

_MOST_PROGRAMS = 10_000
FATE_NAMES = ("match", "mismatch", "silent", "timeout", "cut")


@dataclass(frozen=True)
class Explanation:
    """The fates of all programs against some bits x.

    Parameters
    ----------
    machine : str
    budget : Budget
    bits : str
        x.
    mass : dict
        Fractions that add up to exactly 1: ``match`` (prints x), ``mismatch``, ``silent`` (proved
        to stop short of x), ``timeout`` and ``cut`` (open: out of steps, out of length).
    programs : tuple of Program
        The heaviest programs for x, with their prior weights, by length and then lexicographically.
    forks : int
        Forks that the walk visited.
    matches_only : bool
        Whether paths that cannot print x were dropped: ``match``, the programs and the interval are as
        sound as ever, but mass of other fates may be in ``cut``.
    complete : bool
        Whether the walk came to its end. If not, what was left is in ``cut``: fates still add up, the
        interval still holds, but shorter programs than these may have been missed.
    """

    machine: str
    budget: Budget
    bits: str
    mass: dict[str, Fraction]
    programs: tuple[Program, ...]
    forks: int
    matches_only: bool = False
    complete: bool = True

    @property
    def shortest(self) -> Program | None:
        """The first of the shortest programs for x, None if no program within the budget prints x."""
        return self.programs[0] if self.programs else None

    @property
    def interval(self) -> Interval:
        """Encloses M(x) for programs of any length and any patience: match, and match + timeout + cut."""
        return prior_interval(self.mass["match"], self.mass["timeout"] + self.mass["cut"])

    def __repr__(self) -> str:
        best = f"{self.shortest.text!r} ({self.shortest.length} bits)" if self.shortest else None
        return f"Explanation(bits={self.bits!r}, machine={self.machine!r}, match={self.mass['match']}, shortest={best})"

    def to_json(self) -> dict[str, Any]:
        """``mass``, ``shortest``, ``interval`` and ``programs``, exact numbers as ``"a/b"``."""
        shortest = self.shortest.to_json() if self.shortest else None
        return {
            "machine": self.machine,
            "max_length": self.budget.max_length,
            "max_steps": self.budget.max_steps,
            "total": self.budget.total,
            "bits": self.bits,
            "complete": bool(self.complete),
            "matches_only": self.matches_only,
            "mass": {name: fraction_text(mass) for name, mass in self.mass.items()},
            "shortest": shortest,
            "interval": [fraction_text(end) for end in self.interval],
            "programs": [program.to_json() for program in self.programs],
        }


def explain(
    bits: BitsLike,
    *,
    machine: str | Machine = "queue",
    max_length: int | None = None,
    max_steps: int | None = None,
    total: int | None = None,
    programs: int = 10,
    matches_only: bool = False,
    workers: int = 1,
    executor: str | Executor | None = None,
    store: str | PathLike[str] | None = None,
    seconds: float | None = None,
    progress: Callable[[float], None] | None = None,
) -> Explanation:
    """Walk every program against `bits`.

    Parameters
    ----------
    bits : str or iterable of int
        x, of any length.
    machine : str or Machine
    max_length, max_steps, total : int, optional
        The budget; defaults are the machine's.
    programs : int
        How many of the heaviest programs to keep, at least 1.
    matches_only : bool
        Drop paths as soon as they surely cannot print x: up to three times as fast on long programs. All
        that is not ``match`` may then count as ``cut``.
    workers : int
        Threads or processes that walk, 1 to 256.
    executor : str or concurrent.futures.Executor, optional
        ``"threads"`` (the default), ``"processes"``, or an executor such as a Dask client's. Results
        depend on neither.
    store : path, optional
        SQLite file that keeps what is done: a walk that was stopped goes on from it.
    seconds : float, optional
        When to stop; what is not done by then counts as ``cut``, and `complete` is false.
    progress : callable, optional
        Told the share of the work that is done, an estimate.

    Returns
    -------
    Explanation

    Raises
    ------
    ValueError
        If the bits, the budget or another number is out of range, there is no such machine or executor,
        or the store is of another search, damaged, or in use.
    OSError
        If the store cannot be written, or the workers were lost; what the store held is safe.

    Examples
    --------
    >>> from induction import explain
    >>> e = explain("010010", max_length=15, max_steps=64)
    >>> e.mass["match"], e.shortest.bits, e.shortest.text
    (Fraction(77, 16384), '011001000', '0,0: 010 > 0')
    """
    programs = whole_number("programs", programs, _MOST_PROGRAMS, "programs to keep")
    target = as_bits(bits)
    chosen = get(machine)
    budget = chosen.budget(max_length, max_steps, total)
    if not len(target):
        mass = dict.fromkeys(FATE_NAMES, Fraction(0)) | {"match": Fraction(1)}
        return Explanation(chosen.name, budget, "", mass, (Program("", "", Fraction(1)),), 0, matches_only)
    how: dict[str, Any] = {"workers": workers, "executor": executor, "store": store, "seconds": seconds}
    ledger = enumerate_sharded(
        chosen, budget, single(target), keep=programs, matches_only=matches_only, progress=progress, **how
    )
    return _explanation(ledger, target, matches_only)


def _explanation(ledger: ShardedLedger, target: np.ndarray, matches_only: bool) -> Explanation:
    """What a ledger says of its one target."""
    machine, budget = ledger.machine, ledger.budget
    mass = {name: to_fraction(value, budget.max_length) for name, value in zip(FATE_NAMES, ledger.totals, strict=True)}
    programs = tuple(
        Program(p, program_text(machine, p, len(target), budget.max_steps, budget.total), Fraction(1, 2 ** len(p)))
        for p in ledger.programs(len(target))
    )
    return Explanation(
        machine.name, budget, to_text(target), mass, programs, ledger.forks, matches_only, ledger.complete
    )
