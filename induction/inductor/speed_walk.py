# ruff: noqa: F821
# mypy: disable-error-code="name-defined"
"""The walk that a speed prior needs: the programs for some data, each with its steps."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import numpy as np

from induction.budget import Budget
from induction.enumeration.room import reserved
from induction.enumeration.targets import Targets
from induction.enumeration.walk import AT, FLOOR, begin, compiled
from induction.machines.kernel import pointer, pointers
from induction.machines.machine import LEAF, LENGTH, MATCH, NEED, NODE, OPTION, STEPS, WEIGHT, Machine

LEAF_NODE, SIZE, STEPS_TAKEN, BITS, COLUMNS = range(5)
_ROOM = 1 << 16


def timed(memory, follow, missing_array, cursor, rows_array):
    """Go on from the cursor; return how many matches were written to `rows` before it was full or all was done."""
    frames, rules, work, limits = pointers(memory)
    data = pointer(follow)
    missing = pointer(missing_array)
    rows = pointer(rows_array)
    room = rows_array.shape[0]
    longest = memory.limits[0]
    at = cursor[AT]
    floor = cursor[FLOOR]
    count = 0
    while at >= floor and count < room:
        option = frames[at + OPTION]
        bits = width(frames, at, option)
        length = frames[at + LENGTH] + bits
        if bits == 0 or length > longest:
            close(frames, at, rules, work)
            at -= FRAME
        else:
            frames[at + OPTION] = option + 1
            program = frames[at + WEIGHT] << bits | code(frames, at, option)
            event = take(frames, at, option, data, rules, work, limits)
            to = at + FRAME
            if event == NEED:
                least = max(
                    width(frames, to, 0), needs(frames, to, longest - length, missing[frames[to + NODE]], rules, work)
                )
                if length + least <= longest:
                    frames[to + OPTION] = 0
                    frames[to + LENGTH] = length
                    frames[to + WEIGHT] = program
                    at = to
            elif event == LEAF:
                row = COLUMNS * count
                rows[row + LEAF_NODE] = frames[to + NODE]
                rows[row + SIZE] = length
                rows[row + STEPS_TAKEN] = frames[to + STEPS]
                rows[row + BITS] = program
                count += 1
    cursor[AT] = at
    return count


def matches(machine: Machine, budget: Budget, targets: Targets) -> Iterator[np.ndarray]:
    """All programs for the targets, in chunks.

    Yields
    ------
    numpy.ndarray
        Shape (k, 4), int64, good until the next is asked for: leaf, length, steps in all when the last bit was
        written, and bits as a number.
    """
    memory = reserved(machine, budget, targets.depth)
    cursor = np.zeros(3, dtype=np.int64)
    masses = np.zeros((targets.nodes, 5), dtype=np.int64)
    compiled(begin, machine)(memory, targets.follow, masses, cursor, np.empty(0, dtype=np.int64))
    if masses[:, MATCH].any():
        raise ValueError(f"{machine.name} writes these data before it reads anything; there is no program to weigh")
    rows = np.empty((_ROOM, COLUMNS), dtype=np.int64)
    go_on = compiled(timed, machine, True)
    while cursor[AT] >= cursor[FLOOR]:
        count = go_on(memory, targets.follow, targets.missing, cursor, rows)
        yield rows[:count]


def tally(rows: np.ndarray) -> Counter[tuple[int, int]]:
    """How many programs there are by length and steps."""
    kinds, counts = np.unique(rows[:, SIZE : STEPS_TAKEN + 1], axis=0, return_counts=True)
    return Counter({(size, steps): count for (size, steps), count in zip(kinds.tolist(), counts.tolist(), strict=True)})
