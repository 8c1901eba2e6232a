"""The walk: every program of at most L bits, depth first over the tree of reads.

The machine runs until it needs a bit that has not been read; there the walk forks over the
options of the pending field, each tried on the same memory and undone afterwards. Each prefix of
a program runs once, each path ends in one fate, and the masses of the fates are integers that add
up to 2^L: what the options of a fork that still fit do not take is cut.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from induction.bits import from_integer
from induction.budget import NO_PROGRAM, Budget
from induction.enumeration.room import reserved
from induction.enumeration.targets import Targets
from induction.machines.kernel import kernel, pointer, pointers, rebound, specialise
from induction.machines.machine import (
    CUT,
    FATES,
    FIELD,
    LEAF,
    LENGTH,
    LOOK,
    MATCH,
    MISMATCH,
    NEED,
    NODE,
    OPTION,
    REST,
    SILENT_MASS,
    TIMEOUT_MASS,
    UNSEEN,
    UNSETTLED,
    WEIGHT,
    Machine,
)
from induction.machines.settling import ALL, next_open

__all__ = ["CUT", "FATES", "MATCH", "MISMATCH", "SILENT_MASS", "TIMEOUT_MASS", "Ledger", "enumerate_programs"]

AT, FLOOR, FORKS = range(3)  # of a cursor: the frame on top, the frame below which the walk ends, forks so far
QUOTA = 1_000_000  # forks between two looks at the clock: 20 to 80 ms


def put_off(frames, at):
    """How many bits the run after a frame's option read without looking at them."""
    bits = frames[at + FRAME + LENGTH] - frames[at + LENGTH]
    if frames[at + FIELD] != LOOK:
        bits -= width(frames, at, frames[at + OPTION] - 1)
    return bits


def record(frames, work, top, length, found, row, keep):
    """Enter the programs of a path that matched into its leaf's list, kept by length and then by bits.

    Bits that nobody looked at may be anything: their first combinations are entered, in order.
    """
    if length <= found[row + 2 * keep - 2]:
        unseen = 0
        if DEFERS:
            for at in range(0, top, FRAME):
                for number in range(put_off(frames, at)):
                    unseen += deferred(frames, at, number, work) == UNSEEN
        combinations = 1 << min(unseen, 30)
        for combination in range(min(keep, combinations)):
            program = 0
            left = unseen
            for at in range(0, top, FRAME):
                if not DEFERS or frames[at + FIELD] != LOOK:
                    option = frames[at + OPTION] - 1
                    program = program << width(frames, at, option) | code(frames, at, option)
                if DEFERS:
                    for number in range(put_off(frames, at)):
                        value = deferred(frames, at, number, work)
                        if value == UNSEEN:
                            left -= 1
                            value = (combination >> min(left, 31)) & 1
                        program = program << 1 | value
            slot = row + 2 * keep - 2
            if length < found[slot] or program < found[slot + 1]:
                while slot > row and (
                    found[slot - 2] > length or (found[slot - 2] == length and found[slot - 1] > program)
                ):
                    found[slot] = found[slot - 2]
                    found[slot + 1] = found[slot - 1]
                    slot -= 2
                found[slot] = length
                found[slot + 1] = program


def begin(memory, follow, ledger, cursor, path):
    """Start a run, follow the options of `path` from fork to fork, and leave the next fork pending."""
    frames, rules, work, limits = pointers(memory)
    data = pointer(follow)
    start(frames, 0, work)
    frames[LENGTH] = 0
    event = resume(frames, 0, data, rules, work, limits)
    at = 0
    weight = 0
    for option in path:
        frames[at + OPTION] = option + 1
        frames[at + WEIGHT] = weight
        frames[at + REST] = 0
        bits = width(frames, at, option)
        weight += bits
        frames[at + FRAME + LENGTH] = frames[at + LENGTH]
        if not DEFERS or frames[at + FIELD] != LOOK:
            frames[at + FRAME + LENGTH] += bits
        event = take(frames, at, option, data, rules, work, limits)
        at += FRAME
    mass = 1 << (memory.limits[0] - weight)
    frames[at + OPTION] = 0
    frames[at + WEIGHT] = weight
    frames[at + REST] = mass
    frames[at + UNSETTLED] = ALL
    cursor[AT] = at
    cursor[FLOOR] = at
    cursor[FORKS] = 1
    if event != NEED:
        ledger[frames[at + NODE], event - 1] += mass
        cursor[AT] = -1
        cursor[FORKS] = 0


def walk(memory, follow, missing_array, ledger_array, found_array, cursor, quota):
    """Go on from the cursor for about `quota` forks; return whether the walk is over."""
    frames, rules, work, limits = pointers(memory)
    data = pointer(follow)
    ledger = pointer(ledger_array)
    found = pointer(found_array)
    missing = pointer(missing_array)
    keep = found_array.shape[1] // 2
    longest = memory.limits[0]
    at = cursor[AT]
    floor = cursor[FLOOR]
    forks = 0
    while at >= floor and forks < quota:
        option = frames[at + OPTION]
        if SETTLES:
            option = next_open(frames[at + UNSETTLED], option)
        bits = width(frames, at, option)
        length = frames[at + LENGTH]
        if not DEFERS or frames[at + FIELD] != LOOK:
            length += bits
        if bits == 0 or length > longest:
            close(frames, at, rules, work)
            ledger[FATES * frames[at + NODE] + CUT] += frames[at + REST]
            at -= FRAME
        else:
            to = at + FRAME
            weight = frames[at + WEIGHT] + bits
            mass = 1 << (longest - weight)
            frames[at + OPTION] = option + 1
            frames[at + REST] -= mass
            frames[to + LENGTH] = length
            event = take(frames, at, option, data, rules, work, limits)
            length = frames[to + LENGTH]
            fate = event - 1
            if event == NEED:
                forks += 1
                fate = CUT
                least = width(frames, to, 0)
                if DEFERS and frames[to + FIELD] == LOOK:
                    least = 0
                left = longest - length
                lacking = 0
                if MATCHES_ONLY and least <= left:
                    lacking = missing[frames[to + NODE]]
                    least = max(least, needs(frames, to, left, lacking, rules, work))
                if least <= left:
                    frames[to + OPTION] = 0
                    frames[to + WEIGHT] = weight
                    if SETTLES:
                        frames[to + UNSETTLED] = ALL
                        mass = settle(frames, to, left, lacking, mass, data, ledger, rules, work, limits)
                    frames[to + REST] = mass
                    if mass > 0:
                        at = to
                    mass = 0
            elif event == LEAF and keep > 0:
                record(frames, work, to, length, found, 2 * keep * frames[to + NODE], keep)
            ledger[FATES * frames[to + NODE] + fate] += mass
    cursor[AT] = at
    cursor[FORKS] += forks
    return at < floor


@functools.cache
def compiled(template: Callable, machine: Machine, matches_only: bool = False) -> Callable:
    """A template of this package bound to a machine's kernels, compiled once a process."""
    kernels = {name: one if hasattr(one, "py_func") else kernel(one) for name, one in machine.kernels._asdict().items()}
    parts = {
        **kernels,
        "FRAME": machine.frame,
        "DEFERS": machine.defers,
        "SETTLES": machine.settles,
        "MATCHES_ONLY": matches_only,
    }
    if template is walk:
        parts["put_off"] = kernel(rebound(put_off, parts))
        parts["record"] = kernel(rebound(record, parts))
    return specialise(template, machine.name, parts)


@dataclass(frozen=True, eq=False)
class Ledger:
    """What a walk found.

    Parameters
    ----------
    machine : Machine
    budget : Budget
    targets : Targets
    masses : numpy.ndarray
        Shape (nodes, 5), int64: mass over 2^L by node and fate (MATCH, MISMATCH, SILENT_MASS, TIMEOUT_MASS, CUT).
        A match is booked at its leaf, silent and open mass at the last node that the output
        reached; of mismatches only the total has a meaning.
    found : numpy.ndarray
        Shape (nodes, 2 * keep), int64, one row if `keep` is 0: the first of the shortest programs of each
        leaf, pairs of length and bits; the length NO_PROGRAM stands for none.
    forks : int
        Forks visited: the work done.
    """

    machine: Machine
    budget: Budget
    targets: Targets
    masses: np.ndarray
    found: np.ndarray
    forks: int

    @property
    def totals(self) -> np.ndarray:
        """Mass by fate, shape (5,); the sum is 2^L exactly."""
        return self.masses.sum(axis=0)

    def programs(self, leaf: int) -> list[str]:
        """The shortest programs that ended at a leaf, as bits, by length and then lexicographically."""
        pairs = self.found[leaf].reshape(-1, 2)
        return [from_integer(int(bits), int(length)) for length, bits in pairs if length != NO_PROGRAM]


def enumerate_programs(
    machine: Machine,
    budget: Budget,
    targets: Targets,
    *,
    keep: int = 0,
    matches_only: bool = False,
    progress: Callable[[float], None] | None = None,
) -> Ledger:
    """Walk the whole tree of reads.

    Parameters
    ----------
    machine : Machine
    budget : Budget
    targets : Targets
        What outputs are held against.
    keep : int
        How many programs to keep a leaf, the shortest first.
    matches_only : bool
        Drop a path as ``cut`` as soon as it surely cannot finish a target within its length:
        ``match`` and the programs stay exact, the other fates do not, and the walk is up to three times as fast.
    progress : callable, optional
        Told, ten times a second and more often, the share of all mass that has been decided; an exception that it
        raises ends the walk.

    Returns
    -------
    Ledger
        With ``masses.sum() == 2 ** max_length``.
    """
    memory = reserved(machine, budget, targets.depth, defer=machine.defers)
    masses = np.zeros((targets.nodes, FATES), dtype=np.int64)
    found = np.full((targets.nodes if keep else 1, 2 * keep), NO_PROGRAM, dtype=np.int64)
    cursor = np.zeros(3, dtype=np.int64)
    compiled(begin, machine)(memory, targets.follow, masses, cursor, np.empty(0, dtype=np.int64))
    go_on = compiled(walk, machine, matches_only)
    while not go_on(memory, targets.follow, targets.missing, masses, found, cursor, QUOTA):
        if progress is not None:
            progress(float(masses.sum()) / budget.whole)
    return Ledger(machine, budget, targets, masses, found, int(cursor[FORKS]))
