"""Draws from the cut-off prior: programs made of coin flips, and what they print.

A draw flips a fair coin for every program bit that the machine asks for. An output begins with x
exactly when the flips begin with a program for x, so the chance of that is M_{L,T}(x), no more
and no less. A path that is silent, out of time or in need of more than L bits ends there; what it
has written stands.

Draw number i uses the i-th number of the Philox stream of its seed [1]_, 62 bits for at most 62
coins: it does not depend on which draws are made before it, beside it, or by whom.

.. [1] J. K. Salmon, M. A. Moraes, R. O. Dror, D. E. Shaw, "Parallel random numbers: as easy as
   1, 2, 3", SC 2011; NumPy keeps the stream of a seed unchanged between versions.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from induction.bits import from_integer, to_text
from induction.budget import LONGEST, Budget, whole_number
from induction.enumeration.room import reserved
from induction.enumeration.runner import program_text
from induction.enumeration.targets import table
from induction.enumeration.walk import compiled
from induction.files import whole_file
from induction.inductor.sampling_kernel import CHUNK, COLUMNS, FIRST_WRITTEN, begin, draw
from induction.machines import get
from induction.machines.machine import Machine

STATUSES = ("complete", "cut", "silent", "timeout")  # as in a Run; their places are the codes in `Draws.statuses`
_FEW = 1024  # draws between two looks at the clock
_PER_COUNT = 4  # numbers that Philox makes from one count


@dataclass(frozen=True, eq=False)
class Draws:
    """What was drawn; row i of every array belongs to draw number `first` + i.

    Parameters
    ----------
    machine : str
    budget : Budget
    seed : int
    first : int
        Number of the first draw.
    outputs : numpy.ndarray
        Shape (n, bits), uint8: the bits written, 0 where nothing was.
    written : numpy.ndarray
        Shape (n,), int64: how many bits were written before the path ended.
    lengths : numpy.ndarray
        Shape (n,), int64: program bits read, at most L; of a field that did not fit, none.
    statuses : numpy.ndarray
        Shape (n,), uint8: places in :data:`STATUSES`.
    tapes : numpy.ndarray
        Shape (n,), int64: the 62 coins, the first one the highest bit; the program is what was read of them.
    """

    machine: str
    budget: Budget
    seed: int
    first: int
    outputs: np.ndarray = field(repr=False)
    written: np.ndarray = field(repr=False)
    lengths: np.ndarray = field(repr=False)
    statuses: np.ndarray = field(repr=False)
    tapes: np.ndarray = field(repr=False)

    def __len__(self) -> int:
        return len(self.lengths)

    def __repr__(self) -> str:
        counts = ", ".join(f"{count} {name}" for name, count in self.counts.items())
        return f"Draws({len(self)} of {self.outputs.shape[1]} bits from {self.machine!r}: {counts})"

    @property
    def mask(self) -> np.ndarray:
        """Shape (n, bits), bool: which bits were written; true from the left, up to where the path ended."""
        return np.arange(self.outputs.shape[1]) < self.written[:, None]

    @property
    def counts(self) -> dict[str, int]:
        """How many draws ended in which way."""
        counts = np.bincount(self.statuses, minlength=len(STATUSES))
        return {name: int(count) for name, count in zip(STATUSES, counts, strict=True)}

    def program(self, row: int) -> str:
        """The program bits that a draw read."""
        length = int(self.lengths[row])
        return from_integer(int(self.tapes[row]) >> (LONGEST - length), length)

    def output(self, row: int) -> str:
        """The bits that a draw wrote, as text."""
        return to_text(self.outputs[row, : self.written[row]])

    def text(self, row: int) -> str:
        """The program of a draw as rule text."""
        bits = int(self.written[row])
        program = self.program(row)
        limits = self.budget.max_steps, self.budget.total
        return program_text(get(self.machine), program, bits, *limits) if program else ""

    def to_json(self) -> dict[str, Any]:
        """Parameters, and how many draws ended in which way; the arrays go to a file."""
        return {
            "machine": self.machine,
            "max_length": self.budget.max_length,
            "max_steps": self.budget.max_steps,
            "total": self.budget.total,
            "seed": self.seed,
            "draws": len(self),
            "bits": self.outputs.shape[1],
            "counts": self.counts,
            "mean_written": float(self.written.mean()),
            "mean_length": float(self.lengths.mean()),
        }

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write ``outputs``, ``mask`` and ``lengths`` to an npz file: equal draws, equal bytes.

        Raises
        ------
        ValueError
            If the file's name does not end with ``.npz``.
        OSError
            If the file cannot be written.
        """
        with whole_file(check_path(path)) as file:
            np.savez_compressed(file, outputs=self.outputs, mask=self.mask, lengths=self.lengths)


def check_path(path: str | os.PathLike[str]) -> Path:
    """The path, or a ValueError if draws are not written to a file of that name."""
    target = Path(path)
    if target.suffix != ".npz":
        raise ValueError(f"the file is called {target.name!r}; draws go to a NumPy archive: end the name with .npz")
    if not target.parent.is_dir():
        raise ValueError(f"there is no folder {os.fspath(target.parent)!r}; make it first")
    return target


class Sampler:
    """An endless row of draws, of which any stretch can be asked for.

    Parameters
    ----------
    machine : str or Machine
    bits : int
        Most output bits of a draw, at least 1.
    seed : int
        At least 0.
    budget : Budget, optional
        L and T; the machine's by default.
    """

    def __init__(self, machine: str | Machine, bits: int, seed: int = 0, budget: Budget | None = None) -> None:
        self.machine = get(machine)
        self.bits = whole_number("bits", bits, None, "output bits of a draw")
        self.seed = whole_number("seed", seed, None, "any seed", smallest=0)
        self.budget = self.machine.budget() if budget is None else budget
        self._memory = reserved(self.machine, self.budget, self.bits)
        self._follow = table(CHUNK)
        self._prefix = np.zeros(self.bits, dtype=np.uint8)
        self._state = np.zeros(2, dtype=np.int64)
        compiled(begin, self.machine)(self._memory, self._follow, self._prefix, self._state)

    def draw(self, n: int, first: int = 0, progress: Callable[[int, int], None] | None = None) -> Draws:
        """Draws number `first` to `first` + n - 1.

        Parameters
        ----------
        n : int
            At least 1.
        first : int
            At least 0.
        progress : callable, optional
            Told (draws done, draws in all) every few milliseconds; an exception that it raises ends the work.

        Returns
        -------
        Draws

        Raises
        ------
        ValueError
            If a number is out of range, or the arrays do not fit into memory.
        """
        n = whole_number("n", n, None, "draws")
        first = whole_number("first", first, None, "number of the first draw", smallest=0)
        try:
            outputs = np.zeros((n, self.bits), dtype=np.uint8)
            records = np.zeros((n, COLUMNS), dtype=np.int64)
        except (MemoryError, ValueError):
            raise ValueError(f"{n} draws of {self.bits} bits do not fit into memory; draw fewer at a time") from None
        given = self._state[FIRST_WRITTEN]  # bits that every run writes before it reads any
        outputs[:, :given] = self._prefix[:given]
        tapes = _coins(self.seed, first, n)
        run = compiled(draw, self.machine)
        for done in range(0, n, _FEW):
            few = slice(done, min(done + _FEW, n))
            run(self._memory, self._follow, tapes[few], outputs[few], records[few], self._state)
            if progress is not None:
                progress(few.stop, n)
        statuses, written, lengths = records.T
        return Draws(
            self.machine.name,
            self.budget,
            self.seed,
            first,
            outputs,
            written.copy(),
            lengths.copy(),
            statuses.astype(np.uint8),
            tapes,
        )


def _coins(seed: int, first: int, n: int) -> np.ndarray:
    """Tapes number `first` to `first` + n - 1 of a seed: 62 fair coins each."""
    stream = np.random.Philox(seed)
    skipped = first % _PER_COUNT
    stream.advance(first // _PER_COUNT)
    return (stream.random_raw(skipped + n)[skipped:] >> np.uint64(64 - LONGEST)).astype(np.int64)


def sample(
    n: int,
    *,
    machine: str | Machine = "queue",
    bits: int = 256,
    seed: int = 0,
    max_length: int | None = None,
    max_steps: int | None = None,
    total: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Draws:
    """Exact draws from the cut-off prior: what programs of coin flips print.

    The chance that an output begins with x is M_{L,T}(x), for every x of at most `bits` bits.

    Parameters
    ----------
    n : int
        How many draws, at least 1.
    machine : str or Machine
    bits : int
        Most output bits of a draw.
    seed : int
        Draw number i of a seed is the same however many are drawn.
    max_length, max_steps, total : int, optional
        The budget; defaults are the machine's.
    progress : callable, optional
        Told (draws done, draws in all).

    Returns
    -------
    Draws
        With the arrays ``outputs``, ``mask`` and ``lengths``.

    Raises
    ------
    ValueError
        If a number is out of range, or there is no such machine.

    Examples
    --------
    >>> from induction import sample
    >>> draws = sample(1000, bits=8, seed=1, max_length=20, max_steps=64)
    >>> draws.outputs.shape, draws.mask.shape, draws.lengths.shape
    ((1000, 8), (1000, 8), (1000,))
    """
    chosen = get(machine)
    return Sampler(chosen, bits, seed, chosen.budget(max_length, max_steps, total)).draw(n, progress=progress)
