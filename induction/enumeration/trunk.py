"""The tree of reads cut into shards, and the walk of one.

The *trunk* is walked fork by fork. A fork at which the program has the split length is not entered:
it becomes a *shard*, the options that lead to it and its frame as the trunk left it (what a machine
settled there at once is in the trunk's ledger, and the pending field narrowed). A shard is walked by
following its options on fresh memory and putting that frame in place. So every option of every
fork is taken once, in the trunk or in one shard, and ledgers, which are integers, add up to the
ledger of the whole walk; programs found are merged by length and bits. Machines that narrow a
field have to leave the numbers of its options as they are.

Where the tree is cut depends on the search alone, never on workers or clocks.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from induction import machines
from induction.budget import NO_PROGRAM, Budget
from induction.enumeration.executors import told_to_stop
from induction.enumeration.room import reserved
from induction.enumeration.shard_store import Part
from induction.enumeration.targets import Targets
from induction.enumeration.walk import AT, FORKS, QUOTA, begin, compiled, walk
from induction.machines.machine import CUT, FATES, LENGTH, NODE, OPTION, REST, Machine

WHOLE = 28  # program bits below which a search is one shard: it ends within a second
SPLIT = 12  # program bits at which shards begin: some 1000 shards
PROBED = 34  # program bits from which heavy shards are found and split again
AHEAD, FURTHER, ROUNDS = 10, 4, 3  # bits that a probe looks ahead, bits of another split, splits at most
EVEN = 500  # no shard should have more than this fraction of the work
GROWTH = 1.85  # of the work, a program bit
_PAST = 1 << 30  # no field has so many options


class Shard(NamedTuple):
    """A fork to be walked from: the options that lead to it, and its frame (empty: as found)."""

    path: np.ndarray
    frame: np.ndarray


_NONE = np.empty(0, dtype=np.int64)
ROOT = Shard(_NONE, _NONE)


@dataclass(frozen=True, eq=False)
class Search:
    """What is walked.

    Parameters
    ----------
    machine : Machine or str
        The machine, or where it is to be sent away its name.
    budget : Budget
    targets : Targets
    keep : int
        Programs to keep a leaf.
    matches_only : bool
    """

    machine: Machine | str
    budget: Budget
    targets: Targets
    keep: int = 0
    matches_only: bool = False


class _Walk:
    """The walk of a shard, begun: its ledger, or one that it adds to, and what is left to do."""

    def __init__(self, search: Search, shard: Shard, ledger: Sum | None = None) -> None:
        machine = machines.get(search.machine)
        targets = search.targets
        self._frame = machine.frame
        self.memory = reserved(machine, search.budget, targets.depth, defer=machine.defers)
        ledger = ledger or Sum(search)
        self.masses, self.found = ledger.masses, ledger.found
        self.cursor = np.zeros(3, dtype=np.int64)
        compiled(begin, machine)(self.memory, targets.follow, self.masses, self.cursor, shard.path)
        self.floor = self.at
        if len(shard.frame):
            self.memory.frames[self.at : self.at + machine.frame] = shard.frame
            self.cursor[FORKS] = 0  # the trunk has counted it
        self._go = compiled(walk, machine, search.matches_only)
        self._data = targets.follow, targets.missing
        self.over = self.at < 0

    @property
    def at(self) -> int:
        """The frame on top."""
        return int(self.cursor[AT])

    @property
    def forks(self) -> int:
        """Forks visited."""
        return int(self.cursor[FORKS])

    @property
    def left(self) -> int:
        """The mass over 2^L of what is not done."""
        if self.over:
            return 0
        return int(self.memory.frames[self.floor + REST : self.at + REST + 1 : self._frame].sum())

    def go_on(self, quota: int) -> None:
        """Walk some `quota` forks."""
        self.over = self._go(self.memory, *self._data, self.masses, self.found, self.cursor, quota)

    def split_off(self) -> Shard:
        """Take away the fork on top, to be walked another time."""
        frames, at = self.memory.frames, self.at
        shard = Shard(frames[OPTION : at + OPTION : self._frame] - 1, frames[at : at + self._frame].copy())
        frames[at + OPTION] = _PAST  # the walk finds nothing more to do there
        frames[at + REST] = 0
        return shard

    def part(self) -> Part:
        """What was found; the mass of what is not done is cut."""
        if not self.over:
            for at in range(self.floor, self.at + 1, self._frame):
                self.masses[self.memory.frames[at + NODE], CUT] += self.memory.frames[at + REST]
        masses = self.masses.reshape(-1)
        cells = np.flatnonzero(masses)
        rows = np.flatnonzero(self.found[:, 0] != NO_PROGRAM) if self.found.shape[1] else _NONE
        return Part(self.forks, cells, masses[cells], rows, self.found[rows], self.over)


def _nothing_found(search: Search) -> np.ndarray:
    return np.full((search.targets.nodes if search.keep else 1, 2 * search.keep), NO_PROGRAM, dtype=np.int64)


def walk_shard(
    search: Search,
    shard: Shard,
    stopped: Callable[[], bool] = told_to_stop,
    tell: Callable[[float], None] | None = None,
) -> Part:
    """Walk one shard, to its end or until `stopped`; `tell` is told the share of its mass decided so far."""
    walking = _Walk(search, shard)
    mass = int(shard.frame[REST])
    while not (walking.over or stopped()):
        walking.go_on(QUOTA)
        if tell is not None:
            tell(1 - walking.left / mass)
    return walking.part()


def walk_in_turn(search: Search, tell: Callable[[float], None] | None = None) -> Sum:
    """Walk all shards, one after another into one ledger; `tell` is told the share of the work that is done."""
    total, shards, weights = divide(search)
    done = 0.0
    for shard, weight in zip(shards, weights.tolist(), strict=True):
        walking, mass = _Walk(search, shard, total), int(shard.frame[REST])
        while not walking.over:
            walking.go_on(QUOTA)
            if tell is not None:
                tell(min(1.0, done + weight * (1 - walking.left / mass)))
        done += weight
        total.forks += walking.forks
    if tell is not None:
        tell(1.0)
    return total


def walk_shards(search: Search, shards: list[tuple[int, Shard]]) -> list[tuple[int, Part]]:
    """Walk numbered shards in another process; fewer results than shards if it was told to stop."""
    parts: list[tuple[int, Part]] = []
    for number, shard in shards:
        if not told_to_stop():
            parts.append((number, walk_shard(search, shard)))
    return parts


class Sum:
    """Parts added up."""

    def __init__(self, search: Search) -> None:
        self.masses = np.zeros((search.targets.nodes, FATES), dtype=np.int64)
        self.found = _nothing_found(search)
        self.forks = 0
        self.complete = True

    def add(self, part: Part) -> None:
        self.masses.reshape(-1)[part.cells] += part.masses
        self.forks += part.forks
        self.complete &= part.complete
        if len(part.rows):
            both = np.concatenate([self.found[part.rows], part.programs], axis=1)
            lengths, bits = both[:, ::2], both[:, 1::2]
            order = np.lexsort((bits, lengths), axis=1)[:, : self.found.shape[1] // 2]
            first = [np.take_along_axis(values, order, axis=1) for values in (lengths, bits)]
            self.found[part.rows] = np.stack(first, axis=2).reshape(len(order), -1)

    def leave_out(self, shard: Shard) -> None:
        """Count a shard that was not walked as cut."""
        self.masses[shard.frame[NODE], CUT] += shard.frame[REST]
        self.complete = False


def split_length(budget: Budget) -> int:
    """The program length at which shards begin; 0 for one shard in all."""
    return SPLIT if budget.max_length >= WHOLE else 0


def trunk(search: Search, root: Shard, length: int, total: Sum) -> list[Shard]:
    """Walk down from a shard's root to forks of at least `length` program bits, which become shards."""
    walking = _Walk(search, root, total)
    shards: list[Shard] = []
    while not walking.over:
        if walking.memory.frames[walking.at + LENGTH] >= length:
            shards.append(walking.split_off())
        walking.go_on(1)
    total.forks += walking.forks
    return shards


def _work(search: Search, shard: Shard) -> float:
    """An estimate of a shard's forks, up to a factor that is the same for all: a walk with a shorter length."""
    length, budget = int(shard.frame[LENGTH]), search.budget
    size = GROWTH**-length
    if budget.max_length >= PROBED:
        short = Budget(min(length + AHEAD, budget.max_length), budget.max_steps, budget.total)
        walking = _Walk(replace(search, budget=short, keep=0), Shard(shard.path, _NONE))
        walking.go_on(QUOTA)
        size *= walking.forks
    return size


def divide(search: Search) -> tuple[Sum, list[Shard], np.ndarray]:
    """What the trunk found, the shards in order, and the share of the work that each is expected to be."""
    total = Sum(search)
    shards = trunk(search, ROOT, split_length(search.budget), total)
    works = [_work(search, shard) for shard in shards]
    for _ in range(ROUNDS if search.budget.max_length >= PROBED else 0):
        heavy = sum(works) / EVEN
        before, shards, works = list(zip(shards, works, strict=True)), [], []
        for shard, work in before:
            pieces = [shard]
            if work > heavy:
                pieces = trunk(search, shard, int(shard.frame[LENGTH]) + FURTHER, total)
            shards += pieces
            works += [_work(search, piece) for piece in pieces] if work > heavy else [work]
    weights = np.array(works)
    return total, shards, weights / weights.sum() if len(shards) else weights
