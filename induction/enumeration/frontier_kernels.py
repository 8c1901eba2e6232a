# ruff: noqa: F821
# mypy: disable-error-code="name-defined"
"""The kernels of :mod:`induction.enumeration.frontier`: all programs for the data so far."""

from __future__ import annotations

from induction.enumeration.entries import (
    DEPTH,
    ENTRIES,
    ENTRY,
    EVENT,
    LARGEST,
    MORE,
    OTHERS,
    PLACE,
    PROGRAM,
    RESERVE,
    SIZE,
    SPENT,
    USED,
    WORDS,
    move,
)
from induction.machines.kernel import pointer
from induction.machines.machine import CUT, LEAF, LENGTH, NEED, NODE, REST, WEIGHT

AHEAD = 18  # the most bits that an entry runs ahead of the data
FIRST_AHEAD = 3  # how far a new entry runs ahead at once: most are refuted soon
LAST_LEVEL = (1 << (AHEAD - 1)) - 1  # `(1 << k) - 1` is the node with AHEAD - k levels below it

BITS_AHEAD, COUNT, COLUMNS = range(OTHERS, OTHERS + 3)  # of an entry: its output that the data have yet to reach
OLD, SLOTS = MORE, MORE + 1  # of the state: entries that are to be carried on


def go_ahead(frames, at, levels, row, data, rules, work, limits, entries, store, used):
    """Run ahead of the data by `levels` bits, and pack; return the words used."""
    event, bits, written = run_ahead(frames, at, (1 << (AHEAD - levels)) - 1, data, rules, work, limits)
    event = if_it_fits(frames, at, event, entries[row + SIZE], limits)
    entries[row + BITS_AHEAD] |= bits << entries[row + COUNT]
    entries[row + COUNT] += written
    return put_back(frames, at, event, row, rules, work, entries, store, used)


def extend(memory, follow, entries_array, store_array, here, state):
    """Carry entries on until each has a bit ahead; return 0 when done, else which array is full (1, 2)."""
    frames = pointer(memory.frames)
    rules = pointer(memory.rules)
    work = pointer(memory.work)
    limits = pointer(memory.limits)
    data = pointer(follow)
    entries = pointer(entries_array)
    store = pointer(store_array)
    longest = memory.limits[0]
    capacity = entries_array.shape[0]
    room = store_array.size - state[RESERVE]
    entry = state[ENTRY]
    at = state[DEPTH]
    count = state[ENTRIES]
    used = state[USED]
    largest = state[LARGEST]
    full = 0
    while entry < state[OLD] and full == 0:
        row = COLUMNS * entry
        event = entries[row + EVENT]
        words = 0
        if used > room:
            full = 2
        elif entries[row + COUNT] > 0:
            entry += 1
        elif event == LEAF:
            unpack(frames, 0, rules, work, store, entries[row + PLACE])
            levels = AHEAD - (entry & 3)  # not all at the same bit
            words = go_ahead(frames, 0, levels, row, data, rules, work, limits, entries, store, used)
        elif event != NEED:
            here[event - 1] += 1 << (longest - entries[row + SIZE])
            entry += 1
        elif at < 0:
            open_fork(frames, rules, work, row, 1 << (longest - entries[row + SIZE]), entries, store)
            at = 0
        elif count == capacity:
            full = 1
        else:
            to = at + FRAME
            event = next_branch(frames, at, LAST_LEVEL, 1, data, rules, work, limits)
            if event == SPENT:
                here[CUT] += frames[at + REST]
                at = max(at - FRAME, -1)
                entry += at < 0
            elif event == NEED:
                at = to
            elif event != LEAF:
                here[event - 1] += frames[to + REST]
            else:
                new = COLUMNS * count
                entries[new + PROGRAM] = frames[to + WEIGHT]
                entries[new + SIZE] = frames[to + LENGTH]
                entries[new + BITS_AHEAD] = (frames[to + NODE] + 1) & 1
                entries[new + COUNT] = 1
                words = go_ahead(frames, to, FIRST_AHEAD, new, data, rules, work, limits, entries, store, used)
                count += 1
        used += words
        largest = max(largest, words)
    state[ENTRY] = entry
    state[DEPTH] = at
    state[ENTRIES] = count
    state[USED] = used
    state[LARGEST] = largest
    return full


def plant(memory, follow, entries_array, store, state):
    """The frontier of the empty string: one entry, the empty program, run to its first event."""
    frames = pointer(memory.frames)
    rules = pointer(memory.rules)
    work = pointer(memory.work)
    entries = pointer(entries_array)
    start(frames, 0, work)
    frames[NODE] = LAST_LEVEL
    event = resume(frames, 0, pointer(follow), rules, work, pointer(memory.limits))
    if event == LEAF:
        entries[COUNT] = 1
        entries[BITS_AHEAD] = (frames[NODE] + 1) & 1
    state[ENTRIES] = 1
    state[USED] = state[LARGEST] = put_back(frames, 0, event, 0, rules, work, entries, pointer(store), 0)


def tally(entries_array, count, longest, sums):
    """Mass of the entries whose next bit is 0, and is 1; packed words in use."""
    entries = pointer(entries_array)
    zeros = 0
    ones = 0
    words = 0
    for row in range(0, COLUMNS * count, COLUMNS):
        words += entries[row + WORDS]
        if entries[row + COUNT] > 0:
            mass = 1 << (longest - entries[row + SIZE])
            if entries[row + BITS_AHEAD] & 1:
                ones += mass
            else:
                zeros += mass
    sums[0] = zeros
    sums[1] = ones
    sums[2] = words


def keep(entries_array, count, bit):
    """Keep the entries whose next bit is `bit`, use the bit up, and return how many there are."""
    entries = pointer(entries_array)
    kept = 0
    for row in range(0, COLUMNS * count, COLUMNS):
        if entries[row + COUNT] > 0 and entries[row + BITS_AHEAD] & 1 == bit:
            to = COLUMNS * kept
            move(entries, row, to, COLUMNS)
            entries[to + BITS_AHEAD] >>= 1
            entries[to + COUNT] -= 1
            kept += 1
    return kept
