"""The walk in pieces, by any number of workers, through crashes: the same ledger, to the last bit."""

from __future__ import annotations

import hashlib
import math
import threading
import time
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import Executor
from contextlib import ExitStack, closing
from dataclasses import dataclass, replace
from functools import partial
from os import PathLike, fspath
from threading import Event
from typing import Any

import numpy as np

from induction import machines
from induction.budget import Budget
from induction.enumeration.executors import LostWorkersError, Processes, gather, in_process, opened
from induction.enumeration.shard_store import Part, ShardStore
from induction.enumeration.store import Asked
from induction.enumeration.targets import Targets
from induction.enumeration.trunk import Search, Shard, divide, walk_in_turn, walk_shard, walk_shards
from induction.enumeration.walk import Ledger, compiled, walk
from induction.machines.machine import REST, Machine

BATCH = 8  # shards that are sent away together
KEPT = 0.5  # seconds between two transactions of a store


@dataclass(frozen=True, eq=False)
class ShardedLedger(Ledger):
    """A ledger that may be short of some shards: their mass is in it as cut, so that it adds up.

    Parameters
    ----------
    complete : bool
        Whether every shard was walked to its end.
    """

    complete: bool = True


class _Keeper:
    """A store, or none: takes finished shards and enters them every half second and at the end, however it comes."""

    def __init__(
        self, path: str | PathLike[str] | None, search: Search, shards: list[Shard], asked: Asked | None
    ) -> None:
        self._store = None
        if path is not None:
            masses = [int(shard.frame[REST]) for shard in shards]
            self._store = ShardStore(path, _parameters(search, shards), masses, search.targets.nodes, asked)
        self._waiting: list[tuple[int, Part]] = []
        self._last = time.monotonic()

    def __enter__(self) -> _Keeper:
        return self

    def __exit__(self, *_: object) -> None:
        if self._store:
            try:
                self._enter()
            finally:
                self._store.close()

    def parts(self) -> Iterator[tuple[int, Part]]:
        """What is stored."""
        return self._store.parts() if self._store else iter(())

    def add(self, number: int, part: Part) -> None:
        """Keep a shard if it is finished."""
        if self._store and part.complete:
            self._waiting.append((number, part))
            if time.monotonic() > self._last + KEPT:
                self._enter()

    def _enter(self) -> None:
        if self._store and self._waiting:
            self._store.add(self._waiting)
            self._waiting = []
            self._last = time.monotonic()


def _parameters(search: Search, shards: list[Shard]) -> dict[str, Any]:
    """What a result depends on, the code of the kernels and the cuts of the tree included."""
    machine, budget, targets = machines.get(search.machine), search.budget, search.targets
    template: Callable = compiled(walk, machine)
    return {
        "format": 1,
        "machine": machine.name,
        "kernels": getattr(template, "py_func", template).__qualname__.rpartition("_")[2],
        "max_length": budget.max_length,
        "max_steps": budget.max_steps,
        "total": budget.total,
        "targets": _digest(targets.follow, np.array([targets.nodes])),
        "keep": search.keep,
        "matches_only": search.matches_only,
        "shards": _digest(*(row for shard in shards for row in (np.array([-1]), *shard))),
    }


def _digest(*arrays: np.ndarray) -> str:
    digest = hashlib.sha256()
    for array in arrays:
        digest.update(array.astype("<i8").tobytes())
    return digest.hexdigest()[:16]


def _is_known(machine: Machine) -> bool:
    """Whether other processes find the machine by its name."""
    return machine.name in machines._BUILT_IN and machines.get(machine.name) is machine


def _answers(
    search: Search,
    shards: list[Shard],
    left: list[int],
    pool: Executor | None,
    expired: Callable[[], bool],
    tell: Callable[[int, float], None],
) -> Generator[list[tuple[int, Part]], None, None]:
    """Numbers and results of shards as they are finished; an empty list now and then in between."""
    if pool is None or len(shards) == 1:
        for number in left:
            if not expired():
                yield [(number, walk_shard(search, shards[number], expired, partial(tell, number)))]
    elif in_process(pool):
        stop = Event()

        def one(number: int) -> list[tuple[int, Part]]:
            return [(number, walk_shard(search, shards[number], stop.is_set, partial(tell, number)))]

        yield from gather(pool, one, left, stop, expired)
    else:
        sign = pool.stop if isinstance(pool, Processes) else Event()
        sign.clear()
        abroad = replace(search, machine=machines.get(search.machine).name)
        count = -(-len(left) // BATCH)
        batches = [[(number, shards[number]) for number in left[first::count]] for first in range(count)]
        yield from gather(pool, partial(walk_shards, abroad), batches, sign, expired)


def enumerate_sharded(
    machine: Machine,
    budget: Budget,
    targets: Targets,
    *,
    keep: int = 0,
    matches_only: bool = False,
    workers: int = 1,
    executor: str | Executor | None = None,
    store: str | PathLike[str] | None = None,
    asked: Asked | None = None,
    progress: Callable[[float], None] | None = None,
    seconds: float | None = None,
) -> ShardedLedger:
    """Walk the whole tree of reads, in pieces: the ledger of `enumerate_programs`, to the last bit.

    Parameters
    ----------
    machine, budget, targets, keep, matches_only
        As for :func:`induction.enumeration.walk.enumerate_programs`; a machine that knows no bound is walked in full.
    workers : int
        Threads or processes, 1 to 256.
    executor : str or concurrent.futures.Executor, optional
        ``"threads"`` (the default), ``"processes"`` (spawned), or an executor.
    store : path, optional
        SQLite file that keeps finished shards: a search that was stopped goes on from it.
    asked : Asked, optional
        What a user sets a search with, for the refusal of a store of another one; if not as an explanation.
    progress : callable, optional
        Told the share of the work that is done, an estimate; an exception that it raises ends the search.
    seconds : float, optional
        When to stop. What is not done by then counts as cut, and ``complete`` is false.

    Returns
    -------
    ShardedLedger
        With ``masses.sum() == 2 ** max_length``.

    Raises
    ------
    ValueError
        If workers, executor or seconds are out of range, other processes are to walk and cannot look
        the machine up by its name, or the store is of another search, damaged, or in use.
    OSError
        If the store cannot be written (what it held is safe), or the workers were lost.
    """
    if seconds is not None and (not isinstance(seconds, (int, float)) or not seconds > 0):
        raise ValueError(f"seconds is {seconds!r}; allowed are numbers above 0, or None for no limit")
    deadline = math.inf if seconds is None else time.monotonic() + seconds
    search = Search(machine, budget, targets, keep, matches_only)
    with ExitStack() as stack:
        pool = stack.enter_context(opened(workers, executor))
        if not (in_process(pool) or _is_known(machine)):
            raise ValueError(f"other processes cannot look up the machine {machine.name!r} by its name; use threads")
        total, shards, weights = divide(search)
        shares = np.zeros(len(shards))

        def report(number: int | None = None, share: float = 0.0) -> None:
            if number is not None:
                shares[number] = share
            if progress is not None and threading.current_thread() is caller:
                progress(min(1.0, float(shares @ weights)))

        caller = threading.current_thread()
        kept = stack.enter_context(_Keeper(store, search, shards, asked))
        for number, part in kept.parts():
            total.add(part)
            shares[number] = 1.0
        # The heaviest first, so that nobody waits for one in the end.
        left = [number for number in np.argsort(-weights, kind="stable").tolist() if not shares[number]]
        open_ends = set(left)
        report()
        answers = _answers(search, shards, left, pool, lambda: time.monotonic() > deadline, report)
        try:
            for batch in stack.enter_context(closing(answers)):
                for number, part in batch:
                    total.add(part)
                    kept.add(number, part)
                    open_ends.discard(number)
                    shares[number] = 1.0
                report()
        except LostWorkersError as lost:
            rest = f"{fspath(store)} holds what is done" if store else "a store would have kept what was done"
            raise LostWorkersError(f"{lost}; {rest}") from None
        for number in open_ends:
            total.leave_out(shards[number])
    return ShardedLedger(machine, budget, targets, total.masses, total.found, total.forks, total.complete)


def enumerate_in_turn(
    machine: Machine, budget: Budget, targets: Targets, *, progress: Callable[[float], None] | None = None
) -> Ledger:
    """Walk the whole tree of reads: the ledger of `enumerate_programs`, with an honest account of the progress.

    All shards share one ledger, so that it may have millions of nodes.

    Parameters
    ----------
    machine, budget, targets
        As for :func:`induction.enumeration.walk.enumerate_programs`.
    progress : callable, optional
        Told the share of the work that is done, an estimate; an exception that it raises ends the walk.

    Returns
    -------
    Ledger
        With ``masses.sum() == 2 ** max_length``.
    """
    total = walk_in_turn(Search(machine, budget, targets), progress)
    return Ledger(machine, budget, targets, total.masses, total.found, total.forks)
