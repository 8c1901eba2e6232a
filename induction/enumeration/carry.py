# ruff: noqa: F821
# mypy: disable-error-code="name-defined"
"""The loop that carries programs on, whatever kind of population they are.

An entry that stands at an output bit is laid out in memory and run on; one that stands at a fork is
laid out there, its options are walked, and every branch that has written a bit becomes an entry of its
own. What is left to the kind, see :class:`induction.enumeration.entries.Kind`, is the bits and the mass.
"""

from __future__ import annotations

from induction.enumeration.entries import (
    DEPTH,
    ENTRIES,
    ENTRY,
    EVENT,
    EXTENT,
    OLD,
    PACKED_CELLS,
    PLACE,
    PROGRAM,
    RESERVE,
    SIZE,
    SPENT,
    TOO_LONG,
    USED,
    WORDS,
    lay_fork,
    point,
)
from induction.machines.machine import LEAF, LENGTH, NEED, NODE, WEIGHT


def plant(memory, follow, entries_array, store_array, own_array, state_array):
    """One entry, the empty program, run to its first event."""
    p = point(memory, follow, entries_array, store_array, own_array, state_array)
    start(p.frames, 0, p.work)
    words = first(p, run_from(p, 0, ROOT))
    p.state[ENTRIES] = 1
    p.state[USED] = words


def carry_on(memory, follow, entries_array, store_array, own_array, state_array):
    """Carry entries on, each as far as its kind wants it; return 0 when done, else what is full (1, 2, 3)."""
    p = point(memory, follow, entries_array, store_array, own_array, state_array)
    frames = p.frames
    entries = p.entries
    state = p.state
    longest = memory.limits[0]
    capacity = entries_array.shape[0]
    room = store_array.size - state[RESERVE]
    entry = state[ENTRY]
    at = state[DEPTH]
    count = state[ENTRIES]
    used = state[USED]
    extent = state[EXTENT]
    old = state[OLD]
    full = 0
    while entry < old and full == 0:
        row = COLUMNS * entry
        event = entries[row + EVENT]
        words = 0
        if used > room:
            full = 2
        elif there(p, row):
            entry += 1
        elif at < 0 and PACKED_CELLS * entries[row + WORDS] > extent:  # newcomers may have grown just now
            full = 3
        elif event == LEAF:
            unpack(frames, 0, p.rules, p.work, p.store, entries[row + PLACE])
            words = run_on(p, row, used)
        elif event != NEED:
            ended(p, row)
            entry += 1
        elif at < 0:
            at = 0
            unpack(frames, 0, p.rules, p.work, p.store, entries[row + PLACE])
            length = entries[row + SIZE]
            lay_fork(frames, 0, length, entries[row + PROGRAM], copies(p, row) << (longest - length))
        elif count == capacity:
            full = 1
        else:
            to = at + FRAME
            frames[at + NODE] = ROOT  # here, so that the compiler knows it in `take`
            event = next_branch(p, at, copies(p, row))
            if event == SPENT:
                lost(p, at, row, TOO_LONG)
                at = max(at - FRAME, -1)
                entry += at < 0
            elif event == NEED:
                at = to
            elif event != LEAF:
                lost(p, to, row, event)
            else:
                new = COLUMNS * count
                entries[new + PROGRAM] = frames[to + WEIGHT]
                entries[new + SIZE] = frames[to + LENGTH]
                words = branch_off(p, to, row, new, used)
                count += 1
                old += NEWCOMERS
        used += words
    state[ENTRY] = entry
    state[DEPTH] = at
    state[ENTRIES] = count
    state[OLD] = old
    state[USED] = used
    return full
