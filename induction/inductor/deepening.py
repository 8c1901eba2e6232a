"""Longer and longer programs, until the time is used."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from os import PathLike
from typing import Any

from induction.bits import BitsLike, as_bits
from induction.budget import LONGEST
from induction.enumeration.executors import opened
from induction.enumeration.store import numbered
from induction.inductor.explanation import Explanation, explain
from induction.machines import get
from induction.machines.machine import Machine

FIRST = 16  # program bits of the first walk
_PAUSE = 1e-3  # seconds
_LEAST_GROWTH = 1.5  # of the work, a program bit


def deepen(
    bits: BitsLike,
    *,
    seconds: float,
    machine: str | Machine = "queue",
    max_length: int | None = None,
    max_steps: int | None = None,
    total: int | None = None,
    programs: int = 10,
    workers: int = 1,
    executor: str | Executor | None = None,
    matches_only: bool = False,
    store: str | PathLike[str] | None = None,
    progress: Callable[[float], None] | None = None,
) -> Iterator[Explanation]:
    """Explain `bits` with programs of at most 16 bits, then 17, and so on, while there is time.

    A depth is begun if it is expected to end in time, which the growth of the last ones tells; one
    that does not end in time after all is dropped. The first depth is walked however long it takes.
    With a store every depth is begun while there is time: what is done of it is there for the next call.

    Parameters
    ----------
    bits : str or iterable of int
        x, of any length.
    seconds : float
        Time for all depths of this call together, loading the machine's code not counted.
    max_length : int, optional
        The last L, 62 if not given; the first is 16, or the last if that is less.
    store : path, optional
        What is done is kept in SQLite files, one for each L, called this, a dot, and L. A later call, with
        `seconds` of its own, reads finished depths and goes on within the one that was not.
    machine, max_steps, total, programs, workers, executor, matches_only, progress
        As for :func:`induction.inductor.explanation.explain`; `progress` starts anew with every depth.

    Yields
    ------
    Explanation
        One for each L, complete, as it is found; the last is the deepest.

    Raises
    ------
    ValueError
        As `explain`, or if `seconds` is not above 0.
    OSError
        As `explain`.

    Examples
    --------
    >>> from induction.inductor.deepening import deepen
    >>> [e.budget.max_length for e in deepen("010010", seconds=60, max_length=18, max_steps=64)]
    [16, 17, 18]
    """
    if isinstance(seconds, bool) or not isinstance(seconds, (int, float)) or not seconds > 0:
        raise ValueError(f"seconds is {seconds!r}; allowed are numbers above 0")
    data = as_bits(bits)
    chosen = get(machine)
    last = chosen.budget(LONGEST if max_length is None else max_length, max_steps, total).max_length
    with opened(workers, executor) as pool:
        settings: dict[str, Any] = {"machine": chosen, "max_steps": max_steps, "total": total, "programs": programs}
        settings |= {"workers": workers, "executor": pool, "matches_only": matches_only}
        explain(data, max_length=1, **settings)  # loads the kernels
        end = time.monotonic() + seconds
        forks = 0
        for length in range(min(FIRST, last), last + 1):
            begun = time.monotonic()
            limit = max(_PAUSE, end - begun) if forks else None
            kept = None if store is None else numbered(store, length)
            e = explain(data, max_length=length, progress=progress, seconds=limit, store=kept, **settings)
            if not e.complete:
                return
            yield e
            now = time.monotonic()
            growth = max(_LEAST_GROWTH, e.forks / forks if forks else 0)
            forks = max(1, e.forks)
            expected = 0.0 if kept else (now - begun) * growth
            if now + expected >= end:
                return
